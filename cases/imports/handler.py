"""Take a ledger in as it comes over the wire: encrypted at once, counted, stopped when too large.

Nothing of it is ever on disk in clear. What an upload leaves that was cut off, by its browser or
by the end of this process, is deleted: here, by `discard`, and by `sweep` at the latest.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from cases import sealed
from cases.ledger.limits import MEGABYTE

logger = logging.getLogger(__name__)

FIELD = "file"
CHUNK = 256 * 1024  # bytes of a block
OTHER_FIELDS = MEGABYTE  # bytes that the rest of a form may take
ABANDONED = timedelta(hours=1)  # without a further byte
ONE_FILE = "一次只能上传一个文件。"
NOT_STORED = "文件没有存下来，可能是磁盘已满，请与系统管理员联系。"


class ReceivedLedger(UploadedFile):
    """A file that has arrived whole; its bytes lie encrypted at `path`."""

    def __init__(self, name: str, size: int, path: Path, digest: str) -> None:
        super().__init__(None, name, size=size)
        self.path, self.sha256 = path, digest

    def close(self) -> None:
        """Nothing is open; Django closes what it has received."""


@dataclass(slots=True)
class _Writing:
    path: Path
    file: BinaryIO
    digest: Any


class LedgerUploadHandler(FileUploadHandler):
    """Takes the one file of the form. `refusal` says why none was taken, else it is empty."""

    chunk_size = CHUNK

    def __init__(self, request: HttpRequest, max_bytes: int) -> None:
        super().__init__(request)
        self.max_bytes, self.refusal = max_bytes, ""
        self._writing: _Writing | None = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > self.max_bytes + OTHER_FIELDS:
            self.refusal = too_large(self.max_bytes)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.field_name != FIELD or self._writing:
            self.refusal = ONE_FILE
        if self.refusal:
            raise StopUpload(connection_reset=False)  # read on to the end, so that we are heard
        path = incoming() / uuid4().hex
        self._writing = _Writing(path, sealed.create(path), sha256())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._writing
        if start + len(raw_data) > self.max_bytes:  # whatever Content-Length said
            self._stop(too_large(self.max_bytes))
        self._writing.digest.update(raw_data)
        try:
            sealed.append(self._writing.file, raw_data)
        except OSError:
            logger.exception("a ledger could not be stored")
            self._stop(NOT_STORED)

    def file_complete(self, file_size: int) -> ReceivedLedger:
        assert self._writing
        self._writing.file.close()
        digest = self._writing.digest.hexdigest()
        return ReceivedLedger(self.file_name or "", file_size, self._writing.path, digest)

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Delete what was received, unless it was moved to where it is kept."""
        if self._writing:
            self._writing.file.close()
            self._writing.path.unlink(missing_ok=True)

    def _stop(self, refusal: str) -> None:
        self.refusal = refusal
        self.discard()
        raise StopUpload(connection_reset=False)


def too_large(max_bytes: int) -> str:
    return f"文件超过上限 {max_bytes / MEGABYTE:.1f} MB，没有上传，请分成几份导入。"


def incoming() -> Path:
    return Path(settings.FILES_DIR) / "ledgers" / "incoming"


def sweep(now: float) -> int:
    """Delete what was left lying half received (`now` in seconds since 1970); how many files."""
    deleted = 0
    for path in incoming().iterdir() if incoming().exists() else ():
        with suppress(FileNotFoundError):  # it has just arrived, and moved on
            if path.stat().st_mtime < now - ABANDONED.total_seconds():
                path.unlink()
                deleted += 1
    return deleted
