"""What a department may set for itself."""

from django.db import models
from django.db.models import F, Q

from cases.models.department import Department

LONGEST_LAMP = 20  # working days: the answer term (条例第三十三条), beyond which no lamp looks


class DepartmentSettings(models.Model):
    """From how many working days left a lamp of this department's cases is green, and amber.

    Written by `cases.workflow.department` alone. Without a row those of `lamps.USUAL` hold.
    """

    department = models.OneToOneField(
        Department,
        models.CASCADE,
        primary_key=True,
        related_name="settings",
        verbose_name="单位",
    )
    green_from = models.PositiveSmallIntegerField("绿灯起")
    amber_from = models.PositiveSmallIntegerField("黄灯起")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "单位设置"
        constraints = (
            models.CheckConstraint(
                condition=Q(amber_from__gte=1, amber_from__lt=F("green_from")),
                name="settings_amber_below_green",
                violation_error_message="黄灯起的天数至少为 1，并且少于绿灯起的天数。",
            ),
            models.CheckConstraint(
                condition=Q(green_from__lte=LONGEST_LAMP),
                name="settings_green_within_the_term",
                violation_error_message=f"绿灯起的天数至多 {LONGEST_LAMP} 个工作日。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.department}：绿灯 {self.green_from} 日起，黄灯 {self.amber_from} 日起"
