"""Writing a report: characters are counted as one types; sentences go in, and anew, by choice."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from reports import annual
from reports.choices import OWN
from tests.browser.visits import sign_in
from tests.cases.conftest import today
from tests.makers import hand_of, make_case, make_tree

__all__ = ["today"]

SENTENCE = "2024年度，新收政府信息公开申请1件。新收申请均由自然人提出。"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_sentence_goes_in_by_choice_and_is_brought_up_to_date_by_choice(
    page: Page, today: date
) -> None:
    tree = make_tree()
    hand = hand_of(tree.housing)
    make_case(tree.housing, received_on=date(2024, 3, 1))
    annual.begin(tree.housing, OWN, 2024, by=hand)
    sign_in(page, hand)
    address = f"/reports/{tree.housing.pk}/2024/own/texts/"
    page.goto(address)
    passage = page.locator("[data-passage]").filter(has=page.locator("#id_requests"))
    text, button = passage.locator("textarea"), passage.locator("[data-insert]").first
    text.fill("  一 二\n三  ")
    expect(passage.locator("[data-count]")).to_have_text("3")
    expect(button).to_have_text("插入")
    button.click()
    expect(text).to_have_value(f"  一 二\n三  \n{SENTENCE}")
    expect(button).to_be_disabled()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("文字已保存")).to_be_visible()
    make_case(tree.housing, received_on=date(2024, 4, 1))
    page.goto(address)
    expect(text).to_have_value(f"一 二\n三  \n{SENTENCE}")
    expect(button).to_have_text("更新")
    button.click()
    expect(text).to_have_value(f"一 二\n三  \n{SENTENCE.replace('1件', '2件')}")
