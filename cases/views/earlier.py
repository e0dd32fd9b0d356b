"""上次怎么答的: earlier cases of the applicant or of nearly the same text; hints beside a case."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.charges import place_in_month
from cases.choices import ApplicantKind
from cases.hints import Earlier, Hint, earlier_cases, hints_of, lacking_words, year_before
from cases.lookups import registering_departments
from cases.models import Applicant, Case, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can_anywhere, can_on
from cases.personal import without_personal
from cases.presenting import outcome_words
from cases.views.base import PAGES, act_only, id_of, user_of, visible_case
from cases.workdays import Calendar
from cases.workflow import ACTS, Situation, clock_of

FRAGMENT = "cases/_earlier.html"
PAGE = "cases/earlier.html"


@login_required
@require_safe
def earlier_of(request: HttpRequest, pk: int) -> HttpResponse:
    """What was answered before to the applicant of a case, or on nearly the same text."""
    case, user = visible_case(request, pk), user_of(request)
    found = earlier_cases(
        case.department,
        user=user,
        on=timezone.localdate(),
        applicant=case.applicant,
        text=case.content,
        leave_out=case,
    )
    links = can_on(user, Act.LINK, case)
    back = reverse("cases:detail", args=[case.pk])
    return _draw(request, found, {"case": case if links else None, "back_url": back})


@login_required
@never_cache
@act_only
def earlier(request: HttpRequest) -> HttpResponse:
    """The same while an application is registered. Asked by POST, since what is typed holds
    personal data, which stand in no address; nothing is written."""
    user = user_of(request)
    if not can_anywhere(user, Act.REGISTER):
        raise PermissionDenied("您的角色不登记申请。")
    on, back = timezone.localdate(), {"back_url": reverse("cases:register")}
    department = registering_departments(user, on=on).filter(
        pk=id_of(request.POST.get("department", "")) or 0
    )
    organ, applicant = department.first(), _applicant_typed(request, user)
    if organ is None:
        return _draw(request, [], back)
    text = request.POST.get("content", "")
    found = earlier_cases(organ, user=user, on=on, applicant=applicant, text=text)
    draft = Case(
        department=organ,
        applicant=applicant or Applicant(),
        content=text,
        form_wanted=request.POST.get("form_wanted", ""),
        received_on=_day_typed(request, on),
    )
    calendar = load_calendar()
    clock = clock_of(draft, on=on, calendar=calendar, events=())
    place = place_in_month(draft) if applicant else None
    said = hints_of(draft, clock, found, place, calendar)
    typed = bool(applicant or text.strip())
    lacking = lacking_words(draft) if typed else ""
    return _draw(request, found, back | {"hints": [it.text for it in said], "lacking": lacking})


def _day_typed(request: HttpRequest, on: date) -> date | None:
    """The day of receipt, if it is one that could be registered."""
    try:
        day = parse_date(request.POST.get("received_on", ""))
    except ValueError:
        return None
    return day if day and year_before(on) <= day <= on else None


def _applicant_typed(request: HttpRequest, user: User) -> Applicant | None:
    """As far as typed; the one kept when an applicant applies once more; None for nobody."""
    kept = id_of(request.POST.get("like", ""))
    if kept:
        visible = Case.objects.visible_to(user).select_related("applicant")
        return get_object_or_404(visible, pk=kept).applicant
    names = ("name", "credit_code", "id_number", "phone", "address", "email")
    typed = {name: request.POST.get(name, "").strip() for name in names}
    kind = request.POST.get("kind", "") or ApplicantKind.NATURAL_PERSON
    return Applicant(kind=kind, **typed) if any(typed.values()) else None


def _draw(request: HttpRequest, found: list[Earlier], context: dict[str, Any]) -> HttpResponse:
    rows = [
        {
            "case": it.case,
            "why": it.why,
            "reasons": without_personal(it.case.reply_reasons),
            "outcome": outcome_words(it.case.outcome) if it.case.outcome else "",
            "url": reverse("cases:detail", args=[it.case.pk]),
        }
        for it in found
    ]
    template = FRAGMENT if request.htmx else PAGE  # type: ignore[attr-defined]
    return render(request, template, context | {"earlier": rows})


def hints_for(
    situation: Situation, user: User, calendar: Calendar, allowed: Collection[Act]
) -> list[dict[str, Any]]:
    """The hints of a case that is still to be answered, each with its links; none of any other."""
    case, clock = situation.case, situation.clock
    if case.stage not in ACTS[Act.REPLY].stages:
        return []
    found = earlier_cases(
        case.department,
        user=user,
        on=clock.on,
        applicant=case.applicant,
        text=case.content,
        leave_out=case,
    )
    said = hints_of(case, clock, found, place_in_month(case), calendar, situation.events)
    return [{"text": hint.text, "links": _links(hint, case, allowed)} for hint in said]


def _links(hint: Hint, case: Case, allowed: Collection[Act]) -> list[tuple[str, str]]:
    """The earlier cases, and the act where it has its place: label and address."""
    cases = [(it.number, reverse("cases:detail", args=[it.pk])) for it in hint.cases]
    acts = [act for act in allowed if act == hint.act]
    return [*cases, *((ACTS[act].label, reverse(PAGES[act], args=[case.pk])) for act in acts)]
