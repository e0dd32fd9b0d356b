"""What may follow on an open case, and until when: each last day worked from the calendar."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case
from cases.models.calendar import load_calendar
from cases.steps_ahead import steps_ahead
from cases.workflow import situation_of
from tests.makers import TODAY, Facts, Tree, make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def ahead(case: Case, on: date) -> list[tuple[str, str]]:
    calendar = load_calendar()
    found = steps_ahead(situation_of(case, on=on, calendar=calendar), calendar)
    return [(str(step.last_on), step.what) for step in found]


def test_a_new_case_can_be_corrected_extended_answered(tree: Tree) -> None:
    case = make_case(tree.housing, received_on=date(2025, 9, 15))
    correct = ("2025-09-24", "一次性告知补正")  # the 7th working day
    rest = [("2025-10-17", "经批准并告知延期"), ("2025-10-17", "答复并送达")]
    assert ahead(case, date(2025, 9, 24)) == [correct, *rest]
    assert ahead(case, date(2025, 9, 25)) == rest
    assert ahead(case, date(2025, 10, 18)) == []


def test_extended_once_there_is_no_second(tree: Tree) -> None:
    facts = Facts(extended_on=date(2025, 10, 15), extended_by=20)
    case = make_case(tree.housing, received_on=date(2025, 9, 15), facts=facts)
    assert ahead(case, date(2025, 10, 16)) == [("2025-11-14", "答复并送达")]


def test_while_a_correction_is_waited_for_only_its_term_runs(tree: Tree) -> None:
    facts = Facts(correction=(date(2025, 10, 16), None))
    case = make_case(tree.housing, received_on=date(2025, 10, 9), facts=facts)
    until = case.waiting_until
    assert until
    assert ahead(case, date(2025, 10, 16)) == [(str(until), "等待申请人补正")]


def test_an_answered_case_has_none(tree: Tree) -> None:
    case = make_case(tree.housing, received_on=date(2025, 10, 9), closed_on=TODAY)
    assert ahead(case, TODAY) == []


def test_the_case_says_so(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, received_on=TODAY)
    html = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "接下来最迟" in html
    assert "2025-11-05 一次性告知补正（条例第三十条）" in html


def test_a_day_in_a_year_without_a_schedule_is_provisional(tree: Tree) -> None:
    received, calendar = date(2026, 12, 21), load_calendar()  # 2027 has none in these tests
    case = make_case(tree.housing, received_on=received, today=received)
    found = steps_ahead(situation_of(case, on=received, calendar=calendar), calendar)
    assert {step.what: step.provisional for step in found} == {
        "一次性告知补正": False,  # by 2026-12-30
        "经批准并告知延期": True,
        "答复并送达": True,
    }
