"""What every workbook of ours has in common: sheets that are streamed, text that stays text.

In openpyxl's write-only mode rows never stand in memory together; widths and views must be set
before the first row is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | Decimal | date | None

USUAL_WIDTH = 14  # characters
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FORMULA_SIGNS = ("=", "+", "-", "@")
ERROR_SIGN = "#"  # a text such as #N/A would be taken for an error value
HEAD = Font(name="宋体", size=10, bold=True)


def begin(
    book: Workbook, name: str, header: Sequence[str], widths: Mapping[str, float]
) -> Worksheet:
    """A sheet of rows under a head; `widths` are those of columns that are not of the usual."""
    sheet = book.create_sheet(name)
    for at, label in enumerate(header, start=1):
        width = widths.get(label, USUAL_WIDTH)
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    heads = [WriteOnlyCell(sheet, label) for label in header]
    for cell in heads:
        cell.font, cell.alignment = HEAD, Alignment("center")
    sheet.append(heads)
    return sheet


def append(sheet: Worksheet, row: Iterable[Value]) -> None:
    sheet.append([safe(sheet, value) for value in row])


def safe(sheet: Worksheet, value: Value) -> Value | Cell:
    """Text stays text: never a formula or an error value, nor one when it is edited in Excel."""
    if not isinstance(value, str):
        return value
    text = NOT_IN_XML.sub("", value)
    if not text.startswith((*FORMULA_SIGNS, ERROR_SIGN)):
        return text or None
    cell = WriteOnlyCell(sheet)
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_SIGNS)
    return cell
