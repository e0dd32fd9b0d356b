"""Letters, their templates and numbers; and the texts of remedies by date (one dated table)."""

from datetime import date

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cases.models.job

# 行政复议法 (2017) 9; 行政诉讼法 45, 46 (six months since 2015-05-01).
CHOICE = (
    "如对本答复不服，可以自收到本答复书之日起六十日内向{{复议机关}}申请行政复议，或者自收到本答复书之日起"
    "六个月内向{{法院}}提起行政诉讼。"
)
# 行政复议法 (2023) 20, 23(1)(4); 行政诉讼法 45.
REVIEW_FIRST = (
    "如对本答复不服，根据《中华人民共和国行政复议法》第二十三条第一款第四项的规定，应当先申请行政复议："
    "可以自收到本答复书之日起六十日内向{{复议机关}}申请行政复议。对行政复议决定不服的，可以自收到行政复议"
    "决定书之日起十五日内向{{法院}}提起行政诉讼。"
)
REVIEW_FIRST_IN_PART = (
    "如对本答复中不予公开的部分不服，根据《中华人民共和国行政复议法》第二十三条第一款第四项的规定，应当先"
    "申请行政复议：可以自收到本答复书之日起六十日内向{{复议机关}}申请行政复议；对行政复议决定不服的，可以"
    "自收到行政复议决定书之日起十五日内向{{法院}}提起行政诉讼。\n"
    "如对本答复的其他内容不服，可以自收到本答复书之日起六十日内向{{复议机关}}申请行政复议，或者自收到"
    "本答复书之日起六个月内向{{法院}}提起行政诉讼。"
)
SIX_MONTHS, REVIEWED_FIRST = date(2015, 5, 1), date(2024, 1, 1)
TEXTS = (
    ("denied", SIX_MONTHS, CHOICE),
    ("denied", REVIEWED_FIRST, REVIEW_FIRST),
    ("partial", SIX_MONTHS, CHOICE),
    ("partial", REVIEWED_FIRST, REVIEW_FIRST_IN_PART),
    ("admin_query", SIX_MONTHS, CHOICE),
    ("other", SIX_MONTHS, CHOICE),
)


def load(apps, schema_editor):
    texts = apps.get_model("cases", "RemedyText").objects
    for applies_to, from_on, text in TEXTS:
        texts.create(applies_to=applies_to, from_on=from_on, text=text)


