"""For any set of cases: the identities hold, cells and cases agree, the parts make up the whole."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count as counter
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.choices import ApplicantKind, Outcome, ProceedingKind, ProceedingResult
from cases.departments import succeed_department
from cases.models import Applicant, Case, Department, Proceeding
from reports.checks import findings, run_checks
from reports.choices import ALL, OWN
from reports.counting import (
    Period,
    case_groups,
    cell_cases,
    cell_proceedings,
    count,
    scope_of,
    size,
    volumes,
)
from reports.formats import FORMATS, get_format
from reports.formats.base import Format, Tables, convert
from reports.listing import agree, list_cases
from tests.makers import Tree, make_tree

pytestmark = pytest.mark.django_db

F2019, F2021 = get_format("2019"), get_format("2021")
FIRST_DAY, LAST_DAY = date(2019, 1, 1), date(2022, 12, 31)
_serial = counter(1)

few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example cleans up
)


# For a test that asks the database hundreds of times an example: searching for a smaller failing
# example would take it minutes.
few_and_slow = settings(few, phases=(Phase.explicit, Phase.reuse, Phase.generate))


class Fact(NamedTuple):
    """A case or proceeding: which of the organs, from when, how long, how it ended."""

    organ: int
    began: date
    days: int | None  # None: still open
    kind: str
    end: str
    voided: bool = False
    waited: int = 0  # days from arrival until the applicant was reached (待确认)


def facts(kinds: list[str], ends: list[str], *, voided: bool) -> st.SearchStrategy[list[Fact]]:
    one = st.builds(
        Fact,
        st.integers(0, 3),
        # Days around the turn of a year are where counting can go wrong.
        st.dates(FIRST_DAY, LAST_DAY)
        | st.builds(
            lambda year, days: date(year, 12, 30) + timedelta(days=days),
            st.integers(2019, 2021),
            st.integers(0, 4),
        ),
        st.none() | st.integers(0, 800) | st.integers(0, 3),
        st.sampled_from(kinds),
        st.sampled_from(ends),
        st.just(False) | st.booleans() if voided else st.just(False),
        st.just(0) | st.integers(0, 400),
    )
    return st.lists(one, max_size=24)


some_cases = facts(ApplicantKind.values, Outcome.values, voided=True)
some_proceedings = facts(ProceedingKind.values, ProceedingResult.values, voided=False)
some_period = st.builds(
    lambda first, days: Period(first, first + timedelta(days=days)),
    st.dates(FIRST_DAY, LAST_DAY),
    st.integers(0, 500),
) | st.integers(2019, 2022).map(Period.year)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def applicants(db: None) -> dict[str, Applicant]:
    return {kind: Applicant.objects.create(kind=kind, name="申请人") for kind in ApplicantKind}


Given = Callable[..., Any]


@pytest.fixture
def world(tree: Tree, applicants: dict[str, Applicant]) -> Given:
    """Puts cases and proceedings into the district; they are gone when the block ends."""
    organs = [tree.office, tree.housing, tree.land, tree.town]

    def case(fact: Fact) -> Case:
        closed = fact.began + timedelta(days=fact.days) if fact.days is not None else None
        return Case(
            department=organs[fact.organ],
            number=f"N{next(_serial)}",
            number_year=fact.began.year,
            applicant=applicants[fact.kind],
            applicant_kind=fact.kind,
            arrived_on=fact.began - timedelta(days=fact.waited),
            received_on=fact.began,
            content="某项信息",
            closed_on=closed,
            outcome=fact.end if closed else "",
            voided_on=closed if fact.voided else None,
        )

    def proceeding(fact: Fact) -> Proceeding:
        closed = fact.began + timedelta(days=fact.days) if fact.days is not None else None
        return Proceeding(
            department=organs[fact.organ],
            kind=fact.kind,
            filed_on=fact.began,
            concluded_on=closed,
            result=fact.end if closed else "",
        )

    @contextmanager
    def holds(cases: list[Fact], proceedings: list[Fact]) -> Iterator[list[Department]]:
        with transaction.atomic():
            Case.objects.bulk_create(map(case, cases))
            Proceeding.objects.bulk_create(map(proceeding, proceedings))
            yield organs
            transaction.set_rollback(True)

    return holds


def tables(department: Department, kind: str, period: Period, fmt: Format = F2021) -> Tables:
    return count(scope_of(department, kind, period), period, fmt)


@few
@given(cases=some_cases, proceedings=some_proceedings, period=some_period)
def test_the_identities_hold_in_both_formats(
    world: Given, tree: Tree, cases: list[Fact], proceedings: list[Fact], period: Period
) -> None:
    with world(cases, proceedings):
        for fmt in FORMATS.values():
            for department, kind in ((tree.government, ALL), (tree.housing, OWN)):
                checks = run_checks(fmt, tables(department, kind, period, fmt))
                assert not findings(checks)


@few_and_slow
@given(cases=some_cases, proceedings=some_proceedings, period=some_period)
def test_behind_each_cell_there_are_as_many_as_it_says(
    world: Given, tree: Tree, cases: list[Fact], proceedings: list[Fact], period: Period
) -> None:
    with world(cases, proceedings):
        scope = scope_of(tree.government, ALL, period)
        counted = count(scope, period, F2021)
        three, four = F2021.section_three, F2021.section_four
        for key in three.data_rows:
            for at, column in enumerate(three.columns):
                behind = cell_cases(scope, period, F2021, key, column.key)
                assert size(behind) == counted.section_three[key][at]
        for group in four.groups:
            for at, column in enumerate(four.columns):
                found = cell_proceedings(scope, period, group.key, column.key)
                assert size(found) == counted.section_four[group.key][at]


@few
@given(cases=some_cases, proceedings=some_proceedings, period=some_period)
def test_the_tables_of_the_organs_sum_to_the_districts(
    world: Given, tree: Tree, cases: list[Fact], proceedings: list[Fact], period: Period
) -> None:
    with world(cases, proceedings) as organs:
        own = (tables(organ, OWN, period) for organ in organs)
        assert sum(own, start=Tables.zero(F2021)) == tables(tree.government, ALL, period)


@few
@given(cases=some_cases, proceedings=some_proceedings, period=some_period)
def test_the_formats_agree_where_they_should(
    world: Given, tree: Tree, cases: list[Fact], proceedings: list[Fact], period: Period
) -> None:
    """The figures of 2021 turned into 2019's are those counted in 2019's rows."""
    with world(cases, proceedings):
        in_2021 = tables(tree.government, ALL, period, F2021)
        in_2019 = tables(tree.government, ALL, period, F2019)
        assert convert(in_2021, F2021, F2019) == in_2019


@few
@given(cases=some_cases, proceedings=some_proceedings, year=st.integers(2019, 2021))
def test_what_a_year_carries_forward_the_next_takes_over(
    world: Given, tree: Tree, cases: list[Fact], proceedings: list[Fact], year: int
) -> None:
    """Column by column, and with it the check against last year's table."""
    with world(cases, proceedings):
        before = tables(tree.government, ALL, Period.year(year))
        after = tables(tree.government, ALL, Period.year(year + 1))
        assert after.section_three["carried_over"] == before.section_three["carried_forward"]
        assert not findings(run_checks(F2021, after, before))


