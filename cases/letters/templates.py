"""Which template a letter is made from: the department's own, or the default; and what is taken."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from cases import sealed
from cases.choices import LetterKind, Outcome
from cases.ledger.limits import MEGABYTE
from cases.letters.building import default_template
from cases.letters.fields import FIELDS, FINDING, OF_EVERY_REPLY
from cases.letters.filling import fields_of
from cases.models import Department, LetterTemplate

MAX_BYTES = 2 * MEGABYTE  # of the file as it comes
MAX_UNPACKED = 20 * MEGABYTE  # of all that is packed in it
MAIN_PART = "word/document.xml"
NO_DOCX = "这不是 Word 文档（.docx），或者已经损坏。请另存为 .docx 后再上传。"
_BROKEN = (
    BadZipFile,
    ElementTree.ParseError,
    KeyError,
    NotImplementedError,
    PackageNotFoundError,
    RuntimeError,
    ValueError,
    zlib.error,
)
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)")
_OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']")
_EMBEDDED = re.compile(r"^word/(embeddings|activeX)/")


class TemplateRefused(Exception):
    """Not a template that can be used; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Sort:
    """What a template is for: a kind of letter; of replies those of one outcome, or all (None)."""

    kind: LetterKind
    outcome: Outcome | None = None

    @property
    def key(self) -> str:
        """In addresses: receipt, reply, reply-granted."""
        return f"{self.kind}-{self.outcome}" if self.outcome else str(self.kind)

    @property
    def label(self) -> str:
        return f"{self.kind.label}：{self.outcome.label}" if self.outcome else str(self.kind.label)


SORTS = {
    sort.key: sort
    for sort in (*map(Sort, LetterKind), *(Sort(LetterKind.REPLY, each) for each in Outcome))
}


@dataclass(frozen=True, slots=True)
class Template:
    content: bytes
    sha256: str  # "" for the default one
    name: str


def template_for(
    department: Department, kind: LetterKind, outcome: Outcome | None = None
) -> Template:
    """What a letter of `kind` is made from today; `outcome` is that of a reply."""
    own = own_template(department, Sort(kind, outcome)) or own_template(department, Sort(kind))
    if own is None:
        return Template(default_template(kind, outcome), "", "默认模板")
    return Template(template_content(own), own.sha256, own.name)


def own_template(department: Department, sort: Sort) -> LetterTemplate | None:
    in_use = LetterTemplate.objects.filter(department=department, given_up_at=None)
    return in_use.filter(kind=sort.kind, outcome=sort.outcome or "").first()


def template_content(template: LetterTemplate) -> bytes:
    with Path(template.file.path).open("rb") as file:
        return b"".join(sealed.blocks(file))


def check(content: bytes, sort: Sort) -> None:
    """Raises `TemplateRefused`, with the reason, for what no letter can be made from."""
    if len(content) > MAX_BYTES:
        raise TemplateRefused(f"模板超过上限 {MAX_BYTES // MEGABYTE} MB。")
    try:
        _check_parts(content)
        used = fields_of(Document(BytesIO(content)))
    except _BROKEN as error:
        raise TemplateRefused(NO_DOCX) from error
    unknown = [name for name in used if name not in FIELDS]
    if unknown:
        names = "、".join(f"“{name}”" for name in unknown)
        raise TemplateRefused(f"模板里有系统不认识的字段：{names}。请对照字段表改正。")
    if not used:
        raise TemplateRefused("模板里没有字段。请在要填写的地方写上双花括号和字段名。")
    wanted = [name for name in OF_EVERY_REPLY if name != FINDING or sort.outcome is None]
    lacking = [name for name in wanted if name not in used]
    if sort.kind == LetterKind.REPLY and lacking:
        raise TemplateRefused(f"答复书必须写明的内容，模板里缺少：{'、'.join(lacking)}。")


def _check_parts(content: bytes) -> None:
    """What is in the package, before anything reads it: no code, and nothing from elsewhere."""
    with ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        if MAIN_PART not in names:
            raise TemplateRefused(NO_DOCX)
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise TemplateRefused(f"模板解开后超过上限 {MAX_UNPACKED // MEGABYTE} MB。")
        if any(name.endswith("vbaProject.bin") for name in names):
            raise TemplateRefused("模板里带有宏，请另存为不带宏的 .docx 后再上传。")
        if any(_EMBEDDED.match(name) for name in names):
            raise TemplateRefused("模板里嵌有其他文件或者控件，请删去后再上传。")
        for name in names:
            if not name.endswith((".xml", ".rels")):
                continue
            part = archive.read(name)
            if b"\0" in part[:200] or _DOCTYPE.search(part):
                raise TemplateRefused("模板的 XML 里含有文档类型声明或外部实体，不予使用。")
            if name.endswith(".rels") and _OUTSIDE.search(part):
                raise TemplateRefused("模板里有指向外部的链接，请改成文字后再上传。")
