"""One case: head, day strip, calculation, course, applicant, proceedings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases import audit
from cases.choices import Stage, Waiting
from cases.clock import Clock
from cases.daystrip import strip_of, why_rows, why_sum
from cases.documents.showing import papers_of
from cases.explaining import explain
from cases.lamps import AGAIN, lamp_of
from cases.lookups import others_this_year
from cases.models import Case, Proceeding, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can_begin, can_on
from cases.presenting import (
    applicant_lines,
    course_of,
    handler_words,
    registration_lines,
    replies_again,
    reply_lines,
)
from cases.proceeding_standing import of_case
from cases.states import State
from cases.steps_ahead import steps_ahead
from cases.views.assign import assignment
from cases.views.base import PAGES, act_only, user_of, visible_case
from cases.views.beside import beside_clock
from cases.views.consult import consultation_rows
from cases.views.papers import empty_form
from cases.views.signoff import signoff_card
from cases.views.tiles import list_url
from cases.views.time_limits import next_step
from cases.workdays import weekday_name
from cases.workflow import ACTS, Situation, allowed_acts, situation_of

WAITING_TERMS = {
    Waiting.CONFIRMATION: "unconfirmed",
    Waiting.CORRECTION: "correction",
    Waiting.CONSULTATION: "stopped",
    Waiting.FEE: "fee",
}
SEEN = "查看申请人完整信息"


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _draw(request, visible_case(request, pk), in_full=False)


@login_required
@never_cache
@act_only
def applicant(request: HttpRequest, pk: int) -> HttpResponse:
    """The applicant's particulars in full: an act of its own, and in the log (个人信息保护法)."""
    case, user = visible_case(request, pk), user_of(request)
    if not can_on(user, Act.SEE_PERSONAL_DATA, case):
        raise PermissionDenied("您的角色不查看申请人的完整信息。")
    audit.record(by=user, act=SEEN, target=case)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "cases/_applicant.html", _applicant(case, user, in_full=True))
    return _draw(request, case, in_full=True)


def _draw(request: HttpRequest, case: Case, *, in_full: bool) -> HttpResponse:
    user, on = user_of(request), timezone.localdate()
    calendar = load_calendar()
    events = list(case.events.select_related("by"))
    situation = situation_of(case, on=on, calendar=calendar, events=events)
    clock = situation.clock
    may_see = can_on(user, Act.SEE_PERSONAL_DATA, case)
    context = {
        "case": case,
        "handler": handler_words(case),
        "state": _state(case, on),
        "lamp": lamp_of(case, on=on, calendar=calendar),
        "due": due_words(case, clock),
        "next_step": next_step(situation, user),
        "steps_ahead": steps_ahead(situation, calendar),
        "strip": strip_of(clock),
        "why_title": _why_title(case, clock),
        "why_rows": why_rows(clock),
        "why_sum": why_sum(clock),
        "irregularities": clock.irregularities,
        "events": course_of(events, on),
        "registration": registration_lines(case, in_full=may_see),
        "content": case.content if may_see else case.masked_content,
        "reply": reply_lines(case),
        "replies_again": replies_again(events),
        "standings": of_case(_proceedings(case), on=on, calendar=calendar),
        "may_record_proceeding": can_on(user, Act.RECORD_PROCEEDING, case)
        and case.stage != Stage.VOID,
        "others": others_this_year(case, user).count(),
        "others_url": list_url(like=case.pk),
        **_term_words(clock),
        **beside_clock(situation, user, calendar),
        **_acts(situation, user),
        **assignment(situation, user),
        **papers_of(case, user),
        **signoff_card(case),
        **empty_form(case, on),
        **_applicant(case, user, in_full=in_full),
        "consultations": consultation_rows(situation, user),
    }
    return render(request, "cases/detail.html", context)


def _state(case: Case, on: date) -> str:
    return AGAIN if case.is_reopened else str(State.of(case, on).label)


def _term_words(clock: Clock) -> dict[str, object]:
    return {"term_sentence": explain(clock)}


def _proceedings(case: Case) -> QuerySet[Proceeding]:
    return case.proceedings.select_related("department__settings", "case").order_by(
        "filed_on", "pk"
    )


