"""The page of a period as a PDF, set by typst from templates/typst/briefing.typ.

Data in, bytes out. All that is printed reaches the template as JSON, never as part of its source:
what an organ is called cannot become markup. The file is an archivable, tagged PDF/A with its fonts
in it; the same data give the same bytes.
"""

import json
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any, Final

import typst

from reports.exports.briefing_content import RATES_NOTE, TITLE, Briefing
from reports.exports.fonts import ChineseFont
from reports.formats.base import Figure, SectionFour, SectionThree
from reports.formats.layout import (
    HeadCell,
    layout,
    numbered_pieces,
    pieces,
    section_four_head,
    section_three_head,
)

TEMPLATE = Path(__file__).resolve().parents[2] / "templates" / "typst" / "briefing.typ"
STANDARD: Final = "a-2a"
Json = dict[str, Any]

NOT_SET = re.compile(r"the text `(?P<text>.+?)` could not be displayed")


class NotSet(ValueError):
    """A character that no font at hand has, with a sentence for the user."""


def briefing_pdf(briefing: Briefing, font: ChineseFont) -> bytes:
    """One A4 page. Raises `NotSet`."""
    data = content_of(briefing) | {"font": font.family}
    try:
        return typst.compile(
            TEMPLATE,
            font_paths=font.fonts,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=int(briefing.at.timestamp()),
        )
    except typst.TypstError as error:
        if found := NOT_SET.search(error.message):
            raise NotSet(
                f"字体“{font.family}”中没有 {found['text']} 这个字，PDF 没有生成："
                "请管理员用设置 PDF_FONT_DIR 换一种字体。"
            ) from error
        raise


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
