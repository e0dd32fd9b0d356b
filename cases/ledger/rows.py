"""What a ledger says, row by row, before anyone asks the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cases.choices import ApplicantKind, Channel, Outcome, ProceedingKind, ProceedingResult


@dataclass(frozen=True, slots=True)
class Reply:
    """An outcome as a ledger words it.

    `fits` holds every outcome the words may stand for: a row of the report counts several, and a
    case that is stored with any of them is not at odds with the ledger.
    """

    outcome: Outcome
    fits: frozenset[Outcome]


@dataclass(slots=True, kw_only=True)
class CaseRow:
    """A row of 申请台账. What is blank or could not be read is empty here."""

    sheet: str
    row: int  # as Excel shows it
    number: str = ""
    department: str = ""
    applicant_kind: ApplicantKind | None = None
    name: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    credit_code: str = ""
    agent_name: str = ""
    email: str = ""
    channel: Channel | None = None
    arrived_on: date | None = None
    received_on: date | None = None
    content: str = ""
    reply: Reply | None = None
    closed_on: date | None = None
    correction_asked: date | None = None
    correction_received: date | None = None
    consultation_sent: date | None = None
    consultation_returned: date | None = None
    fee_asked: date | None = None
    fee_paid: date | None = None
    extended: date | None = None
    extended_days: int | None = None
    unit: str = ""
    person: str = ""
    reply_number: str = ""
    served_on: date | None = None
    remarks: str = ""


@dataclass(slots=True, kw_only=True)
class ProceedingRow:
    """A row of 复议诉讼台账."""

    sheet: str
    row: int
    department: str = ""
    case_number: str = ""
    docket: str = ""
    kind: ProceedingKind | None = None
    filed_on: date | None = None
    result: ProceedingResult | None = None
    concluded_on: date | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; `row` 0 speaks of a whole sheet or file. No personal data."""

    sheet: str
    row: int
    column: str
    value: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row or None,
            "column": self.column,
            "value": self.value,
            "message": self.message,
        }

    def __str__(self) -> str:
        place = f"{self.sheet} 第 {self.row} 行" if self.row else self.sheet
        cell = self.column + (f"“{self.value}”" if self.value else "")
        return f"{place} {cell}：{self.message}" if cell else f"{place}：{self.message}"


@dataclass(frozen=True, slots=True)
class SheetHeading:
    """The header of a sheet, for those who match its columns by hand."""

    sheet: str
    kind: str  # name of the `SheetKind`
    columns: list[tuple[str, str]]  # header as the file has it, key of its column or ""


@dataclass(slots=True)
class Ledger:
    """A file as it was read."""

    sha256: str
    file_name: str
    cases: list[CaseRow] = field(default_factory=list)
    proceedings: list[ProceedingRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)  # those read, in the file's order
    headings: list[SheetHeading] = field(default_factory=list)  # of those read, likewise
    passed_over: list[str] = field(default_factory=list)  # sheets that are no ledger
