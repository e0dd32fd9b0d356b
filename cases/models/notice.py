"""What a user is told without asking: a term that comes near or has passed, a day that moved."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from cases.choices import NoticeKind
from cases.models.case import Case
from cases.models.department import Department
from cases.models.proceeding import Proceeding
from cases.models.user import User
from cases.querysets import NoticeQuerySet

STANDING = Q(withdrawn_at=None)
UNSEEN = STANDING & Q(seen_at=None)


class Notice(models.Model):
    """Told once to a user of a case, a kind and a day; of an opinion also of the letter that asks
    for it; of the organ's answer in a review or suit also of that, whose case may not be known.
    Written by `cases.notices` and `cases.reminding` alone. `text` holds days and numbers, never
    personal data.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name="用户")
    case = models.ForeignKey(
        Case,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="申请件",
    )
    proceeding = models.ForeignKey(
        Proceeding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="复议诉讼",
    )
    kind = models.CharField("事项", max_length=30, choices=NoticeKind)
    due_on = models.DateField("所指的日期")
    letter = models.CharField("意见函", max_length=50, blank=True)  # its key among the case's
    text = models.CharField("内容", max_length=200)
    on = models.DateField("提醒日期")
    seen_at = models.DateTimeField("已读时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    mailed_at = models.DateTimeField("邮件时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒"
        ordering = ("-on", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "kind", "due_on", "letter", "user"),
                condition=Q(proceeding=None),
                name="notice_once",
                violation_error_message="这一事项已经提醒过。",
            ),
            models.UniqueConstraint(
                fields=("proceeding", "kind", "due_on", "user"),
                condition=Q(proceeding__isnull=False),
                name="notice_once_of_a_proceeding",
                violation_error_message="这一事项已经提醒过。",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(proceeding__isnull=False),
                name="notice_about_something",
                violation_error_message="提醒须关于一件申请或者一件复议诉讼。",
            ),
        )
        indexes = (
            models.Index(fields=("user",), name="notice_unseen", condition=UNSEEN),
            models.Index(fields=("case",), name="notice_standing", condition=STANDING),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"

    @property
    def key(self) -> tuple[int | None, int | None, str, date, str, int]:
        """What it is told once of, as the constraints have it."""
        case = None if self.proceeding_id else self.case_id
        return self.proceeding_id, case, self.kind, self.due_on, self.letter, self.user_id

    @property
    def about(self) -> str:
        """What it is about, by its number."""
        return self.case.number if self.case else str(self.proceeding)

    @property
    def department(self) -> Department | None:
        subject = self.proceeding or self.case
        return subject.department if subject else None
