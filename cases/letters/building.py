"""A default template, made from the words of `wording`: A4, set as official documents are.

The red head and the seal are the office's own and are left out (GB/T 9704 gives the measures).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from cases.choices import LetterKind, Outcome
from cases.letters.filling import content_of
from cases.letters.wording import TITLES, Paragraph, Style, paragraphs

TITLE_FONT, TEXT_FONT = "宋体", "仿宋"
TITLE_SIZE, TEXT_SIZE = Pt(22), Pt(16)  # 二号, 三号
LINE = Pt(28)
TWO_CHARACTERS = Pt(32)
_ALIGNED = {
    Style.TITLE: WD_ALIGN_PARAGRAPH.CENTER,
    Style.NUMBER: WD_ALIGN_PARAGRAPH.CENTER,
    Style.SIGN: WD_ALIGN_PARAGRAPH.RIGHT,
}


@cache
def default_template(kind: LetterKind, outcome: Outcome | None = None) -> bytes:
    """The .docx; `outcome` is that of a reply, None for one of any outcome."""
    document = Document()
    _set_page(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = TITLES[kind], "", ""
    rows: list[str] = []
    for paragraph in paragraphs(kind, outcome):
        if paragraph.style == Style.ROW:
            rows.append(paragraph.text)
            continue
        if rows:
            _add_table(document, rows)
            rows = []
        _add(document, paragraph)
    return content_of(document)


def _set_page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal: Any = document.styles["Normal"]
    _set_font(normal, TEXT_FONT, TEXT_SIZE)
    normal.paragraph_format.line_spacing = LINE
    normal.paragraph_format.space_after = Pt(0)


def _set_font(styled: Any, name: str, size: Length) -> None:
    styled.font.name, styled.font.size = name, size
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _add(document: Docx, paragraph: Paragraph) -> None:
    added = document.add_paragraph()
    run = added.add_run(paragraph.text)
    if paragraph.style in _ALIGNED:
        added.alignment = _ALIGNED[paragraph.style]
    if paragraph.style == Style.TITLE:
        _set_font(run, TITLE_FONT, TITLE_SIZE)
        run.bold = True
        added.paragraph_format.space_after = Pt(14)
        added.paragraph_format.line_spacing = Pt(34)
    elif paragraph.style == Style.NUMBER:
        added.paragraph_format.space_after = Pt(14)
    elif paragraph.style == Style.BODY:
        added.paragraph_format.first_line_indent = TWO_CHARACTERS


def _add_table(document: Docx, rows: list[str]) -> None:
    table: Any = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for row in rows:
        label, _, value = row.partition("｜")
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
        cells[0].width, cells[1].width = Mm(46), Mm(110)
    document.add_paragraph()
