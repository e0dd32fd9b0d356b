"""Every page fits the screens of an office: 1280 and 1024 wide, without scrolling sideways."""

from datetime import date
from typing import get_args

import pytest
from playwright.sync_api import Page

from tests.browser.visits import go_through
from tests.browser.world import Who, make_world
from tests.cases.conftest import today

__all__ = ["today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("who", get_args(Who))
@pytest.mark.parametrize("width", [1280, 1024])
def test_no_page_scrolls_sideways(page: Page, today: date, width: int, who: Who) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    wide = {
        str(visit): found
        for visit in go_through(page, make_world(), who)
        if (found := page.evaluate("document.documentElement.scrollWidth")) > width
    }
    assert not wide
