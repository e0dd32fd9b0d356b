"""The documents of a case: what came with it, what was made for it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cases.choices import DocumentKind
from cases.models.case import Case
from cases.models.job import private_files
from cases.models.user import User


class Document(models.Model):
    """One file, as it was when it was kept; `cases.workflow.papers` alone writes it.

    The file is encrypted (`cases.sealed`), under a random name. Nothing is ever taken away: one
    that is withdrawn stays, with the reason. `supersedes` is the one in whose place it stands: the
    sealed scan in the place of the letter that was made.
    """

    case = models.ForeignKey(
        Case,
        models.PROTECT,
        db_index=False,  # document_of_case begins with it
        related_name="documents",
        verbose_name="申请件",
    )
    kind = models.CharField("类别", max_length=20, choices=DocumentKind)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField("格式", max_length=100)
    file = models.FileField(storage=private_files)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name="替换的文件",
    )
    withdrawn_on = models.DateField("撤下日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤下原因", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="存入人")
    at = models.DateTimeField("存入时间", auto_now_add=True)

    class Meta:
        verbose_name = "材料"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "sha256"),
                condition=Q(withdrawn_on=None),
                name="document_once_a_case",
                violation_error_message="这件申请已经有同样的一份材料。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values),
                name="document_kind_is_known",
                violation_error_message="没有这类材料。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")),
                name="document_withdrawn_with_a_reason",
                violation_error_message="撤下日期和原因要么都填，要么都不填。",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("id")),
                name="document_does_not_supersede_itself",
                violation_error_message="材料不能替换自己。",
            ),
        )
        indexes = (models.Index(fields=("case", "id"), name="document_of_case"),)

    def __str__(self) -> str:
        return self.name
