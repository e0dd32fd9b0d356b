"""The sentence above the strip: why this case took the days it took."""

from datetime import date

import pytest

from cases.clock import Clock, Fact, FactKind, run_clock
from cases.decreed import decreed_calendar
from cases.explaining import explain
from cases.workdays import Calendar

CALENDAR = decreed_calendar()
RECEIVED, TODAY = date(2025, 9, 15), date(2025, 10, 27)
SENT = Fact(FactKind.CONSULTATION_SENT, date(2025, 9, 19), key="1")
BACK = Fact(FactKind.CONSULTATION_RETURNED, date(2025, 10, 10), key="1")
LETTER = "09-19 发出第三方征求意见书，10-10 收到意见"


def fact(kind: FactKind, month: int, day: int, **fields: int) -> Fact:
    return Fact(kind, date(2025, month, day), **fields)  # type: ignore[arg-type]


def said(*facts: Fact, on: date = TODAY, received: date | None = RECEIVED) -> str:
    return explain(run_clock(received, facts, CALENDAR, on))


def test_plain() -> None:
    assert said(on=date(2025, 9, 30)) == "答复期限 20 个工作日，自次日起计，到期日 2025-10-17。"


def test_on_the_due_day_and_the_day_after() -> None:
    plain = "答复期限 20 个工作日，自次日起计，到期日 2025-10-17"
    assert said(on=date(2025, 10, 17)) == f"{plain}。"
    assert said(on=date(2025, 10, 18)) == f"{plain}。"  # a Saturday: no working day has passed
    assert said(on=date(2025, 10, 20)) == f"{plain} 已过 1 个工作日，尚未答复。"


def test_answered_in_time() -> None:
    served = fact(FactKind.SERVED, 10, 17)
    assert said(fact(FactKind.REPLIED, 10, 17), served) == (
        "答复期限 20 个工作日。历时 20 个工作日，未超过期限。"
    )
    assert said(fact(FactKind.REPLIED, 10, 11)).endswith(
        "历时 15 个工作日，未超过期限（送达日未记录，暂以答复日认定）。"
    )  # 10-11 is a worked Saturday


def test_extended() -> None:
    told = fact(FactKind.EXTENDED, 10, 15, days=6)
    assert said(told) == (
        "答复期限 20 个工作日，经批准延期 6 个工作日，共 26 个工作日，"
        "自次日起计，到期日 2025-10-27。"
    )


def test_an_extension_told_late_adds_nothing() -> None:
    assert "经批准延期" not in said(fact(FactKind.EXTENDED, 10, 20, days=6))


def test_paused_and_answered() -> None:
    """Ten working days of the pause do not count: 22–26, 28 (worked), 29, 30, and 10-09, 10-10."""
    answer = fact(FactKind.REPLIED, 10, 27), fact(FactKind.SERVED, 10, 27)
    assert said(SENT, BACK, *answer) == (
        "答复期限 20 个工作日。"
        f"历时 26 个工作日，扣除征求意见 10 个工作日（{LETTER}），计 16 个工作日，未超过期限。"
    )


def test_paused_and_running() -> None:
    assert said(SENT, BACK) == (
        "答复期限 20 个工作日，自次日起计，"
        f"扣除征求意见 10 个工作日（{LETTER}），到期日 2025-10-31。"
    )


def test_each_pause_has_its_document() -> None:
    again = Fact(FactKind.CONSULTATION_SENT, date(2025, 10, 14), key="2", addressee="other_organ")
    back = Fact(FactKind.CONSULTATION_RETURNED, date(2025, 10, 16), key="2")
    text = said(SENT, BACK, again, back)
    assert (
        f"扣除征求意见 12 个工作日（{LETTER}；10-14 发出其他机关征求意见函，10-16 收到意见）"
        in text
    )


def test_overlapping_pauses_are_deducted_once() -> None:
    both = Fact(FactKind.CONSULTATION_SENT, date(2025, 9, 22), key="2", addressee="other_organ")
    back = Fact(FactKind.CONSULTATION_RETURNED, date(2025, 9, 26), key="2")
    assert "扣除征求意见 10 个工作日（" in said(SENT, BACK, both, back)


def test_waiting_for_an_opinion() -> None:
    assert said(SENT, on=date(2025, 9, 30)) == (
        "答复期限 20 个工作日，已用 4 个工作日；09-19 发出第三方征求意见书，"
        "10-16 意见期满（送达日未记录，自发出次日推定），自发出次日停止计算，"
        "意见期满日 2025-10-16。"
    )


def test_waiting_for_another_organ_has_no_term() -> None:
    asked = Fact(FactKind.CONSULTATION_SENT, date(2025, 9, 19), key="1", addressee="other_organ")
    assert said(asked).endswith("尚未收到意见，自发出次日停止计算，意见没有法定期限。")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (
            FactKind.CORRECTION_ASKED,
            "09-22 告知补正，等待申请人补正期间不计，期满日 2025-10-17；"
            "此后自次日起重新计算 20 个工作日。",
        ),
        (
            FactKind.FEE_ASKED,
            "09-22 通知缴费，等待申请人缴费期间不计，期满日 2025-10-24；"
            "此后自次日起重新计算 20 个工作日。",
        ),
    ],
)
def test_waiting_for_the_applicant(kind: FactKind, sentence: str) -> None:
    assert said(fact(kind, 9, 22), on=date(2025, 9, 30)) == sentence


def test_given_up_while_waiting() -> None:
    asked = fact(FactKind.CORRECTION_ASKED, 9, 22)
    closed = fact(FactKind.REPLIED, 10, 22, unanswered=True)
    assert said(asked, closed).endswith("等待申请人补正期间不计；已经办结，不再计算。")


def test_restarted() -> None:
    asked = fact(FactKind.CORRECTION_ASKED, 9, 22)
    assert said(asked, fact(FactKind.CORRECTION_RECEIVED, 9, 28)) == (
        "09-28 收到补正申请，期限自次日重新计算。"
        "答复期限 20 个工作日，自次日起计，到期日 2025-10-31。"
    )


def test_a_pause_before_the_restart_is_moot() -> None:
    """What was deducted from a run that no longer counts explains nothing."""
    asked = fact(FactKind.CORRECTION_ASKED, 10, 13)
    text = said(SENT, BACK, asked, fact(FactKind.CORRECTION_RECEIVED, 10, 20))
    assert "扣除" not in text and text.startswith("10-20 收到补正申请")


def test_delayed() -> None:
    told = Fact(FactKind.DELAYED, date(2025, 10, 15), day=date(2025, 11, 20))
    assert said(told) == ("已告知申请人延迟至 2025-11-20 答复，到期日 2025-11-20。")


def test_late() -> None:
    answer = fact(FactKind.REPLIED, 10, 16), fact(FactKind.SERVED, 10, 21)
    assert said(*answer) == (
        "答复期限 20 个工作日。历时 21 个工作日，超过到期日 2025-10-17 2 个工作日。"
    )


def test_provisional() -> None:
    known = Calendar([], [2025])
    clock = run_clock(date(2025, 12, 20), [], known, date(2025, 12, 22))
    assert explain(clock).endswith("所涉年份的放假安排尚未公布，日期暂定。")


def test_not_received_yet() -> None:
    assert said(received=None) == ""


def test_the_sentence_agrees_with_the_clock() -> None:
    clock: Clock = run_clock(RECEIVED, [SENT, BACK], CALENDAR, TODAY)
    assert f"{clock.ends_on}" in explain(clock)
    assert (clock.extended_by, clock.delayed_to) == (0, None)
