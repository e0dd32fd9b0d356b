"""What is recorded beside the clock: calls, sections asked, links; several numbers in one cell."""

import django.db.models.deletion
from django.db import migrations, models

import cases.crypto
from cases.telephones import further_hashes

BATCH = 1000  # applicants


def hash_each_number(apps, schema_editor):
    """Cells that hold several telephone numbers were found by the whole cell only."""
    people = apps.get_model("cases", "Applicant").objects.exclude(phone_hash="")
    numbers = apps.get_model("cases", "ApplicantNumber").objects
    last = 0
    while batch := list(people.filter(pk__gt=last).order_by("pk").only("phone")[:BATCH]):
        numbers.bulk_create(
            numbers.model(applicant_id=person.pk, number_hash=hashed)
            for person in batch
            for hashed in further_hashes(person.phone)
        )
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_who_works_a_case"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApplicantNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number_hash", models.CharField(db_index=True, max_length=64)),
                (
                    "applicant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="further_numbers",
                        to="cases.applicant",
                        verbose_name="申请人",
                    ),
                ),
            ],
            options={
                "verbose_name": "申请人的另一号码",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("applicant", "number_hash"),
                        name="applicant_number_once",
                        violation_error_message="该申请人已有此号码。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number_hash", ""), _negated=True),
                        name="applicant_number_is_hashed",
                        violation_error_message="电话号码不能为空。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("split", "拆分"), ("repeat", "重复申请"), ("related", "相关")],
                        max_length=20,
                        verbose_name="关联方式",
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later_links",
                        to="cases.case",
                        verbose_name="在先的申请件",
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier_links",
                        to="cases.case",
                        verbose_name="在后的申请件",
                    ),
                ),
            ],
            options={
                "verbose_name": "关联",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("earlier", "later"),
                        name="case_link_once",
                        violation_error_message="这两件已经关联。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("earlier", models.F("later")), _negated=True),
                        name="case_link_of_two",
                        violation_error_message="一件申请不能与自己关联。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["split", "repeat", "related"])),
                        name="case_link_kind_is_known",
                        violation_error_message="没有这种关联方式。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", cases.crypto.EncryptedTextField(verbose_name="电话号码")),
                ("number_hash", models.CharField(db_index=True, editable=False, max_length=64)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_numbers",
                        to="cases.case",
                        verbose_name="申请件",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_number",
                        to="cases.event",
                        verbose_name="沟通记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "联系号码",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number_hash", ""), _negated=True),
                        name="contact_number_is_hashed",
                        violation_error_message="电话号码不能为空。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=60, verbose_name="科室")),
                ("asked_on", models.DateField(verbose_name="征询日期")),
                ("until_on", models.DateField(verbose_name="期限")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="cases.case",
                        verbose_name="申请件",
                    ),
                ),
            ],
            options={
                "verbose_name": "征询科室",
                "ordering": ("until_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_on", None)),
                        fields=["until_on", "case"],
                        name="inquiry_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("section", ""), _negated=True),
                        name="inquiry_names_a_section",
                        violation_error_message="科室不能为空。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("asked_on"))),
                        name="inquiry_until_after_asking",
                        violation_error_message="期限不能早于征询日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_on", None),
                            ("answered_on__gte", models.F("asked_on")),
                            _connector="OR",
                        ),
                        name="inquiry_answered_after_asking",
                        violation_error_message="科室答复的日期不能早于征询日期。",
                    ),
                ],
            },
        ),
        migrations.RunPython(hash_each_number, migrations.RunPython.noop),
    ]
