"""The fee and consultations, as a clerk does them: worked out while it is typed, stored once."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import of_case, sign_in
from tests.browser.world import make_world
from tests.cases.conftest import today

__all__ = ["today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_fee_is_worked_out_while_it_is_typed(page: Page, today: date) -> None:
    world = make_world()
    sign_in(page, world.users["clerk"])
    page.goto(of_case("cases:fee_ask", "soon")(world))
    working = page.locator("#working")
    page.get_by_label("页数").fill("230")
    page.get_by_label("页数").press("Tab")
    expect(working).to_contain_text("第 201–230 页")
    expect(working.locator(".due")).to_have_text("3,900 元")
    page.get_by_label("本月第几件").fill("41")
    page.get_by_role("radio", name="按件计收").check()
    expect(working.locator(".due")).to_have_text("300 元")
    page.get_by_role("radio", name="按页计收").check()
    expect(working.locator(".due")).to_have_text("3,900 元")
    expect(page.locator("#preview")).to_contain_text("等待缴费至 2025-11-24")
    page.get_by_role("button", name="通知缴费").click()
    expect(page.locator("main")).to_contain_text("通知缴纳信息处理费 3900 元")
    expect(page.locator(".casehead")).to_contain_text("等待缴费")
    expect(page.get_by_role("link", name="登记缴费")).to_be_visible()


def test_an_opinion_is_recorded_from_its_own_row(page: Page, today: date) -> None:
    world = make_world()
    sign_in(page, world.users["clerk"])
    page.goto(of_case("cases:detail", "consulted")(world))
    table = page.locator("#consultations")
    expect(table.locator("tbody tr")).to_have_count(4)
    expect(table).to_contain_text("意见期限已过：逾期未提出，视为同意")
    table.get_by_role("link", name="登记意见：第三方乙").click()
    expect(page.get_by_label("征求意见函")).to_have_value("3")
    expect(page.locator("#preview")).to_contain_text("到期日仍未确定")  # another organ is asked too
    page.get_by_label("收到日期").fill("2025-10-20")
    page.get_by_label("部分同意公开").check()
    page.get_by_label("意见摘要").fill("除附件外不反对公开")
    page.get_by_role("button", name="登记意见").click()
    row = table.locator("tbody tr").nth(2)
    expect(row).to_contain_text("2025-10-20 部分同意公开")
    expect(row).to_contain_text("除附件外不反对公开")
