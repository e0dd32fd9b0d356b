"""What monitoring is told."""

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from cases import vendor
from disclosure.broker import Broker
from disclosure.redis_server import free_port


@pytest.fixture
def good_broker(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    monkeypatch.setattr(settings, "BROKER", Broker(redis_url))


def test_the_process_answers_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
@pytest.mark.usefixtures("good_broker")
def test_all_in_place(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == dict.fromkeys(("database", "migrations", "triggers", "broker"), "ok")


@pytest.mark.django_db
@pytest.mark.usefixtures("good_broker")
def test_a_missing_trigger(client: Client) -> None:
    vendor.remove_triggers(connection)
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "缺少触发器" in answer.json()["triggers"]


@pytest.mark.django_db
@pytest.mark.usefixtures("good_broker")
def test_a_migration_not_yet_made(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("axes", "0010_accessattemptexpiration")
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "1 个迁移" in answer.json()["migrations"]


@pytest.mark.django_db
def test_a_redis_that_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BROKER", Broker(f"redis://127.0.0.1:{free_port()}/0"))
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["broker"] == "Redis 没有应答"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_nothing_is_changed_by_asking(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
