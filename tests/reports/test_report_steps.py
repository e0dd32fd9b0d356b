"""The steps of a report as pages: who sees which button, what is asked, what is refused."""

import re
from datetime import date

import pytest
from django.test import Client

from cases.choices import Role
from cases.models import User
from reports import annual
from reports.choices import OWN, ReportState, ReportStepKind
from reports.models import AnnualReport, PublishedTable
from tests.makers import Tree, hand_of, make_case, make_tree, make_user
from tests.reports.report_cast import filled, made_public, step
from tests.reports.test_report_pages import address, labels, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

CONFIRM, ZERO, RECALL = "steps/confirm/", "steps/report-zero/", "steps/recall/"
BACK, ACCEPT, PUBLISH, CORRECT = "steps/send-back/", "steps/accept/", "publish/", "correct/"
CONFIRMED, ACCEPTED = ReportStepKind.CONFIRMED, ReportStepKind.ACCEPTED
WHERE = {"published_on": "2025-01-20", "published_at": "门户网站年报栏"}


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


def test_a_report_goes_its_way_by_the_pages(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    report = filled(tree.housing, hand)

    def take(page: str, by: User, **said: str) -> str:
        client.force_login(by)
        report.refresh_from_db()
        assert client.get(address(tree.housing, page)).status_code == 200
        data = {"version": report.version, **said}
        response = client.post(address(tree.housing, page), data, follow=True)
        report.refresh_from_db()
        return text_of(response)

    assert "已确认" in take(CONFIRM, hand)
    assert "漏一段" in take(BACK, office, comment="漏一段")
    assert report.state == ReportState.RETURNED
    take(CONFIRM, hand)
    take(RECALL, hand, comment="再看一遍")
    assert report.state == ReportState.DRAFT
    take(CONFIRM, hand)
    take(ACCEPT, office)
    assert "已公布，内容已固定" in take(PUBLISH, hand, **WHERE)
    assert report.state == ReportState.PUBLISHED
    take(CORRECT, hand, reason="漏报一件")
    latest = AnnualReport.objects.order_by("revision").last()
    assert latest and (latest.revision, latest.reason) == (2, "漏报一件")


def test_only_what_may_be_done_is_offered(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    report = filled(tree.housing, hand)
    page = address(tree.housing)
    writing = {"填写文字", "填写第二部分"}
    assert labels(client.get(page)) == writing | {"确认", "零报告"}
    make_case(tree.housing, received_on=date(2024, 3, 1))
    assert labels(client.get(page)) == writing | {"确认"}
    step(report, CONFIRMED, hand)
    assert labels(client.get(page)) == {"撤回确认"}
    client.force_login(make_user(Role.CLERK, tree.housing))
    assert labels(client.get(page)) == set()
    client.force_login(office)
    assert labels(client.get(page)) == {"审核通过", "退回修改", "撤回确认"}
    step(report, ACCEPTED, office)
    assert labels(client.get(page)) == {"公布", "退回修改"}


@pytest.mark.parametrize("page", [CONFIRM, ZERO, RECALL, BACK, ACCEPT, PUBLISH, CORRECT])
def test_a_stranger_takes_no_step(client: Client, tree: Tree, page: str) -> None:
    filled(tree.housing, hand_of(tree.housing))
    client.force_login(make_user(Role.SUPERVISOR, tree.neighbour))
    assert client.get(address(tree.housing, page)).status_code == 404
    assert client.post(address(tree.housing, page)).status_code == 404


@pytest.mark.parametrize("page", [CONFIRM, ZERO, RECALL, BACK, ACCEPT, PUBLISH, CORRECT])
def test_who_only_reads_takes_no_step(client: Client, tree: Tree, page: str) -> None:
    report = filled(tree.housing, hand_of(tree.housing))
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert client.get(address(tree.housing, page)).status_code == 403
    said = {"version": report.version, "comment": "意见", "reason": "原因", **WHERE}
    response = client.post(address(tree.housing, page), said)
    assert response.status_code == 403 and "权限" in text_of(response)
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT


@pytest.mark.parametrize("page", [RECALL, PUBLISH, CORRECT])
def test_out_of_place_a_step_leads_back_and_says_why(
    client: Client, tree: Tree, hand: User, page: str
) -> None:
    report = filled(tree.housing, hand)
    response = client.get(address(tree.housing, page), follow=True)
    assert "现在是“填报中”" in text_of(response)
    said = {"version": report.version, "comment": "意见", "reason": "原因", **WHERE}
    response = client.post(address(tree.housing, page), said)
    assert response.status_code == 403 and "现在是“填报中”" in text_of(response)


def test_the_organ_does_not_accept_its_own(client: Client, tree: Tree, hand: User) -> None:
    step(filled(tree.housing, hand), CONFIRMED, hand)
    assert client.get(address(tree.housing, ACCEPT)).status_code == 403


def test_there_is_no_other_step(client: Client, tree: Tree, hand: User) -> None:
    filled(tree.housing, hand)
    assert client.get(address(tree.housing, "steps/published/")).status_code == 404


def test_an_error_in_the_way_is_named_and_what_was_said_stays(
    client: Client, tree: Tree, hand: User
) -> None:
    report = filled(tree.housing, hand)
    report = annual.save_texts(report, {"problems": "无"}, by=hand, version=None)
    assert "写明问题及改进情况" in text_of(client.get(address(tree.housing, CONFIRM)))
    said = {"version": report.version, "comment": "请办公室审核"}
    response = client.post(address(tree.housing, CONFIRM), said)
    assert response.status_code == 200 and "写明问题及改进情况" in text_of(response)
    assert "请办公室审核" in response.content.decode()
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT


def test_to_send_back_takes_a_reason(client: Client, tree: Tree, hand: User, office: User) -> None:
    report = step(filled(tree.housing, hand), CONFIRMED, hand)
    client.force_login(office)
    response = client.post(address(tree.housing, BACK), {"version": report.version})
    assert response.context["form"].errors["comment"] == ["请写明原因，填报的人据此修改。"]


def test_who_has_a_case_does_not_report_zero(client: Client, tree: Tree, hand: User) -> None:
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    make_case(tree.housing, received_on=date(2024, 3, 1))
    response = client.post(address(tree.housing, ZERO), {"version": report.version})
    assert "不能零报告" in text_of(response)


def test_who_received_nothing_reports_zero(client: Client, tree: Tree, hand: User) -> None:
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    said = {"version": report.version}
    response = client.post(address(tree.housing, ZERO), said, follow=True)
    assert "（零报告）" in text_of(response)
    report.refresh_from_db()
    assert report.is_zero


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2025-10-28", "不晚于今天"),
        ("2024-12-31", "2024年之后"),
        ("年底", "不是一个日期"),
        ("", "请填写公布日期"),
    ],
)
def test_a_wrong_day_of_publishing_is_told_beside_it(
    client: Client, tree: Tree, hand: User, office: User, day: str, words: str
) -> None:
    report = step(step(filled(tree.housing, hand), CONFIRMED, hand), ACCEPTED, office)
    said = {"version": report.version, **WHERE, "published_on": day}
    response = client.post(address(tree.housing, PUBLISH), said)
    assert response.context["form"].errors.keys() == {"published_on"}
    assert words in text_of(response) and "门户网站年报栏" in response.content.decode()
    assert not PublishedTable.objects.exists()


def test_a_step_on_what_has_changed_is_refused_and_the_words_stay(
    client: Client, tree: Tree, hand: User
) -> None:
    report = filled(tree.housing, hand)
    annual.save_texts(report, {"platform": "改版。"}, by=hand, version=None)
    said = {"version": report.version, "comment": "一并报送"}
    response = client.post(address(tree.housing, CONFIRM), said)
    assert "已被别人改过" in text_of(response) and "一并报送" in response.content.decode()
    [version] = re.findall(r'name="version" value="(\d+)"', response.content.decode())
    assert client.post(address(tree.housing, CONFIRM), {"version": version}).status_code == 302


def test_to_correct_takes_a_reason_and_one_correction_at_a_time(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    row = made_public(filled(tree.housing, hand), hand, office, on=date(2025, 1, 20))
    response = client.post(address(tree.housing, CORRECT), {"reason": ""})
    assert response.context["form"].errors["reason"] == ["请填写更正的原因。"]
    assert row.report
    annual.correct(row.report, by=hand, reason="漏报一件")
    response = client.post(address(tree.housing, CORRECT), {"reason": "又一次"})
    assert response.status_code == 403 and "又一次" in response.content.decode()
