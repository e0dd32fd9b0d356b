"""A row of a ledger beside the record stored for it: what it adds, and where the two differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import Model

from cases.choices import EventKind
from cases.crypto import masked, normalised
from cases.ledger.columns import CASES, PROCEEDINGS
from cases.ledger.rows import CaseRow, ProceedingRow
from cases.models import Applicant, Case, Department, Event, Proceeding
from cases.personal import without_personal

# Stands where a ledger leaves blank what a case must have; the next ledger may fill it in.
NOT_STATED = "（台账未填）"
LEDGER_KEY = "ledger"  # of the one consultation that a ledger can tell of
FACTS = (
    EventKind.CORRECTION_ASKED,
    EventKind.CORRECTION_RECEIVED,
    EventKind.CONSULTATION_SENT,
    EventKind.CONSULTATION_RETURNED,
    EventKind.FEE_ASKED,
    EventKind.FEE_PAID,
    EventKind.EXTENDED,
)
APPLICANT_FIELDS = ("applicant_kind", "name", "credit_code", *Applicant.PERSONAL)
_NOTE = re.compile(r"(?P<unit>.*?)(?:；?承办人：(?P<person>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that the ledger fills in or, as a conflict, has another value for.

    `name` is the attribute of the record, or the kind of the fact. Of a fact `event` is the stored
    one, which stays, and which the new one takes the place of.
    """

    header: str
    name: str
    before: Any
    after: Any
    conflict: bool
    personal: bool = False
    event: Event | None = None
    several: bool = False  # several facts are stored, and it cannot be told which is meant

    @property
    def of_applicant(self) -> bool:
        return self.name in APPLICANT_FIELDS

    @property
    def told_before(self) -> str:
        return tell(self.before, self.personal)

    @property
    def told_after(self) -> str:
        return tell(self.after, self.personal)


@dataclass(frozen=True, slots=True)
class CaseRef:
    """The case that 申请编号 names: one that is stored (`pk`), or a `row` of the same file."""

    number: str
    received_on: date | None
    pk: int | None = None
    row: CaseRow | None = None

    def __str__(self) -> str:
        return self.number


def tell(value: Any, personal: bool = False) -> str:
    """A value for people; personal data masked."""
    if value is None or value == "":
        return ""
    if personal:
        return masked(str(value))
    match value:
        case date():
            return value.isoformat()
        case Enum():
            return str(value.label)  # type: ignore[attr-defined]
        case Model():
            return str(value)
        case (date() as on, days):
            return f"{on}（{days or 0} 个工作日）"
        case _:
            return str(value)


def split_note(note: str) -> tuple[str, str]:
    """(承办单位, 承办人) of a drafting note."""
    found = _NOTE.fullmatch(note)
    return (found["unit"], found["person"] or "") if found else (note, "")


def joined_note(unit: str, person: str) -> str:
    return "；".join(filter(None, [unit, f"承办人：{person}" if person else ""]))


def compare_case(
    row: CaseRow, case: Case, facts: Sequence[Event], unit: Department | None
) -> Iterator[Change]:
    """What `row` says beyond or against `case` and its clock facts.

    `unit` is the department that 承办单位 names, if it names one.
    """
    yield from _compare_applicant(row, case.applicant)
    yield from _plain(case, row, "agent_name", "channel", "received_on")
    yield from _compare_arrival(row, case)
    yield from _plain(case, row, "content")
    yield from _compare_outcome(row, case)
    yield from _plain(case, row, "closed_on", "reply_number", "served_on")
    yield from _compare_drafting(row, case, unit)
    yield from _compare_remarks(CASES.header("remarks"), row.remarks, case.remarks)
    yield from _compare_facts(row, facts)


def compare_proceeding(
    row: ProceedingRow, proceeding: Proceeding, case: CaseRef | None
) -> Iterator[Change]:
    for name in ("docket", "kind", "filed_on", "result", "concluded_on"):
        header = PROCEEDINGS.header(name)
        yield from _difference(header, name, getattr(proceeding, name), getattr(row, name))
    if case and (case.pk is None or case.pk != proceeding.case_id):
        header = PROCEEDINGS.header("case_number")
        yield from _difference(header, "case", proceeding.case, case)
    yield from _compare_remarks(PROCEEDINGS.header("remarks"), row.remarks, proceeding.remarks)


def _same(stored: Any, given: Any) -> bool:
    """Texts are the same however their lines are broken, and as an export shows them."""
    if isinstance(stored, str) and isinstance(given, str):
        return given.split() in (stored.split(), without_personal(stored).split())
    return bool(stored == given)


