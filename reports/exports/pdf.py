"""The page of a period as a PDF, set from templates/typst/briefing.typ: data in, bytes out."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from cases.typesetting.fonts import ChineseFont
from cases.typesetting.pages import TEMPLATES, set_page
from reports.exports.briefing_content import RATES_NOTE, TITLE, Briefing
from reports.formats.base import Figure, SectionFour, SectionThree
from reports.formats.layout import (
    HeadCell,
    layout,
    numbered_pieces,
    pieces,
    section_four_head,
    section_three_head,
)

TEMPLATE = TEMPLATES / "briefing.typ"
Json = dict[str, Any]


def briefing_pdf(briefing: Briefing, font: ChineseFont) -> bytes:
    """One A4 page. Raises `NotSet`."""
    return set_page(TEMPLATE, content_of(briefing), font, at=briefing.at)


def content_of(briefing: Briefing) -> Json:
    """What the template reads."""
    three, four = briefing.format.section_three, briefing.format.section_four
    return {
        "organ": briefing.organ,
        "title": TITLE,
        "period": briefing.period,
        "scope": briefing.scope,
        "as_at": briefing.as_at,
        "paragraphs": [[said.title, said.text] for said in briefing.paragraphs],
        "rates": [[rate.name, rate.percent, rate.caption] for rate in briefing.rates],
        "rates_note": RATES_NOTE,
        "three": _table3(three, briefing.tables.section_three),
        "four": _table4(four, briefing.tables.section_four),
        "verdict": briefing.verdict,
        "source": briefing.source,
    }


def _table3(three: SectionThree, figures: dict[str, list[Figure]]) -> Json:
    body = []
    for line in layout(three):
        *headings, own = line.heads
        body += [_cell(numbered_pieces(heading.text), heading) for heading in headings]
        body += [_cell([own.text], own, "left"), *map(_figure, figures[line.row.key])]
    return _table(three, section_three_head(three), body, columns=len(three.columns))


def _table4(four: SectionFour, figures: dict[str, list[Figure]]) -> Json:
    row = [_figure(figure) for group in four.groups for figure in figures[group.key]]
    return _table(four, section_four_head(four), row, columns=len(row))


def _table(
    section: SectionThree | SectionFour,
    head: Iterable[Iterable[HeadCell]],
    body: list[Json],
    *,
    columns: int,
) -> Json:
    """`columns` of figures."""
    cells = chain.from_iterable(head)
    return {
        "title": section.title,
        "unit": section.unit,
        "columns": columns,
        "head": [_cell([c.text] if c.colspan > 1 else pieces(c.text), c) for c in cells],
        "body": body,
    }


def _cell(texts: list[str], spans: HeadCell, align: str = "center") -> Json:
    return {"pieces": texts, "rows": spans.rowspan, "columns": spans.colspan, "align": align}


def _figure(figure: Figure) -> Json:
    return _cell(["" if figure is None else str(figure)], HeadCell(""))
