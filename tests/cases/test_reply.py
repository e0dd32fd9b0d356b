"""答复 (条例33, 36; 国办公开办函〔2016〕235号): outcome, letter, service."""

from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome, Role, ServiceMethod, Stage
from cases.models import Case
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.housing, name="经办员戊"))
    return client


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, received_on=date(2025, 9, 24))  # due on 2025-10-28


def url_of(case: Case) -> str:
    return reverse("cases:reply", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {
        "version": case.version,
        "outcome": Outcome.NOT_EXIST,
        "closed_on": "2025-10-27",
        "reply_number": "秀建公开〔2025〕37号",
        "service_method": ServiceMethod.POST,
        "served_on": "2025-10-27",
        "reply_reasons": "经检索档案及电子台账，未找到。",
        **fields,
    }


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_a_reply_closes_the_case_with_its_outcome(clerk_client: Client, case: Case) -> None:
    answer = clerk_client.post(url_of(case), typed(case), follow=True)
    case.refresh_from_db()
    assert (case.stage, case.outcome) == (Stage.CLOSED, Outcome.NOT_EXIST)
    assert (case.closed_on, case.served_on) == (TODAY, TODAY)
    assert case.reply_number == "秀建公开〔2025〕37号"
    kinds = list(case.events.values_list("kind", flat=True))
    assert kinds == [EventKind.REGISTERED, EventKind.REPLIED, EventKind.SERVED]
    assert "已登记答复：经检索没有，信息不存在。" in answer.content.decode()


def test_without_a_day_of_service_the_case_waits_to_be_served(
    clerk_client: Client, case: Case
) -> None:
    clerk_client.post(url_of(case), typed(case, served_on=""))
    case.refresh_from_db()
    assert case.stage == Stage.UNSERVED


def test_a_withdrawn_application_needs_no_service(clerk_client: Client, case: Case) -> None:
    said = typed(case, outcome=Outcome.WITHDRAWN, service_method="", served_on="")
    clerk_client.post(url_of(case), said)
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED


def test_the_picker_offers_every_outcome_in_its_group_with_its_article(
    clerk_client: Client, case: Case
) -> None:
    page = clerk_client.get(url_of(case))
    groups = page.context["picker"]["groups"]
    assert [group.title for group in groups] == [
        "（一）予以公开",
        "（二）部分公开",
        "（三）不予公开",
        "（四）无法提供",
        "（五）不予处理",
        "（六）其他处理",
    ]
    offered = [option.value for group in groups for option in group.options]
    assert sorted(offered) == sorted(Outcome.values)
    content = page.content.decode()
    for outcome in Outcome:
        assert outcome.rule.gist in content
        assert outcome.rule.article in content
    assert 'id="goes"' in content  # where the row that will be filled is shown


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (
            {"closed_on": "2025-10-23", "served_on": "2025-10-24"},
            "按时：以交邮日 10-24 认定，为到期日当日。",
        ),
        (
            {"closed_on": "2025-10-23", "served_on": "2025-10-27"},
            "逾期：以交邮日 10-27 认定，到期日 2025-10-24 已过 1 个工作日。",
        ),
        (
            {"closed_on": "2025-10-22", "served_on": ""},
            "按时：送达日未填，暂以答复日 10-22 认定，早于到期日 2 个工作日。",
        ),
        ({"closed_on": "2025-10-23", "served_on": "2025-10-28"}, "送达日期：2025-10-28 还没有到"),
        ({"closed_on": "2025-10-28", "served_on": ""}, "答复日期：2025-10-28 还没有到"),
        ({"closed_on": "2025-09-21", "served_on": ""}, "答复日期：不能早于收到日期 2025-09-22。"),
        ({"closed_on": "", "served_on": ""}, "以送达日认定是否按时"),
        ({"closed_on": "昨天", "served_on": "x"}, "以送达日认定是否按时"),
    ],
)
def test_the_page_says_whether_the_days_typed_are_in_time(
    clerk_client: Client, tree: Tree, days: dict[str, str], words: str
) -> None:
    case = make_case(tree.housing, received_on=date(2025, 9, 22))  # due on 2025-10-24, a Friday
    asked = {"service_method": "post", **days}
    page = clerk_client.get(url_of(case), asked, HTTP_HX_REQUEST="true")
    assert words in page.context["in_time_words"]
    assert words in page.content.decode()


