"""Of what a case reminds on a day: its due day comes near or has passed, a term of waiting ran out.
Of what a review or suit does: the term of the organ's answer, and of a new reply that is ordered.

Pure: a function of where the case stands, in working days. It asks for no reminder that is over, so
that a day on which nobody asked is caught up by the next, with the days that are left then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.workdays import Calendar

# Working days left from which a due day is reminded of, each with a word of its own.
EARLY, NEAR = 5, 2
EXTENSION_NOTICE = 1  # 条例第三十三条: an extension is told by the due day; said the day before


class Reminding(StrEnum):
    DUE_IN_5 = "due_in_5"
    DUE_IN_2 = "due_in_2"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    OPINION_PASSED = "opinion_passed"
    CORRECTION_PASSED = "correction_passed"
    FEE_PASSED = "fee_passed"
    EXTENSION = "extension"
    DEFENCE_IN_5 = "defence_in_5"
    DEFENCE_IN_2 = "defence_in_2"
    DEFENCE_TODAY = "defence_today"
    DEFENCE_OVERDUE = "defence_overdue"
    AGAIN_IN_5 = "again_in_5"
    AGAIN_IN_2 = "again_in_2"
    AGAIN_TODAY = "again_today"
    AGAIN_OVERDUE = "again_overdue"


# Of a due day, in the order in which it comes near: few days left, fewer, none, past it.
OF_DUE_DAY = (Reminding.DUE_IN_5, Reminding.DUE_IN_2, Reminding.DUE_TODAY, Reminding.OVERDUE)
OF_DEFENCE = (
    Reminding.DEFENCE_IN_5,
    Reminding.DEFENCE_IN_2,
    Reminding.DEFENCE_TODAY,
    Reminding.DEFENCE_OVERDUE,
)
OF_AGAIN = (
    Reminding.AGAIN_IN_5,
    Reminding.AGAIN_IN_2,
    Reminding.AGAIN_TODAY,
    Reminding.AGAIN_OVERDUE,
)


# What is waited for → of what its term reminds once it has passed, and what may be done then.
_PASSED = {
    "correction": (
        Reminding.CORRECTION_PASSED,
        "补正期限 {} 已过，申请人没有补正；无正当理由的，视为放弃申请。",
    ),
    "fee": (Reminding.FEE_PASSED, "缴费期限 {} 已过，申请人没有缴费；视为放弃申请。"),
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """One that is asked for and has not come, nor been noted as lapsed; whose has a term."""

    key: str  # tells the letters of one case apart
    of: str  # 第三方, 共同制作机关
    sent_on: date
    until: date


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a case as reminders ask for; the words are those of its stored columns."""

    open: bool  # not answered yet
    unserved: bool  # answered, and still to be served
    ends_on: date | None
    waiting_for: str = ""
    waiting_until: date | None = None
    provisional: bool = False
    opinions: tuple[Opinion, ...] = ()
    may_extend: bool = False  # its running term has not been extended or delayed

    def is_stopped(self, on: date) -> bool:
        """The term of an opinion ends a pause by itself; any other wait goes on."""
        if self.waiting_for == "consultation" and self.waiting_until:
            return self.open and self.waiting_until >= on
        return self.open and bool(self.waiting_for)


@dataclass(frozen=True, slots=True)
class Reminder:
    kind: Reminding
    due_on: date  # the day that it is about: another day is another reminder
    text: str
    letter: str = ""  # the key of the letter that it is about


def reminders_of(case: Standing, *, on: date, calendar: Calendar) -> list[Reminder]:
    """What holds on `on`; nothing on a day off, nor of a case that is answered and served."""
    if not calendar.is_workday(on):
        return []
    return [*_of_waiting(case, on), *_of_opinions(case, on), *_of_due_day(case, on, calendar)]


def _of_waiting(case: Standing, on: date) -> Iterator[Reminder]:
    if case.open and case.waiting_until and case.waiting_until < on and case.waiting_for in _PASSED:
        kind, words = _PASSED[case.waiting_for]
        yield Reminder(kind, case.waiting_until, words.format(case.waiting_until))


def _of_opinions(case: Standing, on: date) -> Iterator[Reminder]:
    waits = "其他意见还在征求，答复期限仍停止计算" if case.is_stopped(on) else "答复期限已恢复计算"
    return reminders_of_opinions(case.opinions, waits, on=on)


def reminders_of_opinions(
    opinions: Iterable[Opinion], waits: str, *, on: date
) -> Iterator[Reminder]:
    """Each has its own, also where the terms of several end on one day; `waits` says how it is with
    the term of the reply."""
    for it in opinions:
        if it.until < on:
            whose = f"{it.of}（{it.sent_on:%m-%d} 发函）"
            words = f"{whose}的意见期限 {it.until} 已过，没有收到意见，{waits}。"
            yield Reminder(Reminding.OPINION_PASSED, it.until, words, letter=it.key)


def _of_due_day(case: Standing, on: date, calendar: Calendar) -> Iterator[Reminder]:
    due = case.ends_on
    if due is None or not (case.open or case.unserved) or case.is_stopped(on):
        return
    todo = "答复并送达" if case.open else "送达"
    yield from reminders_of_term(due, todo, OF_DUE_DAY, on=on, calendar=calendar)
    left = calendar.workdays_between(on, due)
    if case.open and case.may_extend and on <= due and left <= EXTENSION_NOTICE:
        day = calendar.said(due)
        words = f"如需延期，最迟须在 {day} 当日经批准并告知申请人，过后不能再延期。"
        yield Reminder(Reminding.EXTENSION, due, words)


def reminders_of_term(
    due: date, todo: str, kinds: Sequence[Reminding], *, on: date, calendar: Calendar
) -> Iterator[Reminder]:
    """What holds on `on` of a term that ends on `due`, by which `todo` is to be done; `kinds` are
    its words, in the order of `OF_DUE_DAY`. Nothing on a day off."""
    if not calendar.is_workday(on):
        return
    early, near, today, overdue = kinds
    if on > due:
        late = calendar.workdays_between(due, on)
        yield Reminder(overdue, due, f"到期日 {due} 已过 {late} 个工作日，尚未{todo}。")
        return
    left = calendar.workdays_between(on, due)
    day = calendar.said(due)
    if left == 0:
        words = "今日到期" if on == due else f"到期日 {day} 前已没有工作日"
        yield Reminder(today, due, f"{words}，须在今日{todo}。")
    elif left <= EARLY:
        kind = near if left <= NEAR else early
        yield Reminder(kind, due, f"还有 {left} 个工作日到期，须在 {day} 前{todo}。")
