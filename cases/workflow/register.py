"""Register an application; confirm one that could not be received at once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from cases import audit
from cases.choices import Channel, EventKind
from cases.models import Applicant, Case, Event, User
from cases.permissions import Act, absent_at, can
from cases.workflow import clockwork, sealing
from cases.workflow.base import (
    NOT_IN_PERSON,
    NotAllowed,
    begin,
    check_day,
    finish,
    refuse_personal_data,
    require,
)
from cases.workflow.numbering import take_number


@transaction.atomic
def register(
    case: Case, applicant: Applicant, *, by: User, today: date, token: UUID | None = None
) -> Case:
    """Store a new application with its applicant and number (条例29, 31); returns the stored case.

    `token` marks one filling-in of the form: handed in twice, the first case is returned. Raises
    `ValidationError` by field, `NotAllowed` for a department that is not the user's.
    """
    if token and (already := Case.objects.filter(form_token=token).first()):
        return already
    _check_registrar(case, by)
    return enter(case, applicant, by=by, today=today, token=token)


def enter(
    case: Case, applicant: Applicant, *, by: User, today: date, token: UUID | None = None
) -> Case:
    """As `register`, for whom an act on another case has allowed it."""
    _check_receipt(case, today=today)
    check_applicants(case, applicant)
    applicant.full_clean()
    applicant.save()
    case.applicant, case.applicant_kind = applicant, applicant.kind
    late = sealing.late(None, sealing.of_case(case))
    case.form_token = token
    case.number_year = (case.received_on or case.arrived_on).year
    case.number = take_number(case.department, case.number_year)
    days = {"arrived_on": str(case.arrived_on), "received_on": _text(case.received_on)}
    refuse_personal_data(late.reason, applicant)
    clockwork.refresh(case, events=())
    case.full_clean(exclude=["applicant", "handler"], validate_constraints=False)  # see finish()
    case.save()
    late.note(by=by, case=case.pk)
    Event.objects.create(
        case=case,
        kind=EventKind.REGISTERED,
        on=case.received_on or case.arrived_on,
        by=by,
        text=late.told(_receipt_sentence(case)),
        data=days | late.data,
    )
    after = {"number": case.number, **late.data}
    audit.record(by=by, act=EventKind.REGISTERED, target=case, after=after)
    return case


@transaction.atomic
def confirm(
    case: Case, *, by: User, today: date, received_on: date, note: str, version: int | None = None
) -> Case:
    """The applicant has been reached: from this day the application is received (207号)."""
    case = begin(case, Act.CONFIRM, by=by, today=today, version=version)
    require({"received_on": (received_on, "确认日期")})
    check_day("received_on", received_on, today=today, not_before=case.arrived_on, which="到件日期")
    case.received_on = received_on
    text = f"与申请人确认，{received_on} 为收到日。{note}".strip()
    finish(case, EventKind.CONFIRMED, by=by, on=received_on, text=text)
    return case


def _check_registrar(case: Case, by: User) -> None:
    """What a deputy registers is the absent colleague's: nobody else's may they work."""
    if can(by, Act.REGISTER, case.department):
        return
    absent = absent_at(by, Act.REGISTER, case.department)
    if absent is None:
        raise NotAllowed(f"您没有在{case.department}登记申请的权限。")
    case.handler_id = absent


def _check_receipt(case: Case, *, today: date) -> None:
    require({"channel": (case.channel, "申请方式"), "arrived_on": (case.arrived_on, "到件日期")})
    channel = Channel(case.channel)
    if not case.department.holds_cases:
        raise ValidationError({"department": "人民政府本身不受理申请，请选政府办公室。"})
    check_day("arrived_on", case.arrived_on, today=today)
    if case.received_on is None and not channel.needs_confirmation:
        raise ValidationError({"received_on": f"请填写收到日期：{channel.receipt_rule}"})
    check_day(
        "received_on", case.received_on, today=today, not_before=case.arrived_on, which="到件日期"
    )


def check_applicants(case: Case, applicant: Applicant) -> None:
    """What is spoken is spoken in person (条例29); the principal is not named a second time."""
    if case.oral and case.channel != Channel.IN_PERSON:
        raise ValidationError({"oral": NOT_IN_PERSON})
    if applicant.name in case.co_applicants.split("、"):
        raise ValidationError(
            {"co_applicants": f"“{applicant.name}”已是申请人，不用再写为共同申请人。"}
        )


def _receipt_sentence(case: Case) -> str:
    channel = Channel(case.channel)
    if case.oral:
        return f"当面口头提出，由本机关代填申请表，{case.received_on} 为收到日。"
    if case.received_on is None:
        return f"{channel.label}申请，{case.arrived_on} 到件，待与申请人确认。"
    arrived = f"{case.arrived_on} 到件，" if case.arrived_on != case.received_on else ""
    return f"{channel.label}申请，{arrived}{case.received_on} 为收到日。"


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
