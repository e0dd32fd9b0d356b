"""What may be done with an uploaded ledger. Every act checks, writes and is in the log.

`NotAllowed` carries the sentence for a user whose role or whose upload does not allow the act.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.fields.files import FieldFile

from cases import audit, jobs
from cases.choices import UploadState
from cases.models import Department, Job, LedgerUpload, User
from cases.models.job import ACTIVE
from cases.models.ledger import WAITING
from cases.permissions import Act, can
from cases.receiving import ReceivedFile
from cases.workflow import NotAllowed

PLAN_TASK, IMPORT_TASK = "cases.tasks.plan_ledger", "cases.tasks.import_ledger"
LONGEST_NAME = 200  # characters of a file's name
LONGEST_HEADER = 200  # characters; a longer heading is matched, and not remembered
READING = "正在读取这份文件，请等它结束再对应列名。"
CHANGED = "预览刚才已经更新，请核对后再确认。"

# Folded header → key of a column, "" to pass it over, None to leave it as it is called.
Matched = Mapping[str, str | None]


def take_in(
    received: ReceivedFile, *, department: Department, by: User
) -> tuple[LedgerUpload, bool]:
    """Keep what was received and have it read; the upload, and whether it is a new one.

    The same file of the same user, handed in again while the first is still waiting, is that one,
    read anew: since then the system may hold something else.
    """
    _may_import(by, department)
    same = LedgerUpload.objects.filter(
        sha256=received.sha256, department=department, uploaded_by=by, state__in=WAITING
    )
    if found := same.first():
        _plan_again(found, by=by)
        return found, False
    name = f"ledgers/{uuid4().hex}"
    try:
        with transaction.atomic():
            upload = LedgerUpload.objects.create(
                department=department,
                file_name=_shortened(received.name or ""),
                sha256=received.sha256,
                size=received.size or 0,
                file=name,
                matched=dict(department.heading_matches.values_list("header", "key")),
                uploaded_by=by,
            )
            audit.record(by=by, act="上传台账", target=upload, after=_told(upload))
            request_plan(upload, by=by)
            received.path.rename(upload.file.path)
    except IntegrityError:  # sent twice at the same moment
        if found := same.first():
            return found, False
        raise
    return upload, True


def _plan_again(upload: LedgerUpload, *, by: User) -> None:
    if not active_job(upload, IMPORT_TASK):  # it looks for itself before it writes
        request_plan(upload, by=by)


def request_plan(upload: LedgerUpload, *, by: User) -> Job:
    """Have the file read and laid beside the database; asked twice at once, it is one job."""
    _may_import(by, upload.department)
    _still_waiting(upload)
    return jobs.request_job(
        task=PLAN_TASK,
        key=f"{PLAN_TASK}:{upload.pk}",
        title=f"读取台账 {upload.file_name}"[:200],
        params={"upload": upload.pk},
        by=by,
        department=upload.department,
    )


@transaction.atomic
def match_columns(upload: LedgerUpload, matched: Matched, *, by: User) -> Job:
    """Read the file with these matches, and remember them for the department's next file."""
    _may_import(by, upload.department)
    locked = _locked(upload)
    _still_waiting(locked)
    if active_job(locked, PLAN_TASK):  # it would go on without these matches
        raise NotAllowed(READING)
    before = locked.matched
    locked.matched = {header: key for header, key in matched.items() if key is not None}
    locked.save(update_fields=["matched"])
    _remember(locked.department, matched)
    audit.record(by=by, act="对应台账的列", target=locked, before=before, after=locked.matched)
    return request_plan(locked, by=by)


@transaction.atomic
def request_import(
    upload: LedgerUpload, *, by: User, digest: str, reason: str, late_reason: str = ""
) -> Job:
    """Have written what the preview of this `digest` shows; `reason` where the ledger goes first,
    `late_reason` where it changes a sealed year.

    Pressed twice, or by two people at once, it is one job.
    """
    _may_import(by, upload.department)
    locked = _locked(upload)
    _still_waiting(locked)
    if locked.state != UploadState.PLANNED or locked.found.get("digest") != digest:
        raise NotAllowed(CHANGED)
    return jobs.request_job(
        task=IMPORT_TASK,
        key=f"{IMPORT_TASK}:{locked.pk}",
        title=f"导入台账 {locked.file_name}"[:200],
        params={
            "upload": locked.pk,
            "digest": digest,
            "reason": reason,
            "late_reason": late_reason,
        },
        by=by,
        department=locked.department,
    )


