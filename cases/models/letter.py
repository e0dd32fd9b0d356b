"""Letters that were made, and what they are made from: templates, remedies, review organs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.choices import LetterKind, Outcome, RemedyScope
from cases.models.case import Case
from cases.models.department import Department
from cases.models.document import Document
from cases.models.job import private_files
from cases.models.user import User


class Letter(models.Model):
    """A letter as it was made; `cases.workflow.letters` alone writes it.

    `document` is the file that was made; a final or sealed one stands in its place by the
    document's `superseded_by`. No later change of a template touches it.
    """

    case = models.ForeignKey(
        Case,
        models.PROTECT,
        db_index=False,  # letter_of_case begins with it
        related_name="letters",
        verbose_name="申请件",
    )
    # Who answered on the letter's day (case.organ_on): numbers are unique within it.
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        db_index=False,  # letter_number_once begins with it
        related_name="+",
        verbose_name="机关",
    )
    document = models.OneToOneField(
        Document, models.PROTECT, related_name="letter", verbose_name="文件"
    )
    kind = models.CharField("文书", max_length=30, choices=LetterKind)
    outcome = models.CharField("答复类型", max_length=30, choices=Outcome, blank=True)
    number = models.CharField("文号", max_length=80, blank=True)
    dated_on = models.DateField("日期")
    template_sha256 = models.CharField(max_length=64, blank=True)  # blank: the default one

    class Meta:
        verbose_name = "文书"
        ordering = ("dated_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("department", "number"),
                condition=~Q(number=""),
                name="letter_number_once",
                violation_error_message="该机关已有此文号。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LetterKind.values),
                name="letter_kind_is_known",
                violation_error_message="没有这种文书。",
            ),
        )
        indexes = (models.Index(fields=("case", "dated_on"), name="letter_of_case"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


class LetterSeries(models.Model):
    """The head of a department's letter numbers, where it is not derived from its case numbers."""

    department = models.OneToOneField(
        Department, models.PROTECT, related_name="letter_series", verbose_name="单位"
    )
    prefix = models.CharField("文号字头", max_length=40)

    class Meta:
        verbose_name = "文号字头"

    def __str__(self) -> str:
        return self.prefix


class ReviewOrgan(models.Model):
    """Where review and suit against a department's replies go, from a day on.

    The tree proposes the government above (行政复议法24); vertical organs and branches differ.
    """

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="review_organs", verbose_name="单位"
    )
    name = models.CharField("复议机关", max_length=100)
    court = models.CharField("管辖法院", max_length=100, blank=True)
    from_on = models.DateField("启用日期")

    class Meta:
        verbose_name = "复议机关"
        ordering = ("department", "-from_on")
        constraints = (
            models.UniqueConstraint(
                fields=("department", "from_on"),
                name="review_organ_one_a_day",
                violation_error_message="同一单位同一天只能启用一个复议机关。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.from_on} 起）"


class RemedyText(models.Model):
    """What a reply says of review and suit, for one sort of outcomes, from a day on."""

    from_on = models.DateField("启用日期", help_text="答复日期在这天及以后的，用这段文字")
    applies_to = models.CharField("适用于", max_length=20, choices=RemedyScope)
    text = models.TextField("救济途径")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "救济途径"
        ordering = ("applies_to", "-from_on")
        constraints = (
            models.UniqueConstraint(
                fields=("applies_to", "from_on"),
                name="remedy_text_one_a_day",
                violation_error_message="这一类答复在这一天已有一段文字，请改那一段。",
            ),
            models.CheckConstraint(
                condition=Q(applies_to__in=RemedyScope.values),
                name="remedy_scope_is_known",
                violation_error_message="没有这类答复。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_applies_to_display()}（{self.from_on} 起）"


class LetterTemplate(models.Model):
    """A department's own template for one letter; the default is used where there is none.

    One of replies serves those of `outcome`, or, where that is empty, all that have none of theirs.

    The file is encrypted as documents are, since what people upload is not to be trusted to be
    free of personal data. One that was given up stays, as the source of what was made from it.
    """

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="letter_templates", verbose_name="单位"
    )
    kind = models.CharField("文书", max_length=30, choices=LetterKind)
    outcome = models.CharField("答复类型", max_length=30, choices=Outcome, blank=True)
    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=private_files)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间", auto_now_add=True)
    given_up_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "文书模板"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("department", "kind", "outcome"),
                condition=Q(given_up_at=None),
                name="letter_template_one_in_use",
                violation_error_message="这种文书已有正在使用的模板。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(kind=LetterKind.REPLY),
                name="letter_template_outcome_of_a_reply",
                violation_error_message="只有答复书的模板分答复类型。",
            ),
        )

    def __str__(self) -> str:
        return self.name
