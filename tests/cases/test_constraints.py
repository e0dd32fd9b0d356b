"""Invariants are the database's own: what no form lets through, no script gets past either."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.choices import JobState, Role
from cases.models import (
    Applicant,
    Case,
    DecreedDay,
    Department,
    DepartmentName,
    DepartmentPlacement,
    Job,
    NumberCounter,
    Proceeding,
    RoleAssignment,
    ScheduleYear,
    User,
)
from tests.makers import RECEIVED, TODAY, make_case, make_proceeding, make_tree, make_user

pytestmark = pytest.mark.django_db
BEFORE = RECEIVED - timedelta(days=1)


@pytest.mark.parametrize(
    "columns",
    [
        {"closed_on": TODAY},  # a day of reply without an outcome
        {"outcome": "granted"},  # an outcome without its day
        {"closed_on": BEFORE, "outcome": "granted"},
        {"received_on": None, "closed_on": TODAY, "outcome": "granted"},
        {"received_on": BEFORE},  # before it arrived
        {"served_on": TODAY},  # served, not replied
        {"closed_on": TODAY, "outcome": "granted", "served_on": RECEIVED},
        {"applicant_kind": "ghost"},
        {"closed_on": TODAY, "outcome": "ghost"},
        {"number": ""},
        {"channel": "ghost"},
        {"form_wanted": "ghost"},
        {"delivery_wanted": "ghost"},
        {"service_method": "ghost"},
        {"department": None},
        {"arrived_on": None},
    ],
    ids=str,
)
def test_a_case_that_cannot_be_is_refused(columns: dict[str, Any]) -> None:
    case = make_case(make_tree().housing)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**columns)
    case.refresh_from_db()
    assert case.closed_on is None


def test_a_number_stands_once_in_a_department_and_year() -> None:
    tree = make_tree()
    first, second = make_case(tree.housing), make_case(tree.housing)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=second.pk).update(number=first.number)
    Case.objects.filter(pk=second.pk).update(number=first.number, number_year=2024)
    Case.objects.filter(pk=first.pk).update(number="1")
    Case.objects.filter(pk=make_case(tree.land).pk).update(number="1")


def test_a_form_token_stands_once() -> None:
    tree = make_tree()
    first, second = make_case(tree.housing), make_case(tree.housing)
    token = "7a9f0e4e-6a5c-4b0a-9a59-1f5f1c1b2a3d"
    Case.objects.filter(pk=first.pk).update(form_token=token)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=second.pk).update(form_token=token)


@pytest.mark.parametrize("columns", [{"name": ""}, {"kind": "ghost"}], ids=str)
def test_an_applicant_that_cannot_be_is_refused(columns: dict[str, Any]) -> None:
    make_case(make_tree().housing)
    with pytest.raises(IntegrityError), transaction.atomic():
        Applicant.objects.update(**columns)


@pytest.mark.parametrize(
    "columns",
    [
        {"result": "upheld"},
        {"concluded_on": TODAY},
        {"result": "upheld", "concluded_on": BEFORE},
        {"result": "ghost", "concluded_on": TODAY},
        {"kind": "ghost"},
        {"department": None},
    ],
    ids=str,
)
def test_a_proceeding_that_cannot_be_is_refused(columns: dict[str, Any]) -> None:
    proceeding = make_proceeding(make_tree().housing)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proceeding.objects.filter(pk=proceeding.pk).update(**columns)


def test_a_docket_stands_once_unless_it_is_empty() -> None:
    tree = make_tree()
    make_proceeding(tree.housing)
    make_proceeding(tree.housing)
    make_proceeding(tree.housing, docket="1")
    make_proceeding(tree.land, docket="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proceeding.objects.create(
            department=tree.housing, kind="review", filed_on=TODAY, docket="1"
        )


def test_a_successor_has_its_day_and_is_another() -> None:
    tree = make_tree()
    here = Department.objects.filter(pk=tree.housing.pk)
    for columns in (
        {"successor": tree.land},
        {"succeeded_on": TODAY},
        {"successor": tree.housing, "succeeded_on": TODAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            here.update(**columns)


def test_what_is_dated_in_the_tree_does_not_overlap_itself() -> None:
    tree = make_tree()
    day = tree.housing.placements.get().from_on
    with pytest.raises(IntegrityError), transaction.atomic():
        DepartmentName.objects.create(department=tree.housing, name="x", from_on=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        DepartmentPlacement.objects.create(department=tree.housing, path="x", from_on=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        tree.housing.placements.update(until_on=day)


def test_codes_names_of_users_and_roles_stand_once() -> None:
    tree = make_tree()
    user = make_user(Role.CLERK, tree.housing)
    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.create(code=tree.housing.code, kind="department", name="x", path="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username=user.username)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=user, department=tree.housing, role=Role.CLERK)


def test_one_counter_a_year_and_one_entry_a_day() -> None:
    tree = make_tree()
    NumberCounter.objects.create(department=tree.housing, year=2025)
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberCounter.objects.create(department=tree.housing, year=2025)
    with pytest.raises(IntegrityError), transaction.atomic():
        DecreedDay.objects.create(day=date(2025, 10, 1), off=True, name="国庆节")
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduleYear.objects.create(year=2025)


def test_one_job_of_a_key_is_active_at_a_time() -> None:
    def queue(state: JobState) -> Job:
        return Job.objects.create(
            task="t", key="k", title="t", state=state, queued_at=timezone.now()
        )

    queue(JobState.DONE)
    queue(JobState.QUEUED)
    for state in (JobState.QUEUED, JobState.RUNNING):
        with pytest.raises(IntegrityError), transaction.atomic():
            queue(state)
    queue(JobState.FAILED)


def test_nothing_that_a_case_rests_on_can_be_deleted() -> None:
    """A department, an applicant, a user: PROTECT."""
    tree = make_tree()
    case = make_case(tree.housing)
    event = case.events.get()
    for owner in (tree.housing, case.applicant, case, event.by):
        assert owner is not None
        with pytest.raises(IntegrityError), transaction.atomic():  # ProtectedError is one
            owner.delete()
