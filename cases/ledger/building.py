"""From rows to the records that an import stores: cases with their applicants and their course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.choices import Addressee, EventKind, Outcome
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
from cases.models import Applicant, Case, Department, Event, User

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
_PARTICULARS = ("name", "credit_code", *Applicant.PERSONAL)
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


def build_case(new: NewCase, source: Source) -> tuple[Case, list[Event]]:
    """The case of a new row, with its applicant and events, none of them stored."""
    row = new.row
    assert row.received_on and row.applicant_kind  # needed columns: a problem otherwise
    applicant = Applicant(
        kind=row.applicant_kind,
        **{name: getattr(row, name) for name in _PARTICULARS},
    )
    applicant.name = row.name or NOT_STATED
    applicant.hash_personal_data()
    case = Case(
        department=new.department,
        number=row.number,
        number_year=row.received_on.year,
        applicant=applicant,
        applicant_kind=row.applicant_kind,
        agent_name=row.agent_name,
        channel=row.channel or "",
        arrived_on=row.arrived_on or row.received_on,
        received_on=row.received_on,
        content=row.content or NOT_STATED,
        drafting_department=new.unit,
        drafting_note=joined_note("" if new.unit else row.unit, row.person),
        remarks=row.remarks,
        outcome=row.reply.outcome if row.reply else "",
        closed_on=row.closed_on,
        reply_number=row.reply_number,
        served_on=row.served_on,
    )
    return case, list(_course(case, row, source))


def _course(case: Case, row: CaseRow, source: Source) -> Iterator[Event]:
    arrived = f"{case.arrived_on} 到件，" if row.arrived_on else ""
    assert case.received_on
    yield Event(
        case=case,
        kind=EventKind.IMPORTED,
        on=case.received_on,
        by=source.by,
        text=f"由台账导入：{arrived}{case.received_on} 为收到日。",
        data={
            "arrived_on": str(case.arrived_on),
            "received_on": str(case.received_on),
            **source.place(row),
        },
    )
    for kind in FACTS:
        on = getattr(row, kind.value)
        if on:
            days = row.extended_days if kind == EventKind.EXTENDED else None
            yield _fact(case, kind, on, days, LEDGER_KEY, source)
    yield from _ending(case, {"outcome", "served_on"}, source)


def _fact(
    case: Case, kind: EventKind, on: date, days: int | None, key: str, source: Source
) -> Event:
    data: dict[str, Any] = {}
    if kind == EventKind.CONSULTATION_SENT:
        data = {"key": key, "addressee": Addressee.THIRD_PARTY.value}
    elif kind == EventKind.CONSULTATION_RETURNED:
        data = {"key": key}
    elif days:
        data = {"days": days}
    text = _SENTENCES[kind].format(days=days)
    return Event(case=case, kind=kind, on=on, by=source.by, text=text, data=data)


def _ending(case: Case, names: Iterable[str], source: Source) -> Iterator[Event]:
    """Confirmation, reply and service, as far as `names` says that they are new."""
    if "received_on" in names and case.received_on:
        text = f"与申请人确认（台账补登），{case.received_on} 为收到日。"
        yield Event(
            case=case, kind=EventKind.CONFIRMED, on=case.received_on, by=source.by, text=text
        )
    if "outcome" in names and case.closed_on:
        number = f"，{case.reply_number}" if case.reply_number else ""
        yield Event(
            case=case,
            kind=EventKind.REPLIED,
            on=case.closed_on,
            by=source.by,
            text=f"答复：{Outcome(case.outcome).label}{number}",
            data={"outcome": str(case.outcome)},
        )
    if "served_on" in names and case.served_on:
        text = f"送达：{case.served_on}"
        yield Event(case=case, kind=EventKind.SERVED, on=case.served_on, by=source.by, text=text)


def change_case(known: KnownCase, source: Source) -> list[Event]:
    """Make the row's changes to the case and its applicant; returns what is to be recorded.

    Nothing is stored. Of personal data the events name the field, never the value.
    """
    case, row = known.case, known.row
    events: list[Event] = []
    for change in known.changes:
        if change.name in _FACT_NAMES:
            events.append(_changed_fact(known, change, source))
        else:
            _set(case, change)
    filled = [change for change in known.changes if not change.conflict]
    taken = [change for change in known.changes if change.conflict]
    events += _ending(case, {change.name for change in filled}, source)
    if filled:
        events.append(_completed(case, row, filled, source))
    if taken:
        events.append(_amended(case, row, taken, source))
    case.version += 1
    return events


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


def _changed_fact(known: KnownCase, change: Change, source: Source) -> Event:
    kind = EventKind(change.name)
    on, days = change.after if kind == EventKind.EXTENDED else (change.after, None)
    event = _fact(known.case, kind, on, days, letter_key(known.row, known.facts), source)
    if change.event:
        event.data = {**change.event.data, **event.data, "supersedes": [change.event.pk]}
        if "addressee" in change.event.data:
            event.data["addressee"] = change.event.data["addressee"]
    return event


def _completed(case: Case, row: CaseRow, filled: list[Change], source: Source) -> Event:
    return Event(
        case=case,
        kind=EventKind.COMPLETED,
        on=source.today,
        by=source.by,
        text=f"台账补登：{'、'.join(change.header for change in filled)}",
        data={
            "filled": {c.header: "已补登" if c.personal else c.told_after for c in filled},
            **source.place(row),
        },
    )


def _amended(case: Case, row: CaseRow, taken: list[Change], source: Source) -> Event:
    """As `workflow.amend` records it."""
    return Event(
        case=case,
        kind=EventKind.AMENDED,
        on=source.today,
        by=source.by,
        text=f"按台账更正{'、'.join(change.header for change in taken)}：{source.reason}",
        data={
            "reason": source.reason,
            "changes": {c.header: _pair(c) for c in taken if not c.of_applicant},
            "applicant": {c.header: _pair(c) for c in taken if c.of_applicant},
            **source.place(row),
        },
    )


def _pair(change: Change) -> list[str] | str:
    return "已更正" if change.personal else [change.told_before, change.told_after]
