"""What an act changes in a year whose figures are public already, and the reason it has to give.

Every act passes here where it is stored (`base.finish`, `register`, `record_proceeding`, the import
of a ledger), so that none has to think of it. An act that has a reason of its own passes with that;
for the others the page asks, and hands the answer on by `giving`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError

from cases import audit
from cases.models import Case, Department, LateChange, Proceeding, SealedYear, User
from cases.personal import holds_personal, kept
from cases.year_places import Counted, Place, Succession, holders, place_in

REASON = "late_reason"  # the field that pages ask with
NO_NUMBERS = "文字中有号码、地址等内容，原因不能存个人信息，请删去后重试。"

_given: ContextVar[str] = ContextVar("late_reason", default="")


class LateReasonNeeded(ValidationError):
    """The act changes a sealed year, and no reason that can be kept was given; on `REASON`."""

    def __init__(self, sentence: str) -> None:
        super().__init__({REASON: sentence})


@contextmanager
def giving(reason: str) -> Iterator[None]:
    """What is done inside has this reason to change a sealed year; "" for none."""
    token = _given.set(reason.strip())
    try:
        yield
    finally:
        _given.reset(token)


def seal_year(
    department: Department, year: int, *, since: date, rows: Mapping[str, str], by: User
) -> SealedYear:
    """The organ's own report of `year` is public `since` that day; sealed before, it stays so.

    `rows`: outcome → the row of its format.
    """
    sealed, is_new = SealedYear.objects.get_or_create(
        department=department,
        year=year,
        defaults={"since": since, "rows": dict(rows), "by": by},
    )
    if is_new:
        audit.record(by=by, act="year_sealed", target=sealed, after={"year": year, "since": since})
    return sealed


class Difference(NamedTuple):
    """How one record stands in a sealed year, before an act and after."""

    sealed: SealedYear
    before: Place | None
    after: Place | None


@dataclass(frozen=True, slots=True)
class Seals:
    """The sealed years of some organs, and of all that took over from them."""

    years: dict[int, list[SealedYear]]  # by organ
    successions: list[Succession]

    @classmethod
    def of(cls, organs: Collection[int]) -> Self:
        rows = Department.objects.filter(succeeded_on__isnull=False).order_by()
        found = rows.values_list("pk", "succeeded_on", "successor_id")
        successions = [(old, day, new) for old, day, new in found if day and new]
        reached = {later for organ in organs for later in holders(organ, successions)}
        years: dict[int, list[SealedYear]] = {}
        public = SealedYear.objects.filter(department__in=reached)
        for sealed in public.select_related("department"):
            years.setdefault(sealed.department_id, []).append(sealed)
        return cls(years, successions)

    def changed(self, before: Counted | None, after: Counted | None) -> list[Difference]:
        """The sealed years in which the record stands otherwise after than before."""
        if before == after or not self.years:
            return []
        # A case keeps its organ; a review or suit may be put right to another.
        organs = {o for c in (before, after) if c for o in holders(c.organ, self.successions)}
        found = (
            Difference(sealed, self._place(sealed, before), self._place(sealed, after))
            for organ, years in self.years.items()
            if organ in organs
            for sealed in years
        )
        return [difference for difference in found if difference.before != difference.after]

    def _place(self, sealed: SealedYear, counted: Counted | None) -> Place | None:
        return place_in(
            sealed.year,
            sealed.department_id,
            counted,
            rows=sealed.rows,
            successions=self.successions,
        )


@dataclass(frozen=True, slots=True)
class Late:
    """What an act changes in sealed years, and why; empty for nearly all acts."""

    differences: list[Difference]
    reason: str = ""
    asked: bool = False  # the reason is none of the act's own

    def told(self, text: str) -> str:
        """The words of the event, with a reason that they do not hold already."""
        if not self.differences or not self.asked:
            return text
        said = f"{'、'.join(str(found.sealed) for found in self.differences)}公布后补录"
        return f"{text}{'' if text.endswith('。') else '。'}{said}，原因：{self.reason}"

    @property
    def data(self) -> dict[str, Any]:
        """Of the event, and of the entry in the log."""
        if not self.differences:
            return {}
        sealed = [[found.sealed.department.code, found.sealed.year] for found in self.differences]
        return {"sealed": sealed, REASON: self.reason}

    def changes(
        self, *, by: User | None, case: int | None = None, proceeding: int | None = None
    ) -> list[LateChange]:
        """What is to be stored of the record."""
        return [
            LateChange(
                sealed_year=found.sealed,
                case_id=case,
                proceeding_id=proceeding,
                before=list(found.before or ()),
                after=list(found.after or ()),
                reason=kept(self.reason),
                by=by,
            )
            for found in self.differences
        ]

    def note(
        self, *, by: User | None, case: int | None = None, proceeding: int | None = None
    ) -> None:
        LateChange.objects.bulk_create(self.changes(by=by, case=case, proceeding=proceeding))


def late(before: Counted | None, after: Counted | None, *, own_reason: str = "") -> Late:
    """What storing a record does to sealed years; raises `LateReasonNeeded`.

    `own_reason` is what the act asks for anyhow, and looks at for personal data itself.
    """
    if before == after:
        return Late([])
    organs = {counted.organ for counted in (before, after) if counted}
    differences = Seals.of(organs).changed(before, after)
    if not differences:
        return Late([])
    if own := own_reason.strip():
        return Late(differences, own)
    reason = _given.get()
    if not reason:
        raise LateReasonNeeded(asking([found.sealed for found in differences]))
    if holds_personal(reason):
        raise LateReasonNeeded(NO_NUMBERS)
    return Late(differences, reason, asked=True)


def asking(sealed: Collection[SealedYear]) -> str:
    """The sentence that asks for the reason."""
    public = "，".join(f"{year}已于 {year.since} 公布" for year in dict.fromkeys(sealed))
    return f"{public}，这次登记会改变它的数据，请写明原因。"


def of_case(case: Case) -> Counted:
    """`case` as it is in memory."""
    return _counted_case(
        case.department_id,
        case.received_on,
        case.closed_on,
        case.applicant_kind,
        case.outcome,
        case.voided_on,
    )


def stored_case(pk: int) -> Counted:
    """The case as the database has it still."""
    columns = "department_id", "received_on", "closed_on", "applicant_kind", "outcome", "voided_on"
    return _counted_case(*Case.objects.values_list(*columns).get(pk=pk))


def _counted_case(
    organ: int,
    received_on: date | None,
    closed_on: date | None,
    kind: str,
    outcome: str,
    voided_on: date | None,
) -> Counted:
    return Counted(organ, None if voided_on else received_on, closed_on, str(kind), str(outcome))


def of_proceeding(found: Proceeding) -> Counted:
    """A review or suit as it is in memory."""
    ended, kind, result = found.concluded_on, str(found.kind), str(found.result)
    return Counted(found.department_id, found.filed_on, ended, kind, result, is_case=False)
