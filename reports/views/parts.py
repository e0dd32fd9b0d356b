"""The parts of a cell: which organs a figure of a roll-up is the sum of, and where each is from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Department, User
from cases.views.base import user_of
from reports.annual.content import latest_reports, parts_of
from reports.choices import OWN, Way
from reports.counting import default_scope, scope_labels
from reports.formats.base import Format
from reports.formats.content import place_label, places
from reports.models import AnnualReport
from reports.rollup import Part, RollUp, roll_up
from reports.views.base import asked_department, asked_year, cell_urls, hand_in_url
from reports.workflow import Question


@login_required
@require_safe
def parts(request: HttpRequest) -> HttpResponse:
    """404 for a scope or a cell that the report of the year has not."""
    department = asked_department(request, request.GET)
    year = asked_year(request.GET, timezone.localdate())
    scope = request.GET.get("scope") or default_scope(department)
    path = request.GET.get("path", "")
    try:
        rolled = roll_up(department, scope, year)
    except ValueError as error:  # no such scope
        raise Http404 from error
    if path not in rolled.format.cells and path not in places(rolled.format):
        raise Http404
    report = latest_reports([department.pk], year, scope).get(department.pk)
    asked = report or AnnualReport(department=department, year=year, scope=scope)
    lines = _lines(asked, rolled, path, user_of(request))
    figures = [line["figure"] for line in lines if line["figure"] is not None]
    context = {
        "department": department,
        "year": year,
        "scope_label": scope_labels(department).get(scope, ""),
        "cell": place_label(rolled.format, path),
        "row_name": _row_name(rolled.format, path),
        "sum": sum(figures) if figures else None,
        "parts": [line for line in lines if line["figure"]],
        "zeros": [line for line in lines if line["figure"] == 0],
        "missing": [line for line in lines if line["figure"] is None],
        "centrally": _centrally(asked, path),
    }
    return render(request, "reports/parts.html", context)


def parts_url(department: Department, year: int, scope: str, path: str) -> str:
    """The page of the parts of one cell."""
    said = {"department": department.pk, "year": year, "scope": scope, "path": path}
    return f"{reverse('reports:parts')}?{urlencode(said)}"


def _row_name(fmt: Format, path: str) -> str:
    """What the number of a row of section three stands for; other labels say it themselves."""
    section, row, _ = path.split(".")
    return f"{fmt.section_three.row(row).name}，" if section == "section_three" else ""


def _centrally(report: AnnualReport, path: str) -> str:
    """What the report says in the place of the sum, from where and why; "" where it is the sum."""
    said = report.set_centrally.get(path)
    return (
        f"报告填报 {said['value']}，来源：{said['source']}，原因：{said['reason']}" if said else ""
    )


def _lines(report: AnnualReport, rolled: RollUp, path: str, user: User) -> list[dict[str, Any]]:
    """One a part: its figure, None where it has not reported, and the address of what is behind."""
    reached = user.reached_departments
    own = zip(rolled.parts, parts_of(report, rolled), strict=True)
    return [
        {
            "department": part.department,
            "way": part.way,
            "figure": said.value(path) if part.tables or path in places(rolled.format) else None,
            "url": _behind(part, report.year, path)
            if reached is None or part.department.pk in reached
            else "",
        }
        for part, said in own
    ]


def _behind(part: Part, year: int, path: str) -> str:
    """The cases of an organ's own cell, or the table that it handed in; section two has neither."""
    if path.startswith("section_two."):
        return ""
    if part.way == Way.HANDED_IN:
        return hand_in_url(part.department, year)
    return cell_urls(Question.of_year(part.department, year, OWN))(path)
