"""The main job as people do it: a clerk logs and answers, a supervisor gets the table."""

import io
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from cases.choices import Outcome, Role
from cases.models import Case, User
from reports.choices import ALL
from reports.counting import Period, count, scope_of
from reports.formats import format_for_year
from tests.makers import PASSWORD, Tree, make_case, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tree(transactional_db: None) -> Tree:
    return make_tree()


def sign_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def sign_out(page: Page, user: User) -> None:
    page.get_by_text(user.display_name, exact=True).click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login/")


def register(page: Page, content: str) -> None:
    page.goto("/cases/register/")
    page.get_by_label("自然人").check()
    page.get_by_label("姓名或名称").fill("申请人甲")
    page.get_by_label("联系电话").fill("13800000000")
    page.get_by_label("当面").check()
    today = timezone.localdate().isoformat()
    page.locator("#id_arrived_on").fill(today)
    page.locator("#id_received_on").fill(today)
    page.locator("#id_content").fill(content)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(content)


def reply(page: Page, case: Case, outcome: Outcome) -> None:
    page.goto(f"/cases/{case.pk}/reply/")
    page.locator(f"input[name=outcome][value={outcome}]").check()
    expect(page.locator("#goes")).to_contain_text("计入 三（四）1")
    page.locator("#id_closed_on").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="登记答复").click()
    page.wait_for_url(f"**/cases/{case.pk}/")
    expect(page.get_by_role("main")).to_contain_text(outcome.label)


def test_from_registration_to_the_workbook(
    page: Page, tree: Tree, celery_worker_process: Any
) -> None:
    clerk = make_user(Role.CLERK, tree.housing, name="经办员戊")
    supervisor = make_user(Role.SUPERVISOR, tree.government, name="政务公开主管乙")
    this_year = timezone.localdate().year

    sign_in(page, clerk)
    register(page, "甲小区竣工验收备案表")
    case = Case.objects.get()
    assert case.applicant.phone == "13800000000"
    assert case.number.endswith(f"〔{this_year}〕1号")
    reply(page, case, Outcome.NOT_EXIST)
    case.refresh_from_db()
    assert case.outcome == Outcome.NOT_EXIST
    make_case(tree.land, received_on=case.received_on, today=timezone.localdate())
    sign_out(page, clerk)

    sign_in(page, supervisor)
    page.goto(f"/tables/?department={tree.government.pk}&year={this_year}&scope={ALL}")
    page.get_by_role("button", name="计算", exact=True).click()
    cell = page.get_by_role("link", name="三（四）1 × 自然人：1 件")
    expect(cell).to_be_visible(timeout=30_000)
    expect(page.locator(".checks").get_by_role("img", name="不符")).to_have_count(0)
    expect(page.locator(".checks").get_by_role("img", name="相符")).not_to_have_count(0)
    cell.click()
    panel = page.locator("#cases")
    expect(panel).to_contain_text("三（四）1")
    expect(panel.get_by_role("link", name=case.number)).to_be_visible()

    page.get_by_role("button", name="xlsx").click()
    link = page.locator(".run a").first
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        link.click()
    workbook = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    period, fmt = Period.year(this_year), format_for_year(this_year)
    tables = count(scope_of(tree.government, ALL, period), period, fmt)
    sheet = workbook.worksheets[0]
    printed = [
        [cell.value for cell in row if isinstance(cell.value, int)] for row in sheet.iter_rows()
    ]
    figures = [row for row in printed if row]
    four = [figure for group in tables.section_four.values() for figure in group]
    assert figures == [*tables.section_three.values(), four]
    assert case.number in {row[0].value for row in workbook.worksheets[1].iter_rows()}
