"""Opinions and fees: acts between receipt and reply that move the clock (条例32–34, 42)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from cases.choices import Addressee, EventKind
from cases.models import Case, User
from cases.permissions import Act
from cases.workflow.base import begin, check_day, finish


@transaction.atomic
def consult(
    case: Case, *, by: User, today: date, on: date, key: str, addressee: Addressee, whom: str
) -> Case:
    """Ask a third party (条例32), a co-producer (34) or another organ (33); stops the clock.

    `key` tells several consultations of one case apart.
    """
    case = begin(case, Act.CONSULT, by=by, today=today, version=None)
    text = f"征求{addressee.label}意见（{whom}），期限自次日起停止计算"
    data = {"key": key, "addressee": str(addressee)}
    return _note(case, EventKind.CONSULTATION_SENT, by, today, on, text, data)


@transaction.atomic
def receive_opinion(case: Case, *, by: User, today: date, on: date, key: str, opinion: str) -> Case:
    case = begin(case, Act.CONSULT, by=by, today=today, version=None)
    text = f"收到意见：{opinion}。次日恢复计算"
    return _note(case, EventKind.CONSULTATION_RETURNED, by, today, on, text, {"key": key})


@transaction.atomic
def ask_fee(case: Case, *, by: User, today: date, on: date, amount: int) -> Case:
    """Notify the applicant of the 信息处理费, in whole yuan (条例42, 国办函〔2020〕109号)."""
    case = begin(case, Act.ASK_FEE, by=by, today=today, version=None)
    text = f"通知缴纳信息处理费 {amount} 元"
    return _note(case, EventKind.FEE_ASKED, by, today, on, text, {"amount": amount})


@transaction.atomic
def receive_fee(case: Case, *, by: User, today: date, on: date) -> Case:
    case = begin(case, Act.ASK_FEE, by=by, today=today, version=None)
    return _note(case, EventKind.FEE_PAID, by, today, on, "申请人缴费，期限自次日重新计算")


def _note(
    case: Case,
    kind: EventKind,
    by: User,
    today: date,
    on: date,
    text: str,
    data: dict[str, Any] | None = None,
) -> Case:
    check_day("on", on, today=today, not_before=case.received_on)
    finish(case, kind, by=by, on=on, text=text, data=data)
    return case
