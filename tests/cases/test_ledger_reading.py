"""Ledger files as departments hand them in: bytes in, rows or what is wrong out. No database."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from time import perf_counter
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from cases.choices import ApplicantKind, Channel, Outcome, ProceedingKind, ProceedingResult
from cases.ledger import LedgerError, Limits, read_ledger
from cases.ledger.columns import CASES as CASE_SHEET
from cases.ledger.columns import PROCEEDINGS as PROCEEDING_SHEET
from cases.ledger.rows import CaseRow, Ledger, ProceedingRow
from cases.ledger.survey import ERROR_VALUE, without_blanks
from cases.models import Applicant, Case, Proceeding
from tests.ledgers import (
    CASE_HEADERS,
    PROCEEDING_HEADERS,
    SHEET_ONE,
    case_row,
    edited,
    make_ledger,
    proceeding_row,
    sheets_file,
    with_sheet_xml,
)

TODAY = date(2025, 10, 27)
BARE = ["编号", "受理部门", "申请人类别", "收到日期"]
ROW = ["1", "区住建局", "自然人", "2025-09-15"]


def read(content: bytes, *, department_needed: bool = True, limits: Limits | None = None) -> Ledger:
    return read_ledger(
        content,
        file_name="台账.xlsx",
        today=TODAY,
        department_needed=department_needed,
        limits=limits or Limits(),
    )


def lines(*rows: Sequence[object], name: str = "申请台账") -> Ledger:
    return read(sheets_file({name: rows}))


def only(ledger: Ledger) -> CaseRow:
    assert ledger.problems == []
    (row,) = ledger.cases
    return row


def told(ledger: Ledger) -> list[tuple[int, str, str, str]]:
    return [(p.row, p.column, p.value, p.message) for p in ledger.problems]


def messages(**values: Any) -> list[tuple[str, str]]:
    """What is wrong with a row that is right but for `values`: column and message."""
    found = read(make_ledger([case_row(**values)]))
    return [(problem.column, problem.message) for problem in found.problems]


# --- The two sheets ------------------------------------------------------------------------------


def test_every_column_of_a_case_is_read() -> None:
    row = only(
        read(
            make_ledger(
                [
                    case_row(
                        "秀建公开申〔2025〕7号",
                        申请人="申请人甲",
                        证件号码="330411199001011234",
                        联系电话="0573-82720001",
                        通信地址="秀洲区洪兴路1号",
                        统一社会信用代码="91330411MA2B0000XX",
                        代理人="代理人乙",
                        电子邮箱="jia@example.com",
                        申请方式="网络",
                        到件日期=date(2025, 9, 12),
                        申请内容="甲路以东地块征收补偿方案",
                        答复类型="（二）部分公开",
                        答复日期="2025年10月20日",
                        补正通知日期="20250917",
                        补正收到日期="2025/9/22",
                        征求意见发出日期=date(2025, 9, 23),
                        征求意见返回日期="2025-10-10",
                        收费通知日期="2025-10-11",
                        缴费日期="2025-10-13",
                        延期告知日期="2025-10-14",
                        延期工作日=20,
                        承办单位="法规科",
                        承办人="丙",
                        答复文号="秀建公开〔2025〕7号",
                        送达日期=date(2025, 10, 21),
                        备注="分两册",
                    )
                ]
            )
        )
    )
    assert row.reply is not None
    assert row.reply.outcome == Outcome.PARTIAL
    row.reply = None
    assert row == CaseRow(
        sheet="申请台账",
        row=2,
        number="秀建公开申〔2025〕7号",
        department="区住建局",
        applicant_kind=ApplicantKind.NATURAL_PERSON,
        name="申请人甲",
        id_number="330411199001011234",
        phone="0573-82720001",
        address="秀洲区洪兴路1号",
        credit_code="91330411MA2B0000XX",
        agent_name="代理人乙",
        email="jia@example.com",
        channel=Channel.PORTAL,
        arrived_on=date(2025, 9, 12),
        received_on=date(2025, 9, 15),
        content="甲路以东地块征收补偿方案",
        closed_on=date(2025, 10, 20),
        correction_asked=date(2025, 9, 17),
        correction_received=date(2025, 9, 22),
        consultation_sent=date(2025, 9, 23),
        consultation_returned=date(2025, 10, 10),
        fee_asked=date(2025, 10, 11),
        fee_paid=date(2025, 10, 13),
        extended=date(2025, 10, 14),
        extended_days=20,
        unit="法规科",
        person="丙",
        reply_number="秀建公开〔2025〕7号",
        served_on=date(2025, 10, 21),
        remarks="分两册",
    )


def test_every_column_of_a_proceeding_is_read() -> None:
    found = read(
        make_ledger(
            proceedings=[
                proceeding_row(
                    申请编号="7",
                    案号="秀复〔2025〕3号",
                    类型="复议后起诉",
                    立案日期="2025-10-09",
                    结果="结果纠正",
                    审结日期="2025-10-24",
                )
            ]
        )
    )
    assert found.problems == []
    assert found.proceedings == [
        ProceedingRow(
            sheet="复议诉讼台账",
            row=2,
            department="区住建局",
            case_number="7",
            docket="秀复〔2025〕3号",
            kind=ProceedingKind.SUIT_AFTER_REVIEW,
            filed_on=date(2025, 10, 9),
            result=ProceedingResult.CORRECTED,
            concluded_on=date(2025, 10, 24),
        )
    ]


def test_the_columns_are_those_of_the_description() -> None:
    assert [column.header for column in CASE_SHEET.columns] == list(CASE_HEADERS)
    assert [column.header for column in PROCEEDING_SHEET.columns] == [*PROCEEDING_HEADERS, "备注"]


def test_no_cell_may_be_longer_than_what_stores_it() -> None:
    stored = {"number": 80, "name": 200, "credit_code": 40, "agent_name": 60, "reply_number": 80}
    limits = {column.key: column.max_length for column in CASE_SHEET.columns}
    for model in (Case, Applicant):
        for field in model._meta.get_fields():
            if field.name in stored:
                assert getattr(field, "max_length", None) == stored[field.name]
    assert {key: limits[key] for key in stored} == stored
    docket = next(column for column in PROCEEDING_SHEET.columns if column.key == "docket")
    assert docket.max_length == Proceeding._meta.get_field("docket").max_length
    note = Case._meta.get_field("drafting_note").max_length or 0
    assert limits["unit"] + limits["person"] + len("；承办人：") <= note


def test_a_row_without_reply_is_an_open_case() -> None:
    row = only(read(make_ledger([case_row()])))
    assert (row.reply, row.closed_on) == (None, None)


def test_a_ledger_has_one_sheet_or_two() -> None:
    both = read(make_ledger([case_row()], [proceeding_row()]))
    assert (len(both.cases), len(both.proceedings)) == (1, 1)
    assert both.sheets == ["申请台账", "复议诉讼台账"]
    assert read(make_ledger([case_row()])).sheets == ["申请台账"]
    assert read(make_ledger(proceedings=[proceeding_row()])).sheets == ["复议诉讼台账"]


def test_a_sheet_of_another_name_is_known_by_its_header() -> None:
    found = read(make_ledger([case_row()], [proceeding_row()], names=("2025年", "Sheet2")))
    assert (len(found.cases), len(found.proceedings)) == (1, 1)


def test_other_sheets_are_passed_over_and_named() -> None:
    found = read(sheets_file({"填表说明": [["请逐件填写"]], "申请台账": [BARE, ROW], "Sheet3": []}))
    assert len(found.cases) == 1
    assert found.passed_over == ["填表说明"]


def test_a_hidden_sheet_is_passed_over_and_named() -> None:
    def hide(parts: dict[str, bytes]) -> None:
        book = parts["xl/workbook.xml"].decode()
        second = book.rindex('state="visible"')
        hidden = book[:second] + book[second:].replace("visible", "hidden", 1)
        parts["xl/workbook.xml"] = hidden.encode()

    both = sheets_file({"申请台账": [BARE, ROW], "去年": [BARE, ROW]})
    found = read(edited(both, hide))
    assert (len(found.cases), found.passed_over) == (1, ["去年（隐藏）"])


def test_a_workbook_without_a_ledger_says_what_was_looked_for() -> None:
    with pytest.raises(LedgerError, match="没有找到台账"):
        read(sheets_file({"Sheet1": [["单位", "人数"], ["区住建局", 12]]}))


# --- The header ----------------------------------------------------------------------------------


def test_the_columns_stand_in_any_order() -> None:
    row = only(lines(["收到日期", "申请人类别", "受理部门", "编号"], list(reversed(ROW))))
    assert (row.number, row.received_on) == ("1", date(2025, 9, 15))


def test_a_title_above_the_header_is_passed_over() -> None:
    title = ["秀洲区住房和城乡建设局2025年依申请公开台账"]
    row = only(lines(title, [], ["填报单位：区住建局", None, "2025年10月"], BARE, ROW))
    assert row.row == 5


@pytest.mark.parametrize("header", ["受理日期", "申请时间", "收到时间"])
def test_the_day_of_receipt_has_other_headers(header: str) -> None:
    assert only(lines([*BARE[:3], header], ROW)).received_on == date(2025, 9, 15)


@pytest.mark.parametrize(
    "header",
    ["收到 日期", "收到\n日期", "收到日期*", "收到日期：", "收到日期（年月日）", " 收到日期 "],
)
def test_a_header_is_known_however_it_is_set(header: str) -> None:
    assert only(lines([*BARE[:3], header], ROW)).received_on == date(2025, 9, 15)


def test_the_proper_header_goes_before_its_aliases() -> None:
    """申请时间 is then a column of its own, and kept in 备注 like any other."""
    row = only(lines([*BARE, "申请时间"], [*ROW, "2025-09-12"]))
    assert row.received_on == date(2025, 9, 15)
    assert row.remarks == "申请时间：2025-09-12"


def test_two_headers_for_one_column_are_an_error() -> None:
    found = lines([*BARE[:3], "受理日期", "申请时间"], [*ROW, "2025-09-12"])
    assert told(found) == [
        (1, "收到日期", "", "第 D、E 列都可作“收到日期”，请只留一列，或把其余的改名")
    ]


def test_missing_columns_are_named_once() -> None:
    found = lines(
        ["编号", "受理部门", "申请内容"], ["1", "区住建局", "甲"], ["2", "区住建局", "乙"]
    )
    assert told(found)[:2] == [
        (1, "申请人类别", "", "缺少这一列"),
        (1, "收到日期", "", "缺少这一列"),
    ]
    assert {row for row, *_ in told(found)} == {1}


def test_the_department_is_needed_unless_it_is_given_at_import() -> None:
    header, row = [BARE[0], *BARE[2:]], [ROW[0], *ROW[2:]]
    content = sheets_file({"申请台账": [header, row]})
    assert told(read(content)) == [(1, "受理部门", "", "缺少这一列")]
    assert only(read(content, department_needed=False)).department == ""
    blank = make_ledger([case_row(受理部门=None)], headers=BARE)
    assert told(read(blank)) == [(2, "受理部门", "", "不能为空")]
    assert only(read(blank, department_needed=False)).department == ""


def test_unknown_columns_are_kept_in_remarks_with_their_header() -> None:
    row = only(lines([*BARE, "备注", "序号", "科室意见"], [*ROW, "急件", 3, "同意\n公开"]))
    assert row.remarks == "急件\n序号：3\n科室意见：同意\n公开"


def test_an_unknown_column_without_header_is_named_by_its_letter() -> None:
    assert only(lines(BARE, [*ROW, None, "另附图"])).remarks == "第F列：另附图"


@pytest.mark.parametrize("header", ["家庭住址", "办公电话2", "代理人身份证号", "微信号"])
def test_personal_data_outside_their_columns_are_refused_not_kept_in_clear(header: str) -> None:
    found = lines([*BARE, header], [*ROW, "330411199001011234"])
    assert [(row, column) for row, column, *_ in told(found)] == [(1, header)]
    assert "330411199001011234" not in str(told(found))


def merged_heads() -> bytes:
    """Two rows of heads, groups merged across and single columns merged down, under a title."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "申请台账"
    sheet.append(["2025年度政府信息公开申请台账"])
    sheet.append(["编号", "受理部门", "申请人", None, None, "收到日期", "补正情况", None, "答复"])
    sheet.append(
        [None, None, "类别", "姓名", "证件号码", None, "通知日期", "收到日期", "类型", "日期"]
    )
    person = ["自然人", "申请人甲", "330411199001011234"]
    days = [date(2025, 9, 15), date(2025, 9, 17), date(2025, 9, 22)]
    sheet.append(["1", "区住建局", *person, *days, "部分公开", date(2025, 10, 20)])
    for cells in ("A1:J1", "A2:A3", "B2:B3", "C2:E2", "F2:F3", "G2:H2", "I2:J2"):
        sheet.merge_cells(cells)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_merged_heads_are_read_together() -> None:
    row = only(read(merged_heads()))
    assert (row.number, row.name, row.row) == ("1", "申请人甲", 4)
    assert row.received_on == date(2025, 9, 15)
    assert (row.correction_asked, row.correction_received) == (date(2025, 9, 17), date(2025, 9, 22))
    assert row.closed_on == date(2025, 10, 20)
    assert row.remarks == ""


