"""The year's call: by when who has to report, and towards what each unit counts.

The office of a government asks; what it says of a unit goes before the tree (`counting.units_of`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction

from cases import audit
from cases.choices import DepartmentKind
from cases.models import Department, DepartmentPlacement, User
from cases.permissions import Act, can
from cases.workflow import NotAllowed, Stale
from reports.choices import ALL, HOME, Way
from reports.counting import Period, units_of
from reports.formats import format_for_year
from reports.models import ReportingUnit, YearCall

PUBLISH_BY = (1, 31)  # 条例49: of the year after, organs hand in and publish


class Counts(StrEnum):
    """Towards what a unit counts. What counts in 本级 counts in 全区: there is no other way."""

    HOME = "home"
    ALL = "all"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Unit:
    """What a call says of a unit; `note` is for people: new, merged, or from elsewhere."""

    department: Department
    counts: Counts
    way: Way = Way.CASES
    note: str = ""


def publish_by(year: int) -> date:
    """The last day on which an organ's report of `year` is published in time (条例49)."""
    return date(year + 1, *PUBLISH_BY)


def call_of(government: Department, year: int) -> YearCall | None:
    return YearCall.objects.filter(government=government, year=year).first()


def call_version(government: Department, year: int) -> int:
    """Of what a page shows of the call; 0 while there is none."""
    call = call_of(government, year)
    return call.version if call else 0


# The list of units ------------------------------------------------------------------------------


def proposed_units(government: Department, year: int) -> list[Unit]:
    """The units of a call as they stand, or as a new one is to begin: those of the last call before
    it, and of the tree at the end of the year what that does not name."""
    calls = YearCall.objects.filter(government=government, year__lte=year)
    latest = calls.order_by("-year").first()
    listed = {unit.department_id: unit for unit in latest.units.all()} if latest else {}
    counted = counted_units(government, year)
    rows = Department.objects.filter(pk__in=listed.keys() | counted.keys()).answering()
    units = []
    for organ in rows.select_related("successor").order_by("path"):
        known = listed.get(organ.pk)
        below = organ.path.startswith(government.path)
        units.append(
            Unit(
                organ,
                _counts(organ, known, counted.get(organ.pk), year),
                Way(known.way) if known else Way.CASES,
                _note(organ, year, new=bool(latest) and known is None, below=below),
            )
        )
    return units


def counted_units(government: Department, year: int) -> dict[int, Counts]:
    """Department id → towards what it counts, for all that report to this government and no lower
    one: by the call, or by the tree what that does not name.

    A government below is no unit: it reports by a call of its own.
    """
    period = Period.year(year)
    everybody, home = (units_of(government, kind, period) for kind in (ALL, HOME))
    placed = DepartmentPlacement.objects.at(period.last).filter(department__in=everybody)
    paths = dict(placed.values_list("department_id", "path"))
    lower = tuple(
        paths[pk]
        for pk, kind in everybody.items()
        if kind == DepartmentKind.GOVERNMENT and pk != government.pk and pk in paths
    )
    return {
        pk: Counts.HOME if pk in home else Counts.ALL
        for pk in everybody
        if pk != government.pk and not paths.get(pk, "").startswith(lower or ("-",))
    }


def _counts(
    organ: Department, known: ReportingUnit | None, usual: Counts | None, year: int
) -> Counts:
    """An organ merged before the year began has nothing of its own to report any more."""
    if organ.succeeded_on and organ.succeeded_on <= Period.year(year).first:
        return Counts.NOWHERE
    if known is None:
        return usual or Counts.NOWHERE
    return Counts.HOME if known.in_home else Counts.ALL if known.in_all else Counts.NOWHERE


def _note(organ: Department, year: int, *, new: bool, below: bool) -> str:
    if organ.succeeded_on and organ.succeeded_on <= Period.year(year).last:
        return f"{organ.succeeded_on} 并入{organ.successor}"
    if new:
        return "名单中新增"
    return "" if below else "不在下级单位中"


def may_be_added(government: Department, organ: Department, year: int) -> str:
    """Why `organ` cannot be a unit of the call, as a sentence; "" if it can."""
    if not organ.holds_cases:
        return f"{organ}是一级政府，由它自己布置和汇总，不能列为报送单位。"
    if other := _counted_by(government, [organ], year).get(organ.pk):
        return f"{organ}已计入{other}的年报，不能重复计算。"
    return ""


