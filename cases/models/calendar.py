"""The working calendar as it is stored and edited."""

from datetime import date

from django.db import models

from cases import workdays


class DecreedDay(models.Model):
    """A day that a notice of the State Council takes out of the plain week."""

    day = models.DateField("日期")
    off = models.BooleanField("放假", help_text="不勾选为调休上班。")
    name = models.CharField("节日", max_length=40)
    notice = models.CharField("依据", max_length=100)

    class Meta:
        verbose_name = "放假、调休日"
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(
                fields=("day",),
                name="decreed_day_once",
                violation_error_message="这一天已有放假或调休安排。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.name}{'放假' if self.off else '调休上班'}"


class ScheduleYear(models.Model):
    """A year whose schedule is published; dates that reach into any other are provisional."""

    year = models.PositiveSmallIntegerField("年份")
    notice = models.CharField("依据", max_length=100)
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)
    # Of the latest correction; what stood before is in the audit log.
    corrected_on = models.DateField("更正日期", null=True, blank=True)
    reason = models.CharField("更正原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "年度放假安排"
        ordering = ("year",)
        constraints = (
            models.UniqueConstraint(
                fields=("year",),
                name="schedule_year_once",
                violation_error_message="这一年的放假安排已经录入。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.year}年放假安排"


def decreed_between(first: date, last: date) -> list[workdays.DecreedDay]:
    """The stored days from `first` to `last`, in order."""
    rows = DecreedDay.objects.filter(day__range=(first, last)).order_by("day")
    return [workdays.DecreedDay(*row) for row in rows.values_list("day", "off", "name", "notice")]


def load_calendar() -> workdays.Calendar:
    """The stored calendar, in two queries; callers that fold many cases load it once."""
    days = DecreedDay.objects.values_list("day", "off", "name", "notice")
    years = ScheduleYear.objects.values_list("year", flat=True)
    return workdays.Calendar((workdays.DecreedDay(*row) for row in days), years)
