"""Jobs: asked for once, claimed once, always ended, never lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from cases import jobs
from cases.choices import JobState
from cases.jobs import JobFailed, Product, Progress, request_job, run_job, sweep
from cases.models import Job
from cases.tasks import sweep_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def sent() -> Iterator[list[int]]:
    """The ids of the jobs whose messages were sent."""
    ids: list[int] = []
    with patch.object(jobs, "current_app") as app:
        app.send_task = lambda task, args: ids.append(args[0])
        yield ids


def ask(key: str = "k") -> Job:
    return request_job(task="t", key=key, title="统计", params={"year": 2020}, by=None)


def reread(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_is_sent_after_the_transaction_commits(
    sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        job = ask()
    assert job.state == JobState.QUEUED
    assert sent == []
    for callback in callbacks:
        callback()
    assert sent == [job.pk]


def test_asked_for_twice_it_is_one_job(
    sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first, second = ask(), ask()
        other = ask("other")
    assert first == second != other
    assert sent == [first.pk, other.pk]


def test_when_it_has_ended_it_can_be_asked_for_again(sent: list[int]) -> None:
    first = ask()
    run_job(first.pk, lambda job, progress: Product({}))
    assert ask() != first


def test_a_finished_job_keeps_what_it_found_and_its_file() -> None:
    job = ask()

    def work(job: Job, progress: Progress) -> Product:
        progress(40, "统计 29 个单位")
        assert (reread(job).percent, reread(job).message) == (40, "统计 29 个单位")
        return Product({"cases": 207}, "年度表.xlsx", b"content")

    run_job(job.pk, work)
    job = reread(job)
    assert (job.state, job.percent, job.error) == (JobState.DONE, 100, "")
    assert job.result == {"cases": 207}
    assert job.file_name == "年度表.xlsx"
    assert job.file.read() == b"content"
    assert job.started_at and job.finished_at and job.attempts == 1


def test_delivered_twice_it_is_done_once() -> None:
    job, done = ask(), []

    def work(job: Job, progress: Progress) -> Product:
        done.append(job.pk)
        run_job(job.pk, work)  # the second delivery, while the first is at work
        return Product({})

    run_job(job.pk, work)
    run_job(job.pk, work)
    assert done == [job.pk]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (JobFailed("2018 年没有年度报告格式。"), "2018 年没有年度报告格式。"),
        (ValueError("坏了"), "ValueError：坏了"),
        (MemoryError(), "MemoryError：…"),
    ],
)
def test_a_job_that_raises_ends_failed_with_its_message(error: Exception, message: str) -> None:
    job = ask()

    def work(job: Job, progress: Progress) -> Product:
        raise error

    run_job(job.pk, work)
    job = reread(job)
    assert job.state == JobState.FAILED
    assert job.error.startswith(message.rstrip("…"))
    assert job.finished_at is not None
    assert ask() != job


def test_an_unknown_job_is_no_error() -> None:
    run_job(999_999, lambda job, progress: Product({}))


def test_without_a_broker_the_job_stays_queued_for_the_sweep(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with patch.object(jobs, "current_app") as app:
        app.send_task.side_effect = OperationalError("no broker")
        with django_capture_on_commit_callbacks(execute=True):
            job = ask()
    assert reread(job).state == JobState.QUEUED


def test_a_lost_message_is_sent_again(sent: list[int]) -> None:
    fresh, lost = ask("fresh"), ask("lost")
    Job.objects.filter(pk=lost.pk).update(queued_at=timezone.now() - 2 * jobs.LOST_AFTER)
    assert sweep() == (1, 0)
    assert sent == [lost.pk]
    assert sweep() == (0, 0)  # it has just been sent
    assert fresh.pk not in sent


def dies(job: Job, attempts: int) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        attempts=attempts,
        heartbeat_at=timezone.now() - 2 * jobs.DEAD_AFTER,
    )


def test_a_run_whose_worker_died_is_queued_again_at_once(sent: list[int]) -> None:
    job = ask()
    dies(job, attempts=1)
    sweep_jobs()
    assert sent == [job.pk]
    assert reread(job).state == JobState.QUEUED
    run_job(job.pk, lambda job, progress: Product({}))
    assert (reread(job).state, reread(job).attempts) == (JobState.DONE, 2)


def test_what_keeps_dying_ends_failed(sent: list[int]) -> None:
    job = ask()
    dies(job, attempts=jobs.MAX_ATTEMPTS)
    assert sweep() == (0, 1)
    assert reread(job).state == JobState.FAILED
    assert "已停止重试" in reread(job).error
    assert sent == []


def test_a_run_with_a_heartbeat_is_left_alone(sent: list[int]) -> None:
    job = ask()
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, heartbeat_at=timezone.now() - timedelta(seconds=20)
    )
    assert sweep() == (0, 0)
    assert sent == []


def test_a_run_that_was_given_up_does_not_end_as_done() -> None:
    """Its worker was thought dead, the job failed; then the worker comes to its end after all."""
    job = ask()

    def work(job: Job, progress: Progress) -> Product:
        Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="执行中断")
        return Product({"cases": 1})

    run_job(job.pk, work)
    assert (reread(job).state, reread(job).error) == (JobState.FAILED, "执行中断")


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_while_the_work_holds_the_thread() -> None:
    job = ask()

    def work(job: Job, progress: Progress) -> Product:
        before = reread(job).heartbeat_at
        deadline = timezone.now() + timedelta(seconds=10)
        while reread(job).heartbeat_at == before and timezone.now() < deadline:
            pass
        assert reread(job).heartbeat_at != before
        return Product({})

    with patch.object(jobs, "HEARTBEAT", timedelta(seconds=0.05)):
        run_job(job.pk, work)
    assert reread(job).state == JobState.DONE
