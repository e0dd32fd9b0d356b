"""What the end of a case rests on: what must have happened before, and on which days.

Asked by the reply, alone, signed or with others, by a draft on its way to sign-off, by whatever
closes a case without an answer, and by 更正. A ledger keeps what was recorded elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from django.core.exceptions import ValidationError

from cases.choices import UNANSWERED, Addressee, EventKind, Outcome, Waiting
from cases.models import Case, Event, Proceeding, RoundStep, SignOffRound
from cases.models.calendar import load_calendar
from cases.workflow.base import check_day
from cases.workflow.clockwork import clock_unanswered, facts_anew, standing_facts
from cases.workflow.consultations import consultations_of
from cases.workflow.refusals import awaited_words, too_early_words, under_review_words
from cases.workflow.service import course_of_service
from cases.workflow.standing import standing

CAME_IN = "收到决定、判决的日期"
# What is heard of a letter that asks for an opinion, in its order.
ANSWERS = (
    EventKind.CONSULTATION_DELIVERED,
    EventKind.CONSULTATION_RETURNED,
    EventKind.CONSULTATION_ENDED,
)
NOT_SERVED = "答复要送达申请人，请选择送达方式；申请人撤回、逾期不补正、逾期未缴费的才不需送达。"


@dataclass(frozen=True, slots=True)
class Ground:
    """What must be on record, how it is called, and the act that records it.

    `binds`: without it the outcome is refused; else it is only pointed out, as an organ may have
    asked on paper.
    """

    kind: EventKind
    words: str
    act: str
    binds: bool = True
    addressee: Addressee | None = None  # of a letter: who was to be asked
    beside: tuple[EventKind, ...] = ()  # what else the outcome is the consequence of

    def is_among(self, events: Iterable[Event]) -> bool:
        """Whether it is on record; `events` are those that hold."""
        of_kind = (event for event in events if event.kind == self.kind)
        asked = (event.data.get("addressee", Addressee.THIRD_PARTY) for event in of_kind)
        return any(self.addressee in (None, addressee) for addressee in asked)

    def bears_on(self, kind: str) -> bool:
        """Whether the outcome rests on a fact of this kind."""
        return kind in (self.kind, *self.beside)


RESTS_ON = {
    Outcome.THIRD_PARTY: Ground(
        EventKind.CONSULTATION_SENT,
        "书面征求第三方意见（条例第三十二条）",
        "征求意见",
        binds=False,
        addressee=Addressee.THIRD_PARTY,
        beside=ANSWERS,
    ),
    Outcome.STILL_UNCLEAR: Ground(
        EventKind.CORRECTION_RECEIVED,
        "收到补正（条例第三十条）",
        "登记补正",
        beside=(EventKind.CORRECTION_ASKED,),
    ),
    Outcome.NO_CORRECTION: Ground(
        EventKind.CORRECTION_ASKED, "要求补正（条例第三十条）", "要求补正"
    ),
    Outcome.FEE_UNPAID: Ground(
        EventKind.FEE_ASKED,
        "通知缴费（条例第四十二条）",
        "通知缴费",
        beside=(EventKind.FEE_NOTICE_DELIVERED,),
    ),
    Outcome.EXCESSIVE: Ground(
        EventKind.REASONS_ASKED,
        "要求说明理由（条例第三十五条）",
        "要求说明理由",
        beside=(EventKind.REASONS_RECEIVED,),
    ),
}
# What the applicant has let pass.
LET_PASS = {Outcome.NO_CORRECTION: Waiting.CORRECTION, Outcome.FEE_UNPAID: Waiting.FEE}
# To whom the reply is addressed and what it answers: not put right behind the back of a signature.
SIGNED_ABOUT = frozenset({"content", "kind", "name", "co_applicants"})
_BY_LEDGER = (EventKind.IMPORTED, EventKind.COMPLETED)
_REASONS = (EventKind.REASONS_ASKED, EventKind.REASONS_RECEIVED)


def check_grounds(
    case: Case, outcome: Outcome, on: date, events: Sequence[Event], *, field: str = "closed_on"
) -> None:
    """Raises `ValidationError` where `outcome`, on that day, lacks what it rests on.

    What is wrong with the day is said of `field`.
    """
    ground = RESTS_ON.get(outcome)
    if ground and ground.binds and not ground.is_among(standing(events)):
        sentence = f"没有{ground.words}的记录，不能按“{outcome.label}”办结，请先{ground.act}。"
        raise ValidationError({"outcome": sentence})
    if outcome == Outcome.EXCESSIVE and (words := _excused_words(on, events)):
        raise ValidationError({"outcome": words})
    if outcome not in LET_PASS:
        return
    clock = clock_unanswered(case, on=on, events=events)
    if clock.waiting_for != LET_PASS[outcome]:
        sentence = f"现在没有在{LET_PASS[outcome].label}，不能按“{outcome.label}”办结。"
        raise ValidationError({"outcome": sentence})
    if early := too_early_words(clock):
        raise ValidationError({field: early})


def _excused_words(on: date, events: Sequence[Event]) -> str:
    """Why the application is not excessive without good reason, as at `on`; "" where it is: the
    reasons were found unreasonable, or none came in the term set, if one was (条例35)."""
    of_reasons = {event.kind: event for event in standing(events) if event.kind in _REASONS}
    asked, given = (of_reasons.get(kind) for kind in _REASONS)
    if given:
        reasonable = given.data.get("reasonable")
        return "申请人说明的理由已认定合理，不能按没有正当理由办结。" if reasonable else ""
    assert asked is not None  # the outcome rests on it
    days = asked.data.get("days", 0)
    until = load_calendar().nth_workday_after(asked.on, days)
    if on > until:
        return ""
    waited = f"说明理由的期限到 {until}" if days else f"{until} 当天才要求说明理由"
    return f"{waited}，申请人还没有说明，不能按没有正当理由办结。"


def unasked_words(events: Iterable[Event]) -> str:
    """What to look at before a third party's rights are the reason; "" where it was asked."""
    ground = RESTS_ON[Outcome.THIRD_PARTY]
    said = f"没有{ground.words}的记录。已经书面征求的，请补记。"
    return "" if ground.is_among(standing(events)) else said


