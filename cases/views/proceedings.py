"""复议诉讼: the list, and entering or correcting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.addresses import address, arrangement_of, conditions_of, with_number_hashed
from cases.filters import ProceedingFilter
from cases.forms.base import attempt
from cases.forms.proceedings import AmendProceedingForm, ProceedingForm, new_values, values_of
from cases.listing import arrange
from cases.models import Case, Proceeding, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can_anywhere, can_on, can_record, organ_of
from cases.proceeding_standing import standing_of
from cases.tables import ProceedingTable
from cases.views.base import draw_form, id_of, reader_of, user_of
from cases.views.listing import draw_list, kept_unseen
from cases.workflow import record_proceeding
from cases.workflow.base import snapshot
from cases.workflow.proceedings import FIELDS

USED_TOKEN = (
    "这张表单已经登记为 {said}，内容与现在填的不同。"
    "如果是另一件，请再按一次“登记”；如果是要改那一件，请在列表中打开它更正。"
)


@login_required
@require_safe
def proceeding_list(request: HttpRequest) -> HttpResponse:
    user, on, calendar = reader_of(request), timezone.localdate(), load_calendar()
    if _address(request.GET, user) != _address(request.GET):  # the number leaves the address
        return redirect(_address(request.GET, user))
    visible = Proceeding.objects.visible_to(user)
    found = ProceedingFilter(request.GET, visible, user=user, on=on, calendar=calendar)
    table = ProceedingTable(found.qs, user=user, on=on, calendar=calendar)
    parties = ("department__settings", "department__successor__settings", "case")
    arrange(table, request, Proceeding.objects.select_related(*parties))
    chips = found.chips()
    context = {
        "filter": found,
        "kept": kept_unseen(found, arrangement_of(request.GET)),
        "complaints": found.complaints(),
        "table": table,
        "chosen_text": f"共 {table.paginator.count_text}",
        "chips": chips,
        "clear_url": reverse("cases:proceedings") if chips else "",
        "may_record": can_anywhere(user, Act.RECORD_PROCEEDING),
    }
    return draw_list(request, "cases/proceedings.html", "cases/_proceeding_parts.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def find_proceedings(request: HttpRequest) -> HttpResponse:
    """As `listing.find`: handed in by POST, so that a number stands in no address."""
    data = request.POST if request.method == "POST" else request.GET
    return redirect(_address(data, reader_of(request)))


def _address(data: QueryDict, user: User | None = None) -> str:
    """That of the list, with what was asked for; before `user` without the numbers in it."""
    asked = conditions_of(data, ProceedingFilter.base_filters)
    conditions = with_number_hashed(asked, user) if user else asked
    return address("cases:proceedings", conditions, arrangement_of(data))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proceeding_new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not can_anywhere(user, Act.RECORD_PROCEEDING):
        raise PermissionDenied("您的角色不登记复议诉讼。")
    case = _case(request, user)
    form = ProceedingForm(request.POST or None, initial=new_values(case), user=user)
    done = _store(form, user) if form.is_valid() else None
    if done:
        return _done(request, done, f"已登记{done.get_kind_display()} {done.docket}".strip() + "。")
    if "token" in form.errors:
        form.renew_token()
    return draw_form(request, "cases/proceeding.html", form, _page("登记复议诉讼", case))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proceeding_amend(request: HttpRequest, pk: int) -> HttpResponse:
    user = reader_of(request)
    visible = Proceeding.objects.visible_to(user).select_related("department__settings", "case")
    proceeding = get_object_or_404(visible, pk=pk)
    if not can_record(user, proceeding):
        raise PermissionDenied(f"您没有更正{proceeding.department}复议诉讼的权限。")
    form = AmendProceedingForm(request.POST or None, initial=values_of(proceeding), user=user)
    if form.is_valid():
        draft, version = form.apply_to(proceeding), form.cleaned_data["version"]
        done = attempt(
            form,
            lambda: record_proceeding(draft, by=user, today=timezone.localdate(), version=version),
            lambda: Proceeding.objects.values_list("version", flat=True).get(pk=pk),
        )
        if done:
            return _done(
                request, done, f"已更正{done.get_kind_display()} {done.docket}".strip() + "。"
            )
    stored = visible.get(pk=pk)  # `proceeding` may hold what was typed and refused
    page = _page("更正复议诉讼", stored.case)
    page["standing"] = standing_of(stored, on=timezone.localdate(), calendar=load_calendar())
    return draw_form(request, "cases/proceeding.html", form, page)


def _store(form: ProceedingForm, user: User) -> Proceeding | None:
    """The stored proceeding; None, with the reason on the form, when it could not be.

    A form handed in twice gives the proceeding of the first time; changed since, it is another.
    """
    draft, token = form.apply_to(Proceeding()), form.cleaned_data["token"]
    done = attempt(
        form,
        lambda: record_proceeding(draft, by=user, today=timezone.localdate(), token=token),
    )
    # The same form, sent twice at the same moment: the other one may have come first.
    if done is None and token:
        done = Proceeding.objects.visible_to(user).filter(form_token=token).first()
    if done is None or snapshot(done, FIELDS) == snapshot(draft, FIELDS):
        return done
    form.renew_token()
    said = f"{done.get_kind_display()} {done.docket}".strip()
    form.add_error(None, USED_TOKEN.format(said=said))
    return None


def _case(request: HttpRequest, user: User) -> Case | None:
    """The case whose page led here; 404 outside the user's scope, 403 where one only reads."""
    asked = id_of(request.GET.get("case", ""))
    if asked is None:
        return None
    visible = Case.objects.visible_to(user).select_related("department")
    case = get_object_or_404(visible, pk=asked)
    if request.method != "POST" and not can_on(user, Act.RECORD_PROCEEDING, case):
        raise PermissionDenied(f"您没有在{organ_of(case)}登记复议诉讼的权限。")
    return case


def _done(request: HttpRequest, proceeding: Proceeding, sentence: str) -> HttpResponse:
    user = User.objects.get(pk=user_of(request).pk)  # as it is now: what is theirs may have changed
    messages.success(request, sentence)
    case = proceeding.case
    if case and Case.objects.visible_to(user).contains(case):  # not what ended before a succession
        return redirect("cases:detail", case.pk)
    return redirect("cases:proceedings")


def _page(title: str, case: Case | None) -> dict[str, Any]:
    cancel = reverse("cases:detail", args=[case.pk]) if case else reverse("cases:proceedings")
    return {"title": title, "case": case, "submit_label": title[:2], "cancel_url": cancel}
