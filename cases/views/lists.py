"""What a user keeps for the list of cases: saved lists and chosen columns."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.addresses import (
    arrangement_of,
    conditions_of,
    list_address,
    query_of,
    understood,
)
from cases.filters import CaseFilter
from cases.forms.base import attempt
from cases.forms.lists import ListNameForm
from cases.listing import asked_cases
from cases.models import Case, SavedList, User
from cases.models.calendar import load_calendar
from cases.overview import years_of
from cases.saved_lists import LABELS, choose_columns, columns_of, save_list
from cases.tables import NUMBER, USUAL_COLUMNS
from cases.views.base import act_only, draw_form, reader_of

NO_CONDITIONS = "还没有条件可以保存。请先在列表中筛选，再保存为清单。"


@login_required
@require_safe
def saved_lists(request: HttpRequest) -> HttpResponse:
    """我的收藏: every list with its conditions in words, to open, rename or delete."""
    user, on = reader_of(request), timezone.localdate()
    visible, calendar = Case.objects.visible_to(user), load_calendar()
    years = years_of(user, on=on)
    rows = []
    for saved in user.saved_lists.all():
        data = QueryDict(saved.query)
        found = CaseFilter(data, visible, user=user, on=on, calendar=calendar, years=years)
        rows.append({"saved": saved, "url": list_address(data.dict()), "conditions": found})
    return render(request, "cases/saved_lists.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_list_new(request: HttpRequest) -> HttpResponse:
    """The conditions are those of the page's own address, as far as they mean something."""
    user = reader_of(request)
    found = _filter(request.GET, user)
    conditions = understood(found)
    back = list_address(conditions, arrangement_of(request.GET))
    if not conditions:
        messages.warning(request, NO_CONDITIONS)
        return redirect(back)
    query = query_of(conditions, _order(request.GET))
    form = ListNameForm(request.POST or None)
    if form.is_valid():
        name = form.cleaned_data["name"]
        if saved := attempt(form, lambda: save_list(user=user, name=name, query=query)):
            messages.success(request, f"已保存清单“{saved}”。")
            return redirect(list_address(QueryDict(saved.query).dict()))
    context = {
        "title": "保存为清单",
        "conditions": found,
        "form_action": request.get_full_path(),
        "submit_label": "保存",
        "cancel_url": back,
    }
    return draw_form(request, "cases/saved_list.html", form, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_list_rename(request: HttpRequest, pk: int) -> HttpResponse:
    user = reader_of(request)
    saved = get_object_or_404(user.saved_lists, pk=pk)
    form = ListNameForm(request.POST or None, initial={"name": saved.name})
    if form.is_valid():
        name = form.cleaned_data["name"]
        if attempt(form, lambda: save_list(user=user, name=name, query=saved.query, saved=saved)):
            messages.success(request, f"清单已改名为“{name}”。")
            return redirect("cases:saved_lists")
    context = {
        "title": "清单改名",
        "conditions": _filter(QueryDict(saved.query), user),
        "submit_label": "改名",
        "cancel_url": reverse("cases:saved_lists"),
    }
    return draw_form(request, "cases/saved_list.html", form, context)


@login_required
@act_only
def saved_list_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deleted twice it is gone all the same."""
    user = reader_of(request)
    saved = SavedList.objects.filter(user=user, pk=pk).first()
    if saved:
        saved.delete()
        messages.success(request, f"已删除清单“{saved}”。")
    return redirect("cases:saved_lists")


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    name: str
    label: str
    shown: bool
    fixed: bool
    moved: str  # "up" or "down" where it was just moved: the focus stays on its button


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest) -> HttpResponse:
    """选择栏目: tick the columns, move them up and down, then save.

    Moving a column keeps the ticks and saves nothing: order and ticks travel in the form.
    """
    user = reader_of(request)
    back = list_address(conditions_of(request.GET), arrangement_of(request.GET))
    shown, moved = columns_of(user), ("", "")
    order = shown
    if request.method == "POST":
        if "usual" in request.POST:
            choose_columns(user, USUAL_COLUMNS)
            return redirect(back)
        shown = tuple(request.POST.getlist("show"))
        order = tuple(request.POST.getlist("order"))
        if "save" in request.POST:
            choose_columns(user, [name for name in order if name in (*shown, NUMBER)])
            return redirect(back)
        order, moved = _moved(order, request.POST)
    context = {
        "choices": [
            ColumnChoice(
                name=name,
                label=LABELS[name],
                shown=name in (*shown, NUMBER),
                fixed=name == NUMBER,
                moved=moved[0] if name == moved[1] else "",
            )
            for name in dict.fromkeys((*order, *LABELS))
            if name in LABELS
        ],
        "form_action": request.get_full_path(),
        "cancel_url": back,
    }
    return render(request, "cases/columns.html", context)


def _moved(order: tuple[str, ...], data: QueryDict) -> tuple[tuple[str, ...], tuple[str, str]]:
    """The order with one column a place further up or down, and which way which one went."""
    names = list(order)
    for way, step in (("up", -1), ("down", 1)):
        name = data.get(way, "")
        if name in names:
            at = names.index(name)
            names.insert(max(at + step, 0), names.pop(at))
            return tuple(names), (way, name)
    return order, ("", "")


def _filter(data: QueryDict, user: User) -> CaseFilter:
    return asked_cases(data, user=user, on=timezone.localdate(), calendar=load_calendar())


def _order(data: QueryDict) -> dict[str, str]:
    """A list keeps its order, not the size of its pages."""
    return {name: value for name, value in arrangement_of(data).items() if name == "sort"}
