"""The sweep: a message can be lost and a worker can die, a run cannot."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone

from cases import jobs, tasks
from cases.choices import JobState
from cases.jobs import Product
from cases.models import Job

pytestmark = pytest.mark.django_db
MOMENT = timedelta(seconds=1)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    ids: list[int] = []

    def send_task(name: str, args: list[int]) -> None:
        ids.extend(args)

    monkeypatch.setattr(current_app, "send_task", send_task)
    return ids


def make_job(key: str = "a", **fields: Any) -> Job:
    job = jobs.request_job(task="t", key=key, title="统计", params={}, by=None)
    Job.objects.filter(pk=job.pk).update(**fields)
    return Job.objects.get(pk=job.pk)


def ago(span: timedelta) -> datetime:
    return timezone.now() - span


def test_a_job_whose_message_was_lost_is_queued_again(sent: list[int]) -> None:
    job = make_job(queued_at=ago(jobs.LOST_AFTER + MOMENT))
    assert jobs.sweep() == (1, 0)
    assert sent == [job.pk]
    assert Job.objects.get().queued_at > ago(MOMENT * 5)  # and not again half a minute later
    assert jobs.sweep() == (0, 0)


def test_a_job_queued_just_now_is_left_alone(sent: list[int]) -> None:
    make_job(queued_at=ago(jobs.LOST_AFTER - 5 * MOMENT))
    assert jobs.sweep() == (0, 0) and sent == []


def test_a_run_whose_worker_died_is_queued_again(sent: list[int]) -> None:
    job = make_job(state=JobState.RUNNING, attempts=1, heartbeat_at=ago(jobs.DEAD_AFTER + MOMENT))
    assert jobs.sweep() == (1, 0)
    assert sent == [job.pk]
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.QUEUED, "执行中断，重新排队")
    jobs.run_job(job.pk, lambda *_: Product({}))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_run_whose_heart_beats_is_left_alone(sent: list[int]) -> None:
    make_job(
        state=JobState.RUNNING,
        attempts=1,
        started_at=ago(timedelta(hours=1)),
        heartbeat_at=ago(jobs.DEAD_AFTER - 5 * MOMENT),
    )
    assert jobs.sweep() == (0, 0) and sent == []


@pytest.mark.parametrize(
    ("attempts", "state"),
    [
        (jobs.MAX_ATTEMPTS - 1, JobState.QUEUED),
        (jobs.MAX_ATTEMPTS, JobState.FAILED),
    ],
)
def test_a_run_that_keeps_dying_fails_after_three_attempts(
    sent: list[int], attempts: int, state: JobState
) -> None:
    dead = ago(jobs.DEAD_AFTER + MOMENT)
    job = make_job(state=JobState.RUNNING, attempts=attempts, heartbeat_at=dead)
    jobs.sweep()
    job.refresh_from_db()
    assert job.state == state
    if state == JobState.FAILED:
        assert job.error == "执行中断 3 次，已停止重试。"
        assert job.finished_at and sent == []


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED])
def test_what_has_ended_stays_as_it_is(sent: list[int], state: JobState) -> None:
    old = ago(timedelta(days=3))
    job = make_job(state=state, queued_at=old, heartbeat_at=old)
    assert jobs.sweep() == (0, 0) and sent == []
    job.refresh_from_db()
    assert job.state == state


def test_one_sweep_sees_to_all(sent: list[int]) -> None:
    dead = ago(jobs.DEAD_AFTER + MOMENT)
    lost = make_job("lost", queued_at=ago(jobs.LOST_AFTER + MOMENT))
    died = make_job("died", state=JobState.RUNNING, attempts=1, heartbeat_at=dead)
    make_job("hopeless", state=JobState.RUNNING, attempts=3, heartbeat_at=dead)
    make_job("fresh")
    assert jobs.sweep() == (2, 1)
    assert sorted(sent) == [lost.pk, died.pk]


def test_beat_asks_for_the_sweep(sent: list[int]) -> None:
    schedule = settings.CELERY_BEAT_SCHEDULE.values()
    assert tasks.sweep_jobs.name in [entry["task"] for entry in schedule]
    job = make_job(queued_at=ago(jobs.LOST_AFTER + MOMENT))
    tasks.sweep_jobs()
    assert sent == [job.pk]
