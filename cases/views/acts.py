"""Confirm, reply, serve, amend, void: each page does one act."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from cases import workflow
from cases.choices import Channel, Outcome, RoundState
from cases.crypto import masked
from cases.forms.acts import ConfirmForm, ServeForm, TogetherForm, VoidForm, usual_method
from cases.forms.amend import AmendForm, values_of
from cases.forms.base import ActForm, attempt
from cases.forms.signoff import SignedReplyForm
from cases.lamps import service_words
from cases.models import Applicant, Case, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can_on
from cases.presenting import outcome_groups
from cases.preview import preview_of_receipt
from cases.records import searches_in
from cases.signoff import content_lines, draft_of, draft_values, version_of
from cases.views.acting import act_context, act_view, acted, form_methods
from cases.views.base import case_to, draw_form, latest_version, out_of_place, user_of
from cases.workflow import ACTS
from cases.workflow.amend import APPLICANT_FIELDS, as_text, entered_by
from cases.workflow.grounds import unasked_words
from cases.workflow.matching import letter_values
from cases.workflow.service import new_replies, service_of

# Without a day of receipt a case counts nowhere, a withdrawal in （六）3 included: it is voided.
WITHDRAWN_BEFORE = "申请人在确认前撤回"


def _confirm_page(user: User, case: Case, form: ActForm) -> dict[str, Any]:
    void_url = f"{reverse('cases:void', args=[case.pk])}?reason={WITHDRAWN_BEFORE}"
    return {
        "receipt_rule": Channel(case.channel).receipt_rule,
        "void_url": void_url if can_on(user, Act.VOID, case) else "",
    }


def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The applicant was reached (条例31). The view beneath asks who may see the case."""
    view = act_view(
        Act.CONFIRM,
        workflow.confirm,
        ConfirmForm,
        said=lambda case: f"{case.number} 的收到日为 {case.received_on}。",
        template="cases/confirm.html",
        first=lambda case, today: {"received_on": today},
        page=partial(_confirm_page, user_of(request)),
    )
    return view(request, pk)


def _serve_page(case: Case, form: ActForm) -> dict[str, Any]:
    """The reply that is to be served: the case's own, or the new one."""
    replies = new_replies(case.events.all())
    if not replies:
        own = f"{case.closed_on} 答复：{case.get_outcome_display()}"
        return {"replied": own + (f"，{case.reply_number}" if case.reply_number else "")}
    event = replies[-1].event
    return {"replied": f"{event.on} {event.text}"}


# The day of service, on which "in time" is tested (235号).
serve = act_view(
    Act.SERVE,
    workflow.serve,
    ServeForm,
    said=lambda case: f"{case.number} 已登记送达。",
    template="cases/serve.html",
    first=lambda case, today: {
        "service_method": service_of(case, case.events.all()).method,
        "served_on": today,
    },
    page=_serve_page,
)

# Entered by mistake or twice: kept, and counted nowhere.
void = act_view(
    Act.VOID,
    workflow.void,
    VoidForm,
    said=lambda case: f"{case.number} 已作废。",
    template="cases/void.html",
    page=lambda case, form: {"grave": True, "entered_by": entered_by(case)},
)


