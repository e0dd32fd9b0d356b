"""我的工作: what waits, what is most urgent, what comes, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.imports.showing import written_words
from cases.lamps import Lamp, lamp_of
from cases.listing import with_parties
from cases.lookups import ways_to_reply
from cases.models import Case, Deputy, Event, ImportedLedger, Proceeding, User
from cases.models.calendar import load_calendar
from cases.overview import (
    Counts,
    cases_with_late_sections,
    counts_of,
    counts_of_some,
    days_ahead,
    latest_news,
    most_urgent,
)
from cases.permissions import Act, can, can_anywhere, can_on, only_oversees
from cases.presenting import day_words, handler_words, long_day, short_weekday
from cases.proceeding_standing import Standing, owed_in
from cases.states import State
from cases.views.base import PAGES, user_of
from cases.views.tiles import list_url, tiles_of
from cases.workdays import Calendar
from cases.workflow import ACTS, clock_of

URGENT_ROWS = 9
OWED_ROWS = 5
NEWS = 7
HIGHEST_BAR = 8  # steps of the bars in static/css/overview.css


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page of who works cases; who only looks after them begins with the year."""
    user, on = user_of(request), timezone.localdate()
    if only_oversees(user):
        return redirect("reports:overview")
    if not can_anywhere(user, Act.SEE_TABLE):
        context = {"today_text": long_day(on), "administers": can_anywhere(user, Act.ADMINISTER)}
        return render(request, "cases/home_empty.html", context)
    calendar = load_calendar()
    cases = Case.objects.visible_to(user)
    counts = counts_of(cases, user=user, on=on, calendar=calendar)
    urgent = with_parties(most_urgent(cases, on=on))[:URGENT_ROWS]
    owed = owed_in(Proceeding.objects.visible_to(user), on=on, calendar=calendar)
    replying = ways_to_reply(urgent)
    context = {
        "today_text": long_day(on),
        "week_text": f"本周 {_workdays_of_week(on, calendar)} 个工作日",
        "counts": counts,
        "tiles": tiles_of(counts, counts_of_some(cases), owed, on=on, calendar=calendar),
        "urgent": [_urgent_row(case, user, on, calendar, replying) for case in urgent],
        "owed": [_owed_row(standing, user, on) for standing in owed[:OWED_ROWS]],
        "owed_more": len(owed) > OWED_ROWS,
        "ahead": _ahead(counts, on, calendar),
        "feed": [_news(item, user, on) for item in latest_news(user, NEWS)],
        "may_register": can_anywhere(user, Act.REGISTER),
        "stands_in": _stands_in(user, on),
        "late_sections": cases_with_late_sections(user, on),
    }
    return render(request, "cases/home.html", context)


def _stands_in(user: User, on: date) -> list[Deputy]:
    """Whose deputy the user is today, and until when."""
    if not user.stands_in_for:
        return []
    return list(user.deputyships.on(on).select_related("user"))


@dataclass(frozen=True, slots=True)
class UrgentRow:
    case: Case
    lamp: Lamp
    due: str
    weekday: str
    next_step: str
    next_url: str  # empty for who may not take the step
    note: str
    deputy: str  # for whom the user stands in; empty where the case is their own
    handler: str  # whom to ask, where the step is somebody else's


def _urgent_row(
    case: Case, user: User, on: date, calendar: Calendar, replying: Mapping[int, Act]
) -> UrgentRow:
    assert case.ends_on is not None  # most_urgent lists only those
    state = State.of(case, on)
    way = replying[case.pk]
    step, act = {
        State.UNASSIGNED: ("分派经办人", Act.ASSIGN),
        State.UNSERVED: ("登记送达", Act.SERVE),
    }.get(state, (str(ACTS[way].label), way))
    allowed = can_on(user, act, case)
    page = "cases:detail" if act == Act.SIGN else PAGES[act]  # whose step it is, the case says
    used = clock_of(case, on=on, calendar=calendar).used
    served = f"{case.closed_on:%m-%d} 已答复" if case.closed_on else ""
    return UrgentRow(
        case=case,
        lamp=lamp_of(case, on=on, calendar=calendar),
        due=day_words(case.ends_on, on),
        weekday=short_weekday(case.ends_on),
        next_step=step,
        next_url=reverse(page, args=[case.pk]) if allowed else "",
        note=served or f"第 {used} 个工作日",
        deputy=f"代{case.handler}" if case.handler_id in user.stands_in_for else "",
        handler="" if allowed else handler_words(case),
    )


def _owed_row(standing: Standing, user: User, on: date) -> dict[str, object]:
    proceeding, term = standing.proceeding, standing.latest
    may_record = can(user, Act.RECORD_PROCEEDING, proceeding.department)
    return {
        "standing": standing,
        "due": day_words(term.day if term else None, on),
        "url": reverse("cases:proceeding_amend", args=[proceeding.pk]) if may_record else "",
    }


def _ahead(counts: Counts, on: date, calendar: Calendar) -> list[dict[str, object]]:
    days = days_ahead(counts, on=on, calendar=calendar)
    most = max(day.count for day in days)
    rows = []
    for place, (day, count) in enumerate((d.day, d.count) for d in days):
        new_month = place > 0 and day.month != days[place - 1].day.month
        rows.append(
            {
                "url": list_url(day=day),
                "count": count,
                "level": count if most <= HIGHEST_BAR else -(-count * HIGHEST_BAR // most),
                "day": "今天" if day == on else short_weekday(day),
                "date": f"{day.month}/{day.day}" if new_month else str(day.day),
                "today": day == on,
            }
        )
    return rows


def _news(item: Event | ImportedLedger, user: User, on: date) -> dict[str, object]:
    at = item.recorded_at if isinstance(item, Event) else item.imported_at
    at = timezone.localtime(at)
    today = at.date() == on
    told = _told_of_case(item) if isinstance(item, Event) else _told_of_import(item, user)
    return told | {"when": f"{at:%H:%M}" if today else f"{at:%m-%d}", "new": today}


def _told_of_case(event: Event) -> dict[str, object]:
    return {
        "text": event.text or event.get_kind_display(),
        "url": reverse("cases:detail", args=[event.case_id]),
        "number": event.case.number,
    }


def _told_of_import(imported: ImportedLedger, user: User) -> dict[str, object]:
    upload = getattr(imported, "upload", None)  # none of what came in by command
    opens = upload and can(user, Act.IMPORT_LEDGER, upload.department)
    return {
        "text": f"{imported.imported_by or '系统'} 导入 {imported.file_name}，"
        f"{written_words(imported.summary)}",
        "url": reverse("cases:import", args=[upload.pk]) if upload and opens else "",
        "number": "台账导入",
    }


def _workdays_of_week(on: date, calendar: Calendar) -> int:
    """Working days of the calendar week of `on`, worked weekends included."""
    year, week, _ = on.isocalendar()
    days = (date.fromisocalendar(year, week, n) for n in range(1, 8))
    return sum(map(calendar.is_workday, days))
