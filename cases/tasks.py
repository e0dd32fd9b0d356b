"""Work that beat and the pages ask for."""

import time
from functools import partial

from celery import shared_task
from django.utils import timezone

from cases import export_jobs, jobs, reminding
from cases.documents import handler as documents
from cases.folders import requests as folders
from cases.imports import acts, handler, work


@shared_task
def sweep_jobs() -> None:
    """Every half minute: no run is lost with its message or its worker, and nothing is kept that
    should not be: old exports, ledgers that nobody confirmed, halves of uploads."""
    jobs.sweep()
    export_jobs.delete_old_files(timezone.now())
    export_jobs.delete_old_files(timezone.now(), folders.TASK)
    acts.discard_old(timezone.now())
    handler.sweep(time.time())
    documents.sweep(time.time())


@shared_task
def export_cases(job_id: int) -> None:
    jobs.run_job(job_id, partial(export_jobs.export, on=timezone.localdate()))


@shared_task
def pack_folder(job_id: int) -> None:
    jobs.run_job(job_id, partial(folders.make_folder, on=timezone.localdate()))


@shared_task
def plan_ledger(job_id: int) -> None:
    jobs.run_job(job_id, partial(work.plan_upload, today=timezone.localdate()))


@shared_task
def import_ledger(job_id: int) -> None:
    jobs.run_job(job_id, partial(work.import_upload, today=timezone.localdate()))


@shared_task
def remind() -> None:
    """Every hour of the office's day: terms that come near or have passed (cases.reminding)."""
    on = timezone.localdate()
    reminding.remind(on)
    reminding.mail_digests(on)
