"""The board of a year's reports as a spreadsheet: one row a unit, and no name of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from openpyxl import Workbook

from cases.sheets import Value
from reports.annual.calling import Counts
from reports.board import FIGURES, Board, Row
from reports.choices import ALL, HOME
from reports.counting import scope_labels
from reports.exports.xlsx import write_list

HEADER = (
    *("单位", "计入", "统计方式", "状态", "检查", "上年衔接", "确认后有变动（格）"),
    *FIGURES.values(),
    *("公布日期", "公布网址或者位置", "公布逾期"),
)


def board_workbook(board: Board, *, on: date) -> bytes:
    """The .xlsx file of how things stand `on` a day."""
    file, book = BytesIO(), Workbook(write_only=True)
    labels = scope_labels(board.government)
    counted = {Counts.HOME: f"{labels[HOME]}和{labels[ALL]}", Counts.ALL: labels[ALL]}
    try:
        rows = (tuple(_cells(row, counted[row.counts])) for row in board.rows)
        write_list(book.create_sheet(f"{board.year} 年度（{on}）"), HEADER, rows)
    finally:
        book.save(file)
    return file.getvalue()


def _cells(row: Row, counted: str) -> Iterator[Value]:
    yield from (row.department.name, counted, row.way.label)
    yield row.report.get_state_display() if row.report else "尚未填报"
    yield from (row.checked.words, row.tie.words, len(row.changes), *row.figures)
    yield row.first.published_on if row.first else None
    yield row.latest.published_at if row.latest else ""
    yield "逾期" if row.is_late else ""
