"""The preview says what the file will say: every letter, and whatever a template is built of."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as open_docx
from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cases.choices import Role
from cases.documents.content import content_of as document_content
from cases.letters.filling import content_of, fill, shown, template_fields
from cases.letters.templates import SORTS, Sort
from cases.models import Case
from tests.documents import forget_document_files
from tests.makers import Facts, Tree, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def case(tree: Tree) -> Case:
    facts = Facts(correction=(date(2025, 9, 16), date(2025, 9, 18)))
    return make_case(tree.housing, name="申请人甲", facts=facts)


def file_text(content: bytes) -> str:
    """All the words of the file in their order, without the spaces between them."""
    with ZipFile(BytesIO(content)) as archive:
        parts = sorted(name for name in archive.namelist() if re.match(r"word/header\d", name))
        parts.append("word/document.xml")
        parts += sorted(name for name in archive.namelist() if re.match(r"word/footer\d", name))
        xml = "".join(archive.read(name).decode() for name in parts)
    xml = re.sub(r"<mc:Fallback>.*?</mc:Fallback>", "", xml, flags=re.DOTALL)  # a second copy
    return squeezed(unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", xml))))


def page_text(html: str) -> str:
    """The same of the preview in the page."""
    [letter] = re.findall(r'<div class="letter" lang="zh-CN">(.*?)</section>', html, re.DOTALL)
    return squeezed(unescape(re.sub(r"<[^>]+>", "", letter)))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("sort", SORTS.values(), ids=SORTS.keys())
def test_what_is_seen_is_what_is_made(clerk_client: Client, case: Case, sort: Sort) -> None:
    outcome = sort.outcome or "granted"
    where = reverse("cases:make_letter", args=[case.pk]) + f"?kind={sort.kind}"
    data: dict[str, Any] = {
        "version": case.version,
        "outcome": outcome,
        "dated_on": "2025-10-20",
        "numbering": "typed",
        "number": "秀建公开〔2025〕7号",
    }
    seen = clerk_client.post(where, data | {"preview": "1"})
    answer = clerk_client.post(where, data | {"make": "1"})
    assert answer.status_code == 302
    made = file_text(document_content(case.letters.get().document))
    assert page_text(seen.content.decode()) == made
    assert "秀建公开〔2025〕7号" in made and "〔　　〕".replace("　", "") in made


COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def form_like() -> Docx:
    """A template as offices build them: heads, merged and nested cells, controls, breaks, boxes."""
    document = open_docx()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "{{机关}}文件"
    section.footer.paragraphs[0].text = "第页"
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "受送达人"
    table.cell(0, 2).text = "{{申请人}}"
    table.cell(1, 0).text = "编号"
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "{{申请编号}}"
    line = document.add_paragraph("甲").runs[0]
    line.add_break()
    line.add_text("乙")
    line.add_tab()
    line.add_text("丙")
    inner = "<w:p><w:r><w:t>控件{{日期}}</w:t></w:r></w:p>"
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
    document.element.body.insert(1, parse_xml(control))
    content = "<w:txbxContent><w:p><w:r><w:t>框内{{文号}}</w:t></w:r></w:p></w:txbxContent>"
    box = (
        f'<mc:AlternateContent {nsdecls("w")} xmlns:mc="{COMPATIBILITY}" xmlns:x="urn:box">'
        f'<mc:Choice Requires="x"><x:txbx>{content}</x:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    document.add_paragraph("框外").runs[0]._r.append(parse_xml(box))
    return document


def test_whatever_a_template_is_built_of(tree: Tree) -> None:
    template = content_of(form_like())
    assert template_fields(template) == ["机关", "申请人", "申请编号", "日期", "文号"]
    filled = fill(template, lambda name: f"〈{name}〉")
    lines = [
        "｜".join("".join(text for text, _ in cell) for cell in part.cells)
        or "".join(text for text, _ in part.pieces)
        for part in shown(filled)
    ]
    assert lines == [
        "〈机关〉文件",
        "受送达人｜〈申请人〉",
        "编号｜〈申请编号〉｜",
        "控件〈日期〉",
        "甲\n乙\t丙",
        "框外\n框内〈文号〉",
        "第页",
    ]
    assert squeezed("".join(lines).replace("｜", "")) == file_text(content_of(filled))


def test_the_preview_of_a_reader_is_refused(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    where = reverse("cases:make_letter", args=[case.pk]) + "?kind=receipt"
    answer = client.post(where, {"version": case.version, "preview": "1"})
    assert answer.status_code == 403
