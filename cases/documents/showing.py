"""The documents of a case as its page lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from cases.documents.types import is_inline
from cases.models import Case, Document, User
from cases.permissions import Act, can
from cases.receiving import MEGABYTE
from cases.workflow import ACTS


@dataclass(frozen=True, slots=True)
class Line:
    """One document in the list."""

    pk: int
    name: str
    size: str
    under: str  # who and when
    inline: bool  # the browser may show it
    gone: str  # why it stands struck through; "" if it counts


def documents_of(case: Case, user: User, documents: Iterable[Document]) -> dict[str, object]:
    """What `cases/_documents.html` asks for. `documents`: all of the case, with who kept them."""
    documents = list(documents)
    latest = {each.supersedes_id: each.name for each in documents if each.supersedes_id}
    live = case.stage in ACTS[Act.KEEP_DOCUMENT].stages
    return {
        "documents": [_line(each, latest.get(each.pk, "")) for each in documents],
        "may_open_documents": can(user, Act.OPEN_DOCUMENT, case.department),
        "may_keep_documents": live and can(user, Act.KEEP_DOCUMENT, case.department),
        "may_withdraw_documents": live and can(user, Act.WITHDRAW_DOCUMENT, case.department),
    }


def _line(document: Document, replaced_by: str) -> Line:
    at = timezone.localtime(document.at)
    gone = ""
    if document.withdrawn_on:
        gone = f"{document.withdrawn_on} 撤下：{document.withdrawn_reason}"
    elif replaced_by:
        gone = f"已由“{replaced_by}”替换"
    return Line(
        pk=document.pk,
        name=document.name,
        size=size_words(document.size),
        under=f"{document.get_kind_display()}，{at:%Y-%m-%d %H:%M} {document.by}存入",
        inline=is_inline(document.content_type),
        gone=gone,
    )


def size_words(size: int) -> str:
    """412 KB, 3.1 MB."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))} KB"
