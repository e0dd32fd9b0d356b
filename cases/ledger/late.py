"""Which rows of a ledger change a year whose report is public: one reason is asked for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cases.ledger.comparing import Change
from cases.ledger.plan import (
    KnownCase,
    KnownProceeding,
    LateRow,
    NewCase,
    NewProceeding,
    Plan,
)
from cases.workflow.sealing import Seals, of_case, of_proceeding
from cases.year_places import Counted


def find_late(plan: Plan) -> list[LateRow]:
    """In the order of the plan; nothing is written."""
    organs = {new.department.pk for new in plan.new_cases}
    organs |= {new.department.pk for new in plan.new_proceedings}
    organs |= {known.case.department_id for known in plan.changed_cases}
    organs |= {known.proceeding.department_id for known in plan.changed_proceedings}
    seals = Seals.of(organs)
    if not seals.years:
        return []
    pairs = ((row, seals.changed(before, after)) for row, before, after in _counted(plan))
    return [LateRow(row, differences) for row, differences in pairs if differences]


def _counted(plan: Plan) -> Iterator[tuple[Any, Counted | None, Counted]]:
    """Each row with what the tables ask of its record, as stored and as the import makes it."""
    for new in plan.new_cases:
        yield new.row, None, _new_case(new)
    for known in plan.changed_cases:
        yield known.row, of_case(known.case), _changed_case(known)
    for planned in plan.new_proceedings:
        yield planned.row, None, _new_proceeding(planned)
    for changed in plan.changed_proceedings:
        yield changed.row, of_proceeding(changed.proceeding), _changed_proceeding(changed)


def _new_case(new: NewCase) -> Counted:
    row, organ = new.row, new.department.pk
    outcome = str(row.reply.outcome) if row.reply else ""
    return Counted(organ, row.received_on, row.closed_on, str(row.applicant_kind), outcome)


def _new_proceeding(new: NewProceeding) -> Counted:
    row, organ = new.row, new.department.pk
    kind, result = str(row.kind), str(row.result or "")
    return Counted(organ, row.filed_on, row.concluded_on, kind, result, is_case=False)


def _changed_case(known: KnownCase) -> Counted:
    case, after = known.case, _after(known.changes)
    return Counted(
        case.department_id,
        None if case.voided_on else after.get("received_on", case.received_on),
        after.get("closed_on", case.closed_on),
        str(after.get("applicant_kind", case.applicant_kind)),
        str(after.get("outcome", case.outcome)),
    )


def _changed_proceeding(known: KnownProceeding) -> Counted:
    found, after = known.proceeding, _after(known.changes)
    return Counted(
        found.department_id,
        after.get("filed_on", found.filed_on),
        after.get("concluded_on", found.concluded_on),
        str(after.get("kind", found.kind)),
        str(after.get("result", found.result)),
        is_case=False,
    )


def _after(changes: Iterable[Change]) -> dict[str, Any]:
    return {change.name: change.after for change in changes}
