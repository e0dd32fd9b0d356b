"""Ledger files: those that were imported, those handed in by page, and how columns were matched."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.choices import UploadState
from cases.models.department import Department
from cases.models.job import private_files
from cases.models.user import User
from cases.querysets import UploadQuerySet

WAITING = (UploadState.UPLOADED, UploadState.PLANNED)  # neither written nor given up


class ImportedLedger(models.Model):
    """Written by `cases.ledger.saving`, so that a file imported again is recognised."""

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


class LedgerUpload(models.Model):
    """A file handed in by page, from upload to import; `cases.imports` alone writes it.

    `file` and `rows` hold personal data: both are encrypted (`cases.sealed`), under random names.
    `found` is what planning came to, counts and headings only (`cases.imports.planned`).
    """

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="ledger_uploads", verbose_name="导入单位"
    )
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField("大小")
    file = models.FileField(storage=private_files, blank=True)
    rows = models.FileField(storage=private_files, blank=True)
    state = models.CharField(
        "状态", max_length=20, choices=UploadState, default=UploadState.UPLOADED
    )
    refusal = models.TextField("不能导入的原因", blank=True)
    matched = models.JSONField("对应的列", default=dict, blank=True)  # folded header → key
    found = models.JSONField("预览", default=dict, blank=True)
    imported = models.OneToOneField(
        ImportedLedger, models.PROTECT, null=True, blank=True, related_name="upload"
    )
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "上传的台账"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("sha256", "department", "uploaded_by"),
                condition=Q(state__in=WAITING),
                name="upload_once_while_waiting",
                violation_error_message="这份文件已经上传，尚未导入。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UploadState.values),
                name="upload_state_is_known",
                violation_error_message="没有这种状态。",
            ),
        )
        indexes = (models.Index(fields=("sha256",), name="upload_by_content"),)

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


class HeadingMatch(models.Model):
    """How a department's own heading was matched by hand, proposed for its next file."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="heading_matches", verbose_name="单位"
    )
    header = models.CharField(
        "列名", max_length=200
    )  # as cases.ledger.columns.fold_header gives it
    key = models.CharField("台账的列", max_length=40, blank=True)  # blank: passed over

    class Meta:
        verbose_name = "列名对应"
        constraints = (
            models.UniqueConstraint(
                fields=("department", "header"),
                name="heading_matched_once",
                violation_error_message="同一列名只能对应一次。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.header} → {self.key or '不导入'}"
