"""Open an .xls or .et file that a stranger may have made, and write it anew for the reader.

Such a file is a container with a stream of records (BIFF8, MS-XLS). The reader believes what the
records say of their own number and size, lays all sheets out at once and takes formulas apart. So
it is given a new stream with names, formats, texts and values, and nothing else: what a formula
came to stands in its place, macros and drawings are left out.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from cases.ledger.biff_strings import read_short, read_table, read_text, short_text, table_records
from cases.ledger.limits import LedgerError, Limits, check_sheets
from cases.ledger.ole import Broken, Container, container_of
from cases.ledger.survey import ERROR_VALUE, Survey, check_reach

DAMAGED = "文件已损坏，不能当作 .xls 或 .et 打开，请用 Excel 或 WPS 另存为 .xlsx 后再导入。"
LOCKED = "文件已加密，请在 Excel 或 WPS 里取消打开密码后再导入。"
TOO_OLD = "这是 Excel 95 或更早的格式，请用 Excel 或 WPS 另存为 .xlsx 后再导入。"
NO_SPREADSHEET = "这不是 .xlsx、.xls 或 .et 文件（里面没有工作簿）。"

ENCRYPTED = "EncryptedPackage"  # the stream of an .xlsx with a password
_ENCRYPTED = ENCRYPTED.encode("utf-16-le")  # as it stands in a container that is cut short

BIFF8 = 0x0600
GLOBALS, WORKSHEET = 0x0005, 0x0010  # parts of the stream
LAST_COLUMN = 255
VISIBILITY = 0b11


class Kind(IntEnum):
    """Of a record: those that are looked at."""

    FORMULA = 0x0006
    END = 0x000A
    DATE_1904 = 0x0022
    FILE_PASS = 0x002F
    CONTINUE = 0x003C
    SHEET = 0x0085
    SEVERAL_NUMBERS = 0x00BD
    RICH_LABEL = 0x00D6
    STYLE = 0x00E0
    MERGED = 0x00E5
    TEXT_TABLE = 0x00FC
    TEXT = 0x00FD
    NUMBER = 0x0203
    LABEL = 0x0204
    BOOL_OR_ERROR = 0x0205
    FORMULA_TEXT = 0x0207
    SHORT_NUMBER = 0x027E
    FORMAT = 0x041E
    BEGIN = 0x0809


STYLES = (Kind.DATE_1904, Kind.FORMAT, Kind.STYLE)  # what makes a number a date
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_PAIR = struct.Struct("<HH")  # row and column; kind and length of a record

Record = tuple[int, bytes, list[bytes]]  # kind, data, the data of records that continue it


def write_anew(content: bytes, limits: Limits) -> tuple[bytes, dict[str, Survey]]:
    """The workbook for the reader, and how far each sheet reaches; raises `LedgerError`."""
    try:
        book = _Book(_workbook(content), limits)
        return container_of("Workbook", book.written()), book.surveys()
    except (Broken, struct.error, IndexError, UnicodeError) as error:
        raise LedgerError(LOCKED if _ENCRYPTED in content else DAMAGED) from error


def _workbook(content: bytes) -> bytes:
    container = Container(content)
    if ENCRYPTED in container.streams:
        raise LedgerError(LOCKED)
    if "Workbook" in container.streams:
        return container.read("Workbook")
    raise LedgerError(TOO_OLD if "Book" in container.streams else NO_SPREADSHEET)


def _records(stream: bytes, at: int, end: int) -> Iterator[Record]:
    """The records of the part that begins `at`, without those of the parts within it."""
    depth, begin, last = 0, Kind.BEGIN.value, Kind.END.value
    while True:
        kind, length = _PAIR.unpack_from(stream, at)
        data, at = stream[at + 4 : at + 4 + length], at + 4 + length
        more: list[bytes] = []
        while stream[at : at + 2] == b"\x3c\0":  # CONTINUE
            _, length = _PAIR.unpack_from(stream, at)
            more.append(stream[at + 4 : at + 4 + length])
            at += 4 + length
        if at > end:
            raise Broken
        if kind == begin:
            depth += 1
        if depth == 1:
            yield kind, data, more
        if kind == last:
            depth -= 1
            if depth <= 0:
                return


def _record(kind: int, data: bytes) -> bytes:
    return _PAIR.pack(kind, len(data)) + data


class _Book:
    """What is kept of a workbook."""

    def __init__(self, stream: bytes, limits: Limits) -> None:
        self.texts: list[str] = []
        self.styles: list[bytes] = []
        self.sheets: list[_Sheet] = []
        kind, _, version, part = struct.unpack_from("<HHHH", stream)
        if kind != Kind.BEGIN or part != GLOBALS:
            raise Broken
        if version != BIFF8:
            raise LedgerError(TOO_OLD)
        for record in _records(stream, 0, len(stream)):
            self._take(record)
        check_sheets(len(self.sheets), limits)
        if len(self.surveys()) < len(self.sheets):
            raise Broken  # two of one name
        in_place = sorted(self.sheets, key=lambda sheet: sheet.starts_at)
        ends = [*(sheet.starts_at for sheet in in_place[1:]), len(stream)]
        for sheet, end in zip(in_place, ends, strict=False):  # without sheets one end is left
            sheet.read(_records(stream, sheet.starts_at, end), self.texts)
        check_reach(self.surveys().values(), limits)

    def _take(self, record: Record) -> None:
        kind, data, more = record
        if kind == Kind.FILE_PASS:
            raise LedgerError(LOCKED)
        if kind == Kind.TEXT_TABLE:
            self.texts = read_table([data, *more])
        elif kind in STYLES:
            self.styles.append(_record(kind, data))
        elif kind == Kind.SHEET and data[5] == 0:  # no chart, no macros
            (starts_at,) = struct.unpack_from("<I", data)
            self.sheets.append(_Sheet(read_short(data, 6), data[4] & VISIBILITY, starts_at))

    def surveys(self) -> dict[str, Survey]:
        return {sheet.name: sheet.survey for sheet in self.sheets}

    def written(self) -> bytes:
        begin = [_record(Kind.BEGIN, _PAIR.pack(BIFF8, GLOBALS)), *self.styles]
        first, *rest = table_records(self.texts)
        table = [_record(Kind.TEXT_TABLE, first), *(_record(Kind.CONTINUE, more) for more in rest)]
        end = [_record(Kind.END, b"")]
        heads = [sheet.head() for sheet in self.sheets]
        bodies = [sheet.written() for sheet in self.sheets]
        at = sum(map(len, [*begin, *table, *end])) + sum(4 + 4 + len(head) for head in heads)
        places: list[bytes] = []
        for head, body in zip(heads, bodies, strict=True):
            places.append(_record(Kind.SHEET, struct.pack("<I", at) + head))
            at += len(body)
        return b"".join([*begin, *places, *table, *end, *bodies])


@dataclass(slots=True)
class _Sheet:
    """What is kept of a sheet: the records of its cells, row by row."""

    name: str
    visibility: int
    starts_at: int
    survey: Survey = field(default_factory=Survey)
    cells: dict[int, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    merged: list[bytes] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # the workbook's
    formula: tuple[int, int] = (0, 0)  # the last one: its text follows

    def head(self) -> bytes:
        return bytes([self.visibility, 0]) + short_text(self.name)

    def written(self) -> bytes:
        begin = _record(Kind.BEGIN, _PAIR.pack(BIFF8, WORKSHEET))
        rows = (self.cells[row] for row in sorted(self.cells))  # the reader relies on their order
        return b"".join([begin, *rows, *self.merged, _record(Kind.END, b"")])

    def read(self, records: Iterator[Record], texts: list[str]) -> None:
        """Take the cells in; texts that are not in the table join it."""
        self.texts = texts
        takes: dict[int, Callable[[bytes, list[bytes]], None]] = {
            Kind.TEXT: self._text,
            Kind.NUMBER: self._number,
            Kind.SHORT_NUMBER: self._short_number,
            Kind.SEVERAL_NUMBERS: self._several_numbers,
            Kind.LABEL: self._label,
            Kind.RICH_LABEL: self._label,
            Kind.BOOL_OR_ERROR: self._bool_or_error,
            Kind.FORMULA: self._formula,
            Kind.FORMULA_TEXT: self._formula_text,
            Kind.MERGED: self._merged,
        }
        for kind, data, more in records:
            if kind in takes:
                takes[kind](data, more)

    def _reach(self, row: int, column: int) -> None:
        if column > LAST_COLUMN:
            raise Broken
        survey = self.survey
        if row >= survey.rows:
            survey.rows = row + 1
        if column >= survey.columns:
            survey.columns = column + 1

    def _keep(self, kind: int, data: bytes) -> None:
        row, column = _PAIR.unpack_from(data)
        self._reach(row, column)
        self.cells[row] += _record(kind, data)

    def _number(self, data: bytes, _: list[bytes]) -> None:
        self._keep(Kind.NUMBER, _exactly(14, data))

    def _short_number(self, data: bytes, _: list[bytes]) -> None:
        self._keep(Kind.SHORT_NUMBER, _exactly(10, data))

    def _several_numbers(self, data: bytes, _: list[bytes]) -> None:
        row, first = _PAIR.unpack_from(data)
        (last,) = struct.unpack_from("<H", data, len(data) - 2)
        if last < first or len(data) != 6 + 6 * (last - first + 1):
            raise Broken
        self._reach(row, last)
        self._keep(Kind.SEVERAL_NUMBERS, data)

    def _text(self, data: bytes, _: list[bytes]) -> None:
        (index,) = struct.unpack_from("<I", data, 6)
        self.survey.text += len(self.texts[index])
        self._keep(Kind.TEXT, data[:10])

    def _new_text(self, row: int, column: int, text: str) -> None:
        self.texts.append(text)
        self._text(struct.pack("<HHHI", row, column, 0, len(self.texts) - 1), [])

    def _label(self, data: bytes, more: list[bytes]) -> None:
        row, column = _PAIR.unpack_from(data)
        self._new_text(row, column, read_text(data, 6, more))

    def _bool_or_error(self, data: bytes, _: list[bytes]) -> None:
        row, column, _style, value, is_error = struct.unpack_from("<HHHBB", data)
        if is_error:
            self._reach(row, column)
            told = ERRORS.get(value, "#ERROR!")
            self.survey.faults[row + 1, column + 1] = (told, ERROR_VALUE)
        else:
            self._keep(Kind.BOOL_OR_ERROR, data[:8])

    def _formula(self, data: bytes, _: list[bytes]) -> None:
        """Its stored value: a number, or what the first byte says if the last two are full."""
        place, value = data[:6], _exactly(8, data[6:])
        self.formula = _PAIR.unpack_from(data)
        if value[6:] != b"\xff\xff":
            self._keep(Kind.NUMBER, place + value)
        elif value[0] in (1, 2):  # else a text, which follows, or an empty one
            self._bool_or_error(place + bytes([value[2], value[0] == 2]), [])

    def _formula_text(self, data: bytes, more: list[bytes]) -> None:
        self._new_text(*self.formula, read_text(data, 0, more))

    def _merged(self, data: bytes, _: list[bytes]) -> None:
        (count,) = struct.unpack_from("<H", data)
        self.merged.append(_record(Kind.MERGED, _exactly(2 + 8 * count, data)))


def _exactly(size: int, data: bytes) -> bytes:
    if len(data) < size:
        raise Broken
    return data[:size]
