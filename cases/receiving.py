"""Files as they come over the wire: encrypted at once, counted, stopped when too large.

Nothing of them is ever on disk in clear. What an upload leaves that was cut off, by its browser or
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

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from cases import sealed
from cases.ledger.limits import MEGABYTE

logger = logging.getLogger(__name__)

CHUNK = 256 * 1024  # bytes of a block
OTHER_FIELDS = MEGABYTE  # bytes that the rest of a form may take
ABANDONED = timedelta(hours=1)  # without a further byte
NOT_STORED = "文件没有存下来，可能是磁盘已满，请与系统管理员联系。"


class ReceivedFile(UploadedFile):
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


class SealingHandler(FileUploadHandler):
    """Takes the files of one field of a form. `refusal` says why none was taken, else it is empty.

    `max_bytes` bounds each file, `max_total` all that is sent at once. One file that is refused
    stops the upload: none of the others is kept either.
    """

    chunk_size = CHUNK
    field = "file"
    max_files = 1
    too_many = "一次只能上传一个文件。"

    def __init__(
        self, request: HttpRequest, folder: Path, *, max_bytes: int, max_total: int | None = None
    ) -> None:
        super().__init__(request)
        self.folder, self.max_bytes = folder, max_bytes
        self.max_total = max_total or max_bytes
        self.refusal = ""
        self._writing: _Writing | None = None
        self._received: list[Path] = []

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > self.max_total + OTHER_FIELDS:
            self.refusal = self.too_large("")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.field_name != self.field or len(self._received) >= self.max_files:
            self.refusal = self.too_many
        if self.refusal:
            self._stop(self.refusal)
        path = self.folder / uuid4().hex
        self._received.append(path)
        self._writing = _Writing(path, sealed.create(path), sha256())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._writing
        if start + len(raw_data) > self.max_bytes:  # whatever Content-Length said
            self._stop(self.too_large(self.file_name or ""))
        self._writing.digest.update(raw_data)
        try:
            sealed.append(self._writing.file, raw_data)
        except OSError:
            logger.exception("an upload could not be stored")
            self._stop(NOT_STORED)

    def file_complete(self, file_size: int) -> ReceivedFile:
        assert self._writing
        self._writing.file.close()
        digest = self._writing.digest.hexdigest()
        return ReceivedFile(self.file_name or "", file_size, self._writing.path, digest)

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Delete what was received, unless it was moved to where it is kept."""
        if self._writing:
            self._writing.file.close()
        for path in self._received:
            path.unlink(missing_ok=True)

    def too_large(self, name: str) -> str:
        """The sentence for the file of this name, or for all that is sent at once."""
        return f"文件超过上限 {megabytes(self.max_bytes)}，没有上传。"

    def _stop(self, refusal: str) -> None:
        self.refusal = refusal
        self.discard()
        raise StopUpload(connection_reset=False)  # read on to the end, so that we are heard


def megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"


def sweep(folder: Path, now: float) -> int:
    """Delete what was left lying half received (`now` in seconds since 1970); how many files."""
    deleted = 0
    for path in folder.iterdir() if folder.exists() else ():
        with suppress(FileNotFoundError):  # it has just arrived, and moved on
            if path.stat().st_mtime < now - ABANDONED.total_seconds():
                path.unlink()
                deleted += 1
    return deleted
