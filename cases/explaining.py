"""Why a case took the days it took, in a sentence or two, each pause with its document.

Pure: read off the clock, so that sentence, strip and calculation can never differ.
"""

from __future__ import annotations

from itertools import groupby

from cases.clock import ANSWER_WORKDAYS, Clock
from cases.clock_days import DayMark, LivedDay, Phase

_NO_COUNT = "，其间不计"  # said by the table of the calculation, and here by 扣除


def explain(clock: Clock) -> str:
    """As at the clock's day; empty while nothing is received."""
    if clock.calendar is None:
        return ""
    run, began = _current_run(clock)
    parts = [began, _main(clock, run), *(f"{fact.in_time_words}。" for fact in clock.kept)]
    if clock.provisional:
        parts.append("所涉年份的放假安排尚未公布，日期暂定。")
    return "".join(filter(None, parts))


def _current_run(clock: Clock) -> tuple[list[LivedDay], str]:
    """The days since the term began to run, for the last time; and why it began anew, if it did."""
    restarts = [n for n, day in enumerate(clock.lived) if day.phase.mark is DayMark.RESTART]
    if not restarts:
        return list(clock.lived), ""
    day = clock.lived[restarts[-1]]
    reason = day.phase.label.partition("，")[0]
    return list(clock.lived[restarts[-1] :]), f"{day.day:%m-%d} {reason}，期限自次日重新计算。"


def _main(clock: Clock, run: list[LivedDay]) -> str:
    answered = clock.in_time is not None
    if clock.ends_on is None and clock.waiting_for != "consultation":
        return _waiting(clock, run)
    if clock.waiting_for and not answered:
        until = f"意见期满日 {clock.waiting_until}" if clock.waiting_until else "意见没有法定期限"
        return (
            f"{_term(clock)}，已用 {clock.used} 个工作日；"
            f"{_documents(run)}，自发出次日停止计算，{until}。"
        )
    if answered:
        return f"{_term(clock)}。{_spent(clock, run)}，{_kept(clock)}。"
    due = f"到期日 {clock.ends_on}"
    if clock.overdue:
        due += f" 已过 {clock.overdue} 个工作日，尚未答复"
    begins = "" if clock.delayed_to else "，自次日起计"
    return f"{_term(clock)}{begins}{_deducted(clock, run)}，{due}。"


def _term(clock: Clock) -> str:
    if clock.delayed_to:
        return f"已告知申请人延迟至 {clock.delayed_to} 答复"
    kept = clock.term - clock.extended_by - ANSWER_WORKDAYS
    more = [f"，经批准延期 {clock.extended_by} 个工作日"] * bool(clock.extended_by)
    more += [f"，按当时的放假安排多计 {kept} 个工作日"] * bool(kept)
    total = f"，共 {clock.term} 个工作日" if more else ""
    return f"答复期限 {ANSWER_WORKDAYS} 个工作日{''.join(more)}{total}"


def _spent(clock: Clock, run: list[LivedDay]) -> str:
    """What an answered case took: all working days, less those of its pauses."""
    counted = clock.used + clock.overdue
    paused = _paused(clock, run)
    deducted = _deducted(clock, run)
    if not deducted:
        return f"历时 {counted} 个工作日"
    return f"历时 {counted + paused} 个工作日{deducted}，计 {counted} 个工作日"


def _kept(clock: Clock) -> str:
    assumed = "（送达日未记录，暂以答复日认定）" if clock.in_time_assumed else ""
    if clock.in_time:
        return f"未超过期限{assumed}"
    late = f" {clock.overdue} 个工作日" if clock.overdue else ""
    return f"超过到期日 {clock.ends_on}{late}{assumed}"


def _deducted(clock: Clock, run: list[LivedDay]) -> str:
    documents = _documents(run)
    if not documents:
        return ""
    return f"，扣除征求意见 {_paused(clock, run)} 个工作日（{documents}）"


def _paused(clock: Clock, run: list[LivedDay]) -> int:
    """Working days of this run on which an opinion was waited for."""
    assert clock.calendar is not None  # explain() has asked
    return sum(
        day.phase.mark is DayMark.PAUSE and clock.calendar.is_workday(day.day) for day in run
    )


def _documents(run: list[LivedDay]) -> str:
    """The letter behind each pause, with its days."""
    pauses = dict.fromkeys(_phases(run, DayMark.PAUSE))
    return "；".join(pause.story.removesuffix(_NO_COUNT) for pause in pauses)


def _waiting(clock: Clock, run: list[LivedDay]) -> str:
    """A correction or a fee is waited for, or was when the case was answered."""
    waits = _phases(run, DayMark.WAITING)
    story = waits[-1].story if waits else "答复期限没有在计算"
    if clock.in_time is not None:
        return f"{story}；已经办结，不再计算。"
    until = f"，期满日 {clock.waiting_until}" if clock.waiting_until else ""
    return f"{story}{until}；此后自次日起重新计算 {ANSWER_WORKDAYS} 个工作日。"


def _phases(run: list[LivedDay], mark: DayMark) -> list[Phase]:
    return [phase for phase, _ in groupby(day.phase for day in run) if phase.mark is mark]
