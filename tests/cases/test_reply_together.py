"""One letter that answers several cases: all or none, each with its own event."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome, ServiceMethod, Stage
from cases.models import Case
from tests.makers import TODAY, Tree, hand_of, make_case, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NAME = "申请人甲"


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, name=NAME, received_on=date(2025, 10, 9))


@pytest.fixture
def others(tree: Tree, case: Case) -> list[Case]:
    days = (date(2025, 10, 10), date(2025, 10, 13))
    return [make_case(tree.housing, name=NAME, received_on=day) for day in days]


def url_of(case: Case) -> str:
    return reverse("cases:reply", args=[case.pk])


def typed(case: Case, also: list[Case], **fields: object) -> dict[str, Any]:
    return {
        "version": case.version,
        "outcome": Outcome.GRANTED,
        "closed_on": "2025-10-24",
        "reply_number": "秀建公开〔2025〕37号",
        "service_method": ServiceMethod.POST,
        "served_on": "2025-10-27",
        "reply_reasons": "见附件",
        "also": [other.pk for other in also],
        "seen": " ".join(f"{other.pk}:{other.version}" for other in also),
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def replied(cases: list[Case]) -> list[bool]:
    for each in cases:
        each.refresh_from_db()
    return [each.stage == Stage.CLOSED for each in cases]


def test_the_ticked_ones_are_answered_with_the_same_letter(
    clerk_client: Client, case: Case, others: list[Case]
) -> None:
    assert clerk_client.post(url_of(case), typed(case, others)).status_code == 302
    for each in [case, *others]:
        each.refresh_from_db()
        assert (each.outcome, each.closed_on) == (Outcome.GRANTED, date(2025, 10, 24))
        assert each.reply_number == "秀建公开〔2025〕37号"
        assert (each.service_method, each.served_on) == (ServiceMethod.POST, TODAY)
        kinds = list(each.events.values_list("kind", flat=True))
        assert kinds == [EventKind.REGISTERED, EventKind.REPLIED, EventKind.SERVED]


def test_the_others_are_left_alone_unless_ticked(
    clerk_client: Client, case: Case, others: list[Case]
) -> None:
    clerk_client.post(url_of(case), typed(case, others[:1]))
    assert replied([case, *others]) == [True, True, False]


def test_only_open_cases_of_the_applicant_in_the_department_are_offered(
    clerk_client: Client, tree: Tree, case: Case, others: list[Case]
) -> None:
    make_case(tree.housing, name=NAME, closed_on=date(2025, 10, 9))
    make_case(tree.housing, name=NAME, received_on=None)
    make_case(tree.land, name=NAME)
    make_case(tree.housing, name="申请人乙")
    page = clerk_client.get(url_of(case))
    offered = [pk for pk, _ in page.context["form"].fields["also"].choices]
    assert offered == [other.pk for other in others]
    assert page.context["form"]["also"].value() in (None, [])  # none is ticked beforehand


def test_alone_the_page_offers_nothing(clerk_client: Client, case: Case) -> None:
    page = clerk_client.get(url_of(case))
    assert "also" not in page.context["form"].fields
    assert "同一答复书一并答复" not in page.content.decode()
    clerk_client.post(url_of(case), typed(case, []))
    assert replied([case]) == [True]


def test_one_that_cannot_be_answered_so_stops_them_all(
    clerk_client: Client, case: Case, others: list[Case]
) -> None:
    """Received on 10-13, it has no reply of 10-10."""
    page = clerk_client.post(url_of(case), typed(case, others, closed_on="2025-10-10"))
    assert errors(page)["also"] == [f"{others[1].number}：不能早于收到日期 2025-10-13。"]
    assert "见附件" in page.content.decode()
    assert replied([case, *others]) == [False, False, False]
    assert not any(each.events.count() > 1 for each in [case, *others])
    days = {"closed_on": "2025-10-13"}  # the day of receipt of the last
    assert clerk_client.post(url_of(case), typed(case, others, **days)).status_code == 302


def test_two_clerks_at_one_of_the_others(
    clerk_client: Client, case: Case, others: list[Case]
) -> None:
    said = typed(case, others)
    by = hand_of(case.department)
    workflow.amend(others[0], by=by, today=TODAY, reason="录错", values={"content": "新内容"})
    page = clerk_client.post(url_of(case), said)
    sentence = errors(page)["also"][0]
    assert sentence.startswith(f"{others[0].number}：您打开之后") and "更正" in sentence
    assert replied([case, *others]) == [False, False, False]
    form = page.context["form"]
    assert form["also"].value() == [str(other.pk) for other in others]  # still ticked
    again = said | {"seen": form["seen"].value()}
    assert clerk_client.post(url_of(case), again).status_code == 302
    assert replied([case, *others]) == [True, True, True]


def test_one_answered_meanwhile_is_said(
    clerk_client: Client, case: Case, others: list[Case]
) -> None:
    said = typed(case, others)
    by = hand_of(case.department)
    workflow.reply(
        others[0],
        by=by,
        today=TODAY,
        outcome="repeat",
        closed_on=TODAY,
        service_method="post",
        served_on=TODAY,
    )
    page = clerk_client.post(url_of(case), said)
    assert errors(page)["also"] == ["勾选的申请件中有的已不能一并答复，请重新勾选。"]
    assert replied([case, others[1]]) == [False, False]


@pytest.mark.parametrize("seen", ["", "x", "1", "1:x"])
def test_a_form_that_has_lost_what_it_saw_of_the_others_is_not_taken(
    clerk_client: Client, case: Case, others: list[Case], seen: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, others, seen=seen))
    assert "您打开之后" in errors(page)["also"][0]
    assert replied([case, *others]) == [False, False, False]


def test_a_case_of_another_department_is_not_answered_by_a_tampered_form(
    clerk_client: Client, tree: Tree, case: Case, others: list[Case]
) -> None:
    elsewhere = make_case(tree.land, name=NAME)
    page = clerk_client.post(url_of(case), typed(case, [elsewhere]))
    assert errors(page)["also"]
    with pytest.raises(Exception, match="不是"):
        workflow.reply_together(
            case,
            by=hand_of(tree.government),
            today=TODAY,
            also={elsewhere.pk: elsewhere.version},
            outcome="granted",
            closed_on=TODAY,
            service_method="post",
        )
    assert replied([case, elsewhere]) == [False, False]


def test_many_others_cost_the_page_no_more_queries(
    clerk_client: Client, tree: Tree, case: Case, others: list[Case]
) -> None:
    def visit() -> int:
        return queries_of(lambda: clerk_client.get(url_of(case)))

    visit()
    with_two = visit()
    for _ in range(7):
        make_case(tree.housing, name=NAME)
    assert visit() == with_two
