"""The list of a ledger's errors as a workbook, so that they can be worked off beside the file."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from itertools import islice

from openpyxl import Workbook

from cases.sheets import append, begin

# Column → key of an error.
COLUMNS = {
    "工作表": "sheet",
    "行": "row",
    "列": "column",
    "填写的值": "value",
    "错在哪里": "message",
}
WIDTHS = {"工作表": 18, "行": 8, "列": 20, "填写的值": 30, "错在哪里": 60}  # characters
MOST = 5_000  # lines; who has more mends the first and comes back


def error_workbook(errors: Iterable[dict[str, str]], count: int) -> bytes:
    """The first `MOST` of `count` errors."""
    book = Workbook(write_only=True)
    sheet = begin(book, "错误清单", tuple(COLUMNS), WIDTHS)
    for error in islice(errors, MOST):
        append(sheet, [error[key] for key in COLUMNS.values()])
    if count > MOST:
        append(sheet, [f"另有 {count - MOST} 处没有列出，请改正后重新上传。"])
    target = BytesIO()
    book.save(target)
    return target.getvalue()
