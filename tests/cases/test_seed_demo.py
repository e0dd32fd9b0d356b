"""Loading the demonstration: on any day, into an empty database, with invented people."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.choices import ApplicantKind, Channel, DepartmentKind
from cases.demo.current import stories_up_to
from cases.demo.history import stories_of_2020
from cases.demo.people import STEMS, make_applicant
from cases.demo.seeding import play_current_year, set_stage
from cases.models import Case, Event, Proceeding
from cases.models.calendar import load_calendar
from cases.states import State
from cases.workflow import clock_of
from tests.makers import make_department

pytestmark = pytest.mark.django_db

DAYS = {
    "in the spring festival": date(2026, 2, 18),
    "2 January": date(2026, 1, 2),
    "the year's last day": date(2026, 12, 31),
    "a worked Saturday": date(2026, 2, 14),
    "a year without a schedule": date(2027, 3, 1),
}


@pytest.mark.parametrize("today", DAYS.values(), ids=DAYS)
def test_it_looks_alike_on_any_day(today: date) -> None:
    stage = set_stage()
    play_current_year(stage, today)

    calendar = stage.calendar
    cases = Case.objects.prefetch_related("events")
    clocks = [clock_of(case, on=today, calendar=calendar) for case in cases.running(today)]
    due = {calendar.workdays_between(today, clock.due_on) for clock in clocks if clock.due_on}
    assert Counter(State.of(case, today) for case in cases).keys() == set(State)
    assert min(due) == -3
    assert {-1, 1, 2, 4, 7, 9, 13, 20} <= due
    # On a day off nothing is due: what was due on the last working day is overdue by then.
    assert cases.overdue(today).count() == (2 if calendar.is_workday(today) else 3)

    days = set(Event.objects.values_list("on", flat=True))
    days |= set(Proceeding.objects.values_list("filed_on", flat=True))
    assert max(days) <= today
    assert all(map(calendar.is_workday, days))
    assert not any(clock_of(case, on=today, calendar=calendar).irregularities for case in cases)


def test_no_content_is_told_twice() -> None:
    calendar = load_calendar()
    stories = [*stories_of_2020(calendar), *stories_up_to(date(2026, 11, 23), calendar)]

    assert len({story.content for story in stories}) == len(stories)


def test_it_is_loaded_into_an_empty_database_only() -> None:
    make_department("平湖市人民政府办公室", DepartmentKind.OFFICE)

    with pytest.raises(CommandError, match="已有单位"):
        call_command("seed_demo")

    assert not Case.objects.exists()


def test_with_if_empty_it_leaves_a_filled_database_in_silence() -> None:
    make_department("平湖市人民政府办公室", DepartmentKind.OFFICE)
    out = StringIO()

    call_command("seed_demo", "--if-empty", stdout=out)

    assert out.getvalue() == ""
    assert not Case.objects.exists()


def test_applicants_are_plainly_invented() -> None:
    person = make_applicant("申请人甲", Channel.EMAIL)
    firm = make_applicant("某律师事务所丁", Channel.FAX)

    assert person.id_number == "33041119000000000X"  # the 0th of month 0
    assert person.phone.startswith("1380000")
    assert person.email.endswith("@example.cn")
    assert make_applicant("申请人甲", Channel.IN_PERSON).id_number == person.id_number
    assert (firm.kind, firm.id_number) == (ApplicantKind.ORG_LEGAL_SERVICE, "")
    assert firm.legal_representative.removeprefix("法定代表人") in STEMS


@pytest.mark.parametrize("typed", ["2021-12-31", "2026-02-30", "明天"])
def test_a_day_that_will_not_do_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(CommandError, match=r"不能早于|不是有效日期"):
        call_command("seed_demo", today=typed)
