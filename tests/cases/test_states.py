"""Where a case stands: Python and the database give one answer, on any day."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.choices import ServiceMethod, Stage, Waiting
from cases.models import Case
from cases.querysets import stopped, ticking
from cases.states import State, is_stopped
from tests.makers import TODAY, Facts, Tree, make_case, make_tree, make_user

DAYS = st.dates(date(2025, 9, 1), date(2025, 12, 31))


def optional_days() -> st.SearchStrategy[date | None]:
    return st.none() | DAYS


@st.composite
def columns(draw: st.DrawFn) -> dict[str, object]:
    """What the columns of a case may hold: what the table allows and a clock can say."""
    waiting = st.sampled_from(["", Waiting.CORRECTION, Waiting.CONSULTATION, Waiting.FEE])
    received = draw(optional_days())
    closed = draw(st.none() | st.dates(received, date(2025, 12, 31))) if received else None
    served = draw(st.none() | st.dates(closed, date(2025, 12, 31))) if closed else None
    ordered = closed is not None and draw(st.booleans())
    return {
        "arrived_on": date(2025, 9, 1),
        "received_on": received,
        "closed_on": closed,
        "outcome": "granted" if closed else "",
        "service_method": draw(st.sampled_from(["", ServiceMethod.POST])),
        "served_on": served,
        "voided_on": draw(optional_days()),
        "waiting_for": draw(waiting) if received else Waiting.CONFIRMATION,
        "waiting_until": draw(optional_days()),
        "ends_on": draw(optional_days()),
        "drafting_note": draw(st.sampled_from(["", "办公室"])),
        "again_until": draw(DAYS) if ordered else None,
        "again_served_on": draw(optional_days()) if closed and not ordered else None,
    }


@pytest.fixture
def case(db: None) -> Case:
    return make_case(make_tree().housing)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(columns=columns(), on=DAYS)
def test_python_and_the_database_agree(case: Case, columns: dict[str, object], on: date) -> None:
    Case.objects.filter(pk=case.pk).update(**columns)
    case = Case.objects.get(pk=case.pk)
    here = Case.objects.filter(pk=case.pk)
    state = State.of(case, on)
    assert [s for s in State if here.filter(s.condition(on)).exists()] == [state]
    if case.stage == Stage.OPEN:
        assert here.filter(stopped(on)).exists() == is_stopped(case, on)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(columns=columns(), on=DAYS)
def test_the_clock_ticks_for_what_is_neither_stopped_nor_finished(
    case: Case, columns: dict[str, object], on: date
) -> None:
    Case.objects.filter(pk=case.pk).update(**columns)
    case = Case.objects.get(pk=case.pk)
    unfinished = case.stage in (Stage.OPEN, Stage.UNSERVED)
    expected = unfinished and not is_stopped(case, on)
    assert Case.objects.filter(ticking(on), pk=case.pk).exists() == expected


@pytest.fixture
def tree(db: None) -> Tree:
    return make_tree()


def test_what_is_to_be_served_is_read_off_its_own_index(tree: Tree) -> None:
    """In the order of the list, and with whatever other condition."""
    further: list[dict[str, object]] = [{}, {"department": tree.housing}, {"channel": ""}]
    if connection.vendor == "postgresql":  # which plans by what is there: nothing
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
        further = [{}]
    unserved = Case.objects.filter(State.UNSERVED.condition(TODAY))
    for index, cases in (("case_unserved", unserved), ("case_again", Case.objects.reopened())):
        for condition in further:
            assert index in cases.filter(**condition).most_pressing_first().explain()


def test_a_case_goes_through_its_states(tree: Tree) -> None:
    handler = make_user(None)
    asked = Facts(correction=(date(2025, 9, 22), None))
    expected = {
        State.UNCONFIRMED: make_case(tree.housing, received_on=None),
        State.UNASSIGNED: make_case(tree.housing),
        State.IN_PROGRESS: make_case(tree.housing, handler=handler),
        State.CORRECTION: make_case(tree.housing, handler=handler, facts=asked),
        State.FEE: make_case(tree.housing, facts=Facts(fee=(date(2025, 9, 22), None))),
        State.UNSERVED: make_case(tree.housing, closed_on=TODAY, service_method="post"),
        State.CLOSED: make_case(tree.housing, closed_on=TODAY),
    }
    for state, case in expected.items():
        assert State.of(case, TODAY) == state
        assert list(Case.objects.filter(state.condition(TODAY))) == [case]


def test_a_third_partys_silence_ends_the_pause_without_anybodys_hand(tree: Tree) -> None:
    """条例32: fifteen working days from 2025-10-17 end on 11-07."""
    case = make_case(
        tree.housing,
        received_on=date(2025, 10, 10),
        handler=make_user(None),
        facts=Facts(consultation=(date(2025, 10, 17), None)),
    )
    last = date(2025, 11, 7)
    assert State.of(case, last) == State.CONSULTATION
    assert State.of(case, last + timedelta(days=1)) == State.IN_PROGRESS


def test_a_ledger_row_without_a_day_of_service_has_nothing_to_follow_up(tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=TODAY, service_method="")
    assert State.of(case, TODAY) == State.CLOSED
