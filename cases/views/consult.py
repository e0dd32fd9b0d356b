"""Consultations: ask for an opinion, record what comes of it, and the table on the case's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cases import workflow
from cases.choices import Addressee, EventKind
from cases.clock import Fact
from cases.clock_course import OPINION_WORKDAYS
from cases.forms.base import CaseForm
from cases.forms.consult import (
    ConsultForm,
    DeliveryForm,
    EndForm,
    LapseForm,
    LetterForm,
    OpinionForm,
)
from cases.models import Case, User
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.preview import preview_of
from cases.views.acting import act_view
from cases.views.base import PAGES
from cases.workdays import Calendar
from cases.workflow import Consultation, Situation, allowed_acts, consultations_of

NEW = "new"  # the key, in a preview, of a letter that has none yet
TERMS = (
    f"第三方应当自收到征求意见书之日起 {OPINION_WORKDAYS} 个工作日内提出意见，"
    "逾期未提出的由本机关决定（条例第三十二条）；"
    f"共同制作机关同为 {OPINION_WORKDAYS} 个工作日，逾期视为同意公开（第三十四条）；"
    "其他机关没有法定期限（第三十三条）。征询本机关科室不停止计算，不在这里登记。"
)
SILENCE = (
    "第三方逾期未提出意见的，由本机关决定是否公开（条例第三十二条）；"
    "共同制作机关逾期未提出意见的，视为同意公开（第三十四条）。"
    "停止计算已在期满日自行结束，这里只作记录，不改变到期日。"
)


def _runs_on(case: Case) -> str:
    """Of what is asked for a new reply: whether that stops the ordered term is not ours to say."""
    return (
        f"责令的期限照常计算，至 {load_calendar().said(case.again_until)}。"
        "征求意见的时间是否扣除，以决定、判决写明的为准；准予扣除的，按写明的日期重新登记期限。"
    )


def _letter(form: CaseForm) -> Consultation | None:
    assert isinstance(form, LetterForm)  # each act below but the first is about one
    return form.letter()


def _fact_of(kind: EventKind, form: CaseForm) -> Sequence[Fact]:
    asked, on = _letter(form), form.so_far("on")
    return [Fact(kind.value, on, key=asked.key)] if asked and on else []


def _preview_of(kind: EventKind, case: Case, form: CaseForm) -> dict[str, Any]:
    facts = _fact_of(kind, form)
    if case.is_reopened:
        return {"rule": _runs_on(case)}
    watched = ("key", "on")
    return {"preview": preview_of(case, facts, today=timezone.localdate(), watched=watched)}


def _consult_page(case: Case, form: CaseForm) -> dict[str, Any]:
    if case.is_reopened:
        return {"rule": f"{_runs_on(case)}{TERMS}"}
    on, addressee = form.so_far("on"), form.so_far("addressee")
    sent = EventKind.CONSULTATION_SENT.value
    facts = [Fact(sent, on, key=NEW, addressee=addressee)] if on and addressee else []
    watched = ("addressee", "on")
    preview = preview_of(case, facts, today=timezone.localdate(), watched=watched)
    return {"rule": TERMS, "preview": preview}


consult = act_view(
    Act.CONSULT,
    workflow.consult,
    ConsultForm,
    said=lambda case: f"{case.number} 已登记征求意见。",
    first=lambda case, today: {"on": today, "addressee": Addressee.THIRD_PARTY},
    page=_consult_page,
)

# The term of the opinion runs from the day after the letter was received (条例32, 34).
consultation_deliver = act_view(
    Act.DELIVER_CONSULTATION,
    workflow.deliver_consultation,
    DeliveryForm,
    said=lambda case: f"{case.number} 已登记意见函送达。",
    first=lambda case, today: {"on": today},
    page=lambda case, form: {
        "rule": f"意见期限为收到征求意见书次日起 {OPINION_WORKDAYS} 个工作日；"
        "没有送达记录的，暂自发出次日推定。其他机关没有法定期限。",
        **_preview_of(EventKind.CONSULTATION_DELIVERED, case, form),
    },
)


def _opinion_page(case: Case, form: CaseForm) -> dict[str, Any]:
    asked, on = _letter(form), form.so_far("on")
    late = asked and asked.silent_on and on and on > asked.silent_on
    rule = "收到意见的次日起恢复计算；期满之后才到的意见仍然登记，不再改变到期日。"
    if asked and late:
        rule = f"意见期限 {asked.silent_on} 已过：这份意见仍然登记，到期日不再改变。"
    return {"rule": rule, **_preview_of(EventKind.CONSULTATION_RETURNED, case, form)}


consultation_opinion = act_view(
    Act.RECEIVE_OPINION,
    workflow.receive_opinion,
    OpinionForm,
    said=lambda case: f"{case.number} 已登记意见。",
    first=lambda case, today: {"on": today},
    page=_opinion_page,
)

# Silence: a note, since the clock knows the end of the term by itself.
consultation_lapse = act_view(
    Act.LAPSE_CONSULTATION,
    workflow.lapse_consultation,
    LapseForm,
    said=lambda case: f"{case.number} 已记录逾期未提出意见。",
    first=lambda case, today: {"on": today},
    page=lambda case, form: {"rule": SILENCE},
)

# Another organ has no term: only this ends the wait for it (条例33).
consultation_end = act_view(
    Act.END_CONSULTATION,
    workflow.end_consultation,
    EndForm,
    said=lambda case: f"{case.number} 已登记不再等待意见。",
    first=lambda case, today: {"on": today},
    page=lambda case, form: {
        "rule": "其他机关的意见没有法定期限（条例第三十三条），不登记结束就一直停止计算。",
        **_preview_of(EventKind.CONSULTATION_ENDED, case, form),
    },
)


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """One consultation on the page of its case; `acts` are label and address."""

    whom: str
    addressee: str
    sent_on: date
    delivered: str
    term: str
    assumed: bool
    opinion: str
    gist: str
    warning: str
    acts: list[tuple[str, str]]


def consultation_rows(situation: Situation, user: User) -> list[ConsultationRow]:
    """The consultations of a case, each with what `user` may do about it now."""
    case, calendar = situation.case, situation.clock.calendar or load_calendar()
    allowed = set(allowed_acts(situation, user))
    rows = []
    for asked in consultations_of(case, situation.events, calendar):
        acts = [
            (label, f"{reverse(PAGES[act], args=[case.pk])}?key={asked.key}")
            for act, label, offered in (
                (Act.DELIVER_CONSULTATION, "登记送达", asked.awaits_delivery),
                (Act.RECEIVE_OPINION, "登记意见", asked.is_open),
                (Act.LAPSE_CONSULTATION, "记录逾期", asked.awaits_note_of_lapse(situation.on)),
                (Act.END_CONSULTATION, "不再等待", asked.can_be_ended()),
            )
            if offered and act in allowed
        ]
        rows.append(_row(asked, situation.on, calendar, acts))
    return rows


def _row(
    asked: Consultation, on: date, calendar: Calendar, acts: list[tuple[str, str]]
) -> ConsultationRow:
    return ConsultationRow(
        whom=asked.whom,
        addressee=str(asked.addressee.label),
        sent_on=asked.sent_on,
        delivered=str(asked.delivered_on or "未记录"),
        term=calendar.said(asked.silent_on) if asked.silent_on else _wanted(asked),
        assumed=asked.assumed,
        opinion=_opinion_of(asked, on),
        gist=asked.opinion,
        warning="意见期限已过" if asked.awaits_note_of_lapse(on) else "",
        acts=acts,
    )


def _wanted(asked: Consultation) -> str:
    return f"请于 {asked.until} 前函复" if asked.until else "没有法定期限"


def _opinion_of(asked: Consultation, on: date) -> str:
    """What came of it so far."""
    if asked.ended_on:
        if not asked.heard:
            return f"{asked.ended_on} 不再等待"
        return f"{asked.ended_on} {asked.stance.label if asked.stance else '收到意见'}"
    if not asked.term_passed(on):
        return "等待意见"
    agreed = asked.addressee == Addressee.CO_PRODUCER
    return "逾期未提出，视为同意" if agreed else "逾期未提出，由本机关决定"
