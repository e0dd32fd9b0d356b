"""The template of an organ that works elsewhere: written by us, filled in, read back strictly."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports.handin_xlsx import handin_template
from reports.formats import get_format
from reports.formats.base import Format
from reports.formats.content import places
from reports.handin import MAX_BYTES, HandedIn, HandInError, read_handed_in

F2019, F2021 = get_format("2019"), get_format("2021")
NEW = "section_three.new_received.natural_person"
FEE = "section_two.admin_fees.fee_amount"
CODE = "XZ-WJJ"


def template(fmt: Format = F2021, year: int = 2024, code: str = CODE) -> bytes:
    return handin_template(fmt, year=year, organ="王江泾镇人民政府", code=code)


def spots(sheet: Worksheet) -> dict[str, Any]:
    """Path → its cell, by the hidden marks, found again without the code that reads them."""
    found: dict[str, Any] = {}
    columns: dict[int, str] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        mark = next((str(c.value) for c in row if str(c.value).startswith("@")), "")
        if mark == "@head":
            columns = {
                at: str(c.value)
                for at, c in enumerate(row, start=1)
                if c.value and c.value != "@head"
            }
        elif mark.startswith("@row "):
            found |= {
                f"{mark.removeprefix('@row ')}.{key}": sheet.cell(number, column)
                for column, key in columns.items()
            }
    return found


def filled(
    figures: Mapping[str, Any] = {},
    *,
    content: bytes = b"",
    two: Any = 0,
    change: Callable[[Any], None] = lambda book: None,
) -> bytes:
    """The template with 0 in every cell but `figures`; section two with `two`."""
    book = load_workbook(BytesIO(content or template()))
    for sheet in book:
        for path, cell in spots(sheet).items():
            cell.value = figures.get(path, two if path.startswith("section_two") else 0)
    change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def read(content: bytes, fmt: Format = F2021, year: int = 2024, code: str = CODE) -> HandedIn:
    return read_handed_in(content, fmt=fmt, year=year, code=code, file_name="王江泾镇.xlsx")


def problems(content: bytes, **said: Any) -> list[str]:
    with pytest.raises(HandInError) as refused:
        read(content, **said)
    return list(refused.value.problems)


# What comes back ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("fmt", "year"), [(F2021, 2024), (F2019, 2020)])
def test_every_figure_comes_back_from_its_own_cell(fmt: Format, year: int) -> None:
    wanted = {path: number for number, path in enumerate((*places(fmt), *fmt.cells), start=1)}
    content = filled(wanted, content=template(fmt, year))
    found = read(content, fmt, year)
    assert {path: found.tables.value(path) for path in fmt.cells} == {
        path: wanted[path] for path in fmt.cells
    }
    assert found.section_two
    assert dict(found.section_two.amounts) == {path: wanted[path] for path in places(fmt)}
    assert len(found.sha256) == 64


@pytest.mark.parametrize("fmt", [F2021, F2019])
def test_the_template_has_the_labels_of_the_format(fmt: Format) -> None:
    book = load_workbook(BytesIO(template(fmt, 2021 if fmt is F2021 else 2020)))
    text = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {row.label for row in fmt.section_three.figure_rows} <= text
    assert {block.caption for block in fmt.section_two.blocks} <= text
    assert {column.label for block in fmt.section_two.blocks for column in block.columns} <= text


def test_the_marks_are_hidden_and_all_but_the_figures_is_protected() -> None:
    for sheet in load_workbook(BytesIO(template())):
        cells = spots(sheet)
        assert sheet.protection.sheet
        assert sheet.column_dimensions["P"].hidden
        rows = enumerate(sheet.iter_rows(), start=1)
        heads = [at for at, row in rows if any(c.value == "@head" for c in row)]
        assert heads and all(sheet.row_dimensions[row].hidden for row in heads)
        unlocked = {
            cell.coordinate
            for row in sheet.iter_rows()
            for cell in row
            if not (cell.protection.locked or isinstance(cell, MergedCell))
        }
        assert unlocked == {cell.coordinate for cell in cells.values()}


def test_rows_may_have_been_moved() -> None:
    def insert(book: Any) -> None:
        book["三、四"].insert_rows(3, 2)

    content = filled({NEW: 7})
    book = load_workbook(BytesIO(content))
    for merged in list(book["三、四"].merged_cells.ranges):
        book["三、四"].unmerge_cells(str(merged))
    insert(book)
    target = BytesIO()
    book.save(target)
    assert read(target.getvalue()).tables.value(NEW) == 7


def test_section_two_may_be_left_out_as_a_whole() -> None:
    assert read(filled(two=None)).section_two is None
    [said] = problems(filled({FEE: None}))
    assert "行政事业性收费" in said and "请填 0" in said


def test_money_may_have_decimals() -> None:
    found = read(filled({FEE: 12.35}))
    assert found.section_two and str(found.section_two.value(FEE)) == "12.35"


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "没有填，没有的请填 0"),
        ("/", "“/”不是数字"),
        ("五", "“五”不是数字"),
        ("5", "“5”是文本，不是数字"),
        ("１２", "“１２”是文本，不是数字"),
        (1.5, "“1.5”须为整数"),
        (-1, "不能为负数"),
        (1e12, "数字过大"),
        (True, "“TRUE”不是数字"),
        ("=1/0", "公式没有保存过结果"),
    ],
)
def test_what_is_no_figure_is_said_with_its_cell(value: Any, said: str) -> None:
    [found] = problems(filled({NEW: value}))
    assert found.startswith("一 × 自然人（“三、四”表 I")
    assert said in found


def test_a_formula_that_failed_is_said_with_its_cell() -> None:
    def broken(book: Any) -> None:
        cell = spots(book["三、四"])[NEW]
        cell.value, cell.data_type = "#DIV/0!", "e"

    [found] = problems(filled(change=broken))
    assert found.startswith("一 × 自然人") and "错误值" in found


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(problems(filled({NEW: "/", "section_four.review.total": None}))) == 2
    assert len(problems(template())) == len(F2021.cells)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (template(F2019, 2020), "这是 2020 年度（国办公开办函〔2019〕60号格式）的模板"),
        (template(F2021, 2023), "这是 2023 年度"),
        (template(code="XZ-ZJJ"), "另一个单位的模板"),
    ],
)
def test_another_template_is_refused(content: bytes, said: str) -> None:
    [found] = problems(content)
    assert said in found


def test_a_row_that_is_gone_or_twice_is_said() -> None:
    def gone(book: Any) -> None:
        sheet = book["三、四"]
        sheet.cell(spots(sheet)[NEW].row, 16).value = None

    found = problems(filled(change=gone))
    assert len(found) == len(F2021.section_three.columns)
    assert found[0] == "表里缺少“一 × 自然人”，请重新下载模板。"

    def twice(book: Any) -> None:
        book.copy_worksheet(book["二"])

    assert "又有一处" in problems(filled(change=twice))[0]


def other_workbook() -> bytes:
    def unmark(book: Any) -> None:
        for sheet in book:
            sheet.delete_cols(16)

    return filled(change=unmark)


def bomb() -> bytes:
    """Our template with a part that unpacks to far more than is packed."""
    target = BytesIO()
    with ZipFile(BytesIO(template())) as source, ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for name in source.namelist():
            packed.writestr(name, source.read(name))
        packed.writestr("xl/media.xml", b" " * 60_000_000)
    return target.getvalue()


def locked() -> bytes:
    content = bytearray(template())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1  # the flag in the directory that says a part is encrypted
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"not a workbook", "这不是 .xlsx"),
        (b"PK\x03\x04 torn", "已损坏"),
        (template()[:5000], "已损坏"),
        (other_workbook(), "不是本系统的报送模板"),
        (locked(), "已加密"),
        (bomb(), "不予读取"),
        (b"PK" + b"0" * MAX_BYTES, "超过上限 2 MB"),
    ],
    ids=["empty", "text", "torn", "cut", "other", "locked", "bomb", "large"],
)
def test_what_is_no_template_gets_one_sentence(content: bytes, said: str) -> None:
    [found] = problems(content)
    assert said in found
