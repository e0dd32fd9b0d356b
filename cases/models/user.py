"""Who works here, and in which role at which department."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, NamedTuple

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, Q
from django.utils import timezone

from cases.choices import Role
from cases.models.department import Department
from cases.querysets import reach


class HeldRole(NamedTuple):
    role: Role
    path: str  # of the department it is held at; it reaches every path that begins so
    organ: str  # that department's name


class Reached(NamedTuple):
    """An organ that a user may read, and whether, of all organs, any is out of their reach."""

    pk: int
    others: bool


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **extra: str) -> User:
        user = self.model(username=username, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **extra: str) -> User:
        """Django's `createsuperuser` asks for this; powers here come from roles alone."""
        return self.create_user(username, password, **extra)


class User(AbstractBaseUser):
    username = models.CharField(
        "用户名", max_length=60, unique=True, error_messages={"unique": "已有同名用户。"}
    )
    display_name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("可登录", default=True)
    email = models.EmailField("提醒邮箱", blank=True)  # of the office: only reminders go there
    reminded_on = models.DateField(null=True, blank=True, editable=False)  # one mail a day

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = "用户"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.display_name or self.username

    @cached_property
    def held_roles(self) -> tuple[HeldRole, ...]:
        """Asked once a request: a user object lives no longer."""
        return self._roles.get(self.pk, ())

    @cached_property
    def reached_departments(self) -> frozenset[int] | None:
        """Ids of the organs whose cases this user may read, None for all there are; as above."""
        everything = self._reach and not any(it.others for it in self._reach)
        return None if everything else frozenset(it.pk for it in self._reach)

    @cached_property
    def _reach(self) -> list[Reached]:
        """The organs reached, and what is asked of all the organs there are, in one statement."""
        others = Exists(Department.objects.exclude(reach(self)))
        rows = Department.objects.visible_to(self).values_list("pk", others)
        return [Reached(*row) for row in rows]

    @cached_property
    def stands_in_for(self) -> Mapping[int, tuple[HeldRole, ...]]:
        """Colleagues on leave whose deputy this user is today: id → the roles they hold.

        Every question of scope and permission comes through here, none of which knows the day; a
        user object lives for a request, which has one.
        """
        return {user: held for user, held in self._roles.items() if user != self.pk}

    @cached_property
    def _roles(self) -> Mapping[int, tuple[HeldRole, ...]]:
        """This user's roles and those of whom they stand in for today."""
        held: dict[int, tuple[HeldRole, ...]] = {}
        for user, role, path, organ, _ in self._role_rows:
            held[user] = (*held.get(user, ()), HeldRole(Role(role), path, organ))
        return held

    @property
    def _any_is_succeeded(self) -> bool:
        """Whether there is an organ with a successor: the rest is asked only then."""
        return any(succeeded for *_, succeeded in self._role_rows)

    @cached_property
    def _role_rows(self) -> list[tuple[int, str, str, str, bool]]:
        """What is read of each role, and of all organs whether one has a successor, in one
        statement."""
        absences = apps.get_model("cases", "Deputy").objects.filter(deputy=self)
        absent = absences.on(timezone.localdate()).values("user")
        rows = RoleAssignment.objects.filter(Q(user=self) | Q(user__in=absent))
        succeeded = Exists(Department.objects.filter(successor__isnull=False))
        place = ("department__path", "department__name")
        return list(rows.order_by("id").values_list("user", "role", *place, succeeded))

    @cached_property
    def entrusted_cases(self) -> frozenset[int]:
        """Ids of other organs' cases that are this user's to read: while they are worked, those
        that one of their organs drafts; and for good those that one of their organs has taken
        over; as above."""
        reached = self.reached_departments
        if reached is None:
            return frozenset()
        cases = apps.get_model("cases", "Case").objects.in_hand()
        drafted = cases.filter(drafting_department_id__in=reached | self._inherited)
        others = drafted.exclude(department_id__in=reached).order_by()
        return frozenset(others.values_list("pk", flat=True)) | self.taken_over.keys()

    @cached_property
    def _inherited(self) -> frozenset[int]:
        """Ids of the organs that one of those reached has succeeded by today; as above."""
        if not self._any_is_succeeded:
            return frozenset()
        reached = {it.pk for it in self._reach}
        old = Department.objects.gone_to(reached, by=timezone.localdate())
        return frozenset(old.values_list("pk", flat=True))

    @cached_property
    def taken_over(self) -> Mapping[int, str]:
        """Cases of organs that have been succeeded, which one of this user's organs answers now
        (国办公开办函〔2019〕14号): id → the path of that organ; as above."""
        if not self._any_is_succeeded:
            return {}
        succeeded_on = F("department__succeeded_on")
        cases = apps.get_model("cases", "Case").objects.order_by()
        found = cases.unsettled_at(succeeded_on) | cases.challenged_since_succession()
        return self._taken(
            found.filter(arrived_on__lt=succeeded_on).prefetch_related("proceedings")
        )

    @cached_property
    def taken_over_proceedings(self) -> Mapping[int, str]:
        """The same of reviews and suits."""
        if not self._any_is_succeeded:
            return {}
        proceedings = apps.get_model("cases", "Proceeding").objects.order_by()
        return self._taken(proceedings.running_at(F("department__succeeded_on")))

    def _taken(self, rows: models.QuerySet) -> Mapping[int, str]:
        """Those of `rows` that are today one of this user's organs': id → that organ's path."""
        today = timezone.localdate()
        moved = rows.filter(department__succeeded_on__lte=today)
        moved = moved.select_related("department__successor__successor")
        paths = {row.pk: row.organ_on(today).path for row in moved}
        reached = [held.path for held in self.held_roles if held.role != Role.ADMINISTRATOR]
        return {
            pk: path for pk, path in paths.items() if any(path.startswith(node) for node in reached)
        }

    @cached_property
    def entrusted_handlers(self) -> frozenset[int]:
        """Ids of those this user stands in for who handle, or have handled, cases of other organs:
        a deputy reads those too, the closed ones included; as above."""
        if not self.stands_in_for or (reached := self.reached_departments) is None:
            return frozenset()
        cases = apps.get_model("cases", "Case").objects.filter(handler_id__in=self.stands_in_for)
        others = cases.exclude(department_id__in=reached).order_by()
        return frozenset(others.values_list("handler_id", flat=True).distinct())


class RoleAssignment(models.Model):
    """A role at a department: it reaches the department and all that stand under it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name="用户")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="assignments", verbose_name="单位"
    )
    role = models.CharField("角色", max_length=20, choices=Role)

    class Meta:
        verbose_name = "角色"
        ordering = ("user", "department", "role")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "department", "role"),
                name="role_assigned_once",
                violation_error_message="该用户在该单位已有此角色。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.department}"
