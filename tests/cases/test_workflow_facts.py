"""Acts between receipt and reply: what each demands, and what it does to the due day."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases import workflow
from cases.models import Case
from tests.makers import TODAY, Tree, hand_of, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)  # received 2025-09-15, due 2025-10-17


@pytest.fixture
def hand(tree: Tree) -> dict[str, Any]:
    return {"by": hand_of(tree.housing), "today": TODAY}


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("on", [date(2025, 9, 14), date(2025, 10, 28)])
def test_no_act_before_receipt_or_in_the_future(case: Case, hand: dict[str, Any], on: date) -> None:
    with pytest.raises(ValidationError):
        workflow.ask_correction(case, on=on, days=15, what="x", **hand)
    assert case.events.count() == 1


def test_nothing_happens_to_a_closed_case(tree: Tree, hand: dict[str, Any]) -> None:
    case = make_case(tree.housing, closed_on=date(2025, 10, 9))
    with pytest.raises(workflow.NotAllowed, match="已办结，不能要求补正"):
        workflow.ask_correction(case, on=date(2025, 10, 10), days=15, what="x", **hand)


def test_each_act_adds_one_event_and_one_version(case: Case, hand: dict[str, Any]) -> None:
    before = case.version
    workflow.ask_correction(case, on=date(2025, 9, 22), days=15, what="x", **hand)
    assert again(case).version == before + 1
    assert case.events.count() == 2


def test_the_stored_clock_is_what_the_facts_say(tree: Tree, hand: dict[str, Any]) -> None:
    case = make_case(tree.housing)
    workflow.ask_correction(case, on=date(2025, 9, 22), days=15, what="x", **hand)
    stored = again(case)
    clock = workflow.clock_of(stored, on=TODAY)
    assert (stored.ends_on, stored.waiting_for, stored.waiting_until) == (
        clock.ends_on,
        clock.waiting_for,
        clock.waiting_until,
    )
