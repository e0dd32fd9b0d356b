"""年度报告: the page of a report, beginning one, what its checks find, the cells behind it."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from cases.choices import Role
from cases.models import User
from reports import annual
from reports.choices import ALL, HOME, OWN, ReportState, ReportStepKind, Way
from reports.models import AnnualReport, ReportingUnit, YearCall
from tests.makers import Tree, hand_of, make_case, make_tree, make_user, queries_of
from tests.reports.report_cast import entered, filled, made_public, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

HTMX = {"HX-Request": "true"}


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


def address(department: Any, more: str = "", *, year: int = 2024, scope: str = OWN) -> str:
    return f"/reports/{department.pk}/{year}/{scope}/{more}"


def text_of(response: Any) -> str:
    """What is read on the page, without tags and white space."""
    body = response.content.decode().partition("<main")[2]
    return re.sub(r"\s+|<[^>]+>", "", body)


def labels(response: Any) -> set[str]:
    return {act["label"] for act in response.context["acts"]}


# Who may ----------------------------------------------------------------------------------------


def test_signed_out_one_is_asked_to_sign_in(client: Client, tree: Tree) -> None:
    assert client.get(address(tree.housing)).headers["Location"].startswith("/login/")


def test_a_stranger_finds_no_report(client: Client, tree: Tree) -> None:
    filled(tree.housing, hand_of(tree.housing))
    client.force_login(make_user(Role.SUPERVISOR, tree.neighbour))
    assert client.get(address(tree.housing)).status_code == 404
    assert client.post(address(tree.housing, "begin/")).status_code == 404
    assert client.get("/reports/", {"department": tree.housing.pk}).status_code == 404


def test_an_administrator_reads_no_report(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(address(tree.housing)).status_code == 403


def test_an_auditor_reads_and_is_offered_nothing(client: Client, tree: Tree) -> None:
    report = filled(tree.housing, hand_of(tree.housing))
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    response = client.get(address(tree.housing))
    assert response.status_code == 200 and response.context["acts"] == []
    assert "填写文字" not in text_of(response)
    assert client.get(address(tree.housing, "texts/")).status_code == 403
    assert AnnualReport.objects.get() == report


@pytest.mark.parametrize(
    ("year", "scope"), [(2018, OWN), (2026, OWN), (2024, ALL), (2024, "none"), (99999, OWN)]
)
def test_where_there_can_be_no_report_there_is_no_page(
    client: Client, tree: Tree, hand: User, year: int, scope: str
) -> None:
    assert client.get(address(tree.housing, year=year, scope=scope)).status_code == 404


# Begin and choose -------------------------------------------------------------------------------


def test_where_none_was_begun_it_is_begun_by_a_button(
    client: Client, tree: Tree, hand: User
) -> None:
    response = client.get(address(tree.housing))
    assert "还没有开始填报" in text_of(response) and "开始填报" in text_of(response)
    assert not AnnualReport.objects.exists()
    response = client.post(address(tree.housing, "begin/"), follow=True)
    assert AnnualReport.objects.get().state == ReportState.DRAFT
    assert {"填写文字", "填写第二部分", "零报告"} <= labels(response)


def test_who_does_not_write_it_does_not_begin_it(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert "由区住建局填报" in text_of(client.get(address(tree.housing)))
    assert client.post(address(tree.housing, "begin/")).status_code == 403
    assert not AnnualReport.objects.exists()


def test_it_is_not_begun_by_reading(client: Client, tree: Tree, hand: User) -> None:
    assert client.get(address(tree.housing, "begin/")).status_code == 405


def test_the_menu_leads_to_the_report_of_last_year(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    assert client.get("/reports/").headers["Location"] == address(tree.housing)
    client.force_login(office)
    found = client.get("/reports/").headers["Location"]
    assert found == address(tree.government, scope=ALL)
    asked: dict[str, Any] = {"department": tree.government.pk, "year": 2023, "scope": HOME}
    found = client.get("/reports/", asked).headers["Location"]
    assert found == address(tree.government, year=2023, scope=HOME)
    assert 'href="/reports/"' in client.get("/tables/").content.decode()


def test_the_table_of_a_year_leads_to_its_report(client: Client, tree: Tree, hand: User) -> None:
    asked: dict[str, Any] = {"department": tree.housing.pk, "year": 2024}
    assert client.get("/tables/", asked).context["report_url"] == address(tree.housing)
    assert client.get("/tables/", asked | {"period": "q1"}).context["report_url"] == ""


# The sections -----------------------------------------------------------------------------------


def test_all_sections_stand_in_their_order(client: Client, tree: Tree, hand: User) -> None:
    filled(tree.housing, hand)
    text = text_of(client.get(address(tree.housing)))
    heads = [
        "引言",
        "一、总体情况",
        "（一）主动公开",
        "（五）监督保障",
        "二、主动公开",
        "三、收到和处理",
    ]
    heads += ["四、政府信息公开行政复议", "五、存在的主要问题", "六、其他需要报告的事项"]
    places = [text.index(head) for head in heads]
    assert places == sorted(places)


def test_section_two_is_in_the_format_of_the_year(client: Client, tree: Tree, hand: User) -> None:
    for year, wanted in ((2024, "现行有效件数"), (2020, "对外公开总数量")):
        annual.begin(tree.housing, OWN, year, by=hand)
        assert wanted in text_of(client.get(address(tree.housing, year=year)))


def test_a_cell_opens_its_cases(client: Client, tree: Tree, hand: User) -> None:
    case = make_case(tree.housing, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
    filled(tree.housing, hand)
    cell = address(tree.housing) + "?row=granted&column=total"
    assert cell.replace("&", "&amp;") in client.get(address(tree.housing)).content.decode()
    assert case.number in text_of(client.get(cell))
    panel = client.get(cell, headers=HTMX)
    assert case.number in panel.content.decode() and "<main" not in panel.content.decode()
    assert panel.headers["HX-Replace-Url"] == cell
    assert client.get(address(tree.housing) + "?row=nothing&column=total").status_code == 404


def test_a_cell_of_a_roll_up_opens_its_parts(client: Client, tree: Tree, office: User) -> None:
    for organ, cases in ((tree.housing, 2), (tree.land, 1)):
        for _ in range(cases):
            make_case(organ, received_on=date(2024, 3, 1))
    annual.begin(tree.government, ALL, 2024, by=office)
    client.force_login(office)
    page = address(tree.government, "?row=new_received&column=total", scope=ALL)
    panel = client.get(page).context["panel"]
    assert [(str(part["number"]), part["when"]) for part in panel["cases"]] == [
        ("区住建局", "2 件"),
        ("区资规分局", "1 件"),
    ]
    assert client.get(panel["cases"][0]["url"]).status_code == 200
    assert client.get(panel["list_url"]).context["sum"] == 3


def test_more_organs_ask_for_no_more_statements(client: Client, tree: Tree, office: User) -> None:
    annual.begin(tree.government, ALL, 2024, by=office)
    client.force_login(office)
    page = address(tree.government, "?row=new_received&column=total", scope=ALL)
    client.get(page)
    before = queries_of(lambda: client.get(page))
    for organ in (tree.housing, tree.land, tree.town):
        filled(organ, hand_of(organ))
        make_case(organ, received_on=date(2024, 3, 1))
    assert queries_of(lambda: client.get(page)) == before


def test_an_older_revision_is_reached_and_offers_nothing(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    row = made_public(filled(tree.housing, hand), hand, office, on=date(2025, 1, 20))
    assert row.report
    annual.correct(row.report, by=hand, reason="漏报一件")
    response = client.get(address(tree.housing))
    assert response.context["report"].revision == 2 and "漏报一件" in text_of(response)
    older = client.get(address(tree.housing) + "?revision=1")
    assert older.context["report"].revision == 1 and older.context["acts"] == []
    for wrong in ("3", "x", "0"):
        assert client.get(address(tree.housing) + f"?revision={wrong}").status_code == 404


# Findings ---------------------------------------------------------------------------------------


def test_errors_come_first_and_lead_to_their_passage(
    client: Client, tree: Tree, hand: User
) -> None:
    report = filled(tree.housing, hand)
    said = {"problems": "无", "requests": "全年新收申请5件。"}
    annual.save_texts(report, said, by=hand, version=None)
    cards = client.get(address(tree.housing)).context["findings"]
    assert [card["state"] for card in cards] == ["bad", "ask"]
    assert cards[0]["url"].endswith("#p-problems") and not cards[0]["may_pass"]
    marked = client.get(cards[1]["url"])
    assert "<mark>全年新收申请5件</mark>" in marked.content.decode()
    assert marked.context["findings"][1]["chosen"]


def test_a_finding_lights_the_cells_that_it_means(client: Client, tree: Tree, hand: User) -> None:
    entered(tree.housing, hand, forward=2)
    filled(tree.housing, hand)
    cards = client.get(address(tree.housing)).context["findings"]
    assert {card["check"].code for card in cards} == {"s3_cross_year"}
    response = client.get(cards[0]["url"])
    assert cards[0]["url"].endswith("#table-3")
    lit = [cell for row in response.context["table3"]["body"] for cell in row["cells"]]
    assert [cell["path"] for cell in lit if cell["lit"]] == list(cards[0]["check"].cells)
    assert re.search(r'<td class="[^"]*lit', response.content.decode())


def test_a_warning_is_accepted_with_a_reason(client: Client, tree: Tree, hand: User) -> None:
    report = filled(tree.housing, hand)
    annual.save_texts(report, {"requests": "全年新收申请5件。"}, by=hand, version=None)
    [card] = client.get(address(tree.housing)).context["findings"]
    judge = address(tree.housing, f"findings/{card['finding'].fingerprint}/judge/")
    assert judge in client.get(address(tree.housing)).content.decode()
    response = client.post(judge, {"comment": ""})
    assert "请填写理由" in text_of(response)
    response = client.post(judge, {"comment": "口径与去年一致"}, follow=True)
    assert "口径与去年一致" in text_of(response) and not annual.open_findings(report)


def test_an_error_is_not_accepted_and_the_words_stay(
    client: Client, tree: Tree, hand: User
) -> None:
    report = filled(tree.housing, hand)
    report = annual.save_texts(report, {"problems": "无"}, by=hand, version=None)
    [finding] = annual.open_findings(report)
    judge = address(tree.housing, f"findings/{finding.fingerprint}/judge/")
    response = client.post(judge, {"comment": "没有问题"})
    assert "不能认可" in text_of(response) and "没有问题" in response.content.decode()
    gone = client.get(address(tree.housing, "findings/0123abc/judge/"), follow=True)
    assert "已经变了" in text_of(gone)


def test_what_changed_since_the_confirmation_is_told_cell_by_cell(
    client: Client, tree: Tree, hand: User
) -> None:
    step(filled(tree.housing, hand), ReportStepKind.CONFIRMED, hand)
    assert not client.get(address(tree.housing)).context["changes"]
    make_case(tree.housing, received_on=date(2024, 3, 1))
    response = client.get(address(tree.housing))
    changed = {line["label"]: (line["before"], line["now"]) for line in response.context["changes"]}
    assert changed["一 × 总计"] == ("0", "1") and len(changed) == 4
    assert "确认以后有变动" in text_of(response)


def test_a_report_that_was_sent_back_says_why(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    report = step(filled(tree.housing, hand), ReportStepKind.CONFIRMED, hand)
    step(report, ReportStepKind.RETURNED, office, "第五部分过于简单")
    assert "第五部分过于简单" in text_of(client.get(address(tree.housing)))


def test_a_roll_up_names_who_has_not_handed_in(client: Client, tree: Tree, office: User) -> None:
    call = YearCall.objects.create(
        government=tree.government, year=2024, until_on=date(2025, 1, 20)
    )
    elsewhere = {"department": tree.land, "in_home": True, "way": Way.HANDED_IN}
    ReportingUnit.objects.create(call=call, **elsewhere)
    annual.begin(tree.government, HOME, 2024, by=office)
    client.force_login(office)
    response = client.get(address(tree.government, scope=HOME))
    assert response.context["missing"] == (tree.land,)
    assert "尚未报送区资规分局" in text_of(response)
