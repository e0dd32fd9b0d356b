"""打印期限计算: sentence, strip, calculation and sources of a case's term on A4, as evidence."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.daystrip import sources_of, strip_of, why_rows, why_sum
from cases.explaining import explain
from cases.presenting import long_day
from cases.views.base import visible_case
from cases.workflow import clock_of


@login_required
@require_safe
def term_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    case, on = visible_case(request, pk), timezone.localdate()
    clock = clock_of(case, on=on)
    context = {
        "case": case,
        "today_text": long_day(on),
        "sentence": explain(clock),
        "strip": strip_of(clock),
        "why_rows": why_rows(clock),
        "why_sum": why_sum(clock),
        "irregularities": clock.irregularities,
        "sources": sources_of(clock),
        "provisional": clock.provisional,
        "ends_on": None if clock.waiting_for else clock.ends_on,
    }
    return render(request, "cases/term_sheet.html", context)