def test_a_note_merged_along_all_rows_takes_none_of_them_away() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "申请台账"
    for line in ([*BARE, "填报说明"], *([f"{n}", *ROW[1:]] for n in range(1, 9))):
        sheet.append(line)
    sheet.merge_cells("E1:E9")
    target = BytesIO()
    book.save(target)
    assert len(read(target.getvalue()).cases) == 8


# --- Rows ----------------------------------------------------------------------------------------


def test_blank_rows_and_totals_are_passed_over() -> None:
    found = lines(
        BARE,
        ROW,
        [],
        [None, "  ", "\u3000"],
        ["2", *ROW[1:]],
        ["合 计", None, None, None, "2件"],
        ["小计：2件"],
        [None, "总计", 2],
    )
    assert found.problems == []
    assert [(row.number, row.row) for row in found.cases] == [("1", 2), ("2", 5)]


def test_an_applicant_called_like_a_total_is_still_an_applicant() -> None:
    assert only(lines([*BARE, "申请人"], [*ROW, "合计"])).name == "合计"


def test_a_million_blank_rows_do_not_hang() -> None:
    cells = "".join(f'<c r="{letter}{{}}" s="0"/>' for letter in "ABCDEFGH")
    header = '<row r="1">' + "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCD", BARE, strict=True)
    )
    blank = "".join(f'<row r="{n}">{cells.format(*[n] * 8)}</row>' for n in range(2, 60_000))
    last = '<row r="1048576">' + "".join(
        f'<c r="{letter}1048576" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCD", ROW, strict=True)
    )
    content = with_sheet_xml(f"{header}</row>{blank}{last}</row>")
    started = perf_counter()
    row = only(read(content))
    assert (row.number, row.row) == ("1", 1_048_576)
    assert perf_counter() - started < 30


