"""A year at a glance: what came, what was answered, what is late, by month and by unit.

Membership is that of the annual table (see reports.counting), so that the two always agree. However
many units a scope has, it takes the same few statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Case as Switch
from django.db.models import Count, IntegerField, Q, Value, When

from cases.choices import Outcome, OutcomeGroup, Stage
from cases.models import Case, Department
from cases.querysets import CaseQuerySet, ticking
from cases.states import State
from reports.checks import Check, run_checks
from reports.counting import (
    Group,
    Period,
    Scope,
    case_groups,
    cases_in,
    has_cases_by,
    scope_of,
    tables_of,
)
from reports.formats.base import Tables
from reports.workflow import Question

FIGURES: Mapping[str, str] = {
    "all": "收件",
    "new": "新收",
    "closed": "办结",
    "open": "在办",
    "overdue": "逾期未办",
    "late": "逾期答复",
    "disclosed": "予以公开、部分公开",
}
DISCLOSED = (OutcomeGroup.GRANTED, OutcomeGroup.PARTIAL)


@dataclass(frozen=True, slots=True)
class Work:
    """Cases of a unit, or of several together, in a period."""

    new: int = 0
    carried: int = 0
    closed: int = 0
    late: int = 0  # of the closed
    overdue: int = 0  # on the day that is asked about; replies still to be served included
    overdue_open: int = 0  # … those included no longer

    @property
    def received(self) -> int:
        return self.new + self.carried

    @property
    def open(self) -> int:
        return self.received - self.closed

    @property
    def in_time(self) -> int:
        return self.closed - self.late

    def __add__(self, other: Work) -> Work:
        return Work(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


class Month(NamedTuple):
    month: int
    new: int
    closed: int
    open: int  # at its end; of the month that runs, now


class Standing(NamedTuple):
    """Cases of a unit that wait for something on a day."""

    department_id: int
    overdue: int
    overdue_open: int
    consultation: int
    correction: int
    fee: int


@dataclass(frozen=True, slots=True)
class Overview:
    work: Mapping[int, Work]  # department id → its cases, where it has any
    before: tuple[int, int] | None  # new and closed in the same days of the year before, if known
    months: list[Month]
    groups: Mapping[OutcomeGroup, int]  # how the closed ones ended
    consultation: int
    correction: int
    fee: int
    tables: Tables
    checks: list[Check]
    departments: list[Department]  # all that are spoken of, in the order of the tree
    units: list[Department]  # … those of the scope that hold cases

    @property
    def total(self) -> Work:
        return sum(self.work.values(), Work())

    @property
    def silent(self) -> list[Department]:
        """Units without a single case: 零报告, or not entered yet."""
        return [unit for unit in self.units if not self.work.get(unit.pk, Work()).received]


def overview_of(question: Question, before: Period, *, on: date) -> Overview:
    """The year of `question` as at `on`, compared with `before`."""
    scope, period = question.counted, question.period
    groups = case_groups(scope, period)
    standing = standing_in(scope, on=on)
    work = _work_of(groups, standing, late_in(scope, period, on=on))
    tables = tables_of(groups, scope, period, question.format)
    named = Department.objects.filter(pk__in=scope.organs.ids | work.keys())
    departments = list(named.order_by("path"))
    carried = sum(each.carried for each in work.values())
    known = has_cases_by(question.department, before.last)
    return Overview(
        work=work,
        before=_totals(question, before) if known else None,
        months=months_of(scope, period, carried=carried, on=on),
        groups=_ended(groups),
        consultation=sum(each.consultation for each in standing),
        correction=sum(each.correction for each in standing),
        fee=sum(each.fee for each in standing),
        tables=tables,
        checks=run_checks(question.format, tables),
        departments=departments,
        units=[one for one in departments if _is_unit(one, scope, period)],
    )


def figure_cases(scope: Scope, period: Period, figure: str, *, on: date) -> CaseQuerySet:
    """The cases behind a figure of the page; `KeyError` for one that it has not."""
    cases = _counted(scope)
    match figure:
        case "all":
            return cases_in(scope, period)
        case "new":
            return cases.received_in(period.first, period.last)
        case "open":
            return cases.open_at(period.last)
        case "overdue":
            return cases.overdue(on)
    closed = cases.closed_in(period.first, period.last)
    match figure:
        case "closed":
            return closed
        case "late":
            return closed.answered_late(on)
        case "disclosed":
            ended = [outcome for outcome in Outcome if outcome.rule.group in DISCLOSED]
            return closed.filter(outcome__in=ended)
    raise KeyError(figure)


def month_of(year: int, month: int) -> Period:
    after = date(year + month // 12, month % 12 + 1, 1)
    return Period(date(year, month, 1), after - timedelta(days=1))


def _totals(question: Question, period: Period) -> tuple[int, int]:
    """New and closed in the period."""
    scope = scope_of(question.department, question.scope, period)
    found = cases_in(scope, period).aggregate(
        new=Count("pk", filter=Q(received_on__gte=period.first)),
        closed=Count("pk", filter=Q(closed_on__lte=period.last)),
    )
    return found["new"], found["closed"]


def months_of(scope: Scope, period: Period, *, carried: int, on: date) -> list[Month]:
    """The months of the year `period`, up to that of `on`.

    What is open at a month's end is what was carried in and came until then, less what was closed.
    """
    year = period.first.year
    rows = (
        cases_in(scope, period)
        .order_by()
        .values_list(_month("received_on", year), _month("closed_on", year))
        .annotate(cases=Count("*"))
    )
    new, closed = [0] * 13, [0] * 13  # by month; 0 stands for none of this year
    for came, went, cases in rows:
        new[came] += cases
        closed[went] += cases
    last = on.month if year == on.year else 12
    months, left = [], carried
    for month in range(1, last + 1):
        left += new[month] - closed[month]
        months.append(Month(month, new[month], closed[month], left))
    return months


def late_in(scope: Scope, period: Period, *, on: date) -> dict[int, int]:
    """Department id → answered in the period, and late on `on` (国办公开办函〔2016〕235号)."""
    late = _counted(scope).closed_in(period.first, period.last).answered_late(on).order_by()
    return dict(late.values_list("department_id").annotate(cases=Count("*")))


def standing_in(scope: Scope, *, on: date) -> list[Standing]:
    """What waits on `on`, for every department where anything is still to do."""
    overdue = ticking(on) & Q(ends_on__lt=on)
    rows = (
        Case.objects.of_organs(scope.organs)
        .to_do()
        .order_by()
        .values_list("department_id")
        .annotate(
            overdue=Count("pk", filter=overdue),
            overdue_open=Count("pk", filter=overdue & Q(stage=Stage.OPEN)),
            consultation=Count("pk", filter=State.CONSULTATION.condition(on)),
            correction=Count("pk", filter=State.CORRECTION.condition(on)),
            fee=Count("pk", filter=State.FEE.condition(on)),
        )
    )
    return [Standing(*row) for row in rows]


def _work_of(
    groups: Iterable[Group], standing: Iterable[Standing], late: Mapping[int, int]
) -> dict[int, Work]:
    work: dict[int, Work] = {}

    def add(department: int, **cases: int) -> None:
        work[department] = work.get(department, Work()) + Work(**cases)

    for group in groups:
        kind = "new" if group.is_new else "carried"
        add(group.department_id, **{kind: group.cases}, closed=group.cases * group.is_closed)
    for each in standing:
        add(each.department_id, overdue=each.overdue, overdue_open=each.overdue_open)
    for department, cases in late.items():
        add(department, late=cases)
    return work


def _is_unit(department: Department, scope: Scope, period: Period) -> bool:
    """Of the scope, holding cases, and not merged into another before the period began."""
    merged_on = department.succeeded_on
    gone = merged_on is not None and merged_on <= period.first
    return department.pk in scope.organs.ids and department.holds_cases and not gone


def _ended(groups: Iterable[Group]) -> dict[OutcomeGroup, int]:
    found: dict[OutcomeGroup, int] = {}
    for group in groups:
        if group.is_closed:
            ended = Outcome(group.outcome).rule.group
            found[ended] = found.get(ended, 0) + group.cases
    return found


def _month(field: str, year: int) -> Switch:
    """The month of `field` in `year`, 0 for another year or no day.

    By comparing, which both databases do fast: SQLite has no month of its own.
    """
    after = When(**{f"{field}__gt": date(year, 12, 31)}, then=Value(0))
    months = (
        When(**{f"{field}__gte": date(year, month, 1)}, then=Value(month))
        for month in range(12, 0, -1)
    )
    return Switch(after, *months, default=Value(0), output_field=IntegerField())


def _counted(scope: Scope) -> CaseQuerySet:
    cases: CaseQuerySet = Case.objects.counted().of_organs(scope.organs)
    return cases
