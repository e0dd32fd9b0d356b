"""年终核对: the way from a year's cases to its published report, what is in the way first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from cases.addresses import list_address
from cases.states import State
from cases.views.base import user_of
from reports import annual
from reports.annual.closing import Closing, Problem, closing_of
from reports.annual.content import latest_reports
from reports.annual.findings import Finding
from reports.choices import OWN, REPORTED
from reports.report_presenting import finding_cards, summary
from reports.rollup import RollUp, roll_up
from reports.views.annual_report import acts_of
from reports.views.report_base import Place, asked_place
from reports.views.report_cell import cell_of

Context = dict[str, Any]
LISTS = {
    "unconfirmed": {"state": State.UNCONFIRMED.value},
    "overdue": {"due": "overdue"},
    "unserved": {"state": State.UNSERVED.value},
}
CELLS = {
    "late": "section_three.results_total.total",
    "carried": "section_three.carried_forward.total",
}


@login_required
@require_safe
def closing(request: HttpRequest, department: int, year: int, scope: str) -> HttpResponse:
    """Each stage with what is still to be done in it, and where that is done."""
    place, user = asked_place(request, department, year, scope), user_of(request)
    context: Context = {"place": place, "report_url": place.url()}
    if not place.revisions:
        return render(request, "reports/closing.html", context)
    report = place.revisions[0]
    rolled = roll_up(place.department, scope, year)
    found = annual.findings(report, annual.checks_of(report, rolled))
    stages = closing_of(report, found, on=timezone.localdate())
    context |= {
        "report": report,
        "closing": stages,
        "problems": [(problem, _cases_url(place, problem)) for problem in stages.problems],
        "groups": _groups(place, stages),
        "units": _units(place, rolled),
        "acts": acts_of(place, report, user, annual.content_of(report, rolled)),
    }
    return render(request, "reports/closing.html", context)


def _cases_url(place: Place, problem: Problem) -> str:
    if problem.key in CELLS:
        return place.url(query=cell_of(CELLS[problem.key]))
    organ = {"department": str(place.department.pk)} if place.scope == OWN else {}
    return list_address(LISTS[problem.key] | organ)


def _groups(place: Place, stages: Closing) -> list[Context]:
    """The findings by what they are about."""

    def group(title: str, found: Iterable[Finding], fine: str) -> Context:
        listed = list(found)
        cards = finding_cards(
            listed, None, lambda one: place.url(query={"finding": one.fingerprint})
        )
        said = summary(listed) if listed else ""
        return {"title": title, "cards": cards, "fine": fine, "summary": said}

    before = annual.published(place.department, place.scope, place.year - 1)
    tied = "与上年公布的结转数相同" if before else "没有上年公布的数据可以核对，请先补录"
    return [
        group("与上年衔接", stages.tie, tied),
        group("与上年相比", stages.swings, "没有大起大落的数据"),
        group("其他校验", stages.others, "各项相符"),
    ]


def _units(place: Place, rolled: RollUp) -> Context | None:
    """Who of a roll-up has not reported, and where to see it."""
    if place.scope == OWN:
        return None
    organs = [part.department for part in rolled.parts]
    reports = latest_reports([organ.pk for organ in organs], place.year)
    missing = [
        organ
        for organ in organs
        if organ.pk not in reports or reports[organ.pk].state not in REPORTED
    ]
    query = urlencode({"department": place.department.pk, "year": place.year})
    return {
        "all": len(organs),
        "missing": missing,
        "url": f"{reverse('reports:board')}?{query}",
    }
