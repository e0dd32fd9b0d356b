"""Which events of a case hold. Events never change: one that is put right or revoked is superseded.

The event that takes its place names it in `supersedes`, and in `first` the one that began the row,
so that the order in which things were recorded stays known.
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.choices import EventKind
from cases.models import Event


def superseded(events: Iterable[Event]) -> dict[int, Event]:
    """Key of an event that holds no more → the one that took its place, or revoked it."""
    return {pk: event for event in events for pk in event.data.get("supersedes", ())}


def standing(events: Iterable[Event]) -> list[Event]:
    """Those that hold, in their order."""
    events = list(events)
    gone = superseded(events)
    return [event for event in events if event.pk not in gone and event.kind != EventKind.REVOKED]


def first_of(event: Event) -> int:
    """The key of the event that this one puts right, or its own: by it events are in the order in
    which they were first recorded."""
    return int(event.data.get("first", event.pk))
