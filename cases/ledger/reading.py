"""Read a ledger file: bytes in, rows and problems out. Asks no database and knows no user.

Every cell of every row is looked at before anything is said, so that all that is wrong is told at
once. No problem repeats personal data: what stands in such a column is masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import Enum
from functools import partial
from hashlib import sha256
from io import BytesIO
from itertools import chain, islice
from typing import Any, TypeVar

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cases.crypto import masked
from cases.ledger import archive, rules
from cases.ledger.cells import Cell, CellError, plain, shown
from cases.ledger.collector import collector_paused
from cases.ledger.columns import CASES, KINDS, Column, SheetKind, fold_header
from cases.ledger.heading import (
    Head,
    Heading,
    Line,
    Matched,
    faults,
    find_heading,
    likely_heading,
)
from cases.ledger.limits import LedgerError, Limits, NoLedgerFound, check_sheets
from cases.ledger.progress import Told, nobody, telling
from cases.ledger.rows import CaseRow, Ledger, Problem, ProceedingRow, Reply, SheetHeading
from cases.ledger.survey import Survey, column_letters

HEAD_LINES = 30  # lines that are not blank among which the header is looked for
LIKELY = 5  # so many of our columns make a sheet a ledger, even one that lacks a needed column
NOT_FOUND = (
    "没有找到台账：应有名为“申请台账”或“复议诉讼台账”的工作表，"
    "表头含编号、申请人类别、收到日期（或类型、立案日期）等列。"
)
UNREADABLE = "“{}”第 {} 行有读不出的单元格（如超出范围的日期），请改正后再导入。"
_TOTAL = re.compile(r"(本页|本年|年度)?(合计|总计|小计|共计|累计)[:：]?[\d,.]*[件条]?")

Result = TypeVar("Result")


@collector_paused()
def read_ledger(
    content: bytes,
    *,
    file_name: str,
    today: date,
    department_needed: bool,
    limits: Limits,
    matched: Matched | None = None,
    told: Told | None = None,
) -> Ledger:
    """Read `content`. Days after `today` are errors; 受理部门 may be blank if it is given apart.

    `matched` says by hand which column a header (as `columns.fold_header` folds it) stands for,
    and with "" that it is passed over. `told` hears how far it is. Raises `LedgerError` for a file
    that is no ledger; what is wrong in it stands in `problems`.
    """
    ledger = Ledger(sha256(content).hexdigest(), file_name)
    offered: list[SheetHeading] = []
    told = told or nobody
    told(0, "正在打开文件")
    checked = archive.check(content, limits)
    book = guarded(lambda: CalamineWorkbook.from_filelike(BytesIO(checked.content)))
    check_sheets(len(book.sheet_names), limits)
    for sheet in book.sheets_metadata:
        if sheet.visible != SheetVisibleEnum.Visible:
            ledger.passed_over.append(f"{sheet.name}（隐藏）")
        elif sheet.typ == SheetTypeEnum.WorkSheet:
            survey = checked.surveys.get(sheet.name, Survey())
            reader = _SheetReader(ledger, sheet.name, survey, today, department_needed, limits)
            content_of = partial(book.get_sheet_by_name, sheet.name)
            if found := reader.read(guarded(content_of), matched or {}, told):
                offered.append(found.of_sheet(sheet.name))
    if not ledger.sheets:
        raise NoLedgerFound(NOT_FOUND, offered)
    return ledger


def guarded(read: Callable[[], Result]) -> Result:
    """What the reader gives; `LedgerError` where it fails, or panics."""
    try:
        return read()
    except BaseException as error:
        if _is_of_reader(error):
            raise LedgerError(archive.DAMAGED) from error
        raise


def _is_of_reader(error: BaseException) -> bool:
    """The reader is written in Rust: its panics are no `Exception`."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


