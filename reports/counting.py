"""Figures from cases: one grouped statement for a scope's period, and the cases behind any cell.

Membership is by dates alone: new = received in the period; carried over =
received before it and not closed before it; results = closed in it; carried forward = received by
its end and not closed by then. 一 + 二 = 三（七） + 四 then holds for any set of cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    Count,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from cases.choices import DepartmentKind
from cases.models import Case, Department, DepartmentPlacement, Proceeding
from cases.proceeding_querysets import ProceedingQuerySet
from cases.querysets import CaseQuerySet, assumed, late
from cases.succession import Organs
from reports.choices import ALL, HOME, OWN, SCOPES
from reports.formats.base import APPLICANT_COLUMNS, RESULT_COLUMNS, Figure, Format, Tables
from reports.models.call import ReportingUnit
from reports.rates import Replies

PLACES = "省市县区旗州盟乡镇"  # the last character of a government's place
PENDING = "pending"
# What stands below a government and is part of 本级 by itself; towns and platforms are 全区 only.
AT_HOME = (DepartmentKind.OFFICE, DepartmentKind.DEPARTMENT)
_KINDS = {column.key: at for at, column in enumerate(APPLICANT_COLUMNS)}
_RESULTS = {column.key: at for at, column in enumerate(RESULT_COLUMNS)}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both counted; a year is only the usual one."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"统计期间的止日 {self.last} 早于起日 {self.first}。")

    @classmethod
    def year(cls, year: int) -> Period:
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def is_year(self) -> bool:
        return self == Period.year(self.first.year)

    def __str__(self) -> str:
        if self.is_year:
            return f"{self.first.year} 年度"
        return f"{self.first} 至 {self.last}"


class Group(NamedTuple):
    """How many cases of a department are alike in all that the table asks of them."""

    department_id: int
    applicant_kind: str
    outcome: str  # may be that of a reply after the period: see is_closed
    is_new: bool  # received in the period, else carried into it
    is_closed: bool  # by the period's end
    cases: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cases: one organ's own, or all of a subtree as it stood at the end of the period."""

    department: Department
    kind: str
    organs: Organs
    units: int  # how many of them hold cases; a government does not


def default_scope(department: Department) -> str:
    """Unless one is named: of a government, which holds no cases itself, with all below it."""
    return OWN if department.holds_cases else ALL


def scope_labels(department: Department) -> dict[str, str]:
    """What the scopes of `department` are called: 区政府办, 区本级 and 全区 for a government."""
    if department.holds_cases:
        return {OWN: SCOPES[OWN], ALL: SCOPES[ALL]}
    offices = department.children.filter(kind=DepartmentKind.OFFICE).order_by("path")
    place = department.name.removesuffix("人民政府")[-1:]
    named = place and place in PLACES
    return {
        OWN: "、".join(map(str, offices)) or SCOPES[OWN],
        HOME: f"{place}本级" if named else SCOPES[HOME],
        ALL: f"全{place}" if named else SCOPES[ALL],
    }


def scope_of(department: Department, kind: str, period: Period) -> Scope:
    """Raises `ValueError` for an unknown kind. The tree is that of the period's last day.

    A government holds no cases: its own are those of its office (条例4).
    """
    if kind not in SCOPES or (kind == HOME and department.holds_cases):
        raise ValueError(f"没有“{kind}”这种统计范围，可用的有：{'、'.join(SCOPES)}。")
    if kind == OWN and department.holds_cases:
        units = {department.pk}  # whatever its place, or its first day, in the tree
        ids = units
    else:
        placed = units_of(department, kind, period)
        ids = set(placed)
        units = {pk for pk, its in placed.items() if its != DepartmentKind.GOVERNMENT}
    return Scope(department, kind, Organs(frozenset(ids), moves_by(period.last)), len(units))


def moves_by(day: date) -> tuple[tuple[int, date, int], ...]:
    """Every succession until `day`, as `Organs.moves`."""
    successions = Department.objects.filter(succeeded_on__lte=day).order_by()
    rows = successions.values_list("pk", "succeeded_on", "successor_id")
    return tuple((old, on, new) for old, on, new in rows if on and new)


