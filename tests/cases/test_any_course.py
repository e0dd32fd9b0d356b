"""Whatever lawfully happens to a case, in whatever order it was entered: one due day (条例33)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cases.clock import ANSWER_WORKDAYS, Fact, FactKind, run_clock
from cases.clock_course import OPINION_WORKDAYS
from cases.clock_facts import in_fold_order
from cases.decreed import decreed_calendar
from cases.models import Event
from cases.workflow.clockwork import fact_of, standing_facts
from cases.workflow.put_right import replacement, revocation

CALENDAR = decreed_calendar()
KEYS = ("甲", "乙")  # two consultations may run at once
many = settings(max_examples=80)

# Around holidays, worked weekends and the turn of a year.
receipts = st.dates(date(2019, 9, 1), date(2026, 3, 1)) | st.dates(
    date(2025, 9, 10), date(2025, 12, 31)
)


def due(received_on: date, facts: Sequence[Fact]) -> date | None:
    return run_clock(received_on, facts, CALENDAR, _last(received_on, facts)).ends_on


def _last(received_on: date, facts: Sequence[Fact]) -> date:
    return max([received_on, *(fact.on for fact in facts)])


def lawful(received_on: date, facts: Sequence[Fact]) -> bool:
    on = _last(received_on, facts)
    return not run_clock(received_on, facts, CALENDAR, on).irregularities


# What happens between receipt and reply.
COURSE = [kind for kind in FactKind if kind not in (FactKind.REPLIED, FactKind.SERVED)]


@st.composite
def facts_on(draw: st.DrawFn, day: date) -> list[Fact]:
    """One fact of each kind and key on a day, whether or not it has a place there."""
    days, later = draw(st.integers(1, 20)), timedelta(days=draw(st.integers(1, 120)))
    whose = draw(st.sampled_from(("third_party", "co_producer", "other_organ")))
    excused = draw(st.booleans())
    return [
        Fact(kind, day, key, days, day + later, addressee=whose, excused=excused)
        for kind in COURSE
        for key in (KEYS if kind.startswith("consultation") else KEYS[:1])
    ]


@st.composite
def courses(draw: st.DrawFn) -> tuple[date, list[Fact]]:
    """The receipt of a case, and up to eight facts, each in place when it happened."""
    received_on = day = draw(receipts)
    facts: list[Fact] = []
    for gap in draw(st.lists(st.integers(0, 12), max_size=8)):
        day += timedelta(days=gap)
        candidates = draw(facts_on(day))
        first = draw(st.integers(0, len(candidates) - 1))
        inplace = (
            fact
            for fact in candidates[first:] + candidates[:first]
            if lawful(received_on, [*facts, fact])
        )
        facts += [fact for fact in [next(inplace, None)] if fact]
    return received_on, facts


def counted_out(received_on: date, facts: Sequence[Fact]) -> date | None:
    """The due day worked from the text of the regulation, by another way than the clock's."""
    began_on, term, told, waiting = received_on, ANSWER_WORKDAYS, None, False
    for fact in sorted(facts, key=in_fold_order):
        match fact.kind:
            case FactKind.CORRECTION_ASKED | FactKind.FEE_ASKED:
                waiting = True
            case FactKind.CORRECTION_RECEIVED | FactKind.FEE_PAID:
                began_on, term, told, waiting = fact.on, ANSWER_WORKDAYS, None, False
            case FactKind.EXTENDED:
                term += fact.days or 0
            case FactKind.DELAYED:
                told = fact.day
    if waiting or told:
        return None if waiting else told
    pauses = list(_pauses(facts))
    days = CALENDAR.workdays_after(began_on)
    for _ in range(term):
        last = next(day for day in days if not any(a < day <= b for a, b in pauses))
        if last.year >= NEVER.year:
            return None
    return last


NEVER = date(2099, 1, 1)
ENDS_A_PAUSE = (FactKind.CONSULTATION_RETURNED, FactKind.CONSULTATION_ENDED)


def _pauses(facts: Sequence[Fact]) -> Iterator[tuple[date, date]]:
    """The day of each letter, and the last day that does not count for it."""
    for place, sent in enumerate(facts):
        if sent.kind != FactKind.CONSULTATION_SENT:
            continue
        has_term = sent.addressee != "other_organ"
        returned, silent = NEVER, NEVER
        if has_term:
            silent = CALENDAR.nth_workday_after(sent.on, OPINION_WORKDAYS)
        for fact in facts[place + 1 :]:
            if _is(FactKind.CONSULTATION_SENT, fact, sent):
                break
            if has_term and _is(FactKind.CONSULTATION_DELIVERED, fact, sent):
                silent = CALENDAR.nth_workday_after(fact.on, OPINION_WORKDAYS)
            if any(_is(kind, fact, sent) for kind in ENDS_A_PAUSE):
                returned = fact.on
        yield sent.on, min(silent, returned)