def test_the_way_of_service_wanted_is_proposed(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, delivery_wanted="email")
    assert clerk_client.get(url_of(case)).context["form"]["service_method"].value() == "email"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"closed_on": "2025-09-23"}, "closed_on", "不能早于收到日期 2025-09-24。"),
        ({"closed_on": "2025-10-28"}, "closed_on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"closed_on": ""}, "closed_on", "请填写答复日期。"),
        ({"closed_on": "2025-02-30"}, "closed_on", "“2025-02-30”不是一个日期"),
        ({"outcome": ""}, "outcome", "请选择答复类型。"),
        ({"outcome": "x"}, "outcome", "所选的答复类型不在可选项之内，请重新选择。"),
        ({"served_on": "2025-10-26"}, "served_on", "不能早于答复日期 2025-10-27。"),
        ({"served_on": "2025-10-28"}, "served_on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"service_method": ""}, "service_method", "请填写送达方式。"),
        ({"service_method": "pigeon"}, "service_method", "所选的送达方式不在可选项之内"),
        ({"reply_number": "号" * 81}, "reply_number", "最多 80 个字，现有 81 个。"),
        ({"version": "x"}, "version", "表单已过期，没有保存。"),
        ({"version": ""}, "version", "表单已过期，没有保存。"),
        ({"reply_number": "秀\0"}, "reply_number", "含有无法保存的字符，请删去后重试。"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, **fields))
    assert page.status_code == 200
    assert sentence in errors(page)[field][0]
    content = page.content.decode()
    assert sentence in content
    assert "经检索档案及电子台账，未找到。" in content
    case.refresh_from_db()
    assert case.stage == Stage.OPEN
    assert case.events.count() == 1


def test_on_the_day_of_receipt_a_reply_may_be_given(clerk_client: Client, case: Case) -> None:
    """条例33: on the spot where that can be done."""
    days = {"closed_on": "2025-09-24", "served_on": "2025-09-24"}
    clerk_client.post(url_of(case), typed(case, **days))
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED


def test_two_clerks_at_the_same_case(clerk_client: Client, tree: Tree, case: Case) -> None:
    seen = typed(case)
    workflow.amend(
        case, by=hand_of(tree.housing), today=TODAY, reason="录错", values={"content": "新内容"}
    )
    page = clerk_client.post(url_of(case), seen)
    sentence = errors(page)["__all__"][0]
    assert "您打开之后" in sentence and "更正" in sentence and "您填的内容还在" in sentence
    assert "经检索档案及电子台账，未找到。" in page.content.decode()
    case.refresh_from_db()
    assert case.stage == Stage.OPEN
    again = seen | {"version": page.context["form"]["version"].value()}
    assert clerk_client.post(url_of(case), again).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED


def test_a_second_reply_is_refused_with_what_was_typed(
    clerk_client: Client, tree: Tree, case: Case
) -> None:
    seen = typed(case)
    clerk_client.post(url_of(case), seen)
    case.refresh_from_db()
    now = {"version": case.version}
    page = clerk_client.post(url_of(case), seen | now | {"outcome": Outcome.GRANTED})
    assert page.status_code == 403
    assert errors(page)["__all__"] == [f"{case.number} 已办结，不能答复。"]
    case.refresh_from_db()
    assert case.outcome == Outcome.NOT_EXIST
    assert case.events.filter(kind=EventKind.REPLIED).count() == 1


@pytest.mark.parametrize("stage", ["closed", "unconfirmed", "void"])
def test_the_page_of_a_case_that_cannot_be_replied_leads_back(
    clerk_client: Client, tree: Tree, stage: str
) -> None:
    case = make_case(
        tree.housing,
        received_on=None if stage == "unconfirmed" else date(2025, 9, 24),
        closed_on=date(2025, 10, 9) if stage == "closed" else None,
    )
    if stage == "void":
        workflow.void(case, by=hand_of(tree.housing), today=TODAY, reason="误登")
    page = clerk_client.get(url_of(case), follow=True)
    assert page.redirect_chain[-1][0] == reverse("cases:detail", args=[case.pk])
    assert "不能答复" in page.content.decode()


def test_a_paused_case_may_be_replied(clerk_client: Client, tree: Tree) -> None:
    facts = Facts(correction=(date(2025, 9, 22), None))
    case = make_case(tree.housing, facts=facts)
    said = typed(case, outcome=Outcome.NO_CORRECTION, service_method="", served_on="")
    clerk_client.post(url_of(case), said)
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_who_does_not_work_cases_does_not_reply(
    client: Client, tree: Tree, case: Case, role: Role
) -> None:
    client.force_login(make_user(role, tree.housing))
    refused = client.get(url_of(case))
    assert refused.status_code == 403
    assert "您在区住建局没有“答复”的权限。" in refused.content.decode()
    page = client.post(url_of(case), typed(case))
    assert page.status_code == 403
    assert errors(page)["__all__"] == ["您在区住建局没有“答复”的权限。"]
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_a_locked_database_gives_a_sentence_and_keeps_the_form(
    clerk_client: Client, case: Case
) -> None:
    locked = OperationalError("database is locked")
    with patch("cases.workflow.decide.finish", side_effect=locked):
        page = clerk_client.post(url_of(case), typed(case))
    assert errors(page)["__all__"][0].startswith("系统正忙，这次没有保存。")
    assert "经检索档案及电子台账，未找到。" in page.content.decode()
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_other_methods_are_refused(clerk_client: Client, case: Case) -> None:
    assert clerk_client.put(url_of(case)).status_code == 405
    assert clerk_client.delete(url_of(case)).status_code == 405
