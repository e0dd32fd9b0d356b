"""The only writer of the department tree: dated names and places, and today's copies of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from cases.choices import DepartmentKind
from cases.models import Department, DepartmentName, DepartmentPlacement
from cases.querysets import PATH_STEP, DepartmentQuerySet

# Before any case: a department loaded without a date has always stood where it stands.
ALWAYS = date(2008, 5, 1)  # the day the first 条例 (国务院令第492号) came into force


class DepartmentError(ValueError):
    """A sentence for the person who handed in the tree."""


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    name: str
    code: str
    parent_code: str
    kind: DepartmentKind
    short_name: str = ""
    number_prefix: str = ""


@transaction.atomic
def add_department(row: DepartmentRow, *, from_on: date = ALWAYS) -> Department:
    parent = Department.objects.get(code=row.parent_code) if row.parent_code else None
    department = Department(
        code=row.code,
        kind=row.kind,
        name=row.name,
        short_name=row.short_name,
        number_prefix=row.number_prefix,
        parent=parent,
    )
    _check(department)
    department.save()
    department.path = _path(parent, department)
    department.save(update_fields=["path"])
    DepartmentName.objects.create(
        department=department, name=row.name, short_name=row.short_name, from_on=from_on
    )
    DepartmentPlacement.objects.create(
        department=department, parent=parent, path=department.path, from_on=from_on
    )
    return department


@transaction.atomic
def rename_department(
    department: Department, *, name: str, short_name: str = "", from_on: date
) -> None:
    """A new name from `from_on` on; the old one still answers for the days before."""
    DepartmentName.objects.update_or_create(
        department=department,
        from_on=from_on,
        defaults={"name": name, "short_name": short_name},
    )
    latest = department.names.latest("from_on")
    department.name, department.short_name = latest.name, latest.short_name
    department.save(update_fields=["name", "short_name"])


@transaction.atomic
def move_department(department: Department, *, parent: Department, from_on: date) -> None:
    """Place `department`, and all below it, under `parent` from `from_on` on."""
    if parent.path.startswith(department.path):
        raise DepartmentError(f"不能把{department}移到它自己的下级{parent}之下。")
    old = department.path
    new = _path(parent, department)
    for moved in Department.objects.below(old).order_by("path"):
        moved.path = new + moved.path[len(old) :]
        if moved.pk == department.pk:
            moved.parent = parent
        moved.save(update_fields=["path", "parent"])
        _place(moved, from_on)


@transaction.atomic
def succeed_department(old: Department, *, successor: Department, on: date) -> None:
    """From `on` the successor carries the cases of `old` that are open then (〔2019〕14号).

    `old` keeps its place in the tree: what it closed in its last year is still reported.
    """
    follower: Department | None = successor
    while follower is not None:
        if follower.pk == old.pk:
            raise DepartmentError(f"{successor}已由{old}继受，不能反过来继受它。")
        follower = follower.successor
    old.successor, old.succeeded_on = successor, on
    old.full_clean()
    old.save(update_fields=["successor", "succeeded_on"])


def names_at(day: date) -> dict[int, str]:
    """Department id → what it was called on `day`."""
    rows = DepartmentName.objects.filter(from_on__lte=day).order_by("from_on")
    return {row.department_id: row.short_name or row.name for row in rows}


def find_department(name_or_code: str, among: DepartmentQuerySet | None = None) -> Department:
    """One department by name, short name, former name or code; raises `DepartmentError`."""
    departments = Department.objects.all() if among is None else among
    found = list(departments.named(name_or_code)[:2])
    if not found:
        raise DepartmentError(f"没有名称或代码为“{name_or_code}”的单位。")
    if len(found) > 1:
        raise DepartmentError(f"名称“{name_or_code}”对应不止一个单位，请用代码。")
    return found[0]


HEADS = {"名称": "name", "代码": "code", "上级代码": "parent_code", "类别": "kind"}
OPTIONAL_HEADS = {"简称": "short_name", "编号字头": "number_prefix"}


def read_departments(path: Path) -> list[DepartmentRow]:
    """Rows of a CSV with 名称, 代码, 上级代码, 类别 (and 简称, 编号字头); all errors at once."""
    reader = csv.DictReader(_text_of(path).splitlines())
    missing = [head for head in HEADS if head not in (reader.fieldnames or ())]
    if missing:
        raise DepartmentError(f"文件缺少列：{'、'.join(missing)}。")
    rows, errors, codes = [], [], set[str]()
    for line, raw in enumerate(reader, start=2):
        cells = {
            key: (raw.get(head) or "").strip() for head, key in (HEADS | OPTIONAL_HEADS).items()
        }
        kind = _KINDS.get(cells.pop("kind"))
        problem = (
            ("名称和代码都要填" if not (cells["name"] and cells["code"]) else "")
            or (f"代码 {cells['code']} 重复" if cells["code"] in codes else "")
            or (f"类别“{raw['类别']}”不认识，可填：{'、'.join(_KIND_WORDS)}" if not kind else "")
        )
        codes.add(cells["code"])
        if problem:
            errors.append(f"第 {line} 行：{problem}。")
        elif kind:
            rows.append(DepartmentRow(kind=kind, **cells))
    known = codes | set(Department.objects.values_list("code", flat=True))
    errors += [
        f"{row.name}：没有代码为 {row.parent_code} 的上级单位。"
        for row in rows
        if row.parent_code and row.parent_code not in known
    ]
    if errors:
        raise DepartmentError("\n".join(errors))
    return rows


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DepartmentError(f"读不到文件 {path}，请检查文件名和权限。") from error
    for encoding in ("utf-8-sig", "gb18030"):  # the second is what Excel in Chinese writes
        with suppress(UnicodeDecodeError):
            if "\0" not in (text := content.decode(encoding)):
                return text
    raise DepartmentError(f"{path} 不是文本文件，请另存为 CSV 再读入。")


@transaction.atomic
def load_departments(
    rows: Iterable[DepartmentRow], *, from_on: date | None = None
) -> tuple[int, int]:
    """Add what is not there yet, parents first; bring known ones up to date. (added, changed)

    Another name or superior of a known department holds from `from_on`; without that day it is an
    error, so a file loaded by mistake rewrites no history. The same file twice changes nothing.
    """
    waiting = list(rows)
    known = {department.code: department for department in Department.objects.all()}
    added = changed = 0
    while waiting:
        ready = [row for row in waiting if not row.parent_code or row.parent_code in known]
        if not ready:
            names = "、".join(row.name for row in waiting)
            raise DepartmentError(f"这些单位互为上级，排不出先后：{names}。")
        for row in ready:
            if row.code in known:
                changed += _bring_up_to_date(known[row.code], row, from_on)
            else:
                known[row.code] = add_department(row, from_on=from_on or ALWAYS)
                added += 1
        waiting = [row for row in waiting if row not in ready]
    return added, changed


def _bring_up_to_date(department: Department, row: DepartmentRow, from_on: date | None) -> bool:
    renamed = department.name != row.name
    moved = (department.parent.code if department.parent else "") != row.parent_code
    if (renamed or moved) and from_on is None:
        what = f"名称改为“{row.name}”" if renamed else f"上级改为“{row.parent_code}”"
        raise DepartmentError(f"{department}的{what}：请用 --from 写明从哪一天起。")
    if renamed and from_on:
        rename_department(department, name=row.name, short_name=row.short_name, from_on=from_on)
    if moved and from_on:
        move_department(
            department, parent=Department.objects.get(code=row.parent_code), from_on=from_on
        )
    wanted = {"kind": row.kind, "short_name": row.short_name, "number_prefix": row.number_prefix}
    differing = [
        key for key, value in wanted.items() if value and getattr(department, key) != value
    ]
    for key in differing:
        setattr(department, key, wanted[key])
    _check(department)
    department.save(update_fields=differing)
    return renamed or moved or bool(differing)


_KIND_WORDS = {
    "政府": DepartmentKind.GOVERNMENT,
    "办公室": DepartmentKind.OFFICE,
    "部门": DepartmentKind.DEPARTMENT,
    "镇街": DepartmentKind.TOWN,
    "平台": DepartmentKind.PLATFORM,
}
_KINDS: dict[str, DepartmentKind] = (
    _KIND_WORDS
    | {str(kind.label): kind for kind in DepartmentKind}
    | {kind.value: kind for kind in DepartmentKind}
    | {"镇": DepartmentKind.TOWN, "街道": DepartmentKind.TOWN, "乡镇": DepartmentKind.TOWN}
    | {"工作部门": DepartmentKind.DEPARTMENT, "人民政府": DepartmentKind.GOVERNMENT}
)


def _check(department: Department) -> None:
    """Raises `DepartmentError` for what does not fit its column or breaks a constraint."""
    try:
        department.full_clean(exclude=["path"])
    except ValidationError as error:
        raise DepartmentError(f"{department.name[:40]}：{'；'.join(error.messages)}") from error


def _path(parent: Department | None, department: Department) -> str:
    return (parent.path if parent else "") + f"{department.pk:0{PATH_STEP}d}"


def _place(department: Department, from_on: date) -> None:
    """End the placement that holds on `from_on` and begin the new one there."""
    department.placements.filter(from_on__gte=from_on).delete()
    department.placements.filter(Q(until_on=None) | Q(until_on__gt=from_on)).update(
        until_on=from_on
    )
    DepartmentPlacement.objects.create(
        department=department, parent=department.parent, path=department.path, from_on=from_on
    )
