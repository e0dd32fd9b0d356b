"""The run command for real: on a free port, in a VAR_DIR of its own, with its own Redis."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from cases.demo.accounts import ACCOUNTS
from disclosure.redis_server import free_port

pytestmark = pytest.mark.worker

LAST_LINE = "按 Ctrl-C 停止"
SEND = "from cases.tasks import sweep_jobs; sweep_jobs.delay()"
START_TIME = 120  # seconds, with the demo
STOP_TIME = 30  # seconds


@dataclass
class Running:
    """A started run command, all that it printed until it was up, and what it started."""

    process: subprocess.Popen[str]
    port: int
    var_dir: Path
    printed: str
    children: list[psutil.Process]

    def get(self, path: str) -> tuple[int, str]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """The exit code and the last words; nothing that was started is left."""
        self.process.send_signal(how)
        return self.end()

    def end(self) -> tuple[int, str]:
        last_words, _ = self.process.communicate(timeout=STOP_TIME)
        _, alive = psutil.wait_procs(self.children, timeout=STOP_TIME)
        assert alive == []
        return self.process.returncode, last_words


Start = Callable[..., Running]


@pytest.fixture
def var_dir(tmp_path: Path) -> Path:
    return tmp_path / "数据 with spaces"


@pytest.fixture
def start(var_dir: Path) -> Iterator[Start]:
    """Starts the run command and waits until it says that it is up."""
    started: list[Running] = []

    def start(**environment: str) -> Running:
        started.append(_start(var_dir, **environment))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.stop()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One that runs without the demo, for the tests that only look."""
    running = _start(tmp_path_factory.mktemp("empty") / "数据 with spaces", DEMO="0")
    yield running
    running.stop()


def test_everything_is_up(empty: Running) -> None:
    assert empty.get("/healthz") == (200, "ok")
    assert empty.get("/readyz")[0] == 200
    assert "登录" in empty.get("/login/")[1]
    assert _names(empty) >= {"redis-server", "gunicorn", "worker", "beat"}


def test_static_files_are_served_under_names_that_change_with_them(empty: Running) -> None:
    _, login = empty.get("/login/")
    [style] = re.findall(r'href="(/static/vendor/tabler/[^"]+)"', login)

    assert re.fullmatch(r"/static/vendor/tabler/tabler\.min\.[0-9a-f]{12}\.css", style)
    assert empty.get(style)[0] == 200


def test_without_the_demo_the_system_starts_empty(empty: Running) -> None:
    assert "载入演示数据" not in empty.printed
    assert _departments(empty.var_dir) == 0


def test_only_our_user_reads_the_data(empty: Running) -> None:
    assert empty.var_dir.stat().st_mode & 0o077 == 0
    assert (empty.var_dir / "redis" / "url").stat().st_mode & 0o077 == 0


def test_a_second_one_on_the_same_data_is_refused(empty: Running) -> None:
    code, said = _refused(_spawn(empty.var_dir, free_port()))

    assert code == 1
    assert "已有系统在运行" in said
    assert str(empty.port) in said


def test_a_command_finds_the_redis_that_runs(empty: Running) -> None:
    worker_log = empty.var_dir / "log" / "worker.log"
    swept = worker_log.read_text().count("succeeded")

    assert _manage(empty.var_dir, "shell", "-c", f"{SEND}; {SEND}; {SEND}") == 0

    _wait_for(lambda: worker_log.read_text().count("succeeded") >= swept + 3)


def test_commands_work_when_it_does_not_run(var_dir: Path) -> None:
    for arguments in (["migrate"], ["check", "--database", "default"], ["shell", "-c", SEND]):
        assert _manage(var_dir, *arguments) == 0


def test_the_demo_is_loaded_once_and_found_again(start: Start, var_dir: Path) -> None:
    first = start()
    assert "载入演示数据" in first.printed
    assert all(f"{a.username} " in first.printed for a in ACCOUNTS)
    before = _departments(var_dir)

    assert first.stop(signal.SIGINT) == (0, f"已停止，数据保存在 {var_dir}\n")
    second = start()

    assert "载入演示数据" not in second.printed
    assert _departments(var_dir) == before > 0
    assert second.stop(signal.SIGTERM)[0] == 0


