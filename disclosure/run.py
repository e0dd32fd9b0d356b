"""`make run`: everything a small office needs, in one process that watches over the others.

Redis, the migrations, the static files, the demo on first start; then the web server, the Celery
worker and beat. One stops: all stop. Everything it writes is under VAR_DIR.
"""

import contextlib
import errno
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

import django
from django.apps import apps
from django.conf import settings
from django.db import connections

from cases.demo.accounts import ACCOUNTS
from disclosure import broker, env, redis_server
from disclosure.processes import Child, stop_all

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PYTHON = sys.executable
WEB_START_TIME = 60  # seconds
WEB_WORKERS, WEB_THREADS = 2, 4
JOB_PROCESSES = 2
NO_PORT = {errno.EADDRINUSE: "已被占用", errno.EACCES: "无权使用"}
HASTE = 5  # seconds to stop in when something has died
LOOK_AROUND = 0.1  # seconds between two looks at the children


class CannotRun(Exception):
    """Why the system cannot start or go on, in one sentence."""


class Stopped(Exception):
    """Ctrl-C, SIGTERM or SIGHUP: somebody wants it to end."""


class Wish:
    """Whether somebody wants it to end. A signal only notes it: an exception out of a handler could
    come up anywhere, in the middle of a start or a stop. Whoever waits asks.
    """

    to_stop = False

    @classmethod
    def note(cls, number: int, frame: FrameType | None) -> None:
        cls.to_stop = True

    @classmethod
    def wait(cls, seconds: float) -> None:
        """Sleep, unless there is such a wish."""
        if cls.to_stop:
            raise Stopped
        time.sleep(seconds)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disclosure.settings")
    os.umask(0o077)  # personal data: no file of ours is for other users of this machine
    for number in STOP_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup and the like mean it
            signal.signal(number, Wish.note)
    try:
        run(settings.VAR_DIR)
    except Stopped:
        print("已停止，数据保存在", settings.VAR_DIR)
        return 0
    except (CannotRun, env.BadSetting, redis_server.RedisFailed) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 1


def run(var_dir: Path) -> None:
    """Start all and watch; ends by an exception only."""
    with contextlib.ExitStack() as held:
        held.enter_context(alone(var_dir))
        check_port_is_free(settings.BIND, settings.PORT)
        url, redis = held.enter_context(broker_for(var_dir))
        os.environ["REDIS_URL"] = url
        prepare(var_dir / "log" / "setup.log")
        started = held.enter_context(services(var_dir / "log"))
        wait_for_web(started)
        announce()
        watch([*redis, *started])


@contextlib.contextmanager
def alone(var_dir: Path) -> Iterator[None]:
    """Two of these on one VAR_DIR would share a database, a queue and a beat."""
    with (var_dir / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CannotRun(
                f"{var_dir} 已有系统在运行（{lock.read().strip()}）：请先停止它，或另设 VAR_DIR。"
            ) from error
        lock.truncate(0)
        lock.write(f"进程 {os.getpid()}，端口 {settings.PORT}")
        lock.flush()
        yield


def check_port_is_free(bind: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind.strip("[]"), port))
        except OSError as error:
            reason = NO_PORT.get(error.errno or 0, f"不能使用（{error.strerror}）")
            raise CannotRun(
                f"{bind} 的端口 {port} {reason}：请换一个端口，例如 PORT=8001 make run。"
            ) from error


@contextlib.contextmanager
def broker_for(var_dir: Path) -> Iterator[tuple[str, list[Child]]]:
    """The address of the Redis to use, "" for none, and its process if it is ours.

    Ours is started here and stopped here, after all the others.
    """
    if settings.REDIS_URL:
        if not redis_server.answers(settings.REDIS_URL):
            raise CannotRun("REDIS_URL 指定的 Redis 没有应答：请检查它是否在运行、地址和密码。")
        yield settings.REDIS_URL, []
    elif binary := broker.find_redis_server():
        address = broker.address_file(var_dir)
        server, url = redis_server.start(binary, address.parent, var_dir / "log" / "redis.log")
        try:
            address.touch(mode=0o600)
            address.write_text(url, encoding="ascii")
            yield url, [server]
        finally:
            address.unlink(missing_ok=True)
            stop_all([server])
    else:
        print("·", settings.BROKER.note)
        yield "", []


