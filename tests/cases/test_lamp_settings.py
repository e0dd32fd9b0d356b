"""期限灯 by department: set by its supervisor, shown in every list without a query for each row."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cases import workflow
from cases.choices import ProceedingResult, Role
from cases.decreed import decreed_calendar
from cases.exports import STANDING, cases_workbook
from cases.lamps import USUAL, Lamp, lamp_key, lamp_of, running_lamp
from cases.models import AuditEntry, Case, Department, DepartmentSettings, User
from tests.makers import (
    TODAY,
    Tree,
    hand_of,
    make_case,
    make_proceeding,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

LIST = reverse("cases:lamp_settings")
DUE = date(2025, 10, 31)  # four working days after today


@pytest.fixture
def boss(client: Client, tree: Tree) -> User:
    user = make_user(Role.SUPERVISOR, tree.government)
    client.force_login(user)
    return user


def url_of(organ: Department) -> str:
    return reverse("cases:lamp_setting", args=[organ.pk])


def typed(**fields: object) -> dict[str, Any]:
    return {"version": 0, "green_from": 10, "amber_from": 5} | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def due_case(organ: Department) -> Case:
    return make_case(organ, received_on=date(2025, 9, 28))  # due on DUE


def test_a_department_sets_its_own_days(client: Client, boss: User, tree: Tree) -> None:
    case, other = due_case(tree.housing), due_case(tree.land)
    assert (case.ends_on, other.ends_on) == (DUE, DUE)
    page = client.post(url_of(tree.housing), typed(), follow=True)
    assert "1 个单位的期限灯已改。" in page.content.decode()
    lists = client.get(reverse("cases:list")).content.decode()
    assert lists.count('<span class="lamp lamp-red">剩 4 日</span>') == 1
    assert lists.count('<span class="lamp lamp-amber">剩 4 日</span>') == 1
    detail = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert '<span class="lamp lamp-red">剩 4 日</span>' in detail
    entry = AuditEntry.objects.latest("id")
    assert (entry.act, entry.after) == ("设置期限灯", {"green_from": 10, "amber_from": 5})


@pytest.mark.parametrize(
    ("on", "css"),
    [
        (date(2025, 10, 17), "green"),  # ten left
        (date(2025, 10, 20), "amber"),
        (date(2025, 10, 24), "amber"),  # five left
        (date(2025, 10, 25), "amber"),  # a Saturday takes no day away
        (date(2025, 10, 27), "red"),
        (date(2025, 11, 3), "black"),
    ],
)
def test_both_sides_of_each_boundary(on: date, css: str) -> None:
    days = USUAL._replace(green_from=10, amber_from=5)
    assert running_lamp(DUE, on=on, calendar=decreed_calendar(), days=days).css == css


def test_all_below_may_be_set_at_once(client: Client, boss: User, tree: Tree) -> None:
    client.post(url_of(tree.government), typed(below="on"))
    assert DepartmentSettings.objects.count() == 5
    assert not DepartmentSettings.objects.filter(department=tree.neighbour).exists()
    page = client.get(reverse("cases:list")).content.decode()
    assert "剩 10 日及以上" in page  # the key under the list says what holds


def test_the_key_names_no_days_where_departments_differ(
    client: Client, boss: User, tree: Tree
) -> None:
    client.post(url_of(tree.housing), typed())
    page = client.get(reverse("cases:list")).content.decode()
    assert "紧迫，天数由单位定" in page and "剩 6 日及以上" not in page


def test_the_key_of_one_department_is_its_own(client: Client, boss: User, tree: Tree) -> None:
    client.post(url_of(tree.housing), typed(amber_from=1))
    client.force_login(make_user(Role.CLERK, tree.housing))
    page = client.get(reverse("cases:list")).content.decode()
    assert "剩 1–9 日" in page and "剩 0 日" in page


def test_a_case_has_one_lamp_wherever_it_stands(client: Client, tree: Tree) -> None:
    """Amber by the usual days, red by the department's own: lists, home, case, sheet, export."""
    works = make_user(Role.REVIEWER, tree.government)
    client.force_login(works)
    DepartmentSettings.objects.create(department=tree.housing, green_from=10, amber_from=5)
    case = due_case(tree.housing)
    workflow.assign(case, by=works, today=TODAY, handler=works)
    for address in (
        reverse("cases:list"),
        reverse("cases:list") + "?due=5",
        reverse("cases:home"),
        reverse("cases:monday"),
        reverse("cases:detail", args=[case.pk]),
        reverse("cases:extend", args=[case.pk]),
        reverse("cases:hand_over") + f"?handler={works.pk}",
        reverse("reports:overview_cases") + "?figure=open",
    ):
        page = client.get(address, follow=True).content.decode()
        drawn = re.findall(r'<span class="lamp (lamp-\w+)">剩 4 日</span>', page)
        assert drawn and set(drawn) == {"lamp-red"}, address
    assert left_by_export(Case.objects.get(pk=case.pk)) == 4


