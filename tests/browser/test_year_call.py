"""The year's reports as the office and an organ do them: totals on a button, a reminder copied."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import sign_in
from tests.browser.world import make_world
from tests.cases.conftest import today

__all__ = ["today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_totals_are_filled_in_when_asked_and_handed_in_after_a_look(
    page: Page, today: date
) -> None:
    world = make_world()
    sign_in(page, world.users["supervisor"])
    page.goto(f"/reports/hand-in/typed/?department={world.tree.town.pk}&year=2024")
    fields = page.locator(".typed input[data-row^='section_three'], .typed .otable4 input")
    fields.evaluate_all("all => all.forEach(field => { field.value = '0'; })")
    page.get_by_label("一 × 自然人").fill("７")
    page.get_by_label("三（一） × 自然人").fill("7")
    total = page.get_by_label("三（七） × 总计")
    expect(total).to_have_value("0")  # nothing is filled in unasked
    page.get_by_role("button", name="计算合计").click()
    expect(page.locator("[data-summed]")).to_have_text("填入 4 处合计，请核对")
    expect(total).to_have_value("7")
    page.get_by_role("button", name="计算合计").click()
    expect(page.locator("[data-summed]")).to_have_text("各处合计都已相符")
    page.get_by_role("button", name="核对").click()
    expect(page.locator("main")).to_contain_text("还没有报送")
    expect(page.locator("main")).not_to_contain_text("有勾稽不符的地方")
    page.get_by_role("button", name="报送", exact=True).click()
    expect(page.locator("main")).to_contain_text("2024 年度统计表已报送")


def test_the_reminder_is_copied(page: Page, today: date) -> None:
    world = make_world()
    sign_in(page, world.users["supervisor"])
    page.goto("/reports/board/")
    expect(page.locator("#reminder")).to_have_value(
        "秀洲区人民政府 2024 年度政府信息公开工作年度报告，以下 2 个单位尚未报送：\n"
        "区住建局、王江泾镇。\n"
        "报送截止日 2025-01-20 已过，请尽快报送并确认。\n"
        "填报要求：请于截止日前确认统计表，补正后再报的写明原因。\n"
        "各单位的年度报告应于 2025-01-31 前公布（条例第四十九条）。"
    )
    page.get_by_role("button", name="复制").click()
    expect(page.locator("[data-copied]")).to_contain_text("已复制")
