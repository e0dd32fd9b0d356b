"""Make a letter: number it, fill its template in, keep the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cases.choices import DocumentKind, EventKind, LetterKind, Outcome
from cases.letters.making import Draft, draft_of
from cases.letters.values import Subject
from cases.letters.wording import TITLES
from cases.models import Case, Department, Document, Letter, User
from cases.permissions import Act
from cases.workflow.base import begin, check_day, finish, refuse_personal_data, require
from cases.workflow.matching import (
    answered_with,
    bearers_of,
    check_letter,
    is_open_to_others,
    named_in,
    others_of,
    reply_on,
)
from cases.workflow.numbering import (
    Bearers,
    claim_letter_number,
    pass_letter_number,
    take_letter_number,
)
from cases.workflow.papers import store


@transaction.atomic
def make_letter(
    case: Case,
    *,
    by: User,
    today: date,
    kind: str,
    dated_on: date | None,
    outcome: str = "",
    own_series: bool = False,
    number: str = "",
    said: Mapping[str, str] | None = None,
    also: Collection[int] = (),
    version: int | None = None,
) -> Letter:
    """Fill in the template that is in use, and keep the file with `case`.

    The 文号 is the next of the department's own series, or `number` as the office's own system gave
    it, or none. One that has the number of a letter of its kind stands in its place. `said`: field
    → value, over what the case says. `also`: the other cases that a 答复书 answers, where that is
    neither recorded nor signed yet. Raises `ValidationError` by field.
    """
    case = begin(case, Act.MAKE_LETTER, by=by, today=today, version=version)
    letter_kind = LetterKind(kind)
    require({"dated_on": (dated_on, "日期")})
    assert dated_on is not None  # required above
    check_day("dated_on", dated_on, today=today, not_before=case.arrived_on, which="到件日期")
    number, organ, before = number.strip(), case.organ_on(dated_on), None
    others, found = _others(case, letter_kind, dated_on, also), None
    if letter_kind == LetterKind.REPLY:
        require({"outcome": (outcome, "答复类型")})
        check_letter(case, others, outcome, dated_on, None if own_series else number)
        found = Outcome(outcome)
    if own_series:
        number = take_letter_number(organ, dated_on.year)
    elif number:
        before = _claim(case, organ, number, letter_kind, dated_on)
    text = f"制作{TITLES[letter_kind]}" + (f"，{number}" if number else "")
    refuse_personal_data(text, case.applicant)  # before there is a file
    subject = Subject(case, letter_kind, found, dated_on, list(case.events.all()), others)
    letter = _keep(draft_of(subject, {**(said or {}), "文号": number}), number, before, by)
    sha256, named = letter.document.sha256, [other.pk for other in others]
    data = {"letter": letter.pk, "document": letter.document_id, "sha256": sha256, "also": named}
    finish(case, EventKind.LETTER_MADE, by=by, on=today, text=text, data=data)
    return letter


def _others(case: Case, kind: LetterKind, day: date, also: Collection[int]) -> list[Case]:
    """The other cases that the letter names: as its maker says, once known as it is known."""
    if kind == LetterKind.REPLY and is_open_to_others(case):
        return others_of(case, also)
    return named_in(case, kind, day)


def _claim(
    case: Case, organ: Department, number: str, kind: LetterKind, day: date
) -> Letter | None:
    """The letter that has had the number so far, if the new one may stand in its place."""
    if kind == LetterKind.REPLY:
        bearers = bearers_of(reply_on(case, day), answered_with(case))
    else:
        same = case.letters.filter(kind=kind)
        bearers = Bearers([letter.pk for letter in same])
    claim_letter_number(organ, number, bearers, field="number")
    before = Letter.objects.filter(department=organ, number=number).first()
    if before and before.case_id != case.pk and before.case.voided_on is None:
        sentence = f"文号 {number} 的答复书在一并答复的 {before.case} 里，要重新制作，请到那一件。"
        raise ValidationError({"number": sentence})
    return before


def _keep(draft: Draft, number: str, before: Letter | None, by: User) -> Letter:
    """Fill the letter in, keep its file, and note what it is."""
    subject = draft.subject
    name = f"{TITLES[subject.kind]}{f'（{number}）' if number else ''}.docx"
    file = SimpleUploadedFile(name, draft.content())
    case = subject.case
    superseded = _standing(before) if before and before.case_id == case.pk else None
    [document] = store(case, [file], DocumentKind.LETTER, by=by, supersedes=superseded)
    letter = Letter.objects.create(
        case=case,
        department=case.organ_on(subject.on),
        document=document,
        kind=subject.kind,
        outcome=subject.outcome or "",
        number="" if before else number,
        dated_on=subject.on,
        template_sha256=draft.template.sha256,
    )
    if before:
        pass_letter_number(number, of=before, to=letter)
    return letter


def _standing(letter: Letter) -> Document | None:
    """The file of record of the letter; None for one that was withdrawn."""
    latest = letter.document
    while after := Document.objects.filter(supersedes=latest).first():
        latest = after
    return None if latest.withdrawn_on else latest
