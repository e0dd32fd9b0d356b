"""The day strip: weeks, heads, lines and the words under them, for the worked examples."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cases.clock import Clock, Fact, FactKind, run_clock
from cases.daystrip import Head, Segment, Strip, strip_of, why_rows, why_sum
from cases.decreed import decreed_calendar

CALENDAR = decreed_calendar()
RECEIVED, TODAY = date(2025, 9, 15), date(2025, 10, 27)
CONSULTED = (
    Fact(FactKind.CONSULTATION_SENT, date(2025, 9, 19), key="1"),
    Fact(FactKind.CONSULTATION_RETURNED, date(2025, 10, 10), key="1"),
)


def clock(*facts: Fact, received: date | None = RECEIVED, on: date = TODAY) -> Clock:
    return run_clock(received, facts, CALENDAR, on)


def strip(*facts: Fact, received: date | None = RECEIVED, on: date = TODAY) -> Strip:
    drawn = strip_of(clock(*facts, received=received, on=on))
    assert drawn is not None
    return drawn


def marks(drawn: Strip) -> str:
    days = [day for week in drawn.weeks for day in week.days]
    return "".join("计" if day.kind == "count" else day.character for day in days)


def test_the_worked_example_as_the_picture_has_it() -> None:
    drawn = strip(*CONSULTED)
    assert [week.n for week in drawn.weeks] == [7, 7, 7, 7, 7, 7, 5]
    assert marks(drawn) == (
        "收计计计计休休"
        "停停停停停休停"  # 09-28 is a worked Sunday
        "停停假假假假假"
        "假假假停停计休"  # 10-11 is a worked Saturday
        "计计计计计休休"
        "计计计计计休休"
        "计计计计计"
    )
    assert drawn.chosen.date_text == "10月31日 星期五"
    assert (drawn.chosen.number, drawn.chosen.due) == (20, True)
    assert (drawn.chosen.character, drawn.chosen.under) == ("20", ("到期",))


def test_the_months_and_today_stand_over_their_days() -> None:
    heads = [week.heads for week in strip(*CONSULTED).weeks]
    assert heads[0] == [Head(1, "9月", now=False)]
    assert heads[2] == [Head(3, "10月", now=False)]
    assert heads[6] == [Head(1, "今天", now=True)]


def test_heads_that_would_touch_become_one() -> None:
    assert strip(on=date(2025, 9, 16)).weeks[0].heads == [Head(1, "9月 今天", now=False)]
    assert strip(on=date(2025, 9, 15)).weeks[0].heads == [Head(1, "9月 今天", now=False)]
    assert strip(on=date(2025, 9, 17)).weeks[0].heads == [
        Head(1, "9月", now=False),
        Head(3, "今天", now=True),
    ]


def test_the_lines_tell_counted_from_stopped() -> None:
    weeks = strip(*CONSULTED).weeks
    assert weeks[0].segs == [
        Segment(at=2, over=4, kind="c", starts=True, ends=True, text="计入 4 日"),
        Segment(at=6, over=2, kind="p", starts=True, ends=False, text=""),
    ]
    assert weeks[1].segs == [
        Segment(at=1, over=7, kind="p", starts=False, ends=False, text="停止计算：征求第三方意见")
    ]
    assert weeks[3].segs == [
        Segment(at=1, over=5, kind="p", starts=False, ends=True, text=""),
        Segment(at=6, over=2, kind="c", starts=True, ends=False, text=""),
    ]
    assert weeks[4].segs[0].text == "计入 16 日"
    assert weeks[6].segs == [Segment(at=1, over=5, kind="c", starts=False, ends=True, text="")]


def test_only_days_gone_by_are_filled() -> None:
    days = [day for week in strip(*CONSULTED).weeks for day in week.days]
    assert [day.number for day in days if day.past][-1] == 16  # today counts as used
    assert [day.number for day in days if day.kind == "count" and not day.past] == [17, 18, 19, 20]


def test_a_restart_has_a_mark_of_its_own() -> None:
    drawn = strip(
        Fact(FactKind.CORRECTION_ASKED, date(2025, 9, 22)),
        Fact(FactKind.CORRECTION_RECEIVED, date(2025, 9, 28)),
    )
    assert marks(drawn)[:15] == "收计计计计休休计等等等等休重计"
    assert drawn.chosen.date_text == "10月31日 星期五"


def test_a_closed_case_counts_no_further() -> None:
    drawn = strip(Fact(FactKind.REPLIED, date(2025, 10, 15)))
    assert marks(drawn).endswith("结结")
    assert drawn.chosen.due


def test_nothing_received_nothing_drawn() -> None:
    assert strip_of(clock(received=None)) is None
    assert why_rows(clock(received=None)) == []
    assert why_sum(clock(received=None)) is None


def test_the_calculation_in_rows() -> None:
    rows = why_rows(clock(*CONSULTED))
    assert [(row.span, row.counted) for row in rows] == [
        ("09-15", 0),
        ("09-16 至 09-19", 4),
        ("09-20 至 10-10", 0),
        ("10-11 至 10-31", 16),
    ]
    total = why_sum(clock(*CONSULTED))
    assert total is not None
    assert (total.text, total.counted) == ("次日起第 20 个工作日，到期日 2025-10-31", 20)


def test_a_closed_cases_sum_says_what_was_used() -> None:
    total = why_sum(clock(Fact(FactKind.REPLIED, date(2025, 10, 15))))
    assert total is not None
    assert total.text == "到期日 2025-10-17，答复时已用 18 个工作日"


KINDS = [kind for kind in FactKind if kind not in (FactKind.REPLIED, FactKind.SERVED)]
FACTS = st.lists(
    st.builds(
        Fact,
        kind=st.sampled_from(KINDS),
        on=st.dates(date(2025, 9, 10), date(2025, 12, 20)),
        key=st.sampled_from(["1", "2"]),
        days=st.sampled_from([None, 5, 20]),
        day=st.none() | st.dates(date(2025, 10, 1), date(2026, 2, 1)),
    ),
    max_size=6,
)


@given(FACTS, st.dates(date(2025, 9, 15), date(2026, 3, 1)))
def test_whatever_happened_the_strip_holds_together(facts: list[Fact], on: date) -> None:
    """Every day once, one chosen, and no line longer than its week."""
    ran = clock(*facts, on=on)
    drawn = strip_of(ran)
    assert drawn is not None
    days = [day for week in drawn.weeks for day in week.days]
    assert len(days) == len(ran.days)
    assert sum(day.chosen for day in days) == 1
    for week in drawn.weeks:
        assert week.n == len(week.days) <= 7
        covered = [at for seg in week.segs for at in range(seg.at, seg.at + seg.over)]
        assert len(covered) == len(set(covered))
        assert all(1 <= at <= week.n for at in covered)


def test_the_days_of_an_extension_stand_apart() -> None:
    extended = clock(Fact(FactKind.EXTENDED, date(2025, 10, 15), days=20))
    rows = [(row.span, row.text, row.counted) for row in why_rows(extended)]
    assert rows[1:] == [
        ("09-16 至 10-17", "计入", 20),  # the 20th working day
        ("10-18 至 11-14", "经批准延期，计入", 20),  # begins on a Saturday
    ]
    drawn = strip_of(extended)
    assert drawn is not None
    words = [seg.text for week in drawn.weeks for seg in week.segs if seg.text]
    assert words == ["计入 20 日", "延期 20 日"]
    last = drawn.weeks[-1].days[-1]
    assert (last.number, last.text) == (40, "延期，计入，第 40 个工作日；到期日。")
