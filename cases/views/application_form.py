"""申请表 of an application that was spoken (条例29): one A4 page, filled in here, to sign."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from cases import audit
from cases.choices import EventKind
from cases.permissions import Act, can_on
from cases.presenting import form_lines
from cases.views.acting import form_methods
from cases.views.base import user_of, visible_case

PRINTED = "打印申请表（含完整信息）"


@login_required
@never_cache
@form_methods
def application_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Personal data masked; in full by POST, an act that is logged (个人信息保护法)."""
    case, user = visible_case(request, pk), user_of(request)
    in_full, may_see = request.method == "POST", can_on(user, Act.SEE_PERSONAL_DATA, case)
    if not case.oral:
        messages.warning(request, f"{case.number} 不是口头提出的，申请表以申请人提交的为准。")
        return redirect("cases:detail", case.pk)
    if in_full and not may_see:
        raise PermissionDenied("您的角色不查看申请人的完整信息。")
    if in_full:
        audit.record(by=user, act=PRINTED, target=case)
    registered = case.events.filter(kind=EventKind.REGISTERED).select_related("by").first()
    context = {
        "case": case,
        "lines": form_lines(case.applicant, in_full=in_full),
        "filled_in_by": registered.by if registered else None,
        "in_full": in_full,
        "may_see": may_see,
    }
    return render(request, "cases/application_form.html", context)
