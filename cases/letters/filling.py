"""A template with its fields filled in: `{{name}}` between braces, and nothing else is understood.

There is no template language here: a template that somebody uploads can say nothing but what
field stands where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from cases.letters.fields import BLANK

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML holds them
_CODE = re.compile(r"\{[%#].*?[%#]\}")  # what other engines would take for orders

_PARAGRAPH, _TEXT = qn("w:p"), qn("w:t")
_TABLE, _ROW, _CELL = qn("w:tbl"), qn("w:tr"), qn("w:tc")
_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t"}
_COPY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

ValueOf = Callable[[str], str]


def fill_text(text: str, value_of: ValueOf) -> str:
    return PLACEHOLDER.sub(lambda found: value_of(found[1]), text)


def names_in(text: str) -> list[str]:
    """The fields of `text`, each once, in their order; orders of other engines as they stand."""
    return list(dict.fromkeys([*PLACEHOLDER.findall(text), *_CODE.findall(text)]))


def fields_of(document: Docx) -> list[str]:
    """All fields of the document, wherever they stand."""
    texts = map(_text_of, _all(document))
    return list(dict.fromkeys(name for text in texts for name in names_in(text)))


def fill(template: bytes, value_of: ValueOf) -> Docx:
    """The document of `template` with every field filled in.

    A paragraph that is nothing but one field becomes as many as its value has lines, and none when
    the value is empty.
    """
    document = Document(BytesIO(template))
    for element in list(_all(document)):
        alone = PLACEHOLDER.fullmatch(_text_of(element).strip())
        if alone is None:
            _fill_element(element, value_of)
        else:
            lines = [line for line in value_of(alone[1]).splitlines() if line.strip()]
            _fill_alone(element, lines)
    return document


def content_of(document: Docx) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph of a letter as a page shows it: pieces of text, and whether each is a blank.

    Or a row of a table: `cells`.
    """

    align: str
    pieces: list[tuple[str, bool]]
    cells: list[list[tuple[str, bool]]]
    bold: bool = False


def shown(document: Docx) -> Iterator[Shown]:
    """What the letter says, from top to bottom."""
    for part in _parts(document):
        for block in _blocks(part):
            if block.tag == _TABLE:
                for row in _own(block, _ROW, _TABLE):
                    cells = [_pieces(_said(cell)) for cell in _own(row, _CELL, _ROW)]
                    yield Shown("row", [], cells)
            elif (text := _said(block)).strip():
                paragraph = Paragraph(block, document)
                bold = any(run.bold for run in paragraph.runs)
                yield Shown(_align(paragraph), _pieces(text), [], bold)


def template_fields(template: bytes) -> list[str]:
    return fields_of(Document(BytesIO(template)))


def _parts(document: Docx) -> list[Any]:
    """Headers, body, footers, each once; of a first page and of even pages too."""
    places = ("", "first_page_", "even_page_")
    headers, footers = (
        [
            part._element
            for section in document.sections
            for part in (getattr(section, f"{place}{name}") for place in places)
            if not part.is_linked_to_previous
        ]
        for name in ("header", "footer")
    )
    return [*headers, document.element.body, *footers]


def _all(document: Docx) -> Iterator[Any]:
    """Every paragraph element, those of tables and boxes included."""
    for part in _parts(document):
        yield from part.iter(_PARAGRAPH)


def _blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables right below, through the controls that a form is made with."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent")):
            yield from _blocks(child)


def _own(element: Any, tag: str, within: str) -> list[Any]:
    """What of `tag` belongs to the element, and not to another `within` it."""
    return [each for each in element.iter(tag) if next(each.iterancestors(within), None) is element]


def _said(element: Any) -> str:
    """All that it says, a line to a paragraph; of a box not the second copy, for old readers."""
    lines = (
        "".join(map(_word, _own(each, "*", _PARAGRAPH)))
        for each in element.iter(_PARAGRAPH)
        if next(each.iterancestors(_COPY), None) is None
    )
    return "\n".join(line for line in lines if line)


def _word(node: Any) -> str:
    if node.tag == _TEXT:
        return node.text or ""
    return _BREAKS.get(node.tag, "") if node.getparent().tag == qn("w:r") else ""


def _texts(element: Any) -> list[Any]:
    """The text nodes of the paragraph, without those of a box that hangs in it."""
    return _own(element, _TEXT, _PARAGRAPH)


def _text_of(element: Any) -> str:
    return "".join(node.text or "" for node in _texts(element))


def _fill_alone(element: Any, lines: list[str]) -> None:
    """A paragraph that is nothing but a field: one for each of `lines`, set as it is."""
    if not lines and element.getparent().tag == qn("w:body"):  # a cell, a header need a paragraph
        element.getparent().remove(element)
        return
    for line in reversed(lines[1:]):
        copy = deepcopy(element)
        element.addnext(copy)
        _fill_element(copy, _always(line))
    _fill_element(element, _always(lines[0] if lines else ""))


def _always(text: str) -> ValueOf:
    return lambda name: text


def _fill_element(element: Any, value_of: ValueOf) -> None:
    """Word cuts a text into nodes where it likes: a field may begin in one and end in another."""
    nodes = _texts(element)
    for found in reversed(list(PLACEHOLDER.finditer(_text_of(element)))):
        _put(nodes, found.start(), found.end(), " ".join(value_of(found[1]).splitlines()))


def _put(nodes: list[Any], start: int, end: int, value: str) -> None:
    """Replace what stands from `start` to `end` in the text of all nodes together."""
    at = 0
    for node in nodes:
        text = node.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            node.text = _NO_XML.sub("", text[:first] + value + text[last:])
            node.set(qn("xml:space"), "preserve")
            value = ""
        at += len(text)


def _align(paragraph: Paragraph) -> str:
    return {
        WD_ALIGN_PARAGRAPH.CENTER: "center",
        WD_ALIGN_PARAGRAPH.RIGHT: "right",
    }.get(paragraph.alignment or WD_ALIGN_PARAGRAPH.LEFT, "body" if _indented(paragraph) else "")


def _indented(paragraph: Paragraph) -> bool:
    return bool(paragraph.paragraph_format.first_line_indent)


def _pieces(text: str) -> list[tuple[str, bool]]:
    """The text, cut before and after every blank."""
    parts = re.split(f"({re.escape(BLANK)})", text)
    return [(part, part == BLANK) for part in parts if part]
