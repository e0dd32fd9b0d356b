"""Reply again where a review or a judgment orders it.

The case stays closed: the year it counts in and its first outcome never change (docs/statute.md,
convention 7). What is ordered, and the new reply, are events; the term is read from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.choices import EventKind, Outcome
from cases.models import Case, Proceeding, User
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.proceeding_terms import ORDERED_MAX_WORKDAYS, ordered_term
from cases.workflow.base import begin, check_day, finish, require
from cases.workflow.clockwork import facts_anew
from cases.workflow.decide import reply_words
from cases.workflow.grounds import (
    CAME_IN,
    came_in_on,
    check_answers,
    check_grounds,
    check_order_again,
    check_signatures,
)
from cases.workflow.mail import check_service, sending
from cases.workflow.matching import check_reply_again, replies_of
from cases.workflow.resting import answered_by
from cases.workflow.signoff import as_signed, begin_anew


@transaction.atomic
def reopen(
    case: Case,
    *,
    by: User,
    today: date,
    proceeding: Proceeding,
    on: date | None,
    workdays: int | None = None,
    until: date | None = None,
    version: int | None = None,
) -> Case:
    """A decision that came in `on` orders a new reply, within `workdays` of it or `until` a day.

    Said again of the same decision, the term is put right. Raises `ValidationError` by field.
    """
    case = begin(case, Act.REOPEN, by=by, today=today, version=version)
    found = case.proceedings.may_order_again().select_for_update().filter(pk=proceeding.pk).first()
    if found is None:
        raise ValidationError({"proceeding": "这件复议诉讼没有审结，或已经重新答复。"})
    require({"on": (on, "收到日期")})
    assert on is not None  # required above
    check_day("on", on, today=today, not_before=found.concluded_on, which="审结日期")
    _check_order(case, found, on, today=today)
    _check_term(on, workdays, until)
    term = ordered_term(on, load_calendar(), workdays=workdays, until=until)
    assert term is not None  # one of the two is there
    within = f"收到之日起 {workdays} 个工作日内，至 {term.ends_on}" if workdays else f"{until} 前"
    text = f"{found}责令重新答复，{on} 收到决定、判决，限{within}"
    data: dict[str, Any] = {"proceeding": found.pk}
    data |= {"workdays": workdays} if workdays else {"until": str(until)}
    if not case.is_reopened:
        begin_anew(case, today=today)
    found.ordered_on = on
    found.version += 1
    found.save(update_fields=["ordered_on", "version"])
    finish(case, EventKind.REOPENED, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def reply_again(
    case: Case,
    *,
    by: User,
    today: date,
    outcome: str = "",
    closed_on: date | None,
    service_method: str,
    served_on: date | None = None,
    reply_number: str = "",
    reply_reasons: str = "",
    mail_number: str = "",
    version: int | None = None,
) -> Case:
    """The new reply. Served later, the case stands among 待送达 until `serve`.

    The first outcome and the day of closing stay. Of a draft that has been signed, the content is
    what was signed, as in `decide.reply`. Raises `ValidationError` by field.
    """
    case = begin(case, Act.REPLY_AGAIN, by=by, today=today, version=version)
    if case.live_round:
        given = {"outcome": outcome, "reply_number": reply_number, "reply_reasons": reply_reasons}
        outcome, reply_number, reply_reasons = as_signed(case.live_round, given)
    require({"outcome": (outcome, "答复类型"), "service_method": (service_method, "送达方式")})
    require({"closed_on": (closed_on, "答复日期")})
    assert closed_on is not None  # required above
    orders = list(case.proceedings.ordering_again().select_for_update().order_by("pk"))
    check_day("closed_on", closed_on, today=today, not_before=came_in_on(orders), which=CAME_IN)
    check_service(
        served_on, closed_on, today=today, service_method=service_method, mail_number=mail_number
    )
    said = {
        "outcome": outcome,
        "reply_number": reply_number.strip(),
        "reply_reasons": reply_reasons.strip(),
        "service_method": service_method,
    }
    _check(case, said, closed_on)
    told = _told(case, said, orders)
    settle(orders, closed_on)
    event = finish(case, EventKind.REPLIED_AGAIN, by=by, on=closed_on, **told)
    if served_on:
        sent = sending(service_method, served_on, mail_number, again=event.pk)
        finish(case, EventKind.SERVED, by=by, on=served_on, **sent)
    return case


def _told(case: Case, said: dict[str, str], orders: Iterable[Proceeding]) -> dict[str, Any]:
    """The words and the data of a new reply: what it says, and which orders it answers by when."""
    answered = {"until": str(case.again_until), "proceedings": [order.pk for order in orders]}
    text = reply_words(EventKind.REPLIED_AGAIN, said["outcome"], said["reply_number"])
    return {"text": text, "data": said | answered}


def _check(case: Case, said: dict[str, str], closed_on: date) -> None:
    """Whether what came before bears a new reply with that outcome on that day, and its letter says
    the same; an opinion that is still waited for does not hold it up, since the ordered term runs
    on."""
    outcome, events = Outcome(said["outcome"]), list(case.events.all())
    check_answers(outcome)
    check_order_again(closed_on, events)
    check_grounds(case, outcome, closed_on, events)
    check_signatures(case.live_round, closed_on)
    check_reply_again(case, said, closed_on)


def settle(orders: Iterable[Proceeding], on: date | None) -> None:
    """A new reply was made to these `on`; None: it was not."""
    for order in orders:
        order.replied_again_on = on
        order.version += 1
        order.save(update_fields=["replied_again_on", "version"])


def _check_order(case: Case, order: Proceeding, on: date, *, today: date) -> None:
    """It came in after the last reply that was given, and before what is done under it."""
    given = [reply for reply in replies_of(case) if reply.closed_on][-1]
    which = f"“{EventKind.REPLIED_AGAIN.label}”的日期" if given.new else "答复日期"
    check_day("on", on, today=today, not_before=given.closed_on, which=which)
    check_done_since(case, on, said_again=order.ordered_on is not None)


def check_done_since(case: Case, on: date, *, said_again: bool, field: str = "on") -> None:
    """Raises `ValidationError` where a decision came in `on` and the new reply's letter is older,
    or if its day is put right (`said_again`) what was asked for that reply, or signed."""
    if not case.is_reopened:
        return
    last = replies_of(case)[-1].standing_letters
    done = [(letter.dated_on, "“答复书”的日期 {}，请先撤下它。") for letter in last]
    done += _done_anew(case) if said_again else ()
    for day, words in sorted(done):
        if on > day:
            raise ValidationError({field: f"{CAME_IN}不能晚于{words.format(day)}"})


def _done_anew(case: Case) -> Iterator[tuple[date, str]]:
    events = list(case.events.all())
    for event in facts_anew(events):
        if not answered_by(event, events):
            yield event.on, f"“{event.get_kind_display()}”的日期 {{}}。"
    if case.live_round:
        for step in case.live_round.steps.all():
            if step.signed_on:
                yield step.signed_on, f"“{step}”的日期 {{}}。"


def _check_term(on: date, workdays: int | None, until: date | None) -> None:
    if bool(workdays) == bool(until):
        both = "期限只填一种：工作日数，或者写明的日期。"
        raise ValidationError({"workdays": both if until else "请填写责令的期限：工作日数或日期。"})
    if workdays and not 1 <= workdays <= ORDERED_MAX_WORKDAYS:
        raise ValidationError({"workdays": f"期限为 1 至 {ORDERED_MAX_WORKDAYS} 个工作日。"})
    if until and until < on:
        raise ValidationError({"until": f"不能早于收到日期 {on}。"})
