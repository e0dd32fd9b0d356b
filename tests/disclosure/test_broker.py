"""Which broker carries the messages, and that one which is down holds nobody up."""

import shutil
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from kombu.exceptions import OperationalError

from cases.tasks import sweep_jobs
from disclosure import broker, redis_server
from disclosure.processes import Child, stop_all
from tests.infra import services

PATIENCE = 3  # seconds that a page may wait for a broker that is down


@pytest.fixture
def no_redis_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "find_redis_server", lambda: None)


def test_redis_url_goes_first(tmp_path: Path) -> None:
    _leave_address(tmp_path, "redis://:p@127.0.0.1:7/0")

    assert broker.choose(tmp_path, "redis://elsewhere/0").url == "redis://elsewhere/0"


def test_a_running_redis_is_found_by_every_process(tmp_path: Path) -> None:
    _leave_address(tmp_path, "redis://:p@127.0.0.1:7/0")

    assert broker.choose(tmp_path, "").url == "redis://:p@127.0.0.1:7/0"


def test_messages_are_dropped_while_our_redis_is_not_running(tmp_path: Path) -> None:
    chosen = broker.choose(tmp_path, "")

    assert chosen.url.startswith("memory:")
    assert "make run" in chosen.note


@pytest.mark.usefixtures("no_redis_here")
def test_folders_carry_messages_where_there_is_no_redis(tmp_path: Path) -> None:
    chosen = broker.choose(tmp_path, "")

    assert chosen.url == "filesystem://"
    assert chosen.note
    assert Path(chosen.options["data_folder_in"]).is_dir()


def test_a_redis_on_path_is_preferred_to_the_one_in_the_wheel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / name))

    assert broker.find_redis_server() == tmp_path / "redis-server"


def test_sending_without_a_broker_does_not_wait() -> None:
    started = time.monotonic()
    sweep_jobs.delay()

    assert time.monotonic() - started < PATIENCE


def test_sending_to_a_redis_that_is_down_fails_soon() -> None:
    nobody = f"redis://127.0.0.1:{redis_server.free_port()}/0"
    started = time.monotonic()
    with services.celery_sends_to(nobody), pytest.raises(OperationalError):
        sweep_jobs.delay()

    assert time.monotonic() - started < PATIENCE


def test_our_redis_asks_for_its_password(redis_url: str) -> None:
    stranger = "redis://127.0.0.1:" + redis_url.rpartition(":")[2]

    assert redis_server.answers(redis_url)
    assert not redis_server.answers(stranger, seconds=0.3)


def test_a_message_outlives_our_redis(tmp_path: Path) -> None:
    with services.running_redis(tmp_path) as url, services.celery_sends_to(url):
        sweep_jobs.delay()

    with services.running_redis(tmp_path) as url, services.queue_of(url) as queued:
        assert queued() == 1


@pytest.mark.worker
@pytest.mark.usefixtures("no_redis_here", "transactional_db")
def test_the_same_worker_serves_the_folders(tmp_path: Path) -> None:
    folders = broker.choose(tmp_path, "")
    worker = _worker_without_redis(tmp_path)
    with services.celery_sends_to(folders.url, folders.options):
        sweep_jobs.delay()
    worker.start()
    try:
        deadline = time.monotonic() + services.WORKER_START_TIME
        while "succeeded" not in _log(worker) and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop_all([worker])

    assert "cases.tasks.sweep_jobs" in _log(worker)
    assert "succeeded" in _log(worker)


def _leave_address(var_dir: Path, url: str) -> None:
    broker.address_file(var_dir).parent.mkdir()
    broker.address_file(var_dir).write_text(url)


def _worker_without_redis(var_dir: Path) -> Child:
    """The worker of the run command on a machine where no redis-server is found."""
    program = (
        "import sys; from disclosure import broker; broker.find_redis_server = lambda: None; "
        "from celery.__main__ import main; sys.exit(main())"
    )
    options = ["--app", "disclosure", "worker", "--concurrency", "1", "--loglevel", "INFO"]
    return Child(
        "worker",
        [sys.executable, "-c", program, *options],
        var_dir / "worker.log",
        cwd=settings.BASE_DIR,
        environment={
            "DJANGO_SETTINGS_MODULE": "disclosure.settings",
            "DATABASE_URL": services.url_of_test_database(),
            "REDIS_URL": "",
            "VAR_DIR": str(var_dir),
        },
    )


def _log(child: Child) -> str:
    return child.log.read_text(errors="replace")
