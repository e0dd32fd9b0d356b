"""Make a letter: number it, fill its template in, keep the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cases.choices import DocumentKind, EventKind, LetterKind, Outcome
from cases.letters.making import Draft, draft_of
from cases.letters.values import Subject
from cases.letters.wording import TITLES
from cases.models import Case, Letter, User
from cases.permissions import Act
from cases.workflow.base import begin, check_day, finish, refuse_personal_data, require
from cases.workflow.numbering import letter_number_taken, take_letter_number
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
    version: int | None = None,
) -> Letter:
    """Fill in the template that is in use, and keep the file with `case`.

    The 文号 is the next of the department's own series, or `number` as the office's own system gave
    it, or none. `said`: field → value, over what the case says. Raises `ValidationError` by field.
    """
    case = begin(case, Act.MAKE_LETTER, by=by, today=today, version=version)
    letter_kind = LetterKind(kind)
    require({"dated_on": (dated_on, "日期")})
    assert dated_on is not None  # required above
    check_day("dated_on", dated_on, today=today, not_before=case.arrived_on, which="到件日期")
    found = _outcome_of(case, letter_kind, outcome, dated_on)
    number = _number_of(case, number.strip(), own_series=own_series, day=dated_on)
    text = f"制作{TITLES[letter_kind]}" + (f"，{number}" if number else "")
    refuse_personal_data(text, case.applicant)  # before there is a file
    subject = Subject(case, letter_kind, found, dated_on, list(case.events.all()))
    letter = _keep(draft_of(subject, {**(said or {}), "文号": number}), number, by)
    data = {
        "letter": letter.pk,
        "document": letter.document_id,
        "sha256": letter.document.sha256,
    }
    finish(case, EventKind.LETTER_MADE, by=by, on=today, text=text, data=data)
    return letter


def _number_of(case: Case, number: str, *, own_series: bool, day: date) -> str:
    organ = case.organ_on(day)
    if own_series:
        return take_letter_number(organ, day.year)
    if number and letter_number_taken(organ, number, case):
        raise ValidationError({"number": f"文号 {number} 已经用过，请核对。"})
    return number


def _keep(draft: Draft, number: str, by: User) -> Letter:
    """Fill the letter in, keep its file, and note what it is."""
    subject = draft.subject
    name = f"{TITLES[subject.kind]}{f'（{number}）' if number else ''}.docx"
    file = SimpleUploadedFile(name, draft.content())
    [document] = store(subject.case, [file], DocumentKind.LETTER, by=by)
    return Letter.objects.create(
        case=subject.case,
        department=subject.case.organ_on(subject.on),
        document=document,
        kind=subject.kind,
        outcome=subject.outcome or "",
        number=number,
        dated_on=subject.on,
        template_sha256=draft.template.sha256,
    )


def _outcome_of(case: Case, kind: LetterKind, outcome: str, dated_on: date) -> Outcome | None:
    """That of a reply, in line with the reply as it is recorded, if it is."""
    if kind != LetterKind.REPLY:
        return None
    require({"outcome": (outcome, "答复类型")})
    if case.outcome and outcome != case.outcome:
        said = case.get_outcome_display()
        raise ValidationError({"outcome": f"与已登记的答复类型“{said}”不同，请核对。"})
    if case.closed_on and dated_on != case.closed_on:
        raise ValidationError({"dated_on": f"与已登记的答复日期 {case.closed_on} 不同，请核对。"})
    return Outcome(outcome)
