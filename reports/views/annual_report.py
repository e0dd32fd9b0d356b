"""年度报告: a report with its six sections, what its checks find, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.models import Department, User
from cases.permissions import can
from cases.views.base import act_only, id_of, user_of
from cases.workflow import NotAllowed
from reports import annual
from reports.annual.differences import since_confirmed
from reports.annual.rules import writer_act
from reports.checks import Check
from reports.choices import ReportState, ReportStepKind
from reports.counting import scope_labels
from reports.formats.base import Tables
from reports.formats.content import Content
from reports.models import AnnualReport, PublishedTable
from reports.presenting import table3, table4
from reports.report_presenting import (
    difference_lines,
    finding_cards,
    sections,
    summary,
    table2,
)
from reports.rollup import RollUp, roll_up
from reports.views.base import asked_cell, asked_department, table_url
from reports.views.page import FIRST_YEAR, Choice, tree_choices
from reports.views.report_base import Place, asked_place, asked_report, scopes_of
from reports.views.report_cell import cell_of, cell_panel
from reports.views.report_steps import STEP_PAGES
from reports.workflow import Question

Context = dict[str, Any]

ENDED = (ReportState.PUBLISHED, ReportState.CORRECTED)


@login_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """To the report that is chosen; without a choice to last year's, which is made or just was."""
    department = asked_department(request, request.GET)
    year = id_of(request.GET.get("year", "")) or timezone.localdate().year - 1
    scopes = scopes_of(department)
    scope = request.GET.get("scope", "")
    return redirect(Place(department, year, scope if scope in scopes else scopes[0]).url())


@login_required
@act_only
def begin(request: HttpRequest, department: int, year: int, scope: str) -> HttpResponse:
    place = asked_place(request, department, year, scope)
    try:
        annual.begin(place.department, scope, year, by=user_of(request))
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    return redirect(place.url())


@login_required
@require_safe
@vary_on_headers("HX-Request")
def report(request: HttpRequest, department: int, year: int, scope: str) -> HttpResponse:
    """The page; to htmx only what stands behind the cell that is asked for."""
    place, user = asked_place(request, department, year, scope), user_of(request)
    context: Context = {"place": place, "begin_url": place.url("report_begin")}
    context |= choices_of(place, user)
    if not place.revisions:
        if "revision" in request.GET:
            raise Http404
        context["may_begin"] = can(user, writer_act(scope), place.department)
        return render(request, "reports/report.html", context)
    shown = asked_report(request, place)
    path = asked_cell(request.GET, shown.format)
    rolled = roll_up(place.department, scope, year)
    here = _here(place, shown)
    panel = cell_panel(place, path, rolled, user, close_url=place.url(query=here)) if path else None
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx and not htmx.history_restore_request:
        response = render(request, "components/_casepanel.html", {"panel": panel})
        response["HX-Replace-Url"] = request.get_full_path()
        return response
    context |= {"report": shown, "panel": panel, **state_of(place, shown)}
    context |= content_of(request, place, shown, rolled, chosen=path)
    context |= {"acts": acts_of(place, shown, user, context["content"]), **urls_of(place)}
    context["may_write"] = annual.may_write(user, shown)
    is_latest = shown == place.revisions[0]
    context["writes"] = context["may_write"] and shown.is_writable and is_latest
    return render(request, "reports/report.html", context)


def content_of(
    request: HttpRequest, place: Place, shown: AnnualReport, rolled: RollUp, *, chosen: str
) -> Context:
    """The sections as they stand, and beside them what the checks find."""
    fmt, here = shown.format, _here(place, shown)
    content = annual.content_of(shown, rolled)
    checks = annual.checks_of(shown, rolled)
    found = annual.findings(shown, checks)
    named = request.GET.get("finding", "")
    meant = next((finding for finding in found if finding.fingerprint == named), None)
    lit = frozenset(meant.check.cells) if meant else frozenset[str]()

    def url_of(path: str) -> str:
        if path.startswith("section_two."):
            return ""
        return place.url(query={**here, **cell_of(path)})

    drawn: Context = {"url_of": url_of, "chosen": chosen, "lit": lit}
    cards = finding_cards(
        found, meant, lambda one: place.url(query={**here, "finding": one.fingerprint})
    )
    changed = [] if shown.state in ENDED else since_confirmed(shown, content)
    return {
        "content": content,
        **sections(content, meant.check.quote if meant else None),
        "table2": table2(fmt, content.section_two, lit=lit),
        "table3": table3(fmt, content.tables, checks, **drawn),
        "table4": table4(fmt, content.tables, checks, **drawn),
        "findings": cards,
        "findings_summary": summary(found),
        "changes": difference_lines(fmt, changed, url_of),
        "missing": rolled.missing,
        "is_tied": _is_tied(checks),
    }


