"""提醒: what the user is reminded of, and to which address as well."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases import audit
from cases.forms.base import attempt
from cases.forms.notices import AddressForm
from cases.models import Notice, User
from cases.notices import mark_seen
from cases.presenting import day_words
from cases.views.base import act_only, draw_form, user_of

MOST = 200  # listed; older ones are of days long past


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What still holds: the unread first, then the read, the latest first."""
    user, on = user_of(request), timezone.localdate()
    listed = (
        Notice.objects.visible_to(user)
        .standing()
        .select_related("case__department", "proceeding__department")
    )
    rows = sorted(listed[:MOST], key=lambda notice: notice.seen_at is not None)
    context = {
        "rows": [(notice, day_words(notice.on, on)) for notice in rows],
        "unseen": any(notice.seen_at is None for notice in rows),
        "most": MOST if len(rows) == MOST else None,
        "may_mail": bool(settings.EMAIL_HOST),
        "address": user.email,
    }
    return render(request, "cases/notices.html", context)


@login_required
@act_only
def notice_seen(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Notice.objects.visible_to(user_of(request)), pk=pk)
    mark_seen(user_of(request), [found.pk])
    return redirect("cases:notices")


@login_required
@act_only
def notices_seen(request: HttpRequest) -> HttpResponse:
    number = mark_seen(user_of(request))
    messages.success(request, f"{number} 条提醒已标为已读。" if number else "没有未读的提醒。")
    return redirect("cases:notices")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_address(request: HttpRequest) -> HttpResponse:
    """The user's own address; the audit log says that it changed, never what it is."""
    user = user_of(request)
    form = AddressForm(request.POST or None, initial={"email": user.email})
    store = partial(_store, user, form.cleaned_data["email"]) if form.is_valid() else None
    if store and attempt(form, store):
        messages.success(request, "提醒邮箱已保存。" if user.email else "已取消邮件提醒。")
        return redirect("cases:notices")
    context = {
        "submit_label": "保存",
        "cancel_url": reverse("cases:notices"),
        "may_mail": bool(settings.EMAIL_HOST),
    }
    return draw_form(request, "cases/notice_address.html", form, context)


@transaction.atomic
def _store(user: User, email: str) -> User:
    user.email = email
    user.save(update_fields=["email"])
    audit.record(by=user, act="更改提醒邮箱", target=user)
    return user
