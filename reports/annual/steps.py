"""The steps of a report: confirm, send back, accept, publish, correct."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from cases.choices import Outcome
from cases.models import User
from cases.permissions import can
from cases.workflow import NotAllowed, seal_year
from reports.annual.base import locked, note_step, save
from reports.annual.content import checksum, content_of, snapshot
from reports.annual.findings import open_findings
from reports.annual.rules import STEPS, refusal, writer_act
from reports.choices import OWN, Origin, ReportState, ReportStepKind
from reports.models import AnnualReport, PublishedTable

COMMENTED = frozenset({ReportStepKind.RETURNED, ReportStepKind.RECALLED})
# A zero report says nothing yet of texts and section two; what is published has to be whole.
CHECKED = frozenset({ReportStepKind.CONFIRMED, ReportStepKind.PUBLISHED})


@transaction.atomic
def take_step(
    report: AnnualReport,
    kind: ReportStepKind,
    *,
    by: User,
    version: int | None,
    comment: str = "",
) -> AnnualReport:
    """Any step but to publish, which is `publish`.

    Raises `NotAllowed` out of place, `ValidationError` while something is found that is neither
    mended nor judged, or where a comment is asked for.
    """
    if kind == ReportStepKind.PUBLISHED:
        raise ValueError(kind)
    report = locked(report, version)
    _check(report, kind, by)
    if kind in COMMENTED and not comment.strip():
        raise ValidationError({"comment": "请写明原因，填报的人据此修改。"})
    if kind == ReportStepKind.REPORTED_ZERO and not is_zero(report):
        raise ValidationError("有申请、复议或者诉讼的单位不能零报告，请确认统计表。")
    report.is_zero = kind == ReportStepKind.REPORTED_ZERO
    return _taken(report, kind, by, comment)


@transaction.atomic
def publish(
    report: AnnualReport,
    *,
    by: User,
    version: int | None,
    published_on: date,
    published_at: str,
    today: date,
) -> PublishedTable:
    """Freeze what is made public; the revision before, if any, has been corrected by it.

    Raises as `take_step`; `ValidationError` for a day to come, or within the year itself.
    """
    report = locked(report, version)
    _check(report, ReportStepKind.PUBLISHED, by)
    if not report.year < published_on.year or published_on > today:
        raise ValidationError(
            {"published_on": f"公布日期须在 {report.year} 年之后，并且不晚于今天。"}
        )
    if not published_at.strip():
        raise ValidationError({"published_at": "请填公布的网址或者位置。"})
    said, revision = snapshot(content_of(report)), _next_revision(report)
    row = PublishedTable.objects.create(
        department=report.department,
        year=report.year,
        scope=report.scope,
        revision=revision,
        origin=Origin.REPORT,
        report=report,
        published_on=published_on,
        published_at=published_at.strip(),
        by=by,
        sha256=checksum(report.department, report.year, report.scope, revision, said),
        **said,
    )
    _seal(report, row)
    _same(report).filter(state=ReportState.PUBLISHED).update(state=ReportState.CORRECTED)
    _taken(report, ReportStepKind.PUBLISHED, by, f"{published_on} {row.published_at}")
    return row


@transaction.atomic
def correct(report: AnnualReport, *, by: User, reason: str) -> AnnualReport:
    """Begin a new revision of a published report (更正发布): what it said, to be changed.

    Raises `NotAllowed`; `ValidationError` without a reason, or while another is in the making.
    """
    report = locked(report, None)
    if not can(by, writer_act(report.scope), report.department):
        raise NotAllowed(f"您没有更正{report}的权限。")
    if report.state != ReportState.PUBLISHED:
        raise NotAllowed(f"{report}现在是“{report.get_state_display()}”，不用更正发布。")
    if not reason.strip():
        raise ValidationError({"reason": "请写明更正的原因，它随更正后的报告保存。"})
    if _same(report).filter(revision__gt=report.revision).exists():
        raise ValidationError("更正后的报告已在填报中。")
    revision = AnnualReport(
        department=report.department,
        year=report.year,
        scope=report.scope,
        revision=report.revision + 1,
        texts=report.texts,
        section_two=report.section_two,
        set_centrally=report.set_centrally,
        tie_explanation=report.tie_explanation,
        reason=reason.strip(),
    )
    save(revision, by=by, act="annual_report_correcting", after={"reason": revision.reason})
    note_step(revision, ReportStepKind.CORRECTING, by=by, comment=revision.reason)
    return revision


def is_zero(report: AnnualReport) -> bool:
    """Whether sections three and four hold nothing but zeros."""
    tables = content_of(report).tables
    rows = (*tables.section_three.values(), *tables.section_four.values())
    return all(figure == 0 for row in rows for figure in row)


def _check(report: AnnualReport, kind: ReportStepKind, by: User) -> None:
    if said := refusal(report, kind, by):
        raise NotAllowed(said)
    if kind in CHECKED and (found := open_findings(report)):
        more = [f"还有 {len(found) - 1} 项没有处理。"] if len(found) > 1 else []
        raise ValidationError([f"{found[0].sentence}。", *more])


def _taken(report: AnnualReport, kind: ReportStepKind, by: User, comment: str) -> AnnualReport:
    report.state = STEPS[kind].leads_to
    if report.state == ReportState.CONFIRMED:
        said = snapshot(content_of(report))
        report.confirmed = {"tables": said["figures"], "section_two": said["section_two"]}
    note_step(report, kind, by=by, comment=comment.strip())
    return save(report, by=by, act=f"annual_report_{kind}", after={"comment": comment.strip()})


def _seal(report: AnnualReport, row: PublishedTable) -> None:
    """From now on what changes the organ's own figures of that year asks for a reason.

    A roll-up holds no cases: it changes with the organs that it is made of.
    """
    if report.scope == OWN and row.published_on:
        three = report.format.section_three
        rows = {outcome: three.row_for_outcome(outcome).key for outcome in Outcome.values}
        seal_year(report.department, report.year, since=row.published_on, rows=rows, by=row.by)


def _same(report: AnnualReport) -> QuerySet[AnnualReport]:
    """All revisions of it."""
    return AnnualReport.objects.filter(
        department=report.department, year=report.year, scope=report.scope
    )


def _next_revision(report: AnnualReport) -> int:
    """Of what is published: tables that were entered before are revisions, too."""
    rows = PublishedTable.objects.filter(
        department=report.department, year=report.year, scope=report.scope
    )
    return (rows.aggregate(latest=Max("revision"))["latest"] or 0) + 1
