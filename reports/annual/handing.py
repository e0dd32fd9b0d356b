"""Hand in: the tables of an organ that works elsewhere, with its section two, all or nothing."""

from __future__ import annotations

from django.db import transaction

from cases.models import Department, User
from cases.permissions import can
from cases.workflow import NotAllowed
from reports.annual.content import latest_reports
from reports.annual.filling import begin, hand_in, save_section_two
from reports.annual.rules import writer_act
from reports.choices import OWN
from reports.handin import HandedIn
from reports.models import HandedInTable
from reports.rollup import handing_in


def refusal_to_hand_in(department: Department, year: int, user: User) -> str:
    """Why `user` may not hand tables in for `department` now, as a sentence; "" where they may."""
    if not can(user, writer_act(OWN), department):
        return f"您没有填报{department} {year} 年度报告的权限。"
    if not handing_in([department.pk], year):
        return f"{department} {year} 年度按布置在本系统办理，统计表由申请件得出，不用报送。"
    report = latest_reports([department.pk], year).get(department.pk)
    if report is not None and not report.is_writable:
        state = report.get_state_display()
        return f"{report}现在是“{state}”，不能再报送；要改先退回或者撤回确认。"
    return ""


@transaction.atomic
def take_in(department: Department, year: int, handed_in: HandedIn, *, by: User) -> HandedInTable:
    """Store what was read from a file or typed; a section two that was left out stays as it is.

    Raises `NotAllowed`; `ValidationError` and `TablesError` for figures that do not fit.
    """
    if refusal := refusal_to_hand_in(department, year, by):
        raise NotAllowed(refusal)
    said = {"file_name": handed_in.file_name, "sha256": handed_in.sha256}
    row = hand_in(department, year, handed_in.tables, by=by, **said)
    if handed_in.section_two:
        report = begin(department, OWN, year, by=by)
        save_section_two(report, handed_in.section_two, by=by, version=None)
    return row
