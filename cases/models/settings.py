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


class OfficeContact(models.Model):
    """Where a department's disclosure office is reached, and how fees are paid to it (条例12, 42).

    Letters say it, and the annual report in its opening. Written by `cases.letters.setup` alone.
    """

    department = models.OneToOneField(
        Department,
        models.PROTECT,
        primary_key=True,
        related_name="contact",
        verbose_name="单位",
    )
    office = models.CharField("联系部门", max_length=60)
    address = models.CharField("通信地址", max_length=200)
    postcode = models.CharField("邮政编码", max_length=6, blank=True)
    telephone = models.CharField("联系电话", max_length=60)
    email = models.EmailField("电子邮箱", max_length=100, blank=True)
    pay_how = models.CharField("缴费方式", max_length=300, blank=True)

    class Meta:
        verbose_name = "联系方式"

    def __str__(self) -> str:
        """As a letter says it."""
        said = (self.address, self.postcode, self.telephone, self.email)
        named = zip(("地址", "邮政编码", "电话", "电子邮箱"), said, strict=True)
        return "，".join([self.office, *(f"{name}：{text}" for name, text in named if text)])
