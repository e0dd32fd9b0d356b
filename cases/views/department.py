"""期限灯: from how many working days left each department's lamps change their colour."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.forms.base import attempt
from cases.forms.department import LampsForm
from cases.lamps import USUAL, lamp_days_of, lamp_key
from cases.models import Department, User
from cases.permissions import Act, can, can_anywhere
from cases.views.base import draw_form, user_of
from cases.workflow.department import lamps_version, set_lamps

NOT_YOURS = "期限灯由政务公开主管设置。"


@login_required
@require_safe
def lamp_settings(request: HttpRequest) -> HttpResponse:
    """The departments that the user looks after, with what is set for each."""
    user = user_of(request)
    if not can_anywhere(user, Act.MANAGE_DEPARTMENT):
        raise PermissionDenied(NOT_YOURS)
    visible = Department.objects.visible_to(user).select_related("settings").order_by("path")
    rows = [
        {"department": organ, "days": lamp_days_of(organ), "own": hasattr(organ, "settings")}
        for organ in visible
        if can(user, Act.MANAGE_DEPARTMENT, organ)
    ]
    return render(request, "cases/lamp_settings.html", {"rows": rows, "lamp_key": lamp_key()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lamp_setting(request: HttpRequest, pk: int) -> HttpResponse:
    user, organ = user_of(request), _organ(request, pk)
    days = lamp_days_of(organ)
    initial = {"version": lamps_version(organ), **days._asdict()}
    form = LampsForm(request.POST or None, initial=initial)
    if form.is_valid():
        store = partial(set_lamps, organ, by=user, **form.cleaned_data)
        changed = attempt(form, store, lambda: lamps_version(organ))
        if changed is not None:
            words = f"{changed} 个单位的期限灯已改。" if changed else "与原来相同，没有改动。"
            messages.success(request, words)
            return redirect("cases:lamp_settings")
    context = {
        "department": organ,
        "submit_label": "保存",
        "cancel_url": reverse("cases:lamp_settings"),
        "usual": USUAL,
        "lamp_key": lamp_key(days),
    }
    return draw_form(request, "cases/lamp_setting.html", form, context)


def _organ(request: HttpRequest, pk: int) -> Department:
    """404 outside what the user sees; 403 where somebody else looks after it."""
    user: User = user_of(request)
    visible = Department.objects.visible_to(user).select_related("settings")
    organ = get_object_or_404(visible, pk=pk)
    if request.method != "POST" and not can(user, Act.MANAGE_DEPARTMENT, organ):
        raise PermissionDenied(NOT_YOURS)
    return organ
