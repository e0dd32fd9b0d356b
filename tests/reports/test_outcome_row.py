"""Choosing an outcome shows the row it will fill: place, label, figure now and after."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from cases.choices import ApplicantKind, Outcome, Role
from cases.models import Case
from tests.makers import TODAY, Tree, make_case, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ADDRESS = "/tables/outcome-row/"


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def case(tree: Tree, client: Client) -> Case:
    client.force_login(make_user(Role.CLERK, tree.housing))
    return make_case(tree.housing)


def goes(client: Client, case: Case, outcome: str, **more: Any) -> Any:
    response = client.get(ADDRESS, {"case": case.pk, "outcome": outcome, **more})
    assert response.status_code == 200
    return response


def text_of(response: Any) -> str:
    return re.sub(r"\s+|<[^>]+>", "", response.content.decode())


def test_it_names_place_row_and_column(client: Client, case: Case) -> None:
    text = text_of(goes(client, case, Outcome.NOT_THIS_ORGAN))
    assert "年度表第三部分（2021年格式）" in text
    assert "计入三（四）1" in text and "本机关不掌握相关政府信息" in text
    assert "自然人列，按答复日期计入2025年" in text


def test_it_shows_the_figure_now_and_after(client: Client, tree: Tree, case: Case) -> None:
    """Live, of the department's own year and the applicant's column."""
    same: dict[str, Any] = {"closed_on": TODAY, "outcome": Outcome.NOT_EXIST}
    make_case(tree.housing, **same)
    make_case(tree.housing, kind=ApplicantKind.ORG_COMMERCIAL, **same)
    make_case(tree.land, **same)
    make_case(
        tree.housing,
        received_on=date(2024, 9, 2),
        closed_on=date(2024, 9, 9),
        outcome=Outcome.NOT_EXIST,
    )
    assert "现1，计入后2" in text_of(goes(client, case, Outcome.NOT_THIS_ORGAN))


def test_it_stands_among_the_six_groups(client: Client, case: Case) -> None:
    rows = goes(client, case, Outcome.NOT_EXIST).context["goes"]["rows"]
    assert [row["text"] for row in rows if row["level"] == 1] == [
        "（一）予以公开",
        "（二）部分公开",
        "（三）不予公开",
        "（四）无法提供",
        "（五）不予处理",
        "（六）其他处理",
    ]
    assert [row["text"] for row in rows if row["on"]] == ["1.本机关不掌握相关政府信息"]


def test_a_group_that_is_a_row_itself_is_marked_once(client: Client, case: Case) -> None:
    rows = goes(client, case, Outcome.ALREADY_PUBLIC).context["goes"]["rows"]
    assert [(row["text"], row["level"]) for row in rows if row["on"]] == [("（一）予以公开", 1)]


def test_the_day_of_the_reply_chooses_year_and_format(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    case = make_case(tree.housing, received_on=date(2020, 9, 2))
    text = text_of(goes(client, case, Outcome.WITHDRAWN, closed_on="2020-09-09"))
    assert "（2019年格式）" in text and "计入三（六）" in text and "计入2020年" in text


@pytest.mark.parametrize("half_typed", ["", "2025-1", "昨天", "0002-01-01"])
def test_a_day_half_typed_is_today(client: Client, case: Case, half_typed: str) -> None:
    text = text_of(goes(client, case, Outcome.GRANTED, closed_on=half_typed))
    assert "计入2025年" in text


def test_for_a_year_without_a_format_the_latest_is_shown(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    case = make_case(tree.housing, received_on=date(2018, 5, 2))
    text = text_of(goes(client, case, Outcome.GRANTED, closed_on="2018-05-06"))
    assert "（2021年格式）" in text


@pytest.mark.parametrize(
    ("closed_on", "sentence"),
    [
        ("2025-09-14", "不能早于收到日期2025-09-15。"),
        ("2025-10-28", "2025-10-28还没有到，不能填将来的日期。"),
        ("9999-12-31", "9999-12-31还没有到，不能填将来的日期。"),
    ],
)
def test_a_day_that_will_be_refused_is_promised_no_row(
    client: Client, case: Case, closed_on: str, sentence: str
) -> None:
    text = text_of(goes(client, case, Outcome.GRANTED, closed_on=closed_on))
    assert sentence in text and "计入" not in text and "9999年" not in text


@pytest.mark.parametrize("closed_on", ["2025-09-15", "2025-10-27"])
def test_from_the_receipt_until_today_the_row_is_shown(
    client: Client, case: Case, closed_on: str
) -> None:
    assert "计入2025年" in text_of(goes(client, case, Outcome.GRANTED, closed_on=closed_on))


def test_while_nothing_is_chosen_it_says_so(client: Client, case: Case) -> None:
    assert "尚未选择" in text_of(goes(client, case, ""))


def test_an_answered_case_is_not_counted_twice(client: Client, tree: Tree, case: Case) -> None:
    answered = make_case(tree.housing, closed_on=TODAY, outcome=Outcome.GRANTED)
    assert "现0，计入后1" in text_of(goes(client, answered, Outcome.GRANTED))


@pytest.mark.parametrize(
    "said",
    [
        {"case": ""},
        {"case": "abc"},
        {"case": "999999"},
        {"case": "9" * 30},
        {"case": "9" * 5000},
        {},
    ],
)
def test_a_case_that_is_none_is_not_found(client: Client, case: Case, said: dict[str, str]) -> None:
    assert client.get(ADDRESS, {"outcome": "granted", **said}).status_code == 404


def test_an_outcome_that_is_none_is_not_found(client: Client, case: Case) -> None:
    said: dict[str, Any] = {"case": case.pk, "outcome": "lost"}
    assert client.get(ADDRESS, said).status_code == 404


def test_a_case_of_others_is_not_found(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    said: dict[str, Any] = {"case": case.pk, "outcome": "granted"}
    assert client.get(ADDRESS, said).status_code == 404
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(ADDRESS, said).status_code == 403
    client.logout()
    assert client.get(ADDRESS, said).status_code == 302
