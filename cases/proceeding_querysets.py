"""Which reviews and suits: by who asks, by organ, by dates. Nothing here asks for today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from cases.choices import ProceedingResult
from cases.querysets import reach
from cases.succession import OF_PROCEEDINGS, Organs

if TYPE_CHECKING:
    from cases.models import Proceeding, User  # noqa: F401

# The notice of a review or suit is in, and the organ's answer not out.
TO_ANSWER = Q(received_on__isnull=False, defence_sent_on=None, concluded_on=None)


class ProceedingQuerySet(models.QuerySet["Proceeding"]):
    def visible_to(self, user: User) -> Self:
        """Within their organs, what those have taken over included, and of the cases of whom they
        stand in for."""
        there = reach(user, "department__path") | Q(case_id__in=user.taken_over)
        there |= Q(pk__in=user.taken_over_proceedings)
        if absent := user.entrusted_handlers:
            there |= Q(case__handler_id__in=absent)
        return self.filter(there)

    def of_organs(self, organs: Organs) -> Self:
        return self.filter(organs.condition(*OF_PROCEEDINGS))

    def unended_at(self, day: date | F) -> Self:
        return self.filter(Q(concluded_on=None) | Q(concluded_on__gte=day))

    def running_at(self, day: date | F) -> Self:
        """Filed before `day`, and not concluded by then."""
        return self.unended_at(day).filter(filed_on__lt=day)

    def counted_in(self, first: date, last: date) -> Self:
        """Concluded in the period, or filed by its end and not concluded by then.

        None is concluded before it is filed: the database sees to that.
        """
        return self.filter(Q(concluded_on=None) | Q(concluded_on__gte=first), filed_on__lte=last)

    def pending_at(self, day: date) -> Self:
        return self.filter(Q(concluded_on=None) | Q(concluded_on__gt=day), filed_on__lte=day)

    def concluded_in(self, first: date, last: date) -> Self:
        return self.filter(concluded_on__gte=first, concluded_on__lte=last)

    def may_order_again(self) -> Self:
        """Ended otherwise than by upholding what was done, and not replied to again yet."""
        ended = self.filter(concluded_on__isnull=False, replied_again_on=None)
        return ended.exclude(result=ProceedingResult.UPHELD)

    def ordering_again(self) -> Self:
        """Those whose decision orders a new reply that is not given yet."""
        return self.filter(ordered_on__isnull=False, replied_again_on=None)

    def to_answer(self) -> Self:
        """Those in which the organ still owes its written answer."""
        return self.filter(TO_ANSWER)
