"""What the pages of an annual report share: whose report is asked for, its revisions, its forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from cases.forms.base import ActForm, attempt
from cases.models import Department
from cases.permissions import Act, can
from cases.views.base import draw_form, id_of, reader_of, user_of
from cases.workflow import NotAllowed
from reports import annual
from reports.choices import ALL, HOME, OWN
from reports.counting import scope_labels
from reports.formats import NoFormat, format_for_year
from reports.formats.base import Format
from reports.models import AnnualReport, PublishedTable

Context = dict[str, Any]


@dataclass(frozen=True)  # without slots, for the revisions that are read once
class Place:
    """Whose report, of which year and scope; there may be none yet."""

    department: Department
    year: int
    scope: str

    def url(self, name: str = "report", *, query: Context | None = None, **more: object) -> str:
        kwargs = {"department": self.department.pk, "year": self.year, "scope": self.scope}
        page = reverse(f"reports:{name}", kwargs=kwargs | more)
        return f"{page}?{urlencode(query)}" if query else page

    @cached_property
    def revisions(self) -> list[AnnualReport]:
        """The latest first."""
        rows = AnnualReport.objects.filter(
            department=self.department, year=self.year, scope=self.scope
        )
        return list(rows.select_related("department__parent").order_by("-revision"))

    @property
    def format(self) -> Format:
        return format_for_year(self.year)

    @property
    def published(self) -> PublishedTable | None:
        return annual.published(self.department, self.scope, self.year)

    @property
    def name(self) -> str:
        """区住建局; 秀洲区（区本级）."""
        if self.scope == OWN:
            return str(self.department)
        return f"{self.department}（{scope_labels(self.department)[self.scope]}）"

    def __str__(self) -> str:
        gap = "" if self.name.endswith("）") else " "
        return f"{self.name}{gap}{self.year} 年度报告"


def scopes_of(department: Department) -> tuple[str, ...]:
    """The reports that an organ makes: of itself; a government of all that belongs to it."""
    return (OWN,) if department.holds_cases else (ALL, HOME)


def asked_place(request: HttpRequest, department: int, year: int, scope: str) -> Place:
    """404 outside the user's scope and for no such report; 403 for who sees no tables."""
    user = reader_of(request)
    visible = Department.objects.visible_to(user).select_related("parent")
    organ = get_object_or_404(visible, pk=department)
    if not can(user, Act.SEE_TABLE, organ):
        raise PermissionDenied(f"您没有查看{organ}年度报告的权限。")
    try:
        format_for_year(year)
    except NoFormat as error:
        raise Http404 from error
    if scope not in scopes_of(organ) or year > timezone.localdate().year:
        raise Http404
    return Place(organ, year, scope)


def asked_report(request: HttpRequest, place: Place) -> AnnualReport:
    """The revision that the address names, else the latest; 404 where there is none."""
    named = request.GET.get("revision", "")
    number = id_of(named)
    found = [row for row in place.revisions if not named or row.revision == number]
    if not found:
        raise Http404
    return found[0]


def latest_report(request: HttpRequest, department: int, year: int, scope: str) -> AnnualReport:
    """The revision that is worked on; 404 where there is none."""
    place = asked_place(request, department, year, scope)
    if not place.revisions:
        raise Http404
    return place.revisions[0]


def place_of(report: AnnualReport) -> Place:
    return Place(report.department, report.year, report.scope)


def writable(request: HttpRequest, report: AnnualReport) -> HttpResponse | None:
    """403 for who does not write it; back to it, and why, where nothing can be changed now.

    A form that is handed in is judged by the act, so that what was typed is kept.
    """
    if request.method == "POST":
        return None
    user = user_of(request)
    try:
        annual.check_write(report, user)
    except NotAllowed as refusal:
        if not annual.may_write(user, report):
            raise PermissionDenied(str(refusal)) from refusal
        messages.warning(request, str(refusal))
        return redirect(place_of(report).url())
    return None


def act_on(
    request: HttpRequest,
    report: AnnualReport,
    form: ActForm,
    do: Callable[..., object],
    *,
    said: str,
    template: str = "reports/report_act.html",
    back: str = "",
    **context: Any,
) -> HttpResponse:
    """The page of an act on `report`: what the form says goes to `do` by name, then back to it."""
    back = back or place_of(report).url()
    if form.is_valid():
        carry_out = partial(do, by=user_of(request), **form.cleaned_data)
        if attempt(form, carry_out, latest_version(report)) is not None:
            messages.success(request, said)
            return redirect(back)
    about = {"report": report, "place": place_of(report), "cancel_url": back}
    return draw_form(request, template, form, about | context)


def latest_version(report: AnnualReport) -> Callable[[], int]:
    return lambda: AnnualReport.objects.values_list("version", flat=True).get(pk=report.pk)
