"""The rates of supervisors (domain: what clerks and supervisors want), from published figures."""

import json
from pathlib import Path

import pytest

from reports.formats import get_format
from reports.formats.base import Format, Tables
from reports.rates import Rate, Replies, percent, rates

F2019, F2021 = get_format("2019"), get_format("2021")
GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def golden(name: str) -> tuple[Format, Tables]:
    published = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    fmt = get_format(published["format"])
    return fmt, Tables.from_json(fmt, published)


def by_name(fmt: Format, tables: Tables, replies: Replies) -> dict[str, Rate]:
    return {rate.name: rate for rate in rates(fmt, tables, replies)}


def test_the_rates_of_xiuzhou_2020() -> None:
    """207 closed: 162 granted and 9 in part, 21 not to be provided; 5 reviews and 5 suits, one of
    each not concluded."""
    found = by_name(*golden("xiuzhou-2020"), Replies(closed=207, late=2, assumed=0))
    assert {name: (rate.part, rate.whole, rate.percent) for name, rate in found.items()} == {
        "实质公开率": (171, 207, "82.61%"),
        "无法提供占比": (21, 207, "10.14%"),
        "按时答复率": (205, 207, "99.03%"),
        "复议纠正率": (2, 4, "50.00%"),
        "诉讼纠正率": (1, 4, "25.00%"),
    }


def test_the_three_rows_of_unable_are_taken_together() -> None:
    """宿迁 2023: 1047 + 28 + 3 of 3486."""
    found = by_name(*golden("suqian-2023"), Replies(3486, 0, 0))
    assert (found["无法提供占比"].part, found["无法提供占比"].percent) == (1078, "30.92%")
    assert found["实质公开率"].part == 1191 + 328


def test_suits_of_both_kinds_are_one_rate_and_those_pending_are_in_none() -> None:
    found = by_name(*golden("suqian-2023"), Replies(3486, 0, 0))
    assert (found["复议纠正率"].part, found["复议纠正率"].whole) == (17, 440 - 26)
    assert (found["诉讼纠正率"].part, found["诉讼纠正率"].whole) == (1, 113 - 15)


def test_without_cases_there_is_no_rate() -> None:
    for rate in rates(F2021, Tables.zero(F2021), Replies(0, 0, 0)):
        assert (rate.value, rate.percent, rate.caption, rate.mark) == (None, "—", "0/0", "")


def test_a_blank_counts_as_nothing() -> None:
    for rate in rates(F2021, Tables.blank(F2021), Replies(0, 0, 0)):
        assert rate.percent == "—"


@pytest.mark.parametrize(
    ("closed", "late", "mark", "note"),
    [
        (29, 0, "", "仅供参考"),
        (29, 1, "", "仅供参考"),
        (30, 0, "ok", "全部按时"),
        (30, 1, "ask", "有超期"),
        (0, 0, "", ""),
    ],
)
def test_a_rate_on_fewer_than_30_cases_is_told_and_not_judged(
    closed: int, late: int, mark: str, note: str
) -> None:
    rate = by_name(F2021, Tables.zero(F2021), Replies(closed, late, 0))["按时答复率"]
    assert (rate.mark, rate.note) == (mark, note)


def test_no_other_rate_has_a_yardstick() -> None:
    """How much can be disclosed, and how often one is put right, depends on what is asked for."""
    found = by_name(*golden("suqian-2023"), Replies(3486, 0, 0))
    assert {name for name, rate in found.items() if rate.mark} == {"按时答复率"}


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 7, "0%"),
        (7, 7, "100%"),
        (1, 3, "33.33%"),
        (2, 3, "66.67%"),
        (1, 8, "12.50%"),
        (1, 20_000, "0.01%"),  # half a hundredth is rounded up
        (1, 20_001, "0.01%"),  # not none
        (19_999, 20_000, "99.99%"),  # … nor all
        (3, 2, "150.00%"),
        (9_999, 10_000, "99.99%"),
    ],
)
def test_a_share_is_said_to_the_hundredth(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said


def test_tiles_say_a_share_to_the_tenth() -> None:
    assert percent(145, 147, digits=1) == "98.6%"
    assert percent(99_999, 100_000, digits=1) == "99.9%"
    assert percent(1, 100_000, digits=1) == "0.1%"
    assert percent(0, 0, digits=1) == "—"


def test_the_two_figures_stand_beside_the_rate() -> None:
    assert Rate("", "", 171, 207).caption == "171/207"
    assert Rate("", "", 2, 4).caption == "2/4，仅供参考"
