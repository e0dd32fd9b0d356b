"""Working days as the State Council decrees them (条例第三十三条 counts in 工作日).

Pure: a calendar is a value, built from decreed days and the years whose schedule is published.
Monday to Friday are working days unless decreed off; Saturday and Sunday are days off unless
decreed to be worked (调休). In a year without a schedule only the weekend rule is known, so
that dates in it are provisional; `Calendar.has_schedule` tells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice

ONE_DAY = timedelta(days=1)
SATURDAY = 5  # date.weekday() of the first day of the weekend
WEEKDAY_NAMES = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


class DayKind(StrEnum):
    """What a day is, before anyone asks whether a term counts it."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # off by decree, weekend days inside a holiday included
    WORKED = "worked"  # a Saturday or Sunday worked by decree (调休上班)


@dataclass(frozen=True, slots=True)
class DecreedDay:
    """A day that a notice takes out of the plain week: off (放假) or worked (补班)."""

    day: date
    off: bool
    name: str  # the holiday it belongs to, as in the notice: 国庆节
    notice: str  # title and number of the notice


class Calendar:
    """The working days, from the decreed days and the years with a published schedule."""

    def __init__(self, decreed: Iterable[DecreedDay], years: Iterable[int]) -> None:
        self._decreed = {entry.day: entry for entry in decreed}
        self._years = frozenset(years)

    def decreed(self, day: date) -> DecreedDay | None:
        """The decree about this day, if there is one."""
        return self._decreed.get(day)

    def has_schedule(self, year: int) -> bool:
        """Whether the year's schedule is published; if not, its dates are provisional."""
        return year in self._years

    def said(self, day: date | None) -> str:
        """A day that was reckoned as people are told it: "2027-01-05（暂定）" if need be."""
        return f"{day}" if day is None or self.has_schedule(day.year) else f"{day}（暂定）"

    def kind(self, day: date) -> DayKind:
        """Workday, weekend, holiday or worked weekend."""
        decree = self._decreed.get(day)
        if decree and decree.off:
            return DayKind.HOLIDAY
        if not is_weekend(day):
            return DayKind.WORKDAY
        return DayKind.WORKED if decree else DayKind.WEEKEND

    def is_workday(self, day: date) -> bool:
        """Whether a term in working days counts this day."""
        decree = self._decreed.get(day)
        return not decree.off if decree else not is_weekend(day)

    def workdays_after(self, day: date) -> Iterator[date]:
        """The working days after a day, the day itself left out, without end."""
        while True:
            day += ONE_DAY
            if self.is_workday(day):
                yield day

    def next_workday(self, day: date) -> date:
        """The first working day after a day."""
        return next(self.workdays_after(day))

    def next_workdays(self, day: date, n: int) -> list[date]:
        """The n working days after a day."""
        return list(islice(self.workdays_after(day), n))

    def nth_workday_after(self, day: date, n: int) -> date:
        """The last day of a term of n working days that begins the day after; n = 0: the day."""
        return self.next_workdays(day, n)[-1] if n else day

    def workdays_between(self, after: date, until: date) -> int:
        """How many working days lie in (after, until]; negative when `until` is the earlier."""
        if until < after:
            return -self.workdays_between(until, after)
        days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
        return sum(map(self.is_workday, days))


def is_weekend(day: date) -> bool:
    """Saturday or Sunday, worked or not."""
    return day.weekday() >= SATURDAY


def weekday_name(day: date) -> str:
    """星期一 to 星期日."""
    return WEEKDAY_NAMES[day.weekday()]
