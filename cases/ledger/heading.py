"""Find the header of a sheet: under a title, with merged heads, in any order of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cases.ledger.cells import Cell, plain, text
from cases.ledger.columns import (
    KINDS,
    PERSONAL_HEADER,
    Column,
    SheetKind,
    fold_header,
    without_note,
)
from cases.ledger.rows import Problem, SheetHeading
from cases.ledger.survey import column_letters

Range = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, both counted from 0
Line = tuple[int, Sequence[Cell]]  # row counted from 0, cells
Matched = Mapping[str, str]  # by hand: folded header → key of its column, "" to pass it over

DEEPEST = 4  # rows of a header; what is merged over more is a note at the side of the rows
RECOGNISED_AT_LEAST = 2  # columns; a title has one cell, if it has any like a header
# Under such a head "收到日期" or "编号" is not that of the application.
_STEP = re.compile(r"补正|征求|收费|缴费|延期|复议|诉讼|送达")
_OF_THE_APPLICATION = frozenset({"received_on", "number"})
_FILLER = re.compile(r"(情况|信息|环节)$")


@dataclass(slots=True)
class Heading:
    """Which column stands where; `extra` are those we do not know, by their header.

    A column passed over by hand is in neither.
    """

    kind: SheetKind
    row: int  # the last row of the header, counted from 0
    headers: dict[int, str] = field(default_factory=dict)  # of every column
    columns: dict[int, Column] = field(default_factory=dict)
    extra: dict[int, str] = field(default_factory=dict)

    @property
    def keys(self) -> set[str]:
        return {column.key for column in self.columns.values()}

    def of_sheet(self, name: str) -> SheetHeading:
        """To be matched by hand, which needs a header: columns without are left out."""
        columns = [
            (header, self.columns[index].key if index in self.columns else "")
            for index, header in sorted(self.headers.items())
            if header
        ]
        return SheetHeading(name, self.kind.name, columns)


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of a sheet, among which its header is looked for."""

    lines: Sequence[Line]
    merged: Sequence[Range]
    first_column: int  # where the cells of the lines begin
    matched: Matched


def find_heading(head: Head, kind: SheetKind) -> Heading | None:
    """The header of a sheet of `kind`; None if this is none."""
    known = kind.named()
    counts = [len(set(_recognised(cells, known))) for _, cells in head.lines]
    if head.matched:
        for at in range(len(counts)):
            _, heads = _heads(head, at)
            counts[at] += sum(
                fold_header("".join(parts)) in head.matched for parts in heads.values()
            )
    best = max(counts, default=0)
    return _placed(head, counts.index(best), kind) if best >= RECOGNISED_AT_LEAST else None


def likely_heading(head: Head, kinds: Sequence[SheetKind] = KINDS) -> Heading | None:
    """The line with most texts: perhaps a header, which only a person can match."""
    counts = [sum(bool(_text(cell)) for cell in cells) for _, cells in head.lines]
    best = max(counts, default=0)
    if best < RECOGNISED_AT_LEAST:
        return None
    found = (_placed(head, counts.index(best), kind) for kind in kinds)
    return max(found, key=lambda heading: len(heading.keys))


def faults(heading: Heading, sheet: str, *, department_needed: bool) -> Iterator[Problem]:
    """What is wrong with the header itself."""
    row = heading.row + 1
    for column in heading.kind.columns:
        places = [index for index, found in heading.columns.items() if found is column]
        if len(places) > 1:
            letters = "、".join(column_letters(index + 1) for index in sorted(places))
            message = f"第 {letters} 列都可作“{column.header}”，请只留一列，或把其余的改名"
            yield Problem(sheet, row, column.header, "", message)
        needed = column.needed and (column.key != "department" or department_needed)
        if needed and not places:
            yield Problem(sheet, row, column.header, "", "缺少这一列")
    in_clear = {index for index, column in heading.columns.items() if column.read is text}
    for index in sorted(in_clear | heading.extra.keys()):
        header = heading.headers[index]
        if PERSONAL_HEADER.search(header):
            message = (
                f"第 {column_letters(index + 1)} 列像是个人信息，又不是台账规定的列；"
                "备注不加密，不能收存，请改用规定的列名或删去这一列"
            )
            yield Problem(sheet, row, header, "", message)


def _extent(at: int, merged: Sequence[Range], width: int) -> tuple[int, int]:
    """First and last row of the header that the best row belongs to: merged heads span several."""
    top = bottom = at
    for (first, left), (last, right) in merged:
        if first <= at <= last and 1 < last - first + 1 <= DEEPEST:
            top, bottom = min(top, first), max(bottom, last)
        elif first == last == at - 1 and left < right < left + width - 1:  # a head over several
            top = min(top, first)
    return top, bottom


def _heads(head: Head, at: int) -> tuple[int, dict[int, list[str]]]:
    """The header that line `at` belongs to: its last row, and by column (counted from 0) the heads
    from top to bottom, merged ones filled in."""
    row, cells = head.lines[at]
    top, bottom = _extent(row, head.merged, width=sum(bool(_text(cell)) for cell in cells))
    grid = {
        (row, head.first_column + index): _text(value)
        for row, cells in head.lines
        if top <= row <= bottom
        for index, value in enumerate(cells)
    }
    width = 1 + max((column for _, column in grid), default=0)
    filled = dict(grid)
    for (first, left), (last, right) in head.merged:
        if top <= first and last <= bottom:
            for row in range(first, last + 1):
                for column in range(left, min(right, width - 1) + 1):
                    filled[row, column] = grid.get((first, left), "")
    heads: dict[int, list[str]] = {}
    for column in range(width):
        parts = [filled.get((row, column), "") for row in range(top, bottom + 1)]
        heads[column] = list(dict.fromkeys(part for part in parts if part))
    return bottom, heads


def _placed(head: Head, at: int, kind: SheetKind) -> Heading:
    """Give each column its meaning: what was matched by hand goes before the proper header, and
    that before an alias; what steps back is a column that we do not know."""
    bottom, heads = _heads(head, at)
    heading = Heading(kind, bottom)
    by_key, known = {column.key: column for column in kind.columns}, kind.named()
    rank: dict[int, int] = {}
    for index, parts in heads.items():
        header = heading.headers[index] = "".join(parts)
        by_hand = head.matched.get(fold_header(header))
        if by_hand == "":
            continue
        column = by_key.get(by_hand or "") or _meaning(parts, known)
        if column is None:
            heading.extra[index] = header
            continue
        heading.columns[index] = column
        proper = fold_header(column.header) in map(fold_header, (header, parts[-1]))
        rank[index] = 2 if column.key == by_hand else int(proper)
    for index, column in list(heading.columns.items()):
        rivals = (rank[other] for other, found in heading.columns.items() if found is column)
        if rank[index] < max(rivals):
            heading.extra[index] = heading.headers[index]
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
