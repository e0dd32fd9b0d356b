"""A reply and its 答复书 say the same: outcome, 文号 and date; of the first and of each new one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

from cases.choices import EventKind, LetterKind, Outcome
from cases.lookups import NOT_WITH_IT, answerable_with
from cases.models import Case, Event, Letter
from cases.workflow.base import check_day
from cases.workflow.grounds import CAME_IN, came_in_on
from cases.workflow.numbering import Bearers, claim_letter_number
from cases.workflow.service import NewReply, new_replies
from cases.workflow.standing import first_of


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of a case, the first or one that a decision orders: what of it is recorded."""

    case: Case
    outcome: str = ""
    closed_on: date | None = None
    reply_number: str = ""
    since: date | None = None  # the day on which the decision came in; None: the first
    new: NewReply | None = None  # once one that was ordered is given
    letters: list[Letter] = field(default_factory=list)  # as they were made, withdrawn ones too

    @property
    def key(self) -> int | None:
        """By which a new one is known, once it is given."""
        return first_of(self.new.event) if self.new else None

    @property
    def standing_letters(self) -> list[Letter]:
        """Its 答复书 that were not withdrawn, as they were made."""
        return [made for made in self.letters if not made.document.withdrawn_on]

    @property
    def letter(self) -> Letter | None:
        """The one of them that was made last."""
        return next(reversed(self.standing_letters), None)


def replies_of(case: Case) -> list[Reply]:
    """The replies of `case` in their order, the last being the one that is still to be given.

    A letter is of the reply that could be given on its day: a new one is no older than its order.
    """
    replies = [Reply(case, case.outcome, case.closed_on, case.reply_number)]
    for new in new_replies(case.events.all()):
        said, on = new.event.data, new.event.on
        since = came_in_on(case.proceedings.filter(pk__in=said["proceedings"])) or on
        replies.append(Reply(case, said["outcome"], on, said["reply_number"], since, new))
    if case.is_reopened:
        replies.append(Reply(case, since=came_in_on(case.proceedings.ordering_again())))
    made = case.letters.filter(kind=LetterKind.REPLY).select_related("document")
    for letter in made.order_by("pk"):
        _at(replies, letter.dated_on).letters.append(letter)
    return replies


def _at(replies: Sequence[Reply], day: date) -> Reply:
    found = replies[0]
    for before, reply in pairwise(replies):
        if (reply.since or date.max) <= day and (before.closed_on or date.min) < day:
            found = reply
    return found


def reply_on(case: Case, day: date | None = None) -> Reply:
    """The one that a 答复书 of that day is to be of: given on just that day, else the last."""
    replies = replies_of(case)
    return next((reply for reply in replies if day and reply.closed_on == day), replies[-1])


def answered_with(case: Case) -> list[int]:
    """The other cases that the first reply of `case` answers too: as recorded, else as it is
    reviewed or signed, else as its letter says."""
    if replied := case.events.filter(kind=EventKind.REPLIED).order_by("pk").last():
        return list(replied.data.get("together", ()))
    if round_ := case.live_round:
        return list(round_.also)
    return answered_by(replies_of(case)[0].letter)


def answered_by(letter: Letter | None) -> list[int]:
    """The other cases that the letter names."""
    if letter is None:
        return []
    made = letter.case.events.filter(kind=EventKind.LETTER_MADE, data__letter=letter.pk)
    return [pk for event in made for pk in event.data.get("also", ())]


def named_in(case: Case, kind: LetterKind, day: date) -> list[Case]:
    """The other cases that a letter of `kind` and that day names beside `case`: those that are open
    still, or were answered with it. A new reply is of this case alone."""
    if kind not in (LetterKind.REPLY, LetterKind.SERVICE):
        return []
    if reply_on(case, day if kind == LetterKind.REPLY else None).since:
        return []
    others = Case.objects.filter(pk__in=answered_with(case), voided_on=None).order_by("pk")
    return [each for each in others if not each.closed_on or case.pk in answered_with(each)]


def is_open_to_others(case: Case) -> bool:
    """Whether who makes the 答复书 says whom it answers: not once it is recorded or reviewed."""
    return not case.outcome and not case.live_round


def others_of(case: Case, also: Collection[int]) -> list[Case]:
    """The cases of `also`; raises `ValidationError` on it if one letter may not answer them too."""
    others = [other for other in answerable_with(case) if other.pk in also]
    if len(others) < len(set(also)):
        raise ValidationError({"also": NOT_WITH_IT})
    return others


def letter_values(case: Case) -> dict[str, Any]:
    """What the reply is proposed to say, by its fields, once there is a letter."""
    letter = replies_of(case)[-1].letter
    return _written(letter) | {"also": answered_by(letter)} if letter else {}


def _written(letter: Letter) -> dict[str, Any]:
    said = {"outcome": letter.outcome, "closed_on": letter.dated_on}
    return said | ({"reply_number": letter.number} if letter.number else {})


def check_reply(case: Case, together: Collection[int] | None = None) -> None:
    """Raises `ValidationError` by field where the first reply of `case`, as it is about to be
    recorded, differs from its letter, or has the number of another that does not answer `together`
    too (None: it is put right, and whom else it answers stays)."""
    reply = replies_of(case)[0]
    others = {*(answered_with(case) if together is None else together)} - {case.pk}
    letter = _binding(reply, others)
    differ = _differences(reply, letter)
    if letter and together is not None:
        named = {letter.case_id, *answered_by(letter)} - {case.pk}
        differ |= {"also": _also_words(named)} if named != others else {}
    _check(reply, differ, others)


