"""卷内目录 and 证据目录: what is in them, having them packed, and fetching the file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cases.export_jobs import KEPT
from cases.folders.aims import aims_for, field_of
from cases.folders.contents import Entry, contents_of, evidence_of
from cases.folders.requests import (
    TASK,
    may_fetch,
    note_fetched,
    request_evidence,
    request_folder,
)
from cases.forms.afterwards import EvidenceForm, FolderForm
from cases.forms.base import ActForm, attempt
from cases.models import Case, Job, Proceeding, User
from cases.permissions import Act, can_on
from cases.typesetting.fonts import chinese_font
from cases.views.acting import form_methods
from cases.views.base import (
    act_only,
    draw_form,
    latest_version,
    reader_of,
    user_of,
    visible_case,
)
from cases.views.jobs import hand_over, run_of
from cases.workflow import ACTS, situation_of

LATEST = 3  # files whose progress the page shows
FOLDER = (
    "归档后生成一个压缩文件：卷内目录、案卷、期限计算和全部材料，按目录的顺序编号。"
    "目录写明每份材料的大小和校验码，页码在装订后手工填写。"
)
EVIDENCE = (
    "生成一个压缩文件：证据目录、案卷、期限计算和全部材料，按目录的顺序编号。"
    "证明对象可以先改，改过的下次还在；页码在装订后手工填写。"
)
FILES = (
    "目录有 PDF 和 xlsx 两种，期限计算为 PDF，画有逐日的日历条；案卷为 HTML；文书保留 docx 原件。"
)
NO_STRIP = "这台机器没有中文字体：目录只有 xlsx，期限计算是逐日的表格，没有日历条。"
NOT_PACKED = "有 {} 份材料没有装入，原因见目录"


@login_required
@never_cache
@form_methods
def folder(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever reads the case sees the list; having it packed is an act (归档)."""
    case, user, today = visible_case(request, pk), user_of(request), timezone.localdate()
    form = FolderForm(
        request.POST if request.method == "POST" else None,
        initial={"version": case.version},
        case=case,
        today=today,
    )
    if form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(
            form,
            lambda: request_folder(case, by=user, today=today, version=version),
            latest_version(case),
        ):
            return redirect("cases:folder", case.pk)
    refusal = ACTS[Act.ARCHIVE].out_of_place(situation_of(case, on=today))
    page = {
        "title": "卷内目录",
        "crumbs": [("申请件", reverse("cases:list")), _crumb(case)],
        "refusal": refusal,
        "may_pack": not refusal and can_on(user, Act.ARCHIVE, case),
        "submit_label": ACTS[Act.ARCHIVE].label,
        "explained": FOLDER,
    }
    return _draw(request, form, page, case, contents_of(case), user)


@login_required
@never_cache
@form_methods
def proceeding_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence that goes to the review organ or the court with the organ's answer."""
    user = reader_of(request)
    visible = Proceeding.objects.visible_to(user)
    proceeding = get_object_or_404(visible.select_related("case__department"), pk=pk)
    case = proceeding.case
    if case is None:
        raise Http404("没有填写申请件编号。")
    proposed = aims_for(proceeding, case, TASK)
    entries = evidence_of(case, proposed)
    form = EvidenceForm(
        request.POST if request.method == "POST" else None,
        initial={field_of(key): words for key, words in proposed.items()},
        documents={entry.key: entry.title for entry in entries},
    )
    job = None
    if form.is_valid():
        job = attempt(form, lambda: request_evidence(proceeding, by=user, aims=form.aims()))
    if job:
        return redirect("cases:proceeding_bundle", proceeding.pk)
    page = {
        "title": f"证据目录：{proceeding}",
        "crumbs": [("复议诉讼", reverse("cases:proceedings")), _crumb(case)],
        "as_evidence": True,
        "may_pack": can_on(user, Act.ARCHIVE, case),
        "submit_label": "整理证据材料",
        "explained": EVIDENCE,
    }
    return _draw(request, form, page, case, entries, user, proceeding)


@login_required
@never_cache
@act_only
def folder_file(request: HttpRequest, job: int) -> FileResponse:
    """The file of a packed folder: it shows personal data, so fetching it is an act in the log."""
    user = user_of(request)
    found = get_object_or_404(Job, pk=job, task=TASK, requested_by=user)
    if not may_fetch(user, found):
        raise PermissionDenied("这份文件里有您现在无权查看的内容。")
    response = hand_over(found)
    note_fetched(user, found)
    return response


def _draw(
    request: HttpRequest,
    form: ActForm,
    page: dict[str, Any],
    case: Case,
    entries: list[Entry],
    user: User,
    proceeding: Proceeding | None = None,
) -> HttpResponse:
    own = Job.objects.filter(
        task=TASK,
        requested_by=user,
        params__case=case.pk,
        params__proceeding=proceeding.pk if proceeding else None,
    ).select_related("requested_by")
    context = page | {
        "case": case,
        "lines": [(entry, _field(form, entry)) for entry in entries],
        "entries": entries,
        "files": FILES if chinese_font(settings.PDF_FONT_DIR) else NO_STRIP,
        "runs": [_run(job) for job in own[:LATEST]],
        "kept_days": KEPT.days,
        "may_see": can_on(user, Act.SEE_PERSONAL_DATA, case),
    }
    return draw_form(request, "cases/folder.html", form, context)


def _crumb(case: Case) -> tuple[str, str]:
    return case.number, reverse("cases:detail", args=[case.pk])


def _field(form: ActForm, entry: Entry) -> BoundField | None:
    """Where what a document is to prove is typed, on the page that asks for it."""
    name = field_of(entry.key)
    return form[name] if name in form.fields else None


def _run(job: Job) -> dict[str, object]:
    missing = job.result.get("missing")
    return run_of(job) | ({"detail": NOT_PACKED.format(len(missing))} if missing else {})
