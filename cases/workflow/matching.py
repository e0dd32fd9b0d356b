"""A reply and its 答复书 say the same: outcome, 文号 and date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from cases.choices import EventKind, LetterKind, Outcome
from cases.models import Case, Letter
from cases.workflow.numbering import claim_letter_number


def answered_with(case: Case) -> list[int]:
    """The other cases that the reply of `case` answered too."""
    replied = case.events.filter(kind=EventKind.REPLIED).order_by("pk").last()
    return list(replied.data.get("together", ())) if replied else []


def reply_letter_of(case: Case) -> Letter | None:
    """The 答复书 that was made last and not withdrawn."""
    made = case.letters.filter(kind=LetterKind.REPLY, document__withdrawn_on=None)
    return made.order_by("pk").last()


def letter_values(case: Case) -> dict[str, Any]:
    """What the reply is proposed to say, by its fields, once there is a letter."""
    letter = reply_letter_of(case)
    if letter is None:
        return {}
    said = {"outcome": letter.outcome, "closed_on": letter.dated_on}
    return said | ({"reply_number": letter.number} if letter.number else {})


def check_reply(case: Case, together: Collection[int]) -> None:
    """Raises `ValidationError` by field where the reply of `case`, as it is about to be recorded,
    differs from its letter, or has the number of another that does not answer `together` too."""
    differ = {
        name: f"已制作的答复书写的是{_words(value)}，请核对，或者重新制作、撤下它。"
        for name, value in letter_values(case).items()
        if value != getattr(case, name)
    }
    if differ:
        raise ValidationError(differ)
    if case.reply_number and case.closed_on:
        claim_letter_number(
            case.department,
            case.reply_number,
            year=case.closed_on.year,
            kind=LetterKind.REPLY,
            cases={case.pk, *together},
            field="reply_number",
        )


def _words(value: object) -> str:
    return f"“{Outcome(str(value)).label}”" if value in Outcome.values else f" {value} "


def check_letter(case: Case, outcome: str, dated_on: date, number: str | None) -> None:
    """Raises `ValidationError` by field where a 答复书 would say otherwise than the reply as it is
    recorded, or as it is reviewed or signed. `number` is None for the next of the series.

    A new reply after a decision has a letter of its own.
    """
    if case.events.filter(kind=EventKind.REOPENED).exists():
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
