"""Confirm, reply, serve, amend, void: each page does one act."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import workflow
from cases.choices import Channel
from cases.crypto import masked
from cases.forms.acts import ConfirmForm, ReplyForm, ServeForm, VoidForm, usual_method
from cases.forms.amend import AmendForm, values_of
from cases.forms.base import ActForm, attempt
from cases.lamps import lamp_of, service_words
from cases.models import Applicant, Case
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.presenting import outcome_groups
from cases.views.base import case_to, draw_form, latest_version, out_of_place, user_of
from cases.workflow.amend import APPLICANT_FIELDS

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_methods
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The applicant was reached (条例31)."""
    case = case_to(Act.CONFIRM, request, pk)
    if elsewhere := out_of_place(Act.CONFIRM, request, case):
        return elsewhere
    today = timezone.localdate()
    first = {"version": case.version, "received_on": today}
    form = ConfirmForm(request.POST or None, initial=first, today=today)
    if form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: workflow.confirm(case, by=user_of(request), today=today, **said),
            latest_version(case),
        )
        if done:
            return _done(request, done, f"{done.number} 的收到日为 {done.received_on}。")
    rule = Channel(case.channel).receipt_rule
    page = _page(case, "确认收到", receipt_rule=rule)
    return draw_form(request, "cases/confirm.html", form, page)


@login_required
@form_methods
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The outcome, the letter and its service (条例33, 36)."""
    case = case_to(Act.REPLY, request, pk)
    if elsewhere := out_of_place(Act.REPLY, request, case):
        return elsewhere
    today = timezone.localdate()
    first = {
        "version": case.version,
        "closed_on": today,
        "service_method": usual_method(case),
        **{name: value for name, value in request.GET.items() if name in ReplyForm.base_fields},
    }
    form = ReplyForm(request.POST or None, initial=first, today=today)
    if form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: workflow.reply(case, by=user_of(request), today=today, **said),
            latest_version(case),
        )
        if done:
            return _done(request, done, f"{done.number} 已登记答复：{done.get_outcome_display()}。")
    return draw_form(request, "cases/reply.html", form, _reply_page(case, form))


@login_required
@form_methods
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    """The day of service, on which "in time" is tested (235号)."""
    case = case_to(Act.SERVE, request, pk)
    if elsewhere := out_of_place(Act.SERVE, request, case):
        return elsewhere
    today = timezone.localdate()
    first = {
        "version": case.version,
        "service_method": case.service_method,
        "served_on": today,
    }
    form = ServeForm(request.POST or None, initial=first, today=today)
    if form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: workflow.serve(case, by=user_of(request), today=today, **said),
            latest_version(case),
        )
        if done:
            return _done(request, done, f"{done.number} 已登记送达。")
    return draw_form(request, "cases/serve.html", form, _page(case, "登记送达"))


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
                version=form.cleaned_data["version"],
            ),
            latest_version(case),
        )
        if done:
            return _done(request, done, f"{done.number} 已更正。{_other_year(done, form)}")
    return draw_form(request, "cases/amend.html", form, _amend_page(case, form))


@login_required
@form_methods
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Entered by mistake or twice: kept, and counted nowhere."""
    case = case_to(Act.VOID, request, pk)
    if elsewhere := out_of_place(Act.VOID, request, case):
        return elsewhere
    form = VoidForm(request.POST or None, initial={"version": case.version})
    if form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: workflow.void(case, by=user_of(request), today=timezone.localdate(), **said),
            latest_version(case),
        )
        if done:
            return _done(request, done, f"{done.number} 已作废。")
    return draw_form(request, "cases/void.html", form, _page(case, "作废", grave=True))


def _other_year(case: Case, form: AmendForm) -> str:
    """A case keeps its number, and counts in the year of its receipt all the same."""
    received = case.received_on
    moved = "received_on" in form.changed_data and received
    if not (moved and received and received.year != case.number_year):
        return ""
    return f"编号年度与收到年度不同，统计按收到日期计入 {received.year} 年。"


def _done(request: HttpRequest, case: Case, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("cases:detail", case.pk)


def _page(case: Case, label: str, **more: Any) -> dict[str, Any]:
    on = timezone.localdate()
    return {
        "case": case,
        "submit_label": label,
        "cancel_url": reverse("cases:detail", args=[case.pk]),
        "lamp": lamp_of(case, on=on, calendar=load_calendar()),
        **more,
    }


def _reply_page(case: Case, form: ReplyForm) -> dict[str, Any]:
    """Besides the form: the picker, and whether these days would be in time."""
    method = form["service_method"].value() or ""
    in_time, words = service_words(
        case.ends_on,
        closed_on=_day(form, "closed_on"),
        service_method=method,
        served_on=_day(form, "served_on"),
        received_on=case.received_on,
        today=timezone.localdate(),
        calendar=load_calendar(),
    )
    chosen = form["outcome"].value() or ""
    picker = {
        "name": "outcome",
        "chosen": chosen,
        "goes_url": _row_url(case),
        "groups": outcome_groups(chosen),
        "error": " ".join(map(str, form.errors.get("outcome", ()))),
    }
    return _page(
        case,
        "登记答复",
        picker=picker,
        goes={"form_text": "年度表第三部分"},
        in_time_mark={True: "ok", False: "bad", None: ""}[in_time],
        in_time_words=words,
    )


def _row_url(case: Case) -> str:
    """Which row an outcome fills is for the reports to say; by name only, they know this app."""
    return f"{reverse('reports:outcome_row')}?case={case.pk}"


def _day(form: ActForm, name: str) -> date | None:
    """The day as typed so far; None for what is no day."""
    try:
        day: date | None = form.fields[name].to_python(form[name].value())
    except ValidationError:
        return None
    return day


SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("申请人", (*APPLICANT_FIELDS, "agent_name")),
    (
        "收到与申请内容",
        (
            "channel",
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
    return _page(case, "更正", sections=sections)


def _on_record(case: Case, name: str) -> str:
    record: Case | Applicant = case.applicant if name in APPLICANT_FIELDS else case
    value = getattr(record, name)
    if name in Applicant.PERSONAL:
        return f"现为：{masked(value)}" if value else "现为空"
    display = getattr(record, f"get_{name}_display", None)
    words = str(display() if display else "" if value is None else value)
    return f"现为：{words}" if words else "现为空"
