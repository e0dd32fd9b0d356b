"""Where one record stands in a year, as told without the database, is what the tables count."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.choices import ApplicantKind, Outcome, ProceedingKind, ProceedingResult
from cases.departments import succeed_department
from cases.models import Applicant, Case, Department, Proceeding
from cases.workflow.sealing import of_case, of_proceeding
from cases.year_places import Counted, place_in
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import FORMATS
from reports.formats.base import Format, Tables
from tests.makers import Tree, make_tree

pytestmark = pytest.mark.django_db

some = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example cleans up
)
# Days around the turn of a year, where counting can go wrong, and some between.
days = st.builds(
    lambda year, days: date(year, 12, 30) + timedelta(days=days),
    st.integers(2020, 2023),
    st.integers(0, 4),
) | st.dates(date(2020, 6, 1), date(2024, 6, 1))


class Facts(NamedTuple):
    """What the tables ask of a record."""

    began: date
    days: int | None  # until it ended; None: it is open
    kind: str
    end: str
    nowhere: bool = False  # a case that is voided

    @property
    def ended(self) -> date | None:
        return None if self.days is None else self.began + timedelta(days=self.days)


def facts(kinds: list[str], ends: list[str], nowhere: bool) -> st.SearchStrategy[Facts]:
    return st.builds(
        Facts,
        days,
        st.none() | st.integers(0, 4) | st.integers(0, 800),
        st.sampled_from(kinds),
        st.sampled_from(ends),
        st.booleans() if nowhere else st.just(False),
    )


cases = st.none() | facts(ApplicantKind.values, Outcome.values, nowhere=True)
proceedings = st.none() | facts(ProceedingKind.values, ProceedingResult.values, nowhere=False)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def applicant(db: None) -> Applicant:
    return Applicant.objects.create(kind=ApplicantKind.NATURAL_PERSON, name="申请人甲")


def case_of(said: Facts, organ: Department, applicant: Applicant) -> Case:
    return Case(
        department=organ,
        number="秀建公开申1号",
        number_year=said.began.year,
        applicant=applicant,
        applicant_kind=said.kind,
        arrived_on=said.began,
        received_on=said.began,
        content="某项信息",
        closed_on=said.ended,
        outcome=said.end if said.ended else "",
        voided_on=said.began if said.nowhere else None,
    )


def proceeding_of(said: Facts, organ: Department) -> Proceeding:
    return Proceeding(
        department=organ,
        kind=said.kind,
        filed_on=said.began,
        concluded_on=said.ended,
        result=said.end if said.ended else "",
    )


@contextmanager
def gone_afterwards() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def counted_with(
    record: Case | Proceeding | None, organ: Department, year: int, fmt: Format
) -> Tables:
    """The organ's own tables, were `record` all that there is."""
    with gone_afterwards():
        if record is not None:
            record.save()
        period = Period.year(year)
        return count(scope_of(organ, OWN, period), period, fmt)


def agrees(
    before: Case | Proceeding | None,
    after: Case | Proceeding | None,
    tree: Tree,
    year: int,
    succeeded_on: date | None,
) -> None:
    with gone_afterwards():
        housing, land = (Department.objects.get(pk=organ.pk) for organ in (tree.housing, tree.land))
        successions = []
        if succeeded_on:
            succeed_department(housing, successor=land, on=succeeded_on)
            successions = [(housing.pk, succeeded_on, land.pk)]
        for fmt in FORMATS.values():
            three = fmt.section_three
            rows = {outcome: three.row_for_outcome(outcome).key for outcome in Outcome.values}
            for organ in (housing, land):
                tables = [counted_with(record, organ, year, fmt) for record in (before, after)]
                places = [
                    place_in(year, organ.pk, _counted(record), rows=rows, successions=successions)
                    for record in (before, after)
                ]
                assert (tables[0] != tables[1]) == (places[0] != places[1])


def _counted(record: Case | Proceeding | None) -> Counted | None:
    if record is None:
        return None
    return of_case(record) if isinstance(record, Case) else of_proceeding(record)


@some
@given(before=cases, after=cases, year=st.integers(2020, 2024), on=st.none() | days)
def test_the_tables_differ_where_the_place_of_a_case_does(
    tree: Tree,
    applicant: Applicant,
    before: Facts | None,
    after: Facts | None,
    year: int,
    on: date | None,
) -> None:
    earlier, later = (said and case_of(said, tree.housing, applicant) for said in (before, after))
    agrees(earlier, later, tree, year, on)


@some
@given(before=proceedings, after=proceedings, year=st.integers(2020, 2024), on=st.none() | days)
def test_and_where_that_of_a_review_or_suit_does(
    tree: Tree, before: Facts | None, after: Facts | None, year: int, on: date | None
) -> None:
    earlier, later = (said and proceeding_of(said, tree.housing) for said in (before, after))
    agrees(earlier, later, tree, year, on)