class _SheetReader:
    """Reads one sheet into the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        name: str,
        survey: Survey,
        today: date,
        department_needed: bool,
        limits: Limits,
    ) -> None:
        self.ledger, self.name, self.today, self.limits = ledger, name, today, limits
        self.department_needed = department_needed
        self.faulty: dict[int, dict[int, tuple[str, str]]] = {}  # row → column, counted from 0
        for (row, column), fault in survey.faults.items():
            self.faulty.setdefault(row - 1, {})[column - 1] = fault

    def read(self, sheet: CalamineSheet, matched: Matched, told: Told) -> Heading | None:
        """Read the sheet if it is a ledger; if not, returns what may yet be its header."""
        first_column = sheet.start[1] if sheet.start else 0
        message = f"正在读取“{self.name}”，已读 {{}} 行"
        lines = telling(self._lines(sheet), sheet.total_height, told, message)
        first = list(islice(lines, HEAD_LINES))
        head = Head(first, sheet.merged_cell_ranges or [], first_column, matched)
        heading = self._heading(head)
        if heading is None:
            if first:
                self.ledger.passed_over.append(self.name)
            return likely_heading(head)
        self.ledger.sheets.append(self.name)
        self.ledger.headings.append(heading.of_sheet(self.name))
        self.ledger.problems += faults(heading, self.name, department_needed=self.department_needed)
        self._prepare(heading, first_column)
        read = 0
        for index, cells in chain((line for line in first if line[0] > heading.row), lines):
            read += self._read_line(index, cells)
            if read > self.limits.max_rows:
                raise LedgerError(f"“{self.name}”超过 {self.limits.max_rows} 行，请分成几份导入。")
        return None

    def _lines(self, sheet: CalamineSheet) -> Iterator[Line]:
        """The lines that are not blank."""
        index = -1
        try:
            for index, cells in enumerate(sheet.iter_rows()):
                if any(cells) or index in self.faulty:
                    yield index, cells
        except BaseException as error:
            if _is_of_reader(error):
                raise LedgerError(UNREADABLE.format(self.name, index + 2)) from error
            raise

    def _heading(self, head: Head) -> Heading | None:
        found = {kind: find_heading(head, kind) for kind in KINDS}
        for kind, heading in found.items():
            if fold_header(self.name) == kind.name and head.lines:
                return heading or likely_heading(head, (kind,)) or Heading(kind, head.lines[-1][0])
        for kind, heading in found.items():
            if heading and (kind.marks <= heading.keys or len(heading.keys) >= LIKELY):
                return heading
        return None

    def _prepare(self, heading: Heading, first_column: int) -> None:
        """What each line needs: the place of every column among its cells."""
        self.kind: SheetKind = heading.kind
        self.columns = [
            (index - first_column, column, column.read, column.key, column.max_length)
            for index, column in sorted(heading.columns.items())
            if index >= first_column
        ]
        self.extra = [
            (index - first_column, header or f"第{column_letters(index + 1)}列")
            for index, header in sorted(heading.extra.items())
            if index >= first_column
        ]
        self.first_column = first_column
        self.needed = [
            column
            for column in heading.columns.values()
            if column.needed and (column.key != "department" or self.department_needed)
        ]

    def _read_line(self, index: int, cells: Sequence[Cell]) -> bool:
        """Whether the line holds a row; blank lines and totals do not."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        unread: set[str] = set()
        for at, column, read, key, max_length in self.columns:
            value = cells[at] if at < len(cells) else ""
            if value == "":
                continue
            try:
                found = read(value)
                if max_length and len(found) > max_length:
                    raise CellError(f"超过 {max_length} 个字")
                if found != "":
                    values[key] = found
            except CellError as error:
                if not plain(value):
                    continue  # nothing but spaces
                unread.add(key)
                told = masked(plain(value)) if column.personal else shown(value)
                problems.append(self._problem(index, column, told, str(error)))
        if index in self.faulty:
            problems += self._faulty_cells(index, unread)
        self._keep_extra(cells, values)
        if not values and not problems:
            return False
        if not values.keys() & {"received_on", "filed_on"} and _is_total(cells):
            return False
        for column in self.needed:
            if column.key not in values and column.key not in unread:
                problems.append(self._problem(index, column, "", "不能为空"))
        self._add(index, values, unread)
        self.ledger.problems += problems
        return True

    def _faulty_cells(self, index: int, unread: set[str]) -> Iterator[Problem]:
        """Cells that the reader gives as blank although they are not."""
        columns = {at + self.first_column: column for at, column, *_ in self.columns}
        headers = {at + self.first_column: header for at, header in self.extra}
        for at, (value, message) in self.faulty[index].items():
            if at in columns:
                unread.add(columns[at].key)
                yield self._problem(index, columns[at], value, message)
            elif at in headers:
                yield Problem(self.name, index + 1, headers[at], value, message)

    def _keep_extra(self, cells: Sequence[Cell], values: dict[str, Any]) -> None:
        """Columns we do not know are kept in 备注, a line each."""
        kept = [
            f"{header}：{text}"
            for at, header in self.extra
            if at < len(cells) and cells[at] != "" and (text := plain(cells[at]))
        ]
        if kept:
            values["remarks"] = "\n".join(filter(None, [values.get("remarks", ""), *kept]))

    def _add(self, index: int, values: dict[str, Any], unread: set[str]) -> None:
        if self.kind is CASES:
            case = CaseRow(sheet=self.name, row=index + 1, **values)
            self.ledger.cases.append(case)
            found = rules.case_faults(case, unread, self.today)
        else:
            proceeding = ProceedingRow(sheet=self.name, row=index + 1, **values)
            self.ledger.proceedings.append(proceeding)
            found = rules.proceeding_faults(proceeding, unread, self.today)
        for key, message in found:
            column = next(column for column in self.kind.columns if column.key == key)
            told = _told(values.get(key, ""))
            self.ledger.problems.append(self._problem(index, column, told, message))

    def _problem(self, index: int, column: Column, value: str, message: str) -> Problem:
        return Problem(self.name, index + 1, column.header, value, message)


def _is_total(cells: Sequence[Cell]) -> bool:
    return any(
        _TOTAL.fullmatch("".join(cell.split())) for cell in cells if isinstance(cell, str) and cell
    )


def _told(value: Any) -> str:
    if isinstance(value, Reply):
        return str(value.outcome.label)
    return str(value.label) if isinstance(value, Enum) else str(value)  # type: ignore[attr-defined]
