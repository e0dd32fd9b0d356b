"""周一单: what presses and what waits, on one printed page, the most pressing first.

Each case stands once, in the first section that is about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case as Switch
from django.db.models import Count, F, IntegerField, Q, Value, When, Window
from django.db.models.functions import RowNumber

from cases.choices import Stage
from cases.listing import with_parties
from cases.models import Case
from cases.querysets import TO_SERVE, CaseQuerySet, ticking
from cases.states import State

KEPT = 2  # lines that a backlog leaves to every later section
MOST_OWED = 6  # reviews and suits
LINES = 34  # cases that fit on the page with every section's heading: static/css/monday.css
SUNDAY = 7  # the last day of a week of the calendar (ISO 8601)


@dataclass(frozen=True, slots=True)
class Section:
    """`cases` are those that fit on the page, `count` all there are."""

    title: str
    count: int
    cases: list[Case]

    @property
    def left_out(self) -> int:
        return self.count - len(self.cases)


def sections_of(cases: CaseQuerySet, *, on: date, lines: int = LINES) -> list[Section]:
    """The sections that have cases, with `lines` cases among them, in three statements."""
    places = _places(on)
    placed = _placed(cases, [condition for _, condition in places])
    rows = placed.order_by().values_list("place").annotate(cases=Count("*"))
    counts: dict[int, int] = dict(rows)
    listed: dict[int, list[Case]] = {place: [] for place in counts}
    order = (_day(on).asc(nulls_last=True), "pk")
    rank = Window(RowNumber(), partition_by=F("place"), order_by=order)
    fits = Q(pk__in=())
    for place, room in _rooms(counts, lines).items():
        fits |= Q(place=place, rank__lte=room)
    whole: Any = with_parties(placed.annotate(rank=rank).filter(fits))
    for case in whole.order_by("place", "rank"):
        listed[case.place].append(case)
    return [Section(places[place][0], counts[place], listed[place]) for place in sorted(counts)]


def _rooms(counts: Mapping[int, int], lines: int) -> dict[int, int]:
    """Section → its lines: a few for each, so that no backlog hides the work of the day, and what
    is left to the most pressing first."""
    rooms = {place: min(count, KEPT) for place, count in sorted(counts.items())}
    left = lines - sum(rooms.values())
    for place in rooms:
        more = max(0, min(counts[place] - rooms[place], left))
        rooms[place] += more
        left -= more
    return rooms


def _placed(cases: CaseQuerySet, conditions: list[Q]) -> Any:
    """Those that meet a condition; `place` is that of the first one they meet."""
    whens = (When(condition, then=Value(place)) for place, condition in enumerate(conditions))
    place = Switch(*whens, default=None, output_field=IntegerField())
    # New replies that wait for service among them, each looked up in its own index.
    to_do, to_serve = cases.to_do().order_by(), cases.order_by().filter(TO_SERVE)
    placed: Any = cases.filter(pk__in=to_do.values("pk").union(to_serve.values("pk")))
    return placed.annotate(place=place).filter(place__isnull=False)


def _day(on: date) -> Switch:
    """By which the cases of a section are ordered."""
    return Switch(
        When(again_replied_on__isnull=False, then=F("again_until")),
        When(ticking(on), then=F("ends_on")),
        When(stage=Stage.UNCONFIRMED, then=F("arrived_on")),
        default=F("waiting_until"),
    )


def _places(on: date) -> list[tuple[str, Q]]:
    """Sections by priority. The conditions of the later ones need not leave out the earlier."""
    year, week, _ = on.isocalendar()
    sunday = date.fromisocalendar(year, week, SUNDAY)
    running = ticking(on)
    return [
        ("逾期", running & Q(ends_on__lt=on)),
        ("今日到期", running & Q(ends_on=on)),
        ("本周到期", running & Q(ends_on__lte=sunday)),
        ("下周到期", running & Q(ends_on__lte=sunday + timedelta(weeks=1))),
        ("等待补正、缴费", State.CORRECTION.condition(on) | State.FEE.condition(on)),
        ("征求意见中", State.CONSULTATION.condition(on)),
        ("待确认", State.UNCONFIRMED.condition(on)),
        ("待送达", State.UNSERVED.condition(on)),
        ("未分派", State.UNASSIGNED.condition(on)),
    ]
