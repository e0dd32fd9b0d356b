"""The tables of many organs: each organ's own, and their sum (domain section 8).

Those that work here are counted from their cases, all by one statement; those that work elsewhere
have handed theirs in. Nothing is added twice: an organ that hands in is not counted besides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import Count

from cases.models import Department
from cases.succession import OF_CASES, OF_PROCEEDINGS
from reports.choices import OWN, Way
from reports.counting import (
    Group,
    Period,
    Scope,
    cases_in,
    grouping,
    proceeding_groups,
    scope_of,
    section_three,
    tabled,
)
from reports.formats import format_for_year
from reports.formats.base import Format, Tables
from reports.models import HandedInTable, ReportingUnit


@dataclass(frozen=True, slots=True)
class Part:
    """What one organ adds. `tables` is None while one that hands in has not."""

    department: Department
    way: Way
    tables: Tables | None


@dataclass(frozen=True, slots=True)
class RollUp:
    format: Format
    parts: tuple[Part, ...]  # in the order of the tree; also those that add nothing but zeros

    @property
    def tables(self) -> Tables:
        known = (part.tables for part in self.parts if part.tables)
        return sum(known, start=Tables.zero(self.format))

    @property
    def missing(self) -> tuple[Department, ...]:
        return tuple(part.department for part in self.parts if part.tables is None)


def roll_up(department: Department, kind: str, year: int) -> RollUp:
    """Every organ that counts in a scope of `department`, with its own tables of `year`.

    Raises `NoFormat` for a year without a format, `ValueError` for an unknown scope.
    """
    fmt, period = format_for_year(year), Period.year(year)
    scope = scope_of(department, kind, period)
    elsewhere = handing_in(scope.organs.ids, year)
    here = replace(scope, organs=replace(scope.organs, ids=scope.organs.ids - elsewhere))
    handed_in = latest_handed_in(elsewhere, year)
    counted = tables_by_organ(here, period, fmt)
    zero = Tables.zero(fmt)
    units = Department.objects.filter(pk__in=scope.organs.ids).answering().order_by("path")
    return RollUp(
        fmt,
        tuple(
            Part(unit, Way.HANDED_IN, handed_in[unit.pk].tables if unit.pk in handed_in else None)
            if unit.pk in elsewhere
            else Part(unit, Way.CASES, counted.get(unit.pk, zero))
            for unit in units
        ),
    )


def own_tables(department: Department, year: int) -> Part:
    """The same of one organ alone."""
    [part] = roll_up(department, OWN, year).parts
    return part


def tables_by_organ(scope: Scope, period: Period, fmt: Format) -> dict[int, Tables]:
    """Department id → its own tables, for each organ of the scope with a case or proceeding."""
    cases = grouping(cases_in(scope, period), period).order_by()
    holder = scope.organs.holder(*OF_CASES)
    rows = cases.annotate(holder=holder).values_list("holder", *Group._fields[1:-1])
    groups = defaultdict[int, list[Group]](list)
    for row in rows.annotate(cases=Count("*")):
        groups[row[0]].append(Group(*row))
    proceedings = defaultdict[int, list[tuple[object, ...]]](list)
    holder = scope.organs.holder(*OF_PROCEEDINGS)
    for kind, result, is_concluded, organ, number in proceeding_groups(
        scope, period, holder=holder
    ):
        proceedings[organ].append((kind, result, is_concluded, number))
    return {
        organ: Tables(section_three(groups[organ], fmt), tabled(proceedings[organ], fmt))
        for organ in groups.keys() | proceedings.keys()
    }


def latest_handed_in(organs: Collection[int], year: int) -> dict[int, HandedInTable]:
    """Department id → the table that holds, of those that handed one in."""
    rows = HandedInTable.objects.filter(year=year, department_id__in=organs).order_by("id")
    return {row.department_id: row for row in rows}


def handing_in(organs: Collection[int], year: int) -> frozenset[int]:
    """Of these organs those that work elsewhere that year."""
    units = ReportingUnit.objects.filter(
        call__year=year, way=Way.HANDED_IN, department_id__in=organs
    )
    return frozenset(units.values_list("department_id", flat=True))
