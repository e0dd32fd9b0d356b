"""登记送达: the day on which "in time" is tested (国办公开办函〔2016〕235号)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import Role, ServiceMethod, Stage
from cases.models import Case
from tests.makers import TODAY, Tree, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, closed_on=date(2025, 10, 16), service_method=ServiceMethod.POST)


def url_of(case: Case) -> str:
    return reverse("cases:serve", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {"version": case.version, "service_method": "in_person", "served_on": "2025-10-17"} | (
        fields
    )


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_service_closes_the_case_on_its_own_day(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case), follow=True)
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED
    assert (case.closed_on, case.served_on) == (date(2025, 10, 16), date(2025, 10, 17))
    assert case.service_method == ServiceMethod.IN_PERSON
    assert "按时办结" in page.content.decode()


def test_a_day_later_is_late(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case, served_on="2025-10-20"), follow=True)
    assert "逾期 1 日办结" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"served_on": "2025-10-15"}, "served_on", "不能早于答复日期 2025-10-16。"),
        ({"served_on": "2025-10-28"}, "served_on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"served_on": ""}, "served_on", "请填写送达日期。"),
        ({"service_method": ""}, "service_method", "请选择送达方式。"),
        ({"service_method": "x"}, "service_method", "所选的送达方式不在可选项之内"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, **fields))
    assert sentence in errors(page)[field][0]
    case.refresh_from_db()
    assert case.stage == Stage.UNSERVED


def test_a_case_not_replied_has_nothing_to_serve(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    page = clerk_client.get(url_of(case), follow=True)
    assert "办理中，不能登记送达。" in page.content.decode()
    page = clerk_client.post(url_of(case), typed(case))
    assert errors(page)["__all__"] == [f"{case.number} 办理中，不能登记送达。"]


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    seen = typed(case)
    clerk_client.post(url_of(case), seen)
    page = clerk_client.post(url_of(case), seen | {"served_on": TODAY.isoformat()})
    assert "您打开之后" in errors(page)["__all__"][0]
    case.refresh_from_db()
    assert case.served_on == date(2025, 10, 17)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_other_roles_do_not_serve(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), typed(case)).status_code == 403


def test_other_methods_are_refused(clerk_client: Client, case: Case) -> None:
    assert clerk_client.put(url_of(case)).status_code == 405


def test_a_form_that_has_lost_what_it_saw_is_not_taken(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case, version=""))
    assert errors(page)["version"][0].startswith("表单已过期，没有保存。")
