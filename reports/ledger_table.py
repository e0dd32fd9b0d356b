"""The table that a ledger gives by itself, beside that of the cases in the system.

The ledger's is counted from its own rows, by the same rule as `counting` counts cases: by dates
alone. So a cell where the two differ says that a row and its case differ, or that one has no other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cases.imports.figures import Alike, Figures
from cases.models import Department
from reports.choices import OWN
from reports.counting import (
    PENDING,
    Group,
    Period,
    Scope,
    case_groups,
    scope_of,
    section_three,
    tables_of,
)
from reports.formats import FORMATS, format_for_year
from reports.formats.base import RESULT_COLUMNS, Figure, Format, Tables

FIRST_YEAR = min(fmt.first_year for fmt in FORMATS.values())
_RESULTS = [column.key for column in RESULT_COLUMNS]


@dataclass(frozen=True, slots=True)
class Pair:
    """Both tables of one year, in the format of that year."""

    year: int
    format: Format
    ledger: Tables
    live: Tables

    def apart(self) -> list[str]:
        """The paths of the cells that differ, in reading order."""
        return [
            path for path in self.format.cells if self.ledger.value(path) != self.live.value(path)
        ]

    def in_excess(self) -> list[str]:
        """Those of them where the ledger has more: a case of it is missing, or stands elsewhere."""
        return [
            path
            for path in self.apart()
            if (self.ledger.value(path) or 0) > (self.live.value(path) or 0)
        ]

    def lacking(self) -> int:
        """How many cases of the year the system has beyond those of the ledger."""
        return max(_received(self.live) - _received(self.ledger), 0)


def _received(tables: Tables) -> int:
    rows = ("new_received", "carried_over")
    return sum(tables.value(f"section_three.{row}.total") or 0 for row in rows)


def departments_of(figures: Figures) -> set[int]:
    return {row.department_id for rows in figures.values() for row in rows}


def years_of(figures: Figures) -> list[int]:
    """The years that the ledger tells of and that have an official format, the latest first."""
    rows = [row for found in figures.values() for row in found]
    years = {row.begun for row in rows} | {row.ended for row in rows if row.ended}
    return sorted((year for year in years if year >= FIRST_YEAR), reverse=True)


def usual_year(figures: Figures) -> int | None:
    """The latest in which anything was received or filed; None where no year has a format."""
    begun = {row.begun for rows in figures.values() for row in rows}
    return next((year for year in years_of(figures) if year in begun), None)


def pair_of(figures: Figures, departments: Collection[Department], year: int) -> Pair:
    """The two tables of `departments`; raises `NoFormat` for a year without one."""
    fmt, period = format_for_year(year), Period.year(year)
    scope = _scope(departments, period)
    ids = {department.pk for department in departments}
    own = {
        name: [row for row in rows if row.department_id in ids] for name, rows in figures.items()
    }
    live = tables_of(case_groups(scope, period), scope, period, fmt)
    return Pair(year, fmt, ledger_tables(own, year, fmt), live)


def ledger_tables(figures: Figures, year: int, fmt: Format) -> Tables:
    """Sections three and four of `year` from the rows of a ledger."""
    three = section_three(_groups(figures["cases"], year), fmt)
    return Tables(three, _section_four(figures["proceedings"], year, fmt))


def _scope(departments: Collection[Department], period: Period) -> Scope:
    """As that of one department, with the organs of all of them."""
    first, *others = departments
    scope = scope_of(first, OWN, period)
    ids = scope.organs.ids | {department.pk for department in others}
    organs = type(scope.organs)(ids, scope.organs.moves)
    return Scope(first, OWN, organs, len(ids))


def _groups(rows: list[Alike], year: int) -> Iterator[Group]:
    for row in rows:
        if row.begun <= year and (row.ended is None or row.ended >= year):
            closed = row.ended == year
            yield Group(row.department_id, row.kind, row.end, row.begun == year, closed, row.rows)


def _section_four(rows: list[Alike], year: int, fmt: Format) -> dict[str, list[Figure]]:
    """Concluded in the year by result, and pending at its end (convention 6)."""
    four = Tables.zero(fmt).section_four
    for row in rows:
        if row.begun <= year and (row.ended is None or row.ended >= year):
            column = row.end if row.ended == year else PENDING
            figures = four[row.kind]
            for at in (_RESULTS.index(column), -1):
                figures[at] = (figures[at] or 0) + row.rows
    return four
