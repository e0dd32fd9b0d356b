"""From rows to the records that an import stores: cases with their applicants and their course.

What is new is built as `Values`, since a large ledger is stored without any model's instance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from cases.choices import Addressee, EventKind, Outcome
from cases.crypto import lookup_hash
from cases.ledger.comparing import (
    FACTS,
    LEDGER_KEY,
    NOT_STATED,
    Change,
    joined_note,
    letter_key,
    split_note,
)
from cases.ledger.plan import KnownCase, NewCase
from cases.ledger.rows import CaseRow
from cases.models import Case, Department, User
from cases.personal import kept

Values = dict[str, Any]  # attribute of the record (`department_id`) → value

# What a fact of a ledger says; the day stands beside it.
_SENTENCES = {
    EventKind.CORRECTION_ASKED: "告知补正",
    EventKind.CORRECTION_RECEIVED: "收到补正，期限自次日重新计算",
    EventKind.CONSULTATION_SENT: "发出征求意见函，期限自次日起停止计算",
    EventKind.CONSULTATION_RETURNED: "收到意见，次日恢复计算",
    EventKind.FEE_ASKED: "通知缴纳信息处理费",
    EventKind.FEE_PAID: "申请人缴费，期限自次日重新计算",
    EventKind.EXTENDED: "延长 {days} 个工作日并告知申请人",
}
_LABELS = {outcome: str(outcome.label) for outcome in Outcome}
_FACT_NAMES = frozenset(kind.value for kind in FACTS)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the records come from, for their events."""

    sha256: str
    file_name: str
    by: User | None
    today: date
    reason: str  # why conflicts are taken over; "" when none are

    def place(self, row: CaseRow) -> dict[str, Any]:
        return {"ledger": self.sha256, "sheet": row.sheet, "row": row.row}

    def event(self, kind: EventKind, on: date, text: str, data: dict[str, Any]) -> Values:
        """Without its case."""
        by = self.by.pk if self.by else None
        return {"kind": kind.value, "on": on, "text": kept(text), "data": kept(data), "by_id": by}


class NewRecords(NamedTuple):
    """A case with its applicant and events, none of them stored or tied to another."""

    applicant: Values
    case: Values
    events: list[Values]


def build_case(new: NewCase, source: Source) -> NewRecords:
    """What a new row tells, but for the clock."""
    row = new.row
    assert row.received_on and row.applicant_kind  # needed columns: a problem otherwise
    kind = row.applicant_kind.value
    applicant = {
        "kind": kind,
        "name": row.name or NOT_STATED,
        "credit_code": row.credit_code,
        "id_number": row.id_number,
        "phone": row.phone,
        "address": row.address,
        "email": row.email,
        "id_number_hash": lookup_hash(row.id_number),
        "phone_hash": lookup_hash(row.phone),
        "email_hash": lookup_hash(row.email),
    }
    case = {
        "department_id": new.department.pk,
        "number": row.number,
        "number_year": row.received_on.year,
        "applicant_kind": kind,
        "agent_name": row.agent_name,
        "channel": row.channel.value if row.channel else "",
        "arrived_on": row.arrived_on or row.received_on,
        "received_on": row.received_on,
        "content": row.content or NOT_STATED,
        "drafting_department_id": new.unit.pk if new.unit else None,
        "drafting_note": joined_note("" if new.unit else row.unit, row.person),
        "remarks": row.remarks,
        "outcome": row.reply.outcome.value if row.reply else "",
        "closed_on": row.closed_on,
        "reply_number": row.reply_number,
        "served_on": row.served_on,
    }
    return NewRecords(applicant, case, list(_course(row, source)))


def _course(row: CaseRow, source: Source) -> Iterator[Values]:
    received_on, arrived_on = row.received_on, row.arrived_on or row.received_on
    assert received_on
    arrived = f"{arrived_on} 到件，" if row.arrived_on else ""
    text = f"由台账导入：{arrived}{received_on} 为收到日。"
    days = {"arrived_on": str(arrived_on), "received_on": str(received_on)}
    yield source.event(EventKind.IMPORTED, received_on, text, days | source.place(row))
    for kind in FACTS:
        on = getattr(row, kind.value)
        if on:
            extended = row.extended_days if kind is EventKind.EXTENDED else None
            yield _fact(kind, on, extended, LEDGER_KEY, source)
    if row.reply and row.closed_on:
        yield _replied(row.reply.outcome, row.closed_on, row.reply_number, source)
    if row.served_on:
        yield _served(row.served_on, source)


