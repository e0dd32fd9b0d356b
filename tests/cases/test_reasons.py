"""数量、频次明显超过合理范围: reasons asked and given, a delay that is told (条例第三十五条)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome
from cases.models import Case
from tests.makers import TODAY, Facts, Tree, hand_of, make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ASKED, GIVEN = date(2025, 10, 16), date(2025, 10, 20)


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, received_on=date(2025, 10, 9))  # due on 2025-11-05


def url_of(case: Case, act: str) -> str:
    return reverse(f"cases:{act}", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {"version": case.version} | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def ask(case: Case) -> Case:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    return workflow.ask_reasons(case, on=ASKED, why="三个月内申请 120 件", **said)


def give(case: Case, *, reasonable: bool) -> Case:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    return workflow.receive_reasons(
        ask(case), on=GIVEN, reasons="课题需要", reasonable=reasonable, **said
    )


def next_step(client: Client, case: Case) -> Any:
    return client.get(reverse("cases:detail", args=[case.pk])).context["next_step"]


def delaying(case: Case, **fields: object) -> dict[str, Any]:
    usual = {"on": "2025-10-22", "day": "2025-12-01", "reason": "数量很大"}
    return typed(case, **usual | fields)


# Reasons ----------------------------------------------------------------------------------------


def test_asking_does_not_move_the_due_day(clerk_client: Client, case: Case) -> None:
    fields = typed(case, on="2025-10-16", why="三个月内申请 120 件")
    page = clerk_client.post(url_of(case, "ask_reasons"), fields, follow=True)
    assert "要求申请人说明理由：三个月内申请 120 件" in page.content.decode()
    assert again(case).ends_on == date(2025, 11, 5)


@pytest.mark.parametrize(
    ("days", "data", "within"),
    [
        ("", {}, "要求申请人说明理由：三个月"),
        ("1", {"days": 1}, "要求申请人说明理由，期限 1 个工作日：三个月"),
        ("60", {"days": 60}, "要求申请人说明理由，期限 60 个工作日：三个月"),
    ],
)
def test_a_term_to_give_them_in_may_be_set(
    clerk_client: Client, case: Case, days: str, data: dict[str, int], within: str
) -> None:
    fields = typed(case, on="2025-10-16", why="三个月内申请 120 件", days=days)
    page = clerk_client.post(url_of(case, "ask_reasons"), fields, follow=True)
    event = case.events.get(kind=EventKind.REASONS_ASKED)
    assert event.data == {"why": "三个月内申请 120 件"} | data
    assert within in page.content.decode()
    assert again(case).ends_on == date(2025, 11, 5)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("0", "说明理由的期限为 1 至 60 个工作日。"),
        ("61", "说明理由的期限为 1 至 60 个工作日。"),
        ("十日", "请写成整数，如 15。"),
    ],
)
def test_a_term_that_cannot_be(clerk_client: Client, case: Case, days: str, sentence: str) -> None:
    fields = typed(case, on="2025-10-16", why="三个月内申请 120 件", days=days)
    page = clerk_client.post(url_of(case, "ask_reasons"), fields)
    assert errors(page) == {"days": [sentence]}
    assert page.context["form"]["days"].value() == days
    assert not case.events.filter(kind=EventKind.REASONS_ASKED).exists()


def test_it_is_asked_once_and_answered_once(clerk_client: Client, case: Case) -> None:
    page = clerk_client.get(url_of(case, "receive_reasons"), follow=True)
    assert f"{case.number} 现在没有在等待申请人说明理由。" in page.content.decode()
    give(case, reasonable=True)
    page = clerk_client.get(url_of(case, "ask_reasons"), follow=True)
    assert f"{case.number} 已经要求申请人说明过理由。" in page.content.decode()
    page = clerk_client.post(
        url_of(case, "receive_reasons"),
        typed(again(case), on="2025-10-21", reasons="又一次", reasonable="no"),
    )
    assert "现在没有在等待申请人说明理由" in errors(page)["__all__"][0]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"on": "2025-10-15"}, "on", "不能早于要求说明理由的日期 2025-10-16。"),
        ({"reasons": ""}, "reasons", "请填写申请人说明的理由。"),
        ({"reasonable": ""}, "reasonable", "请选择理由是否合理。"),
        ({"reasonable": "x"}, "reasonable", "所选的理由是否合理不在可选项之内，请重新选择。"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    given = {"on": "2025-10-16", "reasons": "课题需要", "reasonable": "yes"} | fields
    page = clerk_client.post(url_of(case, "receive_reasons"), typed(ask(case), **given))
    assert errors(page) == {field: [sentence]}
    assert not case.events.filter(kind=EventKind.REASONS_RECEIVED).exists()


def test_unreasonable_it_leads_to_the_reply_with_its_outcome(
    clerk_client: Client, case: Case
) -> None:
    page = clerk_client.post(
        url_of(ask(case), "receive_reasons"),
        typed(again(case), on="2025-10-16", reasons="没有理由", reasonable="no"),
        follow=True,
    )
    step = page.context["next_step"]
    assert step["url"] == url_of(case, "reply") + "?outcome=excessive"
    assert step["url"] in page.content.decode()
    reply = clerk_client.get(step["url"])
    assert reply.context["form"]["outcome"].value() == Outcome.EXCESSIVE
    assert reply.context["picker"]["chosen"] == Outcome.EXCESSIVE


def test_reasonable_it_leads_to_the_delay(clerk_client: Client, case: Case) -> None:
    give(case, reasonable=True)
    assert next_step(clerk_client, case)["url"] == url_of(case, "delay")


def test_answered_nothing_more_is_called_for(clerk_client: Client, case: Case) -> None:
    give(case, reasonable=False)
    by = hand_of(case.department)
    workflow.reply(
        case,
        by=by,
        today=TODAY,
        outcome=Outcome.EXCESSIVE,
        closed_on=TODAY,
        service_method="post",
        served_on=TODAY,
    )
    assert next_step(clerk_client, case) is None


def excessive(case: Case, on: date) -> Case:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "closed_on": on}
    return workflow.reply(again(case), outcome=Outcome.EXCESSIVE, service_method="post", **said)


def test_reasons_are_waited_for_till_the_day_after_at_least(case: Case) -> None:
    ask(case)
    with pytest.raises(ValidationError, match="2025-10-16 当天才要求说明理由，申请人还没有说明"):
        excessive(case, ASKED)
    assert excessive(case, date(2025, 10, 17)).outcome == Outcome.EXCESSIVE


def test_and_till_the_term_that_was_set_has_passed(clerk_client: Client, case: Case) -> None:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    workflow.ask_reasons(case, on=ASKED, why="三个月内申请 120 件", days=5, **said)
    fields = typed(again(case), outcome="excessive", closed_on="2025-10-23", service_method="post")
    page = clerk_client.post(url_of(case, "reply"), fields)
    sentence = "说明理由的期限到 2025-10-23，申请人还没有说明，不能按没有正当理由办结。"
    assert errors(page)["outcome"] == [sentence]
    assert excessive(case, date(2025, 10, 24)).outcome == Outcome.EXCESSIVE


def test_found_unreasonable_nothing_is_waited_for(case: Case) -> None:
    give(case, reasonable=False)
    assert excessive(case, GIVEN).outcome == Outcome.EXCESSIVE


def test_found_reasonable_it_is_not_excessive(case: Case) -> None:
    give(case, reasonable=True)
    with pytest.raises(ValidationError, match="申请人说明的理由已认定合理"):
        excessive(case, TODAY)


# The delay --------------------------------------------------------------------------------------


def test_the_told_day_is_the_due_day(clerk_client: Client, case: Case) -> None:
    give(case, reasonable=True)
    page = clerk_client.get(url_of(case, "delay"), {"on": "2025-10-22", "day": "2025-12-01"})
    assert "到期日将从 2025-11-05 改为 2025-12-01。" in page.content.decode()
    page = clerk_client.post(url_of(case, "delay"), delaying(again(case)), follow=True)
    assert "已确定延迟答复，到期日为 2025-12-01。" in page.content.decode()
    assert again(case).ends_on == date(2025, 12, 1)
    assert case.events.get(kind=EventKind.DELAYED).data == {
        "day": "2025-12-01",
        "reason": "数量很大",
    }
    assert next_step(clerk_client, case) is None


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"day": "2025-11-05"},
            "day",
            "所定延迟答复日 2025-11-05 并不晚于原到期日，不改变到期日。",
        ),
        ({"day": ""}, "day", "请填写延迟至。"),
        ({"day": "12月"}, "day", "“12月”不是一个日期，请写成 2026-01-04 这样。"),
        ({"day": "2045-01-01"}, "day", "的日期或天数超出合理范围，不予计算。"),
        ({"reason": ""}, "reason", "请填写延迟的原因。"),
    ],
)
def test_a_day_that_is_no_delay(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    give(case, reasonable=True)
    page = clerk_client.post(url_of(case, "delay"), delaying(again(case), **fields))
    assert list(errors(page)) == [field]
    assert sentence in errors(page)[field][0]
    assert again(case).ends_on == date(2025, 11, 5)


def test_one_day_later_than_the_due_day_is_a_delay(clerk_client: Client, case: Case) -> None:
    give(case, reasonable=True)
    clerk_client.post(url_of(case, "delay"), delaying(again(case), day="2025-11-06"))
    assert again(case).ends_on == date(2025, 11, 6)


def test_told_on_the_due_day_and_the_day_after(
    clerk_client: Client, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(tree.housing, received_on=date(2025, 10, 9))
    give(case, reasonable=True)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2025, 11, 7))
    page = clerk_client.post(url_of(case, "delay"), delaying(again(case), on="2025-11-06"))
    sentence = "延迟答复告知（2025-11-06）在到期日 2025-11-05 之后，不改变到期日。"
    assert errors(page) == {"on": [sentence]}
    clerk_client.post(url_of(case, "delay"), delaying(again(case), on="2025-11-05"))
    assert again(case).ends_on == date(2025, 12, 1)


def test_only_for_good_reasons(clerk_client: Client, case: Case) -> None:
    sentence = f"{case.number} 还没有收到合理的理由说明，不能延迟答复（条例第三十五条）。"
    page = clerk_client.get(url_of(case, "delay"), follow=True)
    assert sentence in page.content.decode()
    give(case, reasonable=False)
    page = clerk_client.post(url_of(case, "delay"), delaying(again(case)))
    assert errors(page)["__all__"] == [sentence]


def test_once_and_then_no_extension_either(client: Client, tree: Tree, case: Case) -> None:
    give(case, reasonable=True)
    client.force_login(hand_of(tree.housing))
    client.post(url_of(case, "delay"), delaying(again(case)))
    sentence = f"{case.number} 已告知延迟至 2025-12-01 答复（条例第三十五条）。"
    for act in ("delay", "extend"):
        assert sentence in client.get(url_of(case, act), follow=True).content.decode()


def test_not_while_the_applicant_is_waited_for(clerk_client: Client, case: Case) -> None:
    give(case, reasonable=True)
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    workflow.ask_correction(case, on=GIVEN, days=15, what="写明文件名称", **said)
    page = clerk_client.get(url_of(case, "delay"), follow=True)
    assert f"{case.number} 正在等待申请人补正。" in page.content.decode()
    assert next_step(clerk_client, case)["url"] == ""


def test_into_a_year_without_a_schedule(clerk_client: Client, case: Case) -> None:
    """The calendar of the tests ends with 2026."""
    give(case, reasonable=True)
    page = clerk_client.get(url_of(case, "delay"), {"on": "2025-10-22", "day": "2027-01-29"})
    assert "改为 2027-01-29（暂定）。" in page.content.decode()
    clerk_client.post(url_of(case, "delay"), delaying(again(case), day="2027-01-29"))
    assert again(case).provisional


def test_a_delay_told_before_a_restart_would_move_nothing(clerk_client: Client, tree: Tree) -> None:
    facts = Facts(correction=(date(2025, 10, 15), date(2025, 10, 21)))
    case = make_case(tree.housing, received_on=date(2025, 10, 9), facts=facts)
    give(case, reasonable=True)
    page = clerk_client.post(url_of(case, "delay"), delaying(again(case), on="2025-10-14"))
    assert "期限在这一天或者之后重新起算过" in errors(page)["on"][0]
