"""One cell: from what the file holds to text, a date or a number of days.

The reader gives text, floats, booleans, dates and times. Each function here takes such a value
that is not blank, and returns what it means or raises `CellError` with what is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from cases.clock import EXTENSION_MAX_WORKDAYS

Cell = str | float | int | bool | date | datetime | time | timedelta

# No application is older: the day the first 条例 (国务院令第492号) came into force.
EARLIEST = date(2008, 5, 1)
EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's dates
EXACT_DIGITS = 15  # Excel keeps no more digits of a number
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # numbers that to Excel are a day of 1954 to 2119
BEFORE_1900 = (
    "早于 1900 年或只有时间（Excel 显示为 1900-01-00 或时刻），不是日期，请写成 2026-01-04 这样"
)
SHOWN = 60  # characters of a value that a message repeats

_WIDE = {0xFF10 + n: 0x30 + n for n in range(10)} | {
    wide + n: plain + n for wide, plain in ((0xFF21, 0x41), (0xFF41, 0x61)) for n in range(26)
}
_BLANK = " \t\r\n\f\v\u00a0\u3000\ufeff\u200b\u200e\u200f"
_TIME = re.compile(r"[\sT]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_DAY = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"|年(?P<zh_month>\d{1,2})月(?P<zh_day>\d{1,2})日?|(?P<month8>\d{2})(?P<day8>\d{2}))"
)
_NO_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}|\d{1,2}月\d{1,2}[日号]?")
_SHORT_YEAR = re.compile(r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_DAYS = re.compile(r"(\d{1,3})(个?工作日)?")


class CellError(ValueError):
    """What is wrong with a cell, for the user."""


def plain(value: Cell) -> str:
    """The value as text, as near to what Excel shows as the file tells."""
    if isinstance(value, str):
        return value.strip(_BLANK)
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return str(int(value)) if float(value).is_integer() else repr(value)
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case _:
            return str(value)


def shown(value: Cell) -> str:
    """For messages: on one line, and not too long."""
    text = " ".join(plain(value).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def text(value: Cell) -> str:
    """Free text; lines are kept."""
    if isinstance(value, float) and abs(value) >= 10**EXACT_DIGITS:
        raise CellError(
            f"以数字存放，超过 {EXACT_DIGITS} 位的数字已丢失，请把单元格格式改为文本后重新填写"
        )
    return plain(value)


def line(value: Cell) -> str:
    """Text that stands on one line: names, units."""
    found = value.strip(_BLANK) if isinstance(value, str) else text(value)
    return " ".join(found.split())


def code(value: Cell) -> str:
    """Numbers and codes as they are given, full-width digits and letters made plain."""
    if isinstance(value, (date, time, timedelta)):
        raise CellError("Excel 把它存成了日期或时间，请把单元格格式改为文本后重新填写")
    found = line(value)
    return found if found.isascii() else found.translate(_WIDE)


@lru_cache(maxsize=8192, typed=True)
def day(value: Cell) -> date:
    """A date: Excel's, or text such as 2026-01-04, 2026/1/4, 2026年1月4日, 20260104."""
    match value:
        case datetime():
            found = value.date()
        case date():
            found = value
        case time() | timedelta():  # as the reader gives a day before 1900, or a time alone
            raise CellError(BEFORE_1900)
        case bool():
            raise CellError("不是日期，请写成 2026-01-04 这样")
        case str():
            found = _written_day(value)
        case _:
            found = _numeric_day(value)
    if found < EARLIEST:
        raise CellError(f"{found} 在条例施行（{EARLIEST}）之前，可能没有写年份或年份有误")
    return found


def workdays(value: Cell) -> int:
    """The working days of an extension: 1 to 20."""
    found = _DAYS.fullmatch(unicodedata.normalize("NFKC", plain(value)).replace(" ", ""))
    if not found:
        raise CellError("不是工作日数，请只写数字")
    days = int(found[1])
    if not 1 <= days <= EXTENSION_MAX_WORKDAYS:
        raise CellError(f"延期为 1 至 {EXTENSION_MAX_WORKDAYS} 个工作日（条例第三十三条）")
    return days


def _numeric_day(value: float) -> date:
    if FIRST_SERIAL <= value <= LAST_SERIAL:
        likely = EXCEL_EPOCH + timedelta(days=int(value))
        raise CellError(f"是数字不是日期（或为 Excel 的 {likely}），请把单元格格式改为日期")
    return _written_day(plain(value))


def _written_day(value: str) -> date:
    written = unicodedata.normalize("NFKC", value).strip(_BLANK)
    written = re.sub(r"\s", "", _TIME.sub("", written))
    if found := _DAY.fullmatch(written):
        parts = found.groupdict()
        month = parts["month"] or parts["zh_month"] or parts["month8"]
        number = parts["day"] or parts["zh_day"] or parts["day8"]
        try:
            return date(int(parts["year"]), int(month), int(number))
        except ValueError:
            raise CellError("没有这一天") from None
    if _NO_YEAR.fullmatch(written):
        raise CellError("没有写年份，请写成 2026-01-04 这样")
    if _SHORT_YEAR.fullmatch(written):
        raise CellError("年份要写四位，请写成 2026-01-04 这样")
    raise CellError("不是日期，请写成 2026-01-04 这样")
