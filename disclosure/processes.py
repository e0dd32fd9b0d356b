"""Child processes of the run command: started in groups of their own, stopped for certain."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

GRACE = 20  # seconds from a polite stop to a kill
LARGEST_LOG = 10_000_000  # bytes; a larger log is set aside when the next start opens it
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl


@dataclass(slots=True)
class Child:
    """One process and its log file."""

    name: str
    command: Sequence[str]
    log: Path
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    user: str | None = None  # somebody else than us; only root can ask for that
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        with open_log(self.log) as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=os.environ | dict(self.environment),
                stdin=subprocess.PIPE if self.stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches a whole group: the children must hear of it from us, in order.
                start_new_session=True,
                user=self.user,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        if self.stdin and self.process.stdin:
            self.process.stdin.write(self.stdin)
            self.process.stdin.close()

    @property
    def exit_code(self) -> int | None:
        return self.process.poll()

    def ask_to_stop(self) -> None:
        if self.exit_code is None:
            self.process.send_signal(self.stop_signal)

    def wait_or_kill(self, deadline: float) -> None:
        """Until `deadline` (monotonic seconds); then the whole group is killed."""
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.kill_group()
            self.process.wait()
        self.kill_group()  # whatever the process left behind

    def kill_group(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def stop_all(children: Sequence[Child], grace: float = GRACE) -> None:
    """All at once, then wait: a stop takes as long as its slowest child, no longer than `grace`."""
    deadline = time.monotonic() + grace
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait_or_kill(deadline)


def open_log(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")


def _die_with_parent() -> None:
    """Even when the run command is killed outright, nothing it started lives on."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