def prepare(log: Path) -> None:
    """The database, the static files and, in an empty system, the demo."""
    manage("migrate", "--noinput", log=log, doing="更新数据库")
    manage("collectstatic", "--noinput", log=log, doing="准备静态文件")
    django.setup()
    empty = not apps.get_model("cases", "Department").objects.exists()
    connections.close_all()
    if empty and settings.DEMO:
        manage("seed_demo", log=log, doing="载入演示数据")


def manage(*arguments: str, log: Path, doing: str) -> None:
    print(f"· {doing} ……", flush=True)
    step = Child(doing, [PYTHON, "manage.py", *arguments], log, cwd=settings.BASE_DIR)
    step.start()
    try:
        while step.exit_code is None:
            Wish.wait(LOOK_AROUND)
    finally:
        stop_all([step])
    if step.exit_code:
        raise CannotRun(f"{doing}失败（manage.py {arguments[0]}），详情见 {log}。")


@contextlib.contextmanager
def services(logs: Path) -> Iterator[Sequence[Child]]:
    children = [
        Child(name, [PYTHON, "-m", *command], logs / f"{name}.log", cwd=settings.BASE_DIR)
        for name, command in commands().items()
    ]
    started = []
    try:
        for child in children:
            child.start()
            started.append(child)
        yield started
    except CannotRun:
        stop_all(started, HASTE)  # without Redis, say, the worker would never end by itself
        raise
    finally:
        stop_all(started)


def commands() -> dict[str, list[str]]:
    celery = ["celery", "--app", "disclosure", "--quiet"]
    schedule = settings.VAR_DIR / "beat-schedule"
    return {
        "web": [
            *("gunicorn", "disclosure.wsgi", "--bind", f"{settings.BIND}:{settings.PORT}"),
            *("--worker-class", "gthread", "--workers", str(WEB_WORKERS)),
            *("--threads", str(WEB_THREADS), "--graceful-timeout", "10", "--no-control-socket"),
        ],
        "worker": [
            *(*celery, "worker", "--concurrency", str(JOB_PROCESSES), "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        ],
        "beat": [
            *(*celery, "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "WARNING"),
        ],
    }


def wait_for_web(children: Sequence[Child]) -> None:
    deadline = time.monotonic() + WEB_START_TIME
    while time.monotonic() < deadline:
        check_alive(children)
        web = http.client.HTTPConnection(host(), settings.PORT, timeout=5)
        try:
            web.request("GET", "/healthz")
            web.getresponse()
            return
        except (http.client.HTTPException, OSError):
            Wish.wait(LOOK_AROUND)
        finally:
            web.close()
    raise CannotRun(f"网页服务在 {WEB_START_TIME} 秒内没有应答，详情见 {children[0].log}。")


def watch(children: Sequence[Child]) -> None:
    while True:
        Wish.wait(LOOK_AROUND)
        check_alive(children)


def check_alive(children: Sequence[Child]) -> None:
    for child in children:
        if child.exit_code is not None:
            raise CannotRun(
                f"{child.name} 意外退出（代码 {child.exit_code}），系统已全部停止，"
                f"详情见 {child.log}。"
            )


def announce() -> None:
    print(f"\n系统已启动：{address()}")
    users = apps.get_model("cases", "User").objects
    found = set(users.values_list("username", flat=True))
    connections.close_all()
    if demo := [account for account in ACCOUNTS if account.username in found]:
        print("演示账号：")
        for account in demo:
            print(f"  {account.username:<8} 密码 {account.password:<12} {account.label}")
    print(f"数据和日志在 {settings.VAR_DIR}，按 Ctrl-C 停止。", flush=True)


def address() -> str:
    return f"http://{host()}:{settings.PORT}/"


def host() -> str:
    """Where this machine reaches the web server."""
    return "localhost" if settings.BIND in {"0.0.0.0", "::", "[::]"} else settings.BIND


if __name__ == "__main__":
    sys.exit(main())
