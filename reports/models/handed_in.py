"""Tables of organs that work elsewhere."""

from __future__ import annotations

from django.db import models

from cases.models import Department, User
from reports.formats import FORMATS, get_format
from reports.formats.base import Tables


class HandedInTable(models.Model):
    """Sections three and four of an organ's own year, from a file or typed; the latest row holds.

    Earlier ones stay, so that what was first handed in can be told.
    """

    append_only = True

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="handed_in_tables", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("报告年度")
    format = models.CharField(
        "格式", max_length=10, choices=[(version, version) for version in FORMATS]
    )
    figures = models.JSONField("数据")  # Tables.to_json()
    file_name = models.CharField("文件名", max_length=200, blank=True)  # "" where typed
    sha256 = models.CharField(max_length=64, blank=True)  # of the file
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="报送人")
    at = models.DateTimeField("报送时间", auto_now_add=True)

    class Meta:
        verbose_name = "报送的统计表"
        ordering = ("-id",)
        indexes = (models.Index(fields=("year", "department", "-id"), name="handed_in_latest"),)

    def __str__(self) -> str:
        return f"{self.department} {self.year} 年度统计表"

    @property
    def tables(self) -> Tables:
        return Tables.from_json(get_format(self.format), self.figures)
