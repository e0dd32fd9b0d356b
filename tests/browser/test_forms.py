"""A form that is wrong: nothing typed is lost, the error is beside its field, the cursor in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visits import of_case, of_proceeding, plain, sign_in
from tests.browser.world import World, make_world
from tests.cases.conftest import today
from tests.infra import browser as chromium

__all__ = ["today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_DAY = "1.4"
BLANK = "  "


@dataclass(frozen=True, slots=True)
class Filled:
    """A form, and the one field in which something wrong is typed."""

    address: Callable[[World], str]
    wrong: str
    typed: str = NO_DAY


FORMS = {
    "register": Filled(plain("cases:register"), "received_on"),
    "confirm": Filled(of_case("cases:confirm", "unconfirmed"), "received_on"),
    "consult": Filled(of_case("cases:consult", "soon"), "on"),
    "opinion": Filled(of_case("cases:consultation_opinion", "consulted"), "on"),
    "ask for the fee": Filled(of_case("cases:fee_ask", "soon"), "on"),
    "receive the fee": Filled(of_case("cases:fee_receive", "fee"), "on"),
    "reply": Filled(of_case("cases:reply", "soon"), "served_on"),
    "ask correction": Filled(of_case("cases:ask_correction", "open"), "on"),
    "receive correction": Filled(of_case("cases:receive_correction", "correction"), "on"),
    "give up correction": Filled(of_case("cases:give_up_correction", "correction"), "on"),
    "extend": Filled(of_case("cases:extend", "open"), "days", "二十"),
    "ask reasons": Filled(of_case("cases:ask_reasons", "open"), "on"),
    "receive reasons": Filled(of_case("cases:receive_reasons", "reasons asked"), "on"),
    "delay": Filled(of_case("cases:delay", "reasons given"), "day"),
    "withdraw": Filled(of_case("cases:withdraw", "open"), "on"),
    "serve": Filled(of_case("cases:serve", "unserved"), "served_on"),
    "sign mail": Filled(of_case("cases:sign_mail", "closed"), "on"),
    "return mail": Filled(of_case("cases:return_mail", "closed"), "on"),
    "reopen": Filled(of_case("cases:reopen", "reopened"), "on"),
    "reply again": Filled(of_case("cases:reply_again", "reopened"), "served_on"),
    "amend": Filled(of_case("cases:amend", "closed"), "arrived_on"),
    "void": Filled(of_case("cases:void", "open"), "reason", BLANK),
    "call": Filled(of_case("cases:note_call", "recorded"), "on"),
    "ask section": Filled(of_case("cases:ask_section", "recorded"), "until"),
    "answer section": Filled(of_case("cases:answer_section", "recorded"), "on"),
    "search": Filled(of_case("cases:record_search", "recorded"), "on"),
    "split": Filled(of_case("cases:split", "recorded"), "item_1", BLANK),
    "link": Filled(of_case("cases:link", "recorded"), "number"),
    "unlink": Filled(of_case("cases:unlink", "recorded"), "reason", BLANK),
    "proceeding": Filled(plain("cases:proceeding_new"), "filed_on"),
    "amend proceeding": Filled(of_proceeding("cases:proceeding_amend"), "concluded_on"),
}
# Where not any words will do.
RIGHT = {
    "email": "a@example.cn",
    "case_number": "",
    "days": "10",
    "at": "9:30",
    "number": "0573-82711234",
    "nth": "11",
    "pages": "68",
    "amount": "380",
}
# What stands in each control that is typed or chosen in; hidden ones are the form's own business.
VALUES = """form => Object.fromEntries([...form.elements]
    .filter(control => control.name && !["hidden", "submit"].includes(control.type))
    .map(control => [control.id, ["radio", "checkbox"].includes(control.type)
        ? control.checked : control.value]))"""


@pytest.fixture(params=FORMS)
def filled(request: pytest.FixtureRequest) -> Filled:
    return FORMS[request.param]


@pytest.fixture(params=["with scripts", "without"])
def screen(page: Page, browser: Browser, request: pytest.FixtureRequest, live_server: Any) -> Any:
    """A page whose scripts run, and one whose do not."""
    if request.param == "with scripts":
        yield page
        return
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.set_default_timeout(chromium.WAIT)
    yield context.new_page()
    context.close()


def test_nothing_typed_is_lost_and_the_cursor_is_where_the_error_is(
    screen: Page, today: date, filled: Filled
) -> None:
    world = make_world()
    sign_in(screen, world.users["clerk"])
    screen.goto(filled.address(world))
    form = screen.locator("form[data-guard]")
    fill_in(form)
    form.locator(f"[name='{filled.wrong}']").fill(filled.typed)
    before = form.evaluate(VALUES)
    form.locator("button[type=submit]").first.click()

    summary = screen.get_by_role("alert")
    expect(summary).to_be_visible()
    assert form.evaluate(VALUES) == before
    control = form.locator(f"[name='{filled.wrong}']")
    expect(control).to_be_focused()
    expect(control).to_have_attribute("aria-invalid", "true")
    described = (control.get_attribute("aria-describedby") or "").split()
    assert f"id_{filled.wrong}_error" in described
    expect(form.locator(f"#id_{filled.wrong}_error")).to_be_visible()
    expect(summary.get_by_role("link")).to_have_count(1)


def fill_in(form: Locator) -> None:
    """Something in every control: the last choice, a tick, a few words, a day."""
    for control in form.locator("select").all():
        control.select_option(index=control.locator("option").count() - 1)
    for name in ("kind", "channel", "outcome", "reasonable", "how", "reached", "stance"):
        radios = form.locator(f"input[type=radio][name={name}]")
        if radios.count():
            radios.last.check()
    for control in form.locator("input[type=checkbox]").all():
        if control.is_visible():  # 口头提出 is asked of one channel only
            control.check()
    for control in form.locator("input[type=text], input[type=email], textarea").all():
        if control.is_visible():
            is_day = control.get_attribute("data-day") is not None
            name = control.get_attribute("name") or ""
            control.fill("2025-10-24" if is_day else RIGHT.get(name, "某某甲"))


def test_every_line_of_the_summary_leads_to_its_field(page: Page, today: date) -> None:
    world = make_world()
    sign_in(page, world.users["clerk"])
    for filled in FORMS.values():
        page.goto(filled.address(world))
        form = page.locator("form[data-guard]")
        for control in form.locator("input[type=text], textarea").all():
            if control.is_visible():
                control.fill("")
        form.locator("button[type=submit]").first.click()
        links = page.get_by_role("alert").get_by_role("link")
        expect(links.first).to_be_visible()
        for link in links.all():
            link.click()
            expect(page.locator(":focus")).to_have_attribute("aria-invalid", "true")
