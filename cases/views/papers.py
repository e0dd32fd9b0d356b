"""The documents of a case: hand files in, open one, withdraw one."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from cases import workflow
from cases.choices import DocumentKind
from cases.documents.content import Missing, blocks_of
from cases.documents.handler import DocumentUploadHandler
from cases.documents.limits import Limits
from cases.documents.types import is_inline
from cases.forms.base import attempt
from cases.forms.papers import DocumentsForm, WithdrawForm
from cases.models import Case, Document
from cases.permissions import Act
from cases.receiving import megabytes
from cases.views.acting import act_context, acted, form_methods
from cases.views.base import (
    act_only,
    case_to,
    draw_form,
    latest_version,
    out_of_place,
    user_of,
    visible_case,
)
from cases.views.uploading import read_uploads, upload_view
from cases.workflow import ACTS, NotAllowed

# What a browser shows of a stranger's file: it may load nothing, run nothing, and is on no site.
SHOWN = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@upload_view
def keep_document(request: HttpRequest, pk: int) -> HttpResponse:
    case = case_to(Act.KEEP_DOCUMENT, request, pk)
    if elsewhere := out_of_place(Act.KEEP_DOCUMENT, request, case):
        return elsewhere
    handler = DocumentUploadHandler(request)
    return read_uploads(request, handler, lambda request: _receive(request, case, handler))


def _receive(request: HttpRequest, case: Case, handler: DocumentUploadHandler) -> HttpResponse:
    posted = request.method == "POST"
    today = timezone.localdate()
    form = DocumentsForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"version": case.version, "kind": DocumentKind.EVIDENCE},
        case=case,
        today=today,
        refusal=handler.refusal,
    )
    if form.is_valid():
        keep = partial(
            workflow.keep_documents,
            case,
            by=user_of(request),
            today=today,
            **form.cleaned_data,
        )
        if kept := attempt(form, keep, latest_version(case)):
            return acted(request, case, f"已存入 {len(kept)} 份材料。")
    context = act_context(case, ACTS[Act.KEEP_DOCUMENT].label) | bounds()
    return draw_form(request, "cases/keep_document.html", form, context)


@login_required
@never_cache
@act_only
def document(request: HttpRequest, pk: int, document: int) -> StreamingHttpResponse:
    """The file itself: it may show personal data in clear, so opening it is an act in the log.

    Pictures and PDFs are shown by the browser, in a sandbox; all else is handed over as a file.
    """
    found = document_of(visible_case(request, pk), document)
    try:
        blocks = blocks_of(found)
        workflow.open_document(found, by=user_of(request))
    except Missing as error:
        raise Http404(str(error)) from error
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    saved = "save" in request.POST or not is_inline(found.content_type)
    response = StreamingHttpResponse(blocks, content_type=found.content_type)
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = content_disposition_header(saved, found.name) or ""
    response["Content-Security-Policy"] = SHOWN
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@form_methods
def withdraw_document(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    case, today = case_to(Act.WITHDRAW_DOCUMENT, request, pk), timezone.localdate()
    if elsewhere := out_of_place(Act.WITHDRAW_DOCUMENT, request, case):
        return elsewhere
    found = document_of(case, document)
    initial = {"version": case.version}
    form = WithdrawForm(request.POST or None, initial=initial, case=case, today=today)
    if form.is_valid():
        withdraw = partial(
            workflow.withdraw_document,
            found,
            by=user_of(request),
            today=today,
            **form.cleaned_data,
        )
        if done := attempt(form, withdraw, latest_version(case)):
            return acted(request, done, f"“{found.name}”已撤下，仍可查看。")
    context = act_context(case, ACTS[Act.WITHDRAW_DOCUMENT].label)
    page = {"grave": True, "rule": f"“{found.name}”撤下后划去，连同原因保留，仍可查看。"}
    return draw_form(request, "cases/act.html", form, context | page)


def document_of(case: Case, pk: int) -> Document:
    """The document of this id, or 404 when the case has none such."""
    documents = case.documents.select_related("case__department", "supersedes")
    return get_object_or_404(documents, pk=pk)


def empty_form(case: Case, today: date) -> dict[str, Any]:
    """The form on the page of the case: what was wrong with it stands on the page of its own."""
    initial = {"version": case.version, "kind": DocumentKind.EVIDENCE}
    form = DocumentsForm(initial=initial, case=case, today=today, auto_id="doc_%s")
    return {"documents_form": form, "most_bytes": bounds()["most_bytes"]}


def bounds() -> dict[str, Any]:
    """How much a form says may be handed in."""
    limits = Limits.from_settings()
    return {"most_bytes": megabytes(limits.max_bytes), "multipart": True}
