"""统计简报 as a supervisor uses it: asked for by tomorrow, read, printed, taken along as files."""

import re
from datetime import date
from io import BytesIO
from itertools import cycle
from typing import Any
from unicodedata import normalize

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cases.choices import ApplicantKind, Outcome, ProceedingKind, ProceedingResult, Role
from cases.models import Job
from tests.makers import PASSWORD, Tree, make_case, make_proceeding, make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = pytest.mark.parametrize("width", [1280, 1024])
PATIENCE = 30_000  # milliseconds


@pytest.fixture
def tree(transactional_db: None) -> Tree:
    """2024: each outcome and each kind of applicant once or more, each way a suit can end."""
    tree = make_tree()
    organs = cycle((tree.office, tree.housing, tree.land, tree.town))
    for outcome, kind in zip(Outcome, cycle(ApplicantKind), strict=False):
        make_case(
            next(organs),
            received_on=date(2024, 5, 6),
            closed_on=date(2024, 5, 31),  # the last day of the term
            outcome=outcome,
            kind=kind,
        )
    make_case(tree.housing, received_on=date(2023, 12, 25), closed_on=date(2024, 5, 31))
    make_case(tree.housing, received_on=date(2024, 11, 4))
    for way in ProceedingKind:
        for result in ProceedingResult:
            make_proceeding(
                tree.land,
                kind=way,
                filed_on=date(2024, 5, 6),
                concluded_on=date(2024, 8, 5),
                result=result,
            )
        make_proceeding(tree.land, kind=way, filed_on=date(2024, 5, 6))
    return tree


@pytest.fixture
def supervisor_at(page: Page, tree: Tree) -> Page:
    user = make_user(Role.SUPERVISOR, tree.government, name="政务公开主管乙")
    page.goto("/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    return page


def downloaded(page: Page, kind: str) -> bytes:
    page.get_by_role("button", name=kind).click()
    link = page.locator(f"#run-{kind.lower()}").get_by_role("link", name="下载")
    expect(link).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        link.click()
    return download.value.path().read_bytes()


@pytest.mark.worker
@WIDTHS
def test_from_the_yearly_table_to_the_files(
    supervisor_at: Page, tree: Tree, celery_worker_process: Any, width: int
) -> None:
    page = supervisor_at
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/tables/?department={tree.government.pk}&year=2024")
    page.locator("#main").get_by_role("link", name="统计简报").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("统计简报")
    expect(page.locator(".said")).to_contain_text("2024年度，新收政府信息公开申请25件，上年结转1件")

    page.get_by_label("期间", exact=True).select_option("第二季度")
    expect(page.locator(".said")).to_contain_text("2024年4月1日至6月30日，新收政府信息公开申请24件")
    expect(page.locator(".said")).to_contain_text("超过答复期限1件")
    assert "from=2024" in page.url or "period=q2" in page.url

    content = downloaded(page, "PDF")
    [sheet] = PdfReader(BytesIO(content)).pages
    assert "2024年4月1日至6月30日，新收政府信息公开申请24件" in re.sub(
        r"\s", "", sheet.extract_text()
    )
    expect(page.locator("#run-pdf")).to_contain_text("PDF已生成")

    book = load_workbook(BytesIO(downloaded(page, "xlsx")))["统计简报"]
    values = [str(value) for row in book.iter_rows(values_only=True) for value in row if value]
    assert any("新收政府信息公开申请24件" in value for value in values)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("script", [True, False])
def test_what_is_typed_is_what_is_made(
    supervisor_at: Page, tree: Tree, browser: Any, live_server: Any, script: bool
) -> None:
    """Dates that were typed and not looked at yet, with and without a script."""
    signed_in = supervisor_at.context.storage_state()
    context = browser.new_context(
        java_script_enabled=script, storage_state=signed_in, base_url=live_server.url
    )
    page = context.new_page()
    page.goto("/briefing/?period=dates&from=2024-01-01&to=2024-12-31")
    page.get_by_label("起", exact=True).fill("2024-05-06")
    page.get_by_label("止", exact=True).fill("2024-05-12")
    page.get_by_role("button", name="xlsx").click()
    expect(page.locator("#run-xlsx")).to_contain_text("排队等待生成")
    expect(page.locator(".briefing")).to_contain_text("2024年5月6日至5月12日")
    [job] = Job.objects.all()
    assert (job.params["from_on"], job.params["to_on"]) == ("2024-05-06", "2024-05-12")
    assert "csrf" not in page.url
    context.close()


@WIDTHS
def test_a_figure_leads_to_its_cases(supervisor_at: Page, tree: Tree, width: int) -> None:
    page = supervisor_at
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/briefing/?department={tree.government.pk}&year=2024")
    page.locator(".said").get_by_role("link", name="25件").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("一 × 总计：25 件")
    page.go_back()
    page.get_by_role("link", name="三（四）2 × 总计：1 件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("三（四）2 × 总计：1 件")


@WIDTHS
@pytest.mark.parametrize("version", ["2019", "2021"])
def test_it_prints_on_one_page_and_fits_the_screen(
    supervisor_at: Page, tree: Tree, width: int, version: str
) -> None:
    """With as much to say as there can be: every kind, every result, days of two years."""
    page = supervisor_at
    page.set_viewport_size({"width": width, "height": 900})
    days = "from=2024-02-29&to=2025-03-31"
    page.goto(f"/briefing/?department={tree.government.pk}&{days}&format={version}")
    expect(page.locator(".briefing")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    # Chromium names some characters by their radicals, which look alike.
    text = re.sub(r"\s", "", normalize("NFKC", printed.pages[0].extract_text()))
    assert "政府信息公开申请办理情况" in text and "勾稽关系5项全部相符。" in text
    assert "重新计算" not in text and "主菜单" not in text


@WIDTHS
def test_the_menu_fits_for_who_has_the_most_entries(page: Page, tree: Tree, width: int) -> None:
    user = make_user(Role.REVIEWER, tree.government, name="审核人丁")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    menu = page.get_by_role("navigation", name="主菜单")
    assert menu.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_the_button_prints(supervisor_at: Page, tree: Tree) -> None:
    page = supervisor_at
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto("/briefing/?year=2024")
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.printed")
    page.get_by_label("期间", exact=True).select_option("第一季度")  # htmx brings new buttons
    expect(page.locator(".said")).to_contain_text("3月31日")
    expect(page.get_by_role("button", name="打印")).to_be_visible()
