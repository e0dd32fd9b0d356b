"""What a file is, told by its content and never by its name. Nothing in it is run or unpacked.

An archive is asked for its list of names only; what lies in it is read when somebody takes it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import cast
from zipfile import BadZipFile, ZipFile

from cases import sealed
from cases.ledger.ole import SIGNATURE as OLE

HEAD = 8192  # bytes that tell most files apart
SCAN = 256 * 1024  # bytes looked through at once
UNREADABLE = "文件已损坏，打不开，请换一份完整的再上传。"
WITH_PASSWORD = "文件加了密码，请取消密码后再上传。"
WITH_MACROS = "文件里带有宏，请另存为不带宏的文件后再上传。"
EMPTY = "文件是空的。"


class Refused(Exception):
    """Not a file that is taken; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class FileType:
    """`endings`: what its name may end in, the usual one first. `inline`: a browser may show it."""

    label: str
    content_type: str
    endings: tuple[str, ...]
    inline: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = FileType("PDF 文件", "application/pdf", ("pdf",), inline=True)
PNG = FileType("图片", "image/png", ("png",), inline=True)
JPEG = FileType("图片", "image/jpeg", ("jpg", "jpeg"), inline=True)
TIFF = FileType("图片", "image/tiff", ("tif", "tiff"))
DOCX = FileType("Word 文档", f"{_OFFICE}.wordprocessingml.document", ("docx", "wps"))
XLSX = FileType("Excel 表格", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx", "et"))
DOC = FileType("Word 文档", "application/msword", ("doc", "wps"))
XLS = FileType("Excel 表格", "application/vnd.ms-excel", ("xls", "et"))
OFD = FileType("OFD 文件", "application/ofd", ("ofd",))
ZIP = FileType("压缩包", "application/zip", ("zip",))
EML = FileType("电子邮件", "message/rfc822", ("eml",))
TYPES = (PDF, DOCX, DOC, XLSX, XLS, OFD, EML, JPEG, PNG, TIFF, ZIP)
ACCEPTED = ",".join(sorted({f".{ending}" for found in TYPES for ending in found.endings}))
NOT_TAKEN = "不是可以存入的文件：只收 PDF、Word、Excel、WPS、OFD、图片、eml 邮件和 zip。"


_MAGIC = {
    b"\x89PNG\r\n\x1a\n": PNG,
    b"\xff\xd8\xff": JPEG,
    b"II*\0": TIFF,
    b"MM\0*": TIFF,
}
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "OFD.xml": OFD}
# Some programs call the main part otherwise; the list of parts tells that it is such a package.
_PARTS, _FOLDERS = "[Content_Types].xml", {"word/": DOCX, "xl/": XLSX}
# Streams of a container of before 2007, as their names stand in it.
_STREAMS = {"WordDocument": DOC, "Workbook": XLS, "Book": XLS}
_LOCKED = "EncryptedPackage"  # a file of today with a password is put into such a container
_MAIL_HEADER = re.compile(rb"(?mi)^(from|date|received|message-id|mime-version|subject|to):[ \t]?")
_MAIL_HEADERS = 3  # of different names; a letter that only quotes one is none


def type_of(file: sealed.Reader) -> FileType:
    """Raises `Refused` for what is not taken, with the reason."""
    if not file.size:
        raise Refused(EMPTY)
    file.seek(0)
    head = file.read(HEAD)
    for magic, found in _MAGIC.items():
        if head.startswith(magic):
            return found
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _of_archive(file)
    if head.startswith(OLE):
        return _of_container(file)
    if _is_mail(head):
        return EML
    raise Refused(NOT_TAKEN)


def _of_archive(file: sealed.Reader) -> FileType:
    try:
        with ZipFile(cast(BufferedReader, file)) as archive:
            names = set(archive.namelist())
    except (BadZipFile, NotImplementedError, UnicodeDecodeError, OSError) as error:
        raise Refused(UNREADABLE) from error
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Refused(WITH_MACROS)
    for part, found in _MAIN_PARTS.items():
        if part in names:
            return found
    if _PARTS not in names:
        return ZIP
    for folder, found in _FOLDERS.items():
        if any(name.startswith(folder) for name in names):
            return found
    raise Refused(NOT_TAKEN)


def _of_container(file: sealed.Reader) -> FileType:
    """By the names of its streams, wherever in the file its directory lies."""
    wanted = {_stored(name): found for name, found in _STREAMS.items()}
    seen: FileType | None = None
    for window in _windows(file):
        if _stored(_LOCKED) in window:
            raise Refused(WITH_PASSWORD)
        seen = seen or next((found for name, found in wanted.items() if name in window), None)
    if seen is None:
        raise Refused(NOT_TAKEN)
    return seen


def _stored(name: str) -> bytes:
    """As MS-CFB stores it: the name begins an entry of the directory, and a zero ends it."""
    return name.encode("utf-16-le") + b"\0\0"


def _windows(file: sealed.Reader) -> Iterator[bytes]:
    """The file piece by piece, each with the end of the one before."""
    file.seek(0)
    before = b""
    while piece := file.read(SCAN):
        yield before + piece
        before = piece[-64:]


def _is_mail(head: bytes) -> bool:
    if b"\0" in head:
        return False
    fields = head.lstrip(b"\xef\xbb\xbf\r\n").split(b"\r\n\r\n")[0].split(b"\n\n")[0]
    first = fields.partition(b"\n")[0]
    if not re.match(rb"[A-Za-z][A-Za-z0-9-]*:", first):
        return False
    return len({found.lower() for found in _MAIL_HEADER.findall(fields)}) >= _MAIL_HEADERS


def is_inline(content_type: str) -> bool:
    """Whether a browser may show files of this type."""
    return any(found.inline and found.content_type == content_type for found in TYPES)
