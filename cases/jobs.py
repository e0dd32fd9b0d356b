"""Ask for a job, do it once, and never lose it.

A page asks (`request_job`), the task is queued after commit and does its work through `run_job`.
A message that is lost, or a worker that dies, is found by `sweep`: the row is the truth, the
message only a hint that there is work.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from cases.choices import JobState
from cases.models import Department, Job, User
from cases.models.job import ACTIVE

logger = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=10)
LOST_AFTER = timedelta(seconds=60)  # queued so long and not claimed: its message is lost
DEAD_AFTER = timedelta(seconds=90)  # running without a heartbeat so long: its worker is gone
MAX_ATTEMPTS = 3


class JobFailed(Exception):
    """Work that cannot be done; the message is shown to whoever asked."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One claim of a job: a worker wrongly given up for dead speaks for its own, no later one."""

    job_id: int
    number: int

    def update(self, **fields: Any) -> bool:
        """Write to the job while this attempt is the running one; False when it no longer is."""
        running = Job.objects.filter(pk=self.job_id, state=JobState.RUNNING, attempts=self.number)
        return bool(running.update(**fields))


@dataclass(frozen=True, slots=True)
class Progress:
    """Tells how far a job is, in a transaction of its own."""

    attempt: Attempt

    def __call__(self, percent: int, message: str) -> None:
        self.attempt.update(percent=percent, message=message, heartbeat_at=timezone.now())


@dataclass(frozen=True, slots=True)
class Product:
    """What a job gives: facts for the page, and a file if it made one."""

    result: dict[str, Any]
    file_name: str = ""
    content: bytes = b""


def request_job(
    *,
    task: str,
    key: str,
    title: str,
    params: dict[str, Any],
    by: User | None,
    department: Department | None = None,
) -> Job:
    """Queue `task` with the id of a new job; while one of the same `key` is active, that one."""
    try:
        with transaction.atomic():
            job = Job.objects.create(
                task=task,
                key=key,
                title=title,
                params=params,
                requested_by=by,
                department=department,
                queued_at=timezone.now(),
            )
    except IntegrityError:
        active = Job.objects.filter(key=key, state__in=ACTIVE).first()
        if active is None:  # it ended in between
            return request_job(
                task=task, key=key, title=title, params=params, by=by, department=department
            )
        return active
    transaction.on_commit(lambda: _send(job))
    return job


def run_job(job_id: int, work: Callable[[Job, Progress], Product]) -> None:
    """Claim the job, do `work`, end DONE or FAILED. A second delivery finds nothing to claim."""
    claimed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        started_at=timezone.now(),
        heartbeat_at=timezone.now(),
        attempts=F("attempts") + 1,
        percent=0,
        message="开始",
        error="",
    )
    if not claimed:
        logger.info("job %s is already claimed or finished", job_id)
        return
    job = Job.objects.get(pk=job_id)
    attempt = Attempt(job_id, job.attempts)
    try:
        with _Heart(attempt):
            product = work(job, Progress(attempt))
        _finish(job, attempt, product)
    except JobFailed as error:
        _fail(attempt, str(error))
    except SoftTimeLimitExceeded:
        _fail(attempt, "执行时间过长，已停止。")
    except Exception as error:
        logger.exception("job %s failed", job_id)
        _fail(attempt, f"{type(error).__name__}：{error}")


def sweep() -> tuple[int, int]:
    """Queue again what was lost, fail what keeps dying; (queued again, failed)."""
    now = timezone.now()
    lost = Job.objects.filter(state=JobState.QUEUED, queued_at__lt=now - LOST_AFTER)
    dead = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - DEAD_AFTER)
    failed = dead.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED,
        error=f"执行中断 {MAX_ATTEMPTS} 次，已停止重试。",
        finished_at=now,
    )
    dead.update(state=JobState.QUEUED, queued_at=now - 2 * LOST_AFTER, message="执行中断，重新排队")
    again = list(lost)
    for job in again:
        lost.filter(pk=job.pk).update(queued_at=now)
        _send(job)
    return len(again), failed


def _send(job: Job) -> None:
    try:
        current_app.send_task(job.task, args=[job.pk])
    except (OperationalError, OSError):
        # The row stays queued: the sweep sends it when the broker is back.
        logger.warning("job %s could not be queued, the sweep will", job.pk)


def _finish(job: Job, attempt: Attempt, product: Product) -> None:
    fields: dict[str, Any] = {
        "result": product.result,
        "percent": 100,
        "message": "完成",
        "state": JobState.DONE,
        "finished_at": timezone.now(),
    }
    if product.content:
        # Stored under a short name: a department's own may be longer than a file system takes.
        name = f"{job.pk}{Path(product.file_name).suffix}"
        job.file.save(name, ContentFile(product.content), save=False)
        fields |= {"file": job.file.name, "file_name": product.file_name}
    if not attempt.update(**fields) and product.content:
        job.file.delete(save=False)


def _fail(attempt: Attempt, message: str) -> None:
    attempt.update(state=JobState.FAILED, error=message, finished_at=timezone.now())


class _Heart:
    """Beats from a thread of its own while the work holds this one."""

    def __init__(self, attempt: Attempt) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, args=(attempt,), daemon=True)

    def _beat(self, attempt: Attempt) -> None:
        while not self._stop.wait(HEARTBEAT.total_seconds()):
            try:
                attempt.update(heartbeat_at=timezone.now())
            except DatabaseError:  # a busy database costs one beat, not the job
                logger.warning("job %s missed a heartbeat", attempt.job_id)
                connection.close()
        connection.close()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=HEARTBEAT.total_seconds())
