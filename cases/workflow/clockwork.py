"""From stored facts to the clock, and the only writer of its stored copies on a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cases.choices import CLOCK_FACTS, Addressee, EventKind
from cases.clock import Clock, Fact, run_clock
from cases.models import Case, Event
from cases.models.calendar import load_calendar
from cases.workdays import Calendar

STORED = ("ends_on", "waiting_for", "waiting_until", "provisional")
_ANY_DAY = date(2008, 5, 1)  # the stored copies do not depend on the day they are asked for


def facts_of(case: Case, events: Iterable[Event]) -> list[Fact]:
    """What the clock reads: events and, since they can be put right, the reply's columns."""
    facts = [_fact(event) for event in standing_facts(events)]
    if case.closed_on:
        facts.append(Fact(EventKind.REPLIED.value, case.closed_on))
    if case.served_on:
        facts.append(Fact(EventKind.SERVED.value, case.served_on))
    return facts


def standing_facts(events: Iterable[Event]) -> list[Event]:
    """The clock's events but those that a later one, put right, takes the place of.

    Events are never changed: the one that counts names in `supersedes` those that no longer do.
    """
    facts = [event for event in events if event.kind in CLOCK_FACTS]
    gone = {pk for event in facts for pk in event.data.get("supersedes", ())}
    return [event for event in facts if event.pk not in gone]


def _fact(event: Event) -> Fact:
    day = event.data.get("day")
    return Fact(
        event.kind,
        event.on,
        key=event.data.get("key", ""),
        days=event.data.get("days"),
        day=date.fromisoformat(day) if day else None,
        note=event.text,
        addressee=event.data.get("addressee", Addressee.THIRD_PARTY.value),
    )


def clock_of(
    case: Case,
    *,
    on: date,
    calendar: Calendar | None = None,
    events: Iterable[Event] | None = None,
) -> Clock:
    """The clock of `case` as at `on`."""
    facts = facts_of(case, case.events.all() if events is None else events)
    return run_clock(case.received_on, facts, calendar or load_calendar(), on)


def refresh(
    case: Case, *, calendar: Calendar | None = None, events: Iterable[Event] | None = None
) -> bool:
    """Bring the stored copies in line with the facts; True if any moved. Does not save."""
    clock = clock_of(case, on=_ANY_DAY, calendar=calendar, events=events)
    before = [getattr(case, name) for name in STORED]
    case.ends_on, case.provisional = clock.ends_on, clock.provisional
    case.waiting_for, case.waiting_until = clock.waiting_for, clock.waiting_until
    return before != [getattr(case, name) for name in STORED]


def rebuild(cases: Iterable[Case], calendar: Calendar | None = None) -> list[Case]:
    """Refresh and save each; returns those that had moved."""
    calendar = calendar or load_calendar()
    moved = [case for case in cases if refresh(case, calendar=calendar, events=case.events.all())]
    Case.objects.bulk_update(moved, STORED, batch_size=500)
    return moved
