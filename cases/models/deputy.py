"""Who stands in for a colleague on leave (AB角)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from cases.models.user import User


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def on(self, day: date) -> Self:
        return self.filter(from_on__lte=day, to_on__gte=day)

    def not_over(self, day: date) -> Self:
        return self.filter(to_on__gte=day)

    def overlapping(self, from_on: date, to_on: date) -> Self:
        return self.filter(from_on__lte=to_on, to_on__gte=from_on)


class Deputy(models.Model):
    """From `from_on` to `to_on`, both days counted, `deputy` may do what `user` may on their cases,
    and register new ones for their organ.

    It ends by itself. Only `cases.deputies` writes it, and only `User.stands_in_for` asks it who
    may what; it is not handed on: a deputy's own deputy does not stand in for `user`. Goes with its
    users, as roles do.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="absences", verbose_name="被代理人")
    deputy = models.ForeignKey(
        User, models.CASCADE, related_name="deputyships", verbose_name="代理人"
    )
    from_on = models.DateField("起日")
    to_on = models.DateField("止日")

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = "代理"
        ordering = ("from_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="deputy_ends_after_it_begins",
                violation_error_message="止日不能早于起日。",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message="不能由本人代理本人。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.deputy} 代 {self.user}（{self.from_on} 至 {self.to_on}）"
