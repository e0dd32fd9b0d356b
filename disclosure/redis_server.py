"""The Redis that the run command and the tests start: loopback, a password, persistent."""

import secrets
import socket
import time
from pathlib import Path

import redis

from disclosure.processes import Child, stop_all

START_TIME = 20  # seconds; a long append-only file is read first
ATTEMPTS = 3  # a free port can be taken by another program before Redis binds it


class RedisFailed(Exception):
    """Redis did not start; the message says where to look."""


def start(binary: Path, folder: Path, log: Path) -> tuple[Child, str]:
    """A running server and its address. Its data stays in `folder`: no message is lost by a stop.

    A TCP port and not a Unix socket: a socket's path may have 108 bytes, a folder's may have more.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for _ in range(ATTEMPTS):
        port, password = free_port(), secrets.token_urlsafe(32)
        # The configuration goes in by standard input: a password in a command line is public.
        server = Child(
            "redis",
            [str(binary), "-"],
            log,
            cwd=folder,
            stdin=_configuration(port, password).encode("ascii"),
        )
        server.start()
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        if answers(url, START_TIME, server):
            return server, url
        stop_all([server])
    raise RedisFailed(f"Redis 未能启动，详情见 {log}。")


def answers(url: str, seconds: float = 2, server: Child | None = None) -> bool:
    """Whether Redis answers at `url` within `seconds`; no longer than `server` runs, if given."""
    deadline = time.monotonic() + seconds
    client = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
    with client:
        while time.monotonic() < deadline and (server is None or server.exit_code is None):
            try:
                return bool(client.ping())
            except redis.RedisError:  # not listening yet, or still reading its file
                time.sleep(0.05)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _configuration(port: int, password: str) -> str:
    return "\n".join(
        (
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            "daemonize no",
            "dir ./",
            'save ""',
            "appendonly yes",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
            "",
        )
    )
