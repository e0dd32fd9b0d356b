"""A 答复文号 that stands twice: told of and written all the same, since history may have done so.

One reply may answer several cases: of one applicant, on one day, with one outcome.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from cases.ledger.columns import CASES
from cases.ledger.plan import Plan
from cases.ledger.rows import CaseRow, Problem
from cases.models import Case, Department

REPEATED = "与{}的答复文号相同，请核对；确是一并答复的，不用改"

Said = tuple[str, date | None, str]  # to whom, on which day, with which outcome
Bearers = defaultdict[tuple[int, str], list[tuple[str, Said]]]  # organ and number → where, and what


def doubts_of(
    plan: Plan, placed: Iterable[tuple[CaseRow, Department]], stored: dict[int, int]
) -> Iterator[Problem]:
    """Of the rows whose number would be written, those that repeat the one of another reply: of a
    row before, or of a case in the system that no row is about. `stored`: id of a row → its case.
    """
    numbered = [(row, organ) for row, organ in placed if row.reply_number and row.closed_on]
    written = {id(new.row) for new in plan.new_cases}
    for known in plan.changed_cases:
        if any(change.name == "reply_number" for change in known.changes):
            written.add(id(known.row))
    if not written:
        return
    bearers = _in_the_system(numbered, set(stored.values()))
    for row, organ in numbered:
        found, said = bearers[organ.pk, row.reply_number], _said(row)
        other = next((where for where, theirs in found if theirs != said), "")
        if other and id(row) in written:
            header, message = CASES.header("reply_number"), REPEATED.format(other)
            yield Problem(row.sheet, row.row, header, row.reply_number, message)
        found.append((f"{row.sheet}第 {row.row} 行", said))


def _said(row: CaseRow) -> Said:
    return row.name, row.closed_on, str(row.reply.outcome) if row.reply else ""


def _in_the_system(numbered: Sequence[tuple[CaseRow, Department]], rows: set[int]) -> Bearers:
    """What has a number already, among these organs and in these years; but the cases of `rows`."""
    days = [row.closed_on for row, _ in numbered if row.closed_on]
    found: Bearers = defaultdict(list)
    if not days:
        return found
    years = (date(min(days).year, 1, 1), date(max(days).year, 12, 31))
    organs = {organ.pk for _, organ in numbered}
    cases = Case.objects.filter(department__in=organs, closed_on__range=years)
    columns = ("pk", "number", "department", "reply_number", "applicant__name", "closed_on")
    told = cases.exclude(reply_number="").values_list(*columns, "outcome")
    for pk, number, organ, reply_number, name, closed_on, outcome in told:
        if pk not in rows:
            said = (name, closed_on, outcome)
            found[organ, reply_number].append((f"系统里 {number} ", said))
    return found
