"""What a user keeps for the list of cases: conditions under a name, and which columns to show."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.models.user import User


class SavedList(models.Model):
    """Conditions that a user has given a name; they belong to this user alone.

    `query` is the query string of the list as `cases.addresses` writes it. It holds no personal
    data: a telephone number stands in it as its keyed hash. Goes with its user, as roles do.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_lists", verbose_name="用户")
    name = models.CharField("清单名称", max_length=20)
    query = models.TextField("条件")

    class Meta:
        verbose_name = "清单"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "name"),
                name="saved_list_named_once",
                violation_error_message="您已有同名的清单，请换一个名称。",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(query=""),
                name="saved_list_has_name_and_conditions",
                violation_error_message="清单要有名称和条件。",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ChosenColumns(models.Model):
    """The columns a user wants in the list of cases, in order; none stored means the usual ones."""

    user = models.OneToOneField(
        User,
        models.CASCADE,
        primary_key=True,
        related_name="chosen_columns",
        verbose_name="用户",
    )
    names = models.JSONField("栏目", default=list)

    class Meta:
        verbose_name = "栏目"

    def __str__(self) -> str:
        return "、".join(self.names)