def test_blank_cells_with_a_style_are_taken_out_before_anything_is_counted() -> None:
    """A million rows were formatted to the end of the sheet: of those nothing is kept."""
    blank = "".join(
        f'<c r="A{n}" s="1"/><c r="B{n}" s="1" /><c r="C{n}"></c>' for n in range(9_000)
    )
    last = '<c r="D9001" t="e"><v>#N/A</v></c><c r="E9001" s="1"><f>1+1</f></c>'
    assert without_blanks((blank + last).encode()) == last.encode()
    unplaced = f"{blank}<c/>{last}".encode()  # its place is counted from the cell before
    assert without_blanks(unplaced) == unplaced
    few = b'<c r="A1" s="1"/>'
    assert without_blanks(few) == few
    blank_rows = "".join(f'</row><row r="{n}"><c r="A{n}" s="1"/>' for n in range(3, 20_000))
    assert only(read(cell_xml(blank_rows))).number == "1"


def test_spaces_and_full_width_digits_are_tolerated() -> None:
    row = only(lines(BARE, [" １２ ", "\u3000区住建局 ", " 自然人", " ２０２５年９月１５日 "]))
    assert (row.number, row.department) == ("12", "区住建局")
    assert row.received_on == date(2025, 9, 15)


def test_numbers_typed_as_numbers_are_the_same_as_text() -> None:
    row = only(lines([*BARE, "联系电话"], [12, "区住建局", "自然人", 20250915, 13800000000]))
    assert (row.number, row.phone) == ("12", "13800000000")
    assert row.received_on == date(2025, 9, 15)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+86", "-5", "@甲", "=1+1"])
