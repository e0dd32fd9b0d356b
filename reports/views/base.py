"""What the pages of a table share: who asks for which table, its jobs, its cells' addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cases.choices import DepartmentKind
from cases.models import Department, Job, User
from cases.permissions import Act, can
from cases.views.base import id_of, reader_of, user_of
from cases.workflow import NotAllowed
from reports.formats import NoFormat, format_for_year
from reports.formats.base import Format
from reports.forms import QuestionForm
from reports.workflow import Question

Said = Mapping[str, str]


def asked_department(request: HttpRequest, said: Said) -> Department:
    """The department whose table is asked for, the user's highest if none is named.

    404 outside the user's scope or for no number; 403 where the user may not see tables.
    """
    user = reader_of(request)
    visible = Department.objects.visible_to(user)
    if named := said.get("department", ""):
        found = get_object_or_404(visible, pk=id_of(named))
    elif (highest := visible.order_by("path").first()) is not None:
        found = highest
    else:
        raise Http404
    if not can(user, Act.SEE_TABLE, found):
        raise PermissionDenied(f"您没有查看{found}统计表的权限。")
    return found


def asked_government(request: HttpRequest, said: Said, act: Act) -> Department:
    """The government that is asked about, the user's highest to which `act` is theirs if none is
    named. 404 outside the user's scope; 403 where they may not."""
    visible = Department.objects.visible_to(reader_of(request)).order_by("path")
    governments = visible.filter(kind=DepartmentKind.GOVERNMENT)
    if named := said.get("department", ""):
        governments = governments.filter(pk=id_of(named) or 0)
    found = list(governments)
    if not found:
        raise Http404
    allowed = (government for government in found if can(user_of(request), act, government))
    if (government := next(allowed, None)) is None:
        raise PermissionDenied(f"您没有{found[0]}年度报告这一项的权限。")
    return government


def asked_year(said: Said, today: date) -> int:
    """The report year that is named, last year if none is; 404 for one that has no report."""
    if not (named := said.get("year", "")):
        return today.year - 1
    year = id_of(named) or 0
    try:
        format_for_year(year)
    except NoFormat as error:
        raise Http404 from error
    if year > today.year:
        raise Http404
    return year


def asked_cell(said: Said, fmt: Format) -> str:
    """The path of the cell that is named, "" if none is; 404 for one that the tables have not."""
    row, column = said.get("row", ""), said.get("column", "")
    if not (row or column):
        return ""
    in_four = row in {group.key for group in fmt.section_four.groups}
    path = f"section_{'four' if in_four else 'three'}.{row}.{column}"
    if path not in fmt.cells:
        raise Http404
    return path


def address_of(question: Question) -> dict[str, str]:
    """What names this table in an address."""
    period = question.period
    days = (
        {"year": str(period.first.year)}
        if period.is_year
        else {"from": str(period.first), "to": str(period.last)}
    )
    return {
        "department": str(question.department.pk),
        **days,
        "scope": question.scope,
        "format": question.format.version,
    }


def table_url(question: Question, path: str = "") -> str:
    """The page of the table; with the cases of the cell at `path` beside it."""
    return f"{reverse('reports:annual_table')}?{_with_cell(urlencode(address_of(question)), path)}"


def briefing_url(question: Question) -> str:
    """The page of the same question in brief."""
    return f"{reverse('reports:briefing')}?{urlencode(address_of(question))}"


def queue(
    request: HttpRequest,
    ask: Callable[[Question, User], Job],
    *,
    page: str,
    back: Callable[[Question], str],
) -> HttpResponse:
    """Have a job done about the question handed in, and go `back` to where how far it is is shown;
    to `page`, with what was typed, when there is no such question: it says why. 403 with the
    sentence of a `NotAllowed`.
    """
    department = asked_department(request, request.POST)
    form = QuestionForm(request.POST, department=department, today=timezone.localdate())
    question = form.question if form.is_valid() else None
    if question is None:
        typed = {name: said for name in form.fields if (said := request.POST.get(name))}
        return redirect(f"{reverse(page)}?{urlencode({'department': department.pk} | typed)}")
    try:
        ask(question, user_of(request))
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    return redirect(back(question))


def cell_urls(question: Question) -> Callable[[str], str]:
    """From a cell's path to the page of its cases; the table's own address is written once."""
    page, table = reverse("reports:cell"), urlencode(address_of(question))
    return lambda path: f"{page}?{_with_cell(table, path)}"


def hand_in_url(department: Department, year: int) -> str:
    """The page of what an organ that works elsewhere handed in."""
    return f"{reverse('reports:hand_in')}?{urlencode({'department': department.pk, 'year': year})}"


def _with_cell(table: str, path: str) -> str:
    if not path:
        return table
    _, row, column = path.split(".")
    return f"{table}&row={row}&column={column}"
