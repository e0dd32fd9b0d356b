"""The documents and letters of a case as its page lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from cases.choices import DocumentKind, LetterKind
from cases.documents.types import is_inline
from cases.models import Case, Document, Letter, User
from cases.permissions import Act, can_on
from cases.receiving import MEGABYTE
from cases.workflow import ACTS
from cases.workflow.matching import answered_with, replies_of

CHECKSUM_SHOWN = 16  # hexadecimal digits, enough to compare by eye


@dataclass(frozen=True, slots=True)
class Line:
    """One document in the list."""

    pk: int
    name: str
    right: str  # its size, or the number of a letter
    under: str  # who and when
    inline: bool  # the browser may show it
    gone: str = ""  # why it stands struck through; "" if it counts
    replace_url: str = ""  # of a letter: where its final or sealed one is handed in
    reply_url: str = ""  # of a reply that is not recorded yet
    before: Sequence[Document] = ()  # of a letter: the files in whose place this one stands


@dataclass(frozen=True, slots=True)
class Beside:
    """A 答复书 that lies in another case, which it answers together with this one."""

    letter: Letter
    document: Document  # of record

    @property
    def right(self) -> str:
        return f"{self.letter.dated_on:%m-%d} {self.letter.number}".strip()


def letters_beside(case: Case) -> list[Beside]:
    """Those of the cases that were answered with `case`, the newest of each."""
    others = answered_with(case)
    if not others:
        return []
    made = Letter.objects.filter(case__in=others, document__withdrawn_on=None)
    replies = made.filter(kind=LetterKind.REPLY).select_related("case").order_by("pk")
    newest = {each.case_id: each for each in replies}
    documents = list(Document.objects.filter(case__in=newest).select_related("by"))
    return [Beside(each, latest_of(each, documents)) for each in newest.values()]


def papers_of(case: Case, user: User) -> dict[str, object]:
    """What `cases/_documents.html` and `cases/_letters.html` ask for, in two queries."""
    documents = list(case.documents.select_related("by"))
    letters = {each.document_id: each for each in case.letters.all()}
    live = case.stage in ACTS[Act.KEEP_DOCUMENT].stages
    keeps = live and can_on(user, Act.KEEP_DOCUMENT, case)
    return {
        "documents": [_line(each) for each in documents if each.kind != DocumentKind.LETTER],
        "letters": list(_letter_lines(case, documents, letters)),
        "letters_beside": letters_beside(case),
        "may_open_documents": can_on(user, Act.OPEN_DOCUMENT, case),
        "may_keep_documents": keeps,
        "may_withdraw_documents": live and can_on(user, Act.WITHDRAW_DOCUMENT, case),
        "may_make_letters": live and can_on(user, Act.MAKE_LETTER, case),
    }


def latest_of(letter: Letter, documents: Iterable[Document]) -> Document:
    """The letter of record: the file that was made, or the last that stands in its place."""
    return _files_of(letter, documents)[-1]


def _files_of(letter: Letter, documents: Iterable[Document]) -> list[Document]:
    """The file that was made, those it was made anew of, and each that took its place."""
    by_key = {each.pk: each for each in documents}
    after = {each.supersedes_id: each for each in by_key.values() if each.supersedes_id}
    files = [by_key[letter.document_id]]
    while files[0].supersedes_id:
        files.insert(0, by_key[files[0].supersedes_id])
    while files[-1].pk in after:
        files.append(after[files[-1].pk])
    return files


def _letter_lines(
    case: Case, documents: Sequence[Document], letters: dict[int, Letter]
) -> Iterable[Line]:
    """One for each letter: the file of record, and where it came from."""
    for letter in letters.values():
        files = _files_of(letter, documents)
        if letter.document_id != [each.pk for each in files if each.pk in letters][-1]:
            continue  # it was made anew
        *before, latest = files
        kept = _who_and_when(latest)
        made = "重新制作，替换原件" if before else "制作"
        if latest.pk != letter.document_id:
            made = f"换成“{latest.name}”"
        yield Line(
            pk=latest.pk,
            name=letter.get_kind_display(),
            right=f"{letter.dated_on:%m-%d} {letter.number}".strip(),
            under=f"{kept}{made}，SHA-256 {latest.sha256[:CHECKSUM_SHOWN]}…",
            inline=is_inline(latest.content_type),
            gone=_gone(latest),
            replace_url=reverse("cases:replace_letter", args=[case.pk, letter.pk]),
            reply_url=_reply_url(case, letter),
            before=before,
        )


def _reply_url(case: Case, letter: Letter) -> str:
    """The page of the reply, filled in with what the letter says; not while it is reviewed, nor of
    a letter that has gone out with an earlier reply."""
    if letter.kind != LetterKind.REPLY or not case.is_worked or case.waiting_step:
        return ""
    if case.closed_on and letter not in replies_of(case)[-1].letters:
        return ""
    said = {
        "outcome": letter.outcome,
        "closed_on": letter.dated_on.isoformat(),
        "reply_number": letter.number,
    }
    page = "cases:reply_again" if case.closed_on else "cases:reply"
    return f"{reverse(page, args=[case.pk])}?{urlencode(said)}"


def _line(document: Document) -> Line:
    return Line(
        pk=document.pk,
        name=document.name,
        right=size_words(document.size),
        under=f"{document.get_kind_display()}，{_who_and_when(document)}存入",
        inline=is_inline(document.content_type),
        gone=_gone(document),
    )


def _who_and_when(document: Document) -> str:
    return f"{timezone.localtime(document.at):%Y-%m-%d %H:%M} {document.by}"


def _gone(document: Document) -> str:
    if not document.withdrawn_on:
        return ""
    return f"{document.withdrawn_on} 撤下：{document.withdrawn_reason}"


def size_words(size: int) -> str:
    """412 KB, 3.1 MB."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))} KB"
