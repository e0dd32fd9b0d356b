"""The list of cases as clerks use it: filters in place, saved lists, columns, keys, export."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from cases.choices import Role
from cases.crypto import lookup_hash
from cases.models import Case, SavedList, User
from tests.makers import PASSWORD, Tree, make_applicant, make_case, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = pytest.mark.parametrize("width", [1280, 1024])
NUMBER = "13800000001"


@pytest.fixture
def tree(transactional_db: None) -> Tree:
    return make_tree()


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.government, name="经办员甲")


def case_of(tree: Tree, content: str, *, closed: bool = False, phone: str = "") -> Case:
    """Received today; answered today where it is closed."""
    today = timezone.localdate()
    return make_case(
        tree.housing,
        received_on=today,
        content=content,
        applicant=make_applicant(phone=phone),
        closed_on=today if closed else None,
        today=today,
    )


def open_list(page: Page, user: User, width: int = 1280, query: str = "") -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    page.goto(f"/cases/{query}")


def rows(page: Page) -> Any:
    return page.locator("#results tbody tr")


def fits(page: Page, width: int) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


@WIDTHS
def test_filters_work_in_place_and_the_address_follows(
    page: Page, tree: Tree, clerk: User, width: int
) -> None:
    case_of(tree, "甲路补偿方案")
    case_of(tree, "乙路补偿方案", closed=True)
    open_list(page, clerk, width)
    page.evaluate("window.stillHere = true")  # lost when the page is loaded anew
    expect(rows(page)).to_have_count(2)
    page.get_by_label("状态", exact=True).select_option("closed")
    expect(rows(page)).to_have_count(1)
    expect(page).to_have_url(page.url.split("?")[0] + "?state=closed")
    expect(page.locator(".views a[aria-current]")).to_contain_text("已办结")
    expect(page.locator("#export")).to_contain_text("导出 xlsx（1 件）")
    page.locator("#sort-due").click()
    expect(page.locator("th[aria-sort='ascending']")).to_contain_text("到期")
    assert page.url.endswith("?state=closed&sort=due&page=1")
    page.locator("#id_q").fill("乙路")  # typed words are looked for without a button …
    page.wait_for_url("**/cases/?q=*state=closed&sort=due")  # … and the order is kept
    assert page.evaluate("window.stillHere")
    assert fits(page, width)

    page.evaluate("history.back()")
    page.wait_for_url("**/cases/?state=closed&sort=due&page=1")
    expect(page.locator("#id_q")).to_have_value("")
    page.evaluate("history.go(-2)")
    page.wait_for_url("**/cases/")
    expect(rows(page)).to_have_count(2)
    expect(page.get_by_label("状态", exact=True)).to_have_value("")
    page.evaluate("history.forward()")
    page.wait_for_url("**/cases/?state=closed")
    expect(rows(page)).to_have_count(1)
    page.reload()
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_label("状态", exact=True)).to_have_value("closed")


def test_the_focus_stays_where_it_was(page: Page, tree: Tree, clerk: User) -> None:
    for n in range(26):
        case_of(tree, f"第 {n} 号地块")
    open_list(page, clerk)
    page.locator("#sort-due").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort='ascending']")).to_contain_text("到期")
    expect(page.locator("#sort-due")).to_be_focused()
    page.get_by_label("状态", exact=True).focus()
    page.get_by_label("状态", exact=True).select_option("unassigned")
    page.wait_for_url("**state=unassigned**")
    expect(page.get_by_label("状态", exact=True)).to_be_focused()
    page.locator("#page-next").focus()
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(1)
    expect(page.locator("#page-next")).to_be_visible()


def test_the_list_is_worked_by_keys_alone(page: Page, tree: Tree, clerk: User) -> None:
    for n in range(26):
        case_of(tree, f"第 {n} 号地块")
    open_list(page, clerk)
    links = page.locator("#results tbody a.no")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("n")
    expect(rows(page)).to_have_count(1)
    expect(links.nth(0)).to_be_focused()  # the row is gone: the first of the new page has the focus
    page.keyboard.press("p")
    expect(rows(page)).to_have_count(25)
    page.keyboard.press("/")
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.type("j?/")  # in a field they are letters
    expect(page.locator("#id_q")).to_have_value("j?/")
    page.locator("#id_q").fill("")
    page.keyboard.press("Escape")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("[data-keyhelp] dl")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("[data-keyhelp] dl")).to_be_hidden()
    page.keyboard.press("j")
    number = links.nth(0).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(number)
    page.wait_for_url("**/cases/*/")


@WIDTHS
def test_a_list_is_saved_used_renamed_and_deleted(
    page: Page, tree: Tree, clerk: User, width: int
) -> None:
    case_of(tree, "甲路补偿方案")
    case_of(tree, "乙路补偿方案", closed=True)
    open_list(page, clerk, width, "?state=closed")
    page.get_by_role("link", name="保存为清单").click()
    page.get_by_label("清单名称").fill("办结的补偿方案")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/cases/?state=closed")
    page.goto("/cases/")
    expect(rows(page)).to_have_count(2)
    page.locator(".views").get_by_role("link", name="办结的补偿方案").click()
    page.wait_for_url("**/cases/?state=closed")
    expect(rows(page)).to_have_count(1)
    assert fits(page, width)
    page.get_by_role("link", name="管理").click()
    expect(page.get_by_role("link", name="改名 办结的补偿方案")).to_be_visible()
    assert fits(page, width)
    page.get_by_role("link", name="改名 办结的补偿方案").click()
    page.get_by_label("清单名称").fill("已办补偿")
    page.get_by_role("button", name="改名").click()
    page.get_by_label("删除 已办补偿").click()
    page.get_by_role("button", name="确定删除").click()
    expect(page.get_by_role("main")).to_contain_text("还没有保存清单")
    assert not SavedList.objects.exists()


@WIDTHS
def test_columns_are_chosen_and_put_in_order(
    page: Page, tree: Tree, clerk: User, width: int
) -> None:
    case_of(tree, "乙路补偿方案", closed=True)
    open_list(page, clerk, width, "?state=closed")
    page.get_by_role("link", name="选择栏目").click()
    for label in ("答复日期", "送达日期", "复议诉讼", "用途", "备注"):
        page.get_by_label(label, exact=True).check()
    page.get_by_label("申请人", exact=True).uncheck()
    page.get_by_role("button", name="上移 申请内容").click()
    expect(page.get_by_role("button", name="上移 申请内容")).to_be_focused()
    assert fits(page, width)
    page.locator(".formbar").get_by_role("button", name="保存").click()
    page.wait_for_url("**/cases/?state=closed")
    heads = [head.strip(" ↑↓") for head in page.locator("#results th").all_inner_texts()]
    assert heads[:4] == ["期限", "申请内容", "编号", "方式"]  # chosen: none is left out at 1024
    assert heads[-5:] == ["答复日期", "送达日期", "用途", "复议诉讼", "备注"]
    expect(page.locator("#results th").filter(has_text="方式").first).to_be_visible()
    assert fits(page, width)  # the table scrolls inside its own box
    page.get_by_role("link", name="选择栏目").click()
    page.get_by_role("button", name="恢复默认").click()
    page.wait_for_url("**/cases/?state=closed")
    expect(page.locator("#results th").filter(has_text="复议诉讼")).to_have_count(0)


def addresses(page: Page) -> str:
    """Every address in the history of this tab."""
    return str(page.evaluate("navigation.entries().map((entry) => entry.url)"))


def type_in(page: Page, words: str) -> None:
    page.locator("#id_q").press_sequentially(words)
    page.wait_for_timeout(800)  # longer than the list waits for the next letter


def by_typing(page: Page) -> None:
    type_in(page, NUMBER[:8])  # a piece of a number is not looked for
    type_in(page, NUMBER[8:])
    page.keyboard.press("Enter")


def by_leaving(page: Page) -> None:
    page.locator("#id_q").fill(NUMBER)
    page.get_by_role("button", name="筛选").click()


def by_the_top_bar(page: Page) -> None:
    page.goto("/")
    page.locator(".topfind").fill(NUMBER)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("width", "search"),
    [(1280, by_typing), (1024, by_typing), (1024, by_leaving), (1280, by_the_top_bar)],
)
def test_a_telephone_number_is_found_and_stays_in_no_address(
    page: Page, tree: Tree, clerk: User, width: int, search: Callable[[Page], None]
) -> None:
    case = case_of(tree, "甲路补偿方案", phone=NUMBER)
    case_of(tree, "乙路补偿方案", phone="13800000002")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_list(page, clerk, width)
    search(page)
    page.wait_for_url(f"**/cases/?phone={lookup_hash(NUMBER)}")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text(case.number)
    expect(page.locator(".chip")).to_contain_text("号码：（按号码精确查找）")
    expect(page.locator("#id_q")).to_have_value("")
    page.get_by_label("申请人类别").select_option("natural_person")  # the condition is carried on
    page.wait_for_url("**/cases/?kind=natural_person&phone=*")
    expect(rows(page)).to_have_count(1)
    assert not any(NUMBER[:7] in url for url in (addresses(page), *asked))
    page.locator(".chip").filter(has_text="号码").click()
    page.wait_for_url("**/cases/?kind=natural_person")
    expect(rows(page)).to_have_count(2)


def test_an_address_with_a_number_is_left_for_one_without(
    page: Page, tree: Tree, clerk: User
) -> None:
    case_of(tree, "甲路补偿方案", phone=NUMBER)
    open_list(page, clerk, query=f"?q={NUMBER}")
    expect(rows(page)).to_have_count(1)
    assert NUMBER not in addresses(page)


def test_a_lost_connection_and_a_lost_session_are_told(page: Page, tree: Tree, clerk: User) -> None:
    case_of(tree, "甲路补偿方案")
    open_list(page, clerk)
    page.route("**/cases/find/", lambda route: route.abort())
    page.get_by_label("状态", exact=True).select_option("closed")
    expect(page.get_by_role("alert")).to_contain_text("网络中断，没有取到列表")
    expect(rows(page)).to_have_count(1)  # what was there stays
    page.unroute("**/cases/find/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("状态", exact=True).select_option("unassigned")
    page.wait_for_url("**/login/?next=**")


@pytest.mark.worker
@WIDTHS
def test_the_list_is_exported_and_opens_again(
    page: Page, tree: Tree, clerk: User, width: int, celery_worker_process: Any
) -> None:
    case_of(tree, "甲路补偿方案")
    case = case_of(tree, "乙路补偿方案", closed=True, phone=NUMBER)
    open_list(page, clerk, width, "?state=closed")
    page.get_by_role("link", name="导出 xlsx（1 件）").click()
    page.get_by_label("含个人信息").check()
    assert fits(page, width)
    page.get_by_role("button", name="导出 1 件").click()
    link = page.get_by_role("link", name="下载 申请台账")
    expect(link).to_be_visible(timeout=30_000)  # without anybody loading the page anew
    assert fits(page, width)
    with page.expect_download() as download:
        link.click()
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes()))["申请台账"]
    header, row = sheet.iter_rows(values_only=True)
    told: dict[str, Any] = dict(zip(map(str, header), row, strict=True))
    assert (told["编号"], told["联系电话"]) == (case.number, NUMBER)
    assert told["收到日期"].date() == timezone.localdate()


def test_without_a_script_all_of_it_works(
    browser: Browser, live_server: Any, tree: Tree, clerk: User
) -> None:
    case = case_of(tree, "甲路补偿方案", phone=NUMBER)
    case_of(tree, "乙路补偿方案", closed=True)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    open_list(page, clerk)
    page.get_by_label("状态", exact=True).select_option("closed")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**/cases/?state=closed")
    expect(rows(page)).to_have_count(1)
    page.get_by_label("状态", exact=True).select_option("")
    page.locator("#id_q").fill(NUMBER)
    page.get_by_role("button", name="筛选").click()
    expect(rows(page)).to_contain_text(case.number)
    assert page.url.endswith(f"/cases/?phone={lookup_hash(NUMBER)}")
    page.get_by_role("link", name="选择栏目").click()
    page.get_by_role("button", name="下移 期限").click()
    page.locator(".formbar").get_by_role("button", name="保存").click()
    expect(page.locator("#results th").first).to_have_text("编号")
    context.close()
