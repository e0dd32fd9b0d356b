"""Lay the rows of a ledger beside the database: what is new, filled in, at odds, or the same.

A handful of queries for the whole file, none for a row, and nothing is written. Problems found here
join those of reading, so that all of them are told at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

from django.db.models import Max, Q

from cases.choices import CLOCK_FACTS
from cases.ledger.cells import CellError
from cases.ledger.collector import collector_paused
from cases.ledger.columns import CASES
from cases.ledger.comparing import CaseRef, compare_case, joined_note, split_note, tell
from cases.ledger.late import find_late
from cases.ledger.limits import LedgerError
from cases.ledger.organs import Organs, importable
from cases.ledger.plan import KnownCase, NewCase, Plan
from cases.ledger.planning_proceedings import plan_proceedings
from cases.ledger.progress import Told, nobody, telling
from cases.ledger.reply_numbers import doubts_of
from cases.ledger.rows import CaseRow, Ledger, Problem, ProceedingRow
from cases.models import Case, Department, Event, ImportedLedger, SealedYear, User
from cases.workflow.clockwork import moves_by_schedule, standing_facts
from cases.workflow.grounds import followed_words

CHUNK = 500  # ids in one query
DOUBLED = "与{}第 {} 行重复（同一单位、同一年度内编号不得重复）"
GOVERNMENT_GIVEN = "没有写受理部门；{} 本身不受理申请，请写明是哪个单位（如政府办公室）"

Row = TypeVar("Row", CaseRow, ProceedingRow)
Item = TypeVar("Item")


@collector_paused()
def plan_import(
    ledger: Ledger, *, by: User | None, department: Department | None, told: Told | None = None
) -> Plan:
    """Plan the import of `ledger` by `by`; `department` answers for rows that name none.

    `told` hears how far it is. Raises `LedgerError` if `by` may import nothing here.
    """
    scope = list(importable(by, department))
    if not scope:
        raise LedgerError(f"您没有{f'为{department}' if department else ''}导入台账的权限。")
    known = ImportedLedger.objects.filter(sha256=ledger.sha256).first()
    newest = ImportedLedger.objects.aggregate(id=Max("id"))["id"] or 0
    plan = Plan(ledger, department, known, newest, list(ledger.problems))
    organs = Organs(scope)
    cases = _placed(ledger.cases, organs, plan)
    proceedings = _placed(ledger.proceedings, organs, plan)
    stored = _plan_cases(plan, cases, told or nobody)
    plan.doubts += doubts_of(plan, cases, stored)
    plan_proceedings(plan, proceedings, _references(cases, stored))
    plan.last_seal = SealedYear.objects.aggregate(id=Max("id"))["id"] or 0
    plan.late = find_late(plan)
    sheets = {name: place for place, name in enumerate(ledger.sheets)}
    plan.problems.sort(key=lambda problem: (sheets.get(problem.sheet, 0), problem.row))
    return plan


def _placed(rows: Iterable[Row], organs: Organs, plan: Plan) -> list[tuple[Row, Department]]:
    """Each row with its department; those that name none that fits become problems."""
    given, header = plan.department, CASES.header("department")

    @cache
    def place(name: str) -> Department | str:
        try:
            return organs.answering(name)
        except CellError as error:
            return str(error)

    placed = []
    for row in rows:
        found = place(row.department) if row.department else given
        if isinstance(found, Department) and not found.holds_cases:
            found = GOVERNMENT_GIVEN.format(found)
        if isinstance(found, str):
            plan.problems.append(Problem(row.sheet, row.row, header, row.department, found))
        elif found is not None:
            placed.append((row, found))
    return placed


def _plan_cases(
    plan: Plan, placed: Sequence[tuple[CaseRow, Department]], told: Told
) -> dict[int, int]:
    """Fill the plan's cases; id of a row → id of the stored case that it is about."""
    bad = {(problem.sheet, problem.row) for problem in plan.problems}
    keyed = _by_number(plan, placed)
    stored = _match(keyed)
    cases = _fetch(stored.values())
    facts = _facts_of(stored.values())
    organs = Organs(Department.objects.answering())

    @cache
    def unit_named(words: str) -> Department | None:
        found = organs.find(words) if words else []
        return found[0] if len(found) == 1 else None

    message = "正在与系统比对，已比对 {} 件"
    for row, department in telling(keyed.values(), len(keyed), told, message):
        if (row.sheet, row.row) in bad:
            continue
        unit = unit_named(row.unit)
        if id(row) not in stored:
            plan.new_cases.append(NewCase(row, department, unit))
            continue
        case = cases[stored[id(row)]]
        known = KnownCase(row, case, facts[case.pk], [])
        known.changes += compare_case(row, case, known.facts, unit)
        plan.problems += _faults(known)
        if known.changes:
            plan.changed_cases.append(known)
        else:
            plan.unchanged_cases += 1
    return stored


Key = tuple[int, int, str]  # department, year of receipt, number
Keyed = dict[Key, tuple[CaseRow, Department]]


