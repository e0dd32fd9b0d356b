"""Put right a day of the course that was wrongly recorded, or revoke what did not happen.

An event never changes: another takes its place, and both are shown. What holds is read by
`cases.workflow.standing`, so that the clock is folded anew from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from cases.choices import CORRIGIBLE, REVOCABLE, EventKind
from cases.models import Case, Document, Event, User
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.workflow.again import check_done_since, settle
from cases.workflow.base import begin, changes, check_day, finish, not_theirs, require
from cases.workflow.clockwork import clock_of, new_faults
from cases.workflow.correct import check_granted
from cases.workflow.extend import NOT_IN_THIS_RUN, check_extension
from cases.workflow.grounds import (
    ANSWERS,
    CAME_IN,
    came_in_on,
    check_order_again,
    check_signatures,
)
from cases.workflow.matching import check_put_right, replies_of
from cases.workflow.papers import strike_letters
from cases.workflow.refusals import under_review_words
from cases.workflow.resting import (
    answered_by,
    check_ends,
    check_signed,
    is_anew,
    orders_of,
    round_of,
)
from cases.workflow.service import SERVICE, course_of_service
from cases.workflow.standing import first_of, standing

DAYS: dict[str, Callable[[int], None]] = {
    EventKind.CORRECTION_ASKED: check_granted,
    EventKind.EXTENDED: check_extension,
}
NOT_ORDERED = "责令重新答复的记录已撤销，随之撤下"
DETAILS = {"days": "工作日数", "day": "延迟至"}
REASONS = (EventKind.REASONS_ASKED, EventKind.REASONS_RECEIVED, EventKind.DELAYED)
LETTERS = (EventKind.CONSULTATION_SENT, EventKind.CONSULTATION_LAPSED)
# Late as it was, it happened: what its own act takes in too.
ITSELF_LATE = (
    "correction_asked_late",
    "consultation_after_due",
    "consultation_overdue",
    "fee_overdue",
)
OTHERS_LATE = ("_late", "_after_due", "_overdue")  # how the codes end of what comes after its term


@transaction.atomic
def put_right(
    case: Case,
    *,
    by: User,
    today: date,
    event: int,
    on: date | None,
    reason: str,
    days: int | None = None,
    day: date | None = None,
    version: int | None = None,
) -> Case:
    """The event of this key happened `on`; of an extension or a correction `days` are the working
    days, of a delay `day` is what it was put off to: each as it was unless given.

    Raises `ValidationError` by field, also for a day that has no place in the rest of the course.
    """
    case = begin(case, Act.PUT_RIGHT, by=by, today=today, version=version)
    require({"on": (on, "更正后的日期"), "reason": (reason.strip(), "更正原因")})
    assert on is not None  # required above
    known = standing(case.events.all())
    old = _found(case, known, event, by, CORRIGIBLE)
    new = replacement(old, on=on, days=days, day=day)
    if not new.data["changes"]:
        raise ValidationError("没有改动任何内容，无需更正。")
    _check_order(case, old, known, on=on, today=today)
    check_ends(case, known, new)
    _check_clock(case, known, new, today=today)
    _bring_along(case, old, known, on)
    told = "，".join(f"{name} {a} 改为 {b}" for name, (a, b) in new.data["changes"].items())
    text = f"更正“{old.get_kind_display()}”：{told}。原因：{reason.strip()}"
    finish(case, EventKind(old.kind), by=by, on=on, text=text, data=new.data)
    return case


@transaction.atomic
def revoke(
    case: Case, *, by: User, today: date, event: int, reason: str, version: int | None = None
) -> Case:
    """What the event of this key tells did not happen; what rests on it is revoked before."""
    case = begin(case, Act.REVOKE, by=by, today=today, version=version)
    require({"reason": (reason.strip(), "撤销原因")})
    known = standing(case.events.all())
    old = _found(case, known, event, by, REVOCABLE)
    after = _row_of(old, known)[1]
    if after and old.kind != EventKind.CONSULTATION_DELIVERED:  # nothing rests on the delivery
        raise ValidationError({"event": f"其后还有“{after}”，请先撤销那一条。"})
    text, gone = f"撤销“{old}”的记录：{reason.strip()}", list[Document]()
    new = revocation(old, on=today)
    check_ends(case, known, new)
    _check_clock(case, known, new, today=today)
    if old.kind == EventKind.REOPENED:
        gone = _not_ordered(case, old, known, today)
    _bring_along(case, old, known, None)
    if gone:
        text += "。按它制作的答复书一并撤下"
        new.data["documents"] = [document.pk for document in gone]
    finish(case, EventKind.REVOKED, by=by, on=today, text=text, data=new.data)
    return case


def _not_ordered(case: Case, old: Event, known: Sequence[Event], today: date) -> list[Document]:
    """What is withdrawn because `old` orders nothing any more: the letters of the new reply, unless
    another order, or the same as it was said first, still bears them."""
    if submitted := under_review_words(case):
        raise ValidationError({"event": submitted})
    if before := _row_of(old, known)[0]:
        check_done_since(case, before.on, said_again=True, field="event")
    elif not case.proceedings.ordering_again().exclude(pk=old.data["proceeding"]).exists():
        return strike_letters(replies_of(case)[-1].standing_letters, today, NOT_ORDERED)
    return []


def replacement(old: Event, *, on: date, days: int | None = None, day: date | None = None) -> Event:
    """What would take the place of `old`; not stored. Raises `ValidationError` by field."""
    details: dict[str, Any] = {}
    if days is not None:
        if old.kind not in DAYS:
            raise ValidationError({"days": "只有要求补正、延期有工作日数，请留空。"})
        DAYS[old.kind](days)
        details["days"] = days
    if day is not None:
        if old.kind != EventKind.DELAYED:
            raise ValidationError({"day": "只有确定延迟答复日期才有这一项，请留空。"})
        details["day"] = day.isoformat()
    before = {"日期": str(old.on)} | {DETAILS[name]: old.data.get(name) for name in details}
    after = {"日期": str(on)} | {DETAILS[name]: value for name, value in details.items()}
    changed = {
        name: [str(value or "") for value in pair] for name, pair in changes(before, after).items()
    }
    replaced = {"supersedes": [old.pk], "first": first_of(old), "changes": changed}
    return Event(kind=old.kind, on=on, data=old.data | details | replaced)


def revocation(old: Event, *, on: date) -> Event:
    """What would revoke `old`; not stored."""
    return Event(kind=EventKind.REVOKED, on=on, data={"supersedes": [old.pk]})


def _found(
    case: Case, known: Sequence[Event], key: int, by: User, kinds: Sequence[EventKind]
) -> Event:
    for event in known:
        if event.pk == key and event.kind in kinds:
            refusal = not_theirs(by, Act.EXTEND, case)  # an extension is approved (条例第三十三条)
            if event.kind == EventKind.EXTENDED and refusal:
                raise ValidationError({"event": refusal})
            check_signed(case, event, known, by=by)
            return event
    raise ValidationError({"event": "这一条记录已经更正或者撤销，请重新选择。"})


def _row_of(old: Event, known: Sequence[Event]) -> tuple[Event | None, Event | None]:
    """What comes before and after `old` of those that follow one another; the clock orders the
    rest."""
    row = [old]
    if old.kind in REASONS:
        row = [event for event in known if event.kind in REASONS]
    elif is_anew(old, known):
        return _beside(old, _letter_anew(old, known))
    elif old.kind in LETTERS:
        key = old.data.get("key", "")
        row = [e for e in known if e.kind in LETTERS and e.data.get("key", "") == key]
    elif old.kind == EventKind.REOPENED:
        order = old.data["proceeding"]
        row = [
            event
            for event in known
            if (event.kind == EventKind.REOPENED and event.data["proceeding"] == order)
            or (event.kind == EventKind.REPLIED_AGAIN and order in event.data["proceedings"])
        ]
    elif old.kind == EventKind.REPLIED_AGAIN:
        row += course_of_service(known, first_of(old))
        orders = (event for event in known if event.kind == EventKind.REOPENED)
        row += [order for order in orders if first_of(order) > first_of(old)]
    elif old.kind in SERVICE:
        again = old.data.get("again")
        row = [e for e in known if e.kind == EventKind.REPLIED_AGAIN and first_of(e) == again]
        row += course_of_service(known, again)
    return _beside(old, sorted(row, key=first_of))


def _letter_anew(old: Event, known: Sequence[Event]) -> list[Event]:
    """What is on record of the letter of `old`, which no clock orders, from its sending on; the
    note of silence stands beside what was heard."""
    sent, noted = LETTERS
    row = [sent, *ANSWERS, noted]
    if old.kind in ANSWERS:
        row.remove(noted)
    elif old.kind == noted:
        row = [*LETTERS]
    there = [e for e in known if e.kind in row and e.data.get("key") == old.data["key"]]
    return sorted(there, key=lambda event: row.index(EventKind(event.kind)))


def _beside(old: Event, row: Sequence[Event]) -> tuple[Event | None, Event | None]:
    """The one before, and of those after it the earliest."""
    place = row.index(old)
    after = min(row[place + 1 :], key=lambda event: event.on, default=None)
    return row[place - 1] if place else None, after


def _check_order(case: Case, old: Event, known: Sequence[Event], *, on: date, today: date) -> None:
    before, after = _row_of(old, known)
    since, which = case.received_on, "收到日期"
    if before:
        since, which = before.on, f"“{before.get_kind_display()}”的日期"
    elif old.kind in SERVICE:
        since, which = case.closed_on, "答复日期"
    elif old.kind == EventKind.REPLIED_AGAIN:
        check_put_right(case, old, on)
        since, which = came_in_on(case.proceedings.filter(pk__in=old.data["proceedings"])), CAME_IN
        first = first_of(old)
        check_order_again(on, [e for e in known if first_of(e) < first], field="on")
        check_signatures(round_of(case, old, known), on, field="on")
    elif is_anew(old, known):
        since, which = came_in_on(orders_of(case, old, known)), CAME_IN
    if is_anew(old, known):
        after = after or answered_by(old, known)
    check_day("on", on, today=today, not_before=since, which=which)
    if after and on > after.on:
        raise ValidationError({"on": f"不能晚于“{after.get_kind_display()}”的日期 {after.on}。"})


def _check_clock(case: Case, known: Sequence[Event], new: Event, *, today: date) -> None:
    """Raises `ValidationError` where the course would be out of order with `new`.

    That something comes after its term is no such fault: it is what happened.
    """
    calendar, revoked = load_calendar(), new.kind == EventKind.REVOKED
    before = clock_of(case, on=today, calendar=calendar, events=known)
    after = clock_of(case, on=today, calendar=calendar, events=[*known, new])
    for fault in new_faults(before, after):
        itself = fault.on == new.on and not revoked
        tolerated = fault.code in ITSELF_LATE if itself else fault.code.endswith(OTHERS_LATE)
        if not tolerated:
            field = "event" if revoked else "day" if fault.code == "delay_not_later" else "on"
            raise ValidationError({field: f"{'撤销' if revoked else '更正'}以后，{fault.text}"})
    lost = (before.extended_by and not after.extended_by) or (
        before.delayed_to and not after.delayed_to
    )
    if new.kind in (EventKind.EXTENDED, EventKind.DELAYED) and lost:
        raise ValidationError({"on": NOT_IN_THIS_RUN})


def _bring_along(case: Case, old: Event, known: Sequence[Event], on: date | None) -> None:
    """What is stored beside the event goes along; None: it did not happen."""
    if old.kind == EventKind.REPLIED_AGAIN:
        orders = case.proceedings.filter(pk__in=old.data["proceedings"])
        settle(orders.select_for_update(), on)
    if old.kind == EventKind.REOPENED:
        before = _row_of(old, known)[0]  # the same, as it was said first
        orders = case.proceedings.select_for_update().filter(pk=old.data["proceeding"])
        orders.update(ordered_on=before.on if before else None, version=F("version") + 1)
    if "again" in old.data or old.kind not in SERVICE:
        return
    course = course_of_service(known, None)
    since = course[course.index(old) :]
    if old.kind == EventKind.SERVED and EventKind.MAIL_RETURNED not in (e.kind for e in since):
        case.served_on = on
    if old.kind == EventKind.MAIL_RETURNED and on is None:
        before = _row_of(old, known)[0]
        case.served_on = before.on if before else date.fromisoformat(old.data["posted_on"])
