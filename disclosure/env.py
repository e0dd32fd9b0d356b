"""What the environment says, read once, typed and loud.

Every value an operator can set is read through here. A value that cannot be right raises
`BadSetting` with one sentence; `manage.py` and the run command print that sentence and stop.
Secret values and passwords never appear in it.
"""

import base64
import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})
MIN_SECRET_LENGTH = 50  # what Django's own deployment check asks of a SECRET_KEY
HIGHEST_PORT = 65535
LAST_HOUR = 23


class BadSetting(ImproperlyConfigured):
    """An environment value that cannot be used; the message is one sentence for the operator."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in YES | NO:
        return value in YES
    raise BadSetting(f"环境变量 {name} 的值“{value}”无效：请写 1 或 0。")


def port(name: str, default: int) -> int:
    value = text(name, str(default))
    if value.isascii() and value.isdigit() and 1 <= int(value) <= HIGHEST_PORT:
        return int(value)
    raise BadSetting(f"环境变量 {name} 的值“{value}”无效：请写 1 到 {HIGHEST_PORT} 之间的端口号。")


def count(name: str, default: int) -> int:
    """A whole number, one or more."""
    value = text(name, str(default))
    if value.isascii() and value.isdigit() and int(value) >= 1:
        return int(value)
    raise BadSetting(f"环境变量 {name} 的值“{value}”无效：请写一个正整数。")


def hour(name: str, default: int) -> int:
    """An hour of the day, 0 to 23."""
    value = text(name, str(default))
    if value.isascii() and value.isdigit() and int(value) <= LAST_HOUR:
        return int(value)
    raise BadSetting(f"环境变量 {name} 的值“{value}”无效：请写 0 到 {LAST_HOUR} 之间的整点。")


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A list, separated by commas."""
    return [word for part in text(name).split(",") if (word := part.strip())] or list(default)


def hosts(name: str, default: tuple[str, ...]) -> list[str]:
    """Host names or addresses, without scheme, port or path."""
    names = words(name, default)
    for host in names:
        if any(mark in host for mark in "/ ") or (":" in host and not host.startswith("[")):
            raise BadSetting(
                f"环境变量 {name} 中的“{host}”无效：只写主机名或地址，不带 http://、端口和路径。"
            )
    return names


def url(name: str, schemes: tuple[str, ...], *, example: str) -> str:
    """An address with one of `schemes`, or "". Never repeated: it may hold a password."""
    value = text(name)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError when it is not a number
    except ValueError as error:
        raise BadSetting(f"环境变量 {name} 的写法不对，例如：{example}。") from error
    if parts.scheme not in schemes:
        raise BadSetting(f"环境变量 {name} 的写法不对，例如：{example}。")
    return value


def folder(name: str, default: Path) -> Path:
    """A folder of our own, made if it is not there, readable by nobody else."""
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"{name} 指定的目录 {path} 无法建立：{error.strerror}。") from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise BadSetting(f"{name} 指定的目录 {path} 不能读写：请检查权限。")
    return path


def existing_folder(name: str) -> Path | None:
    """A folder that somebody else fills; None where none is named."""
    if not (value := text(name)):
        return None
    path = Path(value).expanduser().absolute()
    if not (path.is_dir() and os.access(path, os.R_OK | os.X_OK)):
        raise BadSetting(f"{name} 指定的目录 {path} 不存在或不能读取：请检查路径和权限。")
    return path


def secret(name: str, file: Path) -> str:
    """A long secret: from the environment, else from `file`, where it is made once."""
    value = text(name)
    if not value:
        return kept(file, lambda: secrets.token_urlsafe(64))
    if len(value) < MIN_SECRET_LENGTH:
        raise BadSetting(f"环境变量 {name} 太短：至少 {MIN_SECRET_LENGTH} 个字符。")
    return value


def fernet_keys(name: str, file: Path) -> list[str]:
    """Field encryption keys, the first of which encrypts: from the environment, else from `file`.

    The file holds one key a line, so that a new one can be put above the old.
    """
    keys = words(name) or kept(file, new_fernet_key).split()
    source = f"环境变量 {name}" if text(name) else f"密钥文件 {file}"
    if not keys:
        raise BadSetting(f"{source} 里没有密钥：请从备份恢复，或清除后重新生成。")
    if not all(map(_is_fernet_key, keys)):
        raise BadSetting(f"{source} 含有无效的密钥：每个都应是 32 字节的 urlsafe base64。")
    return keys


def new_fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def kept(file: Path, make: Callable[[], str]) -> str:
    """The content of `file`; if there is none yet, `make()`, written once for all processes.

    The file appears whole or not at all and is never overwritten, so two processes that start
    together end up with the same secret. Only its owner can read it.
    """
    try:
        if not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=file.parent)  # mode 0600
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                stream.write(make() + "\n")
                stream.flush()
                os.fsync(stream.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft, file)
            os.unlink(draft)
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise BadSetting(f"密钥文件 {file} 无法读写：{error.strerror}。") from error


def _is_fernet_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key.encode("ascii"), altchars=b"-_", validate=True)) == 32
    except ValueError:  # not ASCII, not base64
        return False
