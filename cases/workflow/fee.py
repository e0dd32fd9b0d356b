"""Charge for the handling of information (条例第四十二条; 国办函〔2020〕109号), in whole 元."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cases import fees
from cases.charges import place_in_month
from cases.choices import EventKind, FeeScheme, Outcome
from cases.clock import Fact
from cases.clock_steps import PAYMENT_WORKDAYS
from cases.models import Case, User
from cases.permissions import Act
from cases.workflow.base import begin, check_day, check_fact, finish, require
from cases.workflow.clockwork import clock_of
from cases.workflow.effects import restart_words
from cases.workflow.fee_notice import FeeNotice, fee_of
from cases.workflow.withdraw import end_unanswered

BASIS = "国办函〔2020〕109号"


@transaction.atomic
def ask_fee(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    scheme: str,
    pages: int | None = None,
    nth: int | None = None,
    version: int | None = None,
) -> Case:
    """Notify the applicant of the fee, by one scheme or the other, within the answer term.

    `nth` is the case's place among the applicant's pieces of the month, of which the records know
    no fewer. The amount follows from
    the scheme and is never given. Raises `ValidationError` by field, also where nothing is due.
    """
    case = begin(case, Act.ASK_FEE, by=by, today=today, version=version)
    require({"on": (on, "通知日期"), "scheme": (scheme, "计收方式")})
    assert on is not None  # required above
    amount, basis, data = _charge(FeeScheme(scheme), pages=pages, nth=nth)
    if "nth" in data:
        _check_place(case, data["nth"])
    check_fact(case, EventKind.FEE_ASKED, today=today, on=on)
    text = (
        f"通知缴纳信息处理费 {amount} 元：{basis}（{BASIS}）。"
        f"收到通知次日起 {PAYMENT_WORKDAYS} 个工作日内缴纳，逾期未缴纳的视为放弃申请"
    )
    data |= {"scheme": scheme, "amount": amount}
    finish(case, EventKind.FEE_ASKED, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def deliver_fee_notice(
    case: Case, *, by: User, today: date, on: date | None, version: int | None = None
) -> Case:
    """The applicant has received the notice: from the day after the term of payment runs."""
    case = begin(case, Act.DELIVER_FEE_NOTICE, by=by, today=today, version=version)
    fee = _fee(case)
    require({"on": (on, "送达日期")})
    check_day("on", on, today=today, not_before=fee.asked_on, which="通知日期")
    assert on is not None  # required above
    if fee.paid_on and on > fee.paid_on:
        raise ValidationError({"on": f"不能晚于缴费的 {fee.paid_on}。"})
    text = f"收费通知送达申请人，自次日起 {PAYMENT_WORKDAYS} 个工作日内缴纳"
    finish(case, EventKind.FEE_NOTICE_DELIVERED, by=by, on=on, text=text)
    return case


@transaction.atomic
def receive_fee(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    amount: int | None = None,
    version: int | None = None,
) -> Case:
    """The fee is paid: the answer term begins afresh the next day; paid late it does not.

    `amount` is needed only where the notice, from a ledger, does not tell it.
    """
    case = begin(case, Act.RECEIVE_FEE, by=by, today=today, version=version)
    asked = _fee(case)
    require({"on": (on, "缴费日期")})
    check_day("on", on, today=today, not_before=asked.asked_on, which="通知日期")
    assert on is not None  # required above
    check_fact(case, EventKind.FEE_PAID, today=today, on=on, tolerated={"fee_overdue"})
    paid = asked.amount if amount is None else amount
    if paid is None or paid <= 0:
        raise ValidationError({"amount": "请填写缴费金额（元）。"})
    if asked.amount is not None and paid != asked.amount:
        sentence = f"通知缴纳 {asked.amount} 元，请核对；分次缴纳的，缴清之日再登记。"
        raise ValidationError({"amount": sentence})
    until = clock_of(case, on=today).waiting_until
    late = until is not None and on > until
    effect = "已过缴费期限，视为放弃申请，期限不重新计算"
    if not late:
        effect = restart_words(case, Fact(EventKind.FEE_PAID.value, on))
    text = f"申请人缴费 {paid} 元，{effect}"
    finish(case, EventKind.FEE_PAID, by=by, on=on, text=text, data={"amount": paid})
    return case


@transaction.atomic
def give_up_fee(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Close a case whose fee was not paid in time: the applicant has given up (109号, 42)."""
    case = begin(case, Act.GIVE_UP_FEE, by=by, today=today, version=version)
    require({"on": (on, "办结日期")})
    assert on is not None  # required above
    note = note.strip().rstrip("。")
    assumed = "" if _fee(case).delivered_on else "（通知的送达日未记录，缴费期限自通知次日推定）"
    text = f"逾期未缴纳信息处理费，视为放弃申请，不再处理{assumed}{'：' * bool(note)}{note}"
    return end_unanswered(case, Outcome.FEE_UNPAID, by=by, today=today, on=on, text=text)


def _fee(case: Case) -> FeeNotice:
    fee = fee_of(case.events.all())
    assert fee is not None  # the rules of these acts ask for it
    return fee


def _check_place(case: Case, nth: int) -> None:
    place = place_in_month(case)
    on_record = place.total + place.unsure if place else 0
    if nth > on_record:
        sentence = f"该申请人本自然月在案的只有 {on_record} 件，不会是第 {nth} 件，请核对。"
        raise ValidationError({"nth": sentence})


def _charge(
    scheme: FeeScheme, *, pages: int | None, nth: int | None
) -> tuple[int, str, dict[str, Any]]:
    """The amount in 元, its basis in words, and what is kept of it."""
    field, count, label = {
        FeeScheme.PIECES: ("nth", nth, "本月第几件"),
        FeeScheme.PAGES: ("pages", pages, "页数"),
    }[scheme]
    if count is None or count < 1:
        raise ValidationError({field: f"请填写{label}。"})
    if scheme == FeeScheme.PIECES:
        amount, basis = fees.fee_of_piece(count), f"按件计收，同一申请人本自然月第 {count} 件"
        free = f"第 {count} 件在免费的 {fees.FREE_PIECES} 件之内"
    else:
        amount, basis = fees.fee_by_pages(count), f"按页计收，共 {count} 页"
        free = f"{count} 页在免费的 {fees.FREE_PAGES} 页之内"
    if not amount:
        raise ValidationError({field: f"{free}，不收费，不必通知。"})
    return amount, basis, {field: count}
