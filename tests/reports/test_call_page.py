"""The page of the year's call: its list, what is added to it, and what is refused."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import DepartmentKind, Role
from cases.models import User
from reports.choices import Way
from reports.models import YearCall
from tests.makers import Tree, make_department, make_tree, make_user

pytestmark = pytest.mark.django_db

URL = reverse("reports:call")


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def office(tree: Tree, client: Client) -> User:
    user = make_user(Role.SUPERVISOR, tree.government, name="主管辛")
    client.force_login(user)
    return user


def send(client: Client, tree: Tree, **said: Any) -> Any:
    """The form of 2024 as it is drawn, with other values."""
    form = client.get(f"{URL}?year=2024").context["form"]
    return client.post(f"{URL}?year=2024", drawn(form) | {"until_on": "2025-01-20"} | said)


def drawn(form: Any) -> dict[str, Any]:
    """What a browser sends of the form as it stands."""
    return {field.html_name: "" if field.value() is None else field.value() for field in form}


def test_the_call_is_opened_and_changed(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    assert "还没有布置" in client.get(URL).content.decode()  # of last year, the one in the making
    answer = send(client, tree, instructions="请如期报送", **{f"way-{tree.town.pk}": "handed_in"})
    assert answer.status_code == 302
    stored = YearCall.objects.get()
    assert (stored.year, stored.until_on) == (2024, date(2025, 1, 20))
    assert stored.units.get(department=tree.town).way == Way.HANDED_IN
    send(client, tree, until_on="2025年1月15日", **{f"counts-{tree.land.pk}": "nowhere"})
    stored.refresh_from_db()
    assert (stored.until_on, stored.version) == (date(2025, 1, 15), 2)
    assert not stored.units.get(department=tree.land).in_all


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    answer = send(client, tree, until_on="2025-02-03", instructions="请如期报送")
    form = answer.context["form"]
    assert "第四十九条" in str(form.errors["until_on"])
    assert form["instructions"].value() == "请如期报送"
    answer = send(client, tree, **{f"way-{tree.town.pk}": "elsewhere"})
    assert "不在可选项之内" in str(answer.context["form"].errors[f"way-{tree.town.pk}"])
    assert not YearCall.objects.exists()


def test_an_organ_that_is_named_joins_the_list_before_it_is_saved(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    tax = make_department("税务分局", code="TAX")
    answer = send(client, tree, add="TAX", instructions="请如期报送")
    assert not YearCall.objects.exists()
    form = answer.context["form"]
    assert "已加入名单" in str(form.errors["add"])
    assert form["instructions"].value() == "请如期报送"
    answer = client.post(f"{URL}?year=2024", drawn(form) | {f"way-{tax.pk}": "handed_in"})
    assert answer.status_code == 302
    unit = YearCall.objects.get().units.get(department=tax)
    assert (unit.in_home, unit.in_all, unit.way) == (False, True, Way.HANDED_IN)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("某某局", "没有名称或代码"), ("区住建局", "已在名单中"), ("某县", "一级政府")],
)
def test_an_organ_that_cannot_join_is_refused(
    client: Client, tree: Tree, office: User, today: date, typed: str, said: str
) -> None:
    kind = DepartmentKind.GOVERNMENT
    make_department("某县人民政府", kind, tree.government, short_name="某县")
    answer = send(client, tree, add=typed)
    form = answer.context["form"]
    assert said in str(form.errors["add"])
    assert form["add"].value() == typed
    assert not YearCall.objects.exists()


def test_who_was_slower_sees_it_and_goes_on(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    send(client, tree)
    answer = send(client, tree, version="0", instructions="另一份")
    form = answer.context["form"]
    assert "已被别人改过" in str(form.non_field_errors())
    assert (form["version"].value(), form["instructions"].value()) == ("1", "另一份")


def test_others_do_not_call(client: Client, tree: Tree, today: date) -> None:
    client.force_login(make_user(Role.REVIEWER, tree.government))
    assert client.get(URL).status_code == 403
    client.force_login(make_user(Role.SUPERVISOR, tree.housing))
    assert client.get(URL).status_code == 404
    assert client.get(f"{URL}?department={tree.government.pk}").status_code == 404
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(URL).status_code == 403


@pytest.mark.parametrize("year", ["abc", "2018", "2026", "9" * 30])
def test_a_year_without_a_report_is_not_found(
    client: Client, tree: Tree, office: User, today: date, year: str
) -> None:
    assert client.get(f"{URL}?year={year}").status_code == 404
