"""From draft to reply in the browser, the guide by keyboard, and the sheet on one page."""

from datetime import date
from io import BytesIO
from unicodedata import normalize

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cases import workflow
from cases.choices import Role, SignOffKind, Stage
from cases.models import Case
from tests.browser.visits import sign_in
from tests.cases.conftest import today
from tests.makers import TODAY, Tree, hand_of, make_case, make_tree, make_user
from tests.signoff import make_chain, submitted

__all__ = ["today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tree(db: None) -> Tree:
    return make_tree()


def test_from_draft_to_reply(page: Page, today: date, tree: Tree) -> None:
    make_chain(tree.housing)
    case = make_case(tree.housing)
    sign_in(page, make_user(Role.CLERK, tree.housing, name="经办员戊"))
    page.goto(reverse("cases:detail", args=[case.pk]))
    page.get_by_role("link", name="拟稿").click()
    page.locator("input[name=outcome][value=not_exist]").check()
    page.get_by_label("检索情况与理由").fill("经检索档案，未找到。")
    page.get_by_role("button", name="存好并送审").click()
    expect(page.locator("main")).to_contain_text("经检索档案，未找到。")
    page.get_by_role("button", name="送审").click()
    expect(page.locator(".notes").first).to_contain_text("已送审，待法制审核。")

    sign_in(page, make_user(Role.REVIEWER, tree.housing, name="审核人庚"))
    page.goto(reverse("cases:home"))
    page.get_by_role("link", name="待我审核").click()
    page.get_by_role("link", name=case.number, exact=True).click()
    page.get_by_role("link", name="审核", exact=True).click()
    page.get_by_label("主体").check()
    page.get_by_role("button", name="退回修改").click()  # without a word
    expect(page.locator(".errsum")).to_contain_text("请填写审核意见。")
    page.get_by_role("link", name="取消").click()
    for words in ("已同意，转领导签发。", "已同意，审核完毕，可以答复。"):
        page.get_by_role("link", name="审核", exact=True).click()
        page.get_by_label("主体").check()
        page.get_by_role("button", name="同意").click()
        expect(page.locator(".notes").first).to_contain_text(words)
    expect(page.locator(".signsteps")).to_contain_text("已核对：主体")

    page.get_by_role("link", name="答复", exact=True).click()
    expect(page.locator("main")).to_contain_text("经检索档案，未找到。")
    page.get_by_role("button", name="登记答复").click()
    expect(page.locator(".notes").first).to_contain_text("已登记答复：经检索没有，信息不存在。")
    assert Case.objects.get(pk=case.pk).stage == Stage.UNSERVED


def test_a_reply_is_kept_as_a_draft_by_its_second_button(
    page: Page, today: date, tree: Tree
) -> None:
    case = make_case(tree.housing)
    sign_in(page, make_user(Role.CLERK, tree.housing, name="经办员戊"))
    page.goto(reverse("cases:reply", args=[case.pk]))
    page.locator("input[name=outcome][value=granted]").check()
    page.get_by_label("文号").fill("秀建公开〔2025〕37号")
    page.get_by_role("button", name="存草稿").click()
    expect(page.locator(".notes").first).to_contain_text("答复草稿已保存。")
    page.get_by_role("link", name="答复", exact=True).click()
    expect(page.locator("input[name=outcome][value=granted]")).to_be_checked()
    expect(page.get_by_label("文号")).to_have_value("秀建公开〔2025〕37号")
    assert Case.objects.get(pk=case.pk).stage == Stage.OPEN


def test_the_guide_by_keyboard(page: Page, today: date, tree: Tree) -> None:
    case = make_case(tree.housing)
    sign_in(page, make_user(Role.CLERK, tree.housing))
    page.goto(reverse("cases:reply", args=[case.pk]))
    page.get_by_role("link", name="逐步引导（七问）").press("Enter")
    for answer in ("清楚，或者补正后已经清楚", "是，要的是一份政府信息", "都不是", "本机关"):
        page.get_by_role("link", name=answer, exact=True).press("Enter")
    page.get_by_role("link", name="检索过，没有").press("Enter")
    expect(page.locator("#h-q")).to_contain_text("经检索没有，信息不存在")
    page.get_by_role("link", name="答复，带上这个类型").press("Enter")
    expect(page.locator("input[name=outcome][value=not_exist]")).to_be_checked()
    page.go_back()
    page.get_by_role("link", name="改答：本机关有没有这份信息？").press("Enter")
    expect(page.locator("#h-q")).to_contain_text("本机关有没有这份信息？")


def sheets_of(page: Page, case: Case) -> list[str]:
    """The words of each sheet of the printed 审批单, without spaces."""
    sign_in(page, hand_of(case.department))
    page.goto(reverse("cases:approval", args=[case.pk]))
    page.emulate_media(media="print")
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    for sheet in printed.pages:
        assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == [210, 297]  # A4
    return [plain(sheet.extract_text()) for sheet in printed.pages]


def plain(text: str) -> str:
    """Without spaces; 月 and 页, not the radicals that look like them."""
    return "".join(normalize("NFKC", text).replace("⻚", "页").split())


def test_the_sheet_of_an_ordinary_case_is_one_page(page: Page, today: date, tree: Tree) -> None:
    make_chain(tree.housing, *SignOffKind)
    case = submitted(make_case(tree.housing), reply_number="秀建公开〔2025〕37号", closed_on=TODAY)
    for _ in SignOffKind:
        workflow.sign(case, by=hand_of(tree.housing), today=TODAY, comment="依据充分，同意")
    [sheet] = sheets_of(page, case)
    for words in ("领导签发", "2025年10月27日", "送审稿校验码", "第1页,共1页"):
        assert words in sheet, words


def test_a_long_draft_goes_on_over_the_sheets_and_nothing_is_cut(
    page: Page, today: date, tree: Tree
) -> None:
    make_chain(tree.housing, *SignOffKind)
    asked = "".join(f"第{n}项征收补偿方案。" for n in range(300))
    found = "".join(f"第{n}次检索未找到。" for n in range(900))
    comment = "".join(f"复核{n};" for n in range(70))
    case = submitted(make_case(tree.housing, content=asked), reply_reasons=found)
    for _ in SignOffKind:
        workflow.sign(case, by=hand_of(tree.housing), today=TODAY, comment=comment)
    sheets = sheets_of(page, case)
    assert len(sheets) > 3
    bodies = []
    for n, sheet in enumerate(sheets, start=1):
        head = plain(f"政府信息公开申请答复审批单{case.department.name}{case.number}")
        foot = f"第{n}页,共{len(sheets)}页"
        assert head in sheet and foot in sheet, n
        bodies.append(sheet.replace(head, "").replace(foot, ""))
    whole = "".join(bodies)
    for n in range(300):
        assert f"第{n}项征收补偿方案。" in whole, n
    for n in range(900):
        assert f"第{n}次检索未找到。" in whole, n
    assert whole.count(comment) == len(SignOffKind)  # each on one sheet with its name
