"""What the pages of cases share: fetching within the user's scope, refusing, answering a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.forms.base import ActForm
from cases.models import Case, User
from cases.permissions import Act, can_anywhere
from cases.workflow import ACTS, not_theirs, situation_of

REFUSED = 403
LONGEST_ID = 18  # digits; any number of so many fits the database's
# Acts that have a page, and the address of each; the rest is recorded by import for now.
PAGES = {
    Act.CONFIRM: "cases:confirm",
    Act.CONSULT: "cases:consult",
    Act.DELIVER_CONSULTATION: "cases:consultation_deliver",
    Act.RECEIVE_OPINION: "cases:consultation_opinion",
    Act.LAPSE_CONSULTATION: "cases:consultation_lapse",
    Act.END_CONSULTATION: "cases:consultation_end",
    Act.ASK_FEE: "cases:fee_ask",
    Act.DELIVER_FEE_NOTICE: "cases:fee_deliver",
    Act.RECEIVE_FEE: "cases:fee_receive",
    Act.GIVE_UP_FEE: "cases:fee_give_up",
    Act.REPLY: "cases:reply",
    Act.ASK_CORRECTION: "cases:ask_correction",
    Act.RECEIVE_CORRECTION: "cases:receive_correction",
    Act.GIVE_UP_CORRECTION: "cases:give_up_correction",
    Act.EXTEND: "cases:extend",
    Act.ASK_REASONS: "cases:ask_reasons",
    Act.RECEIVE_REASONS: "cases:receive_reasons",
    Act.DELAY: "cases:delay",
    Act.WITHDRAW: "cases:withdraw",
    Act.SIGN: "cases:review",
    Act.SUBMIT: "cases:submit",
    Act.DRAFT: "cases:draft",
    Act.RECORD_SIGNATURE: "cases:record_signature",
    Act.RECALL: "cases:recall",
    Act.SEND_BACK: "cases:send_back",
    Act.SERVE: "cases:serve",
    Act.ASSIGN: "cases:assign",
    Act.ACCEPT: "cases:accept",
    Act.REFUSE_ASSIGNMENT: "cases:refuse_assignment",
    Act.SIGN_MAIL: "cases:sign_mail",
    Act.RETURN_MAIL: "cases:return_mail",
    Act.REOPEN: "cases:reopen",
    Act.REPLY_AGAIN: "cases:reply_again",
    Act.ARCHIVE: "cases:folder",
    Act.AMEND: "cases:amend",
    Act.PUT_RIGHT: "cases:put_right",
    Act.REVOKE: "cases:revoke",
    Act.VOID: "cases:void",
    Act.NOTE_CALL: "cases:note_call",
    Act.ASK_SECTION: "cases:ask_section",
    Act.ANSWER_SECTION: "cases:answer_section",
    Act.RECORD_SEARCH: "cases:record_search",
    Act.SPLIT: "cases:split",
    Act.LINK: "cases:link",
}
NOT_A_READER = "您的角色不查看申请件。需要查看的，请与系统管理员联系开通。"


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


class View(Protocol):
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def act_only(view: V) -> V:
    """As `require_POST`; and whoever signs in for it is led to its page (disclosure.signing_in)."""
    guarded: Any = require_POST(view)
    guarded.act_only = True
    return cast(V, guarded)


def user_of(request: HttpRequest) -> User:
    """The signed-in user: every page here asks for one."""
    return cast(User, request.user)


def reader_of(request: HttpRequest) -> User:
    """The signed-in user, if some role of theirs reads cases; an administrator's does not."""
    user = user_of(request)
    if not can_anywhere(user, Act.SEE_TABLE):
        raise PermissionDenied(NOT_A_READER)
    return user


def id_of(typed: str) -> int | None:
    """The id in an address or a form: None for what is no number, 404 for one too long to be."""
    if not typed.isdecimal():
        return None
    if len(typed) > LONGEST_ID:
        raise Http404
    return int(typed)


def visible_case(request: HttpRequest, pk: int) -> Case:
    """The case, or 404 when there is none within the user's scope."""
    cases = Case.objects.visible_to(reader_of(request))
    parties = ("department__settings", "applicant", "drafting_department", "handler")
    return get_object_or_404(cases.select_related(*parties), pk=pk)


def case_to(act: Act, request: HttpRequest, pk: int) -> Case:
    """The case that `act` is about; 403 with a sentence when the user's role does not allow it.

    A form that is handed in is judged by the workflow, so that what was typed is kept.
    """
    case = visible_case(request, pk)
    refusal = not_theirs(user_of(request), act, case)
    if request.method != "POST" and refusal:
        raise PermissionDenied(refusal)
    return case


def out_of_place(act: Act, request: HttpRequest, case: Case) -> HttpResponse | None:
    """An act that the case, as it stands, has no place for: back to it, and why."""
    if request.method == "POST":
        return None
    situation, rule = situation_of(case, on=timezone.localdate()), ACTS[act]
    why = rule.out_of_place(situation) or rule.refusal_to(situation, user_of(request))
    if not why:
        return None
    messages.warning(request, why)
    return redirect("cases:detail", case.pk)


def draw_form(
    request: HttpRequest, template: str, form: ActForm, context: dict[str, Any]
) -> HttpResponse:
    """The page of a form; refused for want of a role, it says so with its status too."""
    form.put_cursor()
    return render(
        request, template, {"form": form, **context}, status=REFUSED if form.refused else 200
    )


def latest_version(case: Case) -> Callable[[], int]:
    return lambda: Case.objects.values_list("version", flat=True).get(pk=case.pk)
