"""What every list of cases has in common: the rows fetched at once, the pages, the order.

The list of cases, the home page and the pages of other apps that show the cases behind a figure all
build their table here: `case_table(cases, request, on=…, calendar=…)` takes any case queryset that
is already narrowed to what the user may see, and `cases/_results.html` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, QueryDict
from django_tables2 import RequestConfig, Table

from cases.choices import CLOCK_FACTS
from cases.filters import CaseFilter
from cases.models import Applicant, Case, Event, User
from cases.overview import years_of
from cases.paging import BoundedPaginator
from cases.querysets import CaseQuerySet
from cases.tables import USUAL_COLUMNS, CaseTable
from cases.workdays import Calendar

PAGE_SIZES = (25, 50, 100)


def with_parties(cases: CaseQuerySet) -> CaseQuerySet:
    """All that a row names, in two statements however many rows; personal data stay encrypted."""
    facts = Prefetch("events", Event.objects.filter(kind__in=CLOCK_FACTS))
    return (
        cases.select_related(
            *("department__settings", "department__successor__settings"),
            *("drafting_department__successor", "applicant", "handler"),
        )
        .defer(*(f"applicant__{name}" for name in Applicant.PERSONAL))
        .prefetch_related(facts)
    )


def asked_cases(data: QueryDict, *, user: User, on: date, calendar: Calendar) -> CaseFilter:
    """Those of the cases `user` may see that meet the conditions in `data`."""
    visible = Case.objects.visible_to(user)
    years = reversed(years_of(user, on=on))
    return CaseFilter(data, visible, user=user, on=on, calendar=calendar, years=years)


def page_size(request: HttpRequest) -> int:
    """The size asked for, if it is one of those offered."""
    asked = request.GET.get("per_page", "")
    return int(asked) if asked in map(str, PAGE_SIZES) else PAGE_SIZES[0]


def arrange(
    table: Table,
    request: HttpRequest,
    whole: QuerySet,
    *,
    count: int | None = None,
    at_once: bool = False,
) -> None:
    """Sort `table` and cut it into pages as the address says; the last page for one too far.

    `whole` fetches the rows of the page with all that they show; see BoundedPaginator on the rest.
    """
    RequestConfig(request, paginate=False).configure(table)
    table.paginator = BoundedPaginator(
        table, page_size(request), whole, count=count, at_once=at_once
    )
    table.page = table.paginator.get_page(request.GET.get("page"))


def case_table(
    cases: CaseQuerySet,
    request: HttpRequest,
    *,
    on: date,
    calendar: Calendar,
    columns: Sequence[str] = USUAL_COLUMNS,
    count: int | None = None,
    at_once: bool = False,
    user: User | None = None,
) -> CaseTable:
    """The dense list of `cases`, sorted and cut into pages as the address says.

    Without a word on that they stay in the order they are given in, else in the usual one.
    `user` is who may assign cases in their rows.
    """
    rows = cases if cases.ordered else cases.most_pressing_first()
    whole = with_parties(Case.objects.all())
    if "proceedings" in columns:
        whole = whole.prefetch_related("proceedings")
    table = CaseTable(rows, on=on, calendar=calendar, columns=columns, user=user)
    arrange(table, request, whole, count=count, at_once=at_once)
    return table
