"""证明对象: what the evidence in a review or suit is to prove, proposed to who packs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.choices import DocumentKind, LetterKind
from cases.documents.showing import latest_of
from cases.folders.contents import kept_documents
from cases.models import Case, Document, Job, Proceeding

LONGEST = 200  # characters
_OF_KIND: Mapping[str, str] = {DocumentKind.APPLICATION: "申请人提出申请的内容和方式"}
_OF_LETTER: Mapping[str, str] = {
    LetterKind.RECEIPT: "本机关收到并登记申请",
    LetterKind.REPLY: "本机关作出的答复及其依据",
    LetterKind.CORRECTION: "本机关一次性告知补正的内容和期限",
    LetterKind.EXTENSION: "延期答复已在期限届满前告知申请人",
    LetterKind.THIRD_PARTY_OPINION: "本机关书面征求第三方意见",
    LetterKind.THIRD_PARTY_NOTICE: "征求第三方意见已告知申请人",
    LetterKind.THIRD_PARTY_DISCLOSURE: "决定公开及其理由已告知第三方",
    LetterKind.CO_PRODUCER: "本机关征求共同制作机关的意见",
    LetterKind.FEE: "收费的依据、标准和数额已告知申请人",
    LetterKind.REASONS: "本机关要求申请人说明理由",
    LetterKind.SERVICE: "文书已经送达及送达的日期",
}


def field_of(key: str) -> str:
    """The name of the field that says what the document of this key is to prove."""
    return f"aim_{key}"


def aims_for(proceeding: Proceeding, case: Case, task: str) -> dict[str, str]:
    """By the key of the document: what was last said of it, else what its kind lets expect."""
    last = Job.objects.filter(task=task, params__proceeding=proceeding.pk).first()
    said: dict[str, Any] = last.params.get("aims", {}) if last else {}
    documents = list(case.documents.all())
    letters = {latest_of(each, documents).pk: each.kind for each in case.letters.all()}
    return {
        str(kept.pk): said.get(str(kept.pk), _proposed(kept, letters))
        for kept in kept_documents(case)
    }


def _proposed(document: Document, letters: Mapping[int, str]) -> str:
    return _OF_LETTER.get(letters.get(document.pk, ""), _OF_KIND.get(document.kind, ""))