@few
@given(cases=some_cases, period=some_period)
def test_sheet_two_lists_what_sheet_one_counts(
    world: Given, tree: Tree, cases: list[Fact], period: Period
) -> None:
    with world(cases, []):
        scope = scope_of(tree.government, ALL, period)
        listed = list_cases(scope, period)
        assert agree(listed, case_groups(scope, period))
        assert len(listed) == sum(map(sum, volumes(scope, period).values()))


@few
@given(
    cases=some_cases,
    proceedings=some_proceedings,
    period=some_period,
    days=st.lists(st.dates(FIRST_DAY, LAST_DAY), min_size=2, max_size=2).map(sorted),
)
def test_after_reorganisations_the_identities_hold_on_every_side(
    world: Given,
    tree: Tree,
    cases: list[Fact],
    proceedings: list[Fact],
    period: Period,
    days: list[date],
) -> None:
    """〔2019〕14号: 区住建局 goes into 区资规分局, that into the town; none is lost or doubled."""
    with world(cases, proceedings):
        before = tables(tree.government, ALL, period)
        office, housing, land, town = Department.objects.filter(parent=tree.government)
        succeed_department(housing, successor=land, on=days[0])
        succeed_department(land, successor=town, on=days[1])
        own = [tables(organ, OWN, period) for organ in (office, housing, land, town)]
        for table in own:
            assert not findings(run_checks(F2021, table))
        assert sum(own, start=Tables.zero(F2021)) == before
        assert tables(tree.government, ALL, period) == before


@few
@given(cases=some_cases, period=some_period, on=st.dates(FIRST_DAY, LAST_DAY))
def test_after_a_reorganisation_each_cell_still_opens_its_cases(
    world: Given, tree: Tree, cases: list[Fact], period: Period, on: date
) -> None:
    with world(cases, []):
        _, housing, land, _ = Department.objects.filter(parent=tree.government)
        succeed_department(housing, successor=land, on=on)
        for organ in (housing, land):
            scope = scope_of(organ, OWN, period)
            counted = count(scope, period, F2021).section_three
            for key in ("new_received", "carried_over", "results_total", "carried_forward"):
                behind = cell_cases(scope, period, F2021, key, "total")
                assert size(behind) == counted[key][-1]
