"""What a case reminds of, on both sides of each boundary: pure."""

from datetime import date

import pytest

from cases.choices import NoticeKind
from cases.decreed import decreed_calendar
from cases.reminders import Opinion, Reminder, Reminding, Standing, reminders_of

CALENDAR = decreed_calendar()
DUE = date(2025, 10, 17)  # a Friday; 2025-10-11 is a worked Saturday, 10-01 to 10-08 are off


def kinds(case: Standing, on: str) -> list[str]:
    found = reminders_of(case, on=date.fromisoformat(on), calendar=CALENDAR)
    return [str(reminder.kind) for reminder in found]


def running(due: date = DUE, **fields: bool) -> Standing:
    return Standing(**{"open": True, "unserved": False, "ends_on": due} | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-10-09", []),  # seven left: 10, 11, 13, 14, 15, 16, 17
        ("2025-10-10", []),  # six left
        ("2025-10-11", ["due_in_5"]),  # the worked Saturday: five left
        ("2025-10-12", []),  # a Sunday
        ("2025-10-14", ["due_in_5"]),  # three left: caught up when nobody asked before
        ("2025-10-15", ["due_in_2"]),
        ("2025-10-16", ["due_in_2"]),
        ("2025-10-17", ["due_today"]),
        ("2025-10-18", []),  # a Saturday: nobody is told on a day off
        ("2025-10-20", ["overdue"]),
        ("2025-11-20", ["overdue"]),
    ],
)
def test_the_due_day_is_reminded_of_in_working_days(on: str, expected: list[str]) -> None:
    assert kinds(running(), on) == expected


def test_the_words_have_the_days_that_are_left() -> None:
    def text(on: date, case: Standing) -> str:
        return reminders_of(case, on=on, calendar=CALENDAR)[0].text

    assert text(date(2025, 10, 14), running()) == (
        "还有 3 个工作日到期，须在 2025-10-17 前答复并送达。"
    )
    answered = running(open=False, unserved=True)
    assert text(DUE, answered) == "今日到期，须在今日送达。"
    assert text(date(2025, 10, 21), answered) == ("到期日 2025-10-17 已过 2 个工作日，尚未送达。")
    soon = running(date(2027, 1, 6), provisional=True)
    assert "2027-01-06（暂定）" in text(date(2026, 12, 31), soon)


def test_over_the_turn_of_the_year() -> None:
    """2026-01-01 to 01-03 are off, 01-04 is a worked Sunday."""
    due = date(2026, 1, 5)
    assert kinds(running(due), "2025-12-29") == ["due_in_5"]  # 30, 31, 4, 5: four left
    assert kinds(running(due), "2025-12-31") == ["due_in_2"]
    assert kinds(running(due), "2026-01-02") == []
    assert kinds(running(due), "2026-01-04") == ["due_in_2"]


def test_a_told_day_that_is_a_day_off_is_answered_on_the_last_working_day() -> None:
    sunday = running(date(2025, 10, 19))
    assert kinds(sunday, "2025-10-17") == ["due_today"]
    found = reminders_of(sunday, on=date(2025, 10, 17), calendar=CALENDAR)
    assert found[0].text == "到期日 2025-10-19 前已没有工作日，须在今日答复并送达。"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-10-15", ["due_in_2"]),
        ("2025-10-16", ["due_in_2", "extension"]),
        ("2025-10-17", ["due_today", "extension"]),
        ("2025-10-20", ["overdue"]),  # the day after, nothing can be extended (条例33)
    ],
)
def test_an_extension_has_to_be_told_by_the_due_day(on: str, expected: list[str]) -> None:
    assert kinds(running(may_extend=True), on) == expected


@pytest.mark.parametrize(
    ("waiting", "kind"),
    [
        ("consultation", Reminding.OPINION_PASSED),
        ("correction", Reminding.CORRECTION_PASSED),
        ("fee", Reminding.FEE_PASSED),
    ],
)
def test_a_term_of_waiting_is_reminded_of_the_day_after(waiting: str, kind: str) -> None:
    until = date(2025, 10, 10)
    asked = Opinion("1", "第三方", date(2025, 9, 10), until)
    opinions = (asked,) if waiting == "consultation" else ()
    case = Standing(True, False, None, waiting_for=waiting, waiting_until=until, opinions=opinions)
    assert kinds(case, "2025-10-10") == []
    assert kinds(case, "2025-10-11") == [kind]  # the worked Saturday
    (reminder,) = reminders_of(case, on=date(2025, 10, 11), calendar=CALENDAR)
    assert isinstance(reminder, Reminder)
    assert (reminder.due_on, "2025-10-10" in reminder.text) == (until, True)


def test_no_due_day_is_reminded_of_while_the_clock_stands_still() -> None:
    waiting = {"waiting_for": "consultation", "waiting_until": date(2025, 10, 16)}
    opinion = Opinion("1", "第三方", date(2025, 9, 19), date(2025, 10, 16))
    asked = Standing(True, False, DUE, opinions=(opinion,), **waiting)  # type: ignore[arg-type]
    assert kinds(asked, "2025-10-16") == []
    assert kinds(asked, "2025-10-17") == ["opinion_passed", "due_today"]
    endless = Standing(True, False, DUE, waiting_for="consultation")
    assert kinds(endless, "2025-10-17") == []


def test_each_opinion_has_its_own_reminder_also_of_one_day() -> None:
    sent = date(2025, 9, 19)
    first, second, later = (date(2025, 10, day) for day in (10, 10, 20))
    opinions = tuple(
        Opinion(key, of, sent, until)
        for key, of, until in (
            ("1", "第三方", first),
            ("2", "其他机关", later),
            ("3", "共同制作机关", second),
        )
    )
    case = Standing(True, False, None, "consultation", later, opinions=opinions)

    def said(on: date) -> list[tuple[str, date, str]]:
        found = reminders_of(case, on=on, calendar=CALENDAR)
        return [(reminder.letter, reminder.due_on, reminder.text) for reminder in found]

    def words(of: str, until: date, waits: str) -> str:
        return f"{of}（09-19 发函）的意见期限 {until} 已过，没有收到意见，{waits}。"

    assert said(first) == []
    stopped, resumed = "其他意见还在征求，答复期限仍停止计算", "答复期限已恢复计算"
    assert said(date(2025, 10, 20)) == [
        ("1", first, words("第三方", first, stopped)),
        ("3", first, words("共同制作机关", first, stopped)),
    ]
    assert said(date(2025, 10, 21)) == [
        ("1", first, words("第三方", first, resumed)),
        ("2", later, words("其他机关", later, resumed)),
        ("3", first, words("共同制作机关", first, resumed)),
    ]


def test_an_ended_case_reminds_of_nothing() -> None:
    assert kinds(Standing(False, False, DUE), "2025-10-17") == []


def test_each_reminding_has_a_label() -> None:
    assert {*Reminding} == {kind.value for kind in NoticeKind} - {NoticeKind.CLOCK_MOVED}
