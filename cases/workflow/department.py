"""What a department's supervisor sets for it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from cases import audit
from cases.models import Department, DepartmentSettings, User
from cases.models.settings import LONGEST_LAMP
from cases.permissions import Act, can
from cases.workflow.base import NotAllowed, Stale

CHANGED = "您打开之后，{}的期限灯已被别人改过。您填的内容还在，请对照后再提交。"


@transaction.atomic
def set_lamps(
    department: Department,
    *,
    by: User,
    green_from: int,
    amber_from: int,
    below: bool = False,
    version: int,
) -> int:
    """From how many working days left lamps are green and amber; how many departments changed.

    `below` sets the same for all that stand under the department. `version` is that of the settings
    the user saw, 0 for none. Raises `NotAllowed`, `Stale`, `ValidationError` by field.
    """
    if not can(by, Act.MANAGE_DEPARTMENT, department):
        raise NotAllowed(f"您没有设置{department}的权限：由政务公开主管设置。")
    list(Department.objects.select_for_update().filter(pk=department.pk))  # one at a time
    if lamps_version(department) != version:
        raise Stale(CHANGED.format(department))
    _check(green_from, amber_from)
    wanted = Department.objects.below(department.path) if below else [department]
    return sum(_set(organ, green_from, amber_from, by) for organ in wanted)


def lamps_version(department: Department) -> int:
    """Of the department's own settings; 0 while the usual days hold."""
    rows = DepartmentSettings.objects.filter(department=department)
    return rows.values_list("version", flat=True).first() or 0


def _check(green_from: int, amber_from: int) -> None:
    if not 2 <= green_from <= LONGEST_LAMP:
        raise ValidationError({"green_from": f"请填 2 至 {LONGEST_LAMP} 个工作日。"})
    if not 1 <= amber_from < green_from:
        raise ValidationError({"amber_from": f"至少 1 个工作日，并且少于绿灯的 {green_from} 个。"})


def _set(organ: Department, green_from: int, amber_from: int, by: User) -> bool:
    """Whether anything differed."""
    stored = DepartmentSettings.objects.filter(department=organ).first()
    before = {"green_from": stored.green_from, "amber_from": stored.amber_from} if stored else {}
    after = {"green_from": green_from, "amber_from": amber_from}
    if before == after:
        return False
    settings = DepartmentSettings(
        department=organ, version=stored.version + 1 if stored else 1, **after
    )
    settings.full_clean(validate_unique=stored is None)
    settings.save()
    audit.record(by=by, act="设置期限灯", target=organ, before=before, after=after)
    return True
