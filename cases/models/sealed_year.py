"""Years whose figures are public, and what was entered into them afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.department import Department
from cases.models.proceeding import Proceeding
from cases.models.user import User


class SealedYear(models.Model):
    """An organ's report of a year is public; `workflow.seal_year` alone writes it, once.

    Acts that change how a case, a review or a suit counts in it ask for a reason. `rows` keeps, of
    the format it was published in, the row in which each outcome counts.
    """

    append_only = True

    department = models.ForeignKey(
        Department, models.PROTECT, db_index=False, related_name="sealed_years", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("年度")
    since = models.DateField("公布日期")
    rows = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="公布人")

    class Meta:
        verbose_name = "已公布的年度"
        ordering = ("department__path", "year")
        constraints = (
            models.UniqueConstraint(
                fields=("department", "year"),
                name="sealed_year_once",
                violation_error_message="这一年度已经公布。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.year} 年度报告"


class LateChange(models.Model):
    """A case, review or suit that counts otherwise in a sealed year since an act, and why.

    `before` and `after` are the fields of a `year_places.Place`, empty where it does not count.
    """

    append_only = True

    sealed_year = models.ForeignKey(
        SealedYear, models.PROTECT, related_name="late_changes", verbose_name="已公布的年度"
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="late_changes"
    )
    proceeding = models.ForeignKey(
        Proceeding, models.PROTECT, null=True, blank=True, related_name="late_changes"
    )
    before = models.JSONField(default=list, blank=True)
    after = models.JSONField(default=list, blank=True)
    reason = models.TextField("原因")
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记录人"
    )
    at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "公布后的变动"
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(case=None, proceeding__isnull=False)
                | Q(case__isnull=False, proceeding=None),
                name="late_change_of_one_record",
                violation_error_message="公布后的变动属于一件申请，或者一件复议诉讼。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="late_change_has_a_reason",
                violation_error_message="公布后的变动须写明原因。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case or self.proceeding}，{self.sealed_year}公布以后"
