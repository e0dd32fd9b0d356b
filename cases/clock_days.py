"""Each day of a statutory term, and the sentence that says why it counts or does not.

Pure. A `Phase` is the reason a stretch of days shares (running, paused, waiting …); the calendar
adds what each day is by itself. The clock decides the phases, this module words them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from cases.workdays import Calendar, DayKind, weekday_name


class DayMark(StrEnum):
    """How the strip shows a day."""

    RECEIVED = "received"
    COUNT = "count"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSE = "pause"  # an opinion is asked for
    WAITING = "waiting"  # for the applicant: correction or fee
    RESTART = "restart"  # the correction or the fee came in
    LATE = "late"  # past the due day, not yet answered
    CLOSED = "closed"  # after the reply


@dataclass(frozen=True, slots=True)
class Phase:
    """Why a stretch of days is treated as it is."""

    mark: DayMark
    label: str  # of one day; {} takes its number
    story: str  # of the stretch, in the table of the calculation
    article: str


RECEIVED = Phase(DayMark.RECEIVED, "收到日，当日不计入", "收到申请，当日不计入", "条例第三十一条")
COUNTING = Phase(DayMark.COUNT, "计入，第 {} 个工作日", "计入", "条例第三十三条")
EXTENDED = Phase(DayMark.COUNT, "延期，计入，第 {} 个工作日", "经批准延期，计入", "条例第三十三条")
LATE = Phase(DayMark.LATE, "逾期第 {} 个工作日", "已过到期日，尚未答复", "条例第三十三条")

_OWN_DAYS = (DayMark.RECEIVED, DayMark.RESTART)  # shown as such on a day off as well


def closed_since(day: date) -> Phase:
    text = f"已于 {day:%m-%d} 答复，不再计算"
    return Phase(DayMark.CLOSED, text, text, "条例第三十三条")


@dataclass(frozen=True, slots=True)
class ClockDay:
    """One day of the strip: what it is, whether and as which working day it counts, and why."""

    day: date
    kind: DayMark
    phase: Phase
    worked: bool  # a weekend worked by decree
    number: int | None  # which working day of the term, or (late) past the due day
    text: str
    source: str  # article or notice
    is_due: bool

    @property
    def counted(self) -> bool:
        return self.kind is DayMark.COUNT


class LivedDay(NamedTuple):
    """A day as the clock went through it; the words are made when the strip is asked for."""

    day: date
    phase: Phase
    number: int | None  # as that of `ClockDay`
    is_due: bool
    notes: Sequence[str]

    @property
    def counted(self) -> bool:
        return self.phase.mark is DayMark.COUNT and self.number is not None


def describe(lived: LivedDay, calendar: Calendar) -> ClockDay:
    """A day in words, in the order: what it is, 调休, what happened on it, whether it is due."""
    day, phase, number, is_due, notes = lived
    mark, words, source = phase.mark, phase.label.format(number), phase.article
    kind, decree = calendar.kind(day), calendar.decreed(day)
    clauses = []
    if mark not in _OWN_DAYS:
        if kind is DayKind.WEEKEND:
            mark, words, source = DayMark.WEEKEND, "周末，不计入", "条例第三十三条"
        elif decree and kind is DayKind.HOLIDAY:
            mark, words, source = DayMark.HOLIDAY, f"{decree.name}放假，不计入", decree.notice
        elif decree and kind is DayKind.WORKED:
            counts = mark is DayMark.COUNT
            clauses.append("调休上班" if counts else "当日为调休上班")
            source = decree.notice if counts else f"{source}；{decree.notice}"
    if not calendar.has_schedule(day.year):
        clauses.append(f"{day.year}年放假安排尚未公布，暂定")
    clauses += notes
    if is_due:
        clauses.append("到期日")
    return ClockDay(
        day=day,
        kind=mark,
        phase=phase,
        worked=kind is DayKind.WORKED,
        number=number,
        text="；".join([words, *clauses]) + "。",
        source=source,
        is_due=is_due,
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A row of the calculation: consecutive days of one phase."""

    first: date
    last: date
    text: str
    note: str  # what the days are made of, "" when there is nothing to add
    article: str
    counted: int


def spans_of(days: Iterable[ClockDay]) -> tuple[Span, ...]:
    """The strip, summed up as the table of the calculation (计算过程)."""
    runs = ((phase, list(run)) for phase, run in groupby(days, key=lambda day: day.phase))
    return tuple(
        Span(
            first=run[0].day,
            last=run[-1].day,
            text=phase.story,
            note=_composition(phase, run),
            article=phase.article,
            counted=sum(day.counted for day in run),
        )
        for phase, run in runs
    )


def _composition(phase: Phase, run: list[ClockDay]) -> str:
    weekends = sum(day.kind is DayMark.WEEKEND for day in run)
    holidays = sum(day.kind is DayMark.HOLIDAY for day in run)
    if phase.mark is DayMark.COUNT:
        worked = [f"{d.day:%m-%d} {weekday_name(d.day)}调休上班，计入" for d in run if d.worked]
        off = [f"周末 {weekends} 日"] * bool(weekends) + [f"节假日 {holidays} 日"] * bool(holidays)
        return "；".join(worked + ["、".join(off) + "不计"] * bool(off))
    if phase.mark in _OWN_DAYS:
        return ""
    return f"其中工作日 {len(run) - weekends - holidays} 日，周末、节假日 {weekends + holidays} 日"
