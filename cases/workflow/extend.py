"""More time: an extension (条例33); for excessive applications reasons and a delay (条例35)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.choices import EventKind
from cases.clock import EXTENSION_MAX_WORKDAYS
from cases.models import Case, User
from cases.permissions import Act
from cases.workflow.base import begin, check_day, check_fact, finish, latest, require
from cases.workflow.correct import LONGEST_REASONABLE_WORKDAYS

NOT_IN_THIS_RUN = "期限在这一天或者之后重新起算过，这次告知不会改变到期日，请核对日期。"


@transaction.atomic
def extend(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    days: int | None,
    reason: str,
    version: int | None = None,
) -> Case:
    """Tell the applicant of an approved extension, before the term has passed (条例33)."""
    case = begin(case, Act.EXTEND, by=by, today=today, version=version)
    require(
        {
            "on": (on, "告知日期"),
            "days": (days is not None, "延长的工作日"),
            "reason": (reason.strip(), "延期理由"),
        }
    )
    assert on is not None and days is not None  # required above
    check_extension(days)
    kind, data = EventKind.EXTENDED, {"days": days, "reason": reason.strip()}
    if not check_fact(case, kind, today=today, on=on, data=data).extended_by:
        raise ValidationError({"on": NOT_IN_THIS_RUN})
    text = f"延长 {days} 个工作日并告知申请人：{reason.strip()}"
    finish(case, kind, by=by, on=on, text=text, data=data)
    return case


def check_extension(days: int) -> None:
    if not 1 <= days <= EXTENSION_MAX_WORKDAYS:
        raise ValidationError({"days": f"延期为 1 至 {EXTENSION_MAX_WORKDAYS} 个工作日。"})


@transaction.atomic
def ask_reasons(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    why: str,
    days: int | None = None,
    version: int | None = None,
) -> Case:
    """So many applications, or so often: the applicant is asked for reasons; the term runs on.

    `days` are working days to give them in, which the organ may set (条例35 sets none).
    """
    case = begin(case, Act.ASK_REASONS, by=by, today=today, version=version)
    require({"on": (on, "告知日期"), "why": (why.strip(), "数量、频次的情况")})
    assert on is not None  # required above
    check_day("on", on, today=today, not_before=case.received_on)
    if days is not None and not 1 <= days <= LONGEST_REASONABLE_WORKDAYS:
        longest = LONGEST_REASONABLE_WORKDAYS
        raise ValidationError({"days": f"说明理由的期限为 1 至 {longest} 个工作日。"})
    within = f"，期限 {days} 个工作日" if days else ""
    text = f"要求申请人说明理由{within}：{why.strip()}"
    data = {"why": why.strip()} | ({"days": days} if days else {})
    finish(case, EventKind.REASONS_ASKED, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def receive_reasons(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    reasons: str,
    reasonable: bool | None,
    version: int | None = None,
) -> Case:
    """What the applicant gave for reasons, and what the organ finds of them (条例35).

    Unreasonable, the application may be left unprocessed, （五）4; reasonable, it is answered, if
    need be later (`delay`).
    """
    case = begin(case, Act.RECEIVE_REASONS, by=by, today=today, version=version)
    require({"on": (on, "收到日期"), "reasons": (reasons.strip(), "申请人说明的理由")})
    if reasonable is None:
        raise ValidationError({"reasonable": "请选择理由是否合理。"})
    assert on is not None  # required above
    asked = latest(case, EventKind.REASONS_ASKED)
    check_day("on", on, today=today, not_before=asked.on, which="要求说明理由的日期")
    found = "合理" if reasonable else "不合理"
    text = f"申请人说明理由，认定为{found}：{reasons.strip()}"
    data = {"reasonable": reasonable}
    finish(case, EventKind.REASONS_RECEIVED, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def delay(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    day: date | None,
    reason: str,
    version: int | None = None,
) -> Case:
    """Tell the applicant a later day, the due day from then on (条例35)."""
    case = begin(case, Act.DELAY, by=by, today=today, version=version)
    require(
        {
            "on": (on, "告知日期"),
            "day": (day, "延迟至"),
            "reason": (reason.strip(), "延迟的原因"),
        }
    )
    assert on is not None and day is not None  # required above
    kind, data = EventKind.DELAYED, {"day": day.isoformat(), "reason": reason.strip()}
    fields = {"delay_not_later": "day", "out_of_range": "day"}
    if not check_fact(case, kind, today=today, on=on, data=data, fields=fields).delayed_to:
        raise ValidationError({"on": NOT_IN_THIS_RUN})
    text = f"延迟至 {day} 答复并告知申请人：{reason.strip()}"
    finish(case, kind, by=by, on=on, text=text, data=data)
    return case
