"""The due day that an act would give: put anew in place, and there without a script too."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visits import of_case, sign_in
from tests.browser.world import make_world
from tests.cases.conftest import today
from tests.infra import browser as chromium

__all__ = ["today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_it_follows_what_is_typed(page: Page, today: date) -> None:
    """Received on 2025-10-09, due on 11-05; nothing else on the page is lost."""
    world = make_world()
    sign_in(page, world.users["clerk"])
    page.goto(of_case("cases:extend", "open")(world))
    preview = page.locator("#preview")
    expect(preview).to_contain_text("到期日将从 2025-11-05 改为 2025-12-03。")
    page.get_by_label("延期理由").fill("需要调取档案")
    for days, due in (("5", "2025-11-12"), ("1", "2025-11-06")):
        page.get_by_label("延长的工作日").fill(days)
        page.keyboard.press("Tab")
        expect(preview).to_contain_text(f"改为 {due}。")
        expect(page.get_by_label("延期理由")).to_be_focused()
    page.get_by_label("告知日期").fill("2025-10-28")
    page.keyboard.press("Tab")
    expect(preview).to_contain_text("2025-10-28 还没有到")
    expect(page.get_by_label("延期理由")).to_have_value("需要调取档案")
    assert "reason" not in page.url


def test_without_a_script_it_comes_with_the_page(
    browser: Browser, live_server: Any, today: date
) -> None:
    world = make_world()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.set_default_timeout(chromium.WAIT)
    page = context.new_page()
    sign_in(page, world.users["clerk"])
    page.goto(of_case("cases:extend", "open")(world))
    page.get_by_label("延长的工作日").fill("5")
    page.get_by_role("button", name="延期").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写延期理由。")
    expect(page.locator("#preview")).to_contain_text("到期日将从 2025-11-05 改为 2025-11-12。")
    context.close()


def test_from_reasons_to_the_reply(page: Page, today: date) -> None:
    """条例35: found unreasonable, the page of the case leads to the reply with its outcome."""
    world = make_world()
    sign_in(page, world.users["clerk"])
    page.goto(of_case("cases:receive_reasons", "reasons asked")(world))
    page.get_by_label("申请人说明的理由").fill("没有说明具体用途")
    page.get_by_label("不合理", exact=True).check()
    page.get_by_role("button", name="登记理由说明").click()
    step = page.locator(".note", has_text="下一步")
    expect(step).to_contain_text("可以不予处理")
    step.get_by_role("link", name="答复").click()
    expect(page.locator("input[name=outcome][value=excessive]")).to_be_checked()
