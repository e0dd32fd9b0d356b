"""Where a case, or a review or suit, stands in the tables of a year. Pure.

The same as `reports.counting` asks of the database for all of them at once: for a single one, as it
is and as an act would make it, so that what an act does to a year is known before it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

NEW, CARRIED_OVER = "new_received", "carried_over"
CARRIED_FORWARD, PENDING = "carried_forward", "pending"

Succession = tuple[int, date, int]  # the old organ, its day of succession, the successor


@dataclass(frozen=True, slots=True)
class Counted:
    """All that the tables ask of a case, or of a review or suit."""

    organ: int  # that received it: `holder` says whose it is
    opened_on: date | None  # received or filed; None: counts nowhere (待确认, 作废)
    ended_on: date | None
    column: str  # the kind of applicant, or of proceeding
    end: str  # the outcome or result, "" while open
    is_case: bool = True


class Place(NamedTuple):
    """Where it counts in a year; `receipt` is empty for a review or suit."""

    receipt: str
    column: str
    row: str


def place_in(
    year: int,
    organ: int,
    counted: Counted | None,
    *,
    rows: Mapping[str, str],
    successions: Iterable[Succession] = (),
) -> Place | None:
    """Where `counted` stands in `organ`'s tables of `year`; None: not at all.

    `rows` says in which row an outcome counts, for two of them may share one.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    if counted is None or counted.opened_on is None or counted.opened_on > last:
        return None
    ended = counted.ended_on
    if ended and ended < first:
        return None
    if holder(counted, [step for step in successions if step[1] <= last]) != organ:
        return None
    is_ended = ended is not None and ended <= last
    if not counted.is_case:
        return Place("", counted.column, counted.end if is_ended else PENDING)
    receipt = NEW if counted.opened_on >= first else CARRIED_OVER
    row = rows.get(counted.end, counted.end) if is_ended else CARRIED_FORWARD
    return Place(receipt, counted.column, row)


def holder(counted: Counted, successions: Iterable[Succession]) -> int:
    """The organ to whom it belongs: what was open on the day of a succession goes to the successor,
    whole (国办公开办函〔2019〕14号); as `succession.Organs.holder`."""
    moves = {old: (day, new) for old, day, new in successions}
    organ, seen = counted.organ, set[int]()
    while organ in moves and organ not in seen:
        seen.add(organ)
        day, successor = moves[organ]
        began, ended = counted.opened_on, counted.ended_on
        if began is None or began >= day or (ended is not None and ended < day):
            break
        organ = successor
    return organ


def holders(organ: int, successions: Iterable[Succession]) -> list[int]:
    """`organ` and all that took over from it, one after the other."""
    moves, found = {old: new for old, _, new in successions}, [organ]
    while (successor := moves.get(found[-1])) is not None and successor not in found:
        found.append(successor)
    return found
