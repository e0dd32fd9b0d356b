"""工作日历: a year month by month; entering its 放假安排, or putting it right."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.decreed import YEARS
from cases.forms.base import attempt
from cases.forms.schedules import ScheduleForm
from cases.models import Case, ScheduleYear, User
from cases.models.calendar import decreed_between, load_calendar
from cases.permissions import Act, can_anywhere, can_at_top
from cases.schedules import read_lines, read_notice, schedule_of, span_of, with_doubts_of
from cases.views.base import draw_form, id_of, user_of
from cases.workflow import publish_schedule
from cases.workflow.schedules import Edition, check, outlook_of, version_of
from cases.yearcalendar import holidays_of, months_of

NOT_YOURS = "放假安排由系统管理员或最上级的政务公开主管录入。"
ASK_SURE = "请对照通知原文核对下面列出的各点，勾选后再保存。"
MOST_MOVES = 200  # listed; the rest is a number


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Every user counts by it, so every user may look at it."""
    user, on = user_of(request), timezone.localdate()
    year = _year(request, on)
    whole = load_calendar()
    published = {row.year: row for row in ScheduleYear.objects.all()}
    cases = Case.objects.visible_to(user).to_do().filter(provisional=True)
    context = {
        "year": year,
        "years": [(y, y in published) for y in _years(on)],
        "schedule": published.get(year),
        "months": months_of(year, whole, on=on),
        "holidays": holidays_of(year, decreed_between(*span_of(year))),
        "provisional": 0 if year in published else cases.filter(ends_on__year__gte=year).count(),
        "may_read": can_anywhere(user, Act.SEE_TABLE),
        "may_manage": can_at_top(user, Act.MANAGE_CALENDAR),
    }
    return render(request, "cases/calendar.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_enter(request: HttpRequest) -> HttpResponse:
    """Read, check, save: three buttons of one form; only the last one stores anything."""
    user, on = user_of(request), timezone.localdate()
    if request.method != "POST" and not can_at_top(user, Act.MANAGE_CALENDAR):
        raise PermissionDenied(NOT_YOURS)
    year = _year(request, on)
    version = version_of(year)
    opened = id_of(request.POST.get("version", ""))  # what the user saw, if it is still known
    corrects = (version if opened is None else opened) > 0
    handed_in = request.POST if request.method == "POST" else None
    form = ScheduleForm(handed_in, initial=_stored(year, version), year=year, corrects=corrects)
    context: dict[str, Any] = {"year": year, "corrects": corrects}
    if not can_at_top(user, Act.MANAGE_CALENDAR):
        form.refused = True
        form.add_error(None, NOT_YOURS)
    elif request.POST.get("do") == "read":
        context["read_doubts"] = form.read_pasted()
    elif form.is_valid():
        edition = _edition(form)
        try:
            check(edition, corrects=corrects)
        except ValidationError as error:
            form.take(error)
        else:
            if request.POST.get("do") == "save" and _published(request, form, edition, on):
                return redirect(f"{reverse('cases:calendar')}?year={year}")
            context |= _outlook_page(edition, form, user, on)
    return draw_form(request, "cases/calendar_enter.html", form, context)


def _year(request: HttpRequest, on: date) -> int:
    """The year asked for, this year if none; 404 for one that is not in the calendar."""
    asked = request.GET.get("year", "")
    year = id_of(asked) if asked else on.year
    if year is None or year not in _years(on):
        raise Http404
    return year


def _years(on: date) -> range:
    """From the first that the calendar knows to the next one, whose notice comes in November."""
    return range(YEARS[0], max(on.year + 1, YEARS[-1]) + 1)


def _stored(year: int, version: int) -> dict[str, Any]:
    """What the form starts with."""
    schedule = schedule_of(year, decreed_between(*span_of(year)))
    notice = ScheduleYear.objects.filter(year=year).values_list("notice", flat=True).first() or ""
    return {
        "version": version,
        "number": notice.partition("（")[2].removesuffix("）"),
        "off": schedule.lines(off=True),
        "worked": schedule.lines(off=False),
    }


def _edition(form: ScheduleForm) -> Edition:
    said = form.cleaned_data
    schedule = read_lines(said["off"], said["worked"], form.year)
    return Edition(
        schedule=with_doubts_of(read_notice(said["pasted"], form.year), schedule),
        number=said["number"],
        later=said.get("later", ""),
        reason=said.get("reason", ""),
    )


def _published(request: HttpRequest, form: ScheduleForm, edition: Edition, on: date) -> bool:
    """Whether it was stored; else the reason is on the form."""
    if edition.schedule.doubts and not form.cleaned_data["sure"]:
        form.add_error("sure", ASK_SURE)
        return False
    store = partial(
        publish_schedule,
        edition,
        by=user_of(request),
        today=on,
        version=form.cleaned_data["version"],
        seen=form.cleaned_data["seen"],
    )
    done = attempt(form, store, lambda: version_of(edition.year))
    if done is None:
        return False
    words = f"{len(done.moves)} 件申请的期限已随之调整" if done.moves else "没有期限因此变动"
    messages.success(request, f"{edition.year} 年放假安排已保存，{words}。")
    return True


def _outlook_page(edition: Edition, form: ScheduleForm, user: User, on: date) -> dict[str, Any]:
    """What would be stored, drawn, and the open cases whose day would move."""
    outlook = outlook_of(edition)
    form.put("seen", outlook.digest)
    visible = set(
        Case.objects.visible_to(user)
        .filter(pk__in=[move.case.pk for move in outlook.open_moves])
        .values_list("pk", flat=True)
    )
    listed = [move for move in outlook.open_moves if move.case.pk in visible]
    return {
        "outlook": outlook,
        "moves": listed[:MOST_MOVES],
        "unlisted": len(outlook.open_moves) - len(listed[:MOST_MOVES]),
        "doubts": edition.schedule.doubts,
        "holidays": holidays_of(edition.year, outlook.days),
        "months": months_of(edition.year, outlook.calendar, on=on),
    }
