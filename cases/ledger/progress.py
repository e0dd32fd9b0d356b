"""How far an import is, for those who wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

# Percent of the step that runs (reading, comparing, writing), and a sentence. Never called while a
# transaction is open, so that it may write to the database itself.
Told = Callable[[int, str], None]
EVERY = 2_000  # rows

Item = TypeVar("Item")


def nobody(percent: int, message: str) -> None:
    """For those who do not wait."""


def telling(items: Iterable[Item], total: int, told: Told, message: str) -> Iterator[Item]:
    """The items; every so many `told` hears how far it is, `message` with the number put in."""
    for number, item in enumerate(items):
        if number % EVERY == 0:
            told(min(100 * number // max(total, 1), 100), message.format(number))
        yield item
