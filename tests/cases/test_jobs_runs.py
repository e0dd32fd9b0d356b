"""Doing a job: claimed once, told while it runs, and always ended DONE or FAILED."""

import time
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError
from django.utils import timezone

from cases import jobs
from cases.choices import JobState
from cases.jobs import Attempt, JobFailed, Product, Progress
from cases.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    return jobs.request_job(task="t", key="a", title="统计", params={"n": 7}, by=None)


def stored(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_ends_done_with_its_result(job: Job) -> None:
    jobs.run_job(job.pk, lambda job, progress: Product({"cases": job.params["n"]}))
    job = stored(job)
    assert (job.state, job.percent, job.message, job.error) == (JobState.DONE, 100, "完成", "")
    assert (job.result, job.attempts) == ({"cases": 7}, 1)
    assert job.started_at and job.finished_at and job.finished_at >= job.started_at


def test_it_is_running_while_its_work_is_done_and_tells_how_far_it_is(job: Job) -> None:
    seen = []

    def work(_: Job, progress: Progress) -> Product:
        before = stored(job)
        seen.append((before.state, before.percent, before.message))
        progress(40, "已汇总 16 / 40 个单位")
        during = stored(job)
        seen.append((during.state, during.percent, during.message))
        assert during.heartbeat_at and before.heartbeat_at
        assert during.heartbeat_at >= before.heartbeat_at
        return Product({})

    jobs.run_job(job.pk, work)
    assert seen == [
        (JobState.RUNNING, 0, "开始"),
        (JobState.RUNNING, 40, "已汇总 16 / 40 个单位"),
    ]


def test_its_heart_beats_while_the_work_says_nothing(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a thread of its own: a long statement must not look like a dead worker."""
    beats: list[dict[str, object]] = []

    def update(self: Attempt, **fields: object) -> bool:
        beats.append(fields)
        if len(beats) == 1:
            raise DatabaseError("database is locked")  # one missed beat is not the end
        return True

    def silent_work(*_: object) -> Product:
        deadline = time.monotonic() + 5
        while len(beats) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        return Product({})

    monkeypatch.setattr(jobs, "HEARTBEAT", timedelta(milliseconds=10))
    monkeypatch.setattr(Attempt, "update", update)
    jobs.run_job(job.pk, silent_work)
    assert [list(fields) for fields in beats[:3]] == [["heartbeat_at"]] * 3


def test_a_file_is_kept_with_its_own_name(job: Job) -> None:
    jobs.run_job(job.pk, lambda *_: Product({}, "统计表.xlsx", b"content"))
    job = stored(job)
    assert job.file_name == "统计表.xlsx"
    with job.file.open("rb") as file:
        assert file.read() == b"content"


def test_delivered_twice_it_is_done_once(job: Job) -> None:
    done = []

    def work(*_: object) -> Product:
        done.append(1)
        return Product({})

    jobs.run_job(job.pk, work)
    jobs.run_job(job.pk, work)
    assert len(done) == 1 and stored(job).attempts == 1


def test_delivered_again_while_it_runs_nothing_starts(job: Job) -> None:
    done = []

    def work(job: Job, progress: Progress) -> Product:
        done.append(1)
        jobs.run_job(job.pk, work)
        return Product({})

    jobs.run_job(job.pk, work)
    assert len(done) == 1 and stored(job).state == JobState.DONE


def test_a_message_for_a_job_that_is_gone_does_nothing() -> None:
    jobs.run_job(999_999, lambda *_: Product({}))


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (JobFailed("统计期间的申请件一直在变动。"), "统计期间的申请件一直在变动。"),
        (RuntimeError("磁盘已满"), "RuntimeError：磁盘已满"),
        (SoftTimeLimitExceeded(), "执行时间过长，已停止。"),
    ],
)
def test_when_its_work_raises_it_ends_failed_with_the_message(
    job: Job, raised: Exception, message: str
) -> None:
    def work(_: Job, progress: Progress) -> Product:
        progress(30, "统计")
        raise raised

    jobs.run_job(job.pk, work)
    job = stored(job)
    assert (job.state, job.error, job.percent) == (JobState.FAILED, message, 30)
    assert job.finished_at


@pytest.mark.django_db(transaction=True)
def test_a_result_that_cannot_be_stored_fails_the_job(job: Job) -> None:
    jobs.run_job(job.pk, lambda *_: Product({"at": object()}))
    assert stored(job).state == JobState.FAILED


def test_after_a_failure_it_can_be_asked_for_anew(job: Job) -> None:
    def work(*_: object) -> Product:
        raise JobFailed("没有完成")

    jobs.run_job(job.pk, work)
    again = jobs.request_job(task="t", key="a", title="统计", params={}, by=None)
    assert again.pk != job.pk and again.error == ""


def test_a_worker_given_up_for_dead_does_not_speak_for_the_next_attempt(job: Job) -> None:
    """It stood still, the sweep queued the job again, another worker has it: its end is void."""

    def slow_work(job: Job, progress: Progress) -> Product:
        Job.objects.filter(pk=job.pk).update(
            heartbeat_at=timezone.now() - 2 * jobs.DEAD_AFTER, state=JobState.RUNNING
        )
        jobs.sweep()
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=2, message="第二次")
        progress(99, "第一次")
        return Product({"by": "first"}, "first.xlsx", b"first")

    jobs.run_job(job.pk, slow_work)
    job = stored(job)
    assert (job.state, job.message, job.result, job.file.name) == (
        JobState.RUNNING,
        "第二次",
        {},
        "",
    )

    def failing_work(*_: object) -> Product:
        Job.objects.filter(pk=job.pk).update(attempts=9)
        raise RuntimeError

    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    jobs.run_job(job.pk, failing_work)
    assert stored(job).state == JobState.RUNNING
