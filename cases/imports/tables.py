"""Lists of the import pages: columns and nothing else."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.choices import UploadState
from cases.imports.planned import CONFLICTS, DOUBTS, ERRORS, FILLED, LATE, NEW, KeptRows
from cases.imports.showing import is_empty, state_words
from cases.listing import page_size
from cases.models import LedgerUpload
from cases.tables import DenseTable, column


class UploadTable(DenseTable):
    """Uploads, the latest first."""

    unit = "份"

    file_name = column("", "what", verbose_name="文件", orderable=False)
    department = column("c-unit", verbose_name="为哪个单位", orderable=False)
    uploaded_by = column("c-user", verbose_name="上传人", orderable=False)
    uploaded_at = column("c-state", verbose_name="上传时间", orderable=False)
    size = column("c-user", "nowrap num wide", verbose_name="大小", orderable=False)
    state = column("c-date", verbose_name="状态", orderable=False)
    found = column("", "what", verbose_name="结果", empty_values=(), orderable=False)

    class Meta(DenseTable.Meta):
        empty_text = "还没有导入过台账"

    def render_file_name(self, record: LedgerUpload) -> SafeString:
        url = reverse("cases:import", args=[record.pk])
        name = record.file_name
        return format_html('<a class="no ellip" href="{}" title="{}">{}</a>', url, name, name)

    def render_uploaded_at(self, record: LedgerUpload) -> str:
        return f"{timezone.localtime(record.uploaded_at):%Y-%m-%d %H:%M}"

    def render_size(self, value: int) -> str:
        return filesizeformat(value)

    def render_state(self, record: LedgerUpload) -> str:
        return state_words(record)

    def render_found(self, record: LedgerUpload) -> SafeString:
        words = outcome(record)
        return format_html('<span class="ellip" title="{}">{}</span>', words, words)


def outcome(upload: LedgerUpload) -> str:
    """What came of the upload, in a few words."""
    found = upload.found
    if upload.state in (UploadState.REFUSED, UploadState.DISCARDED) or not found:
        return upload.refusal or "—"
    if found.get("unknown"):
        return "列名认不出，请对应"
    if errors := found["rows"][ERRORS]["count"]:
        return f"{errors} 处错误"
    if is_empty(upload):
        return "没有任何一行申请件"
    cases, proceedings = found["cases"], found["proceedings"]
    counts = [
        f"{label} {cases[key] + proceedings[key]}"
        for key, label in (("new", "新增"), ("completed", "补登"), ("conflicting", "不一致"))
        if cases[key] + proceedings[key]
    ]
    return "，".join(counts) or "与系统一致"


def _text(css: str, words: str, cell: str = "nowrap") -> Any:
    return column(css, cell, verbose_name=words, orderable=False)


class _KeptTable(DenseTable):
    unit = "行"
    place = _text("c-place", "位置")

    def render_place(self, value: str) -> SafeString:
        return _cut(value)


class NewTable(_KeptTable):
    number = _text("c-no", "编号（案号）", "cut")
    department = _text("c-unit", "受理单位", "cut")
    who = _text("", "申请人（类型）", "cut")
    day = _text("c-date", "收到（立案）")
    ending = _text("", "答复类型（结果）", "cut")

    class Meta(DenseTable.Meta):
        empty_text = "没有新增的行"

    def render_number(self, value: str) -> SafeString:
        return _cut(value)

    render_department = render_who = render_ending = render_number


class FilledTable(_KeptTable):
    number = _text("c-no", "编号（案号）", "cut")
    column = _text("c-state", "列")
    value = _text("", "补登为", "what")

    class Meta(DenseTable.Meta):
        empty_text = "没有补登的内容"

    def render_number(self, value: str) -> SafeString:
        return _cut(value)


class ConflictTable(_KeptTable):
    number = _text("c-no", "编号（案号）", "cut")
    column = _text("c-state", "列")
    stored = _text("", "系统里的值", "what")
    given = _text("", "台账里的值", "what")

    class Meta(DenseTable.Meta):
        empty_text = "没有与系统不一致之处"

    def render_number(self, value: str) -> SafeString:
        return _cut(value)


class TakenTable(ConflictTable):
    """The same once it was imported: the ledger's values are those of the system now."""

    stored = _text("", "原值", "what")
    given = _text("", "改为", "what")


class LateTable(_KeptTable):
    number = _text("c-no", "编号（案号）", "cut")
    message = _text("", "为什么要写明原因", "what")

    class Meta(DenseTable.Meta):
        empty_text = "没有改变已公布年度的行"

    def render_number(self, value: str) -> SafeString:
        return _cut(value)


class ErrorTable(_KeptTable):
    column = _text("c-state", "列")
    value = _text("c-no", "填写的值", "what")
    message = _text("", "错在哪里", "what")

    class Meta(DenseTable.Meta):
        empty_text = "没有错误"


class DoubtTable(ErrorTable):
    message = _text("", "核对什么", "what")

    class Meta(DenseTable.Meta):
        empty_text = "没有要核对的"


TABLES: dict[str, type[DenseTable]] = {
    NEW: NewTable,
    FILLED: FilledTable,
    CONFLICTS: ConflictTable,
    LATE: LateTable,
    ERRORS: ErrorTable,
    DOUBTS: DoubtTable,
}


def kept_table(upload: LedgerUpload, name: str, request: HttpRequest) -> DenseTable:
    """A page of a list of the preview; no more of the file is read than that page."""
    paginator = Paginator(KeptRows(upload, name), page_size(request))
    page = paginator.get_page(request.GET.get("page"))
    taken = name == CONFLICTS and upload.state == UploadState.IMPORTED
    table = (TakenTable if taken else TABLES[name])(page.object_list)
    page.object_list = table.rows
    table.paginator, table.page = paginator, page
    return table


def _cut(text: str) -> SafeString:
    return format_html('<span class="ellip" title="{}">{}</span>', text, text)
