"""The container of .xls and .et files (MS-CFB): take a stream out, and put one into a new one.

A container is a file system of sectors in chains. Every chain is followed no further than there
are sectors; what does not hold together raises `Broken`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MINI_SECTOR, MINI_LIMIT = 64, 4096  # streams below the limit lie in small sectors of their own
ENTRY = 128  # bytes of an entry of the directory
STREAM = 2  # type of an entry
IN_HEADER = 109  # FAT sectors that the header lists

_HEADER = struct.Struct("<8s16xHHHHH6xIIIIIIIII")
_ENTRY = struct.Struct("<64sHBxIII36xIQ")


class Broken(Exception):
    """Not a container that can be read."""


class Container:
    """The streams at the top of a container; what is embedded below is left alone."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        try:
            self._open()
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise Broken from error

    def _open(self) -> None:
        header = _HEADER.unpack_from(self.content)
        self.shift = header[4]
        directory, mini_table = header[8], header[11]
        if header[0] != SIGNATURE or self.shift not in (9, 12):
            raise Broken
        self.table = self._sector_table(next_list=header[13])
        entries = self._chain(directory, self.table, self._sector)
        self.entries = [
            _ENTRY.unpack_from(entries, at) for at in range(0, len(entries) - ENTRY + 1, ENTRY)
        ]
        self.mini_table = _numbers(self._chain(mini_table, self.table, self._sector))
        self.mini = self._chain(self.entries[0][6], self.table, self._sector)
        top = (self.entries[at] for at in self._top())
        self.streams = {_name(entry): entry for entry in top if entry[2] == STREAM}

    def _sector_table(self, next_list: int) -> Sequence[int]:
        """The FAT: for each sector the next of its chain."""
        listed = list(struct.unpack_from(f"<{IN_HEADER}I", self.content, 76))
        for _ in range(len(self.content) >> self.shift):
            if next_list in (END, FREE):
                break
            *more, next_list = _numbers(self._sector(next_list))
            listed += more
        return _numbers(b"".join(self._sector(at) for at in listed if at != FREE))

    def _top(self) -> set[int]:
        """The entries directly under the root, which form a tree."""
        found: set[int] = set()
        waiting = [self.entries[0][5]]
        while waiting:
            at = waiting.pop()
            if at != FREE and at not in found:
                found.add(at)
                waiting += self.entries[at][3:5]  # its neighbours
        return found

    def read(self, name: str) -> bytes:
        """The stream called so; raises `Broken` if it cannot be read, `KeyError` if it is not."""
        *_, start, size = self.streams[name]
        size &= 0xFFFFFFFF
        try:
            if size < MINI_LIMIT:
                found = self._chain(start, self.mini_table, self._mini_sector)
            else:
                found = self._chain(start, self.table, self._sector)
        except IndexError as error:
            raise Broken from error
        if len(found) < size:
            raise Broken
        return found[:size]

    def _chain(self, at: int, table: Sequence[int], sector: Callable[[int], bytes]) -> bytes:
        parts: list[bytes] = []
        while at not in (END, FREE):
            if len(parts) >= len(table):
                raise Broken  # it runs in a circle
            parts.append(sector(at))
            at = table[at]
        return b"".join(parts)

    def _sector(self, at: int) -> bytes:
        found = self.content[(at + 1) << self.shift : (at + 2) << self.shift]
        if not found:
            raise Broken
        return found.ljust(1 << self.shift, b"\0")  # the last may be cut short

    def _mini_sector(self, at: int) -> bytes:
        return self.mini[at * MINI_SECTOR : (at + 1) * MINI_SECTOR]


def container_of(name: str, stream: bytes) -> bytes:
    """A new container that holds one stream, in sectors of 4096 bytes."""
    size = 1 << 12
    stream = stream.ljust(MINI_LIMIT, b"\0")
    data = [stream[at : at + size].ljust(size, b"\0") for at in range(0, len(stream), size)]
    per_table = size // 4
    tables = -(-(len(data) + 2) // (per_table - 1))
    if tables > IN_HEADER:
        raise Broken
    # Tables, directory, the (unused) small sectors, data.
    directory, mini, first = tables, tables + 1, tables + 2
    after_first = range(first + 1, first + len(data))
    table = [FAT_SECTOR] * tables + [END, END, *after_first, END]
    table += [FREE] * (tables * per_table - len(table))
    entries = _entry("Root Entry", 5, 1, mini, MINI_SECTOR) + _entry(
        name, STREAM, FREE, first, len(stream)
    )
    header = _HEADER.pack(
        *(SIGNATURE, 0x3E, 4, 0xFFFE, 12, 6),
        *(1, tables, directory, 0, MINI_LIMIT, END, 0, END, 0),
    )
    listed = [*range(tables), *[FREE] * (IN_HEADER - tables)]
    header += struct.pack(f"<{IN_HEADER}I", *listed)
    sectors = [header, struct.pack(f"<{len(table)}I", *table), entries, b"", *data]
    return b"".join(sector.ljust(size, b"\0") for sector in sectors)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    words = name.encode("utf-16-le") + b"\0\0"
    return _ENTRY.pack(words, len(words), kind, FREE, FREE, child, start, size)


def _name(entry: tuple[bytes, int, int, int, int, int, int, int]) -> str:
    return entry[0][: max(entry[1] - 2, 0)].decode("utf-16-le")


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
