"""The list of cases: saved views, filters, chips, table; whole, or as the parts htmx swaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from cases.addresses import (
    address,
    arrangement_of,
    conditions_of,
    list_address,
    with_number_hashed,
)
from cases.choices import RoundState
from cases.filters import ROUNDS_SHOWN, CaseFilter, Conditions
from cases.lamps import lamp_key_for
from cases.listing import asked_cases, case_table
from cases.models import Case, User
from cases.models.calendar import load_calendar
from cases.overview import LISTS_OF_SOME, Counts, counts_of
from cases.permissions import Act, can_anywhere
from cases.saved_lists import columns_of
from cases.searching import EVERYWHERE, MOST_SEARCHED
from cases.states import State
from cases.tables import CaseTable
from cases.views.base import reader_of

ORDER_NOTE = "到期日由近到远，已办结在后"


@login_required
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    user, on = reader_of(request), timezone.localdate()
    asked, arrangement = conditions_of(request.GET), arrangement_of(request.GET)
    conditions = with_number_hashed(asked, user)
    if conditions != asked:  # the number leaves the address
        return redirect(list_address(conditions, arrangement))
    calendar, visible = load_calendar(), Case.objects.visible_to(user)
    counts = counts_of(visible, user=user, on=on, calendar=calendar)
    found = asked_cases(request.GET, user=user, on=on, calendar=calendar)
    table = case_table(
        found.qs,
        request,
        on=on,
        calendar=calendar,
        columns=columns_of(user),
        count=None if conditions else counts.live,
        at_once="q" in conditions,
        user=user,
    )
    in_part, may_register = found.searched_in_part, can_anywhere(user, Act.REGISTER)
    context = {
        "filter": found,
        "kept": kept_unseen(found, arrangement),
        "complaints": found.complaints(),
        "table": table,
        "lamp_key": lamp_key_for(user),
        "counts": counts,
        "year": on.year,
        "views": saved_views(counts, conditions),
        "own_views": own_views(user, conditions),
        "searched_in_part": _search_note(conditions, arrangement) if in_part else None,
        "export_text": table.paginator.count_text if table.paginator.count else "",
        "export_url": address("cases:export", conditions),
        "may_register": may_register,
        "may_import": can_anywhere(user, Act.IMPORT_LEDGER),
        **_chosen(found, table, arrangement, user),
        **_empty_words(conditions if found.chips() else {}, may_register=may_register),
    }
    return draw_list(request, "cases/list.html", "cases/_list_parts.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """From the conditions of the form to the address of their list.

    The form is handed in by POST, so that what is searched for stands in no address before it is
    known whether it is a telephone number. Nothing is written.
    """
    user = reader_of(request)
    data = request.POST if request.method == "POST" else request.GET
    conditions = with_number_hashed(conditions_of(data), user)
    return redirect(list_address(conditions, arrangement_of(data)))


def kept_unseen(found: Conditions, arrangement: dict[str, str]) -> dict[str, str]:
    """What the form carries on unseen: conditions that have no field, and the order."""
    hidden = {field.name: field.value() for field in found.form.hidden_fields()}
    return {name: value for name, value in hidden.items() if value} | arrangement


def _chosen(
    found: CaseFilter, table: CaseTable, arrangement: dict[str, str], user: User
) -> dict[str, Any]:
    """How many there are, by which conditions, and what can be done with them all."""
    chips, conditions = found.chips(), conditions_of(found.data)
    links = [("保存为清单", "cases:saved_list_new")] * bool(chips) + [("选择栏目", "cases:columns")]
    links += [("移交", "cases:hand_over")] * can_anywhere(user, Act.ASSIGN)
    return {
        "chosen_text": f"共 {table.paginator.count_text}",
        "chips": chips,
        "clear_url": list_address() if chips else "",
        "chosen_note": "" if table.order_by else ORDER_NOTE,
        "chosen_links": [(label, address(page, conditions, arrangement)) for label, page in links],
    }


def _empty_words(conditions: dict[str, str], *, may_register: bool) -> dict[str, str]:
    """What to do where the list holds nothing, as templates/components/_empty.html says it."""
    clear = {"empty_url": list_address(), "empty_action": "清除条件"}
    if conditions.keys() == {"phone"}:
        return {
            "empty_help": "没有找到这个号码。请输入完整的号码，或改用姓名查找；"
            "一栏里登记了几个号码的，要照原样整栏输入。",
            **clear,
        }
    if "q" in conditions:
        return {
            "empty_help": "用空格隔开的每个词都要找到。请减少词数、换一种写法，或去掉其他条件。",
            **clear,
        }
    if conditions:
        return {"empty_help": "在上面逐个去掉条件，或清除全部条件再看。", **clear}
    if may_register:
        return {
            "empty_help": "收到第一件申请后在这里登记，期限从收到次日起自动计算。",
            "empty_url": reverse("cases:register"),
            "empty_action": "登记申请",
        }
    return {"empty_help": "您查看范围内的单位登记申请后，会列在这里。"}


def _search_note(conditions: dict[str, str], arrangement: dict[str, str]) -> dict[str, str]:
    """What was searched of more cases than a page waits for, and the same search of all."""
    return {
        "text": f"只查找了未办结的和最近办结的，共 {MOST_SEARCHED} 件；"
        "编号、姓名写全的，已查找全部。",
        "url": list_address(conditions | EVERYWHERE, arrangement),
    }


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
class View:
    """A list that is one click away; `count` None where it is not counted."""

    label: str
    url: str
    count: int | None
    current: bool


def saved_views(counts: Counts, asked: dict[str, str]) -> list[View]:
    """Lists by what to do next, each a condition of the filter by itself."""
    states = counts.states
    rows: list[tuple[str, dict[str, str], int | None]] = [
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
        )
    ]
    pending = RoundState.PENDING
    rows.append(("待我审核", {"signoff": "mine"}, counts.to_sign))
    rows.append((ROUNDS_SHOWN[pending], {"signoff": pending.value}, counts.in_review))
    rows += ((label, condition, None) for label, condition in LISTS_OF_SOME if condition == asked)
    rows.append((str(State.CLOSED.label), {"state": State.CLOSED.value}, counts.closed))
    return [
        View(label, list_address(conditions), count, asked == conditions)
        for label, conditions, count in rows
    ]


def own_views(user: User, asked: dict[str, str]) -> list[View]:
    """The lists that `user` has saved; they are not counted, so that many cost no more than one."""
    rows = [(saved, QueryDict(saved.query)) for saved in user.saved_lists.all()]
    return [
        View(
            saved.name, list_address(saved_query.dict()), None, conditions_of(saved_query) == asked
        )
        for saved, saved_query in rows
    ]


def _of_state(state: State, states: dict[State, int]) -> tuple[str, dict[str, str], int]:
    return str(state.label), {"state": state.value}, states[state]
