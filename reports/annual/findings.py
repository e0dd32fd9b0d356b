"""What the checks of a report find, and what people have said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.charges import fees_paid
from cases.models import User
from reports.annual.base import locked, save
from reports.annual.content import content_of, parts_of, previous_of
from reports.annual.facts import rolled_facts
from reports.annual.rules import check_write
from reports.checks import Check, fingerprint
from reports.counting import Period
from reports.fact_checks import check_facts
from reports.models import AnnualReport, Judgement
from reports.report_checks import run_report_checks
from reports.rollup import RollUp, roll_up


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that does not hold, and the judgement that lets it pass, if any."""

    check: Check
    fingerprint: str
    judgement: Judgement | None

    @property
    def is_open(self) -> bool:
        """Whether it stands in the way of the next step."""
        return self.check.severity == "error" or self.judgement is None

    @property
    def sentence(self) -> str:
        where = f"{self.check.where}：" if self.check.where else ""
        return f"{self.check.title}：{where}{self.check.worked}"


def checks_of(report: AnnualReport, rolled: RollUp | None = None) -> list[Check]:
    """Every check of the report as it stands, passed or not."""
    rolled = rolled or roll_up(report.department, report.scope, report.year)
    content = content_of(report, rolled)
    checks = run_report_checks(
        content,
        previous=previous_of(report),
        explanation=report.tie_explanation,
        parts=parts_of(report, rolled) if report.is_roll_up else (),
        is_sum=report.is_roll_up,
        fees_collected=_fees(rolled, report.year),
    )
    facts = rolled_facts(report.department, report.scope, report.year)
    return [*checks, *check_facts(content, facts.told)]


def findings(report: AnnualReport, checks: Sequence[Check] | None = None) -> list[Finding]:
    """Those that do not hold, with what was said of them; errors first."""
    return findings_among(checks or checks_of(report), report.judgements.select_related("by"))


def findings_among(checks: Iterable[Check], judgements: Iterable[Judgement]) -> list[Finding]:
    """The same of checks and judgements that are known."""
    judged = {row.fingerprint: row for row in judgements}
    broken = [check for check in checks if not check.passed]
    found = [
        Finding(check, key, judged.get(key)) for check in broken for key in (fingerprint(check),)
    ]
    return sorted(found, key=lambda finding: (not finding.is_open, finding.check.severity))


def open_findings(report: AnnualReport) -> list[Finding]:
    return [finding for finding in findings(report) if finding.is_open]


@transaction.atomic
def judge(report: AnnualReport, key: str, comment: str, *, by: User) -> Judgement:
    """Let a warning pass, with the reason; it holds until the figures behind it change.

    Raises `NotAllowed`; `ValidationError` for an error, for one that is gone, without a reason.
    """
    report = locked(report, None)
    check_write(report, by)
    if not comment.strip():
        raise ValidationError({"comment": "请写明理由。"})
    check = next((f.check for f in findings(report) if f.fingerprint == key), None)
    if check is None:
        raise ValidationError("这一项已经变了，请看现在的结果。")
    if check.severity == "error":
        raise ValidationError(f"“{check.title}”不符须改正，不能认可。")
    judgement, _ = Judgement.objects.update_or_create(
        report=report,
        fingerprint=key,
        defaults={"code": check.code, "comment": comment.strip(), "by": by},
    )
    save(report, by=by, act="annual_report_judged", after={"code": check.code, "at": check.at})
    return judgement


def _fees(rolled: RollUp, year: int) -> Decimal:
    """信息处理费 collected in the year by the organs that work here, in 元."""
    period = Period.year(year)
    organs = [part.department.pk for part in rolled.parts]
    return Decimal(sum(fees_paid(organs, period.first, period.last).values()))
