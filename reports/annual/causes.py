"""Why what was published is not what the facts say now.

A published report never changes. Facts of its year may: a case found in a drawer, a reply dated
wrongly. Each such act gave its reason (`cases.workflow.sealing`); the page shows both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Department, LateChange, Proceeding
from cases.year_places import CARRIED_FORWARD, CARRIED_OVER, NEW
from reports.counting import Period, scope_of
from reports.formats.base import (
    APPLICANT_COLUMNS,
    PROCEEDING_GROUPS,
    RESULT_COLUMNS,
    Column,
    Format,
)
from reports.models import PublishedTable

_RECEIPTS = {NEW: "新收", CARRIED_OVER: "上年结转"}


@dataclass(frozen=True, slots=True)
class Cause:
    """A case, review or suit that counts otherwise than when the report was published."""

    record: Case | Proceeding
    organ: Department
    before: str  # "不计入", "计入新收、结转下年度（自然人）"
    after: str
    reasons: tuple[str, ...]  # one for each act, with its day and who did it

    @property
    def url(self) -> str:
        """The page of the case, also of one that a review or suit is about; "" for none."""
        case = self.record if isinstance(self.record, Case) else self.record.case
        return reverse("cases:detail", args=[case.pk]) if case else ""

    @property
    def sentence(self) -> str:
        return f"公布时{self.before}，现在{self.after}。{'；'.join(self.reasons)}"


def causes(published: PublishedTable) -> list[Cause]:
    """Those that stand otherwise in that year since it was published; what was put back is none.

    Of a roll-up, those of all organs that are part of it and have published their own.
    """
    period = Period.year(published.year)
    organs = scope_of(published.department, published.scope, period).organs.ids
    changes = LateChange.objects.filter(
        sealed_year__department__in=organs,
        sealed_year__year=published.year,
        at__gt=published.at,
    ).select_related("sealed_year__department", "case__department", "proceeding__department", "by")
    courses: dict[tuple[int, int | None, int | None], list[LateChange]] = {}
    for change in changes.order_by("id"):
        key = change.sealed_year_id, change.case_id, change.proceeding_id
        courses.setdefault(key, []).append(change)
    fmt = published.content.format
    return [
        _cause(course, fmt) for course in courses.values() if course[0].before != course[-1].after
    ]


def _cause(course: list[LateChange], fmt: Format) -> Cause:
    first, last = course[0], course[-1]
    record = first.case or first.proceeding
    assert record is not None  # the database asks for one of the two
    reasons = tuple(_reason(change) for change in course)
    organ = first.sealed_year.department
    return Cause(record, organ, _words(first.before, fmt), _words(last.after, fmt), reasons)


def _reason(change: LateChange) -> str:
    day = timezone.localtime(change.at).date()
    return f"{day} {change.by or '系统'}：{change.reason}"


def _words(place: list[str], fmt: Format) -> str:
    """A stored `Place` for people."""
    if not place:
        return "不计入"
    receipt, column, row = place
    if not receipt:
        kind, result = _label(PROCEEDING_GROUPS, column), _label(RESULT_COLUMNS, row)
        return f"计入{kind}的“{result}”"
    three = fmt.section_three
    name = "结转下年度" if row == CARRIED_FORWARD else three.place(row) + three.row(row).name
    return f"计入{_RECEIPTS[receipt]}、{name}（{_label(APPLICANT_COLUMNS, column)}）"


def _label(columns: Iterable[Column], key: str) -> str:
    return next(column.label for column in columns if column.key == key)
