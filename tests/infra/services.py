"""The real Redis and the real Celery worker, in places of their own."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import kombu.pools
import redis
from django.conf import settings
from django.db import connection

from disclosure import broker, redis_server
from disclosure.celery import app
from disclosure.processes import Child, stop_all

WORKER_START_TIME = 60  # seconds
IDLE_TIME = 30  # seconds that a test's last job may still take


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """The address of a Redis whose data lie in `folder`."""
    binary = broker.find_redis_server()
    if binary is None:
        raise RuntimeError(
            "no redis-server on PATH and none in a wheel for this Python: install Redis"
        )
    server, url = redis_server.start(binary, folder / "redis", folder / "redis.log")
    try:
        yield url
    finally:
        stop_all([server])


@contextmanager
def celery_sends_to(url: str, options: Mapping[str, Any] = broker.REDIS_OPTIONS) -> Iterator[None]:
    """Messages of this process go to `url`, not to the broker of the settings."""
    before = app.conf.broker_url, app.conf.broker_transport_options
    _use_broker(url, options)
    try:
        yield
    finally:
        _use_broker(*before)


@contextmanager
def running_worker(folder: Path, redis_url: str) -> Iterator[Child]:
    """A worker process on the database that the tests use now."""
    log = folder / "worker.log"
    worker = Child(
        "worker",
        [
            *(sys.executable, "-m", "celery", "--app", "disclosure", "--quiet", "worker"),
            *("--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        ],
        log,
        cwd=settings.BASE_DIR,
        environment={
            "DJANGO_SETTINGS_MODULE": "disclosure.settings",
            "DATABASE_URL": url_of_test_database(),
            "REDIS_URL": redis_url,
            "VAR_DIR": str(settings.VAR_DIR),  # and so the same keys and files
        },
    )
    worker.start()
    try:
        _wait_until_ready(worker)
        yield worker
    finally:
        stop_all([worker])


def url_of_test_database() -> str:
    """The database that the tests are connected to, as another process would name it."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(found['NAME']))}"
    user, password = quote(found["USER"]), quote(found["PASSWORD"], safe="")
    return f"postgresql://{user}:{password}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


def wait_until_idle(redis_url: str) -> None:
    """Until no message is queued or being worked on, or the next test would find its effects."""
    deadline = time.monotonic() + IDLE_TIME
    with queue_of(redis_url) as waiting:
        while waiting():
            if time.monotonic() > deadline:
                raise RuntimeError("the worker is still busy with a job of this test")
            time.sleep(0.02)


@contextmanager
def queue_of(redis_url: str) -> Iterator[Callable[[], int]]:
    """Tells how many messages are queued or being worked on."""
    with redis.Redis.from_url(redis_url) as client:
        yield lambda: int(client.llen("celery")) + int(client.hlen("unacked"))


def _use_broker(url: str, options: Mapping[str, Any]) -> None:
    app.conf.update(broker_url=url, broker_transport_options=options)
    kombu.pools.reset()
    # Celery keeps its pools in these two, and has no public way to let go of them.
    vars(app)["_pool"] = None
    vars(app.amqp)["_producer_pool"] = None


def _wait_until_ready(worker: Child) -> None:
    deadline = time.monotonic() + WORKER_START_TIME
    while worker.exit_code is None and time.monotonic() < deadline:
        if b" ready." in worker.log.read_bytes():
            return
        time.sleep(0.05)
    raise RuntimeError(f"the worker did not start: {worker.log.read_text(errors='replace')}")
