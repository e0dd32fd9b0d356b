"""How the official tables are merged: the same for the page, the workbook and the documents.

Cells are given row by row as in HTML: each stands on the next spot of its row that no cell above
reaches down to. `placed` says where that is, for writers that need coordinates.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby, product
from typing import NamedTuple

from reports.formats.base import Column, Figure, Row, SectionFour, SectionThree


@dataclass(frozen=True, slots=True)
class HeadCell:
    text: str
    rowspan: int = 1
    colspan: int = 1


HeadRow = tuple[HeadCell, ...]
NARROW = 5  # characters that a narrow head cell takes in one line


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row with figures, and the head cells that start on it."""

    row: Row
    heads: HeadRow


def stub_width(section: SectionThree) -> int:
    """How many columns the row heads of section three take: one for each level."""
    return 1 + max(row.level for row in section.rows)


def section_three_head(section: SectionThree) -> tuple[HeadRow, HeadRow, HeadRow]:
    corner = HeadCell(section.corner, rowspan=3, colspan=stub_width(section))
    top = HeadCell(section.top_header, colspan=len(section.columns))
    return ((corner, top), *_grouped(section.columns))


def layout(section: SectionThree) -> tuple[FigureRow, ...]:
    """The body of section three: a heading spans the rows under it and starts on the first."""
    drawn: set[Row] = set()
    body = []
    for row in section.figure_rows:
        headings = [heading for heading in section.ancestors(row) if heading not in drawn]
        drawn.update(headings)
        heads = [HeadCell(h.label, rowspan=len(section.under(h))) for h in headings]
        own = HeadCell(row.label, colspan=stub_width(section) - row.level)
        body.append(FigureRow(row, (*heads, own)))
    return tuple(body)


def pieces(text: str) -> list[str]:
    """Of a narrow column's head: a line may break only between them.

    Most Chinese words have two characters; where the number is odd the first has three.
    """
    first = 2 + len(text) % 2
    rest = text[first:]
    return [text[:first], *(rest[at : at + 2] for at in range(0, len(rest), 2))]


def numbered_pieces(label: str) -> list[str]:
    """Of a heading beside its rows: 三、|本年度|办理|结果 and （三）|不予公开."""
    name = Row("", label).name
    number = label.removesuffix(name)
    parts = [name] if len(name) <= NARROW else pieces(name)
    return [number, *parts] if number else parts


def section_four_head(section: SectionFour) -> tuple[HeadRow, HeadRow, HeadRow]:
    results = tuple(HeadCell(column.label) for column in section.columns)
    upper, lower = _grouped(section.groups, width=len(results))
    return upper, lower, results * len(section.groups)


def _grouped(columns: Sequence[Column], width: int = 1) -> tuple[HeadRow, HeadRow]:
    """Group names above, labels below; a label without a group takes both rows."""
    upper: list[HeadCell] = []
    lower: list[HeadCell] = []
    for name, members in groupby(columns, key=lambda column: column.group):
        labels = [column.label for column in members]
        if name is None:
            upper += [HeadCell(label, 2, width) for label in labels]
        else:
            upper += [HeadCell(name, 1, width * len(labels))]
            lower += [HeadCell(label, 1, width) for label in labels]
    return tuple(upper), tuple(lower)


class Placed(NamedTuple):
    """A cell of a table with its coordinates, counted from 0."""

    row: int
    column: int
    value: str | Figure
    rowspan: int = 1
    colspan: int = 1


def placed(rows: Iterable[Iterable[HeadCell | Figure]]) -> Iterator[Placed]:
    """The coordinates of head cells and figures that are given row by row."""
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        for cell in row:
            column = next(free for free in count() if (at, free) not in taken)
            if isinstance(cell, HeadCell):
                here = Placed(at, column, cell.text, cell.rowspan, cell.colspan)
            else:
                here = Placed(at, column, cell)
            down, across = range(at, at + here.rowspan), range(column, column + here.colspan)
            taken.update(product(down, across))
            yield here
