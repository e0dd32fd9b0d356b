"""上次怎么答的: earlier cases of the applicant or of nearly the same text; hints beside a case."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.choices import ApplicantKind
from cases.clock import Clock
from cases.hints import Earlier, earlier_cases, hints_of, pieces_in_month
from cases.lookups import registering_departments
from cases.models import Applicant, Case, User
from cases.permissions import Act, can, can_anywhere
from cases.presenting import outcome_words
from cases.views.base import act_only, id_of, user_of, visible_case
from cases.workdays import Calendar
from cases.workflow import ACTS

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
    links = can(user, Act.LINK, case.department)
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
    on = timezone.localdate()
    department = registering_departments(user, on=on).filter(
        pk=id_of(request.POST.get("department", "")) or 0
    )
    organ = department.first()
    found = (
        earlier_cases(
            organ,
            user=user,
            on=on,
            applicant=_applicant_typed(request, user),
            text=request.POST.get("content", ""),
        )
        if organ
        else []
    )
    return _draw(request, found, {"back_url": reverse("cases:register")})


def _applicant_typed(request: HttpRequest, user: User) -> Applicant | None:
    """As far as typed; the one kept when an applicant applies once more; None for nobody."""
    kept = id_of(request.POST.get("like", ""))
    if kept:
        visible = Case.objects.visible_to(user).select_related("applicant")
        return get_object_or_404(visible, pk=kept).applicant
    names = ("name", "credit_code", "id_number", "phone")
    typed = {name: request.POST.get(name, "").strip() for name in names}
    kind = request.POST.get("kind", "") or ApplicantKind.NATURAL_PERSON
    return Applicant(kind=kind, **typed) if any(typed.values()) else None


def _draw(request: HttpRequest, found: list[Earlier], context: dict[str, Any]) -> HttpResponse:
    rows = [
        {
            "case": it.case,
            "why": it.why,
            "outcome": outcome_words(it.case.outcome) if it.case.outcome else "",
            "url": reverse("cases:detail", args=[it.case.pk]),
        }
        for it in found
    ]
    template = FRAGMENT if request.htmx else PAGE  # type: ignore[attr-defined]
    return render(request, template, context | {"earlier": rows})


def hints_for(case: Case, clock: Clock, user: User, calendar: Calendar) -> list[str]:
    """The hints of a case that is still to be answered; none of any other."""
    if ACTS[Act.REPLY].stages.isdisjoint({case.stage}):
        return []
    found = earlier_cases(
        case.department,
        user=user,
        on=clock.on,
        applicant=case.applicant,
        text=case.content,
        leave_out=case,
    )
    return hints_of(case, clock, found, pieces_in_month(case, user), calendar)
