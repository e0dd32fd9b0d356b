"""What an import would do: the result of planning, and all that saving needs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from cases.ledger.comparing import CaseRef, Change
from cases.ledger.rows import CaseRow, Ledger, Problem, ProceedingRow
from cases.models import Case, Department, Event, ImportedLedger, Proceeding
from cases.workflow.sealing import Difference


@dataclass(slots=True)
class NewCase:
    row: CaseRow
    department: Department
    unit: Department | None  # that 承办单位 names, if it names one


@dataclass(slots=True)
class KnownCase:
    """A stored case with what its row adds to it or has against it."""

    row: CaseRow
    case: Case
    facts: list[Event]  # that the clock reads
    changes: list[Change]


@dataclass(slots=True)
class NewProceeding:
    row: ProceedingRow
    department: Department
    case: CaseRef | None


@dataclass(slots=True)
class KnownProceeding:
    row: ProceedingRow
    proceeding: Proceeding
    changes: list[Change]


@dataclass(slots=True)
class LateRow:
    """A row that changes years whose reports are public."""

    row: CaseRow | ProceedingRow
    differences: list[Difference]

    @property
    def sentence(self) -> str:
        public = (f"{found.sealed}已于 {found.sealed.since} 公布" for found in self.differences)
        return f"{'，'.join(public)}，这一行会改变它的数据"


@dataclass(slots=True)
class Tally:
    """Rows of one sheet by what becomes of them; one at odds counts there, whatever it fills in."""

    new: int = 0
    completed: int = 0
    conflicting: int = 0
    unchanged: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass(slots=True)
class Plan:
    ledger: Ledger
    department: Department | None  # given at import, for rows that name none
    known: ImportedLedger | None  # the last import of this very file
    last_import: int  # id of the newest import, of whatever file, when this was planned
    problems: list[Problem] = field(default_factory=list)  # of reading and of planning
    doubts: list[Problem] = field(default_factory=list)  # to be looked at; written all the same
    new_cases: list[NewCase] = field(default_factory=list)
    changed_cases: list[KnownCase] = field(default_factory=list)
    unchanged_cases: int = 0
    new_proceedings: list[NewProceeding] = field(default_factory=list)
    changed_proceedings: list[KnownProceeding] = field(default_factory=list)
    unchanged_proceedings: int = 0
    late: list[LateRow] = field(default_factory=list)
    last_seal: int = 0  # id of the newest sealed year when this was planned

    @property
    def changed(self) -> list[KnownCase | KnownProceeding]:
        return [*self.changed_cases, *self.changed_proceedings]

    @property
    def conflicts(self) -> list[tuple[CaseRow | ProceedingRow, Change]]:
        return [(k.row, change) for k in self.changed for change in k.changes if change.conflict]

    @property
    def completions(self) -> list[tuple[CaseRow | ProceedingRow, Change]]:
        return [
            (k.row, change) for k in self.changed for change in k.changes if not change.conflict
        ]

    def refusal(self, take_over: str, late_reason: str = "") -> str:
        """Why nothing may be written; "" if it may.

        Conflicts need a reason, `take_over`; rows that change a sealed year one of their own.
        """
        if self.problems:
            return f"有 {len(self.problems)} 处错误，未写入任何内容。"
        if self.conflicts and not take_over.strip():
            count = len(self.conflicts)
            return f"有 {count} 处与系统不一致，没有写明以台账为准的理由，未写入任何内容。"
        if self.late and not late_reason.strip():
            count = len(self.late)
            return f"有 {count} 行会改变已公布的年度报告的数据，没有写明原因，未写入任何内容。"
        return ""

    @property
    def writes(self) -> bool:
        """Whether saving would change anything."""
        return bool(self.new_cases or self.new_proceedings or self.changed)

    @property
    def cases(self) -> Tally:
        return _tally(len(self.new_cases), self.changed_cases, self.unchanged_cases)

    @property
    def proceedings(self) -> Tally:
        return _tally(
            len(self.new_proceedings), self.changed_proceedings, self.unchanged_proceedings
        )


def _tally(new: int, changed: list[KnownCase] | list[KnownProceeding], unchanged: int) -> Tally:
    conflicting = sum(any(change.conflict for change in known.changes) for known in changed)
    return Tally(new, len(changed) - conflicting, conflicting, unchanged)
