"""指标填报: the figures of one organ and year, told on one form."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases.forms.base import attempt
from cases.models import Department, User
from cases.permissions import Act, can
from cases.views.acting import form_methods
from cases.views.base import draw_form, user_of
from reports import annual
from reports.fact_checks import is_swing
from reports.fact_forms import FactsForm
from reports.models import YearFact
from reports.views.fact_base import (
    asked_organ,
    board_url,
    check_year,
    facts_url,
    kinds_url,
    years_near,
)

Facts = dict[int, YearFact]


@login_required
@form_methods
def facts(request: HttpRequest, department: int, year: int) -> HttpResponse:
    """Shown to who sees the organ's tables, the form to who fills in its report; of a government
    what the organs told."""
    organ, user = asked_organ(request, department), user_of(request)
    check_year(year)
    if not organ.holds_cases:
        return redirect(board_url(organ, year))
    stored = _facts(organ, year)
    form = FactsForm(
        request.POST or None,
        kinds=annual.asked_of(organ, year),
        stored=stored,
        initial={"version": annual.facts_version(stored.values())},
    )
    if form.is_valid():
        version = form.cleaned_data["version"]
        tell = partial(annual.tell_facts, organ, year, form.entries, by=user, version=version)
        changed = attempt(form, tell, lambda: annual.facts_version(annual.facts_of(organ, year)))
        if changed is not None:
            words = f"{changed} 项指标已保存。" if changed else "与原来相同，没有改动。"
            messages.success(request, words)
            return redirect(facts_url(organ, year))
    refusal = annual.facts_refusal(organ, year, user)
    context = {
        "department": organ,
        "year": year,
        "rows": _rows(form, stored, _facts(organ, year - 1)),
        "refusal": refusal,
        "is_open": form.is_bound or not refusal,
        "years": [(each, facts_url(organ, each)) for each in years_near(year)],
        "board_url": board_url(_overseen(user, organ), year),
        "kinds_url": kinds_url(organ) if annual.may_set_kinds(user, organ) else "",
        "submit_label": "保存",
        "cancel_url": facts_url(organ, year),
    }
    return draw_form(request, "reports/facts.html", form, context)


def _overseen(user: User, organ: Department) -> Department:
    """Whose board leads to this page: that of all its government's organs, where it is seen."""
    above = organ.parent
    return above if above and can(user, Act.SEE_TABLE, above) else organ


def _facts(organ: Department, year: int) -> Facts:
    return {fact.kind_id: fact for fact in annual.facts_of(organ, year)}


def _rows(form: FactsForm, stored: Facts, before: Facts) -> list[dict[str, Any]]:
    rows = []
    for kind in form.kinds:
        then, name = before.get(kind.pk), f"figure_{kind.pk}"
        now = form.so_far(name)
        swings = then is not None and now is not None and is_swing(then.figure, now)
        row = {
            "kind": kind,
            "figure": form[name],
            "note": form[f"note_{kind.pk}"],
            "fact": stored.get(kind.pk),
            "before": then,
            "swings": swings,
        }
        rows.append(row)
    return rows