@transaction.atomic
def discard(upload: LedgerUpload, *, by: User) -> None:
    """Give the upload up and delete its file; that it was there stays known."""
    _may_import(by, upload.department)
    locked = _locked(upload)
    _still_waiting(locked)
    if active_job(locked, IMPORT_TASK):
        raise NotAllowed("正在导入，不能放弃，请等它结束。")
    locked.state = UploadState.DISCARDED
    let_go(locked, "state")
    audit.record(by=by, act="放弃导入台账", target=locked, after=_told(locked))


def discard_old(now: datetime) -> int:
    """Give up what was never confirmed, `LEDGER_KEEP_DAYS` after it was handed in; how many."""
    days: int = settings.LEDGER_KEEP_DAYS
    old = LedgerUpload.objects.filter(state__in=WAITING, uploaded_at__lt=now - timedelta(days=days))
    return sum(_discard_unconfirmed(upload, days) for upload in old)


@transaction.atomic
def _discard_unconfirmed(upload: LedgerUpload, days: int) -> bool:
    locked = _locked(upload)
    if not locked.is_waiting or active_job(locked, PLAN_TASK) or active_job(locked, IMPORT_TASK):
        return False
    locked.state = UploadState.DISCARDED
    locked.refusal = f"上传后 {days} 天没有确认，文件已删除，没有写入任何内容。"
    let_go(locked, "state", "refusal")
    audit.record(by=None, act="放弃导入台账", target=locked, after=_told(locked))
    return True


@transaction.atomic
def refuse(upload: LedgerUpload, reason: str) -> None:
    """The file cannot be read: its user is told why, and it is not kept."""
    locked = _locked(upload)
    if locked.is_waiting:
        locked.state, locked.refusal = UploadState.REFUSED, reason
        let_go(locked, "state", "refusal")


def open_original(upload: LedgerUpload, *, by: User) -> None:
    """Put into the log that `by` takes a copy of the file, which holds personal data in clear."""
    _may_import(by, upload.department)
    if not can(by, Act.SEE_PERSONAL_DATA, upload.department):
        raise NotAllowed("您的角色不查看申请人的完整信息，不能下载台账原件。")
    audit.record(by=by, act="下载台账原件", target=upload, after=_told(upload))


def latest_job(pk: int) -> Job | None:
    """The last thing that was, or is being, done with the upload of this id.

    Whoever shows both asks for the job first: one that has ended by then has left its mark.
    """
    keys = [f"{task}:{pk}" for task in (PLAN_TASK, IMPORT_TASK)]
    return Job.objects.filter(key__in=keys).select_related("requested_by").first()


def active_job(upload: LedgerUpload, task: str) -> Job | None:
    return Job.objects.filter(key=f"{task}:{upload.pk}", state__in=ACTIVE).first()


def let_go(upload: LedgerUpload, *fields: str) -> None:
    """Save `fields` and delete both files once that is certain."""
    for kept in (upload.file, upload.rows):
        delete_later(kept)
    upload.file = upload.rows = ""
    upload.save(update_fields=[*fields, "file", "rows"])


def delete_later(kept: FieldFile) -> None:
    """When the transaction has ended well: until then the row still names the file."""
    if name := kept.name:
        storage = kept.storage
        transaction.on_commit(lambda: storage.delete(name))


def _may_import(user: User, department: Department) -> None:
    if not can(user, Act.IMPORT_LEDGER, department):
        raise NotAllowed(f"您没有为{department}导入台账的权限。")


def _remember(department: Department, matched: Matched) -> None:
    for header, key in matched.items():
        if len(header) > LONGEST_HEADER:
            continue
        if key is None:
            department.heading_matches.filter(header=header).delete()
        else:
            department.heading_matches.update_or_create(header=header, defaults={"key": key})


def _locked(upload: LedgerUpload) -> LedgerUpload:
    uploads = LedgerUpload.objects.select_for_update(of=("self",)).select_related("department")
    return uploads.get(pk=upload.pk)


def _still_waiting(upload: LedgerUpload) -> None:
    if upload.state == UploadState.IMPORTED:
        raise NotAllowed("这份台账已经导入。")
    if not upload.is_waiting:
        raise NotAllowed(f"这份台账{upload.get_state_display()}，请重新上传。")


def _told(upload: LedgerUpload) -> dict[str, object]:
    """For the log."""
    return {
        "department": str(upload.department),
        "file_name": upload.file_name,
        "sha256": upload.sha256,
        "size": upload.size,
    }


def _shortened(name: str) -> str:
    """A name that fits, its ending kept."""
    path = Path(name)
    return name if len(name) <= LONGEST_NAME else path.stem[: LONGEST_NAME - 10] + path.suffix[:10]
