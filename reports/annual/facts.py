"""指标填报: what organs tell of a year through the year, and what it comes to for an area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from cases import audit
from cases.choices import DepartmentKind
from cases.models import Department, User
from cases.permissions import Act, can
from cases.workflow import NotAllowed, Stale
from reports.annual.content import latest_reports
from reports.annual.fact_kinds import asked_of, digest
from reports.choices import ReportState
from reports.counting import Period, scope_of
from reports.fact_sentences import Told
from reports.models import FactKind, YearFact

LARGEST = 999_999_999_999


class Entry(NamedTuple):
    """What is told of one figure; None where it is left blank, which is not 0."""

    figure: int | None
    note: str = ""


def facts_of(department: Department, year: int) -> QuerySet[YearFact]:
    rows = YearFact.objects.filter(department=department, year=year)
    return rows.select_related("by").order_by("kind_id")


def facts_version(facts: Iterable[YearFact]) -> int:
    """What the user saw of an organ's year, as a number."""
    return digest(*((fact.kind_id, fact.figure, fact.note) for fact in facts))


def facts_refusal(department: Department, year: int, user: User) -> str:
    """Why `user` may not tell figures of that year, as a sentence; "" where they may."""
    if not department.holds_cases:
        return f"{department}的指标由各单位填报后汇总。"
    if not can(user, Act.FILL_REPORT, department):
        return f"您没有填报{department}指标的权限。"
    report = latest_reports([department.pk], year).get(department.pk)
    if report is not None and report.state == ReportState.PUBLISHED:
        return f"{report}已经公布，指标不能再改；有误的，先更正发布。"
    return ""


@transaction.atomic
def tell_facts(
    department: Department,
    year: int,
    entries: Mapping[int, Entry],
    *,
    by: User,
    version: int | None,
) -> int:
    """Store what is told, by the id of its kind; how many figures changed. The others stay.

    Raises `NotAllowed`, `Stale`; `ValidationError` by "figure_<kind>".
    """
    list(Department.objects.select_for_update().filter(pk=department.pk))  # one at a time
    if refusal := facts_refusal(department, year, by):
        raise NotAllowed(refusal)
    stored = list(facts_of(department, year))
    if version is not None and facts_version(stored) != version:
        raise Stale(
            f"您打开之后，{department} {year} 年度的指标已被别人改过。"
            "您填的内容还在，请对照后再提交。"
        )
    kinds = {kind.pk: kind for kind in asked_of(department, year)}
    _check(entries, kinds)
    known = {fact.kind_id: fact for fact in stored}
    before, after = {}, {}
    for pk, entry in entries.items():
        fact = known.get(pk)
        if (fact.figure, fact.note) == entry if fact else entry.figure is None:
            continue
        before[kinds[pk].label] = [fact.figure, fact.note] if fact else None
        after[kinds[pk].label] = list(entry)
        _store(fact or YearFact(kind=kinds[pk], department=department, year=year), entry, by)
    if after:
        name = f"{department} {year} 年度指标"
        audit.record(
            by=by, act="year_facts", target=department, name=name, before=before, after=after
        )
    return len(after)


def _check(entries: Mapping[int, Entry], kinds: Mapping[int, FactKind]) -> None:
    if entries.keys() - kinds.keys():
        raise ValidationError("有的指标已经停用，请重新打开页面填报。")
    wrong: dict[str, Any] = {}
    for pk, (figure, note) in entries.items():
        if figure is None and note:
            wrong[f"figure_{pk}"] = "只写了说明，没有填数；没有发生的填 0。"
        elif figure is not None and not 0 <= figure <= LARGEST:
            wrong[f"figure_{pk}"] = f"请填 0 至 {LARGEST} 的整数。"
    if wrong:
        raise ValidationError(wrong)


def _store(fact: YearFact, entry: Entry, by: User) -> None:
    if entry.figure is None:
        fact.delete()
        return
    fact.figure, fact.note, fact.by = entry.figure, entry.note, by
    fact.clean_fields(exclude=("kind", "department", "by"))
    fact.save()


# The sum of many organs ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RolledFact:
    """One figure of an area. `told` is by the id of the organ."""

    kind: FactKind
    asked: tuple[Department, ...]  # whose figures make it up, in the order of the tree
    told: Mapping[int, YearFact]
    before: int | None  # last year's, of those that told it

    @property
    def figure(self) -> int | None:
        return _total(self.asked, self.told)

    @property
    def missing(self) -> tuple[Department, ...]:
        return tuple(unit for unit in self.asked if unit.pk not in self.told)


@dataclass(frozen=True, slots=True)
class RolledFacts:
    units: tuple[Department, ...]
    facts: tuple[RolledFact, ...]

    @property
    def told(self) -> list[Told]:
        """The figures that sentences and checks may use: a sum only once every organ has told."""
        return [
            Told(fact.kind.key, fact.kind.label, fact.kind.unit, fact.figure)
            for fact in self.facts
            if fact.figure is not None and not fact.missing
        ]


def rolled_facts(department: Department, scope: str, year: int) -> RolledFacts:
    """What the organs of a scope of `department` told of what it asks for, and last year's beside.

    What is not summed is told for all by the organ itself, or a government's office. Raises
    `ValueError` for an unknown scope.
    """
    kinds = list(asked_of(department, year))
    units, told = _told(department, scope, year, kinds)
    units_before, told_before = _told(department, scope, year - 1, kinds)
    return RolledFacts(
        units,
        tuple(
            RolledFact(
                kind,
                _asked(kind, department, units),
                told.get(kind.pk, {}),
                _total(_asked(kind, department, units_before), told_before.get(kind.pk, {})),
            )
            for kind in kinds
        ),
    )


def _told(
    department: Department, scope: str, year: int, kinds: list[FactKind]
) -> tuple[tuple[Department, ...], dict[int, dict[int, YearFact]]]:
    """The organs that count in the scope that year; kind → organ → what it told."""
    ids = scope_of(department, scope, Period.year(year)).organs.ids
    units = tuple(Department.objects.filter(pk__in=ids).answering().order_by("path"))
    told: dict[int, dict[int, YearFact]] = {}
    rows = YearFact.objects.filter(year=year, kind__in=kinds, department__in=units)
    for fact in rows.select_related("by"):
        told.setdefault(fact.kind_id, {})[fact.department_id] = fact
    return units, told


def _asked(
    kind: FactKind, department: Department, units: tuple[Department, ...]
) -> tuple[Department, ...]:
    if kind.is_summed:
        return units
    return tuple(
        unit
        for unit in units
        if unit.pk == department.pk
        or (unit.parent_id == department.pk and unit.kind == DepartmentKind.OFFICE)
    )


def _total(asked: Iterable[Department], told: Mapping[int, YearFact]) -> int | None:
    """None where nobody told anything."""
    found = [told[unit.pk].figure for unit in asked if unit.pk in told]
    return sum(found) if found else None
