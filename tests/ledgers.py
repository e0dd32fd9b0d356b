"""Ledger files for tests, written with openpyxl as departments would hand them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from reports.formats.base import APPLICANT_COLUMNS, Format, Tables

CASE_HEADERS = tuple(
    """
    编号 受理部门 申请人类别 申请人 证件号码 联系电话 通信地址 统一社会信用代码 代理人 电子邮箱
    申请方式 到件日期 收到日期 申请内容 答复类型 答复日期 补正通知日期 补正收到日期
    征求意见发出日期 征求意见返回日期 收费通知日期 缴费日期 延期告知日期 延期工作日
    承办单位 承办人 答复文号 送达日期 备注
    """.split()  # noqa: SIM905
)
PROCEEDING_HEADERS = ("受理部门", "申请编号", "案号", "类型", "立案日期", "结果", "审结日期")
CASES, PROCEEDINGS = "申请台账", "复议诉讼台账"
SHEET_ONE = "xl/worksheets/sheet1.xml"

Row = Mapping[str, Any]  # header → value


def case_row(number: str | int = "1", **values: Any) -> dict[str, Any]:
    """A row that is right: an open case of 区住建局, received on 2025-09-15."""
    return {
        "编号": number,
        "受理部门": "区住建局",
        "申请人类别": "自然人",
        "收到日期": date(2025, 9, 15),
    } | values


def proceeding_row(**values: Any) -> dict[str, Any]:
    """A review against 区住建局 that is not concluded."""
    return {"受理部门": "区住建局", "类型": "行政复议", "立案日期": date(2025, 10, 9)} | values


def make_ledger(
    cases: Iterable[Row] | None = None,
    proceedings: Iterable[Row] | None = None,
    *,
    headers: Sequence[str] | None = None,
    names: tuple[str, str] = (CASES, PROCEEDINGS),
) -> bytes:
    """Both sheets, or the one that is given; only the columns that a row uses, unless `headers`."""
    sheets = {
        name: list(rows)
        for name, rows in zip(names, (cases, proceedings), strict=True)
        if rows is not None
    }
    order = {names[0]: CASE_HEADERS, names[1]: PROCEEDING_HEADERS}
    return sheets_file(
        {
            name: [used := headers or _used(rows, order[name])]
            + [[row.get(header) for header in used] for row in rows]
            for name, rows in sheets.items()
        }
    )


def sheets_file(sheets: Mapping[str, Iterable[Sequence[Any]]]) -> bytes:
    """A workbook with these lines, sheet by sheet."""
    book = Workbook(write_only=True)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return _bytes(book)


def edited(content: bytes, edit: Callable[[dict[str, bytes]], None]) -> bytes:
    """The workbook with its parts changed by `edit`, as only a hand in the zip could."""
    with ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edit(parts)
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def with_sheet_xml(rows: str) -> bytes:
    """A workbook whose 申请台账 holds exactly this XML between <sheetData> and its end."""
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    return edited(make_ledger([]), lambda parts: parts.update({SHEET_ONE: xml.encode()}))


def ledger_from_table(tables: Tables, fmt: Format, year: int, department_name: str) -> bytes:
    """The ledger of a department whose sections three and four of `year` are `tables`.

    Needs columns that balance: each case received, new or carried over, gets one of the results or
    stays open. Outcomes are written as the row labels of `fmt`.
    """
    cases: list[Row] = []
    for column in APPLICANT_COLUMNS[:-1]:
        cases += _cases_of(tables, fmt, year, column.key, start=len(cases) + 1)
    proceedings: list[Row] = []
    for group in fmt.section_four.groups:
        proceedings += _proceedings_of(tables, fmt, year, group.key)
    named = {"受理部门": department_name}
    return make_ledger([{**row, **named} for row in cases], [{**p, **named} for p in proceedings])


def _cases_of(tables: Tables, fmt: Format, year: int, kind: str, start: int) -> list[Row]:
    three = fmt.section_three
    index = [column.key for column in three.columns].index(kind)

    def figure(row: str) -> int:
        return tables.section_three[row][index] or 0

    label = "其他组织" if kind == "org_other" else three.columns[index].label
    received = [date(year - 1, 12, 20)] * figure("carried_over")
    received += [date(year, 3, 3)] * figure("new_received")
    answers = [three.row(key).label for key in three.leaf_rows for _ in range(figure(key))]
    answers += [""] * figure("carried_forward")
    return [
        {
            "编号": f"{number}",
            "申请人类别": label,
            "申请人": f"申请人{number}",
            "收到日期": received_on,
            "答复类型": answer,
            "答复日期": date(year, 3, 28) if answer else None,
        }
        for number, (received_on, answer) in enumerate(
            zip(received, answers, strict=True), start=start
        )
    ]


def _proceedings_of(tables: Tables, fmt: Format, year: int, kind: str) -> list[Row]:
    four = fmt.section_four
    label = next(group.label for group in four.groups if group.key == kind)
    found: list[Row] = []
    for column, figure in zip(four.columns[:-1], tables.section_four[kind], strict=False):
        ended = column.key != "pending"
        row = {
            "类型": label,
            "立案日期": date(year, 5, 6),
            "结果": column.label if ended else "",
            "审结日期": date(year, 7, 8) if ended else None,
        }
        found += [row] * (figure or 0)
    return found


def _used(rows: Sequence[Row], order: Sequence[str]) -> list[str]:
    used = {header for row in rows for header in row} | ({"编号"} if not rows else set())
    return [header for header in order if header in used] + sorted(used - set(order))


def _bytes(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()
