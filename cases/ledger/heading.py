"""Find the header of a sheet: under a title, with merged heads, in any order of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cases.ledger.cells import Cell, plain
from cases.ledger.columns import (
    PERSONAL_HEADER,
    Column,
    SheetKind,
    fold_header,
    without_note,
)
from cases.ledger.rows import Problem
from cases.ledger.survey import column_letters

Range = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, both counted from 0
Line = tuple[int, Sequence[Cell]]  # row counted from 0, cells

DEEPEST = 4  # rows of a header; what is merged over more is a note at the side of the rows
RECOGNISED_AT_LEAST = 2  # columns; a title has one cell, if it has any like a header
# Under such a head "收到日期" or "编号" is not that of the application.
_STEP = re.compile(r"补正|征求|收费|缴费|延期|复议|诉讼|送达")
_OF_THE_APPLICATION = frozenset({"received_on", "number"})
_FILLER = re.compile(r"(情况|信息|环节)$")


@dataclass(slots=True)
class Heading:
    """Which column stands where; `extra` are those we do not know, by their header."""

    kind: SheetKind
    row: int  # the last row of the header, counted from 0
    columns: dict[int, Column] = field(default_factory=dict)
    extra: dict[int, str] = field(default_factory=dict)

    @property
    def keys(self) -> set[str]:
        return {column.key for column in self.columns.values()}


def find_heading(
    lines: Sequence[Line], merged: Sequence[Range], first_column: int, kind: SheetKind
) -> Heading | None:
    """The header among the first lines of a sheet; None if this is no sheet of `kind`.

    `first_column` is where the cells of the lines begin.
    """
    known = kind.named()
    counts = [len(set(_recognised(cells, known))) for _, cells in lines]
    best = max(counts, default=0)
    if best < RECOGNISED_AT_LEAST:
        return None
    at, cells = lines[counts.index(best)]
    top, bottom = _extent(at, merged, width=sum(bool(_text(cell)) for cell in cells))
    heads = _heads(lines, merged, first_column, top, bottom)
    return _placed(Heading(kind, bottom), heads, known)


def faults(heading: Heading, sheet: str, *, department_needed: bool) -> Iterator[Problem]:
    """What is wrong with the header itself."""
    row = heading.row + 1
    for column in heading.kind.columns:
        places = [index for index, found in heading.columns.items() if found is column]
        if len(places) > 1:
            letters = "、".join(column_letters(index + 1) for index in sorted(places))
            text = f"第 {letters} 列都可作“{column.header}”，请只留一列，或把其余的改名"
            yield Problem(sheet, row, column.header, "", text)
        needed = column.needed and (column.key != "department" or department_needed)
        if needed and not places:
            yield Problem(sheet, row, column.header, "", "缺少这一列")
    for index, header in heading.extra.items():
        if PERSONAL_HEADER.search(header):
            text = (
                f"第 {column_letters(index + 1)} 列像是个人信息，又不是台账规定的列；"
                "备注不加密，不能收存，请改用规定的列名或删去这一列"
            )
            yield Problem(sheet, row, header, "", text)


def _extent(at: int, merged: Sequence[Range], width: int) -> tuple[int, int]:
    """First and last row of the header that the best row belongs to: merged heads span several."""
    top = bottom = at
    for (first, left), (last, right) in merged:
        if first <= at <= last and 1 < last - first + 1 <= DEEPEST:
            top, bottom = min(top, first), max(bottom, last)
        elif first == last == at - 1 and left < right < left + width - 1:  # a head over several
            top = min(top, first)
    return top, bottom


def _heads(
    lines: Sequence[Line], merged: Sequence[Range], first_column: int, top: int, bottom: int
) -> dict[int, list[str]]:
    """Column (counted from 0) → its heads from top to bottom, merged ones filled in."""
    grid = {
        (row, first_column + index): _text(value)
        for row, cells in lines
        if top <= row <= bottom
        for index, value in enumerate(cells)
    }
    width = 1 + max((column for _, column in grid), default=0)
    filled = dict(grid)
    for (first, left), (last, right) in merged:
        if top <= first and last <= bottom:
            for row in range(first, last + 1):
                for column in range(left, min(right, width - 1) + 1):
                    filled[row, column] = grid.get((first, left), "")
    heads: dict[int, list[str]] = {}
    for column in range(width):
        parts = [filled.get((row, column), "") for row in range(top, bottom + 1)]
        heads[column] = list(dict.fromkeys(part for part in parts if part))
    return heads


def _placed(
    heading: Heading, heads: Mapping[int, list[str]], known: Mapping[str, Column]
) -> Heading:
    """Give each column its meaning; an alias steps back where the proper header is there too."""
    proper = set()
    for index, parts in heads.items():
        column = _meaning(parts, known)
        if column is None:
            heading.extra[index] = "".join(parts)
            continue
        heading.columns[index] = column
        if parts and fold_header(column.header) in map(fold_header, ("".join(parts), parts[-1])):
            proper.add(index)
    for index, column in list(heading.columns.items()):
        if index not in proper and any(heading.columns[other] is column for other in proper):
            heading.extra[index] = "".join(heads[index])
            del heading.columns[index]
    return heading


def _meaning(parts: Sequence[str], known: Mapping[str, Column]) -> Column | None:
    """From the heads over a column: all of them together, else only the lower ones."""
    for start in range(len(parts)):
        upper = [_FILLER.sub("", part) for part in parts[start:-1]]
        if column := _recognise("".join([*upper, parts[-1]]), known):
            stray = column.key in _OF_THE_APPLICATION and _STEP.search("".join(parts[:start]))
            return None if stray else column
    return None


def _recognised(cells: Sequence[Cell], known: Mapping[str, Column]) -> list[str]:
    found = (_recognise(_text(cell), known) for cell in cells)
    return [column.key for column in found if column]


def _recognise(text: str, known: Mapping[str, Column]) -> Column | None:
    folded = fold_header(text)
    return known.get(folded) or known.get(without_note(folded))


def _text(value: Cell) -> str:
    return "".join(plain(value).split()) if isinstance(value, str) else ""
