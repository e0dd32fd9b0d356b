"""How many cases wait for what: the tiles of the home page and the saved views of the list.

Everything is counted in one statement, so that a page stays as fast with a thousand cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q

from cases.choices import Stage
from cases.filters import DUE_SOON
from cases.models import Event, User
from cases.querysets import CaseQuerySet, reach, ticking
from cases.states import State
from cases.workdays import Calendar

AHEAD = 10  # working days the home page looks ahead


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands where in a scope on a day; days are None where nothing waits."""

    live: int  # all but the voided
    open: int  # not closed, or not served
    mine: int
    received_this_year: int
    states: dict[State, int]
    overdue: int
    due_soon: int
    due_today: int
    due_tomorrow: int
    unserved_due_today: int
    provisional: int
    first_unassigned_on: date | None
    first_overdue_on: date | None
    next_correction_on: date | None
    next_opinion_on: date | None


def counts_of(cases: CaseQuerySet, *, user: User, on: date, calendar: Calendar) -> Counts:
    """Count `cases`, already narrowed to what `user` may see, as at `on`."""
    running, states = ticking(on), [state for state in State if state != State.VOID]
    soon, tomorrow = calendar.nth_workday_after(on, DUE_SOON), calendar.next_workday(on)
    unserved = State.UNSERVED.condition(on)
    today = running & Q(ends_on=on)
    found: dict[str, Any] = cases.exclude(stage=Stage.VOID).aggregate(
        live=Count("pk"),
        open=Count("pk", filter=~Q(stage=Stage.CLOSED)),
        mine=Count("pk", filter=Q(handler=user)),
        received_this_year=Count("pk", filter=Q(received_on__year=on.year)),
        overdue=Count("pk", filter=running & Q(ends_on__lt=on)),
        due_soon=Count("pk", filter=running & Q(ends_on__gte=on, ends_on__lte=soon)),
        due_today=Count("pk", filter=today),
        due_tomorrow=Count("pk", filter=running & Q(ends_on=tomorrow)),
        unserved_due_today=Count("pk", filter=unserved & Q(ends_on=on)),
        provisional=Count("pk", filter=Q(provisional=True, closed_on=None)),
        first_unassigned_on=Min("received_on", filter=State.UNASSIGNED.condition(on)),
        first_overdue_on=Min("ends_on", filter=running & Q(ends_on__lt=on)),
        next_correction_on=Min("waiting_until", filter=State.CORRECTION.condition(on)),
        next_opinion_on=Min("waiting_until", filter=State.CONSULTATION.condition(on)),
        **{state.value: Count("pk", filter=state.condition(on)) for state in states},
    )
    return Counts(states={state: found.pop(state.value) for state in states}, **found)


@dataclass(frozen=True, slots=True)
class DayAhead:
    day: date
    count: int


def days_ahead(cases: CaseQuerySet, *, on: date, calendar: Calendar) -> list[DayAhead]:
    """Cases due on `on`, if it is a working day, and on the working days after it: ten in all."""
    days = calendar.next_workdays(on, AHEAD)
    if calendar.is_workday(on):
        days = [on, *days[:-1]]
    due = cases.due_between(days[0], days[-1], on).order_by().values("ends_on")
    counted = {row["ends_on"]: row["n"] for row in due.annotate(n=Count("pk"))}
    return [DayAhead(day, counted.get(day, 0)) for day in days]


def most_urgent(cases: CaseQuerySet, *, on: date) -> CaseQuerySet:
    """Those whose clock runs, the one longest overdue first."""
    return cases.running(on).filter(ends_on__isnull=False).order_by("ends_on", "pk")


def latest_events(user: User, count: int) -> list[Event]:
    """What was recorded last within the user's scope."""
    seen = Event.objects.filter(reach(user, "case__department__path"))
    return list(seen.select_related("case", "by").order_by("-recorded_at", "-id")[:count])


def years_of(cases: CaseQuerySet, *, on: date) -> range:
    """The years of receipt to choose from, the latest last."""
    first = cases.aggregate(first=Min("received_on"))["first"]
    return range(first.year if first else on.year, on.year + 1)
