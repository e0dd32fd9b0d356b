"""Load the decreed days of 2004–2026 and mark these years' schedules as published."""

from dataclasses import asdict

from django.db import migrations

from cases.decreed import YEARS, decreed_days, notice_of_year


def load(apps, schema_editor):
    DecreedDay = apps.get_model("cases", "DecreedDay")
    ScheduleYear = apps.get_model("cases", "ScheduleYear")
    DecreedDay.objects.bulk_create(DecreedDay(**asdict(entry)) for entry in decreed_days())
    ScheduleYear.objects.bulk_create(
        ScheduleYear(year=year, notice=notice_of_year(year)) for year in YEARS
    )


def unload(apps, schema_editor):
    apps.get_model("cases", "DecreedDay").objects.filter(day__year__in=YEARS).delete()
    apps.get_model("cases", "ScheduleYear").objects.filter(year__in=YEARS).delete()


class Migration(migrations.Migration):
    dependencies = (("cases", "0001_initial"),)

    operations = (migrations.RunPython(load, unload),)
