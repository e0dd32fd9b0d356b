"""What a ledger counts, and nothing else of it: for the tables that its rows alone give.

Reports make section three and four of any year from these; they hold no applicant and no number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from cases.ledger.organs import Organs, importable
from cases.ledger.rows import Ledger
from cases.models import Department, LedgerUpload, User


class Alike(NamedTuple):
    """Rows that are alike in all that a table of any year asks of them.

    Of a case `kind` is the applicant's, `end` the outcome; of a proceeding its type and result.
    """

    department_id: int
    kind: str
    end: str  # "" while it is open
    begun: int  # year of receipt, or of filing
    ended: int | None  # year of the reply, or of the conclusion
    rows: int


Figures = dict[str, list[Alike]]  # "cases" and "proceedings"


def figures_of(ledger: Ledger, *, by: User | None, department: Department) -> Figures:
    """Of a ledger without problems, imported by `by` for `department`."""
    organs = Organs(importable(by, department))

    @cache
    def place(name: str) -> int:
        return organs.answering(name).pk if name else department.pk

    return {"cases": _cases(ledger, place), "proceedings": _proceedings(ledger, place)}


def kept_figures(upload: LedgerUpload) -> Figures:
    """As they were kept with the preview; empty where the file had problems."""
    kept = upload.found.get("figures", {})
    return {name: [Alike(*row) for row in kept.get(name, [])] for name in ("cases", "proceedings")}


def _cases(ledger: Ledger, place: Callable[[str], int]) -> list[Alike]:
    found = Counter(
        (
            place(row.department),
            str(row.applicant_kind),
            str(row.reply.outcome) if row.reply else "",
            row.received_on.year,
            row.closed_on.year if row.closed_on else None,
        )
        for row in ledger.cases
        if row.received_on
    )
    return [Alike(*key, rows) for key, rows in found.items()]


def _proceedings(ledger: Ledger, place: Callable[[str], int]) -> list[Alike]:
    found = Counter(
        (
            place(row.department),
            str(row.kind),
            str(row.result or ""),
            row.filed_on.year,
            row.concluded_on.year if row.concluded_on else None,
        )
        for row in ledger.proceedings
        if row.filed_on
    )
    return [Alike(*key, rows) for key, rows in found.items()]
