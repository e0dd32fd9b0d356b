"""作废: a case entered by mistake or twice is kept, and counted nowhere (convention 9)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import EventKind, ProceedingResult, Role, Stage
from cases.models import Case
from tests.makers import TODAY, Tree, make_case, make_proceeding, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def reviewer_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.REVIEWER, tree.housing, name="审核人庚"))
    return client


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, by=make_user(Role.CLERK, tree.housing, name="经办员戊"))


def url_of(case: Case) -> str:
    return reverse("cases:void", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {"version": case.version, "reason": "重复登记"} | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_a_voided_case_keeps_its_number_and_counts_nowhere(
    reviewer_client: Client, tree: Tree, case: Case
) -> None:
    reviewer_client.post(url_of(case), typed(case))
    case.refresh_from_db()
    assert (case.stage, case.voided_on) == (Stage.VOID, TODAY)
    assert not Case.objects.counted().exists()
    event = case.events.latest("pk")
    assert event.kind == EventKind.VOIDED
    assert event.text == "作废：重复登记（审核人 审核人庚，登记人 经办员戊）"
    assert make_case(tree.housing).number == "秀建公开申〔2025〕2号"


def test_a_reason_is_demanded(reviewer_client: Client, case: Case) -> None:
    page = reviewer_client.post(url_of(case), typed(case, reason=" "))
    assert errors(page)["reason"] == ["请填写作废原因。"]
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_the_page_says_who_entered_the_case(reviewer_client: Client, case: Case) -> None:
    page = reviewer_client.get(url_of(case)).content.decode()
    assert '登记人 <b class="asis">经办员戊</b>' in page
    assert "agreed_by" not in page


def test_a_case_whose_proceeding_is_pending_stays(
    reviewer_client: Client, tree: Tree, case: Case
) -> None:
    proceeding = make_proceeding(tree.housing, case=case)
    page = reviewer_client.post(url_of(case), typed(case))
    assert errors(page)["__all__"] == [f"{case.number} 有尚未审结的复议或诉讼，不能作废。"]
    proceeding.result, proceeding.concluded_on = ProceedingResult.UPHELD, TODAY
    proceeding.save()
    assert reviewer_client.post(url_of(case), typed(case)).status_code == 302


def test_voided_twice_is_refused(reviewer_client: Client, case: Case) -> None:
    reviewer_client.post(url_of(case), typed(case))
    case.refresh_from_db()
    page = reviewer_client.post(url_of(case), typed(case))
    assert errors(page)["__all__"] == [f"{case.number} 已作废，不能作废。"]
    assert case.events.filter(kind=EventKind.VOIDED).count() == 1


def test_two_clerks(reviewer_client: Client, case: Case) -> None:
    page = reviewer_client.post(url_of(case), typed(case, version=case.version + 1))
    assert "您打开之后" in errors(page)["__all__"][0]
    assert "重复登记" in page.content.decode()


def test_a_form_that_has_lost_what_it_saw_voids_nothing(
    reviewer_client: Client, case: Case
) -> None:
    page = reviewer_client.post(url_of(case), typed(case, version=""))
    assert errors(page)["version"][0].startswith("表单已过期，没有保存。")
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_who_is_clerk_and_reviewer_may(client: Client, tree: Tree, case: Case) -> None:
    both = make_user(Role.CLERK, tree.housing)
    both.assignments.create(department=tree.government, role=Role.REVIEWER)
    client.force_login(both)
    assert client.post(url_of(case), typed(case)).status_code == 302


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR, Role.AUDITOR])
def test_nobody_else_may(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.government))
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), typed(case)).status_code == 403
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_a_stranger_finds_no_such_case(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.REVIEWER, tree.land))
    assert client.post(url_of(case), typed(case)).status_code == 404


def test_other_methods_are_refused(reviewer_client: Client, case: Case) -> None:
    assert reviewer_client.delete(url_of(case)).status_code == 405
