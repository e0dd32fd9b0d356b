"""The sentences of 一（二）依申请公开, from published figures; group totals are worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from reports.formats import FORMATS, get_format
from reports.formats.base import Format, Tables
from reports.rates import Replies
from reports.sentences import Figures, Paragraph, Share, days, paragraphs
from tests.reports.test_rates import golden

F2021 = get_format("2021")
NEW_YEAR, YEARS_END = date(2024, 1, 1), date(2024, 12, 31)
LATER = date(2025, 10, 27)


def figures_of(name: str, year: int, replies: Replies) -> Figures:
    fmt, tables = golden(name)
    return Figures(fmt, tables, replies, first=date(year, 1, 1), last=date(year, 12, 31), on=LATER)


def made(fmt: Format = F2021, /, **rows: list[int]) -> Figures:
    """2024 with figures in the rows named, and zeros elsewhere; 总计 is summed up here."""
    tables = Tables.zero(fmt)
    for row, figures in rows.items():
        section = tables.section_four if row in tables.section_four else tables.section_three
        section[row] = [*figures, *[0] * (len(section[row]) - 1 - len(figures)), sum(figures)]
    closed = tables.section_three["results_total"][-1] or 0
    return Figures(fmt, tables, Replies(closed, 0, 0), first=NEW_YEAR, last=YEARS_END, on=LATER)


def said(figures: Figures) -> dict[str, str]:
    return {paragraph.title: paragraph.text for paragraph in paragraphs(figures)}


def figures_with_cells(paragraph: Paragraph) -> dict[str, str]:
    return {part.path: part.text for part in paragraph.parts if part.path}


def test_xiuzhou_2020() -> None:
    """不予公开 3 + 5 + 1 + 4 = 13, 无法提供 21, 其他处理 2; suits 3 and 2, upheld 1 + 2."""
    figures = figures_of("xiuzhou-2020", 2020, Replies(207, 2, 12))
    shares = (Share("区政府办", 22), Share("其余单位", 185))
    assert said(replace(figures, shares=shares)) == {
        "收到申请": "2020年度，新收政府信息公开申请205件，上年结转2件，共207件，其中区政府办22件、"
        "其余单位185件。新收申请均由自然人提出。",
        "办理结果": "办结207件，其中予以公开162件、部分公开9件、不予公开13件、无法提供21件、"
        "其他处理2件；没有结转下年度的申请。按时答复205件，超过答复期限2件"
        "（有12件未记录送达日期，按答复日期认定）。",
        "复议诉讼": "行政复议5件，其中结果维持2件、结果纠正2件、尚未审结1件；行政诉讼5件"
        "（未经复议直接起诉3件、复议后起诉2件），其中结果维持3件、结果纠正1件、尚未审结1件。",
    }


def test_suqian_2023() -> None:
    """不予公开 27+6+38+20+9+21+21, 无法提供 1047+28+3, 不予处理 305+39+58+4, 其他 40+10+291."""
    found = said(figures_of("suqian-2023", 2023, Replies(3486, 0, 0)))
    assert found["收到申请"] == (
        "2023年度，新收政府信息公开申请3511件，上年结转96件，共3607件。新收申请中，自然人3402件，"
        "法人或其他组织109件（商业企业99件、社会公益组织4件、法律服务机构5件、其他1件）。"
    )
    assert found["办理结果"] == (
        "办结3486件，其中予以公开1191件、部分公开328件、不予公开142件、无法提供1078件、"
        "不予处理406件、其他处理341件；结转下年度继续办理121件。办结的申请均在答复期限内答复。"
    )


def test_one_applicant_counts_once() -> None:
    """What was carried over was told by applicant when it came: 34, not 36 (上海科委 2024)."""
    found = said(figures_of("shanghai-kewei-2024", 2024, Replies(35, 0, 0)))
    assert "新收申请中，自然人32件，法人或其他组织2件（均为商业企业）。" in found["收到申请"]
    assert found["复议诉讼"] == "行政复议1件，结果维持；没有行政诉讼。"


def test_figures_lead_to_their_cells() -> None:
    received, results, proceedings = paragraphs(
        figures_of("xiuzhou-2020", 2020, Replies(207, 2, 0))
    )
    assert figures_with_cells(received) == {
        "section_three.new_received.total": "205件",
        "section_three.carried_over.total": "2件",
    }
    assert figures_with_cells(results) == {
        "section_three.results_total.total": "207件",
        "section_three.granted.total": "162件",
        "section_three.partial.total": "9件",
        "section_three.unable_not_held.total": "21件",  # all of （四） stands in this one row
        "section_three.other.total": "2件",
    }
    assert figures_with_cells(proceedings) == {
        "section_four.review.total": "5件",
        "section_four.review.upheld": "2件",
        "section_four.review.corrected": "2件",
        "section_four.review.pending": "1件",
        "section_four.suit_direct.total": "3件",
        "section_four.suit_after_review.total": "2件",
        "section_four.suit_direct.corrected": "1件",
        "section_four.suit_direct.pending": "1件",
    }


@pytest.mark.parametrize("name", ["xiuzhou-2020", "suqian-2023", "suqian-2024", "hongze-2023"])
def test_every_figure_that_leads_somewhere_is_the_figure_of_that_cell(name: str) -> None:
    figures = figures_of(name, int(name[-4:]), Replies(1, 0, 0))
    for paragraph in paragraphs(figures):
        for path, text in figures_with_cells(paragraph).items():
            assert path in figures.format.cells and text == f"{figures.tables.value(path)}件"


# Nothing, or not much ----------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS)
def test_a_year_without_anything_says_so(fmt: Format) -> None:
    """零报告: it is not left blank."""
    assert said(made(fmt)) == {
        "收到申请": "2024年度，未收到政府信息公开申请，也没有上年结转的申请。",
        "复议诉讼": "没有因政府信息公开引起的行政复议和行政诉讼。",
    }


def test_a_published_table_with_blanks_is_read_as_far_as_it_goes() -> None:
    """上海市政府办公厅 2019 printed 办结 805 and no figure for what became of them."""
    found = said(figures_of("shanghai-office-2019", 2019, Replies(805, 0, 0)))
    assert found["办理结果"].startswith("办结805件；结转下年度继续办理72件。")


def test_nothing_new_but_something_carried_over() -> None:
    found = said(made(carried_over=[2], granted=[2], results_total=[2]))
    assert found["收到申请"] == "2024年度，未收到新的政府信息公开申请，上年结转2件。"
    assert found["办理结果"] == (
        "办结2件，均为予以公开；没有结转下年度的申请。办结的申请均在答复期限内答复。"
    )


def test_something_new_and_nothing_closed() -> None:
    found = said(made(new_received=[0, 3], carried_forward=[0, 3]))
    assert found["收到申请"] == (
        "2024年度，新收政府信息公开申请3件。新收申请均由法人或其他组织提出（均为商业企业）。"
    )
    assert found["办理结果"] == "没有办结的申请；结转下年度继续办理3件。"


def test_a_single_case_is_not_all_of_a_sort() -> None:
    found = said(made(new_received=[1], denied_process_info=[1], results_total=[1]))
    assert found["办理结果"].startswith("办结1件，不予公开；")


def test_the_long_label_of_partial_disclosure_is_cut_to_its_name() -> None:
    found = said(made(new_received=[3], partial=[2], granted=[1], results_total=[3]))
    assert "其中予以公开1件、部分公开2件；" in found["办理结果"]


def test_late_replies_are_told_and_what_is_assumed_too() -> None:
    figures = made(new_received=[3], granted=[3], results_total=[3])
    for replies, words in (
        (Replies(3, 0, 0), "办结的申请均在答复期限内答复。"),
        (Replies(3, 1, 0), "按时答复2件，超过答复期限1件。"),
        (Replies(3, 3, 3), "按时答复0件，超过答复期限3件（均未记录送达日期，按答复日期认定）。"),
        (Replies(3, 0, 1), "办结的申请均在答复期限内答复（有1件未记录送达日期，按答复日期认定）。"),
    ):
        assert said(replace(figures, replies=replies))["办理结果"].endswith(words)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"review": [0, 0, 0, 2]}, "行政复议2件，均尚未审结；没有行政诉讼。"),
        (
            {"suit_direct": [0, 1]},
            "没有行政复议；行政诉讼1件（未经复议直接起诉），结果纠正。",
        ),
        (
            {"suit_direct": [1], "suit_after_review": [1, 0, 1]},
            "没有行政复议；行政诉讼3件（未经复议直接起诉1件、复议后起诉2件），"
            "其中结果维持2件、其他结果1件。",
        ),
    ],
)
def test_reviews_and_suits(rows: dict[str, list[int]], words: str) -> None:
    assert said(made(**rows))["复议诉讼"] == words


# Periods -----------------------------------------------------------------------------------------


def test_a_part_of_a_year_carries_over_from_and_into_another_part() -> None:
    figures = replace(
        made(
            new_received=[3], carried_over=[1], granted=[2], results_total=[2], carried_forward=[2]
        ),
        first=date(2024, 7, 1),
        last=date(2024, 9, 30),
    )
    assert said(figures)["收到申请"].startswith(
        "2024年7月1日至9月30日，新收政府信息公开申请3件，上期结转1件，共4件。"
    )
    assert "；结转下期继续办理2件。" in said(figures)["办理结果"]


def test_the_first_quarter_carries_over_from_last_year_and_the_last_into_next_year() -> None:
    figures = made(new_received=[1], carried_over=[1], carried_forward=[2])
    first = replace(figures, last=date(2024, 3, 31))
    assert "上年结转1件" in said(first)["收到申请"]
    assert "结转下期继续办理2件" in said(first)["办理结果"]
    last = replace(figures, first=date(2024, 10, 1))
    assert "上期结转1件" in said(last)["收到申请"]
    assert "结转下年度继续办理2件" in said(last)["办理结果"]


@pytest.mark.parametrize("forward", [[2], [0]])
def test_a_period_that_still_runs_is_told_as_it_stands(forward: list[int]) -> None:
    """Nothing is carried into a year that has not come."""
    figures = made(new_received=[3], granted=[1], results_total=[1], carried_forward=forward)
    found = said(replace(figures, on=date(2024, 10, 27)))
    assert found["收到申请"].startswith("2024年度截至10月27日，新收政府信息公开申请3件。")
    standing = "尚在办理2件" if forward == [2] else "没有在办的申请"
    assert f"；截至10月27日，{standing}。" in found["办理结果"]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2024, 10, 27), "截至10月27日，尚在办理3件"),
        (date(2024, 10, 28), "结转下期继续办理3件"),
    ],
)
def test_a_period_runs_until_its_last_day_is_over(on: date, words: str) -> None:
    """年初至今 ends today, and says what the whole year says."""
    figures = made(new_received=[3], carried_forward=[3])
    assert words in said(replace(figures, last=date(2024, 10, 27), on=on))["办理结果"]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 7, 1), date(2024, 9, 30), "2024年7月1日至9月30日"),
        (date(2024, 12, 1), date(2025, 1, 31), "2024年12月1日至2025年1月31日"),
        (date(2024, 2, 29), date(2024, 2, 29), "2024年2月29日"),
    ],
)
def test_days_are_said_in_words(first: date, last: date, words: str) -> None:
    assert days(first, last) == words


# Beside last year --------------------------------------------------------------------------------


def before(new: int, closed: int) -> Tables:
    return made(new_received=[new], granted=[closed], results_total=[closed]).tables


@pytest.mark.parametrize(
    ("new", "closed", "words"),
    [
        (
            40,
            30,
            "上年同期新收40件、办结30件；本期新收增加10件（25.00%），办结增加15件（50.00%）。",
        ),
        (60, 50, "上年同期新收60件、办结50件；本期新收减少10件（16.67%），办结减少5件（10.00%）。"),
        (50, 45, "上年同期新收50件、办结45件；本期新收持平，办结持平。"),
        # On fewer than 30 cases a share says nothing.
        (29, 0, "上年同期新收29件、办结0件；本期新收增加21件，办结增加45件。"),
        (0, 0, "上年同期没有新收和办结的申请，不作比较。"),
    ],
)
def test_the_same_days_of_last_year(new: int, closed: int, words: str) -> None:
    figures = made(new_received=[50], granted=[45], results_total=[45])
    assert said(replace(figures, before=before(new, closed)))["同期比较"] == words


def test_without_last_year_nothing_is_compared() -> None:
    assert "同期比较" not in said(made(new_received=[1]))
