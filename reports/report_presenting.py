"""A whole report as its pages want it: section two, passages, findings, what differs.

Shapes and words come from the format and the rules; nothing here counts or decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from math import lcm
from typing import Any

from reports.annual import Finding
from reports.annual.differences import Difference
from reports.checks import Check, Number, Quote
from reports.formats.base import Block, Format
from reports.formats.content import (
    PASSAGES,
    SECTION_ONE,
    Amount,
    Content,
    SectionTwoFigures,
    place_label,
)

Context = dict[str, Any]
# Where a cell stands, for what `place_label` says without its number.
PARTS = {"section_two": "二 ", "section_four": "四 "}
ANCHORS = {"section_two": "table-2", "section_three": "table-3", "section_four": "table-4"}


def amount(figure: Number | None) -> str:
    """As people write it: without the zeros at the end of a decimal; "" for a blank."""
    if figure is None:
        return ""
    return f"{figure.normalize():f}" if isinstance(figure, Decimal) else str(figure)


def table2(
    fmt: Format,
    figures: SectionTwoFigures,
    *,
    lit: Collection[str] = (),
    url_of: Callable[[str], str] = lambda path: "",
) -> Context:
    """Section two for `_otable2.html`: the blocks one below the other, over columns alike."""
    two = fmt.section_two
    width = lcm(*(len(block.columns) for block in two.blocks))
    return {
        "caption": two.title,
        "row_header": two.row_header,
        "width": width,
        "over": width + 1,
        "blocks": [
            {
                "caption": block.caption,
                "columns": [_head(column.label, column.unit) for column in block.columns],
                "span": width // len(block.columns),
                "rows": _rows(fmt, block, figures, lit, url_of),
            }
            for block in two.blocks
        ],
    }


def _head(label: str, unit: str) -> str:
    return label if not unit or "单位" in label else f"{label}（{unit}）"


def _rows(
    fmt: Format,
    block: Block,
    figures: SectionTwoFigures,
    lit: Collection[str],
    url_of: Callable[[str], str],
) -> list[Context]:
    return [
        {
            "label": row.label,
            "cells": [
                _cell(fmt, f"section_two.{row.key}.{column.key}", figures, lit, url_of)
                for column in block.columns
            ],
        }
        for row in block.rows
    ]


def _cell(
    fmt: Format,
    path: str,
    figures: SectionTwoFigures,
    lit: Collection[str],
    url_of: Callable[[str], str],
) -> Context:
    figure = figures.value(path)
    said = amount(figure) or "空白"
    return {
        "path": path,
        "value": amount(figure),
        "url": url_of(path),
        "label": f"{place_label(fmt, path)}：{said}",
        "blank": figure is None,
        "zero": figure == 0,
        "lit": path in lit,
    }


# The texts -------------------------------------------------------------------------------------


def passages(content: Content, quote: Quote | None = None) -> dict[int, list[Context]]:
    """Section → its passages; the words of `quote` apart, to be marked."""
    found: dict[int, list[Context]] = {}
    for passage in PASSAGES:
        text = content.text(passage.key)
        meant = quote if quote and quote.passage == passage.key else None
        start = meant.start if meant else len(text)
        end = start + len(meant.words) if meant else len(text)
        found.setdefault(passage.section, []).append(
            {
                "key": passage.key,
                "heading": passage.heading,
                "section": passage.section,
                "before": text[:start],
                "marked": text[start:end],
                "after": text[end:],
                "empty": not text,
                "lit": meant is not None,
                "length": length(text),
            }
        )
    return found


def sections(content: Content, quote: Quote | None = None) -> Context:
    """The same by their place on the page: opening, section one, and what follows the tables."""
    by_section = passages(content, quote)
    return {
        "opening": by_section[0],
        "section_one": by_section[1],
        "section_one_title": SECTION_ONE,
        "ending": [*by_section[5], *by_section[6]],
    }


def length(text: str) -> int:
    """How many characters, blanks and line ends left out; as static/js/passages.js counts them."""
    return len("".join(text.split()))


# Findings --------------------------------------------------------------------------------------


def finding_cards(
    found: Iterable[Finding], chosen: Finding | None, url_of: Callable[[Finding], str]
) -> list[Context]:
    return [
        {
            "finding": finding,
            "check": finding.check,
            "state": "bad" if finding.check.severity == "error" else "ask",
            "url": f"{url_of(finding)}#{anchor_of(finding.check)}",
            "to": "看原文" if finding.check.quote else "看表",
            "chosen": finding == chosen,
            "in_two": anchor_of(finding.check) == "table-2",
            "is_tie": finding.check.code == "s3_cross_year",
            "may_pass": finding.check.severity == "warning" and finding.is_open,
        }
        for finding in found
    ]


def anchor_of(check: Check) -> str:
    """Where on the page it stands: a passage, or the first table that it means a cell of."""
    if check.quote:
        return f"p-{check.quote.passage}"
    return ANCHORS[check.cells[0].partition(".")[0]] if check.cells else "tables"


def summary(found: Collection[Finding]) -> str:
    """2 项不符，1 项待核，1 项已认可."""
    errors = sum(1 for finding in found if finding.check.severity == "error")
    judged = sum(1 for finding in found if not finding.is_open)
    parts = ((errors, "不符"), (len(found) - errors - judged, "待核"), (judged, "已认可"))
    return "，".join(f"{number} 项{word}" for number, word in parts if number) or "各项相符"


# Differences -----------------------------------------------------------------------------------


def difference_lines(
    fmt: Format, found: Iterable[Difference], url_of: Callable[[str], str]
) -> list[Context]:
    return [
        {
            "label": f"{PARTS.get(path.partition('.')[0], '')}{place_label(fmt, path)}",
            "before": _figure(before),
            "now": _figure(now),
            "url": url_of(path),
        }
        for path, before, now in found
    ]


def _figure(figure: Amount | int) -> str:
    return amount(figure) or "空白"