def test_a_port_in_use_is_said_in_one_sentence(var_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        code, said = _refused(_spawn(var_dir, port))

    assert code == 1
    assert f"端口 {port} 已被占用" in said


def test_a_redis_that_does_not_answer_is_said_in_one_sentence(var_dir: Path) -> None:
    nobody = f"redis://127.0.0.1:{free_port()}/0"

    code, said = _refused(_spawn(var_dir, free_port(), REDIS_URL=nobody))

    assert code == 1
    assert "REDIS_URL" in said


def test_a_database_that_does_not_answer_is_said_in_one_sentence(var_dir: Path) -> None:
    nobody = f"postgres://u:mima@127.0.0.1:{free_port()}/db"

    code, said = _refused(_spawn(var_dir, free_port(), DATABASE_URL=nobody))

    assert code == 1
    assert "更新数据库失败" in said
    assert "mima" not in said


def test_a_bad_setting_is_said_in_one_sentence(var_dir: Path) -> None:
    code, said = _refused(_spawn(var_dir, free_port(), DEBUG="perhaps"))

    assert code == 1
    assert "DEBUG" in said


@pytest.mark.parametrize("name", ["redis-server", "worker"])
def test_when_one_dies_all_stop_with_a_sentence(start: Start, name: str) -> None:
    running = start(DEMO="0")
    ours = psutil.Process(running.process.pid).children()
    [victim] = [child for child in ours if _name(child) == name]

    victim.kill()
    code, last_words = running.end()

    assert code == 1
    assert "意外退出" in last_words
    assert "Traceback" not in last_words


@pytest.mark.parametrize("moment", ["更新数据库", "准备静态文件"])
def test_it_can_be_stopped_while_it_starts(var_dir: Path, moment: str) -> None:
    process = _spawn(var_dir, free_port(), DEMO="0")
    _read_until(process, moment)
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()

    said, _ = process.communicate(timeout=STOP_TIME)

    assert (process.returncode, "Traceback" in said) == (0, False)
    assert psutil.wait_procs(children, timeout=STOP_TIME)[1] == []


def test_when_it_is_killed_outright_nothing_lives_on(start: Start, var_dir: Path) -> None:
    running = start(DEMO="0")
    running.stop(signal.SIGKILL)

    again = start(DEMO="0")

    assert again.get("/readyz")[0] == 200


def _start(var_dir: Path, **environment: str) -> Running:
    port = free_port()
    process = _spawn(var_dir, port, **environment)
    printed = _read_until(process, LAST_LINE)
    children = psutil.Process(process.pid).children(recursive=True)
    return Running(process, port, var_dir, printed, children)


def _environment(var_dir: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "BIND"}}
    ours = {"DJANGO_SETTINGS_MODULE": "disclosure.settings", "VAR_DIR": str(var_dir)}
    return kept | ours | {"PYTHONUNBUFFERED": "1"} | more


def _spawn(var_dir: Path, port: int, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "disclosure.run"],
        cwd=settings.BASE_DIR,
        env=_environment(var_dir, PORT=str(port), **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_hear_ctrl_c,
    )


def _hear_ctrl_c() -> None:
    """As in a terminal: a suite that runs in the background hands down a deaf ear."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _manage(var_dir: Path, *arguments: str) -> int:
    command = [sys.executable, "manage.py", *arguments]
    environment = _environment(var_dir)
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, timeout=60).returncode


def _departments(var_dir: Path) -> int:
    counted = subprocess.run(
        [
            *(sys.executable, "manage.py", "shell", "--verbosity", "0", "-c"),
            "from cases.models import Department; print(Department.objects.count())",
        ],
        cwd=settings.BASE_DIR,
        env=_environment(var_dir),
        check=True,
        capture_output=True,
        text=True,
    )
    return int(counted.stdout)


def _read_until(process: subprocess.Popen[str], words: str) -> str:
    """All lines up to the one that says `words`."""
    assert process.stdout is not None
    lines: list[str] = []
    deadline = time.monotonic() + START_TIME
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
        assert time.monotonic() < deadline, "".join(lines)
    raise AssertionError(f"it ended: {''.join(lines)}")


def _refused(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=START_TIME)
    assert "Traceback" not in said
    assert said.count("✗") == 1
    return process.returncode, said


def _wait_for(happens: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _names(running: Running) -> set[str]:
    return {_name(child) for child in running.children}


def _name(child: psutil.Process) -> str:
    words = child.cmdline()
    known = ("redis-server", "gunicorn", "worker", "beat")
    return next((name for name in known if any(name in Path(w).name for w in words)), "")
