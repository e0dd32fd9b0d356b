"""What was made public: as it was, against what the cases say now; and reports entered by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from cases.forms.base import attempt
from cases.models import Case, Proceeding, User
from cases.permissions import can
from cases.views.acting import form_methods
from cases.views.base import draw_form, user_of
from reports import annual
from reports.annual.causes import Cause, causes
from reports.annual.differences import cases_behind, differences, proceedings_behind
from reports.annual.rules import writer_act
from reports.checks import findings as broken
from reports.checks import run_checks
from reports.choices import Origin
from reports.counting import Period, size
from reports.formats.base import Format, Tables
from reports.formats.content import Content, SectionTwoFigures
from reports.models import PublishedTable
from reports.presenting import panel_case, panel_proceeding, table3, table4
from reports.report_forms import PublishedForm
from reports.report_presenting import difference_lines, sections, table2
from reports.views.report_base import Place, asked_place
from reports.views.report_cell import cell_of

Context = dict[str, Any]

LISTED = 200  # cases, and proceedings, that may be why; of the rest only the number is told


@login_required
@require_safe
def published(
    request: HttpRequest, department: int, year: int, scope: str, revision: int
) -> HttpResponse:
    place = asked_place(request, department, year, scope)
    rows = PublishedTable.objects.filter(department=place.department, year=year, scope=scope)
    row = get_object_or_404(rows.select_related("by", "department"), revision=revision)
    context = {
        "place": place,
        "place_url": place.url(),
        "row": row,
        "figures_only": not row.texts,
        "is_whole": annual.checksum_of(row) == row.sha256,
        "others": rows.exclude(pk=row.pk).order_by("-revision"),
        **_as_printed(row.content),
        **_apart(place, row, user_of(request)),
    }
    return render(request, "reports/report_published.html", context)


def _as_printed(content: Content) -> Context:
    fmt, checks = content.format, run_checks(content.format, content.tables)
    return {
        **sections(content),
        "table2": table2(fmt, content.section_two),
        "table3": table3(fmt, content.tables, checks, url_of=lambda path: ""),
        "table4": table4(fmt, content.tables, checks, url_of=lambda path: ""),
    }


def _apart(place: Place, row: PublishedTable, user: User) -> Context:
    """Where the report says something else now, and the cases that may be why.

    Without a report here there is nothing that could say anything.
    """
    if not place.revisions:
        return {"compared": False}
    now = annual.content_of(place.revisions[0])

    def url_of(path: str) -> str:
        return place.url(query=None if path.startswith("section_two.") else cell_of(path))

    found = differences(row.content, now)
    parts = {one.path.partition(".")[0] for one in found}
    known = _causes(row, user)
    lines, number = _behind(row, user, parts, known)
    return {
        "compared": True,
        "apart": difference_lines(row.content.format, found, url_of),
        "causes": known,
        "behind": lines,
        "more": number - len(lines),
    }


def _causes(row: PublishedTable, user: User) -> list[Cause]:
    """What counts otherwise since, as far as the user may see it."""
    found = causes(row)
    cases = Case.objects.visible_to(user).filter(pk__in=_keys(Case, found))
    suits = Proceeding.objects.visible_to(user).filter(pk__in=_keys(Proceeding, found))
    seen: set[Case | Proceeding] = {*cases, *suits}
    return [cause for cause in found if cause.record in seen]


def _keys(model: type[Model], found: Iterable[Cause]) -> list[int]:
    return [cause.record.pk for cause in found if isinstance(cause.record, model)]


def _behind(
    row: PublishedTable, user: User, parts: Collection[str], known: Sequence[Cause]
) -> tuple[list[Context], int]:
    """The first of what else may be why, within the user's scope, in the shape of the panel of a
    cell; and how many there are."""
    cases = cases_behind(row).visible_to(user).exclude(pk__in=_keys(Case, known))
    suits = proceedings_behind(row).visible_to(user).exclude(pk__in=_keys(Proceeding, known))
    cases = cases.order_by("-received_on", "-pk")
    suits = suits.order_by("-filed_on", "-pk")
    last, lines, number = Period.year(row.year).last, [], 0
    if "section_three" in parts:
        number += size(cases)
        lines += [_case(case, last) for case in cases[:LISTED]]
    if "section_four" in parts:
        number += size(suits)
        shown = suits.select_related("case", "department")[:LISTED]
        lines += [panel_proceeding(one, last) for one in shown]
    return lines, number


def _case(case: Case, last: date) -> Context:
    line = panel_case(case, last, by_reply=True)
    return line | {"detail": "已作废"} if case.voided_on else line


@login_required
@form_methods
def enter_published(request: HttpRequest, department: int, year: int, scope: str) -> HttpResponse:
    """A report that was published before the system held any: section two, three and four."""
    place, user = asked_place(request, department, year, scope), user_of(request)
    fmt, held = _enterable(request, place)
    if elsewhere := _published_here(request, place, held):
        return elsewhere
    initial = _typed(held) if held else {}
    form = PublishedForm(request.POST or None, initial=initial, fmt=fmt)
    if form.is_valid():
        content, note = form.content(year, place.department.name), form.cleaned_data["note"]
        row = attempt(
            form,
            lambda: annual.enter_published(place.department, scope, content, by=user, note=note),
        )
        if row is not None:
            _say_entered(request, place, content)
            return redirect(place.url("published", revision=row.revision))
    context = {"place": place, "held": held, "submit_label": "补录", "cancel_url": place.url()}
    return draw_form(request, "reports/report_enter.html", form, context | _entry(fmt, form))


def _enterable(request: HttpRequest, place: Place) -> tuple[Format, PublishedTable | None]:
    """403 for who does not write its reports; what was entered before."""
    if request.method != "POST" and not can(
        user_of(request), writer_act(place.scope), place.department
    ):
        raise PermissionDenied(f"您没有补录{place.department}年度报告的权限。")
    return place.format, place.published


def _published_here(
    request: HttpRequest, place: Place, held: PublishedTable | None
) -> HttpResponse | None:
    if request.method == "POST" or held is None or held.origin != Origin.REPORT:
        return None
    messages.warning(request, "这一年度的报告由本系统公布，不能补录；有误的，更正发布。")
    return redirect(place.url())


def _typed(held: PublishedTable) -> Context:
    content = held.content
    paths = (*content.section_two.amounts, *content.format.cells)
    return {path: content.value(path) for path in paths}


def _say_entered(request: HttpRequest, place: Place, content: Content) -> None:
    """What was published is entered with its faults; they are told, so that typing is looked at."""
    faults = len(broken(run_checks(content.format, content.tables)))
    messages.success(request, f"{place}已补录。")
    if faults:
        messages.warning(
            request, f"有 {faults} 处勾稽不符，请与公布的原文核对；原文如此的，不必改。"
        )


def _entry(fmt: Format, form: PublishedForm) -> Context:
    """The official tables with a field in each cell, and without their ticks."""
    tables = Tables.blank(fmt)
    checks = run_checks(fmt, tables)
    two = table2(fmt, SectionTwoFigures.blank(fmt))
    three = table3(fmt, tables, checks, url_of=lambda path: "")
    four = table4(fmt, tables, checks, url_of=lambda path: "")
    rows = [row for block in two["blocks"] for row in block["rows"]]
    for row in (*rows, *three["body"], four):
        for cell in row["cells"]:
            cell["field"] = form[cell["path"]]
    for row in three["body"]:
        row["state"] = ""
    three["foot"] = four["foot"] = None
    return {"table2": two, "table3": three, "table4": four}
