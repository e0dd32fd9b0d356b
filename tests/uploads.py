"""Ledgers handed in by page, in tests: the browser's part, and the worker's."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases import tasks
from cases.choices import JobState
from cases.imports import acts
from cases.models import Department, Job, LedgerUpload

WORKERS = {acts.PLAN_TASK: tasks.plan_ledger, acts.IMPORT_TASK: tasks.import_ledger}


def hand_in(client: Client, content: bytes, department: Department, name: str = "台账.xlsx") -> Any:
    """What the form sends, and the answer."""
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("cases:import_new"), {"department": department.pk, "file": file})


def do_jobs() -> list[Job]:
    """Do what is queued, as the worker does; the jobs as they ended."""
    queued = list(Job.objects.filter(state=JobState.QUEUED, task__in=WORKERS).order_by("pk"))
    for job in queued:
        WORKERS[job.task](job.pk)
        job.refresh_from_db()
    return queued


def planned(
    client: Client, content: bytes, department: Department, name: str = "台账.xlsx"
) -> LedgerUpload:
    """Handed in and read."""
    answer = hand_in(client, content, department, name)
    assert answer.status_code == 302, answer.content.decode()
    do_jobs()
    return LedgerUpload.objects.latest("pk")


def confirm(client: Client, upload: LedgerUpload, **said: Any) -> Any:
    """Press the button under the preview that is shown now."""
    upload.refresh_from_db()
    address = reverse("cases:import_confirm", args=[upload.pk])
    return client.post(address, {"digest": upload.found.get("digest", ""), **said})


def imported(
    client: Client, content: bytes, department: Department, name: str = "台账.xlsx"
) -> LedgerUpload:
    """Handed in, read, confirmed and written."""
    upload = planned(client, content, department, name)
    confirm(client, upload)
    (job,) = do_jobs()
    assert job.state == JobState.DONE, job.error
    upload.refresh_from_db()
    return upload


def files() -> list[Path]:
    """All that lies where uploads are kept."""
    return [path for path in _folder().rglob("*") if path.is_file()]


def forget_files() -> None:
    """Those of the tests before, whose rows are gone."""
    shutil.rmtree(_folder(), ignore_errors=True)


def _folder() -> Path:
    return Path(settings.FILES_DIR) / "ledgers"
