"""Ledgers as .xls and .et: what Excel 97–2003 and WPS write. No database."""

import struct
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from cases.ledger import LedgerError, Limits, read_ledger
from cases.ledger.biff_strings import read_table, table_records
from cases.ledger.ole import Broken, Container, container_of
from cases.ledger.rows import Ledger
from cases.ledger.survey import ERROR_VALUE
from tests.xls import Formula, bof, container, record, text, workbook, xls_file

TODAY = date(2025, 10, 27)
BARE = ["编号", "受理部门", "申请人类别", "收到日期"]
ROW = ["1", "区住建局", "自然人", date(2025, 9, 15)]


def read(content: bytes, limits: Limits | None = None) -> Ledger:
    return read_ledger(
        content,
        file_name="台账.et",
        today=TODAY,
        department_needed=True,
        limits=limits or Limits(),
    )


def lines(*rows: Sequence[Any], name: str = "申请台账", **options: Any) -> Ledger:
    return read(xls_file({name: rows}, **options))


def refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(LedgerError) as caught:
        read(content, limits)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def stream_of(*rows: Sequence[Any]) -> bytes:
    """The stream of a workbook with this sheet, for a hand that knows where to cut."""
    return workbook({"申请台账": rows}, {}, (), b"")


def test_a_ledger_is_read() -> None:
    found = lines(
        ["2025年度台账"],
        [*BARE, "申请内容", "答复类型", "答复日期", "延期告知日期", "延期工作日", "备注"],
        [*ROW, "甲路以东é𠀀", "部分公开", date(2025, 10, 9), "2025年9月20日", 20, True],
        ["合计", None, None, None, 1],
    )
    assert found.problems == []
    (row,) = found.cases
    assert (row.number, row.department, row.row) == ("1", "区住建局", 3)
    assert (row.received_on, row.closed_on) == (date(2025, 9, 15), date(2025, 10, 9))
    assert (row.extended, row.extended_days) == (date(2025, 9, 20), 20)
    assert (row.content, row.remarks) == ("甲路以东é𠀀", "TRUE")


def test_a_file_of_some_size_is_read() -> None:
    """Its stream lies in the large sectors, that of a small file in the small ones."""
    found = lines(BARE, *([f"{number}", *ROW[1:]] for number in range(1, 2001)))
    assert [row.number for row in found.cases] == [f"{number}" for number in range(1, 2001)]


def test_all_sheets_are_looked_at_and_hidden_ones_passed_over() -> None:
    sheets: dict[str, list[list[Any]]] = {
        "说明": [["请逐件填写"]],
        "去年": [BARE, ROW],
        "申请台账": [BARE, ROW],
        "复议诉讼台账": [["受理部门", "类型", "立案日期"], ["区住建局", "行政复议", "2025-10-09"]],
    }
    found = read(xls_file(sheets, hidden=["去年"]))
    assert (len(found.cases), len(found.proceedings)) == (1, 1)
    assert found.passed_over == ["说明", "去年（隐藏）"]


def test_merged_heads_are_read_together() -> None:
    areas = [(0, 1, 0, 0), (0, 1, 1, 1), (0, 1, 2, 2), (0, 1, 3, 3), (0, 0, 4, 5)]
    found = lines(
        [*BARE, "答复", None],
        [None, None, None, None, "类型", "日期"],
        [*ROW, "予以公开", "2025-10-09"],
        merged={"申请台账": areas},
    )
    assert (found.problems, found.cases[0].closed_on) == ([], date(2025, 10, 9))


def test_a_formula_is_read_as_its_stored_value() -> None:
    found = lines(
        [*BARE, "申请内容", "备注", "延期工作日", "延期告知日期", "承办人"],
        [
            *[Formula("1"), "区住建局", "自然人", Formula(date(2025, 9, 15))],
            *[Formula("同意"), Formula(True), Formula(10), "2025-09-20", Formula("")],
        ],
    )
    assert found.problems == []
    (row,) = found.cases
    assert (row.number, row.received_on) == ("1", date(2025, 9, 15))
    assert (row.content, row.remarks, row.extended_days, row.person) == ("同意", "TRUE", 10, "")


def test_error_values_are_errors_not_blanks() -> None:
    found = lines([*BARE, "答复类型"], [*ROW, "#N/A"], ["2", *ROW[1:], Formula("#REF!")])
    assert [(p.row, p.column, p.value, p.message) for p in found.problems] == [
        (2, "答复类型", "#N/A", ERROR_VALUE),
        (3, "答复类型", "#REF!", ERROR_VALUE),
    ]


def test_a_cell_that_begins_like_a_formula_is_text() -> None:
    (row,) = lines([*BARE, "申请内容"], [*ROW, "=1+1"]).cases
    assert row.content == "=1+1"


def test_long_texts_run_on_from_record_to_record() -> None:
    texts = ["甲" * 9000, "", "abcé" * 3000, "𠀀" * 5000, "末"]
    parts = table_records(texts)
    assert len(parts) > 5 and max(map(len, parts)) <= 8224
    assert read_table(parts) == texts
    narrow = struct.pack("<IIHB", 1, 1, 6, 0) + b"abc"
    assert read_table([narrow, b"\1" + "甲乙丙".encode("utf-16-le")]) == ["abc甲乙丙"]
    rich = struct.pack("<IIHBHI", 2, 2, 1, 0b1100, 1, 3) + b"a"  # a run and three more bytes
    assert read_table([rich, b"\0" * 7 + text("乙")]) == ["a", "乙"]


