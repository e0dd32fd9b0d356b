"""卷内目录: what happened and what was kept, numbered in the order of its days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from cases.choices import EventKind
from cases.documents.names import fitting
from cases.documents.showing import letters_beside, size_words
from cases.models import Case, Document, Event
from cases.personal import without_personal
from cases.presenting import gone_words
from cases.workflow.standing import superseded

# The documents themselves stand in the folder, not that they were uploaded; nor does the folder
# list that it was put together.
_NOT_LISTED = frozenset(  # the documents themselves are listed, letters among them
    {
        EventKind.DOCUMENT_KEPT,
        EventKind.DOCUMENT_WITHDRAWN,
        EventKind.LETTER_MADE,
        EventKind.ARCHIVED,
    }
)
NO_AIMS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the 卷内目录. Its pages are counted by hand, when the folder is bound."""

    number: int
    on: date
    kind: str
    title: str
    responsible: str  # 责任者
    document: Document | None = None
    aim: str = ""  # 证明对象
    fault: str = ""  # why its file could not be packed

    @property
    def key(self) -> str:
        """That of its document, as JSON has keys."""
        return str(self.document.pk) if self.document else ""

    @property
    def size(self) -> str:
        return size_words(self.document.size) if self.document else ""

    @property
    def file_name(self) -> str:
        """Under which name the file of a document is packed: its place, then its own."""
        return fitting(f"{self.number:03d} {self.document.name}") if self.document else ""


def contents_of(case: Case) -> list[Entry]:
    """All that the folder of `case` holds, documents that were withdrawn or replaced left out."""
    events = case.events.select_related("by").order_by("on", "pk")
    return _numbered(_rows(events, kept_documents(case)))


def evidence_of(case: Case, aims: Mapping[str, str] = NO_AIMS) -> list[Entry]:
    """The documents alone, for the 证据目录 of a review or suit.

    `aims` says of each, by the key of the document, what it is to prove.
    """
    entries = _numbered(_rows((), kept_documents(case)))
    return [replace(entry, aim=aims.get(entry.key, "")) for entry in entries]


def kept_documents(case: Case) -> Sequence[Document]:
    """Those that count, in the order in which they were kept; with them the 答复书 that lies in
    another case which it answers too."""
    standing = case.documents.filter(withdrawn_on=None, superseded_by=None)
    beside = [each.document for each in letters_beside(case)]
    return sorted([*standing.select_related("by"), *beside], key=lambda kept: kept.pk)


def _rows(events: Iterable[Event], documents: Iterable[Document]) -> list[Entry]:
    """Not numbered yet; of one day what happened stands before what was kept."""
    events = list(events)
    gone = superseded(events)
    rows = [
        Entry(0, event.on, "经过", _told(event, gone.get(event.pk)), _who(event.by))
        for event in events
        if event.kind not in _NOT_LISTED
    ]
    rows += [
        Entry(
            0,
            timezone.localtime(kept.at).date(),
            str(kept.get_kind_display()),
            kept.name,
            _who(kept.by),
            kept,
        )
        for kept in documents
    ]
    return sorted(rows, key=lambda row: row.on)


def _told(event: Event, by: Event | None) -> str:
    words = without_personal(event.text) or str(event.get_kind_display())
    return f"{words}（{gone_words(by)}）" if by else words


def _numbered(rows: Iterable[Entry]) -> list[Entry]:
    return [replace(row, number=number) for number, row in enumerate(rows, start=1)]


def _who(user: object | None) -> str:
    return str(user or "系统")
