"""Which cases count when: by dates alone, so that 一 + 二 = 三（七） + 四 for any set of cases."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Case, Proceeding
from cases.querysets import CaseQuerySet
from cases.succession import Organs
from tests.makers import TODAY, make_case, make_proceeding, make_tree

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
YEAR_BEFORE, YEAR_AFTER = date(2024, 12, 31), date(2026, 1, 1)


def groups_of(case: Case) -> set[str]:
    here = Case.objects.filter(pk=case.pk).counted()
    asked: dict[str, CaseQuerySet] = {
        "new": here.received_in(FIRST, LAST),
        "carried": here.carried_into(FIRST),
        "results": here.closed_in(FIRST, LAST),
        "forward": here.open_at(LAST),
    }
    return {name for name, found in asked.items() if found.exists()}


@pytest.mark.parametrize(
    ("received", "closed", "groups"),
    [
        (FIRST, LAST, {"new", "results"}),
        (LAST, YEAR_AFTER, {"new", "forward"}),
        (LAST, None, {"new", "forward"}),
        (YEAR_BEFORE, FIRST, {"carried", "results"}),
        (YEAR_BEFORE, YEAR_AFTER, {"carried", "forward"}),
        (YEAR_BEFORE, YEAR_BEFORE, set()),
        (YEAR_AFTER, None, set()),
    ],
)
def test_both_sides_of_new_year(received: date, closed: date | None, groups: set[str]) -> None:
    later = date(2026, 6, 1)
    case = make_case(make_tree().housing, received_on=received, closed_on=closed, today=later)
    assert groups_of(case) == groups


def test_the_unconfirmed_and_the_voided_count_nowhere() -> None:
    tree = make_tree()
    waiting = make_case(tree.housing, received_on=None)
    voided = make_case(tree.housing, closed_on=TODAY)
    Case.objects.filter(pk=voided.pk).update(voided_on=TODAY)
    assert groups_of(waiting) == groups_of(voided) == set()


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 500)), max_size=8), DAYS, DAYS)
def test_the_identity_holds_for_any_cases_and_any_period(
    rows: list[tuple[date, int | None]], one: date, other: date
) -> None:
    first, last = min(one, other), max(one, other)
    cases = _cases()
    for case, (received, after) in zip(cases, rows, strict=False):
        closed = received + timedelta(days=after) if after is not None else None
        Case.objects.filter(pk=case.pk).update(
            arrived_on=received,
            received_on=received,
            closed_on=closed,
            outcome="granted" if closed else "",
        )
    here = Case.objects.filter(pk__in=[c.pk for c in cases[: len(rows)]]).counted()
    new, carried = here.received_in(first, last).count(), here.carried_into(first).count()
    results, forward = here.closed_in(first, last).count(), here.open_at(last).count()
    assert new + carried == results + forward
    for turn in (FIRST, date(2026, 1, 1)):  # asked in other words there: see querysets.CARRIED
        before = here.filter(received_on__lt=turn)
        over = {case for case in before if not (case.closed_on and case.closed_on < turn)}
        assert set(here.carried_into(turn)) == over
        assert set(here.open_at(turn - timedelta(days=1))) == over


def _cases() -> list[Case]:
    """Eight, made once a test."""
    found = list(Case.objects.order_by("pk")[:8])
    if not found:
        tree = make_tree()
        found = [make_case(tree.housing) for _ in range(8)]
    return found


def test_after_a_succession_the_open_cases_are_the_successors() -> None:
    """〔2019〕14号: whole, and only from that day on."""
    tree = make_tree()
    day = date(2025, 10, 1)
    later = date(2025, 12, 1)
    open_then = make_case(tree.land, received_on=date(2025, 9, 1), closed_on=day, today=later)
    closed_before = make_case(
        tree.land, received_on=date(2025, 9, 1), closed_on=date(2025, 9, 30), today=later
    )
    own = make_case(tree.housing)
    moves = ((tree.land.pk, day, tree.housing.pk),)

    def of(*departments: int) -> set[Case]:
        return set(Case.objects.of_organs(Organs(frozenset(departments), moves)))

    assert of(tree.housing.pk) == {own, open_then}
    assert of(tree.land.pk) == {closed_before}
    assert of(tree.housing.pk, tree.land.pk) == {own, open_then, closed_before}
    before = Organs(frozenset({tree.land.pk}))
    assert set(Case.objects.of_organs(before)) == {open_then, closed_before}


def test_a_chain_of_successions_hands_on_what_is_still_open() -> None:
    tree = make_tree()
    one, two = date(2025, 10, 1), date(2025, 11, 1)
    later = date(2025, 12, 1)
    moves = (
        (tree.land.pk, one, tree.housing.pk),
        (tree.housing.pk, two, tree.town.pk),
    )
    received = date(2025, 9, 1)
    still_open = make_case(tree.land, received_on=received)
    closed_between = make_case(
        tree.land, received_on=received, closed_on=date(2025, 10, 15), today=later
    )

    def of(department: int) -> set[Case]:
        return set(Case.objects.of_organs(Organs(frozenset({department}), moves)))

    assert of(tree.land.pk) == set()
    assert of(tree.housing.pk) == {closed_between}
    assert of(tree.town.pk) == {still_open}


def test_proceedings_count_when_concluded_or_pending_at_the_end() -> None:
    tree = make_tree()
    pending = make_proceeding(tree.housing, filed_on=date(2024, 3, 1))
    concluded = make_proceeding(
        tree.housing, filed_on=date(2024, 3, 1), result="upheld", concluded_on=FIRST
    )
    make_proceeding(
        tree.housing, filed_on=date(2024, 3, 1), result="upheld", concluded_on=YEAR_BEFORE
    )
    assert set(Proceeding.objects.counted_in(FIRST, LAST)) == {pending, concluded}
    assert set(Proceeding.objects.pending_at(YEAR_BEFORE)) == {pending, concluded}
    assert set(Proceeding.objects.concluded_in(FIRST, LAST)) == {concluded}
