"""Acts between receipt and reply: what each demands, and what it does to the due day."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases import workflow
from cases.choices import EventKind, Role, Waiting
from cases.models import Case
from tests.makers import TODAY, Tree, hand_of, make_case, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)  # received 2025-09-15, due 2025-10-17


@pytest.fixture
def hand(tree: Tree) -> dict[str, Any]:
    return {"by": hand_of(tree.housing), "today": TODAY}


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_correction_stops_the_clock_and_its_receipt_starts_it_afresh(
    case: Case, hand: dict[str, Any]
) -> None:
    """条例30; the worked example: due on 2025-10-31."""
    workflow.ask_correction(case, on=date(2025, 9, 22), days=15, what="写明文件名称", **hand)
    waiting = again(case)
    assert (waiting.waiting_for, waiting.ends_on) == (Waiting.CORRECTION, None)
    assert waiting.waiting_until == date(2025, 10, 17)
    workflow.receive_correction(case, on=date(2025, 9, 28), **hand)
    assert (again(case).waiting_for, again(case).ends_on) == ("", date(2025, 10, 31))


def test_a_correction_is_asked_for_once(case: Case, hand: dict[str, Any]) -> None:
    workflow.ask_correction(case, on=date(2025, 9, 22), days=15, what="甲", **hand)
    with pytest.raises(workflow.NotAllowed, match="补正只能要求一次"):
        workflow.ask_correction(case, on=date(2025, 9, 23), days=15, what="乙", **hand)
    assert case.events.filter(kind=EventKind.CORRECTION_ASKED).count() == 1


@pytest.mark.parametrize("days", [1, 20])
def test_an_extension_of_one_to_twenty_days(case: Case, hand: dict[str, Any], days: int) -> None:
    workflow.extend(case, on=date(2025, 10, 15), days=days, reason="案情复杂", **hand)
    assert again(case).ends_on == {1: date(2025, 10, 20), 20: date(2025, 11, 14)}[days]


@pytest.mark.parametrize("days", [0, 21])
def test_no_other_extension(case: Case, hand: dict[str, Any], days: int) -> None:
    with pytest.raises(ValidationError, match="延期为 1 至 20 个工作日"):
        workflow.extend(case, on=date(2025, 10, 15), days=days, reason="x", **hand)
    assert again(case).ends_on == date(2025, 10, 17)


def test_an_extension_is_told_on_the_last_day_and_not_after(
    case: Case, hand: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError, match="在到期日 2025-10-17 之后，不改变到期日"):
        workflow.extend(case, on=date(2025, 10, 18), days=20, reason="x", **hand)
    workflow.extend(case, on=date(2025, 10, 17), days=20, reason="x", **hand)
    assert again(case).ends_on == date(2025, 11, 14)


@pytest.mark.parametrize("on", [date(2025, 9, 14), date(2025, 10, 28)])
def test_no_act_before_receipt_or_in_the_future(case: Case, hand: dict[str, Any], on: date) -> None:
    with pytest.raises(ValidationError):
        workflow.ask_correction(case, on=on, days=15, what="x", **hand)
    assert case.events.count() == 1


def test_only_a_head_extends(tree: Tree, case: Case) -> None:
    """条例33: approved by the head of the disclosure office."""
    clerk = make_user(Role.CLERK, tree.housing)
    with pytest.raises(workflow.NotAllowed, match="没有“延期”的权限"):
        workflow.extend(case, by=clerk, today=TODAY, on=date(2025, 10, 15), days=20, reason="x")


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
