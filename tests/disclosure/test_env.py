"""Settings from the environment: what is accepted, and the sentence for what is not."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings

from disclosure import env
from disclosure.settings import database

LONG = "x7" * 30


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("On", True), ("false", False), ("", False)]
)
def test_a_flag_is_yes_or_no(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
    monkeypatch.setenv("DEBUG", value)

    assert env.flag("DEBUG") is meant


@pytest.mark.parametrize("value", ["1", "65535"])
def test_the_first_and_the_last_port(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORT", value)

    assert env.port("PORT", 8000) == int(value)


def test_what_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "ALLOWED_HOSTS", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)

    assert env.port("PORT", 8000) == 8000
    assert env.hosts("ALLOWED_HOSTS", ("localhost",)) == ["localhost"]
    assert env.url("REDIS_URL", ("redis",), example="") == ""


def test_hosts_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "gk.example.gov.cn, 10.1.2.3,[::1]")

    assert env.hosts("ALLOWED_HOSTS", ()) == ["gk.example.gov.cn", "10.1.2.3", "[::1]"]


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DEBUG", "maybe", lambda: env.flag("DEBUG")),
        ("PORT", "http", lambda: env.port("PORT", 8000)),
        ("PORT", "0", lambda: env.port("PORT", 8000)),
        ("PORT", "65536", lambda: env.port("PORT", 8000)),
        ("PORT", "八千", lambda: env.port("PORT", 8000)),
        ("LEDGER_MAX_ROWS", "0", lambda: env.count("LEDGER_MAX_ROWS", 9)),
        ("REMINDER_HOUR", "24", lambda: env.hour("REMINDER_HOUR", 8)),
        ("REMINDER_HOUR", "早上", lambda: env.hour("REMINDER_HOUR", 8)),
        ("EMAIL_URL", "mail.example.cn", lambda: env.url("EMAIL_URL", ("smtp",), example="…")),
        ("LEDGER_MAX_ROWS", "1e6", lambda: env.count("LEDGER_MAX_ROWS", 9)),
        ("ALLOWED_HOSTS", "http://gk.example.gov.cn", lambda: env.hosts("ALLOWED_HOSTS", ())),
        ("ALLOWED_HOSTS", "gk.example.gov.cn:8000", lambda: env.hosts("ALLOWED_HOSTS", ())),
        ("REDIS_URL", "localhost:6379", lambda: env.url("REDIS_URL", ("redis",), example="…")),
        ("REDIS_URL", "redis://h:port/0", lambda: env.url("REDIS_URL", ("redis",), example="…")),
        ("SECRET_KEY", "short", lambda: env.secret("SECRET_KEY", Path("unused"))),
        ("FIELD_KEYS", "not-a-key", lambda: env.fernet_keys("FIELD_KEYS", Path("unused"))),
    ],
)
def test_a_bad_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: Callable[[], object]
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(env.BadSetting, match=name):
        read()


def test_a_refused_address_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://user:mima@host/db")

    with pytest.raises(env.BadSetting) as refused:
        env.url("DATABASE_URL", ("postgres",), example="postgres://…")

    assert "mima" not in str(refused.value)


@pytest.mark.parametrize("address", ["postgres://host", "sqlite://"])
def test_a_database_address_without_a_database_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(env.BadSetting, match="DATABASE_URL"):
        database(address, tmp_path)


def test_sqlite_waits_for_the_lock_and_writes_through(tmp_path: Path) -> None:
    options = database("", tmp_path)["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in options["init_command"]


def test_a_folder_that_cannot_be_made_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "file" / "var"))

    with pytest.raises(env.BadSetting, match="VAR_DIR"):
        env.folder("VAR_DIR", tmp_path)


def test_a_folder_of_others_is_there_or_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is never made: a name that was mistyped would look like a folder without fonts."""
    monkeypatch.delenv("PDF_FONT_DIR", raising=False)
    assert env.existing_folder("PDF_FONT_DIR") is None
    monkeypatch.setenv("PDF_FONT_DIR", str(tmp_path))
    assert env.existing_folder("PDF_FONT_DIR") == tmp_path
    monkeypatch.setenv("PDF_FONT_DIR", str(tmp_path / "fonts"))
    with pytest.raises(env.BadSetting, match=r"PDF_FONT_DIR 指定的目录 .+ 不存在或不能读取"):
        env.existing_folder("PDF_FONT_DIR")
    assert not (tmp_path / "fonts").exists()


def test_a_secret_is_made_once_and_only_its_owner_reads_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    file = tmp_path / "keys" / "secret_key"

    first = env.secret("SECRET_KEY", file)

    assert len(first) >= env.MIN_SECRET_LENGTH
    assert env.secret("SECRET_KEY", file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "secret_key"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda n: env.kept(file, lambda: f"{n}" * 60), range(32)))

    assert len(secrets) == 1
    assert list(file.parent.iterdir()) == [file]


def test_a_secret_in_the_environment_goes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", LONG)

    assert env.secret("SECRET_KEY", tmp_path / "secret_key") == LONG
    assert not (tmp_path / "secret_key").exists()


def test_the_key_file_may_hold_several_field_keys_the_newest_on_top(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("FIELD_KEYS", raising=False)
    file = tmp_path / "field_keys"
    [old] = env.fernet_keys("FIELD_KEYS", file)
    new = env.new_fernet_key()
    file.write_text(f"{new}\n{old}\n")

    assert env.fernet_keys("FIELD_KEYS", file) == [new, old]


def test_a_field_key_encrypts() -> None:
    key = Fernet(env.new_fernet_key())

    assert key.decrypt(key.encrypt(b"330402")) == b"330402"


def test_an_emptied_key_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FIELD_KEYS", raising=False)
    (tmp_path / "field_keys").touch()

    with pytest.raises(env.BadSetting, match="没有密钥"):
        env.fernet_keys("FIELD_KEYS", tmp_path / "field_keys")


def test_manage_py_says_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "disclosure.settings", "VAR_DIR": str(tmp_path), "PORT": "x"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr == "✗ 环境变量 PORT 的值“x”无效：请写 1 到 65535 之间的端口号。\n"
