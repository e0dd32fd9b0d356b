"""The other cases that a draft names: held from its submission to the reply as the first one is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.core.exceptions import ValidationError

from cases.choices import Outcome
from cases.lookups import answerable_with
from cases.models import Case, SignOffRound
from cases.workflow.base import situation_of
from cases.workflow.grounds import check_drafted
from cases.workflow.matching import others_of
from cases.workflow.refusals import first_of, something_awaited, under_review


def named(case: Case, also: Collection[int], outcome: Outcome, on: date, today: date) -> list[Case]:
    """Those of `also`; raises `ValidationError` on it where a reply of `case` with that outcome on
    that day could not answer them too."""
    others = others_of(case, also)
    for other in others:
        try:
            _check(other, outcome, on, today)
        except ValidationError as error:
            said = f"{other.number}：{'；'.join(error.messages)}"
            raise ValidationError({"also": said}) from error
    return others


def _check(other: Case, outcome: Outcome, on: date, today: date) -> None:
    if refusal := first_of(under_review, something_awaited)(situation_of(other, on=today)):
        raise ValidationError(refusal)
    check_drafted(other, outcome, on)


def words_of(others: Iterable[Case]) -> dict[str, str]:
    """What a draft keeps of the other cases that its reply answers: key → number and content."""
    return {str(other.pk): f"{other.number} {other.masked_content}" for other in others}


def changed_words(round_: SignOffRound) -> str:
    """Which of the cases that the draft names are no more as they were submitted; "" for none."""
    also = round_.content.get("also", {})
    now = words_of(it for it in answerable_with(round_.case) if it.pk in round_.also)
    changed = [int(key) for key, words in also.items() if now.get(key) != words]
    if not changed:
        return ""
    numbers = Case.objects.filter(pk__in=changed).order_by("pk").values_list("number", flat=True)
    return f"一并答复的 {'、'.join(numbers)} 送审后有变动或已办结，请撤回送审，核对后重新送审。"