def _is(kind: FactKind, fact: Fact, sent: Fact) -> bool:
    """Whether the fact is of that kind, and about the letter's consultation."""
    return fact.kind == kind and fact.key == sent.key


@many
@given(courses(), st.randoms(use_true_random=False))
def test_in_whatever_order_it_was_entered(course: tuple[date, list[Fact]], random: object) -> None:
    received_on, facts = course
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    on = _last(received_on, facts)
    first = run_clock(received_on, facts, CALENDAR, on)
    again = run_clock(received_on, shuffled, CALENDAR, on)
    for name in (
        "ends_on",
        "due_on",
        "waiting_for",
        "waiting_until",
        "used",
        "term",
        "provisional",
    ):
        assert getattr(again, name) == getattr(first, name), name


@many
@given(courses())
def test_the_due_day_is_the_one_counted_out(course: tuple[date, list[Fact]]) -> None:
    assert due(*course) == counted_out(*course)


@many
@given(courses(), st.data())
def test_a_pause_never_shortens_a_term(
    course: tuple[date, list[Fact]], data: st.DataObject
) -> None:
    received_on, facts = course
    without = due(received_on, facts)
    sent = received_on + timedelta(days=data.draw(st.integers(0, 60)))
    back = sent + timedelta(days=data.draw(st.integers(0, 40)))
    pause = [
        Fact(FactKind.CONSULTATION_SENT, sent, key="丙", addressee="other_organ"),
        Fact(FactKind.CONSULTATION_RETURNED, back, key="丙"),
    ]
    with_it = due(received_on, [*facts, *pause])
    if without and with_it:
        assert with_it >= without


@many
@given(receipts, st.lists(st.tuples(st.integers(0, 25), st.integers(0, 40)), max_size=2))
def test_days_of_two_pauses_are_left_out_once(
    received_on: date, spans: list[tuple[int, int]]
) -> None:
    """The due day is the twentieth working day that lies in neither."""
    facts, left_out = [], set()
    for key, (after, length) in zip(KEYS, spans, strict=False):
        sent = received_on + timedelta(days=after)
        back = sent + timedelta(days=length)
        facts += [
            Fact(FactKind.CONSULTATION_SENT, sent, key=key, addressee="other_organ"),
            Fact(FactKind.CONSULTATION_RETURNED, back, key=key),
        ]
        left_out |= {sent + timedelta(days=n) for n in range(1, length + 1)}
    counted = (day for day in CALENDAR.workdays_after(received_on) if day not in left_out)
    assert due(received_on, facts) == [next(counted) for _ in range(ANSWER_WORKDAYS)][-1]


@many
@given(courses())
def test_nothing_but_the_end_of_a_pause_brings_the_due_day_forward(
    course: tuple[date, list[Fact]],
) -> None:
    received_on, facts = course
    for n, fact in enumerate(facts):
        before, after = due(received_on, facts[:n]), due(received_on, facts[: n + 1])
        if before and after and fact.kind not in ENDS_A_PAUSE:
            assert after >= before, fact


def recorded(facts: Sequence[Fact]) -> list[Event]:
    """Facts as the events that would tell them."""
    return [
        Event(
            pk=pk,
            kind=fact.kind,
            on=fact.on,
            data={
                "key": fact.key,
                "days": fact.days,
                "day": fact.day.isoformat() if fact.day else None,
                "addressee": fact.addressee,
                "excused": fact.excused,
            },
        )
        for pk, fact in enumerate(facts, start=1)
    ]


def read(events: Sequence[Event]) -> list[Fact]:
    return [fact_of(event) for event in standing_facts(events)]


@many
@given(courses(), st.data())
def test_what_is_put_right_to_another_day_and_back_changes_nothing(
    course: tuple[date, list[Fact]], data: st.DataObject
) -> None:
    received_on, facts = course
    assume(facts)
    events = recorded(facts)
    old = data.draw(st.sampled_from(events))
    other = replacement(old, on=old.on + timedelta(days=data.draw(st.integers(-30, 30))))
    other.pk = len(events) + 1
    back = replacement(other, on=old.on)
    back.pk = len(events) + 2
    assert due(received_on, read([*events, other, back])) == due(received_on, facts)
    assert back.data["first"] == old.pk


@many
@given(courses(), st.data())
def test_what_is_revoked_is_as_if_it_had_not_been(
    course: tuple[date, list[Fact]], data: st.DataObject
) -> None:
    facts = course[1]
    assume(facts)
    events = recorded(facts)
    old = data.draw(st.sampled_from(events))
    left = read([event for event in events if event is not old])
    assert read([*events, revocation(old, on=old.on)]) == left
