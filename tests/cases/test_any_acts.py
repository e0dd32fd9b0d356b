"""Whatever acts are done on a case, in whatever order they are allowed: one clock (条例30–42).

The acts go through the workflow. After each the stored columns are what a rebuild would store, and
what the clock makes of the facts that the test itself has kept.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import workflow
from cases.choices import UNANSWERED, Addressee, Outcome
from cases.clock import Fact, FactKind, run_clock
from cases.models import Case
from cases.models.calendar import load_calendar
from cases.workflow import NotAllowed, clockwork
from tests.makers import RECEIVED, Tree, hand_of, make_case

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
    case, today = make_case(tree.housing, today=RECEIVED), RECEIVED
    facts: list[Fact] = []
    for gap, first, back, n, key in taken:
        today += timedelta(days=gap)
        on = max(RECEIVED, today - timedelta(days=back))
        hand = {"by": hand_of(tree.housing), "today": today}
        tried = (_done(act, case, on, n, key, hand) for act in ACTS[first:] + ACTS[:first])
        facts += [fact for fact in [next(filter(None, tried), None)] if fact]
        case = Case.objects.get(pk=case.pk)
        _agree(case, facts, today)
    assert facts or today == RECEIVED


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
