"""Ask for an opinion and record what comes of it (条例第三十二条至第三十四条).

The clock stands still while an opinion is waited for; how long is told by the facts. Several
letters may be under way at once: each has a key.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.choices import Addressee, EventKind, Stance
from cases.clock import Fact
from cases.clock_course import OPINION_WORKDAYS
from cases.models import Case, User
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.workflow.base import begin, check_day, finish, require
from cases.workflow.consultations import Consultation, consultations_of
from cases.workflow.effects import resumption_words, stop_words
from cases.workflow.grounds import since

SILENCE = {
    Addressee.THIRD_PARTY: "由本机关决定是否公开",  # 条例第三十二条
    Addressee.CO_PRODUCER: "视为同意公开",  # 条例第三十四条
}
ASSUMED = "（送达日未记录，意见期限自发出次日推定）"


@transaction.atomic
def consult(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    addressee: str,
    whom: str,
    about: str = "",
    until: date | None = None,
    key: str = "",
    version: int | None = None,
) -> Case:
    """Ask a third party (条例32), a co-producer (34) or another organ (33).

    `whom` names it without personal data; `about` is what the opinion is asked on, `until` the day
    that another organ is asked to answer by (the law sets its term for the other two). `key` tells
    the consultations of one case apart; the next free number unless given.
    """
    case = begin(case, Act.CONSULT, by=by, today=today, version=version)
    require(
        {
            "addressee": (addressee, "征求意见的对象"),
            "whom": (whom.strip(), "对象名称"),
            "on": (on, "发出日期"),
        }
    )
    check_day("on", on, today=today, **since(case))
    assert on is not None  # required above
    kind, key = Addressee(addressee), key or _next_key(case)
    _check_until(until, kind, on)
    sent = Fact(EventKind.CONSULTATION_SENT.value, on, key=key, addressee=kind.value)
    wanted = f"请于 {until} 前函复，" if until else ""
    effect = "责令的期限照常计算" if case.is_reopened else stop_words(case, sent)
    text = f"征求{kind.label}意见（{whom.strip()}），{wanted}{effect}"
    data: dict[str, Any] = {"key": key, "addressee": kind.value, "whom": whom.strip()}
    if case.is_reopened:
        data["anew"] = True
    if about := about.strip():
        text, data["about"] = f"{text}：{about}", about
    if until:
        data["until"] = until.isoformat()
    finish(case, EventKind.CONSULTATION_SENT, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def deliver_consultation(
    case: Case, *, by: User, today: date, on: date | None, key: str, version: int | None = None
) -> Case:
    """The letter has been received: from the day after the term of the opinion runs (32, 34)."""
    case = begin(case, Act.DELIVER_CONSULTATION, by=by, today=today, version=version)
    asked = _letter(case, key)
    if asked.delivered_on:
        raise ValidationError({"key": f"{asked.whom}的意见函已于 {asked.delivered_on} 送达。"})
    require({"on": (on, "送达日期")})
    check_day("on", on, today=today, not_before=asked.sent_on, which="发出日期")
    assert on is not None  # required above
    if asked.ended_on and on > asked.ended_on:
        raise ValidationError({"on": f"不能晚于收到意见的 {asked.ended_on}。"})
    term = "没有法定期限"
    if asked.silent_on:
        term = f"意见期限为次日起 {OPINION_WORKDAYS} 个工作日"
    text = f"征求意见函送达{asked.whom}，{term}"
    finish(case, EventKind.CONSULTATION_DELIVERED, by=by, on=on, text=text, data={"key": key})
    return case


@transaction.atomic
def receive_opinion(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    key: str,
    stance: str = "",
    opinion: str,
    version: int | None = None,
) -> Case:
    """The opinion is in: what it says (`stance`, "" where that is not known) and its gist."""
    case = begin(case, Act.RECEIVE_OPINION, by=by, today=today, version=version)
    asked = _open_letter(case, key)
    require({"on": (on, "收到日期"), "opinion": (opinion.strip(), "意见摘要")})
    since = (asked.delivered_on, "送达日期") if asked.delivered_on else (asked.sent_on, "发出日期")
    check_day("on", on, today=today, not_before=since[0], which=since[1])
    assert on is not None  # required above
    said = Stance(stance).label + "；" if stance else ""
    late = asked.silent_on is not None and on > asked.silent_on
    back = Fact(EventKind.CONSULTATION_RETURNED.value, on, key=key)
    effect = "已过意见期限，不改变到期日" if late else resumption_words(case, back)
    text = f"收到{asked.whom}意见：{said}{opinion.strip().rstrip('。')}。{effect}"
    data = {"key": key, "stance": stance, "opinion": opinion.strip()}
    finish(case, EventKind.CONSULTATION_RETURNED, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def lapse_consultation(
    case: Case, *, by: User, today: date, on: date | None, key: str, version: int | None = None
) -> Case:
    """Note that the term of an opinion passed in silence; the clock knows it already (32, 34)."""
    case = begin(case, Act.LAPSE_CONSULTATION, by=by, today=today, version=version)
    asked = _open_letter(case, key)
    require({"on": (on, "记录日期")})
    check_day("on", on, today=today, not_before=asked.sent_on, which="发出日期")
    assert on is not None  # required above
    if asked.silent_on is None:
        raise ValidationError({"key": f"征求{asked.addressee.label}意见没有法定期限，不会逾期。"})
    if asked.lapse_noted:
        raise ValidationError({"key": f"{asked.whom}逾期未提出意见已经记录。"})
    if on <= asked.silent_on:
        raise ValidationError({"on": f"意见期限到 {asked.silent_on}，期满之后才能记录。"})
    text = f"{asked.whom}逾期未提出意见，{SILENCE[asked.addressee]}{ASSUMED * asked.assumed}"
    finish(case, EventKind.CONSULTATION_LAPSED, by=by, on=on, text=text, data={"key": key})
    return case


@transaction.atomic
def end_consultation(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    key: str,
    reason: str,
    version: int | None = None,
) -> Case:
    """Nothing came from another organ and it is waited for no longer: it has no term (条例33)."""
    case = begin(case, Act.END_CONSULTATION, by=by, today=today, version=version)
    asked = _open_letter(case, key)
    if not asked.can_be_ended():
        raise ValidationError({"key": f"{asked.whom}的意见有法定期限，期满自行结束。"})
    require({"on": (on, "结束日期"), "reason": (reason.strip(), "原因")})
    check_day("on", on, today=today, not_before=asked.sent_on, which="发出日期")
    assert on is not None  # required above
    effect = resumption_words(case, Fact(EventKind.CONSULTATION_ENDED.value, on, key=key))
    text = f"不再等待{asked.whom}意见：{reason.strip().rstrip('。')}。{effect}"
    finish(case, EventKind.CONSULTATION_ENDED, by=by, on=on, text=text, data={"key": key})
    return case


def _check_until(until: date | None, addressee: Addressee, sent_on: date) -> None:
    if until is None:
        return
    if addressee != Addressee.OTHER_ORGAN:
        sentence = f"{addressee.label}的期限由条例规定，为 {OPINION_WORKDAYS} 个工作日，这里不填。"
        raise ValidationError({"until": sentence})
    if until < sent_on:
        raise ValidationError({"until": f"不能早于发出日期 {sent_on}。"})


def _consultations(case: Case) -> list[Consultation]:
    return consultations_of(case, list(case.events.all()), load_calendar())


def _next_key(case: Case) -> str:
    """The first number that no letter of the case has, its superseded ones included."""
    sent = case.events.filter(kind=EventKind.CONSULTATION_SENT)
    taken = {event.data.get("key", "") for event in sent}
    return next(key for key in map(str, range(1, len(taken) + 2)) if key not in taken)


def _letter(case: Case, key: str) -> Consultation:
    """The letter of this key, the latest if there were several; raises `ValidationError`."""
    found = [asked for asked in _consultations(case) if asked.key == key]
    if not found:
        raise ValidationError({"key": "没有这一次征求意见，请重新选择。"})
    return found[-1]


def _open_letter(case: Case, key: str) -> Consultation:
    asked = _letter(case, key)
    if not asked.is_open:
        raise ValidationError({"key": f"{asked.whom}的意见已于 {asked.ended_on} 办结。"})
    return asked
