"""周一单: the week's work of the user's scope on one A4 page, to print and to tick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.choices import Stage
from cases.lamps import Lamp, lamp_of
from cases.models import Case, Proceeding
from cases.models.calendar import load_calendar
from cases.monday import LINES, MOST_OWED, Section, sections_of
from cases.presenting import day_words, long_day
from cases.proceeding_standing import Standing, owed_in
from cases.states import is_stopped
from cases.views.base import reader_of
from cases.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Line:
    case: Case
    lamp: Lamp
    due: str  # the day, and whether it is a term of waiting or provisional


@login_required
@require_safe
def monday(request: HttpRequest) -> HttpResponse:
    """All that the user may see, or with ?mine=1 only what they handle."""
    user, on = reader_of(request), timezone.localdate()
    cases, proceedings = Case.objects.visible_to(user), Proceeding.objects.visible_to(user)
    mine, calendar = request.GET.get("mine") == "1", load_calendar()
    if mine:
        cases = cases.handled_by(user)
        proceedings = proceedings.filter(case__in=cases)
    owed = owed_in(proceedings, on=on, calendar=calendar)
    listed = owed[:MOST_OWED]
    sections = sections_of(cases, on=on, lines=LINES - len(listed) - bool(listed))
    total = len(owed) + sum(section.count for section in sections)
    left_out = len(owed) - len(listed)
    left_out_in_all = left_out + sum(section.left_out for section in sections)
    context = {
        "today_text": long_day(on),
        "mine": mine,
        "sections": [(section, _lines(section, on, calendar)) for section in sections],
        "owed": [(standing, _owed_due(standing, on)) for standing in listed],
        "owed_count": len(owed),
        "owed_left_out": left_out,
        "total": total,
        "listed": total - left_out_in_all,
        "left_out": left_out_in_all,
    }
    return render(request, "cases/monday.html", context)


def _lines(section: Section, on: date, calendar: Calendar) -> list[Line]:
    return [
        Line(case, lamp_of(case, on=on, calendar=calendar), _due(case, on))
        for case in section.cases
    ]


def _due(case: Case, on: date) -> str:
    if case.stage == Stage.CLOSED:  # its new reply is to be served
        return _short(case.again_until, on)
    if case.stage == Stage.UNCONFIRMED:
        return f"{_short(case.arrived_on, on)} 到件"
    if case.stage == Stage.OPEN and is_stopped(case, on):
        return f"{_short(case.waiting_until, on)} 期满" if case.waiting_until else "没有期限"
    return _short(case.ends_on, on) + " 暂定" * case.provisional


def _owed_due(standing: Standing, on: date) -> str:
    term = standing.latest
    return _short(term.day, on) + " 暂定" * term.provisional if term else "—"


def _short(day: date | None, on: date) -> str:
    """A day to come needs no year on this week's sheet."""
    return f"{day:%m-%d}" if day and day >= on else day_words(day, on)
