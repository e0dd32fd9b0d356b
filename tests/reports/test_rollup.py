"""Many organs together: nobody twice, nobody dropped, the sum traceable to its parts."""

from datetime import date

import pytest

from cases.choices import DepartmentKind, Outcome
from cases.departments import succeed_department
from cases.models import Department
from reports.annual import hand_in
from reports.choices import ALL, HOME, OWN, Way
from reports.counting import Period, count, scope_of
from reports.formats import get_format
from reports.formats.base import Tables
from reports.models import ReportingUnit, YearCall
from reports.rollup import RollUp, roll_up
from tests.makers import Tree, hand_of, make_case, make_department, make_proceeding, make_tree

pytestmark = pytest.mark.django_db

F2021 = get_format("2021")
YEAR = Period.year(2024)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def call(tree: Tree) -> YearCall:
    return YearCall.objects.create(
        government=tree.government, year=2024, until_on=date(2025, 1, 20)
    )


def new_of(rolled: RollUp) -> dict[Department, int | None]:
    """Department → its 新收, for those that have any."""
    return {
        part.department: part.tables.value("section_three.new_received.total")
        for part in rolled.parts
        if part.tables and part.tables.value("section_three.new_received.total")
    }


def handed_in(new: int) -> Tables:
    """A table with so many answered applications of persons."""
    tables = Tables.zero(F2021)
    for row in ("new_received", "granted", "results_total"):
        tables.section_three[row][0] = tables.section_three[row][-1] = new
    return tables


def test_home_leaves_out_towns_and_platforms(tree: Tree) -> None:
    platform = make_department("高新区管委会", DepartmentKind.PLATFORM, tree.government)
    for organ in (tree.office, tree.housing, tree.town, platform):
        make_case(organ, received_on=date(2024, 3, 1))
    assert set(new_of(roll_up(tree.government, HOME, 2024))) == {tree.office, tree.housing}
    everybody = {tree.office, tree.housing, tree.town, platform}
    assert set(new_of(roll_up(tree.government, ALL, 2024))) == everybody


def test_what_the_call_says_of_a_unit_holds_for_its_year_only(tree: Tree, call: YearCall) -> None:
    units = ReportingUnit.objects
    units.create(call=call, department=tree.town, in_home=True, in_all=True)
    units.create(call=call, department=tree.housing, in_home=False, in_all=False)
    for organ in (tree.office, tree.housing, tree.town):
        make_case(organ, received_on=date(2023, 3, 1))
    in_2024 = {part.department for part in roll_up(tree.government, HOME, 2024).parts}
    assert tree.town in in_2024 and tree.housing not in in_2024
    assert tree.housing not in {p.department for p in roll_up(tree.government, ALL, 2024).parts}
    in_2023 = {part.department for part in roll_up(tree.government, HOME, 2023).parts}
    assert tree.town not in in_2023 and tree.housing in in_2023


def test_a_vertical_organ_counts_where_the_call_names_it(tree: Tree, call: YearCall) -> None:
    tax = make_department("税务分局", DepartmentKind.DEPARTMENT)
    make_case(tax, received_on=date(2024, 3, 1))
    assert not new_of(roll_up(tree.government, ALL, 2024))
    ReportingUnit.objects.create(call=call, department=tax, in_home=False, in_all=True)
    assert new_of(roll_up(tree.government, ALL, 2024)) == {tax: 1}
    assert not new_of(roll_up(tree.government, HOME, 2024))


def test_the_sum_is_what_counting_says_of_the_whole(tree: Tree) -> None:
    make_case(tree.office, received_on=date(2023, 12, 1), closed_on=date(2024, 1, 9))
    make_case(tree.housing, received_on=date(2024, 3, 1))
    make_case(
        tree.town,
        received_on=date(2024, 3, 1),
        closed_on=date(2024, 3, 20),
        outcome=Outcome.PARTIAL,
    )
    make_proceeding(tree.town, filed_on=date(2024, 5, 6))
    whole = count(scope_of(tree.government, ALL, YEAR), YEAR, F2021)
    assert roll_up(tree.government, ALL, 2024).tables == whole
    assert whole.value("section_four.review.total") == 1


def test_an_organ_that_hands_in_is_not_counted_besides(tree: Tree, call: YearCall) -> None:
    make_case(tree.town, received_on=date(2024, 3, 1))
    ReportingUnit.objects.create(call=call, department=tree.town, in_home=False, way=Way.HANDED_IN)
    before = roll_up(tree.government, ALL, 2024)
    assert before.missing == (tree.town,) and not new_of(before)
    hand_in(tree.town, 2024, handed_in(5), by=hand_of(tree.town))
    hand_in(tree.town, 2024, handed_in(7), by=hand_of(tree.town))  # the latest holds
    after = roll_up(tree.government, ALL, 2024)
    assert not after.missing and new_of(after) == {tree.town: 7}
    assert new_of(roll_up(tree.town, OWN, 2024)) == {tree.town: 7}


def test_open_cases_of_a_merged_organ_are_a_part_of_the_successor(tree: Tree) -> None:
    make_case(tree.housing, received_on=date(2024, 1, 8), closed_on=date(2024, 1, 22))
    make_case(tree.housing, received_on=date(2024, 6, 17))  # open on the day
    succeed_department(tree.housing, successor=tree.land, on=date(2024, 7, 1))
    rolled = roll_up(tree.government, ALL, 2024)
    assert new_of(rolled) == {tree.housing: 1, tree.land: 1}
    assert rolled.tables == count(scope_of(tree.government, ALL, YEAR), YEAR, F2021)


def test_a_chain_of_successions_leads_to_the_last(tree: Tree) -> None:
    make_case(tree.housing, received_on=date(2024, 1, 8))
    make_proceeding(tree.housing, filed_on=date(2024, 1, 8))
    succeed_department(tree.housing, successor=tree.land, on=date(2024, 3, 1))
    succeed_department(tree.land, successor=tree.town, on=date(2024, 9, 1))
    rolled = roll_up(tree.government, ALL, 2024)
    assert new_of(rolled) == {tree.town: 1}
    of_town = next(p for p in rolled.parts if p.department == tree.town)
    assert of_town.tables and of_town.tables.value("section_four.review.pending") == 1
