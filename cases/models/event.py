"""The course of a case: what happened, append-only."""

from django.db import models

from cases.choices import EventKind
from cases.models.case import Case
from cases.models.user import User


class Event(models.Model):
    """A fact of a case: `text` for people, `data` for the clock and for corrections.

    Never holds personal data. The database refuses UPDATE and DELETE (see cases.vendor).
    """

    append_only = True

    case = models.ForeignKey(
        Case,
        models.PROTECT,
        db_index=False,  # event_of_case begins with it
        related_name="events",
        verbose_name="申请件",
    )
    kind = models.CharField("事项", max_length=30, choices=EventKind)
    on = models.DateField("日期")
    text = models.TextField("说明", blank=True)
    data = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记录人"
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "办理经过"
        ordering = ("on", "id")
        indexes = (
            models.Index(fields=("case", "on"), name="event_of_case"),
            # The few payments among all events: see cases.charges.fees_paid.
            models.Index(
                fields=("on",), name="event_fee_paid", condition=models.Q(kind=EventKind.FEE_PAID)
            ),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"