def _counted_by(
    government: Department, organs: Sequence[Department], year: int
) -> dict[int, Department]:
    """Department id → the other government in whose report an organ counts that year: one that
    named it in its call, or below which it stands. Those above `government` take it in with it."""
    others = ReportingUnit.objects.filter(call__year=year, in_all=True, department__in=organs)
    named = others.exclude(call__government=government).select_related("call__government")
    found = {
        unit.department_id: unit.call.government
        for unit in named
        if not government.path.startswith(unit.call.government.path)
    }
    placed = DepartmentPlacement.objects.at(Period.year(year).last).filter(department__in=organs)
    outside = [row for row in placed if not row.path.startswith(government.path)]
    if outside:
        kind = DepartmentKind.GOVERNMENT
        for other in Department.objects.filter(kind=kind).exclude(pk=government.pk):
            if not government.path.startswith(other.path):
                below = (row for row in outside if row.path.startswith(other.path))
                found |= {row.department_id: other for row in below}
    return found


# The act ----------------------------------------------------------------------------------------


@transaction.atomic
def call_for_reports(
    government: Department,
    year: int,
    *,
    until_on: date,
    instructions: str,
    units: Sequence[Unit],
    by: User,
    version: int,
) -> YearCall:
    """Open the call of `year`, or change it: deadline, instructions and the list of units.

    `version` is that of the call that was shown, 0 for none. Raises `NotAllowed`, `Stale`,
    `NoFormat`; `ValidationError` for a deadline that is none, or a unit that would count twice.
    """
    if not can(by, Act.RUN_CALL, government):
        raise NotAllowed(f"您没有布置{government}年度报告的权限。")
    format_for_year(year)
    list(Department.objects.select_for_update().filter(pk=government.pk))  # one at a time
    if call_version(government, year) != version:
        raise Stale("您打开之后，年报布置已被别人改过。您填的内容还在，请对照后再提交。")
    _check(government, year, until_on, units)
    stored = call_of(government, year)
    call, before = stored or YearCall(government=government, year=year, version=0), _said(stored)
    call.until_on, call.instructions = until_on, instructions.strip()
    call.version += 1
    call.full_clean(validate_constraints=False)
    call.save()
    call.units.all().delete()
    ReportingUnit.objects.bulk_create(
        ReportingUnit(
            call=call,
            department=unit.department,
            in_home=unit.counts == Counts.HOME,
            in_all=unit.counts != Counts.NOWHERE,
            way=unit.way,
        )
        for unit in units
    )
    audit.record(by=by, act="annual_report_call", target=call, before=before, after=_said(call))
    return call


def _said(call: YearCall | None) -> Mapping[str, object]:
    """For the audit: deadline, and what is said of each unit by its code."""
    if call is None:
        return {}
    units = call.units.select_related("department")
    said = {unit.department.code: f"{unit.in_home:d}{unit.in_all:d} {unit.way}" for unit in units}
    return {"until_on": str(call.until_on), "instructions": call.instructions, "units": said}


def _check(government: Department, year: int, until_on: date, units: Sequence[Unit]) -> None:
    first, last = date(year + 1, 1, 1), publish_by(year)
    if not first <= until_on <= last:
        words = (
            f"截止日须在 {first} 至 {last} 之间：各单位 1 月 31 日前报送并公布（条例第四十九条）。"
        )
        raise ValidationError({"until_on": words})
    organs = [unit.department for unit in units]
    if twice := {str(organ) for organ in organs if organs.count(organ) > 1}:
        raise ValidationError(f"{'、'.join(sorted(twice))}在名单中不止一次。")
    counted = [unit.department for unit in units if unit.counts != Counts.NOWHERE]
    for organ in counted:
        if not organ.holds_cases:
            raise ValidationError(may_be_added(government, organ, year))
    for pk, other in _counted_by(government, counted, year).items():
        organ = next(organ for organ in counted if organ.pk == pk)
        raise ValidationError(f"{organ}已计入{other}的年报，不能重复计算。")
