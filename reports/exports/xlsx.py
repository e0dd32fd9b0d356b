"""The workbook of a period: the official tables, the cases behind them, the checks.

Data in, bytes out. Every label and the shape of the tables come from the format. All sheets are
streamed (openpyxl's write-only mode), so that the cases of a province never stand in memory; in
that mode widths, views and print titles must be set before the first row is written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate, chain, islice, product
from math import ceil
from typing import Literal
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from cases.sheets import FORMULA_SIGNS, NOT_IN_XML, Value, safe
from reports.checks import Check
from reports.formats.base import Figure, Format, SectionFour, SectionThree, Tables
from reports.formats.layout import (
    HeadCell,
    layout,
    placed,
    section_four_head,
    section_three_head,
)

Orientation = Literal["portrait", "landscape"]

CHECK_HEADER = ("检查项", "公式", "左", "右", "结果", "涉及单元格")

# Section four has fifteen figures in a row. Section three shares its columns: the three columns of
# row heads take eight of them, each figure one. So no figure stands in a merged cell.
PAGE_WIDTH = 15
FOUR_WIDTHS = (1,) * PAGE_WIDTH
THREE_WIDTHS = (1, 2, 5, *(1,) * 7)
COLUMN_WIDTH = 6.3  # characters; fifteen of them are as wide as an A4 page
LINE_SPACING = 1.4  # times the size of the font
ROW_PADDING = 4  # points
GAP = 6  # points
HIGHEST_ROW = 409  # points, the most in Excel
MOST_ROWS = 1_048_576  # of a sheet, the most in Excel
UNIT_WIDTH = 3  # columns for 单位：件

LIST_SAMPLE = 200  # rows that decide how wide the columns of a list are
LIST_WIDEST = 60  # characters

MARGINS = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5, header=0.25, footer=0.25)
LINE = Side(style="thin")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


class TooManyRows(ValueError):
    """More cases than a sheet can hold, with a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Style:
    size: int = 10
    bold: bool = False
    align: Literal["general", "left", "center", "right"] = "center"
    border: Border = field(default_factory=Border)
    number_format: str = "General"

    def apply(self, cell: Cell) -> Cell:
        cell.font = Font(name="宋体", size=self.size, bold=self.bold)
        cell.alignment = Alignment(self.align, "center", wrap_text=True)
        cell.border = self.border
        if self.number_format != "General":  # else openpyxl's own, which a date has
            cell.number_format = self.number_format
        return cell

    def height(self, value: Value, width: float) -> float:
        """Of the row in points, so that a value wraps within a width in characters; a fraction is
        shown in its format, on one line."""
        shown = 1 if isinstance(value, float) else _display_width(value)
        lines = max(1, ceil(shown / (width - 1)))
        return min(lines * LINE_SPACING * self.size + ROW_PADDING, HIGHEST_ROW)


HEADING = Style(14, bold=True)
CAPTION = Style(bold=True, align="left")
UNIT = Style(align="right")
FIGURE = Style(border=BOX)  # … and the heads that stand centred
LABEL = Style(border=BOX, align="left")
LIST_HEAD = Style(bold=True)
LIST_TEXT = Style(align="general")


def report_workbook(
    *,
    fmt: Format,
    tables: Tables,
    organ: str,
    period: str,
    case_header: Sequence[str],
    case_rows: Iterable[Sequence[Value]],
    checks: Iterable[Check],
    note: str = "",
) -> bytes:
    """The .xlsx file of one scope and period.

    `period` is as printed, such as "2020 年度"; `note`, such as when it was computed, goes into
    the page footer. `case_rows` are read once; nothing personal belongs in them. TooManyRows when
    they do not fit a sheet.
    """
    file, book = BytesIO(), Workbook(write_only=True)
    try:
        page = Page(book.create_sheet("三、四"))
        page.line(f"{organ} {period}", HEADING)
        page.official(fmt, tables)
        page.finish(f"{fmt.doc_no} {note}")
        write_list(book.create_sheet("申请件"), case_header, case_rows)
        write_list(book.create_sheet("勾稽校验"), CHECK_HEADER, _check_rows(fmt, checks), wrap=True)
    finally:
        book.save(file)  # after a failure too: this is what removes openpyxl's temporary files
    return file.getvalue()


def _check_rows(fmt: Format, checks: Iterable[Check]) -> Iterator[tuple[Value, ...]]:
    for check in checks:
        name, cells = f"{check.title}（{check.where}）", fmt.cells_label(check.cells)
        yield name, check.formula, check.left, check.right, check.verdict, cells


