"""What a plan comes to, for people and for programs. No personal data in clear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.utils import timezone

from cases.ledger.comparing import Change
from cases.ledger.plan import Plan, Tally
from cases.ledger.rows import CaseRow, ProceedingRow

Row = CaseRow | ProceedingRow


def as_json(plan: Plan, *, written: bool) -> dict[str, Any]:
    """Counts of 申请台账 at the top, of 复议诉讼台账 under `proceedings`; both share the lists."""
    return {
        "file": plan.ledger.file_name,
        "sha256": plan.ledger.sha256,
        "known": plan.known is not None,
        "new": plan.cases.new,
        "completed": plan.cases.completed,
        "unchanged": plan.cases.unchanged,
        "conflicts": [_difference(row, change) for row, change in plan.conflicts],
        "completions": [_difference(row, change) for row, change in plan.completions],
        "errors": [problem.as_dict() for problem in plan.problems],
        "doubts": [doubt.as_dict() for doubt in plan.doubts],
        "proceedings": plan.proceedings.as_dict(),
        "late": [
            {"sheet": late.row.sheet, "row": late.row.row, "message": late.sentence}
            for late in plan.late
        ],
        "passed_over": plan.ledger.passed_over,
        "written": written,
    }


def refused_as_json(file_name: str, sha256: str, message: str) -> dict[str, Any]:
    """The same for a file that could not be read or saved at all."""
    error = {"sheet": "", "row": None, "column": "", "value": "", "message": message}
    return {
        "file": file_name,
        "sha256": sha256,
        "known": False,
        "new": 0,
        "completed": 0,
        "unchanged": 0,
        "conflicts": [],
        "completions": [],
        "errors": [error],
        "doubts": [],
        "proceedings": Tally().as_dict(),
        "late": [],
        "passed_over": [],
        "written": False,
    }


def as_lines(plan: Plan) -> Iterator[str]:
    """The plan in words, a line each."""
    if plan.known:
        when = timezone.localtime(plan.known.imported_at)
        who = f"由{plan.known.imported_by}" if plan.known.imported_by else ""
        yield f"这份文件已于 {when:%Y-%m-%d %H:%M} {who}导入过。"
    yield f"申请台账：{_counts(plan.cases, '件')}"
    if plan.ledger.proceedings:
        yield f"复议诉讼台账：{_counts(plan.proceedings, '件')}"
    if plan.ledger.passed_over:
        yield f"不是台账，没有读取的工作表：{'、'.join(plan.ledger.passed_over)}"
    if plan.completions:
        yield "补登："
        for row, changes in _by_row(plan.completions):
            filled = "；".join(f"{change.header} {change.told_after}" for change in changes)
            yield f"  {_place(row)} {filled}"
    if plan.conflicts:
        yield "台账与系统不一致："
        for row, change in plan.conflicts:
            told = f"系统“{change.told_before}”，台账“{change.told_after}”"
            yield f"  {_place(row)} {change.header}：{told}"
    if plan.late:
        yield "改变已公布的年度："
        yield from (f"  {_place(late.row)} {late.sentence}" for late in plan.late)
    if plan.doubts:
        yield "请核对："
        yield from (f"  {doubt}" for doubt in plan.doubts)
    if plan.problems:
        yield "错误："
        yield from (f"  {problem}" for problem in plan.problems)


def _counts(tally: Tally, unit: str) -> str:
    return (
        f"新增 {tally.new} {unit}，补登 {tally.completed} {unit}，"
        f"不一致 {tally.conflicting} {unit}，未变 {tally.unchanged} {unit}"
    )


def _by_row(changes: Iterable[tuple[Row, Change]]) -> Iterator[tuple[Row, list[Change]]]:
    for _, group in groupby(changes, key=lambda pair: id(pair[0])):
        pairs = list(group)
        yield pairs[0][0], [change for _, change in pairs]


def _place(row: Row) -> str:
    return f"{row.sheet} 第 {row.row} 行 {_name(row)}"


def _name(row: Row) -> str:
    return row.number if isinstance(row, CaseRow) else row.docket or row.case_number


def _difference(row: Row, change: Change) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "number": _name(row),
        "column": change.header,
        "stored": change.told_before,
        "given": change.told_after,
    }
