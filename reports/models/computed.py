"""Computed tables: what a job counted, kept until it is counted again."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cases.models import Department, Job
from reports.choices import SCOPES
from reports.formats import FORMATS


class ComputedTable(models.Model):
    """Sections three and four of a scope and period, as at `computed_at`; checks follow from them.

    A cache and nothing more: `reports.tasks.compute_table` writes it and writes it anew; the cases
    stay the truth, and every cell opens them live.
    """

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="computed_tables", verbose_name="单位"
    )
    scope = models.CharField("范围", max_length=10, choices=list(SCOPES.items()))
    from_on = models.DateField("起")
    to_on = models.DateField("止")
    format = models.CharField(
        "格式", max_length=10, choices=[(version, version) for version in FORMATS]
    )
    figures = models.JSONField("数据")  # Tables.to_json()
    volumes = models.JSONField("各单位件数")  # [department id, new, carried over] each
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = "统计表"
        constraints = (
            models.UniqueConstraint(
                fields=("department", "scope", "from_on", "to_on", "format"),
                name="computed_table_once",
            ),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")), name="computed_table_period_runs_forward"
            ),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.from_on} 至 {self.to_on}（{self.format}）"