def check_reply_again(case: Case, said: Mapping[str, str], on: date) -> None:
    """The same of the new reply that is about to be recorded."""
    outcome, number = said["outcome"], said["reply_number"]
    reply = replace(replies_of(case)[-1], outcome=outcome, closed_on=on, reply_number=number)
    _check(reply, _differences(reply, reply.letter))


def check_put_right(case: Case, event: Event, on: date) -> None:
    """The same of the day of one that is recorded."""
    [reply] = [reply for reply in replies_of(case) if reply.key == first_of(event)]
    if differ := _differences(replace(reply, closed_on=on), reply.letter).get("closed_on"):
        raise ValidationError({"on": differ})


def _binding(reply: Reply, others: Collection[int]) -> Letter | None:
    """What the first reply is held to: its 答复书, or a later one of `others` that names it; one
    that lies in a voided case binds nobody."""
    standing = Case.objects.filter(pk__in=others, voided_on=None)
    theirs = [replies_of(other)[0].letter for other in standing]
    naming = [letter for letter in theirs if reply.case.pk in answered_by(letter)]
    made = [letter for letter in (reply.letter, *naming) if letter]
    return max(made, key=lambda letter: letter.pk, default=None)


def _differences(reply: Reply, letter: Letter | None) -> dict[str, str]:
    """What the letter says otherwise than the reply, by field."""
    if letter is None:
        return {}
    where = "" if letter.case_id == reply.case.pk else f"（在 {letter.case} 里）"
    return {
        name: f"已制作的答复书{where}写的是{_words(value)}，请核对，或者重新制作、撤下它。"
        for name, value in _written(letter).items()
        if value != getattr(reply, name)
    }


def _check(reply: Reply, differ: Mapping[str, str], others: Collection[int] = ()) -> None:
    if differ:
        raise ValidationError(dict(differ))
    if reply.reply_number and reply.closed_on:
        organ, bearers = reply.case.organ_on(reply.closed_on), bearers_of(reply, others)
        claim_letter_number(organ, reply.reply_number, bearers, field="reply_number")


def bearers_of(reply: Reply, others: Collection[int]) -> Bearers:
    """What may have the number of the reply: its letters, and what it answers."""
    letters = [letter.pk for letter in reply.letters]
    if reply.since:
        return Bearers(letters, again=reply.key)
    theirs = Letter.objects.filter(case__in=others, kind=LetterKind.REPLY)
    return Bearers([*letters, *theirs.values_list("pk", flat=True)], {reply.case.pk, *others})


def _words(value: object) -> str:
    return f"“{Outcome(str(value)).label}”" if value in Outcome.values else f" {value} "


def _also_words(also: Collection[int]) -> str:
    numbers = "、".join(Case.objects.filter(pk__in=also).values_list("number", flat=True))
    whom = f"一并答复 {numbers}" if numbers else "只答复本件"
    return f"已制作的答复书{whom}，请照此勾选，或者重新制作、撤下它。"


def check_letter(
    case: Case, others: Iterable[Case], outcome: str, dated_on: date, number: str | None
) -> None:
    """Raises `ValidationError` by field where a 答复书 would say otherwise than the reply as it is
    recorded, or as it is reviewed or signed; so for `others`, which it names beside `case`.

    `number` is None for the next of the series.
    """
    _check_letter(reply_on(case, dated_on), outcome, dated_on, number)
    for other in others:
        try:
            _check_letter(replies_of(other)[0], outcome, dated_on, number)
        except ValidationError as error:
            found = error.message_dict.items()
            named = {name: f"一并答复的 {other}：{' '.join(said)}" for name, said in found}
            raise ValidationError(named) from error


def _check_letter(reply: Reply, outcome: str, dated_on: date, number: str | None) -> None:
    case, expected = reply.case, reply.reply_number
    round_ = None if reply.outcome else case.live_round
    if reply.outcome and outcome != reply.outcome:
        said = Outcome(reply.outcome).label
        raise ValidationError({"outcome": f"与已登记的答复类型“{said}”不同，请核对。"})
    if reply.closed_on and dated_on != reply.closed_on:
        raise ValidationError({"dated_on": f"与已登记的答复日期 {reply.closed_on} 不同，请核对。"})
    if reply.since:
        check_day("dated_on", dated_on, today=dated_on, not_before=reply.since, which=CAME_IN)
    if round_:
        expected = round_.content["reply_number"]
        if outcome != round_.outcome:
            of_round = f"第 {round_.number} 次送审的“{round_.outcome.label}”"
            raise ValidationError({"outcome": f"与{of_round}不同；要改的，请先撤回送审。"})
    if expected and number not in ("", expected):
        sentence = f"答复的文号是 {expected}，请填写这个文号，或者不编号。"
        raise ValidationError({"number": sentence})


def outdated_before(case: Case, letter: Letter) -> Letter | None:
    """The 答复书 that stands again where `letter` was withdrawn, if it says otherwise than the
    reply as it is recorded, or as it is reviewed or signed."""
    reply = next((each for each in replies_of(case) if letter in each.letters), None)
    before = reply.letter if reply else None
    if reply is None or before is None or before.pk > letter.pk:
        return None
    named = named_in(case, LetterKind.REPLY, before.dated_on)
    others_differ = {other.pk for other in named} != {*answered_by(before)}
    try:
        _check_letter(reply, before.outcome, before.dated_on, before.number)
    except ValidationError:
        return before
    return before if others_differ and not is_open_to_others(case) else None
