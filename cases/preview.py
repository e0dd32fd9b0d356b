"""What an act would do to the due day, before it is done: in words, and nothing stored.

The pages of the acts that move the clock show it under their fields (templates/cases/_preview.html)
and htmx asks for it again when one of `watched` changes. The days come from the clock, by the facts
of the case and the new ones; none is added to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from cases.choices import Waiting
from cases.clock import ANSWER_WORKDAYS, Clock, Fact
from cases.models import Case, Event
from cases.models.calendar import load_calendar
from cases.workdays import Calendar
from cases.workflow import clock_if_received, clock_of, clock_with, new_faults
from cases.workflow.base import check_day

NOTHING_YET = "填好之后，这里写明到期日怎样变。"
RESUMED_BY = {Waiting.CORRECTION: "收到补正", Waiting.FEE: "缴费"}


@dataclass(frozen=True, slots=True)
class Preview:
    """`words` say what becomes of the due day, `faults` what is out of order about it."""

    words: str
    watched: Sequence[str]  # the fields of the form that it is made from
    faults: Sequence[str] = ()


def preview_of(
    case: Case, facts: Sequence[Fact], *, today: date, watched: Sequence[str]
) -> Preview:
    """What `facts`, typed into the fields `watched`, would do; none while they cannot be read."""
    if not facts:
        return Preview(NOTHING_YET, watched)
    days = [fact.on for fact in facts]

    def after(known: Sequence[Event], calendar: Calendar) -> Clock:
        return clock_with(case, *facts, on=today, calendar=calendar, events=known)

    return _preview(case, days, after, today=today, watched=watched)


def preview_of_event(
    case: Case, event: Event | None, *, today: date, watched: Sequence[str]
) -> Preview:
    """The same for an event that takes the place of others; None while it cannot be read."""
    if event is None:
        return Preview(NOTHING_YET, watched)

    def after(known: Sequence[Event], calendar: Calendar) -> Clock:
        return clock_of(case, on=today, calendar=calendar, events=[*known, event])

    return _preview(case, [event.on], after, today=today, watched=watched)


def _preview(
    case: Case,
    days: Iterable[date],
    after: Callable[[Sequence[Event], Calendar], Clock],
    *,
    today: date,
    watched: Sequence[str],
) -> Preview:
    try:
        for day in days:
            check_day("on", day, today=today, not_before=case.received_on)
    except ValidationError as refused:
        return Preview(refused.messages[0], watched)
    calendar, known = load_calendar(), list(case.events.all())
    now = clock_of(case, on=today, calendar=calendar, events=known)
    then = after(known, calendar)
    faults = [fault.text for fault in new_faults(now, then)]
    return Preview(_change(now, then, calendar), watched, faults)


def preview_of_receipt(case: Case, received_on: date, *, today: date) -> Preview:
    """What another day of receipt would do: the due day, and the facts that would not count."""
    calendar = load_calendar()
    before = clock_of(case, on=today, calendar=calendar)
    after = clock_if_received(case, received_on, on=today, calendar=calendar)
    faults = [fault.text for fault in new_faults(before, after)]
    return Preview(_change(before, after, calendar), (), faults)


def _change(before: Clock, after: Clock, calendar: Calendar) -> str:
    """What becomes of the due day, or of the wait that stands in its place."""
    said = calendar.said
    was = said(before.ends_on) if before.ends_on else ""
    becomes = said(after.ends_on)
    if (after.waiting_for, after.waiting_until) != (before.waiting_for, before.waiting_until):
        if after.waiting_for == Waiting.CONSULTATION:
            return _stopped(after, calendar)
        if after.waiting_for:
            return _awaited(was, after, calendar)
    if after.ends_on is None:
        return "到期日仍未确定，不改变。"
    if before.ends_on == after.ends_on:
        return f"到期日仍为 {becomes}，不改变。"
    return f"到期日将从 {was} 改为 {becomes}。" if was else f"到期日将为 {becomes}。"


def _awaited(was: str, after: Clock, calendar: Calendar) -> str:
    waiting = Waiting(after.waiting_for)
    ended = f"到期日 {was} 不再计算，" if was else ""
    until = calendar.said(after.waiting_until)
    resumed = f"{RESUMED_BY[waiting]}的次日起重新计算 {ANSWER_WORKDAYS} 个工作日"
    return f"{ended}{waiting.label}至 {until}；{resumed}。"


def _stopped(after: Clock, calendar: Calendar) -> str:
    kept = f"期限停止计算，已用的 {after.used} 个工作日保留"
    if after.waiting_until is None:
        return f"{kept}；没有法定期限，收到意见的次日起接着算。"
    ends = f"届时到期日为 {calendar.said(after.ends_on)}" if after.ends_on else "到期日届时确定"
    return f"{kept}，最迟至 {calendar.said(after.waiting_until)}；{ends}。"
