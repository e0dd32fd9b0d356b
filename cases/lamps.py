"""Deadline lamps and the other words for where a case stands in its term on a day.

A lamp is read off the stored columns, so that a list needs no clock; only a case whose clock stands
still for an opinion is asked for its facts, which a list fetches beforehand (see cases.listing).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError

from cases.choices import ServiceMethod, Stage, Waiting
from cases.models import Case, Department, User
from cases.states import is_stopped
from cases.workdays import Calendar
from cases.workflow import clock_of
from cases.workflow.base import check_day

AGAIN = "重新办理中"  # answered, and ordered by a decision to be answered again


class LampDays(NamedTuple):
    """Working days left from which a lamp has its colour; below amber it is red, past it black."""

    green_from: int
    amber_from: int


USUAL = LampDays(6, 3)  # where a department has set nothing else (models.DepartmentSettings)


@dataclass(frozen=True, slots=True)
class Lamp:
    """`css` chooses colour and shape (static/css/lists.css), `text` says the same in words."""

    css: str
    text: str


def _range(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}–{last}"


def lamp_key(days: LampDays | None = USUAL) -> tuple[Lamp, ...]:
    """What each lamp means; None where the departments of a list have set different days."""
    if days is None:
        counted = (Lamp("green", "充裕"), Lamp("amber", "临近"), Lamp("red", "紧迫，天数由单位定"))
    else:
        counted = (
            Lamp("green", f"剩 {days.green_from} 日及以上"),
            Lamp("amber", f"剩 {_range(days.amber_from, days.green_from - 1)} 日"),
            Lamp("red", f"剩 {_range(0, days.amber_from - 1)} 日"),
        )
    return (
        *counted,
        Lamp("black", "逾期"),
        Lamp("pause", "停止计算"),
        Lamp("off", "未起算"),
        Lamp("done", "已办结"),
    )


LAMP_KEY = lamp_key()


def lamp_key_for(user: User) -> tuple[Lamp, ...]:
    """The key under a list of what `user` may see, in one statement."""
    organs = Department.objects.visible_to(user).answering()
    rows = organs.values_list("settings__green_from", "settings__amber_from").order_by().distinct()
    found = {LampDays(*row) if row[0] else USUAL for row in rows}
    return lamp_key(found.pop() if len(found) == 1 else None) if found else LAMP_KEY


def lamp_days_of(department: Department) -> LampDays:
    """As the department has set them; a list fetches these with the department."""
    own = getattr(department, "settings", None)  # a row that is not there is an `AttributeError`
    return LampDays(own.green_from, own.amber_from) if own else USUAL


def lamp_of(case: Case, *, on: date, calendar: Calendar) -> Lamp:
    """The lamp of `case` as at `on`."""
    if case.stage == Stage.VOID:
        return Lamp("off", "已作废")
    if case.stage == Stage.CLOSED and case.again_until:
        running = _running(case, case.again_until, on, calendar)
        what = "重办待送达" if case.again_replied_on else "重办"
        return Lamp(running.css, f"{what} {running.text}")
    if case.stage == Stage.CLOSED:
        return Lamp("done", _closed_words(case, calendar))
    if case.stage == Stage.OPEN and is_stopped(case, on):
        return _stopped_lamp(case, on, calendar)
    if case.ends_on is None:
        return Lamp("off", "未起算" if case.stage == Stage.UNCONFIRMED else "无到期日")
    return _running(case, case.ends_on, on, calendar)


def _running(case: Case, ends_on: date, on: date, calendar: Calendar) -> Lamp:
    days = lamp_days_of(case.organ_on(on)) if case.pk else USUAL
    return running_lamp(ends_on, on=on, calendar=calendar, days=days)


def workdays_left(case: Case, *, on: date, calendar: Calendar) -> int | None:
    """From `on` to the due day, below zero when that is past; None while nothing is counted."""
    counts = case.stage in (Stage.OPEN, Stage.UNSERVED) and not is_stopped(case, on)
    if not counts or case.ends_on is None:
        return None
    if on > case.ends_on:
        return -calendar.workdays_between(case.ends_on, on)
    return calendar.workdays_between(on, case.ends_on)


def running_lamp(ends_on: date, *, on: date, calendar: Calendar, days: LampDays = USUAL) -> Lamp:
    """The lamp of a term that is counted and ends on `ends_on`."""
    if on > ends_on:
        late = calendar.workdays_between(ends_on, on)
        return Lamp("black", f"逾期 {late} 日" if late else "已逾期")
    left = calendar.workdays_between(on, ends_on)
    css = "green" if left >= days.green_from else "amber" if left >= days.amber_from else "red"
    return Lamp(css, "今日到期" if on == ends_on else f"剩 {left} 日")


def service_words(
    ends_on: date | None,
    *,
    closed_on: date | None,
    service_method: str,
    served_on: date | None,
    received_on: date | None,
    today: date,
    calendar: Calendar,
) -> tuple[bool | None, str]:
    """Whether an answer on these days would be in time, and why (国办公开办函〔2016〕235号).

    None while no day is given, and for a day that the act will refuse. "In time" is tested on the
    day of service, not on the letter's date.
    """
    if refusal := _refusal(closed_on, served_on, received_on=received_on, today=today):
        return None, refusal
    if ends_on is None:
        return None, "期限没有在计算，不判断是否按时。"
    if served_on and service_method in ServiceMethod:
        day, words = served_on, f"以{ServiceMethod(service_method).day_label.removesuffix('期')}"
    elif closed_on:
        day, words = closed_on, "送达日未填，暂以答复日"
    else:
        return None, "以送达日认定是否按时：邮寄为交邮日，当面为签收日，网上为发出日。"
    reason = f"{words} {day:%m-%d} 认定"
    if day > ends_on:
        late = calendar.workdays_between(ends_on, day)
        return False, f"逾期：{reason}，到期日 {ends_on} 已过 {late} 个工作日。"
    ahead = calendar.workdays_between(day, ends_on)
    margin = "为到期日当日" if day == ends_on else f"早于到期日 {ahead} 个工作日"
    return True, f"按时：{reason}，{margin}。"


def _refusal(
    closed_on: date | None, served_on: date | None, *, received_on: date | None, today: date
) -> str:
    """Why the act will refuse one of these days; empty if it will not."""
    since = (closed_on, "答复日期") if closed_on else (received_on, "收到日期")
    for label, day, (not_before, which) in (
        ("答复日期", closed_on, (received_on, "收到日期")),
        ("送达日期", served_on, since),
    ):
        try:
            check_day(label, day, today=today, not_before=not_before, which=which)
        except ValidationError as refused:
            return f"{label}：{refused.messages[0]}"
    return ""


def _closed_words(case: Case, calendar: Calendar) -> str:
    served_on = case.served_on or (case.again_served_on if case.service_method else None)
    answered_on = served_on or case.closed_on
    if answered_on is None or case.ends_on is None or answered_on <= case.ends_on:
        return "按时办结"
    late = calendar.workdays_between(case.ends_on, answered_on)
    return f"逾期 {late} 日办结" if late else "逾期办结"


def _stopped_lamp(case: Case, on: date, calendar: Calendar) -> Lamp:
    """While an opinion is asked the days used are kept; a correction or fee begins them anew."""
    if case.waiting_for == Waiting.CONSULTATION:
        return Lamp("pause", f"停计 已用 {clock_of(case, on=on, calendar=calendar).used} 日")
    passed = case.waiting_until is not None and case.waiting_until < on
    if not passed:
        return Lamp("off", "未起算")
    return Lamp("off", "补正期满" if case.waiting_for == Waiting.CORRECTION else "缴费期满")
