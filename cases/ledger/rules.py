"""What must hold between the cells of one row, whatever the database says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from operator import attrgetter

from cases.ledger import cells
from cases.ledger.columns import CASES, PROCEEDINGS
from cases.ledger.rows import CaseRow, ProceedingRow

Fault = tuple[str, str]  # key of the column, what is wrong in it

CASE_DAYS = tuple(column.key for column in CASES.columns if column.read is cells.day)
PROCEEDING_DAYS = tuple(column.key for column in PROCEEDINGS.columns if column.read is cells.day)
# The second only with the first, and not before it; the first may stand alone.
STEPS = (
    ("correction_asked", "correction_received"),
    ("consultation_sent", "consultation_returned"),
    ("fee_asked", "fee_paid"),
)
# The second is not before the first. Nothing happens to an application before it is received
# (条例第三十一条).
CASE_ORDER = (
    ("arrived_on", "received_on"),
    ("received_on", "closed_on"),
    ("received_on", "extended"),
    *(("received_on", first) for first, _ in STEPS),
    ("closed_on", "served_on"),
    *STEPS,
)
PROCEEDING_ORDER = (("filed_on", "concluded_on"),)

Days = dict[str, date]  # key of a column → its day, where one is given


def case_faults(row: CaseRow, unread: Collection[str], today: date) -> Iterator[Fault]:
    """The faults of a row; cells that could not be read (`unread`) are no further reason."""
    days = {key: day for key, day in zip(CASE_DAYS, _case_days(row), strict=True) if day}
    yield from _future(days, today)
    yield from _both_or_neither(row, "reply", "closed_on", unread)
    yield from _both_or_neither(row, "extended", "extended_days", unread)
    if "served_on" in days and "closed_on" not in days and "closed_on" not in unread:
        yield "served_on", "还没有答复，不能有送达日期"
    for first, second in STEPS:
        if second in days and first not in days and first not in unread:
            yield second, f"没有{CASES.header(first)}，不能单有{CASES.header(second)}"
    yield from _out_of_order(row, days, CASE_ORDER)


def proceeding_faults(row: ProceedingRow, unread: Collection[str], today: date) -> Iterator[Fault]:
    found = zip(PROCEEDING_DAYS, _proceeding_days(row), strict=True)
    days = {key: day for key, day in found if day}
    yield from _future(days, today)
    yield from _both_or_neither(row, "result", "concluded_on", unread)
    yield from _out_of_order(row, days, PROCEEDING_ORDER)


_case_days, _proceeding_days = attrgetter(*CASE_DAYS), attrgetter(*PROCEEDING_DAYS)


def _future(days: Days, today: date) -> Iterator[Fault]:
    for key, day in days.items():
        if day > today:
            yield key, "还没有到这一天，不能填将来的日期"


def _both_or_neither(
    row: CaseRow | ProceedingRow, first: str, second: str, unread: Collection[str]
) -> Iterator[Fault]:
    has_first, has_second = getattr(row, first) is not None, getattr(row, second) is not None
    if has_first != has_second and not {first, second} & set(unread):
        blank = second if has_first else first
        yield blank, f"{_header(row, first)}和{_header(row, second)}要么都填，要么都不填"


def _out_of_order(
    row: CaseRow | ProceedingRow, days: Days, order: Iterable[tuple[str, str]]
) -> Iterator[Fault]:
    """Told at the later of the two, but of an arrival after the receipt at the arrival."""
    for first, second in order:
        if first in days and second in days and days[second] < days[first]:
            if first == "arrived_on":
                yield first, f"晚于{_header(row, second)} {days[second]}"
            else:
                yield second, f"早于{_header(row, first)} {days[first]}"


def _header(row: CaseRow | ProceedingRow, key: str) -> str:
    return (CASES if isinstance(row, CaseRow) else PROCEEDINGS).header(key)
