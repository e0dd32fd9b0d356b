"""秀洲区 2020 in the demonstration: the published table, cell for cell, from 207 cases."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from cases.choices import DepartmentKind
from cases.demo.accounts import ACCOUNTS
from cases.departments import find_department
from cases.models import Case, Department, Proceeding, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can
from cases.workflow import clock_of
from reports.checks import findings, run_checks
from reports.choices import ALL
from reports.counting import Period, Scope, cell_cases, count, scope_of, volumes
from reports.formats import get_format
from reports.formats.base import Tables

pytestmark = pytest.mark.django_db

GOLDEN = json.loads(
    (Path(__file__).parent.parent / "golden" / "xiuzhou-2020.json").read_text("utf-8")
)
FORMAT_2019 = get_format("2019")
YEAR = Period.year(2020)
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module", autouse=True)
def printed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The whole demonstration, loaded once for this module; what the command said."""
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", today=str(TODAY), stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


def district(period: Period = YEAR) -> Scope:
    return scope_of(find_department("秀洲区人民政府"), ALL, period)


def tables_of(year: int) -> Tables:
    period = Period.year(year)
    return count(district(period), period, FORMAT_2019)


def test_section_three_is_the_published_one() -> None:
    assert tables_of(2020).section_three == GOLDEN["section_three"]


def test_section_four_is_the_published_one() -> None:
    assert tables_of(2020).section_four == GOLDEN["section_four"]


def test_the_office_had_22_of_the_207_and_the_others_185() -> None:
    office = find_department("区政府办").pk
    counted = volumes(district(), YEAR)

    assert counted.pop(office) == (20, 2)
    assert sum(new for new, _ in counted.values()) == 185
    assert not any(carried for _, carried in counted.values())


def test_every_check_passes_the_tie_to_2019_included() -> None:
    checks = run_checks(FORMAT_2019, tables_of(2020), previous=tables_of(2019))

    assert findings(checks) == []
    assert "s3_cross_year" in {check.code for check in checks}


def test_not_held_is_14_not_found_and_7_of_another_organ() -> None:
    cell = cell_cases(district(), YEAR, FORMAT_2019, "unable_not_held", "natural_person")

    assert Counter(case.outcome for case in cell) == {"not_exist": 14, "not_this_organ": 7}


def test_nothing_is_carried_into_2021() -> None:
    assert tables_of(2021).section_three == Tables.zero(FORMAT_2019).section_three


def test_it_was_answered_on_working_days_and_nearly_always_in_time() -> None:
    calendar = load_calendar()
    cases = list(Case.objects.closed_in(YEAR.first, YEAR.last).prefetch_related("events"))
    clocks = [clock_of(case, on=TODAY, calendar=calendar) for case in cases]

    assert all(calendar.is_workday(case.received_on) for case in cases if case.received_on)
    assert all(calendar.is_workday(case.closed_on) for case in cases if case.closed_on)
    assert [clock.in_time for clock in clocks].count(False) == 2
    assert not any(clock.irregularities for clock in clocks)


def test_the_courses_of_2020_differ() -> None:
    cases = Case.objects.received_in(YEAR.first, YEAR.last)
    kinds = Counter(cases.values_list("events__kind", flat=True))

    assert kinds["consultation_sent"] >= 14
    assert kinds["extended"] >= 3
    assert kinds["correction_received"] >= 2
    assert cases.filter(applicant_kind="natural_person").count() == 205


def test_each_proceeding_follows_the_reply_it_challenges() -> None:
    for proceeding in Proceeding.objects.select_related("case"):
        assert proceeding.case and proceeding.case.closed_on
        assert proceeding.case.closed_on < proceeding.filed_on <= TODAY


def test_a_suit_after_review_is_filed_within_15_days_of_the_decision() -> None:
    for suit in Proceeding.objects.filter(kind="suit_after_review"):
        decided_on = Proceeding.objects.get(case=suit.case, kind="review").concluded_on
        assert decided_on and timedelta(0) < suit.filed_on - decided_on <= timedelta(days=15)


def test_the_tree_is_that_of_the_district() -> None:
    kinds = Counter(Department.objects.values_list("kind", flat=True))
    prefixes = Counter(Department.objects.answering().values_list("number_prefix", flat=True))

    assert kinds == {
        DepartmentKind.GOVERNMENT: 1,
        DepartmentKind.OFFICE: 1,
        DepartmentKind.DEPARTMENT: 28,
        DepartmentKind.TOWN: 8,
        DepartmentKind.PLATFORM: 3,
    }
    assert max(prefixes.values()) == 1
    assert find_department("区住建局").number_prefix == "秀建公开申"


def test_the_command_names_every_account_and_how_to_start_without(printed: str) -> None:
    assert "41 个单位，267 件申请" in printed
    assert "DEMO=0 make run" in printed
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.check_password(account.password)
        assert f"{account.username} " in printed


def test_accounts_see_and_do_what_they_show() -> None:
    office, housing = find_department("区政府办"), find_department("区住建局")
    users = {user.username: user for user in User.objects.all()}
    seen = {name: Case.objects.visible_to(user) for name, user in users.items()}

    assert seen["yi"].count() == seen["jia"].count() == Case.objects.count()
    drafted = {case for case in seen["wu"] if case.department_id != housing.pk}
    assert {case.department_id for case in seen["wu"] if case not in drafted} == {housing.pk}
    assert all(case.drafting_department == housing and not case.closed_on for case in drafted)
    assert {case.department_id for case in seen["geng"]} == {office.pk, housing.pk}
    assert not seen["admin"].exists()
    assert can(users["jia"], Act.REGISTER, office)
    assert not can(users["jia"], Act.REGISTER, housing)
    assert can(users["yi"], Act.COMPUTE_TABLE, find_department("秀洲区人民政府"))


def test_who_only_handles_cases_cannot_sign_in() -> None:
    others = User.objects.exclude(username__in=[account.username for account in ACCOUNTS])

    assert others.count() == 38
    assert not any(user.has_usable_password() for user in others)
