"""Open a file that a stranger may have made: check what is in it before anything reads it.

An .xlsx is a zip of XML parts. What passes is packed again, stored, for the reader, which thus
sees nothing that was not checked; macros (.xlsm) are no XML and stay out. What the files of before
are (.xls, .et) is the business of `biff`. Which it is, the content tells, not the file's name.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cases.ledger import biff, ole
from cases.ledger.limits import MEGABYTE, LedgerError, Limits
from cases.ledger.survey import Survey, measure, without_blanks

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
SMALL = 20 * MEGABYTE  # what unpacks to less is no danger, whatever its ratio
DAMAGED = "文件已损坏，打不开，请用 Excel 或 WPS 另存为 .xlsx 后再导入。"
NO_LEDGER_FILE = "这不是 .xlsx、.xls 或 .et 文件。"
ENTITIES = "文件的 XML 里含有文档类型声明或外部实体，不予读取。"

_BROKEN = (
    BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    ElementTree.ParseError,
)
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)")
_STRING = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook that is safe to read, and what the reader would not tell of its sheets."""

    content: bytes
    surveys: Mapping[str, Survey] = field(default_factory=dict)  # by the name of the sheet


def check(content: bytes, limits: Limits) -> Checked:
    """Raises `LedgerError` with one sentence for anything that is no plain workbook."""
    if not content:
        raise LedgerError("文件是空的。")
    check_size(len(content), limits)
    if content.startswith(ole.SIGNATURE):
        return Checked(*biff.write_anew(content, limits))
    if not content.startswith(b"PK"):
        raise LedgerError(NO_LEDGER_FILE)
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check_contents(archive.infolist(), len(content), limits)
            return _repack(archive, limits)
    except _BROKEN as error:
        raise LedgerError(DAMAGED) from error


def check_size(size: int, limits: Limits) -> None:
    """Raises `LedgerError` for a file of more bytes than may be read."""
    if size > limits.max_bytes:
        raise LedgerError(
            f"文件有 {_megabytes(size)}，超过上限 {_megabytes(limits.max_bytes)}，请分成几份导入。"
        )


def _check_contents(parts: list[ZipInfo], packed: int, limits: Limits) -> None:
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise LedgerError("文件已加密，请取消密码后再导入。")
    if WORKBOOK not in names:
        raise LedgerError(biff.NO_SPREADSHEET)
    if len(set(names)) < len(names):
        raise LedgerError(DAMAGED)
    # Python's zipfile unpacks no more of a part than is stated here, whatever lies behind.
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.max_unpacked or unpacked > max(SMALL, packed * limits.max_ratio):
        raise LedgerError(
            f"文件只有 {_megabytes(packed)}，解开却有 {_megabytes(unpacked)}，超过上限，不予读取。"
        )


def _repack(archive: ZipFile, limits: Limits) -> Checked:
    names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    strings = _string_lengths(_read(archive, STRINGS)) if STRINGS in names else []
    sheets = _sheet_names(_read(archive, WORKBOOK), _read(archive, RELATIONS))
    surveys: dict[str, Survey] = {}
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as checked:
        for name in names:
            part = _read(archive, name)
            if b"sheetData" in part:
                part = without_blanks(part)
                surveys[sheets.get(name, name)] = measure(part, strings, limits)
            checked.writestr(name, part)
    return Checked(target.getvalue(), surveys)


def _read(archive: ZipFile, name: str) -> bytes:
    part = archive.read(name)
    if b"\0" in part[:200]:  # UTF-16, in which nothing would be found
        raise LedgerError(DAMAGED)
    if _DOCTYPE.search(part):
        raise LedgerError(ENTITIES)
    return part


def _sheet_names(workbook: bytes, relations: bytes) -> dict[str, str]:
    """Part of each sheet → its name."""
    targets = {
        relation.get("Id"): normpath(join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in ElementTree.fromstring(relations)
    }
    names = {}
    for sheet in ElementTree.fromstring(workbook).iter():
        if sheet.tag.endswith("}sheet"):
            link = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            names[targets.get(link, "")] = sheet.get("name", "")
    return names


def _string_lengths(strings: bytes) -> list[int]:
    return [len(found[0]) for found in _STRING.finditer(strings)]


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
