"""受理 and 退回分派: the handler takes the case, or sends it back."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Assignment, EventKind, Role
from cases.models import Case, User
from cases.states import State
from cases.workflow import not_accepted, situation_of
from tests.makers import TODAY, Tree, hand_of, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def handler(tree: Tree, client: Client) -> User:
    user = make_user(Role.CLERK, tree.housing, name="经办员戊")
    client.force_login(user)
    return user


@pytest.fixture
def case(tree: Tree, handler: User) -> Case:
    made = make_case(tree.housing)
    return workflow.assign(made, by=hand_of(tree.housing), today=TODAY, handler=handler)


def url_of(case: Case, act: str) -> str:
    return reverse(f"cases:{act}", args=[case.pk])


def seen(client: Client, case: Case) -> str:
    return client.get(url_of(case, "detail")).content.decode()


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_the_handler_accepts_and_the_page_says_so(client: Client, case: Case) -> None:
    assert "尚未受理" in seen(client, case)
    page = client.post(url_of(case, "accept"), {"version": case.version}, follow=True)
    event = case.events.latest("pk")
    assert (event.kind, event.on, event.text) == (EventKind.ACCEPTED, TODAY, "经办员戊受理")
    assert "尚未受理" not in page.content.decode()
    assert url_of(case, "accept") not in page.content.decode()


def test_who_takes_a_case_has_accepted_it(client: Client, handler: User, tree: Tree) -> None:
    taken = workflow.assign(make_case(tree.housing), by=handler, today=TODAY, handler=handler)
    assert "尚未受理" not in seen(client, taken)


def test_the_handler_named_at_registration_has_nothing_to_accept(
    client: Client, handler: User, tree: Tree
) -> None:
    own = make_case(tree.housing, handler=handler)
    page = client.get(url_of(own, "accept"), follow=True)
    assert "没有等待受理的分派" in page.content.decode()
    page = client.post(url_of(own, "accept"), {"version": own.version})
    assert errors(page)["__all__"] == [f"{own.number} 没有等待受理的分派。"]


def test_accepted_twice_is_refused(client: Client, case: Case) -> None:
    said = {"version": case.version}
    client.post(url_of(case, "accept"), said)
    page = client.post(url_of(case, "accept"), said)
    assert "您打开之后" in errors(page)["__all__"][0]
    assert case.events.filter(kind=EventKind.ACCEPTED).count() == 1


def test_handed_on_it_has_to_be_accepted_anew(
    client: Client, handler: User, case: Case, tree: Tree
) -> None:
    workflow.accept(case, by=handler, today=TODAY)
    other = make_user(Role.CLERK, tree.housing, name="经办员己")
    workflow.assign(case, by=hand_of(tree.housing), today=TODAY, handler=other, reason="休假")
    assert "尚未受理" in seen(client, case)


@pytest.mark.parametrize("act", ["accept", "refuse_assignment"])
def test_a_colleague_does_not_speak_for_the_handler(
    client: Client, case: Case, tree: Tree, act: str
) -> None:
    client.force_login(make_user(Role.REVIEWER, tree.housing))
    assert client.get(url_of(case, act)).status_code == 403
    page = client.post(url_of(case, act), {"version": case.version, "reason": "不熟悉"})
    assert page.status_code == 403
    assert "没有分派给您" in errors(page)["__all__"][0]
    assert case.events.latest("pk").kind == EventKind.ASSIGNED


@pytest.mark.parametrize("act", ["accept", "refuse_assignment"])
def test_a_stranger_finds_no_such_case(client: Client, case: Case, tree: Tree, act: str) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(url_of(case, act)).status_code == 404
    assert client.post(url_of(case, act), {}).status_code == 404


def test_sent_back_the_case_is_unassigned_again(client: Client, case: Case) -> None:
    said = {"version": case.version, "reason": "属于建设科职责"}
    page = client.post(url_of(case, "refuse_assignment"), said, follow=True).content.decode()
    case.refresh_from_db()
    assert case.handler is None
    assert State.of(case, TODAY) == State.UNASSIGNED
    event = case.events.latest("pk")
    assert event.kind == EventKind.ASSIGNMENT_REFUSED
    assert event.text == "经办员戊退回分派：属于建设科职责"
    assert "已退回，等待重新分派" in page


def test_what_a_ledger_says_of_the_handler_goes_into_the_event(
    client: Client, handler: User, tree: Tree
) -> None:
    noted = make_case(tree.housing, handler=handler, drafting_note="二科 经办员丙")
    said = {"version": noted.version, "reason": "不属于二科"}
    client.post(url_of(noted, "refuse_assignment"), said)
    noted.refresh_from_db()
    assert State.of(noted, TODAY) == State.UNASSIGNED
    assert noted.events.latest("pk").data["note"] == "二科 经办员丙"


def test_sending_back_takes_a_reason(client: Client, case: Case) -> None:
    page = client.post(url_of(case, "refuse_assignment"), {"version": case.version, "reason": ""})
    assert errors(page) == {"reason": ["请填写退回原因。"]}
    said = {"version": case.version, "reason": "请打 13800000000"}
    page = client.post(url_of(case, "refuse_assignment"), said)
    assert "不能存个人信息" in errors(page)["__all__"][0]
    case.refresh_from_db()
    assert case.handler is not None


def test_what_nobody_has_is_not_sent_back(client: Client, handler: User, tree: Tree) -> None:
    free = make_case(tree.housing)
    assert client.get(url_of(free, "refuse_assignment")).status_code == 403


def test_the_unit_that_drafts_sends_back_and_no_longer_sees_it(
    client: Client, case: Case, tree: Tree
) -> None:
    hand, unit = hand_of(tree.housing), tree.land
    workflow.assign(
        case, by=hand, today=TODAY, handler=None, drafting_department=unit, reason="地块"
    )
    case.refresh_from_db()
    client.force_login(make_user(Role.CLERK, unit, name="经办员己"))
    assert "退回分派" in seen(client, case)
    said = {"version": case.version, "reason": "地块不在本局辖区"}
    page = client.post(url_of(case, "refuse_assignment"), said, follow=True)
    assert page.redirect_chain == [(reverse("cases:list"), 302)]
    case.refresh_from_db()
    assert (case.handler, case.drafting_department) == (None, None)
    assert client.get(url_of(case, "detail")).status_code == 404


def test_two_at_once(client: Client, handler: User, case: Case) -> None:
    said = {"version": case.version, "reason": "不属于本科"}
    workflow.accept(case, by=handler, today=TODAY)
    page = client.post(url_of(case, "refuse_assignment"), said)
    assert "您打开之后" in errors(page)["__all__"][0]


# The lists of what is to be accepted, and of what was sent back -----------------------------------


def test_the_lists_are_those_of_the_pages_whatever_was_done(handler: User, tree: Tree) -> None:
    """`CaseQuerySet.assigned` and `refusals.not_accepted` are one rule, put twice."""
    boss = hand_of(tree.housing)
    said: dict[str, Any] = {"by": boss, "today": TODAY}
    own: dict[str, Any] = {"by": handler, "today": TODAY}

    def assigned() -> Case:
        return workflow.assign(make_case(tree.housing), handler=handler, **said)

    def refused() -> Case:
        return workflow.refuse_assignment(assigned(), reason="不属本科室", **own)

    waiting = {
        assigned(),
        workflow.assign(refused(), handler=handler, **said),
        workflow.assign(workflow.accept(assigned(), **own), handler=boss, reason="调岗", **own),
    }
    returned = {refused()}
    make_case(tree.housing)
    make_case(tree.housing, handler=handler)
    workflow.accept(assigned(), **own)
    workflow.assign(make_case(tree.housing), handler=handler, **own)
    workflow.assign(make_case(tree.housing), handler=None, drafting_department=tree.land, **said)
    workflow.reply(
        assigned(),
        outcome="granted",
        closed_on=TODAY,
        service_method="email",
        served_on=TODAY,
        **said,
    )
    make_case(tree.housing, closed_on=date(2025, 10, 9))
    cases = Case.objects.all()
    assert set(cases.assigned(Assignment.WAITING)) == waiting
    assert set(cases.assigned(Assignment.RETURNED)) == returned
    to_do = cases.to_do()
    assert {case for case in to_do if not_accepted(situation_of(case, on=TODAY))} == waiting


def test_the_lists_are_found_by_their_address(client: Client, handler: User, case: Case) -> None:
    def listed(how: str) -> list[Case]:
        page = client.get(reverse("cases:list"), {"assigned": how})
        return list(page.context["table"].page.object_list.data)

    assert (listed("waiting"), listed("returned")) == ([case], [])
    workflow.refuse_assignment(case, by=handler, today=TODAY, reason="不属本科室")
    assert (listed("waiting"), listed("returned")) == ([], [case])
    page = client.get(reverse("cases:list"), {"assigned": "lost"})
    assert page.context["complaints"] == ["没有“lost”这样的分派，未按它筛选。"]


def test_nothing_of_another_organ_is_listed(client: Client, handler: User, tree: Tree) -> None:
    theirs = make_case(tree.land)
    workflow.assign(theirs, by=hand_of(tree.land), today=TODAY, handler=hand_of(tree.land))
    boss = make_user(Role.REVIEWER, tree.land)
    workflow.assign(theirs, by=hand_of(tree.land), today=TODAY, handler=boss, reason="调岗")
    page = client.get(reverse("cases:list"), {"assigned": "waiting"})
    assert page.context["table"].paginator.count == 0
