"""What the statutory clock reads of a case as at a day.

Pure. `cases.clock` alone makes it.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cases.clock_days import ClockDay, LivedDay, Span, describe, spans_of
from cases.clock_facts import Fact, Irregularity
from cases.workdays import Calendar


@dataclass(frozen=True)  # without slots, for the cached strip
class Clock:
    """Where a case stands: every fact folded, used and left as at `on`.

    `used + left == term`, in working days of the current run; an answered case keeps the days it
    had left. While something is waited for there is no `due_on`, but the step's `waiting_until`.
    """

    received_on: date | None
    on: date
    term: int
    left: int
    due_on: date | None = None
    waiting_for: str = ""  # confirmation, correction, consultation, fee, or nothing
    waiting_until: date | None = None  # None while waiting: the step has no term in law
    waiting_assumed: bool = False  # the step's term is reckoned from the sending: no delivery known
    ends_on: date | None = None  # the due day if nothing more is recorded, whatever `on` is
    used: int = 0
    extended_by: int = 0  # working days of the term that an extension has added
    kept: tuple[Fact, ...] = ()  # in time by the schedule of their day, put right since
    delayed_to: date | None = None  # 条例第三十五条: the due day told to the applicant
    overdue: int = 0  # working days past the due day, up to the answer or else to `on`
    provisional: bool = False  # a year without a published schedule is involved
    in_time: bool | None = None  # None: not answered yet
    in_time_assumed: bool = False  # told from the reply's date, its service not being recorded
    irregularities: tuple[Irregularity, ...] = ()
    calendar: Calendar | None = None
    lived: tuple[LivedDay, ...] = ()

    @cached_property
    def days(self) -> tuple[ClockDay, ...]:
        """The strip, from the day of receipt on."""
        calendar = self.calendar
        return tuple(describe(day, calendar) for day in self.lived) if calendar else ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """The days summed up, a row for each stretch (计算过程)."""
        return spans_of(self.days)
