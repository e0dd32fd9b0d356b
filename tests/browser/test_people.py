"""Who works a case: assigned in its row, handed over with others, and the form to sign on paper."""

import io
import re
from typing import Any
from unicodedata import normalize

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from cases.choices import Channel, Role
from cases.models import Case, User
from tests.browser.visits import sign_in
from tests.makers import Tree, make_applicant, make_case, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CONTENT = "甲路以东、乙路以南地块房屋征收补偿方案、评估报告及全部附件" * 20


@pytest.fixture
def tree(transactional_db: None) -> Tree:
    return make_tree()


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员甲")


@pytest.fixture
def colleague(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


def case_of(tree: Tree, content: str = "甲路补偿方案", **fields: Any) -> Case:
    today = timezone.localdate()
    return make_case(tree.housing, received_on=today, content=content, today=today, **fields)


def test_a_case_is_assigned_in_its_row_and_the_list_follows(
    page: Page, tree: Tree, clerk: User, colleague: User
) -> None:
    case, other = case_of(tree), case_of(tree, "乙路补偿方案")
    sign_in(page, clerk)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/cases/?state=unassigned")
    page.evaluate("window.stillHere = true")  # lost when the page is loaded anew
    page.get_by_role("link", name=f"分派 {case.number}").click()
    row = page.get_by_role("form", name=f"分派 {case.number}")
    row.get_by_role("button", name="取消").click()
    expect(row).to_be_hidden()
    page.get_by_role("link", name=f"分派 {case.number}").click()
    row.get_by_role("button", name="分派").click()
    expect(row).to_contain_text("请选择承办单位或者经办人。")
    row.get_by_label("经办人").select_option(label="经办员戊")
    row.get_by_role("button", name="分派").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#results")).to_contain_text(other.number)
    expect(page.locator("#views")).to_contain_text("未分派1")
    assert page.evaluate("window.stillHere")
    case.refresh_from_db()
    assert case.handler == colleague


@pytest.mark.parametrize("width", [1280, 1024])
def test_rows_are_assigned_by_keyboard_alone(
    page: Page, tree: Tree, clerk: User, colleague: User, width: int
) -> None:
    first, second = case_of(tree), case_of(tree, "乙路补偿方案")
    sign_in(page, clerk)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/cases/?state=unassigned")
    for case in (second, first):  # the one registered last stands first
        page.keyboard.press("j")
        link = page.get_by_role("link", name=f"分派 {case.number}")
        page.keyboard.press("Tab")
        expect(link).to_be_focused()
        page.keyboard.press("Enter")
        handler = page.get_by_label("经办人")
        expect(handler).to_be_focused()
        page.keyboard.press("Escape")
        expect(handler).to_be_hidden()
        expect(link).to_be_focused()
        page.keyboard.press("Enter")
        expect(handler).to_be_focused()
        while handler.locator("option:checked").inner_text() != "经办员戊":
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(link).to_be_hidden()
        expect(page.locator("#results")).not_to_contain_text(case.number)
        case.refresh_from_db()
        assert case.handler == colleague


def test_without_a_script_the_row_leads_to_the_page(
    browser: Browser, live_server: Any, tree: Tree, clerk: User, colleague: User, page: Page
) -> None:
    case = case_of(tree)
    sign_in(page, clerk)
    signed_in = page.context.storage_state()
    context = browser.new_context(
        java_script_enabled=False, storage_state=signed_in, base_url=live_server.url
    )
    plain = context.new_page()
    plain.goto("/cases/")
    plain.get_by_role("link", name=f"分派 {case.number}").click()
    plain.get_by_label("经办人").select_option(label="经办员戊")
    plain.get_by_role("button", name="分派").click()
    expect(plain.locator("main")).to_contain_text("已分派给经办员戊")
    context.close()


def test_the_clerks_of_a_chosen_unit_are_offered_at_once(
    page: Page, tree: Tree, clerk: User
) -> None:
    case = case_of(tree)
    make_user(Role.CLERK, tree.land, name="经办员己")
    sign_in(page, clerk)
    page.goto(f"/cases/{case.pk}/assign/")
    handler = page.get_by_label("经办人")
    expect(handler).not_to_contain_text("经办员己")
    page.get_by_label("承办单位").select_option(label="区资规分局")
    expect(handler).to_contain_text("经办员己")
    handler.select_option(label="经办员己")
    page.get_by_role("button", name="分派").click()
    expect(page.locator("main")).to_contain_text("已分派给区资规分局（经办员己）")


def test_cases_are_handed_over_from_the_list(
    page: Page, tree: Tree, clerk: User, colleague: User
) -> None:
    kept, given = case_of(tree, handler=clerk), case_of(tree, "乙路", handler=clerk)
    sign_in(page, clerk)
    page.goto("/cases/?mine=1")
    page.get_by_role("link", name="移交").click()
    expect(page.get_by_text("已勾选 2 件")).to_be_visible()
    page.get_by_label("全部勾选").uncheck()
    expect(page.get_by_text("已勾选 0 件")).to_be_visible()
    page.get_by_label(f"移交 {given.number}").check()
    expect(page.get_by_label("全部勾选")).to_have_js_property("indeterminate", True)
    page.get_by_role("button", name="移交").click()
    expect(page.locator(".errsum")).to_contain_text("请选择移交给谁。")
    expect(page.get_by_label(f"移交 {kept.number}")).not_to_be_checked()
    page.get_by_label("移交给").select_option(label="经办员戊")
    page.get_by_label("移交原因").fill("岗位调整")
    page.get_by_role("button", name="移交").click()
    expect(page.locator("main")).to_contain_text("已将 1 件移交给经办员戊")
    for case, handler in ((kept, clerk), (given, colleague)):
        case.refresh_from_db()
        assert case.handler == handler


def test_the_form_to_sign_is_one_page_of_a4(page: Page, tree: Tree, clerk: User) -> None:
    person = make_applicant(name="申请人甲", phone="13800000000", address="嘉兴市秀洲区甲路1号")
    case = case_of(
        tree, CONTENT, applicant=person, channel=Channel.IN_PERSON, oral=True, agent_name="代理人乙"
    )
    sign_in(page, clerk)
    page.goto(f"/cases/{case.pk}/")
    page.get_by_role("link", name="打印申请表").click()
    page.get_by_role("button", name="填入完整信息").click()
    expect(page.locator("article")).to_contain_text("13800000000")
    sheet = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(sheet.pages) == 1
    box = sheet.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)  # A4 in points
    text = normalize("NFKC", re.sub(r"\s", "", sheet.pages[0].extract_text()))
    for words in ("政府信息公开申请表", "申请人签名", "13800000000", "代理人乙", "代填人"):
        assert words in text
    assert "填入完整信息" not in text and "登记申请" not in text
