"""The current year of the demonstration, loaded on a Monday in November: it looks lived-in."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from cases import audit
from cases.choices import ApplicantKind, Channel, EventKind, Outcome, OutcomeGroup
from cases.demo.seeding import play_current_year, set_stage
from cases.models import Applicant, AuditEntry, Case, Event, Proceeding
from cases.models.calendar import load_calendar
from cases.states import State
from cases.workflow import clock_of
from cases.workflow.clockwork import refresh

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def monday(django_db_setup: None, django_db_blocker: Any) -> Iterator[date]:
    """The current year as loaded on a Monday in November, once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        play_current_year(set_stage(), MONDAY)
        yield MONDAY
        transaction.set_rollback(True)


def states(today: date) -> Counter[State]:
    return Counter(State.of(case, today) for case in Case.objects.all())


def days_left(today: date) -> list[int]:
    """Working days left of the cases whose clock runs, the most urgent first."""
    calendar = load_calendar()
    running = Case.objects.running(today).prefetch_related("events")
    due = [clock_of(case, on=today, calendar=calendar).due_on for case in running]
    return sorted(calendar.workdays_between(today, day) for day in due if day)


def test_every_state_is_there(monday: date) -> None:
    assert states(monday) == {
        State.UNCONFIRMED: 3,
        State.UNASSIGNED: 3,
        State.IN_PROGRESS: 14,
        State.CORRECTION: 2,
        State.CONSULTATION: 2,
        State.FEE: 1,
        State.UNSERVED: 2,
        State.CLOSED: 28,
        State.VOID: 1,
    }


def test_due_days_stand_at_every_distance(monday: date) -> None:
    assert days_left(monday) == [
        *(-3, -1, 0, 1, 1, 2, 4, 5, 7, 7, 9, 9),
        *(13, 15, 16, 17, 18, 19, 20),
    ]


def test_it_came_in_this_year_by_all_kinds_and_channels(monday: date) -> None:
    received = Case.objects.filter(received_on__year=monday.year)

    assert 40 <= received.count() <= 60
    assert set(received.values_list("applicant_kind", flat=True)) == set(ApplicantKind.values)
    channels = set(Case.objects.values_list("channel", flat=True))
    assert channels == set(Channel.values) - {Channel.OTHER}


def test_it_was_closed_in_every_group_of_outcomes_and_once_late(monday: date) -> None:
    closed = Case.objects.filter(closed_on__isnull=False)

    assert {Outcome(case.outcome).rule.group for case in closed} == set(OutcomeGroup)
    assert closed.answered_late(monday).count() == 1


def test_an_opinion_is_waited_for_under_an_extended_term(monday: date) -> None:
    waiting = Case.objects.filter(waiting_for="consultation")

    terms = sorted(clock_of(case, on=monday).term for case in waiting)
    assert terms == [20, 40]


def test_proceedings_are_decided_and_pending(monday: date) -> None:
    assert Proceeding.objects.count() == 4
    assert Proceeding.objects.pending_at(monday).count() == 2


def test_numbers_rise_with_the_days_they_were_given_on(monday: date) -> None:
    numbers = defaultdict(list)
    registered = Event.objects.filter(kind=EventKind.REGISTERED).select_related("case")
    for event in registered.order_by("on", "id"):
        numbers[event.case.department_id].append(event.case.number.split("〕")[1])

    for given in numbers.values():
        assert given == [f"{count}号" for count in range(1, len(given) + 1)]


def test_stored_clocks_are_what_the_facts_say(monday: date) -> None:
    calendar = load_calendar()
    cases = Case.objects.prefetch_related("events")

    assert not any(refresh(case, calendar=calendar) for case in cases)
    assert Case.objects.filter(provisional=True).exists()


def test_personal_data_stand_with_the_applicant_alone(monday: date) -> None:
    told = [
        *(f"{event.text} {event.data}" for event in Event.objects.all()),
        *(f"{e.target_name} {e.before} {e.after}" for e in AuditEntry.objects.all()),
        *(f"{case.content} {case.remarks}" for case in Case.objects.all()),
    ]
    text = "\n".join(told)
    people = Applicant.objects.all()

    assert all(person.phone and person.address for person in people)
    for person in people:
        for name in Applicant.PERSONAL:
            value = getattr(person, name)
            assert not value or value not in text


def test_the_audit_chain_holds(monday: date) -> None:
    assert audit.first_broken() is None
