"""Long lists: what is counted, and what a page says of the rest."""

import pytest
from django.test import Client
from django.urls import reverse

from cases import paging
from cases.models import Case
from tests.makers import Tree, make_case, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
URL = reverse("cases:list")


def test_rows_are_counted_up_to_a_bound(tree: Tree) -> None:
    for _ in range(3):
        make_case(tree.housing)
    assert paging.counted(Case.objects.all(), most=3) == 3
    assert paging.counted(Case.objects.all(), most=2) is None


def test_a_longer_list_says_so_and_shows_its_first_pages(
    clerk_client: Client, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [make_case(tree.housing) for _ in range(3)]
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    page = clerk_client.get(URL)
    content = page.content.decode()
    assert "共 2 件以上" in content
    assert len(page.context["table"].page) == 2
    assert cases[0].number not in content  # the last in the order
    totals = {view.label: view.count for view in page.context["views"]}
    assert totals["全部"] is None and totals["已办结"] is None
    assert totals["未分派"] == 3  # what is to do is always counted
    assert "待办 3 件" in content


def test_a_list_of_just_the_bound_is_counted_in_full(
    clerk_client: Client, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        make_case(tree.housing)
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    page = clerk_client.get(URL)
    assert "共 2 件</span>" in page.content.decode()
    assert page.context["views"][0].count == 2


def test_only_the_page_asked_for_is_read(clerk_client: Client, tree: Tree) -> None:
    """Whole lists were read once to be counted."""
    for _ in range(30):
        make_case(tree.housing)
    rows = clerk_client.get(URL).context["table"].data.data
    assert rows._result_cache is None
    assert queries_of(lambda: clerk_client.get(URL, {"page": 2})) <= 21