def _fact(kind: EventKind, on: date, days: int | None, key: str, source: Source) -> Values:
    data: dict[str, Any] = {}
    if kind is EventKind.CONSULTATION_SENT:
        data = {"key": key, "addressee": Addressee.THIRD_PARTY.value}
    elif kind is EventKind.CONSULTATION_RETURNED:
        data = {"key": key}
    elif days:
        data = {"days": days}
    return source.event(kind, on, _SENTENCES[kind].format(days=days), data)


def _replied(outcome: Outcome, on: date, number: str, source: Source) -> Values:
    text = f"答复：{_LABELS[outcome]}" + (f"，{number}" if number else "")
    return source.event(EventKind.REPLIED, on, text, {"outcome": outcome.value})


def _served(on: date, source: Source) -> Values:
    return source.event(EventKind.SERVED, on, f"送达：{on}", {})


def change_case(known: KnownCase, source: Source) -> list[Values]:
    """Make the row's changes to the case and its applicant; returns the events to be recorded.

    Nothing is stored. Of personal data the events name the field, never the value.
    """
    case, row = known.case, known.row
    events: list[Values] = []
    for change in known.changes:
        if change.name in _FACT_NAMES:
            events.append(_changed_fact(known, change, source))
        else:
            _set(case, change)
    filled = [change for change in known.changes if not change.conflict]
    taken = [change for change in known.changes if change.conflict]
    events += _ending(case, {change.name for change in filled}, source)
    if filled:
        events.append(_completed(row, filled, source))
    if taken:
        events.append(_amended(row, taken, source))
    case.version += 1
    return [event | {"case_id": case.pk} for event in events]


def _ending(case: Case, names: Collection[str], source: Source) -> Iterator[Values]:
    """Confirmation, reply and service, as far as `names` says that they are new."""
    if "received_on" in names and case.received_on:
        text = f"与申请人确认（台账补登），{case.received_on} 为收到日。"
        yield source.event(EventKind.CONFIRMED, case.received_on, text, {})
    if "outcome" in names and case.closed_on:
        yield _replied(Outcome(case.outcome), case.closed_on, case.reply_number, source)
    if "served_on" in names and case.served_on:
        yield _served(case.served_on, source)


def _set(case: Case, change: Change) -> None:
    name, value = change.name, change.after
    unit, person = split_note(case.drafting_note)
    if name == "applicant_kind":
        case.applicant.kind = case.applicant_kind = value
    elif change.of_applicant:
        setattr(case.applicant, name, value)
    elif name == "unit":
        named = isinstance(value, Department)
        case.drafting_department = value if named else None
        case.drafting_note = joined_note("" if named else value, person)
    elif name == "person":
        case.drafting_note = joined_note(unit, value)
    elif name == "received_on":
        if case.arrived_on == case.received_on:  # not stated on its own: it goes along
            case.arrived_on = value
        case.received_on = value
    else:
        setattr(case, name, value)


def _changed_fact(known: KnownCase, change: Change, source: Source) -> Values:
    kind = EventKind(change.name)
    on, days = change.after if kind is EventKind.EXTENDED else (change.after, None)
    event = _fact(kind, on, days, letter_key(known.row, known.facts), source)
    if change.event:
        data = {**change.event.data, **event["data"], "supersedes": [change.event.pk]}
        if "addressee" in change.event.data:
            data["addressee"] = change.event.data["addressee"]
        event["data"] = data
    return event


def _completed(row: CaseRow, filled: list[Change], source: Source) -> Values:
    text = f"台账补登：{'、'.join(change.header for change in filled)}"
    told = {c.header: "已补登" if c.personal else c.told_after for c in filled}
    data = {"filled": told, **source.place(row)}
    return source.event(EventKind.COMPLETED, source.today, text, data)


def _amended(row: CaseRow, taken: list[Change], source: Source) -> Values:
    """As `workflow.amend` records it."""
    text = f"按台账更正{'、'.join(change.header for change in taken)}：{source.reason}"
    data = {
        "reason": source.reason,
        "changes": {c.header: _pair(c) for c in taken if not c.of_applicant},
        "applicant": {c.header: _pair(c) for c in taken if c.of_applicant},
        **source.place(row),
    }
    return source.event(EventKind.AMENDED, source.today, text, data)


def _pair(change: Change) -> list[str] | str:
    return "已更正" if change.personal else [change.told_before, change.told_after]
