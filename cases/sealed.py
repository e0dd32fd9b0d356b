"""Files encrypted block by block: written as they come, read a block at a time.

A sealed file is a row of blocks, each a Fernet token after its length. The keys are those of
personal data (`cases.crypto`); a token is as long under another key, so that where a block begins
stays true when `manage.py rotate_keys` rewrites the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from cases.crypto import decrypt_bytes, encrypt_bytes

LENGTH = 4  # bytes before each token
READABLE_BY_OWNER = 0o600


def create(path: Path) -> BinaryIO:
    """A new file that its owner alone may read; `FileExistsError` when there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, READABLE_BY_OWNER)
    return cast(BinaryIO, os.fdopen(descriptor, "wb"))


def append(file: BinaryIO, block: bytes) -> int:
    """Write `block` at the end; returns where it begins, for `block_at`."""
    start, token = file.tell(), encrypt_bytes(block)
    file.write(len(token).to_bytes(LENGTH, "big") + token)
    return start


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """All blocks in their order."""
    while length := file.read(LENGTH):
        yield decrypt_bytes(file.read(int.from_bytes(length, "big")))


def block_at(file: BinaryIO, start: int) -> bytes:
    file.seek(start)
    return next(blocks(file))


def reseal(path: Path) -> None:
    """Rewrite the file under the first key; who reads it meanwhile has the old one or the new."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)  # of a rewriting that was cut short
    with path.open("rb") as old, create(fresh) as new:
        for block in blocks(old):
            append(new, block)
    fresh.replace(path)
