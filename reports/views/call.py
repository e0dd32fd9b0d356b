"""年报布置: by when the organs of a government report, and towards what each counts."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cases.forms.base import attempt
from cases.permissions import Act
from cases.views.acting import form_methods
from cases.views.base import draw_form, user_of
from reports.annual import call_for_reports, call_of, proposed_units
from reports.annual.calling import call_version
from reports.call_form import CallForm
from reports.views.base import asked_government, asked_year


@login_required
@form_methods
def call(request: HttpRequest) -> HttpResponse:
    government = asked_government(request, request.GET, Act.RUN_CALL)
    year = asked_year(request.GET, timezone.localdate())
    stored = call_of(government, year)
    initial = (
        {
            "version": stored.version,
            "until_on": stored.until_on,
            "instructions": stored.instructions,
        }
        if stored
        else {"version": 0}
    )
    form = CallForm(
        request.POST or None,
        initial=initial,
        government=government,
        year=year,
        units=proposed_units(government, year),
    )
    here = urlencode({"department": government.pk, "year": year})
    if form.is_valid():
        act = partial(call_for_reports, government, year, by=user_of(request), **form.said)
        if attempt(form, act, lambda: call_version(government, year)):
            words = "已改" if stored else "已布置"
            messages.success(request, f"{government} {year} 年度的年报{words}。")
            return redirect(f"{reverse('reports:call')}?{here}")
    form = form.with_added() or form if form.is_bound else form
    context = {
        "government": government,
        "year": year,
        "stored": stored,
        "submit_label": "保存" if stored else "布置",
        "cancel_url": f"{reverse('reports:call')}?{here}",
    }
    return draw_form(request, "reports/call.html", form, context)
