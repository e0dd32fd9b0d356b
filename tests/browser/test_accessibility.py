"""Every page, in every state, on the screens of an office: 1280 and 1024 wide.

It fits without scrolling sideways, and axe-core finds no fault: WCAG 2.1 AA and good practice. Both
are looked at on one walk. axe-core takes longest, so it looks at each state on one of the widths,
at the next state on the other.
"""

from collections.abc import Iterator
from datetime import date
from typing import get_args

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

from tests.browser.visits import NO_PAGES, VISITS, go_through
from tests.browser.world import Who, make_world
from tests.cases.conftest import today
from tests.infra.axe import faults_of

__all__ = ["today"]

WIDTHS = (1280, 1024)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", get_args(Who))
def test_every_page_fits_and_axe_finds_no_fault(page: Page, today: date, who: Who) -> None:
    faults, widths = [], WIDTHS
    for visit in go_through(page, make_world(), who):
        widths = widths[::-1]
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
                faults.append(f"{visit}: {found} wide on {width}")
        for fault in faults_of(page, printed=visit.printed):
            faults.append(f"{visit} on {widths[-1]}: {fault}")
    assert not faults, "\n" + "\n".join(faults)


def test_no_page_goes_without_a_visit() -> None:
    visited = {visit.view for visit in VISITS if visit.view}
    assert visited == set(_names(get_resolver())) - NO_PAGES


def _names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield namespace + pattern.name
