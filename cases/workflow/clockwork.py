"""From stored facts to the clock, and the only writer of its stored copies on a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from cases.choices import CLOCK_FACTS, UNANSWERED, Addressee, EventKind
from cases.clock import Clock, Fact, Irregularity, run_clock
from cases.models import Case, Event
from cases.models.calendar import load_calendar
from cases.proceeding_terms import ordered_term
from cases.workdays import Calendar
from cases.workflow.in_time import in_time_as_judged
from cases.workflow.service import SERVICE, new_replies
from cases.workflow.standing import first_of, standing

STORED = ("ends_on", "waiting_for", "waiting_until", "provisional")
AGAIN_STORED = ("again_until", "again_replied_on", "again_served_on")
AGAIN_FACTS = (EventKind.REOPENED, EventKind.REPLIED_AGAIN, EventKind.REVOKED, *SERVICE)
ANY_DAY = date(2008, 5, 1)  # the stored copies do not depend on the day they are asked for


def facts_of(case: Case, events: Iterable[Event], *new: Fact) -> list[Fact]:
    """What the clock reads: events and, since they can be put right, the reply's columns; and the
    `new` ones that are not on record."""
    return _if_received(case, case.received_on, events, *new)


def _if_received(
    case: Case, received_on: date | None, events: Iterable[Event], *new: Fact
) -> list[Fact]:
    end = ending(case.closed_on, case.served_on, case.outcome)
    return _course(received_on, events, *end, *new)


def _course(received_on: date | None, events: Iterable[Event], *more: Fact) -> list[Fact]:
    """The facts of the events and `more`, each with what is on record of its last day by the
    schedule of its own day."""
    events = list(events)
    facts = [*map(fact_of, standing_facts(events)), *more]
    judged = [said for event in moves_by_schedule(events) for said in event.data["in_time"]]
    return in_time_as_judged(facts, received_on, judged)


def ending(closed_on: date | None, served_on: date | None, outcome: str) -> list[Fact]:
    facts = []
    if closed_on:
        facts.append(Fact(EventKind.REPLIED.value, closed_on, unanswered=outcome in UNANSWERED))
    if served_on:
        facts.append(Fact(EventKind.SERVED.value, served_on))
    return facts


def standing_facts(events: Iterable[Event]) -> list[Event]:
    """The clock's events but those that were put right or revoked, or belong to a new reply."""
    return _of_term(events, anew=False)


def moves_by_schedule(events: Iterable[Event]) -> list[Event]:
    """The moves that keep what was in time by the schedule of its day."""
    return [event for event in events if event.data.get("in_time")]


def facts_anew(events: Iterable[Event]) -> list[Event]:
    """What was asked, and heard, for a new reply that a decision orders: the first one's term has
    ended, and the ordered one has facts of its own."""
    return _of_term(events, anew=True)


def _of_term(events: Iterable[Event], *, anew: bool) -> list[Event]:
    read = set(CLOCK_FACTS) - {EventKind.CLOCK_MOVED}
    known = [event for event in standing(events) if event.kind in read]
    keys = {event.data["key"] for event in known if event.data.get("anew")}
    return [event for event in known if (event.data.get("key") in keys) is anew]


def fact_of(event: Event) -> Fact:
    """What the clock reads of an event, stored or not."""
    return fact(event.kind, event.on, event.data, event.text)