def check_awaits_nothing(case: Case, outcome: Outcome, on: date, events: Sequence[Event]) -> None:
    """Raises `ValidationError` while something is waited for that the reply does not settle.

    An applicant's term that has passed leaves one outcome; until then the day is too early. Who
    withdraws leaves nothing to wait for.
    """
    clock = clock_unanswered(case, on=on, events=events)
    if outcome not in UNANSWERED and clock.waiting_for:
        passed = clock.waiting_until is not None and clock.waiting_until < on
        raise ValidationError({"outcome" if passed else "closed_on": awaited_words(clock)})


def check_drafted(case: Case, outcome: Outcome, on: date) -> None:
    """Raises `ValidationError` for a draft that could not go out as it is: what it rests on is
    missing, or something is waited for; a new reply waits for nothing, since its term runs on."""
    events = list(case.events.all())
    check_grounds(case, outcome, on, events)
    if not case.is_reopened:
        check_awaits_nothing(case, outcome, on, events)


def check_order(case: Case, on: date, events: Sequence[Event], *, field: str = "closed_on") -> None:
    """Raises `ValidationError` where a case would end before what has happened on it."""
    _check_after(_course(case, events), on, field)


def followed_words(case: Case, before: date | None, after: date | None) -> str:
    """Why the first reply, of the day `before`, is not one of `after`: it stays in front of what
    came of it, a review or suit, a decision that orders another, and that. "" where it may be."""
    if before is None:
        return ""
    anew = (EventKind.REOPENED, EventKind.REPLIED_AGAIN)
    came = [(e.on, e.get_kind_display()) for e in standing(case.events.all()) if e.kind in anew]
    challenges = case.proceedings.filter(filed_on__gte=before)
    came += [(challenge.filed_on, challenge.get_kind_display()) for challenge in challenges]
    for on, words in sorted(came):
        if after is None:
            return f"其后有“{words}”（{on}），不能去掉原来的答复"
        if before <= on < after:
            return f"不能晚于“{words}”的日期 {on}"
    return ""


def check_order_again(on: date, events: Sequence[Event], *, field: str = "closed_on") -> None:
    """The same of a new reply and what has happened since it was ordered."""
    _check_after(facts_anew(events), on, field)


