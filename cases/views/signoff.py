"""拟稿、送审、审核: a reply before it goes out; and which steps a department asks for."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import workflow
from cases.addresses import list_address
from cases.documents.handler import DocumentUploadHandler
from cases.documents.showing import papers_of
from cases.filters import ROUNDS_SHOWN
from cases.forms.acts import usual_method
from cases.forms.base import ActForm, attempt
from cases.forms.signoff import (
    ChainForm,
    DraftForm,
    RecallForm,
    RecordSignatureForm,
    SendBackForm,
    SignForm,
    SubmitForm,
)
from cases.lookups import chained_departments
from cases.models import Case, User
from cases.permissions import Act, can_anywhere, can_on, organ_of
from cases.presenting import course_of, registration_lines
from cases.signoff import (
    checklist,
    content_lines,
    draft_of,
    draft_values,
    returned_with,
    state_words,
    step_rows,
    version_of,
)
from cases.views.acting import act_context, act_view, acted, form_methods
from cases.views.acts import picker_page
from cases.views.base import (
    case_to,
    draw_form,
    latest_version,
    out_of_place,
    reader_of,
    user_of,
    visible_case,
)
from cases.views.uploading import read_uploads, upload_view
from cases.workflow import ACTS, situation_of
from cases.workflow.signoff import chain_words, told_chain

# Drafting ----------------------------------------------------------------------------------------


def _draft_values(case: Case, today: object) -> dict[str, Any]:
    draft = draft_of(case)
    values = draft_values(draft) if draft else {"service_method": usual_method(case)}
    return {"draft_version": version_of(draft), **values}


def _draft_page(case: Case, form: ActForm) -> dict[str, Any]:
    return {
        "heading": "拟稿",
        "errors_title": "草稿没有保存，请改正后再提交",
        "submit_label": "存草稿",
        "may_submit": organ_of(case).has_chain,
        "returned": returned_with(case),
        "draft": draft_of(case),
        **picker_page(case, form),
    }


_draft = act_view(
    Act.DRAFT,
    workflow.save_draft,
    DraftForm,
    said=lambda case: f"{case.number} 的答复草稿已保存。",
    template="cases/reply.html",
    first=_draft_values,
    page=_draft_page,
)


def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Kept, and if asked on to 送审. The view beneath asks who may see the case."""
    answer = _draft(request, pk)
    saved = request.method == "POST" and answer.status_code == 302
    return redirect("cases:submit", pk) if saved and "submit" in request.POST else answer


def _submit_values(case: Case, today: object) -> dict[str, Any]:
    """Those that it named when it was submitted before are ticked."""
    also = list(case.last_round.also) if case.last_round else []
    return {"draft_version": version_of(draft_of(case)), "also": also}


def _submit_page(case: Case, form: ActForm) -> dict[str, Any]:
    draft = draft_of(case)
    return {
        "draft": draft,
        "content": content_lines(draft.content) if draft else [],
        "steps": chain_words(organ_of(case)),
        "returned": returned_with(case),
    }


# The draft is frozen and goes to the first step (条例17).
submit = act_view(
    Act.SUBMIT,
    workflow.submit,
    SubmitForm,
    said=lambda case: f"{case.number} 已送审，待{case.waiting_step}。",
    template="cases/submit.html",
    first=_submit_values,
    page=_submit_page,
)

# Signing -----------------------------------------------------------------------------------------


def _signed_words(case: Case) -> str:
    step = case.waiting_step
    return f"{case.number} 已同意，" + (f"转{step}。" if step else "审核完毕，可以答复。")


ONLY_READ = dict.fromkeys(
    ("may_keep_documents", "may_withdraw_documents", "may_make_letters"), False
)