def _same_number(stored: str, given: str) -> bool:
    return normalised(stored) == normalised(given)


def _difference(
    header: str,
    name: str,
    stored: Any,
    given: Any,
    same: Callable[[Any, Any], bool] = _same,
    personal: bool = False,
) -> Iterator[Change]:
    if given is None or given == "":
        return
    if stored is None or stored in ("", NOT_STATED):
        yield Change(header, name, None, given, conflict=False, personal=personal)
    elif not same(stored, given):
        if isinstance(given, Enum):
            stored = type(given)(stored)
        yield Change(header, name, stored, given, conflict=True, personal=personal)


def _plain(case: Case, row: CaseRow, *names: str) -> Iterator[Change]:
    for name in names:
        yield from _difference(CASES.header(name), name, getattr(case, name), getattr(row, name))


def _compare_applicant(row: CaseRow, applicant: Applicant) -> Iterator[Change]:
    yield from _difference(
        CASES.header("applicant_kind"), "applicant_kind", applicant.kind, row.applicant_kind
    )
    for name in ("name", "credit_code"):
        yield from _difference(
            CASES.header(name), name, getattr(applicant, name), getattr(row, name)
        )
    for name in Applicant.PERSONAL:
        stored, given = getattr(applicant, name), getattr(row, name)
        yield from _difference(
            CASES.header(name), name, stored, given, same=_same_number, personal=True
        )


def _compare_arrival(row: CaseRow, case: Case) -> Iterator[Change]:
    """到件日期 is given where it is another day: stored as the day of receipt, it is not stated."""
    if row.arrived_on and row.arrived_on != case.arrived_on:
        stored = case.arrived_on if case.arrived_on != case.received_on else None
        yield from _difference(CASES.header("arrived_on"), "arrived_on", stored, row.arrived_on)


def _compare_outcome(row: CaseRow, case: Case) -> Iterator[Change]:
    if row.reply and case.outcome not in row.reply.fits:
        yield from _difference(CASES.header("reply"), "outcome", case.outcome, row.reply.outcome)


def _compare_drafting(row: CaseRow, case: Case, unit: Department | None) -> Iterator[Change]:
    stored_unit, stored_person = split_note(case.drafting_note)
    stored: Any = case.drafting_department or stored_unit
    if not (unit and unit == case.drafting_department) and stored_unit != row.unit:
        yield from _difference(CASES.header("unit"), "unit", stored, unit or row.unit)
    yield from _difference(CASES.header("person"), "person", stored_person, row.person)


def _compare_remarks(header: str, given: str, stored: str) -> Iterator[Change]:
    """Line by line: lines that are there already are not said again, more of them fill in."""
    have, lines = stored.splitlines(), given.splitlines()
    missing = [line for line in lines if line not in have]
    if missing:
        added = not have or all(line in lines for line in have)
        yield Change(header, "remarks", stored, given, conflict=not added)


def _compare_facts(row: CaseRow, facts: Sequence[Event]) -> Iterator[Change]:
    """A fact that is stored with the same day is known; a ledger tells of one of each kind only."""
    for kind in FACTS:
        on: date | None = getattr(row, kind.value)
        stored = _stored_facts(kind, row, facts)
        given = (on, row.extended_days) if kind == EventKind.EXTENDED else on
        if on is None or given in map(_fact_value, stored):
            continue
        last = stored[-1] if stored else None
        yield Change(
            CASES.header(kind.value),
            kind.value,
            _fact_value(last) if last else None,
            given,
            conflict=bool(stored),
            event=last,
            several=len(stored) > 1,
        )


def _stored_facts(kind: EventKind, row: CaseRow, facts: Sequence[Event]) -> list[Event]:
    """Those of the kind; of the answers to letters, those to the letter that the row tells of."""
    stored = [event for event in facts if event.kind == kind]
    if kind == EventKind.CONSULTATION_RETURNED:
        key = letter_key(row, facts)
        answers = (kind, EventKind.CONSULTATION_ENDED)
        stored = [e for e in facts if e.kind in answers and e.data.get("key", "") == key]
    return stored


def letter_key(row: CaseRow, facts: Sequence[Event]) -> str:
    """The key of the stored letter that the row's 征求意见 is about, else of a new one."""
    letters = [event for event in facts if event.kind == EventKind.CONSULTATION_SENT]
    same_day = [event for event in letters if event.on == row.consultation_sent]
    for event in same_day or letters:
        return str(event.data.get("key", ""))
    return LEDGER_KEY


def _fact_value(event: Event) -> Any:
    if event.kind == EventKind.EXTENDED:
        return event.on, event.data.get("days")
    return event.on
