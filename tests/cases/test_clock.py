"""The statutory clock, rule by rule (条例第三十条至第三十五条、第四十二条).

Unless a test says otherwise the application is received on Monday 2025-09-15. Its working days:
4th 09-19, 7th 09-24, 10th Sunday 09-28 (worked), 12th 09-30, holiday 10-01 to 10-08, 13th 10-09,
15th Saturday 10-11 (worked), 20th Friday 10-17, 40th 11-14.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.clock import Clock, ClockDay, DayMark, Fact, run_clock
from cases.decreed import decreed_calendar
from cases.workdays import Calendar

CALENDAR = decreed_calendar()
RECEIVED = "2025-09-15"


def fact(kind: str, on: str, **more: Any) -> Fact:
    if "day" in more:
        more["day"] = date.fromisoformat(more["day"])
    return Fact(kind, date.fromisoformat(on), **more)


def clock(*facts: Fact, on: str = "2025-10-17", received: str = RECEIVED) -> Clock:
    return run_clock(date.fromisoformat(received), facts, CALENDAR, date.fromisoformat(on))


def due(*facts: Fact, **more: str) -> str:
    return str(clock(*facts, **more).due_on)


def faults(*facts: Fact) -> list[str]:
    return [fault.code for fault in clock(*facts).irregularities]


def shown(reading: Clock, day: str) -> ClockDay:
    return next(entry for entry in reading.days if str(entry.day) == day)


# Receipt and the answer term.


@pytest.mark.parametrize(
    ("received", "twentieth", "fortieth"),
    [
        ("2020-01-20", "2020-02-25", "2020-03-24"),
        ("2024-09-13", "2024-10-17", "2024-11-14"),
        ("2025-09-15", "2025-10-17", "2025-11-14"),
        ("2025-09-28", "2025-10-31", "2025-11-28"),
        ("2025-12-20", "2026-01-19", "2026-02-14"),
        ("2026-02-09", "2026-03-13", "2026-04-13"),
        ("2026-02-14", "2026-03-20", "2026-04-20"),
        ("2026-09-18", "2026-10-22", "2026-11-19"),
    ],
)
def test_due_on_the_20th_working_day_and_extended_on_the_40th(
    received: str, twentieth: str, fortieth: str
) -> None:
    assert due(received=received) == twentieth
    assert due(fact("extended", twentieth, days=20), received=received) == fortieth


@pytest.mark.parametrize(
    ("on", "used", "overdue"),
    [
        ("2025-09-01", 0, 0),
        ("2025-09-15", 0, 0),
        ("2025-09-16", 1, 0),
        ("2025-09-19", 4, 0),
        ("2025-09-21", 4, 0),
        ("2025-09-28", 10, 0),
        ("2025-10-08", 12, 0),
        ("2025-10-16", 19, 0),
        ("2025-10-17", 20, 0),
        ("2025-10-19", 20, 0),
        ("2025-10-20", 20, 1),
        ("2025-10-27", 20, 6),
    ],
)
def test_used_and_left_as_at_a_day(on: str, used: int, overdue: int) -> None:
    reading = clock(on=on)
    assert (reading.used, reading.left, reading.term) == (used, 20 - used, 20)
    assert reading.overdue == overdue
    assert reading.due_on == reading.ends_on == date(2025, 10, 17)


def test_unconfirmed_nothing_runs() -> None:
    reading = run_clock(
        None, [fact("extended", "2025-10-15", days=5)], CALENDAR, date(2025, 10, 17)
    )
    assert reading.waiting_for == "confirmation"
    assert reading.due_on is reading.ends_on is reading.waiting_until is None
    assert reading.days == ()
    assert [fault.code for fault in reading.irregularities] == ["not_received"]


# Provisional dates.


def test_a_date_in_a_year_without_a_schedule_is_provisional() -> None:
    assert not clock(received="2026-12-03").provisional  # due on 31 December
    assert str(clock(received="2026-12-03").due_on) == "2026-12-31"
    assert clock(received="2026-12-04").provisional
    assert str(clock(received="2026-12-04").due_on) == "2027-01-01"


def test_the_days_of_such_a_year_say_so() -> None:
    reading = clock(received="2026-12-04")
    assert reading.days[-1].text == ("计入，第 20 个工作日；2027年放假安排尚未公布，暂定；到期日。")


def test_a_date_is_recomputed_when_the_schedule_is_entered() -> None:
    before = Calendar([d for d in map(CALENDAR.decreed, _days_of(2025)) if d], [2025])
    received, on = date(2025, 12, 20), date(2025, 12, 22)
    assert run_clock(received, [], before, on).provisional
    assert run_clock(received, [], before, on).due_on == date(2026, 1, 16)
    assert run_clock(received, [], CALENDAR, on).due_on == date(2026, 1, 19)
    assert not run_clock(received, [], CALENDAR, on).provisional


def _days_of(year: int) -> Iterator[date]:
    return (date(year, 1, 1) + timedelta(days=n) for n in range(365))


def test_a_wait_that_reaches_such_a_year_is_provisional() -> None:
    assert clock(fact("fee_asked", "2026-12-03"), received="2026-12-01").waiting_until == date(
        2026, 12, 31
    )
    assert not clock(fact("fee_asked", "2026-12-03"), received="2026-12-01").provisional
    assert clock(fact("fee_asked", "2026-12-04"), received="2026-12-01").provisional


# 延期 (条例第三十三条).


def test_extension_told_in_time() -> None:
    reading = clock(fact("extended", "2025-10-15", days=20))
    assert (str(reading.due_on), reading.term) == ("2025-11-14", 40)
    assert reading.irregularities == ()


def test_extension_told_on_the_due_day_counts() -> None:
    assert due(fact("extended", "2025-10-17", days=20)) == "2025-11-14"


@pytest.mark.parametrize("told", ["2025-10-18", "2025-10-20"])
def test_extension_told_late_moves_nothing(told: str) -> None:
    late = fact("extended", told, days=20)
    assert due(late) == "2025-10-17"
    assert faults(late) == ["extension_after_due"]


def told(on: str, by: str, days: int = 20) -> Fact:
    """An extension told when the due day was `by`, by a schedule that has been put right since."""
    return fact("extended", on, days=days, in_time_by=date.fromisoformat(by))


@pytest.mark.parametrize(
    ("on", "by"),
    [
        ("2025-10-20", "2025-10-20"),  # on the last day by the schedule of its day
        ("2025-10-20", "2025-10-21"),
        ("2025-10-17", "2025-10-16"),  # on the last day by that of today
    ],
)
def test_an_extension_in_time_by_either_schedule_stays_told(on: str, by: str) -> None:
    reading = clock(told(on, by), on="2025-11-14")
    assert (str(reading.due_on), reading.term, reading.used) == ("2025-11-14", 40, 40)
    assert reading.irregularities == ()
    assert shown(reading, on).text.endswith("告知延期 20 个工作日。")
    assert not shown(reading, "2025-10-17").is_due
    assert shown(reading, "2025-10-20").number == 21  # counted, not late


def test_an_extension_late_by_both_schedules_moves_nothing() -> None:
    late = told("2025-10-21", "2025-10-20")
    assert due(late) == "2025-10-17"
    assert faults(late) == ["extension_after_due"]


def test_what_stays_told_adds_to_the_due_day_of_today_however_short() -> None:
    short = told("2025-10-21", "2025-10-21", days=1)
    assert due(short) == "2025-10-20"
    assert due(told("2025-10-21", "2025-10-21", days=2)) == "2025-10-21"
    assert faults(short) == []


def test_of_two_that_were_in_time_the_first_stays_told() -> None:
    twice = told("2025-10-20", "2025-10-21", days=5), told("2025-10-21", "2025-10-21", days=5)
    assert due(*twice) == "2025-10-24"
    assert faults(*twice) == ["extension_repeated"]


def test_what_stays_told_is_of_its_own_run() -> None:
    """Asked on the due day, a correction ends the run: while it is waited for nothing is told."""
    asked = fact("correction_asked", "2025-10-17", days=15)
    assert "extension_while_waiting" in faults(asked, told("2025-10-20", "2025-10-20"))


def test_what_stays_told_is_told_once_the_day_is_put_off() -> None:
    delayed = fact("delayed", "2025-10-10", day="2025-10-24")
    both = delayed, told("2025-10-27", "2025-10-27")
    assert due(*both) == "2025-10-24"
    assert faults(*both) == ["extension_after_delay"]


def test_extension_by_fewer_days() -> None:
    assert due(fact("extended", "2025-10-15", days=1)) == "2025-10-20"


def test_only_one_extension_in_a_run() -> None:
    twice = fact("extended", "2025-10-15", days=5), fact("extended", "2025-10-16", days=5)
    assert due(*twice) == "2025-10-24"
    assert faults(*twice) == ["extension_repeated"]


def test_the_reading_says_whether_the_run_was_extended_or_delayed() -> None:
    extended = fact("extended", "2025-10-15", days=5)
    restart = fact("fee_asked", "2025-10-16"), fact("fee_paid", "2025-10-17")
    assert (clock().extended_by, clock(extended).extended_by) == (0, 5)
    assert not clock(extended, *restart).extended_by
    delayed = fact("delayed", "2025-10-15", day="2025-12-01")
    assert (clock().delayed_to, clock(delayed).delayed_to) == (None, date(2025, 12, 1))
    assert clock(delayed, *restart).delayed_to is None


def test_extension_counts_at_most_20_days() -> None:
    long = fact("extended", "2025-10-15", days=21)
    assert due(long) == "2025-11-14"
    assert faults(long) == ["extension_over_limit"]


@pytest.mark.parametrize("days", [None, 0, -3])
def test_extension_without_days_moves_nothing(days: int | None) -> None:
    vague = fact("extended", "2025-10-15", days=days)
    assert due(vague) == "2025-10-17"
    assert faults(vague) == ["extension_without_days"]


# 征求意见 (条例第三十二条至第三十四条).

SENT = fact("consultation_sent", "2025-09-19")
BACK = fact("consultation_returned", "2025-10-10")


def test_the_days_of_a_consultation_do_not_count() -> None:
    reading = clock(SENT, BACK, on="2025-10-10")
    assert (str(reading.due_on), reading.used, reading.left) == ("2025-10-31", 4, 16)


def test_extension_told_after_a_consultation() -> None:
    assert due(SENT, BACK, fact("extended", "2025-10-20", days=20)) == "2025-11-28"


def test_extension_told_during_a_consultation() -> None:
    assert due(SENT, fact("extended", "2025-09-25", days=20), BACK) == "2025-11-28"


def test_waiting_for_an_opinion() -> None:
    reading = clock(SENT, on="2025-09-26")
    assert reading.due_on is None
    assert (reading.waiting_for, str(reading.waiting_until)) == ("consultation", "2025-10-16")
    assert (reading.used, reading.left) == (4, 16)
    assert str(reading.ends_on) == "2025-11-07"


@pytest.mark.parametrize(("on", "waiting"), [("2025-10-16", "consultation"), ("2025-10-17", "")])
def test_silence_ends_a_consultation_on_the_15th_working_day_after_sending(
    on: str, waiting: str
) -> None:
    reading = clock(SENT, on=on)
    assert reading.waiting_for == waiting
    assert str(reading.due_on) == ("None" if waiting else "2025-11-07")
    assert str(reading.ends_on) == "2025-11-07"
    assert "推定" in reading.spans[2].text


def test_silence_runs_from_receipt_of_the_letter_where_that_is_known() -> None:
    delivered = fact("consultation_delivered", "2025-09-22")
    reading = clock(SENT, delivered, on="2025-10-17")
    assert str(reading.waiting_until) == "2025-10-17"
    assert str(reading.ends_on) == "2025-11-10"
    assert "推定" not in reading.spans[2].text


def test_a_late_delivery_holds_the_clock_from_the_sending_on() -> None:
    delivered = fact("consultation_delivered", "2025-10-20")
    assert str(clock(SENT, delivered).ends_on) == "2025-12-02"
    assert faults(SENT, delivered) == []


def test_an_opinion_on_the_last_day_of_its_term_is_in_time() -> None:
    assert faults(SENT, fact("consultation_returned", "2025-10-16")) == []


def test_an_opinion_after_its_term_moves_nothing() -> None:
    late = fact("consultation_returned", "2025-10-17")
    assert due(SENT, late) == "2025-11-07"
    assert faults(SENT, late) == ["consultation_overdue"]


def test_silence_of_a_co_producer_is_consent() -> None:
    sent = fact("consultation_sent", "2025-09-19", addressee="co_producer")
    reading = clock(sent, on="2025-10-17")
    assert str(reading.due_on) == "2025-11-07"
    assert shown(reading, "2025-10-16").text == (
        "征求共同制作机关意见，不计入；"
        "共同制作机关期满未答复，视为同意公开（送达日未记录，自发出次日推定）。"
    )
    assert shown(reading, "2025-10-16").source == "条例第三十四条"


def test_another_organ_has_no_term() -> None:
    sent = fact("consultation_sent", "2025-09-19", addressee="other_organ")
    reading = clock(sent, on="2026-03-02")
    assert reading.waiting_for == "consultation"
    assert reading.waiting_until is reading.due_on is reading.ends_on is None
    assert (reading.used, reading.left) == (4, 16)
    assert reading.days[-1].day == reading.on
    assert due(sent, BACK) == "2025-10-31"


def test_a_consultation_that_is_given_up_ends_as_an_answer_does() -> None:
    sent = fact("consultation_sent", "2025-09-19", addressee="other_organ")
    ended = fact("consultation_ended", "2025-10-10")
    assert due(sent, ended) == "2025-10-31"
    assert shown(clock(sent, ended), "2025-10-10").text == (
        "征求其他机关意见，不计入；不再等待其他机关意见。"
    )
    assert "10-10 不再等待，其间不计" in clock(sent, ended).spans[2].text


def test_overlapping_consultations_pause_once() -> None:
    other = [
        fact("consultation_sent", "2025-09-25", key="b", addressee="other_organ"),
        fact("consultation_returned", "2025-10-14", key="b"),
    ]
    assert due(SENT, BACK, *other) == "2025-11-05"
    reading = clock(SENT, BACK, *other)
    assert shown(reading, "2025-09-26").text == "征求第三方、其他机关意见，不计入。"
    assert shown(reading, "2025-09-26").source == "条例第三十二条、条例第三十三条"
    assert shown(reading, "2025-10-13").text == "征求其他机关意见，不计入。"


def test_a_consultation_within_another_changes_nothing() -> None:
    inner = [
        fact("consultation_sent", "2025-09-23", key="b"),
        fact("consultation_returned", "2025-09-26", key="b"),
    ]
    assert due(SENT, BACK, *inner) == due(SENT, BACK)


def test_two_opinions_are_waited_for_until_the_later_term() -> None:
    second = fact("consultation_sent", "2025-09-22", key="b")
    assert str(clock(SENT, second, on="2025-09-26").waiting_until) == "2025-10-17"
    first_back = fact("consultation_returned", "2025-09-26")
    assert str(clock(SENT, second, first_back, on="2025-09-26").waiting_until) == "2025-10-17"


def test_one_open_letter_without_a_term_leaves_the_wait_open() -> None:
    organ = fact("consultation_sent", "2025-09-22", key="b", addressee="other_organ")
    reading = clock(SENT, organ, on="2025-09-26")
    assert (reading.waiting_for, reading.waiting_until) == ("consultation", None)


def test_a_letter_on_the_due_day_finds_no_day_left_to_pause() -> None:
    sent = fact("consultation_sent", "2025-10-17")
    reading = clock(sent, on="2025-10-17")
    assert (str(reading.due_on), reading.waiting_for) == ("2025-10-17", "")
    assert faults(sent) == []


def test_a_letter_after_the_due_day_moves_nothing() -> None:
    late = fact("consultation_sent", "2025-10-18")
    assert due(late, on="2025-10-20") == "2025-10-17"
    assert faults(late) == ["consultation_after_due"]


def test_a_second_letter_of_one_key() -> None:
    again = fact("consultation_sent", "2025-09-26")
    assert faults(SENT, again, BACK) == ["consultation_repeated"]
    assert due(SENT, again, BACK) == "2025-10-31"
    later = fact("consultation_sent", "2025-10-13"), fact("consultation_returned", "2025-10-15")
    assert faults(SENT, BACK, *later) == []
    assert due(SENT, BACK, *later) == "2025-11-04"


@pytest.mark.parametrize("kind", ["consultation_delivered", "consultation_returned"])
def test_an_answer_without_its_letter_moves_nothing(kind: str) -> None:
    stray = fact(kind, "2025-09-26", key="b")
    assert faults(SENT, stray, BACK) == ["consultation_not_sent"]
    assert due(SENT, stray, BACK) == "2025-10-31"


# 补正 (条例第三十条).


def test_a_corrected_application_restarts_the_term() -> None:
    asked, received = (
        fact("correction_asked", "2025-09-22"),
        fact("correction_received", "2025-09-28"),
    )
    reading = clock(asked, received, on="2025-09-30")
    assert (str(reading.due_on), reading.used, reading.left) == ("2025-10-31", 2, 18)
    assert reading.irregularities == ()


@pytest.mark.parametrize(
    ("asked", "codes"), [("2025-09-24", []), ("2025-09-25", ["correction_asked_late"])]
)
def test_correction_is_asked_within_7_working_days_of_receipt(asked: str, codes: list[str]) -> None:
    facts = fact("correction_asked", asked), fact("correction_received", "2025-09-28")
    assert faults(*facts) == codes
    assert due(*facts) == "2025-10-31"


@pytest.mark.parametrize(("days", "until"), [(10, "2025-10-11"), (None, "2025-10-17")])
def test_waiting_for_a_correction(days: int | None, until: str) -> None:
    reading = clock(fact("correction_asked", "2025-09-22", days=days), on="2025-09-26")
    assert (reading.waiting_for, str(reading.waiting_until)) == ("correction", until)
    assert reading.due_on is reading.ends_on is None
    assert (reading.used, reading.left) == (5, 15)
    assert str(reading.days[-1].day) == until


def test_a_correction_on_the_last_day_of_its_term_restarts() -> None:
    asked = fact("correction_asked", "2025-09-22", days=10)
    assert due(asked, fact("correction_received", "2025-10-11")) == "2025-11-07"


def test_a_correction_after_its_term_moves_nothing() -> None:
    asked = fact("correction_asked", "2025-09-22", days=10)
    late = fact("correction_received", "2025-10-12")
    assert faults(asked, late) == ["correction_overdue"]
    assert clock(asked, late).waiting_for == "correction"


def test_a_late_correction_with_a_good_reason_restarts_the_term() -> None:
    """条例30: only without a good reason is the application given up."""
    asked = fact("correction_asked", "2025-09-22", days=10)
    late = fact("correction_received", "2025-10-12", excused=True)
    assert (faults(asked, late), due(asked, late)) == ([], "2025-11-07")


def test_a_correction_without_a_recorded_term_cannot_be_late() -> None:
    facts = fact("correction_asked", "2025-09-22"), fact("correction_received", "2025-10-24")
    assert faults(*facts) == []
    assert due(*facts) == "2025-11-21"


def test_a_correction_asked_on_the_due_day_still_waits_and_the_day_after_moves_nothing() -> None:
    assert clock(fact("correction_asked", "2025-10-17")).waiting_for == "correction"
    late = fact("correction_asked", "2025-10-18"), fact("correction_received", "2025-10-20")
    assert due(*late) == "2025-10-17"
    assert faults(*late) == ["correction_after_due", "correction_not_asked"]


def test_a_correction_is_asked_once() -> None:
    asked = fact("correction_asked", "2025-09-16"), fact("correction_received", "2025-09-18")
    again = fact("correction_asked", "2025-09-22"), fact("correction_received", "2025-09-26")
    assert due(*asked, *again) == due(*asked)
    assert faults(*asked, *again) == ["correction_repeated", "correction_not_asked"]


def test_asked_again_while_the_first_correction_is_waited_for() -> None:
    facts = fact("correction_asked", "2025-09-16"), fact("correction_asked", "2025-09-17")
    assert faults(*facts) == ["correction_repeated"]


def test_a_correction_that_nobody_asked_for_moves_nothing() -> None:
    stray = fact("correction_received", "2025-09-22")
    assert due(stray) == "2025-10-17"
    assert faults(stray) == ["correction_not_asked"]


@pytest.mark.parametrize("received", ["correction_received", "fee_paid"])
def test_asked_and_done_on_one_day_in_either_order(received: str) -> None:
    asked = {"correction_received": "correction_asked", "fee_paid": "fee_asked"}[received]
    facts = [fact(received, "2025-09-28"), fact(asked, "2025-09-28")]
    assert due(*facts) == due(*reversed(facts)) == "2025-10-31"


def test_a_restart_does_not_end_an_open_consultation() -> None:
    sent = fact("consultation_sent", "2025-09-19", addressee="other_organ")
    facts = [
        sent,
        fact("correction_asked", "2025-09-22"),
        fact("correction_received", "2025-09-28"),
    ]
    reading = clock(*facts, on="2025-09-30")
    assert (reading.waiting_for, reading.used, reading.left) == ("consultation", 0, 20)
    assert due(*facts, BACK) == "2025-11-06"


def test_after_a_restart_the_allowance_is_new() -> None:
    before = fact("extended", "2025-09-18", days=20)
    restart = fact("correction_asked", "2025-09-22"), fact("correction_received", "2025-09-28")
    assert due(before, *restart) == "2025-10-31"
    after = fact("extended", "2025-10-31", days=20)
    assert due(before, *restart, after) == "2025-11-28"
    assert faults(before, *restart, after) == []


@pytest.mark.parametrize("asked", ["correction_asked", "fee_asked"])
def test_while_the_applicant_is_waited_for_no_term_can_be_moved(asked: str) -> None:
    wait = fact(asked, "2025-09-22")
    assert faults(wait, fact("extended", "2025-09-25", days=5)) == ["extension_while_waiting"]
    delayed = fact("delayed", "2025-09-25", day="2025-11-20")
    assert faults(wait, delayed) == ["delay_while_waiting"]


def test_correction_and_fee_are_not_waited_for_at_once() -> None:
    correction, fee = fact("correction_asked", "2025-09-22"), fact("fee_asked", "2025-09-23")
    assert faults(correction, fee) == ["fee_while_waiting"]
    later = fact("correction_asked", "2025-09-24")
    assert faults(fee, later) == ["correction_while_waiting"]


# 收费 (条例第四十二条; 国办函〔2020〕109号).

NOTICE = fact("fee_asked", "2025-09-22")


def test_waiting_for_the_fee() -> None:
    reading = clock(NOTICE, on="2025-09-26")
    assert (reading.waiting_for, str(reading.waiting_until)) == ("fee", "2025-10-24")
    assert reading.due_on is reading.ends_on is None


def test_a_fee_paid_on_the_last_day_restarts_the_term() -> None:
    paid = fact("fee_paid", "2025-10-24")
    assert due(NOTICE, paid) == "2025-11-21"
    assert faults(NOTICE, paid) == []


def test_the_term_of_payment_is_the_law_s_whatever_the_notice_says() -> None:
    notice = fact("fee_asked", "2025-09-22", days=5)
    assert str(clock(notice).waiting_until) == "2025-10-24"


def test_the_term_of_payment_runs_from_receipt_of_the_notice_where_that_is_known() -> None:
    """国办函〔2020〕109号: received on 09-24, to be paid by 10-28 instead of 10-24."""
    assert clock(NOTICE).waiting_assumed
    received = fact("fee_notice_delivered", "2025-09-24")
    reading = clock(NOTICE, received)
    assert (str(reading.waiting_until), reading.waiting_assumed) == ("2025-10-28", False)
    paid = fact("fee_paid", "2025-10-28")
    assert due(NOTICE, received, paid) == "2025-11-25"
    assert faults(NOTICE, received, paid) == []
    assert faults(NOTICE, received, fact("fee_paid", "2025-10-29")) == ["fee_overdue"]


def test_a_notice_received_after_its_assumed_term_opens_it_again() -> None:
    received, paid = fact("fee_notice_delivered", "2025-10-27"), fact("fee_paid", "2025-11-24")
    assert str(clock(NOTICE, received).waiting_until) == "2025-11-24"
    assert faults(NOTICE, received, paid) == []


def test_a_notice_that_was_never_sent_is_not_received() -> None:
    stray = fact("fee_notice_delivered", "2025-09-24")
    assert faults(stray) == ["fee_notice_not_asked"]
    assert due(stray) == "2025-10-17"


def test_a_fee_paid_late_moves_nothing() -> None:
    paid = fact("fee_paid", "2025-10-25")
    assert faults(NOTICE, paid) == ["fee_overdue"]
    reading = clock(NOTICE, paid, on="2025-10-27")
    assert (reading.waiting_for, str(reading.waiting_until)) == ("fee", "2025-10-24")


@pytest.mark.parametrize(
    ("asked", "codes"), [("2025-10-17", []), ("2025-10-18", ["fee_after_due"])]
)
def test_the_fee_is_notified_within_the_answer_term(asked: str, codes: list[str]) -> None:
    assert faults(fact("fee_asked", asked)) == codes


def test_the_fee_is_notified_once_and_paid_upon_notice() -> None:
    assert faults(NOTICE, fact("fee_asked", "2025-09-23")) == ["fee_repeated"]
    assert faults(fact("fee_paid", "2025-09-23")) == ["fee_not_asked"]


# 延迟答复 (条例第三十五条).

TOLD = fact("delayed", "2025-10-15", day="2025-11-20")


def test_a_told_day_is_the_due_day() -> None:
    reading = clock(TOLD, on="2025-10-17")
    assert (str(reading.due_on), reading.used) == ("2025-11-20", 20)
    assert reading.left == CALENDAR.workdays_between(reading.on, date(2025, 11, 20)) == 24
    assert reading.term == 44


def test_a_told_day_may_be_a_day_off() -> None:
    reading = clock(fact("delayed", "2025-10-15", day="2025-11-30"))
    assert str(reading.due_on) == "2025-11-30"
    assert reading.days[-1].text == "周末，不计入；到期日。"


@pytest.mark.parametrize(
    ("told", "day", "codes", "expected"),
    [
        ("2025-10-17", "2025-10-18", [], "2025-10-18"),
        ("2025-10-18", "2025-11-20", ["delay_after_due"], "2025-10-17"),
        ("2025-10-15", "2025-10-17", ["delay_not_later"], "2025-10-17"),
        ("2025-10-15", "2025-10-18", [], "2025-10-18"),
    ],
)
def test_the_day_is_told_in_time_and_lies_later(
    told: str, day: str, codes: list[str], expected: str
) -> None:
    delayed = fact("delayed", told, day=day)
    assert (faults(delayed), due(delayed)) == (codes, expected)


@pytest.mark.parametrize(
    ("day", "codes", "expected"),
    [("2025-10-31", ["delay_not_later"], "2025-10-31"), ("2025-11-01", [], "2025-11-01")],
)
def test_a_day_told_while_an_opinion_is_waited_for_lies_after_the_end_of_the_pause(
    day: str, codes: list[str], expected: str
) -> None:
    delayed = fact("delayed", "2025-09-22", day=day)
    assert (faults(SENT, BACK, delayed), due(SENT, BACK, delayed)) == (codes, expected)


def test_a_delay_without_a_day_moves_nothing() -> None:
    assert faults(fact("delayed", "2025-10-15")) == ["delay_without_day"]


def test_a_told_day_is_moved_by_no_second_one_nor_by_an_extension_nor_by_a_pause() -> None:
    again = fact("delayed", "2025-10-16", day="2025-12-01")
    assert (faults(TOLD, again), due(TOLD, again)) == (["delay_repeated"], "2025-11-20")
    longer = fact("extended", "2025-10-16", days=20)
    assert (faults(TOLD, longer), due(TOLD, longer)) == (["extension_after_delay"], "2025-11-20")
    sent = fact("consultation_sent", "2025-10-16")
    assert (faults(TOLD, sent), due(TOLD, sent)) == ([], "2025-11-20")


def test_while_the_fee_is_waited_for_the_told_day_does_not_stand() -> None:
    reading = clock(TOLD, fact("fee_asked", "2025-10-20"), on="2025-12-01")
    assert (reading.waiting_for, reading.ends_on) == ("fee", None)
    assert (reading.used, reading.left) == (21, 23)


def test_a_restart_begins_an_ordinary_term_again() -> None:
    paid = fact("fee_asked", "2025-10-20"), fact("fee_paid", "2025-10-24")
    assert due(TOLD, *paid) == "2025-11-21"


# The answer, and whether it was in time (国办公开办函〔2016〕235号).


@pytest.mark.parametrize(
    ("replied", "served", "in_time", "assumed"),
    [
        ("2025-10-17", None, True, True),
        ("2025-10-20", None, False, True),
        ("2025-10-15", "2025-10-17", True, False),
        ("2025-10-15", "2025-10-18", False, False),
    ],
)
def test_in_time_is_told_from_the_day_of_service(
    replied: str, served: str | None, in_time: bool, assumed: bool
) -> None:
    facts = [fact("replied", replied)] + ([fact("served", served)] if served else [])
    reading = clock(*facts, on="2025-10-31")
    assert (reading.in_time, reading.in_time_assumed) == (in_time, assumed)
    assert str(reading.due_on) == "2025-10-17"


def test_not_answered_yet() -> None:
    assert clock().in_time is None


def test_a_reply_stops_the_counting() -> None:
    reading = clock(fact("replied", "2025-09-19"), on="2025-10-31")
    assert (reading.used, reading.left, reading.overdue) == (4, 16, 0)
    assert shown(reading, "2025-09-19").text == "计入，第 4 个工作日；答复。"
    assert shown(reading, "2025-09-22").kind is DayMark.CLOSED
    assert reading.days[-1].text == "已于 09-19 答复，不再计算；到期日。"
    assert reading.days[-1].is_due


def test_a_late_answer_shows_the_days_it_was_late() -> None:
    facts = fact("replied", "2025-10-16"), fact("served", "2025-10-21")
    reading = clock(*facts, on="2025-10-31")
    assert reading.overdue == 2
    assert shown(reading, "2025-10-17").kind is DayMark.CLOSED
    assert shown(reading, "2025-10-20").kind is DayMark.LATE
    assert reading.days[-1].text == "逾期第 2 个工作日；答复送达。"


def test_given_up_while_nothing_runs_is_in_time() -> None:
    """There is nothing to be late with: what was waited for did not come."""
    closed = fact("replied", "2025-10-20", unanswered=True)
    reading = clock(fact("correction_asked", "2025-09-22", days=5), closed)
    assert reading.in_time
    assert (reading.waiting_for, reading.due_on) == ("", None)
    assert str(reading.days[-1].day) == "2025-10-20"


@pytest.mark.parametrize(("replied", "in_time"), [("2025-10-17", True), ("2025-10-20", False)])
@pytest.mark.parametrize("kind", ["correction", "fee"])
def test_answered_while_waiting_the_term_before_decides(
    kind: str, replied: str, in_time: bool
) -> None:
    """As ledgers have it: a correction or a fee asked, nothing received, and yet an answer."""
    asked = fact(f"{kind}_asked", "2025-09-22", days=15)
    reading = clock(asked, fact("replied", replied), on="2025-10-31")
    assert (reading.in_time, str(reading.ends_on)) == (in_time, "2025-10-17")
    assert [fault.code for fault in reading.irregularities] == ["answered_while_waiting"]


def test_an_answer_ends_the_wait_for_an_organ_that_has_no_term() -> None:
    """Sent 09-19 with 4 days used, answered 10-10: 16 days are left, as in the worked example."""
    sent = fact("consultation_sent", "2025-09-19", addressee="other_organ")
    served = fact("served", "2025-11-03")
    reading = clock(sent, fact("replied", "2025-10-10"), served, on="2025-11-05")
    assert (reading.in_time, str(reading.ends_on)) == (False, "2025-10-31")
    assert "不再等待其他机关意见；答复" in shown(reading, "2025-10-10").text


def test_opinion_and_reply_on_one_day() -> None:
    reading = clock(SENT, BACK, fact("replied", "2025-10-10"))
    assert shown(reading, "2025-10-10").text == "征求第三方意见，不计入；收到第三方意见；答复。"
    assert (reading.used, reading.left) == (4, 16)


def test_a_reply_ends_the_wait_for_an_opinion() -> None:
    reading = clock(SENT, fact("replied", "2025-09-25"), on="2025-09-26")
    assert (reading.waiting_for, reading.in_time) == ("", True)
    assert str(reading.due_on) == "2025-11-07"


@pytest.mark.parametrize(
    "after",
    [
        fact("extended", "2025-10-16", days=20),
        fact("correction_asked", "2025-10-16"),
        fact("fee_asked", "2025-10-16"),
        fact("consultation_sent", "2025-10-16"),
        fact("delayed", "2025-10-16", day="2025-11-20"),
    ],
    ids=lambda entry: entry.kind,
)
def test_what_comes_after_the_reply_moves_nothing(after: Fact) -> None:
    reply = fact("replied", "2025-10-15")
    assert faults(reply, after) == ["after_reply"]
    assert due(reply, after) == "2025-10-17"


def test_a_second_reply_leaves_the_first_in_its_place() -> None:
    facts = fact("replied", "2025-10-15"), fact("replied", "2026-03-02")
    assert clock(*facts).in_time
    assert faults(*facts) == []


def test_service_before_the_reply_is_reported() -> None:
    assert faults(fact("served", "2025-10-15"), fact("replied", "2025-10-15")) == []
    assert faults(fact("served", "2025-10-14"), fact("replied", "2025-10-15")) == [
        "served_before_reply"
    ]


# Facts that no term can take in.


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        (fact("extended", "2025-09-14", days=20), "before_receipt"),
        (fact("replied", "2025-09-14"), "before_receipt"),
        (fact("rumoured", "2025-09-16"), "unknown_kind"),
        (fact("replied", "9999-12-31"), "out_of_range"),
        (fact("delayed", "2025-10-15", day="9999-12-31"), "out_of_range"),
        (fact("correction_asked", "2025-09-22", days=10**9), "out_of_range"),
    ],
    ids=lambda value: value.kind if isinstance(value, Fact) else value,
)
def test_impossible_facts_are_reported_and_left_out(odd: Fact, code: str) -> None:
    reading = clock(odd)
    assert [fault.code for fault in reading.irregularities] == [code]
    assert (str(reading.due_on), reading.in_time) == ("2025-10-17", None)


def test_facts_on_the_day_of_receipt_count() -> None:
    sent = fact("consultation_sent", RECEIVED), fact("consultation_returned", "2025-09-16")
    assert due(*sent) == "2025-10-20"
    assert faults(*sent) == []


def test_irregularities_stand_in_the_order_of_their_days_with_article_and_sentence() -> None:
    reading = clock(
        fact("extended", "2025-10-20", days=20), fact("correction_received", "2025-09-16")
    )
    first, second = reading.irregularities
    assert (first.on, first.article) == (date(2025, 9, 16), "条例第三十条")
    assert second.text == "延期告知（2025-10-20）在到期日 2025-10-17 之后，不改变到期日。"
    assert second.article == "条例第三十三条"


# The strip and the calculation, as a clerk and a court read them.


@pytest.mark.parametrize(
    ("day", "kind", "number", "text", "source"),
    [
        ("2025-09-15", "received", None, "收到日，当日不计入。", "条例第三十一条"),
        ("2025-09-16", "count", 1, "计入，第 1 个工作日。", "条例第三十三条"),
        (
            "2025-09-19",
            "count",
            4,
            "计入，第 4 个工作日；发出第三方征求意见书。",
            "条例第三十三条",
        ),
        ("2025-09-20", "weekend", None, "周末，不计入。", "条例第三十三条"),
        ("2025-09-22", "pause", None, "征求第三方意见，不计入。", "条例第三十二条"),
        (
            "2025-09-28",
            "pause",
            None,
            "征求第三方意见，不计入；当日为调休上班。",
            "条例第三十二条；国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）",
        ),
        (
            "2025-10-04",
            "holiday",
            None,
            "国庆节、中秋节放假，不计入。",
            "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）",
        ),
        ("2025-10-10", "pause", None, "征求第三方意见，不计入；收到第三方意见。", "条例第三十二条"),
        (
            "2025-10-11",
            "count",
            5,
            "计入，第 5 个工作日；调休上班。",
            "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）",
        ),
        ("2025-10-31", "count", 20, "计入，第 20 个工作日；到期日。", "条例第三十三条"),
    ],
)
def test_each_day_in_words(day: str, kind: str, number: int | None, text: str, source: str) -> None:
    entry = shown(clock(SENT, BACK), day)
    assert (entry.kind, entry.number, entry.text, entry.source) == (kind, number, text, source)
    assert entry.is_due == (day == "2025-10-31")


def test_the_calculation_in_rows() -> None:
    rows = [
        (f"{span.first:%m-%d}", f"{span.last:%m-%d}", span.text, span.note, span.counted)
        for span in clock(SENT, BACK).spans
    ]
    assert rows == [
        ("09-15", "09-15", "收到申请，当日不计入", "", 0),
        ("09-16", "09-19", "计入", "", 4),
        (
            "09-20",
            "10-10",
            "09-19 发出第三方征求意见书，10-10 收到意见，其间不计",
            "其中工作日 10 日，周末、节假日 11 日",
            0,
        ),
        ("10-11", "10-31", "计入", "10-11 星期六调休上班，计入；周末 5 日不计", 16),
    ]


def test_waiting_and_restart_in_words() -> None:
    reading = clock(
        fact("correction_asked", "2025-09-22"), fact("correction_received", "2025-09-28")
    )
    assert shown(reading, "2025-09-22").text == "计入，第 5 个工作日；告知补正。"
    assert shown(reading, "2025-09-23").text == "等待申请人补正，不计入。"
    restart = shown(reading, "2025-09-28")
    assert (restart.kind, restart.number, restart.worked) == (DayMark.RESTART, None, True)
    assert restart.text == "收到补正申请，当日不计入，次日起重新计算。"
    assert shown(reading, "2025-09-29").number == 1


# Properties: whatever the facts, in whatever order.

START = date(2025, 9, 15)
KINDS = [
    "correction_asked",
    "correction_received",
    "consultation_sent",
    "consultation_delivered",
    "consultation_returned",
    "consultation_ended",
    "extended",
    "delayed",
    "fee_asked",
    "fee_notice_delivered",
    "fee_paid",
    "replied",
    "served",
]
SOME_DAY = st.integers(-3, 120).map(lambda n: START + timedelta(days=n))


def facts_of(kinds: list[str]) -> st.SearchStrategy[list[Fact]]:
    return st.lists(
        st.builds(
            Fact,
            kind=st.sampled_from(kinds),
            on=SOME_DAY,
            key=st.sampled_from(["", "b"]),
            days=st.none() | st.integers(-1, 25),
            day=st.none() | SOME_DAY,
            addressee=st.sampled_from(["third_party", "co_producer", "other_organ", "?"]),
        ),
        max_size=8,
    )


@settings(deadline=None)
@given(facts_of(KINDS), SOME_DAY, st.randoms(use_true_random=False))
def test_any_facts_give_one_consistent_reading(facts: list[Fact], on: date, random: Random) -> None:
    reading = run_clock(START, facts, CALENDAR, on)
    assert reading.used + reading.left == reading.term
    assert reading.used >= 0
    assert reading.left >= 0
    assert (reading.due_on is None) or (reading.due_on == reading.ends_on)
    assert not (reading.waiting_for and reading.due_on)
    assert reading.ends_on == run_clock(START, facts, CALENDAR, date(2030, 1, 1)).ends_on
    days = [entry.day for entry in reading.days]
    assert days == [START + timedelta(days=n) for n in range(len(days))]
    assert [entry.day for entry in reading.days if entry.is_due] in ([reading.ends_on], [])
    assert sum(span.counted for span in reading.spans) == sum(d.counted for d in reading.days)
    assert all(CALENDAR.is_workday(entry.day) for entry in reading.days if entry.counted)
    if reading.ends_on and not any(entry.kind == "delayed" for entry in facts):
        assert CALENDAR.is_workday(reading.ends_on)
    # Facts of one day and kind are alike but for their order, so only others may be shuffled.
    if len({(entry.on, entry.kind) for entry in facts}) == len(facts):
        shuffled = random.sample(facts, len(facts))
        assert run_clock(START, shuffled, CALENDAR, on) == reading


LAW_ABIDING = facts_of(["consultation_sent", "consultation_delivered", "consultation_returned"])


@settings(deadline=None)
@given(LAW_ABIDING, SOME_DAY, st.integers(0, 40), st.integers(1, 20))
def test_a_pause_more_never_brings_the_date_forward(
    facts: list[Fact], sent_on: date, length: int, extension: int
) -> None:
    facts = [*facts, Fact("extended", START + timedelta(days=21), days=extension)]
    pause = [
        Fact("consultation_sent", sent_on, key="more"),
        Fact("consultation_returned", sent_on + timedelta(days=length), key="more"),
    ]
    before = run_clock(START, facts, CALENDAR, START).ends_on
    after = run_clock(START, [*facts, *pause], CALENDAR, START).ends_on
    never = date.max  # a letter to another organ that nobody answers
    assert (after or never) >= (before or never)


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(0, 60), st.integers(0, 30), st.integers(0, 60))
def test_overlapping_pauses_are_their_union(
    first: int, length: int, offset: int, other_length: int
) -> None:
    """Two letters of another organ, and one that covers both, leave the same date."""
    offset = min(offset, length)  # they touch or overlap
    end = max(length, offset + other_length)

    def pause(key: str, after: int, days: int) -> list[Fact]:
        sent = START + timedelta(days=after)
        return [
            Fact("consultation_sent", sent, key=key, addressee="other_organ"),
            Fact("consultation_returned", sent + timedelta(days=days), key=key),
        ]

    both = [*pause("a", first, length), *pause("b", first + offset, other_length)]
    one = pause("a", first, end)
    assert (
        run_clock(START, both, CALENDAR, START).ends_on
        == run_clock(START, one, CALENDAR, START).ends_on
    )
