"""Any cell of a roll-up opens into its parts: each organ's figure, and what is behind it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import Role
from cases.departments import succeed_department
from cases.models import Department, User
from reports import annual
from reports.choices import ALL, HOME, OWN, Way
from reports.formats import get_format
from reports.formats.base import Tables
from reports.formats.content import SectionTwoFigures, places
from reports.rollup import roll_up
from tests.makers import Tree, hand_of, make_case, make_proceeding, make_tree, make_user

pytestmark = pytest.mark.django_db

F2021 = get_format("2021")
NEW = "section_three.new_received.total"
MADE = "section_two.normative_documents.made_this_year"


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def office(tree: Tree, client: Client) -> User:
    user = make_user(Role.SUPERVISOR, tree.government, name="主管辛")
    client.force_login(user)
    return user


def ask(client: Client, department: Department, path: str = NEW, **said: Any) -> Any:
    usual: dict[str, Any] = {"department": department.pk, "year": 2024, "scope": ALL, "path": path}
    return client.get(reverse("reports:parts"), usual | said)


def figures(answer: Any) -> dict[Department, int]:
    return {line["department"]: line["figure"] for line in answer.context["parts"]}


def hands_in(tree: Tree, office: User) -> None:
    units = [
        replace(unit, way=Way.HANDED_IN) if unit.department == tree.town else unit
        for unit in annual.proposed_units(tree.government, 2024)
    ]
    said: dict[str, Any] = {"until_on": date(2025, 1, 15), "instructions": "", "version": 0}
    annual.call_for_reports(tree.government, 2024, units=units, by=office, **said)


@pytest.mark.parametrize(
    "path",
    [NEW, "section_three.granted.natural_person", "section_four.review.pending"],
)
def test_the_parts_add_up_to_the_cell(client: Client, tree: Tree, office: User, path: str) -> None:
    for organ in (tree.housing, tree.town):
        make_case(organ, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
        make_proceeding(organ, filed_on=date(2024, 5, 6))
    answer = ask(client, tree.government, path)
    assert figures(answer) == {tree.housing: 1, tree.town: 1}
    cell = roll_up(tree.government, ALL, 2024).tables.value(path)
    assert answer.context["sum"] == cell == 2
    assert figures(ask(client, tree.government, path, scope=HOME)) == {tree.housing: 1}


def test_each_part_leads_to_its_cases(client: Client, tree: Tree, office: User) -> None:
    case = make_case(tree.housing, received_on=date(2024, 3, 1))
    make_case(tree.town, received_on=date(2024, 3, 1))
    [line] = [
        line
        for line in ask(client, tree.government).context["parts"]
        if line["department"] == tree.housing
    ]
    page = client.get(line["url"])
    assert page.status_code == 200
    assert case.number in page.content.decode()
    assert page.context["panel"]["number"] == line["figure"] == 1


def test_who_has_not_reported_stands_apart(client: Client, tree: Tree, office: User) -> None:
    hands_in(tree, office)
    make_case(tree.housing, received_on=date(2024, 3, 1))
    answer = ask(client, tree.government)
    assert [line["department"] for line in answer.context["missing"]] == [tree.town]
    assert [line["department"] for line in answer.context["zeros"]] == [tree.office, tree.land]
    assert "尚未报送" in answer.content.decode()
    tables = Tables.zero(F2021)
    tables.section_three["new_received"][-1] = 7
    annual.hand_in(tree.town, 2024, tables, by=hand_of(tree.town))
    answer = ask(client, tree.government)
    assert figures(answer) == {tree.housing: 1, tree.town: 7}
    assert (answer.context["sum"], answer.context["missing"]) == (8, [])


def test_a_merged_organ_and_its_successor_each_have_their_part(
    client: Client, tree: Tree, office: User
) -> None:
    make_case(tree.housing, received_on=date(2024, 1, 8), closed_on=date(2024, 1, 22))
    make_case(tree.housing, received_on=date(2024, 6, 17))
    succeed_department(tree.housing, successor=tree.land, on=date(2024, 7, 1))
    answer = ask(client, tree.government)
    assert figures(answer) == {tree.housing: 1, tree.land: 1}
    for line in answer.context["parts"]:
        assert client.get(line["url"]).context["panel"]["number"] == 1


def test_section_two_has_parts_too_and_says_what_was_set_centrally(
    client: Client, tree: Tree, office: User
) -> None:
    for organ, made in ((tree.housing, 3), (tree.land, 0)):
        report = annual.begin(organ, OWN, 2024, by=hand_of(organ))
        amounts = dict.fromkeys(places(F2021), Decimal(0)) | {MADE: Decimal(made)}
        annual.save_section_two(report, SectionTwoFigures(amounts), by=hand_of(organ), version=None)
    answer = ask(client, tree.government, MADE)
    assert figures(answer) == {tree.housing: 3}
    missing = [line["department"] for line in answer.context["missing"]]
    assert missing == [tree.office, tree.town]
    report = annual.begin(tree.government, ALL, 2024, by=office)
    said = {"source": "区司法局", "reason": "一件由两局联合制发"}
    annual.set_centrally(report, MADE, Decimal(2), by=office, version=None, **said)
    assert "报告填报 2，来源：区司法局" in ask(client, tree.government, MADE).content.decode()


@pytest.mark.parametrize(
    "said",
    [
        {"path": ""},
        {"path": "section_three.other_misc"},
        {"path": "section_three.nothing.total"},
        {"scope": "everything"},
        {"year": "2018"},
        {"year": "2020", "path": "section_three.other_misc.total"},  # not of that format
    ],
)
def test_what_a_report_has_not_is_not_found(
    client: Client, tree: Tree, office: User, said: dict[str, str]
) -> None:
    assert ask(client, tree.government, **said).status_code == 404
    assert ask(client, tree.housing, scope=HOME).status_code == 404


def test_who_may_see_the_parts(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    assert ask(client, tree.housing, scope=OWN).status_code == 200
    assert ask(client, tree.government).status_code == 404
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert ask(client, tree.government).status_code == 403


def test_of_an_organ_out_of_sight_the_figure_is_shown_and_no_way_in(
    client: Client, tree: Tree, office: User
) -> None:
    make_case(tree.neighbour, received_on=date(2024, 3, 1))
    units = [
        *annual.proposed_units(tree.government, 2024),
        annual.calling.Unit(tree.neighbour, annual.calling.Counts.ALL),
    ]
    said: dict[str, Any] = {"until_on": date(2025, 1, 15), "instructions": "", "version": 0}
    annual.call_for_reports(tree.government, 2024, units=units, by=office, **said)
    [line] = ask(client, tree.government).context["parts"]
    assert (line["department"], line["figure"], line["url"]) == (tree.neighbour, 1, "")
