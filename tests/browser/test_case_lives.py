"""Whole lives of a case, from receipt to the end, as clerks and their head do them by the pages.

Each goes on from day to day; what is checked is what the head of the case says then.
"""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.choices import FeeScheme, Outcome, Role, WithdrawalManner
from cases.models import Case
from tests.browser.visits import sign_in
from tests.makers import Tree, make_case, make_tree, make_user
from tests.signoff import make_chain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RECEIVED = date(2025, 9, 15)


class Life:
    """A case of 区住建局, received 2025-09-15, and the browser of who works it."""

    def __init__(self, page: Page, to: Callable[[date], None]) -> None:
        self.page, self._to = page, to
        self.tree: Tree = make_tree()
        self.on(RECEIVED)
        self.case: Case = make_case(self.tree.housing, received_on=RECEIVED, today=RECEIVED)
        sign_in(page, make_user(Role.REVIEWER, self.tree.housing, name="审核人庚"))

    def on(self, day: date) -> None:
        """Go on to `day`."""
        self._to(day)

    def act(self, address: str, button: str, **fields: str) -> None:
        """Do an act on its page; the case is shown afterwards."""
        self.fill(reverse(f"cases:{address}", args=[self.case.pk]), button, **fields)

    def fill(self, address: str, button: str, **fields: str) -> None:
        self.page.goto(address)
        for name, value in fields.items():
            field = self.page.locator(f"[name={name}]")
            if field.first.get_attribute("type") == "radio":
                self.page.locator(f"[name={name}][value={value}]").check()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.wait_for_url(f"**/cases/{self.case.pk}/")

    def head_says(self, *words: str) -> None:
        self.page.goto(reverse("cases:detail", args=[self.case.pk]))
        for said in words:
            expect(self.page.locator(".casehead")).to_contain_text(said)

    def reply(self, outcome: Outcome, day: date, **fields: str) -> None:
        service = {"service_method": "post", "served_on": str(day)} | fields
        self.act("reply", "登记答复", outcome=outcome.value, closed_on=str(day), **service)

    def is_closed(self, outcome: Outcome, on: date) -> None:
        self.case.refresh_from_db()
        assert (self.case.outcome, self.case.closed_on) == (outcome, on)


@pytest.fixture
def life(page: Page, monkeypatch: pytest.MonkeyPatch) -> Life:
    def to(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: day)

    return Life(page, to)


def test_answered_on_the_last_day(life: Life) -> None:
    life.on(date(2025, 10, 17))
    life.head_says("2025-10-17", "今日到期")
    life.reply(Outcome.GRANTED, date(2025, 10, 17))
    life.head_says("按时办结")
    life.is_closed(Outcome.GRANTED, date(2025, 10, 17))


def test_corrected_and_answered(life: Life) -> None:
    """Asked on 09-22, in on 09-28: the twenty days begin afresh and end on 10-31."""
    life.on(date(2025, 9, 22))
    life.act("ask_correction", "要求补正", on="2025-09-22", days="15", what="写明文件的年度")
    life.head_says("等待补正", "未起算")
    life.on(date(2025, 9, 28))
    life.act("receive_correction", "登记补正", on="2025-09-28")
    life.head_says("2025-10-31")
    life.on(date(2025, 10, 31))
    life.reply(Outcome.PARTIAL, date(2025, 10, 31))
    life.head_says("按时办结")


def test_a_third_party_asked_and_the_term_extended(life: Life) -> None:
    """Asked on 09-19, back on 10-10: due 10-31; twenty days more, told 10-20: due 11-28."""
    life.on(date(2025, 9, 19))
    life.act("consult", "征求意见", addressee="third_party", whom="第三方甲", on="2025-09-19")
    life.head_says("征求意见中", "停止计算", "已用 4 / 20 个工作日")
    life.on(date(2025, 10, 10))
    life.act(
        "consultation_opinion",
        "登记意见",
        on="2025-10-10",
        stance="refuses",
        opinion="涉及商业秘密",
    )
    life.head_says("2025-10-31")
    life.on(date(2025, 10, 20))
    life.act("extend", "延期", on="2025-10-20", days="20", reason="材料分散，需逐件核对")
    life.head_says("2025-11-28")
    life.on(date(2025, 12, 1))
    life.head_says("逾期 1 日")
    life.reply(Outcome.THIRD_PARTY, date(2025, 12, 1))
    life.head_says("逾期 1 日办结")


