"""The two official formats, against the labels and cells that are printed.

Labels, order and merged heads are those of 国办公开办函〔2019〕60号 and 〔2021〕30号, written out.
"""

import json
from collections.abc import Iterable, Sequence

import pytest

from reports.formats import FORMATS, NoFormat, format_for_year, get_format
from reports.formats.base import Figure, Format, Tables, TablesError, convert
from reports.formats.layout import (
    HeadCell,
    layout,
    placed,
    section_four_head,
    section_three_head,
)

F2019, F2021 = get_format("2019"), get_format("2021")
BOTH = pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS)

BEFORE_SIX = [
    ("new_received", "一", "一、本年新收政府信息公开申请数量"),
    ("carried_over", "二", "二、上年结转政府信息公开申请数量"),
    ("results", "三", "三、本年度办理结果"),
    ("granted", "三（一）", "（一）予以公开"),
    ("partial", "三（二）", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("denied", "三（三）", "（三）不予公开"),
    ("denied_state_secret", "三（三）1", "1.属于国家秘密"),
    ("denied_law_forbidden", "三（三）2", "2.其他法律行政法规禁止公开"),
    ("denied_three_safety_one_stability", "三（三）3", "3.危及“三安全一稳定”"),
    ("denied_third_party", "三（三）4", "4.保护第三方合法权益"),
    ("denied_internal_affairs", "三（三）5", "5.属于三类内部事务信息"),
    ("denied_process_info", "三（三）6", "6.属于四类过程性信息"),
    ("denied_enforcement_file", "三（三）7", "7.属于行政执法案卷"),
    ("denied_admin_query", "三（三）8", "8.属于行政查询事项"),
    ("unable", "三（四）", "（四）无法提供"),
    ("unable_not_held", "三（四）1", "1.本机关不掌握相关政府信息"),
    ("unable_needs_creation", "三（四）2", "2.没有现成信息需要另行制作"),
    ("unable_still_unclear", "三（四）3", "3.补正后申请内容仍不明确"),
    ("not_processed", "三（五）", "（五）不予处理"),
    ("not_processed_petition", "三（五）1", "1.信访举报投诉类申请"),
    ("not_processed_repeat", "三（五）2", "2.重复申请"),
    ("not_processed_publication", "三（五）3", "3.要求提供公开出版物"),
    ("not_processed_excessive", "三（五）4", "4.无正当理由大量反复申请"),
    ("not_processed_reconfirm", "三（五）5", "5.要求行政机关确认或重新出具已获取信息"),
]
SIX = {
    "2019": [("other", "三（六）", "（六）其他处理")],
    "2021": [
        ("other", "三（六）", "（六）其他处理"),
        (
            "other_no_correction",
            "三（六）1",
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        ),
        (
            "other_fee_unpaid",
            "三（六）2",
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        ),
        ("other_misc", "三（六）3", "3.其他"),
    ],
}
AFTER_SIX = [
    ("results_total", "三（七）", "（七）总计"),
    ("carried_forward", "四", "四、结转下年度继续办理"),
]
HEADINGS = {
    "2019": {"results", "denied", "unable", "not_processed"},
    "2021": {"results", "denied", "unable", "not_processed", "other"},
}
ROW_OF_OUTCOME = {
    "already_public": "granted",
    "granted": "granted",
    "partial": "partial",
    "state_secret": "denied_state_secret",
    "law_forbidden": "denied_law_forbidden",
    "safety": "denied_three_safety_one_stability",
    "third_party": "denied_third_party",
    "internal": "denied_internal_affairs",
    "process": "denied_process_info",
    "enforcement_file": "denied_enforcement_file",
    "admin_query": "denied_admin_query",
    "not_exist": "unable_not_held",
    "not_this_organ": "unable_not_held",
    "needs_creation": "unable_needs_creation",
    "still_unclear": "unable_still_unclear",
    "petition": "not_processed_petition",
    "repeat": "not_processed_repeat",
    "publication": "not_processed_publication",
    "excessive": "not_processed_excessive",
    "reconfirm": "not_processed_reconfirm",
}
ROW_OF_OTHER_OUTCOME = {
    "2019": {
        "no_correction": "other",
        "fee_unpaid": "other",
        "withdrawn": "other",
        "not_gov_info_or_other": "other",
    },
    "2021": {
        "no_correction": "other_no_correction",
        "fee_unpaid": "other_fee_unpaid",
        "withdrawn": "other_misc",
        "not_gov_info_or_other": "other_misc",
    },
}


# Which format


@pytest.mark.parametrize(
    ("year", "version"), [(2019, "2019"), (2020, "2019"), (2021, "2021"), (2025, "2021")]
)
def test_the_format_of_a_report_year(year: int, version: str) -> None:
    assert format_for_year(year).version == version


def test_no_format_before_2019() -> None:
    with pytest.raises(NoFormat, match="2018 年度没有法定报告格式，现行统计表自 2019 年度起使用"):
        format_for_year(2018)


def test_no_format_of_an_unknown_version() -> None:
    with pytest.raises(NoFormat, match="没有“2020”这一格式，可用的有：2019、2021"):
        get_format("2020")


def test_the_documents_that_issued_the_formats() -> None:
    assert F2019.doc_no == "国办公开办函〔2019〕60号"
    assert F2019.title == "中华人民共和国政府信息公开工作年度报告格式（试行）"
    assert F2021.doc_no == "国办公开办函〔2021〕30号"
    assert F2021.title == "中华人民共和国政府信息公开工作年度报告格式"


# Section three


@BOTH
def test_section_three_prints_these_rows(fmt: Format) -> None:
    section = fmt.section_three
    printed = [(row.key, section.place(row.key), row.label) for row in section.rows]
    assert printed == BEFORE_SIX + SIX[fmt.version] + AFTER_SIX


@BOTH
def test_headings_have_no_figures(fmt: Format) -> None:
    section = fmt.section_three
    assert {row.key for row in section.rows if row.kind == "heading"} == HEADINGS[fmt.version]
    assert not HEADINGS[fmt.version] & set(section.data_rows)


def test_section_three_has_161_cells_in_2019_and_175_in_2021() -> None:
    assert len(F2019.section_three.data_rows) * len(F2019.section_three.columns) == 161
    assert len(F2021.section_three.data_rows) * len(F2021.section_three.columns) == 175


def test_the_formats_differ_in_six_alone() -> None:
    old, new = set(F2019.section_three.data_rows), set(F2021.section_three.data_rows)
    assert old - new == {"other"}
    assert new - old == {"other_no_correction", "other_fee_unpaid", "other_misc"}
    assert F2019.section_three.columns == F2021.section_three.columns
    assert F2019.section_four == F2021.section_four


@BOTH
def test_titles_corner_and_columns_as_printed(fmt: Format) -> None:
    section = fmt.section_three
    assert section.title == "三、收到和处理政府信息公开申请情况"
    assert section.corner == (
        "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    )
    assert [(column.key, column.label) for column in section.columns] == [
        ("natural_person", "自然人"),
        ("org_commercial", "商业企业"),
        ("org_research", "科研机构"),
        ("org_public_welfare", "社会公益组织"),
        ("org_legal_service", "法律服务机构"),
        ("org_other", "其他"),
        ("total", "总计"),
    ]
    assert fmt.section_four.title == "四、政府信息公开行政复议、行政诉讼情况"
    assert (section.unit, fmt.section_four.unit) == ("件", "件")


@BOTH
def test_every_outcome_counts_in_exactly_one_row(fmt: Format) -> None:
    section = fmt.section_three
    expected = ROW_OF_OUTCOME | ROW_OF_OTHER_OUTCOME[fmt.version]
    counted = [(code, row.key) for row in section.rows for code in row.outcomes]
    assert sorted(counted) == sorted(expected.items())
    assert {code: section.row_for_outcome(code).key for code in expected} == expected
    assert section.leaf_rows == tuple(dict.fromkeys(expected.values()))


@BOTH
def test_an_unknown_outcome_or_row_is_refused(fmt: Format) -> None:
    with pytest.raises(KeyError):
        fmt.section_three.row_for_outcome("transferred")
    with pytest.raises(KeyError):
        fmt.section_three.row("other_transferred")


@BOTH
def test_outcomes_are_chosen_by_group_as_the_table_prints_them(fmt: Format) -> None:
    groups = fmt.section_three.outcome_groups
    assert [(group.number, group.name[:4], len(leaves)) for group, leaves in groups] == [
        ("（一）", "予以公开", 1),
        ("（二）", "部分公开", 1),
        ("（三）", "不予公开", 8),
        ("（四）", "无法提供", 3),
        ("（五）", "不予处理", 5),
        ("（六）", "其他处理", 1 if fmt is F2019 else 3),
    ]


def test_a_label_is_a_number_and_a_name() -> None:
    row = F2021.section_three.row("denied_state_secret")
    assert (row.number, row.name) == ("1", "属于国家秘密")
    regulations = F2021.section_two.blocks[0].rows[0]
    assert (regulations.number, regulations.name) == ("", "规章")


def test_rows_name_their_articles() -> None:
    section = F2021.section_three
    assert section.row("granted").legal_basis == ("条例36(1)", "条例36(2)")
    assert section.row("denied_third_party").legal_basis == ("条例15", "条例32", "条例36(3)")
    assert section.row("other_fee_unpaid").legal_basis == ("条例42", "国办函〔2020〕109号")
    assert section.row("not_processed_reconfirm").legal_basis == ()


# Section two


def test_section_two_of_2019_has_five_blocks() -> None:
    printed = [
        (block.caption, [m.label for m in block.columns], [row.label for row in block.rows])
        for block in F2019.section_two.blocks
    ]
    items = ["上一年项目数量", "本年增/减"]
    assert printed == [
        (
            "第二十条第（一）项",
            ["本年新制作数量", "本年新公开数量", "对外公开总数量"],
            ["规章", "规范性文件"],
        ),
        (
            "第二十条第（五）项",
            [*items, "处理决定数量"],
            ["行政许可", "其他对外管理服务事项"],
        ),
        ("第二十条第（六）项", [*items, "处理决定数量"], ["行政处罚", "行政强制"]),
        ("第二十条第（八）项", items, ["行政事业性收费"]),
        ("第二十条第（九）项", ["采购项目数量", "采购总金额"], ["政府集中采购"]),
    ]


def test_section_two_of_2021_has_four_blocks() -> None:
    printed = [
        (block.caption, [m.label for m in block.columns], [row.label for row in block.rows])
        for block in F2021.section_two.blocks
    ]
    assert printed == [
        (
            "第二十条第（一）项",
            ["本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "行政规范性文件"],
        ),
        ("第二十条第（五）项", ["本年处理决定数量"], ["行政许可"]),
        ("第二十条第（六）项", ["本年处理决定数量"], ["行政处罚", "行政强制"]),
        ("第二十条第（八）项", ["本年收费金额（单位：万元）"], ["行政事业性收费"]),
    ]


def test_section_two_counts_in_whole_numbers_but_for_money() -> None:
    measures = [
        m for fmt in (F2019, F2021) for block in fmt.section_two.blocks for m in block.columns
    ]
    assert {m.key for m in measures if m.decimal} == {"procurement_amount", "fee_amount"}
    assert {m.key for m in measures if m.signed} == {"items_change"}
    assert {m.unit for m in measures if m.key == "fee_amount"} == {"万元"}


# The merged heads


@BOTH
def test_the_column_head_of_section_three(fmt: Format) -> None:
    assert section_three_head(fmt.section_three) == (
        (HeadCell(fmt.section_three.corner, 3, 3), HeadCell("申请人情况", 1, 7)),
        (HeadCell("自然人", 2, 1), HeadCell("法人或其他组织", 1, 5), HeadCell("总计", 2, 1)),
        (
            HeadCell("商业企业"),
            HeadCell("科研机构"),
            HeadCell("社会公益组织"),
            HeadCell("法律服务机构"),
            HeadCell("其他"),
        ),
    )


@BOTH
def test_the_head_of_section_four(fmt: Format) -> None:
    results = tuple(map(HeadCell, ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")))
    assert section_four_head(fmt.section_four) == (
        (HeadCell("行政复议", 2, 5), HeadCell("行政诉讼", 1, 10)),
        (HeadCell("未经复议直接起诉", 1, 5), HeadCell("复议后起诉", 1, 5)),
        results * 3,
    )


def test_the_row_heads_of_2021() -> None:
    heads = {line.row.key: line.heads for line in layout(F2021.section_three)}
    one, two, four = "new_received", "carried_over", "carried_forward"
    assert heads[one] == (HeadCell("一、本年新收政府信息公开申请数量", 1, 3),)
    assert heads[two] == (HeadCell("二、上年结转政府信息公开申请数量", 1, 3),)
    assert heads["granted"] == (
        HeadCell("三、本年度办理结果", 22, 1),
        HeadCell("（一）予以公开", 1, 2),
    )
    assert heads["denied_state_secret"] == (
        HeadCell("（三）不予公开", 8, 1),
        HeadCell("1.属于国家秘密", 1, 1),
    )
    assert heads["denied_law_forbidden"] == (HeadCell("2.其他法律行政法规禁止公开", 1, 1),)
    assert heads["unable_not_held"][0] == HeadCell("（四）无法提供", 3, 1)
    assert heads["not_processed_petition"][0] == HeadCell("（五）不予处理", 5, 1)
    assert heads["other_no_correction"][0] == HeadCell("（六）其他处理", 3, 1)
    assert heads["other_misc"] == (HeadCell("3.其他", 1, 1),)
    assert heads["results_total"] == (HeadCell("（七）总计", 1, 2),)
    assert heads[four] == (HeadCell("四、结转下年度继续办理", 1, 3),)


def test_in_2019_six_is_a_row_of_its_own() -> None:
    heads = {line.row.key: line.heads for line in layout(F2019.section_three)}
    assert heads["granted"][0] == HeadCell("三、本年度办理结果", 20, 1)
    assert heads["other"] == (HeadCell("（六）其他处理", 1, 2),)


@BOTH
def test_heads_and_figures_fill_the_tables_without_gap_or_overlap(fmt: Format) -> None:
    three, four = fmt.section_three, fmt.section_four
    body: list[list[HeadCell | Figure]] = [[*line.heads, *[0] * 7] for line in layout(three)]
    assert _spots(section_three_head(three)) == _grid(3, 10)
    assert _spots(body) == _grid(len(body), 10)
    assert _spots([*section_four_head(four), [0] * 15]) == _grid(4, 15)


def _spots(rows: Iterable[Sequence[HeadCell | Figure]]) -> list[tuple[int, int]]:
    return sorted(
        (cell.row + down, cell.column + across)
        for cell in placed(rows)
        for down in range(cell.rowspan)
        for across in range(cell.colspan)
    )


def _grid(height: int, width: int) -> list[tuple[int, int]]:
    return [(row, column) for row in range(height) for column in range(width)]


# Cells and figures


@BOTH
def test_cells_are_cited_as_officials_do(fmt: Format) -> None:
    assert fmt.cell_label("section_three.unable_not_held.natural_person") == "三（四）1 × 自然人"
    assert fmt.cell_label("section_three.results_total.total") == "三（七） × 总计"
    assert fmt.cell_label("section_four.suit_direct.pending") == "未经复议直接起诉 × 尚未审结"
    assert len(set(map(fmt.cell_label, fmt.cells))) == len(fmt.cells)


def test_several_cells_are_cited_by_column_or_by_row() -> None:
    column = [f"section_three.{row}.org_other" for row in ("new_received", "carried_forward")]
    assert F2021.cells_label(column) == "其他：一、四"
    rows = [
        *("section_three.partial.natural_person", "section_three.partial.total"),
        "section_four.review.total",
    ]
    assert F2021.cells_label(rows) == "三（二）：自然人、总计；行政复议：总计"
    assert F2021.cells_label([]) == ""


@pytest.mark.parametrize(
    "path",
    [
        "section_three.other.total",  # a heading in 2021
        "section_three.granted.children",
        "section_five.granted.total",
        "section_three.granted",
    ],
)
def test_what_is_not_a_cell_is_not_among_the_cells(path: str) -> None:
    assert path not in F2021.cells
    with pytest.raises((KeyError, ValueError)):
        Tables.zero(F2021).value(path)


def test_cells_of_both_sections_in_reading_order() -> None:
    assert len(F2019.cells) == 161 + 15
    assert len(F2021.cells) == 175 + 15
    assert F2021.cells[0] == "section_three.new_received.natural_person"
    assert F2021.cells[174] == "section_three.carried_forward.total"
    assert F2021.cells[175] == "section_four.review.upheld"
    assert F2021.cells[-1] == "section_four.suit_after_review.total"


def test_figures_are_found_by_row_and_column() -> None:
    tables = Tables.blank(F2021)
    tables.section_three["granted"][1] = 7
    tables.section_four["suit_direct"][3] = 2
    assert tables.value("section_three.granted.org_commercial") == 7
    assert tables.value("section_four.suit_direct.pending") == 2
    assert tables.value("section_three.granted.natural_person") is None


def test_tables_add_cell_by_cell() -> None:
    parts = [Tables.filled(F2021, figure) for figure in (1, 2, 30)]
    assert sum(parts, Tables.zero(F2021)) == Tables.filled(F2021, 33)
    assert sum([], Tables.zero(F2021)) == Tables.zero(F2021)


def test_a_blank_adds_nothing_and_stays_blank_only_beside_a_blank() -> None:
    blank, five = Tables.blank(F2019), Tables.filled(F2019, 5)
    assert blank + five == five + blank == five
    assert blank + blank == blank
    assert blank + Tables.zero(F2019) == Tables.zero(F2019)


def test_tables_of_different_formats_do_not_add() -> None:
    with pytest.raises(TablesError, match="格式不同，不能相加"):
        Tables.zero(F2019) + Tables.zero(F2021)


def test_from_2021_to_2019_the_three_rows_of_six_become_one() -> None:
    tables = Tables.zero(F2021)
    tables.section_three["other_no_correction"][0] = 40
    tables.section_three["other_fee_unpaid"][0] = 10
    tables.section_three["other_misc"][:2] = [287, 3]
    tables.section_three["granted"][0] = 1175
    tables.section_four["review"][:] = [309, 17, 88, 26, 440]

    old = convert(tables, F2021, F2019)

    assert list(old.section_three) == list(F2019.section_three.data_rows)
    assert old.section_three["other"] == [337, 3, 0, 0, 0, 0, 0]
    assert old.section_three["granted"] == [1175, 0, 0, 0, 0, 0, 0]
    assert old.section_four == tables.section_four


def test_from_2019_to_2021_figures_alone_do_not_tell() -> None:
    with pytest.raises(TablesError, match="仅凭数字不能得出“1"):
        convert(Tables.zero(F2019), F2019, F2021)


@BOTH
def test_converting_to_the_same_format_copies(fmt: Format) -> None:
    tables = Tables.filled(fmt, 3)
    copy = convert(tables, fmt, fmt)
    assert copy == tables
    copy.section_three["granted"][0] = 4
    copy.section_four["review"][0] = 4
    assert tables == Tables.filled(fmt, 3)


@BOTH
def test_json_and_back(fmt: Format) -> None:
    tables = Tables.blank(fmt)
    tables.section_three["partial"][6] = 9
    data = json.loads(json.dumps(tables.to_json()))
    assert list(data) == ["section_three", "section_four"]
    assert data["section_three"]["partial"] == [None] * 6 + [9]
    assert Tables.from_json(fmt, data) == tables


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ([0] * 6, "“三、收到和处理政府信息公开申请情况”的 granted 行应有 7 个数"),
        ("0000000", "granted 行应有 7 个数"),
        ([0, 0, 0, 0, 0, 0, "/"], "granted 行只能填整数或留空"),
        ([0, 0, 0, 0, 0, 0, 1.5], "granted 行只能填整数或留空"),
        ([0, 0, 0, 0, 0, 0, True], "granted 行只能填整数或留空"),
    ],
)
def test_json_that_is_no_row_of_figures_is_refused(figures: object, message: str) -> None:
    data = json.loads(json.dumps(Tables.zero(F2021).to_json()))
    data["section_three"]["granted"] = figures
    with pytest.raises(TablesError, match=message):
        Tables.from_json(F2021, data)


@pytest.mark.parametrize("section_four", [None, [], {"review": [0] * 5}])
def test_json_with_other_rows_is_refused(section_four: object) -> None:
    data: dict[str, object] = {**Tables.zero(F2021).to_json(), "section_four": section_four}
    with pytest.raises(TablesError, match="行政诉讼情况”的行与格式不符"):
        Tables.from_json(F2021, data)


def test_json_of_the_other_format_is_refused() -> None:
    with pytest.raises(TablesError, match="申请情况”的行与格式不符"):
        Tables.from_json(F2021, Tables.zero(F2019).to_json())
