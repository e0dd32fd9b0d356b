"""Documents and letters by hand: put files into a case, make a letter, put the sealed one back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from docx import Document as open_docx
from playwright.sync_api import Page, expect

from cases.choices import Role
from cases.models import Case
from tests.browser.visits import sign_in
from tests.cases.conftest import today
from tests.documents import PDF, PNG, forget_document_files
from tests.makers import make_case, make_tree, make_user

__all__ = ["today"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("today"),
]


@pytest.fixture
def case(page: Page) -> Case:
    """Its page is open, for a clerk."""
    forget_document_files()
    tree = make_tree()
    case = make_case(tree.housing, name="申请人甲")
    sign_in(page, make_user(Role.CLERK, tree.housing, name="经办员戊"))
    page.goto(reverse("cases:detail", args=[case.pk]))
    return case


def file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_files_are_put_into_the_case_and_taken_out(page: Page, case: Case, tmp_path: Path) -> None:
    page.locator("summary", has_text="上传材料").click()
    page.locator("input[type=file]").set_input_files(
        [file("申请表.pdf", PDF), file("身份证.png", PNG)]
    )
    page.get_by_label("申请书").check()
    page.get_by_role("button", name="存入材料").click()
    expect(page.locator("main")).to_contain_text("已存入 2 份材料。")
    assert case.documents.count() == 2

    with page.expect_download() as found:
        page.get_by_role("button", name="下载 申请表.pdf").click()
    found.value.save_as(tmp_path / "back.pdf")
    assert (tmp_path / "back.pdf").read_bytes() == PDF

    with page.context.expect_page() as opened:  # a picture is shown in a window of its own
        page.get_by_role("button", name=re.compile("^身份证.png")).click()
    expect(opened.value.locator("img")).to_be_visible()


def test_a_letter_is_made_taken_away_and_put_back_sealed(
    page: Page, case: Case, tmp_path: Path
) -> None:
    page.get_by_role("link", name="制作文书").click()
    page.get_by_role("link", name="补正告知书", exact=True).click()
    expect(page.locator(".note.warning")).to_contain_text("补正事项、补正期限")
    page.get_by_label("补正事项").fill("写明文件的年度")
    page.get_by_role("button", name="更新预览").click()
    expect(page.locator(".letter")).to_contain_text("写明文件的年度")
    assert not case.letters.exists()
    page.get_by_label("补正期限").fill("15个工作日")
    page.get_by_role("button", name="制作", exact=True).click()
    expect(page.locator("main")).to_contain_text("已制作《政府信息公开申请补正告知书》")

    with page.expect_download() as found:
        page.locator("#letters").get_by_role("button", name="补正告知书").click()
    found.value.save_as(tmp_path / "letter.docx")
    text = [paragraph.text for paragraph in open_docx(str(tmp_path / "letter.docx")).paragraphs]
    assert "写明文件的年度" in text and "申请人甲：" in text
    assert date(2025, 10, 27) == case.letters.get().dated_on

    page.get_by_role("link", name="补正告知书换成定稿").click()
    page.locator("input[type=file]").set_input_files(file("盖章.pdf", PDF))
    page.get_by_role("button", name="换成定稿").click()
    expect(page.locator("#letters")).to_contain_text("换成“盖章.pdf”")


def test_a_letter_is_made_without_a_mouse(page: Page, case: Case) -> None:
    page.goto(reverse("cases:make_letter", args=[case.pk]) + "?kind=receipt")
    page.get_by_label("机关联系方式").focus()
    page.keyboard.type("政务公开科")
    page.keyboard.press("Tab")  # 制作
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("已制作《政府信息公开申请登记回执》")
