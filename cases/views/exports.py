"""导出 xlsx: what the file will hold, asking for it, and how the last ones went."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.addresses import list_address, query_of, understood
from cases.export_jobs import KEPT, TASK, request_export
from cases.filters import CaseFilter
from cases.forms.base import attempt
from cases.forms.lists import ExportForm
from cases.listing import asked_cases
from cases.models import Job, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can_anywhere
from cases.searching import EVERYWHERE
from cases.views.base import draw_form, reader_of
from cases.views.jobs import run_of

LATEST = 5  # exports whose progress and file the page shows


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    user, on = reader_of(request), timezone.localdate()
    found = _whole(request.GET.copy(), user, on)
    conditions, count = understood(found), found.qs.count()
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and count:
        query, personal = query_of(conditions), form.cleaned_data["personal"]
        if attempt(form, lambda: request_export(query, count=count, personal=personal, by=user)):
            return redirect(request.get_full_path())
    context = {
        "conditions": found,
        "count": count,
        "may_see_personal": can_anywhere(user, Act.SEE_PERSONAL_DATA),
        "form_action": request.get_full_path(),
        "back_url": list_address(conditions),
        "kept_days": KEPT.days,
        "runs": [run_of(job) for job in _latest(user)],
    }
    return draw_form(request, "cases/export.html", form, context)


def _whole(data: QueryDict, user: User, on: date) -> CaseFilter:
    """The conditions, with the words searched for everywhere: a file leaves nothing out."""
    if data.get("q"):
        data.update(EVERYWHERE)
    return asked_cases(data, user=user, on=on, calendar=load_calendar())


def _latest(user: User) -> QuerySet[Job]:
    """The user's own: nobody else may fetch their files."""
    own = Job.objects.filter(task=TASK, requested_by=user).select_related("requested_by")
    return own[:LATEST]
