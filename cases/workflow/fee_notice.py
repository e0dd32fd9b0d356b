"""The fee of a case, as its events tell it (条例第四十二条). Amounts are whole 元."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.choices import EventKind
from cases.models import Event
from cases.workflow.clockwork import standing_facts


@dataclass(frozen=True, slots=True)
class FeeNotice:
    asked_on: date
    amount: int | None  # None: from a ledger, which does not tell it
    paid_on: date | None


def fee_of(events: Iterable[Event]) -> FeeNotice | None:
    """The notice and its payment; None while nothing was asked. There is one notice a case."""
    standing = standing_facts(events)
    asked = [event for event in standing if event.kind == EventKind.FEE_ASKED]
    paid = [event for event in standing if event.kind == EventKind.FEE_PAID]
    if not asked:
        return None
    return FeeNotice(asked[0].on, asked[0].data.get("amount"), paid[0].on if paid else None)
