"""What was in time by the schedule of its day stays in time when that schedule is put right.

Judged once, when the schedule is saved (cases.workflow.schedules), of every fact on record alike,
and kept by the event that tells of the move: which fact, its last day by the schedule until then,
and what that day rests on. Where anything of this is other now, the fact is judged anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from cases.clock import CORRECTION_NOTICE_WORKDAYS, Clock, run_clock
from cases.clock_course import read_course
from cases.clock_facts import Fact, FactKind, in_fold_order
from cases.clock_steps import CORRECTION, FEE
from cases.workdays import Calendar

AWAITED = {FactKind.CORRECTION_RECEIVED: CORRECTION.name, FactKind.FEE_PAID: FEE.name}
UNTIMED = (
    FactKind.CONSULTATION_DELIVERED,
    FactKind.CONSULTATION_ENDED,
    FactKind.FEE_NOTICE_DELIVERED,
)
COUNTS_ALL_THE_SAME = {"correction_asked_late", "extension_over_limit"}


def in_time_as_judged(
    facts: Sequence[Fact], received_on: date | None, judged: Iterable[Mapping[str, Any]]
) -> list[Fact]:
    """The facts, each with its last day by the schedule of its own day, where that is on record."""
    last_days = {
        (said["kind"], said["key"], *said["rests_on"]): date.fromisoformat(said["by"])
        for said in judged
    }
    if not last_days:
        return list(facts)
    return [
        replace(
            fact,
            in_time_by=last_days.get((fact.kind, fact.key, *_rests_on(fact, received_on, facts))),
        )
        for fact in facts
    ]


def judge(
    received_on: date | None, facts: Sequence[Fact], before: Calendar, after: Calendar
) -> list[dict[str, Any]]:
    """What is to be kept of facts that were in time by the calendar `before` and are not by the
    one `after`."""
    if received_on is None:
        return []
    known: list[Fact] = []
    judged = []
    served = any(fact.kind == FactKind.SERVED for fact in facts)
    for fact in sorted(facts, key=in_fold_order):
        last = None
        if not (fact.was_in_time or (served and fact.kind == FactKind.REPLIED)):
            last = _last_day_then(received_on, known, fact, before, after)
        if last:
            fact = replace(fact, in_time_by=last)
            said = {"kind": str(fact.kind), "key": fact.key, "by": last.isoformat()}
            judged.append(said | {"rests_on": _rests_on(fact, received_on, facts)})
        known.append(fact)
    return judged


def _rests_on(fact: Fact, received_on: date | None, facts: Iterable[Fact]) -> list[str]:
    """What the last day of a fact rests on, beside the schedule."""
    earlier = [other for other in facts if in_fold_order(other) < in_fold_order(fact)]
    said = (f"{it.on} {it.kind} {it.key} {it.days} {it.day}" for it in earlier)
    return [str(received_on), *sorted(said)]


def _last_day_then(
    received_on: date, known: Sequence[Fact], fact: Fact, before: Calendar, after: Calendar
) -> date | None:
    """The last day that the fact kept by `before`, if by `after` it would come to nothing."""
    then = _last_days(received_on, known, fact, before)
    now = _last_days(received_on, known, fact, after)
    for last, new in zip(then, now, strict=True):
        if last and new and _in_time(fact, last) and not _in_time(fact, new):
            break
    else:
        return None

    def read(calendar: Calendar, fact: Fact) -> Clock:
        return run_clock(received_on, [*known, fact], calendar, fact.on)

    faults = {fault.code for fault in read(before, fact).irregularities if fault.on == fact.on}
    kept = replace(read(after, replace(fact, in_time_by=last)), kept=(), lived=())
    moves = kept != replace(read(after, fact), kept=(), lived=())
    return last if moves and not faults - COUNTS_ALL_THE_SAME else None


def _last_days(
    received_on: date, known: Sequence[Fact], fact: Fact, calendar: Calendar
) -> list[date | None]:
    """The last days on which the fact would be in time, each by a term of its own."""
    if fact.kind in UNTIMED:
        return []
    if fact.kind == FactKind.CONSULTATION_RETURNED:
        letters = read_course(received_on, known, calendar).letters
        own = [letter.silent_on for letter in letters if letter.sent.key == fact.key]
        return [own[-1] if own else None]
    clock = run_clock(received_on, known, calendar, fact.on)
    if fact.kind in AWAITED:
        awaited = clock.waiting_for == AWAITED[FactKind(fact.kind)]
        return [clock.waiting_until if awaited else None]
    if fact.kind == FactKind.CORRECTION_ASKED:
        notice = calendar.nth_workday_after(received_on, CORRECTION_NOTICE_WORKDAYS)
        return [notice, clock.ends_on]
    return [clock.ends_on]


def _in_time(fact: Fact, last: date) -> bool:
    if fact.kind == FactKind.CONSULTATION_SENT:
        return fact.on < last
    return fact.on <= last and (fact.day is None or fact.day > last)
