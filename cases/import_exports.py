"""The list of a ledger's errors as a workbook, so that they can be worked off beside the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from itertools import islice

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("工作表", "行", "列", "填写的值", "错在哪里")
KEYS = ("sheet", "row", "column", "value", "message")
WIDTHS = (18, 8, 20, 30, 60)  # characters
MOST = 5_000  # lines; who has more mends the first and comes back
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def error_workbook(errors: Iterable[dict[str, str]], count: int) -> bytes:
    """The first `MOST` of `count` errors, each by `KEYS`; every cell is text, none a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("错误清单")
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.append(HEADER)
    for error in islice(errors, MOST):
        sheet.append([_text(sheet, error[key]) for key in KEYS])
    if count > MOST:
        sheet.append([f"另有 {count - MOST} 处没有列出，请改正后重新上传。"])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _text(sheet: Worksheet, words: str) -> Cell:
    cell = WriteOnlyCell(sheet, NOT_IN_XML.sub("", words))
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    return cell
