"""Take a ledger in as it comes over the wire; `cases.receiving` says how."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from cases import receiving
from cases.receiving import ABANDONED, CHUNK, NOT_STORED, SealingHandler, megabytes

__all__ = [
    "ABANDONED",
    "CHUNK",
    "NOT_STORED",
    "ONE_FILE",
    "LedgerUploadHandler",
    "incoming",
    "sweep",
]

ONE_FILE = SealingHandler.too_many


class LedgerUploadHandler(SealingHandler):
    """Takes the one file of the form."""

    def __init__(self, request: HttpRequest, max_bytes: int) -> None:
        super().__init__(request, incoming(), max_bytes=max_bytes)

    def too_large(self, name: str) -> str:
        return f"文件超过上限 {megabytes(self.max_bytes)}，没有上传，请分成几份导入。"


def incoming() -> Path:
    return Path(settings.FILES_DIR) / "ledgers" / "incoming"


def sweep(now: float) -> int:
    """Delete what was left lying half received (`now` in seconds since 1970); how many files."""
    return receiving.sweep(incoming(), now)
