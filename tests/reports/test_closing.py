"""年终核对: what is in the way of a year's report is listed with the way to it, in its order."""

from datetime import date

import pytest
from django.test import Client

from cases.choices import Channel, Role
from cases.models import User
from reports import annual
from reports.annual.closing import Closing, closing_of
from reports.choices import HOME, OWN, ReportStepKind
from reports.models import AnnualReport
from reports.views.report_base import Place
from tests.makers import Facts, Tree, hand_of, make_case, make_tree, make_user
from tests.reports.report_cast import YEAR, entered, filled, step

pytestmark = pytest.mark.django_db

ON = date(2025, 1, 10)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def hand(tree: Tree) -> User:
    return hand_of(tree.housing)


def closing(report: AnnualReport) -> Closing:
    return closing_of(report, annual.findings(report), on=ON)


def counts(found: Closing) -> dict[str, int]:
    return {problem.key: problem.cases for problem in found.problems if problem.cases}


def page(client: Client, user: User, place: Place) -> str:
    client.force_login(user)
    response = client.get(place.url("closing"))
    assert response.status_code == 200
    return response.content.decode()


def test_each_problem_counts_its_cases(tree: Tree, hand: User) -> None:
    report = filled(tree.housing, hand)
    make_case(tree.housing, received_on=None, arrived_on=date(2024, 12, 30), channel=Channel.FAX)
    make_case(tree.housing, received_on=date(2024, 11, 1))  # overdue on the day
    make_case(tree.housing, received_on=date(2024, 12, 27))  # in time still
    make_case(
        tree.housing,
        received_on=date(2024, 3, 1),
        closed_on=date(2024, 3, 20),
        served_on=None,
        service_method="post",
    )
    make_case(tree.housing, received_on=date(2024, 3, 1), closed_on=date(2024, 7, 1))  # late
    make_case(tree.land, received_on=date(2024, 11, 1))  # another organ's
    assert counts(closing(report)) == {
        "unconfirmed": 1,
        "overdue": 2,  # what is not served by then is, too
        "unserved": 1,
        "late": 2,
        "carried": 2,
    }


def test_of_another_year_nothing_is_counted(tree: Tree, hand: User) -> None:
    report = filled(tree.housing, hand)
    make_case(tree.housing, received_on=date(2025, 1, 2))
    make_case(tree.housing, received_on=date(2023, 3, 1), closed_on=date(2023, 9, 1))
    assert counts(closing(report)) == {}


def test_a_course_out_of_order_is_named(tree: Tree, hand: User) -> None:
    report = filled(tree.housing, hand)
    fine = make_case(tree.housing, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
    odd = make_case(
        tree.housing,
        received_on=date(2024, 3, 1),
        facts=Facts(correction=(date(2024, 3, 20), date(2024, 3, 25))),  # after the 7th working day
    )
    found = closing(report).irregular
    assert found is not None and odd in found and fine not in found
    assert odd.number in page(Client(), hand, Place(tree.housing, YEAR, OWN))


def test_the_tie_stands_apart_and_is_not_clear(tree: Tree, hand: User) -> None:
    entered(tree.housing, hand, forward=2)
    report = filled(tree.housing, hand)
    found = closing(report)
    assert {it.check.at for it in found.tie} == {"natural_person", "total"}
    assert not found.is_clear and not found.others


def test_with_nothing_in_the_way_it_says_so_and_leads_on(tree: Tree, hand: User) -> None:
    report = filled(tree.housing, hand)
    assert closing(report).is_clear
    said = page(Client(), hand, Place(tree.housing, YEAR, OWN))
    assert "校验都已通过或者认可" in said and "没有上年公布的数据可以核对" in said
    assert Place(tree.housing, YEAR, OWN).url("report_step", step="confirm") in said


def test_a_roll_up_names_who_has_not_confirmed(tree: Tree, hand: User) -> None:
    office = make_user(Role.SUPERVISOR, tree.government)
    annual.begin(tree.government, HOME, YEAR, by=office)
    step(filled(tree.housing, hand), ReportStepKind.CONFIRMED, hand)
    said = page(Client(), office, Place(tree.government, YEAR, HOME))
    assert "3 个单位中还有 2 个没有确认：区政府办、区资规分局" in said


def test_before_a_report_is_begun_it_leads_there(tree: Tree, hand: User) -> None:
    assert "还没有开始填报" in page(Client(), hand, Place(tree.housing, YEAR, OWN))


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 200), (Role.ADMINISTRATOR, 403)])
def test_who_reads_tables_reads_it(tree: Tree, client: Client, role: Role, status: int) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(Place(tree.housing, YEAR, OWN).url("closing")).status_code == status


def test_a_stranger_finds_nothing(tree: Tree, client: Client) -> None:
    client.force_login(hand_of(tree.land))
    assert client.get(Place(tree.housing, YEAR, OWN).url("closing")).status_code == 404
