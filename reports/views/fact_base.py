"""What the pages of 指标填报 share: whose figures are asked for, of which year."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from cases.models import Department
from cases.permissions import Act, can
from cases.views.base import reader_of
from reports.formats import FORMATS

FIRST_YEAR = min(fmt.first_year for fmt in FORMATS.values())


def asked_organ(request: HttpRequest, pk: int | None) -> Department:
    """404 outside the user's scope; 403 for who sees no tables."""
    user = reader_of(request)
    visible = Department.objects.visible_to(user).select_related("parent")
    organ = get_object_or_404(visible, pk=pk)
    if not can(user, Act.SEE_TABLE, organ):
        raise PermissionDenied(f"您没有查看{organ}指标的权限。")
    return organ


def check_year(year: int) -> int:
    """404 for one that no report is made of, or that is to come."""
    if year not in report_years():
        raise Http404
    return year


def report_years() -> range:
    return range(FIRST_YEAR, timezone.localdate().year + 1)


def years_near(year: int) -> list[int]:
    """The year, the one before and the one after, as far as there are such."""
    return [each for each in (year - 1, year, year + 1) if each in report_years()]


def facts_url(department: Department, year: int) -> str:
    return reverse("reports:facts", kwargs={"department": department.pk, "year": year})


def board_url(
    department: Department, year: int, scope: str = "", *, page: str = "fact_board"
) -> str:
    """The usual scope, if none is named."""
    asked: list[tuple[str, str | int]] = [("department", department.pk), ("year", year)]
    if scope:
        asked.append(("scope", scope))
    return f"{reverse(f'reports:{page}')}?{urlencode(asked)}"


def kinds_url(department: Department) -> str:
    return f"{reverse('reports:fact_kinds')}?{urlencode({'department': department.pk})}"
