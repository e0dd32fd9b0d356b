"""补正: asked once within seven working days, received or given up (条例第三十条).

Received on 2025-09-15: 7th working day 09-24, due on 10-17. Today is 2025-10-27.
"""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome, Stage, Waiting
from cases.models import Case
from tests.makers import RECEIVED, TODAY, Facts, Tree, hand_of, make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ASKED = date(2025, 9, 22)
UNTIL = date(2025, 10, 17)  # fifteen working days after ASKED


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)


@pytest.fixture
def waiting(tree: Tree) -> Case:
    return make_case(tree.housing, facts=Facts(correction=(ASKED, None)))


def ask(case: Case, on: date = ASKED, days: int = 15, today: date = TODAY) -> Case:
    by = hand_of(case.department)
    return workflow.ask_correction(case, by=by, today=today, on=on, days=days, what="写明文件名称")


def url_of(case: Case, act: str) -> str:
    return reverse(f"cases:{act}", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {"version": case.version} | fields


def asking(case: Case, **fields: object) -> dict[str, Any]:
    usual = {"on": "2025-09-22", "days": "15", "what": "写明文件名称", "consequence": "视为放弃"}
    return typed(case, **usual | fields)


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


# Asking -----------------------------------------------------------------------------------------


def test_it_is_asked_and_there_is_no_due_day_until_it_is_in(
    clerk_client: Client, case: Case
) -> None:
    page = clerk_client.post(url_of(case, "ask_correction"), asking(case), follow=True)
    case.refresh_from_db()
    assert (case.waiting_for, case.waiting_until) == (Waiting.CORRECTION, UNTIL)
    assert case.ends_on is None
    said = "一次性告知补正，期限 15 个工作日：写明文件名称。视为放弃"
    assert said in page.content.decode()
    asked = case.events.get(kind=EventKind.CORRECTION_ASKED)
    assert asked.data == {"days": 15, "what": "写明文件名称"}


def test_the_page_proposes_a_term_and_a_consequence(clerk_client: Client, case: Case) -> None:
    page = clerk_client.get(url_of(case, "ask_correction"))
    form = page.context["form"]
    assert form["days"].value() == 15
    assert "视为放弃申请" in form["consequence"].value()
    assert "7 个工作日内（至 2025-09-24）" in page.content.decode()


@pytest.mark.parametrize(
    ("on", "warned"),
    [("2025-09-24", False), ("2025-09-25", True), ("2025-10-17", True)],
)
def test_after_the_7th_working_day_it_is_warned_of_and_allowed(
    clerk_client: Client, case: Case, on: str, warned: bool
) -> None:
    url = url_of(case, "ask_correction")
    page = clerk_client.get(url, {"on": on, "days": "15"})
    sentence = f"补正告知（{on}）晚于收到后第 7 个工作日 2025-09-24；收到补正申请后仍重新计算。"
    assert (sentence in page.content.decode()) == warned
    clerk_client.post(url, asking(case, on=on))
    assert again(case).waiting_for == Waiting.CORRECTION


def test_after_the_due_day_it_is_too_late(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case, "ask_correction"), asking(case, on="2025-10-18"))
    sentence = "补正告知（2025-10-18）在到期日 2025-10-17 之后，不改变到期日。"
    assert errors(page)["on"] == [sentence]
    assert "到期日仍为 2025-10-17，不改变。" in page.content.decode()
    assert again(case).ends_on == date(2025, 10, 17)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"days": ""}, "days", "请填写补正期限（工作日）。"),
        ({"days": "十五"}, "days", "请写成整数，如 15。"),
        ({"days": "0"}, "days", "补正期限为 1 至 60 个工作日。"),
        ({"days": "61"}, "days", "补正期限为 1 至 60 个工作日。"),
        ({"days": "9" * 30}, "days", "补正期限为 1 至 60 个工作日。"),
        ({"what": " "}, "what", "请填写需要补正的内容。"),
        ({"consequence": ""}, "consequence", "请填写逾期的后果。"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case, "ask_correction"), asking(case, **fields))
    assert errors(page) == {field: [sentence]}
    assert case.events.count() == 1


