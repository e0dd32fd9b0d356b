"""A job's state, as a page or as the bar that htmx asks for once a second, and its file."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases import export_jobs
from cases.choices import JobState
from cases.folders import requests as folders
from cases.models import Department, Job, User
from cases.permissions import Act, can
from cases.views.base import user_of

PERCENT = 100
_FILE_OF = {folders.TASK: "cases:folder_file"}  # files that are fetched by an act in the log


@login_required
@never_cache
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible_job(user_of(request), pk)
    htmx = request.htmx  # type: ignore[attr-defined]
    run = run_of(found)
    if not htmx or htmx.history_restore_request:
        return render(request, "cases/job.html", {"job": found, "run": run})
    response = render(request, "components/_run.html", {"run": run})
    if found.state == JobState.DONE:
        response["HX-Refresh"] = "true"  # what it made belongs on the page that asked for it
    return response


@login_required
@never_cache
@require_safe
def job_file(request: HttpRequest, pk: int) -> FileResponse:
    """Only who may see the table may have its file, whoever asked for it; an export only who asked
    for it, and only while they may still read what is in it.
    """
    user = user_of(request)
    found = _visible_job(user, pk)
    if found.task == export_jobs.TASK and not export_jobs.may_fetch(user, found):
        raise PermissionDenied("这份文件里有您现在无权查看的内容。请重新导出。")
    if found.department and not can(user, Act.SEE_TABLE, found.department):
        raise PermissionDenied("您没有查看这份文件的权限。")
    if found.task == folders.TASK:  # fetched by an act of its own: cases.views.folders
        raise Http404
    return hand_over(found)


def hand_over(job: Job) -> FileResponse:
    """The file of a job that is done, to be saved; 404 where there is none (any more)."""
    if job.state != JobState.DONE or not job.file:
        raise Http404
    try:
        content = job.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=job.file_name)


def run_of(job: Job) -> dict[str, object]:
    """The state of a job as templates/components/_run.html shows it."""
    asked_at = timezone.localtime(job.requested_at)
    return {
        "state": job.state,
        "text": f"{job.title}：{job.get_state_display()}",
        "done": job.percent,
        "total": PERCENT,
        "detail": job.message,
        "error": job.error if job.state == JobState.FAILED else "",
        "by": f"{job.requested_by or '系统'} {asked_at:%m-%d %H:%M}",
        "url": reverse("cases:job", args=[job.pk]),
        "id": f"run-{job.pk}",
        "file_url": reverse(_FILE_OF.get(job.task, "cases:job_file"), args=[job.pk])
        if job.file
        else "",
        "file_post": job.task in _FILE_OF,
        "file_text": f"下载 {job.file_name}",
    }


def _visible_job(user: User, pk: int) -> Job:
    """Who asked for it sees how it goes; so does whoever may see its department's tables."""
    found = get_object_or_404(Job.objects.select_related("department", "requested_by"), pk=pk)
    if found.requested_by_id == user.pk:
        return found
    department = found.department
    if (
        department is None
        or not Department.objects.visible_to(user).filter(pk=department.pk).exists()
    ):
        raise Http404
    if not can(user, Act.SEE_TABLE, department):
        raise PermissionDenied("您没有查看这项任务的权限。")
    return found
