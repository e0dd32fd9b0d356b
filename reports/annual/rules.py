"""Step × state × right: what may be done with an annual report, and when. One table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cases.models import Department, User
from cases.permissions import Act, can, can_anywhere
from cases.workflow import NotAllowed
from reports.choices import OWN, WRITABLE, ReportState, ReportStepKind
from reports.models import AnnualReport, ReportingUnit


@dataclass(frozen=True, slots=True)
class StepRule:
    """`act` is the right that is asked for: at the organ itself, or where `by_office` at one above
    it, for nobody accepts their own figures."""

    label: str
    states: frozenset[ReportState]
    leads_to: ReportState
    act: Act
    by_office: bool = False


STEPS: Mapping[ReportStepKind, StepRule] = {
    ReportStepKind.CONFIRMED: StepRule("确认", WRITABLE, ReportState.CONFIRMED, Act.CONFIRM_REPORT),
    ReportStepKind.REPORTED_ZERO: StepRule(
        "零报告", WRITABLE, ReportState.CONFIRMED, Act.CONFIRM_REPORT
    ),
    ReportStepKind.RECALLED: StepRule(
        "撤回确认", frozenset({ReportState.CONFIRMED}), ReportState.DRAFT, Act.CONFIRM_REPORT
    ),
    ReportStepKind.RETURNED: StepRule(
        "退回修改",
        frozenset({ReportState.CONFIRMED, ReportState.ACCEPTED}),
        ReportState.RETURNED,
        Act.RUN_CALL,
        by_office=True,
    ),
    ReportStepKind.ACCEPTED: StepRule(
        "审核通过",
        frozenset({ReportState.CONFIRMED}),
        ReportState.ACCEPTED,
        Act.RUN_CALL,
        by_office=True,
    ),
    ReportStepKind.PUBLISHED: StepRule(
        "公布", frozenset({ReportState.ACCEPTED}), ReportState.PUBLISHED, Act.CONFIRM_REPORT
    ),
}


def writer_act(scope: str) -> Act:
    """Roll-ups are the office's to write."""
    return Act.FILL_REPORT if scope == OWN else Act.RUN_CALL


def may_write(user: User, report: AnnualReport) -> bool:
    return can(user, writer_act(report.scope), report.department)


def not_theirs(
    report: AnnualReport,
    kind: ReportStepKind,
    user: User,
    government: Department | None = None,
) -> str:
    """Why this step is not for `user` to take, whatever the state; "" where it is.

    `government` is one that is known to call for the report; else it is looked up.
    """
    rule = STEPS[kind]
    theirs = can(user, rule.act, _where(report, rule))
    if not (theirs or _calls_for(user, report, rule, government)):
        return f"您没有“{rule.label}”的权限。"
    return ""


def refusal(
    report: AnnualReport,
    kind: ReportStepKind,
    user: User,
    government: Department | None = None,
) -> str:
    """Why `user` may not take this step now, as a sentence; "" where they may."""
    rule = STEPS[kind]
    if said := not_theirs(report, kind, user, government):
        return said
    if report.state not in rule.states:
        return f"{report}现在是“{report.get_state_display()}”，不能{rule.label}。"
    return ""


def allowed_steps(
    report: AnnualReport, user: User, government: Department | None = None
) -> list[ReportStepKind]:
    """The steps that pages offer."""
    return [kind for kind in STEPS if not refusal(report, kind, user, government)]


def check_write(report: AnnualReport, user: User) -> None:
    """Raises `NotAllowed` unless `user` may change its texts and figures now."""
    if not may_write(user, report):
        raise NotAllowed(f"您没有填报{report}的权限。")
    if not report.is_writable:
        raise NotAllowed(
            f"{report}现在是“{report.get_state_display()}”，不能再改；要改先退回或者撤回确认。"
        )


def _where(report: AnnualReport, rule: StepRule) -> Department:
    """The office of a government is judged at the government, and so is every organ below."""
    organ = report.department
    return organ.parent if rule.by_office and report.scope == OWN and organ.parent else organ


def _calls_for(
    user: User, report: AnnualReport, rule: StepRule, government: Department | None
) -> bool:
    """Whether `user` acts for a government that counts the organ by its call, as it may do with a
    vertical organ or 分局 that does not stand below it."""
    if not rule.by_office or report.scope != OWN or not can_anywhere(user, rule.act):
        return False
    if government is not None:
        return can(user, rule.act, government)
    units = ReportingUnit.objects.filter(department_id=report.department_id, in_all=True)
    calling = units.filter(call__year=report.year).select_related("call__government")
    return any(can(user, rule.act, unit.call.government) for unit in calling)
