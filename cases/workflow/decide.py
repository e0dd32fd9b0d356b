"""Reply to an application and record how the reply was served."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.choices import EventKind, Outcome
from cases.models import Case, SignOffRound, User
from cases.permissions import Act
from cases.workflow.base import begin, check_day, finish, require
from cases.workflow.grounds import (
    check_awaits_nothing,
    check_grounds,
    check_is_served,
    check_order,
    check_served_again,
    check_signatures,
)
from cases.workflow.mail import check_service, sending
from cases.workflow.matching import check_reply
from cases.workflow.service import course_of_service, service_of
from cases.workflow.signoff import as_signed
from cases.workflow.standing import standing


@transaction.atomic
def reply(
    case: Case,
    *,
    by: User,
    today: date,
    outcome: str = "",
    closed_on: date | None,
    reply_number: str = "",
    reply_reasons: str = "",
    service_method: str = "",
    served_on: date | None = None,
    mail_number: str = "",
    together: Collection[int] = (),
    signed: SignOffRound | None = None,
    version: int | None = None,
) -> Case:
    """Close `case` with one outcome on the date of the reply letter (条例33, 36).

    Served later, the case stays 待送达 until `serve`. Of a draft that has been signed, outcome and
    reasons, and the number if it has one, are what was signed: given, they must be the same. So
    must outcome, number and date be those of its letter. `together`: the cases that the letter
    answers; `signed`: the draft of another of them, that names this one.
    Raises `ValidationError` by field.
    """
    case = begin(case, Act.REPLY, by=by, today=today, version=version, signed=signed)
    if round_ := signed or case.live_round:
        _check_named(round_, {case.pk, *together})
        given = {"outcome": outcome, "reply_number": reply_number, "reply_reasons": reply_reasons}
        outcome, reply_number, reply_reasons = as_signed(round_, given)
    require({"outcome": (outcome, "答复类型"), "closed_on": (closed_on, "答复日期")})
    assert closed_on is not None  # required above
    check_day("closed_on", closed_on, today=today, not_before=case.received_on)
    check_service(
        served_on, closed_on, today=today, service_method=service_method, mail_number=mail_number
    )
    _check(case, Outcome(outcome), closed_on, service_method)
    case.outcome, case.closed_on = Outcome(outcome), closed_on
    case.reply_number, case.reply_reasons = reply_number.strip(), reply_reasons.strip()
    check_reply(case, together)
    case.service_method, case.served_on = service_method, served_on
    finish(case, EventKind.REPLIED, by=by, on=closed_on, **_said(case, together))
    if served_on:
        said = sending(service_method, served_on, mail_number)
        finish(case, EventKind.SERVED, by=by, on=served_on, **said)
    return case


def _check_named(round_: SignOffRound, together: Collection[int]) -> None:
    """Raises `ValidationError` where the letter would answer more than was signed."""
    more = {*together} - {round_.case_id, *round_.also}
    if numbers := Case.objects.filter(pk__in=more).order_by("pk").values_list("number", flat=True):
        sentence = f"{'、'.join(numbers)} 不在签发的送审稿里，须先审核签发才能一并答复。"
        raise ValidationError({"also": sentence})


def _said(case: Case, together: Collection[int]) -> dict[str, Any]:
    """The words and the data of the reply."""
    others = sorted({*together} - {case.pk})
    data = {"outcome": str(case.outcome)} | ({"together": others} if others else {})
    return {"text": reply_words(EventKind.REPLIED, case.outcome, case.reply_number), "data": data}


def reply_words(kind: EventKind, outcome: str, number: str) -> str:
    """What an event says of a reply, the first or a new one."""
    return f"{kind.label}：{Outcome(outcome).label}{'，' * bool(number)}{number}"


def _check(case: Case, outcome: Outcome, closed_on: date, service_method: str) -> None:
    """Whether what came before bears a reply with that outcome on that day."""
    check_is_served(outcome, service_method)
    events = list(case.events.all())
    check_order(case, closed_on, events)
    check_grounds(case, outcome, closed_on, events)
    check_awaits_nothing(case, outcome, closed_on, events)
    check_signatures(case.live_round, closed_on)


@transaction.atomic
def serve(
    case: Case,
    *,
    by: User,
    today: date,
    service_method: str,
    served_on: date | None,
    mail_number: str = "",
    version: int | None = None,
) -> Case:
    """Record the day of service; "in time" is tested on it (国办公开办函〔2016〕235号).

    Where a new reply was made after a decision, it is the one that is served.
    """
    case = begin(case, Act.SERVE, by=by, today=today, version=version)
    require({"service_method": (service_method, "送达方式"), "served_on": (served_on, "送达日期")})
    assert served_on is not None  # required above
    events = standing(case.events.all())
    service = service_of(case, events)
    check_service(
        served_on,
        service.replied_on,
        today=today,
        service_method=service_method,
        mail_number=mail_number,
    )
    check_served_again(served_on, course_of_service(events, service.again))
    if service.again is None:
        case.service_method, case.served_on = service_method, served_on
    said = sending(service_method, served_on, mail_number, again=service.again)
    finish(case, EventKind.SERVED, by=by, on=served_on, **said)
    return case
