"""Questions to one's own sections (征询科室): with a day, and without any effect on the clock."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.personal import without_personal

if TYPE_CHECKING:
    from cases.models.user import User


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> Self:
        """Not answered, on a case that is still to be replied to."""
        return self.filter(answered_on=None, case__closed_on=None, case__voided_on=None)

    def late(self, on: date) -> Self:
        return self.open().filter(until_on__lt=on)


class Inquiry(models.Model):
    """What one section was asked about a case, and until when.

    The time counts as the organ's own (条例33 names only other organs and third parties), so the
    clock never reads this.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="inquiries", verbose_name="申请件")
    section = models.CharField("科室", max_length=60)
    asked_on = models.DateField("征询日期")
    until_on = models.DateField("期限")
    answered_on = models.DateField("答复日期", null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = "征询科室"
        ordering = ("until_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(section=""),
                name="inquiry_names_a_section",
                violation_error_message="科室不能为空。",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("asked_on")),
                name="inquiry_until_after_asking",
                violation_error_message="期限不能早于征询日期。",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("asked_on")),
                name="inquiry_answered_after_asking",
                violation_error_message="科室答复的日期不能早于征询日期。",
            ),
        )
        indexes = (
            # The few that are waited for, for the home page.
            models.Index(
                fields=("until_on", "case"),
                name="inquiry_open",
                condition=Q(answered_on=None),
            ),
        )

    def __str__(self) -> str:
        return f"{without_personal(self.section)}（{self.until_on} 前）"

    def is_late(self, on: date) -> bool:
        """Not answered by the end of its day."""
        return self.answered_on is None and self.until_on < on
