"""台账导入: hand a ledger in, see what it would do, match its columns, confirm, look it up."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from cases.choices import JobState, UploadState
from cases.forms.base import attempt
from cases.forms.imports import ConfirmForm, MatchForm, UploadForm
from cases.import_exports import error_workbook
from cases.imports import acts, planned, showing, work
from cases.imports.handler import LedgerUploadHandler
from cases.imports.tables import UploadTable, kept_table
from cases.jobs import JobFailed
from cases.ledger.limits import MEGABYTE, Limits
from cases.ledger.organs import importable
from cases.listing import arrange
from cases.models import Department, Job, LedgerUpload, User
from cases.permissions import Act, can, can_anywhere
from cases.views.base import act_only, draw_form, reader_of, user_of
from cases.views.jobs import run_of
from cases.views.uploading import read_uploads, upload_view
from cases.workflow import NotAllowed

BAR = "run"
NOT_AN_IMPORTER = "您的角色不导入台账。需要导入的，请与系统管理员联系开通。"
DONE_ALREADY = "这份台账已经处理过，没有再次写入。"
NOTHING = "这份预览不能写入，请先看下面的说明。"
COMPARE = "reports:ledger_table"  # by name alone: reports stand above cases
WORDS = {
    acts.PLAN_TASK: {
        JobState.QUEUED: "排队等待读取",
        JobState.RUNNING: "正在读取",
        JobState.FAILED: "没有读完",
    },
    acts.IMPORT_TASK: {
        JobState.QUEUED: "排队等待导入",
        JobState.RUNNING: "正在导入",
        JobState.FAILED: "没有导入",
    },
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    user = _importer(request)
    uploads = LedgerUpload.objects.visible_to(user).filter(department__in=importable(user, None))
    table = UploadTable(uploads)
    arrange(table, request, LedgerUpload.objects.select_related("department", "uploaded_by"))
    max_bytes = Limits.from_settings().max_bytes
    form = UploadForm(user=user, max_bytes=max_bytes, initial={"department": _own(user)})
    context = {"table": table, "form": form, "limit": _megabytes(max_bytes)}
    return render(request, "cases/imports/list.html", context)


@upload_view
def import_new(request: HttpRequest) -> HttpResponse:
    _importer(request)
    handler = LedgerUploadHandler(request, Limits.from_settings().max_bytes)
    return read_uploads(request, handler, lambda request: _receive(request, handler))


def _receive(request: HttpRequest, handler: LedgerUploadHandler) -> HttpResponse:
    user, posted = user_of(request), request.method == "POST"
    data, files = (request.POST, request.FILES) if posted else (None, None)
    form = UploadForm(
        data,
        files,
        user=user,
        max_bytes=handler.max_bytes,
        refusal=handler.refusal,
        initial={"department": _own(user)},
    )
    if form.is_valid():
        given = form.cleaned_data
        taken = attempt(
            form,
            lambda: acts.take_in(given["file"], department=given["department"], by=user),
        )
        if taken:
            upload, is_new = taken
            if not is_new:
                messages.info(request, showing.known_already(upload, timezone.now()))
            return redirect("cases:import", upload.pk)
    context = {"limit": _megabytes(handler.max_bytes)}
    return draw_form(request, "cases/imports/new.html", form, context)


@login_required
@never_cache
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview, or what came of it; to the bar that asks for itself, the bar."""
    job = acts.latest_job(pk)
    upload = visible_upload(request, pk)
    bar = request.htmx.target == BAR  # type: ignore[attr-defined]
    if bar and job and job.is_active:
        return render(request, "components/_run.html", {"run": _bar(upload, job)})
    response = _draw(request, upload, job, None)
    if bar:  # it has ended: everything on the page is new
        response["HX-Retarget"] = response["HX-Reselect"] = "#main"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    upload = visible_upload(request, pk)
    form = MatchForm(request.POST if request.method == "POST" else None, upload=upload)
    if not upload.is_waiting or not form.headings:
        messages.warning(request, "这份文件没有可以对应的列。")
        return redirect("cases:import", pk)
    if form.is_valid():
        user = user_of(request)
        if attempt(form, lambda: acts.match_columns(upload, form.matched, by=user)):
            return redirect("cases:import", pk)
    return draw_form(request, "cases/imports/columns.html", form, {"upload": upload})