def test_a_review_and_a_new_reply_have_the_lamps_of_the_department(
    client: Client, tree: Tree
) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    case = make_case(tree.housing, received_on=date(2025, 6, 2), closed_on=date(2025, 6, 20))
    concluded: dict[str, Any] = {
        "result": ProceedingResult.CORRECTED,
        "concluded_on": date(2025, 10, 13),
    }
    review = make_proceeding(tree.housing, case=case, ruling="revoked", **concluded)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY, "proceeding": review}
    workflow.reopen(case, on=date(2025, 10, 17), workdays=10, **said)  # until 10-31
    make_proceeding(tree.housing, received_on=date(2025, 10, 17))  # until 10-31

    def lamps() -> list[str]:
        addresses = (
            reverse("cases:home"),
            reverse("cases:proceedings"),
            reverse("cases:list") + "?due=again",
            reverse("cases:detail", args=[case.pk]),
        )
        pages = [client.get(address).content.decode() for address in addresses]
        return [css for page in pages for css in re.findall(r'lamp-(\w+)">(?:重办 )?剩 4 日', page)]

    assert lamps() == ["amber"] * 7
    DepartmentSettings.objects.create(department=tree.housing, green_from=10, amber_from=5)
    assert lamps() == ["red"] * 7


def left_by_export(case: Case) -> object:
    """What an export says of the working days left."""
    file = cases_workbook([(case, False)], on=TODAY, calendar=decreed_calendar(), personal=False)
    header, row = load_workbook(BytesIO(file))[STANDING].values
    return dict(zip(header, row, strict=True))["剩余工作日"]


def test_no_list_asks_for_each_row(client: Client, boss: User, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.government)
    client.force_login(clerk)
    organs = (tree.housing, tree.land, tree.town, tree.office)
    for organ in organs:
        due_case(organ)
        client.get(reverse("cases:list"))
    pages = [reverse(name) for name in ("cases:list", "cases:home", "cases:monday")]
    few = [queries_of(lambda url=url: client.get(url)) for url in pages]  # type: ignore[misc]
    for organ in organs:
        due_case(organ)
        DepartmentSettings.objects.create(department=organ, green_from=10, amber_from=5)
    assert [queries_of(lambda url=url: client.get(url)) for url in pages] == few  # type: ignore[misc]


def test_a_lamp_without_settings_is_the_usual_one(tree: Tree) -> None:
    case = due_case(tree.housing)
    assert lamp_of(case, on=TODAY, calendar=decreed_calendar()) == Lamp("amber", "剩 4 日")
    assert [lamp.text for lamp in lamp_key()[:3]] == ["剩 6 日及以上", "剩 3–5 日", "剩 0–2 日"]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"green_from": "5"}, "amber_from", "至少 1 个工作日，并且少于绿灯的 5 个。"),
        ({"amber_from": "0"}, "amber_from", "至少 1 个工作日，并且少于绿灯的 10 个。"),
        ({"green_from": "21"}, "green_from", "请填 2 至 20 个工作日。"),
        ({"green_from": "1"}, "green_from", "请填 2 至 20 个工作日。"),
        ({"green_from": ""}, "green_from", "请填写绿灯：剩几个工作日及以上。"),
        ({"green_from": "十"}, "green_from", "请填一个整数。"),
        ({"version": ""}, "version", "表单已过期，没有保存。"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    client: Client, boss: User, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = client.post(url_of(tree.housing), typed(**fields))
    assert sentence in errors(page)[field][0]
    assert not DepartmentSettings.objects.exists()


def test_the_same_once_more_changes_nothing(client: Client, boss: User, tree: Tree) -> None:
    client.post(url_of(tree.housing), typed())
    page = client.post(url_of(tree.housing), typed(version=1), follow=True)
    assert "与原来相同，没有改动。" in page.content.decode()
    assert DepartmentSettings.objects.get().version == 1


def test_of_two_the_second_is_refused(client: Client, boss: User, tree: Tree) -> None:
    client.post(url_of(tree.housing), typed())
    page = client.post(url_of(tree.housing), typed(green_from=8))
    assert "已被别人改过" in errors(page)["__all__"][0]
    assert page.context["form"]["version"].value() == "1"
    assert DepartmentSettings.objects.get().green_from == 10


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_set_nothing(client: Client, tree: Tree, role: Role) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(LIST).status_code == 403
    seen = 404 if role == Role.ADMINISTRATOR else 403  # who reads no cases sees no departments
    assert client.get(url_of(tree.housing)).status_code == seen
    assert client.post(url_of(tree.housing), typed()).status_code == seen
    assert not DepartmentSettings.objects.exists()


def test_a_stranger_finds_nothing(client: Client, boss: User, tree: Tree) -> None:
    assert client.get(url_of(tree.neighbour)).status_code == 404
    assert client.post(url_of(tree.neighbour), typed()).status_code == 404
    assert tree.neighbour.name not in client.get(LIST).content.decode()
