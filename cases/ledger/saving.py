"""Carry out a planned import: everything in one short transaction, or nothing.

Records are built, and their clocks run, before the transaction opens. The plan may have been
overtaken by then: what it rests on is locked and looked at again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from cases import audit
from cases.ledger.building import Source, Values, build_case, change_case
from cases.ledger.clocks import Clocks
from cases.ledger.collector import collector_paused
from cases.ledger.comparing import CaseRef
from cases.ledger.limits import LedgerError, Overtaken
from cases.ledger.plan import NewProceeding, Plan
from cases.ledger.planning import CHUNK, chunks
from cases.ledger.progress import Told, nobody, telling
from cases.ledger.rows import CaseRow
from cases.models import (
    Applicant,
    ApplicantNumber,
    Case,
    Department,
    Event,
    ImportedLedger,
    LateChange,
    Proceeding,
    SealedYear,
    User,
)
from cases.personal import kept
from cases.telephones import further_hashes
from cases.vendor import BulkRows
from cases.workflow import clockwork
from cases.workflow.numbering import note_numbers
from cases.workflow.sealing import Late

PREPARED = 60  # percent: what is left is the transaction
BATCH = 1000  # rows in one statement
OVERTAKEN = "导入期间有别人写入了同样的内容，本次未写入任何内容，请重新导入。"
BUSY = "数据库正忙，本次未写入任何内容，请稍后重新导入。"
_CASE_FIELDS = (
    "applicant_kind",
    "agent_name",
    "channel",
    "arrived_on",
    "received_on",
    "content",
    "drafting_department",
    "drafting_note",
    "remarks",
    "outcome",
    "closed_on",
    "reply_number",
    "served_on",
    "version",
    "updated_at",
    *clockwork.STORED,
)
_PROCEEDING_FIELDS = (
    "procedure",
    "ruling",
    "case",
    "kind",
    "docket",
    "filed_on",
    "result",
    "concluded_on",
    "remarks",
    "version",
)
_APPLICANT_FIELDS = (
    "kind",
    "name",
    "credit_code",
    *Applicant.PERSONAL,
    "id_number_hash",
    "phone_hash",
    "email_hash",
)


@collector_paused()
def save_import(
    plan: Plan,
    *,
    by: User | None,
    today: date,
    take_over: str = "",
    late_reason: str = "",
    told: Told | None = None,
) -> ImportedLedger | None:
    """Write what `plan` says; None if that is nothing. Reasons as in `Plan.refusal`.

    `told` hears how far it is. Raises `LedgerError` while anything is wrong, or when somebody else
    wrote in the meantime.
    """
    if refusal := plan.refusal(take_over, late_reason):
        raise LedgerError(refusal)
    if not plan.writes:
        return None
    source = Source(plan.ledger.sha256, plan.ledger.file_name, by, today, take_over.strip())
    late = {
        id(row.row): Late(row.differences, late_reason.strip(), asked=True) for row in plan.late
    }
    told = told or nobody
    records = _Records(plan, source, late, told)
    told(PREPARED, "正在写入数据库")
    try:
        with transaction.atomic():
            return records.save()
    except IntegrityError as error:
        raise Overtaken(OVERTAKEN) from error
    except OperationalError as error:
        raise LedgerError(BUSY) from error


class _Records:
    """All that is to be stored, built beforehand."""

    def __init__(self, plan: Plan, source: Source, late: dict[int, Late], told: Told) -> None:
        self.plan, self.source, self.late = plan, source, late  # the last by id of the row
        self.clocks = Clocks()
        self.now = now = timezone.now()
        self._build_new(now, told)
        events: list[Values] = []
        for known in plan.changed_cases:
            course = change_case(known, source)
            self._tell_late(known.row, course[-1])
            self.clocks.refresh(known.case, [*known.facts, *(Event(**event) for event in course)])
            known.case.updated_at = now
            events += course
        self.later_events = BulkRows(Event, events, now=now)

    def _build_new(self, now: datetime, told: Told) -> None:
        applicants: list[Values] = []
        numbers: list[Values] = []
        cases: list[Values] = []
        events: list[Values] = []
        self.case_of_event: list[int] = []  # its place among the new cases
        self.applicant_of_number: list[int] = []  # likewise
        planned = self.plan.new_cases
        share = 100 * len(planned) // PREPARED  # building is a part of what there is to do
        building = telling(planned, share, told, "正在准备写入，已准备 {} 件")
        for place, new in enumerate(building):
            applicant, case, course = build_case(new, self.source)
            self._tell_late(new.row, course[0])
            applicants.append(applicant)
            cases.append(case | self.clocks.of_new(case, course))
            events += course
            self.case_of_event += [place] * len(course)
            for hashed in further_hashes(applicant["phone"]):
                numbers.append({"number_hash": hashed})
                self.applicant_of_number.append(place)
        self.applicants = BulkRows(Applicant, applicants, now=now)
        self.numbers = BulkRows(ApplicantNumber, numbers, now=now)
        self.cases = BulkRows(Case, cases, now=now)
        self.events = BulkRows(Event, events, now=now)

    def _tell_late(self, row: CaseRow, event: Values) -> None:
        """Of a row that changes a sealed year, the event that says where it comes from says why."""
        if late := self.late.get(id(row)):
            event["text"] = kept(late.told(event["text"]))
            event["data"] = event["data"] | kept(late.data)

    def save(self) -> ImportedLedger:
        departments = self._lock()
        self._save_new_cases()
        self._update_cases()
        self.later_events.insert()
        self._save_proceedings()
        self._note_late()
        self._note_numbers()
        return self._record(departments)

    def _save_new_cases(self) -> None:
        people = self.applicants.reserve_ids()
        self.cases.columns["applicant_id"] = people
        self.numbers.columns["applicant_id"] = [people[at] for at in self.applicant_of_number]
        ids = self.cases.reserve_ids()
        self.events.columns["case_id"] = [ids[place] for place in self.case_of_event]
        for rows in (self.applicants, self.numbers, self.cases, self.events):
            rows.insert()
        self.id_of_row = {id(new.row): pk for new, pk in zip(self.plan.new_cases, ids, strict=True)}

    def _lock(self) -> list[int]:
        """Hold what the plan rests on; raises `LedgerError` if it no longer stands as planned."""
        plan = self.plan
        departments = {new.department.pk for new in plan.new_cases}
        departments |= {new.department.pk for new in plan.new_proceedings}
        departments |= {known.case.department_id for known in plan.changed_cases}
        departments |= {known.proceeding.department_id for known in plan.changed_proceedings}
        # One import after the other; `no_key` lets clerks go on registering meanwhile.
        locked = Department.objects.select_for_update(no_key=True).filter(pk__in=departments)
        list(locked.order_by("pk").values_list("pk"))
        for other in ImportedLedger.objects.filter(pk__gt=plan.last_import):
            if departments & set(other.summary.get("departments", ())):
                raise Overtaken(OVERTAKEN)
        if SealedYear.objects.filter(pk__gt=plan.last_seal).exists():
            raise Overtaken(OVERTAKEN)
        _check_versions(Case, {k.case.pk: k.case.version - 1 for k in plan.changed_cases})
        _check_versions(
            Proceeding, {k.proceeding.pk: k.proceeding.version for k in plan.changed_proceedings}
        )
        return sorted(departments)

    def _update_cases(self) -> None:
        changed = [known.case for known in self.plan.changed_cases]
        applicants = [
            known.case.applicant
            for known in self.plan.changed_cases
            if any(change.of_applicant for change in known.changes)
        ]
        for applicant in applicants:
            applicant.hash_personal_data()
        Applicant.objects.bulk_update(applicants, _APPLICANT_FIELDS, batch_size=BATCH)
        ApplicantNumber.objects.write(applicants)
        Case.objects.bulk_update(changed, _CASE_FIELDS, batch_size=BATCH)

    def _save_proceedings(self) -> None:
        new = [self._proceeding(planned) for planned in self.plan.new_proceedings]
        self.new_proceedings = Proceeding.objects.bulk_create(new, batch_size=BATCH)
        changed = []
        for known in self.plan.changed_proceedings:
            for change in known.changes:
                if change.name == "case":
                    known.proceeding.case_id = self._case_id(change.after)
                else:
                    setattr(known.proceeding, change.name, change.after)
            known.proceeding.drop_what_does_not_fit()
            known.proceeding.version += 1
            changed.append(known.proceeding)
        Proceeding.objects.bulk_update(changed, _PROCEEDING_FIELDS, batch_size=BATCH)

    def _proceeding(self, new: NewProceeding) -> Proceeding:
        row = new.row
        assert row.kind and row.filed_on  # needed columns: a problem otherwise
        return Proceeding(
            department=new.department,
            case_id=self._case_id(new.case),
            kind=row.kind,
            docket=row.docket,
            filed_on=row.filed_on,
            result=row.result or "",
            concluded_on=row.concluded_on,
            remarks=row.remarks,
        )

    def _case_id(self, case: CaseRef | None) -> int | None:
        if case is None or case.row is None or case.pk:
            return case.pk if case else None
        return self.id_of_row[id(case.row)]

    def _note_late(self) -> None:
        plan, by = self.plan, self.source.by
        cases = {id(known.row): known.case.pk for known in plan.changed_cases} | self.id_of_row
        proceedings = {id(known.row): known.proceeding.pk for known in plan.changed_proceedings}
        for planned, stored in zip(plan.new_proceedings, self.new_proceedings, strict=True):
            proceedings[id(planned.row)] = stored.pk
        LateChange.objects.bulk_create(
            (
                change
                for row, late in self.late.items()
                for change in late.changes(
                    by=by, case=cases.get(row), proceeding=proceedings.get(row)
                )
            ),
            batch_size=BATCH,
        )

    def _note_numbers(self) -> None:
        numbers: dict[tuple[Department, int], list[str]] = defaultdict(list)
        for new in self.plan.new_cases:
            assert new.row.received_on
            numbers[new.department, new.row.received_on.year].append(new.row.number)
        for (department, year), given in numbers.items():
            note_numbers(department, year, given)

    def _record(self, departments: Sequence[int]) -> ImportedLedger:
        plan, source = self.plan, self.source
        summary: dict[str, Any] = {
            "cases": plan.cases.as_dict(),
            "proceedings": plan.proceedings.as_dict(),
            "take_over": source.reason if plan.conflicts else "",
            "late": len(self.late),
            "late_reason": next((late.reason for late in self.late.values()), ""),
        }
        ledger = ImportedLedger.objects.create(
            sha256=source.sha256,
            file_name=source.file_name[:200],
            department=plan.department,
            summary=summary | {"departments": list(departments)},
            imported_by=source.by,
        )
        ledger.imported_at = self.now  # that of its events: by it they are known
        ledger.save(update_fields=["imported_at"])
        audit.record(
            by=source.by,
            act="导入台账",
            target=ledger,
            name=source.file_name,
            after={"sha256": source.sha256, **summary},
        )
        return ledger


def _check_versions(model: type[Case] | type[Proceeding], versions: dict[int, int]) -> None:
    for chunk in chunks(sorted(versions), CHUNK):
        found = model.objects.select_for_update().filter(pk__in=chunk)
        stored = dict(found.values_list("pk", "version"))
        if any(stored.get(pk) != versions[pk] for pk in chunk):
            raise Overtaken(OVERTAKEN)
