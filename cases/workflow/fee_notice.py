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
    delivered_on: date | None  # None: not recorded, the term of payment runs from the notice
    paid_on: date | None


def fee_of(events: Iterable[Event]) -> FeeNotice | None:
    """The notice and its payment; None while nothing was asked. There is one notice a case."""
    standing = standing_facts(events)

    def first(kind: EventKind) -> Event | None:
        return next((event for event in standing if event.kind == kind), None)

    asked, paid = first(EventKind.FEE_ASKED), first(EventKind.FEE_PAID)
    delivered = first(EventKind.FEE_NOTICE_DELIVERED)
    if asked is None:
        return None
    return FeeNotice(
        asked_on=asked.on,
        amount=asked.data.get("amount"),
        delivered_on=delivered.on if delivered else None,
        paid_on=paid.on if paid else None,
    )
