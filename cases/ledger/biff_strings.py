"""Texts in the records of an .xls file, which may run on into the next record (MS-XLS 2.5.293)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from cases.ledger.ole import Broken

WIDE, EXTENDED, RICH = 1, 4, 8  # flags of a text
RECORD_LIMIT = 8224  # bytes of data in one record
TEXT_LIMIT = 32_767  # characters in one cell


def read_text(data: bytes, at: int, more: Sequence[bytes] = ()) -> str:
    """A text with its length in two bytes, `at` so many bytes into a record."""
    return _Reader([data[at:], *more]).text()


def read_short(data: bytes, at: int) -> str:
    """A text with its length in one byte: the name of a sheet."""
    length, flags = data[at], data[at + 1]
    width = 2 if flags & WIDE else 1
    return _decoded(_wide(data[at + 2 : at + 2 + length * width], flags))


def read_table(parts: Sequence[bytes]) -> list[str]:
    """The table of shared texts, a record and what continues it."""
    reader = _Reader(parts)
    _, count = struct.unpack("<II", reader.take(8))
    if count > sum(map(len, parts)):  # each takes three bytes at least
        raise Broken
    return [reader.text() for _ in range(count)]


def table_records(texts: Sequence[str]) -> list[bytes]:
    """Data of the table's record and of those that continue it; texts are cut where they must."""
    records = [bytearray(struct.pack("<II", len(texts), len(texts)))]
    for text in texts:
        units = text.encode("utf-16-le")
        if RECORD_LIMIT - len(records[-1]) < 5:  # a text begins with its head and a character
            records.append(bytearray())
        records[-1] += struct.pack("<HB", len(units) // 2, WIDE)
        while units:
            room = (RECORD_LIMIT - len(records[-1])) // 2 * 2
            if 0xD8 <= units[:room][-1] < 0xDC:  # not between the halves of one character
                room -= 2
            records[-1] += units[:room]
            units = units[room:]
            if units:
                records.append(bytearray([WIDE]))
    return [bytes(record) for record in records]


def short_text(text: str) -> bytes:
    """With its length in one byte."""
    units = text.encode("utf-16-le")
    return bytes([len(units) // 2, WIDE]) + units


class _Reader:
    """Takes texts out of a record and those that continue it."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self.parts, self.part, self.at = parts, 0, 0

    def take(self, count: int) -> bytes:
        """Bytes that may be spread over records."""
        taken = b""
        while True:
            found = self.parts[self.part][self.at : self.at + count - len(taken)]
            taken, self.at = taken + found, self.at + len(found)
            if len(taken) == count:
                return taken
            self._next()

    def text(self) -> str:
        length, flags = struct.unpack("<HB", self.take(3))
        if length > TEXT_LIMIT:
            raise Broken
        runs = struct.unpack("<H", self.take(2))[0] if flags & RICH else 0
        extended = struct.unpack("<I", self.take(4))[0] if flags & EXTENDED else 0
        found = b""
        while True:  # what continues a text says anew how wide it is
            width = 2 if flags & WIDE else 1
            left = (length - len(found) // 2) * width
            units = self.parts[self.part][self.at : self.at + left]
            found, self.at = found + _wide(units, flags), self.at + len(units)
            if len(units) == left:
                break
            self._next()
            flags = self.take(1)[0]
        self._skip(4 * runs + extended)
        return _decoded(found)

    def _skip(self, count: int) -> None:
        while count > len(self.parts[self.part]) - self.at:
            count -= len(self.parts[self.part]) - self.at
            self._next()
        self.at += count

    def _next(self) -> None:
        if self.part + 1 >= len(self.parts):
            raise Broken
        self.part, self.at = self.part + 1, 0


def _wide(units: bytes, flags: int) -> bytes:
    """Two bytes for each unit of a text, whether it is stored so or in one."""
    if flags & WIDE:
        return units[: len(units) // 2 * 2]
    return units.decode("latin-1").encode("utf-16-le")


def _decoded(units: bytes) -> str:
    """No database takes a text with a zero in it."""
    return units.decode("utf-16-le", "replace").replace("\0", "")
