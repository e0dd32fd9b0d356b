"""Reply again where a review or a judgment orders it.

The case stays closed: the year it counts in and its first outcome never change (docs/statute.md,
convention 7). What is ordered, and the new reply, are events; the term is read from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.choices import EventKind, Outcome, ServiceMethod
from cases.models import Case, Proceeding, User
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.proceeding_terms import ORDERED_MAX_WORKDAYS, ordered_term
from cases.workflow.base import begin, check_day, finish, require
from cases.workflow.mail import clean_mail_number, posted_words


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
    _check_term(on, workdays, until)
    term = ordered_term(on, load_calendar(), workdays=workdays, until=until)
    assert term is not None  # one of the two is there
    within = f"收到之日起 {workdays} 个工作日内，至 {term.ends_on}" if workdays else f"{until} 前"
    text = f"{found}责令重新答复，{on} 收到决定、判决，限{within}"
    data: dict[str, Any] = {"proceeding": found.pk}
    data |= {"workdays": workdays} if workdays else {"until": str(until)}
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
    outcome: str,
    closed_on: date | None,
    served_on: date | None,
    service_method: str,
    reply_number: str = "",
    mail_number: str = "",
    version: int | None = None,
) -> Case:
    """Record the new reply once it is served. It answers every order that is open on the case."""
    case = begin(case, Act.REPLY_AGAIN, by=by, today=today, version=version)
    require({"outcome": (outcome, "答复类型"), "service_method": (service_method, "送达方式")})
    require({"closed_on": (closed_on, "答复日期"), "served_on": (served_on, "送达日期")})
    assert closed_on is not None and served_on is not None  # required above
    orders = list(case.proceedings.ordering_again().select_for_update().order_by("pk"))
    ordered_on = max((order.ordered_on for order in orders if order.ordered_on), default=None)
    came_in = "收到决定、判决的日期"
    check_day("closed_on", closed_on, today=today, not_before=ordered_on, which=came_in)
    check_day("served_on", served_on, today=today, not_before=closed_on, which="答复日期")
    number, method = reply_number.strip(), ServiceMethod(service_method)
    said = [Outcome(outcome).label, number, f"{method.label}，{method.day_label} {served_on}"]
    numbered = posted_words(service_method, mail_number)
    data = {
        "outcome": outcome,
        "reply_number": number,
        "service_method": service_method,
        "served_on": str(served_on),
        "mail_number": clean_mail_number(mail_number),
        "until": str(case.again_until),
        "proceedings": [order.pk for order in orders],
    }
    _settle(orders, closed_on)
    text = "重新答复：" + "，".join(str(word) for word in said if word) + numbered
    finish(case, EventKind.REPLIED_AGAIN, by=by, on=closed_on, text=text, data=data)
    return case


def _settle(orders: Sequence[Proceeding], on: date) -> None:
    for order in orders:
        order.replied_again_on = on
        order.version += 1
        order.save(update_fields=["replied_again_on", "version"])


def _check_term(on: date, workdays: int | None, until: date | None) -> None:
    if bool(workdays) == bool(until):
        both = "期限只填一种：工作日数，或者写明的日期。"
        raise ValidationError({"workdays": both if until else "请填写责令的期限：工作日数或日期。"})
    if workdays and not 1 <= workdays <= ORDERED_MAX_WORKDAYS:
        raise ValidationError({"workdays": f"期限为 1 至 {ORDERED_MAX_WORKDAYS} 个工作日。"})
    if until and until < on:
        raise ValidationError({"until": f"不能早于收到日期 {on}。"})
