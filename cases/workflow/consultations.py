"""The consultations of a case, as its events tell them (条例第三十二条至第三十四条)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cases.choices import Addressee, EventKind, Stage, Stance, Waiting
from cases.clock import Fact
from cases.clock_course import Letter, read_course
from cases.models import Case, Event
from cases.models.calendar import load_calendar
from cases.workdays import Calendar
from cases.workflow.clockwork import ending, fact_of, facts_anew, facts_of
from cases.workflow.service import new_replies
from cases.workflow.standing import first_of, standing


@dataclass(frozen=True, slots=True)
class Consultation:
    """A letter that asks for an opinion, and what came of it."""

    key: str
    addressee: Addressee
    whom: str
    sent_on: date
    delivered_on: date | None
    silent_on: date | None  # the last day of the opinion's term; None: the law sets none
    until: str  # the day that an organ without a term in law was asked to answer by; "" for none
    ended_on: date | None  # the day the opinion came, or nobody waited for it any more
    heard: bool  # an opinion came
    stance: Stance | None
    opinion: str  # its gist
    lapse_noted: bool  # it is on record that the term passed in silence

    @property
    def is_open(self) -> bool:
        """No opinion yet, and still to be had: one that comes late is recorded all the same."""
        return self.ended_on is None

    @property
    def awaits_delivery(self) -> bool:
        """Its delivery is not on record, and could still move the term of the opinion."""
        late = bool(self.ended_on and self.silent_on and self.ended_on > self.silent_on)
        return self.delivered_on is None and (self.is_open or late)

    @property
    def assumed(self) -> bool:
        """The term is reckoned from the sending, for want of a day of delivery."""
        return self.silent_on is not None and self.delivered_on is None

    def term_passed(self, on: date) -> bool:
        """Whether the addressee has let the term pass in silence, as at `on`."""
        return self.is_open and self.silent_on is not None and self.silent_on < on

    def awaits_note_of_lapse(self, on: date) -> bool:
        return self.term_passed(on) and not self.lapse_noted

    def can_be_ended(self) -> bool:
        """Without a term in law only the organ itself ends the wait (条例第三十三条)."""
        return self.is_open and self.silent_on is None

    def __str__(self) -> str:
        return f"{self.whom}（{self.addressee.label}），{self.sent_on} 发出"


def consultations_of(case: Case, events: Sequence[Event], calendar: Calendar) -> list[Consultation]:
    """Those of `case`, in the order of their sending; the terms are the clock's own."""
    if case.received_on is None:
        return []
    letters = read_course(case.received_on, facts_of(case, events), calendar).letters
    if anew := facts_anew(events):
        letters += read_course(anew[0].on, _course_anew(case, events), calendar).letters
    known = standing(events)
    return [_consultation(letter, known) for letter in letters]


def _course_anew(case: Case, events: Sequence[Event]) -> list[Fact]:
    """What a new reply rests on, and its day, once it is made: nothing is waited for then."""
    replies = [] if case.is_reopened else new_replies(events)[-1:]
    made = [fact for reply in replies for fact in ending(reply.event.on, None, "")]
    return [*map(fact_of, facts_anew(events)), *made]


def unheard(
    case: Case, *, calendar: Calendar | None = None, events: Sequence[Event] | None = None
) -> Iterator[tuple[Consultation, date]]:
    """Those that an open case, or the new reply of a closed one, waits for, or waited for in vain
    and without a note of it; each with the last day of its term. What has no term in law is left
    out."""
    waits = case.stage == Stage.OPEN and case.waiting_for == Waiting.CONSULTATION
    if not waits and not case.is_reopened:
        return
    events = list(case.events.all()) if events is None else events
    keys = _asked_anew(events) if case.is_reopened else None
    for asked in consultations_of(case, events, calendar or load_calendar()):
        is_awaited = asked.is_open and (keys is None or asked.key in keys)
        if is_awaited and asked.silent_on and not asked.lapse_noted:
            yield asked, asked.silent_on


def _asked_anew(events: Sequence[Event]) -> set[str]:
    """The keys of the letters that were sent for the new reply which is still to be given."""
    last = max((first_of(reply.event) for reply in new_replies(events)), default=0)
    return {fact.data["key"] for fact in facts_anew(events) if first_of(fact) > last}


def _consultation(letter: Letter, known: Sequence[Event]) -> Consultation:
    key, silent_on = letter.sent.key, letter.silent_on

    def said(kind: EventKind, on: date | None) -> dict[str, str]:
        """The data of the event behind a fact of this letter."""
        return next(
            (
                event.data
                for event in known
                if event.kind == kind and event.on == on and event.data.get("key", "") == key
            ),
            {},
        )

    sent = said(EventKind.CONSULTATION_SENT, letter.sent_on)
    answer = said(EventKind.CONSULTATION_RETURNED, letter.returned_on)
    addressee = Addressee(sent.get("addressee", Addressee.THIRD_PARTY))
    stance = answer.get("stance", "")
    return Consultation(
        key=key,
        addressee=addressee,
        whom=sent.get("whom", "") or str(addressee.label),
        sent_on=letter.sent_on,
        delivered_on=letter.delivered_on,
        silent_on=silent_on,
        until=sent.get("until", ""),
        ended_on=letter.returned_on,
        heard=letter.returned_on is not None and letter.heard,
        stance=Stance(stance) if stance else None,
        opinion=answer.get("opinion", ""),
        # A delivery that became known later may have moved the term behind an earlier note.
        lapse_noted=any(
            event.data.get("key", "") == key and silent_on is not None and event.on > silent_on
            for event in known
            if event.kind == EventKind.CONSULTATION_LAPSED
        ),
    )