def _check_after(course: Iterable[Event], on: date, field: str) -> None:
    last = max(course, key=lambda event: event.on, default=None)
    if last:
        which = f"“{EventKind(last.kind).label}”的日期"
        check_day(field, on, today=on, not_before=last.on, which=which)


class Since(TypedDict):
    """For `check_day`: from when on, and what day that is."""

    not_before: date | None
    which: str


def since(case: Case) -> Since:
    """The first day on which anything can have been done for the reply that is to be given."""
    if case.is_reopened:
        return Since(not_before=came_in_on(case.proceedings.ordering_again()), which=CAME_IN)
    return Since(not_before=case.received_on, which="收到日期")


def since_step(case: Case, step: RoundStep) -> Since:
    """The first day on which a step can have been signed: one follows on the other."""
    if before := step.preceding:
        return Since(not_before=before.signed_on, which=f"{before}的日期")
    return since(case)


def came_in_on(orders: Iterable[Proceeding]) -> date | None:
    """The day on which the last of these decisions came in."""
    return max((order.ordered_on for order in orders if order.ordered_on), default=None)


def _course(case: Case, events: Sequence[Event]) -> Iterable[Event]:
    """The facts of the term; but an opinion that came after its own term moved nothing."""
    asked = consultations_of(case, events, load_calendar())
    silent_on = {consultation.key: consultation.silent_on for consultation in asked}
    for event in standing_facts(events):
        last = silent_on.get(event.data.get("key", "")) if event.kind in ANSWERS else None
        if last is None or event.on <= last:
            yield event
    yield from (event for event in standing(events) if event.kind in _REASONS)


def check_signatures(
    round_: SignOffRound | None, closed_on: date, *, field: str = "closed_on"
) -> None:
    """Raises `ValidationError` for a signed reply that would be older than its last signature."""
    if round_:
        last = round_.steps.latest("signed_on", "order")
        not_before, which = last.signed_on, f"{last}的日期"
        check_day(field, closed_on, today=closed_on, not_before=not_before, which=which)


def check_is_served(outcome: Outcome, service_method: str) -> None:
    """Raises `ValidationError` where an answer would reach nobody."""
    if lacks_service(outcome, service_method):
        raise ValidationError({"service_method": NOT_SERVED})


def check_answers(outcome: Outcome) -> None:
    """Raises `ValidationError` for an end that answers nothing: what was ordered is an answer."""
    if outcome in UNANSWERED:
        sentence = f"责令的是重新答复，“{outcome.label}”不是答复，请选择答复的类型。"
        raise ValidationError({"outcome": sentence})


def lacks_service(outcome: str, service_method: str) -> bool:
    return bool(outcome) and outcome not in UNANSWERED and not service_method


def check_served_again(served_on: date | None, course: Iterable[Event]) -> None:
    """Raises `ValidationError` for a service before the reply came back in the post; `course` is
    what was done to serve it."""
    back = [event.on for event in course if event.kind == EventKind.MAIL_RETURNED]
    if back and served_on:
        check_day("served_on", served_on, today=served_on, not_before=max(back), which="退件日期")


def check_amended(case: Case, changed: Mapping[str, Sequence[Any]]) -> None:
    """The same of a reply as it was put right; `changed` is field → [before, after].

    What a ledger brought in with it is left as it is.
    """
    if case.is_worked and SIGNED_ABOUT & set(changed) and (refusal := under_review_words(case)):
        raise ValidationError(refusal)
    events = standing(case.events.all())
    before = {name: changed[name][0] for name in changed}
    was = (before.get("outcome", case.outcome), before.get("service_method", case.service_method))
    if lacks_service(case.outcome, case.service_method) and not lacks_service(*was):
        raise ValidationError({"service_method": NOT_SERVED})
    if "served_on" in changed:
        check_served_again(case.served_on, course_of_service(events, None))
    if case.closed_on is None or not {"outcome", "closed_on"} & set(changed):
        return
    if "closed_on" in changed:
        check_order(case, case.closed_on, events)
        check_signatures(case.own_round, case.closed_on)
    closed_here = before.get("closed_on", case.closed_on) is None
    if closed_here or not any(event.kind in _BY_LEDGER for event in events):
        check_grounds(case, Outcome(case.outcome), case.closed_on, events)
        check_awaits_nothing(case, Outcome(case.outcome), case.closed_on, events)
