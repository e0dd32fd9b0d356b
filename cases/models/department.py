"""Organs as a dated tree: who stands under whom, and what each was called, on any day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from cases.choices import DepartmentKind
from cases.querysets import DepartmentQuerySet, PlacementQuerySet


class Department(models.Model):
    """An organ. `parent`, `path`, `name` and `short_name` are today's; the dated ones stand beside.

    They are stored copies that `cases.departments` alone writes, with the dated row beside.
    A department is never deleted: its cases stay with it, a successor takes over the open ones.
    """

    code = models.CharField("代码", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=20, choices=DepartmentKind)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    number_prefix = models.CharField("编号字头", max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField(max_length=255, editable=False, db_index=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="继受单位",
    )
    succeeded_on = models.DateField("继受日期", null=True, blank=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ("path",)
        constraints = (
            models.CheckConstraint(
                condition=Q(successor=None, succeeded_on=None)
                | Q(successor__isnull=False, succeeded_on__isnull=False),
                name="department_successor_has_its_day",
                violation_error_message="继受单位和继受日期要么都填，要么都不填。",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("id")),
                name="department_does_not_succeed_itself",
                violation_error_message="单位不能由自己继受。",
            ),
        )

    def __str__(self) -> str:
        return self.short_name or self.name

    @cached_property
    def has_chain(self) -> bool:
        """Whether a reply passes steps before it goes out; asked once a request."""
        return self.sign_off_steps.exists()

    def heir_on(self, day: date) -> Department:
        """What has succeeded it by `day`, or that in turn; itself if nothing has."""
        return self.holder_on(day, lambda succeeded_on: True)

    def holder_on(self, day: date, was_open: Callable[[date], bool]) -> Department:
        """Who has on `day` what was this organ's: it, or what has succeeded it by then, as far as
        the thing `was_open` on the days of succession."""
        holder, passed = self, set[int]()
        while holder.successor and holder.succeeded_on and holder.pk not in passed:
            if holder.succeeded_on > day or not was_open(holder.succeeded_on):
                break
            passed.add(holder.pk)
            holder = holder.successor
        return holder

    @property
    def holds_cases(self) -> bool:
        return self.kind != DepartmentKind.GOVERNMENT


class DepartmentName(models.Model):
    """What a department was called from a day on."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="names")
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    from_on = models.DateField("启用日期")

    class Meta:
        ordering = ("department", "from_on")
        constraints = (
            models.UniqueConstraint(
                fields=("department", "from_on"),
                name="department_name_one_a_day",
                violation_error_message="同一单位同一天只能启用一个名称。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.from_on} 起）"


class DepartmentPlacement(models.Model):
    """Where a department stood in the tree from a day until (not including) another."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上级"
    )
    path = models.CharField(max_length=255, db_index=True)
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ("department", "from_on")
        constraints = (
            models.UniqueConstraint(
                fields=("department", "from_on"),
                name="placement_one_a_day",
                violation_error_message="同一单位同一天只能有一个上级。",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
                name="placement_ends_after_it_begins",
                violation_error_message="隶属关系的止日须晚于起日。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.path}（{self.from_on} 起）"
