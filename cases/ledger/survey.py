"""What must be known of a sheet's XML before the reader takes it.

The reader lays a sheet out as one block up to its last row and column, so that two cells far apart
could take all memory; and it gives a cell with an error value, or with a formula that was never
computed, as blank, so that an answered case would look open. Both are found here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from cases.ledger.limits import MEGABYTE, LedgerError, Limits

_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,8})"')
_PLAIN_STRING = re.compile(rb' t="s"(?: [^>]*)?><v>(\d{1,9})</v>')
_BLANK_CELL = re.compile(rb'<c r="[A-Z]{1,3}\d{1,8}"(?: s="\d{1,6}")? ?(?:/>|></c>)')
_BLANK_ENDS = (b"/>", b"></c>")
_CELLS = (b"<c ", b"<c>", b"<c/>")
_OTHER_FORMS = (b":sheetData", b"<c\n", b"<c\r", b"<c\t", b"'s'")
_REFERENCE = re.compile(r"([A-Za-z]+)(\d+)")
_LETTERS = 26
MANY_BLANKS = 10_000
SLICE = 4 * MEGABYTE
ERROR_VALUE = "单元格是错误值，请改正公式，或者直接填上值"
NEVER_COMPUTED = "公式没有保存过结果，请用 Excel 打开并保存后再导入"


@dataclass(slots=True)
class Survey:
    """How far the filled cells reach (counted from 1), and which cannot be read as a value."""

    rows: int = 0
    columns: int = 0
    text: int = 0  # length of all shared strings, each as often as it is used
    # Row and column → value, what is wrong.
    faults: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def fits(self, limits: Limits) -> bool:
        return self.rows * self.columns <= limits.max_cells and self.text <= limits.max_unpacked


def without_blanks(part: bytes) -> bytes:
    """The sheet without cells that have a style and nothing else: there may be millions of them.

    Only where every cell says its place, which would else be counted from the cell before.
    """
    if sum(map(part.count, _BLANK_ENDS)) < MANY_BLANKS or any(
        sign in part for sign in _OTHER_FORMS
    ):
        return part
    placed = part.count(b'<c r="') == sum(map(part.count, _CELLS))
    return b"".join(_BLANK_CELL.sub(b"", slice) for slice in _slices(part)) if placed else part


def _slices(part: bytes) -> Iterator[bytes]:
    """Whole rows, some megabytes at once: what is found in all at once would take much memory."""
    start = 0
    while start < len(part):
        end = part.find(b"<row", start + SLICE)
        end = len(part) if end < 0 else end
        yield part[start:end]
        start = end


def measure(part: bytes, strings: Sequence[int], limits: Limits) -> Survey:
    """Survey the sheet `part`; `strings` are the lengths of the workbook's shared strings.

    Most sheets are written in the plain form, and a bound for those is found fast. What is written
    otherwise, is larger than its bound may be, or holds formulas or errors is gone through cell by
    cell. Raises `LedgerError` when the sheet reaches too far.
    """
    bound = _bound(part, strings)
    if bound and bound.fits(limits) and b"<f" not in part and b'"e"' not in part:
        return bound
    survey = _Surveyor(strings).go(part)
    check_reach([survey], limits)
    return survey


def check_reach(surveys: Collection[Survey], limits: Limits) -> None:
    """Raises `LedgerError` for sheets that reach too far to be laid out at one time."""
    cells = sum(survey.rows * survey.columns for survey in surveys)
    text = sum(survey.text for survey in surveys)
    if cells > limits.max_cells or text > limits.max_unpacked:
        widest = max(surveys, key=lambda survey: (survey.rows * survey.columns, survey.text))
        raise LedgerError(
            f"有一张工作表用到了第 {widest.rows} 行、第 {widest.columns} 列，范围过大，"
            "请删去远处多余的内容后再导入。"
        )


def _bound(part: bytes, strings: Sequence[int]) -> Survey | None:
    """At least as large as the truth (blank cells are not told apart); None if not plain."""
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    cells = uses = text = 0
    for rows_part in _slices(part):
        found = _PLAIN_CELL.findall(rows_part)
        cells += len(found)
        columns.update(letters for letters, _ in found)
        rows.update(number for _, number in found)
        used = list(map(int, _PLAIN_STRING.findall(rows_part))) if strings else []
        if max(used, default=-1) >= len(strings):
            return None
        uses += len(used)
        text += sum(map(strings.__getitem__, used))
    plain = (
        cells == sum(map(part.count, _CELLS))
        and uses == part.count(b't="s"')
        and not any(sign in part for sign in _OTHER_FORMS)
    )
    if not plain:
        return None
    return Survey(
        rows=max(map(int, rows), default=0),
        columns=max((column_number(letters.decode()) for letters in columns), default=0),
        text=text,
    )


class _Surveyor:
    """Goes through a sheet cell by cell. Cells and rows without reference follow the one before."""

    def __init__(self, strings: Sequence[int]) -> None:
        self.strings, self.survey = strings, Survey()
        self.row = self.column = 0
        self.kind = ""
        self.inside_value = self.filled = self.formula = False
        self.value = ""

    def go(self, part: bytes) -> Survey:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(part, True)
        except (expat.ExpatError, ValueError) as error:
            raise LedgerError("工作表的内容已损坏，请用 Excel 另存为 .xlsx 后再导入。") from error
        return self.survey

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
                self.column = 0
            case "c":
                self._place(attributes.get("r", ""))
                self.kind = attributes.get("t", "")
                self.filled = self.formula = False
                self.value = ""
            case "v" | "is":
                self.inside_value = self.filled = True
            case "f":
                self.formula = True

    def _place(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        self.column = column_number(found[1]) if found else self.column + 1
        self.row = int(found[2]) if found else self.row

    def _text(self, text: str) -> None:
        if self.inside_value:
            self.value += text

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "is":
                self.inside_value = False
            case "c" if self.filled or self.formula:
                self._end_cell()

    def _end_cell(self) -> None:
        survey = self.survey
        survey.rows, survey.columns = max(survey.rows, self.row), max(survey.columns, self.column)
        if self.kind == "s" and self.value.isdigit() and int(self.value) < len(self.strings):
            survey.text += self.strings[int(self.value)]
        if self.kind == "e":
            fault = (self.value, ERROR_VALUE)
        elif self.formula and not self.value and self.kind != "str":  # "str": an empty text
            fault = ("", NEVER_COMPUTED)
        else:
            return
        survey.faults[self.row, self.column] = fault


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