def fact(kind: str, on: date, data: Mapping[str, Any], text: str = "") -> Fact:
    """The same of an event that is not made."""
    day = data.get("day")
    return Fact(
        kind,
        on,
        key=data.get("key", ""),
        days=data.get("days"),
        day=date.fromisoformat(day) if day else None,
        note=text,
        addressee=data.get("addressee", Addressee.THIRD_PARTY.value),
        excused=data.get("excused", False),
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


def clock_with(
    case: Case,
    *facts: Fact,
    on: date,
    calendar: Calendar | None = None,
    events: Iterable[Event] | None = None,
) -> Clock:
    """The clock of `case` as at `on`, were `facts` on record too. Nothing is stored."""
    known = facts_of(case, case.events.all() if events is None else events, *facts)
    return run_clock(case.received_on, known, calendar or load_calendar(), on)


def clock_if_received(
    case: Case, received_on: date | None, *, on: date, calendar: Calendar | None = None
) -> Clock:
    """The clock of `case` as at `on`, had it been received on another day. Nothing is stored."""
    facts = _if_received(case, received_on, case.events.all())
    return run_clock(received_on, facts, calendar or load_calendar(), on)


def clock_unanswered(case: Case, *, on: date, events: Iterable[Event]) -> Clock:
    """The clock of `case` as at `on`, were it not closed."""
    return run_clock(case.received_on, _course(case.received_on, events), load_calendar(), on)


def new_faults(before: Clock, after: Clock) -> list[Irregularity]:
    """What the facts that `after` has more than `before` bring out of order, themselves or others.

    A late or repeated fact moves nothing; by its sentence an act can refuse to record it.
    """
    known = Counter(before.irregularities)
    return list((Counter(after.irregularities) - known).elements())


def refresh(
    case: Case, *, calendar: Calendar | None = None, events: Iterable[Event] | None = None
) -> bool:
    """Bring the stored copies in line with the facts; True if any moved. Does not save."""
    facts = facts_of(case, case.events.all() if events is None else events)
    before = {name: getattr(case, name) for name in STORED}
    after = stored(case.received_on, facts, calendar or load_calendar())
    for name, value in after.items():
        setattr(case, name, value)
    return before != after


def stored(received_on: date | None, facts: Iterable[Fact], calendar: Calendar) -> dict[str, Any]:
    """What of the clock is stored on a case: its columns of `STORED`."""
    clock = run_clock(received_on, facts, calendar, ANY_DAY)
    return {name: getattr(clock, name) for name in STORED}


def refresh_again(
    case: Case, *, calendar: Calendar | None = None, events: Iterable[Event] | None = None
) -> bool:
    """The same for the new reply that a decision orders."""
    events = case.events.all() if events is None else events
    before = tuple(getattr(case, name) for name in AGAIN_STORED)
    after = standing_again(events, calendar or load_calendar())
    case.again_until, case.again_replied_on, case.again_served_on = after
    return before != after


def standing_again(
    events: Iterable[Event], calendar: Calendar
) -> tuple[date | None, date | None, date | None]:
    """Until when a new reply is ordered, the day of the one that is still to be served, and that
    on which it was served, when the others are empty: "in time" is tested on the day of service.

    A later order overtakes a new reply: served to nobody, that has had no effect, and one reply is
    owed within the term of the last order.
    """
    known = standing(events)
    orders = [event for event in known if event.kind == EventKind.REOPENED]
    if not orders:
        return None, None, None
    last = max(orders, key=first_of)
    replies = [reply for reply in new_replies(known) if not reply.overtaken]
    replied = replies[-1] if replies else None
    if replied and replied.service.served_on:
        return None, None, replied.service.served_on
    until = last.data.get("until")
    term = ordered_term(
        last.on,
        calendar,
        workdays=last.data.get("workdays"),
        until=date.fromisoformat(until) if until else None,
    )
    return term.ends_on if term else None, replied.event.on if replied else None, None


def rebuild(cases: Iterable[Case], calendar: Calendar | None = None) -> list[Case]:
    """Refresh and save each; returns those that had moved."""
    calendar = calendar or load_calendar()
    moved = [case for case in cases if _rebuilt(case, calendar)]
    Case.objects.bulk_update(moved, (*STORED, *AGAIN_STORED), batch_size=500)
    return moved


def _rebuilt(case: Case, calendar: Calendar) -> bool:
    events = case.events.all()
    moved = refresh(case, calendar=calendar, events=events)
    return refresh_again(case, calendar=calendar, events=events) or moved
