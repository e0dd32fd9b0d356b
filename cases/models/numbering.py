"""The last number given in a department and year."""

from django.db import models

from cases.models.department import Department


class NumberCounter(models.Model):
    """One row a department and year, locked while a number is taken from it."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("department", "year"), name="counter_once_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.department} {self.year}: {self.last}"
