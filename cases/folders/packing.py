"""The folder of a case as one .zip file: data in, bytes out.

Names inside it are numbered, so that they sort as the 卷内目录 lists them. The case and the days of
its term are pages that open and print anywhere, without this system. A document whose file is gone
or damaged is named in the list; the rest is packed all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from openpyxl import Workbook

from cases.documents.content import Missing, content_of
from cases.folders.contents import Entry
from cases.folders.pages import CONTENTS, TERM, list_of
from cases.sheets import Value, append, begin
from cases.typesetting.fonts import ChineseFont
from cases.typesetting.pages import set_anyhow

PAGES = "页码"
WIDTHS = {"序号": 6, "题名": 70, "证据名称": 60, "责任者": 16, "证明对象": 40, PAGES: 10}
WIDTHS |= {"SHA-256": 70, "备注": 40}
FILE_HEADER = ("文件", "字节", "SHA-256", "备注")
FOLDER_HEADER = ("序号", "日期", "类别", "题名", "责任者", PAGES, *FILE_HEADER)
EVIDENCE_HEADER = ("序号", "证据名称", "类别", "日期", "证明对象", PAGES, *FILE_HEADER)
DOCUMENTS = "材料"  # the folder inside that holds them

HOLDS = (
    "压缩文件内有{list}（{formats}）、案卷（HTML）、期限计算（{term}）和“材料”文件夹中的各份材料，"
    "文书为 docx 原件；页码在装订后手工填写。"
)
BOXES = "PDF 中显示为方框的字，是生成时所用的字体里没有的，以同一压缩文件中的 xlsx、HTML 为准。"
NO_STRIP = "生成时没有中文字体，目录只有 xlsx，期限计算是逐日的表格，没有画成日历条。"
NOT_PACKED = "有 {} 份材料没有装入，原因见各行。"


@dataclass(frozen=True, slots=True)
class Folder:
    """What is packed. `about` is what the pages of the case and of its term are drawn from, `term`
    the same for the page that typst sets."""

    title: str
    entries: Sequence[Entry]
    about: dict[str, Any]
    term: dict[str, Any]
    as_evidence: bool = False

    @property
    def documents(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.document]

    @property
    def missing(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.fault]

    @property
    def list_name(self) -> str:
        return "证据目录" if self.as_evidence else "卷内目录"


def pack(
    folder: Folder, font: ChineseFont | None, told: Callable[[int, str], None]
) -> tuple[bytes, Folder]:
    """The .zip file, and the folder as it was packed; `told` hears of each document.

    Without a font that sets Chinese the term is a table, as the list says.
    """
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        folder = replace(folder, entries=list(_put(packed, folder.entries, told)))
        for name, content in _pages(folder, font):
            packed.writestr(name, content)
    return target.getvalue(), folder


def _put(
    packed: ZipFile, entries: Sequence[Entry], told: Callable[[int, str], None]
) -> Iterator[Entry]:
    """Pack the documents; each entry, with what was wrong with its file."""
    place = 0
    for entry in entries:
        if entry.document:
            place += 1
            try:
                packed.writestr(f"{DOCUMENTS}/{entry.file_name}", content_of(entry.document))
            except Missing as error:
                entry = replace(entry, fault=f"{error}没有装入。")
            told(place, entry.title)
        yield entry


def _pages(folder: Folder, font: ChineseFont | None) -> Iterator[tuple[str, str | bytes]]:
    name, notes = folder.list_name, _notes(folder, with_strip=font is not None)
    yield f"00 {name}.xlsx", _list_workbook(folder, notes)
    yield "01 案卷.html", _page("folder/sheet.html", folder)
    if font is None:
        yield "02 期限计算.html", _page("folder/term.html", folder)
        return
    listed = list_of(folder.entries, notes, as_evidence=folder.as_evidence)
    yield f"00 {name}.pdf", _set(CONTENTS, name, folder, listed, font)
    yield "02 期限计算.pdf", _set(TERM, "答复期限计算说明", folder, folder.term, font)


def _notes(folder: Folder, *, with_strip: bool) -> list[str]:
    """What stands below the list: what is in the file, and what is not."""
    formats, term = ("PDF、xlsx", "PDF") if with_strip else ("xlsx", "HTML")
    notes = [HOLDS.format(list=folder.list_name, formats=formats, term=term)]
    notes += [BOXES if with_strip else NO_STRIP]
    return notes + [NOT_PACKED.format(len(folder.missing))] * bool(folder.missing)


def _page(template: str, folder: Folder) -> str:
    return render_to_string(template, {"title": folder.title, **folder.about})


def _set(
    template: Path, title: str, folder: Folder, data: dict[str, Any], font: ChineseFont
) -> bytes:
    case, at = folder.about["case"], folder.about["printed_at"]
    head = {
        "title": title,
        "number": case.number,
        "organ": case.department.name,
        "as_at": f"截至 {folder.about['on']}",
        "footer": f"{at:%Y-%m-%d %H:%M} 由系统生成",
    }
    return set_anyhow(template, head | data, font, at=at)


def _list_workbook(folder: Folder, notes: Sequence[str]) -> bytes:
    book = Workbook(write_only=True)
    header = EVIDENCE_HEADER if folder.as_evidence else FOLDER_HEADER
    sheet = begin(book, folder.list_name, header, WIDTHS)
    for entry in folder.entries:
        append(sheet, [*_row(entry, as_evidence=folder.as_evidence), *_file_of(entry)])
    append(sheet, [])
    for note in notes:
        append(sheet, [None, note])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _row(it: Entry, *, as_evidence: bool) -> list[Value]:
    """Pages are left blank: they are counted when the folder is bound."""
    if as_evidence:
        return [it.number, it.title, it.kind, it.on, it.aim, None]
    return [it.number, it.on, it.kind, it.title, it.responsible, None]


def _file_of(it: Entry) -> list[Value]:
    if it.document is None:
        return []
    name = "" if it.fault else it.file_name
    return [name, it.document.size, it.document.sha256, it.fault]
