"""Acts between receipt and reply that move the clock (条例30, 32–34, 42)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.choices import Addressee, EventKind
from cases.clock import EXTENSION_MAX_WORKDAYS
from cases.models import Case, User
from cases.permissions import Act
from cases.workflow.base import begin, check_day, finish


@transaction.atomic
def ask_correction(case: Case, *, by: User, today: date, on: date, days: int, what: str) -> Case:
    """Ask the applicant, once, to complete the application within `days` working days (条例30)."""
    case = begin(case, Act.ASK_CORRECTION, by=by, today=today, version=None)
    if case.events.filter(kind=EventKind.CORRECTION_ASKED).exists():
        raise ValidationError({"on": "补正只能要求一次（条例第三十条）。"})
    text = f"一次性告知补正，期限 {days} 个工作日：{what}"
    return _note(case, EventKind.CORRECTION_ASKED, by, today, on, text, {"days": days})


@transaction.atomic
def receive_correction(case: Case, *, by: User, today: date, on: date) -> Case:
    """The corrected application is in; the answer term begins again the next day (条例30)."""
    case = begin(case, Act.ASK_CORRECTION, by=by, today=today, version=None)
    return _note(case, EventKind.CORRECTION_RECEIVED, by, today, on, "收到补正，期限自次日重新计算")


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
def extend(case: Case, *, by: User, today: date, on: date, days: int, reason: str) -> Case:
    """Tell the applicant of an approved extension, before the term has passed (条例33)."""
    case = begin(case, Act.EXTEND, by=by, today=today, version=None)
    if not 1 <= days <= EXTENSION_MAX_WORKDAYS:
        raise ValidationError({"days": f"延期为 1 至 {EXTENSION_MAX_WORKDAYS} 个工作日。"})
    if case.ends_on and on > case.ends_on:
        raise ValidationError({"on": f"{case.ends_on} 已到期，不能再延期（条例第三十三条）。"})
    text = f"延长 {days} 个工作日并告知申请人：{reason}"
    return _note(case, EventKind.EXTENDED, by, today, on, text, {"days": days})


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
