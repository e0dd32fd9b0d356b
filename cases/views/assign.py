"""Assign a case, on its page or in its row of the list; accept it, or send it back."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from cases import workflow
from cases.addresses import arrangement_of, conditions_of, list_address
from cases.forms.base import attempt
from cases.forms.people import AcceptForm, AssignForm, RefuseAssignmentForm, RowAssignForm
from cases.models import Case, Deputy, User
from cases.permissions import Act, can_on
from cases.presenting import handler_words
from cases.views.acting import act_view, form_methods
from cases.views.base import case_to, latest_version, out_of_place, user_of
from cases.workflow import ACTS, Situation, not_accepted


def _who(case: Case) -> str:
    """区住建局（经办员戊）, or either alone."""
    who = handler_words(case)
    if case.drafting_department:
        return f"{case.drafting_department}（{who}）" if who else str(case.drafting_department)
    return who


def _as_it_is(case: Case, today: date) -> dict[str, Any]:
    return {"drafting_department": case.drafting_department_id, "handler": case.handler_id}


def _assign_page(case: Case, form: AssignForm) -> dict[str, Any]:
    return {"who": _who(case), "submit_label": "移交" if _who(case) else "分派"}


assign = act_view(
    Act.ASSIGN,
    workflow.assign,
    AssignForm,
    said=lambda case: f"{case.number} 已分派给{_who(case)}。",
    template="cases/assign.html",
    first=_as_it_is,
    page=_assign_page,  # type: ignore[arg-type]
)

accept = act_view(
    Act.ACCEPT,
    workflow.accept,
    AcceptForm,
    said=lambda case: f"{case.number} 已由您受理。",
    page=lambda case, form: {"rule": "受理后，这件申请由您办理；不该由您办理的，请退回分派。"},
)

refuse_assignment = act_view(
    Act.REFUSE_ASSIGNMENT,
    workflow.refuse_assignment,
    RefuseAssignmentForm,
    said=lambda case: f"{case.number} 已退回，等待重新分派。",
    page=lambda case, form: {
        "rule": f"现在由{_who(case)}承办。退回后回到未分派，期限照常计算。",
    },
)


def assignment(situation: Situation, user: User) -> dict[str, Any]:
    """What the page of a case says of who works it (templates/cases/_assignment.html)."""
    case = situation.case
    if case.stage not in ACTS[Act.ASSIGN].stages:
        return {}
    absent = Deputy.objects.on(situation.on).filter(user=case.handler_id).select_related("deputy")
    return {
        "unassigned": not handler_words(case),
        "not_accepted": not_accepted(situation),
        "deputy": absent.first() if case.handler_id else None,
        "may_assign": can_on(user, Act.ASSIGN, case),
    }


@login_required
@form_methods
def assign_row(request: HttpRequest, pk: int) -> HttpResponse:
    """The same act in the row of a list, as htmx swaps its cell; without htmx, its page."""
    case, user, today = case_to(Act.ASSIGN, request, pk), user_of(request), timezone.localdate()
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("cases:assign", case.pk)
    if "leave" in request.GET:
        return render(request, "cases/_assign_link.html", {"case": case, "back": True})
    if elsewhere := out_of_place(Act.ASSIGN, request, case):
        return elsewhere
    initial = {"version": case.version} | _as_it_is(case, today)
    form = RowAssignForm(request.POST or None, initial=initial, case=case, today=today)
    if form.is_valid():
        do = partial(workflow.assign, case, by=user, today=today, **form.cleaned_data)
        if done := attempt(form, do, latest_version(case)):
            return render(request, "cases/_assign_done.html", _done(request, done))
    return render(request, "cases/_assign_row.html", {"case": case, "form": form})


def _done(request: HttpRequest, case: Case) -> dict[str, Any]:
    """The cell, and the list around it as its address asks for it now."""
    here = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    return {
        "case": case,
        "who": _who(case),
        "list_url": list_address(
            conditions_of(here), arrangement_of(here), {"page": here.get("page", "1")}
        ),
    }
