"""The annual report (条例50) of an organ and year while it is made, and the steps it took."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from cases.models import Department, User
from reports.choices import OWN, SCOPES, WRITABLE, ReportState, ReportStepKind
from reports.formats import format_for_year
from reports.formats.base import Format


class AnnualReport(models.Model):
    """One revision. `reports.annual` alone writes it; what was published stands apart, unchanging.

    Sections three and four are not kept here: they are counted from the cases, or were handed in.
    `confirmed` keeps what the organ stood by when it confirmed, so that what has changed since
    shows: {"tables": Tables.to_json(), "section_two": SectionTwoFigures.to_json()}.
    """

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="annual_reports", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("报告年度")
    scope = models.CharField("范围", max_length=10, choices=list(SCOPES.items()))
    revision = models.PositiveSmallIntegerField("版次", default=1)
    state = models.CharField("状态", max_length=20, choices=ReportState, default=ReportState.DRAFT)
    texts = models.JSONField("文字", default=dict, blank=True)  # Content.texts
    section_two = models.JSONField("第二部分", default=dict, blank=True)  # SectionTwoFigures
    # Path → {"value", "source", "reason"}: figures of a roll-up that are no plain sum.
    set_centrally = models.JSONField("统一填报的数据", default=dict, blank=True)
    tie_explanation = models.TextField("与上年衔接的说明", blank=True)
    reason = models.TextField("更正原因", blank=True)
    is_zero = models.BooleanField("零报告", default=False)
    confirmed = models.JSONField("确认时的数据", default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "年度报告"
        ordering = ("-year", "department__path", "scope", "-revision")
        constraints = (
            models.UniqueConstraint(
                fields=("department", "year", "scope", "revision"),
                name="annual_report_revision_once",
            ),
            models.UniqueConstraint(
                fields=("department", "year", "scope"),
                condition=~Q(state__in=(ReportState.PUBLISHED, ReportState.CORRECTED)),
                name="annual_report_one_in_the_making",
                violation_error_message="这份年度报告已在填报中。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values), name="annual_report_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(revision=1) | ~Q(reason=""),
                name="annual_report_corrected_for_a_reason",
                violation_error_message="更正须写明原因。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.year} 年度报告"

    @cached_property
    def format(self) -> Format:
        return format_for_year(self.year)

    @property
    def is_roll_up(self) -> bool:
        """Whether it sums the reports of several organs."""
        return self.scope != OWN

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE


class ReportStep(models.Model):
    """A step of a report, who took it, and what they said. Never changed."""

    append_only = True

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="steps")
    kind = models.CharField("步骤", max_length=20, choices=ReportStepKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间", auto_now_add=True)
    comment = models.TextField("意见", blank=True)

    class Meta:
        verbose_name = "年度报告办理经过"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.report} {self.get_kind_display()}"


class Judgement(models.Model):
    """That a person looked at a warning and let it pass, with the reason.

    It holds while the figures behind the warning stay as they were: `fingerprint` is of those.
    """

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="judgements")
    code = models.CharField("规则", max_length=40)
    fingerprint = models.CharField(max_length=64)
    comment = models.TextField("理由")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="认可人")
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = "对提示的认可"
        constraints = (
            models.UniqueConstraint(
                fields=("report", "fingerprint"), name="judgement_once_a_finding"
            ),
            models.CheckConstraint(
                condition=~Q(comment=""),
                name="judgement_has_a_reason",
                violation_error_message="认可须写明理由。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.report} {self.code}"
