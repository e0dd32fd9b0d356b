"""What stands on 全局: tiles, months, units, checks, proceedings; each figure opens its cases."""

from __future__ import annotations

from datetime import date
from typing import Protocol
from urllib.parse import urlencode

from django.urls import reverse

from cases.choices import OutcomeGroup
from cases.models import Department
from cases.views.tiles import Tile
from reports.counting import scope_labels
from reports.forms import QuestionForm
from reports.overview import Month, Overview, Work
from reports.presenting import Context, check_lines
from reports.rates import NO_RATE, percent
from reports.views.base import cell_urls, table_url
from reports.views.page import Choice, tree_choices, year_choices
from reports.workflow import Question

SHOWN_UNITS = 11  # the rest are one line, and a list to unfold
SHOWN_SILENT = 24
NAMED_LATE = 3  # units named in the note of a tile
RATE_DIGITS = 1


class UrlOf(Protocol):
    def __call__(self, figure: str, *units: int, month: int = 0) -> str: ...


def overview_url(question: Question, **other: str) -> str:
    """The page of this organ, scope and year, or of `other` ones."""
    return f"{reverse('reports:overview')}?{urlencode(_address(question) | other)}"


def figure_urls(question: Question) -> UrlOf:
    """From a figure, of the units or the month that are named, to the page of its cases."""
    page = f"{reverse('reports:overview_cases')}?{urlencode(_address(question))}"

    def url_of(figure: str, *units: int, month: int = 0) -> str:
        named = {"figure": figure, "unit": units} | ({"month": month} if month else {})
        return f"{page}&{urlencode(named, doseq=True)}"

    return url_of


def choices_of(form: QuestionForm, overseen: list[Department]) -> Context:
    """Organs, years and scopes to choose from. Scopes are links, and only where there are two."""
    department, question, today = form.department, form.question, form.today
    year = str(form.data.get("year") or today.year)
    below = any(one.path.startswith(department.path) and one != department for one in overseen)
    labels = scope_labels(department) if below else {}
    scopes = [
        Choice(overview_url(question, scope=scope), label, scope == question.scope)
        for scope, label in labels.items()
        if question
    ]
    return {
        "departments": tree_choices(overseen, department),
        "is_whole": department == overseen[0],
        "years": year_choices(department, today, year, question),
        "scopes": scopes,
        "scope": question.scope if question else "",
        "area": labels.get(question.scope, "") if question else "",
    }


def glance_of(question: Question, found: Overview, *, on: date) -> Context:
    running, url_of = question.period.first.year == on.year, figure_urls(question)
    names = {one.pk: str(one) for one in found.departments}
    return {
        "question": question,
        "running": running,
        "today": on,
        "units": len(found.units),
        "tiles": _tiles(found, names, url_of, running=running),
        "empty": not found.total.received,
        **_months(found.months, url_of),
        **_unit_rows(found, names, url_of, running=running),
        "checks": check_lines(found.checks, url_of=cell_urls(question)),
        "table_url": table_url(question),
        "silent": found.silent[:SHOWN_SILENT],
        "more_silent": found.silent[SHOWN_SILENT:],
        "silent_count": len(found.silent),
        **_proceedings(question, found),
    }


def _address(question: Question) -> dict[str, str]:
    return {
        "department": str(question.department.pk),
        "scope": question.scope,
        "year": str(question.period.first.year),
    }


def _tiles(found: Overview, names: dict[int, str], url_of: UrlOf, *, running: bool) -> list[Tile]:
    total = found.total
    stopped = [
        ("征求意见", found.consultation),
        ("等待补正", found.correction),
        ("等待缴费", found.fee),
    ]
    before = "上年同期" if running else "上年"
    new, closed = (
        [f"{before} {cases}" for cases in found.before] if found.before else [f"{before}无数据"] * 2
    )
    waiting = "，".join(f"{word} {cases}" for word, cases in stopped if cases)
    open_label, open_note = (
        ("在办", waiting) if running else ("结转下年度", "到年底没有办结" if total.open else "")
    )
    none = "还没有办结的" if running else "没有办结的"
    granted, partial = (
        found.groups.get(group, 0) for group in (OutcomeGroup.GRANTED, OutcomeGroup.PARTIAL)
    )
    return [
        Tile("新收", url_of("new"), total.new, f"{new}，结转 {total.carried}"),
        Tile("办结", url_of("closed"), total.closed, closed),
        Tile(open_label, url_of("open"), total.open, open_note),
        _late_tile(found, names, url_of, running=running),
        _rate_tile(
            "按时答复率",
            url_of("late"),
            total.in_time,
            total.closed,
            f"{total.closed} 件中 {total.in_time} 件按时",
            none,
        ),
        _rate_tile(
            "实质公开率",
            url_of("disclosed"),
            granted + partial,
            total.closed,
            f"予以 {granted} + 部分 {partial}",
            none,
        ),
    ]