def test_the_fee_is_not_paid(life: Life) -> None:
    """Told on 10-09: twenty working days to pay, until 11-05; given up the day after."""
    life.on(date(2025, 10, 9))
    life.act("fee_ask", "通知缴费", on="2025-10-09", scheme=FeeScheme.PAGES.value, pages="68")
    life.head_says("等待缴费", "2025-11-05")
    life.on(date(2025, 11, 5))
    life.page.goto(reverse("cases:fee_give_up", args=[life.case.pk]))
    expect(life.page.locator("main")).to_contain_text("缴费期限到 2025-11-05")
    after = date(2025, 11, 6)
    life.on(after)
    life.act("fee_give_up", "按逾期未缴费办结", on=str(after))
    life.is_closed(Outcome.FEE_UNPAID, after)


def test_withdrawn(life: Life) -> None:
    life.on(date(2025, 9, 24))
    life.act("withdraw", "登记撤回", on="2025-09-24", how=WithdrawalManner.LETTER.value)
    life.head_says("已办结")
    life.is_closed(Outcome.WITHDRAWN, date(2025, 9, 24))


def test_refused_with_the_words_on_review_first(life: Life) -> None:
    """From 2024 on a refusal must say that review comes before the suit (行政复议法第二十三条)."""
    life.on(date(2025, 10, 14))
    address = reverse("cases:make_letter", args=[life.case.pk])
    life.page.goto(f"{address}?kind=reply&outcome={Outcome.PROCESS}")
    letter = life.page.locator(".letter")
    expect(letter).to_contain_text("应当先申请行政复议")
    expect(letter).to_contain_text("六十日内")
    life.page.goto(f"{address}?kind=reply&outcome={Outcome.NOT_EXIST}")
    expect(letter).not_to_contain_text("应当先申请行政复议")
    life.reply(Outcome.PROCESS, date(2025, 10, 14))
    life.is_closed(Outcome.PROCESS, date(2025, 10, 14))


def test_answered_again_after_a_review(life: Life) -> None:
    """The year of closing and the first outcome stay; the new term is a clock of its own."""
    life.on(date(2025, 10, 14))
    life.reply(Outcome.PROCESS, date(2025, 10, 14))
    life.on(date(2025, 11, 5))
    life.fill(
        f"{reverse('cases:proceeding_new')}?case={life.case.pk}",
        "登记",
        kind="review",
        docket="秀政复〔2025〕8号",
        filed_on="2025-11-03",
        received_on="2025-11-05",
    )
    review = life.page.get_by_role("region", name="复议、诉讼")
    expect(review).to_contain_text("2025-11-19")  # ten working days for the written answer
    life.on(date(2025, 12, 22))
    life.fill(
        reverse("cases:proceeding_amend", args=[life.case.proceedings.get().pk]),
        "更正",
        defence_sent_on="2025-11-18",
        ruling="revoked",
        concluded_on="2025-12-22",
    )
    expect(review).to_contain_text("结果纠正")
    make_chain(life.tree.housing)
    life.act("reopen", "登记重新办理", on="2025-12-22", workdays="10")
    life.head_says("重新办理中", "重新答复期限", "2026-01-06")
    life.act("consult", "征求意见", addressee="third_party", whom="第三方甲", on="2025-12-22")
    life.head_says("重办 剩 10 日")
    life.on(date(2025, 12, 26))
    life.act("consultation_opinion", "登记意见", on="2025-12-26", stance="agrees", opinion="同意")
    life.act("draft", "存草稿", outcome=Outcome.GRANTED.value, reply_reasons="第三方同意公开。")
    life.act("submit", "送审")
    for _ in range(2):
        life.act("review", "同意")
    address = reverse("cases:make_letter", args=[life.case.pk])
    life.page.goto(f"{address}?kind=reply")
    expect(life.page.locator(".letter")).to_contain_text("责令重新答复的行政复议决定")
    expect(life.page.locator(".letter")).to_contain_text("决定予以公开")
    life.on(date(2025, 12, 29))
    life.act("reply_again", "重新答复", closed_on="2025-12-29", service_method="post")
    life.head_says("待送达", "重办待送达")
    life.act("serve", "登记送达", served_on="2025-12-29")
    life.head_says("已办结")
    life.is_closed(Outcome.PROCESS, date(2025, 10, 14))
