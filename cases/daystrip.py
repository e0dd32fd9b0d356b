"""A clock laid out as the day strip and the table of the calculation, for templates.

The shapes are those of templates/components/_strip.html and _why.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby

from cases.clock import Clock, ClockDay, DayMark
from cases.clock_days import EXTENDED, Phase
from cases.workdays import weekday_name

# How many columns a word of the line under the days needs: a column is some 27 px, a character 11.
CHARACTERS_PER_COLUMN = 2.4
# The character of a day that does not count; one that counts has its number.
_CHARACTERS = {
    DayMark.RECEIVED: "收",
    DayMark.WEEKEND: "休",
    DayMark.HOLIDAY: "假",
    DayMark.PAUSE: "停",
    DayMark.WAITING: "等",
    DayMark.RESTART: "重",
    DayMark.LATE: "逾",
    DayMark.CLOSED: "结",
}
_LINES = {DayMark.COUNT: "c", DayMark.PAUSE: "p", DayMark.WAITING: "p"}


@dataclass(frozen=True, slots=True)
class Head:
    at: int
    text: str
    now: bool


@dataclass(frozen=True, slots=True)
class StripDay:
    date_text: str
    number_of_month: int
    kind: str
    character: str  # 收 休 假 停 等 重 逾 结, or the number of a day that counts
    under: tuple[str, ...]  # in small below it: how many days late, 到期, 班
    number: int | None
    worked: bool
    past: bool
    today: bool
    due: bool
    text: str
    source: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Segment:
    at: int
    over: int
    kind: str
    starts: bool
    ends: bool
    text: str


@dataclass(frozen=True, slots=True)
class Week:
    n: int
    heads: list[Head]
    days: list[StripDay]
    segs: list[Segment]


@dataclass(frozen=True, slots=True)
class Strip:
    weeks: list[Week]
    chosen: StripDay


@dataclass(frozen=True, slots=True)
class WhyRow:
    span: str
    text: str
    note: str
    article: str
    counted: int


@dataclass(frozen=True, slots=True)
class WhySum:
    text: str
    counted: int


def strip_of(clock: Clock) -> Strip | None:
    """The days from receipt on, in blocks of a calendar week; None while nothing is received."""
    if not clock.days:
        return None
    chosen = next((d for d in clock.days if d.is_due), clock.days[-1])
    blocks = [list(run) for _, run in groupby(clock.days, key=lambda d: d.day.isocalendar()[:2])]
    segments = _segments(clock.days, blocks)
    weeks = [
        Week(
            n=len(days),
            heads=_heads(days, clock.on, first=place == 0),
            days=[_strip_day(day, clock, chosen) for day in days],
            segs=segments[place],
        )
        for place, days in enumerate(blocks)
    ]
    return Strip(weeks, _strip_day(chosen, clock, chosen))


def why_rows(clock: Clock) -> list[WhyRow]:
    """The calculation, a row for each stretch of days."""
    return [
        WhyRow(
            span=f"{span.first:%m-%d}"
            + (f" 至 {span.last:%m-%d}" if span.last > span.first else ""),
            text=span.text,
            note=span.note,
            article=span.article,
            counted=span.counted,
        )
        for span in clock.spans
    ]


def why_sum(clock: Clock) -> WhySum | None:
    """The last row: on which day the term ends; None while nobody can say."""
    if clock.ends_on is None:
        return None
    assert clock.calendar is not None  # without one there is no day
    ends_on = clock.calendar.said(clock.ends_on)
    if clock.in_time is not None:
        return WhySum(f"到期日 {ends_on}，答复时已用 {clock.used} 个工作日", clock.used)
    return WhySum(f"次日起第 {clock.term} 个工作日，到期日 {ends_on}", clock.term)


def sources_of(clock: Clock) -> list[str]:
    """The articles and notices that the calculation rests on, each once, in its order."""
    cited = [span.article for span in clock.spans] + [day.source for day in clock.days]
    return list(dict.fromkeys(part for text in cited for part in parts_of(text)))


def parts_of(source: str) -> list[str]:
    """The articles and notices that one row or day cites."""
    return [part.strip() for part in source.split("；") if part.strip()]


def _segments(days: Sequence[ClockDay], blocks: Sequence[Sequence[object]]) -> list[list[Segment]]:
    """The lines under the days: one for each stretch of one phase, cut where a week ends.

    The words of a stretch stand once, under its longest piece.
    """
    found: list[list[Segment]] = [[] for _ in blocks]
    begins = [0, *accumulate(len(block) for block in blocks)]
    position = 0
    for phase, run in groupby(days, key=lambda d: d.phase):
        stretch = list(run)
        first, after = position, position + len(stretch)
        position = after
        if phase.mark not in _LINES:
            continue
        pieces = [
            (week, max(first, begins[week]), min(after, begins[week + 1]))
            for week in range(len(blocks))
            if begins[week] < after and first < begins[week + 1]
        ]
        longest = max(pieces, key=lambda piece: piece[2] - piece[1])
        words = _words(phase, sum(day.counted for day in stretch))
        for piece in pieces:
            week, start, end = piece
            fitting = (w for w in words if len(w) <= (end - start) * CHARACTERS_PER_COLUMN)
            found[week].append(
                Segment(
                    at=start - begins[week] + 1,
                    over=end - start,
                    kind=_LINES[phase.mark],
                    starts=start == first,
                    ends=end == after,
                    text=next(fitting, "") if piece is longest else "",
                )
            )
    return found


def _words(phase: Phase, counted: int) -> tuple[str, ...]:
    """What to write under a stretch, the longest first."""
    if phase.mark is DayMark.COUNT:
        return (f"{'延期' if phase is EXTENDED else '计入'} {counted} 日", f"{counted} 日")
    reason = phase.label.partition("，")[0]
    return (f"停止计算：{reason}" if phase.mark is DayMark.PAUSE else reason, reason, "停")


def _heads(days: list[ClockDay], today: date, *, first: bool) -> list[Head]:
    """The month over its first day, and 今天; where the two would touch they become one."""
    months = [
        (at, f"{d.day.month}月")
        for at, d in enumerate(days, start=1)
        if d.day.day == 1 or (first and at == 1)
    ]
    now = next((at for at, d in enumerate(days, start=1) if d.day == today), None)
    heads = []
    for at, text in months:
        if now is not None and abs(at - now) <= 1:
            heads.append(Head(at, f"{text} 今天", now=False))
            now = None
        else:
            heads.append(Head(at, text, now=False))
    if now is not None:
        heads.append(Head(now, "今天", now=True))
    return heads


def _strip_day(day: ClockDay, clock: Clock, chosen: ClockDay) -> StripDay:
    return StripDay(
        date_text=f"{day.day.month}月{day.day.day}日 {weekday_name(day.day)}",
        number_of_month=day.day.day,
        kind=str(day.kind),
        character=_CHARACTERS.get(day.kind) or str(day.number or ""),
        under=tuple(_under(day)),
        number=day.number,
        worked=day.worked,
        past=day.counted and day.day <= clock.on,
        today=day.day == clock.on,
        due=day.is_due,
        text=day.text,
        source=day.source,
        chosen=day is chosen,
    )


def _under(day: ClockDay) -> Iterator[str]:
    if day.kind is DayMark.LATE and day.number:
        yield str(day.number)
    if day.is_due:
        yield "到期"
    elif day.worked:
        yield "班"
