"""The steps of a report, each a page: confirm, report zero, recall, send back, accept, publish,
correct; and to let a warning pass."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from cases.views.acting import form_methods
from cases.views.base import user_of
from reports import annual
from reports.choices import ReportState, ReportStepKind
from reports.models import AnnualReport
from reports.report_forms import CommentForm, CorrectForm, JudgeForm, PublishForm
from reports.views.report_base import act_on, latest_report, place_of, writable

CONFIRMED, PUBLISHED = ReportStepKind.CONFIRMED, ReportStepKind.PUBLISHED
# Page → step, in the order in which they are offered.
STEP_PAGES = {
    "confirm": CONFIRMED,
    "report-zero": ReportStepKind.REPORTED_ZERO,
    "accept": ReportStepKind.ACCEPTED,
    "send-back": ReportStepKind.RETURNED,
    "recall": ReportStepKind.RECALLED,
}
INTROS = {
    CONFIRMED: "确认后文字和数据不能再改，等待审核；要改，可以撤回确认。",
    ReportStepKind.REPORTED_ZERO: "没有收到申请、也没有复议和诉讼的单位，一步确认各表均为零。",
    ReportStepKind.ACCEPTED: "审核通过后，由填报单位公布。",
    ReportStepKind.RETURNED: "退回后由填报单位修改，再次确认；意见随报告保存。",
    ReportStepKind.RECALLED: "撤回后可以修改，改好再次确认。",
    PUBLISHED: ("公布后保存文字和数据的快照及校验码，任何人不能再改；以后发现有误的，更正发布。"),
}
CORRECTING = "更正发布另起一版：从已公布的内容开始修改，再经确认、审核、公布；原来的一版照旧保存。"
JUDGING = "认可以后这一项不再妨碍确认和公布；它背后的数据一旦改变，须重新认可。"


@login_required
@form_methods
def step(request: HttpRequest, department: int, year: int, scope: str, step: str) -> HttpResponse:
    """Any step but to publish."""
    if (kind := STEP_PAGES.get(step)) is None:
        raise Http404
    report = latest_report(request, department, year, scope)
    if elsewhere := _out_of_place(request, report, kind):
        return elsewhere
    label = annual.STEPS[kind].label
    return act_on(
        request,
        report,
        CommentForm(request.POST or None, initial={"version": report.version}),
        partial(annual.take_step, report, kind),
        said=f"{place_of(report)}：已{label}。",
        intro=INTROS[kind],
        submit_label=label,
        in_the_way=annual.open_findings(report) if kind == CONFIRMED else (),
    )


@login_required
@form_methods
def publish(request: HttpRequest, department: int, year: int, scope: str) -> HttpResponse:
    report, today = latest_report(request, department, year, scope), timezone.localdate()
    if elsewhere := _out_of_place(request, report, PUBLISHED):
        return elsewhere
    initial = {"version": report.version, "published_on": today}
    return act_on(
        request,
        report,
        PublishForm(request.POST or None, initial=initial, today=today),
        partial(annual.publish, report, today=today),
        said=f"{place_of(report)}已公布，内容已固定。",
        intro=INTROS[PUBLISHED],
        submit_label=annual.STEPS[PUBLISHED].label,
        grave=True,
        in_the_way=annual.open_findings(report),
    )


@login_required
@form_methods
def correct(request: HttpRequest, department: int, year: int, scope: str) -> HttpResponse:
    report = latest_report(request, department, year, scope)
    if request.method != "POST":
        if not annual.may_write(user_of(request), report):
            raise PermissionDenied(f"您没有更正{report}的权限。")
        if report.state != ReportState.PUBLISHED:
            state = report.get_state_display()
            messages.warning(request, f"{report}现在是“{state}”，不用更正发布。")
            return redirect(place_of(report).url())
    return act_on(
        request,
        report,
        CorrectForm(request.POST or None),
        partial(annual.correct, report),
        said=f"{place_of(report)}：已开始更正，请修改后确认。",
        intro=CORRECTING,
        submit_label="更正发布",
    )


@login_required
@form_methods
def judge(request: HttpRequest, department: int, year: int, scope: str, key: str) -> HttpResponse:
    """The form stands beside the finding, too; here it is shown again when it is refused."""
    report = latest_report(request, department, year, scope)
    if elsewhere := writable(request, report):
        return elsewhere
    found = next((one for one in annual.findings(report) if one.fingerprint == key), None)
    if found is None and request.method != "POST":
        messages.warning(request, "这一项已经变了，请看现在的结果。")
        return redirect(place_of(report).url())
    return act_on(
        request,
        report,
        JudgeForm(request.POST or None),
        partial(annual.judge, report, key),
        said="已认可。",
        intro=JUDGING,
        submit_label="认可",
        finding=found,
    )


def _out_of_place(
    request: HttpRequest, report: AnnualReport, kind: ReportStepKind
) -> HttpResponse | None:
    """403 for whom the step is not; back to the report, and why, where it has no place now.

    A form that is handed in is judged by the act, so that what was typed is kept.
    """
    if request.method == "POST":
        return None
    if theirs := annual.not_theirs(report, kind, user_of(request)):
        raise PermissionDenied(theirs)
    if said := annual.refusal(report, kind, user_of(request)):
        messages.warning(request, said)
        return redirect(place_of(report).url())
    return None
