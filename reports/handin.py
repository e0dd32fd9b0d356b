"""Read back the template in which an organ that works elsewhere hands its tables in.

Bytes in, figures out: it asks no database and knows no user.

Hidden marks in the template say which row and column a figure stands in, for which year and organ,
so that nothing is guessed. All that is wrong is said at once, each with the cell it stands in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from hashlib import sha256
from io import BytesIO
from math import isfinite
from typing import Any, NamedTuple

from python_calamine import CalamineWorkbook

from cases.ledger import archive
from cases.ledger.cells import shown
from cases.ledger.limits import MEGABYTE, LedgerError, Limits
from cases.ledger.reading import guarded
from cases.ledger.survey import Survey, column_letters
from reports.formats import FORMATS
from reports.formats.base import Format, Tables
from reports.formats.content import SectionTwoFigures, place_label, places

# The hidden marks: which form this is, the keys of the columns below, the key of a row.
FORM, HEAD, ROW = "@form", "@head", "@row"

MAX_BYTES = 2 * MEGABYTE  # a template that is filled in has some ten kilobytes
LIMITS = Limits(
    max_bytes=MAX_BYTES, max_unpacked=20 * MEGABYTE, max_sheets=10, max_rows=2000, max_cells=100_000
)
HIGHEST = 99_999_999
TOO_LARGE = "文件有 {:.1f} MB，超过上限 2 MB，请用本系统的模板填写后上传。"
NOT_OURS = "这不是本系统的报送模板，请下载模板，填好后再上传。"
BLANK = "没有填，没有的请填 0"
NO_NUMBER = "“{}”不是数字"
AS_TEXT = "“{}”是文本，不是数字（表格里的合计会漏掉它），请改成半角的数字"
NOT_WHOLE = "“{}”须为整数"
BELOW_ZERO = "不能为负数"
TOO_HIGH = "数字过大，请核对"
_DIGITS = re.compile(r"[+-]?\d+(\.\d+)?")


class HandInError(ValueError):
    """Why a file is not taken; `problems` are sentences for the user."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Sections three and four, and section two where it was filled in; from a file or typed."""

    tables: Tables
    section_two: SectionTwoFigures | None
    file_name: str = ""
    sha256: str = ""


class _Spot(NamedTuple):
    """Where a figure stands in the file, and what stands there."""

    sheet: str
    row: int  # counted from 1, as the column
    column: int
    value: Any
    fault: str  # why the reader could not tell its value, else empty

    def __str__(self) -> str:
        return f"“{self.sheet}”表 {column_letters(self.column)}{self.row}"


def form_mark(fmt: Format, year: int, code: str) -> str:
    """What a template says of itself."""
    return f"{FORM} {fmt.version} {year} {code}"


def read_handed_in(
    content: bytes, *, fmt: Format, year: int, code: str, file_name: str
) -> HandedIn:
    """The figures of a filled-in template of the organ with `code`; raises `HandInError`."""
    if len(content) > MAX_BYTES:
        raise HandInError(TOO_LARGE.format(len(content) / MEGABYTE))
    try:
        sheets = list(_sheets(archive.check(content, LIMITS)))
    except LedgerError as error:
        raise HandInError(str(error)) from error
    _check_form(sheets, fmt, year, code)
    spots: dict[str, _Spot] = {}
    twice: dict[str, _Spot] = {}
    for path, spot in (found for sheet in sheets for found in _spots(*sheet)):
        (twice if path in spots else spots)[path] = spot
    wanted = (*places(fmt), *fmt.cells)
    problems = [
        f"{place_label(fmt, p)}：{spot}又有一处，请重新下载模板。"
        for p, spot in twice.items()
        if p in wanted
    ]
    problems += [
        f"表里缺少“{place_label(fmt, path)}”，请重新下载模板。"
        for path in wanted
        if path not in spots
    ]
    if problems:
        raise HandInError(*problems)
    return _figures(fmt, spots, file_name, sha256(content).hexdigest())


_Sheet = tuple[str, Sequence[Sequence[Any]], Survey]


def _sheets(checked: archive.Checked) -> Iterator[_Sheet]:
    book = guarded(lambda: CalamineWorkbook.from_filelike(BytesIO(checked.content)))
    for name in book.sheet_names[: LIMITS.max_sheets]:
        sheet = guarded(partial(book.get_sheet_by_name, name))
        rows = guarded(partial(sheet.to_python, skip_empty_area=False))
        yield name, rows, checked.surveys.get(name, Survey())


