"""The mail server for reminders, as the environment names it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from disclosure.env import BadSetting

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}  # by scheme, which also says how it is secured
TIMEOUT = 20  # seconds


class MailServer(NamedTuple):
    """`host` is "" where there is none, and then no mail is sent."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False  # STARTTLS
    ssl: bool = False


def server_at(url: str, sender: str) -> MailServer:
    """The server of `url`, none for ""; raises `BadSetting` without a host or a sender."""
    if not url:
        return MailServer()
    parts = urlsplit(url)
    if not parts.hostname or not sender:
        raise BadSetting("EMAIL_URL 要写明邮件服务器的主机，并用 EMAIL_FROM 写明发件地址。")
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtp+tls",
        ssl=parts.scheme == "smtps",
    )
