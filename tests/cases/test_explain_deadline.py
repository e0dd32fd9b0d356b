"""`manage.py explain_deadline`: the clock on the command line, on the stored calendar."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.decreed import decreed_calendar
from cases.models import DecreedDay, ScheduleYear
from cases.models.calendar import load_calendar

pytestmark = pytest.mark.django_db


def explain(*events: str, received: str = "2025-09-15", on: str = "2025-10-17") -> dict[str, Any]:
    out = StringIO()
    asked = [part for event in events for part in ("--event", event)]
    call_command(
        "explain_deadline", "--received", received, "--on", on, "--json", *asked, stdout=out
    )
    return json.loads(out.getvalue())


def explain_in_words(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("explain_deadline", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_stored_calendar_is_the_decreed_one_and_takes_two_queries() -> None:
    decreed = decreed_calendar()
    with CaptureQueriesContext(connection) as queries:
        stored = load_calendar()
    assert len(queries) == 2
    for day in (date(2025, 9, 28), date(2025, 10, 4), date(2020, 1, 31), date(2004, 1, 22)):
        assert stored.decreed(day) == decreed.decreed(day)
    assert [stored.has_schedule(year) for year in (2003, 2004, 2026, 2027)] == [
        False,
        True,
        True,
        False,
    ]
    assert DecreedDay.objects.filter(off=False).count() == 150


def test_json_has_every_part_of_the_clock() -> None:
    reading = explain(
        "consultation_sent:2025-09-19", "consultation_returned:2025-10-10", on="2025-10-27"
    )
    assert {key: value for key, value in reading.items() if key != "days"} == {
        "received_on": "2025-09-15",
        "on": "2025-10-27",
        "due_on": "2025-10-31",
        "waiting_for": "",
        "waiting_until": None,
        "waiting_assumed": False,
        "ends_on": "2025-10-31",
        "used": 16,
        "left": 4,
        "term": 20,
        "provisional": False,
        "in_time": None,
        "in_time_assumed": False,
        "irregularities": [],
    }
    assert len(reading["days"]) == 47
    assert reading["days"][26] == {
        "day": "2025-10-11",
        "kind": "count",
        "counted": True,
        "number": 5,
        "text": "计入，第 5 个工作日；调休上班。",
        "source": "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）",
    }


@pytest.mark.parametrize(
    ("events", "due_on"),
    [
        (["extended:2025-10-15:20"], "2025-11-14"),
        (["extended:2025-10-20:20"], "2025-10-17"),
        (
            [
                "consultation_sent:2025-09-19",
                "consultation_returned:2025-10-10",
                "extended:2025-10-20:20",
            ],
            "2025-11-28",
        ),
        (["correction_asked:2025-09-22", "correction_received:2025-09-28"], "2025-10-31"),
        (["delayed:2025-10-15:2025-11-20"], "2025-11-20"),
        (["fee_asked:2025-09-22", "fee_paid:2025-10-24"], "2025-11-21"),
        (
            [
                "consultation_sent:2025-09-19",
                "consultation_returned:2025-10-10",
                "consultation_sent:2025-09-25@b=other_organ",
                "consultation_returned:2025-10-14@b",
            ],
            "2025-11-05",
        ),
    ],
)
def test_events_move_the_date(events: list[str], due_on: str) -> None:
    assert explain(*events)["due_on"] == due_on


def test_what_is_assumed_is_marked() -> None:
    """What nobody recorded: the delivery of a letter, the service of a reply."""
    asked = explain("consultation_sent:2025-09-19", on="2025-09-26")
    assert (asked["waiting_until"], asked["waiting_assumed"]) == ("2025-10-16", True)
    known = explain(
        "consultation_sent:2025-09-19", "consultation_delivered:2025-09-22", on="2025-09-26"
    )
    assert (known["waiting_until"], known["waiting_assumed"]) == ("2025-10-17", False)
    replied = explain("replied:2025-10-16", on="2025-10-27")
    assert (replied["in_time"], replied["in_time_assumed"]) == (True, True)
    served = explain("replied:2025-10-16", "served:2025-10-17", on="2025-10-27")
    assert (served["in_time"], served["in_time_assumed"]) == (True, False)


def test_an_irregularity_comes_with_its_article() -> None:
    assert explain("extended:2025-10-20:20")["irregularities"] == [
        {
            "code": "extension_after_due",
            "on": "2025-10-20",
            "text": "延期告知（2025-10-20）在到期日 2025-10-17 之后，不改变到期日。",
            "article": "条例第三十三条",
        }
    ]


def test_a_wait_names_what_and_until_when() -> None:
    reading = explain("correction_asked:2025-09-22:10", on="2025-09-26")
    assert (reading["due_on"], reading["waiting_for"]) == (None, "correction")
    assert reading["waiting_until"] == "2025-10-11"
    organ = explain("consultation_sent:2025-09-19=other_organ", on="2025-09-26")
    assert (organ["waiting_for"], organ["waiting_until"]) == ("consultation", None)


def test_in_words() -> None:
    lines = explain_in_words("--received", "2025-09-15", "--on", "2025-10-16")
    assert lines[:4] == [
        "收到日：2025-09-15 星期一；截至：2025-10-16 星期四",
        "到期日：2025-10-17 星期五",
        "期限 20 个工作日：已用 19 日，剩余 1 日",
        "逐日计算：",
    ]
    assert lines[4] == "  2025-09-15 星期一  收到日，当日不计入。〔条例第三十一条〕"
    assert lines[-1] == ("  2025-10-17 星期五  计入，第 20 个工作日；到期日。〔条例第三十三条〕")


def test_waiting_late_and_provisional_in_words() -> None:
    sent = ("--event", "consultation_sent:2025-09-19")
    waiting = explain_in_words("--received", "2025-09-15", "--on", "2025-09-26", *sent)
    assert waiting[1] == (
        "征求意见中，期限至 2025-10-16 星期四（送达日未记录，自发出次日推定）；"
        "期满未答复的，到期日为 2025-11-07 星期五"
    )
    late = explain_in_words(
        "--received", "2025-09-15", "--on", "2025-10-27", "--event", "extended:2025-10-20:5"
    )
    assert late[2] == "期限 20 个工作日：已用 20 日，剩余 0 日，逾期 6 个工作日"
    assert late[3].startswith("不合规：延期告知（2025-10-20）")
    provisional = explain_in_words("--received", "2026-12-04", "--on", "2026-12-07")
    assert provisional[1] == "到期日：2027-01-01 星期五（暂定：所涉年份的放假安排尚未公布）"


def test_an_answer_in_words() -> None:
    late = explain_in_words(
        *("--received", "2025-09-15", "--on", "2025-10-27", "--event", "replied:2025-10-20")
    )
    assert late[3] == "答复已逾期（没有送达日，按答复日推定）"
    stopped = explain_in_words(
        *("--received", "2025-09-15", "--on", "2025-10-27"),
        *("--event", "fee_asked:2025-09-22", "--event", "replied:2025-10-27"),
    )
    assert stopped[1] == "到期日：2025-10-17 星期五"
    assert "不合规：等待申请人缴费期间（2025-10-27）答复" in "\n".join(stopped)


def test_a_schedule_entered_later_takes_the_date_out_of_doubt() -> None:
    assert explain(received="2026-12-04")["provisional"]
    ScheduleYear.objects.create(year=2027, notice="国务院办公厅关于2027年部分节假日安排的通知")
    DecreedDay.objects.create(day=date(2027, 1, 1), off=True, name="元旦", notice="同上")
    reading = explain(received="2026-12-04")
    assert (reading["due_on"], reading["provisional"]) == ("2027-01-04", False)


def test_today_is_the_day_unless_another_is_given() -> None:
    assert "截至：" in explain_in_words("--received", "2025-09-15")[0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "请写明收到日"),
        (["--received", "2025-02-30"], "“2025-02-30”不是有效日期"),
        (["--received", "20250915"], "“20250915”不是有效日期"),
        (["--received", "9999-12-31"], "超出可计算的范围"),
        (["--received", "2025-09-15", "--on", "昨天"], "“昨天”不是有效日期"),
    ],
)
def test_bad_days_get_a_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("explain_deadline", *arguments)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ("extended", "写法不对"),
        ("", "写法不对"),
        ("fee_paid:2025-09-28:", "没有第三段"),
        ("rumoured:2025-09-22", "不认识的事项“rumoured”；可用的有 correction_asked、"),
        ("fee_paid:2025-13-01", "“2025-13-01”不是有效日期"),
        ("extended:2025-10-15", "延期须写明工作日数"),
        ("extended:2025-10-15:", "延期须写明工作日数"),
        ("extended:2025-10-15:21", "延期为 1 至 20 个工作日，不能是“21”"),
        ("extended:2025-10-15:0", "延期为 1 至 20 个工作日"),
        ("extended:2025-10-15:-5", "延期为 1 至 20 个工作日"),
        ("extended:2025-10-15:²", "延期为 1 至 20 个工作日"),
        ("correction_asked:2025-09-22:x", "补正期限应为工作日数"),
        ("delayed:2025-10-15", "请写明延迟答复的答复日"),
        ("delayed:2025-10-15:20", "“20”不是有效日期"),
        ("replied:2025-10-15:3", "没有第三段"),
        ("extended:2025-10-15:5@b", "不能带代号"),
        ("consultation_returned:2025-10-10=other_organ", "不能带对象"),
        ("consultation_sent:2025-09-19=neighbour", "不认识的对象“neighbour”"),
    ],
)
def test_bad_events_get_a_sentence(event: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("explain_deadline", "--received", "2025-09-15", "--event", event)


def test_help_tells_the_syntax(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("explain_deadline", "--help")
    assert "consultation_sent:2025-09-19[@b][=other_organ]" in capsys.readouterr().out
