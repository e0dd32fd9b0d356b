"""作废: a case entered by mistake or twice is kept, and counted nowhere (convention 9)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import EventKind, Role, Stage
from cases.models import Case
from tests.makers import TODAY, Tree, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)


def url_of(case: Case) -> str:
    return reverse("cases:void", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {"version": case.version, "reason": "重复登记", "agreed_by": "审核人庚"} | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_a_voided_case_keeps_its_number_and_counts_nowhere(
    clerk_client: Client, tree: Tree, case: Case
) -> None:
    clerk_client.post(url_of(case), typed(case))
    case.refresh_from_db()
    assert (case.stage, case.voided_on) == (Stage.VOID, TODAY)
    assert not Case.objects.counted().exists()
    event = case.events.latest("pk")
    assert event.kind == EventKind.VOIDED
    assert event.text == "作废：重复登记（审核人 审核人庚）"
    assert make_case(tree.housing).number == "秀建公开申〔2025〕2号"


@pytest.mark.parametrize("field", ["reason", "agreed_by"])
def test_a_reason_and_a_reviewer_are_demanded(clerk_client: Client, case: Case, field: str) -> None:
    page = clerk_client.post(url_of(case), typed(case, **{field: " "}))
    assert errors(page)[field][0].startswith("请填写")
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_voided_twice_is_refused(clerk_client: Client, case: Case) -> None:
    clerk_client.post(url_of(case), typed(case))
    case.refresh_from_db()
    page = clerk_client.post(url_of(case), typed(case))
    assert errors(page)["__all__"] == [f"{case.number} 已作废，不能作废。"]
    assert case.events.filter(kind=EventKind.VOIDED).count() == 1


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case, version=case.version + 1))
    assert "您打开之后" in errors(page)["__all__"][0]
    assert "重复登记" in page.content.decode()


def test_a_form_that_has_lost_what_it_saw_voids_nothing(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case, version=""))
    assert errors(page)["version"][0].startswith("表单已过期，没有保存。")
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SUPERVISOR])
def test_heads_may_void_too(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.government))
    assert client.post(url_of(case), typed(case)).status_code == 302


def test_an_auditor_may_not(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.government))
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), typed(case)).status_code == 403
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_other_methods_are_refused(clerk_client: Client, case: Case) -> None:
    assert clerk_client.delete(url_of(case)).status_code == 405
