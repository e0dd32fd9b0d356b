"""How a reply was served: the case's own, or one that was made again after a decision.

The service of a new reply stands in events alone, each naming its reply in `again`; that of the
case's own reply in its columns too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cases.choices import EventKind
from cases.models import Case, Event
from cases.workflow.standing import first_of, standing

SERVICE = frozenset({EventKind.SERVED, EventKind.MAIL_SIGNED, EventKind.MAIL_RETURNED})


@dataclass(frozen=True, slots=True)
class Service:
    """How the latest attempt to serve a reply stands."""

    again: int | None  # the key of the new reply it is about; None: the case's own
    replied_on: date | None
    method: str
    served_on: date | None  # None: not yet, or the letter came back
    signed_on: date | None  # posted, and signed for
    mail_number: str

    @property
    def data(self) -> dict[str, int]:
        """What an event about it carries besides."""
        return {} if self.again is None else {"again": self.again}


@dataclass(frozen=True, slots=True)
class NewReply:
    """A reply made again after a review or judgment; `overtaken` by a later order of another."""

    event: Event
    service: Service
    overtaken: bool


def course_of_service(events: Iterable[Event], again: int | None) -> list[Event]:
    """What was done to serve the reply, as it was recorded."""
    found = (e for e in events if e.kind in SERVICE and e.data.get("again") == again)
    return sorted(found, key=first_of)


def new_replies(events: Iterable[Event]) -> list[NewReply]:
    """Those that hold, the latest last."""
    known = standing(events)
    replies = (event for event in known if event.kind == EventKind.REPLIED_AGAIN)
    return [_new_reply(event, known) for event in sorted(replies, key=first_of)]


def service_of(case: Case, events: Iterable[Event]) -> Service:
    """That of the reply that was made last."""
    known = standing(events)
    if replies := new_replies(known):
        return replies[-1].service
    course = course_of_service(known, None)
    sent = _sending(course)
    number = sent.data.get("mail_number", "") if sent else ""
    method, served_on = case.service_method, case.served_on
    return Service(None, case.closed_on, method, served_on, _signed_on(course), number)


def _new_reply(event: Event, known: Sequence[Event]) -> NewReply:
    key, said = first_of(event), event.data
    course = course_of_service(known, key)
    # A reply recorded before its service had events of its own tells of it itself.
    served_on = date.fromisoformat(said["served_on"]) if said.get("served_on") else None
    method, number = said["service_method"], said.get("mail_number", "")
    if sent := _sending(course):
        served_on, method, number = sent.on, sent.data["method"], sent.data["mail_number"]
    if course and course[-1].kind == EventKind.MAIL_RETURNED:
        served_on = None
    overtaken = any(e.kind == EventKind.REOPENED and first_of(e) > key for e in known)
    service = Service(key, event.on, method, served_on, _signed_on(course), number)
    return NewReply(event, service, overtaken)


def _sending(course: Sequence[Event]) -> Event | None:
    return next((step for step in reversed(course) if step.kind == EventKind.SERVED), None)


def _signed_on(course: Sequence[Event]) -> date | None:
    """The day on which a posted reply was signed for, if nothing came after."""
    return course[-1].on if course and course[-1].kind == EventKind.MAIL_SIGNED else None
