"""Stored due days are copies: the command makes them anew from facts and calendar."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from cases.models import Case, DecreedDay, ScheduleYear
from tests.makers import Facts, make_case, make_tree

pytestmark = pytest.mark.django_db


def rebuilt() -> str:
    said = StringIO()
    call_command("rebuild_clocks", stdout=said)
    return said.getvalue()


def test_a_spoiled_copy_is_put_right_and_named() -> None:
    tree = make_tree()
    good = make_case(tree.housing)
    facts = Facts(correction=(date(2025, 9, 22), None))
    spoiled = make_case(tree.housing, facts=facts)
    Case.objects.filter(pk=spoiled.pk).update(
        ends_on=date(2030, 1, 1), waiting_for="", waiting_until=None
    )
    said = rebuilt()
    spoiled.refresh_from_db()
    assert (spoiled.ends_on, spoiled.waiting_for) == (None, "correction")
    assert spoiled.number in said and good.number not in said
    assert rebuilt() == "0 件有变动。\n"


def test_a_schedule_entered_later_moves_what_was_provisional() -> None:
    late = date(2026, 12, 20)
    case = make_case(make_tree().housing, received_on=late, today=late)
    assert (case.provisional, case.ends_on) == (True, date(2027, 1, 15))
    ScheduleYear.objects.create(year=2027)
    DecreedDay.objects.create(day=date(2027, 1, 4), off=True, name="元旦")
    rebuilt()
    case.refresh_from_db()
    assert (case.provisional, case.ends_on) == (False, date(2027, 1, 18))


def test_an_empty_system_is_no_error() -> None:
    assert rebuilt() == "0 件有变动。\n"
