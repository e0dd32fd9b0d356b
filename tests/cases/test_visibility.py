"""Who sees what: the subtree of one's roles and nothing else."""

from datetime import date

import pytest

from cases.choices import DepartmentKind, Role
from cases.departments import move_department
from cases.models import Case, Department, Proceeding, User
from cases.querysets import under
from tests.makers import make_case, make_department, make_proceeding, make_tree, make_user

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    """As the next request sees the user."""
    return User.objects.get(pk=user.pk)


def test_a_node_sees_itself_and_all_below() -> None:
    tree = make_tree()
    section = make_department("建设科", parent=tree.housing)
    own, below = make_case(tree.housing), make_case(section)
    make_case(tree.land)
    seen = Case.objects.visible_to(make_user(Role.CLERK, tree.housing))
    assert set(seen) == {own, below}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_every_role_but_the_administrators_reads_its_subtree(role: Role) -> None:
    tree = make_tree()
    case = make_case(tree.housing)
    proceeding = make_proceeding(tree.housing)
    user = make_user(role, tree.government)
    assert list(Case.objects.visible_to(user)) == [case]
    assert list(Proceeding.objects.visible_to(user)) == [proceeding]
    assert tree.neighbour not in Department.objects.visible_to(user)


def test_an_administrator_and_a_user_without_a_role_read_nothing() -> None:
    tree = make_tree()
    make_case(tree.housing)
    make_proceeding(tree.housing)
    for user in (make_user(Role.ADMINISTRATOR, tree.government), make_user(None)):
        assert not Case.objects.visible_to(user)
        assert not Proceeding.objects.visible_to(user)
        assert not Department.objects.visible_to(user)


def test_two_roles_see_both_subtrees() -> None:
    tree = make_tree()
    user = make_user(Role.CLERK, tree.housing)
    user.assignments.create(department=tree.town, role=Role.AUDITOR)
    cases = {make_case(tree.housing), make_case(tree.town)}
    make_case(tree.land)
    assert set(Case.objects.visible_to(user)) == cases


def test_a_department_that_moves_takes_its_cases_with_it() -> None:
    tree = make_tree()
    other = make_department("平湖市人民政府", DepartmentKind.GOVERNMENT)
    case = make_case(tree.town)
    here, there = make_user(Role.CLERK, tree.government), make_user(Role.CLERK, other)
    assert case in Case.objects.visible_to(here)
    move_department(tree.town, parent=other, from_on=date(2025, 1, 1))
    assert case not in Case.objects.visible_to(fresh(here))
    assert case in Case.objects.visible_to(fresh(there))


def test_a_subtree_is_a_range_that_no_sibling_falls_into() -> None:
    parent = make_department("甲市", DepartmentKind.GOVERNMENT)
    children = [make_department(f"第 {n} 局", parent=parent) for n in range(12)]
    for child in children:
        assert list(Department.objects.filter(under(child.path))) == [child]
    assert Department.objects.filter(under(parent.path)).count() == 13