def test_a_cell_that_begins_like_a_formula_is_text(text: str) -> None:
    def as_text(parts: dict[str, bytes]) -> None:
        sheet = parts[SHEET_ONE].decode()
        parts[SHEET_ONE] = sheet.replace("CONTENT", text).encode()

    content = edited(make_ledger([case_row(申请内容="CONTENT")]), as_text)
    assert only(read(content)).content == text


def cell_xml(xml: str) -> bytes:
    """A right row whose 申请内容 is this XML cell, at E2."""
    heads = [*BARE, "申请内容"]
    header = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCDE", heads, strict=True)
    )
    values = "".join(
        f'<c r="{letter}2" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCD", ROW, strict=True)
    )
    return with_sheet_xml(f'<row r="1">{header}</row><row r="2">{values}{xml}</row>')


def test_a_formula_is_read_as_its_stored_value() -> None:
    stored = '<c r="E2" t="str"><f>CONCATENATE("甲","乙")</f><v>甲乙</v></c>'
    assert only(read(cell_xml(stored))).content == "甲乙"
    assert only(read(cell_xml('<c r="E2"><f>3*4</f><v>12</v></c>'))).content == "12"
    assert only(read(cell_xml('<c r="E2" t="str"><f>""</f><v></v></c>'))).content == ""


