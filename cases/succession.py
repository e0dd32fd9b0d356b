"""Whose rows are whose, when one organ takes over from another. Dates alone decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, F, Q, Value, When
from django.db.models import Case as Switch

# From when, and until when, a row is open. What is 待确认 at a succession goes along: it is the
# successor's from its arrival on, as in `Case.organ_on`.
OF_CASES = ("arrived_on", "closed_on")
OF_PROCEEDINGS = ("filed_on", "concluded_on")


@dataclass(frozen=True, slots=True)
class Organs:
    """Departments whose rows are asked for at the end of a period, reorganisations included.

    `moves` lists (old organ, its day of succession, successor) for every succession that has
    happened by then, in any order; a chain of successions is a chain of such rows.
    """

    ids: frozenset[int]
    moves: tuple[tuple[int, date, int], ...] = ()

    def condition(self, opened: str, ended: str) -> Q:
        """Rows that belong to these organs: what an old organ had open on the day of succession
        belongs, whole, to the successor (国办公开办函〔2019〕14号)."""
        moved = {old: (day, new) for old, day, new in self.moves}
        condition = Q(department_id__in=self.ids - moved.keys())
        for organ in moved:
            condition |= self._chain(organ, moved, opened, ended)
        return condition

    def holder(self, opened: str, ended: str) -> Switch | F:
        """The id of the organ to whom a row belongs, by the same rule."""
        moved = {old: (day, new) for old, day, new in self.moves}
        whens: list[When] = []
        for organ in moved:
            reached, holder, seen = Q(department_id=organ), organ, set[int]()
            steps: list[When] = []
            while holder in moved and holder not in seen:
                seen.add(holder)
                day, holder = moved[holder]
                reached &= _open_on(day, opened, ended)
                steps.append(When(reached, then=Value(holder)))
            whens += reversed(steps)  # as far as it came
        if not whens:
            return F("department_id")
        return Switch(*whens, default=F("department_id"), output_field=BigIntegerField())

    def _chain(self, organ: int, moved: dict[int, tuple[date, int]], opened: str, ended: str) -> Q:
        condition, reached, holder = Q(pk__in=()), Q(department_id=organ), organ
        seen: set[int] = set()
        while holder in moved and holder not in seen:
            seen.add(holder)
            day, successor = moved[holder]
            open_then = _open_on(day, opened, ended)
            if holder in self.ids:
                condition |= reached & ~open_then
            reached, holder = reached & open_then, successor
        return condition | reached if holder in self.ids else condition


def _open_on(day: date, opened: str, ended: str) -> Q:
    return Q(**{f"{opened}__lt": day}) & (Q(**{ended: None}) | Q(**{f"{ended}__gte": day}))
