"""The two jobs of an upload: read and plan it; import what was confirmed. Both may run twice."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction

from cases import sealed
from cases.choices import UploadState
from cases.imports import acts, planned
from cases.imports.figures import figures_of
from cases.imports.handler import incoming
from cases.jobs import JobFailed, Product, Progress
from cases.ledger import (
    LedgerError,
    Limits,
    NoLedgerFound,
    Overtaken,
    Plan,
    plan_import,
    read_ledger,
    save_import,
)
from cases.models import ImportedLedger, Job, LedgerUpload, User

MOVED = "预览之后系统里的内容有了变动，未写入任何内容；预览已经更新，请核对后再确认。"
GONE = "上传的文件已不在，请重新上传。"
DAMAGED = "保存的文件与上传时不同，不能导入，请重新上传。"


def plan_upload(job: Job, progress: Progress, *, today: date) -> Product:
    """Read the file and keep what it would do; one that cannot be read is refused, and let go."""
    upload = _upload_of(job)
    if not upload.is_waiting:
        return Product({})
    try:
        _keep(upload, _planned(upload, progress, by=job.requested_by, today=today), job)
    except NoLedgerFound as error:
        if not error.headings:
            acts.refuse(upload, str(error))
        else:  # perhaps it is one, in words that only a person can match
            found = {"unknown": str(error), "headings": planned.headings(error.headings)}
            _store(upload, found)
    except LedgerError as error:
        acts.refuse(upload, str(error))
    return Product({})


def import_upload(job: Job, progress: Progress, *, today: date) -> Product:
    """Write what was confirmed, if the file still does that and nothing else."""
    upload, by = _upload_of(job), job.requested_by
    if upload.state != UploadState.PLANNED:
        return Product({})
    if written := _written_before(upload, by):
        _mark(upload, written)
        return Product({})
    try:
        plan = _planned(upload, progress, by=by, today=today)
        if planned.digest(plan, upload.matched) != job.params["digest"]:
            _keep(upload, plan, job)
            raise JobFailed(MOVED)
        progress(70, "写入")
        take_over, late = job.params["reason"], job.params.get("late_reason", "")
        saved = save_import(plan, by=by, today=today, take_over=take_over, late_reason=late)
    except Overtaken as error:
        plan_upload(job, progress, today=today)
        raise JobFailed(MOVED) from error
    except LedgerError as error:
        raise JobFailed(str(error)) from error
    _mark(upload, saved)
    return Product({})


def content_of(upload: LedgerUpload) -> bytes:
    """The file as it was handed in; raises `JobFailed` when it is not there any more."""
    try:
        with Path(upload.file.path).open("rb") as file:
            content = b"".join(sealed.blocks(file))
    except FileNotFoundError as error:
        raise JobFailed(GONE) from error
    if sha256(content).hexdigest() != upload.sha256:
        raise JobFailed(DAMAGED)
    return content


def _upload_of(job: Job) -> LedgerUpload:
    return LedgerUpload.objects.select_related("department").get(pk=job.params["upload"])


def _planned(upload: LedgerUpload, progress: Progress, *, by: User | None, today: date) -> Plan:
    """Raises `LedgerError` for a file that cannot be read, `JobFailed` for one that is gone."""
    progress(5, "读取文件")
    ledger = read_ledger(
        content_of(upload),
        file_name=upload.file_name,
        today=today,
        department_needed=not upload.department.holds_cases,
        limits=Limits.from_settings(),
        matched=upload.matched,
    )
    rows = len(ledger.cases) + len(ledger.proceedings)
    progress(40, f"已读 {rows} 行，与系统里的记录对照")
    return plan_import(ledger, by=by, department=upload.department)


def _keep(upload: LedgerUpload, plan: Plan, job: Job) -> None:
    """Keep the plan in the place of the one before."""
    found = planned.summary(plan, upload.matched)
    if not plan.problems:
        found["figures"] = figures_of(
            plan.ledger, by=job.requested_by, department=upload.department
        )
    rows = incoming() / uuid4().hex  # where the sweep finds it if this worker dies
    with sealed.create(rows) as file:
        found["rows"] = planned.keep_rows(plan, file)
    _store(upload, found, rows)


@transaction.atomic
def _store(upload: LedgerUpload, found: dict[str, Any], rows: Path | None = None) -> None:
    locked = LedgerUpload.objects.select_for_update().get(pk=upload.pk)
    if not locked.is_waiting:  # given up, or imported, meanwhile
        if rows:
            rows.unlink()
        return
    acts.delete_later(locked.rows)
    locked.rows = f"ledgers/{rows.name}" if rows else ""
    locked.found, locked.state = found, UploadState.PLANNED
    locked.save(update_fields=["rows", "found", "state"])
    if rows:
        rows.rename(locked.rows.path)


def _written_before(upload: LedgerUpload, by: User | None) -> ImportedLedger | None:
    """What an earlier run of this job wrote before its worker died."""
    later = ImportedLedger.objects.filter(
        sha256=upload.sha256, imported_by=by, upload=None, pk__gt=upload.found["last_import"]
    )
    return later.first()


def _mark(upload: LedgerUpload, saved: ImportedLedger | None) -> None:
    LedgerUpload.objects.filter(pk=upload.pk).update(state=UploadState.IMPORTED, imported=saved)
