"""What every act on a report has in common: the lock, what the user saw, the audit entry."""

from __future__ import annotations

from typing import Any

from cases import audit
from cases.models import User
from cases.workflow import Stale
from reports.choices import ReportStepKind
from reports.models import AnnualReport, ReportStep


def locked(report: AnnualReport, version: int | None) -> AnnualReport:
    """The report for writing; `version` is what the user saw, None where nothing was shown.

    Must run in a transaction; raises `Stale`.
    """
    rows = AnnualReport.objects.select_for_update(of=("self",))
    found = rows.select_related("department__parent").get(pk=report.pk)
    if version is not None and found.version != version:
        raise Stale(f"您打开之后，{found}已被别人改过。您填的内容还在，请对照后再提交。")
    return found


def save(report: AnnualReport, *, by: User, act: str, after: dict[str, Any]) -> AnnualReport:
    report.version += 1
    report.full_clean(validate_constraints=False)
    report.save()
    audit.record(by=by, act=act, target=report, after=after)
    return report


def note_step(report: AnnualReport, kind: ReportStepKind, *, by: User, comment: str = "") -> None:
    ReportStep.objects.create(report=report, kind=kind, by=by, comment=comment)
