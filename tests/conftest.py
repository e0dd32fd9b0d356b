"""Fixtures for every test, and which tests run on which database.

`make test` runs the suite twice: everything on SQLite, then on PostgreSQL what depends on the
database. `DATABASE_URL` in the environment of pytest makes it the second kind of run.
"""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from disclosure.processes import Child
from tests.infra import browser as chromium
from tests.infra import services
from tests.infra.database import rows_of_migrations, teardown_puts_back

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server"})
FAILED = pytest.StashKey[bool]()

# Two loaded cores: how long one example takes says nothing about the code.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what the other run tests."""
    wanted = _belongs_on_postgres if connection.vendor == "postgresql" else _belongs_on_sqlite
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = [item for item in items if wanted(item)]


def _belongs_on_sqlite(item: pytest.Item) -> bool:
    return item.get_closest_marker("postgres") is None


def _belongs_on_postgres(item: pytest.Item) -> bool:
    marks = {mark.name for mark in item.iter_markers()}
    asks_database = "django_db" in marks or DATABASE_FIXTURES & set(
        getattr(item, "fixturenames", ())
    )
    return bool(asks_database) and ("browser" not in marks or "both_databases" in marks)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's test database, with append-only tables that a test's end may empty."""
    with django_db_blocker.unblock():
        rows = rows_of_migrations()
    with teardown_puts_back(rows):
        yield


@pytest.fixture(scope="session")
def services_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("services")


@pytest.fixture(scope="session")
def redis_url(services_folder: Path) -> Iterator[str]:
    """A real Redis, the broker of nobody but these tests."""
    with services.running_redis(services_folder) as url:
        yield url


@pytest.fixture(scope="session")
def worker_process(services_folder: Path, redis_url: str, django_db_setup: None) -> Iterator[Child]:
    with services.running_worker(services_folder, redis_url) as worker:
        yield worker


@pytest.fixture
def celery_worker_process(
    transactional_db: None, worker_process: Child, redis_url: str
) -> Iterator[Child]:
    """Tasks sent in this test are done by a real worker, on the test database."""
    with services.celery_sends_to(redis_url):
        yield worker_process
        services.wait_until_idle(redis_url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's loop lives in this thread; Django would take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty page, 1280 wide, whose relative addresses lead to the live server.

    When the test fails, a screenshot stays in test-artifacts/.
    """
    context = chromium.new_context(browser, live_server.url)
    page = context.new_page()
    complaints = chromium.Complaints()
    complaints.listen_to(page)
    yield page
    if request.node.stash.get(FAILED, False):
        chromium.keep_artifacts(context, page, request.node.nodeid)
    context.close()
    assert not complaints, "\n".join(complaints)
