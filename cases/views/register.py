"""登记申请, and 登记并再登一件."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.choices import Channel
from cases.forms.base import attempt
from cases.forms.register import RegisterForm, first_values
from cases.lookups import handlers_for, own_department, registering_departments
from cases.models import Case, User
from cases.permissions import Act, can_anywhere, can_begin
from cases.presenting import applicant_lines
from cases.views.base import draw_form, id_of, user_of
from cases.workflow import register as register_case

LATEST = 6
USED_TOKEN = (
    "这张表单已经登记为 {number}，内容与现在填的不同。"
    "如果是另一件申请，请再按一次“登记”；如果是要改那一件，请到它的页面更正。"
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), timezone.localdate()
    if not can_anywhere(user, Act.REGISTER):
        raise PermissionDenied("您的角色不登记申请。")
    kept = _kept(request, user)
    if request.method == "POST":
        form = RegisterForm(request.POST, user=user, today=today, kept=kept)
        case = _store(form, user) if form.is_valid() else None
        if case:
            messages.success(request, f"已登记 {case.number}。")
            return redirect(_next_url(request, case))
        if "token" in form.errors:
            form.renew_token()
    else:
        departments = registering_departments(user, on=today)
        own = own_department(user, departments)
        handlers = list(handlers_for(user)[:2])
        initial = first_values(today=today, department=own, kept=kept, handlers=handlers)
        form = RegisterForm(initial=initial, user=user, today=today, kept=kept)
    return draw_form(request, "cases/register.html", form, _context(user, kept))


def _store(form: RegisterForm, user: User) -> Case | None:
    """The registered case; None, with the reason on the form, when it could not be.

    A form handed in twice gives the case of the first time. One in which anything was changed after
    it had been registered (the browser's back button) is no second time: it gets its own token.
    """
    draft, applicant = form.case(), form.applicant()
    token = form.cleaned_data["token"]
    case = attempt(
        form,
        lambda: register_case(draft, applicant, by=user, today=timezone.localdate(), token=token),
    )
    if case is draft:
        return case
    # The same form, sent twice at the same moment: the other one may have come first.
    case = case or Case.objects.visible_to(user).filter(form_token=token).first()
    if case is None:
        return None
    if form.says(case):
        return case
    form.renew_token()
    form.add_error(None, USED_TOKEN.format(number=case.number))
    return None


def _kept(request: HttpRequest, user: User) -> Case | None:
    """The case whose applicant applies once more; 404 outside the user's scope."""
    asked = id_of((request.POST if request.method == "POST" else request.GET).get("like", ""))
    if asked is None:
        return None
    visible = Case.objects.visible_to(user).select_related("applicant", "department")
    case = get_object_or_404(visible, pk=asked)
    if not can_begin(user, Act.REGISTER, case.department):
        raise PermissionDenied(f"您在{case.department}没有登记申请的权限，不能沿用它的申请人。")
    return case


def _next_url(request: HttpRequest, case: Case) -> str:
    if "again" in request.POST:
        return f"{reverse('cases:register')}?like={case.pk}"
    return reverse("cases:detail", args=[case.pk])


def _context(user: User, kept: Case | None) -> dict[str, Any]:
    latest = Case.objects.visible_to(user).select_related("department").order_by("-pk")[:LATEST]
    return {
        "kept": kept,
        "kept_lines": applicant_lines(kept.applicant, "", "", in_full=False) if kept else [],
        "receipt_rules": [
            (channel.value, channel.label, channel.receipt_rule) for channel in Channel
        ],
        "latest": latest,
    }
