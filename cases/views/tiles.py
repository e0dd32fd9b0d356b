"""The tiles of 我的工作: counts that open the lists they count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from cases.choices import RoundState
from cases.filters import DEFENCES, ROUNDS_SHOWN
from cases.overview import LISTS_OF_SOME, Counts
from cases.presenting import day_words, short_weekday
from cases.proceeding_standing import Standing
from cases.states import State
from cases.workdays import ONE_DAY, Calendar


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    url: str
    value: int | str
    note: str = ""
    lamp_css: str = ""
    unit: str = "件"

    @property
    def zero(self) -> bool:
        return not self.value


def list_url(page: str = "cases:list", **conditions: object) -> str:
    """The list of cases, or another, with these conditions."""
    asked = "&".join(f"{name}={value}" for name, value in conditions.items())
    return reverse(page) + (f"?{asked}" if asked else "")


def tiles_of(
    counts: Counts,
    of_some: Iterable[int],
    owed: Sequence[Standing],
    *,
    on: date,
    calendar: Calendar,
) -> list[Tile]:
    """Of what every organ has, always; of the rest while there is any.

    `of_some` counts the lists of LISTS_OF_SOME, in their order.
    """
    rare = [
        Tile("待我审核", list_url(signoff="mine"), counts.to_sign, "同意或退回修改"),
        *(
            Tile(label, list_url(**condition), n)
            for (label, condition), n in zip(LISTS_OF_SOME, of_some, strict=True)
        ),
        *_of_proceedings(owed, on),
    ]
    return [*_usual(counts, on, calendar), *(tile for tile in rare if tile.value)]


def _usual(counts: Counts, on: date, calendar: Calendar) -> list[Tile]:
    def tile(state: State, note: str = "", lamp_css: str = "") -> Tile:
        url = list_url(state=state.value)
        return Tile(str(state.label), url, counts.states[state], note, lamp_css)

    due_today, pending = counts.unserved_due_today, RoundState.PENDING
    review = list_url(signoff=pending.value)
    return [
        tile(State.UNASSIGNED, _by(counts.first_unassigned_on, on, "最早", "收到")),
        tile(State.UNCONFIRMED, "联系上申请人才起算" * bool(counts.states[State.UNCONFIRMED])),
        *_by_day(counts, on, calendar),
        tile(State.CORRECTION, _term(counts.next_correction_on, on)),
        tile(State.CONSULTATION, _term(counts.next_opinion_on, on), "pause"),
        tile(State.FEE, _term(counts.next_payment_on, on)),
        Tile(ROUNDS_SHOWN[pending], review, counts.in_review),
        tile(State.UNSERVED, f"{due_today} 件须在今日送达" * bool(due_today)),
    ]


def _by_day(counts: Counts, on: date, calendar: Calendar) -> list[Tile]:
    late = calendar.workdays_between(counts.first_overdue_on, on) if counts.first_overdue_on else 0
    following = calendar.next_workday(on)
    next_day = "明日" if following - on == ONE_DAY else short_weekday(following)
    soon = [f"今日 {counts.due_today} 件" * bool(counts.due_today)]
    soon += [f"{next_day} {counts.due_tomorrow} 件" * bool(counts.due_tomorrow)]
    soon_text, late_text = "，".join(filter(None, soon)), f"最长逾期 {late} 个工作日" * bool(late)
    return [
        Tile("五日内到期", list_url(due=5), counts.due_soon, soon_text, "amber"),
        Tile("逾期未办", list_url(due="overdue"), counts.overdue, late_text, "black"),
    ]


def _of_proceedings(owed: Sequence[Standing], on: date) -> list[Tile]:
    """What a review or suit asks of the organ."""
    days: dict[str, list[date | None]] = {"to_answer": [], "again": []}
    for standing in owed:
        asked = "again" if standing.proceeding.ordered_on else "to_answer"
        days[asked].append(standing.latest.day if standing.latest else None)
    return [
        Tile(
            DEFENCES[asked],
            list_url("cases:proceedings", due=asked),
            len(found),
            _term(min(filter(None, found), default=None), on),
        )
        for asked, found in days.items()
    ]


def _by(day: date | None, on: date, before: str, after: str) -> str:
    return f"{before} {day_words(day, on)} {after}" if day else ""


def _term(day: date | None, on: date) -> str:
    """A term of waiting that has passed asks for a decision (条例30)."""
    if day and day < on:
        return f"有的 {day_words(day, on)} 已期满"
    return _by(day, on, "最近", "期满")