def _check_form(sheets: Sequence[_Sheet], fmt: Format, year: int, code: str) -> None:
    marks = [mark for _, rows, _ in sheets for row in rows if (mark := _mark(row)).startswith(FORM)]
    if not marks:
        raise HandInError(NOT_OURS)
    for mark in marks:
        _, version, of_year, of_code = (*mark.split(" ", 3), "", "", "")[:4]
        if version != fmt.version or of_year != str(year):
            named = FORMATS[version].doc_no if version in FORMATS else "未知"
            raise HandInError(
                f"这是 {of_year} 年度（{named}格式）的模板，{year} 年度请用{fmt.doc_no}格式的模板，"
                "请重新下载。"
            )
        if of_code != code:
            raise HandInError("这是另一个单位的模板，请下载本单位的模板，填好后再上传。")


def _mark(row: Sequence[Any]) -> str:
    return next((cell for cell in row if isinstance(cell, str) and cell.startswith("@")), "")


def _spots(name: str, rows: Sequence[Sequence[Any]], survey: Survey) -> Iterator[tuple[str, _Spot]]:
    columns: dict[int, str] = {}
    for at, row in enumerate(rows, start=1):
        kind, _, said = _mark(row).partition(" ")
        if kind == HEAD:
            cells = enumerate(row, start=1)
            columns = {c: key for c, key in cells if isinstance(key, str) and key[:1] not in "@"}
        elif kind == ROW:
            for column, key in columns.items():
                value = row[column - 1] if column <= len(row) else ""
                _, fault = survey.faults.get((at, column), ("", ""))
                yield f"{said}.{key}", _Spot(name, at, column, value, fault)


def _figures(fmt: Format, spots: Mapping[str, _Spot], file_name: str, sha: str) -> HandedIn:
    two = places(fmt)
    untouched = all(spots[path].value == "" and not spots[path].fault for path in two)
    problems: list[str] = []
    figures: dict[str, Decimal] = {}
    for path in (*(() if untouched else two), *fmt.cells):
        spot = spots[path]
        try:
            figures[path] = _figure(fmt, path, spot)
        except ValueError as error:
            problems.append(f"{place_label(fmt, path)}（{spot}）：{error}。")
    if problems:
        raise HandInError(*problems)
    return HandedIn(tables_from(fmt, figures), two_from(fmt, figures), file_name, sha)


def _figure(fmt: Format, path: str, spot: _Spot) -> Decimal:
    """ValueError with what is wrong."""
    if spot.fault:
        raise ValueError(spot.fault)
    value = spot.value
    if value == "":
        raise ValueError(BLANK)
    if isinstance(value, str):
        digits = _DIGITS.fullmatch(unicodedata.normalize("NFKC", value).strip())
        raise ValueError((AS_TEXT if digits else NO_NUMBER).format(shown(value)))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise ValueError(NO_NUMBER.format(shown(value)))
    whole = float(value).is_integer()  # the reader gives 3 as 3.0
    return checked_figure(fmt, path, Decimal(int(value) if whole else str(value)))


def typed_figure(fmt: Format, path: str, typed: str) -> Decimal:
    """The same of what is typed into a page, where full-width digits are as good as others."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not _DIGITS.fullmatch(text):
        raise ValueError(NO_NUMBER.format(typed))
    return checked_figure(fmt, path, Decimal(text))


def checked_figure(fmt: Format, path: str, figure: Decimal) -> Decimal:
    """`figure` where it may stand at `path`, else ValueError."""
    measure = places(fmt)[path][1] if path in places(fmt) else None
    if abs(figure) > HIGHEST:
        raise ValueError(TOO_HIGH)
    if figure != figure.to_integral_value() and not (measure and measure.decimal):
        raise ValueError(NOT_WHOLE.format(figure))
    if figure < 0 and not (measure and measure.signed):
        raise ValueError(BELOW_ZERO)
    return figure


def tables_from(fmt: Format, figures: Mapping[str, Decimal]) -> Tables:
    """Sections three and four from a figure for every cell."""
    three, four = fmt.section_three, fmt.section_four
    return Tables(
        {
            key: [int(figures[f"section_three.{key}.{c.key}"]) for c in three.columns]
            for key in three.data_rows
        },
        {
            group.key: [int(figures[f"section_four.{group.key}.{c.key}"]) for c in four.columns]
            for group in four.groups
        },
    )


def two_from(fmt: Format, figures: Mapping[str, Decimal]) -> SectionTwoFigures | None:
    """Section two where it was filled in."""
    amounts = {path: figures[path] for path in places(fmt) if path in figures}
    return SectionTwoFigures(amounts) if amounts else None