@login_required
@form_methods
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put registration or reply right; what stood before is kept."""
    case, user = case_to(Act.AMEND, request, pk), user_of(request)
    if elsewhere := out_of_place(Act.AMEND, request, case):
        return elsewhere
    form = AmendForm(request.POST or None, initial=values_of(case), user=user, case=case)
    if form.is_valid():
        done = attempt(
            form,
            lambda: workflow.amend(
                case,
                by=user,
                today=timezone.localdate(),
                reason=form.cleaned_data["reason"],
                values=form.case_values(),
                applicant=form.applicant_values(),
                moves_seen=form.has_seen_moves(),
                version=form.cleaned_data["version"],
            ),
            latest_version(case),
        )
        if done:
            return acted(request, done, f"{done.number} 已更正。{_other_year(done, form)}")
    return draw_form(request, "cases/amend.html", form, _amend_page(case, form))


def _other_year(case: Case, form: AmendForm) -> str:
    """A case keeps its number, and counts in the year of its receipt all the same."""
    received = case.received_on
    moved = "received_on" in form.changed_data and received
    if not (moved and received and received.year != case.number_year):
        return ""
    return f"编号年度与收到年度不同，统计按收到日期计入 {received.year} 年。"


def picker_page(case: Case, form: ActForm) -> dict[str, Any]:
    """The picker of outcomes, and the row that the chosen one fills."""
    chosen = form["outcome"].value() or ""
    picker = {
        "name": "outcome",
        "chosen": chosen,
        "goes_url": "" if case.is_reopened else _row_url(case),
        "groups": outcome_groups(chosen),
        "error": " ".join(map(str, form.errors.get("outcome", ()))),
    }
    goes = {"form_text": "年度表第三部分", "uncounted": case.is_reopened}
    return {"picker": picker, "goes": goes}


def in_time_page(case: Case, form: ActForm) -> dict[str, Any]:
    """Whether a reply and service on these days would be in time."""
    method = form["service_method"].value() or ""
    in_time, words = service_words(
        case.again_until if case.is_reopened else case.ends_on,
        closed_on=form.so_far("closed_on"),
        service_method=method,
        served_on=form.so_far("served_on"),
        received_on=case.received_on,
        today=timezone.localdate(),
        calendar=load_calendar(),
    )
    return {
        "in_time_mark": {True: "ok", False: "bad", None: ""}[in_time],
        "in_time_words": words,
    }


def _reply_page(case: Case, form: ActForm) -> dict[str, Any]:
    """Besides the form: the picker, the days, and the draft that was begun with."""
    draft = draft_of(case)
    return {
        "submit_label": "登记答复",
        "draft": draft,
        "draft_version": version_of(draft),
        "draft_url": reverse("cases:draft", args=[case.pk]),
        **picker_page(case, form),
        **in_time_page(case, form),
    }


def reply_values(case: Case, today: date) -> dict[str, Any]:
    """What a reply starts with: its letter, then the draft, else today and the usual way."""
    draft = draft_of(case)
    values = (draft_values(draft) if draft else {}) | letter_values(case)
    usual = {"closed_on": today, "service_method": usual_method(case)}
    return values | {name: values.get(name) or value for name, value in usual.items()}


def _row_url(case: Case) -> str:
    """Which row an outcome fills is for the reports to say; by name only, they know this app."""
    return f"{reverse('reports:outcome_row')}?case={case.pk}"


def _said_of_reply(case: Case) -> str:
    """Gently: a reply stands, and the record of the search may still be made (条例36(4))."""
    said = f"{case.number} 已登记答复：{case.get_outcome_display()}。"
    if case.outcome == Outcome.NOT_EXIST and not searches_in(case.events.all()):
        said += "这件还没有检索记录，请在其他办理中补记。"
    return said


# The outcome, the letter and its service (条例33, 36).
_reply_at_once = act_view(
    Act.REPLY,
    workflow.reply_together,
    TogetherForm,
    said=_said_of_reply,
    template="cases/reply.html",
    first=reply_values,
    page=_reply_page,
)


def signed_page(case: Case, form: ActForm) -> dict[str, Any]:
    assert case.live_round is not None  # else the other page is drawn
    of_third_party = case.live_round.outcome == Outcome.THIRD_PARTY
    return {
        "submit_label": "登记答复",
        "round": case.live_round,
        "content": content_lines(case.live_round.content),
        "reasons": case.live_round.content["reply_reasons"],
        "unasked": unasked_words(case.events.all()) if of_third_party else "",
        **in_time_page(case, form),
    }


# The content has been signed: its day, number and service are left.
_reply_as_signed = act_view(
    Act.REPLY,
    workflow.reply_together,
    SignedReplyForm,
    said=_said_of_reply,
    template="cases/reply_signed.html",
    first=reply_values,
    page=signed_page,
)


def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The reply; of a signed draft what is left of it. Both views ask who may see the case."""
    signed = Case.objects.filter(pk=pk, rounds__state=RoundState.SIGNED).exists()
    return (_reply_as_signed if signed else _reply_at_once)(request, pk)


SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("申请人", (*APPLICANT_FIELDS, "agent_name", "co_applicants")),
    (
        "收到与申请内容",
        (
            "channel",
            "oral",
            "arrived_on",
            "received_on",
            "content",
            "purpose",
            "form_wanted",
            "delivery_wanted",
        ),
    ),
    ("办理", ("drafting_department", "handler", "remarks")),
    (
        "答复与送达",
        (
            "outcome",
            "closed_on",
            "reply_number",
            "reply_reasons",
            "service_method",
            "served_on",
        ),
    ),
)


LONG = frozenset({"content", "remarks", "reply_reasons", "outcome"})


def _amend_page(case: Case, form: AmendForm) -> dict[str, Any]:
    """Every field beside what is on record now."""
    sections = [
        (title, [(form[name], _on_record(case, name), name in LONG) for name in names])
        for title, names in SECTIONS
    ]
    day, today = form.show_moves_of(), timezone.localdate()
    moves = preview_of_receipt(case, day, today=today) if day else None
    return act_context(case, ACTS[Act.AMEND].label) | {"sections": sections, "moves": moves}


def _on_record(case: Case, name: str) -> str:
    record: Case | Applicant = case.applicant if name in APPLICANT_FIELDS else case
    value = getattr(record, name)
    if name in Applicant.PERSONAL:
        return f"现为：{masked(value)}" if value else "现为空"
    display = getattr(record, f"get_{name}_display", None)
    words = str(display()) if display else as_text(value)
    return f"现为：{words}" if words else "现为空"
