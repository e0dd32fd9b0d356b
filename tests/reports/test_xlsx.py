"""The workbook, opened again and compared cell by cell with what went in."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from itertools import count
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet._writer import ALL_TEMP_FILES
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from cases.sheets import Value
from reports.checks import run_checks
from reports.exports import xlsx
from reports.exports.xlsx import report_workbook
from reports.formats import FORMATS, get_format
from reports.formats.base import Format, Tables

F2019, F2021 = get_format("2019"), get_format("2021")
BOTH = pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS)
HEADER = ("编号", "收到日期", "申请内容", "用时")
FIRST_ROW = 6  # of the figures of section three, below heading, title and three head rows
ROW_HEADS_2021 = {
    "A6": "一、本年新收政府信息公开申请数量",
    "A7": "二、上年结转政府信息公开申请数量",
    "A8": "三、本年度办理结果",
    "B8": "（一）予以公开",
    "B9": "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    "B10": "（三）不予公开",
    "D10": "1.属于国家秘密",
    "D11": "2.其他法律行政法规禁止公开",
    "D12": "3.危及“三安全一稳定”",
    "D13": "4.保护第三方合法权益",
    "D14": "5.属于三类内部事务信息",
    "D15": "6.属于四类过程性信息",
    "D16": "7.属于行政执法案卷",
    "D17": "8.属于行政查询事项",
    "B18": "（四）无法提供",
    "D18": "1.本机关不掌握相关政府信息",
    "D19": "2.没有现成信息需要另行制作",
    "D20": "3.补正后申请内容仍不明确",
    "B21": "（五）不予处理",
    "D21": "1.信访举报投诉类申请",
    "D22": "2.重复申请",
    "D23": "3.要求提供公开出版物",
    "D24": "4.无正当理由大量反复申请",
    "D25": "5.要求行政机关确认或重新出具已获取信息",
    "B26": "（六）其他处理",
    "D26": "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "D27": "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "D28": "3.其他",
    "B29": "（七）总计",
    "A30": "四、结转下年度继续办理",
}
COLUMN_HEADS_2021 = {
    "A1": "秀洲区人民政府 2023 年度",
    "A2": "三、收到和处理政府信息公开申请情况",
    "M2": "单位：件",
    "A3": "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "I3": "申请人情况",
    "I4": "自然人",
    "J4": "法人或其他组织",
    "O4": "总计",
    "J5": "商业企业",
    "K5": "科研机构",
    "L5": "社会公益组织",
    "M5": "法律服务机构",
    "N5": "其他",
    "A32": "四、政府信息公开行政复议、行政诉讼情况",
    "M32": "单位：件",
    "A33": "行政复议",
    "F33": "行政诉讼",
    "F34": "未经复议直接起诉",
    "K34": "复议后起诉",
    **{f"{column}35": "结果维持" for column in "AFK"},
    **{f"{column}35": "结果纠正" for column in "BGL"},
    **{f"{column}35": "其他结果" for column in "CHM"},
    **{f"{column}35": "尚未审结" for column in "DIN"},
    **{f"{column}35": "总计" for column in "EJO"},
}
MERGED_2021 = {
    *("A1:O1", "A2:L2", "M2:O2"),
    *("A3:H5", "I3:O3", "I4:I5", "J4:N4", "O4:O5"),
    *("A6:H6", "A7:H7", "A8:A29", "B8:H8", "B9:H9"),
    *("B10:C17", "B18:C20", "B21:C25", "B26:C28"),
    *(f"D{row}:H{row}" for row in range(10, 29)),
    *("B29:H29", "A30:H30"),
    *("A32:L32", "M32:O32", "A33:E34", "F33:O33", "F34:J34", "K34:O34"),
}


def make_tables(fmt: Format) -> Tables:
    """Another figure in every cell, so that none can stand in the place of another."""
    tables, figures = Tables.zero(fmt), count(1000)
    for row in (*tables.section_three.values(), *tables.section_four.values()):
        row[:] = [next(figures) for _ in row]
    return tables


def make_bytes(
    fmt: Format = F2021,
    tables: Tables | None = None,
    case_rows: Iterable[Sequence[Value]] = (),
    note: str = "",
) -> bytes:
    tables = tables or Tables.zero(fmt)
    return report_workbook(
        fmt=fmt,
        tables=tables,
        organ="秀洲区人民政府",
        period="2023 年度",
        case_header=HEADER,
        case_rows=case_rows,
        checks=run_checks(fmt, tables),
        note=note,
    )


def opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def values(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_three_sheets() -> None:
    assert opened(make_bytes()).sheetnames == ["三、四", "申请件", "勾稽校验"]


# Sheet one


@BOTH
def test_every_figure_stands_in_its_cell(fmt: Format) -> None:
    tables = make_tables(fmt)
    sheet = opened(make_bytes(fmt, tables))["三、四"]

    last = FIRST_ROW + len(tables.section_three) - 1
    figures = [list(row[8:]) for row in values(sheet)[FIRST_ROW - 1 : last]]
    assert figures == list(tables.section_three.values())
    four = tables.section_four
    assert list(values(sheet)[-1]) == [
        *four["review"],
        *four["suit_direct"],
        *four["suit_after_review"],
    ]
    assert sheet.max_row == last + 6  # a gap, a title, three head rows, the figures


def test_every_label_stands_in_its_cell() -> None:
    sheet = opened(make_bytes(F2021, make_tables(F2021)))["三、四"]
    texts = {
        cell.coordinate: cell.value
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    assert texts == COLUMN_HEADS_2021 | ROW_HEADS_2021


def test_cells_are_merged_as_printed() -> None:
    sheet = opened(make_bytes())["三、四"]
    assert {cells.coord for cells in sheet.merged_cells.ranges} == MERGED_2021


def test_in_2019_six_is_one_row() -> None:
    sheet = opened(make_bytes(F2019))["三、四"]
    merged = {cells.coord for cells in sheet.merged_cells.ranges}
    assert (sheet["B26"].value, sheet["B27"].value) == ("（六）其他处理", "（七）总计")
    assert merged >= {"A8:A27", "B26:H26", "B27:H27", "A28:H28"}


def test_zeros_are_printed_and_blanks_are_not_made_up() -> None:
    tables = Tables.zero(F2021)
    tables.section_three["granted"][0] = None
    sheet = opened(make_bytes(F2021, tables))["三、四"]
    assert sheet["I8"].value is None
    assert (sheet["J8"].value, sheet["O30"].value, sheet["A36"].value) == (0, 0, 0)
    assert {cell.data_type for cell in sheet[6][8:]} == {"n"}


def test_figures_are_centred_and_every_cell_of_the_tables_has_its_borders() -> None:
    sheet = opened(make_bytes())["三、四"]
    for row in (*sheet["A3:O30"], *sheet["A33:O36"]):
        for cell in row:
            assert {cell.border.left.style, cell.border.right.style} <= {"thin", None}
            if cell.coordinate not in sheet.merged_cells:
                assert cell.border.top.style == cell.border.bottom.style == "thin"
                assert cell.border.left.style == cell.border.right.style == "thin"
    figures = [cell for row in (*sheet["I6:O30"], *sheet["A36:O36"]) for cell in row]
    assert {cell.alignment.horizontal for cell in figures} == {"center"}
    assert {cell.alignment.vertical for cell in figures} == {"center"}


@pytest.mark.parametrize(("fmt", "area"), [(F2019, "$A$1:$O$34"), (F2021, "$A$1:$O$36")])
def test_sheet_one_prints_on_one_page_of_a4(fmt: Format, area: str) -> None:
    sheet = opened(make_bytes(fmt))["三、四"]
    assert sheet.print_area == f"'三、四'!{area}"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert sheet.sheet_properties.pageSetUpPr == PageSetupProperties(fitToPage=True)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    assert sheet.print_options.horizontalCentered
    margins = sheet.page_margins
    assert max(margins.left, margins.right, margins.top, margins.bottom) <= 0.5


@pytest.mark.parametrize("fmt", [F2019, F2021])
def test_the_page_is_neither_shrunk_much_nor_cut(fmt: Format) -> None:
    """A4 is 595 × 842 points; a column of w characters is about 7w + 5 pixels of 0.75 points."""
    sheet = opened(make_bytes(fmt))["三、四"]
    height = sum(sheet.row_dimensions[row].height or 15 for row in range(1, sheet.max_row + 1))
    width = sum((sheet.column_dimensions[c].width * 7 + 5) * 0.75 for c in "ABCDEFGHIJKLMNO")
    assert height <= (842 - 72) / 0.9
    assert width <= (595 - 58) / 0.9


def test_the_footer_names_the_format_and_the_note() -> None:
    sheet = opened(make_bytes(note="数据截至 2025-10-27 & 未公布"))["三、四"]
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.left.text == "国办公开办函〔2021〕30号 数据截至 2025-10-27 && 未公布"


# Sheet two


def test_cases_keep_their_types() -> None:
    rows = [
        ("秀政公开申〔2023〕1号", date(2023, 12, 29), "甲路竣工图纸", 20),
        ("0012", None, "乙村清册", 3.5),
    ]
    sheet = opened(make_bytes(case_rows=rows))["申请件"]

    assert [cell.value for cell in sheet[1]] == list(HEADER)
    assert [cell.value for cell in sheet[3]] == ["0012", None, "乙村清册", 3.5]
    number, received, content, used = sheet[2]
    assert (number.value, content.value) == ("秀政公开申〔2023〕1号", "甲路竣工图纸")
    assert (used.value, used.data_type) == (20, "n")
    assert received.value == datetime(2023, 12, 29)  # as openpyxl reads every date
    assert received.number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.invalid","x")',
        "=",
        "+8613800000000",
        "-1",
        "@SUM(A1:A9)",
        "#N/A",
        "#REF!",
        "00123",
        "2023-01-04",
    ],
)
def test_text_is_written_as_text(text: str) -> None:
    data = make_bytes(case_rows=[(text, None, text, None)])
    cell = opened(data)["申请件"]["C2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))
    with ZipFile(BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("甲\x00乙\x0b丙\x1f", "甲乙丙"),
        ("\x01=1+1", "=1+1"),
        ("甲\ud800乙\ufffe丙\uffff", "甲乙丙"),
        ("第一行\n第二行\t止", "第一行\n第二行\t止"),
        ("𠮷田 &lt; <b>", "𠮷田 &lt; <b>"),
        (" 前后有空格 ", " 前后有空格 "),
    ],
)
def test_what_a_file_cannot_hold_is_left_out_of_text(text: str, kept: str) -> None:
    cell = opened(make_bytes(case_rows=[(text, None, None, None)]))["申请件"]["A2"]
    assert (cell.value, cell.data_type) == (kept, "s")


def test_the_organ_is_text_too() -> None:
    data = report_workbook(
        fmt=F2021,
        tables=Tables.zero(F2021),
        organ="=1+1",
        period="2023 年度",
        case_header=HEADER,
        case_rows=[],
        checks=[],
    )
    heading = opened(data)["三、四"]["A1"]
    assert (heading.value, heading.data_type) == ("=1+1 2023 年度", "s")


def test_the_list_can_be_filtered_and_printed() -> None:
    rows = [(f"{number}号", None, "长" * 500, number) for number in range(1, 301)]
    sheet = opened(make_bytes(case_rows=iter(rows)))["申请件"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D301"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.column_dimensions["A"].width == len("200号") + 3
    assert sheet.column_dimensions["C"].width == 60
    assert values(sheet)[1:] == rows


def test_a_year_without_cases_has_a_header_alone() -> None:
    sheet = opened(make_bytes())["申请件"]
    assert values(sheet) == [HEADER]
    assert sheet.auto_filter.ref == "A1:D1"


def test_when_the_rows_fail_the_failure_comes_through_and_no_temporary_file_is_left() -> None:
    def rows() -> Iterator[tuple[Value, ...]]:
        yield from [("1号", None, "甲", 1)] * 1000
        raise ConnectionError("数据库已断开")

    with pytest.raises(ConnectionError, match="数据库已断开"):
        make_bytes(case_rows=rows())
    assert ALL_TEMP_FILES == []


def test_more_cases_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    row = ("1号", None, "甲", 1)
    with pytest.raises(xlsx.TooManyRows, match="超过 3 行，一张工作表放不下"):
        make_bytes(case_rows=[row] * 3)


# Sheet three


def test_the_checks_in_words_and_figures() -> None:
    tables = Tables.zero(F2019)
    tables.section_three["new_received"][0] = 3
    tables.section_four["review"][4] = None

    sheet = opened(make_bytes(F2019, tables))["勾稽校验"]

    rows = values(sheet)
    assert rows[0] == ("检查项", "公式", "左", "右", "结果", "涉及单元格")
    assert len(rows) == 1 + 7 + 7 + 23 + 3 + 1
    assert rows[1] == (
        *("收办平衡（自然人）", "一 + 二 = 三（七） + 四", 3, 0, "不符"),
        "自然人：一、二、三（七）、四",
    )
    assert rows[2] == (
        *("收办平衡（商业企业）", "一 + 二 = 三（七） + 四", 0, 0, "相符"),
        "商业企业：一、二、三（七）、四",
    )
    assert rows[15] == (
        *("申请人合计（一）", "六类申请人之和 = 总计", 3, 0, "不符"),
        "一：自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计",
    )
    assert rows[38] == (
        *("复议诉讼合计（行政复议）", "维持 + 纠正 + 其他 + 尚未审结 = 总计", 0, None, "相符"),
        "行政复议：结果维持、结果纠正、其他结果、尚未审结、总计",
    )
    assert rows[-1] == (
        *("填写完整（全表）", "填有非负整数的格数 = 全表格数", 175, 176, "不符"),
        "总计：行政复议",
    )
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:F42")
