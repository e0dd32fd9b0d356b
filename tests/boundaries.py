"""The course of a case in a line, and what comes of it in another: the language of a table.

A course is told in the words of the buttons, each step on the day on which it is done:
"2025-09-15 收到，09-24 要求补正 15": received, and a correction asked for within 15 working days. A
day without a year is in the year of the step before it; "（09-15 填）" is entered on another day
than its own. What comes of it are the columns that the workflow stores, or the refusal:
"到期 2025-10-17", "等至 2025-10-21，须核对", "不能：延期告知（2025-10-18）在到期日".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases import workflow
from cases.choices import (
    Addressee,
    Channel,
    FeeScheme,
    Outcome,
    Role,
    ServiceMethod,
    WithdrawalManner,
)
from cases.models import Case, Department, ScheduleYear
from cases.models.calendar import decreed_between
from cases.presenting import replies_again
from cases.schedules import schedule_of, span_of
from cases.workdays import DecreedDay
from cases.workflow.schedules import Edition, outlook_of, publish_schedule, version_of
from tests.makers import hand_of, make_applicant, make_proceeding, make_user

REFUSED = "不能："
STEP = re.compile(
    r"(?P<day>(?:\d{4}-)?\d\d-\d\d) (?P<verb>[^ （]+)"
    r"(?: (?P<more>[^（]+))?(?:（(?P<told>\S+) 填）)?"
)


@dataclass(frozen=True, slots=True)
class Step:
    on: date
    verb: str
    more: str  # what the step says besides its day: working days, another day, whom
    today: date

    @property
    def day(self) -> date:
        return _day(self.more, self.on.year)


Said = dict[str, Any]
Do = Callable[[Case, Step, Said], None]


def _steps_of(course: str) -> Iterator[Step]:
    year = 0
    for words in course.split("，"):
        found = STEP.fullmatch(words.strip())
        assert found, words
        on = _day(found["day"], year)
        year = on.year
        told = found["told"]
        yield Step(on, found["verb"], found["more"] or "", _day(told, year) if told else on)


def _day(words: str, year: int) -> date:
    return date.fromisoformat(words if len(words) > len("09-15") else f"{year}-{words}")


def rows_of(*tables: str) -> Iterator[Any]:
    """Of each row the whole course and what comes of it, under its title and its boundary.

    A line of a table without bars is a title or, when it begins with a day, the course so far.
    """
    for line in filter(None, "".join(tables).splitlines()):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 1 and not line[0].isdigit():
            title, before = line, ""
        elif len(cells) == 1:
            before = f"{line}，"
        else:
            boundary, course, outcome = cells
            yield pytest.param(before + course, outcome, id=f"{title}-{boundary}-{course}")


def assert_comes_of(course: str, outcome: str, department: Department) -> None:
    """`outcome` to the letter; of a refusal what its sentence says among other words."""
    said = _what_comes_of(course, department)
    if outcome.startswith(REFUSED):
        assert said.startswith(REFUSED) and outcome.removeprefix(REFUSED) in said, said
    else:
        assert said == outcome, said


def _what_comes_of(course: str, department: Department) -> str:
    """Do the steps through the workflow, as one who may do everything at `department`.

    Only the last may be refused.
    """
    case, steps = Case(department=department), list(_steps_of(course))
    for step in steps:
        try:
            STEPS[step.verb](case, step, {"by": hand_of(department), "today": step.today})
        except (workflow.NotAllowed, ValidationError) as refusal:
            assert step is steps[-1], refusal
            return REFUSED + "；".join(getattr(refusal, "messages", [str(refusal)]))
        case.refresh_from_db()
    return "，".join(_stored(case, step.today))


def _stored(case: Case, on: date) -> Iterator[str]:
    """The stored days, and what pages say of them on `on`."""
    clock = workflow.clock_of(case, on=on)
    if case.ends_on:
        yield f"到期 {case.ends_on}"
    if case.waiting_for:
        yield f"等至 {case.waiting_until}" if case.waiting_until else "等待，没有期限"
    if case.provisional:
        yield "暂定"
    if case.closed_on:
        yield f"办结 {case.closed_on}"
    if case.ends_on and clock.in_time is not None:
        yield "按时" if clock.in_time else "逾期"
    if case.again_until:
        yield f"重办至 {case.again_until}"
    for reply in replies_again(case.events.all()):
        [until] = [line.text for line in reply if line.label == "责令的期限"]
        yield "重新答复" + ("逾期" if until.endswith("已过期限") else "按时")
    if "（已过期限）" in case.events.latest("pk").text:
        yield "科室逾期"
    if clock.irregularities:
        yield "须核对"


# The steps


def _receive(case: Case, step: Step, said: Said) -> None:
    _register(case, said, Channel.REGISTERED_MAIL, arrived_on=step.on, received_on=step.on)


def _arrive(case: Case, step: Step, said: Said) -> None:
    _register(case, said, Channel.PORTAL, arrived_on=step.on)


def _register(case: Case, said: Said, channel: Channel, **days: date) -> None:
    case.channel, case.content = channel, "甲路以东地块房屋征收补偿方案"
    for name, day in days.items():
        setattr(case, name, day)
    workflow.register(case, make_applicant(), **said)


def _consult(case: Case, step: Step, said: Said) -> None:
    [kind] = [kind for kind in Addressee if kind.label == step.more]
    workflow.consult(case, on=step.on, key="1", addressee=kind, whom="某单位甲", **said)


def _ask_section(case: Case, step: Step, said: Said) -> None:
    asked: Said = {"section": "法规科", "question": "是否已经公开", "until": step.day}
    workflow.ask_section(case, on=step.on, **asked, **said)


def _answer_section(case: Case, step: Step, said: Said) -> None:
    asked = case.inquiries.get().pk
    workflow.answer_section(case, on=step.on, inquiry=asked, answer="尚未公开", **said)


def _delay(case: Case, step: Step, said: Said) -> None:
    workflow.delay(case, on=step.on, day=step.day, reason="数量很多", **said)


def _rule(case: Case, step: Step, said: Said) -> None:
    """The review organ revokes the reply."""
    assert case.closed_on
    ruled: Said = {"ruling": "revoked", "result": "corrected", "concluded_on": step.on}
    make_proceeding(case.department, case=case, filed_on=case.closed_on, **ruled, **said)


def _reopen(case: Case, step: Step, said: Said) -> None:
    term: Said = {"workdays": int(step.more)} if step.more.isdigit() else {"until": step.day}
    workflow.reopen(case, on=step.on, proceeding=case.proceedings.get(), **term, **said)


def _reply_again(case: Case, step: Step, said: Said) -> None:
    served: Said = {"served_on": step.on, "service_method": ServiceMethod.POST}
    workflow.reply_again(case, outcome=Outcome.GRANTED, closed_on=step.on, **served, **said)


def _day_off(case: Case, step: Step, said: Said) -> None:
    _decree(step, lambda days: [*days, DecreedDay(step.day, True, "假期", "")])


def _day_worked(case: Case, step: Step, said: Said) -> None:
    _decree(step, lambda days: [entry for entry in days if entry.day != step.day])


def _decree(step: Step, change: Callable[[list[DecreedDay]], list[DecreedDay]]) -> None:
    """Publish the schedule of the day's year, or put it right."""
    year = step.day.year
    days = change(decreed_between(*span_of(year)))
    edition = Edition(schedule_of(year, days), "国办发明电〔2024〕12号")
    if ScheduleYear.objects.filter(year=year).exists():
        edition = replace(edition, later="国办发明电〔2025〕99号", reason="调整假期")
    boss = make_user(Role.ADMINISTRATOR, Department.objects.get(code="XZ"))
    seen = outlook_of(edition).digest
    publish_schedule(edition, by=boss, today=step.today, version=version_of(year), seen=seen)


