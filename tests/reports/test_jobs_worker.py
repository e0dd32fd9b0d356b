"""Jobs as they are done in earnest: a real Redis, a real Celery worker, the test database."""

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import redis
from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from cases import jobs
from cases.choices import JobState, Outcome, Role
from cases.models import Job, User
from reports import tasks
from reports.choices import ALL
from reports.workflow import Question, request_table, request_workbook
from tests.makers import make_case, make_tree, make_user

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("celery_worker_process"),
]
PATIENCE = 20  # seconds
DAY = date(2024, 5, 6)


@pytest.fixture
def question() -> Question:
    tree = make_tree()
    make_case(tree.housing, received_on=DAY, closed_on=DAY, outcome=Outcome.GRANTED)
    return Question.of_year(tree.government, 2024, ALL)


@pytest.fixture
def supervisor(question: Question) -> User:
    return make_user(Role.SUPERVISOR, question.department)


def ended(job: Job, done: Callable[[Job], bool] = lambda job: not job.is_active) -> Job:
    """The job when the worker is through with it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        job = Job.objects.get(pk=job.pk)
        if done(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"still {job.state}: {job.message}")


def test_the_worker_computes_the_table(question: Question, supervisor: User) -> None:
    job = ended(request_table(question, by=supervisor))
    assert (job.state, job.attempts) == (JobState.DONE, 1)
    stored = question.stored()
    assert stored and stored.figures["section_three"]["granted"] == [1, 0, 0, 0, 0, 0, 1]


def test_the_worker_makes_the_workbook(question: Question, supervisor: User) -> None:
    job = ended(request_workbook(question, by=supervisor))
    assert job.state == JobState.DONE and job.file.size > 5000


def test_a_task_that_raises_leaves_its_job_failed(question: Question, supervisor: User) -> None:
    job = jobs.request_job(
        task=tasks.compute_table.name,
        key="broken",
        title="统计",
        params=question.params | {"format": "1999"},
        by=supervisor,
    )
    job = ended(job)
    assert job.state == JobState.FAILED and "没有“1999”这一格式" in job.error


def test_a_lost_message_is_sent_again_by_the_sweep(
    question: Question, supervisor: User, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing reached the broker; the row alone knows that there is work."""

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(current_app, "send_task", refuse)
        job = request_table(question, by=supervisor)
    with redis.Redis.from_url(redis_url) as broker:
        assert broker.llen("celery") == 0
    lost = timezone.now() - 2 * jobs.LOST_AFTER
    Job.objects.filter(pk=job.pk).update(queued_at=lost)
    current_app.send_task("cases.tasks.sweep_jobs")  # as beat does
    assert ended(job).state == JobState.DONE


def test_a_run_whose_worker_died_is_done_by_another(question: Question, supervisor: User) -> None:
    job = request_table(question, by=supervisor)
    ended(job)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        heartbeat_at=timezone.now() - jobs.DEAD_AFTER - timedelta(seconds=1),
        finished_at=None,
    )
    current_app.send_task("cases.tasks.sweep_jobs")
    again = ended(job)
    assert (again.state, again.attempts) == (JobState.DONE, 2)


def test_a_message_delivered_twice_does_the_work_once(question: Question, supervisor: User) -> None:
    job = request_table(question, by=supervisor)
    current_app.send_task(tasks.compute_table.name, args=[job.pk])
    assert ended(job).attempts == 1
