"""检索记录, and how the reply 信息不存在 is written from it (条例36(4))."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome, Role, ServiceMethod, Stage
from cases.models import Case
from tests.makers import TODAY, Tree, hand_of, make_case, make_user
from tests.signoff import draft as keep_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
PREFILLED = "2025 年 10 月 20 日，经办员戊在档案室、业务台账以“甲路 征收”检索：未找到。"


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, received_on=date(2025, 9, 24))


def url_of(case: Case) -> str:
    return reverse("cases:record_search", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {
        "version": case.version,
        "on": "2025-10-20",
        "who": "经办员戊",
        "place": "档案室、业务台账",
        "words": "甲路 征收",
        "found": "未找到。",
    } | fields


def searched(case: Case, **fields: Any) -> None:
    said: dict[str, Any] = {
        "on": date(2025, 10, 20),
        "who": "经办员戊",
        "place": "档案室、业务台账",
        "words": "甲路 征收",
        "found": "未找到。",
    } | fields
    workflow.record_search(case, by=hand_of(case.department), today=TODAY, **said)
    case.refresh_from_db()


def reply_page(client: Client, case: Case, **asked: str) -> Any:
    return client.get(reverse("cases:reply", args=[case.pk]), asked)


def replied(case: Case, **fields: object) -> dict[str, Any]:
    return {
        "version": case.version,
        "outcome": Outcome.NOT_EXIST,
        "closed_on": "2025-10-27",
        "service_method": ServiceMethod.POST,
        "served_on": "",
        "reply_reasons": "",
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_a_search_is_kept_with_all_that_was_asked(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case), follow=True)
    event = case.events.get(kind=EventKind.SEARCHED)
    assert event.on == date(2025, 10, 20)
    assert event.data == {
        "place": "档案室、业务台账",
        "words": "甲路 征收",
        "who": "经办员戊",
        "found": "未找到。",
    }
    sentence = "检索档案室、业务台账，检索词“甲路 征收”，检索人经办员戊：未找到。"
    assert event.text == sentence and sentence in page.content.decode()
    before = case.ends_on
    case.refresh_from_db()
    assert case.ends_on == before


def test_several_may_be_recorded_and_all_go_into_the_reasons(
    clerk_client: Client, case: Case
) -> None:
    searched(case)
    searched(case, on=date(2025, 10, 21), place="办公系统", found="有一件相关，内容不同")
    page = reply_page(clerk_client, case, outcome="not_exist")
    assert page.context["form"]["reply_reasons"].value() == (
        f"{PREFILLED}\n"
        "2025 年 10 月 21 日，经办员戊在办公系统以“甲路 征收”检索：有一件相关，内容不同。"
    )


@pytest.mark.parametrize("outcome", ["", "granted", "not_this_organ"])
def test_another_outcome_is_not_prefilled(clerk_client: Client, case: Case, outcome: str) -> None:
    searched(case)
    page = reply_page(clerk_client, case, **({"outcome": outcome} if outcome else {}))
    assert not page.context["form"]["reply_reasons"].value()
    assert f'data-searched="{PREFILLED}"' in page.content.decode()  # for js/reply.js


def test_a_draft_is_begun_with_it_too_unless_it_says_its_own(
    clerk_client: Client, case: Case
) -> None:
    draft = reverse("cases:draft", args=[case.pk])
    assert "这件还没有检索记录。" in clerk_client.get(draft).content.decode()
    searched(case)
    for _ in range(2):  # the second time from a draft that has no reasons yet
        page = clerk_client.get(draft + "?outcome=not_exist")
        assert page.context["form"]["reply_reasons"].value() == PREFILLED
        assert "这件还没有检索记录。" not in page.content.decode()
        keep_draft(case, reply_reasons="")
    keep_draft(case, reply_reasons="自写")
    page = clerk_client.get(draft + "?outcome=not_exist")
    assert page.context["form"]["reply_reasons"].value() == "自写"


def test_what_was_typed_is_never_overwritten(clerk_client: Client, case: Case) -> None:
    searched(case)
    page = reply_page(clerk_client, case, outcome="not_exist", reply_reasons="经全面检索，没有。")
    assert page.context["form"]["reply_reasons"].value() == "经全面检索，没有。"
    page = clerk_client.post(
        reverse("cases:reply", args=[case.pk]), replied(case, closed_on="", reply_reasons="自写")
    )
    assert page.context["form"]["reply_reasons"].value() == "自写"
    emptied = replied(case, closed_on="")
    page = clerk_client.post(reverse("cases:reply", args=[case.pk]), emptied)
    assert page.context["form"]["reply_reasons"].value() == ""


def test_without_a_search_on_record_the_page_warns_and_the_reply_is_taken(
    clerk_client: Client, case: Case
) -> None:
    content = reply_page(clerk_client, case).content.decode()
    assert "这件还没有检索记录。" in content and url_of(case) in content
    page = clerk_client.post(reverse("cases:reply", args=[case.pk]), replied(case), follow=True)
    assert "这件还没有检索记录，请在其他办理中补记。" in page.content.decode()
    case.refresh_from_db()
    assert case.stage == Stage.UNSERVED
    assert clerk_client.post(url_of(case), typed(case)).status_code == 302  # made up for


def test_with_one_on_record_nothing_is_warned_of(clerk_client: Client, case: Case) -> None:
    searched(case)
    assert "还没有检索记录" not in reply_page(clerk_client, case).content.decode()
    page = clerk_client.post(reverse("cases:reply", args=[case.pk]), replied(case), follow=True)
    assert "还没有检索记录" not in page.content.decode()


def test_another_outcome_needs_no_search(clerk_client: Client, case: Case) -> None:
    said = replied(case, outcome=Outcome.GRANTED)
    page = clerk_client.post(reverse("cases:reply", args=[case.pk]), said, follow=True)
    assert page.redirect_chain and "还没有检索记录" not in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"on": ""}, "on", "请填写检索日期。"),
        ({"on": "2025-10-28"}, "on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"on": "2025-09-23"}, "on", "不能早于到件日期 2025-09-24。"),
        ({"who": ""}, "who", "请填写检索人。"),
        ({"place": " "}, "place", "请填写检索范围。"),
        ({"words": ""}, "words", "请填写检索词。"),
        ({"found": ""}, "found", "请填写检索结果。"),
        ({"words": "13912345678"}, "words", "办理经过不能存个人信息"),
        ({"found": "x" * 1001}, "found", "最多 1000 个字，现有 1001 个。"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, **fields))
    assert sentence in errors(page)[field][0]
    assert sentence in page.content.decode()
    assert case.events.count() == 1


@pytest.mark.parametrize("day", ["2025-09-24", "2025-10-27"])
def test_the_first_and_the_last_day_that_may_be(clerk_client: Client, case: Case, day: str) -> None:
    assert clerk_client.post(url_of(case), typed(case, on=day)).status_code == 302


def test_an_unconfirmed_case_is_not_searched_for(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, received_on=None)
    page = clerk_client.get(url_of(case), follow=True)
    sentence = f"{case.number} 待确认，不能记录检索。"
    assert sentence in page.content.decode()
    page = clerk_client.post(url_of(case), typed(case))
    assert errors(page)["__all__"] == [sentence]
    assert "甲路 征收" in page.content.decode()


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    said = typed(case)
    clerk_client.post(url_of(case), said)
    page = clerk_client.post(url_of(case), said)
    assert "您打开之后" in errors(page)["__all__"][0]
    assert case.events.filter(kind=EventKind.SEARCHED).count() == 1


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_other_roles_record_no_search(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), typed(case)).status_code == 403


def test_a_stranger_finds_no_case(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.CLERK, tree.neighbour))
    assert client.get(url_of(case)).status_code == 404
    assert client.post(url_of(case), typed(case)).status_code == 404
