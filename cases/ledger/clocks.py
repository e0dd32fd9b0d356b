"""The clocks of a ledger's cases: each course of facts is run once, many rows share theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cases.choices import CLOCK_FACTS
from cases.ledger.building import Values
from cases.models import Case, Event
from cases.models.calendar import load_calendar
from cases.workflow import clockwork

_FACTS = frozenset(kind.value for kind in CLOCK_FACTS)


class Clocks:
    """What is stored of a clock, under one calendar."""

    def __init__(self) -> None:
        self.calendar = load_calendar()
        self.known: dict[Any, Values] = {}

    def refresh(self, case: Case, events: Iterable[Event]) -> None:
        """As `clockwork.refresh`, for a case that is stored."""
        clockwork.refresh(case, calendar=self.calendar, events=events)

    def of_new(self, case: Values, course: Sequence[Values]) -> Values:
        """The same for a case that is not, with its course as a ledger tells it."""
        asked = [event for event in course if event["kind"] in _FACTS]
        # Where nothing was ever asked for, the reply does not move what is stored of the clock.
        days = (case["closed_on"], case["served_on"], case["outcome"]) if asked else ()
        steps = ((fact["kind"], fact["on"], fact["data"].get("days")) for fact in asked)
        key = (case["received_on"], *days, *steps)
        if key not in self.known:
            facts = [clockwork.fact(fact["kind"], fact["on"], fact["data"]) for fact in asked]
            facts += clockwork.ending(case["closed_on"], case["served_on"], case["outcome"])
            self.known[key] = clockwork.stored(case["received_on"], facts, self.calendar)
        return self.known[key]
