"""The year's call: by when who has to report, and what each counts towards."""

from __future__ import annotations

from django.db import models

from cases.models import Department
from reports.choices import Way


class YearCall(models.Model):
    """What the office of a government asks of the organs below it for one report year."""

    government = models.ForeignKey(
        Department, models.PROTECT, related_name="year_calls", verbose_name="政府"
    )
    year = models.PositiveSmallIntegerField("报告年度")
    until_on = models.DateField("报送截止日")
    instructions = models.TextField("填报要求", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "年报布置"
        ordering = ("-year",)
        constraints = (
            models.UniqueConstraint(
                fields=("government", "year"),
                name="year_call_once",
                violation_error_message="这一年度的年报已经布置过。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.government} {self.year} 年度"


class ReportingUnit(models.Model):
    """An organ that reports to a call: whether it counts in 本级 and in 全区, and how it reports.

    Vertical organs, 分局 and platforms differ from place to place and from year to year (domain
    section 8): what is set here holds for one year.
    """

    call = models.ForeignKey(YearCall, models.CASCADE, related_name="units")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="reporting", verbose_name="单位"
    )
    in_home = models.BooleanField("计入本级政府")
    in_all = models.BooleanField("计入全区", default=True)
    way = models.CharField("统计方式", max_length=10, choices=Way, default=Way.CASES)

    class Meta:
        verbose_name = "报送单位"
        ordering = ("department__path",)
        constraints = (
            models.UniqueConstraint(
                fields=("call", "department"),
                name="reporting_unit_once",
                violation_error_message="这个单位已在名单中。",
            ),
            models.CheckConstraint(
                condition=models.Q(way__in=Way.values), name="reporting_unit_way_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.department}（{self.call.year} 年度）"
