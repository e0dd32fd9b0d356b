"""What every answer carries, whom it is for, and what the log may say of it."""

import logging
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client

from disclosure.logs import DiscreetFormatter
from disclosure.middleware import ClientAddress


def test_pages_load_from_this_machine_alone(client: Client) -> None:
    policy = client.get("/login/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("name", settings.VENDOR_FILES)
def test_front_end_packages_are_served_under_our_names(name: str) -> None:
    assert finders.find(name)


def test_nothing_else_of_the_packages_is_served() -> None:
    assert finders.find("vendor/tabler/tabler-flags.min.css") is None


def test_an_unknown_page_is_said_in_chinese(client: Client) -> None:
    answer = client.get("/no-such-page/")

    assert answer.status_code == 404
    assert 'lang="zh-CN"' in answer.content.decode()


def test_an_address_that_is_not_ours_is_refused_in_chinese(client: Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in answer.content.decode()


@pytest.mark.django_db
def test_an_account_is_locked_after_ten_wrong_passwords(client: Client) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert client.post("/login/", {"username": "甲", "password": "wrong"}).status_code == 200

    assert client.post("/login/", {"username": "甲", "password": "wrong"}).status_code == 429
    assert client.post("/login/", {"username": "乙", "password": "wrong"}).status_code == 200


@pytest.mark.parametrize(
    ("https", "forwarded", "address"),
    [
        (True, "10.9.9.9, 10.1.2.3", "10.1.2.3"),  # the proxy's word; what came before it is not
        (True, "", "127.0.0.1"),
        (False, "10.1.2.3", "127.0.0.1"),  # no proxy: anybody may write anything
    ],
)
def test_the_clients_address_behind_a_proxy(
    monkeypatch: pytest.MonkeyPatch, https: bool, forwarded: str, address: str
) -> None:
    monkeypatch.setattr(settings, "HTTPS", https)
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}

    ClientAddress(lambda request: HttpResponse())(request)

    assert request.META["REMOTE_ADDR"] == address


def test_the_row_in_a_database_error_is_not_logged() -> None:
    said_by_postgresql = "duplicate key\nDETAIL:  Failing row contains (申请人甲,\n嘉兴).\n"
    try:
        try:
            raise IntegrityError(said_by_postgresql)
        except IntegrityError as error:
            raise ValueError("case not saved") from error
    except ValueError:
        written = DiscreetFormatter().format(
            logging.LogRecord("x", logging.ERROR, "x", 1, "failed", None, sys.exc_info())
        )

    assert "duplicate key" in written
    assert "case not saved" in written
    assert "申请人甲" not in written
    assert "嘉兴" not in written
