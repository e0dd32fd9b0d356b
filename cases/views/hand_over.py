"""批量移交: many cases to another handler, all or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from cases import workflow
from cases.addresses import address, conditions_of, list_address
from cases.forms.base import attempt
from cases.forms.people import HandOverForm
from cases.lamps import Lamp, lamp_of
from cases.listing import asked_cases, with_parties
from cases.lookups import handlers_of
from cases.models import Case, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can_anywhere, can_on
from cases.presenting import day_words, handler_words, state_words
from cases.querysets import CaseQuerySet
from cases.views.acting import form_methods
from cases.views.base import draw_form, reader_of
from cases.workdays import Calendar
from cases.workflow.assign import MOST_AT_ONCE


@dataclass(frozen=True, slots=True)
class Row:
    case: Case
    lamp: Lamp
    due: str
    state: str
    handler: str
    ticked: bool


@login_required
@form_methods
def hand_over(request: HttpRequest) -> HttpResponse:
    """The cases of the list with the conditions of the address, or of one handler among them."""
    user, on = reader_of(request), timezone.localdate()
    if not can_anywhere(user, Act.ASSIGN):
        raise PermissionDenied("您的角色不移交申请件。")
    form = HandOverForm(request.POST or None, user=user)
    if form.is_valid():
        chosen, to = form.cleaned_data["cases"], form.cleaned_data["to"]
        _refuse_unseen(user, [pk for pk, _ in chosen])
        done = attempt(
            form,
            lambda: workflow.hand_over(
                chosen, by=user, today=on, to=to, reason=form.cleaned_data["reason"]
            ),
        )
        if done:
            messages.success(request, f"已将 {len(done)} 件移交给{to}，每件都记入了办理经过。")
            return redirect(list_address({"handler": str(to.pk)}))
    conditions, calendar = conditions_of(request.GET), load_calendar()
    found = asked_cases(request.GET, user=user, on=on, calendar=calendar)
    cases = _to_hand_over(found.qs, user) if conditions else []
    ticked = form.ticked() if form.is_bound else {case.pk for case in cases}
    context = {
        "conditions": found,
        "asked": bool(conditions),
        "handlers": [
            (handler, str(handler.pk) == conditions.get("handler"))
            for handler in handlers_of(Case.objects.visible_to(user))
        ],
        "rows": [_row(case, case.pk in ticked, on, calendar) for case in cases[:MOST_AT_ONCE]],
        "most": MOST_AT_ONCE if len(cases) > MOST_AT_ONCE else 0,
        "form_action": address("cases:hand_over", conditions),
        "back_url": list_address(conditions),
    }
    return draw_form(request, "cases/hand_over.html", form, context)


def _to_hand_over(cases: CaseQuerySet, user: User) -> list[Case]:
    """Those still to do that `user` may assign, the most pressing first; one more than fit."""
    to_do = with_parties(cases.in_hand().most_pressing_first())
    return [case for case in to_do[: MOST_AT_ONCE + 1] if can_on(user, Act.ASSIGN, case)]


def _refuse_unseen(user: User, keys: list[int]) -> None:
    """404 for a case out of scope, as on its own page."""
    if Case.objects.visible_to(user).filter(pk__in=keys).count() < len(set(keys)):
        raise Http404


def _row(case: Case, ticked: bool, on: date, calendar: Calendar) -> Row:
    return Row(
        case=case,
        lamp=lamp_of(case, on=on, calendar=calendar),
        due=day_words(case.ends_on, on),
        state=state_words(case, on),
        handler=handler_words(case),
        ticked=ticked,
    )
