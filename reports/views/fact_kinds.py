"""指标设置: which figures an office asks of all below, or an organ of itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.forms.base import ActForm, attempt
from cases.models import Department
from cases.views.acting import form_methods
from cases.views.base import act_only, draw_form, id_of, reader_of, user_of
from cases.workflow import NotAllowed
from reports import annual
from reports.fact_forms import KindForm, NewKindForm
from reports.models import FactKind
from reports.views.fact_base import asked_organ, board_url, kinds_url

NOT_YOURS = "这里的指标由政务公开主管设置，本单位自设的由本单位设置。"


@login_required
@require_safe
def fact_kinds(request: HttpRequest) -> HttpResponse:
    """The list of the organ that is named; else of the highest whose list is the user's to keep."""
    organ = _named(request)
    year = timezone.localdate().year
    kinds = annual.kinds_of(organ)
    own = {kind.pk for kind in kinds}
    context = {
        "department": organ,
        "year": year,
        "kinds": kinds,
        "others": [kind for kind in annual.asked_of(organ, year) if kind.pk not in own],
        "may_take_usual": annual.may_take_usual(organ, year),
        "board_url": board_url(organ, year),
    }
    return render(request, "reports/fact_kinds.html", context)


@login_required
@form_methods
def fact_kind_new(request: HttpRequest, department: int) -> HttpResponse:
    organ = _keeper(request, asked_organ(request, department))
    form = NewKindForm(request.POST or None)
    do = partial(annual.set_kind, organ, None, version=None)
    return _set(request, organ, form, do, label="新增指标")


@login_required
@form_methods
def fact_kind(request: HttpRequest, pk: int) -> HttpResponse:
    kind = _kind(request, pk)
    organ = _keeper(request, kind.department)
    fields = ("label", "unit", "is_summed", "place", "retired_year")
    initial = {name: getattr(kind, name) for name in fields}
    form = KindForm(
        request.POST or None, kind=kind, initial={"version": annual.kind_version(kind), **initial}
    )
    do = partial(annual.set_kind, organ, kind)
    return _set(
        request,
        organ,
        form,
        do,
        label=kind.label,
        latest=lambda: annual.kind_version(FactKind.objects.get(pk=pk)),
        kind=kind,
        may_remove=not kind.facts.exists(),
    )


@login_required
@act_only
def fact_kind_remove(request: HttpRequest, pk: int) -> HttpResponse:
    kind = _kind(request, pk)
    return _do(request, kind.department, partial(annual.remove_kind, kind), f"{kind}已删除。")


@login_required
@act_only
def fact_kinds_take(request: HttpRequest, department: int) -> HttpResponse:
    """The usual list."""
    organ = asked_organ(request, department)
    take = partial(annual.take_usual, organ, year=timezone.localdate().year)
    return _do(request, organ, take, "常用指标已加入，可以逐项修改。")


def _named(request: HttpRequest) -> Department:
    user, named = reader_of(request), request.GET.get("department", "")
    if named:
        organ = asked_organ(request, id_of(named))
        if not annual.may_set_kinds(user, organ):
            raise PermissionDenied(NOT_YOURS)
        return organ
    for organ in Department.objects.visible_to(user).order_by("path"):
        if annual.may_set_kinds(user, organ):
            return organ
    raise PermissionDenied(NOT_YOURS)


def _keeper(request: HttpRequest, organ: Department) -> Department:
    """403 for who does not keep the list; a form that is handed in is judged by the act."""
    if request.method != "POST" and not annual.may_set_kinds(user_of(request), organ):
        raise PermissionDenied(NOT_YOURS)
    return organ


def _kind(request: HttpRequest, pk: int) -> FactKind:
    visible = Department.objects.visible_to(reader_of(request))
    kinds = FactKind.objects.filter(department__in=visible).select_related("department")
    return get_object_or_404(kinds, pk=pk)


def _set(
    request: HttpRequest,
    organ: Department,
    form: ActForm,
    do: Callable[..., FactKind],
    latest: Callable[[], int] | None = None,
    **shown: Any,
) -> HttpResponse:
    if form.is_valid():
        store = partial(do, by=user_of(request), **form.cleaned_data)
        if kind := attempt(form, store, latest):
            messages.success(request, f"{kind}已保存。")
            return redirect(kinds_url(organ))
    context = {
        "department": organ,
        "submit_label": "保存",
        "cancel_url": kinds_url(organ),
        "kinds_url": kinds_url(organ),
        **shown,
    }
    return draw_form(request, "reports/fact_kind.html", form, context)


def _do(
    request: HttpRequest, organ: Department, act: Callable[..., object], said: str
) -> HttpResponse:
    try:
        act(by=user_of(request))
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect(kinds_url(organ))