def units_of(department: Department, kind: str, period: Period) -> dict[int, str]:
    """Department id → its kind, for all that count in a scope of `department`.

    By the tree of the period's last day, unless the year's call of the government says otherwise
    of a unit: then what it says holds, whether the unit stands below it or not.
    """
    placed = DepartmentPlacement.objects.at(period.last)
    if kind == OWN:
        placed = placed.filter(parent=department, department__kind=DepartmentKind.OFFICE)
        return dict(placed.values_list("department_id", "department__kind"))
    top = placed.filter(department=department).values_list("path", flat=True).first()
    rows = placed.below(top).values_list("department_id", "department__kind", "path") if top else ()
    below = list(rows)
    apart = tuple(path for _, its, path in below if its not in AT_HOME and path != top)
    found = {pk: its for pk, its, path in below if kind == ALL or not path.startswith(apart)}
    said = ReportingUnit.objects.filter(call__government=department, call__year=period.last.year)
    for pk, its, in_home, in_all in said.values_list(
        "department_id", "department__kind", "in_home", "in_all"
    ):
        if in_home if kind == HOME else in_all:
            found[pk] = its
        else:
            found.pop(pk, None)
    return found


def years(department: Department, today: date) -> range:
    """From the first year that any case below `department` counts in to this one."""
    first = _first_receipt(department)
    return range(min(first or today, today).year, today.year + 1)


def has_cases_by(department: Department, day: date) -> bool:
    """Whether anything is known of what `department` and all below it received until `day`."""
    first = _first_receipt(department)
    return first is not None and first <= day


def _first_receipt(department: Department) -> date | None:
    received = Case.objects.counted().filter(department=OuterRef("pk")).order_by("received_on")
    first: date | None = (
        Department.objects.below(department.path)
        .annotate(first_on=Subquery(received.values("received_on")[:1]))  # one look in the index
        .aggregate(earliest=Min("first_on"))["earliest"]
    )
    return first


def count(scope: Scope, period: Period, fmt: Format) -> Tables:
    """Sections three and four of `scope` for `period`, in the rows of `fmt`."""
    return tables_of(case_groups(scope, period), scope, period, fmt)


def tables_of(groups: Iterable[Group], scope: Scope, period: Period, fmt: Format) -> Tables:
    """The same from cases that are grouped already."""
    return Tables(section_three(groups, fmt), section_four(scope, period, fmt))


def section_three(groups: Iterable[Group], fmt: Format) -> dict[str, list[Figure]]:
    """Each group to its row of receipt and its row of result, in its column and in 总计."""
    three = Tables.zero(fmt).section_three
    for group in groups:
        rows = ["new_received" if group.is_new else "carried_over"]
        if group.is_closed:
            rows += [fmt.section_three.row_for_outcome(group.outcome).key, "results_total"]
        else:
            rows.append("carried_forward")
        for row in rows:
            _add(three[row], _KINDS[group.applicant_kind], group.cases)
    return three


def section_four(scope: Scope, period: Period, fmt: Format) -> dict[str, list[Figure]]:
    """Proceedings concluded in the period by result, and those pending at its end."""
    return tabled(proceeding_groups(scope, period), fmt)


def proceeding_groups(scope: Scope, period: Period, **by: Any) -> Iterable[tuple[Any, ...]]:
    """Rows of kind, result, whether concluded in the period, the values named `by`, and how many
    proceedings."""
    found = Proceeding.objects.of_organs(scope.organs).counted_in(period.first, period.last)
    is_concluded = LessThanOrEqual(F("concluded_on"), period.last)
    return (
        found.order_by()
        .annotate(is_concluded=is_concluded, **by)
        .values_list("kind", "result", "is_concluded", *by)
        .annotate(proceedings=Count("*"))
    )


def tabled(groups: Iterable[tuple[Any, ...]], fmt: Format) -> dict[str, list[Figure]]:
    """Section four from rows of `proceeding_groups`."""
    four = Tables.zero(fmt).section_four
    for kind, result, is_concluded, *_, proceedings in groups:
        _add(four[kind], _RESULTS[result if is_concluded else PENDING], proceedings)
    return four


def cases_in(scope: Scope, period: Period) -> CaseQuerySet:
    """Every case the table counts: new in the period or carried into it."""
    return _counted(scope).filter(
        Q(closed_on=None) | Q(closed_on__gte=period.first), received_on__lte=period.last
    )


