"""Ledger files that were imported, so that one imported again is recognised."""

from django.db import models

from cases.models.department import Department
from cases.models.user import User


class ImportedLedger(models.Model):
    sha256 = models.CharField(max_length=64, db_index=True)
    file_name = models.CharField("文件名", max_length=200)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受理单位"
    )
    summary = models.JSONField("结果", default=dict)
    imported_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)

    class Meta:
        verbose_name = "台账导入"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.file_name}（{self.imported_at:%Y-%m-%d}）"
