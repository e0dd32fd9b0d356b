"""信息处理费: the notice with its calculation, the payment, giving up, and the calculator."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import workflow
from cases.charges import Place, payers_of_month, place_in_month
from cases.choices import EventKind, FeeScheme, Outcome
from cases.clock import Fact
from cases.clock_steps import PAYMENT_WORKDAYS
from cases.fee_working import working_by_pages, working_by_pieces, yuan
from cases.fees import FREE_PAGES, FREE_PIECES, fee_by_pages, fee_of_piece
from cases.forms.base import CaseForm
from cases.forms.fee import (
    AskFeeForm,
    CalculatorForm,
    FeeNoticeDeliveryForm,
    GiveUpFeeForm,
    ReceiveFeeForm,
)
from cases.lookups import own_department
from cases.models import Case, Department, User
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.presenting import outcome_words
from cases.preview import preview_of
from cases.views.acting import act_view
from cases.views.base import reader_of
from cases.views.tiles import list_url
from cases.workflow import clock_of, fee_of

LONGEST_LIST = 30  # applicants of a month, those with the most pieces
NOTICE = (
    "收费通知须在答复期限内发出，写明依据、标准、数额和缴纳途径。"
    f"申请人应当自收到通知次日起 {PAYMENT_WORKDAYS} 个工作日内缴纳，逾期未缴纳的视为放弃申请；"
    "缴费的次日起答复期限重新计算（条例第四十二条，国办函〔2020〕109号）。"
)


def _ask_first(case: Case, today: date) -> dict[str, Any]:
    place = place_in_month(case)
    return {"on": today, "scheme": FeeScheme.PAGES, "nth": place.nth if place else None}


def _ask_page(case: Case, form: CaseForm) -> dict[str, Any]:
    on = form.so_far("on")
    facts = [Fact(EventKind.FEE_ASKED.value, on)] if on else []
    nth, pages = form.so_far("nth"), form.so_far("pages")
    scheme = form.so_far("scheme")
    amount = None
    if scheme == FeeScheme.PIECES and nth:
        amount = fee_of_piece(nth)
    elif scheme == FeeScheme.PAGES and pages:
        amount = fee_by_pages(pages)
    return {
        "rule": NOTICE,
        "preview": preview_of(case, facts, today=timezone.localdate(), watched=("on",)),
        "scheme": scheme,
        "amount": "" if amount is None else yuan(amount),
        "nothing_due": amount == 0,
        "place_words": _place_words(place_in_month(case)),
        "same_url": list_url(like=case.pk),
        "by_pieces": working_by_pieces(nth) if nth else None,
        "this_piece": yuan(fee_of_piece(nth)) if nth else "",
        "nth": nth,
        "by_pages": working_by_pages(pages) if pages else None,
    }


def _place_words(place: Place | None) -> list[str]:
    """Where the number of the piece comes from."""
    if place is None:
        return []
    words = [
        f"按记录为本自然月第 {place.nth} 件（本月共 {place.total} 件），"
        f"同一申请人的认定：{place.matched_by}。"
    ]
    if place.unsure:
        words.append(f"另有 {place.unsure} 件同名、没有登记号码的未计入，请核对。")
    return words


fee_ask = act_view(
    Act.ASK_FEE,
    workflow.ask_fee,
    AskFeeForm,
    said=lambda case: f"{case.number} 已登记收费通知。",
    template="cases/fee_ask.html",
    first=_ask_first,
    page=_ask_page,
)


def _deliver_page(case: Case, form: CaseForm) -> dict[str, Any]:
    on, today = form.so_far("on"), timezone.localdate()
    facts = [Fact(EventKind.FEE_NOTICE_DELIVERED.value, on)] if on else []
    rule = (
        f"缴费期限为收到通知次日起 {PAYMENT_WORKDAYS} 个工作日；"
        "没有送达记录的，暂自通知次日推定（国办函〔2020〕109号）。"
    )
    return {"rule": rule, "preview": preview_of(case, facts, today=today, watched=("on",))}


# The term of payment runs from the day after the notice is received (国办函〔2020〕109号).
fee_deliver = act_view(
    Act.DELIVER_FEE_NOTICE,
    workflow.deliver_fee_notice,
    FeeNoticeDeliveryForm,
    said=lambda case: f"{case.number} 已登记收费通知送达。",
    first=lambda case, today: {"on": today},
    page=_deliver_page,
)


def _receive_first(case: Case, today: date) -> dict[str, Any]:
    fee = fee_of(case.events.all())
    return {"on": today, "amount": fee.amount if fee else None}


def _receive_page(case: Case, form: CaseForm) -> dict[str, Any]:
    on, today = form.so_far("on"), timezone.localdate()
    until = clock_of(case, on=today).waiting_until
    facts = [Fact(EventKind.FEE_PAID.value, on)] if on else []
    rule = f"缴费期限到 {load_calendar().said(until)}。期限内缴费的，次日起答复期限重新计算。"
    if on and until and on > until:
        rule = f"缴费期限 {until} 已过，视为放弃申请：仍可登记这笔款项，答复期限不重新计算。"
    return {"rule": rule, "preview": preview_of(case, facts, today=today, watched=("on",))}


fee_receive = act_view(
    Act.RECEIVE_FEE,
    workflow.receive_fee,
    ReceiveFeeForm,
    said=lambda case: f"{case.number} 已登记缴费。",
    template="cases/fee_receive.html",
    first=_receive_first,
    page=_receive_page,
)


def _give_up_page(case: Case, form: CaseForm) -> dict[str, Any]:
    clock = clock_of(case, on=timezone.localdate())
    rule = (
        f"缴费期限 {clock.waiting_until} 已满。逾期未缴纳的，视为放弃申请，不再处理，"
        f"办结后计入“{outcome_words(Outcome.FEE_UNPAID)}”。"
    )
    if clock.waiting_assumed:
        rule += "收费通知的送达日没有记录，期限自通知次日推定：请先核对申请人哪天收到通知。"
    return {"grave": True, "rule": rule}


# Not paid in time: the applicant has given up (国办函〔2020〕109号).
fee_give_up = act_view(
    Act.GIVE_UP_FEE,
    workflow.give_up_fee,
    GiveUpFeeForm,
    said=lambda case: f"{case.number} 已按逾期未缴费办结。",
    first=lambda case, today: {"on": today},
    page=_give_up_page,
)


@login_required
@require_safe
def fee_calculator(request: HttpRequest) -> HttpResponse:
    """Both schemes line by line, and the pieces of each applicant in a month of a department."""
    user, today = reader_of(request), timezone.localdate()
    usual = {"department": _own(user), "month": f"{today:%Y-%m}"}
    form = CalculatorForm(usual | request.GET.dict(), user=user)
    form.is_valid()
    asked = form.cleaned_data
    pieces, pages = asked.get("pieces"), asked.get("pages")
    department, month = asked.get("department"), asked.get("month")
    payers = payers_of_month(department, month) if department and month else []
    context = {
        "form": form,
        "by_pieces": working_by_pieces(pieces) if pieces else None,
        "by_pages": working_by_pages(pages) if pages else None,
        "free_pieces": FREE_PIECES,
        "free_pages": FREE_PAGES,
        "month_asked": bool(department and month),
        "payers": [
            (payer, yuan(payer.fee), list_url(like=payer.case_id))
            for payer in payers[:LONGEST_LIST]
        ],
        "payers_total": len(payers),
    }
    return render(request, "cases/fee_calculator.html", context)


def _own(user: User) -> int | None:
    """The department to propose."""
    own = own_department(user, Department.objects.visible_to(user).answering())
    return own.pk if own else None
