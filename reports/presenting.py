"""Tables, checks and cases as the fragments of templates/components want them.

Shapes and words come from the format and its layout; nothing here counts or decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from cases.choices import Outcome
from cases.models import Case, Proceeding
from cases.presenting import SHORT_OUTCOMES, day_words
from reports.checks import BALANCE, FOUR_SUM, ROW_SUM, Check, Rule, by_rule
from reports.formats.base import Figure, Format, Row, SectionFour, SectionThree, Tables
from reports.formats.layout import (
    HeadCell,
    HeadRow,
    layout,
    numbered_pieces,
    pieces,
    section_four_head,
    section_three_head,
    stub_width,
)

Context = dict[str, Any]
UrlOf = Callable[[str], str]  # the address of a cell's cases, by the cell's path

STUB_CSS = {3: ["o-1", "o-2", ""]}  # widths of the columns of row heads, by how many there are
LONG_SUM = 5  # terms; a longer one is written without its zeros


def table3(
    fmt: Format,
    tables: Tables,
    checks: Iterable[Check],
    *,
    url_of: UrlOf,
    chosen: str = "",
    stale: str = "",
    lit: Collection[str] = (),
) -> Context:
    """Section three for `_otable3.html`: `chosen` is the path of the cell whose cases are shown,
    `lit` are those of the cells that a check means."""
    three = fmt.section_three
    found = {(check.code, check.at): check for check in checks}
    stub, columns = stub_width(three), len(three.columns)
    body = []
    for line in layout(three):
        paths = [f"section_three.{line.row.key}.{column.key}" for column in three.columns]
        body.append(
            {
                "css": "tot" if line.row.kind == "total" else "",
                "heads": _row_heads(three, line.row, line.heads),
                "cells": _figures(fmt, paths, tables, url_of, chosen, lit),
                **_mark(found[ROW_SUM.code, line.row.key]),
            }
        )
    return {
        "caption": three.title,
        "unit": three.unit,
        "stale": stale,
        "cols": [*STUB_CSS.get(stub, [""] * stub), *["o-fig"] * columns, "o-tick"],
        "head": [[_column_head(cell, three) for cell in row] for row in section_three_head(three)],
        "body": body,
        "foot": {
            "label": f"勾稽：{BALANCE.formula}",
            "over": stub,
            "ticks": [_mark(found[BALANCE.code, column.key]) for column in three.columns],
        },
    }


def table4(
    fmt: Format,
    tables: Tables,
    checks: Iterable[Check],
    *,
    url_of: UrlOf,
    chosen: str = "",
    stale: str = "",
    lit: Collection[str] = (),
) -> Context:
    """Section four for `_otable4.html`."""
    four = fmt.section_four
    sums = {check.at: check for check in checks if check.code == FOUR_SUM.code}
    paths = [f"section_four.{g.key}.{c.key}" for g in four.groups for c in four.columns]
    return {
        "caption": four.title,
        "unit": four.unit,
        "stale": stale,
        "head": [[_column_head(cell, four) for cell in row] for row in section_four_head(four)],
        "cells": _figures(fmt, paths, tables, url_of, chosen, lit),
        "foot": [
            {"over": len(four.columns), "text": sums[group.key].worked, **_mark(sums[group.key])}
            for group in four.groups
        ],
    }


def check_lines(checks: Iterable[Check], *, url_of: UrlOf) -> list[Context]:
    """One line a rule for `_checks.html`; where it breaks, every place, and the way to a cell."""
    lines = []
    for rule, group in by_rule(checks):
        broken = [check for check in group if not check.passed]
        lines.append(
            {
                "state": _state(broken[0]) if broken else "ok",
                "title": rule.formula,
                "right": f"{len(broken)} {rule.unit}不符" if broken else _extent(rule, group),
                "url": url_of(broken[0].cells[0]) if broken else "",
                "detail": "；".join(f"{check.where}：{check.worked}" for check in broken)
                or _worked(group),
            }
        )
    return lines


def check_summary(lines: Iterable[Context]) -> str:
    """5 项相符，2 项不符."""
    states = [line["state"] for line in lines]
    words = {"ok": "相符", "ask": "待核", "bad": "不符"}
    parts = (f"{states.count(state)} 项{word}" for state, word in words.items() if state in states)
    return "，".join(parts)


def moment(at: datetime) -> str:
    """10-27 09:12; with its year where that is not this one."""
    local = timezone.localtime(at)
    this_year = timezone.localtime().year
    return f"{local:%m-%d %H:%M}" if local.year == this_year else f"{local:%Y-%m-%d %H:%M}"


def outcome_split(outcomes: Mapping[str, int]) -> str:
    """不存在 14 件，非本机关 7 件: where a row counts more than one outcome."""
    if len(outcomes) < 2:
        return ""
    return "，".join(f"{_short(code)} {cases} 件" for code, cases in outcomes.items())


def panel_case(case: Case, last: date, *, by_reply: bool) -> Context:
    """A case in the side panel, as it stood when the period ended on `last`."""
    closed = case.closed_on is not None and case.closed_on <= last
    replied, received = day_words(case.closed_on, last), day_words(case.received_on, last)
    return {
        "number": case.number,
        "url": reverse("cases:detail", args=[case.pk]),
        "when": f"{replied} 办结" if closed and by_reply else f"{received} 收到",
        "subject": case.masked_content,
        "detail": _short(case.outcome) if closed else "结转",
    }


def panel_proceeding(proceeding: Proceeding, last: date) -> Context:
    """The same of a proceeding; it leads to its case, else to the list of proceedings."""
    closed = proceeding.concluded_on is not None and proceeding.concluded_on <= last
    concluded, filed = (
        day_words(proceeding.concluded_on, last),
        day_words(proceeding.filed_on, last),
    )
    case = proceeding.case
    found = f"{reverse('cases:proceedings')}?{urlencode({'q': proceeding.docket})}"
    return {
        "number": proceeding.docket or "（无案号）",
        "url": reverse("cases:detail", args=[case.pk]) if case else found,
        "when": f"{concluded} 审结" if closed else f"{filed} 立案",
        "subject": case.masked_content if case else str(proceeding.department),
        "detail": proceeding.get_result_display() if closed else "尚未审结",
    }


def _short(outcome: str) -> str:
    return SHORT_OUTCOMES[Outcome(outcome)]


def _figures(
    fmt: Format,
    paths: Iterable[str],
    tables: Tables,
    url_of: UrlOf,
    chosen: str,
    lit: Collection[str],
) -> list[Context]:
    cells = []
    for path in paths:
        value = tables.value(path)
        cells.append(
            {
                "path": path,
                "value": value,
                "url": "" if value is None else url_of(path),
                "label": f"{fmt.cell_label(path)}：{_said(value)}",
                "blank": value is None,
                "zero": value == 0,
                "on": path == chosen,
                "lit": path in lit,
                "total": path.endswith(".total"),
            }
        )
    return cells


def _said(value: Figure) -> str:
    return "空白" if value is None else f"{value} 件"


def _row_heads(section: SectionThree, row: Row, heads: HeadRow) -> list[Context]:
    """The headings that start on this row, narrow and cut into parts, and the row's own label."""
    *headings, own = heads
    above = section.ancestors(row)[-len(headings) :] if headings else ()
    return [
        *(
            {
                "parts": numbered_pieces(heading.label),
                "css": "grp" if heading.level == 0 else "",
                "scope": "rowgroup",
                **_spans(cell),
            }
            for heading, cell in zip(above, headings, strict=True)
        ),
        {"text": own.text, "scope": "row", **_spans(own)},
    ]


