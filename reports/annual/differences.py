"""What a report says now against what it said before, and the cases that may be why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from django.db.models import Q

from cases.choices import EventKind
from cases.models import AuditEntry, Case, Event, Proceeding
from cases.proceeding_querysets import ProceedingQuerySet
from cases.querysets import CaseQuerySet
from reports.checks import Number
from reports.counting import Period, scope_of
from reports.formats.base import Tables
from reports.formats.content import Content, SectionTwoFigures, places
from reports.models import AnnualReport, PublishedTable

COUNTED_BY = ("received_on", "closed_on")
# What is recorded of days gone by, or takes a case out of the count, whenever it is recorded.
LOOKING_BACK = (EventKind.AMENDED, EventKind.VOIDED, EventKind.REVOKED, EventKind.CONFIRMED)

# What an amendment calls the days that say in which year a case counts.
DAYS = [str(field.verbose_name) for field in Case._meta.fields if field.name in COUNTED_BY]


class Difference(NamedTuple):
    path: str
    before: Number | None
    now: Number | None


def differences(before: Content, now: Content) -> list[Difference]:
    """Cell by cell, in the order of the report; both in one format."""
    pairs = (
        Difference(path, before.value(path), now.value(path))
        for path in (*places(now.format), *now.format.cells)
    )
    return [pair for pair in pairs if pair.before != pair.now]


def since_confirmed(report: AnnualReport, now: Content) -> list[Difference]:
    """Against what the organ stood by when it confirmed; nothing where it never has."""
    said: Mapping[str, Any] = report.confirmed
    if not said:
        return []
    before = replace(
        now,
        tables=Tables.from_json(report.format, said["tables"]),
        section_two=SectionTwoFigures.from_json(report.format, said["section_two"]),
    )
    return differences(before, now)


def cases_behind(row: PublishedTable) -> CaseQuerySet:
    """The cases of its scope and year that something was recorded on since it was published which
    can bear on the figures of that year: those amended, voided or registered after it, too.
    """
    period = Period.year(row.year)
    scope = scope_of(row.department, row.scope, period)
    recorded = Event.objects.filter(recorded_at__gt=row.at)
    within = recorded.filter(on__lte=period.last).values("case_id")
    back = recorded.filter(kind__in=LOOKING_BACK).values("case_id")
    in_year = Q(received_on__lte=period.last) & (Q(closed_on=None) | Q(closed_on__gte=period.first))
    # Moved out of the year since, a case itself no longer shows that it counted in it.
    moved = recorded.filter(kind=EventKind.AMENDED, data__changes__has_any_keys=DAYS)
    moved_out = Q(pk__in=moved.values("case_id"), created_at__lte=row.at)
    cases: CaseQuerySet = Case.objects.of_organs(scope.organs)
    return cases.filter(
        in_year & (Q(pk__in=within) | Q(pk__in=back) | Q(created_at__gt=row.at)) | moved_out
    )


def proceedings_behind(row: PublishedTable) -> ProceedingQuerySet:
    """The reviews and suits of its scope and year that were entered or changed since."""
    period = Period.year(row.year)
    scope = scope_of(row.department, row.scope, period)
    entries = AuditEntry.objects.filter(target="proceeding", at__gt=row.at)
    changed = {int(pk) for pk in entries.values_list("target_id", flat=True)}
    found = Proceeding.objects.of_organs(scope.organs).filter(pk__in=changed)
    return found.counted_in(period.first, period.last)