@pytest.mark.parametrize("days", [1, 60])
def test_the_shortest_and_the_longest_term(case: Case, days: int) -> None:
    assert (
        ask(case, days=days).waiting_until == {1: date(2025, 9, 23), 60: date(2025, 12, 19)}[days]
    )


def test_it_is_asked_once(clerk_client: Client, waiting: Case) -> None:
    sentence = f"{waiting.number} 已经要求过补正，补正只能要求一次（条例第三十条）。"
    page = clerk_client.get(url_of(waiting, "ask_correction"), follow=True)
    assert sentence in page.content.decode()
    page = clerk_client.post(url_of(waiting, "ask_correction"), asking(waiting))
    assert errors(page)["__all__"] == [sentence]


def test_it_is_not_asked_while_a_fee_is_waited_for(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(fee=(ASKED, None)))
    page = clerk_client.get(url_of(case, "ask_correction"), follow=True)
    assert f"{case.number} 正在等待申请人缴费。" in page.content.decode()


# Receiving --------------------------------------------------------------------------------------


def test_the_term_begins_afresh_the_day_after(clerk_client: Client, waiting: Case) -> None:
    """The worked example: received on the worked Sunday 09-28, due on 10-31."""
    url = url_of(waiting, "receive_correction")
    page = clerk_client.get(url, {"on": "2025-09-28"})
    assert "到期日将为 2025-10-31。" in page.content.decode()
    page = clerk_client.post(url, typed(waiting, on="2025-09-28", excuse=""), follow=True)
    assert "期限重新计算，到期日为 2025-10-31。" in page.content.decode()
    assert again(waiting).ends_on == date(2025, 10, 31)


def test_on_the_last_day_it_is_in_time_and_the_day_after_it_is_not(
    clerk_client: Client, waiting: Case
) -> None:
    url = url_of(waiting, "receive_correction")
    page = clerk_client.post(url, typed(waiting, on="2025-10-18", excuse=""))
    assert errors(page)["excuse"] == [
        "补正申请（2025-10-18）晚于补正期限 2025-10-17，无正当理由的视为放弃申请，不改变到期日。"
    ]
    assert again(waiting).waiting_for == Waiting.CORRECTION
    clerk_client.post(url, typed(waiting, on="2025-10-17", excuse=""))
    assert again(waiting).ends_on == date(2025, 11, 14)


def test_a_good_reason_excuses_the_delay(clerk_client: Client, waiting: Case) -> None:
    fields = typed(waiting, on="2025-10-18", excuse="邮路中断")
    page = clerk_client.post(url_of(waiting, "receive_correction"), fields, follow=True)
    assert "收到补正（逾期，有正当理由：邮路中断）" in page.content.decode()
    assert again(waiting).ends_on == date(2025, 11, 14)
    assert page.context["irregularities"] == ()


def test_in_time_it_needs_no_excuse(clerk_client: Client, waiting: Case) -> None:
    fields = typed(waiting, on="2025-10-17", excuse="邮路中断")
    page = clerk_client.post(url_of(waiting, "receive_correction"), fields)
    assert errors(page)["excuse"] == ["补正期限到 2025-10-17，这一天没有逾期，请留空。"]
    assert "邮路中断" in page.content.decode()
    assert again(waiting).waiting_for == Waiting.CORRECTION


def test_the_term_does_not_begin_while_an_opinion_is_waited_for(waiting: Case) -> None:
    """The letter went out before, on 09-19; it is entered later."""
    hand: dict[str, Any] = {"by": hand_of(waiting.department), "today": TODAY}
    sent = date(2025, 9, 19)
    workflow.consult(waiting, on=sent, addressee="other_organ", whom="某局", **hand)
    workflow.receive_correction(waiting, on=date(2025, 9, 28), **hand)
    said = waiting.events.get(kind=EventKind.CORRECTION_RECEIVED).text
    assert said == "收到补正，期限重新计算，还在征求意见，仍停止计算"


def test_it_cannot_come_before_it_was_asked(clerk_client: Client, waiting: Case) -> None:
    url = url_of(waiting, "receive_correction")
    page = clerk_client.post(url, typed(waiting, on="2025-09-21", excuse=""))
    assert "没有在先的有效补正告知" in errors(page)["on"][0]