def state_of(place: Place, shown: AnnualReport) -> Context:
    """Where it stands: its steps, its revisions, what was published of it and the year before."""
    steps = list(shown.steps.select_related("by"))
    back = [step for step in steps if step.kind == ReportStepKind.RETURNED]
    published = PublishedTable.objects.filter(report=shown).first()
    return {
        "steps": steps,
        "returned": back[-1] if back and shown.state == ReportState.RETURNED else None,
        "revisions": [
            {"revision": row, "url": place.url(query={"revision": row.revision})}
            for row in place.revisions
        ],
        "notes": _notes(place, shown),
        "published_url": _published_url(place, published),
        **_year_before(place),
    }


def _notes(place: Place, shown: AnnualReport) -> list[str]:
    if shown != place.revisions[0]:
        return ["这是以前的一版；下面的数据是现在的。"]
    return (
        ["这份报告已经公布。下面是现在的数据，公布的内容见右边。"] if shown.state in ENDED else []
    )


def _year_before(place: Place) -> Context:
    """What was published then, or where it can be entered; nothing before there was a format."""
    before = Place(place.department, place.year - 1, place.scope)
    if before.year < FIRST_YEAR:
        return {}
    held = before.published
    return {
        "before": held,
        "before_year": before.year,
        "before_url": _published_url(before, held),
        "enter_url": before.url("enter_published"),
    }


def _published_url(place: Place, row: PublishedTable | None) -> str:
    return place.url("published", revision=row.revision) if row else ""


def acts_of(place: Place, shown: AnnualReport, user: User, content: Content) -> list[Context]:
    """The buttons of the title row: what `user` may do with it as it stands."""
    if shown != place.revisions[0]:
        return []
    allowed = annual.allowed_steps(shown, user)
    if content.tables != Tables.zero(content.format):
        allowed = [kind for kind in allowed if kind != ReportStepKind.REPORTED_ZERO]
    found = [
        {
            "label": annual.STEPS[kind].label,
            "url": place.url("report_step", step=page),
            "primary": kind in (ReportStepKind.CONFIRMED, ReportStepKind.ACCEPTED),
        }
        for page, kind in STEP_PAGES.items()
        if kind in allowed
    ]
    if ReportStepKind.PUBLISHED in allowed:
        found.append({"label": "公布", "url": place.url("report_publish"), "primary": True})
    writes = annual.may_write(user, shown)
    if writes and shown.is_writable:
        found.insert(0, {"label": "填写第二部分", "url": place.url("report_section_two")})
        found.insert(0, {"label": "填写文字", "url": place.url("report_texts")})
    if writes and shown.state == ReportState.PUBLISHED:
        found.append({"label": "更正发布", "url": place.url("report_correct")})
    return found


def urls_of(place: Place) -> Context:
    """Where else the page leads to."""
    question = Question.of_year(place.department, place.year, place.scope)
    return {
        "table_url": table_url(question),
        "tie_url": place.url("report_tie"),
        "texts_url": place.url("report_texts"),
        "two_url": place.url("report_section_two"),
    }


def choices_of(place: Place, user: User) -> Context:
    """Department, year and scope to choose from; the year of today is still being counted."""
    visible = Department.objects.visible_to(user)
    labels = scope_labels(place.department)
    years = range(timezone.localdate().year, FIRST_YEAR - 1, -1)
    return {
        "departments": tree_choices(visible.order_by("path"), place.department),
        "years": [Choice(year, f"{year} 年", year == place.year) for year in years],
        "scopes": [
            Choice(scope, labels[scope], scope == place.scope)
            for scope in scopes_of(place.department)
        ],
    }


def _here(place: Place, shown: AnnualReport) -> dict[str, str]:
    """What an address says of the revision: nothing of the latest."""
    return {} if shown == place.revisions[0] else {"revision": str(shown.revision)}


def _is_tied(checks: list[Check]) -> bool:
    return all(check.passed for check in checks if check.code == "s3_cross_year")
