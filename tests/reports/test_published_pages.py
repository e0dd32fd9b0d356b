"""What was published, against what the cases say now; and reports entered by hand."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from cases import workflow
from cases.choices import Outcome, Role, ServiceMethod
from cases.models import User
from cases.workflow.sealing import giving
from reports import annual
from reports.choices import OWN
from reports.formats import format_for_year
from reports.formats.content import places
from reports.models import PublishedTable
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding, make_tree, make_user
from tests.reports.report_cast import NO_FEES, entered, filled, made_public
from tests.reports.test_report_pages import address, text_of

WHY = "纸质登记簿漏登"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FIRST, ENTER = "published/1/", "published/enter/"
NEW = "section_three.new_received"


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def hand(tree: Tree, client: Client) -> User:
    user = hand_of(tree.housing)
    client.force_login(user)
    return user


@pytest.fixture
def office(tree: Tree) -> User:
    return make_user(Role.SUPERVISOR, tree.government, name="政务公开主管乙")


def typed(**rows: str) -> dict[str, str]:
    """A report of 2023 as a form hands it in: zeros; a row as its 自然人 and 总计."""
    fmt = format_for_year(2023)
    said = dict.fromkeys((*places(fmt), *fmt.cells), "0")
    for row, figure in rows.items():
        for column in ("natural_person", "total"):
            said[f"section_three.{row}.{column}"] = figure
    return said


def numbers(response: Any) -> set[str]:
    """Of the cases and proceedings that caused it, by a reason given or as far as is known."""
    told = {str(cause.record) for cause in response.context["causes"]}
    return told | {line["number"] for line in response.context["behind"]}


# What was published -----------------------------------------------------------------------------


def test_what_was_published_stands_whole_with_its_checksum(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    make_case(tree.housing, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
    row = made_public(filled(tree.housing, hand), hand, office, on=date(2025, 1, 20))
    assert address(tree.housing, FIRST) in client.get(address(tree.housing)).content.decode()
    text = text_of(client.get(address(tree.housing, FIRST)))
    assert row.sha256 in text and "校验相符" in text and "门户网站年报栏" in text
    assert NO_FEES in text and "二、主动公开" in text and "每一格都相同" in text


def test_a_stranger_finds_nothing_published(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    made_public(filled(tree.housing, hand), hand, office, on=date(2025, 1, 20))
    assert client.get(address(tree.housing, "published/2/")).status_code == 404
    client.force_login(make_user(Role.SUPERVISOR, tree.neighbour))
    assert client.get(address(tree.housing, FIRST)).status_code == 404
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(address(tree.housing, FIRST)).status_code == 403


def test_a_later_change_shows_with_the_cases_that_caused_it(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    voided = make_case(tree.housing, received_on=date(2024, 3, 1))
    still = make_case(tree.housing, received_on=date(2024, 4, 1))
    made_public(filled(tree.housing, hand), hand, office, on=date(2025, 1, 20))
    workflow.void(voided, by=hand, today=TODAY, reason="重复登记")
    with giving(WHY):
        late = make_case(tree.housing, received_on=date(2024, 5, 6))
    later = make_case(tree.housing, received_on=date(2025, 5, 6))
    elsewhere = make_case(tree.land, received_on=date(2024, 5, 6))
    response = client.get(address(tree.housing, FIRST))
    assert response.context["apart"] == [] == response.context["behind"]
    workflow.void(late, by=hand, today=TODAY, reason="重复登记")
    response = client.get(address(tree.housing, FIRST))
    apart = {line["label"]: (line["before"], line["now"]) for line in response.context["apart"]}
    assert apart["一 × 总计"] == ("2", "1")
    assert numbers(response) == {voided.number, late.number}
    text = text_of(response)
    assert voided.number in text and "已作废" in text
    for other in (still, later, elsewhere):
        assert other.number not in text


def test_a_case_moved_out_of_the_year_is_named(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    moved = make_case(tree.housing, received_on=date(2024, 12, 30))
    made_public(filled(tree.housing, hand), hand, office, on=date(2025, 1, 20))
    workflow.amend(
        moved,
        by=hand,
        today=TODAY,
        reason="看错邮戳",
        values={"received_on": date(2025, 1, 2), "arrived_on": date(2025, 1, 2)},
    )
    response = client.get(address(tree.housing, FIRST))
    assert numbers(response) == {moved.number}


def test_an_ordinary_reply_of_the_next_year_causes_nothing(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    carried = make_case(tree.housing, received_on=date(2024, 12, 20))
    made_public(filled(tree.housing, hand), hand, office, on=date(2025, 1, 20))
    workflow.reply(
        carried,
        by=hand,
        today=TODAY,
        outcome=Outcome.GRANTED,
        closed_on=date(2025, 1, 21),
        service_method=ServiceMethod.POST,
        served_on=date(2025, 1, 21),
    )
    with giving(WHY):
        make_case(tree.housing, received_on=date(2024, 5, 6))
    response = client.get(address(tree.housing, FIRST))
    assert len(numbers(response)) == 1 and carried.number not in numbers(response)


def test_a_suit_that_was_entered_late_is_named(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    known = make_proceeding(tree.housing, docket="〔2024〕1号", filed_on=date(2024, 4, 1))
    made_public(filled(tree.housing, hand), hand, office, on=date(2025, 1, 20))
    with giving(WHY):
        late = make_proceeding(tree.housing, docket="〔2024〕9号", filed_on=date(2024, 6, 3))
    response = client.get(address(tree.housing, FIRST))
    assert "四 行政复议 × 总计" in {line["label"] for line in response.context["apart"]}
    assert numbers(response) == {late.docket} and known.docket not in text_of(response)


# Entered by hand --------------------------------------------------------------------------------


def test_last_years_report_is_entered_where_there_is_none(
    client: Client, tree: Tree, hand: User
) -> None:
    annual.begin(tree.housing, OWN, 2024, by=hand)
    page = address(tree.housing, ENTER, year=2023)
    assert page in client.get(address(tree.housing)).content.decode()
    said = typed(new_received="2", carried_forward="2") | {"note": "抄自公布的年报"}
    text = text_of(client.post(page, said, follow=True))
    assert "已补录" in text and "勾稽不符" not in text
    row = PublishedTable.objects.get()
    assert row.content.tables.value("section_three.carried_forward.total") == 2
    assert row.note == "抄自公布的年报" and row.sha256 == annual.checksum_of(row)
    assert "2023年度公布的报告" in text_of(client.get(address(tree.housing)))


def test_what_was_published_with_a_fault_is_entered_with_it(
    client: Client, tree: Tree, hand: User
) -> None:
    page = address(tree.housing, ENTER, year=2023)
    said = typed(new_received="2") | {f"{NEW}.org_other": ""}
    text = text_of(client.post(page, said, follow=True))
    assert "处勾稽不符，请与公布的原文核对" in text
    tables = PublishedTable.objects.get().content.tables
    assert tables.value(f"{NEW}.org_other") is None
    assert "引言" not in text  # its texts are not known


def test_a_wrong_figure_is_told_in_its_cell_and_nothing_is_lost(
    client: Client, tree: Tree, hand: User
) -> None:
    said = typed(new_received="2") | {f"{NEW}.org_other": "2.5", f"{NEW}.org_research": "两件"}
    response = client.post(address(tree.housing, ENTER, year=2023), said)
    assert response.context["form"].errors.keys() == {f"{NEW}.org_other", f"{NEW}.org_research"}
    body = response.content.decode()
    assert f'id="id_{NEW}.org_other_error"' in body and 'value="两件"' in body
    assert not PublishedTable.objects.exists()


def test_entered_again_it_says_why_and_is_a_revision(
    client: Client, tree: Tree, hand: User
) -> None:
    entered(tree.housing, hand, forward=2)
    page = address(tree.housing, ENTER, year=2023)
    assert client.get(page).context["form"][f"{NEW}.total"].value() == "2"
    response = client.post(page, typed(new_received="3"))
    assert "须写明原因" in text_of(response) and 'value="3"' in response.content.decode()
    client.post(page, typed(new_received="3") | {"note": "上次抄错一行"})
    assert sorted(PublishedTable.objects.values_list("revision", flat=True)) == [1, 2]
    assert "第1版" in text_of(client.get(address(tree.housing, "published/2/", year=2023)))


def test_what_the_system_published_is_not_entered(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    made_public(filled(tree.housing, hand), hand, office, on=date(2025, 1, 20))
    response = client.get(address(tree.housing, ENTER), follow=True)
    assert "由本系统公布" in text_of(response)


def test_who_only_reads_enters_nothing(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    page = address(tree.housing, ENTER, year=2023)
    assert client.get(page).status_code == 403
    assert client.post(page, typed()).status_code == 403
    client.force_login(make_user(Role.REVIEWER, tree.neighbour))
    assert client.get(page).status_code == 404
    assert not PublishedTable.objects.exists()
