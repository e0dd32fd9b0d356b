"""A lamp is told by its shape and its word: without colours, and on paper in black and white."""

from datetime import date
from typing import Literal

import pytest
from playwright.sync_api import Page

from cases.lamps import LAMP_KEY
from tests.browser.visits import sign_in
from tests.browser.world import make_world
from tests.cases.conftest import today

__all__ = ["today"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The shape of each lamp of the key: how it is cut out, or the ring that is drawn.
SHAPES = """() => [...document.querySelectorAll(".keyline .lamp")].map(lamp => {
    const style = getComputedStyle(lamp, "::before");
    const filled = style.backgroundColor !== "rgba(0, 0, 0, 0)" || style.backgroundImage !== "none";
    return {
        text: lamp.textContent.trim(),
        shape: style.clipPath === "none" ? style.backgroundImage : style.clipPath,
        printed: style.printColorAdjust,
        filled,
    };
})"""


@pytest.mark.parametrize("where", ["screen", "print", "no colours"])
def test_every_lamp_has_a_shape_and_a_word_of_its_own(page: Page, today: date, where: str) -> None:
    sign_in(page, make_world().users["clerk"])
    media: Literal["print", "screen"] = "print" if where == "print" else "screen"
    page.emulate_media(media=media, forced_colors="active" if where == "no colours" else "none")
    page.goto("/cases/")
    lamps = page.evaluate(SHAPES)
    assert [lamp["text"] for lamp in lamps] == [lamp.text for lamp in LAMP_KEY]
    assert len({lamp["shape"] for lamp in lamps}) == len(LAMP_KEY)
    assert all(lamp["filled"] and lamp["printed"] == "exact" for lamp in lamps)