def test_a_formula_that_was_never_computed_is_an_error_not_a_blank() -> None:
    found = read(cell_xml('<c r="E2"><f>TODAY()</f><v></v></c>'))
    ((row, column, _, message),) = told(found)
    assert (row, column) == (2, "申请内容")
    assert message.startswith("公式没有保存过结果")


def test_an_error_value_is_an_error_not_a_blank() -> None:
    found = read(cell_xml('<c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'))
    assert told(found) == [(2, "申请内容", "#DIV/0!", ERROR_VALUE)]


def test_a_row_of_nothing_but_error_values_is_not_blank() -> None:
    xml = '<row r="1">{}</row><row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>'
    header = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCD", BARE, strict=True)
    )
    assert (2, "编号", "#REF!", ERROR_VALUE) in told(read(with_sheet_xml(xml.format(header))))


def test_shared_strings_are_read() -> None:
    """As Excel writes text: the sheet points into a table of strings."""
    strings = "".join(f"<si><t>{text}</t></si>" for text in (*BARE, *ROW))
    lines = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{letter}{row}" s="0" t="s"><v>{4 * (row - 1) + place}</v></c>'
            for place, letter in enumerate("ABCD")
        )
        + "</row>"
        for row in (1, 2)
    )

    def share(parts: dict[str, bytes]) -> None:
        head = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        parts["xl/sharedStrings.xml"] = f"{head}{strings}</sst>".encode()
        link = (
            b'<Relationship Id="rIdS" Target="sharedStrings.xml" Type="http://schemas.openxml'
            b'formats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
        )
        relations = "xl/_rels/workbook.xml.rels"
        parts[relations] = parts[relations].replace(b"</Relationships>", link)

    assert only(read(edited(with_sheet_xml(lines), share))).number == "1"


