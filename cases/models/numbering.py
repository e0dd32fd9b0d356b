"""The last number given in a department's series and year."""

from django.db import models

from cases.models.department import Department


class Series(models.TextChoices):
    """What is numbered."""

    CASES = "cases", "申请编号"
    LETTERS = "letters", "文号"


class NumberCounter(models.Model):
    """One row a department, series and year, locked while a number is taken from it."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    series = models.CharField(max_length=20, choices=Series, default=Series.CASES)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("department", "series", "year"), name="counter_once_a_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.year}: {self.last}"
