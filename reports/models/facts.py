"""指标填报: the figures that section one tells in prose, kept year by year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.models import Department, User


class FactKind(models.Model):
    """A figure that an organ asks for, of itself and of all below it."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="fact_kinds", verbose_name="设置单位"
    )
    key = models.SlugField("代码", max_length=40, blank=True)  # of those that sentences know
    label = models.CharField("指标", max_length=60)
    unit = models.CharField("单位", max_length=10)
    place = models.PositiveSmallIntegerField("次序", default=0)
    is_summed = models.BooleanField("汇总时相加", default=True)
    retired_year = models.PositiveSmallIntegerField("停用年度", null=True, blank=True)

    class Meta:
        verbose_name = "指标"
        ordering = ("department__path", "place", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("department", "label"),
                name="fact_kind_once",
                violation_error_message="已有同名的指标。",
            ),
            models.UniqueConstraint(
                fields=("department", "key"), condition=~Q(key=""), name="fact_key_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.label}（{self.unit}）"


class YearFact(models.Model):
    """What an organ told of one figure and year; absent where it told nothing, which is not 0."""

    kind = models.ForeignKey(FactKind, models.PROTECT, related_name="facts")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="year_facts", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("年度")
    figure = models.PositiveBigIntegerField("数量")
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="填报人")
    at = models.DateTimeField("填报时间", auto_now=True)

    class Meta:
        verbose_name = "年度指标"
        constraints = (
            models.UniqueConstraint(fields=("kind", "department", "year"), name="year_fact_once"),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.year} {self.kind.label} {self.figure}"
