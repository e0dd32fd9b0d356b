"""The folder of a case as one .zip file: data in, bytes out.

Names inside it are numbered, so that they sort as the 卷内目录 lists them. The case and the days of
its term are pages that open and print anywhere, without this system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from openpyxl import Workbook

from cases.documents.content import content_of
from cases.folders.contents import Entry
from cases.sheets import Value, append, begin

PAGES = "页码"
WIDTHS = {"序号": 6, "题名": 70, "证据名称": 60, "责任者": 16, "证明对象": 40, PAGES: 10}
FOLDER_HEADER = ("序号", "日期", "类别", "题名", "责任者", PAGES, "文件")
EVIDENCE_HEADER = ("序号", "证据名称", "类别", "日期", "证明对象", PAGES, "文件")
DOCUMENTS = "材料"  # the folder inside that holds them


@dataclass(frozen=True, slots=True)
class Folder:
    """What is packed. `about` is what the pages of the case and of its term are drawn from."""

    title: str
    entries: Sequence[Entry]
    about: dict[str, Any]
    as_evidence: bool = False

    @property
    def documents(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.document]


def pack(folder: Folder, told: Callable[[int, str], None]) -> bytes:
    """The .zip file; `told` hears of each document. Raises `Missing` where one is not as it was."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        name = "证据目录" if folder.as_evidence else "卷内目录"
        packed.writestr(f"00 {name}.xlsx", _list_workbook(folder, name))
        packed.writestr("01 案卷.html", _page("folder/sheet.html", folder))
        packed.writestr("02 期限计算.html", _page("folder/term.html", folder))
        for place, entry in enumerate(folder.documents, start=1):
            assert entry.document is not None  # `documents` are those that have one
            packed.writestr(f"{DOCUMENTS}/{entry.file_name}", content_of(entry.document))
            told(place, entry.title)
    return target.getvalue()


def _page(template: str, folder: Folder) -> str:
    return render_to_string(template, {"title": folder.title, **folder.about})


def _list_workbook(folder: Folder, name: str) -> bytes:
    book = Workbook(write_only=True)
    header = EVIDENCE_HEADER if folder.as_evidence else FOLDER_HEADER
    sheet = begin(book, name, header, WIDTHS)
    rows = _evidence_rows if folder.as_evidence else _folder_rows
    for row in rows(folder.entries):
        append(sheet, row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _folder_rows(entries: Iterable[Entry]) -> Iterator[list[Value]]:
    """Pages are left blank: they are counted when the folder is bound."""
    for it in entries:
        yield [it.number, it.on, it.kind, it.title, it.responsible, None, it.file_name]


def _evidence_rows(entries: Iterable[Entry]) -> Iterator[list[Value]]:
    """What each is to prove is for the organ to write."""
    for it in entries:
        yield [it.number, it.title, it.kind, it.on, None, None, it.file_name]
