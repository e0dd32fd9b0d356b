"""Where a review or suit stands in its terms on a day: what lists, the case and the form show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.lamps import Lamp, lamp_days_of, running_lamp
from cases.models import Applicant, Proceeding
from cases.proceeding_querysets import ProceedingQuerySet
from cases.workdays import Calendar, weekday_name


@dataclass(frozen=True, slots=True)
class RunningTerm:
    """A term of a proceeding, with its lamp; `day` is None while nothing is known to run."""

    label: str
    day: date | None
    provisional: bool
    rule: str
    lamp: Lamp

    @property
    def weekday(self) -> str:
        return weekday_name(self.day) if self.day else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A proceeding and its terms, the one to look at last."""

    proceeding: Proceeding
    terms: tuple[RunningTerm, ...]

    @property
    def latest(self) -> RunningTerm | None:
        return self.terms[-1] if self.terms else None


def standing_of(proceeding: Proceeding, *, on: date, calendar: Calendar) -> Standing:
    """As at `on`. Its case should have been fetched, and the settings of its department and of what
    has succeeded that."""
    found = (_defence(proceeding, on, calendar), _ordered(proceeding, on, calendar))
    return Standing(proceeding, tuple(term for term in found if term))


def overdue_defences(proceedings: ProceedingQuerySet, *, on: date, calendar: Calendar) -> list[int]:
    """Ids of those whose written answer is owed and past its day: few, and told by the calendar."""
    return [
        proceeding.pk
        for proceeding in proceedings.to_answer()
        if (term := proceeding.defence_due(calendar)) and term.ends_on < on
    ]


def owed_in(proceedings: ProceedingQuerySet, *, on: date, calendar: Calendar) -> list[Standing]:
    """Those in which the organ owes its answer or a new reply, the nearest day first: few."""
    owed = proceedings.to_answer() | proceedings.ordering_again()
    parties = ("department__settings", "department__successor__settings", "case__applicant")
    whole = owed.select_related(*parties, "case__handler").defer(
        *(f"case__applicant__{name}" for name in Applicant.PERSONAL)
    )
    return sorted(of_case(whole.order_by("pk"), on=on, calendar=calendar), key=_nearest)


def _nearest(standing: Standing) -> date:
    return standing.latest.day if standing.latest and standing.latest.day else date.max


def of_case(proceedings: Iterable[Proceeding], *, on: date, calendar: Calendar) -> list[Standing]:
    return [standing_of(proceeding, on=on, calendar=calendar) for proceeding in proceedings]


def _defence(proceeding: Proceeding, on: date, calendar: Calendar) -> RunningTerm | None:
    label = proceeding.answer_label
    term = proceeding.defence_due(calendar)
    if term is None:
        if proceeding.concluded_on:
            return None  # of a ledger, which knows no such day
        rule = "填写收到通知日期后计算"
        return RunningTerm(label, None, False, rule, Lamp("off", "未登记收到通知"))
    if sent := proceeding.defence_sent_on:
        lamp = _kept(term.ends_on, sent, calendar, "提交")
    elif proceeding.concluded_on:
        lamp = Lamp("done", "已审结")
    else:
        days = lamp_days_of(proceeding.organ_on(on))
        lamp = running_lamp(term.ends_on, on=on, calendar=calendar, days=days)
    return RunningTerm(label, term.ends_on, term.provisional, term.rule, lamp)


def _ordered(proceeding: Proceeding, on: date, calendar: Calendar) -> RunningTerm | None:
    if proceeding.ordered_on is None or proceeding.case is None:
        return None
    rule = f"{proceeding.ordered_on} 收到决定、判决"
    if answered := proceeding.replied_again_on:
        lamp = Lamp("done", f"{answered} 已重新答复")
        return RunningTerm("重新答复", None, False, rule, lamp)
    until = proceeding.case.again_until
    if until is None:
        return None
    days = lamp_days_of(proceeding.organ_on(on))
    lamp = running_lamp(until, on=on, calendar=calendar, days=days)
    return RunningTerm("重新答复", until, not calendar.has_schedule(until.year), rule, lamp)


def _kept(ends_on: date, done_on: date, calendar: Calendar, verb: str) -> Lamp:
    if done_on <= ends_on:
        return Lamp("done", f"按期{verb}")
    late = calendar.workdays_between(ends_on, done_on)
    return Lamp("done", f"逾期 {late} 日{verb}" if late else f"逾期{verb}")
