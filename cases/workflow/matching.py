"""A reply and its 答复书 say the same: outcome, 文号 and date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from cases.choices import EventKind, LetterKind, Outcome
from cases.lookups import NOT_WITH_IT, answerable_with
from cases.models import Case, Letter
from cases.workflow.numbering import claim_letter_number


def answered_with(case: Case) -> list[int]:
    """The other cases that the reply of `case` answers too: as recorded, else as it is reviewed or
    signed, else as its letter says."""
    if replied := case.events.filter(kind=EventKind.REPLIED).order_by("pk").last():
        return list(replied.data.get("together", ()))
    if round_ := case.live_round:
        return list(round_.also)
    return answered_by(reply_letter_of(case))


def answered_by(letter: Letter | None) -> list[int]:
    """The other cases that the letter names."""
    if letter is None:
        return []
    made = letter.case.events.filter(kind=EventKind.LETTER_MADE, data__letter=letter.pk)
    return [pk for event in made for pk in event.data.get("also", ())]


def named_in(case: Case, kind: LetterKind) -> list[Case]:
    """The other cases that a letter of `kind` names beside `case`."""
    if kind not in (LetterKind.REPLY, LetterKind.SERVICE) or was_reopened(case):
        return []
    return list(Case.objects.filter(pk__in=answered_with(case)).order_by("pk"))


def was_reopened(case: Case) -> bool:
    """Whether a decision ordered a new reply: it has a letter of its own, of this case alone."""
    return case.events.filter(kind=EventKind.REOPENED).exists()


def is_open_to_others(case: Case) -> bool:
    """Whether who makes the 答复书 says whom it answers: not once it is recorded or reviewed."""
    return not case.outcome and not case.live_round


def others_of(case: Case, also: Collection[int]) -> list[Case]:
    """The cases of `also`; raises `ValidationError` on it if one letter may not answer them too."""
    others = [other for other in answerable_with(case) if other.pk in also]
    if len(others) < len(set(also)):
        raise ValidationError({"also": NOT_WITH_IT})
    return others


def reply_letter_of(case: Case, *, after: date | None = None) -> Letter | None:
    """The 答复书 that was made last and not withdrawn; of a new reply one dated after the first."""
    made = case.letters.filter(kind=LetterKind.REPLY, document__withdrawn_on=None)
    if after:
        made = made.filter(dated_on__gt=after)
    return made.order_by("pk").last()


def letter_values(case: Case) -> dict[str, Any]:
    """What the reply is proposed to say, by its fields, once there is a letter."""
    letter = reply_letter_of(case, after=case.closed_on if case.is_reopened else None)
    return _written(letter) | {"also": answered_by(letter)} if letter else {}


def _written(letter: Letter) -> dict[str, Any]:
    said = {"outcome": letter.outcome, "closed_on": letter.dated_on}
    return said | ({"reply_number": letter.number} if letter.number else {})


def check_reply(case: Case, together: Collection[int]) -> None:
    """Raises `ValidationError` by field where the reply of `case`, as it is about to be recorded,
    differs from its letter, or has the number of another that does not answer `together` too."""
    letter, others = reply_letter_of(case), {*together} - {case.pk}
    if letter and not was_reopened(case):
        _compare(case, letter, others)
    if case.reply_number and case.closed_on:
        claim_letter_number(
            case.organ_on(case.closed_on),
            case.reply_number,
            kind=LetterKind.REPLY,
            cases={case.pk, *others},
            field="reply_number",
        )


def _compare(case: Case, letter: Letter, others: Collection[int]) -> None:
    named = answered_by(letter)
    differ = {
        name: f"已制作的答复书写的是{_words(value)}，请核对，或者重新制作、撤下它。"
        for name, value in _written(letter).items()
        if value != getattr(case, name)
    }
    if {*others} != {*named}:
        differ["also"] = _also_words(named)
    if differ:
        raise ValidationError(differ)


def _also_words(also: Collection[int]) -> str:
    numbers = "、".join(Case.objects.filter(pk__in=also).values_list("number", flat=True))
    whom = f"一并答复 {numbers}" if numbers else "只答复本件"
    return f"已制作的答复书{whom}，请照此勾选，或者重新制作、撤下它。"


def _words(value: object) -> str:
    return f"“{Outcome(str(value)).label}”" if value in Outcome.values else f" {value} "


def check_letter(case: Case, outcome: str, dated_on: date, number: str | None) -> None:
    """Raises `ValidationError` by field where a 答复书 would say otherwise than the reply as it is
    recorded, or as it is reviewed or signed. `number` is None for the next of the series."""
    if was_reopened(case):
        return
    expected, round_ = case.reply_number, case.live_round
    if case.outcome and outcome != case.outcome:
        said = case.get_outcome_display()
        raise ValidationError({"outcome": f"与已登记的答复类型“{said}”不同，请核对。"})
    if case.closed_on and dated_on != case.closed_on:
        raise ValidationError({"dated_on": f"与已登记的答复日期 {case.closed_on} 不同，请核对。"})
    if round_ and not case.outcome:
        expected = round_.content["reply_number"]
        if outcome != round_.outcome:
            of_round = f"第 {round_.number} 次送审的“{round_.outcome.label}”"
            raise ValidationError({"outcome": f"与{of_round}不同；要改的，请先撤回送审。"})
    if expected and number not in ("", expected):
        sentence = f"答复的文号是 {expected}，请填写这个文号，或者不编号。"
        raise ValidationError({"number": sentence})
