"""Search among more cases than a page waits for: what is searched, and what is said of it."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import searching, workflow
from cases.choices import Role
from cases.models import Case
from tests.makers import TODAY, Tree, hand_of, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
URL = reverse("cases:list")


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.government))
    return client


@pytest.fixture
def cases(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> dict[str, Case]:
    """Two are searched; the first to be left out is the one closed earlier."""
    monkeypatch.setattr(searching, "MOST_SEARCHED", 2)
    return {
        "to do": make_case(tree.housing, name="申请人甲", content="甲路补偿方案"),
        "late": make_case(tree.land, content="乙路补偿方案", closed_on=date(2025, 10, 13)),
        "early": make_case(tree.land, name="申请人丙", closed_on=date(2025, 10, 9)),
    }


def found(client: Client, **asked: str) -> list[Case]:
    return [row.record for row in client.get(URL, asked).context["table"].paginated_rows]


def test_words_are_looked_for_in_what_is_to_do_and_what_was_closed_last(
    clerk_client: Client, cases: dict[str, Case]
) -> None:
    assert found(clerk_client, q="补偿方案") == [cases["to do"], cases["late"]]
    assert found(clerk_client, q="甲路 补偿") == [cases["to do"]]


def test_a_number_or_name_in_full_is_found_wherever_it_stands(
    clerk_client: Client, cases: dict[str, Case]
) -> None:
    early = cases["early"]
    assert found(clerk_client, q=early.number) == [early]
    assert found(clerk_client, q="申请人丙") == [early]
    assert found(clerk_client, q="申请人丙 补偿方案") == [early]
    assert found(clerk_client, q="申请人丙 没有的字") == []
    assert found(clerk_client, q="人丙") == []


def test_the_page_says_so_and_offers_to_search_the_rest(
    clerk_client: Client, cases: dict[str, Case]
) -> None:
    page = clerk_client.get(URL, {"q": "人丙", "page": "3"})
    note = page.context["searched_in_part"]
    assert note["text"] in page.content.decode()
    assert "page" not in note["url"]
    page = clerk_client.get(note["url"])
    assert [row.record for row in page.context["table"].paginated_rows] == [cases["early"]]
    assert page.context["searched_in_part"] is None
    assert "查找范围：全部" in page.content.decode()  # a chip: it can be taken away


def test_the_other_conditions_come_first(clerk_client: Client, cases: dict[str, Case]) -> None:
    """Few enough of one organ, all of them are searched."""
    page = clerk_client.get(URL, {"q": "补偿方案", "department": str(cases["early"].department_id)})
    assert page.context["table"].paginator.count == 2
    assert page.context["searched_in_part"] is None


def test_just_as_many_as_are_searched_are_all_there_are(
    clerk_client: Client, cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_SEARCHED", 3)
    page = clerk_client.get(URL, {"q": "人丙"})
    assert page.context["searched_in_part"] is None
    assert page.context["table"].paginator.count == 1


def test_the_voided_are_found_by_their_number_too(
    clerk_client: Client, tree: Tree, cases: dict[str, Case]
) -> None:
    voided = workflow.void(cases["early"], by=hand_of(tree.land), today=TODAY, reason="误登")
    assert found(clerk_client, q=voided.number) == [voided]


def test_another_districts_number_stays_hidden(
    clerk_client: Client, tree: Tree, cases: dict[str, Case]
) -> None:
    theirs = make_case(tree.neighbour, name="申请人丁", closed_on=date(2025, 10, 9))
    assert found(clerk_client, q=theirs.number) == []
    assert found(clerk_client, q="申请人丁") == []


def test_where_to_search_is_no_word_of_the_users(clerk_client: Client, tree: Tree) -> None:
    page = clerk_client.get(URL, {"everywhere": "yes"})
    assert "没有“yes”这样的查找范围，未按它筛选。" in page.content.decode()


@pytest.mark.parametrize("words", ["补偿方案", "没有的字"])
def test_the_words_are_looked_for_once(
    clerk_client: Client, cases: dict[str, Case], words: str
) -> None:
    """Not again to be counted, and not a third time where nothing was found."""
    with CaptureQueriesContext(connection) as asked:
        clerk_client.get(URL, {"q": words})
    looks = [query for query in asked if "LIKE" in query["sql"] and '"content"' in query["sql"]]
    assert len(looks) == 1
