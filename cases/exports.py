"""The cases of a list as a workbook: data in, bytes out.

Sheet one is a ledger (台账): its headings are those that an import reads, so that what was exported
can be completed elsewhere and imported again. What a ledger has no column for stands on sheet two,
which an import passes over. Both are streamed (openpyxl's write-only mode): rows never stand in
memory together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from cases.choices import CLOCK_FACTS, EventKind, Stage
from cases.lamps import lamp_of, workdays_left
from cases.ledger.columns import CASES, Column
from cases.ledger.comparing import FACTS, NOT_STATED, split_note
from cases.models import Applicant, Case, Event
from cases.personal import shown
from cases.sheets import Value, append, begin
from cases.states import State, is_stopped
from cases.workdays import Calendar
from cases.workflow.clockwork import standing_facts

STANDING = "办理情况"
STANDING_HEADER = (
    "编号",
    "受理部门",
    "状态",
    "到期日",
    "暂定",
    "剩余工作日",
    "经办",
    "用途",
    "所需形式",
    "获取方式",
    "送达方式",
    "共同申请人",
    "法定代表人",
    "期限",
)
NO_TEXTS = frozenset({"number", "编号", "credit_code"})  # which may look like a number of somebody
MOST_ROWS = 1_048_576 - 1  # of a sheet, the most in Excel, less its head
WIDTHS = {"编号": 26, "受理部门": 24, "申请内容": 60, "答复类型": 24, "备注": 40, "通信地址": 40}
# Field → value → label, looked up once: `get_…_display` builds it anew for every case.
LABELS = {
    field.name: {value: str(label) for value, label in field.flatchoices}
    for field in Case._meta.concrete_fields
    if field.choices
}


def ledger_columns(*, personal: bool) -> list[Column]:
    """The columns of sheet one; those of personal data only where they were asked for."""
    return [column for column in CASES.columns if personal or not column.personal]


def cases_workbook(
    cases: Iterable[tuple[Case, bool]], *, personal: bool, on: date, calendar: Calendar
) -> bytes:
    """The .xlsx file of `cases`, as at `on`.

    With each case comes whether its applicant's personal data may be written; they are not touched
    where it may not. Of every case the clock facts should have been fetched (`events`).
    """
    file, book = BytesIO(), Workbook(write_only=True)
    columns = ledger_columns(personal=personal)
    ledger = begin(book, CASES.name, [column.header for column in columns], WIDTHS)
    standing = begin(book, STANDING, STANDING_HEADER, WIDTHS)
    rows = 0
    try:
        for case, in_full in cases:
            values = _ledger_values(case, in_full=in_full)
            append(ledger, [_shown(values[it.key], in_full, it.key) for it in columns])
            stands = _standing_values(case, on=on, calendar=calendar)
            named = zip(STANDING_HEADER, stands, strict=True)
            append(standing, [_shown(value, in_full, header) for header, value in named])
            rows += 1
        for sheet, width in ((ledger, len(columns)), (standing, len(STANDING_HEADER))):
            sheet.auto_filter.ref = f"A1:{get_column_letter(width)}{rows + 1}"
    finally:
        book.save(file)  # after a failure too: this is what removes openpyxl's temporary files
    return file.getvalue()


def _shown(value: Value, in_full: bool, column: str) -> Value:
    """People write numbers into any text."""
    written = isinstance(value, str) and column not in NO_TEXTS
    return shown(value, in_full) if written else value


def _ledger_values(case: Case, *, in_full: bool) -> dict[str, Value]:
    """Key of a ledger's column → value; what a ledger leaves blank is blank here."""
    person, facts = case.applicant, _ledger_facts(case.events.all())
    unit, drafter = split_note(case.drafting_note)
    extended = facts.get(EventKind.EXTENDED)
    return {
        "number": case.number,
        "department": case.department.name,
        "applicant_kind": _label(case, "applicant_kind"),
        "name": _stated(person.name),
        **{name: getattr(person, name) if in_full else "" for name in Applicant.PERSONAL},
        "credit_code": person.credit_code,
        "agent_name": case.agent_name,
        "channel": _label(case, "channel"),
        "arrived_on": case.arrived_on if case.arrived_on != case.received_on else None,
        "received_on": case.received_on,
        "content": _stated(case.content),
        "reply": _label(case, "outcome"),
        "closed_on": case.closed_on,
        **{kind.value: facts[kind].on if kind in facts else None for kind in FACTS},
        "extended_days": extended.data.get("days") if extended else None,
        "unit": case.drafting_department.name if case.drafting_department else unit,
        "person": drafter,
        "reply_number": case.reply_number,
        "served_on": case.served_on,
        "remarks": case.remarks,
    }


def _standing_values(case: Case, *, on: date, calendar: Calendar) -> list[Value]:
    """As `STANDING_HEADER`: where the case stands on `on`."""
    stopped = case.stage == Stage.OPEN and is_stopped(case, on)
    ends_on = None if stopped or case.stage == Stage.VOID else case.ends_on
    return [
        case.number,
        case.department.name,
        str(State.of(case, on).label),
        ends_on,
        "是" if ends_on and case.provisional and case.closed_on is None else "",
        workdays_left(case, on=on, calendar=calendar),
        str(case.handler or ""),
        case.purpose,
        _label(case, "form_wanted"),
        _label(case, "delivery_wanted"),
        _label(case, "service_method"),
        case.co_applicants,
        case.applicant.legal_representative,
        lamp_of(case, on=on, calendar=calendar).text,
    ]


def _ledger_facts(events: Iterable[Event]) -> dict[str, Event]:
    """The latest standing fact of each kind; of opinions, the one to the letter that is told."""
    standing = standing_facts(event for event in events if event.kind in CLOCK_FACTS)
    facts = {event.kind: event for event in standing}
    sent = facts.get(EventKind.CONSULTATION_SENT)
    facts.pop(EventKind.CONSULTATION_RETURNED, None)
    answers = (EventKind.CONSULTATION_RETURNED, EventKind.CONSULTATION_ENDED)
    for event in standing:
        to_letter = sent and event.data.get("key", "") == sent.data.get("key", "")
        if event.kind in answers and to_letter:
            facts[EventKind.CONSULTATION_RETURNED] = event
    return facts


def _label(case: Case, field: str) -> str:
    return LABELS[field].get(getattr(case, field), "")


def _stated(text: str) -> str:
    return "" if text == NOT_STATED else text