@login_required
@act_only
def import_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file again, against what the system holds now."""
    upload = visible_upload(request, pk)
    return _done(request, upload, lambda: acts.request_plan(upload, by=user_of(request)))


@login_required
@act_only
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    job = acts.latest_job(pk)
    upload = visible_upload(request, pk)
    if not showing.can_be_written(upload):
        messages.warning(request, NOTHING if upload.is_waiting else DONE_ALREADY)
        return redirect("cases:import", pk)
    form = ConfirmForm(request.POST, upload=upload)
    if not form.is_valid():
        return _draw(request, upload, job, form)
    given = form.cleaned_data
    return _done(
        request,
        upload,
        lambda: acts.request_import(
            upload,
            by=user_of(request),
            digest=given["digest"],
            reason=given.get("reason", ""),
            late_reason=form.late_reason,
        ),
    )


@login_required
@act_only
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    upload = visible_upload(request, pk)
    return _done(request, upload, lambda: acts.discard(upload, by=user_of(request)))


@login_required
@never_cache
@act_only
def import_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was handed in: it holds personal data, so taking it is an act in the log."""
    upload = visible_upload(request, pk)
    if not upload.file:
        raise Http404
    try:
        content = work.content_of(upload)
        acts.open_original(upload, by=user_of(request))
    except JobFailed as error:
        raise Http404 from error
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    return _file(content, upload.file_name, "application/octet-stream")


@login_required
@never_cache
@require_safe
def import_errors(request: HttpRequest, pk: int) -> FileResponse:
    upload = visible_upload(request, pk)
    errors = planned.KeptRows(upload, planned.ERRORS)
    if not errors:
        raise Http404
    return _file(error_workbook(errors, len(errors)), f"错误清单 {upload.pk}.xlsx", XLSX)


def visible_upload(request: HttpRequest, pk: int) -> LedgerUpload:
    """404 outside the user's scope, 403 where the user reads and does not import."""
    user = reader_of(request)
    uploads = LedgerUpload.objects.visible_to(user)
    upload = get_object_or_404(
        uploads.select_related("department", "uploaded_by", "imported__imported_by"), pk=pk
    )
    if not can(user, Act.IMPORT_LEDGER, upload.department):
        raise PermissionDenied(f"您没有为{upload.department}导入台账的权限。")
    return upload


def _importer(request: HttpRequest) -> User:
    user = user_of(request)
    if not can_anywhere(user, Act.IMPORT_LEDGER):
        raise PermissionDenied(NOT_AN_IMPORTER)
    return user


def _own(user: User) -> Department | None:
    """Where the user's first role that imports stands."""
    paths = [held.path for held in user.held_roles]
    own = importable(user, None).filter(path__in=paths)
    return own.order_by("path").first()


def _draw(
    request: HttpRequest, upload: LedgerUpload, job: Job | None, form: ConfirmForm | None
) -> HttpResponse:
    """The page of the upload; `form` is a confirmation that was handed in and not accepted."""
    running = job is not None and job.is_active
    failed = job is not None and job.state == JobState.FAILED and upload.is_waiting
    context: dict[str, Any] = {
        "upload": upload,
        "run": _bar(upload, job) if job and (running or failed) else None,
        "running": running,
        "notes": showing.notes_of(upload, user_of(request)),
        "may_match": upload.is_waiting and bool(upload.found.get("headings")) and not running,
        "compare_url": reverse(COMPARE, args=[upload.pk]) if showing.has_figures(upload) else "",
    }
    if showing.was_planned(upload):
        chosen = showing.chosen_list(upload, request.GET.get("show", ""))
        context |= {
            "counts": showing.counts_of(upload, chosen),
            "unchanged": showing.unchanged(upload),
            "list_title": showing.title_of(upload, chosen),
        }
        kept = upload.rows.name or ""
        if kept and showing.has_lists(upload) and upload.rows.storage.exists(kept):
            context["table"] = kept_table(upload, chosen, request)
        if upload.state == UploadState.IMPORTED:
            context["result"] = showing.result_of(upload)
        elif upload.is_waiting and not running:
            context["verdict"] = showing.verdict(upload)
            if showing.can_be_written(upload):
                digest = upload.found["digest"]
                context["form"] = form or ConfirmForm(upload=upload, initial={"digest": digest})
    return render(request, "cases/imports/detail.html", context)


def _bar(upload: LedgerUpload, job: Job) -> dict[str, object]:
    state = JobState(job.state)
    return run_of(job) | {
        "id": BAR,
        "url": reverse("cases:import", args=[upload.pk]),
        "text": WORDS[job.task].get(state, state.label),
    }


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.0f} MB"


def _file(content: bytes, name: str, content_type: str) -> FileResponse:
    return FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type=content_type
    )


def _done(request: HttpRequest, upload: LedgerUpload, act: Callable[[], Any]) -> HttpResponse:
    """Do it and go to the upload's page, which shows how far it is; or say why it was not done."""
    try:
        act()
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    return redirect("cases:import", upload.pk)
