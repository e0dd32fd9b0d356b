"""How large a ledger file may be, and how a file that cannot be read says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

from django.conf import settings

from cases.ledger.rows import SheetHeading

MEGABYTE = 1024 * 1024


class LedgerError(Exception):
    """The file cannot be imported at all; the message is one sentence for the user."""


class Overtaken(LedgerError):
    """Somebody else wrote after the plan was made; a new plan says what is left to write."""


class NoLedgerFound(LedgerError):
    """No sheet is a ledger as it stands; `headings` are what could be matched by hand."""

    def __init__(self, message: str, headings: Sequence[SheetHeading]) -> None:
        super().__init__(message)
        self.headings = headings


@dataclass(frozen=True, slots=True)
class Limits:
    """Each may be overridden by a setting, such as `LEDGER_MAX_BYTES` for `max_bytes`."""

    max_bytes: int = 50 * MEGABYTE  # of the file as it comes
    max_unpacked: int = 500 * MEGABYTE  # of all that is packed in it
    max_ratio: int = 200  # unpacked to packed; real ledgers stay under 60
    max_sheets: int = 30
    max_rows: int = 200_000  # that are not blank, in one sheet
    # Rows × columns up to the last filled cell of each: the reader takes 32 bytes for each of them.
    max_cells: int = 40_000_000

    @classmethod
    def from_settings(cls) -> Self:
        names = {limit.name: f"LEDGER_{limit.name.upper()}" for limit in fields(cls)}
        return cls(
            **{
                limit: int(getattr(settings, name))
                for limit, name in names.items()
                if hasattr(settings, name)
            }
        )


def check_sheets(count: int, limits: Limits) -> None:
    """Raises `LedgerError` for a file of more sheets than may be read."""
    if count > limits.max_sheets:
        raise LedgerError(f"文件有 {count} 张工作表，超过上限 {limits.max_sheets} 张。")