def _late_tile(found: Overview, names: dict[int, str], url_of: UrlOf, *, running: bool) -> Tile:
    """What is overdue now; of a year that is over, what was answered too late in it."""
    figure, label = ("overdue", "逾期未办") if running else ("late", "逾期答复")
    by_unit = {pk: _late(work, running=running) for pk, work in found.work.items()}
    units = sorted((pk for pk, cases in by_unit.items() if cases), key=lambda pk: -by_unit[pk])
    note = "、".join(names[pk] for pk in units[:NAMED_LATE])
    if len(units) > NAMED_LATE:
        note += f"等 {len(units)} 个单位"
    return Tile(label, url_of(figure), sum(by_unit.values()), note, "black" if units else "")


def _late(work: Work, *, running: bool) -> int:
    return work.overdue if running else work.late


def _rate_tile(label: str, url: str, part: int, whole: int, note: str, none: str) -> Tile:
    if not whole:
        return Tile(label, url, NO_RATE, none, unit="")
    return Tile(label, url, percent(part, whole, RATE_DIGITS).removesuffix("%"), note, unit="%")


def _months(months: list[Month], url_of: UrlOf) -> Context:
    """For _months.html: the chart's figures, and the same as a table."""
    figures = {"new": "received", "closed": "closed", "open": "open"}
    chart: Context = {"months": [f"{month.month}月" for month in months]}
    for name, series in figures.items():
        chart[series] = [getattr(month, name) for month in months]
        chart[f"{series}_urls"] = [url_of(name, month=month.month) for month in months]
    rows = [
        {
            "month": f"{month.month} 月",
            "cells": [
                {"value": chart[series][place], "url": chart[f"{series}_urls"][place]}
                for series in figures.values()
            ],
        }
        for place, month in enumerate(months)
    ]
    return {"months": chart, "month_rows": rows}


def _unit_rows(found: Overview, names: dict[int, str], url_of: UrlOf, *, running: bool) -> Context:
    """Units with cases, the busiest first; those after the first eleven together, and unfolded."""
    busy = {pk: work for pk, work in found.work.items() if work.received}
    ranked = sorted((pk for pk in names if pk in busy), key=lambda pk: -busy[pk].received)
    first, rest = ranked[:SHOWN_UNITS], ranked[SHOWN_UNITS:]
    folded = sum((busy[pk] for pk in rest), Work())
    longest = max([folded.received, *(busy[pk].received for pk in first)], default=0)

    def row(work: Work, longest: int, *units: int) -> Context:
        return _unit_row(work, longest, running=running) | {
            "name": names[units[0]] if len(units) == 1 else f"其余 {len(units)} 个单位",
            "url": url_of("all", *units),
            "closed_url": url_of("closed", *units),
            "open_url": url_of("open", *units),
            "late_url": url_of("overdue" if running else "late", *units),
            "rate_url": url_of("late", *units) if work.late else "",
        }

    return {
        "unit_rows": [row(busy[pk], longest, pk) for pk in first]
        + ([row(folded, longest, *rest)] if rest else []),
        "rest_count": len(rest),
        "rest_rows": [row(busy[pk], busy[rest[0]].received, pk) for pk in rest],
        "late_word": "逾期" if running else "逾期答复",
    }


def _unit_row(work: Work, longest: int, *, running: bool) -> Context:
    late = _late(work, running=running)
    overdue = work.overdue_open if running else 0
    return {
        "work": work,
        "late": late,
        "rate": percent(work.in_time, work.closed, RATE_DIGITS),
        "bar": {
            "label": f"办结 {work.closed}，在办 {work.open}，逾期 {late}",
            "parts": _parts(
                [("", work.closed), ("o", work.open - overdue), ("x", overdue)], longest
            ),
        },
    }


def _parts(cases: list[tuple[str, int]], longest: int) -> list[Context]:
    """Side by side, each as wide as its share of the longest bar, in per cent."""
    parts, at = [], 0
    for css, number in cases:
        if number:
            x, width = (f"{100 * part / longest:.2f}" for part in (at, number))
            parts.append({"css": css, "x": x, "width": width})
            at += number
    return parts


def _proceedings(question: Question, found: Overview) -> Context:
    """Section four in short: a line a kind, by result."""
    url_of, four = cell_urls(question), question.format.section_four
    results = four.columns[:-1]
    lines = [
        {
            "label": group.label,
            "cells": [
                {
                    "value": found.tables.value(f"section_four.{group.key}.{column.key}"),
                    "url": url_of(f"section_four.{group.key}.{column.key}"),
                }
                for column in results
            ],
        }
        for group in four.groups
    ]
    count = sum(found.tables.section_four[group.key][-1] or 0 for group in four.groups)
    return {
        "proceedings": lines,
        "proceeding_heads": [column.label.replace("结果", "") for column in results],
        "proceeding_count": count,
    }
