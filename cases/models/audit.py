"""Who did what, when and from where: a chain that cannot be cut unseen."""

from django.db import models

from cases.models.user import User


class AuditEntry(models.Model):
    """One act. `mac` covers the entry and the one before it, under a key outside the database.

    Holds no personal data. The database refuses UPDATE and DELETE (see cases.vendor).
    """

    append_only = True

    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人"
    )
    act = models.CharField("操作", max_length=60)
    target = models.CharField("对象", max_length=60)
    target_id = models.CharField(max_length=40, blank=True)
    target_name = models.CharField("名称", max_length=200, blank=True)
    before = models.JSONField("之前", default=dict, blank=True)
    after = models.JSONField("之后", default=dict, blank=True)
    address = models.CharField("来源地址", max_length=60, blank=True)
    previous_mac = models.CharField(max_length=64, blank=True, unique=True)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = "操作记录"
        ordering = ("id",)
        indexes = (models.Index(fields=("target", "target_id"), name="audit_of_target"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.target_name}"
