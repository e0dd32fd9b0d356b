"""工作日历 in a browser: what a day says, a year entered from its notice; and the printed term."""

import io
import re
from datetime import date
from unicodedata import normalize

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cases.choices import Role
from cases.models import DecreedDay, ScheduleYear
from tests.browser.visits import sign_in
from tests.cases.conftest import today
from tests.makers import Facts, Tree, make_case, make_tree, make_user

__all__ = ["today"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("today"),
]

NOTICE = """国办发明电〔2025〕7号
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""


@pytest.fixture
def tree(page: Page) -> Tree:
    tree = make_tree()
    sign_in(page, make_user(Role.SUPERVISOR, tree.government))
    return tree


def test_a_decreed_day_says_on_focus_what_it_is(page: Page, tree: Tree) -> None:
    page.goto("/calendar/?year=2025")
    day = page.locator("td.d-worked[data-says*='10月11日']")
    says = "day => getComputedStyle(day, '::after').content"
    assert day.evaluate(says) == "none"
    day.focus()
    assert "国庆节调休上班，国务院办公厅关于2025年" in day.evaluate(says)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_year_is_read_checked_and_saved(page: Page, tree: Tree, scripts: bool) -> None:
    ScheduleYear.objects.filter(year=2026).delete()
    DecreedDay.objects.filter(day__gte=date(2025, 12, 1)).delete()
    late = date(2025, 12, 20)
    case = make_case(tree.housing, received_on=late, today=late)
    if not scripts:
        page.route("**/*.js", lambda route: route.abort())
    page.goto("/calendar/?year=2026")
    page.get_by_role("link", name="录入放假安排").click()
    page.get_by_label("通知正文").fill(NOTICE)
    page.get_by_role("button", name="读入").click()
    expect(page.locator("[name=number]")).to_have_value("国办发明电〔2025〕7号")
    page.locator("[name=number]").press("Enter")  # is to check
    expect(page.locator("#check")).to_be_visible()
    row = page.get_by_role("row", name=case.number)
    expect(row).to_contain_text("2026-01-16")
    expect(row).to_contain_text("2026-01-19")
    page.get_by_role("button", name="保存，调整 1 件").click()
    expect(page.locator("main")).to_contain_text("2026 年放假安排已保存，1 件申请的期限已随之调整")
    case.refresh_from_db()
    assert case.ends_on == date(2026, 1, 19)


def test_the_calculation_of_a_term_is_one_page_of_a4(page: Page, tree: Tree) -> None:
    consulted = Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    case = make_case(tree.housing, facts=consulted)
    page.goto(f"/cases/{case.pk}/")
    page.get_by_role("link", name="打印期限计算").click()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    (sheet,) = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == (595, 842)  # in points
    text = normalize("NFKC", re.sub(r"\s", "", sheet.extract_text()))
    assert "10个工作日(09-19发出第三方" in text  # a font may print 见 as its radical
    assert "到期日2025-10-31" in text and "国务院办公厅关于2025年部分节假日安排的通知" in text
