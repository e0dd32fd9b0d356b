"""The board of a year's reports, and what the office does on it: accept, and send back."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.forms.base import RecordForm, attempt, text_area
from cases.models import Department, User
from cases.permissions import Act, can
from cases.views.base import REFUSED, act_only, user_of
from reports.annual import STEPS, allowed_steps, publish_by, take_step
from reports.board import FIGURES, SHOWN, Board, Row, board_of, reminder
from reports.choices import ALL, ReportStepKind, Way
from reports.counting import scope_labels
from reports.exports.board_xlsx import board_workbook
from reports.models import AnnualReport
from reports.views.base import asked_government, asked_year, hand_in_url
from reports.views.page import tree_choices, year_choices
from reports.views.parts import parts_url

OFFERED = (ReportStepKind.ACCEPTED, ReportStepKind.RETURNED)


class StepForm(RecordForm):
    """What the office does with one report of the board."""

    kind = forms.ChoiceField(
        label="处理", choices=[(kind.value, STEPS[kind].label) for kind in OFFERED]
    )
    comment = forms.CharField(
        label="意见", required=False, max_length=500, widget=text_area(2), help_text="退回时必填。"
    )


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    government = asked_government(request, request.GET, Act.OVERSEE)
    return _draw(request, government, asked_year(request.GET, timezone.localdate()))


@login_required
@require_safe
def board_file(request: HttpRequest) -> FileResponse:
    """The same as a spreadsheet."""
    government = asked_government(request, request.GET, Act.OVERSEE)
    year, today = asked_year(request.GET, timezone.localdate()), timezone.localdate()
    content = board_workbook(board_of(government, year, on=today), on=today)
    name = f"{government.name} {year} 年度年报进度.xlsx"
    return FileResponse(BytesIO(content), as_attachment=True, filename=name)


@login_required
@act_only
def board_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the report of a unit, or send it back; refused, the board keeps what was typed."""
    government = asked_government(request, request.GET, Act.OVERSEE)
    year = asked_year(request.GET, timezone.localdate())
    shown = board_of(government, year, on=timezone.localdate())
    report = next((row.report for row in shown.rows if row.report and row.report.pk == pk), None)
    if report is None:
        raise Http404
    form = _form(report, request.POST)
    if form.is_valid():
        kind = ReportStepKind(form.cleaned_data.pop("kind"))
        step = partial(take_step, report, kind, by=user_of(request), **form.cleaned_data)
        latest = AnnualReport.objects.filter(pk=pk).values_list("version", flat=True)
        if attempt(form, step, latest.get):
            messages.success(request, f"{report}：{STEPS[kind].label}。")
            return redirect(_url(government, year, request.GET.get("show", "")))
    return _draw(request, government, year, form)


def _draw(
    request: HttpRequest, government: Department, year: int, failed: StepForm | None = None
) -> HttpResponse:
    user, today = user_of(request), timezone.localdate()
    found = board_of(government, year, on=today)
    chosen = request.GET.get("show", "")
    shows = SHOWN[chosen][1] if chosen in SHOWN else None
    governments = Department.objects.visible_to(user).filter(kind=government.kind)
    context: dict[str, Any] = {
        "board": found,
        "tiles": _tiles(found, chosen),
        "rows": [_row(row, found, user, failed) for row in found.rows if not shows or shows(row)],
        "figures": FIGURES.values(),
        "sums": [
            (number, parts_url(government, year, ALL, path) if found.is_whole else "")
            for number, path in zip(found.sums, FIGURES, strict=True)
        ],
        "scope_label": scope_labels(government)[ALL],
        "reminder": reminder(found, on=today),
        "publish_by": publish_by(year),
        "may_call": can(user, Act.RUN_CALL, government),
        "here": urlencode({"department": government.pk, "year": year}),
        "chosen": chosen if chosen in SHOWN else "",
        "departments": tree_choices(governments.order_by("path"), government),
        "years": year_choices(government, today, str(year), None),
        "form": failed,
    }
    status = REFUSED if failed and failed.refused else 200
    return render(request, "reports/board.html", context, status=status)


def _tiles(board: Board, chosen: str) -> list[dict[str, Any]]:
    found = []
    for key, (label, shows) in SHOWN.items():
        number = sum(map(shows, board.rows))
        found.append(
            {
                "label": label,
                "value": number,
                "unit": f"/ {len(board.rows)} 个单位" if key == "reported" else "个单位",
                "url": _url(board.government, board.year, "" if key == chosen else key),
                "chosen": key == chosen,
                "zero": not number,
            }
        )
    return found


def _row(row: Row, board: Board, user: User, failed: StepForm | None) -> dict[str, Any]:
    """One line; `form` where the report waits for the office and this user may take it."""
    report = row.report
    allowed = allowed_steps(report, user, board.government) if report else []
    steps = [kind for kind in OFFERED if kind in allowed]
    form = None
    if report and failed and failed.prefix == _prefix(report):
        form = failed
    elif report and steps:
        form = _form(report)
    reached, hands_in = user.reached_departments, row.way == Way.HANDED_IN
    sees = reached is None or row.department.pk in reached
    return {
        "row": row,
        "hand_in_url": hand_in_url(row.department, board.year) if hands_in and sees else "",
        "form": form,
        "open": form is not None and form is failed,
        "steps": [{"kind": kind.value, "label": STEPS[kind].label} for kind in steps],
    }


def _form(report: AnnualReport, data: Any = None) -> StepForm:
    return StepForm(data, prefix=_prefix(report), initial={"version": report.version})


def _prefix(report: AnnualReport) -> str:
    return f"r{report.pk}"


def _url(government: Department, year: int, show: str) -> str:
    said = {"department": government.pk, "year": year} | ({"show": show} if show else {})
    return f"{reverse('reports:board')}?{urlencode(said)}"
