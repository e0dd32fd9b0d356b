"""Files that are handed in with a case, in tests: one of each type, as small as it can be."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import Case

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
TIFF = b"II*\0\x08\0\0\0\0\0"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
MAIL = "From: a@example.cn\r\nTo: b@example.cn\r\nSubject: 申请\r\n\r\n正文".encode()


def archive(*names: str) -> bytes:
    """A zip with these parts."""
    target = BytesIO()
    with ZipFile(target, "w") as packed:
        for name in names:
            packed.writestr(name, "<x/>")
    return target.getvalue()


def container(*streams: str) -> bytes:
    """What begins as a file of Office before 2007 does, with the names of its streams."""
    return OLE + b"\0" * 504 + b"".join(name.encode("utf-16-le") + b"\0\0" for name in streams)


def make_file(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def hand_in_documents(client: Client, case: Case, *files: Any, kind: str = "evidence") -> Any:
    """What the form sends, and the answer."""
    address = reverse("cases:keep_document", args=[case.pk])
    return client.post(address, {"version": case.version, "kind": kind, "uploads": list(files)})


def document_files() -> list[Path]:
    """All that lies where documents are kept."""
    return [path for path in _folder().rglob("*") if path.is_file()]


def forget_document_files() -> None:
    """Those of the tests before, whose rows are gone."""
    shutil.rmtree(_folder(), ignore_errors=True)


def _folder() -> Path:
    return Path(settings.FILES_DIR) / "documents"
