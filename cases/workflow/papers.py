"""The documents of a case: keep them, withdraw one, and note who opens one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum

from cases import audit, sealed
from cases.choices import DocumentKind, EventKind
from cases.documents.handler import received
from cases.documents.limits import Limits
from cases.documents.names import safe_name
from cases.documents.types import Refused, type_of
from cases.models import Applicant, Case, Document, Letter, RoundStep, User
from cases.permissions import Act, can_on
from cases.receiving import ReceivedFile, megabytes
from cases.workflow.base import NotAllowed, begin, finish, refuse_personal_data, require
from cases.workflow.matching import outdated_before
from cases.workflow.numbering import give_number_back

NAMED = 5  # files that an event names one by one
PERSONAL_NAME = "文件名里有号码或地址，办理经过不能存个人信息，请改名后再上传。"
NOT_AS_REPLIED = "与答复不一致，随替换它的文件撤下"


def keep_document(
    case: Case,
    *,
    by: User,
    today: date,
    kind: DocumentKind,
    upload: UploadedFile[Any],
    supersedes: Document | None = None,
    version: int | None = None,
) -> Document:
    """Keep one file with `case`; see `keep_documents`."""
    [kept] = keep_documents(
        case,
        by=by,
        today=today,
        kind=kind,
        uploads=[upload],
        supersedes=supersedes,
        version=version,
    )
    return kept


@transaction.atomic
def keep_documents(
    case: Case,
    *,
    by: User,
    today: date,
    kind: str,
    uploads: Sequence[UploadedFile[Any]],
    supersedes: Document | None = None,
    version: int | None = None,
) -> list[Document]:
    """Keep all of `uploads` with `case`, or none.

    What each is, its content tells. Raises `ValidationError` on `uploads` with a sentence for every
    file that is not taken. The first of them stands in the place of `supersedes`, if that is given.
    """
    case = begin(case, Act.KEEP_DOCUMENT, by=by, today=today, version=version)
    require({"uploads": (uploads, "要存入的文件"), "kind": (kind, "材料类别")})
    drafts = store(case, uploads, DocumentKind(kind), by=by, supersedes=supersedes)
    finish(
        case,
        EventKind.DOCUMENT_KEPT,
        by=by,
        on=today,
        text=_kept(drafts),
        data={"documents": [{"id": draft.pk, "sha256": draft.sha256} for draft in drafts]},
    )
    return drafts


def store(
    case: Case,
    uploads: Sequence[UploadedFile[Any]],
    kind: DocumentKind,
    *,
    by: User,
    supersedes: Document | None = None,
) -> list[Document]:
    """Check and store the files, for an act that has begun and finishes with its own event.

    Raises as `keep_documents` does.
    """
    if supersedes:
        _may_be_superseded(supersedes, case)
    arrived = [received(upload) for upload in uploads]
    drafts = _drafts(case, arrived, kind, by)
    _check_room(case, arrived)
    for draft, file in zip(drafts, arrived, strict=True):
        draft.supersedes, supersedes = supersedes, None
        draft.save()
        target = Path(draft.file.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.path.rename(target)
    return drafts


@transaction.atomic
def withdraw_document(
    document: Document, *, by: User, today: date, reason: str, version: int | None = None
) -> Case:
    """It does not belong to the case: it stays, struck through, with the reason."""
    case = begin(document.case, Act.WITHDRAW_DOCUMENT, by=by, today=today, version=version)
    document = Document.objects.get(pk=document.pk)  # the case is locked: nobody else changes it
    require({"reason": (reason.strip(), "撤下原因")})
    if document.withdrawn_on:
        raise NotAllowed(f"“{document.name}”已经撤下。")
    if Document.objects.filter(supersedes=document).exists():
        raise NotAllowed(f"“{document.name}”已有替换的文件，请先撤下那一份。")
    if step := RoundStep.objects.standing().filter(scan=document).first():
        raise NotAllowed(f"“{document.name}”是{step}线下已批的依据，审批有效期间不能撤下。")
    _strike(document, today, reason.strip())
    gone = _strike_outdated(case, document, today)
    text = f"撤下材料“{document.name}”：{document.withdrawn_reason}"
    data: dict[str, Any] = {"document": document.pk}
    if gone:
        text += f"。与答复不一致的 {len(gone)} 份一并撤下"
        data["also"] = [each.pk for each in gone]
    finish(case, EventKind.DOCUMENT_WITHDRAWN, by=by, on=today, text=text, data=data)
    return case


def _strike(document: Document, today: date, reason: str) -> None:
    give_number_back(document)
    document.withdrawn_on, document.withdrawn_reason = today, reason
    document.supersedes = None  # what it stood for stands again; the events tell of both
    document.save(update_fields=["withdrawn_on", "withdrawn_reason", "supersedes"])


def _strike_outdated(case: Case, document: Document, today: date) -> list[Document]:
    """A 答复书 that says otherwise than its reply does not stand again: it goes with the one that
    stood in its place, and so does its final file."""
    gone: list[Document] = []
    made = Letter.objects.filter(document=document).first()
    while made and (before := outdated_before(case, made)):
        gone += strike_letters([before], today, NOT_AS_REPLIED)
    return gone


def strike_letters(letters: Sequence[Letter], today: date, reason: str) -> list[Document]:
    """Withdraw the letters, the last one first, each with its final file; gives what is gone."""
    gone: list[Document] = []
    for letter in reversed(letters):
        files = [letter.document]
        while after := Document.objects.filter(supersedes=files[-1]).first():
            files.append(after)
        for file in reversed(files):
            _strike(file, today, reason)
        gone += files
    return gone


def open_document(document: Document, *, by: User) -> None:
    """Put into the log that `by` opens the file, which may show personal data in clear."""
    if not can_on(by, Act.OPEN_DOCUMENT, document.case):
        raise NotAllowed("您的角色不查看申请人的完整信息，不能打开材料。")
    after = {"name": document.name, "sha256": document.sha256, "case": document.case.number}
    audit.record(by=by, act="打开材料", target=document, after=after)


def _drafts(
    case: Case, arrived: Sequence[ReceivedFile], kind: DocumentKind, by: User
) -> list[Document]:
    """Raises `ValidationError` with one sentence for each file that is not taken."""
    there = dict(case.documents.filter(withdrawn_on=None).values_list("sha256", "name"))
    drafts, refusals = [], []
    for file in arrived:
        draft = Document(case=case, kind=kind, size=file.size or 0, sha256=file.sha256, by=by)
        draft.file = f"documents/{uuid4().hex}"
        try:
            draft.name, draft.content_type = _name_and_type(file, case.applicant)
            if same := there.get(file.sha256):
                raise Refused(f"与已有的“{same}”是同一份文件，不用再传。")
        except Refused as refusal:
            refusals.append(f"“{(file.name or '')[:40]}”{refusal}")
        there[file.sha256] = draft.name
        drafts.append(draft)
    if refusals:
        raise ValidationError({"uploads": refusals})
    return drafts


def _name_and_type(file: ReceivedFile, applicant: Applicant) -> tuple[str, str]:
    limits = Limits.from_settings()
    if (file.size or 0) > limits.max_bytes:
        raise Refused(f"超过单个文件的上限 {megabytes(limits.max_bytes)}。")
    with sealed.Reader(file.path) as content:
        found = type_of(content)
    name = safe_name(file.name or "", found)
    try:
        refuse_personal_data(name, applicant)
    except ValidationError as error:
        raise Refused(PERSONAL_NAME) from error
    return name, found.content_type


def _check_room(case: Case, arrived: Sequence[ReceivedFile]) -> None:
    most = Limits.from_settings().max_of_case
    there = case.documents.aggregate(size=Sum("size"))["size"] or 0
    if there + sum(file.size or 0 for file in arrived) > most:
        left = megabytes(max(0, most - there))
        raise ValidationError(
            {"uploads": f"这件申请的材料合计不能超过 {megabytes(most)}，还可存 {left}。"}
        )


def _may_be_superseded(document: Document, case: Case) -> None:
    if document.case_id != case.pk or document.withdrawn_on:
        raise NotAllowed("要替换的文件已经撤下，请刷新后再试。")
    if Document.objects.filter(supersedes=document).exists():
        raise NotAllowed(f"“{document.name}”已有替换的文件，请替换最新的一份。")


def _kept(documents: Sequence[Document]) -> str:
    names = "、".join(f"“{document.name}”" for document in documents[:NAMED])
    more = f"等 {len(documents)} 份" if len(documents) > NAMED else ""
    first = documents[0]
    if first.supersedes:
        return f"{names}替换“{first.supersedes.name}”"
    return f"存入{first.get_kind_display()}：{names}{more}"
