"""工作日: the decreed calendar, counted from the day after (条例第三十一条、第三十三条)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.decreed import YEARS, decreed_calendar, decreed_days, notice_of_year
from cases.workdays import Calendar, DayKind, DecreedDay, weekday_name

CALENDAR = decreed_calendar()
DAYS = st.dates(date(2004, 1, 1), date(2026, 12, 31))

# Receipt, and the 7th, 15th, 20th and 40th working day after it.
VECTORS = [
    ("2020-01-20", "2020-02-06", "2020-02-18", "2020-02-25", "2020-03-24"),
    ("2024-09-13", "2024-09-25", "2024-10-11", "2024-10-17", "2024-11-14"),
    ("2025-09-15", "2025-09-24", "2025-10-11", "2025-10-17", "2025-11-14"),
    ("2025-09-28", "2025-10-14", "2025-10-24", "2025-10-31", "2025-11-28"),
    ("2025-12-20", "2025-12-30", "2026-01-12", "2026-01-19", "2026-02-14"),
    ("2026-02-09", "2026-02-25", "2026-03-06", "2026-03-13", "2026-04-13"),
    ("2026-02-14", "2026-03-03", "2026-03-13", "2026-03-20", "2026-04-20"),
    ("2026-09-18", "2026-09-29", "2026-10-15", "2026-10-22", "2026-11-19"),
]


@pytest.mark.parametrize(("receipt", "seventh", "fifteenth", "twentieth", "fortieth"), VECTORS)
def test_terms_of_the_law(
    receipt: str, seventh: str, fifteenth: str, twentieth: str, fortieth: str
) -> None:
    expected = {7: seventh, 15: fifteenth, 20: twentieth, 40: fortieth}
    for n, day in expected.items():
        last = CALENDAR.nth_workday_after(date.fromisoformat(receipt), n)
        assert last == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2025-09-26", DayKind.WORKDAY),
        ("2025-09-27", DayKind.WEEKEND),
        ("2025-09-28", DayKind.WORKED),  # a Sunday, worked for the national day
        ("2025-09-30", DayKind.WORKDAY),
        ("2025-10-01", DayKind.HOLIDAY),
        ("2025-10-04", DayKind.HOLIDAY),  # a Saturday inside the holiday is 假, not 休
        ("2025-10-08", DayKind.HOLIDAY),
        ("2025-10-09", DayKind.WORKDAY),
        ("2025-10-11", DayKind.WORKED),
        ("2018-12-29", DayKind.WORKED),  # decreed by the notice of the next year
        ("2018-12-31", DayKind.HOLIDAY),
        ("2020-01-31", DayKind.HOLIDAY),  # 2020's change in January
        ("2020-02-01", DayKind.HOLIDAY),
        ("2020-02-03", DayKind.WORKDAY),
    ],
)
def test_kinds_of_day(day: str, kind: DayKind) -> None:
    assert CALENDAR.kind(date.fromisoformat(day)) is kind


@pytest.mark.parametrize(
    ("day", "name", "notice"),
    [
        ("2025-10-06", "国庆节、中秋节", "2025年部分节假日安排的通知（国办发明电〔2024〕12号）"),
        ("2020-10-08", "国庆节、中秋节", "2020年部分节假日安排的通知（国办发明电〔2019〕16号）"),
        ("2020-01-30", "春节", "2020年部分节假日安排的通知（国办发明电〔2019〕16号）"),
        ("2020-01-31", "春节", "延长2020年春节假期的通知（国办发明电〔2020〕1号）"),
        ("2019-05-03", "劳动节", "调整2019年劳动节假期安排的通知（国办发明电〔2019〕3号）"),
        ("2015-09-03", "抗战胜利70周年纪念日", "调休放假的通知（国发明电〔2015〕1号）"),
        ("2018-12-31", "元旦", "2019年部分节假日安排的通知（国办发明电〔2018〕15号）"),
        ("2026-02-15", "春节", "2026年部分节假日安排的通知（国办发明电〔2025〕7号）"),
        ("2010-10-01", "国庆节", "国务院办公厅关于2010年部分节假日安排的通知"),
    ],
)
def test_a_decreed_day_names_its_holiday_and_notice(day: str, name: str, notice: str) -> None:
    decree = CALENDAR.decreed(date.fromisoformat(day))
    assert decree is not None
    assert decree.name == name
    assert decree.notice.endswith(notice)


def test_no_day_is_decreed_twice() -> None:
    days = [entry.day for entry in decreed_days()]
    assert len(days) == len(set(days))


def test_worked_days_are_weekends_and_every_year_has_a_notice() -> None:
    for entry in decreed_days():
        assert entry.off or CALENDAR.kind(entry.day) is DayKind.WORKED
        assert 0 < len(entry.name) <= 40
        assert 0 < len(entry.notice) <= 100
    assert all(str(year) in notice_of_year(year) for year in YEARS)


def test_years_with_a_schedule() -> None:
    assert CALENDAR.has_schedule(2004)
    assert CALENDAR.has_schedule(2026)
    assert not CALENDAR.has_schedule(2003)
    assert not CALENDAR.has_schedule(2027)


def test_without_a_schedule_the_plain_week_holds() -> None:
    plain = Calendar([], [])
    assert plain.nth_workday_after(date(2027, 9, 30), 1) == date(2027, 10, 1)
    assert plain.kind(date(2027, 10, 2)) is DayKind.WEEKEND
    assert plain.decreed(date(2027, 10, 1)) is None


def test_a_weekday_decreed_to_be_worked_is_a_plain_working_day() -> None:
    day = date(2027, 10, 8)
    assert Calendar([DecreedDay(day, False, "国庆节", "")], [2027]).kind(day) is DayKind.WORKDAY


def test_next_workdays_skip_the_holiday() -> None:
    assert CALENDAR.next_workday(date(2025, 9, 30)) == date(2025, 10, 9)
    assert CALENDAR.next_workdays(date(2025, 9, 29), 3) == [
        date(2025, 9, 30),
        date(2025, 10, 9),
        date(2025, 10, 10),
    ]


def test_a_term_of_no_days_ends_at_once() -> None:
    assert CALENDAR.nth_workday_after(date(2025, 10, 4), 0) == date(2025, 10, 4)


def test_workdays_between_leaves_out_the_first_day_and_takes_in_the_last() -> None:
    assert CALENDAR.workdays_between(date(2025, 9, 19), date(2025, 9, 22)) == 1
    assert CALENDAR.workdays_between(date(2025, 9, 19), date(2025, 9, 21)) == 0
    assert CALENDAR.workdays_between(date(2025, 10, 20), date(2025, 10, 17)) == -1


@given(DAYS, st.integers(1, 60))
def test_counting_back_gives_the_count(day: date, n: int) -> None:
    last = CALENDAR.nth_workday_after(day, n)
    assert CALENDAR.is_workday(last)
    assert CALENDAR.workdays_between(day, last) == n


@given(DAYS, DAYS)
def test_workdays_between_is_antisymmetric(one: date, other: date) -> None:
    assert CALENDAR.workdays_between(one, other) == -CALENDAR.workdays_between(other, one)


def test_a_day_is_told_with_its_doubt() -> None:
    assert CALENDAR.said(date(2026, 12, 31)) == "2026-12-31"
    assert CALENDAR.said(date(2027, 1, 5)) == "2027-01-05（暂定）"


def test_names_of_weekdays() -> None:
    assert [weekday_name(date(2025, 9, day)) for day in (15, 20, 21)] == [
        "星期一",
        "星期六",
        "星期日",
    ]