def test_nothing_is_received_that_was_not_asked(clerk_client: Client, case: Case) -> None:
    for act in ("receive_correction", "give_up_correction"):
        page = clerk_client.get(url_of(case, act), follow=True)
        assert f"{case.number} 现在没有在等待补正。" in page.content.decode()


# Giving up --------------------------------------------------------------------------------------


def test_not_corrected_it_is_given_up_and_needs_no_service(
    clerk_client: Client, waiting: Case
) -> None:
    page = clerk_client.get(reverse("cases:detail", args=[waiting.pk]))
    assert page.context["next_step"]["url"] == url_of(waiting, "give_up_correction")
    assert "补正期限 2025-10-17 已满。" in page.content.decode()
    fields = typed(waiting, on="2025-10-20", reason="")
    page = clerk_client.post(url_of(waiting, "give_up_correction"), fields, follow=True)
    case = again(waiting)
    assert (case.stage, case.outcome) == (Stage.CLOSED, Outcome.NO_CORRECTION)
    assert (case.closed_on, case.served_on) == (date(2025, 10, 20), None)
    assert "申请人逾期不补正，视为放弃申请" in page.content.decode()


TOO_EARLY = "补正期限到 {until}，期满之后才能按逾期不补正办结；申请人表示不再补正的，请登记撤回。"


@pytest.mark.parametrize("reason", ["", "申请人表示不再补正"])
def test_nobody_has_given_up_before_the_term_has_passed(
    clerk_client: Client, waiting: Case, reason: str
) -> None:
    """Whatever the reason: who gives up earlier withdraws, and counts in （六）3."""
    url = url_of(waiting, "give_up_correction")
    page = clerk_client.post(url, typed(waiting, on="2025-10-17", reason=reason))
    assert errors(page)["on"] == [TOO_EARLY.format(until="2025-10-17")]
    assert again(waiting).stage == Stage.OPEN
    clerk_client.post(url, typed(waiting, on="2025-10-18", reason=reason))
    assert again(waiting).outcome == Outcome.NO_CORRECTION


def test_while_the_term_runs_it_is_not_offered(clerk_client: Client, tree: Tree) -> None:
    """Asked on 10-09 with fifteen working days: until 10-29."""
    case = make_case(tree.housing, facts=Facts(correction=(date(2025, 10, 9), None)))
    page = clerk_client.get(url_of(case, "give_up_correction"), follow=True)
    assert TOO_EARLY.format(until="2025-10-29") in page.content.decode()
    assert url_of(case, "withdraw") in page.content.decode()


def test_it_is_given_up_after_it_was_asked(clerk_client: Client, waiting: Case) -> None:
    fields = typed(waiting, on="2025-09-21", reason="申请人表示不再补正")
    page = clerk_client.post(url_of(waiting, "give_up_correction"), fields)
    assert errors(page)["on"] == ["不能早于“要求补正”的日期 2025-09-22。"]
    assert again(waiting).stage == Stage.OPEN


def test_over_the_turn_of_the_year_and_in_a_year_without_a_schedule(tree: Tree) -> None:
    """Received on Saturday 2025-12-20; asked on the 7th working day 12-30."""
    day = date(2025, 12, 30)
    case = make_case(tree.housing, received_on=date(2025, 12, 20), today=day)
    assert ask(case, on=day, today=day).waiting_until == date(2026, 1, 21)
    day = date(2026, 12, 21)
    case = make_case(tree.housing, received_on=date(2026, 12, 18), today=day)
    assert ask(case, on=day, today=day).provisional


def test_without_the_workflow_saying_so_nothing_is_missing(case: Case) -> None:
    """Commands call the workflow without a form before it."""
    by = hand_of(case.department)
    with pytest.raises(ValidationError) as refused:
        workflow.ask_correction(case, by=by, today=TODAY, on=None, days=None, what=" ")
    assert set(refused.value.message_dict) == {"on", "days", "what"}
    assert case.received_on == RECEIVED