def test_a_sheet_without_cell_references_is_read() -> None:
    """As some report tools write it: rows and cells follow one another."""
    row = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ROW)
    header = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in BARE)
    assert only(read(with_sheet_xml(f"<row>{header}</row><row>{row}</row>"))).number == "1"


# --- What is wrong in a row ----------------------------------------------------------------------


def test_all_errors_of_all_rows_are_told_at_once_with_their_place() -> None:
    found = read(
        make_ledger(
            [
                case_row("1", 收到日期="1.4"),
                case_row("2"),
                case_row("", 申请人类别="企业", 答复类型="公开", 答复日期="2025-10-10"),
            ],
            [proceeding_row(类型="复议", 立案日期=None)],
        )
    )
    assert [(p.sheet, p.row, p.column, p.value) for p in found.problems] == [
        ("申请台账", 2, "收到日期", "1.4"),
        ("申请台账", 4, "申请人类别", "企业"),
        ("申请台账", 4, "答复类型", "公开"),
        ("申请台账", 4, "编号", ""),
        ("复议诉讼台账", 2, "类型", "复议"),
        ("复议诉讼台账", 2, "立案日期", ""),
    ]
    assert str(found.problems[0]) == (
        "申请台账 第 2 行 收到日期“1.4”：没有写年份，请写成 2026-01-04 这样"
    )


def test_a_reply_has_an_outcome_and_a_day() -> None:
    sentence = "答复类型和答复日期要么都填，要么都不填"
    assert messages(答复类型="部分公开") == [("答复日期", sentence)]
    assert messages(答复日期="2025-10-10") == [("答复类型", sentence)]


def test_a_reply_on_the_day_of_receipt_is_right_one_before_it_is_not() -> None:
    assert messages(答复类型="部分公开", 答复日期="2025-09-15") == []
    assert messages(答复类型="部分公开", 答复日期="2025-09-14") == [
        ("答复日期", "早于收到日期 2025-09-15")
    ]


def test_a_reply_is_served_on_its_day_or_later() -> None:
    replied = {"答复类型": "部分公开", "答复日期": "2025-10-10"}
    assert messages(**replied, 送达日期="2025-10-10") == []
    assert messages(**replied, 送达日期="2025-10-09") == [("送达日期", "早于答复日期 2025-10-10")]
    assert messages(送达日期="2025-10-09") == [("送达日期", "还没有答复，不能有送达日期")]


def test_an_application_arrives_on_the_day_of_receipt_or_before() -> None:
    assert messages(到件日期="2025-09-15") == []
    assert messages(到件日期="2025-09-16") == [("到件日期", "晚于收到日期 2025-09-15")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("补正通知日期", "补正收到日期"),
        ("征求意见发出日期", "征求意见返回日期"),
        ("收费通知日期", "缴费日期"),
    ],
)
def test_steps_come_in_pairs_or_the_first_alone(first: str, second: str) -> None:
    asked = {first: "2025-09-22"}
    assert messages(**asked) == []
    assert messages(**asked, **{second: "2025-09-22"}) == []
    assert messages(**{second: "2025-09-22"}) == [(second, f"没有{first}，不能单有{second}")]
    assert messages(**asked, **{second: "2025-09-21"}) == [(second, f"早于{first} 2025-09-22")]
    assert messages(**{first: "2025-09-14"}) == [(first, "早于收到日期 2025-09-15")]


def test_an_extension_has_its_day_and_its_length() -> None:
    sentence = "延期告知日期和延期工作日要么都填，要么都不填"
    assert messages(延期告知日期="2025-10-15", 延期工作日=20) == []
    assert messages(延期告知日期="2025-10-15") == [("延期工作日", sentence)]
    assert messages(延期工作日=10) == [("延期告知日期", sentence)]
    assert messages(延期告知日期="2025-10-15", 延期工作日=21) == [
        ("延期工作日", "延期为 1 至 20 个工作日（条例第三十三条）")
    ]


