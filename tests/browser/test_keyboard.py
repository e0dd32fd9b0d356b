"""The work of a clerk with the keyboard alone: nothing needs a mouse, and the focus is in sight."""

from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from cases.choices import Outcome, Role
from cases.models import Case
from tests.browser.visits import sign_in
from tests.browser.world import make_world
from tests.cases.conftest import today
from tests.makers import PASSWORD, make_case, make_tree, make_user

__all__ = ["today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STEPS = 160  # more than any page has stops
# What is drawn around the element that has the focus, or around the line that stands for it.
OUTLINE = """() => {
    const at = document.activeElement;
    const places = [at, at.closest(".opt"), at.nextElementSibling].filter(Boolean);
    return Math.max(...places.map(place => {
        const style = getComputedStyle(place);
        return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
    }));
}"""


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """As a person does: on and on until it is there, and each stop on the way can be seen."""
    for _ in range(STEPS):
        page.keyboard.press(key)
        assert page.evaluate(OUTLINE) >= 2, page.evaluate("document.activeElement.outerHTML")
        if target.evaluate("target => target === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not get to {target}")


def type_into(page: Page, target: Locator, text: str) -> None:
    tab_to(page, target)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


@pytest.mark.parametrize("width", [1280, 1024])
def test_from_sign_in_to_reply(page: Page, today: date, width: int) -> None:
    clerk = make_user(Role.CLERK, make_tree().housing, name="经办员戊")
    page.set_viewport_size({"width": width, "height": 800})

    page.goto("/login/")  # the cursor is in the first field
    page.keyboard.type(clerk.username)
    type_into(page, page.get_by_label("密码"), PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")

    tab_to(page, page.get_by_role("navigation", name="主菜单").get_by_text("登记申请"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("登记申请")
    tab_to(page, page.get_by_label("自然人"))
    page.keyboard.press("Space")
    type_into(page, page.get_by_label("姓名或名称"), "申请人甲")
    tab_to(page, page.get_by_label("当面"))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")  # 邮寄
    page.keyboard.press("ArrowLeft")
    type_into(page, page.locator("#id_received_on"), "2025-10-27")
    type_into(page, page.locator("#id_content"), "甲小区竣工验收备案表")
    tab_to(page, page.get_by_role("button", name="登记", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("甲小区竣工验收备案表")

    tab_to(page, page.get_by_role("link", name="答复", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("答复：甲小区竣工验收备案表")
    tab_to(page, page.locator("input[name=outcome]").first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#goes")).to_contain_text("计入 三（一）")
    tab_to(page, page.get_by_role("button", name="登记答复"))
    page.keyboard.press("Enter")
    expect(page.locator(".facts")).to_contain_text("待送达")
    assert Case.objects.get().outcome == Outcome.GRANTED


def test_the_first_stop_leads_past_the_menu(page: Page, today: date) -> None:
    sign_in(page, make_world().users["clerk"])
    page.goto("/cases/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_menus_and_terms_open_and_close(page: Page, today: date) -> None:
    world = make_world()
    sign_in(page, world.users["clerk"])
    page.goto(f"/cases/{world.cases['open'].pk}/")
    for opener, inside in (
        (page.locator(".topbar summary"), page.get_by_role("button", name="退出登录")),
        (page.get_by_text("其他办理"), page.get_by_role("link", name="更正")),
        (page.locator(".term > summary", has_text="工作日"), page.locator("#why .termbox")),
    ):
        tab_to(page, opener)
        expect(inside).to_be_hidden()
        page.keyboard.press("Enter")
        expect(inside).to_be_visible()
        page.keyboard.press("Escape")
        expect(inside).to_be_hidden()
        expect(opener).to_be_focused()


def test_the_day_strip_is_one_stop_and_arrows_move(page: Page, today: date) -> None:
    tree = make_tree()
    case = make_case(tree.housing)
    sign_in(page, make_user(Role.CLERK, tree.housing))
    page.goto(f"/cases/{case.pk}/")
    tab_to(page, page.locator(".day.duedate"))
    readout = page.locator(".readout b")
    expect(readout).to_have_text("10月17日 星期五")
    for key, day in (
        ("ArrowLeft", "10月16日 星期四"),
        ("ArrowUp", "10月9日 星期四"),
        ("Home", "9月15日 星期一"),
        ("ArrowDown", "9月22日 星期一"),
    ):
        page.keyboard.press(key)
        expect(readout).to_have_text(day)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.strip') === null")


@pytest.mark.parametrize("by", ["focus", "hover"])
def test_a_day_tells_its_notice_or_article(page: Page, today: date, by: str) -> None:
    tree = make_tree()
    case = make_case(tree.housing)
    sign_in(page, make_user(Role.CLERK, tree.housing))
    page.goto(f"/cases/{case.pk}/")
    notice = "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）"
    for day, words, source in (
        ("9月16日 星期二", "计入，第 1 个工作日。", "条例第三十三条"),
        ("9月20日 星期六", "周末，不计入。", "条例第三十三条"),
        ("9月28日 星期日", "计入，第 10 个工作日；调休上班。", notice),
        ("10月1日 星期三", "国庆节、中秋节放假，不计入。", notice),
    ):
        getattr(page.locator(f'.day[data-d="{day}"]'), by)()
        expect(page.locator(".readout > *")).to_have_text([day, words, source])


@pytest.mark.parametrize("place", ["register", "reply", "list", "detail"])
def test_no_page_holds_the_focus(page: Page, today: date, place: str) -> None:
    """Tab comes to the end of every page, and each stop on the way can be seen."""
    world = make_world()
    sign_in(page, world.users["clerk"])
    case = world.cases["soon"].pk
    page.goto(
        {
            "register": "/cases/register/",
            "reply": f"/cases/{case}/reply/",
            "list": "/cases/",
            "detail": f"/cases/{case}/",
        }[place]
    )
    tab_to(page, page.locator("footer a").last)
