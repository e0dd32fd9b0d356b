"""Published tables against the checks: what balances passes, what does not is named.

The figures in tests/golden are as published, faults included. The faults below are worked by hand
from those figures.
"""

import json
from pathlib import Path

import pytest

from reports.checks import Check, findings, run_checks
from reports.formats import get_format
from reports.formats.base import Format, Tables, convert

GOLDEN = Path(__file__).parent.parent / "golden"
BALANCED = [
    "pingtan-zrz-2022",
    "shanghai-kewei-2024",
    "suqian-2023",
    "suqian-2024",
    "xiuzhou-2020",
]
LEAVES_2019 = [
    "granted",
    "partial",
    "denied_state_secret",
    "denied_law_forbidden",
    "denied_three_safety_one_stability",
    "denied_third_party",
    "denied_internal_affairs",
    "denied_process_info",
    "denied_enforcement_file",
    "denied_admin_query",
    "unable_not_held",
    "unable_needs_creation",
    "unable_still_unclear",
    "not_processed_petition",
    "not_processed_repeat",
    "not_processed_publication",
    "not_processed_excessive",
    "not_processed_reconfirm",
    "other",
]


def read(name: str) -> tuple[Format, Tables]:
    data = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    fmt = get_format(data["format"])
    assert data["section_three_columns"] == [c.key for c in fmt.section_three.columns]
    assert data["section_four_columns"] == [c.key for c in fmt.section_four.columns]
    return fmt, Tables.from_json(fmt, data)


def faults(name: str) -> dict[tuple[str, str], Check]:
    return {(check.code, check.at): check for check in findings(run_checks(*read(name)))}


@pytest.mark.parametrize("name", BALANCED)
def test_a_balanced_table_passes_every_check(name: str) -> None:
    assert faults(name) == {}


def test_every_published_table_is_expected_to_pass_or_to_fail() -> None:
    faulty = {"hongze-2023", "pingtan-2020", "shanghai-office-2019"}
    assert {path.stem for path in GOLDEN.glob("*.json")} == faulty | set(BALANCED)


def test_suqian_carries_the_121_of_2023_over_into_2024() -> None:
    _, of_2023 = read("suqian-2023")
    fmt, of_2024 = read("suqian-2024")
    assert findings(run_checks(fmt, of_2024, previous=of_2023)) == []


def test_suqian_2023_in_the_format_of_2019_has_337_in_six() -> None:
    fmt, tables = read("suqian-2023")
    of_2019 = convert(tables, fmt, get_format("2019"))
    assert of_2019.section_three["other"] == [337, 3, 0, 0, 1, 0, 341]
    assert findings(run_checks(get_format("2019"), of_2019)) == []


def test_hongze_2023_prints_zero_totals_of_review_and_of_suits_after_review() -> None:
    """维持 10 and 纠正 1, but 总计 0; 维持 5, but 总计 0. It used the format of 2019 in 2023."""
    found = faults("hongze-2023")
    assert set(found) == {("s4_sum", "review"), ("s4_sum", "suit_after_review")}

    review = found["s4_sum", "review"]
    assert (review.left, review.right, review.worked) == (11, 0, "10 + 1 + 0 + 0 ≠ 0")
    assert review.cells == (
        "section_four.review.upheld",
        "section_four.review.corrected",
        "section_four.review.other",
        "section_four.review.pending",
        "section_four.review.total",
    )
    after_review = found["s4_sum", "suit_after_review"]
    assert (after_review.left, after_review.right) == (5, 0)
    assert after_review.cells == (
        "section_four.suit_after_review.upheld",
        "section_four.suit_after_review.corrected",
        "section_four.suit_after_review.other",
        "section_four.suit_after_review.pending",
        "section_four.suit_after_review.total",
    )


def test_pingtan_2020_lists_six_results_more_than_its_total() -> None:
    """自然人: 6 + 6 + 4 + 3 + 3 + 4 = 26, but （七） is 20; 总计: 27, but 21."""
    found = faults("pingtan-2020")
    assert set(found) == {("s3_result_sum", "natural_person"), ("s3_result_sum", "total")}

    for column, left, right in (("natural_person", 26, 20), ("total", 27, 21)):
        check = found["s3_result_sum", column]
        assert (check.left, check.right) == (left, right)
        assert check.cells == tuple(
            f"section_three.{row}.{column}" for row in (*LEAVES_2019, "results_total")
        )


# 上海市人民政府办公厅 2019 prints no zeros, and leaves the totals of all its results blank.
SHANGHAI_PRINTED = {
    "section_three": {
        "new_received": "natural_person org_commercial org_legal_service org_other total",
        "carried_over": "natural_person total",
        "granted": "natural_person org_commercial org_legal_service org_other",
        "partial": "natural_person",
        "denied_state_secret": "natural_person",
        "denied_internal_affairs": "natural_person",
        "denied_process_info": "natural_person org_commercial",
        "denied_admin_query": "natural_person org_commercial",
        "unable_not_held": "natural_person org_commercial org_legal_service",
        "unable_needs_creation": "natural_person org_commercial",
        "unable_still_unclear": "natural_person",
        "not_processed_petition": "natural_person org_commercial",
        "not_processed_repeat": "natural_person org_commercial",
        "results_total": "natural_person org_commercial org_legal_service org_other total",
        "carried_forward": "natural_person total",
    },
    "section_four": {"review": "upheld pending total", "suit_direct": "upheld pending total"},
}
SHANGHAI_MISSING_TOTALS = {
    "granted": 272,
    "partial": 3,
    "denied_state_secret": 14,
    "denied_internal_affairs": 5,
    "denied_process_info": 4,
    "denied_admin_query": 12,
    "unable_not_held": 265,
    "unable_needs_creation": 47,
    "unable_still_unclear": 25,
    "not_processed_petition": 149,
    "not_processed_repeat": 9,
}


def test_shanghai_office_2019_has_every_blank_named() -> None:
    printed = {
        f"{section}.{row}.{column}"
        for section, rows in SHANGHAI_PRINTED.items()
        for row, columns in rows.items()
        for column in columns.split()
    }
    fmt, _ = read("shanghai-office-2019")
    check = faults("shanghai-office-2019")["integers", ""]
    assert set(check.cells) == set(fmt.cells) - printed
    assert (check.left, check.right, len(check.cells)) == (41, 176, 135)


def test_shanghai_office_2019_lacks_the_totals_of_eleven_rows_and_no_other() -> None:
    found = faults("shanghai-office-2019")
    assert set(found) == {
        ("integers", ""),
        ("s3_result_sum", "total"),
        *(("s3_row_sum", row) for row in SHANGHAI_MISSING_TOTALS),
    }
    for row, total in SHANGHAI_MISSING_TOTALS.items():
        check = found["s3_row_sum", row]
        assert (check.left, check.right) == (total, None)
        assert check.cells[-1] == f"section_three.{row}.total"
    results = found["s3_result_sum", "total"]
    assert (results.left, results.right) == (None, 805)


def test_shanghai_office_2019_balances_in_what_it_prints() -> None:
    """821 + 18 = 767 + 72, 35 = 35, 2 = 2, 1 = 1 and 859 + 18 = 805 + 72."""
    checks = run_checks(*read("shanghai-office-2019"))
    sides = {check.at: (check.left, check.right) for check in checks if check.code == "s3_balance"}
    assert sides == {
        "natural_person": (839, 839),
        "org_commercial": (35, 35),
        "org_research": (None, None),
        "org_public_welfare": (None, None),
        "org_legal_service": (2, 2),
        "org_other": (1, 1),
        "total": (877, 877),
    }
