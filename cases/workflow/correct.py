"""补正: ask for a corrected application, record it, or close for want of it (条例30)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.choices import EventKind, Outcome
from cases.clock import Fact
from cases.models import Case, User
from cases.permissions import Act
from cases.workflow.base import begin, check_fact, finish, require
from cases.workflow.clockwork import clock_of
from cases.workflow.effects import restart_words
from cases.workflow.withdraw import end_unanswered

LONGEST_REASONABLE_WORKDAYS = 60  # 条例30, 35 set no term: more is a slip of the pen
CONSEQUENCE = "无正当理由逾期不补正的，视为放弃申请，本机关不再处理该申请。"  # 条例第三十条


@transaction.atomic
def ask_correction(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    days: int | None,
    what: str,
    consequence: str = CONSEQUENCE,
    version: int | None = None,
) -> Case:
    """Ask the applicant, once, to complete the application within `days` working days (条例30).

    Asked after the 7th working day of receipt, but within the term, it counts all the same, and the
    clock reports it.
    """
    case = begin(case, Act.ASK_CORRECTION, by=by, today=today, version=version)
    require(
        {
            "on": (on, "告知日期"),
            "days": (days is not None, "补正期限"),
            "what": (what.strip(), "需要补正的内容"),
            "consequence": (consequence.strip(), "逾期的后果"),
        }
    )
    assert on is not None and days is not None  # required above
    check_granted(days)
    kind, data = EventKind.CORRECTION_ASKED, {"days": days, "what": what.strip()}
    check_fact(case, kind, today=today, on=on, data=data, tolerated={"correction_asked_late"})
    said = f"{what.strip().rstrip('。')}。{consequence.strip()}"
    text = f"一次性告知补正，期限 {days} 个工作日：{said}"
    finish(case, kind, by=by, on=on, text=text, data=data)
    return case


def check_granted(days: int) -> None:
    if not 1 <= days <= LONGEST_REASONABLE_WORKDAYS:
        longest = LONGEST_REASONABLE_WORKDAYS
        raise ValidationError({"days": f"补正期限为 1 至 {longest} 个工作日。"})


@transaction.atomic
def receive_correction(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    excuse: str = "",
    version: int | None = None,
) -> Case:
    """The corrected application is in; the answer term begins again the next day (条例30).

    After the applicant's term it counts only for a good reason, which is `excuse`.
    """
    case = begin(case, Act.RECEIVE_CORRECTION, by=by, today=today, version=version)
    require({"on": (on, "收到补正日期")})
    assert on is not None  # required above
    kind, excuse = EventKind.CORRECTION_RECEIVED, excuse.strip()
    data = {"excused": True} if excuse else {}
    check_fact(case, kind, today=today, on=on, data=data, fields={"correction_overdue": "excuse"})
    until = clock_of(case, on=today).waiting_until
    if excuse and until and on <= until:
        raise ValidationError({"excuse": f"补正期限到 {until}，这一天没有逾期，请留空。"})
    late = f"（逾期，有正当理由：{excuse}）" if excuse else ""
    effect = restart_words(case, Fact(kind.value, on, excused=bool(excuse)))
    text = f"收到补正{late}，{effect}"
    finish(case, kind, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def give_up_correction(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    reason: str = "",
    version: int | None = None,
) -> Case:
    """Not corrected, without a good reason: the application is given up, （六）1 (条例30).

    Only once the applicant's term has passed: who gives up before that, withdraws.
    """
    case = begin(case, Act.GIVE_UP_CORRECTION, by=by, today=today, version=version)
    require({"on": (on, "办结日期")})
    assert on is not None  # required above
    said = f"：{reason.strip()}" if reason.strip() else ""
    text = f"申请人逾期不补正，视为放弃申请{said}"
    return end_unanswered(case, Outcome.NO_CORRECTION, by=by, today=today, on=on, text=text)
