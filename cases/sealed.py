"""Files encrypted block by block: written as they come, read a block at a time.

A sealed file is a row of blocks, each a Fernet token after its length. The keys are those of
personal data (`cases.crypto`); a token is as long under another key, so that where a block begins
stays true when `manage.py rotate_keys` rewrites the file.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator
from io import SEEK_CUR, SEEK_SET, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

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


class Reader(RawIOBase):
    """A sealed file as the plain one it holds: to be read from any place, a block in memory.

    Opening it goes once through all blocks, to know how long each is.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._places: list[int] = []  # in the sealed file, of each block
        self._starts: list[int] = []  # in the plain one
        self.size = self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        place = 0
        for block in blocks(self._file):
            self._places.append(place)
            self._starts.append(self.size)
            self.size, place = self.size + len(block), self._file.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        base = {SEEK_SET: 0, SEEK_CUR: self._at}.get(whence, self.size)
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self.size:
            return 0
        index = bisect_right(self._starts, self._at) - 1
        if self._held[0] != index:
            self._held = (index, block_at(self._file, self._places[index]))
        start = self._at - self._starts[index]
        part = self._held[1][start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()
