"""An upload as its page shows it: the counts that open their rows, and what there is to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from cases.choices import UploadState
from cases.imports.planned import CONFLICTS, DOUBTS, ERRORS, FILLED, LATE, LISTS, NEW
from cases.models import ImportedLedger, LedgerUpload, User
from cases.models.ledger import WAITING

LABELS = {
    NEW: "新增",
    FILLED: "补登",
    CONFLICTS: "不一致",
    LATE: "已公布",
    ERRORS: "有误",
    DOUBTS: "请核对",
}
OF_SOME = frozenset({LATE, DOUBTS})  # of most files none: no tile
TITLES = {
    NEW: "系统里没有的，将新增",
    FILLED: "系统里空着的，将补上",
    CONFLICTS: "系统里是另一个值",
    LATE: "改变已公布的年度报告的数据，须写明原因",
    ERRORS: "有误，请在文件里改正后重新上传",
    DOUBTS: "请核对，不影响导入",
}
DONE_TITLES = {
    NEW: "新增的",
    FILLED: "补登的",
    CONFLICTS: "以台账为准改过的",
    LATE: "改变已公布年度的",
    ERRORS: "错误",
    DOUBTS: "请核对",
}
_TALLIES = {NEW: "new", FILLED: "completed", CONFLICTS: "conflicting"}
_WRITTEN = {"new": "新增", "completed": "补登", "conflicting": "改正"}
NO_ROWS = "表里没有任何一行申请件，没有可以写入的。"
JUST_NOW = timedelta(minutes=1)
_FIRST = (ERRORS, CONFLICTS, LATE, FILLED, NEW)  # what wants to be seen first


@dataclass(frozen=True, slots=True)
class Count:
    """One of the counts; its address opens the rows."""

    label: str
    value: int
    unit: str
    note: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Note:
    """As components/_note.html takes it."""

    kind: str
    word: str
    sentence: str


def was_planned(upload: LedgerUpload) -> bool:
    return "rows" in upload.found


def size_of(upload: LedgerUpload, name: str) -> int:
    """How many rows a list of the preview has."""
    rows: int = upload.found.get("rows", {}).get(name, {}).get("count", 0)
    return rows


def can_be_written(upload: LedgerUpload) -> bool:
    """Planned, without an error, and not all in the system already."""
    waits = upload.state == UploadState.PLANNED and was_planned(upload)
    return waits and not size_of(upload, ERRORS) and bool(upload.found["writes"])


def has_figures(upload: LedgerUpload) -> bool:
    """Written, or the same as the system: the tables of both can be compared.

    Not when the file has no rows, and no more once it was given up.
    """
    has_rows = any(upload.found.get("figures", {}).values())
    return has_rows and (upload.state == UploadState.IMPORTED or _has_nothing_to_write(upload))


def state_words(upload: LedgerUpload) -> str:
    """Its state; of one that waits and cannot be confirmed, why."""
    if upload.state == UploadState.PLANNED and size_of(upload, ERRORS):
        return "有误"
    return "无须写入" if _has_nothing_to_write(upload) else str(upload.get_state_display())


def is_empty(upload: LedgerUpload) -> bool:
    """Not one row that can be read, right or wrong."""
    return not any((*upload.found["cases"].values(), *upload.found["proceedings"].values()))


def has_lists(upload: LedgerUpload) -> bool:
    return any(size_of(upload, name) for name in LISTS)


def _has_nothing_to_write(upload: LedgerUpload) -> bool:
    planned = upload.state == UploadState.PLANNED and was_planned(upload)
    return planned and not size_of(upload, ERRORS) and not upload.found["writes"]


def chosen_list(upload: LedgerUpload, asked: str) -> str:
    if asked in LISTS:
        return asked
    return next((name for name in _FIRST if size_of(upload, name)), NEW)


def title_of(upload: LedgerUpload, name: str) -> str:
    return (DONE_TITLES if upload.state == UploadState.IMPORTED else TITLES)[name]


def counts_of(upload: LedgerUpload, chosen: str) -> list[Count]:
    page = reverse("cases:import", args=[upload.pk])
    return [
        Count(
            LABELS[name],
            _rows(upload, _TALLIES[name]) if name in _TALLIES else size_of(upload, name),
            "处" if name in (ERRORS, DOUBTS) else "件",
            _note(upload, name),
            f"{page}?{urlencode({'show': name})}",
            name == chosen,
        )
        for name in LISTS
        if name not in OF_SOME or size_of(upload, name)
    ]


def unchanged(upload: LedgerUpload) -> int:
    return _rows(upload, "unchanged")


def _rows(upload: LedgerUpload, tally: str) -> int:
    rows: int = upload.found["cases"][tally] + upload.found["proceedings"][tally]
    return rows


def _note(upload: LedgerUpload, name: str) -> str:
    if name == ERRORS:
        return "一处有误，整份不写入" if size_of(upload, name) else ""
    if name == LATE:
        return "须写明原因"
    if name == DOUBTS:
        return "不影响导入"
    if name == NEW:
        proceedings = upload.found["proceedings"]["new"]
        return f"其中复议诉讼 {proceedings} 件" if proceedings else ""
    fields = size_of(upload, name)
    return f"共 {fields} 处" if fields else ""


def notes_of(upload: LedgerUpload, user: User) -> list[Note]:
    """What the user should know before confirming, or of what was done."""
    warn = ("warning", "请注意")
    notes = [Note(*warn, sentence) for sentence in _recognised(upload, user)]
    if upload.state == UploadState.REFUSED:
        notes.append(Note("error", "不能导入", upload.refusal))
    if upload.state == UploadState.DISCARDED:
        told = upload.refusal or "这份文件已删除，没有写入任何内容。"
        notes.append(Note("", "已放弃", told))
    if unknown := upload.found.get("unknown"):
        notes.append(Note(*warn, f"{unknown}如果列名不同，请逐列对应。"))
    if passed_over := upload.found.get("passed_over"):
        sentence = f"不是台账，没有读取的工作表：{'、'.join(passed_over)}。"
        notes.append(Note("", "提示", sentence))
    if upload.is_waiting and upload.matched and was_planned(upload):
        sentence = f"{len(upload.matched)} 个列名按对应过的读取，可以在“对应列名”里查看和改动。"
        notes.append(Note("", "提示", sentence))
    return notes


def _recognised(upload: LedgerUpload, user: User) -> list[str]:
    """That this very file was imported before, or was handed in by somebody else as well."""
    if not upload.is_waiting:
        return []
    said = []
    before = ImportedLedger.objects.filter(sha256=upload.sha256).select_related("imported_by")
    if known := before.first():
        when = timezone.localtime(known.imported_at)
        who = f"由{known.imported_by}" if known.imported_by else ""
        said.append(f"这份文件已于 {when:%Y-%m-%d %H:%M} {who}导入过。")
    others = LedgerUpload.objects.visible_to(user).filter(sha256=upload.sha256, state__in=WAITING)
    for other in others.exclude(pk=upload.pk).select_related("uploaded_by")[:1]:
        when = timezone.localtime(other.uploaded_at)
        said.append(f"{other.uploaded_by}于 {when:%m-%d %H:%M} 也上传了这份文件，还没有确认导入。")
    return said


def known_already(upload: LedgerUpload, now: datetime) -> str:
    """To who hands the file in again while it waits."""
    if now - upload.uploaded_at < JUST_NOW:
        return "这份文件您刚才已经上传，这里是它的预览。"
    when = timezone.localtime(upload.uploaded_at)
    return (
        f"这份文件您已于 {when:%Y-%m-%d %H:%M} 上传，没有另存一份，已按系统里现在的内容重新对照。"
    )


def verdict(upload: LedgerUpload) -> str:
    """What confirming would come to."""
    if errors := size_of(upload, ERRORS):
        return f"有 {errors} 处错误，整份不写入。请在文件里改正后重新上传。"
    if is_empty(upload):
        return NO_ROWS
    if not upload.found["writes"]:
        return "文件里的内容系统里都有，没有需要写入的。"
    if size_of(upload, CONFLICTS):
        return f"有 {size_of(upload, CONFLICTS)} 处与系统不一致，须写明理由才以台账为准。"
    if late := size_of(upload, LATE):
        return f"有 {late} 行会改变已公布的年度报告的数据，须写明原因。"
    if doubts := size_of(upload, DOUBTS):
        return f"没有错误；有 {doubts} 处请核对，不影响导入。"
    return "没有错误，也没有与系统不一致之处。"


def written_words(summary: Mapping[str, Any]) -> str:
    """新增 399 件，补登 2 件: what an import wrote, by its summary."""
    cases, proceedings = summary["cases"], summary["proceedings"]
    rows = {label: cases[key] + proceedings[key] for key, label in _WRITTEN.items()}
    return "，".join(f"{label} {count} 件" for label, count in rows.items() if count)


def result_of(upload: LedgerUpload) -> str:
    """What was written, by whom and when."""
    if upload.imported is None:
        return "文件里的内容系统里都有，没有写入任何内容。"
    when, who = timezone.localtime(upload.imported.imported_at), upload.imported.imported_by
    reason = upload.imported.summary.get("take_over", "")
    told = f"，不一致之处以台账为准（{reason}）" if reason else ""
    if late := upload.imported.summary.get("late_reason"):
        told += f"，改变已公布年度的数据（{late}）"
    return f"{who or '系统'}于 {when:%Y-%m-%d %H:%M} 导入{told}。"
