"""休假代理: who stands in for whom, and until when."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.deputies import absent_for, deputies_seen_by, end_deputy, name_deputy
from cases.forms.base import attempt
from cases.forms.people import DeputyForm
from cases.models import User
from cases.permissions import Act, can_anywhere
from cases.views.acting import form_methods
from cases.views.base import act_only, draw_form, user_of
from cases.workflow import NotAllowed


@login_required
@require_safe
def deputies(request: HttpRequest) -> HttpResponse:
    """Periods that are not over: one's own, those one stands in, those of whom one supervises."""
    user, today = _worker(request), timezone.localdate()
    mine = set(absent_for(user).values_list("pk", flat=True))
    rows = [
        {"period": period, "runs": period.from_on <= today, "may_end": period.user_id in mine}
        for period in deputies_seen_by(user).not_over(today)
    ]
    return render(request, "cases/deputies.html", {"rows": rows, "may_name": bool(mine)})


@login_required
@form_methods
def deputy_new(request: HttpRequest) -> HttpResponse:
    user, today = _worker(request), timezone.localdate()
    form = DeputyForm(request.POST or None, initial={"user": user.pk, "from_on": today}, by=user)
    if form.is_valid():
        said = form.cleaned_data
        if named := attempt(form, lambda: name_deputy(by=user, today=today, **said)):
            messages.success(request, f"已登记：{named}。")
            return redirect("cases:deputies")
    context = {"submit_label": "登记代理", "cancel_url": reverse("cases:deputies")}
    return draw_form(request, "cases/deputy.html", form, context)


@login_required
@act_only
def deputy_end(request: HttpRequest, pk: int) -> HttpResponse:
    user = _worker(request)
    period = get_object_or_404(deputies_seen_by(user), pk=pk)
    try:
        ended = end_deputy(period.pk, by=user, today=timezone.localdate())
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{ended.deputy}不再代理{ended.user}。")
    return redirect("cases:deputies")


def _worker(request: HttpRequest) -> User:
    user = user_of(request)
    if not can_anywhere(user, Act.ASSIGN):
        raise PermissionDenied("您的角色不办理申请件，没有代理可以登记。")
    return user
