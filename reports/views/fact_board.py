"""The board of figures: what each unit of an area told, the sums, and who has not told."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Department, User
from cases.permissions import Act, can
from cases.views.base import id_of, user_of
from cases.views.imports import XLSX
from reports import annual
from reports.annual.facts import RolledFacts
from reports.counting import default_scope, scope_labels
from reports.exports.facts_xlsx import facts_workbook
from reports.fact_checks import is_swing
from reports.fact_sentences import fact_paragraphs
from reports.formats.content import PASSAGES
from reports.views.base import asked_department
from reports.views.fact_base import board_url, check_year, facts_url, kinds_url, years_near


@login_required
@require_safe
def fact_board(request: HttpRequest) -> HttpResponse:
    organ, year, scope = _asked(request)
    user, rolled = user_of(request), annual.rolled_facts(organ, scope, year)
    labels = scope_labels(organ)
    context = {
        "department": organ,
        "year": year,
        "scope_label": labels[scope],
        "scopes": [
            (label, board_url(organ, year, key), key == scope) for key, label in labels.items()
        ],
        "years": [(each, board_url(organ, each, scope)) for each in years_near(year)],
        "rows": _rows(rolled),
        "said": _said(rolled, year),
        "units": _units(rolled, year, user) if len(rolled.units) > 1 else [],
        "kinds": [fact.kind for fact in rolled.facts],
        "fill_url": facts_url(organ, year) if organ.holds_cases else "",
        "kinds_url": kinds_url(organ) if annual.may_set_kinds(user, organ) else "",
        "file_url": board_url(organ, year, scope, page="fact_board_file"),
    }
    return render(request, "reports/fact_board.html", context)


@login_required
@require_safe
def fact_board_file(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    organ, year, scope = _asked(request)
    book = facts_workbook(annual.rolled_facts(organ, scope, year), year)
    return FileResponse(
        BytesIO(book),
        as_attachment=True,
        filename=f"{organ} {year} 年度指标.xlsx",
        content_type=XLSX,
    )


def _asked(request: HttpRequest) -> tuple[Department, int, str]:
    organ = asked_department(request, request.GET)
    named = request.GET.get("year", "")
    year = check_year(id_of(named) or 0) if named else timezone.localdate().year
    scope = request.GET.get("scope", "") or default_scope(organ)
    if scope not in scope_labels(organ):
        raise Http404
    return organ, year, scope


def _rows(rolled: RolledFacts) -> list[dict[str, Any]]:
    return [
        {
            "fact": fact,
            "told": len(fact.asked) - len(fact.missing),
            "swings": fact.before is not None
            and fact.figure is not None
            and not fact.missing
            and is_swing(fact.before, fact.figure),
        }
        for fact in rolled.facts
    ]


def _said(rolled: RolledFacts, year: int) -> list[tuple[str, str]]:
    """Heading and paragraph of section one, from what all have told."""
    paragraphs = fact_paragraphs(rolled.told, year)
    return [(each.heading, paragraphs[each.key]) for each in PASSAGES if each.key in paragraphs]


def _units(rolled: RolledFacts, year: int, user: User) -> list[dict[str, Any]]:
    """Each unit with its figures in the order of the list; None where it is not asked or silent."""
    return [
        {
            "unit": unit,
            "url": facts_url(unit, year) if can(user, Act.SEE_TABLE, unit) else "",
            "cells": [
                {"fact": fact.told.get(unit.pk), "asked": unit in fact.asked}
                for fact in rolled.facts
            ],
        }
        for unit in rolled.units
    ]
