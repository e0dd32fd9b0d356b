"""The acts on the answer term: correction, extension, reasons, delay; and the withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome, Stage, Waiting
from cases.clock import CORRECTION_NOTICE_WORKDAYS, EXTENSION_MAX_WORKDAYS, Fact
from cases.clock_steps import DEFAULT_CORRECTION_WORKDAYS
from cases.forms.base import CaseForm
from cases.forms.time_limits import (
    AskCorrectionForm,
    AskReasonsForm,
    DelayForm,
    ExtendForm,
    GiveUpCorrectionForm,
    ReceiveCorrectionForm,
    ReceiveReasonsForm,
    WithdrawForm,
)
from cases.models import Case, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can_on
from cases.presenting import outcome_words
from cases.preview import Preview, preview_of
from cases.views.acting import act_view
from cases.views.base import PAGES
from cases.workflow import ACTS, Situation
from cases.workflow.correct import CONSEQUENCE


def _first_today(case: Case, today: date) -> dict[str, Any]:
    return {"on": today}


def _preview(form: CaseForm, kind: EventKind, *names: str, **more: Any) -> Preview:
    """What the fact of those fields would do, as far as they are typed."""
    typed = {name: form.so_far(name) for name in names}
    on = form.so_far("on")
    known = on is not None and None not in typed.values()
    facts = [Fact(kind, on, **typed, **more)] if known else []
    return preview_of(form.case, facts, today=form.today, watched=("on", *names))


def _only_later(form: CaseForm) -> str:
    """After the due day an act can only be recorded, by the day on which it was done."""
    ends_on = form.case.ends_on
    past_due = ends_on is not None and form.today > ends_on
    return f"到期日 {ends_on} 已过，只补记当时已经告知的。" if past_due else ""


# 补正 (条例30) ------------------------------------------------------------------------------------


def _ask_correction_page(case: Case, form: CaseForm) -> dict[str, Any]:
    within, until = CORRECTION_NOTICE_WORKDAYS, ""
    if case.received_on:
        until = f"（至 {load_calendar().nth_workday_after(case.received_on, within)}）"
    return {
        "rule": f"申请内容不明确的，应当在收到之日起 {within} 个工作日内{until}"
        "一次性告知补正，说明补正事项和合理的补正期限（条例第三十条）。"
        f"收到补正之前不计算答复期限。{_only_later(form)}",
        "preview": _preview(form, EventKind.CORRECTION_ASKED, "days"),
    }


ask_correction = act_view(
    Act.ASK_CORRECTION,
    workflow.ask_correction,
    AskCorrectionForm,
    said=lambda case: f"{case.number} 已登记补正告知，等待补正至 {_said(case.waiting_until)}。",
    first=lambda case, today: {
        "on": today,
        "days": DEFAULT_CORRECTION_WORKDAYS,
        "consequence": CONSEQUENCE,
    },
    page=_ask_correction_page,
)


def _correction_term(case: Case) -> str:
    awaited = case.waiting_for == Waiting.CORRECTION
    return f"补正期限至 {_said(case.waiting_until)}。" if awaited else ""


def _receive_correction_page(case: Case, form: CaseForm) -> dict[str, Any]:
    excused = bool(form.so_far("excuse"))
    return {
        "rule": f"{_correction_term(case)}收到补正的次日起，答复期限重新计算"
        "（条例第三十条）。逾期补正的，有正当理由才算收到。",
        "preview": _preview(form, EventKind.CORRECTION_RECEIVED, excused=excused),
    }


receive_correction = act_view(
    Act.RECEIVE_CORRECTION,
    workflow.receive_correction,
    ReceiveCorrectionForm,
    said=lambda case: f"{case.number} 已登记补正，期限重新计算，到期日为 {_said(case.ends_on)}。",
    first=_first_today,
    page=_receive_correction_page,
)

give_up_correction = act_view(
    Act.GIVE_UP_CORRECTION,
    workflow.give_up_correction,
    GiveUpCorrectionForm,
    said=lambda case: f"{case.number} 已办结：{case.get_outcome_display()}。",
    first=_first_today,
    page=lambda case, form: {
        "rule": f"{_correction_term(case)}申请人无正当理由逾期不补正的，视为放弃申请，"
        f"不再处理（条例第三十条）。办结后计入“{outcome_words(Outcome.NO_CORRECTION)}”。",
    },
)


# 延期 (条例33) ------------------------------------------------------------------------------------

extend = act_view(
    Act.EXTEND,
    workflow.extend,
    ExtendForm,
    said=lambda case: f"{case.number} 已延期，{_now_due(case)}。",
    first=lambda case, today: {"on": today, "days": EXTENSION_MAX_WORKDAYS},
    page=lambda case, form: {
        "rule": f"到期日前不能答复的，经政府信息公开工作机构负责人同意，可以延长一次，至多"
        f" {EXTENSION_MAX_WORKDAYS} 个工作日，并在原到期日之前（含当日）告知申请人"
        f"（条例第三十三条）。{_only_later(form)}",
        "preview": _preview(form, EventKind.EXTENDED, "days"),
    },
)


# 数量、频次明显超过合理范围 (条例35) --------------------------------------------------------------

ask_reasons = act_view(
    Act.ASK_REASONS,
    workflow.ask_reasons,
    AskReasonsForm,
    said=lambda case: f"{case.number} 已登记要求说明理由。",
    first=_first_today,
    page=lambda case, form: {
        "rule": "申请公开的数量、频次明显超过合理范围的，可以要求申请人说明理由（条例第三十五条）。"
        "等待说明理由不停止计算期限，到期日不变。",
    },
)

receive_reasons = act_view(
    Act.RECEIVE_REASONS,
    workflow.receive_reasons,
    ReceiveReasonsForm,
    said=lambda case: f"{case.number} 已登记申请人说明的理由。",
    first=_first_today,
    page=lambda case, form: {
        "rule": "理由不合理的，告知申请人不予处理；理由合理、但不能在期限内答复的，"
        "可以确定延迟答复的合理期限并告知申请人（条例第三十五条）。",
    },
)

delay = act_view(
    Act.DELAY,
    workflow.delay,
    DelayForm,
    said=lambda case: f"{case.number} 已确定延迟答复，{_now_due(case)}。",
    first=_first_today,
    page=lambda case, form: {
        "rule": "理由合理、但不能在期限内答复的，可以确定延迟答复的合理期限并告知申请人"
        f"（条例第三十五条）。告知之后，这一天就是到期日，不再延期。{_only_later(form)}",
        "preview": _preview(form, EventKind.DELAYED, "day"),
    },
)


# 撤回 --------------------------------------------------------------------------------------------

withdraw = act_view(
    Act.WITHDRAW,
    workflow.withdraw,
    WithdrawForm,
    said=lambda case: f"{case.number} 已按申请人撤回办结。",
    first=_first_today,
    page=lambda case, form: {
        "rule": "申请人撤回的，这件申请办结，不需要答复和送达，凭据留存备查。"
        f"办结后计入“{outcome_words(Outcome.WITHDRAWN)}”。",
    },
)


def _now_due(case: Case) -> str:
    return f"到期日为 {_said(case.ends_on)}" if case.ends_on else "征求意见期间停止计算"


def _said(day: date | None) -> str:
    return load_calendar().said(day)


# What comes next, on the page of the case --------------------------------------------------------


def next_step(situation: Situation, user: User) -> dict[str, str] | None:
    """What a term that has passed, or reasons that were given, call for now."""
    case, clock = situation.case, situation.clock
    if case.is_reopened and not case.live_round:
        said = "决定、判决责令重新答复：补做检索、征求意见，再拟稿、答复。原答复和统计不变。"
        way = Act.DRAFT if ACTS[Act.REPLY_AGAIN].out_of_place(situation) else Act.REPLY_AGAIN
        return _step(situation, user, way, PAGES[way], said)
    if case.stage != Stage.OPEN:
        return None
    until = clock.waiting_until
    if clock.waiting_for == Waiting.CORRECTION and until and until < situation.on:
        said = f"补正期限 {until} 已满。申请人无正当理由没有补正的，视为放弃申请（条例第三十条）。"
        return _step(situation, user, Act.GIVE_UP_CORRECTION, "cases:give_up_correction", said)
    if clock.waiting_for == Waiting.FEE and until and until < situation.on:
        said = f"缴费期限 {until} 已满。申请人没有缴费的，视为放弃申请（条例第四十二条）。"
        return _step(situation, user, Act.GIVE_UP_FEE, "cases:fee_give_up", said)
    if situation.reasons_are(reasonable=False):
        said = "申请人说明的理由不合理，可以不予处理（条例第三十五条）。"
        query = f"?outcome={Outcome.EXCESSIVE}"
        return _step(situation, user, Act.REPLY, "cases:reply", said, query)
    if situation.reasons_are(reasonable=True) and not clock.delayed_to:
        said = "申请人说明的理由合理。期限内不能答复的，可以确定延迟答复的日期（条例第三十五条）。"
        return _step(situation, user, Act.DELAY, "cases:delay", said)
    return None


def _step(
    situation: Situation, user: User, act: Act, page: str, said: str, query: str = ""
) -> dict[str, str]:
    """The sentence, and the way to the act for who may do it."""
    case, rule = situation.case, ACTS[act]
    may = can_on(user, act, case) and not rule.out_of_place(situation)
    url = reverse(page, args=[case.pk]) + query if may else ""
    return {"text": said, "url": url, "label": rule.label}
