"""The whole year-end of four organs, from the office's call to the district's published report.

区住建局 confirms, 王江泾镇 hands in a file, 区政府办 reports zero, and 区资规分局 is merged into
区住建局 in mid-year with a case still open.
"""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.choices import Role
from cases.departments import succeed_department
from cases.models import Department, User
from reports.choices import ALL, OWN
from reports.formats.content import PASSAGES
from tests.browser.visits import sign_in
from tests.cases.conftest import today
from tests.makers import hand_of, make_case, make_tree, make_user
from tests.reports.test_handin import filled
from tests.reports.test_handin_page import SEVEN

__all__ = ["today"]

NO_FEES = "本年度没有收取信息处理费。"


def address(organ: Department, scope: str = OWN) -> str:
    return f"/reports/{organ.pk}/2024/{scope}/"


def begin(page: Page, user: User, organ: Department, scope: str = OWN) -> None:
    sign_in(page, user)
    page.goto(address(organ, scope))
    page.get_by_role("button", name="开始填报").click()
    expect(page.get_by_text("填报中")).to_be_visible()


def write(page: Page, organ: Department, scope: str = OWN) -> None:
    page.goto(f"{address(organ, scope)}texts/")
    for passage in PASSAGES:
        page.locator(f"#id_{passage.key}").fill(f"{passage.heading}，工作正常开展。")
    page.locator("#id_other_matters").fill(NO_FEES)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("文字已保存")).to_be_visible()


def fill_in_zeros(page: Page, organ: Department) -> None:
    page.goto(f"{address(organ)}section-two/")
    for field in page.locator("form[data-guard] input[type=text]").all():
        field.fill("0")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#findings")).to_contain_text("各项校验都相符")


def take(page: Page, organ: Department, label: str, state: str, scope: str = OWN) -> None:
    """The button of the title row, and the page of the step."""
    page.goto(address(organ, scope))
    page.locator(".phead .acts").get_by_text(label, exact=True).click()
    page.locator("form[data-guard] button[type=submit]").first.click()
    expect(page.locator(".phead .sub")).to_contain_text(state)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_year_end_of_four_organs(page: Page, today: date, tmp_path: Path) -> None:
    tree = make_tree()
    boss = make_user(Role.SUPERVISOR, tree.government)
    for organ in (tree.housing, tree.land):
        make_case(organ, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
    make_case(tree.land, received_on=date(2024, 6, 17), closed_on=date(2024, 7, 10))
    succeed_department(tree.land, successor=tree.housing, on=date(2024, 7, 1))

    sign_in(page, boss)
    page.goto("/reports/call/?year=2024")
    page.get_by_label("报送截止日").fill("2025-01-20")
    town = page.locator("tr", has_text=tree.town.name)
    town.locator("select").nth(1).select_option(label="报送统计表")
    page.get_by_role("button", name="布置", exact=True).click()
    expect(page.get_by_text("年报已布置")).to_be_visible()
    page.goto("/reports/board/?year=2024")
    expect(page.locator("#reminder")).to_have_value(re.compile("以下 4 个单位尚未报送"))

    for organ in (tree.housing, tree.land):
        begin(page, hand_of(organ), organ)
        write(page, organ)
        fill_in_zeros(page, organ)
        take(page, organ, "确认", "已确认")
    begin(page, hand_of(tree.office), tree.office)
    take(page, tree.office, "零报告", "已确认")

    sign_in(page, hand_of(tree.town))
    page.goto(f"/reports/hand-in/?department={tree.town.pk}&year=2024")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="模板").click()
    book = tmp_path / "王江泾镇.xlsx"
    book.write_bytes(filled(SEVEN, content=fetched.value.path().read_bytes()))
    page.locator("input[type=file]").set_input_files(book)
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("button", name="报送", exact=True).click()
    expect(page.locator("main")).to_contain_text("2024 年度统计表已报送")
    write(page, tree.town)
    take(page, tree.town, "确认", "已确认")

    sign_in(page, boss)
    for organ in (tree.office, tree.housing, tree.land, tree.town):
        page.goto(f"/reports/board/?department={tree.government.pk}&year=2024")
        row = page.locator("tr", has=page.get_by_role("link", name=str(organ), exact=True))
        expect(row).to_contain_text("已确认")
        row.locator("summary", has_text="审核").click()
        row.get_by_role("button", name=f"审核通过：{organ}").click()
        expect(row).to_contain_text("已通过")

    begin(page, boss, tree.government, ALL)
    write(page, tree.government, ALL)
    # 1 of each of the two, the one that went along with the merger, and the 7 handed in
    table = page.locator("#table-3")
    page.goto(address(tree.government, ALL))
    expect(table).to_contain_text("10")
    take(page, tree.government, "确认", "已确认", ALL)
    take(page, tree.government, "审核通过", "已通过", ALL)
    page.locator(".phead .acts").get_by_text("公布", exact=True).click()
    page.get_by_label("公布日期").fill("2025-03-31")
    page.get_by_label("网址").fill("门户网站政府信息公开年报栏")
    page.locator("form[data-guard] button[type=submit]").first.click()
    expect(page.locator(".phead .sub")).to_contain_text("已公布")
    page.goto(f"{address(tree.government, ALL)}published/1/")
    expect(page.locator("#apart")).to_contain_text("每一格都相同")