@pytest.mark.parametrize("column", ["收到日期", "征求意见发出日期", "补正通知日期", "延期告知日期"])
def test_today_is_the_last_day_that_can_be_entered(column: str) -> None:
    more = {"延期工作日": 5} if column == "延期告知日期" else {}
    assert messages(**{column: "2025-10-27"}, **more) == []
    assert messages(**{column: "2025-10-28"}, **more) == [
        (column, "还没有到这一天，不能填将来的日期")
    ]


def test_a_cell_that_cannot_be_read_is_told_once() -> None:
    """答复类型 without a readable 答复日期 is no second error."""
    assert messages(答复类型="部分公开", 答复日期="1.4") == [
        ("答复日期", "没有写年份，请写成 2026-01-04 这样")
    ]


def test_too_long_for_its_column() -> None:
    assert messages(答复文号="号" * 80) == []
    assert messages(答复文号="号" * 81) == [("答复文号", "超过 80 个字")]


def test_errors_in_personal_data_do_not_repeat_them() -> None:
    found = read(make_ledger([case_row(证件号码=330411199001011234, 联系电话="1" * 201)]))
    assert [problem.column for problem in found.problems] == ["证件号码", "联系电话"]
    assert "33041119900101" not in str(found.problems)
    assert "1" * 12 not in str(found.problems)


def test_the_rules_of_a_proceeding() -> None:
    def wrong(**values: object) -> list[tuple[str, str]]:
        found = read(make_ledger(proceedings=[proceeding_row(**values)]))
        return [(problem.column, problem.message) for problem in found.problems]

    sentence = "结果和审结日期要么都填，要么都不填"
    assert wrong(结果="结果维持", 审结日期="2025-10-09") == []
    assert wrong(结果="结果维持") == [("审结日期", sentence)]
    assert wrong(审结日期="2025-10-20") == [("结果", sentence)]
    assert wrong(结果="结果维持", 审结日期="2025-10-08") == [
        ("审结日期", "早于立案日期 2025-10-09")
    ]
    assert wrong(立案日期="2025-10-28") == [("立案日期", "还没有到这一天，不能填将来的日期")]


# --- Files that are not read at all --------------------------------------------------------------


def refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(LedgerError) as caught:
        read(content, limits=limits)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def zipped(**parts: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        ("编号,受理部门\n1,区住建局\n".encode(), "不是 .xlsx、.xls 或 .et 文件"),
        (b"%PDF-1.7", "不是 .xlsx、.xls 或 .et 文件"),
        (zipped(**{"word/document.xml": b"<w/>"}), "不是 .xlsx、.xls 或 .et 文件"),
        (b"PK\x03\x04" + b"\0" * 200, "文件已损坏"),
        (make_ledger([case_row()])[:2000], "文件已损坏"),
        (OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "文件已加密"),
        (OLE + b"\0" * 500 + "Workbook".encode("utf-16-le"), "文件已损坏"),
    ],
)
def test_a_file_that_is_no_xlsx_gets_one_sentence(content: bytes, sentence: str) -> None:
    assert sentence in refusal(content)


def test_a_file_with_an_encrypted_part_gets_one_sentence() -> None:
    content = bytearray(make_ledger([case_row()]))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1  # the flag in the directory that says a part is encrypted
    assert "文件已加密" in refusal(bytes(content))


def test_the_limits_are_settings(settings: Any) -> None:
    assert Limits.from_settings() == Limits()
    settings.LEDGER_MAX_ROWS = 3
    assert Limits.from_settings() == Limits(max_rows=3)


def test_a_file_at_the_limit_is_read_one_byte_more_is_not() -> None:
    content = make_ledger([case_row()])
    assert read(content, limits=Limits(max_bytes=len(content))).cases
    assert "超过上限" in refusal(content, Limits(max_bytes=len(content) - 1))


