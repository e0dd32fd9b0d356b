"""The first page of the day: a clerk's counts, a supervisor's year, the sheet for Monday."""

import io
import re
from datetime import date
from typing import Any
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from cases.choices import Channel, Role, ServiceMethod
from cases.models import User
from tests.cases.conftest import today
from tests.makers import PASSWORD, Facts, Tree, make_case, make_tree, make_user

__all__ = ["today"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("today"),
]

WIDTHS = pytest.mark.parametrize("width", [1280, 1024])


@pytest.fixture
def tree(transactional_db: None) -> Tree:
    return make_tree()


def sign_in(page: Page, user: User, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("nav.tiles")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def make_cases(tree: Tree, each: int = 1) -> None:
    """So many of every kind of work that waits on 2025-10-27."""
    handler = make_user(Role.CLERK, tree.housing)
    asked = (date(2025, 10, 17), None)
    for _ in range(each):
        for received_on in ((9, 18), (9, 23), (9, 28), (10, 10)):  # overdue, today, 31st, 11-07
            make_case(tree.housing, received_on=date(2025, *received_on), handler=handler)
        make_case(tree.town, received_on=date(2025, 10, 15), facts=Facts(correction=asked))
        make_case(tree.town, received_on=date(2025, 10, 10), facts=Facts(consultation=asked))
        make_case(tree.office, received_on=None, channel=Channel.PORTAL)
        make_case(tree.office, received_on=date(2025, 10, 22))
        make_case(
            tree.office,
            received_on=date(2025, 10, 20),
            closed_on=date(2025, 10, 24),
            service_method=ServiceMethod.POST,
        )


@WIDTHS
def test_each_count_of_the_clerk_opens_a_list_of_as_many(
    page: Page, tree: Tree, width: int
) -> None:
    make_cases(tree)
    sign_in(page, make_user(Role.CLERK, tree.government), width)
    tiles = page.locator("nav.tiles a")
    expect(tiles).to_have_count(9)
    for place in range(9):
        tile = tiles.nth(place)
        count = tile.locator(".v").inner_text()
        tile.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("申请件")
        expect(page.get_by_role("status").filter(has_text="共")).to_have_text(f"共 {count} 件")
        page.goto("/")
    page.get_by_role("link", name="登记申请").last.click()
    expect(page.get_by_label("姓名或名称")).to_be_visible()


@WIDTHS
def test_the_supervisors_year_opens_what_it_counts(page: Page, tree: Tree, width: int) -> None:
    make_cases(tree)
    make_case(tree.land, received_on=date(2024, 5, 6), closed_on=date(2024, 5, 20))
    sign_in(page, make_user(Role.SUPERVISOR, tree.government), width)
    expect(page.get_by_role("heading", level=1)).to_have_text("2025 年至今")
    chart = page.locator("#months-chart svg")
    expect(chart.get_by_text("月末在办")).to_be_visible()
    bars = chart.locator("path[fill='#1b4f8f']")  # a bar a month, then the square of the legend
    assert bars.count() == 11
    expect(page.locator(".checks").get_by_role("img", name="相符")).to_have_count(5)

    bars.nth(9).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"2025 年 10 月新收：\d 件")
    )
    page.go_back()
    row = page.get_by_role("row").filter(has_text="区住建局")
    received = row.locator("td").nth(1).inner_text()
    row.get_by_role("link", name="区住建局").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"2025 年度收件：{received} 件")
    expect(page.locator("#results tbody tr")).to_have_count(int(received))
    page.get_by_role("link", name="全局").last.click()
    page.get_by_role("link", name="打开年度表").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("年度表")


@WIDTHS
def test_another_year_is_drawn_in_place(page: Page, tree: Tree, width: int) -> None:
    make_cases(tree)
    make_case(tree.land, received_on=date(2024, 5, 6), closed_on=date(2024, 5, 20))
    sign_in(page, make_user(Role.SUPERVISOR, tree.government), width)
    expect(page.locator("#months-chart svg")).to_be_visible()  # the scripts run
    year = page.get_by_label("年度", exact=True)
    year.focus()
    year.select_option("2024")
    expect(page.get_by_role("heading", level=1)).to_have_text("2024 年度")
    expect(page.locator("#months-chart svg").get_by_text("12月")).to_be_visible()
    expect(year).to_be_focused()
    page.wait_for_url("**/overview/?*year=2024*")
    page.locator("summary", has_text="逐月数字").click()
    page.get_by_role("row", name="5 月").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2024 年 5 月新收：1 件")


def test_without_a_script_the_months_are_a_table(
    page: Page, tree: Tree, browser: Browser, live_server: Any
) -> None:
    make_cases(tree)
    sign_in(page, make_user(Role.SUPERVISOR, tree.government), 1280)
    signed_in = page.context.storage_state()
    context = browser.new_context(
        java_script_enabled=False, storage_state=signed_in, base_url=live_server.url
    )
    plain = context.new_page()
    plain.goto("/overview/")
    expect(plain.locator("#months-chart")).to_be_hidden()
    expect(plain.get_by_role("row", name="10 月")).to_be_visible()
    context.close()


def test_on_paper_the_months_are_unfolded(page: Page, tree: Tree) -> None:
    make_cases(tree)
    sign_in(page, make_user(Role.SUPERVISOR, tree.government), 1280)
    expect(page.locator("#months-chart svg")).to_be_visible()
    expect(page.get_by_role("row", name="10 月")).to_be_hidden()
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in pages))
    text = normalize("NFKC", text)
    assert "月份新收办结月末在办" in text and "点柱" not in text and "打印周一单" not in text


@pytest.mark.parametrize("each", [0, 14])
def test_the_sheet_for_monday_is_one_page_of_a4(page: Page, tree: Tree, each: int) -> None:
    """With three cases, and with 126 in all nine sections."""
    make_cases(tree, each)
    for _ in range(0 if each else 3):
        make_case(tree.housing, received_on=date(2025, 9, 18), content="甲路补偿方案" * 40)
    sign_in(page, make_user(Role.CLERK, tree.government), 1280)
    page.get_by_role("link", name="打印周一单").click()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    sheet = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(sheet.pages) == 1
    box = sheet.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)  # A4 in points
    left_out = page.get_by_text("未列出，见系统清单")
    expect(left_out).to_have_count(8 if each else 0)  # the first section is there whole
    for width in (1280, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