def write_list(
    sheet: Worksheet,
    header: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    wrap: bool = False,
) -> None:
    """A list to filter and print: header frozen and repeated, columns as wide as their text.

    Text that is too long even so is cut by the next column; where `wrap` says so, it wraps.
    """
    remaining = iter(rows)
    sample = list(islice(remaining, LIST_SAMPLE))
    columns = zip(header, *sample, strict=True)
    widths = [min(2 + max(map(_display_width, column)), LIST_WIDEST) for column in columns]
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    _fit_to_a4(sheet, "landscape", pages_down=0)

    sheet.append([LIST_HEAD.apply(_cell(sheet, label)) for label in header])
    last = 1
    for row in chain(sample, remaining):
        last += 1
        if last > MOST_ROWS:
            raise TooManyRows(f"超过 {MOST_ROWS} 行，一张工作表放不下，请缩小单位或时间范围。")
        if wrap:
            heights = (LIST_TEXT.height(*pair) for pair in zip(row, widths, strict=True))
            sheet.row_dimensions[last].height = max(heights)
            sheet.append([LIST_TEXT.apply(_cell(sheet, value)) for value in row])
        else:  # as they are: a cell made for each value would take as long again
            sheet.append([safe(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{last}"


class Page:
    """A sheet that is one page of A4, drawn from the top down, then handed to the stream."""

    columns = PAGE_WIDTH  # that are handed on; those to the right of the page are not printed

    def __init__(self, sheet: Worksheet, column_width: float = COLUMN_WIDTH) -> None:
        self.sheet, self.column_width = sheet, column_width
        self.cells: dict[tuple[int, int], Cell] = {}
        self.row = 1  # the row to draw next

    def official(self, fmt: Format, tables: Tables) -> None:
        """Sections three and four."""
        three, four = fmt.section_three, fmt.section_four
        self.caption(three)
        self.table(section_three_head(three), THREE_WIDTHS)
        body = [(*line.heads, *tables.section_three[line.row.key]) for line in layout(three)]
        self.table(body, THREE_WIDTHS, LABEL)
        self.row += 1
        self.caption(four)
        self.table(section_four_head(four), FOUR_WIDTHS)
        figures = chain.from_iterable(tables.section_four[group.key] for group in four.groups)
        self.table([tuple(figures)], FOUR_WIDTHS)

    def finish(self, footer: str) -> None:
        self.set_up(footer)
        for row in range(1, self.row):
            self.sheet.append([self.cells.get((row, at + 1)) for at in range(self.columns)])

    def set_up(self, footer: str) -> None:
        for at in range(PAGE_WIDTH):
            self.sheet.column_dimensions[get_column_letter(at + 1)].width = self.column_width
        self.sheet.print_area = f"A1:{get_column_letter(PAGE_WIDTH)}{self.row - 1}"
        self.sheet.print_options.horizontalCentered = True
        self.sheet.oddFooter = HeaderFooterItem()
        self.sheet.oddFooter.left.text = footer.replace("&", "&&")
        _fit_to_a4(self.sheet, "portrait", pages_down=1)

    def line(self, value: Value, style: Style) -> None:
        """A row over the whole width."""
        self.draw(1, value, style, columns=PAGE_WIDTH)
        self.row += 1

    def gap(self) -> None:
        self.sheet.row_dimensions[self.row].height = GAP
        self.row += 1

    def caption(self, section: SectionThree | SectionFour) -> None:
        left = PAGE_WIDTH - UNIT_WIDTH
        self.draw(1, section.title, CAPTION, columns=left)
        self.draw(left + 1, f"单位：{section.unit}", UNIT, columns=UNIT_WIDTH)
        self.row += 1

    def table(
        self,
        rows: Sequence[Sequence[HeadCell | Figure]],
        widths: Sequence[int],
        labels: Style = FIGURE,
    ) -> None:
        """Rows of head cells and figures; `labels` is the look of heads that span no rows."""
        edges = tuple(accumulate(widths, initial=1))
        top = self.row
        for cell in placed(rows):
            self.row = top + cell.row
            style = labels if isinstance(cell.value, str) and cell.rowspan == 1 else FIGURE
            at, end = edges[cell.column], edges[cell.column + cell.colspan]
            self.draw(at, cell.value, style, cell.rowspan, end - at)
        self.row = top + len(rows)

    def draw(self, at: int, value: Value, style: Style, rows: int = 1, columns: int = 1) -> None:
        """A cell at column `at` of the current row, merged over `rows` and `columns`."""
        spots = list(product(range(self.row, self.row + rows), range(at, at + columns)))
        for spot in spots:  # a merged range takes its borders from every cell in it
            content = value if spot == spots[0] else None
            self.cells[spot] = style.apply(_cell(self.sheet, content))
        if len(spots) > 1:
            (top, left), (bottom, right) = spots[0], spots[-1]
            self.sheet.merged_cells.add(
                f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            )
        if rows == 1:
            line = self.sheet.row_dimensions[self.row]
            line.height = max(line.height or 0, style.height(value, columns * self.column_width))


def _fit_to_a4(sheet: Worksheet, orientation: Orientation, pages_down: int) -> None:
    """One page wide; `pages_down` 0 for as many as it takes."""
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = pages_down
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = MARGINS


def _cell(sheet: Worksheet, value: Value) -> Cell:
    """Text stays text: never a formula or an error value, nor one when it is edited in Excel."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        text = NOT_IN_XML.sub("", value)
        cell.value = text
        cell.data_type = "s"
        if text.startswith(FORMULA_SIGNS):
            cell.quotePrefix = True
    else:
        cell.value = value
    return cell


def _display_width(value: Value) -> int:
    """In characters; a Chinese one is two wide."""
    text = "" if value is None else str(value)
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)
