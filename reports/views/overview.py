"""全局: the year so far of an organ or an area, and the cases behind each of its figures."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.lamps import lamp_key_for
from cases.listing import case_table
from cases.models import Department
from cases.models.calendar import load_calendar
from cases.permissions import Act, can
from cases.views.base import id_of, reader_of
from reports.counting import Period, Scope, size
from reports.forms import TO_DATE, YEAR, QuestionForm, period_of
from reports.overview import FIGURES, figure_cases, month_of, overview_of
from reports.views.overview_page import choices_of, glance_of, overview_url
from reports.workflow import Question

NOT_AN_OVERSEER = "您的角色不查看全局。需要查看的，请与系统管理员联系开通。"


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    overseen, form = _asked(request)
    context = {"department": form.department, "form": form, **choices_of(form, overseen)}
    if question := form.question:
        before = _same_days_before(question, form)
        found = overview_of(question, before, on=form.today)
        context |= glance_of(question, found, on=form.today)
    return render(request, "reports/overview.html", context)


@login_required
@require_safe
def overview_cases(request: HttpRequest) -> HttpResponse:
    """The cases behind one figure of the page, of the units or the month that are named."""
    _, form = _asked(request)
    question, figure = form.question, request.GET.get("figure", "")
    if question is None or figure not in FIGURES:
        raise Http404
    scope, period = question.counted, question.period
    words = [str(period), FIGURES[figure]]
    if month := request.GET.get("month", ""):
        period = _month(question, month, figure, on=form.today)
        words[0] = f"{period.first.year} 年 {period.first.month} 月"
    cases = figure_cases(scope, period, figure, on=form.today)
    where = f"{question.department}（{question.scope_label}）"
    if units := _units(request, scope):
        where = str(units[0]) if len(units) == 1 else f"{where}中的 {len(units)} 个单位"
        cases = cases.filter(department__in=units)
    user = reader_of(request)
    listed = cases.visible_to(user)
    table = case_table(listed, request, on=form.today, calendar=load_calendar())
    number = size(cases)
    context = {
        "title": f"{''.join(words)}：{number} 件",
        "where": where,
        "missing": number - size(listed),
        "table": table,
        "lamp_key": lamp_key_for(user),
        "back_url": overview_url(question),
    }
    return render(request, "reports/overview_cases.html", context)


def _asked(request: HttpRequest) -> tuple[list[Department], QuestionForm]:
    """What the user oversees, and which organ and year of it is asked for: the highest, this year.

    404 outside the user's scope; 403 where the user oversees nothing.
    """
    user, said = reader_of(request), request.GET
    visible = list(Department.objects.visible_to(user).order_by("path"))
    overseen = [department for department in visible if can(user, Act.OVERSEE, department)]
    named = said.get("department", "")
    among = overseen
    if named:
        pk = id_of(named)
        among = [department for department in overseen if department.pk == pk]
        if not any(department.pk == pk for department in visible):
            raise Http404
    if not among:
        raise PermissionDenied(NOT_AN_OVERSEER)
    data = {"year": said.get("year", ""), "scope": said.get("scope", ""), "period": YEAR}
    form = QuestionForm(data, department=among[0], today=timezone.localdate())
    form.is_valid()
    return overseen, form


def _same_days_before(question: Question, form: QuestionForm) -> Period:
    """The year before; of the year that runs, up to the same day."""
    year = question.period.first.year
    return period_of(TO_DATE if year == form.today.year else YEAR, year - 1, form.today)


def _units(request: HttpRequest, scope: Scope) -> list[Department]:
    """The units that are asked about: of the scope, or some that a unit of it has succeeded."""
    named = {id_of(pk) or 0 for pk in request.GET.getlist("unit") if pk}
    spoken_of = scope.organs.ids | {old for old, _, _ in scope.organs.moves}
    if not named <= spoken_of:
        raise Http404
    return list(Department.objects.filter(pk__in=named))


def _month(question: Question, month: str, figure: str, *, on: date) -> Period:
    """One that has begun; what is overdue is so today, in no month."""
    if month not in map(str, range(1, 13)) or figure == "overdue":
        raise Http404
    period = month_of(question.period.first.year, int(month))
    if period.first > on:
        raise Http404
    return period
