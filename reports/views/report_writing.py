"""Writing a report: its passages, section two, figures set centrally, the tie to last year."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from cases.models import User
from cases.views.acting import form_methods
from reports import annual
from reports.annual.content import parts_of, plain_sum, section_two_of
from reports.checks import CROSS_YEAR, Check, Number
from reports.formats.content import PASSAGES, SectionTwoFigures, place_label, places
from reports.models import AnnualReport
from reports.proposals import proposals
from reports.report_forms import CentralForm, SectionTwoForm, TextsForm, TieForm
from reports.report_presenting import amount, length, table2
from reports.rollup import RollUp, roll_up
from reports.views.report_base import Place, act_on, latest_report, place_of, writable

Context = dict[str, Any]


@login_required
@form_methods
def texts(request: HttpRequest, department: int, year: int, scope: str) -> HttpResponse:
    """All passages on one page, what can be said from the figures beside them."""
    report = latest_report(request, department, year, scope)
    if elsewhere := writable(request, report):
        return elsewhere
    form = TextsForm(request.POST or None, initial={"version": report.version, **report.texts})
    rolled = roll_up(report.department, scope, year)
    offered = proposals(report, rolled, on=timezone.localdate())
    return act_on(
        request,
        report,
        form,
        partial(_save_texts, report),
        said="文字已保存。",
        template="reports/report_texts.html",
        submit_label="保存",
        passages=[
            {
                "field": form[passage.key],
                "length": length(form[passage.key].value() or ""),
                "proposals": offered.get(passage.key, ()),
            }
            for passage in PASSAGES
        ],
    )


def _save_texts(report: AnnualReport, *, by: User, version: int, **said: str) -> AnnualReport:
    return annual.save_texts(report, said, by=by, version=version)


@login_required
@form_methods
def section_two(request: HttpRequest, department: int, year: int, scope: str) -> HttpResponse:
    """The figures of section two, last year's beside; of a roll-up the plain sums."""
    report = latest_report(request, department, year, scope)
    if elsewhere := writable(request, report):
        return elsewhere
    rolled = roll_up(report.department, scope, year)
    figures = section_two_of(report, rolled)
    initial = {"version": report.version} | dict(figures.amounts)
    form = SectionTwoForm(request.POST or None, initial=initial, fmt=report.format)
    checks = [check for check in annual.checks_of(report, rolled) if _is_of_two(check)]
    return act_on(
        request,
        report,
        form,
        lambda by, version, **_: annual.save_section_two(
            report, form.figures, by=by, version=version
        ),
        said="第二部分已保存。",
        template="reports/report_section_two.html",
        back=f"{place_of(report).url()}#table-2",
        submit_label="保存",
        pointed_out=[check for check in checks if not check.passed],
        table2=_entry(report, rolled, figures, form),
        before=annual.previous_of(report),
        centrally=[
            {"label": place_label(report.format, path), **said}
            for path, said in report.set_centrally.items()
        ],
    )


def _is_of_two(check: Check) -> bool:
    """A jump, or figures in force that do not follow from last year's."""
    of_two = any(path.startswith("section_two.") for path in check.cells)
    return of_two and check.severity == "warning" and check.quote is None


def _entry(
    report: AnnualReport, rolled: RollUp, figures: SectionTwoFigures, form: SectionTwoForm
) -> Context:
    """Section two with a field in each cell; of a roll-up each cell leads to where it is set."""
    place, fmt = place_of(report), report.format
    previous = annual.previous_of(report)
    known = places(previous.format) if previous else {}
    sums = plain_sum(report, rolled) if report.is_roll_up else None

    def url_of(path: str) -> str:
        return _central_url(place, path) if sums else ""

    table = table2(fmt, figures, url_of=url_of)
    for block in table["blocks"]:
        for row in block["rows"]:
            for cell in row["cells"]:
                path = cell["path"]
                before = previous.value(path) if previous and path in known else None
                words = [f"上年 {amount(before)}"] if before is not None else []
                if sums is None:
                    cell["field"] = form[path]
                else:
                    cell["blank"] = False
                    cell["value"] = cell["value"] or "空白"
                    if path in report.set_centrally:
                        words.insert(0, f"相加 {amount(sums.value(path)) or '空白'}")
                cell["under"] = "，".join(words)
    return table


def _central_url(place: Place, path: str) -> str:
    _, row, column = path.split(".")
    return place.url("report_central", row=row, column=column)


@login_required
@form_methods
def central(
    request: HttpRequest, department: int, year: int, scope: str, row: str, column: str
) -> HttpResponse:
    """A figure of a roll-up beside its plain sum, and what each organ adds to that."""
    report = latest_report(request, department, year, scope)
    path = f"section_two.{row}.{column}"
    if path not in places(report.format) or not report.is_roll_up:
        raise Http404
    if elsewhere := writable(request, report):
        return elsewhere
    rolled, said = roll_up(report.department, scope, year), report.set_centrally.get(path, {})
    form = CentralForm(
        request.POST or None,
        initial={"version": report.version, **said},
        fmt=report.format,
        path=path,
    )
    return act_on(
        request,
        report,
        form,
        partial(annual.set_centrally, report, path),
        said=f"“{place_label(report.format, path)}”已保存。",
        template="reports/report_central.html",
        back=place_of(report).url("report_section_two"),
        submit_label="统一填报",
        label=place_label(report.format, path),
        plain_sum=amount(plain_sum(report, rolled).value(path)) or "空白",
        parts=_told(report, rolled, path),
    )


def _told(report: AnnualReport, rolled: RollUp, path: str) -> list[tuple[str, Number | str]]:
    """Organ and figure; 空白 where it has not said any."""
    return [(part.name, amount(part.value(path)) or "空白") for part in parts_of(report, rolled)]


@login_required
@form_methods
def tie(request: HttpRequest, department: int, year: int, scope: str) -> HttpResponse:
    """Why 上年结转 is another figure than what was published last year."""
    report = latest_report(request, department, year, scope)
    if elsewhere := writable(request, report):
        return elsewhere
    initial = {"version": report.version, "text": report.tie_explanation}
    checks = annual.checks_of(report)
    return act_on(
        request,
        report,
        TieForm(request.POST or None, initial=initial),
        partial(annual.explain_tie, report),
        said="与上年衔接的说明已保存。",
        template="reports/report_tie.html",
        submit_label="保存说明",
        ties=[check for check in checks if check.code == CROSS_YEAR.code],
    )
