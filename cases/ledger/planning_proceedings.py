"""The proceedings of a ledger beside those that are stored.

案号 is the key. Without it rows are matched as a multiset on department, case, type and 立案日期:
two reviews filed on one day stay two, however often the ledger is imported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from cases.ledger.columns import PROCEEDINGS
from cases.ledger.comparing import CaseRef, Change, compare_proceeding, tell
from cases.ledger.plan import KnownProceeding, NewProceeding, Plan
from cases.ledger.rows import Problem, ProceedingRow
from cases.models import Case, Department, Proceeding
from cases.workflow.proceedings import OF_THIS_CASE, against_order

References = Mapping[tuple[int, str], list[CaseRef]]
Placed = tuple[ProceedingRow, Department, CaseRef | None]
MultisetKey = tuple[int, int | None, str, date | None]  # department, case, type, filed on
Fits = Callable[[ProceedingRow, Proceeding], bool]
CHUNK = 500  # numbers in one query


def plan_proceedings(
    plan: Plan, rows: Sequence[tuple[ProceedingRow, Department]], in_file: References
) -> None:
    """Fill the plan's proceedings; what is wrong with a row joins the plan's problems."""
    if not rows:
        return
    placed = _with_cases(plan, rows, in_file)
    _report_doubles(plan, placed)
    bad = {(problem.sheet, problem.row) for problem in plan.problems}
    waiting = [item for item in placed if (item[0].sheet, item[0].row) not in bad]
    matched = _match(waiting)
    for row, department, case in waiting:
        if id(row) not in matched:
            plan.new_proceedings.append(NewProceeding(row, department, case))
            continue
        proceeding = matched[id(row)]
        changes = list(compare_proceeding(row, proceeding, case))
        if problems := list(_against_order(row, proceeding, changes)):
            plan.problems += problems
        elif changes:
            plan.changed_proceedings.append(KnownProceeding(row, proceeding, changes))
        else:
            plan.unchanged_proceedings += 1


def _with_cases(
    plan: Plan, rows: Sequence[tuple[ProceedingRow, Department]], in_file: References
) -> list[Placed]:
    """Each row with the case it names: of the file, else a stored one, received before it."""
    stored = _stored_cases(rows)
    placed: list[Placed] = []
    for row, department in rows:
        case = None
        if row.case_number:
            key = (department.pk, row.case_number)
            found = _before(row, in_file.get(key, ())) or _before(row, stored.get(key, ()))
            if len(found) != 1:
                years = "、".join(sorted(str(case.received_on)[:4] for case in found))
                message = (
                    f"{years} 年各有一件，无法确定是哪一件，请留空并在系统里关联"
                    if found
                    else f"{department}没有这个编号、在立案日期之前收到的申请"
                )
                header = PROCEEDINGS.header("case_number")
                plan.problems.append(Problem(row.sheet, row.row, header, row.case_number, message))
            case = found[0] if found else None
        placed.append((row, department, case))
    return placed


def _against_order(
    row: ProceedingRow, stored: Proceeding, changes: Iterable[Change]
) -> Iterator[Problem]:
    """As on the page of the proceeding: `workflow.record_proceeding`."""
    refusals = against_order(stored, row.concluded_on, row.result or "")
    if stored.ordered_on and any(change.name == "case" for change in changes):
        refusals["case"] = OF_THIS_CASE
    for name, message in refusals.items():
        column, value = (
            ("case_number", row.case_number) if name == "case" else (name, getattr(row, name))
        )
        header = PROCEEDINGS.header(column)
        yield Problem(row.sheet, row.row, header, tell(value), message.removesuffix("。"))


def _before(row: ProceedingRow, cases: Iterable[CaseRef]) -> list[CaseRef]:
    """The cases received by the day of filing; a day that could not be read excludes none."""
    return [
        case
        for case in cases
        if not case.received_on or not row.filed_on or case.received_on <= row.filed_on
    ]


def _stored_cases(rows: Sequence[tuple[ProceedingRow, Department]]) -> References:
    found: dict[tuple[int, str], list[CaseRef]] = defaultdict(list)
    numbers = sorted({row.case_number for row, _ in rows if row.case_number})
    departments = {department.pk for _, department in rows}
    for start in range(0, len(numbers), CHUNK):
        cases = Case.objects.filter(
            number__in=numbers[start : start + CHUNK],
            department_id__in=departments,
            voided_on=None,
        ).values_list("department_id", "number", "received_on", "pk")
        for department, number, received_on, pk in cases:
            found[department, number].append(CaseRef(number, received_on, pk))
    return found


def _report_doubles(plan: Plan, placed: Iterable[Placed]) -> None:
    first: dict[tuple[int, str], ProceedingRow] = {}
    for row, department, _ in placed:
        if not row.docket:
            continue
        earlier = first.setdefault((department.pk, row.docket), row)
        if earlier is not row:
            message = f"与第 {earlier.row} 行的案号重复"
            header = PROCEEDINGS.header("docket")
            plan.problems.append(Problem(row.sheet, row.row, header, row.docket, message))


def _match(placed: Sequence[Placed]) -> dict[int, Proceeding]:
    """Id of a row → the stored proceeding that it is about; each is matched once."""
    departments = {department.pk for _, department, _ in placed}
    stored = list(
        Proceeding.objects.filter(department_id__in=departments)
        .select_related("case")
        .order_by("id")
    )
    by_docket = {(found.department_id, found.docket): found for found in stored if found.docket}
    matched = {
        id(row): by_docket[department.pk, row.docket]
        for row, department, _ in placed
        if row.docket and (department.pk, row.docket) in by_docket
    }
    taken = {proceeding.pk for proceeding in matched.values()}
    free: dict[MultisetKey, list[Proceeding]] = defaultdict(list)
    for proceeding in stored:
        if proceeding.pk not in taken:
            free[_stored_key(proceeding)].append(proceeding)
    for fits in (_same_end, _open_end, _any_end):
        for row, department, case in placed:
            if id(row) not in matched and not (case and case.pk is None):
                found = _take(row, free[_row_key(row, department, case)], fits)
                if found:
                    matched[id(row)] = found
    return matched


def _take(row: ProceedingRow, free: list[Proceeding], fits: Fits) -> Proceeding | None:
    """Take the first that fits out of those still free.

    Two numbers that differ are two proceedings; one that is not written yet is filled in.
    """
    for place, proceeding in enumerate(free):
        if not (row.docket and proceeding.docket) and fits(row, proceeding):
            return free.pop(place)
    return None


def _stored_key(proceeding: Proceeding) -> MultisetKey:
    found = proceeding
    return found.department_id, found.case_id, found.kind, found.filed_on


def _row_key(row: ProceedingRow, department: Department, case: CaseRef | None) -> MultisetKey:
    return department.pk, case.pk if case else None, str(row.kind), row.filed_on


def _same_end(row: ProceedingRow, proceeding: Proceeding) -> bool:
    ended = (proceeding.result, proceeding.concluded_on)
    return (row.result or "", row.concluded_on) == ended


def _open_end(row: ProceedingRow, proceeding: Proceeding) -> bool:
    return not row.result or not proceeding.result


def _any_end(row: ProceedingRow, proceeding: Proceeding) -> bool:
    return True
