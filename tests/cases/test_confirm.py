"""确认收到: from this day the application is received (条例31, 国办公开办函〔2015〕207号)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Role, Stage
from cases.models import Case
from tests.makers import Tree, hand_of, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, received_on=None, arrived_on=date(2025, 10, 23))


def url_of(case: Case) -> str:
    return reverse("cases:confirm", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {"version": case.version, "received_on": "2025-10-24", "note": "电话确认"} | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_the_day_of_confirmation_is_the_day_of_receipt(clerk_client: Client, case: Case) -> None:
    assert "双方确认之日为收到日" in clerk_client.get(url_of(case)).content.decode()
    clerk_client.post(url_of(case), typed(case))
    case.refresh_from_db()
    assert case.stage == Stage.OPEN
    assert case.received_on == date(2025, 10, 24)
    assert case.ends_on == date(2025, 11, 21)
    event = case.events.latest("pk")
    assert (event.kind, event.text) == (
        EventKind.CONFIRMED,
        "与申请人确认，2025-10-24 为收到日。电话确认",
    )


def test_the_number_stays_that_of_its_year(tree: Tree) -> None:
    """Arrived in December, confirmed in January: received, and counted, in the new year."""
    arrived, confirmed = date(2025, 12, 30), date(2026, 1, 5)
    case = make_case(tree.housing, received_on=None, arrived_on=arrived, today=arrived)
    assert case.number == "秀建公开申〔2025〕1号"
    by = hand_of(tree.housing)
    workflow.confirm(case, by=by, today=confirmed, received_on=confirmed, note="")
    case.refresh_from_db()
    assert (case.number, case.number_year) == ("秀建公开申〔2025〕1号", 2025)
    assert case in Case.objects.received_in(date(2026, 1, 1), date(2026, 12, 31))
    next_year = make_case(tree.housing, received_on=confirmed, today=confirmed)
    assert next_year.number == "秀建公开申〔2026〕1号"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2025-10-22", "不能早于到件日期 2025-10-23。"),
        ("2025-10-28", "2025-10-28 还没有到，不能填将来的日期。"),
        ("", "请填写确认日期。"),
        ("2025-13-01", "“2025-13-01”不是一个日期"),
    ],
)
def test_bad_days_are_said_beside_the_field(
    clerk_client: Client, case: Case, day: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, received_on=day))
    assert sentence in errors(page)["received_on"][0]
    assert "电话确认" in page.content.decode()
    case.refresh_from_db()
    assert case.stage == Stage.UNCONFIRMED


def test_what_is_received_is_not_confirmed_again(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    assert "不能确认收到" in clerk_client.get(url_of(case), follow=True).content.decode()
    page = clerk_client.post(url_of(case), typed(case))
    assert errors(page)["__all__"] == [f"{case.number} 办理中，不能确认收到。"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_other_roles_do_not_confirm(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), typed(case)).status_code == 403


def test_a_withdrawal_before_it_is_voided_by_who_may(
    clerk_client: Client, client: Client, tree: Tree, case: Case
) -> None:
    void = reverse("cases:void", args=[case.pk])
    page = clerk_client.get(url_of(case)).content.decode()
    assert "请审核人按作废登记" in page and void not in page
    both = make_user(Role.CLERK, tree.housing)
    both.assignments.create(role=Role.REVIEWER, department=tree.housing)
    client.force_login(both)
    page = client.get(url_of(case)).content.decode()
    assert f'href="{void}?reason=' in page and "请审核人" not in page


def test_other_methods_are_refused(clerk_client: Client, case: Case) -> None:
    assert clerk_client.put(url_of(case)).status_code == 405


def test_a_form_that_has_lost_what_it_saw_is_not_taken(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case, version=""))
    assert errors(page)["version"][0].startswith("表单已过期，没有保存。")
