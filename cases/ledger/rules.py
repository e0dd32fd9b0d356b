"""What must hold between the cells of one row, whatever the database says."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

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
# Nothing of these happens to an application before it is received (条例第三十一条).
_AFTER_RECEIPT = ("closed_on", "extended", *(first for first, _ in STEPS))


def case_faults(row: CaseRow, unread: Collection[str], today: date) -> Iterator[Fault]:
    """The faults of a row; cells that could not be read (`unread`) are no further reason."""
    yield from _future(row, CASE_DAYS, today)
    yield from _both_or_neither(row, "reply", "closed_on", unread)
    yield from _both_or_neither(row, "extended", "extended_days", unread)
    if row.served_on and not row.closed_on and "closed_on" not in unread:
        yield "served_on", "还没有答复，不能有送达日期"
    yield from _order(row, "arrived_on", "received_on", at="arrived_on")
    for key in _AFTER_RECEIPT:
        yield from _order(row, "received_on", key)
    yield from _order(row, "closed_on", "served_on")
    for first, second in STEPS:
        if getattr(row, second) and not getattr(row, first) and first not in unread:
            yield second, f"没有{CASES.header(first)}，不能单有{CASES.header(second)}"
        yield from _order(row, first, second)


def proceeding_faults(row: ProceedingRow, unread: Collection[str], today: date) -> Iterator[Fault]:
    yield from _future(row, PROCEEDING_DAYS, today)
    yield from _both_or_neither(row, "result", "concluded_on", unread)
    yield from _order(row, "filed_on", "concluded_on")


def _future(row: CaseRow | ProceedingRow, keys: Collection[str], today: date) -> Iterator[Fault]:
    for key in keys:
        found = getattr(row, key)
        if found and found > today:
            yield key, "还没有到这一天，不能填将来的日期"


def _both_or_neither(
    row: CaseRow | ProceedingRow, first: str, second: str, unread: Collection[str]
) -> Iterator[Fault]:
    has_first, has_second = getattr(row, first) is not None, getattr(row, second) is not None
    if has_first != has_second and not {first, second} & set(unread):
        blank = second if has_first else first
        yield blank, f"{_header(row, first)}和{_header(row, second)}要么都填，要么都不填"


def _order(row: CaseRow | ProceedingRow, first: str, second: str, at: str = "") -> Iterator[Fault]:
    """`second` is not before `first`; the fault is told `at` one of them, usually the second."""
    early, late = getattr(row, first), getattr(row, second)
    if early and late and late < early:
        if at == first:
            yield first, f"晚于{_header(row, second)} {late}"
        else:
            yield second, f"早于{_header(row, first)} {early}"


def _header(row: CaseRow | ProceedingRow, key: str) -> str:
    return (CASES if isinstance(row, CaseRow) else PROCEEDINGS).header(key)
