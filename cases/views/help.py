"""名词说明: every term with its article, for whoever wants to know, signed in or not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.terms import CHAPTERS


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/help.html", {"chapters": CHAPTERS})
