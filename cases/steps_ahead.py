"""What may or must be done next on an open case, each with the last day that the law leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cases.choices import Stage, Waiting
from cases.clock import CORRECTION_NOTICE_WORKDAYS
from cases.permissions import Act
from cases.workdays import Calendar
from cases.workflow import ACTS, Situation

_WAITED_FOR = {
    Waiting.CORRECTION: ("申请人补正", "条例第三十条"),
    Waiting.FEE: ("申请人缴费", "国办函〔2020〕109号"),
    Waiting.CONSULTATION: ("对方提出意见", "条例第三十二条、第三十四条"),
}


@dataclass(frozen=True, slots=True)
class StepAhead:
    what: str
    last_on: date
    article: str
    provisional: bool


def steps_ahead(situation: Situation, calendar: Calendar) -> list[StepAhead]:
    """By their last day; what is past, or out of place now, is left out."""
    case = situation.case
    if case.is_reopened and case.again_until:
        again, unsure = case.again_until, not calendar.has_schedule(case.again_until.year)
        article = "行政复议法第七十七条、行政诉讼法第九十四条"
        return [StepAhead("重新答复并送达", again, article, unsure)] * (again >= situation.on)
    if case.stage != Stage.OPEN:
        return []
    steps = (step for step in _steps(situation, calendar) if step.last_on >= situation.on)
    return sorted(steps, key=lambda step: step.last_on)


def _steps(situation: Situation, calendar: Calendar) -> Iterator[StepAhead]:
    case, clock = situation.case, situation.clock
    unsure = clock.provisional
    if clock.waiting_for in _WAITED_FOR and clock.waiting_until:
        what, article = _WAITED_FOR[Waiting(clock.waiting_for)]
        yield StepAhead(f"等待{what}", clock.waiting_until, article, unsure)
    if case.received_on and not ACTS[Act.ASK_CORRECTION].out_of_place(situation):
        last = calendar.nth_workday_after(case.received_on, CORRECTION_NOTICE_WORKDAYS)
        unsure_of_it = not calendar.has_schedule(last.year)
        yield StepAhead("一次性告知补正", last, "条例第三十条", unsure_of_it)
    if clock.ends_on is None:
        return
    if not ACTS[Act.EXTEND].out_of_place(situation):
        yield StepAhead("经批准并告知延期", clock.ends_on, "条例第三十三条", unsure)
    yield StepAhead("答复并送达", clock.ends_on, "条例第三十三条", unsure)
