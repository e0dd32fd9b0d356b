"""The page of one act on one case: its form, what is done with it, and where that leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.forms.base import CaseForm, attempt
from cases.lamps import lamp_of
from cases.models import Case, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can_on
from cases.views.base import View, case_to, draw_form, latest_version, out_of_place, user_of
from cases.workflow import ACTS

# The term behind an act, told beside its name: a key of cases.terms.
ACT_TERMS = {
    Act.ASK_CORRECTION: "correction",
    Act.RECEIVE_CORRECTION: "correction",
    Act.GIVE_UP_CORRECTION: "given-up",
    Act.CONSULT: "consultation",
    Act.EXTEND: "extension",
    Act.ASK_REASONS: "reasons",
    Act.RECEIVE_REASONS: "reasons",
    Act.DELAY: "delayed",
    Act.WITHDRAW: "withdrawal",
    Act.ASK_FEE: "fee",
    Act.RECEIVE_FEE: "fee",
    Act.GIVE_UP_FEE: "given-up",
    Act.ASSIGN: "assignment",
    Act.ACCEPT: "acceptance",
    Act.NOTE_CALL: "call",
    Act.ASK_SECTION: "section",
    Act.RECORD_SEARCH: "search",
    Act.SPLIT: "split",
    Act.LINK: "link",
    Act.DRAFT: "draft",
    Act.SUBMIT: "sign-off",
    Act.SIGN: "sign-off",
    Act.RECORD_SIGNATURE: "on-paper",
    Act.SIGN_MAIL: "returned-mail",
    Act.RETURN_MAIL: "returned-mail",
    Act.REOPEN: "reply-again",
    Act.REPLY_AGAIN: "reply-again",
    Act.VOID: "voiding",
}

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def act_view(
    act: Act,
    do: Callable[..., Case],
    form_class: Callable[..., CaseForm],
    *,
    said: Callable[[Case], str],
    template: str = "cases/act.html",
    first: Callable[[Case, date], dict[str, Any]] | None = None,
    page: Callable[[Case, CaseForm], dict[str, Any]] | None = None,
) -> View:
    """A view of `act`: what the form says goes to `do` by name, `said` is the sentence afterwards.

    `first` gives what the form starts with (the address may say so too), `page` what the template
    shows besides. The form takes `case` and `today`.
    """

    @login_required
    @form_methods
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        case, today = case_to(act, request, pk), timezone.localdate()
        if elsewhere := out_of_place(act, request, case):
            return elsewhere
        initial = {"version": case.version} | (first(case, today) if first else {})
        form = form_class(request.POST or None, initial=initial, case=case, today=today)
        form.start_with(request.GET)
        if form.is_valid():
            carry_out = partial(do, case, by=user_of(request), today=today, **form.cleaned_data)
            if done := attempt(form, carry_out, latest_version(case)):
                return acted(request, done, said(done))
        context = act_context(case, ACTS[act].label) | {"act_term": ACT_TERMS.get(act, "")}
        context["may_see"] = can_on(user_of(request), Act.SEE_PERSONAL_DATA, case)
        context |= page(case, form) if page else {}
        return draw_form(request, template, form, context)

    return view


def acted(request: HttpRequest, case: Case, sentence: str) -> HttpResponse:
    """Back to the case, with what was done; to the list, where it is no longer theirs to see."""
    messages.success(request, sentence)
    reached = user_of(request).reached_departments
    if reached is None or case.department_id in reached:
        return redirect("cases:detail", case.pk)
    # Another organ's, handed to them to draft or to stand in: by this act it may have ended.
    visible = Case.objects.visible_to(User.objects.get(pk=user_of(request).pk))
    gone = not visible.filter(pk=case.pk).exists()
    return redirect("cases:list") if gone else redirect("cases:detail", case.pk)


def act_context(case: Case, label: str) -> dict[str, Any]:
    """What templates/act.html and the title row of an act ask for."""
    return {
        "case": case,
        "submit_label": label,
        "cancel_url": reverse("cases:detail", args=[case.pk]),
        "lamp": lamp_of(case, on=timezone.localdate(), calendar=load_calendar()),
    }
