"""What a fact does to the running of the term, in the words of its event.

An event is never changed, so its words tell what holds on its own day by every fact on record,
also where it was entered later, while another wait runs.
"""

from __future__ import annotations

from cases.clock import DayMark, Fact
from cases.models import Case
from cases.workdays import ONE_DAY
from cases.workflow.clockwork import clock_with

NOT_RUNNING = "期限没有在计算"
_NOT_RUNNING = (DayMark.WAITING, DayMark.RESTART)  # for a correction or a fee, till it is in


def stop_words(case: Case, sent: Fact) -> str:
    """A letter goes out that asks for an opinion."""
    after = _marks(case, sent)[1]
    if after is DayMark.PAUSE:
        return "期限自次日起停止计算"
    return NOT_RUNNING if after in _NOT_RUNNING else "答复期限不停止计算"


def resumption_words(case: Case, ended: Fact) -> str:
    """An opinion is in, or is waited for no more."""
    then, after = _marks(case, ended)
    if after is DayMark.PAUSE:
        return "其他意见还在征求，期限仍停止计算"
    if after in _NOT_RUNNING:
        return NOT_RUNNING
    return "期限自次日恢复计算" if then is DayMark.PAUSE else "答复期限没有停止计算"


def restart_words(case: Case, done: Fact) -> str:
    """The corrected application or the fee is in."""
    if _marks(case, done)[1] is DayMark.PAUSE:
        return "期限重新计算，还在征求意见，仍停止计算"
    return "期限自次日重新计算"


def _marks(case: Case, fact: Fact) -> tuple[DayMark, DayMark]:
    """How the day of `fact` and the day after are taken, were it on record too."""
    after = fact.on + ONE_DAY
    lived = clock_with(case, fact, on=after).lived
    marks = {day.day: day.phase.mark for day in lived}
    last = lived[-1].phase.mark  # after which nothing changes any more
    return marks.get(fact.on, last), marks.get(after, last)