def _review_page(user: User, case: Case, form: ActForm) -> dict[str, Any]:
    """The application, its course and papers, the draft, and what the system knows."""
    on, round_ = timezone.localdate(), case.last_round
    if case.waiting_step is None or round_ is None:
        return {"nothing_waits": True}
    events = list(case.events.select_related("by"))
    situation = situation_of(case, on=on, events=events)
    return {
        "step": case.waiting_step,
        "round": round_,
        "content": content_lines(round_.content),
        "reasons": round_.content["reply_reasons"],
        "points": checklist(case, situation.clock, situation.events, round_.content, on),
        "ticked": form["checked"].value() or [],
        "steps": step_rows(round_),
        "events": course_of(events, on),
        "registration": registration_lines(case, in_full=can_on(user, Act.SEE_PERSONAL_DATA, case)),
        **papers_of(case, user),
        **ONLY_READ,
    }


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviewer's page: agree, or with the other button send back. The view beneath asks who
    may see the case."""
    view = act_view(
        Act.SIGN,
        workflow.sign,
        SignForm,
        said=_signed_words,
        template="cases/review.html",
        page=partial(_review_page, user_of(request)),
    )
    return view(request, pk)


send_back = act_view(
    Act.SEND_BACK,
    workflow.send_back,
    SendBackForm,
    said=lambda case: f"{case.number} 已退回修改。",
    page=lambda case, form: {"rule": "退回后送审稿作废，经办人改好草稿再送审。"},
)


@upload_view
def record_signature(request: HttpRequest, pk: int) -> HttpResponse:
    """A step that was approved on paper or in the OA, with its scan."""
    case = case_to(Act.RECORD_SIGNATURE, request, pk)
    if elsewhere := out_of_place(Act.RECORD_SIGNATURE, request, case):
        return elsewhere
    handler = DocumentUploadHandler(request)
    return read_uploads(request, handler, lambda request: _record(request, case, handler))


def _record(request: HttpRequest, case: Case, handler: DocumentUploadHandler) -> HttpResponse:
    today, step = timezone.localdate(), case.waiting_step
    posted = request.method == "POST"
    form = RecordSignatureForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"version": case.version, "signed_on": today},
        case=case,
        today=today,
        refusal=handler.refusal,
    )
    if form.is_valid():
        said = dict(form.cleaned_data)
        record = partial(
            workflow.record_signature,
            case,
            by=user_of(request),
            today=today,
            scan=said.pop("uploads"),
            **said,
        )
        if done := attempt(form, record, latest_version(case)):
            answer = acted(request, done, _signed_words(done))
            goes_on = done.waiting_step and "next" in request.POST
            return redirect("cases:record_signature", pk=done.pk) if goes_on else answer
    context = act_context(case, ACTS[Act.RECORD_SIGNATURE].label)
    page = {"step": step, "more": step and step.following, "multipart": True}
    return draw_form(request, "cases/record_signature.html", form, context | page)


recall = act_view(
    Act.RECALL,
    workflow.recall,
    RecallForm,
    said=lambda case: f"{case.number} 已撤回送审，可以改草稿。",
    page=lambda case, form: {"rule": "撤回后已签的意见留存，改好草稿须重新送审。"},
)


@login_required
@require_safe
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """审批单: application, draft and steps on A4."""
    case, on = visible_case(request, pk), timezone.localdate()
    round_ = case.last_round
    if round_ is None:
        messages.warning(request, f"{case.number} 还没有送审，没有审批单。")
        return redirect("cases:detail", case.pk)
    context = {
        "case": case,
        "organ": case.organ_on(on if round_.again else case.closed_on or on),
        "round": round_,
        "state": state_words(case, round_),
        "content": content_lines(round_.content),
        "reasons": round_.content["reply_reasons"],
        "steps": step_rows(round_),
        "today": on,
        "may_see": can_on(user_of(request), Act.SEE_PERSONAL_DATA, case),
    }
    return render(request, "cases/approval.html", context)


def signoff_card(case: Case) -> dict[str, Any]:
    """For the page of the case: its draft, and the round that is live or was the last."""
    draft, round_ = draft_of(case), case.last_round
    newest = case.live_round or draft if case.is_worked else None
    shown = newest.content if newest else None
    shown_as = round_.state if round_ and case.is_worked else ""
    return {
        "draft": draft,
        "has_chain": bool(draft) and organ_of(case).has_chain,
        "sign_round": round_,
        "sign_state": state_words(case, round_) if round_ else "",
        "sign_list": list_address({"signoff": shown_as}) if shown_as in ROUNDS_SHOWN else "",
        "sign_content": content_lines(shown) if shown else [],
        "sign_reasons": shown["reply_reasons"] if shown else "",
        "sign_steps": step_rows(round_) if round_ else [],
    }


# The chain ---------------------------------------------------------------------------------------

NOT_A_SUPERVISOR = "您的角色不设置审核环节。需要设置的，请与政务公开主管联系。"


@login_required
@require_safe
def chains(request: HttpRequest) -> HttpResponse:
    """审核环节: every organ whose chain the user sets, with its steps."""
    user = reader_of(request)
    if not can_anywhere(user, Act.SET_CHAIN):
        raise PermissionDenied(NOT_A_SUPERVISOR)
    departments = chained_departments(user).prefetch_related("sign_off_steps__signers")
    rows = [(department, chain_words(department)) for department in departments]
    return render(request, "cases/chains.html", {"rows": rows})


@login_required
@form_methods
def chain(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps of one department: which, in which order, and who signs."""
    user = reader_of(request)
    if not can_anywhere(user, Act.SET_CHAIN):
        raise PermissionDenied(NOT_A_SUPERVISOR)
    department = get_object_or_404(chained_departments(user), pk=pk)
    form = ChainForm(request.POST or None, department=department)
    if form.is_valid():
        seen, steps = form.cleaned_data["seen"], form.steps()
        set_chain = partial(workflow.set_chain, department, by=user, steps=steps, seen=seen)
        if attempt(form, set_chain):
            said = "答复先审核后发出" if steps else "答复不经审核，直接发出"
            messages.success(request, f"{department}的审核环节已保存：{said}。")
            return redirect("cases:chains")
        form.put("seen", told_chain(department))
    context = {
        "department": department,
        "submit_label": "保存",
        "cancel_url": reverse("cases:chains"),
    }
    return draw_form(request, "cases/chain.html", form, context)