def cell_cases(scope: Scope, period: Period, fmt: Format, row: str, column: str) -> CaseQuerySet:
    """The cases behind one cell of section three; `KeyError` for a row or column it has not."""
    cases = _row_cases(_counted(scope), period, fmt, row)
    if column == "total":
        return cases
    if column not in _KINDS:
        raise KeyError(column)
    return cases.filter(applicant_kind=column)


def cell_proceedings(scope: Scope, period: Period, group: str, column: str) -> ProceedingQuerySet:
    """The proceedings behind one cell of section four; `KeyError` as above."""
    found = Proceeding.objects.of_organs(scope.organs).filter(kind=group)
    if column == "total":
        return found.counted_in(period.first, period.last)
    if column == PENDING:
        return found.pending_at(period.last)
    if column not in _RESULTS:
        raise KeyError(column)
    return found.concluded_in(period.first, period.last).filter(result=column)


def cell_outcomes(cases: CaseQuerySet) -> dict[str, int]:
    """How many of a cell's cases have which outcome; "" stands for none."""
    rows = cases.order_by().values_list("outcome").annotate(cases=Count("*"))
    return dict(rows.order_by("-cases", "outcome"))


def replies(scope: Scope, period: Period, *, on: date) -> Replies:
    """Of the cases closed in the period, as in 三（七）, how many are late on `on`: one statement.

    "In time" is tested on the day of service, on that of the reply where none is recorded.
    """
    closed = _counted(scope).closed_in(period.first, period.last)
    found = closed.aggregate(
        closed=Count("pk"),
        late=Count("pk", filter=late(on)),
        assumed=Count("pk", filter=assumed(on)),
    )
    return Replies(**found)


def size(behind_a_cell: CaseQuerySet | ProceedingQuerySet) -> int:
    return behind_a_cell.count()


def volumes(scope: Scope, period: Period) -> dict[int, tuple[int, int]]:
    """Department id → (new, carried over), for every department of the scope that has any."""
    return volumes_of(case_groups(scope, period))


def volumes_of(groups: Iterable[Group]) -> dict[int, tuple[int, int]]:
    """The same from cases that are grouped already."""
    found: dict[int, tuple[int, int]] = {}
    for group in groups:
        new, carried = found.get(group.department_id, (0, 0))
        if group.is_new:
            new += group.cases
        else:
            carried += group.cases
        found[group.department_id] = (new, carried)
    return found


def case_groups(scope: Scope, period: Period) -> list[Group]:
    return [Group(*row) for row in grouped_cases(scope, period)]


def grouped_cases(scope: Scope, period: Period) -> QuerySet[Case, tuple[Any, ...]]:
    """The one statement behind section three; `make bench` compares the whole table with it."""
    cases = grouping(cases_in(scope, period), period).order_by()
    return cases.values_list(*Group._fields[:-1]).annotate(cases=Count("*"))


def grouping(cases: CaseQuerySet, period: Period) -> CaseQuerySet:
    """`cases` with what of a group is not a column of theirs."""
    closed_on = Coalesce("closed_on", Value(date.max))
    return cases.annotate(
        is_new=GreaterThanOrEqual(F("received_on"), period.first),
        is_closed=LessThanOrEqual(closed_on, period.last),
    )


def _add(row: list[Figure], column: int, number: int) -> None:
    """To the column and to 总计, the last."""
    for index in (column, -1):
        row[index] = (row[index] or 0) + number


def _counted(scope: Scope) -> CaseQuerySet:
    cases: CaseQuerySet = Case.objects.counted().of_organs(scope.organs)
    return cases


def _row_cases(cases: CaseQuerySet, period: Period, fmt: Format, key: str) -> CaseQuerySet:
    match key:
        case "new_received":
            return cases.received_in(period.first, period.last)
        case "carried_over":
            return cases.carried_into(period.first)
        case "carried_forward":
            return cases.open_at(period.last)
    closed = cases.closed_in(period.first, period.last)
    if key in ("results", "results_total"):
        return closed
    row = fmt.section_three.row(key)
    leaves = (row,) if row.outcomes else fmt.section_three.under(row)
    return closed.filter(outcome__in=[code for leaf in leaves for code in leaf.outcomes])