def _act(act: Callable[..., Case], day_of: str = "on", **fields: Any) -> Do:
    """An act that is told its day, its working days if the step has some, and `fields`."""

    def do(case: Case, step: Step, said: Said) -> None:
        days = {"days": int(step.more)} if step.more else {}
        act(case, **{day_of: step.on}, **days, **fields, **said)

    return do


STEPS: dict[str, Do] = {
    "收到": _receive,
    "到件": _arrive,
    "确认收到": _act(workflow.confirm, "received_on", note=""),
    "要求补正": _act(workflow.ask_correction, what="写明文件名称"),
    "登记补正": _act(workflow.receive_correction),
    "按逾期不补正办结": _act(workflow.give_up_correction),
    "征求意见": _consult,
    "登记意见函送达": _act(workflow.deliver_consultation, key="1"),
    "登记意见": _act(workflow.receive_opinion, key="1", opinion="不同意公开"),
    "记录逾期未答": _act(workflow.lapse_consultation, key="1"),
    "不再等待意见": _act(workflow.end_consultation, key="1", reason="多次催问没有答复"),
    "征询科室": _ask_section,
    "登记科室答复": _answer_section,
    "要求说明理由": _act(workflow.ask_reasons, why="本月第 12 件"),
    "登记理由说明": _act(workflow.receive_reasons, reasons="课题研究", reasonable=True),
    "确定延迟答复日期": _delay,
    "延期": _act(workflow.extend, reason="需要调取档案"),
    "通知缴费": _act(workflow.ask_fee, scheme=FeeScheme.PAGES, pages=68),
    "登记收费通知送达": _act(workflow.deliver_fee_notice),
    "登记缴费": _act(workflow.receive_fee),
    "按逾期未缴费办结": _act(workflow.give_up_fee),
    "答复": _act(
        workflow.reply, "closed_on", outcome=Outcome.GRANTED, service_method=ServiceMethod.POST
    ),
    "登记送达": _act(workflow.serve, "served_on", service_method=ServiceMethod.POST),
    "登记妥投": _act(workflow.sign_mail),
    "登记退件": _act(workflow.return_mail, reason="查无此人"),
    "登记撤回": _act(workflow.withdraw, how=WithdrawalManner.LETTER),
    "撤销": _rule,
    "登记重新办理": _reopen,
    "重新答复": _reply_again,
    "改放假": _day_off,
    "改上班": _day_worked,
}
