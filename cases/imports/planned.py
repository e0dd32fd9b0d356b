"""What planning came to, as it is kept for the preview: counts in the open, rows encrypted.

A list may have a hundred thousand rows and a page shows at most a hundred: the rows stand in blocks
of just so many, each encrypted by itself, so that a page costs one block however long the list is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, overload

from cases import sealed
from cases.ledger import Plan
from cases.ledger.comparing import Change
from cases.ledger.plan import KnownCase, NewProceeding
from cases.ledger.rows import CaseRow, Problem, ProceedingRow, SheetHeading
from cases.models import Department, LedgerUpload

BLOCK = 100  # rows; the sizes of a page divide it
NEW, FILLED, CONFLICTS, ERRORS = "new", "filled", "conflicts", "errors"
LATE = "late"  # what changes a year whose report is public
DOUBTS = "doubts"  # to be looked at; they hinder nothing
LISTS = (NEW, FILLED, CONFLICTS, LATE, ERRORS, DOUBTS)

Line = dict[str, str]  # a row of a list, by the columns of its table


def keep_rows(plan: Plan, file: BinaryIO) -> dict[str, dict[str, Any]]:
    """Write every list of the plan; returns how many rows each has and where its blocks begin."""
    lists: dict[str, Iterable[Line]] = {
        NEW: _new(plan),
        FILLED: _filled(plan),
        CONFLICTS: _conflicts(plan),
        LATE: _late(plan),
        ERRORS: map(_error, plan.problems),
        DOUBTS: map(_error, plan.doubts),
    }
    return {name: _keep(lines, file) for name, lines in lists.items()}


def summary(plan: Plan, matched: Mapping[str, str]) -> dict[str, Any]:
    """Counts and headings: nothing of a row. `matched` is how its columns were matched by hand."""
    return {
        "cases": plan.cases.as_dict(),
        "proceedings": plan.proceedings.as_dict(),
        "writes": plan.writes,
        "passed_over": plan.ledger.passed_over,
        "headings": headings(plan.ledger.headings),
        "last_import": plan.last_import,
        "digest": digest(plan, matched),
    }


def headings(found: Iterable[SheetHeading]) -> list[dict[str, Any]]:
    return [
        {"sheet": heading.sheet, "kind": heading.kind, "columns": heading.columns}
        for heading in found
    ]


def digest(plan: Plan, matched: Mapping[str, str]) -> str:
    """Two plans with the same digest would write the same, over the same records.

    The file and its matches say what a new row holds. Personal data enter as they are shown: the
    version of each record tells when they changed.
    """
    code = hashlib.sha256(f"{plan.ledger.sha256}{sorted(matched.items())}".encode())
    new: list[tuple[CaseRow | ProceedingRow, Department]] = [
        (case.row, case.department) for case in plan.new_cases
    ]
    new += [(proceeding.row, proceeding.department) for proceeding in plan.new_proceedings]
    for row, department in new:
        code.update(repr((_place(row), department.pk)).encode())
    for known in plan.changed:
        record = known.case if isinstance(known, KnownCase) else known.proceeding
        told = [(c.header, c.told_before, c.told_after, c.conflict) for c in known.changes]
        code.update(repr((_place(known.row), record.pk, record.version, told)).encode())
    for late in plan.late:
        code.update(repr((_place(late.row), late.sentence)).encode())
    for problem in plan.problems:
        code.update(str(problem).encode())
    return code.hexdigest()


class KeptRows(Sequence[Line]):
    """A list of an upload's preview; reads the blocks that a slice needs."""

    def __init__(self, upload: LedgerUpload, name: str) -> None:
        kept = upload.found.get("rows", {}).get(name, {})
        self._file = upload.rows
        self._count: int = kept.get("count", 0)
        self._starts: list[int] = kept.get("starts", [])

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> list[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | list[Line]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        first, last, _ = at.indices(self._count)
        if first >= last:
            return []
        places = range(first // BLOCK, (last - 1) // BLOCK + 1)
        with Path(self._file.path).open("rb") as file:
            found = [
                line
                for place in places
                for line in json.loads(sealed.block_at(file, self._starts[place]))
            ]
        offset = places[0] * BLOCK
        return found[first - offset : last - offset]

    def __iter__(self) -> Iterator[Line]:
        for first in range(0, self._count, BLOCK):
            yield from self[first : first + BLOCK]


def _keep(lines: Iterable[Line], file: BinaryIO) -> dict[str, Any]:
    count, starts, left = 0, [], iter(lines)
    while block := list(islice(left, BLOCK)):
        starts.append(sealed.append(file, json.dumps(block, ensure_ascii=False).encode()))
        count += len(block)
    return {"count": count, "starts": starts}


def _new(plan: Plan) -> Iterator[Line]:
    for case in plan.new_cases:
        row = case.row
        yield _line(row) | {
            "department": str(case.department),
            "who": row.name or str(row.applicant_kind.label if row.applicant_kind else ""),
            "day": str(row.received_on),
            "ending": str(row.reply.outcome.label) if row.reply else "在办",
        }
    for proceeding in plan.new_proceedings:
        yield _line(proceeding.row) | _proceeding(proceeding)


def _proceeding(new: NewProceeding) -> Line:
    row = new.row
    return {
        "department": str(new.department),
        "who": str(row.kind.label) if row.kind else "",
        "day": str(row.filed_on),
        "ending": str(row.result.label) if row.result else "尚未审结",
    }


def _filled(plan: Plan) -> Iterator[Line]:
    for row, change in plan.completions:
        yield _line(row) | {"column": change.header, "value": change.told_after}


def _conflicts(plan: Plan) -> Iterator[Line]:
    for row, change in plan.conflicts:
        yield _line(row) | _difference(change)


def _late(plan: Plan) -> Iterator[Line]:
    for late in plan.late:
        yield _line(late.row) | {"message": late.sentence}


def _difference(change: Change) -> Line:
    return {"column": change.header, "stored": change.told_before, "given": change.told_after}


def _error(problem: Problem) -> Line:
    place = f"{problem.sheet} 第 {problem.row} 行" if problem.row else problem.sheet
    return {
        "place": place,
        "sheet": problem.sheet,
        "row": str(problem.row or ""),
        "column": problem.column,
        "value": problem.value,
        "message": problem.message,
    }


def _line(row: CaseRow | ProceedingRow) -> Line:
    return {"place": _place(row), "number": _number(row)}


def _place(row: CaseRow | ProceedingRow) -> str:
    return f"{row.sheet} 第 {row.row} 行"


def _number(row: CaseRow | ProceedingRow) -> str:
    return row.number if isinstance(row, CaseRow) else row.docket or row.case_number
