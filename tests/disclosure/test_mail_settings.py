"""EMAIL_URL and EMAIL_FROM: how mail is sent, or one sentence why it cannot be."""

from typing import Any

import pytest

from disclosure.env import BadSetting
from disclosure.mail import MailServer, server_at
from disclosure.settings import CELERY_BEAT_SCHEDULE

FROM = "gk@example.cn"


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.cn", 25, False, False),
        ("smtp+tls://mail.example.cn", 587, True, False),
        ("smtps://mail.example.cn", 465, False, True),
        ("smtp://mail.example.cn:2525", 2525, False, False),
    ],
)
def test_each_way_of_sending(url: str, port: int, tls: bool, ssl: bool) -> None:
    assert server_at(url, FROM) == MailServer("mail.example.cn", port, tls=tls, ssl=ssl)


def test_name_and_password_may_hold_any_sign() -> None:
    found = server_at("smtp://gk%40example.cn:a%2Fb@mail.example.cn", FROM)
    assert (found.user, found.password) == ("gk@example.cn", "a/b")


def test_without_a_server_no_mail_is_sent() -> None:
    assert server_at("", "").host == ""


@pytest.mark.parametrize(("url", "sender"), [("smtp://mail.example.cn", ""), ("smtp://", FROM)])
def test_half_of_it_is_refused(url: str, sender: str) -> None:
    with pytest.raises(BadSetting, match=r"EMAIL_URL.*EMAIL_FROM"):
        server_at(url, sender)


def test_beat_asks_every_hour_of_the_day_from_the_hour_set() -> None:
    schedule: Any = CELERY_BEAT_SCHEDULE["remind"]["schedule"]
    assert (schedule.minute, schedule.hour) == ({0}, set(range(8, 24)))
