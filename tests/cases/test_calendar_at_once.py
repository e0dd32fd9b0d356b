"""Two who save the same year at the same moment: one schedule, one event for each case."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import EventKind, Role
from cases.models import DecreedDay, ScheduleYear
from tests.cases.test_at_once import at_once, post
from tests.cases.test_calendar import LATE, typed
from tests.makers import Tree, make_case, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]


def test_one_comes_first(tree: Tree, client: Client) -> None:
    ScheduleYear.objects.filter(year=2026).delete()
    DecreedDay.objects.filter(day__gte=date(2025, 12, 1)).delete()
    boss = make_user(Role.SUPERVISOR, tree.government)
    case = make_case(tree.housing, received_on=LATE, today=LATE)
    url = f"{reverse('cases:calendar_enter')}?year=2026"
    client.force_login(boss)
    seen = client.post(url, typed()).context["outlook"].digest
    answers = at_once(lambda: post(boss, url, typed(do="save", seen=seen)), times=2)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (refused,) = (answer for answer in answers if answer.status_code == 200)
    assert "已被别人改过" in refused.content.decode()
    assert ScheduleYear.objects.get(year=2026).version == 1
    assert case.events.filter(kind=EventKind.CLOCK_MOVED).count() == 1
