"""The statutory clock: from the day of receipt and the facts to the day a reply is due.

Pure: dates in, dates out. The facts are folded day by day. Each day is first counted or skipped,
then the facts of that day take effect, so that whatever they change begins the day after:

- receipt, and a restart (corrected application, paid fee), begin a run of 20 working days;
- an opinion that is asked for pauses the run; a correction or a fee that is waited for ends it;
- an extension adds to the run, a delay under 条例第三十五条 sets its due day outright;
- what comes after its term has run out moves nothing and is reported, but what was in time by the
  schedule of its day stays in time, though the schedule has been put right since.

The clock never raises on stored facts; whether an act is lawful is decided when it is done.
Article numbers are those of 《政府信息公开条例》 (国务院令第711号).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from cases.clock_course import (
    HORIZON,
    Course,
    Letter,
    awaited_until,
    paused_by,
    read_course,
    run_out,
)
from cases.clock_days import (
    COUNTING,
    EXTENDED,
    LATE,
    RECEIVED,
    ClockDay,
    DayMark,
    LivedDay,
    Phase,
    Span,
    closed_since,
)
from cases.clock_facts import Fact, FactKind, Irregularity, irregularity
from cases.clock_reading import Clock
from cases.clock_steps import CORRECTION, FEE, Step, Wait
from cases.workdays import ONE_DAY, Calendar

__all__ = [
    "Clock",
    "ClockDay",
    "DayMark",
    "Fact",
    "FactKind",
    "Irregularity",
    "Span",
    "run_clock",
]

ANSWER_WORKDAYS = 20  # 条例第三十三条: the answer term, from the day after receipt or restart
EXTENSION_MAX_WORKDAYS = 20  # 条例第三十三条: one extension of at most this much
CORRECTION_NOTICE_WORKDAYS = 7  # 条例第三十条: a correction is asked for within these of receipt

_COUNT, _LATE = DayMark.COUNT, DayMark.LATE  # asked for every day: an enum takes long to look up


def run_clock(
    received_on: date | None, facts: Iterable[Fact], calendar: Calendar, on: date
) -> Clock:
    """Fold the facts of a case, in whatever order they are given, and read the clock as at `on`.

    Without a day of receipt (待确认) nothing runs and the applicant's confirmation is waited for.
    """
    if received_on is None:
        faults = tuple(irregularity("not_received", fact) for fact in facts)
        term = ANSWER_WORKDAYS
        return Clock(None, on, term, term, waiting_for="confirmation", irregularities=faults)
    facts = list(facts)
    fold = _Fold(read_course(received_on, facts, calendar), on)
    fold.run()
    wait, replied_on = fold.wait, fold.closed_on
    if wait is None or replied_on is None or fold.course.unanswered:
        return fold.clock()
    # Answered all the same: what was asked moved nothing, and the term before it is the one.
    others = [fact for fact in facts if fact.kind not in wait.step.kinds]
    clock, end = run_clock(received_on, others, calendar, on), Fact(FactKind.REPLIED, replied_on)
    fault = irregularity("answered_while_waiting", end, awaited=wait.step.awaited)
    return replace(clock, irregularities=(*clock.irregularities, fault))


class _Fold:
    """The state of the clock at the end of a day, carried from receipt to the last day shown."""

    def __init__(self, course: Course, on: date) -> None:
        self.course, self.calendar, self.on = course, course.calendar, on
        self.closed_on, self.answered_on = course.closed_on, course.answered_on
        self.days_of_note = course.days_of_note()
        self.closed = closed_since(course.closed_on) if course.closed_on else None
        self.pausing: tuple[list[Letter], Phase] = ([], COUNTING)
        self.days: list[LivedDay] = []
        self.letters: list[Letter] = []  # those sent within the term
        self.asked: set[Step] = set()  # each may be asked once
        self.early: Fact | None = None  # an extension taken before its day: see `_keep_open`
        self._begin(course.received_on)

    def _begin(self, day: date, step: Step | None = None) -> None:
        """Let a run of the answer term begin the day after `day`, with a fresh allowance."""
        self.began_on, self.restarted_by = day, step
        self.term, self.used, self.late = ANSWER_WORKDAYS, 0, 0
        self.due: date | None = None  # once the last day of the run is counted
        self.extended = 0  # working days
        self.told: date | None = None  # 条例第三十五条: the due day told to the applicant
        self.wait: Wait | None = None

    def run(self) -> None:
        """Go through the days until nothing is left to happen."""
        day, last = self.course.received_on, self.course.last_on
        self._live(day)
        while day < last or not self._settled(day):
            day += ONE_DAY
            self._live(day)

    def _settled(self, day: date) -> bool:
        """Whether the days after this one would tell nothing new."""
        if self.due:
            return day >= self.due
        if not (self.wait or self._open_ended()):
            return False
        if self.answered_on:
            return True
        until = self.wait.until if self.wait else min(self.on, self.course.received_on + HORIZON)
        return day >= until

    def _open_ended(self) -> bool:
        return not self.told and any(letter.ended_on is None for letter in self.letters)

    # One day: what it is by what came before, whether it counts, and what happens on it.

    def _live(self, day: date) -> None:
        phase = self._phase(day)
        number = self._count(day, phase)
        notes = self._take_facts(day) if day in self.days_of_note else []
        if day == self.due:
            self._keep_open(day)
        if self.restarted_by and self.began_on == day:
            phase, number = self.restarted_by.restart, None
        elif self.closed and self._after_answer(day, phase):
            phase, number = self.closed, None
        self.days.append(LivedDay(day, phase, number, day == self.due, notes))

    def _phase(self, day: date) -> Phase:
        if day == self.course.received_on:
            return RECEIVED
        if self.due:
            return LATE
        if self.wait:
            return self.wait.phase
        pausing = [letter for letter in self.letters if letter.pauses(day)]
        if not pausing or self.told:
            return EXTENDED if self.extended and self.used >= ANSWER_WORKDAYS else COUNTING
        if pausing != self.pausing[0]:
            self.pausing = pausing, paused_by(pausing)
        return self.pausing[1]

    def _count(self, day: date, phase: Phase) -> int | None:
        """Count the day if its phase counts and it is a working day; see whether it is the last."""
        counts, number = phase.mark is _COUNT, None
        if self.calendar.is_workday(day):
            if counts:
                number = self.used = self.used + 1
            elif phase.mark is _LATE:
                number = self.late = self.late + 1
        if day == self.told or (counts and number == self.term and not self.told):
            self.due = day
        return number

    def _after_answer(self, day: date, phase: Phase) -> bool:
        """Replied, and served too if the term ran out in between."""
        if self.closed_on is None or self.answered_on is None:
            return False
        return day > self.answered_on or (day > self.closed_on and phase.mark is not _LATE)

    # The facts of a day; each says what the strip notes of it, if anything.

    def _take_facts(self, day: date) -> list[str]:
        for letter in self.course.letters:
            if letter.sent_on == day:
                self._send(letter)
        notes = [fact.in_time_words for fact in self.course.kept if fact.on == day]
        if self.letters and (self.closed_on is None or day <= self.closed_on):
            notes += [note for letter in self.letters for note in letter.notes_on(day)]
        notes += filter(None, map(self._take, self.course.steps.get(day, ())))
        if day == self.course.replied_on:
            notes.append("答复")
        if day == self.course.served_on:
            notes.append("答复送达")
        return notes

    def _take(self, fact: Fact) -> str:
        match fact.kind:
            case FactKind.CORRECTION_ASKED:
                return self._ask(CORRECTION, fact)
            case FactKind.CORRECTION_RECEIVED:
                return self._do(CORRECTION, fact)
            case FactKind.FEE_ASKED:
                return self._ask(FEE, fact)
            case FactKind.FEE_NOTICE_DELIVERED:
                return self._deliver_notice(fact)
            case FactKind.FEE_PAID:
                return self._do(FEE, fact)
            case FactKind.EXTENDED:
                return self._extend(fact)
            case _:
                return self._delay(fact)

    def _report(self, code: str, fact: Fact, **words: object) -> str:
        self.course.report(code, fact, **words)
        return ""

    def _out_of_term(self, fact: Fact) -> str:
        """Why the fact finds no answer term that it could touch; "" if it finds one."""
        if self.wait:
            return "while_waiting"
        return "after_due" if self.due and fact.on > self.due else ""

    def _send(self, letter: Letter) -> None:
        """An opinion is asked for (条例第三十二条、第三十三条、第三十四条)."""
        if self.due and letter.sent_on > self.due:
            named = letter.addressee.letter
            self._report("consultation_after_due", letter.sent, letter=named, due=self.due)
        else:
            self.letters.append(letter)

    def _ask(self, step: Step, fact: Fact) -> str:
        """A correction or a fee is asked of the applicant, once, within the answer term."""
        if step in self.asked:
            return self._report(f"{step.name}_repeated", fact)
        if fault := self._out_of_term(fact):
            return self._report(f"{step.name}_{fault}", fact, due=self.due)
        if step is CORRECTION and not fact.was_in_time:
            limit = CORRECTION_NOTICE_WORKDAYS
            last = self.calendar.nth_workday_after(self.course.received_on, limit)
            if fact.on > last:
                self._report("correction_asked_late", fact, limit=limit, last=last)
        granted = fact.days if step.granted and fact.days and fact.days > 0 else None
        until = self.calendar.nth_workday_after(fact.on, granted or step.workdays)
        self.asked.add(step)
        binding = bool(granted) or not step.granted
        self.wait = Wait(step, fact.on, until, binding=binding, assumed=step is FEE)
        self.due = self.told = None
        return step.asked

    def _deliver_notice(self, fact: Fact) -> str:
        """The term of payment runs from the day after the notice is received (109号)."""
        if self.wait is None or self.wait.step is not FEE:
            return self._report("fee_notice_not_asked", fact)
        until = self.calendar.nth_workday_after(fact.on, FEE.workdays)
        self.wait = replace(self.wait, until=until, assumed=False)
        return "收费通知送达"

    def _do(self, step: Step, fact: Fact) -> str:
        """The applicant corrects or pays: the answer term begins afresh the next day."""
        wait = self.wait
        if wait is None or wait.step is not step:
            return self._report(f"{step.name}_not_asked", fact)
        late = fact.on > wait.until and not (fact.excused or fact.was_in_time)
        if wait.binding and late:
            return self._report(f"{step.name}_overdue", fact, last=wait.until)
        self._begin(fact.on, step)
        return ""

    def _extend(self, fact: Fact) -> str:
        """The applicant is told of an extension, at the latest on the due day (条例第三十三条)."""
        if fact is self.early:
            return f"告知延期 {self.extended} 个工作日" if self.extended else ""
        if fault := self._out_of_term(fact):
            return self._report(f"extension_{fault}", fact, due=self.due)
        return self._add(fact)

    def _keep_open(self, due: date) -> None:
        """On the due day by the schedule as put right: for what is to come and was in time by the
        schedule of its day the term runs on to the due day of that; by an extension it grows."""
        kept = self.course.kept_open_by(due, self.early)
        if kept is None or kept.in_time_by is None:
            return
        if kept.kind == FactKind.EXTENDED:
            self.early = kept
            self._add(kept)
            return
        more = self.calendar.workdays_between(due, kept.in_time_by)
        self.term += more
        self.due = None if more else kept.in_time_by

    def _add(self, fact: Fact) -> str:
        if self.told:
            return self._report("extension_after_delay", fact, told=self.told)
        if self.extended:
            return self._report("extension_repeated", fact)
        if fact.days is None or fact.days < 1:
            return self._report("extension_without_days", fact)
        days = min(fact.days, EXTENSION_MAX_WORKDAYS)
        if days < fact.days:
            self._report("extension_over_limit", fact, limit=days)
        self.extended, self.due = days, None
        self.term += days
        return f"告知延期 {days} 个工作日"

    def _delay(self, fact: Fact) -> str:
        """The applicant is told a later day, which is the due day from then on (条例第三十五条)."""
        if fault := self._out_of_term(fact):
            return self._report(f"delay_{fault}", fact, due=self.due)
        if self.told:
            return self._report("delay_repeated", fact, told=self.told)
        if fact.day is None:
            return self._report("delay_without_day", fact)
        left = self.term - self.used
        usual = run_out(left, after=fact.on, letters=self.letters, calendar=self.calendar)
        if fact.day <= usual and not fact.was_in_time:
            return self._report("delay_not_later", fact, told=fact.day)
        self.told, self.due = fact.day, None
        self.term = self.used + self.calendar.workdays_between(fact.on, fact.day)
        return f"告知延迟至 {fact.day} 答复"

    # The state read as at a day.

    def clock(self) -> Clock:
        course, on = self.course, self.on
        waiting_for, waiting_until, waiting_assumed = self._waiting()
        used = sum(self.began_on < d.day <= on and d.counted for d in self.days)
        until = course.answered_on or on
        late = 0
        if self.due and until > self.due:
            late = self.calendar.workdays_between(self.due, until)
        in_time = None
        if course.answered_on:
            in_time = self.due is None or course.answered_on <= self.due
        return Clock(
            received_on=course.received_on,
            on=on,
            due_on=None if waiting_for else self.due,
            waiting_for=waiting_for,
            waiting_until=waiting_until,
            waiting_assumed=waiting_assumed,
            ends_on=self.due,
            used=used,
            left=self.term - used,
            term=self.term,
            extended_by=self.extended,
            kept=tuple(course.kept),
            delayed_to=self.told,
            overdue=late,
            provisional=self._provisional(waiting_until),
            in_time=in_time,
            in_time_assumed=in_time is not None and course.served_on is None,
            irregularities=tuple(sorted(course.irregularities, key=lambda fault: fault.on)),
            calendar=self.calendar,
            lived=tuple(self.days),
        )

    def _waiting(self) -> tuple[str, date | None, bool]:
        """What is waited for as at `on`, until when, and whether that day is assumed."""
        if self.course.answered_on:
            return "", None, False
        if self.wait:
            return self.wait.step.name, self.wait.until, self.wait.assumed
        asked = [
            letter
            for letter in self.letters
            if letter.returned_on is None
            and not self.told
            and (letter.silent_on is None or self.on <= letter.silent_on)
            and (self.due is None or letter.sent_on < self.due)
        ]
        if not asked:
            return "", None, False
        return "consultation", *awaited_until(asked)

    def _provisional(self, waiting_until: date | None) -> bool:
        first = self.course.received_on
        last = max(day for day in (first, self.due, waiting_until) if day)
        return not all(map(self.calendar.has_schedule, range(first.year, last.year + 1)))
