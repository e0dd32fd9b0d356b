"""The template in which an organ that works elsewhere hands its tables in.

Sections two to four in the layout of the year's format. Hidden beside them stand the keys of rows
and columns, by which `reports.handin` reads the file back surely, also when rows were moved. All
but the figures is protected, without a password.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import accumulate, repeat

from openpyxl import Workbook
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports.xlsx import (
    CAPTION,
    FIGURE,
    FOUR_WIDTHS,
    HEADING,
    LABEL,
    PAGE_WIDTH,
    THREE_WIDTHS,
    Page,
)
from reports.formats.base import Block, Format
from reports.formats.layout import (
    HeadCell,
    layout,
    section_four_head,
    section_three_head,
)
from reports.handin import HEAD, ROW, form_mark

KEYS = PAGE_WIDTH + 1  # the column of the marks, to the right of the page
MEASURE_WIDTH = 3  # columns of a figure of section two
NOTE = "只填数字，没有的填 0，不留空；不要增删行列。第三、第四部分须填全；第二部分不报的整表留空。"


def handin_template(fmt: Format, *, year: int, organ: str, code: str) -> bytes:
    """An .xlsx file without figures, for one organ and year."""
    file, book = BytesIO(), Workbook(write_only=True)
    mark = form_mark(fmt, year, code)
    try:
        page = _Form(book.create_sheet("三、四"), mark, f"{organ} {year} 年度")
        _sections_three_and_four(page, fmt)
        page.finish(fmt.doc_no)
        page = _Form(book.create_sheet("二"), mark, f"{organ} {year} 年度")
        page.line(fmt.section_two.title, CAPTION)
        for block in fmt.section_two.blocks:
            _block(page, block, fmt.section_two.row_header)
        page.finish(fmt.doc_no)
    finally:
        book.save(file)
    return file.getvalue()


def _sections_three_and_four(page: _Form, fmt: Format) -> None:
    three, four = fmt.section_three, fmt.section_four
    page.caption(three)
    page.table(section_three_head(three), THREE_WIDTHS)
    at = PAGE_WIDTH - len(three.columns) + 1
    columns = {at + n: column.key for n, column in enumerate(three.columns)}
    page.keys(columns)
    lines = layout(three)
    body = [(*line.heads, *repeat(None, len(three.columns))) for line in lines]
    page.figures(body, THREE_WIDTHS, columns, [f"section_three.{line.row.key}" for line in lines])
    page.row += 1
    page.caption(four)
    page.table(section_four_head(four), FOUR_WIDTHS)
    keys = [f"{group.key}.{column.key}" for group in four.groups for column in four.columns]
    columns = dict(enumerate(keys, start=1))
    page.keys(columns)
    page.figures([tuple(repeat(None, len(keys)))], FOUR_WIDTHS, columns, ["section_four"])


def _block(page: _Form, block: Block, row_header: str) -> None:
    """One item of 条例 20, with its own columns."""
    number = len(block.columns)
    widths = (PAGE_WIDTH - number * MEASURE_WIDTH, *repeat(MEASURE_WIDTH, number))
    edges = tuple(accumulate(widths, initial=1))
    page.row += 1
    page.line(block.caption, CAPTION)
    heads = (row_header, *(column.label for column in block.columns))
    page.table([tuple(map(HeadCell, heads))], widths)
    columns = {edges[n]: column.key for n, column in enumerate(block.columns, start=1)}
    page.keys(columns)
    body = [(HeadCell(row.label), *repeat(None, number)) for row in block.rows]
    page.figures(body, widths, columns, [f"section_two.{row.key}" for row in block.rows])


class _Form(Page):
    """A page with marks: a hidden column tells the rows, hidden rows tell the columns."""

    columns = KEYS

    def __init__(self, sheet: Worksheet, mark: str, heading: str) -> None:
        super().__init__(sheet)
        sheet.protection.sheet = True
        sheet.column_dimensions[get_column_letter(KEYS)].hidden = True
        self._mark(mark)
        self.line(heading, HEADING)
        self.line(NOTE, CAPTION)

    def keys(self, columns: Mapping[int, str]) -> None:
        """A hidden row with the keys of the columns below."""
        for at, key in columns.items():
            self.draw(at, key, LABEL)
        self._mark(HEAD)
        self.sheet.row_dimensions[self.row].hidden = True
        self.row += 1

    def figures(
        self,
        body: Sequence[Sequence[HeadCell | int | None]],
        widths: Sequence[int],
        columns: Mapping[int, str],
        rows: Sequence[str],
    ) -> None:
        """Rows to fill in, each with its key beside it."""
        top = self.row
        self.table(body, widths, LABEL)
        below = self.row
        for self.row, key in enumerate(rows, start=top):
            self._mark(f"{ROW} {key}")
            for at in columns:
                self.cells[self.row, at].protection = Protection(locked=False)
        self.row = below

    def _mark(self, mark: str) -> None:
        self.draw(KEYS, mark, FIGURE)
