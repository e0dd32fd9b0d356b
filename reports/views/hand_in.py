"""报送统计表: the tables of an organ that works elsewhere, by our template or typed."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.forms.base import ActForm, attempt
from cases.models import Department, User
from cases.views.acting import form_methods
from cases.views.base import act_only, draw_form, id_of, user_of
from reports.annual.content import latest_reports, previous_by_organ
from reports.annual.handing import refusal_to_hand_in, take_in
from reports.checks import findings, run_checks
from reports.exports.handin_xlsx import handin_template
from reports.formats import format_for_year
from reports.formats.base import Format, Tables
from reports.formats.content import SectionTwoFigures
from reports.formats.layout import layout
from reports.handin import HandedIn
from reports.handin_forms import (
    MOST_SAID,
    FileForm,
    TakeInForm,
    TypedForm,
    figures_of,
    kept,
    whose_of,
)
from reports.models import HandedInTable
from reports.presenting import check_lines, check_summary, table3, table4
from reports.views.base import asked_department, asked_year

Context = dict[str, Any]


class Asked(NamedTuple):
    """Whose tables of which year are handed in, and by whom."""

    department: Department
    year: int
    format: Format
    user: User

    def url_of(self, name: str) -> str:
        return f"{reverse(name)}?{urlencode({'department': self.department.pk, 'year': self.year})}"

    @property
    def url(self) -> str:
        return self.url_of("reports:hand_in")

    @property
    def template_url(self) -> str:
        return self.url_of("reports:hand_in_template")

    @property
    def typed_url(self) -> str:
        return self.url_of("reports:hand_in_typed")

    @property
    def store_url(self) -> str:
        return self.url_of("reports:hand_in_store")

    @property
    def whose(self) -> dict[str, int]:
        return whose_of(self.department, self.year, self.user)

    @property
    def refusal(self) -> str:
        return refusal_to_hand_in(self.department, self.year, self.user)

    def file_form(self, *data: Any) -> FileForm:
        return FileForm(*data, fmt=self.format, year=self.year, department=self.department)


def asked(request: HttpRequest) -> Asked:
    """404 for a government, which has no tables of its own, and out of scope."""
    department = asked_department(request, request.GET)
    year = asked_year(request.GET, timezone.localdate())
    if not department.holds_cases:
        raise Http404
    return Asked(department, year, format_for_year(year), user_of(request))


@login_required
@form_methods
def hand_in(request: HttpRequest) -> HttpResponse:
    """What was handed in, and how to hand in; a file is looked at before it is taken in."""
    this = asked(request)
    if request.method != "POST":
        return _draw(request, this, this.file_form())
    _check(this)
    form = this.file_form(request.POST, request.FILES)
    if form.is_valid() and form.handed_in:
        return _preview(request, this, form.handed_in)
    return _draw(request, this, form)


@login_required
@require_safe
def template(request: HttpRequest) -> FileResponse:
    this = asked(request)
    content = handin_template(
        this.format, year=this.year, organ=this.department.name, code=this.department.code
    )
    name = f"{this.department.name} {this.year} 年度统计表.xlsx"
    return FileResponse(BytesIO(content), as_attachment=True, filename=name)


@login_required
@form_methods
def typed(request: HttpRequest) -> HttpResponse:
    """The figures typed into the table. `kept` begins it with what was looked at just now."""
    this = asked(request)
    _check(this)
    if request.method == "POST" and "kept" in request.POST:
        looked_at = TakeInForm(request.POST, whose=this.whose, fmt=this.format)
        known = looked_at.handed_in if looked_at.is_valid() else None
        return _draw_typed(request, this, TypedForm(fmt=this.format, initial=_start(this, known)))
    form = TypedForm(request.POST or None, fmt=this.format, initial=_start(this, None))
    if form.is_valid() and form.handed_in:
        return _preview(request, this, form.handed_in)
    return _draw_typed(request, this, form)


@login_required
@act_only
def store(request: HttpRequest) -> HttpResponse:
    """Take in what was looked at."""
    this = asked(request)
    form = TakeInForm(request.POST, whose=this.whose, fmt=this.format)
    if form.is_valid() and form.handed_in:
        act = partial(take_in, this.department, this.year, form.handed_in, by=this.user)
        if attempt(form, act):
            messages.success(request, f"{this.department} {this.year} 年度统计表已报送。")
            return redirect(this.url)
    return _draw(request, this, form)


def _check(this: Asked) -> None:
    """403, with the sentence, where nothing may be handed in."""
    if this.refusal:
        raise PermissionDenied(this.refusal)


def _start(this: Asked, known: HandedIn | None) -> dict[str, Any]:
    """What is to be corrected: what was just looked at, or what was handed in last."""
    if known is not None:
        return figures_of(this.format, known.tables, known.section_two)
    latest = _history(this)[:1]
    return figures_of(this.format, latest[0].tables, _section_two(this)) if latest else {}


def _history(this: Asked) -> list[HandedInTable]:
    """The latest first."""
    rows = HandedInTable.objects.filter(department=this.department, year=this.year)
    return list(rows.select_related("by"))


def _section_two(this: Asked) -> SectionTwoFigures | None:
    report = latest_reports([this.department.pk], this.year).get(this.department.pk)
    if report is None or not report.section_two:
        return None
    return SectionTwoFigures.from_json(this.format, report.section_two)


# Pages --------------------------------------------------------------------------------------------


def _draw(request: HttpRequest, this: Asked, form: ActForm) -> HttpResponse:
    history = _history(this)
    named = id_of(request.GET.get("table", ""))
    shown = next((row for row in history if row.pk == named), history[0] if history else None)
    if named and (shown is None or shown.pk != named):
        raise Http404
    context: Context = {
        "this": this,
        "refusal": this.refusal,
        "file_form": form if isinstance(form, FileForm) else this.file_form(),
        "history": history,
        "shown": shown,
    }
    if shown:
        context |= _tables(this, shown.tables, _section_two(this) if not named else None)
    return draw_form(request, "reports/hand_in.html", form, context)


def _preview(request: HttpRequest, this: Asked, handed_in: HandedIn) -> HttpResponse:
    form = TakeInForm(
        whose=this.whose, fmt=this.format, initial={"kept": kept(handed_in, this.whose)}
    )
    context: Context = {"this": this, "handed_in": handed_in}
    context |= _tables(this, handed_in.tables, handed_in.section_two)
    return draw_form(request, "reports/hand_in_preview.html", form, context)


def _draw_typed(request: HttpRequest, this: Asked, form: TypedForm) -> HttpResponse:
    """The official tables with a field in the place of each figure."""
    fmt, blank = this.format, Tables.blank(this.format)
    nothing = run_checks(fmt, blank)
    three = table3(fmt, blank, nothing, url_of=_nowhere)
    four = table4(fmt, blank, nothing, url_of=_nowhere)
    for row, line in zip(three["body"], layout(fmt.section_three), strict=True):
        row["fields"] = form.row(f"section_three.{line.row.key}", fmt.section_three.columns)
    four["fields"] = [
        field
        for group in fmt.section_four.groups
        for field in form.row(f"section_four.{group.key}", fmt.section_four.columns)
    ]
    blocks = [
        {
            "block": block,
            "rows": [
                (row, form.row(f"section_two.{row.key}", block.columns)) for row in block.rows
            ],
        }
        for block in fmt.section_two.blocks
    ]
    wrong = [(form[path], said[0]) for path, said in form.errors.items()]
    context: Context = {"this": this, "table3": three, "table4": four, "blocks": blocks}
    context |= {"wrong": wrong[:MOST_SAID], "more": len(wrong[MOST_SAID:])}
    return draw_form(request, "reports/hand_in_typed.html", form, context)


def _tables(this: Asked, tables: Tables, two: SectionTwoFigures | None) -> Context:
    """Figures to read, cell by cell, with what their checks find."""
    fmt, pk = this.format, this.department.pk
    previous = previous_by_organ([pk], this.year).get(pk)
    checks = run_checks(fmt, tables, previous.tables if previous else None)
    lines = check_lines(checks, url_of=_nowhere)
    return {
        "table3": table3(fmt, tables, checks, url_of=_nowhere),
        "table4": table4(fmt, tables, checks, url_of=_nowhere),
        "blocks": [
            {
                "block": block,
                "rows": [
                    (row, [two.value(f"section_two.{row.key}.{c.key}") for c in block.columns])
                    for row in block.rows
                ],
            }
            for block in fmt.section_two.blocks
        ]
        if two
        else (),
        "checks": lines,
        "checks_summary": check_summary(lines),
        "broken": len(findings(checks)),
    }


def _nowhere(path: str) -> str:
    """A figure that was handed in has no cases behind it."""
    return ""
