"""Headings that differ from the ledger's own, matched by hand. No database."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from cases.ledger import LedgerError, Limits, NoLedgerFound, read_ledger
from cases.ledger.columns import fold_header
from cases.ledger.rows import Ledger
from tests.ledgers import sheets_file

TODAY = date(2025, 10, 27)
BARE = ["编号", "受理部门", "申请人类别", "收到日期"]
ROW = ["1", "区住建局", "自然人", "2025-09-15"]


def read(content: bytes, matched: Mapping[str, str] | None = None) -> Ledger:
    folded = {fold_header(header): key for header, key in (matched or {}).items()}
    return read_ledger(
        content,
        file_name="台账.xlsx",
        today=TODAY,
        department_needed=True,
        limits=Limits(),
        matched=folded,
    )


def lines(
    *rows: Sequence[object], matched: Mapping[str, str] | None = None, name: str = "Sheet1"
) -> Ledger:
    return read(sheets_file({name: rows}), matched)


def faults(ledger: Ledger) -> list[tuple[str, str]]:
    return [(problem.column, problem.message) for problem in ledger.problems]


def test_the_headings_are_told_as_the_file_has_them() -> None:
    (heading,) = lines([*BARE[:3], "受理日期", "科室 意见", None], [*ROW, "同意"]).headings
    assert (heading.sheet, heading.kind) == ("Sheet1", "申请台账")
    assert heading.columns == [
        ("编号", "number"),
        ("受理部门", "department"),
        ("申请人类别", "applicant_kind"),
        ("受理日期", "received_on"),
        ("科室意见", ""),
    ]


def test_a_header_matched_by_hand_is_read_as_its_column() -> None:
    found = lines(
        [*BARE, "办 结 时 间*", "怎么答的"],
        [*ROW, "2025-10-09", "予以公开"],
        matched={"办结时间": "closed_on", "怎么答的": "reply"},
    )
    assert found.problems == []
    (row,) = found.cases
    assert (row.closed_on, row.remarks) == (date(2025, 10, 9), "")
    assert row.reply and row.reply.outcome == "granted"
    assert dict(found.headings[0].columns)["怎么答的"] == "reply"


def test_a_header_that_nobody_could_know_makes_a_ledger_once_it_is_matched() -> None:
    header, row = (
        ["序", "单位", "谁", "受理部门", "申请内容"],
        ["1", "自然人", "2025-09-15", "区住建局", "甲"],
    )
    with pytest.raises(NoLedgerFound, match="没有找到台账") as caught:
        lines(["2025年情况"], header, row)
    (heading,) = caught.value.headings
    assert [text for text, key in heading.columns if not key] == ["序", "单位", "谁"]
    by_hand = {"序": "number", "单位": "applicant_kind", "谁": "received_on"}
    found = lines(["2025年情况"], header, row, matched=by_hand)
    assert (found.problems, found.headings[0].kind) == ([], "申请台账")
    assert [(case.number, case.row) for case in found.cases] == [("1", 3)]


def test_a_sheet_with_nothing_but_unknown_headers_can_be_matched() -> None:
    header = ["序", "局", "谁", "何时"]
    with pytest.raises(NoLedgerFound) as caught:
        lines(header, ROW)
    assert [text for text, _ in caught.value.headings[0].columns] == header
    keys = ["number", "department", "applicant_kind", "received_on"]
    found = lines(header, ROW, matched=dict(zip(header, keys, strict=True)))
    assert (found.problems, len(found.cases)) == ([], 1)


def test_a_sheet_of_proceedings_is_matched_too() -> None:
    header, row = ["受理部门", "程序", "立案日期"], ["区住建局", "行政复议", "2025-10-09"]
    found = lines(header, row, matched={"程序": "kind"})
    assert (found.problems, len(found.proceedings)) == ([], 1)
    assert found.headings[0].kind == "复议诉讼台账"


def test_what_is_matched_goes_before_what_is_called_so() -> None:
    """The column that is called so becomes one that we do not know."""
    header, row = [*BARE, "登记日期"], [*ROW, "2025-09-16"]
    (case,) = lines(header, row, matched={"登记日期": "received_on"}).cases
    assert (case.received_on, case.remarks) == (date(2025, 9, 16), "收到日期：2025-09-15")
    swapped = {"登记日期": "received_on", "收到日期": "arrived_on"}
    (case,) = lines(header, row, matched=swapped).cases
    assert (case.arrived_on, case.received_on) == (date(2025, 9, 15), date(2025, 9, 16))


def test_two_headers_matched_to_one_column_are_an_error() -> None:
    by_hand = {"登记日期": "received_on", "收到日期": "received_on"}
    assert faults(lines([*BARE, "登记日期"], [*ROW, "2025-09-16"], matched=by_hand)) == [
        ("收到日期", "第 D、E 列都可作“收到日期”，请只留一列，或把其余的改名")
    ]


def test_a_column_passed_over_by_hand_is_kept_nowhere() -> None:
    header, row = [*BARE, "家庭住址", "序号", "备注"], [*ROW, "洪兴路1号", 7, "急件"]
    assert [column for column, _ in faults(lines(header, row))] == ["家庭住址"]
    found = lines(header, row, matched={"家庭住址": "", "序号": ""})
    assert (found.problems, found.cases[0].remarks) == ([], "急件")
    assert ("家庭住址", "") in found.headings[0].columns


def test_a_needed_column_passed_over_is_missing() -> None:
    assert ("收到日期", "缺少这一列") in faults(
        lines(BARE, ROW, name="申请台账", matched={"收到日期": ""})
    )


def test_personal_data_go_to_their_columns_never_to_free_text() -> None:
    header, row = [*BARE, "办公电话2"], [*ROW, "0573-82720001"]
    (case,) = lines(header, row, matched={"办公电话2": "phone"}).cases
    assert (case.phone, case.remarks) == ("0573-82720001", "")
    for free in ("remarks", "content"):
        assert "不能收存" in str(faults(lines(header, row, matched={"办公电话2": free})))


def test_merged_heads_are_matched_by_all_their_words() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "受理部门", "申请人类别", "收到日期", "处理", None])
    sheet.append([None, None, None, None, "何时", "怎样"])
    sheet.append([*ROW, "2025-10-09", "予以公开"])
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"):
        sheet.merge_cells(cells)
    target = BytesIO()
    book.save(target)
    assert ("处理何时", "") in read(target.getvalue()).headings[0].columns
    found = read(target.getvalue(), {"处理何时": "closed_on", "处理怎样": "reply"})
    assert (found.problems, found.cases[0].closed_on) == ([], date(2025, 10, 9))


def test_matches_do_not_turn_other_sheets_into_ledgers() -> None:
    other = {"会议记录": [["日期", "备注"], ["2025-09-15", "无"]], "申请台账": [BARE, ROW]}
    found = read(sheets_file(other), {"日期": "received_on"})
    assert (found.sheets, found.passed_over) == (["申请台账"], ["会议记录"])


def test_a_match_to_no_column_of_the_sheet_is_as_none() -> None:
    (case,) = lines([*BARE, "程序"], [*ROW, "简易"], matched={"程序": "kind"}).cases
    assert case.remarks == "程序：简易"


def test_a_workbook_without_any_header_offers_none() -> None:
    with pytest.raises(NoLedgerFound) as caught:
        lines(["无"])
    assert caught.value.headings == []
    assert isinstance(caught.value, LedgerError)
