"""Numbers such as 秀政公开申〔2026〕12号: per department and year, none given twice.

Cases and letters (秀政公开〔2026〕3号) have a series each.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from cases.choices import EventKind
from cases.models import Case, Department, Document, Event, Letter, LetterSeries, NumberCounter
from cases.models.numbering import Series
from cases.workflow.service import new_replies
from cases.workflow.standing import first_of

ANY_YEAR = 0


def prefix_of(department: Department) -> str:
    return department.number_prefix or f"{department.short_name or department.name}公开申"


def format_number(department: Department, year: int, count: int) -> str:
    return f"{prefix_of(department)}〔{year}〕{count}号"


def take_number(department: Department, year: int) -> str:
    """The next free number. Must run inside the transaction that stores the case.

    The counter's row stays locked until then, so a number is neither doubled nor lost. Numbers
    that a ledger brought in are passed over.
    """
    counter = _locked_counter(department, Series.CASES, year)
    taken = Case.objects.filter(department=department, number_year=year)
    while True:
        counter.last += 1
        number = format_number(department, year, counter.last)
        if not taken.filter(number=number).exists():
            counter.save(update_fields=["last"])
            return number


def note_numbers(department: Department, year: int, numbers: list[str]) -> None:
    """Let the counter go on after the highest of `numbers` that has our form."""
    form = re.compile(re.escape(prefix_of(department)) + rf"〔{year}〕(\d+)号")
    counts = [int(match[1]) for number in numbers if (match := form.fullmatch(number))]
    if counts:
        counter = _locked_counter(department, Series.CASES, year)
        counter.last = max(counter.last, *counts)
        counter.save(update_fields=["last"])


def letter_prefix_of(department: Department) -> str:
    """As its case numbers, less the 申 that marks an application, unless it has one of its own."""
    own = LetterSeries.objects.filter(department=department).values_list("prefix", flat=True)
    return own.first() or prefix_of(department).removesuffix("申")


def take_letter_number(department: Department, year: int) -> str:
    """The next free 文号; as `take_number`. Those that were typed are passed over."""
    _lock_letter_numbers(department)
    counter = _locked_counter(department, Series.LETTERS, year)
    prefix = letter_prefix_of(department)
    while True:
        counter.last += 1
        number = f"{prefix}〔{year}〕{counter.last}号"
        if not letter_number_taken(department, number):
            counter.save(update_fields=["last"])
            return number


@dataclass(frozen=True, slots=True)
class Bearers:
    """What may have a number that is claimed, by key: one reply may answer several cases, and a
    letter that is made anew keeps its number."""

    letters: Collection[int] = ()
    cases: Collection[int] = ()  # by their first replies
    again: int | None = None  # the event of a new reply


def letter_number_taken(department: Department, number: str, but: Bearers = Bearers()) -> bool:
    """Whether a letter, a reply or a new reply has it, other than these."""
    letters = Letter.objects.filter(department=department, number=number)
    if letters.exclude(pk__in=but.letters).exists():
        return True
    cases = Case.objects.filter(department__in=_carried_by(department))
    first = cases.filter(reply_number=number).exclude(pk__in=but.cases)
    if any(case.organ_on(case.closed_on or case.arrived_on) == department for case in first):
        return True
    # Those whose reviews and suits say so: few, and found without reading every event.
    anew = cases.filter(proceedings__replied_again_on__isnull=False)
    said = Event.objects.filter(
        case__in=anew.values("pk"), kind=EventKind.REPLIED_AGAIN, data__reply_number=number
    )
    return any(
        new.event.data["reply_number"] == number
        and first_of(new.event) != but.again
        and case.organ_on(new.event.on) == department
        for case in Case.objects.filter(pk__in=said.values("case"))
        for new in new_replies(case.events.all())
    )


def _carried_by(department: Department) -> set[int]:
    """It and all whose cases have come to it by succession; who answered one, its days tell."""
    found, latest = set(), {department.pk}
    while latest:
        found |= latest
        before = Department.objects.filter(successor__in=latest).exclude(pk__in=found)
        latest = set(before.values_list("pk", flat=True))
    return found


def claim_letter_number(department: Department, number: str, but: Bearers, *, field: str) -> None:
    """Raises `ValidationError` on `field` for a number that is taken, as above.

    Nobody else takes it before the transaction ends.
    """
    _lock_letter_numbers(department)
    if letter_number_taken(department, number, but):
        raise ValidationError({field: f"文号 {number} 已经用过，请核对。"})


def pass_letter_number(number: str, *, of: Letter, to: Letter) -> None:
    """The number goes over to the letter that stands in the place of `of`; it is unique."""
    of.number, to.number = "", number
    of.save(update_fields=["number"])
    to.save(update_fields=["number"])


def give_number_back(document: Document) -> None:
    """A letter that was made anew is withdrawn: the one before stands again, with its number."""
    letter, before = Letter.objects.filter(document=document).first(), document.supersedes
    while before and (had := Letter.objects.filter(document=before).first()) is None:
        before = before.supersedes  # a final or sealed file of the letter before
    if letter and before and had and letter.number:
        pass_letter_number(letter.number, of=letter, to=had)


def _lock_letter_numbers(department: Department) -> None:
    """A number that is typed may be of any year: one row stands for all of the series."""
    _locked_counter(department, Series.LETTERS, ANY_YEAR)


def _locked_counter(department: Department, series: Series, year: int) -> NumberCounter:
    NumberCounter.objects.get_or_create(department=department, series=series, year=year)
    counters = NumberCounter.objects.select_for_update()
    return counters.get(department=department, series=series, year=year)
