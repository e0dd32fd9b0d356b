"""Lamps: colour and words on both sides of each boundary, in working days."""

from datetime import date

import pytest

from cases.choices import ServiceMethod, Stage
from cases.decreed import decreed_calendar
from cases.lamps import LAMP_KEY, Lamp, lamp_of, running_lamp, service_words
from cases.models import Case

CALENDAR = decreed_calendar()
DUE = date(2025, 10, 31)  # a Friday


@pytest.mark.parametrize(
    ("on", "css", "text"),
    [
        ("2025-10-22", "green", "剩 7 日"),
        ("2025-10-23", "green", "剩 6 日"),
        ("2025-10-24", "amber", "剩 5 日"),
        ("2025-10-25", "amber", "剩 5 日"),  # a Saturday takes no day away
        ("2025-10-28", "amber", "剩 3 日"),
        ("2025-10-29", "red", "剩 2 日"),
        ("2025-10-30", "red", "剩 1 日"),
        ("2025-10-31", "red", "今日到期"),
        ("2025-11-01", "black", "已逾期"),  # past, but no working day yet
        ("2025-11-02", "black", "已逾期"),
        ("2025-11-03", "black", "逾期 1 日"),
        ("2025-11-04", "black", "逾期 2 日"),
    ],
)
def test_the_colour_follows_the_working_days_left(on: str, css: str, text: str) -> None:
    lamp = running_lamp(DUE, on=date.fromisoformat(on), calendar=CALENDAR)
    assert lamp == Lamp(css, text)


def test_the_worked_saturday_counts() -> None:
    """2025-10-11 is a Saturday worked by decree."""
    lamp = running_lamp(date(2025, 10, 13), on=date(2025, 10, 10), calendar=CALENDAR)
    assert lamp.text == "剩 2 日"


def stored(**fields: object) -> Case:
    """A case as its columns say; the stage is what the database would compute."""
    case = Case(ends_on=DUE, received_on=date(2025, 9, 15), **fields)
    return case


@pytest.mark.parametrize(
    ("case", "css", "text"),
    [
        (stored(stage=Stage.OPEN), "amber", "剩 4 日"),
        (stored(stage=Stage.UNSERVED, closed_on=date(2025, 10, 24)), "amber", "剩 4 日"),
        (stored(stage=Stage.VOID), "off", "已作废"),
        (Case(stage=Stage.UNCONFIRMED, waiting_for="confirmation"), "off", "未起算"),
        (
            Case(stage=Stage.OPEN, waiting_for="correction", waiting_until=date(2025, 10, 27)),
            "off",
            "未起算",
        ),
        (
            Case(stage=Stage.OPEN, waiting_for="correction", waiting_until=date(2025, 10, 26)),
            "off",
            "补正期满",
        ),
        (
            Case(stage=Stage.OPEN, waiting_for="fee", waiting_until=date(2025, 10, 24)),
            "off",
            "缴费期满",
        ),
        (stored(stage=Stage.CLOSED, closed_on=DUE), "done", "按时办结"),
        (stored(stage=Stage.CLOSED, closed_on=date(2025, 11, 3)), "done", "逾期 1 日办结"),
        (stored(stage=Stage.CLOSED, closed_on=date(2025, 11, 1)), "done", "逾期办结"),
        (
            stored(stage=Stage.CLOSED, closed_on=DUE, served_on=date(2025, 11, 4)),
            "done",
            "逾期 2 日办结",
        ),
        (
            Case(stage=Stage.CLOSED, closed_on=DUE, received_on=date(2025, 9, 15)),
            "done",
            "按时办结",  # closed while a correction was waited for
        ),
    ],
)
def test_each_stage_has_its_lamp(case: Case, css: str, text: str) -> None:
    assert lamp_of(case, on=date(2025, 10, 27), calendar=CALENDAR) == Lamp(css, text)


def test_a_silent_third_party_no_longer_stops_the_lamp() -> None:
    """The day after its term the opinion is waited for no more (条例32)."""
    case = stored(stage=Stage.OPEN, waiting_for="consultation", waiting_until=date(2025, 10, 24))
    assert lamp_of(case, on=date(2025, 10, 27), calendar=CALENDAR).css == "amber"


def test_the_key_has_a_lamp_of_each_shape() -> None:
    shapes = ["green", "amber", "red", "black", "pause", "off", "done"]
    assert [lamp.css for lamp in LAMP_KEY] == shapes


RECEIVED = date(2025, 9, 15)
TODAY = date(2025, 11, 3)


def service(
    *,
    closed_on: date | None,
    served_on: date | None = None,
    method: str = "",
    ends_on: date | None = DUE,
) -> tuple[bool | None, str]:
    """What is said of a reply on these days to an application of 2025-09-15, on 2025-11-03."""
    return service_words(
        ends_on,
        closed_on=closed_on,
        service_method=method,
        served_on=served_on,
        received_on=RECEIVED,
        today=TODAY,
        calendar=CALENDAR,
    )


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (ServiceMethod.POST, "交邮日"),
        (ServiceMethod.IN_PERSON, "签收日"),
        (ServiceMethod.EMAIL, "发出日"),
        (ServiceMethod.PORTAL, "发布日"),
    ],
)
def test_each_way_of_service_has_its_own_day(method: str, words: str) -> None:
    """国办公开办函〔2016〕235号"""
    in_time, sentence = service(closed_on=date(2025, 10, 30), method=method, served_on=DUE)
    assert in_time is True
    assert sentence == f"按时：以{words} 10-31 认定，为到期日当日。"


def test_the_day_after_is_late() -> None:
    in_time, sentence = service(closed_on=DUE, method="post", served_on=TODAY)
    assert in_time is False
    assert sentence == "逾期：以交邮日 11-03 认定，到期日 2025-10-31 已过 1 个工作日。"


def test_without_a_due_day_nobody_judges() -> None:
    assert service(closed_on=DUE, ends_on=None) == (None, "期限没有在计算，不判断是否按时。")


@pytest.mark.parametrize(
    ("closed_on", "served_on", "sentence"),
    [
        ("2025-09-14", "", "答复日期：不能早于收到日期 2025-09-15。"),
        ("2025-11-04", "", "答复日期：2025-11-04 还没有到，不能填将来的日期。"),
        ("2025-10-30", "2025-10-29", "送达日期：不能早于答复日期 2025-10-30。"),
        ("2025-10-30", "2025-11-04", "送达日期：2025-11-04 还没有到，不能填将来的日期。"),
        ("", "2025-09-14", "送达日期：不能早于收到日期 2025-09-15。"),
    ],
)
def test_days_that_will_be_refused_are_not_judged(
    closed_on: str, served_on: str, sentence: str
) -> None:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    answer = service(closed_on=day(closed_on), served_on=day(served_on), method="post")
    assert answer == (None, sentence)


def test_the_day_of_receipt_and_today_are_judged() -> None:
    assert service(closed_on=RECEIVED)[0] is True
    assert service(closed_on=TODAY)[0] is False