def test_too_many_rows_or_sheets() -> None:
    rows = [case_row(str(number)) for number in range(1, 4)]
    assert len(read(make_ledger(rows), limits=Limits(max_rows=3)).cases) == 3
    assert "超过 2 行" in refusal(make_ledger(rows), Limits(max_rows=2))
    both = make_ledger(rows, [])
    assert read(both, limits=Limits(max_sheets=2))
    assert "2 张工作表，超过上限 1 张" in refusal(both, Limits(max_sheets=1))
    forty = sheets_file({f"第{number}张": [BARE, ROW] for number in range(40)})
    assert "40 张工作表，超过上限 30 张" in refusal(forty)


def test_macros_are_left_out_and_the_cells_read() -> None:
    """An .xlsm is an .xlsx with a program in it, which nobody looks at."""

    def with_macros(parts: dict[str, bytes]) -> None:
        parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0" + b"\0" * 5000
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main"
        )

    assert only(read(edited(make_ledger([case_row()]), with_macros))).number == "1"


def test_a_date_beyond_all_calendars_is_told_with_its_row() -> None:
    def beyond(parts: dict[str, bytes]) -> None:
        sheet = parts[SHEET_ONE].decode()
        serial = str((date(2025, 9, 15) - date(1899, 12, 30)).days)
        assert f"<v>{serial}</v>" in sheet
        parts[SHEET_ONE] = sheet.replace(f"<v>{serial}</v>", "<v>-1e300</v>").encode()

    content = edited(make_ledger([case_row()]), beyond)
    assert "“申请台账”第 2 行有读不出的单元格" in refusal(content)


def test_a_zip_bomb_is_not_unpacked() -> None:
    content = edited(
        make_ledger([case_row()]),
        lambda parts: parts.update({"xl/media/image1.png": b"\0" * 60_000_000}),
    )
    assert len(content) < 100_000
    assert "解开却有 57" in refusal(content)
    assert "解开却有" in refusal(make_ledger([case_row()]), Limits(max_unpacked=1000))


def external_entity(parts: dict[str, bytes]) -> None:
    parts[SHEET_ONE] = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        + parts[SHEET_ONE]
    )


def internal_entities(parts: dict[str, bytes]) -> None:
    parts["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts["xl/workbook.xml"]


def in_utf16(parts: dict[str, bytes]) -> None:
    hidden = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY e "e">]>'
    parts["xl/workbook.xml"] = hidden.encode("utf-16") + parts["xl/workbook.xml"]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (external_entity, "外部实体"),
        (internal_entities, "外部实体"),
        (in_utf16, "文件已损坏"),
    ],
)
def test_entities_are_refused(edit: Callable[[dict[str, bytes]], None], sentence: str) -> None:
    assert sentence in refusal(edited(make_ledger([case_row()]), edit))


def test_two_cells_far_apart_do_not_take_all_memory() -> None:
    corners = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )
    assert "范围过大" in refusal(with_sheet_xml(corners))
    beyond = corners.replace("XFD1048576", "XFE16777217").replace("1048576", "16777217")
    assert "范围过大" in refusal(with_sheet_xml(beyond))
    quoted = corners.replace('r="', "r='").replace('">', "'>")
    assert "范围过大" in refusal(with_sheet_xml(quoted))


def test_a_blank_cell_far_away_does_no_harm() -> None:
    content = cell_xml('<c r="E2" t="inlineStr"><is><t>甲</t></is></c><c r="XFD2" s="0"/>')
    assert only(read(content)).content == "甲"


def test_one_long_text_used_a_million_times_does_not_take_all_memory() -> None:
    strings = f"<sst><si><t>{'长' * 10_000}</t></si></sst>".encode()
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 30_000))

    def share(parts: dict[str, bytes]) -> None:
        parts["xl/sharedStrings.xml"] = strings

    assert "范围过大" in refusal(edited(with_sheet_xml(cells), share))
