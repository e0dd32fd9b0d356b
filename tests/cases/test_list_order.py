"""For any set of cases: a list is in the usual order, and counted by what the cases say."""

from collections import Counter
from datetime import date, timedelta
from itertools import count as counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.choices import ApplicantKind, Outcome, Role, ServiceMethod, Stage, Waiting
from cases.list_place import DAY_ZERO, LAST_DAY, place_from
from cases.models import Applicant, Case, User
from cases.models.calendar import load_calendar
from cases.overview import counts_of
from cases.querysets import ticking
from cases.states import State, is_ticking
from tests.makers import TODAY, Tree, make_user

pytestmark = pytest.mark.django_db
_serial = counter(1)

some = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example cleans up
)
# Few days, so that many cases are alike in some of them.
days = st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def columns(draw: st.DrawFn) -> dict[str, Any]:
    """What the database would take for a case, likely or not."""
    received = draw(st.none() | days)
    closed = draw(st.none() | days.filter(lambda day: day >= received)) if received else None
    waiting = draw(st.sampled_from(["", "", Waiting.CONSULTATION, Waiting.FEE]))
    return {
        "arrived_on": received or TODAY,
        "received_on": received,
        "closed_on": closed,
        "outcome": draw(st.sampled_from(Outcome.values)) if closed else "",
        "service_method": draw(st.sampled_from(["", ServiceMethod.POST])) if closed else "",
        "served_on": draw(st.none() | st.just(closed)),
        "voided_on": draw(st.sampled_from([None, None, TODAY])),
        "ends_on": draw(st.none() | days),
        "waiting_for": waiting,
        "waiting_until": draw(st.none() | days) if waiting else None,
        "drafting_note": draw(st.sampled_from(["", "某科"])),
        "provisional": draw(st.booleans()),
    }


some_cases = st.lists(columns(), max_size=20)


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing)


def store(tree: Tree, rows: list[dict[str, Any]]) -> list[Case]:
    """Past the workflow, which would not let every one of these happen."""
    kind = ApplicantKind.NATURAL_PERSON
    person = Applicant.objects.create(kind=kind, name="申请人")
    Case.objects.bulk_create(
        Case(
            department=tree.housing,
            number=f"第{next(_serial)}号",
            number_year=2025,
            applicant=person,
            applicant_kind=kind,
            content="某项信息",
            **row,
        )
        for row in rows
    )
    return list(Case.objects.order_by("pk"))


def latest_first(day: date | None) -> int:
    return -day.toordinal() if day else 0


def usual_order(case: Case) -> tuple[int, ...]:
    """To do by the due day; then the closed, then the voided, by the reply, the latest first."""
    rank = {Stage.CLOSED: 1, Stage.VOID: 2}.get(Stage(case.stage), 0)
    due = date.max if rank or case.ends_on is None else case.ends_on
    days = latest_first(case.closed_on), latest_first(case.received_on)
    return rank, due.toordinal(), *days, -case.pk


@some
@given(rows=some_cases)
def test_the_usual_order(tree: Tree, rows: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        cases = store(tree, rows)
        listed = list(Case.objects.most_pressing_first())
        assert listed == sorted(cases, key=usual_order)
        transaction.set_rollback(True)


@some
@given(rows=some_cases)
def test_every_clause_finds_what_the_case_itself_says(
    tree: Tree, rows: list[dict[str, Any]]
) -> None:
    with transaction.atomic():
        cases = store(tree, rows)
        for state in State:
            found = set(Case.objects.filter(state.condition(TODAY)))
            assert found == {case for case in cases if State.of(case, TODAY) == state}, state
        running = {case for case in cases if is_ticking(case, TODAY)}
        assert set(Case.objects.filter(ticking(TODAY))) == running
        late = {case for case in running if case.ends_on and case.ends_on < TODAY}
        assert set(Case.objects.overdue(TODAY)) == late
        for case in cases:
            assert case.received_year == (case.received_on.year if case.received_on else None)
            group = Outcome(case.outcome).rule.group if case.outcome else ""
            assert case.outcome_group == group
        transaction.set_rollback(True)


@some
@given(rows=some_cases)
def test_the_counts_are_those_of_the_cases(
    tree: Tree, clerk: User, rows: list[dict[str, Any]]
) -> None:
    with transaction.atomic():
        calendar = load_calendar()
        cases = [case for case in store(tree, rows) if case.stage != Stage.VOID]
        visible = Case.objects.visible_to(clerk)
        counts = counts_of(visible, user=clerk, on=TODAY, calendar=calendar)
        states = Counter(State.of(case, TODAY) for case in cases)
        assert counts.live == len(cases)
        assert counts.closed == states.pop(State.CLOSED, 0)
        assert counts.open == states.total()
        assert Counter(counts.states) == states
        assert counts.received_this_year == sum(case.received_on is not None for case in cases)
        due = Counter(case.ends_on for case in cases if is_ticking(case, TODAY) and case.ends_on)
        assert counts.overdue == sum(n for day, n in due.items() if day < TODAY)
        assert counts.due_today == due[TODAY]
        assert counts.due_tomorrow == due[calendar.next_workday(TODAY)]
        assert counts.first_overdue_on == min((day for day in due if day < TODAY), default=None)
        assert counts.provisional == sum(c.provisional and not c.closed_on for c in cases)
        transaction.set_rollback(True)


def test_a_day_too_far_off_is_the_last_one_of_the_order() -> None:
    """Of a term in the year 2999 nobody asks in which order it comes."""
    assert place_from(date(2999, 1, 1)) == place_from(DAY_ZERO + timedelta(days=LAST_DAY))
    assert place_from(date(1900, 1, 1)) == 0
    assert place_from(TODAY) < place_from(TODAY + timedelta(days=1))
