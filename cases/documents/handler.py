"""Take documents in as they come over the wire; `cases.receiving` says how."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from cases import receiving, sealed
from cases.documents.limits import MAX_FILES, Limits
from cases.receiving import CHUNK, ReceivedFile, SealingHandler, megabytes

FIELD = "uploads"


class DocumentUploadHandler(SealingHandler):
    """Takes the files of a form's field, `FIELD` unless it is named, up to `MAX_FILES` of them."""

    max_files = MAX_FILES
    too_many = f"一次最多上传 {MAX_FILES} 个文件，请分几次。"

    def __init__(self, request: HttpRequest, field: str = FIELD) -> None:
        limits = Limits.from_settings()
        super().__init__(
            request, incoming(), max_bytes=limits.max_bytes, max_total=limits.max_of_case
        )
        self.field = field

    def too_large(self, name: str) -> str:
        if not name:
            return f"这些文件合计超过上限 {megabytes(self.max_total)}，没有上传，请分几次。"
        return f"“{name}”超过单个文件的上限 {megabytes(self.max_bytes)}，没有上传。"


def incoming() -> Path:
    return Path(settings.FILES_DIR) / "documents" / "incoming"


def sweep(now: float) -> int:
    """Delete what was left lying half received (`now` in seconds since 1970); how many files."""
    return receiving.sweep(incoming(), now)


def received(upload: UploadedFile[Any]) -> ReceivedFile:
    """`upload` as it is kept, whether or not the handler took it in."""
    if isinstance(upload, ReceivedFile):
        return upload
    return _sealed(upload)


def _sealed(upload: UploadedFile[Any]) -> ReceivedFile:
    path, digest, size = incoming() / uuid4().hex, sha256(), 0
    with sealed.create(path) as file:
        for block in upload.chunks(CHUNK):
            sealed.append(file, block)
            digest.update(block)
            size += len(block)
    return ReceivedFile(upload.name or "", size, path, digest.hexdigest())
