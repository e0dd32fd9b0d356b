"""Behind a cell: its cases live, beside the table or on a page of their own."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.choices import ApplicantKind, DepartmentKind, Outcome, ProceedingResult, Role
from cases.departments import move_department
from cases.models import Case, User
from reports import tasks
from reports.choices import ALL
from reports.views import cell as cell_views
from reports.workflow import Question, request_table
from tests.makers import Tree, make_case, make_department, make_proceeding, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

CELL = "/tables/cell/"
DAY = date(2024, 5, 6)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def supervisor(tree: Tree, client: Client) -> User:
    user = make_user(Role.SUPERVISOR, tree.government)
    client.force_login(user)
    return user


def asked(tree: Tree, row: str, column: str = "total", **more: Any) -> dict[str, Any]:
    return {"department": tree.government.pk, "year": 2024, "row": row, "column": column, **more}


def compute(tree: Tree, by: User) -> None:
    question = Question.of_year(tree.government, 2024, ALL)
    tasks.compute_table(request_table(question, by=by).pk)


def text_of(response: Any) -> str:
    return re.sub(r"\s+|<[^>]+>", "", response.content.decode())


def test_the_panel_lists_the_cases_of_the_cell(
    client: Client, tree: Tree, supervisor: User
) -> None:
    replied = date(2024, 5, 20)
    for outcome in (Outcome.NOT_EXIST, Outcome.NOT_EXIST, Outcome.NOT_THIS_ORGAN):
        make_case(tree.housing, received_on=DAY, closed_on=replied, outcome=outcome)
    make_case(tree.housing, received_on=DAY, closed_on=replied, outcome=Outcome.GRANTED)
    panel = client.get(CELL, asked(tree, "unable_not_held", "natural_person"), headers=HTMX)
    text = text_of(panel)
    assert "<html" not in panel.content.decode()
    assert "三（四）1×自然人：3件" in text
    assert "本机关不掌握相关政府信息。不存在2件，非本机关1件" in text
    assert text.count("05-20办结") == 3
    assert [case["number"] for case in panel.context["panel"]["cases"]] == [
        f"秀建公开申〔2024〕{n}号" for n in (1, 2, 3)
    ]


def test_the_address_then_names_table_and_cell(
    client: Client, tree: Tree, supervisor: User
) -> None:
    """So that a reload, or the way back from a case, shows the same."""
    compute(tree, supervisor)
    panel = client.get(CELL, asked(tree, "granted", "org_other"), headers=HTMX)
    address = panel.headers["HX-Replace-Url"]
    assert address.startswith("/tables/?") and address.endswith("row=granted&column=org_other")
    assert client.get(address).context["panel"]["title"] == "三（一） × 其他：0 件"


def test_without_a_script_the_cell_has_a_page_with_the_usual_list(
    client: Client, tree: Tree, supervisor: User
) -> None:
    case = make_case(tree.housing, received_on=DAY)
    page = client.get(CELL, asked(tree, "new_received"))
    assert "<html" in page.content.decode()
    assert page.context["table"].paginator.count == 1
    assert f'href="/cases/{case.pk}/"' in page.content.decode()
    assert "一×总计：1件" in text_of(page)


def test_the_list_sorts_and_turns_pages(client: Client, tree: Tree, supervisor: User) -> None:
    for _ in range(26):
        make_case(tree.housing, received_on=DAY)
    page = client.get(CELL, asked(tree, "new_received", page=2, sort="number"))
    assert len(page.context["table"].page.object_list) == 1


@pytest.mark.parametrize("size", ["-5", "1", "9" * 30])
@pytest.mark.parametrize(("row", "column"), [("new_received", "total"), ("review", "total")])
def test_a_tampered_size_of_pages_is_the_usual_one(
    client: Client, tree: Tree, supervisor: User, row: str, column: str, size: str
) -> None:
    page = client.get(CELL, asked(tree, row, column, per_page=size))
    assert page.context["table"].paginator.per_page == 25


def test_an_open_case_is_shown_as_it_stood_at_the_periods_end(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_case(tree.housing, received_on=date(2024, 12, 9), closed_on=date(2025, 1, 6))
    text = text_of(client.get(CELL, asked(tree, "carried_forward"), headers=HTMX))
    assert "12-09收到" in text and "结转" in text and "办结" not in text


def test_a_cell_of_0_says_so(client: Client, tree: Tree, supervisor: User) -> None:
    text = text_of(client.get(CELL, asked(tree, "granted"), headers=HTMX))
    assert "三（一）×总计：0件" in text and "这一格没有件数" in text


def test_cells_of_section_four_list_proceedings(
    client: Client, tree: Tree, supervisor: User
) -> None:
    case = make_case(tree.housing, received_on=DAY, content="某地块补偿方案")
    make_proceeding(tree.housing, case=case, docket="〔2024〕秀府复1号", filed_on=DAY)
    make_proceeding(
        tree.land,
        filed_on=date(2023, 12, 1),
        concluded_on=DAY,
        result=ProceedingResult.CORRECTED,
    )
    pending = client.get(CELL, asked(tree, "review", "pending"), headers=HTMX)
    assert "行政复议×尚未审结：1件" in text_of(pending)
    assert "〔2024〕秀府复1号" in text_of(pending) and "某地块补偿方案" in text_of(pending)
    corrected = client.get(CELL, asked(tree, "review", "corrected"))
    assert corrected.context["table"].paginator.count == 1
    assert "行政复议×结果纠正：1件" in text_of(corrected)
    every = client.get(CELL, asked(tree, "review"), headers=HTMX)
    assert "行政复议×总计：2件" in text_of(every)


def test_the_panel_is_live_and_says_when_the_table_is_not(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_case(tree.housing, received_on=DAY)
    compute(tree, supervisor)
    wanted = asked(tree, "new_received")
    assert "变动" not in text_of(client.get(CELL, wanted, headers=HTMX))
    make_case(tree.land, received_on=DAY)
    text = text_of(client.get(CELL, wanted, headers=HTMX))
    assert "一×总计：2件" in text and "计算后有变动，请重新计算" in text


def test_a_long_cell_is_cut_and_says_so(
    client: Client, tree: Tree, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_views, "LISTED", 2)
    for _ in range(3):
        make_case(tree.housing, received_on=DAY)
    panel = client.get(CELL, asked(tree, "new_received"), headers=HTMX)
    assert len(panel.context["panel"]["cases"]) == 2
    assert "这里只列前2件" in text_of(panel) and "一×总计：3件" in text_of(panel)


def test_what_a_reorganisation_took_out_of_reach_is_counted_but_not_listed(
    client: Client, tree: Tree, supervisor: User
) -> None:
    """The town's cases count here until it went, but only its new superior reads them now."""
    other = make_department("平湖市人民政府", DepartmentKind.GOVERNMENT)
    make_case(tree.town, received_on=DAY)
    make_case(tree.housing, received_on=DAY)
    move_department(tree.town, parent=other, from_on=date(2025, 3, 1))
    wanted = asked(tree, "new_received")
    panel = client.get(CELL, wanted, headers=HTMX)
    assert "一×总计：2件" in text_of(panel)
    assert "另有1件由您查看范围以外的单位办理，不在此列出" in text_of(panel)
    page = client.get(CELL, wanted)
    assert page.context["table"].paginator.count == 1
    assert "另有1件由您查看范围以外的单位办理" in text_of(page)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"row": "granted"},
        {"column": "total"},
        {"row": "results", "column": "total"},  # a heading: no figure stands there
        {"row": "review", "column": "natural_person"},
        {"row": "granted", "column": "pending"},
        {"row": "other_misc", "column": "total", "format": "2019"},  # a row of the other format
        {"row": "granted", "column": "total", "year": "2018"},
        {"row": "granted'--", "column": "total"},
    ],
)
def test_a_cell_that_is_not_there_is_not_found(
    client: Client, tree: Tree, supervisor: User, said: dict[str, str]
) -> None:
    assert client.get(CELL, {"year": "2024", **said}).status_code == 404
    assert client.get(CELL, {"year": "2024", **said}, headers=HTMX).status_code == 404


def test_only_who_may_see_the_table_sees_its_cells(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    assert client.get(CELL, asked(tree, "granted")).status_code == 404
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(CELL, asked(tree, "granted")).status_code == 403


def test_a_cell_takes_the_same_number_of_statements_however_many_cases(
    client: Client, tree: Tree, supervisor: User
) -> None:
    wanted = asked(tree, "new_received")

    def statements(headers: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as asked_for:
            client.get(CELL, wanted, headers=headers)
        return len(asked_for)

    make_case(tree.housing, received_on=DAY)
    before = statements(HTMX), statements({})
    for kind in (ApplicantKind.ORG_OTHER, ApplicantKind.ORG_RESEARCH):
        make_case(tree.land, received_on=DAY, kind=kind)
    assert Case.objects.count() == 3
    assert (statements(HTMX), statements({})) == before