def _by_number(plan: Plan, placed: Iterable[tuple[CaseRow, Department]]) -> Keyed:
    keyed: Keyed = {}
    for row, department in placed:
        if not (row.number and row.received_on):
            continue  # a problem already
        key = (department.pk, row.received_on.year, row.number)
        if key in keyed:
            first = keyed[key][0]
            message = DOUBLED.format("" if first.sheet == row.sheet else first.sheet, first.row)
            header = CASES.header("number")
            plan.problems.append(Problem(row.sheet, row.row, header, row.number, message))
        else:
            keyed[key] = (row, department)
    return keyed


def _match(keyed: Keyed) -> dict[int, int]:
    """Id of a row → id of the stored case with its number.

    A case may be numbered in one year and received in the next (待确认 over the turn of the year):
    the year of its number goes first, that of its receipt second.
    """
    if not keyed:
        return {}
    departments, years = {key[0] for key in keyed}, {key[1] for key in keyed}
    received = Q(received_on__gte=date(min(years), 1, 1), received_on__lte=date(max(years), 12, 31))
    numbered: dict[Key, int] = {}
    by_receipt: dict[Key, int] = {}
    found = Case.objects.filter(
        Q(number_year__in=years) | received, department_id__in=departments
    ).values_list("pk", "department_id", "number_year", "number", "received_on")
    for pk, department, year, number, received_on in found:
        numbered[department, year, number] = pk
        if received_on and received_on.year != year:
            by_receipt[department, received_on.year, number] = pk
    matched = {id(row): numbered[key] for key, (row, _) in keyed.items() if key in numbered}
    taken = set(matched.values())
    for key, (row, _) in keyed.items():
        if id(row) not in matched and by_receipt.get(key, 0) not in {0, *taken}:
            matched[id(row)] = by_receipt[key]
    return matched


def _fetch(ids: Iterable[int]) -> dict[int, Case]:
    cases = Case.objects.select_related("department", "applicant", "drafting_department")
    found: dict[int, Case] = {}
    for chunk in chunks(list(ids), CHUNK):
        found |= cases.in_bulk(chunk)
    return found


def _facts_of(ids: Iterable[int]) -> dict[int, list[Event]]:
    """Case id → what its clock reads."""
    events: dict[int, list[Event]] = defaultdict(list)
    for chunk in chunks(list(ids), CHUNK):
        for event in Event.objects.filter(case_id__in=chunk, kind__in=CLOCK_FACTS):
            events[event.case_id].append(event)
    read = {pk: standing_facts(found) + moves_by_schedule(found) for pk, found in events.items()}
    return defaultdict(list, read)


def _faults(known: KnownCase) -> Iterator[Problem]:
    """Why the row's changes cannot be made, even by taking them over."""
    row, case = known.row, known.case

    def problem(header: str, value: Any, message: str) -> Problem:
        return Problem(row.sheet, row.row, header, tell(value), message)

    if case.voided_on and known.changes:
        message = f"该件已于 {case.voided_on} 作废，台账不能再改动它"
        yield problem(CASES.header("number"), row.number, message)
        return
    for change in known.changes:
        if change.several:
            message = "系统里登记了几次，台账只写一次，无法对应，请到该件的页面登记"
            yield problem(change.header, change.after, message)
    after = {change.name: change.after for change in known.changes}
    days = _days_after(case, after)
    for (early, early_on), (late, late_on) in pairwise(days):
        if late_on and (early_on is None or late_on < early_on):
            told = f"早于系统里的{CASES.header(early)} {early_on}" if early_on else "还没有答复"
            yield problem(CASES.header(late), late_on, f"补登以后会{told}")
    moved = after.get("closed_on")
    if moved and (message := followed_words(case, case.closed_on, moved)):
        yield problem(CASES.header("closed_on"), moved, message)
    unit, person = split_note(case.drafting_note)
    unit = after["unit"] if isinstance(after.get("unit"), str) else unit
    if len(joined_note(unit, after.get("person", person))) > _NOTE_LENGTH:
        yield problem(CASES.header("unit"), row.unit, "与系统里的承办记录合在一起太长")


_NOTE_LENGTH = Case._meta.get_field("drafting_note").max_length or 0


def _days_after(case: Case, after: dict[str, Any]) -> list[tuple[str, date | None]]:
    """The days of a case in their order, as they will stand after the changes."""
    names = ("arrived_on", "received_on", "closed_on", "served_on")
    days = {name: after.get(name, getattr(case, name)) for name in names}
    if case.arrived_on == case.received_on and "arrived_on" not in after:
        days["arrived_on"] = days["received_on"]  # not stated on its own: it goes along
    return list(days.items())


def _references(
    placed: Iterable[tuple[CaseRow, Department]], stored: dict[int, int]
) -> dict[tuple[int, str], list[CaseRef]]:
    """(department, number) → the cases of this file that are called so."""
    found: dict[tuple[int, str], list[CaseRef]] = defaultdict(list)
    for row, department in placed:
        reference = CaseRef(row.number, row.received_on, stored.get(id(row)), row)
        found[department.pk, row.number].append(reference)
    return found


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
