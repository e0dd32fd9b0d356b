"""Whatever acts are done on a case, in whatever order they are allowed: one clock (条例30–42).

The acts go through the workflow. After each the stored columns are what a rebuild would store, and
what the clock makes of the facts that the test itself has kept.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import workflow
from cases.choices import UNANSWERED, Addressee, Outcome, Role
from cases.clock import Clock, Fact, FactKind, run_clock
from cases.models import Case
from cases.models.calendar import decreed_between, load_calendar
from cases.schedules import Schedule, Stretch, span_of
from cases.workdays import DecreedDay, is_weekend
from cases.workflow import NotAllowed, clockwork
from cases.workflow.schedules import Edition, outlook_of, publish_schedule, version_of
from tests.makers import RECEIVED, Tree, hand_of, make_case, make_user

pytestmark = pytest.mark.django_db

# With the database each example takes long; pytest's fixtures are not renewed, cases are.
few = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = ("1", "2")


def _consult(case: Case, on: date, n: int, key: str, **hand: Any) -> Fact:
    addressee = list(Addressee)[n % len(Addressee)]
    workflow.consult(case, on=on, addressee=addressee, whom="某单位", **hand)
    key = case.events.latest("pk").data["key"]
    return Fact(FactKind.CONSULTATION_SENT, on, key=key, addressee=addressee.value)


def _reply(case: Case, on: date, n: int, key: str, **hand: Any) -> Fact:
    outcome = (Outcome.GRANTED, Outcome.STILL_UNCLEAR, Outcome.NO_CORRECTION)[n % 3]
    workflow.reply(case, outcome=outcome, closed_on=on, service_method="post", **hand)
    return Fact(FactKind.REPLIED, on, unanswered=outcome in UNANSWERED)


def _serve(case: Case, on: date, n: int, key: str, **hand: Any) -> Fact:
    workflow.serve(case, service_method="post", served_on=on, **hand)
    return Fact(FactKind.SERVED, on)


def _extend(case: Case, on: date, n: int, key: str, **hand: Any) -> Fact:
    workflow.extend(case, on=on, days=n, reason="案情复杂", **hand)
    return Fact(FactKind.EXTENDED, on, days=n)


def _ask_correction(case: Case, on: date, n: int, key: str, **hand: Any) -> Fact:
    workflow.ask_correction(case, on=on, days=n, what="文号", **hand)
    return Fact(FactKind.CORRECTION_ASKED, on, days=n)


def _ask_fee(case: Case, on: date, n: int, key: str, **hand: Any) -> Fact:
    workflow.ask_fee(case, on=on, scheme="pages", pages=68, **hand)
    return Fact(FactKind.FEE_ASKED, on)


def _plain(kind: FactKind, act: Callable[..., Case], **said: Any) -> Callable[..., Fact]:
    def do(case: Case, on: date, n: int, key: str, **hand: Any) -> Fact:
        about = {"key": key} if kind.startswith("consultation") else {}
        act(case, on=on, **about, **said, **hand)
        ended = kind is FactKind.REPLIED
        return Fact(kind, on, key=about.get("key", ""), unanswered=ended)

    return do


ACTS: list[Callable[..., Fact]] = [
    _consult,
    _plain(FactKind.CONSULTATION_DELIVERED, workflow.deliver_consultation),
    _plain(FactKind.CONSULTATION_RETURNED, workflow.receive_opinion, opinion="同意"),
    _plain(FactKind.CONSULTATION_ENDED, workflow.end_consultation, reason="催促未复"),
    _extend,
    _ask_correction,
    _plain(FactKind.CORRECTION_RECEIVED, workflow.receive_correction),
    _ask_fee,
    _plain(FactKind.FEE_NOTICE_DELIVERED, workflow.deliver_fee_notice),
    _plain(FactKind.FEE_PAID, workflow.receive_fee),
    _plain(FactKind.REPLIED, workflow.give_up_correction),
    _plain(FactKind.REPLIED, workflow.give_up_fee),
    _plain(FactKind.REPLIED, workflow.withdraw, how="letter"),
    _reply,
    _serve,
]
# Days that pass; which act is tried first; how many days before it is said to have happened.
steps = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.integers(0, len(ACTS) - 1),
        st.integers(0, 3),
        st.integers(1, 20),
        st.sampled_from(KEYS),
    ),
    min_size=3,
    max_size=8,
)


@few
@given(steps)
def test_what_is_stored_what_is_rebuilt_and_the_clock_agree_after_every_act(
    tree: Tree, taken: list[tuple[int, int, int, int, str]]
) -> None:
    case = make_case(tree.housing, today=RECEIVED)
    facts = _act(case, tree, taken)
    assert facts or all(gap == 0 for gap, *_ in taken)


# Days off that are worked, working days that are off.
put_right = st.sets(
    st.dates(RECEIVED + timedelta(days=1), span_of(2025)[1]), min_size=1, max_size=20
)


@few
@given(steps, put_right)
def test_what_was_in_time_stays_so_however_the_schedule_is_put_right(
    tree: Tree, taken: list[tuple[int, int, int, int, str]], changed: set[date]
) -> None:
    known = transaction.savepoint()  # each example begins with the schedule as it was
    case = make_case(tree.housing, today=RECEIVED)
    _act(case, tree, taken)
    today = RECEIVED + timedelta(days=sum(gap for gap, *_ in taken))
    before = workflow.clock_of(case, on=today)
    _put_right(tree, changed, today)
    case = Case.objects.get(pk=case.pk)
    after = workflow.clock_of(case, on=today)
    assert _out_of_order(after) <= _out_of_order(before)
    assert after.in_time or not before.in_time
    assert bool(after.extended_by) >= bool(before.extended_by)
    assert after.delayed_to == before.delayed_to
    assert {name: getattr(case, name) for name in clockwork.STORED} == {
        name: getattr(after, name) for name in clockwork.STORED
    }
    assert clockwork.rebuild([case]) == []
    transaction.savepoint_rollback(known)


def _out_of_order(clock: Clock) -> Counter[tuple[str, date]]:
    return Counter((fault.code, fault.on) for fault in clock.irregularities)


def _put_right(tree: Tree, changed: set[date], today: date) -> None:
    """The schedule of 2025 with these days the other way round."""
    days = {entry.day: entry for entry in decreed_between(*span_of(2025))}
    for day in changed:
        if not days.pop(day, None):
            days[day] = DecreedDay(day, not is_weekend(day), "调整", "")
    stretches = tuple(Stretch(it.name, it.day, it.day, it.off) for it in days.values())
    edition = Edition(Schedule(2025, stretches, ()), number="国办发明电〔2024〕12号", reason="更正")
    boss = make_user(Role.SUPERVISOR, tree.government)
    version, seen = version_of(2025), outlook_of(edition).digest
    publish_schedule(edition, by=boss, today=today, version=version, seen=seen)


def _act(case: Case, tree: Tree, taken: list[tuple[int, int, int, int, str]]) -> list[Fact]:
    """Do the acts; after each, what is stored is what the facts say."""
    today, facts = RECEIVED, list[Fact]()
    for gap, first, back, n, key in taken:
        today += timedelta(days=gap)
        on = max(RECEIVED, today - timedelta(days=back))
        hand = {"by": hand_of(tree.housing), "today": today}
        tried = (_done(act, case, on, n, key, hand) for act in ACTS[first:] + ACTS[:first])
        facts += [fact for fact in [next(filter(None, tried), None)] if fact]
        case = Case.objects.get(pk=case.pk)
        _agree(case, facts, today)
    return facts


def _done(
    act: Callable[..., Fact], case: Case, on: date, n: int, key: str, hand: dict[str, Any]
) -> Fact | None:
    """What the act has added to the course; None where it is refused."""
    try:
        return act(case, on, n, key, **hand)
    except (NotAllowed, ValidationError):
        return None


def _agree(case: Case, facts: list[Fact], today: date) -> None:
    calendar = load_calendar()
    assert {name: getattr(case, name) for name in clockwork.STORED} == clockwork.stored(
        RECEIVED, facts, calendar
    )
    assert clockwork.rebuild([case]) == []
    by_events, by_facts = (
        workflow.clock_of(case, on=today),
        run_clock(RECEIVED, facts, calendar, today),
    )
    for name in ("ends_on", "waiting_for", "waiting_until", "used", "term", "in_time", "overdue"):
        assert getattr(by_events, name) == getattr(by_facts, name), name
    assert bool(case.closed_on) == (by_facts.in_time is not None)
    assert not case.closed_on or not case.waiting_for
