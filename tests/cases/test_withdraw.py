"""撤回: the applicant takes the application back; nothing is served, （六）3 counts it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import EventKind, Outcome, Stage
from cases.models import Case
from tests.makers import Facts, Tree, make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2025, 10, 24)


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, received_on=date(2025, 10, 9))


def url_of(case: Case) -> str:
    return reverse("cases:withdraw", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    usual = {"on": DAY.isoformat(), "how": "letter", "note": ""}
    return {"version": case.version} | usual | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_it_closes_the_case_on_the_day_it_was_withdrawn(clerk_client: Client, case: Case) -> None:
    fields = typed(case, note="撤回书存卷")
    page = clerk_client.post(url_of(case), fields, follow=True)
    case.refresh_from_db()
    assert (case.stage, case.outcome, case.closed_on) == (Stage.CLOSED, Outcome.WITHDRAWN, DAY)
    assert (case.service_method, case.served_on) == ("", None)
    assert "申请人撤回申请（书面）：撤回书存卷" in page.content.decode()
    assert "按时办结" in page.content.decode()
    event = case.events.latest("id")
    assert (event.kind, event.data) == (EventKind.REPLIED, {"outcome": "withdrawn"})


@pytest.mark.parametrize("how", ["letter", "in_person", "email", "portal"])
def test_in_each_of_these_ways(clerk_client: Client, case: Case, how: str) -> None:
    clerk_client.post(url_of(case), typed(case, how=how))
    assert Case.objects.get(pk=case.pk).outcome == Outcome.WITHDRAWN


def test_also_while_a_correction_is_waited_for(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 22), None)))
    clerk_client.post(url_of(case), typed(case))
    case.refresh_from_db()
    assert (case.outcome, case.waiting_for) == (Outcome.WITHDRAWN, "")


def test_also_after_the_due_day(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    page = clerk_client.post(url_of(case), typed(case), follow=True)
    assert "逾期 5 日办结" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"how": ""}, "how", "请选择撤回方式。"),
        ({"how": "x"}, "how", "所选的撤回方式不在可选项之内，请重新选择。"),
        ({"on": ""}, "on", "请填写撤回日期。"),
        ({"note": "长" * 301}, "note", "最多 300 个字，现有 301 个。"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, **fields))
    assert errors(page) == {field: [sentence]}
    assert Case.objects.get(pk=case.pk).stage == Stage.OPEN


def test_the_page_says_where_it_counts(clerk_client: Client, case: Case) -> None:
    assert "办结后计入“（六）3 撤回”。" in clerk_client.get(url_of(case)).content.decode()
