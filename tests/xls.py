"""Small .xls files for tests, as Excel 97–2003 and WPS write them: BIFF8 records in a container.

Written from MS-XLS and MS-CFB, without what reads them: neither can hide a mistake of the other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

EPOCH = date(1899, 12, 30)
GENERAL, DAY = 15, 16  # places of the two styles
ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#N/A": 42}
SECTOR, MINI_SECTOR, MINI_LIMIT = 512, 64, 4096
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD

Merged = tuple[int, int, int, int]  # first row, last row, first column, last column


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula (1+1, whatever it came to) with its stored value."""

    value: Any


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def text(words: str, length: str = "H") -> bytes:
    """One byte a character where that is enough, as Excel does."""
    narrow = all(ord(letter) < 256 for letter in words)
    units = words.encode("latin-1" if narrow else "utf-16-le")
    count = len(words.encode("utf-16-le")) // 2
    return struct.pack(f"<{length}B", count, not narrow) + units


def xls_file(
    sheets: Mapping[str, Iterable[Sequence[Any]]],
    *,
    merged: Mapping[str, Sequence[Merged]] | None = None,
    hidden: Sequence[str] = (),
    extra: bytes = b"",
) -> bytes:
    """A workbook with these lines, sheet by sheet; `extra` are more records of its first part."""
    return container({"Workbook": workbook(sheets, merged or {}, hidden, extra)})


def workbook(
    sheets: Mapping[str, Iterable[Sequence[Any]]],
    merged: Mapping[str, Sequence[Merged]],
    hidden: Sequence[str],
    extra: bytes,
) -> bytes:
    strings: dict[str, int] = {}
    parts = [part(lines, strings, merged.get(name, ())) for name, lines in sheets.items()]
    styles = [record(0xE0, struct.pack("<HH16x", 0, 0)) for _ in range(DAY)]
    styles.append(record(0xE0, struct.pack("<HH16x", 0, 14)))  # a built-in form of dates
    table = struct.pack("<II", len(strings), len(strings)) + b"".join(map(text, strings))
    begin = b"".join([bof(0x05), record(0x42, struct.pack("<H", 1200)), extra, *styles])
    end = record(0xFC, table) + record(0x0A)
    names = {name: bytes([name in hidden, 0]) + text(name, "B") for name in sheets}
    at = len(begin) + len(end) + sum(8 + len(name) for name in names.values())
    places = b""
    for name, found in zip(names.values(), parts, strict=True):
        places += record(0x85, struct.pack("<I", at) + name)
        at += len(found)
    return begin + places + end + b"".join(parts)


def bof(kind: int, version: int = 0x0600) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", version, kind, 0x0DBB, 0x07CC, 0, 6))


def part(
    lines: Iterable[Sequence[Any]], strings: dict[str, int], merged: Sequence[Merged]
) -> bytes:
    cells = b"".join(
        cell(row, column, value, strings)
        for row, line in enumerate(lines)
        for column, value in enumerate(line)
        if value is not None
    )
    areas = record(
        0xE5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<4H", *m) for m in merged)
    )
    return bof(0x10) + cells + areas + record(0x0A)


def cell(row: int, column: int, value: Any, strings: dict[str, int]) -> bytes:
    place = struct.pack("<HHH", row, column, GENERAL)
    match value:
        case Formula():
            return formula(row, column, value.value)
        case bool():
            return record(0x0205, place + bytes([value, 0]))
        case str() if value in ERRORS:
            return record(0x0205, place + bytes([ERRORS[value], 1]))
        case str():
            return record(0xFD, place + struct.pack("<I", strings.setdefault(value, len(strings))))
        case date():
            days = (value - EPOCH).days
            return record(0x0203, struct.pack("<HHHd", row, column, DAY, days))
        case int() if abs(value) < 2**29:
            return record(0x027E, place + struct.pack("<i", value << 2 | 2))
        case _:
            return record(0x0203, place + struct.pack("<d", value))


def formula(row: int, column: int, value: Any) -> bytes:
    style, after = GENERAL, b""
    match value:
        case bool():
            stored = struct.pack("<BBBBHH", 1, 0, value, 0, 0, 0xFFFF)
        case str() if value in ERRORS:
            stored = struct.pack("<BBBBHH", 2, 0, ERRORS[value], 0, 0, 0xFFFF)
        case "":
            stored = struct.pack("<BBBBHH", 3, 0, 0, 0, 0, 0xFFFF)
        case str():
            stored, after = (
                struct.pack("<BBBBHH", 0, 0, 0, 0, 0, 0xFFFF),
                record(0x0207, text(value)),
            )
        case date():
            stored, style = struct.pack("<d", (value - EPOCH).days), DAY
        case _:
            stored = struct.pack("<d", value)
    tokens = b"\x1e\x01\0\x1e\x01\0\x03"  # 1 1 +
    head = struct.pack("<HHH", row, column, style) + stored + struct.pack("<HI", 0, 0)
    return record(0x06, head + struct.pack("<H", len(tokens)) + tokens) + after


# --- The container -------------------------------------------------------------------------------


def container(streams: Mapping[str, bytes]) -> bytes:
    """Streams under their names, in sectors of 512 bytes; short ones in the small sectors."""
    mini = data = b""
    mini_table: list[int] = []
    table: list[int] = []

    def store(stream: bytes) -> int:
        nonlocal data
        first, count = len(table), -(-len(stream) // SECTOR)
        table.extend([*range(first + 1, first + count), END] if count else [])
        data += stream.ljust(count * SECTOR, b"\0")
        return first if count else END

    entries = []
    for name, stream in streams.items():
        if len(stream) < MINI_LIMIT:
            first, count = len(mini_table), -(-len(stream) // MINI_SECTOR)
            mini_table += [*range(first + 1, first + count), END]
            mini += stream.ljust(count * MINI_SECTOR, b"\0")
        else:
            first = store(stream)
        entries.append((name, 2, first, len(stream)))
    small = store(mini)
    small_table = store(struct.pack(f"<{len(mini_table)}I", *mini_table))
    root = entry("Root Entry", 5, small, len(mini), child=1)
    named = [
        entry(*found, right=at + 1 if at < len(entries) else FREE)
        for at, found in enumerate(entries, start=1)
    ]
    directory = store(b"".join([root, *named]))
    tables = 1
    while (len(table) + tables) * 4 > tables * SECTOR:
        tables += 1
    places = [*range(len(table), len(table) + tables)]
    table += [TABLE] * tables
    table += [FREE] * (tables * SECTOR // 4 - len(table))
    header = bytes.fromhex("D0CF11E0A1B11AE1").ljust(24, b"\0")
    header += struct.pack("<HHHHH6xI", 0x3E, 3, 0xFFFE, 9, 6, 0)
    header += struct.pack("<8I", tables, directory, 0, MINI_LIMIT, small_table, 1, END, 0)
    header += struct.pack("<109I", *places, *[FREE] * (109 - tables))
    return header + data + struct.pack(f"<{len(table)}I", *table)


def entry(
    name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE
) -> bytes:
    words = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII36xIQ", words, len(words), kind, 1, FREE, right, child, start, size
    )
