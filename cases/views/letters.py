"""The letters of a case: choose one, see it, make it, put its final file in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from cases import workflow
from cases.choices import DocumentKind, LetterKind, Outcome
from cases.documents.handler import DocumentUploadHandler
from cases.documents.showing import latest_of
from cases.forms.base import DayField, attempt
from cases.forms.letters import SERIES, TYPED, FinalForm, LetterForm, usual_numbering
from cases.letters.calling import called_for
from cases.letters.making import Draft, draft_of
from cases.letters.values import Subject, reply_of
from cases.letters.wording import TITLES
from cases.lookups import answerable_with
from cases.models import Case, Letter
from cases.permissions import Act
from cases.views.acting import act_context, acted, form_methods
from cases.views.base import case_to, draw_form, latest_version, out_of_place, user_of
from cases.views.papers import bounds
from cases.views.uploading import read_uploads, upload_view
from cases.workflow import ACTS, not_theirs
from cases.workflow.matching import answered_with, is_open_to_others, named_in
from cases.workflow.numbering import letter_prefix_of


@login_required
@form_methods
def make_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Which letter, then what is to stand in it, with the letter itself beside."""
    case, today = case_to(Act.MAKE_LETTER, request, pk), timezone.localdate()
    if elsewhere := out_of_place(Act.MAKE_LETTER, request, case):
        return elsewhere
    refusal = not_theirs(user_of(request), Act.MAKE_LETTER, case)
    if refusal and "make" not in request.POST:  # no workflow judges a preview
        raise PermissionDenied(refusal)
    asked = request.GET.get("kind", "")
    if asked not in LetterKind.values:
        context = act_context(case, ACTS[Act.MAKE_LETTER].label) | _kinds(case)
        return render(request, "cases/letter_kinds.html", context)
    kind = LetterKind(asked)
    draft = _draft(request, case, kind, today)
    form = _form(request, case, kind, draft, today)
    if "make" in request.POST and form.is_valid():
        options = {"by": user_of(request), "today": today, "kind": kind, **form.to_make()}
        make = partial(workflow.make_letter, case, **options)
        if letter := attempt(form, make, latest_version(case)):
            return acted(request, case, f"已制作《{TITLES[kind]}》{letter.number}，可以下载。")
    context = act_context(case, f"制作{kind.label}") | {"kind": kind, "title": TITLES[kind]}
    if draft:
        draft = replace(draft, said=form.said | {"文号": _number_words(form, case, draft)})
        context |= {"shown": draft.shown(), "missing": draft.missing, "draft": draft}
    return draw_form(request, "cases/letter.html", form, context)


def _kinds(case: Case) -> dict[str, Any]:
    called = called_for(case, case.events.all())
    return {"called": called, "kinds": [kind for kind in LetterKind if kind not in called]}


def _draft(request: HttpRequest, case: Case, kind: LetterKind, today: date) -> Draft | None:
    """The letter with what is known; None for a reply whose outcome is not said yet."""
    said = request.POST if request.method == "POST" else request.GET
    outcome = said.get("outcome") or reply_of(case).outcome
    if kind == LetterKind.REPLY and outcome not in Outcome.values:
        return None
    found = Outcome(outcome) if kind == LetterKind.REPLY else None
    day = _day(request, case, kind, today)
    events, others = list(case.events.all()), named_in(case, kind, day)
    if request.method == "POST" and kind == LetterKind.REPLY and is_open_to_others(case):
        ticked = request.POST.getlist("also")
        others = [other for other in answerable_with(case) if str(other.pk) in ticked]
    return draft_of(Subject(case, kind, found, day, events, others), {})


def _day(request: HttpRequest, case: Case, kind: LetterKind, today: date) -> date:
    """The letter's date as typed; the usual one while it is none."""
    wanted = reply_of(case).closed_on if kind == LetterKind.REPLY else None
    usual = min(
        wanted or today, today
    )  # a draft may look ahead, a letter is of a day that has come
    try:
        return DayField(required=False).to_python(request.POST.get("dated_on", "")) or usual
    except ValidationError:
        return usual


def _form(
    request: HttpRequest, case: Case, kind: LetterKind, draft: Draft | None, today: date
) -> LetterForm:
    day, reply = _day(request, case, kind, today), reply_of(case)
    initial = {
        "version": case.version,
        "dated_on": day,
        "outcome": request.GET.get("outcome") or reply.outcome,
        "also": answered_with(case),
        **usual_numbering(kind, reply.reply_number),
    }
    words = f"{letter_prefix_of(case.organ_on(day))}〔{day.year}〕下一号"
    return LetterForm(
        request.POST or None,
        initial=initial,
        case=case,
        today=today,
        kind=kind,
        draft=draft,
        prefix_words=words,
    )


def _number_words(form: LetterForm, case: Case, draft: Draft) -> str:
    """As the number will stand in the letter, as far as it is known before it is made."""
    numbering = form["numbering"].value()
    if numbering == SERIES:
        on = draft.subject.on
        return f"{letter_prefix_of(case.organ_on(on))}〔{on.year}〕×号"
    return str(form["number"].value() or "") if numbering == TYPED else ""


@upload_view
def replace_letter(request: HttpRequest, pk: int, letter: int) -> HttpResponse:
    """The final or sealed file, as the letter of record; the one that was made is kept."""
    case = case_to(Act.KEEP_DOCUMENT, request, pk)
    if elsewhere := out_of_place(Act.KEEP_DOCUMENT, request, case):
        return elsewhere
    found = get_object_or_404(case.letters, pk=letter)
    handler = DocumentUploadHandler(request)
    return read_uploads(request, handler, lambda request: _receive(request, case, found, handler))


def _receive(
    request: HttpRequest, case: Case, letter: Letter, handler: DocumentUploadHandler
) -> HttpResponse:
    posted, today = request.method == "POST", timezone.localdate()
    form = FinalForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"version": case.version},
        case=case,
        today=today,
        refusal=handler.refusal,
    )
    before = latest_of(letter, case.documents.all())
    if form.is_valid():
        keep = partial(
            workflow.keep_documents,
            case,
            by=user_of(request),
            today=today,
            kind=DocumentKind.LETTER,
            supersedes=before,
            **form.cleaned_data,
        )
        if attempt(form, keep, latest_version(case)):
            return acted(request, case, f"《{TITLES[LetterKind(letter.kind)]}》已换成定稿。")
    context: dict[str, Any] = act_context(case, "换成定稿") | bounds()
    context |= {"letter": letter, "before": before}
    return draw_form(request, "cases/replace_letter.html", form, context)
