"""Which letters a case asks for now: those of its events that were not made yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from cases.choices import Addressee, EventKind, LetterKind, RoundState, Stage
from cases.documents.showing import letters_beside
from cases.models import Case, Event
from cases.workflow.standing import standing

# What is done to an open case is told by a letter.
_TELLS = {
    EventKind.REGISTERED: LetterKind.RECEIPT,
    EventKind.CORRECTION_ASKED: LetterKind.CORRECTION,
    EventKind.REASONS_ASKED: LetterKind.REASONS,
    EventKind.EXTENDED: LetterKind.EXTENSION,
    EventKind.DELAYED: LetterKind.DELAY,
    EventKind.FEE_ASKED: LetterKind.FEE,
}
_ASKS = {
    Addressee.THIRD_PARTY: (LetterKind.THIRD_PARTY_OPINION, LetterKind.THIRD_PARTY_NOTICE),
    Addressee.CO_PRODUCER: (LetterKind.CO_PRODUCER,),
    Addressee.OTHER_ORGAN: (LetterKind.ASSISTANCE,),
}


def called_for(case: Case, events: Iterable[Event]) -> list[LetterKind]:
    """The kinds of which there are fewer letters than events that call for one, latest first."""
    asked = [kind for event in standing(events) for kind in _called_by(event, case)]
    round_ = case.live_round
    if case.stage == Stage.OPEN and round_ and round_.state == RoundState.SIGNED:
        asked.append(LetterKind.REPLY)
    if case.stage == Stage.UNSERVED:
        asked.append(LetterKind.SERVICE)
    made = case.letters.filter(document__withdrawn_on=None)
    made = made.exclude(document__superseded_by__letter__isnull=False)  # made anew
    letters = [*made, *(each.letter for each in letters_beside(case))]
    missing = Counter(asked) - Counter(LetterKind(letter.kind) for letter in letters)
    return [kind for kind in dict.fromkeys(reversed(asked)) if missing[kind]]


def _called_by(event: Event, case: Case) -> Iterator[LetterKind]:
    kind = EventKind(event.kind)
    if kind in (EventKind.REPLIED, EventKind.REPLIED_AGAIN):
        yield LetterKind.REPLY
    elif case.stage != Stage.OPEN:
        return
    elif kind == EventKind.CONSULTATION_SENT:
        yield from _ASKS[Addressee(event.data.get("addressee") or Addressee.THIRD_PARTY)]
    elif kind in _TELLS:
        yield _TELLS[kind]
