"""年度表: choose a period, scope and format, compute, and read the table with its checks."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.models import Job
from cases.views.base import act_only, user_of
from reports.forms import QuestionForm
from reports.views.base import asked_cell, asked_department, queue, table_url
from reports.views.page import (
    COMPUTE_BAR,
    WORKBOOK_BAR,
    compute_bar,
    result_of,
    tools_of,
    workbook_bar,
)
from reports.workflow import COMPUTE_TASK, Question, request_table, request_workbook


@login_required
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def annual_table(request: HttpRequest) -> HttpResponse:
    """The page; to a bar that asks for itself while its job runs, only that bar."""
    department, today = asked_department(request, request.GET), timezone.localdate()
    form = QuestionForm(request.GET, department=department, today=today)
    question = form.question if form.is_valid() else None
    context = {"form": form, "department": department}
    if question is None:
        context |= tools_of(user_of(request), form)
        return render(request, "reports/annual_table.html", context)
    bar = request.htmx.target  # type: ignore[attr-defined]
    if bar == WORKBOOK_BAR and (run := workbook_bar(question, question.stored())):
        return render(request, "components/_run.html", {"run": run})
    job = question.latest_job(COMPUTE_TASK)
    if bar == COMPUTE_BAR and job and job.is_active:
        return render(request, "components/_run.html", {"run": compute_bar(question, job)})
    # The bar's own address was drawn before a cell was opened; the page's says which one is.
    ended = bar == COMPUTE_BAR
    path = open_cell(request, question) if ended else asked_cell(request.GET, question.format)
    context |= tools_of(user_of(request), form)
    context |= result_of(question, job, user=user_of(request), chosen=path)
    response = render(request, "reports/annual_table.html", context)
    if ended:  # everything on the page is new
        response["HX-Retarget"] = response["HX-Reselect"] = "#main"
    return response


@login_required
@act_only
def compute(request: HttpRequest) -> HttpResponse:
    return _queue(request, request_table)


@login_required
@act_only
def workbook(request: HttpRequest) -> HttpResponse:
    return _queue(request, request_workbook)


def _queue(request: HttpRequest, ask: Callable[..., Job]) -> HttpResponse:
    return queue(
        request,
        lambda question, user: ask(question, by=user),
        page="reports:annual_table",
        back=lambda question: table_url(question, open_cell(request, question)),
    )


def open_cell(request: HttpRequest, question: Question) -> str:
    """The cell whose cases stand open beside the table: htmx sends the address that says so."""
    try:
        here = urlsplit(request.htmx.current_url or "")  # type: ignore[attr-defined]
        return asked_cell(dict(parse_qsl(here.query)), question.format)
    except (Http404, ValueError):  # a cell of the other format, or no address at all
        return ""
