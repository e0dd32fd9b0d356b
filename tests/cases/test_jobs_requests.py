"""Asking for a job: queued after commit, one while it lasts, never lost with its message."""

import threading
from typing import Any

import pytest
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from cases import jobs
from cases.choices import JobState
from cases.models import Job

TASK = "reports.tasks.compute_table"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the jobs whose messages went out."""
    ids: list[int] = []

    def send_task(name: str, args: list[int]) -> None:
        assert name == TASK
        ids.extend(args)

    monkeypatch.setattr(current_app, "send_task", send_task)
    return ids


def ask(key: str = "a", **more: Any) -> Job:
    return jobs.request_job(task=TASK, key=key, title="统计", params={}, by=None, **more)


@pytest.mark.django_db
def test_a_new_job_is_queued(sent: list[int], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
    assert (job.state, job.percent, job.attempts) == (JobState.QUEUED, 0, 0)
    assert sent == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_its_message_goes_out_after_commit_and_not_before(sent: list[int]) -> None:
    with transaction.atomic():
        job = ask()
        assert sent == []
    assert sent == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_sends_nothing(sent: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask()
        raise ZeroDivisionError
    assert sent == [] and not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
def test_asked_again_while_active_it_is_the_same_job(
    sent: list[int], django_capture_on_commit_callbacks: Any, state: JobState
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = ask()
        Job.objects.update(state=state)
        again = ask()
    assert again.pk == first.pk
    assert sent == [first.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED])
def test_asked_again_when_ended_it_is_a_new_job(sent: list[int], state: JobState) -> None:
    first = ask()
    Job.objects.update(state=state)
    assert ask().pk != first.pk


@pytest.mark.django_db
def test_another_key_is_another_job(sent: list[int]) -> None:
    assert ask("a").pk != ask("b").pk


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one_job(sent: list[int]) -> None:
    """Each in a transaction of its own, at the same moment."""
    both, got = threading.Barrier(2), list[int]()

    def from_another_page() -> None:
        both.wait()
        got.append(ask().pk)
        connection.close()

    threads = [threading.Thread(target=from_another_page) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 1 and Job.objects.count() == 1
    assert sent == [got[0]]


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_page_goes_on_and_the_job_waits_for_the_sweep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(current_app, "send_task", refuse)
    assert Job.objects.get(pk=ask().pk).state == JobState.QUEUED
