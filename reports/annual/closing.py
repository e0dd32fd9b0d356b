"""年终核对: what stands between an organ's year and its published report, in the order to go by.

Problems of cases first, since they move the figures; then last year's tie, who is missing, swings
and whatever else is found; then the steps to the publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cases.choices import Stage
from cases.models import Case
from cases.models.calendar import load_calendar
from cases.querysets import CaseQuerySet
from cases.workflow import clockwork
from reports.annual.findings import Finding
from reports.checks import CROSS_YEAR
from reports.counting import Period, cases_in, scope_of
from reports.models import AnnualReport
from reports.report_rules import SWINGS

MOST_CLOCKS = 2_000  # cases whose course is gone through; beyond it each organ looks at its own


@dataclass(frozen=True, slots=True)
class Problem:
    """Cases to look at before the figures are final; `key` says how a list finds them."""

    key: str
    label: str
    why: str
    cases: int
    only_told: bool = False  # lawful as it is: it will be in the report


@dataclass(frozen=True, slots=True)
class Closing:
    problems: Sequence[Problem]
    irregular: Sequence[Case] | None  # None: too many to go through
    tie: Sequence[Finding]
    swings: Sequence[Finding]
    others: Sequence[Finding]

    @property
    def is_clear(self) -> bool:
        """Whether nothing stands in the way of the confirmation."""
        return not any(finding.is_open for finding in (*self.tie, *self.swings, *self.others))


def closing_of(report: AnnualReport, found: Iterable[Finding], *, on: date) -> Closing:
    """As things stand `on` a day; `found` are the findings of the report."""
    period = Period.year(report.year)
    scope = scope_of(report.department, report.scope, period)
    cases, of_year = Case.objects.of_organs(scope.organs), cases_in(scope, period)
    findings = list(found)
    return Closing(
        problems=_problems(cases, of_year, period, on),
        irregular=_irregular(of_year),
        tie=[it for it in findings if it.check.code == CROSS_YEAR.code],
        swings=[it for it in findings if it.check.code == SWINGS.code],
        others=[it for it in findings if it.check.code not in (CROSS_YEAR.code, SWINGS.code)],
    )


def _problems(
    cases: CaseQuerySet, of_year: CaseQuerySet, period: Period, on: date
) -> list[Problem]:
    unconfirmed = cases.filter(stage=Stage.UNCONFIRMED, arrived_on__lte=period.last)
    answered = of_year.closed_in(period.first, period.last)
    return [
        Problem(
            "unconfirmed",
            "待确认",
            "没有收到日期，不计入任何一栏；确认收到或者作废后才有数。",
            unconfirmed.count(),
        ),
        Problem(
            "overdue",
            "逾期未办",
            "到期未答复，尽快答复；答复日期在次年的，计入结转下年度。",
            of_year.filter(received_on__lte=period.last).overdue(on).count(),
        ),
        Problem(
            "unserved",
            "待送达",
            "已答复未送达；按答复日期计入本年，按时与否看送达日期。",
            answered.filter(stage=Stage.UNSERVED).count(),
        ),
        Problem(
            "late",
            "逾期答复",
            "计入本年的办理结果，按时答复率随之降低；核对延期、征求意见等是否漏记。",
            answered.answered_late(on).count(),
            only_told=True,
        ),
        Problem(
            "carried",
            "结转下年度",
            "年底尚未办结，计入四；次年的上年结转与它相同。",
            of_year.open_at(period.last).count(),
            only_told=True,
        ),
    ]


def _irregular(of_year: CaseQuerySet) -> list[Case] | None:
    """Cases whose facts do not fit together, or came too late to count (domain section 12)."""
    if of_year.count() > MOST_CLOCKS:
        return None
    calendar = load_calendar()
    return [
        case
        for case in of_year.prefetch_related("events").order_by("received_on", "pk")
        if clockwork.clock_of(
            case, on=clockwork.ANY_DAY, calendar=calendar, events=case.events.all()
        ).irregularities
    ]
