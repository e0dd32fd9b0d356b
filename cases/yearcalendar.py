"""A year of the working calendar laid out for a page: its months, and its holidays as a table."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.schedules import schedule_of, span_of
from cases.workdays import Calendar, DayKind, DecreedDay, weekday_name

MONTHS = range(1, 13)
_MARKS = {DayKind.HOLIDAY: "假", DayKind.WORKED: "班", DayKind.WEEKEND: "休", DayKind.WORKDAY: ""}


@dataclass(frozen=True, slots=True)
class DayCell:
    number: int
    kind: str  # a value of DayKind
    mark: str  # the character that says the same
    words: str  # of a decreed day: what it is, and by which notice; else empty
    today: bool


@dataclass(frozen=True, slots=True)
class Month:
    title: str
    weeks: list[list[DayCell | None]]  # Monday first; None for the days of another month
    workdays: int


@dataclass(frozen=True, slots=True)
class HolidayRow:
    name: str
    off: str
    count: int  # days off, weekends among them
    worked: str
    notice: str


def months_of(year: int, calendar: Calendar, *, on: date) -> list[Month]:
    """The twelve months, each day as it counts."""
    return [_month(year, month, calendar, on) for month in MONTHS]


def _month(year: int, month: int, calendar: Calendar, on: date) -> Month:
    weeks = [
        [_cell(date(year, month, n), calendar, on) if n else None for n in week]
        for week in months.Calendar().monthdayscalendar(year, month)
    ]
    days = [date(year, month, n + 1) for n in range(months.monthrange(year, month)[1])]
    return Month(f"{month}月", weeks, sum(map(calendar.is_workday, days)))


def _cell(day: date, calendar: Calendar, on: date) -> DayCell:
    kind, decree = calendar.kind(day), calendar.decreed(day)
    words = ""
    if decree and kind in (DayKind.HOLIDAY, DayKind.WORKED):
        what = "放假" if kind is DayKind.HOLIDAY else "调休上班"
        words = (
            f"{day.month}月{day.day}日 {weekday_name(day)}，{decree.name}{what}，{decree.notice}"
        )
    return DayCell(day.day, str(kind), _MARKS[kind], words, day == on)


def holidays_of(year: int, decreed: Iterable[DecreedDay]) -> list[HolidayRow]:
    """The holidays of a year's schedule with their worked weekends and notices, in order."""
    first, last = span_of(year)
    days = [entry for entry in decreed if first <= entry.day <= last]
    stretches = schedule_of(year, days).stretches
    offs = dict.fromkeys(stretch.name for stretch in stretches if stretch.off)

    def row_of(name: str) -> str:
        """Weekends may be worked for one of two holidays that are off together."""
        return name if name in offs else next((o for o in offs if name in o), name)

    def said(row: str, *, off: bool) -> str:
        return "、".join(
            _day(s.first) + (f" 至 {_day(s.last)}" if s.last > s.first else "")
            for s in stretches
            if (row_of(s.name), s.off) == (row, off)
        )

    notices: dict[str, dict[str, None]] = {}
    for entry in days:
        notices.setdefault(row_of(entry.name), {})[entry.notice] = None
    return [
        HolidayRow(
            name=row,
            off=said(row, off=True),
            count=sum(len(s.days) for s in stretches if s.off and s.name == row),
            worked=said(row, off=False),
            notice="；".join(notices[row]),
        )
        for row in dict.fromkeys([*offs, *notices])
    ]


def _day(day: date) -> str:
    return f"{day:%m-%d} 周{weekday_name(day)[-1]}"
