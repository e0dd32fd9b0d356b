from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0017_scans_of_signatures"),
    ]

    operations = [
        migrations.AddField(
            model_name="proceeding",
            name="defence_sent_on",
            field=models.DateField(blank=True, null=True, verbose_name="提交答复、答辩日期"),
        ),
        migrations.AddField(
            model_name="proceeding",
            name="ordered_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="责令重新答复"
            ),
        ),
        migrations.AddField(
            model_name="proceeding",
            name="procedure",
            field=models.CharField(
                blank=True,
                choices=[("ordinary", "普通程序"), ("summary", "简易程序")],
                max_length=20,
                verbose_name="程序",
            ),
        ),
        migrations.AddField(
            model_name="proceeding",
            name="received_on",
            field=models.DateField(blank=True, null=True, verbose_name="收到通知日期"),
        ),
        migrations.AddField(
            model_name="proceeding",
            name="replied_again_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="重新答复"),
        ),
        migrations.AddField(
            model_name="proceeding",
            name="ruling",
            field=models.CharField(
                blank=True,
                choices=[
                    ("upheld", "维持"),
                    ("claim_dismissed", "驳回复议请求、诉讼请求"),
                    ("revoked", "撤销"),
                    ("changed", "变更"),
                    ("unlawful", "确认违法"),
                    ("void", "确认无效"),
                    ("to_perform", "责令履行"),
                    ("not_admitted", "驳回复议申请、驳回起诉"),
                    ("withdrawn", "撤回"),
                    ("mediated", "调解、和解"),
                    ("ended", "终止"),
                    ("other", "其他"),
                ],
                max_length=20,
                verbose_name="实际结果",
            ),
        ),
        migrations.AddIndex(
            model_name="proceeding",
            index=models.Index(
                condition=models.Q(
                    ("concluded_on", None),
                    ("defence_sent_on", None),
                    ("received_on__isnull", False),
                ),
                fields=["department", "received_on"],
                name="proceeding_to_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ruling", ""),
                    models.Q(("result", "upheld"), ("ruling__in", ["upheld", "claim_dismissed"])),
                    models.Q(
                        ("result", "corrected"),
                        ("ruling__in", ["revoked", "changed", "unlawful", "void", "to_perform"]),
                    ),
                    models.Q(
                        ("result", "other"),
                        ("ruling__in", ["not_admitted", "withdrawn", "mediated", "ended", "other"]),
                    ),
                    _connector="OR",
                ),
                name="proceeding_ruling_fits_its_result",
                violation_error_message="实际结果与计入年度表的结果不一致。",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("procedure", ""),
                    models.Q(("kind", "review"), ("procedure__in", ["ordinary", "summary"])),
                    _connector="OR",
                ),
                name="proceeding_procedure_of_a_review",
                violation_error_message="普通程序、简易程序只用于行政复议。",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("defence_sent_on", None),
                    models.Q(
                        ("defence_sent_on__gte", models.F("received_on")),
                        ("received_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="proceeding_defence_after_notice",
                violation_error_message="提交答复、答辩的日期不能早于收到通知日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ordered_on", None),
                    models.Q(("case__isnull", False), ("concluded_on__isnull", False)),
                    _connector="OR",
                ),
                name="proceeding_ordered_by_its_decision",
                violation_error_message="已登记责令重新答复，须有审结日期和申请件。",
            ),
        ),
        migrations.AddConstraint(
            model_name="proceeding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replied_again_on", None),
                    models.Q(
                        ("ordered_on__isnull", False),
                        ("replied_again_on__gte", models.F("ordered_on")),
                    ),
                    _connector="OR",
                ),
                name="proceeding_replied_again_when_ordered",
                violation_error_message="重新答复的日期不能早于收到决定、判决的日期。",
            ),
        ),
    ]