def _column_head(cell: HeadCell, section: SectionThree | SectionFour) -> Context:
    if isinstance(section, SectionThree) and cell.text == section.corner:
        return {"text": cell.text, "css": "corner", **_spans(cell)}
    if cell.colspan > 1:
        return {"text": cell.text, "scope": "colgroup", **_spans(cell)}
    leaf = isinstance(section, SectionThree) and cell.rowspan == 1
    css = "leaf" if leaf else ""
    return {"parts": pieces(cell.text), "css": css, "scope": "col", **_spans(cell)}


def _spans(cell: HeadCell) -> Context:
    spans = {"rowspan": cell.rowspan, "colspan": cell.colspan}
    return {name: span for name, span in spans.items() if span > 1}


def _mark(check: Check) -> Context:
    return {"state": _state(check), "mark_label": f"{check.formula}，{check.verdict}"}


def _state(check: Check) -> str:
    if check.passed:
        return "ok"
    return "bad" if check.severity == "error" else "ask"


def _extent(rule: Rule, group: list[Check]) -> str:
    """7 列; for a rule about the whole table, how many cells it looked at."""
    return f"{len(group)} {rule.unit}" if len(group) > 1 else f"{group[0].right} 格"


def _worked(group: list[Check]) -> str:
    """An identity in figures, where 总计 has one; section four shows its own under the table."""
    check = next((check for check in group if check.at == "total"), None)
    if check is None:
        return ""
    if len(check.lefts) <= LONG_SUM:
        return check.worked
    terms = [str(figure) for figure in check.lefts if figure] or ["0"]
    return f"{' + '.join(terms)} = {check.right}"
