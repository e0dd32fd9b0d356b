"""What a report says now, what it has to tie to, and what its checks find."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F

from cases.models import Case, Department
from cases.succession import OF_CASES, Organs
from cases.workdays import ONE_DAY
from reports.choices import OWN
from reports.counting import Period, moves_by
from reports.formats.base import APPLICANT_COLUMNS, Format, Tables
from reports.formats.content import Content, SectionTwoFigures
from reports.models import AnnualReport, PublishedTable
from reports.report_checks import Part
from reports.rollup import RollUp, roll_up


def content_of(report: AnnualReport, rolled: RollUp | None = None) -> Content:
    """Its texts and section two as entered, its tables as they stand now.

    An organ that has not handed its tables in yet leaves them blank.
    """
    rolled = rolled or roll_up(report.department, report.scope, report.year)
    blank = Tables.blank(report.format)
    tables = rolled.tables if len(rolled.parts) > len(rolled.missing) else blank
    name = report.department.name
    return Content(
        report.format, report.year, name, section_two_of(report, rolled), tables, report.texts
    )


def section_two_of(report: AnnualReport, rolled: RollUp) -> SectionTwoFigures:
    """As entered; of a roll-up the plain sum, but for what was set centrally."""
    if not report.is_roll_up:
        return _section_two(report.format, report.section_two)
    amounts = dict(plain_sum(report, rolled).amounts)
    amounts |= {path: Decimal(said["value"]) for path, said in report.set_centrally.items()}
    return SectionTwoFigures(amounts)


def plain_sum(report: AnnualReport, rolled: RollUp) -> SectionTwoFigures:
    """Section two of all organs that count, added up."""
    figures = (part.section_two for part in parts_of(report, rolled))
    return sum(figures, start=SectionTwoFigures.blank(report.format))


def parts_of(report: AnnualReport, rolled: RollUp) -> list[Part]:
    """What each organ of a roll-up adds: its tables, and section two as it reported it last."""
    reports = latest_reports([part.department.pk for part in rolled.parts], report.year)
    blank = Tables.blank(report.format)
    return [
        Part(
            str(part.department),
            part.tables or blank,
            _section_two(report.format, found.section_two if found else {}),
        )
        for part in rolled.parts
        for found in (reports.get(part.department.pk),)
    ]


def _section_two(fmt: Format, stored: Mapping[str, Any]) -> SectionTwoFigures:
    return SectionTwoFigures.from_json(fmt, stored) if stored else SectionTwoFigures.blank(fmt)


def latest_reports(organs: Collection[int], year: int, scope: str = OWN) -> dict[int, AnnualReport]:
    """Department id → its latest revision."""
    rows = AnnualReport.objects.filter(department__in=organs, year=year, scope=scope)
    rows = rows.select_related("department__parent").order_by("revision")
    return {row.department_id: row for row in rows}


# The year before --------------------------------------------------------------------------------


def published(department: Department, scope: str, year: int) -> PublishedTable | None:
    """What holds of that year: the latest revision."""
    rows = PublishedTable.objects.filter(department=department, scope=scope, year=year)
    return rows.order_by("revision").last()


def previous_of(report: AnnualReport) -> Content | None:
    """Last year's published report, its 结转 corrected for reorganisations within the year.

    From the day of a succession the successor counts the cases of the old organ that were open on
    it, whole: those carried in move from the old organ's tie to the successor's (〔2019〕14号).
    """
    if report.scope == OWN:
        return previous_by_organ([report.department_id], report.year).get(report.department_id)
    row = published(report.department, report.scope, report.year - 1)
    return row.content if row else None


def previous_by_organ(organs: Collection[int], year: int) -> dict[int, Content]:
    """Department id → the same of each organ's own report of `year`, as far as one is known."""
    rows = latest_published(organs, year - 1)
    moved = _moved_in(year) if rows else {}
    return {
        pk: replace(row.content, tables=_moved(row.content.tables, moved.get(pk, {})))
        for pk, row in rows.items()
    }


def latest_published(organs: Collection[int], year: int) -> dict[int, PublishedTable]:
    """Department id → what holds of its own report of that year."""
    rows = PublishedTable.objects.filter(department__in=organs, scope=OWN, year=year)
    return {
        row.department_id: row for row in rows.select_related("department").order_by("revision")
    }


def _moved_in(year: int) -> dict[int, Counter[str]]:
    """Department id → applicant kind → how many more cases carried into `year`, or fewer, are the
    organ's at its end than were at its beginning."""
    period = Period.year(year)
    before, now = (moves_by(day) for day in (period.first - ONE_DAY, period.last))
    moved: dict[int, Counter[str]] = defaultdict(Counter)
    if before == now:
        return moved
    was, is_now = (Organs(frozenset(), moves).holder(*OF_CASES) for moves in (before, now))
    carried = Case.objects.counted().carried_into(period.first).annotate(was=was, is_now=is_now)
    by = carried.exclude(was=F("is_now")).order_by().values_list("was", "is_now", "applicant_kind")
    rows: Iterable[tuple[int, int, str, int]] = by.annotate(cases=Count("*"))
    for old, new, kind, cases in rows:
        moved[old][kind] -= cases
        moved[new][kind] += cases
    return moved


def _moved(tables: Tables, moved: Mapping[str, int]) -> Tables:
    """`tables` of the year before with the carried-forward cases that changed hands since."""
    row = list(tables.section_three["carried_forward"])
    for kind, cases in moved.items():
        for at in (_COLUMNS[kind], -1):
            row[at] = (row[at] or 0) + cases
    return replace(tables, section_three=tables.section_three | {"carried_forward": row})


_COLUMNS = {column.key: at for at, column in enumerate(APPLICANT_COLUMNS)}


# What is kept ------------------------------------------------------------------------------------


def snapshot(content: Content) -> dict[str, Any]:
    """The fields of a `PublishedTable` that say what was published."""
    return {
        "format": content.format.version,
        "figures": content.tables.to_json(),
        "section_two": content.section_two.to_json(),
        "texts": dict(content.texts),
    }


def checksum(department: Department, year: int, scope: str, revision: int, said: Any) -> str:
    """SHA-256 over who, when and what, in one canonical form; `said` as from `snapshot`."""
    whole = [department.code, year, scope, revision, said]
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def checksum_of(row: PublishedTable) -> str:
    """What its checksum has to be, from what is stored."""
    said = {name: getattr(row, name) for name in ("format", "figures", "section_two", "texts")}
    return checksum(row.department, row.year, row.scope, row.revision, said)
