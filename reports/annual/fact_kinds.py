"""The list of figures asked for (指标): an office's for all below, or an organ's for itself."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from cases import audit
from cases.models import Department, User
from cases.permissions import Act, can
from cases.querysets import PATH_STEP
from cases.workflow import NotAllowed, Stale
from reports.models import FactKind, YearCall
from reports.usual_facts import USUAL_FACTS

FIELDS = ("label", "unit", "is_summed", "place", "retired_year")


def asked_of(department: Department, year: int) -> QuerySet[FactKind]:
    """What `department` is asked for in a year: by itself, by whom it stands under, and by the
    government whose call it reports to from elsewhere in the tree."""
    calls = YearCall.objects.filter(year=year, units__department=department)
    by_whom = Q(department__path__in=_above(department)) | Q(
        department__in=calls.values("government")
    )
    still = Q(retired_year=None) | Q(retired_year__gt=year)
    return FactKind.objects.filter(by_whom, still).select_related("department")


def kinds_of(department: Department) -> list[FactKind]:
    """Those that `department` itself asks for, in order, the retired too."""
    return list(FactKind.objects.filter(department=department).order_by("place", "id"))


def may_set_kinds(user: User, department: Department) -> bool:
    """A government's list is its office's to keep; an organ adds what it asks of itself."""
    act = Act.FILL_REPORT if department.holds_cases else Act.RUN_CALL
    return can(user, act, department)


def kind_version(kind: FactKind) -> int:
    """What the user saw of it, as a number: another one once anything was changed."""
    return digest(*(getattr(kind, name) for name in FIELDS))


def digest(*values: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(values).encode()).digest()[:6])


@transaction.atomic
def set_kind(
    department: Department,
    kind: FactKind | None,
    *,
    by: User,
    version: int | None,
    label: str,
    unit: str,
    is_summed: bool = True,
    place: int | None = None,
    retired_year: int | None = None,
) -> FactKind:
    """Add a figure to the list of `department`, or change one; `place` counts from 1, the end if
    none is given. `retired_year` is the first in which it is no longer asked for.

    Raises `NotAllowed`, `Stale`; `ValidationError` by field. What has figures keeps its unit, and
    what sentences are made of its name too.
    """
    _begin(department, by)
    if kind is None:
        kind = FactKind(department=department)
    else:
        kind = FactKind.objects.get(pk=kind.pk)
        if version is not None and kind_version(kind) != version:
            raise Stale(f"您打开之后，{kind}已被别人改过。您填的内容还在，请对照后再提交。")
    _check(kind, label, unit, retired_year)
    before = _said(kind) if kind.pk else {}
    kind.label, kind.unit, kind.is_summed = label, unit, is_summed
    kind.retired_year = retired_year
    others = [other for other in kinds_of(department) if other.pk != kind.pk]
    kind.place = min(place or len(others) + 1, len(others) + 1)
    kind.full_clean(validate_constraints=False)
    kind.save()
    _put_in_order([*others[: kind.place - 1], kind, *others[kind.place - 1 :]])
    if before != (after := _said(kind)):
        audit.record(by=by, act="fact_kind_set", target=kind, before=before, after=after)
    return kind


@transaction.atomic
def remove_kind(kind: FactKind, *, by: User) -> None:
    """Take one off the list that nobody has told a figure of; else it is retired."""
    _begin(kind.department, by)
    if kind.facts.exists():
        raise ValidationError(f"{kind}已有单位填过，不能删除；以后不用的，填停用年度。")
    audit.record(by=by, act="fact_kind_removed", target=kind, before=_said(kind))
    kind.delete()
    _put_in_order(kinds_of(kind.department))


def may_take_usual(department: Department, year: int) -> bool:
    """Whether the usual list is still to be had: nothing of it is asked for, here or above."""
    own = FactKind.objects.filter(department=department).exclude(key="")
    return not own.exists() and not asked_of(department, year).exclude(key="").exists()


@transaction.atomic
def take_usual(department: Department, *, by: User, year: int) -> int:
    """Put the usual list behind what `department` asks for already; how many were added."""
    _begin(department, by)
    if not may_take_usual(department, year):
        raise ValidationError("常用指标已经加入过，可以逐项修改。")
    there = kinds_of(department)
    labels = {kind.label for kind in there}
    usual = [(key, fact) for key, fact in USUAL_FACTS.items() if fact.label not in labels]
    FactKind.objects.bulk_create(
        FactKind(
            department=department,
            key=key,
            label=fact.label,
            unit=fact.unit,
            is_summed=fact.is_summed,
            place=len(there) + at,
        )
        for at, (key, fact) in enumerate(usual, start=1)
    )
    after = {"keys": [key for key, _ in usual]}
    audit.record(by=by, act="fact_kinds_taken", target=department, after=after)
    return len(usual)


def _above(department: Department) -> list[str]:
    """The paths of an organ and of all that it stands under."""
    path = department.path
    return [path[:end] for end in range(PATH_STEP, len(path) + 1, PATH_STEP)]


def _begin(department: Department, by: User) -> None:
    if not may_set_kinds(by, department):
        raise NotAllowed(f"您没有设置{department}指标的权限。")
    list(Department.objects.select_for_update().filter(pk=department.pk))  # one at a time


def _check(kind: FactKind, label: str, unit: str, retired_year: int | None) -> None:
    wrong: dict[str, Any] = {}
    latest = kind.facts.aggregate(year=Max("year"))["year"] if kind.pk else None
    same = FactKind.objects.filter(label=label, department__path__in=_above(kind.department))
    if twin := same.exclude(pk=kind.pk).select_related("department").first():
        wrong["label"] = f"{twin.department}已有同名的指标。"
    elif kind.key and label != kind.label:
        wrong["label"] = "常用指标的名称用于生成语句，不能改；要换的，停用后另设一项。"
    if (kind.key or latest) and unit != kind.unit:
        wrong["unit"] = "已有数据或者用于生成语句的，单位不能改；要换的，停用后另设一项。"
    if retired_year and latest and retired_year <= latest:
        wrong["retired_year"] = f"{latest} 年度已有单位填过，最早从 {latest + 1} 年度起停用。"
    if wrong:
        raise ValidationError(wrong)


def _put_in_order(kinds: list[FactKind]) -> None:
    moved = [kind for at, kind in enumerate(kinds, start=1) if kind.place != at]
    for at, kind in enumerate(kinds, start=1):
        kind.place = at
    FactKind.objects.bulk_update(moved, ["place"])


def _said(kind: FactKind) -> dict[str, object]:
    return {name: getattr(kind, name) for name in FIELDS}