def unload(apps, schema_editor):
    apps.get_model("cases", "RemedyText").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_documents"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
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
                        choices=[
                            ("reply", "答复书"),
                            ("receipt", "登记回执"),
                            ("correction", "补正告知书"),
                            ("extension", "延期答复告知书"),
                            ("third_party_opinion", "第三方征求意见书"),
                            ("third_party_notice", "征求第三方意见告知书"),
                            ("third_party_disclosure", "公开告知书（给第三方）"),
                            ("co_producer", "共同制作机关征求意见函"),
                            ("assistance", "协办函"),
                            ("fee", "收费通知书"),
                            ("reasons", "说明理由告知书"),
                            ("service", "送达回证"),
                        ],
                        max_length=30,
                        verbose_name="文书",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("already_public", "已主动公开，告知获取方式、途径"),
                            ("granted", "予以公开"),
                            ("partial", "部分公开"),
                            ("state_secret", "属于国家秘密"),
                            ("law_forbidden", "其他法律行政法规禁止公开"),
                            ("safety", "危及“三安全一稳定”"),
                            ("third_party", "保护第三方合法权益"),
                            ("internal", "属于三类内部事务信息"),
                            ("process", "属于四类过程性信息"),
                            ("enforcement_file", "属于行政执法案卷"),
                            ("admin_query", "属于行政查询事项"),
                            ("not_exist", "经检索没有，信息不存在"),
                            ("not_this_organ", "不属于本机关负责公开"),
                            ("needs_creation", "没有现成信息需要另行制作"),
                            ("still_unclear", "补正后申请内容仍不明确"),
                            ("petition", "信访举报投诉类申请"),
                            ("repeat", "重复申请"),
                            ("publication", "要求提供公开出版物"),
                            ("excessive", "无正当理由大量反复申请"),
                            ("reconfirm", "要求确认或重新出具已获取信息"),
                            ("no_correction", "逾期不补正，不再处理"),
                            ("fee_unpaid", "逾期未缴费，不再处理"),
                            ("withdrawn", "申请人撤回"),
                            ("not_gov_info_or_other", "咨询、非政府信息等其他处理"),
                        ],
                        max_length=30,
                        verbose_name="答复类型",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="文号")),
                ("dated_on", models.DateField(verbose_name="日期")),
                ("template_sha256", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "文书",
                "ordering": ("dated_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="LetterSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(max_length=40, verbose_name="文号字头")),
            ],
            options={
                "verbose_name": "文号字头",
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
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
                        choices=[
                            ("reply", "答复书"),
                            ("receipt", "登记回执"),
                            ("correction", "补正告知书"),
                            ("extension", "延期答复告知书"),
                            ("third_party_opinion", "第三方征求意见书"),
                            ("third_party_notice", "征求第三方意见告知书"),
                            ("third_party_disclosure", "公开告知书（给第三方）"),
                            ("co_producer", "共同制作机关征求意见函"),
                            ("assistance", "协办函"),
                            ("fee", "收费通知书"),
                            ("reasons", "说明理由告知书"),
                            ("service", "送达回证"),
                        ],
                        max_length=30,
                        verbose_name="文书",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(storage=cases.models.job.private_files, upload_to="")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                (
                    "given_up_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="停用时间"),
                ),
            ],
            options={
                "verbose_name": "文书模板",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="RemedyText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_on",
                    models.DateField(
                        help_text="答复日期在这天及以后的，用这段文字", verbose_name="启用日期"
                    ),
                ),
                (
                    "applies_to",
                    models.CharField(
                        choices=[
                            ("denied", "不予公开第 1 至 7 项"),
                            ("partial", "部分公开"),
                            ("admin_query", "不予公开第 8 项（行政查询事项）"),
                            ("other", "其他各类答复"),
                        ],
                        max_length=20,
                        verbose_name="适用于",
                    ),
                ),
                ("text", models.TextField(verbose_name="救济途径")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "救济途径",
                "ordering": ("applies_to", "-from_on"),
            },
        ),
        migrations.CreateModel(
            name="ReviewOrgan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="复议机关")),
                ("court", models.CharField(blank=True, max_length=100, verbose_name="管辖法院")),
                ("from_on", models.DateField(verbose_name="启用日期")),
            ],
            options={
                "verbose_name": "复议机关",
                "ordering": ("department", "-from_on"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="numbercounter",
            name="counter_once_a_year",
        ),
        migrations.AddField(
            model_name="numbercounter",
            name="series",
            field=models.CharField(
                choices=[("cases", "申请编号"), ("letters", "文号")], default="cases", max_length=20
            ),
        ),
        migrations.AddConstraint(
            model_name="numbercounter",
            constraint=models.UniqueConstraint(
                fields=("department", "series", "year"), name="counter_once_a_year"
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="cases.case",
                verbose_name="申请件",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="department",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.department",
                verbose_name="机关",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="document",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letter",
                to="cases.document",
                verbose_name="文件",
            ),
        ),
        migrations.AddField(
            model_name="letterseries",
            name="department",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letter_series",
                to="cases.department",
                verbose_name="单位",
            ),
        ),
        migrations.AddField(
            model_name="lettertemplate",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="上传人",
            ),
        ),
        migrations.AddField(
            model_name="lettertemplate",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letter_templates",
                to="cases.department",
                verbose_name="单位",
            ),
        ),
        migrations.AddConstraint(
            model_name="remedytext",
            constraint=models.UniqueConstraint(
                fields=("applies_to", "from_on"),
                name="remedy_text_one_a_day",
                violation_error_message="这一类答复在这一天已有一段文字，请改那一段。",
            ),
        ),
        migrations.AddConstraint(
            model_name="remedytext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("applies_to__in", ["denied", "partial", "admin_query", "other"])
                ),
                name="remedy_scope_is_known",
                violation_error_message="没有这类答复。",
            ),
        ),
        migrations.AddField(
            model_name="revieworgan",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="review_organs",
                to="cases.department",
                verbose_name="单位",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["case", "dated_on"], name="letter_of_case"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("department", "number"),
                name="letter_number_once",
                violation_error_message="该机关已有此文号。",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "reply",
                            "receipt",
                            "correction",
                            "extension",
                            "third_party_opinion",
                            "third_party_notice",
                            "third_party_disclosure",
                            "co_producer",
                            "assistance",
                            "fee",
                            "reasons",
                            "service",
                        ],
                    )
                ),
                name="letter_kind_is_known",
                violation_error_message="没有这种文书。",
            ),
        ),
        migrations.AddConstraint(
            model_name="lettertemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("given_up_at", None)),
                fields=("department", "kind"),
                name="letter_template_one_in_use",
                violation_error_message="这种文书已有正在使用的模板。",
            ),
        ),
        migrations.AddConstraint(
            model_name="revieworgan",
            constraint=models.UniqueConstraint(
                fields=("department", "from_on"),
                name="review_organ_one_a_day",
                violation_error_message="同一单位同一天只能启用一个复议机关。",
            ),
        ),
        migrations.RunPython(load, unload),
    ]
