"""答复、答辩的期限 and the term of a new reply: both sides of every boundary, no database."""

from datetime import date

import pytest

from cases.choices import RULING_RESULTS, ProceedingResult, Ruling, rulings_counted_as
from cases.decreed import decreed_calendar
from cases.proceeding_terms import Term, defence_term, ordered_term

CALENDAR = decreed_calendar()


def review(received: str, *, summary: bool = False) -> Term:
    return defence_term(date.fromisoformat(received), CALENDAR, in_court=False, summary=summary)


def suit(received: str) -> Term:
    return defence_term(date.fromisoformat(received), CALENDAR, in_court=True)


@pytest.mark.parametrize(
    ("received", "ordinary", "summary"),
    [
        ("2025-09-15", "2025-09-28", "2025-09-22"),  # the tenth is a worked Sunday
        ("2025-09-28", "2025-10-17", "2025-10-11"),  # over the holiday; the fifth a worked Saturday
        ("2025-10-25", "2025-11-07", "2025-10-31"),  # received on a Saturday off
        ("2025-12-20", "2026-01-05", "2025-12-26"),  # over the turn of the year
        (
            "2026-02-14",
            "2026-03-06",
            "2026-02-28",
        ),  # over 春节, to a worked Saturday
    ],
)
def test_a_review_is_answered_in_working_days(received: str, ordinary: str, summary: str) -> None:
    """行政复议法48: ten; 54: five in 简易程序; 88: they are working days."""
    assert str(review(received).ends_on) == ordinary
    assert str(review(received, summary=True).ends_on) == summary


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2025-09-15", "2025-09-30"),  # the fifteenth day is a working day
        ("2025-09-16", "2025-10-09"),  # 10-01, a holiday: the first working day after it
        ("2025-10-10", "2025-10-27"),  # a Saturday off: the Monday
        ("2025-10-12", "2025-10-27"),  # the Monday itself
        ("2025-09-26", "2025-10-11"),  # a worked Saturday stays
        ("2025-12-16", "2025-12-31"),  # the last day of the year
        ("2025-12-17", "2026-01-04"),  # 01-01: the first working day is a worked Sunday
    ],
)
def test_a_suit_is_answered_in_natural_days(received: str, last: str) -> None:
    """行政诉讼法67: fifteen days; one that ends on a day off goes on to the next working day."""
    assert str(suit(received).ends_on) == last
    assert not suit(received).provisional


def test_a_year_without_a_schedule_makes_it_provisional() -> None:
    assert review("2026-12-25").provisional
    assert suit("2026-12-25") == Term(date(2027, 1, 11), True, suit("2026-12-25").rule)
    assert not suit("2026-12-16").provisional


def test_an_order_names_working_days_or_a_day() -> None:
    received = date(2025, 9, 28)
    by_days = ordered_term(received, CALENDAR, workdays=5)
    assert by_days and by_days.ends_on == date(2025, 10, 11)
    by_day = ordered_term(received, CALENDAR, until=date(2025, 10, 4))
    assert by_day and (by_day.ends_on, by_day.provisional) == (date(2025, 10, 4), False)
    assert ordered_term(received, CALENDAR) is None


def test_every_ruling_counts_as_one_of_the_three_results() -> None:
    assert set(RULING_RESULTS) == set(Ruling)
    assert [r.label for r in rulings_counted_as(ProceedingResult.UPHELD)] == [
        "维持",
        "驳回复议请求、诉讼请求",
    ]
    assert [r.label for r in rulings_counted_as(ProceedingResult.CORRECTED)] == [
        "撤销",
        "变更",
        "确认违法",
        "确认无效",
        "责令履行",
    ]
    assert [r.label for r in rulings_counted_as(ProceedingResult.OTHER)] == [
        "驳回复议申请、驳回起诉",
        "撤回",
        "调解、和解",
        "终止",
        "其他",
    ]
