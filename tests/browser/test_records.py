"""What the reply and the registration show beside the form, with scripts and without."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visits import of_case, sign_in
from tests.browser.world import World, make_world
from tests.cases.conftest import today
from tests.infra import browser as chromium

__all__ = ["today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEARCHED = "2025 年 10 月 27 日，经办员戊在档案室以“甲路 征收”检索：未找到。"


@pytest.fixture
def world(today: date) -> World:
    return make_world()


def choose(page: Page, outcome: str) -> None:
    page.locator(f"input[name=outcome][value={outcome}]").check()


def test_the_searches_go_into_the_reasons_of_not_exist_alone(page: Page, world: World) -> None:
    sign_in(page, world.users["clerk"])
    page.goto(of_case("cases:reply", "recorded")(world))
    reasons = page.locator("#id_reply_reasons")
    choose(page, "not_exist")
    assert reasons.input_value().startswith(SEARCHED)
    choose(page, "granted")
    expect(reasons).to_have_value("")
    reasons.fill("自己写的理由")
    choose(page, "not_exist")
    expect(reasons).to_have_value("自己写的理由")
    choose(page, "granted")
    expect(reasons).to_have_value("自己写的理由")


def test_without_a_search_on_record_the_choice_is_warned_of(page: Page, world: World) -> None:
    sign_in(page, world.users["clerk"])
    page.goto(of_case("cases:reply", "soon")(world))
    warning = page.get_by_text("这件还没有检索记录。")
    expect(warning).to_be_hidden()
    choose(page, "not_exist")
    expect(warning).to_be_visible()
    choose(page, "granted")
    expect(warning).to_be_hidden()


def test_without_scripts_the_case_leads_to_the_reply_with_its_searches(
    browser: Browser, live_server: Any, world: World
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.set_default_timeout(chromium.WAIT)
    page = context.new_page()
    sign_in(page, world.users["clerk"])
    page.goto(of_case("cases:detail", "recorded")(world))
    page.get_by_role("link", name="以信息不存在答复").click()
    expect(page.locator("input[name=outcome][value=not_exist]")).to_be_checked()
    assert page.locator("#id_reply_reasons").input_value().startswith(SEARCHED)
    page.get_by_role("link", name="上次怎么答的").click()
    context.close()


def test_enter_in_the_registration_registers_and_does_not_look_up(page: Page, world: World) -> None:
    """The first button of a form is the one that Enter presses."""
    sign_in(page, world.users["clerk"])
    page.goto("/cases/register/")
    page.get_by_label("姓名或名称").fill("申请人甲")
    page.get_by_label("姓名或名称").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有登记，请改正后再提交")
    assert page.locator("#earlier").inner_text() == ""
