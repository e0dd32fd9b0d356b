import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0032_remind_of_each_opinion"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("since", models.DateField(verbose_name="公布日期")),
                ("rows", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公布人",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealed_years",
                        to="cases.department",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "已公布的年度",
                "ordering": ("department__path", "year"),
            },
        ),
        migrations.CreateModel(
            name="LateChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.JSONField(blank=True, default=list)),
                ("after", models.JSONField(blank=True, default=list)),
                ("reason", models.TextField(verbose_name="原因")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="记录时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_changes",
                        to="cases.case",
                    ),
                ),
                (
                    "proceeding",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_changes",
                        to="cases.proceeding",
                    ),
                ),
                (
                    "sealed_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_changes",
                        to="cases.sealedyear",
                        verbose_name="已公布的年度",
                    ),
                ),
            ],
            options={
                "verbose_name": "公布后的变动",
                "ordering": ("id",),
            },
        ),
        migrations.AddConstraint(
            model_name="sealedyear",
            constraint=models.UniqueConstraint(
                fields=("department", "year"),
                name="sealed_year_once",
                violation_error_message="这一年度已经公布。",
            ),
        ),
        migrations.AddConstraint(
            model_name="latechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case", None), ("proceeding__isnull", False)),
                    models.Q(("case__isnull", False), ("proceeding", None)),
                    _connector="OR",
                ),
                name="late_change_of_one_record",
                violation_error_message="公布后的变动属于一件申请，或者一件复议诉讼。",
            ),
        ),
        migrations.AddConstraint(
            model_name="latechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="late_change_has_a_reason",
                violation_error_message="公布后的变动须写明原因。",
            ),
        ),
    ]
