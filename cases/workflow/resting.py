"""What rests on a fact that is put right or revoked: the end of the case, a new reply, a signature.

None loses its ground behind its back: an end is put right first, and what a chain signs, or has
signed, is touched only by who may sign its last step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from django.core.exceptions import ValidationError

from cases.choices import EventKind, Outcome, RoundState
from cases.models import Case, Event, Proceeding, SignOffRound, User
from cases.workflow.clockwork import facts_anew
from cases.workflow.grounds import (
    RESTS_ON,
    check_awaits_nothing,
    check_grounds,
    check_order,
)
from cases.workflow.service import new_replies
from cases.workflow.signoff import not_last_signer
from cases.workflow.standing import first_of, standing

Check = Callable[[Sequence[Event]], None]
PUT_END_RIGHT = "请先更正答复类型和答复日期，或者去掉它们。"
REVOKE_REPLY = "请先撤销重新答复的记录。"


def check_ends(case: Case, known: Sequence[Event], new: Event) -> None:
    """Raises `ValidationError` where an end that the course bears would lack its ground with `new`.

    What it lacks already, as a ledger may have it, is left.
    """
    after = standing([*known, new])
    act, field = ("撤销", "event") if new.kind == EventKind.REVOKED else ("更正", "on")
    for said, first, words in _lost(case, known, after):
        raise ValidationError({field: f"{said}，{act}以后，{words}{first}"})


def _lost(
    case: Case, before: Sequence[Event], after: Sequence[Event]
) -> Iterator[tuple[str, str, str]]:
    """For each end that loses its ground: how it is told, what is to be done first, and why."""
    if case.closed_on:
        outcome, on = Outcome(case.outcome), case.closed_on
        checks = (
            partial(check_order, case, on),
            partial(check_grounds, case, outcome, on),
            partial(check_awaits_nothing, case, outcome, on),
        )
        if words := _ground_lost(outcome, before, after) or _fault(checks, before, after):
            yield f"本件 {on} 以“{outcome.label}”办结", PUT_END_RIGHT, words
    for reply in new_replies(after):
        outcome = Outcome(reply.event.data["outcome"])
        if words := _ground_lost(outcome, before, after):
            yield f"本件 {reply.event.on} 重新答复“{outcome.label}”", REVOKE_REPLY, words


def _ground_lost(outcome: Outcome, before: Sequence[Event], after: Sequence[Event]) -> str:
    ground = RESTS_ON.get(outcome)
    lost = ground and ground.is_among(before) and not ground.is_among(after)
    return f"没有{ground.words}的记录。" if ground and lost else ""


def _fault(checks: Sequence[Check], before: Sequence[Event], after: Sequence[Event]) -> str:
    """What the first of `checks` says that passed `before`, and would not `after`."""
    for check in checks:
        if not _said(check, before) and (words := _said(check, after)):
            return words
    return ""


def _said(check: Check, events: Sequence[Event]) -> str:
    try:
        check(events)
    except ValidationError as error:
        return "；".join(error.messages)
    return ""


def check_signed(case: Case, old: Event, known: Sequence[Event], *, by: User) -> None:
    """Raises `ValidationError` for a fact that a signed draft rests on, or a new reply, unless it
    is `by`'s to put right."""
    if old.kind == EventKind.REPLIED_AGAIN:
        if refusal := not_last_signer(by, case, round_of(case, old, known)):
            raise ValidationError({"event": refusal})
        return
    for round_ in _rounds(case, old, known):
        ground = RESTS_ON.get(round_.outcome)
        state = RoundState(round_.state).label
        said = f"第 {round_.number} 次送审{state}，以这一条记录为依据"
        refusal = not_last_signer(by, case, round_, said=said)
        if refusal and ground and ground.bears_on(old.kind):
            raise ValidationError({"event": refusal})


def _rounds(case: Case, old: Event, known: Sequence[Event]) -> Iterator[SignOffRound]:
    """The drafts that may rest on `old`; what was asked anew is none of the first one's."""
    if case.binding_round:
        yield case.binding_round
    if not is_anew(old, known) and case.own_round:
        yield case.own_round
    for reply in new_replies(known):
        if round_ := round_of(case, reply.event, known):
            yield round_


def round_of(case: Case, reply: Event, known: Sequence[Event]) -> SignOffRound | None:
    """The signed draft that a new reply was made from: submitted after the reply before."""
    made = [first_of(it.event) for it in new_replies(known)]
    until = first_of(reply)
    since = max((key for key in made if key < until), default=0)
    submitted = case.events.filter(kind=EventKind.SUBMITTED, pk__gt=since, pk__lt=until)
    numbers = [event.data["round"] for event in submitted]
    signed = case.rounds.filter(again=True, state__in=(RoundState.SIGNED, RoundState.SPENT))
    return signed.filter(number__in=numbers).last()


def is_anew(event: Event, known: Sequence[Event]) -> bool:
    """Whether a fact was asked, or heard, for a new reply."""
    return event.data.get("key") in {it.data["key"] for it in facts_anew(known)}


def answered_by(event: Event, known: Sequence[Event]) -> Event | None:
    """The new reply that followed on what was asked anew; None while there is none."""
    later = (it.event for it in new_replies(known) if first_of(it.event) > first_of(event))
    return next(later, None)


def orders_of(case: Case, event: Event, known: Sequence[Event]) -> Iterable[Proceeding]:
    """The decisions that a new reply answers, or is to answer, for which something was asked."""
    if reply := answered_by(event, known):
        return case.proceedings.filter(pk__in=reply.data["proceedings"])
    return case.proceedings.ordering_again()
