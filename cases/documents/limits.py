"""How much may be stored with a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.conf import settings

MAX_FILES = 20  # in one upload
LONGEST_NAME = 120  # characters, the ending included


@dataclass(frozen=True, slots=True)
class Limits:
    max_bytes: int  # of one file
    max_of_case: int  # bytes of all documents of a case together

    @classmethod
    def from_settings(cls) -> Self:
        return cls(settings.DOCUMENT_MAX_BYTES, settings.DOCUMENT_CASE_MAX_BYTES)
