"""What was made public, as it was: the figure that next year's table has to tie to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from cases.models import Department, User
from reports.choices import SCOPES, Origin
from reports.formats import FORMATS, get_format
from reports.formats.base import Tables
from reports.formats.content import Content, SectionTwoFigures
from reports.models.annual import AnnualReport


class PublishedTable(models.Model):
    """A published report: its texts, section two and tables, with the checksum over them.

    The database refuses to change it. A 更正发布 is a row of its own with the next revision; so is
    a table entered again for a year of which the system holds no report.
    """

    append_only = True

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="published_tables", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("报告年度")
    scope = models.CharField("范围", max_length=10, choices=list(SCOPES.items()))
    revision = models.PositiveSmallIntegerField("版次")
    format = models.CharField(
        "格式", max_length=10, choices=[(version, version) for version in FORMATS]
    )
    origin = models.CharField("来源", max_length=10, choices=Origin)
    report = models.OneToOneField(
        AnnualReport, models.PROTECT, null=True, blank=True, related_name="published"
    )
    figures = models.JSONField("第三、第四部分")  # Tables.to_json()
    section_two = models.JSONField("第二部分")  # SectionTwoFigures.to_json()
    texts = models.JSONField("文字", default=dict)
    published_on = models.DateField("公布日期", null=True, blank=True)  # not known of entered ones
    published_at = models.CharField("公布网址或者位置", max_length=300, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="记录人")
    at = models.DateTimeField("记录时间", auto_now_add=True)
    sha256 = models.CharField(max_length=64)  # of reports.annual.snapshot

    class Meta:
        verbose_name = "已公布的年度报告"
        ordering = ("-year", "department__path", "scope", "-revision")
        constraints = (
            models.UniqueConstraint(
                fields=("department", "year", "scope", "revision"),
                name="published_table_revision_once",
                violation_error_message="这一版已经公布。",
            ),
            models.CheckConstraint(
                condition=Q(origin=Origin.REPORT, report__isnull=False, published_on__isnull=False)
                | Q(origin=Origin.ENTERED, report=None),
                name="published_table_says_where_from",
            ),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.year} 年度报告（已公布）"

    @cached_property
    def content(self) -> Content:
        fmt = get_format(self.format)
        return Content(
            fmt,
            self.year,
            self.department.name,
            SectionTwoFigures.from_json(fmt, self.section_two),
            Tables.from_json(fmt, self.figures),
            self.texts,
        )
