"""What letters are made from, set up by an organ for itself; the words of remedies, for all.

Every act checks, writes and is in the log; letters that were made stay as they are. `NotAllowed`
carries the sentence for who may not.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cases import audit, sealed
from cases.documents.handler import received
from cases.letters.filling import names_in
from cases.letters.templates import MAX_BYTES, Sort, TemplateRefused, check, own_template
from cases.models import (
    Department,
    LetterSeries,
    LetterTemplate,
    OfficeContact,
    RemedyText,
    ReviewOrgan,
    User,
)
from cases.permissions import Act, can, can_for_all
from cases.receiving import MEGABYTE
from cases.workflow import NotAllowed, Stale

IN_REMEDIES = ("复议机关", "法院")
REMEDY_FIELDS = ("applies_to", "from_on", "text")
CONTACT_FIELDS = ("office", "address", "postcode", "telephone", "email", "pay_how")


@transaction.atomic
def set_series(department: Department, *, by: User, prefix: str) -> None:
    """The head of its letter numbers; "" goes back to the one derived from its case numbers."""
    _may_set_up(by, department)
    own = LetterSeries.objects.filter(department=department).first()
    before = own.prefix if own else ""
    if prefix:
        LetterSeries.objects.update_or_create(department=department, defaults={"prefix": prefix})
    elif own:
        own.delete()
    _note("设置文号字头", department, by, {"prefix": before}, {"prefix": prefix})


@transaction.atomic
def set_review_organ(
    department: Department, *, by: User, name: str, court: str, from_on: date
) -> ReviewOrgan:
    """Before whom its replies are challenged from that day on; the days before keep theirs."""
    _may_set_up(by, department)
    said = ReviewOrgan.objects.filter(department=department, from_on=from_on).first()
    before = {"name": said.name, "court": said.court} if said else {}
    now = {"name": name, "court": court}
    organ, _ = ReviewOrgan.objects.update_or_create(
        department=department, from_on=from_on, defaults=now
    )
    _note("设置复议机关", department, by, before, now | {"from_on": from_on})
    return organ


@transaction.atomic
def set_contact(department: Department, *, by: User, **values: str) -> None:
    """Where its disclosure office is reached; `values` are all of `CONTACT_FIELDS`."""
    _may_set_up(by, department)
    before = contact_values(department)
    OfficeContact.objects.update_or_create(department=department, defaults=values)
    _note("设置联系方式", department, by, before, values)


def contact_values(department: Department) -> dict[str, str]:
    """What `set_contact` stored; nothing where nobody has said anything."""
    return OfficeContact.objects.filter(department=department).values(*CONTACT_FIELDS).first() or {}


@transaction.atomic
def keep_template(
    department: Department, *, by: User, sort: Sort, upload: UploadedFile[Any], at: datetime
) -> LetterTemplate:
    """Use the department's own template from now on; raises `ValidationError` on `uploads`."""
    _may_set_up(by, department)
    file = received(upload)
    if (file.size or 0) > MAX_BYTES:
        raise ValidationError({"uploads": f"模板超过上限 {MAX_BYTES // MEGABYTE} MB。"})
    with sealed.Reader(file.path) as content:
        try:
            check(content.read(), sort)
        except TemplateRefused as error:
            raise ValidationError({"uploads": str(error)}) from error
    _give_up(department, sort, at)
    template = LetterTemplate(department=department, sha256=file.sha256, by=by)
    template.kind, template.outcome = sort.kind, sort.outcome or ""
    template.name = Path(file.name or "").name[-200:]
    template.file = f"templates/{uuid4().hex}"
    template.save()
    target = Path(template.file.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    file.path.rename(target)
    _note("换用自己的文书模板", department, by, {}, _as_noted(template))
    return template


@transaction.atomic
def give_up_template(department: Department, *, by: User, sort: Sort, at: datetime) -> None:
    """Go back to the default one, or that of all replies."""
    _may_set_up(by, department)
    if own := _give_up(department, sort, at):
        _note("停用自己的文书模板", department, by, _as_noted(own), {})


@transaction.atomic
def set_remedy(draft: RemedyText, *, by: User, version: int | None = None) -> RemedyText:
    """Store a new text of remedies, or the one that was put right; raises `ValidationError`."""
    if not can_for_all(by, Act.ADMINISTER):
        raise NotAllowed("救济途径由最上一级的系统管理员维护。")
    unknown = [name for name in names_in(draft.text) if name not in IN_REMEDIES]
    if unknown:
        names = "、".join(unknown)
        raise ValidationError({"text": f"有不认识的字段：{names}；只能用复议机关和法院。"})
    before: dict[str, Any] = {}
    if draft.pk:
        stored = RemedyText.objects.select_for_update().get(pk=draft.pk)
        if version is not None and stored.version != version:
            raise Stale("您打开之后，这段文字已被别人改过。您填的内容还在，请对照后再提交。")
        before = {name: getattr(stored, name) for name in REMEDY_FIELDS}
        draft.version = stored.version + 1
    draft.full_clean()
    draft.save()
    after = {name: getattr(draft, name) for name in REMEDY_FIELDS}
    act = "修改救济途径" if before else "新增救济途径"
    audit.record(by=by, act=act, target=draft, before=before, after=after)
    return draft


def _as_noted(template: LetterTemplate) -> dict[str, str]:
    sort = {"kind": template.kind, "outcome": template.outcome}
    return sort | {"name": template.name, "sha256": template.sha256}


def _give_up(department: Department, sort: Sort, at: datetime) -> LetterTemplate | None:
    own = own_template(department, sort)
    if own:
        own.given_up_at = at
        own.save(update_fields=["given_up_at"])
    return own


def _may_set_up(user: User, department: Department) -> None:
    if not can(user, Act.SET_UP_LETTERS, department):
        raise NotAllowed(f"您没有为{department}设置文书的权限。")


def _note(
    act: str, department: Department, by: User, before: dict[str, Any], after: dict[str, Any]
) -> None:
    audit.record(by=by, act=act, target=department, before=before, after=after)
