"""归档: the folder of an answered and served case is put together (档案法: 归档)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cases.choices import EventKind
from cases.models import Case, User
from cases.permissions import Act
from cases.workflow.base import begin, finish


@transaction.atomic
def archive(case: Case, *, by: User, today: date, version: int | None = None) -> Case:
    """Note that the folder is put together; what comes later may be archived again."""
    case = begin(case, Act.ARCHIVE, by=by, today=today, version=version)
    kept = case.documents.filter(withdrawn_on=None, superseded_by=None).count()
    text = f"归档：整理案卷，材料 {kept} 份"
    finish(case, EventKind.ARCHIVED, by=by, on=today, text=text, data={"documents": kept})
    return case