def _applicant(case: Case, user: User, *, in_full: bool) -> dict[str, object]:
    return {
        "case": case,
        "applicant_lines": applicant_lines(
            case.applicant, case.agent_name, case.co_applicants, in_full=in_full
        ),
        "in_full": in_full,
        "may_see": can_on(user, Act.SEE_PERSONAL_DATA, case),
        "may_register": can_begin(user, Act.REGISTER, case.department),
    }


def _acts(situation: Situation, user: User) -> dict[str, object]:
    """The bar of acts: what may not be done now is absent."""
    case = situation.case
    allowed = [act for act in allowed_acts(situation, user) if act in PAGES]
    labels = {act: ACTS[act].label for act in allowed}
    if case.drafting_department or handler_words(case):
        labels[Act.ASSIGN] = "移交"  # what the same page is called once somebody has the case
    buttons = {
        act: {"label": labels[act], "url": reverse(PAGES[act], args=[case.pk])} for act in allowed
    }
    under_others = {act for act in allowed if ACTS[act].stands_aside(situation)}
    first = [button for act, button in buttons.items() if act not in under_others]
    aside = [button for act, button in buttons.items() if act in under_others]
    return {
        "acts": first or aside,
        "more_acts": aside if first else [],
        "acts_note": _acts_note(case) if first else "",
    }


def _acts_note(case: Case) -> str:
    if case.is_reopened:
        day = load_calendar().said(case.again_until)
        return f"须在 {day} 前重新答复并送达；是否按期以送达日认定"
    if case.stage == Stage.OPEN and case.ends_on and not case.waiting_for:
        day = f"{case.ends_on}（暂定）" if case.provisional else f"{case.ends_on}"
        return f"须在 {day} 前答复并送达；是否按时以送达日认定"
    if case.again_replied_on:
        return f"{case.again_replied_on} 已重新答复，尚未送达；是否按期以送达日认定"
    if case.stage == Stage.UNSERVED:
        return "已答复，尚未送达；是否按时以送达日认定"
    return ""


@dataclass(frozen=True, slots=True)
class Due:
    """What stands in the head of a case where the due day stands."""

    label: str
    day: date | None
    words: str  # in place of a day
    weekday: str
    provisional: bool
    note: str
    term: str = ""  # the key of what explains it (cases.terms)


def due_words(case: Case, clock: Clock) -> Due:
    if case.stage == Stage.VOID:
        return Due("到期日", None, "已作废", "", False, "不计入任何统计，编号不再使用")
    used = f"已用 {clock.used} / {clock.term} 个工作日"
    if case.stage in (Stage.OPEN, Stage.UNCONFIRMED) and clock.waiting_for:
        waiting = Waiting(clock.waiting_for)
        until = f"期满日 {clock.waiting_until}" if clock.waiting_until else "没有法定期限"
        until += "（暂定）" if clock.waiting_until and clock.provisional else ""
        note = {
            Waiting.CONFIRMATION: "与申请人确认之日为收到日，次日起算",
            Waiting.CORRECTION: f"{until}；收到补正后重新计算",
            Waiting.FEE: f"{until}；缴费后重新计算",
            Waiting.CONSULTATION: f"{used}，{until}",
        }[waiting]
        words = "停止计算" if waiting == Waiting.CONSULTATION else "未起算"
        return Due(
            str(waiting.label), None, words, "", clock.provisional, note, WAITING_TERMS[waiting]
        )
    if case.again_until and case.stage == Stage.CLOSED:
        first = f"原到期日 {clock.ends_on}，{case.closed_on} 已答复"
        if case.again_replied_on:
            first = f"{case.again_replied_on} 已重新答复，待送达"
        again, calendar = case.again_until, clock.calendar
        unsure = calendar is not None and not calendar.has_schedule(again.year)
        return Due("重新答复期限", again, "", weekday_name(again), unsure, first)
    if clock.ends_on is None:
        return Due("到期日", None, "—", "", False, "")
    term = "provisional" if clock.provisional else "due-on"
    weekday = weekday_name(clock.ends_on)
    return Due("到期日", clock.ends_on, "", weekday, clock.provisional, used, term)


def _why_title(case: Case, clock: Clock) -> str:
    if clock.ends_on and not clock.waiting_for:
        return f"为什么是 {clock.ends_on.month} 月 {clock.ends_on.day} 日"
    return "为什么还没有到期日" if case.closed_on is None else "期限的计算"
