"""Loads the demonstration into an empty database, whole or not at all."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from cases.choices import DepartmentKind, Role
from cases.demo import current, history
from cases.demo.accounts import (
    ACCOUNTS,
    ADMINISTRATOR,
    HOUSING_CLERK,
    REVIEWER,
    SUPERVISOR,
    Account,
)
from cases.demo.people import CYCLE
from cases.demo.playing import Cast, Stage
from cases.demo.tree import department_rows
from cases.departments import add_department
from cases.deputies import name_deputy
from cases.letters.remedies import proposed_organ
from cases.letters.setup import set_review_organ
from cases.models import Department, RoleAssignment, User
from cases.models.calendar import load_calendar
from cases.reminding import remind

LEAVE = timedelta(days=6)  # from today: a week
COURT = "秀洲区人民法院"  # where suits against the organs of the tree go
REPLIES_FROM = date(2020, 1, 1)  # the first day of which a letter can tell
EARLIEST = date(2022, 1, 1)  # 2021 must stay as it is: it begins with nothing carried over


@transaction.atomic
def seed(today: date) -> None:
    """秀洲区 in 2020 and in the year of `today`, which must not be before `EARLIEST`."""
    stage = set_stage()
    play_2020(stage)
    play_current_year(stage, today)
    remind(today)


def play_2020(stage: Stage) -> None:
    stage.play(history.stories_of_2020(stage.calendar))
    stage.dispute(history.DISPUTES)


def play_current_year(stage: Stage, today: date) -> None:
    stage.play(current.stories_up_to(today, stage.calendar))
    stage.dispute(current.DISPUTES)
    leave_to_the_reviewer(today)


def leave_to_the_reviewer(today: date) -> None:
    """The clerk of 区住建局 is on leave for a week; the reviewer stands in."""
    clerk = User.objects.get(username=HOUSING_CLERK.username)
    deputy = User.objects.get(username=REVIEWER.username)
    name_deputy(
        user=clerk, deputy=deputy, from_on=today, to_on=today + LEAVE, by=clerk, today=today
    )


def set_stage() -> Stage:
    """The tree, the accounts, and in every organ someone who handles its cases."""
    departments = [add_department(row) for row in department_rows()]
    by_code = {department.code: department for department in departments}
    users = {account.username: _sign_up(account, by_code) for account in ACCOUNTS}
    organs = {department.short_name: department for department in departments}
    heads = users[SUPERVISOR.username], users[REVIEWER.username]
    for department in departments:
        if department.kind != DepartmentKind.GOVERNMENT:
            organ = proposed_organ(department, REPLIES_FROM)
            by = users[ADMINISTRATOR.username]
            set_review_organ(department, by=by, name=organ, court=COURT, from_on=REPLIES_FROM)
    cast = Cast(organs, _handlers(departments), *heads)
    return Stage(cast, load_calendar())


def _sign_up(account: Account, departments: dict[str, Department]) -> User:
    user = User.objects.create_user(
        account.username, account.password, display_name=account.display_name
    )
    for role, code in account.roles:
        RoleAssignment.objects.create(user=user, department=departments[code], role=role)
    return user


def _handlers(departments: Iterable[Department]) -> dict[str, User]:
    """Who has no account to show works under one that nobody can sign in to."""
    clerks = RoleAssignment.objects.filter(role=Role.CLERK).select_related("user")
    handlers = {row.department_id: row.user for row in clerks}
    names = iter(CYCLE)
    for department in departments:
        if department.pk not in handlers and department.kind != DepartmentKind.GOVERNMENT:
            user = User.objects.create_user(
                f"clerk{department.code}", display_name=f"经办员{next(names)}"
            )
            RoleAssignment.objects.create(user=user, department=department, role=Role.CLERK)
            handlers[department.pk] = user
    return {each.short_name: handlers[each.pk] for each in departments if each.pk in handlers}
