"""Processes inside the scratch databases, the clock, and how a figure is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.infra.postgres import postgres_server

SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Inside:
    """A process in one database: it does what it is asked, one act at a time (see inside.py)."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(folder), "DEBUG": "0"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.inside"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def tell(self, act: str, **arguments: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([act, arguments]) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        assert self._process.stdout
        if not (line := self._process.stdout.readline()):
            raise SystemExit("这次测量没有完成。")
        return json.loads(line)

    def ask(self, act: str, **arguments: Any) -> Any:
        self.tell(act, **arguments)
        return self.answer()

    def beside(self) -> Inside:
        """Another process in the same database."""
        return Inside(self.url, self.folder)

    def __enter__(self) -> Inside:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def serve(acts: Mapping[str, Callable[..., Any]]) -> None:
    """The other end: do what each line asks, until there are no more."""
    for line in sys.stdin:
        act, arguments = json.loads(line)
        print(json.dumps(acts[act](**arguments)), flush=True)


@contextmanager
def scratch(kind: str) -> Iterator[Inside]:
    """A process in an empty database of its own; both are gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="disclosure-bench-")))
        if kind == POSTGRESQL:
            url = stack.enter_context(postgres_server())
        else:
            url = f"sqlite:///{folder / 'bench.sqlite3'}"
        yield stack.enter_context(Inside(url, folder))


def seconds(act: Callable[[], object]) -> float:
    start = perf_counter()
    act()
    return perf_counter() - start


@dataclass(frozen=True, slots=True)
class Target:
    """The most that a figure may be."""

    most: float
    unit: str = "倍"

    def verdict(self, figure: float) -> str:
        return "合格" if figure <= self.most else f"超过 {self.most:g} {self.unit}"


def say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)
