"""The list of cases: saved views, filters, chips, table; whole, or as the parts htmx swaps."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cases.filters import CaseFilter
from cases.lamps import LAMP_KEY
from cases.listing import case_table
from cases.models import Case
from cases.models.calendar import load_calendar
from cases.overview import Counts, counts_of, years_of
from cases.permissions import Act, can_anywhere
from cases.states import State
from cases.views.base import reader_of
from cases.views.home import list_url

ORDER_NOTE = "到期日由近到远，已办结在后"


@login_required
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    user, on = reader_of(request), timezone.localdate()
    calendar = load_calendar()
    visible = Case.objects.visible_to(user)
    years = reversed(years_of(visible, on=on))
    found = CaseFilter(request.GET, visible, user=user, on=on, calendar=calendar, years=years)
    table = case_table(found.qs, request, on=on, calendar=calendar)
    counts = counts_of(visible, user=user, on=on, calendar=calendar)
    chips = found.chips()
    context = {
        "filter": found,
        "complaints": found.complaints(),
        "table": table,
        "lamp_key": LAMP_KEY,
        "counts": counts,
        "year": on.year,
        "views": saved_views(counts, request),
        "chosen_text": f"共 {table.paginator.count} 件",
        "chips": chips,
        "clear_url": list_url() if chips else "",
        "chosen_note": "" if table.order_by else ORDER_NOTE,
        "may_register": can_anywhere(user, Act.REGISTER),
    }
    return draw_list(request, "cases/list.html", "cases/_list_parts.html", context)


def draw_list(
    request: HttpRequest, page: str, fragment: str, context: dict[str, object]
) -> HttpResponse:
    """The same address gives the page, or what htmx puts in the place of #results."""
    htmx = request.htmx  # type: ignore[attr-defined]
    part = htmx and not htmx.history_restore_request
    response = render(request, fragment if part else page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@dataclass(frozen=True, slots=True)
class SavedView:
    label: str
    url: str
    count: int
    current: bool


def saved_views(counts: Counts, request: HttpRequest) -> list[SavedView]:
    """Lists by what to do next, each a condition of the filter by itself."""
    asked = {key: value for key, value in request.GET.items() if value and key not in _NO_CONDITION}
    states = counts.states
    rows: list[tuple[str, dict[str, str], int]] = [
        ("全部", {}, counts.live),
        ("我经办的", {"mine": "1"}, counts.mine),
        ("五日内到期", {"due": "5"}, counts.due_soon),
        ("逾期未办", {"due": "overdue"}, counts.overdue),
    ]
    rows[2:2] = [_of_state(state, states) for state in (State.UNCONFIRMED, State.UNASSIGNED)]
    rows += [
        _of_state(state, states)
        for state in (
            State.CORRECTION,
            State.CONSULTATION,
            State.FEE,
            State.UNSERVED,
            State.CLOSED,
        )
    ]
    return [
        SavedView(label, list_url(**conditions), count, asked == conditions)
        for label, conditions, count in rows
    ]


_NO_CONDITION = frozenset({"page", "per_page", "sort"})


def _of_state(state: State, states: dict[State, int]) -> tuple[str, dict[str, str], int]:
    return str(state.label), {"state": state.value}, states[state]
