"""选择栏目: which columns the list shows, in which order, kept for each user."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import ApplicantKind, DeliveryWanted, FormWanted, Outcome, Role, ServiceMethod
from cases.models import ChosenColumns, User
from cases.saved_lists import LABELS, choose_columns, columns_of
from cases.tables import USUAL_COLUMNS
from tests.makers import (
    Facts,
    Tree,
    make_applicant,
    make_case,
    make_proceeding,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LIST, COLUMNS = reverse("cases:list"), reverse("cases:columns")


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.government)


@pytest.fixture
def clerk_client(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def shown(client: Client, address: str = LIST) -> list[str]:
    return [column.name for column in client.get(address).context["table"].columns]


def cells(client: Client) -> list[dict[str, Any]]:
    """Column → what stands in it, row by row."""
    table = client.get(LIST).context["table"]
    return [
        {column.name: str(cell) for column, cell in row.items()} for row in table.paginated_rows
    ]


def test_who_chose_nothing_sees_the_usual_columns(clerk_client: Client) -> None:
    assert shown(clerk_client) == list(USUAL_COLUMNS)


def test_chosen_columns_are_shown_in_their_order_and_kept(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    order = ["closed_on", "number", "content", "lamp"]
    asked = {"order": order, "show": ["closed_on", "content"], "save": ""}
    answer = clerk_client.post(f"{COLUMNS}?state=closed&sort=due&next=//evil", asked)
    assert answer["Location"] == f"{LIST}?state=closed&sort=due"  # back to where one was
    assert shown(clerk_client) == ["closed_on", "number", "content"]
    clerk_client.force_login(make_user(Role.CLERK, tree.government))
    assert shown(clerk_client) == list(USUAL_COLUMNS)
    assert columns_of(clerk) == ("closed_on", "number", "content")


def test_the_number_is_always_shown(clerk: User) -> None:
    choose_columns(clerk, ["content"])
    assert columns_of(clerk) == ("number", "content")
    choose_columns(clerk, [])
    assert columns_of(clerk) == ("number",)


def test_moving_a_column_keeps_the_ticks_and_saves_nothing(
    clerk_client: Client, clerk: User
) -> None:
    asked = {"order": ["lamp", "number", "content"], "show": ["content", "remarks"]}
    page = clerk_client.post(COLUMNS, {**asked, "up": "content"})
    choices = page.context["choices"]
    assert [choice.name for choice in choices][:3] == ["lamp", "content", "number"]
    assert {choice.name for choice in choices} == set(LABELS)
    assert {choice.name for choice in choices if choice.shown} == {"content", "remarks", "number"}
    assert "autofocus" in page.content.decode()
    down = clerk_client.post(COLUMNS, {**asked, "down": "lamp"}).context["choices"]
    assert [choice.name for choice in down][:3] == ["number", "lamp", "content"]
    edge = clerk_client.post(COLUMNS, {**asked, "up": "lamp"}).context["choices"]
    assert [choice.name for choice in edge][:3] == ["lamp", "number", "content"]
    assert not ChosenColumns.objects.exists()


def test_back_to_the_usual_ones(clerk_client: Client, clerk: User) -> None:
    choose_columns(clerk, ["number", "remarks"])
    assert clerk_client.post(COLUMNS, {"usual": ""})["Location"] == LIST
    assert shown(clerk_client) == list(USUAL_COLUMNS)
    assert not ChosenColumns.objects.exists()


def test_what_is_no_column_is_passed_over(clerk_client: Client, clerk: User) -> None:
    asked = {"order": ["password", "number", "number", "purpose"], "show": ["purpose", "password"]}
    clerk_client.post(COLUMNS, {**asked, "save": ""})
    assert columns_of(clerk) == ("number", "purpose")
    ChosenColumns.objects.filter(user=clerk).update(names=["number", "gone", "purpose"])
    assert columns_of(clerk) == ("number", "purpose")
    assert clerk_client.post(COLUMNS, {"up": "password", "order": "number"}).status_code == 200


def test_every_column_says_what_it_holds(clerk_client: Client, clerk: User, tree: Tree) -> None:
    choose_columns(clerk, LABELS)
    answered = make_case(
        tree.housing,
        arrived_on=date(2025, 9, 12),
        closed_on=date(2025, 10, 9),
        outcome=Outcome.NOT_EXIST,
        reply_number="秀建公开〔2025〕3号",
        service_method=ServiceMethod.POST,
        served_on=date(2025, 10, 10),
        purpose="诉讼",
        form_wanted=FormWanted.PAPER,
        delivery_wanted=DeliveryWanted.POST,
        agent_name="代理人丙",
        remarks="先电话说明",
        drafting_department=tree.land,
    )
    make_proceeding(tree.housing, case=answered)
    firm = make_applicant(ApplicantKind.ORG_COMMERCIAL, legal_representative="法定代表人丁")
    late = make_case(tree.housing, applicant=firm)  # due on 10-17
    running = make_case(tree.housing, received_on=date(2025, 10, 20))
    stopped = make_case(tree.housing, facts=Facts(consultation=(date(2025, 10, 14), None)))
    rows = {row["number"].split(">")[1].split("<")[0]: row for row in cells(clerk_client)}
    row = rows[answered.number]
    for column, words in {
        "arrived_on": "09-12",
        "closed_on": "10-09",
        "outcome": "经检索没有，信息不存在",
        "reply_number": "秀建公开〔2025〕3号",
        "service_method": "邮寄（邮政企业）",
        "served_on": "10-10",
        "purpose": "诉讼",
        "form_wanted": "纸质",
        "delivery_wanted": "邮寄",
        "agent_name": "代理人丙",
        "remarks": "先电话说明",
        "drafting": "区资规分局",
        "proceedings": "行政复议",
        "applicant_kind": "自然人",
        "left": "—",
    }.items():
        assert words in row[column], column
    assert rows[late.number]["legal_representative"] == "法定代表人丁"
    assert row["legal_representative"] == "—"
    left = [rows[case.number]["left"] for case in (late, running, stopped)]
    assert left == ["−6", "15", "—"]
    assert rows[late.number]["closed_on"] == rows[late.number]["proceedings"] == "—"


@pytest.mark.parametrize("column", ["arrived_on", "closed_on", "served_on"])
def test_a_shared_order_holds_for_who_does_not_show_its_column(
    clerk_client: Client, clerk: User, tree: Tree, column: str
) -> None:
    served: dict[str, Any] = {"service_method": ServiceMethod.POST}
    first = make_case(
        tree.housing, closed_on=date(2025, 10, 9), served_on=date(2025, 10, 9), **served
    )
    later = make_case(
        tree.housing,
        received_on=date(2025, 9, 16),
        closed_on=date(2025, 10, 10),
        served_on=date(2025, 10, 10),
        **served,
    )
    for names in (USUAL_COLUMNS, ("number", column)):
        choose_columns(clerk, names)
        for sort, expected in ((column, [first, later]), (f"-{column}", [later, first])):
            rows = clerk_client.get(LIST, {"sort": sort}).context["table"].paginated_rows
            assert [row.record for row in rows] == expected


def test_all_columns_cost_no_more_queries_for_many_rows(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    choose_columns(clerk, LABELS)

    def visit() -> int:
        return queries_of(lambda: clerk_client.get(LIST, {"per_page": 100}))

    def add() -> None:
        case = make_case(tree.housing, drafting_department=tree.land)
        make_proceeding(tree.housing, case=case)

    add()
    visit()  # caches of the process
    with_one = visit()
    for _ in range(10):
        add()
    assert visit() == with_one <= 22


def test_no_column_holds_personal_data() -> None:
    assert not {"id_number", "phone", "address", "email"} & set(LABELS)


def test_only_who_reads_cases_chooses(client: Client, tree: Tree) -> None:
    assert client.get(COLUMNS).status_code == 302
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(COLUMNS).status_code == 403
    assert client.post(COLUMNS, {"save": ""}).status_code == 403
    assert client.put(COLUMNS).status_code == 405
    assert not ChosenColumns.objects.exists()