def test_what_is_embedded_or_drawn_is_left_alone() -> None:
    """A chart within a sheet is a part of its own, with cells of its own."""
    stream = stream_of(BARE, ROW)
    at = stream.index(bof(0x10)) + len(bof(0x10))
    label = record(0x0204, struct.pack("<HHH", 1, 0, 15) + text("图"))
    drawn = stream[:at] + bof(0x20) + label + record(0x0A) + stream[at:]
    found = read(container({"Workbook": drawn, "_VBA_PROJECT": b"macros"}))
    assert [row.number for row in found.cases] == ["1"]


# --- Files that are not read at all --------------------------------------------------------------


def test_a_password_gets_one_sentence() -> None:
    locked = record(0x2F, struct.pack("<HHH", 1, 1, 1))
    assert "文件已加密" in refusal(xls_file({"申请台账": [BARE, ROW]}, extra=locked))
    assert "文件已加密" in refusal(container({"EncryptedPackage": b"\0" * 5000}))


def test_other_files_in_such_a_container_get_one_sentence() -> None:
    assert "没有工作簿" in refusal(container({"WordDocument": b"\0" * 5000}))
    assert "Excel 95" in refusal(container({"Book": b"\0" * 5000}))
    old = bof(0x05, version=0x0500) + record(0x0A)
    assert "Excel 95" in refusal(container({"Workbook": old}))


def test_a_workbook_without_a_ledger_says_what_was_looked_for() -> None:
    assert "没有找到台账" in refusal(xls_file({"Sheet1": [["单位", "人数"], ["区住建局", 12]]}))


def test_a_damaged_file_gets_one_sentence_wherever_it_is_cut() -> None:
    content = xls_file({"申请台账": [BARE, *[ROW] * 200]})
    for size in range(8, len(content) - 512, 997):
        assert "文件已损坏" in refusal(content[:size])


def test_whatever_byte_is_wrong_nothing_but_a_sentence_comes_of_it() -> None:
    content = xls_file({"申请台账": [BARE, *[[*ROW, Formula("甲"), 2.5, "#N/A"]] * 3]})
    for at in range(0, len(content), 3):
        changed = bytearray(content)
        changed[at] ^= 0xFF
        try:
            read(bytes(changed))
        except LedgerError as error:
            assert "\n" not in str(error)


def test_a_chain_of_sectors_that_runs_in_a_circle_is_not_followed() -> None:
    content = bytearray(xls_file({"申请台账": [BARE, *[ROW] * 200]}))
    table = int.from_bytes(content[76:80], "little")
    at = (table + 1) * 512
    content[at : at + 4] = struct.pack("<I", 0)  # the first sector follows itself
    assert "文件已损坏" in refusal(bytes(content))


def test_a_date_beyond_all_calendars_is_told_with_its_row() -> None:
    wrong = record(0x0203, struct.pack("<HHHd", 2, 3, 16, -1e300))
    stream = stream_of(BARE, ROW)
    content = container({"Workbook": stream[:-4] + wrong + stream[-4:]})
    assert "“申请台账”第 3 行有读不出的单元格" in refusal(content)


def test_what_a_file_says_of_its_own_size_is_not_believed() -> None:
    """Space for a billion texts or cells is not set aside because a record asks for it."""
    stream = stream_of(BARE, ROW)
    at = stream.index(struct.pack("<H", 0xFC), stream.index(record(0x85, b"")[:2]))
    many = stream[: at + 8] + struct.pack("<I", 0x7FFFFFFF) + stream[at + 12 :]
    assert "文件已损坏" in refusal(container({"Workbook": many}))
    wide = record(0x0200, struct.pack("<IIHHH", 0, 0x3FFFFFFF, 0, 0xFFFF, 0))
    at = stream.index(bof(0x10)) + len(bof(0x10))
    assert read(container({"Workbook": stream[:at] + wide + stream[at:]})).cases


def test_sheets_that_reach_too_far_are_refused_before_they_are_laid_out() -> None:
    corners: list[list[Any]] = [BARE, ROW, *[[]] * 5000, [None] * 255 + ["远"]]
    content = xls_file({"申请台账": corners, "又一张": corners})
    assert "范围过大" in refusal(content, Limits(max_cells=2_000_000))
    assert len(read(content, Limits(max_cells=3_000_000)).sheets) == 2


def test_one_long_text_used_often_does_not_take_all_memory() -> None:
    rows: list[list[Any]] = [BARE, ROW, *[["长" * 4000]] * 1000]
    content = xls_file({"申请台账": rows})
    assert "范围过大" in refusal(content, Limits(max_unpacked=3_000_000))


def test_too_many_sheets_or_one_of_them_again_and_again() -> None:
    sheets: dict[str, list[list[Any]]] = {f"第{number}张": [BARE, ROW] for number in range(40)}
    assert "40 张工作表，超过上限 30 张" in refusal(xls_file(sheets))
    stream = stream_of(BARE, ROW)
    place = record(0x85, b"\0" * 6 + text("申请台账", "B"))
    at = stream.index(record(0x85, b"")[:2] + place[2:4])
    twice = record(0x85, stream[at + 4 : at + 10] + text("又", "B"))
    shifted = len(twice)
    first = struct.pack("<I", int.from_bytes(stream[at + 4 : at + 8], "little") + shifted)
    place = place[:4] + first + place[8:]
    twice = twice[:4] + first + twice[8:]
    doubled = stream[:at] + place + twice + stream[at + len(place) :]
    assert "文件已损坏" in refusal(container({"Workbook": doubled}))


def test_the_largest_stream_fits_into_one_container() -> None:
    stream = bytes(range(256)) * 40_000  # 10 MB
    assert Container(container_of("Workbook", stream)).read("Workbook") == stream
    with pytest.raises(Broken):
        Container(b"\xd0\xcf")
