"""The year's call: who has to report by when, and towards what each unit counts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases.choices import DepartmentKind, Role
from cases.departments import succeed_department
from cases.models import AuditEntry, Department, User
from cases.workflow import NotAllowed, Stale
from reports.annual import call_for_reports, proposed_units
from reports.annual.calling import Counts, Unit
from reports.choices import ALL, HOME, Way
from reports.models import YearCall
from reports.rollup import roll_up
from tests.makers import Tree, make_case, make_department, make_tree, make_user

pytestmark = pytest.mark.django_db

UNTIL = date(2025, 1, 20)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def office(tree: Tree) -> User:
    return make_user(Role.SUPERVISOR, tree.government, name="主管辛")


def call(tree: Tree, by: User, units: Sequence[Unit] | None = None, **said: Any) -> YearCall:
    usual: dict[str, Any] = {"until_on": UNTIL, "instructions": "", "version": 0}
    year = said.pop("year", 2024)
    listed = proposed_units(tree.government, year) if units is None else units
    return call_for_reports(tree.government, year, by=by, units=listed, **(usual | said))


def proposed(tree: Tree, year: int = 2024) -> dict[Department, Unit]:
    return {unit.department: unit for unit in proposed_units(tree.government, year)}


def test_the_first_list_is_that_of_the_tree(tree: Tree) -> None:
    platform = make_department("高新区管委会", DepartmentKind.PLATFORM, tree.government)
    found = {organ: unit.counts for organ, unit in proposed(tree).items()}
    assert found == {
        tree.office: Counts.HOME,
        tree.housing: Counts.HOME,
        tree.land: Counts.HOME,
        tree.town: Counts.ALL,
        platform: Counts.ALL,
    }
    assert not any(unit.note for unit in proposed(tree).values())


def test_a_government_below_reports_by_a_call_of_its_own(tree: Tree) -> None:
    county = make_department("某县人民政府", DepartmentKind.GOVERNMENT, tree.government)
    bureau = make_department("某县住建局", parent=county)
    assert not {county, bureau} & proposed(tree).keys()


def test_the_list_of_last_year_is_taken_over_and_what_changed_is_pointed_out(
    tree: Tree, office: User
) -> None:
    tax = make_department("税务分局")
    units = [
        *(unit for unit in proposed_units(tree.government, 2023) if unit.department != tree.town),
        Unit(tree.town, Counts.HOME, Way.HANDED_IN),
        Unit(tax, Counts.ALL),
    ]
    call(tree, office, units, year=2023, until_on=date(2024, 1, 20))
    new = make_department("数据局", parent=tree.government)
    succeed_department(tree.land, successor=tree.housing, on=date(2024, 7, 1))
    found = proposed(tree)
    assert (found[tree.town].counts, found[tree.town].way) == (Counts.HOME, Way.HANDED_IN)
    assert (found[tax].counts, found[tax].note) == (Counts.ALL, "不在下级单位中")
    assert (found[new].counts, found[new].note) == (Counts.HOME, "名单中新增")
    assert found[tree.land].note == "2024-07-01 并入区住建局"
    assert found[tree.land].counts == Counts.HOME  # what it closed before is still reported
    assert proposed(tree, 2025)[tree.land].counts == Counts.NOWHERE


def test_what_is_called_for_is_what_the_roll_up_counts(tree: Tree, office: User) -> None:
    for organ in (tree.office, tree.housing, tree.town):
        make_case(organ, received_on=date(2024, 3, 1))
    units = [
        Unit(tree.office, Counts.HOME),
        Unit(tree.housing, Counts.NOWHERE),
        Unit(tree.town, Counts.HOME, Way.HANDED_IN),
    ]
    row = call(tree, office, units, instructions=" 按时报送 ")
    assert (row.instructions, row.version) == ("按时报送", 1)
    home = roll_up(tree.government, HOME, 2024)
    assert {part.department for part in home.parts} == {tree.office, tree.land, tree.town}
    assert home.missing == (tree.town,)
    assert tree.housing not in {
        part.department for part in roll_up(tree.government, ALL, 2024).parts
    }


def test_a_change_is_kept_with_what_was_before(tree: Tree, office: User) -> None:
    call(tree, office)
    later = call(tree, office, [Unit(tree.office, Counts.HOME)], version=1)
    assert later.version == 2
    assert [unit.department for unit in later.units.all()] == [tree.office]
    entry = AuditEntry.objects.filter(act="annual_report_call").latest("pk")
    assert entry.before["units"]["XZ-WJJ"] == "01 cases"
    assert entry.after["units"] == {"XZ-BGS": "11 cases"}
    with pytest.raises(Stale):
        call(tree, office, version=1)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_the_supervisor_of_the_government_calls(tree: Tree, role: Role) -> None:
    with pytest.raises(NotAllowed):
        call(tree, make_user(role, tree.government))
    with pytest.raises(NotAllowed):
        call(tree, make_user(Role.SUPERVISOR, tree.housing))


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2025, 1, 31)])
def test_the_deadline_is_in_the_january_after(tree: Tree, office: User, day: date) -> None:
    assert call(tree, office, until_on=day).until_on == day


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2025, 2, 1)])
def test_another_deadline_is_refused(tree: Tree, office: User, day: date) -> None:
    with pytest.raises(ValidationError, match="第四十九条"):
        call(tree, office, until_on=day)


def test_nothing_counts_twice(tree: Tree, office: User) -> None:
    twice = [Unit(tree.town, Counts.ALL), Unit(tree.town, Counts.HOME)]
    with pytest.raises(ValidationError, match="不止一次"):
        call(tree, office, twice)
    county = make_department("某县人民政府", DepartmentKind.GOVERNMENT, tree.government)
    with pytest.raises(ValidationError, match="一级政府"):
        call(tree, office, [Unit(county, Counts.ALL)])
    other = make_department("平湖市人民政府", DepartmentKind.GOVERNMENT)
    bureau = make_department("平湖市住建局", parent=other)
    with pytest.raises(ValidationError, match="平湖市人民政府的年报"):
        call(tree, office, [Unit(bureau, Counts.ALL)])


def test_a_vertical_organ_counts_in_one_government(tree: Tree, office: User) -> None:
    tax = make_department("税务分局")
    call(tree, office, [Unit(tax, Counts.ALL)])
    other = make_department("平湖市人民政府", DepartmentKind.GOVERNMENT)
    by = make_user(Role.SUPERVISOR, other)
    said: dict[str, Any] = {"until_on": UNTIL, "instructions": "", "by": by, "version": 0}
    with pytest.raises(ValidationError, match="不能重复计算"):
        call_for_reports(other, 2024, units=[Unit(tax, Counts.ALL)], **said)
    call_for_reports(other, 2024, units=[Unit(tax, Counts.NOWHERE)], **said)
    assert other.year_calls.get().units.count() == 1
