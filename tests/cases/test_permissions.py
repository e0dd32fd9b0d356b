"""Role × act: the policy as a table, and that buttons and enforcement are one."""

import ast
import inspect
from types import ModuleType

import pytest

from cases import permissions, workflow
from cases.choices import Role, ServiceMethod, Stage
from cases.models import Case, User
from cases.permissions import ROLES, Act, can, can_anywhere
from cases.views import base
from cases.workflow import ACTS, rules
from cases.workflow.base import begin
from tests.makers import RECEIVED, TODAY, hand_of, make_case, make_tree, make_user

pytestmark = pytest.mark.django_db

WORK = {
    Act.REGISTER,
    Act.CONFIRM,
    Act.ASK_CORRECTION,
    Act.RECEIVE_CORRECTION,
    Act.GIVE_UP_CORRECTION,
    Act.ASK_REASONS,
    Act.RECEIVE_REASONS,
    Act.DELAY,
    Act.WITHDRAW,
    Act.CONSULT,
    Act.DELIVER_CONSULTATION,
    Act.RECEIVE_OPINION,
    Act.LAPSE_CONSULTATION,
    Act.END_CONSULTATION,
    Act.ASK_FEE,
    Act.DELIVER_FEE_NOTICE,
    Act.RECEIVE_FEE,
    Act.GIVE_UP_FEE,
    Act.DRAFT,
    Act.SUBMIT,
    Act.RECORD_SIGNATURE,
    Act.RECALL,
    Act.REPLY,
    Act.SERVE,
    Act.NOTE_CALL,
    Act.ASK_SECTION,
    Act.ANSWER_SECTION,
    Act.RECORD_SEARCH,
    Act.SPLIT,
    Act.LINK,
    Act.UNLINK,
}
WORK |= {Act.SIGN_MAIL, Act.RETURN_MAIL, Act.REOPEN, Act.REPLY_AGAIN}
WORK |= {Act.ACCEPT, Act.REFUSE_ASSIGNMENT}
HANDS = {
    Act.AMEND,
    Act.PUT_RIGHT,
    Act.REVOKE,
    Act.ASSIGN,
    Act.SIGN,
    Act.SEND_BACK,
    Act.ARCHIVE,
    Act.KEEP_DOCUMENT,
    Act.WITHDRAW_DOCUMENT,
    Act.OPEN_DOCUMENT,
    Act.MAKE_LETTER,
    Act.SEE_PERSONAL_DATA,
    Act.RECORD_PROCEEDING,
    Act.IMPORT_LEDGER,
    Act.FILL_REPORT,
}
READ = {Act.SEE_TABLE, Act.COMPUTE_TABLE}
HEADS = {Act.EXTEND, Act.OVERSEE, Act.SET_UP_LETTERS, Act.CONFIRM_REPORT}
SETS_UP = {Act.RUN_CALL, Act.MANAGE_CALENDAR, Act.MANAGE_DEPARTMENT, Act.NAME_DEPUTY, Act.SET_CHAIN}
EXPECTED = {
    Role.CLERK: WORK | HANDS | READ,
    Role.REVIEWER: WORK | HANDS | READ | HEADS | {Act.VOID},
    Role.SUPERVISOR: HANDS | READ | HEADS | SETS_UP,
    Role.AUDITOR: READ | {Act.OVERSEE},
    Role.ADMINISTRATOR: {Act.ADMINISTER, Act.MANAGE_CALENDAR, Act.SET_UP_LETTERS},
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_this_and_no_more(role: Role) -> None:
    assert {act for act, roles in ROLES.items() if role in roles} == EXPECTED[role]


def test_every_act_has_its_roles() -> None:
    assert set(ROLES) == set(Act)
    assert all(ROLES.values())


@pytest.mark.parametrize("module", [permissions, rules, base])
def test_no_act_stands_twice_in_a_table(module: ModuleType) -> None:
    """The later of two entries would take the place of the earlier without a word."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Dict):
            keys = [ast.unparse(key) for key in node.keys if key]
            assert len(keys) == len(set(keys))


def test_a_role_reaches_its_department_and_all_below() -> None:
    tree = make_tree()
    user = make_user(Role.CLERK, tree.government)
    assert can(user, Act.REPLY, tree.government)
    assert can(user, Act.REPLY, tree.town)
    assert not can(user, Act.REPLY, tree.neighbour)


def test_a_role_does_not_reach_up_or_aside() -> None:
    tree = make_tree()
    user = make_user(Role.CLERK, tree.housing)
    assert can(user, Act.REPLY, tree.housing)
    assert not can(user, Act.REPLY, tree.land)
    assert not can(user, Act.REPLY, tree.government)


def test_roles_at_two_departments_do_not_mix() -> None:
    """Clerk here and auditor there is no clerk there."""
    tree = make_tree()
    user = make_user(Role.CLERK, tree.housing)
    user.assignments.create(department=tree.land, role=Role.AUDITOR)
    assert can(user, Act.REPLY, tree.housing)
    assert can(user, Act.SEE_TABLE, tree.land)
    assert not can(user, Act.REPLY, tree.land)
    assert can_anywhere(user, Act.REPLY)


def test_without_a_role_nothing() -> None:
    user = make_user(None)
    assert not any(can_anywhere(user, act) for act in Act)


def case_in(stage: Stage) -> Case:
    tree = make_tree()
    made = {
        Stage.UNCONFIRMED: lambda: make_case(tree.housing, received_on=None),
        Stage.OPEN: lambda: make_case(tree.housing),
        Stage.UNSERVED: lambda: make_case(
            tree.housing, closed_on=RECEIVED, service_method=ServiceMethod.POST
        ),
        Stage.CLOSED: lambda: make_case(tree.housing, closed_on=RECEIVED),
        Stage.VOID: lambda: make_case(tree.housing),
    }[stage]()
    if stage == Stage.VOID:
        by = hand_of(tree.housing)
        made = workflow.void(made, by=by, today=TODAY, reason="误登")
    assert made.stage == stage
    return made


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("role", Role)
def test_a_button_is_shown_just_when_the_act_is_allowed(stage: Stage, role: Role) -> None:
    case = case_in(stage)
    user = make_user(role, case.department)
    shown = workflow.allowed_acts(workflow.situation_of(case, on=TODAY), user)
    for act in ACTS:
        assert (act in shown) == _begins(case, act, user), act


def _begins(case: Case, act: Act, user: User) -> bool:
    try:
        begin(case, act, by=user, today=TODAY, version=case.version)
    except workflow.NotAllowed:
        return False
    return True
