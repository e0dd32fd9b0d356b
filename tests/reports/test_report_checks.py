"""The checks of a whole report (domain: what goes wrong in published reports), rule by rule."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.checks import Check, by_rule, findings, fingerprint
from reports.formats import get_format
from reports.formats.base import Format, Tables
from reports.formats.content import PASSAGES, Content, SectionTwoFigures, places
from reports.rates import Replies
from reports.report_checks import Part, run_report_checks
from reports.report_rules import RULES, SWING_FLOOR
from reports.sentences import Figures, Share, paragraphs
from tests.reports.test_checks import balanced_tables, make_tables
from tests.reports.test_rates import golden

F2019, F2021 = get_format("2019"), get_format("2021")
DISTRICT = "嘉兴市秀洲区人民政府"

TEXTS = {passage.key: "一是推进公开，二是加强培训。" for passage in PASSAGES} | {
    "other_matters": "本年度未收取信息处理费。"
}


def section_two(fmt: Format, **rows: list[Any]) -> SectionTwoFigures:
    """Zeros but for the rows named, each from its first column on."""
    amounts = dict.fromkeys(places(fmt), Decimal(0))
    for row, figures in rows.items():
        paths = [path for path in amounts if path.startswith(f"section_two.{row}.")]
        amounts |= dict(zip(paths, map(Decimal, figures), strict=True))
    return SectionTwoFigures(amounts)


def report(
    year: int = 2023,
    tables: Tables | None = None,
    texts: Mapping[str, str] | None = None,
    two: SectionTwoFigures | None = None,
    fmt: Format = F2021,
) -> Content:
    """A report without faults, but for what is given."""
    return Content(
        fmt,
        year,
        DISTRICT,
        two or section_two(fmt),
        tables or Tables.zero(fmt),
        {**TEXTS, **(texts or {})},
    )


def found(content: Content, **beside: Any) -> dict[tuple[str, str], Check]:
    return {
        (check.code, check.at): check for check in findings(run_report_checks(content, **beside))
    }


def only(content: Content, code: str, **beside: Any) -> Check:
    """The one finding, which is of this rule."""
    [check] = found(content, **beside).values()
    assert check.code == code
    return check


def checks_of(code: str, content: Content, **beside: Any) -> list[Check]:
    return [check for check in run_report_checks(content, **beside) if check.code == code]


def row(fmt: Format = F2021, /, **rows: list[int]) -> Tables:
    return make_tables(fmt, {key: [*figures, *[0] * 5] for key, figures in rows.items()})


# The whole ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fmt", "year"), [(F2019, 2020), (F2021, 2023), (F2021, 2024)])
def test_a_report_without_faults_passes(fmt: Format, year: int) -> None:
    content = report(year, fmt=fmt)
    part = Part("区住建局", content.tables, content.section_two)
    before = replace(content, year=year - 1)
    for is_sum in (False, True):
        assert (
            found(
                content,
                previous=before,
                parts=[part],
                is_sum=is_sum,
                fees_collected=Decimal(0),
                refusals_sued=0,
            )
            == {}
        )


def test_every_rule_has_its_code_and_the_checks_of_one_come_together_in_order() -> None:
    content = report(2024, texts={"requests": "办结0件。"})
    part = Part("区住建局", content.tables, content.section_two)
    checks = [
        *run_report_checks(
            content,
            previous=content,
            parts=[part],
            fees_collected=Decimal(0),
            refusals_sued=0,
        ),
        *checks_of("direct_suits_room", content),
        *checks_of("parts_sum", content, parts=[part], is_sum=True),
        *checks_of("s2_parts_sum", content, parts=[part], is_sum=True),
    ]
    codes = [rule.code for rule, _ in by_rule(checks)]
    assert len(codes) == len(set(codes))
    assert sorted(codes) == sorted(rule.code for rule in RULES)


# The tie -----------------------------------------------------------------------------------------


def test_the_tie_is_to_what_was_published_and_an_explanation_lets_it_pass_with_a_warning() -> None:
    before = report(2022, make_tables(F2021, {}, carried_forward=[2, 0, 0, 0, 0, 0]))
    ties = found(report(), previous=before)
    assert set(ties) == {("s3_cross_year", "natural_person"), ("s3_cross_year", "total")}
    tie = ties["s3_cross_year", "total"]
    assert (tie.severity, tie.worked, tie.note) == ("error", "0 ≠ 2", "")

    for blank in ("", "  "):
        ties = found(report(), previous=before, explanation=blank)
        assert {tie.severity for tie in ties.values()} == {"error"}
    ties = found(report(), previous=before, explanation="原区某局并入，其未结件由其结转。")
    assert {tie.severity for tie in ties.values()} == {"warning"}
    assert ties["s3_cross_year", "total"].note == "原区某局并入，其未结件由其结转。"


def test_without_last_year_nothing_is_compared_with_it() -> None:
    codes = {check.code for check in run_report_checks(report())}
    assert codes.isdisjoint({"s3_cross_year", "swing", "s2_in_force"})


# The format --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "fmt", "worked"),
    [(2020, F2021, "2019 ≠ 2021"), (2021, F2019, "2021 ≠ 2019"), (2018, F2019, "空白 ≠ 2019")],
)
def test_the_tables_are_of_the_format_of_the_year(year: int, fmt: Format, worked: str) -> None:
    assert only(report(year, fmt=fmt), "format_of_year").worked == worked


@pytest.mark.parametrize(
    ("year", "text", "cited"),
    [
        (2023, "按照《格式》（国办公开办函〔2019〕60号）编制。", "国办公开办函〔2019〕60号"),
        (2023, "依据〔2019〕60 号要求。", ""),
        (2023, "根据《通知》（[2019]60号）编制。", "[2019]60号"),
        (2020, "按照国办公开办函〔2021〕30号编制。", "国办公开办函〔2021〕30号"),
        (2023, "按照国办公开办函〔2021〕30号编制。", ""),
        (2020, "按照国办公开办函〔2019〕60号编制。", ""),
        (2023, "按照浙政办发〔2019〕60号执行。", ""),
        (2023, "按照国办公开办函〔2019〕160号执行。", ""),
    ],
)
def test_the_legal_basis_is_of_the_format_of_the_year(year: int, text: str, cited: str) -> None:
    content = report(year, texts={"opening": text}, fmt=F2019 if year < 2021 else F2021)
    if not cited:
        assert found(content) == {}
        return
    check = only(content, "legal_basis")
    assert check.quote is not None
    assert (check.severity, check.where, check.quote.words) == ("warning", "引言", cited)
    assert text[check.quote.start :].startswith(cited)
    assert check.as_dict()["words"] == cited


# Blanks ------------------------------------------------------------------------------------------


def test_a_blank_or_wrong_figure_of_section_two_is_named() -> None:
    amounts = dict(section_two(F2021).amounts)
    amounts["section_two.admin_licensing.decisions"] = None
    amounts["section_two.admin_penalty.decisions"] = Decimal("-1")
    amounts["section_two.admin_coercion.decisions"] = Decimal("1.5")
    amounts["section_two.admin_fees.fee_amount"] = Decimal("1.5")
    check = only(report(two=SectionTwoFigures(amounts)), "s2_filled")
    assert (check.severity, check.worked) == ("error", "7 ≠ 10")
    assert check.cells == (
        "section_two.admin_licensing.decisions",
        "section_two.admin_penalty.decisions",
        "section_two.admin_coercion.decisions",
    )


def test_a_change_from_last_year_may_be_negative() -> None:
    assert found(report(2020, fmt=F2019, two=section_two(F2019, admin_fees=[35, -15]))) == {}


# Roll-up -----------------------------------------------------------------------------------------


def part(name: str, granted: int = 0, made: int = 0, fmt: Format = F2021) -> Part:
    two = section_two(fmt, normative_documents=[made, 0, 0])
    return Part(name, row(fmt, granted=[granted]), two)


def test_a_cell_of_the_parts_is_not_more_than_the_whole() -> None:
    content = report(tables=row(granted=[5]))
    assert found(content, parts=[part("区住建局", 2), part("区资规分局", 3)]) == {}

    over = found(content, parts=[part("区住建局", 2), part("区资规分局", 4), part("某镇")])
    assert {code for code, _ in over} == {"parts_within"}
    check = over["parts_within", "section_three.granted.total"]
    assert (check.severity, check.worked) == ("error", "5 < 6")
    assert (check.where, check.note) == ("三（一） × 总计", "区住建局 2、区资规分局 4")
    assert check.cells == ("section_three.granted.total",)


def test_a_pure_roll_up_is_its_parts() -> None:
    content = report(tables=row(granted=[5]))
    assert found(content, parts=[part("区住建局", 2), part("某镇", 3)], is_sum=True) == {}
    for granted, worked in ((2, "5 ≠ 4"), (4, "5 ≠ 6")):
        parts = [part("区住建局", 2), part("某镇", granted)]
        unequal = found(content, parts=parts, is_sum=True)
        assert {code for code, _ in unequal} == {"parts_sum"}
        assert unequal["parts_sum", "section_three.granted.total"].worked == worked


def test_section_two_is_not_always_a_plain_sum() -> None:
    """Joint documents, figures agreed with 司法局: to be explained, not to be corrected."""
    content = report(two=section_two(F2021, normative_documents=[3, 0, 0]))
    over = only(content, "s2_parts_within", parts=[part("区住建局", made=4)])
    assert (over.severity, over.worked) == ("warning", "3 < 4")
    assert over.where == "行政规范性文件 × 本年制发件数"
    assert found(content, parts=[part("区住建局", made=2)]) == {}
    unequal = only(content, "s2_parts_sum", parts=[part("区住建局", made=2)], is_sum=True)
    assert (unequal.severity, unequal.worked) == ("warning", "3 ≠ 2")


def test_what_may_be_negative_has_no_limit_in_its_parts() -> None:
    whole = report(2020, fmt=F2019, two=section_two(F2019, admin_fees=[9, -1]))
    parts = [
        Part("区住建局", row(F2019), section_two(F2019, admin_fees=[5, 2])),
        Part("某镇", row(F2019), section_two(F2019, admin_fees=[4, -3])),
    ]
    assert found(whole, parts=parts, is_sum=True) == {}
    assert found(whole, parts=parts[:1]) == {}


def test_a_blank_of_the_whole_is_less_than_a_part() -> None:
    amounts = {
        **section_two(F2021).amounts,
        "section_two.normative_documents.made_this_year": None,
    }
    over = found(report(two=SectionTwoFigures(amounts)), parts=[part("区住建局", made=1)])
    assert {code for code, _ in over} == {"s2_filled", "s2_parts_within"}


# From year to year -------------------------------------------------------------------------------


def test_what_is_in_force_follows_from_last_year() -> None:
    """宿迁 2024: 420 + 227 = 597 + 50."""
    before = report(2022, two=section_two(F2021, normative_documents=[109, 489, 597]))

    def after(in_force: int) -> Content:
        return report(two=section_two(F2021, normative_documents=[50, 227, in_force]))

    assert found(after(420), previous=before) == {}
    assert only(after(419), "s2_in_force", previous=before).worked == "419 + 227 ≠ 597 + 50"
    check = only(after(421), "s2_in_force", previous=before)
    assert (check.severity, check.where) == ("warning", "行政规范性文件")
    assert check.worked == "421 + 227 ≠ 597 + 50"
    assert check.cells == (
        "section_two.normative_documents.in_force",
        "section_two.normative_documents.repealed_this_year",
        "section_two.normative_documents.made_this_year",
    )


def test_the_format_of_2019_did_not_tell_what_was_in_force() -> None:
    before = report(2020, fmt=F2019, two=section_two(F2019, normative_documents=[26, 26, 105]))
    content = report(2021, two=section_two(F2021, normative_documents=[5, 0, 7]))
    assert checks_of("s2_in_force", content, previous=before) == []


@pytest.mark.parametrize(
    ("before", "now", "swings"),
    [
        (10, 50, False),  # five times is not more than five times
        (10, 51, True),
        (50, 10, False),
        (51, 10, True),
        (0, SWING_FLOOR - 1, False),
        (0, SWING_FLOOR, True),
        (SWING_FLOOR - 1, 0, False),
        (SWING_FLOOR, 0, True),
        (1, SWING_FLOOR - 1, False),
        (0, 0, False),
    ],
)
def test_more_than_five_times_or_less_than_a_fifth(before: int, now: int, swings: bool) -> None:
    tables, then = row(granted=[now]), row(granted=[before])
    checks = found(report(tables=tables), previous=report(2022, then))
    cells = {"new_received", "granted", "results_total"} if swings else set()
    assert set(checks) == {("swing", f"section_three.{cell}.total") for cell in cells}
    for check in checks.values():
        assert (check.severity, check.worked) == ("warning", f"{before} → {now}")


def test_swings_of_section_two_and_of_reviews() -> None:
    then = make_tables(F2021, {}, section_four={"review": [40, 0, 0, 0]})
    before = report(2022, then, two=section_two(F2021, admin_fees=["500.5"]))
    checks = found(report(two=section_two(F2021, admin_fees=[100])), previous=before)
    assert {check.where: check.worked for check in checks.values()} == {
        "行政事业性收费 × 本年收费金额（单位：万元）": "500.5 → 100",
        "行政复议 × 总计": "40 → 0",
    }


def test_only_what_both_formats_tell_swings() -> None:
    before = report(2020, row(F2019, other=[90]), fmt=F2019)
    checks = found(report(2021, row(other_misc=[90])), previous=before)
    assert checks == {}


# Suits -------------------------------------------------------------------------------------------


def sued(direct: int, **rows: list[int]) -> Tables:
    leaves = {key: [*figures, *[0] * 5] for key, figures in rows.items()}
    return make_tables(F2021, leaves, section_four={"suit_direct": [direct, 0, 0, 0]})


def test_from_2024_on_refusals_are_not_sued_directly() -> None:
    """行政复议法 23: review comes first. Where the cases are known, they tell."""
    content = report(2024, sued(1, unable_not_held=[5]))
    assert found(content, refusals_sued=0) == {}
    check = only(content, "direct_suits", refusals_sued=1)
    assert (check.severity, check.worked, check.where) == ("warning", "1 ≠ 0", "未经复议直接起诉")
    assert found(replace(content, year=2023), refusals_sued=1) == {}


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        ({"denied_state_secret": [3]}, False),
        ({"partial": [3]}, False),
        ({"denied_process_info": [3], "unable_not_held": [1]}, False),
        ({"denied_admin_query": [2]}, True),  # 条例 36(7): the text of the choice
        ({"unable_not_held": [1], "not_processed_repeat": [1]}, True),
        ({"granted": [1], "other_misc": [1]}, True),
    ],
)
def test_else_there_must_be_room_for_them_among_the_other_results(
    rows: dict[str, list[int]], holds: bool
) -> None:
    content = report(2024, sued(2, **rows))
    assert set(found(content)) == (set() if holds else {("direct_suits_room", "suit_direct")})
    assert found(replace(content, year=2023)) == {}


# Text --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "无", "无。", " 暂无 ", "不存在问题。", "\n"])
def test_section_five_says_something(text: str) -> None:
    check = only(report(texts={"problems": text}), "s5_empty")
    assert (check.severity, check.worked) == ("error", "0 < 1")
    assert check.quote is not None and check.quote.passage == "problems"


@pytest.mark.parametrize("text", ["无障碍版本不足。", "没有形成常态化机制。"])
def test_what_only_begins_with_nothing_is_something(text: str) -> None:
    assert found(report(texts={"problems": text})) == {}


def test_each_heading_of_section_one_is_written() -> None:
    checks = found(report(texts={"management": "", "platform": "无"}))
    assert set(checks) == {("s1_headings", "management"), ("s1_headings", "platform")}
    assert checks["s1_headings", "management"].where == "（三）政府信息管理"
    assert len(checks_of("s1_headings", report())) == 5


@pytest.mark.parametrize(
    ("text", "collected", "code", "worked"),
    [
        ("无", "0", "s6_fees", "0 < 1"),
        ("", "1200", "s6_fees", "0 < 1"),
        ("本年度共收到建议3件。", "0", "s6_fees", "0 < 1"),
        ("本年度未收取信息处理费。", "1200", "s6_fee_amount", "0 ≠ 1200"),
        ("本年度收取信息处理费0元。", "1200", "s6_fee_amount", "0 ≠ 1200"),
        ("本年度收取信息处理费１，２００元。", "0", "s6_fee_amount", "1200 ≠ 0"),
        ("本年度收取信息处理费0.1万元。", "1200", "s6_fee_amount", "1000 ≠ 1200"),
    ],
)
def test_section_six_states_the_fees(text: str, collected: str, code: str, worked: str) -> None:
    check = only(report(texts={"other_matters": text}), code, fees_collected=Decimal(collected))
    assert check.worked == worked


@pytest.mark.parametrize(
    ("text", "collected"),
    [
        ("本年度未收取信息处理费。", "0"),
        ("政府信息公开申请均未收取费用。", "0"),
        ("本年度收取信息处理费1,200元。", "1200"),
        ("本年度收取信息处理费0.12万元。", "1200"),
        ("按每件100元收取信息处理费，共1200元。", "1200"),
        ("按每件100元或200元收取信息处理费，已上缴国库。", "1200"),  # no total is told
        ("依法收取信息处理费，已上缴国库。", "1200"),
    ],
)
def test_fees_that_are_stated_or_not_plainly_contradicted_pass(text: str, collected: str) -> None:
    content = report(texts={"other_matters": text})
    assert found(content, fees_collected=Decimal(collected)) == {}
    assert found(content) == {}


def test_before_2021_there_was_no_such_fee() -> None:
    assert found(report(2020, fmt=F2019, texts={"other_matters": "无"})) == {}


# Text against the tables -------------------------------------------------------------------------


def xiuzhou(**texts: str) -> Content:
    two = section_two(
        F2019,
        normative_documents=[26, 26, 105],
        admin_licensing=[6098, 276, 828129],
        other_public_services=[384, 90, 1056596],
        admin_penalty=[1229, 34, 308344],
        admin_coercion=[12, 0, 6419],
        admin_fees=[83, 10],
        central_procurement=[1287, "46297722.02"],
    )
    return report(2020, golden("xiuzhou-2020")[1], texts, two, F2019)


PUBLISHED = "2020年，秀洲区共计发布政府信息34332条，其中发布行政规范性文件{}个，政策解读48条。"
HANDLED = (
    "全年受理依申请公开207件，其中区政府办受理22件（2件为上年度结转），各部门、主体受理185件。"
)


def test_xiuzhou_2020_says_18_documents_where_its_table_says_26_and_nothing_else() -> None:
    """受理 207 is 205 new and 2 carried over."""
    content = xiuzhou(disclosure=PUBLISHED.format(18), requests=HANDLED)
    check = only(content, "prose_table")
    assert (check.severity, check.worked, check.where) == ("warning", "18 ≠ 26", "（一）主动公开")
    assert check.cells == ("section_two.normative_documents.disclosed_this_year",)
    assert check.quote is not None
    assert check.quote.words == "其中发布行政规范性文件18个"
    assert check.quote.around == PUBLISHED.format(18).rstrip("。")
    handled = next(c for c in checks_of("prose_table", content) if c.at == "handled")
    assert (handled.worked, handled.verdict) == ("207 = 205 + 2", "相符")


def test_xiuzhou_2020_with_26_has_no_fault() -> None:
    assert found(xiuzhou(disclosure=PUBLISHED.format(26), requests=HANDLED)) == {}


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("全年受理依申请公开208件。", "208 ≠ 205 + 2"),
        ("新收政府信息公开申请207件。", "207 ≠ 205"),
        ("上年结转3件。", "3 ≠ 2"),
        ("办结206件，其中予以公开162件。", "206 ≠ 207"),
        ("办结207件，其中不予公开12件。", "12 ≠ 0 + 3 + 0 + 5 + 0 + 0 + 1 + 4"),
        ("行政复议6件。", "6 ≠ 5"),
        ("行政诉讼4件（未经复议直接起诉3件）。", ""),
        ("行政诉讼6件（未经复议直接起诉3件）。", "6 ≠ 3 + 2"),
        ("结转下年度继续办理1件。", "1 ≠ 0"),
        ("没有行政诉讼。", "0 ≠ 3 + 2"),
    ],
)
def test_what_the_text_says_is_what_the_table_says(text: str, worked: str) -> None:
    """4 suits were concluded, which a text may speak of: that is no contradiction."""
    content = xiuzhou(requests=text)
    if worked:
        assert only(content, "prose_table").worked == worked
    else:
        assert found(content) == {}


@pytest.mark.parametrize(
    "text",
    [
        "全年收到政府信息公开申请205件。",
        "全年收到政府信息公开申请207件。",
        "共答复205件。",  # two were given up, and so not answered
        "共答复207件。",
        "行政复议4件。",  # one of five is pending
    ],
)
def test_words_that_are_used_in_two_ways_contradict_neither(text: str) -> None:
    assert found(xiuzhou(requests=text)) == {}


@pytest.mark.parametrize(
    ("said", "holds"), [("59237.2449万元", True), ("5.92亿元", True), ("5.93亿元", False)]
)
def test_a_round_amount_of_money_agrees(said: str, holds: bool) -> None:
    two = section_two(F2021, admin_fees=["59237.2449"])
    content = report(two=two, texts={"disclosure": f"收取行政事业性收费{said}。"})
    assert set(found(content)) == (set() if holds else {("prose_table", "fees")})


def test_a_blank_cell_is_not_compared() -> None:
    content = report(tables=Tables.blank(F2021), texts={"requests": "办结3件。"})
    assert {code for code, _ in found(content)} == {"integers"}


# Golden ------------------------------------------------------------------------------------------


def published(name: str, **rows: list[Any]) -> Content:
    """The tables as published; of section two the rows that are told apart in what was found."""
    fmt, tables = golden(name)
    return report(int(name[-4:]), tables, two=section_two(fmt, **rows), fmt=fmt)


def test_suqian_2024_ties_to_2023_and_one_row_swings() -> None:
    """121 = 121; in force 420 + 227 = 597 + 50 and 12 + 1 = 11 + 2; 大量反复申请 58 → 3."""
    of_2023 = published(
        "suqian-2023",
        regulations=[2, 0, 11],
        normative_documents=[109, 489, 597],
        admin_licensing=[1808595],
        admin_penalty=[2822652],
        admin_coercion=[20163],
        admin_fees=["59237.2449"],
    )
    of_2024 = published(
        "suqian-2024",
        regulations=[2, 1, 12],
        normative_documents=[50, 227, 420],
        admin_licensing=[1573179],
        admin_penalty=[2676474],
        admin_coercion=[29351],
        admin_fees=["72701.2578"],
    )
    assert found(of_2023) == {}
    assert found(of_2024) == {}
    checks = found(of_2024, previous=of_2023)
    assert set(checks) == {("swing", "section_three.not_processed_excessive.total")}
    assert [check.worked for check in checks.values()] == ["58 → 3"]
    tie = next(
        check
        for check in checks_of("s3_cross_year", of_2024, previous=of_2023)
        if check.at == "total"
    )
    assert tie.worked == "121 = 121"


def test_hongze_2023_has_two_wrong_totals_in_the_wrong_format() -> None:
    assert set(found(published("hongze-2023"))) == {
        ("s4_sum", "review"),
        ("s4_sum", "suit_after_review"),
        ("format_of_year", ""),
    }


def test_pingtan_2020_lists_six_results_more_than_its_total() -> None:
    content = published(
        "pingtan-2020",
        regulations=[0, 0, 7],
        normative_documents=[77, 77, 166],
        other_public_services=[10, 7, 105],
        admin_fees=[35, -15],
    )
    assert set(found(content)) == {
        ("s3_result_sum", "natural_person"),
        ("s3_result_sum", "total"),
    }


def test_shanghai_office_2019_has_blanks_and_lacks_the_totals_of_eleven_rows() -> None:
    content = published(
        "shanghai-office-2019",
        regulations=[13, 13, 524],
        normative_documents=[60, 60, 368],
        central_procurement=[6, 251000],
    )
    counts = Counter(code for code, _ in found(content))
    assert counts == {"integers": 1, "s3_result_sum": 1, "s3_row_sum": 11}


# Whatever the figures ----------------------------------------------------------------------------


@given(st.data(), st.sampled_from([F2019, F2021]), st.integers(0, 9), st.booleans())
def test_our_own_sentences_never_contradict_their_tables(
    data: st.DataObject, fmt: Format, shared: int, compared: bool
) -> None:
    tables, before = data.draw(balanced_tables(fmt)), data.draw(balanced_tables(fmt))
    year = fmt.last_year or 2024
    shares = (Share("区政府办", shared), Share("其余单位", shared + 1)) if shared else ()
    figures = Figures(
        fmt,
        tables,
        Replies(tables.section_three["results_total"][-1] or 0, shared, shared),
        first=date(year, 1, 1),
        last=date(year, 12, 31),
        on=date(year + 1, 1, 20),
        shares=shares,
        before=before if compared else None,
    )
    text = "".join(paragraph.text for paragraph in paragraphs(figures))
    content = report(year, tables, {"requests": text}, fmt=fmt)
    checks = checks_of("prose_table", content)
    assert findings(checks) == []
    assert {check.at for check in checks} >= {
        key
        for key, cell in (("new_received", "new_received"), ("closed", "results_total"))
        if tables.value(f"section_three.{cell}.total")
    }


# What a person said of a finding -----------------------------------------------------------------


def test_a_judgement_holds_while_the_figures_stand() -> None:
    def mark(text: str, documents: int = 26) -> str:
        content = xiuzhou(disclosure=text)
        two = dict(content.section_two.amounts)
        two["section_two.normative_documents.disclosed_this_year"] = Decimal(documents)
        return fingerprint(
            only(replace(content, section_two=SectionTwoFigures(two)), "prose_table")
        )

    judged = mark("发布规范性文件18件。")
    assert mark("2020年，全区公开规范性文件18个，政策解读48条。") == judged
    assert mark("发布规范性文件19件。") != judged
    assert mark("发布规范性文件18件。", documents=27) != judged


def test_fingerprints_tell_places_and_rules_apart() -> None:
    before = report(2022, make_tables(F2021, {}, carried_forward=[40, 0, 0, 0, 0, 0]))
    checks = run_report_checks(report(), previous=before)
    assert len({fingerprint(check) for check in checks}) == len(checks)
    again = run_report_checks(report(), previous=before)
    assert [fingerprint(check) for check in again] == [fingerprint(check) for check in checks]
