"""The table of an uploaded ledger beside the live one: on the import's page, or by itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.imports.figures import kept_figures
from cases.imports.showing import has_figures
from cases.models import Department
from cases.views.base import id_of, user_of
from cases.views.imports import visible_upload
from reports.beside import beside
from reports.choices import OWN
from reports.ledger_table import Pair, departments_of, pair_of, usual_year, years_of
from reports.presenting import UrlOf
from reports.views.base import cell_urls
from reports.views.page import Choice
from reports.workflow import Question


@login_required
@require_safe
@vary_on_headers("HX-Request")
def ledger_table(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the year and the unit that the address names, else of the latest year and all units."""
    upload = visible_upload(request, pk)
    if not has_figures(upload):
        raise Http404
    figures = kept_figures(upload)
    visible = Department.objects.visible_to(user_of(request))
    units = list(visible.filter(pk__in=departments_of(figures)).order_by("path"))
    years, year = years_of(figures), _asked_year(request, usual_year(figures))
    unit = _asked_unit(request, units)
    context: dict[str, Any] = {
        "upload": upload,
        "years": [Choice(found, f"{found} 年", found == year) for found in years],
        "units": [
            Choice("", f"文件里的 {len(units)} 个单位", unit is None),
            *(Choice(found.pk, str(found), found == unit) for found in units),
        ],
        "several": len(units) > 1,
    }
    if units and year in years:
        pair = pair_of(figures, [unit] if unit else units, year)
        only = unit or (units[0] if len(units) == 1 else None)
        context |= {
            "year": year,
            "linked": only is not None,
            **beside(pair, url_of=_urls(only, pair)),
        }
    htmx = request.htmx  # type: ignore[attr-defined]
    part = htmx and not htmx.history_restore_request
    template = "reports/_ledger_table.html" if part else "reports/ledger_table.html"
    return render(request, template, context)


def _asked_year(request: HttpRequest, usual: int | None) -> int | None:
    asked = request.GET.get("year", "")
    return id_of(asked) if asked else usual


def _asked_unit(request: HttpRequest, units: list[Department]) -> Department | None:
    """None for all of them; 404 for one that the file does not name."""
    asked = request.GET.get("unit", "")
    if not asked:
        return None
    for unit in units:
        if unit.pk == id_of(asked):
            return unit
    raise Http404


def _urls(only: Department | None, pair: Pair) -> UrlOf:
    """A cell of one unit opens its cases; those of several at once have no page of their own."""
    if only is None:
        return lambda path: ""
    return cell_urls(Question.of_year(only, pair.year, OWN))
