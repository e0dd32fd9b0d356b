"""打印期限计算: sentence, strip, calculation and sources; and the sentence on the case page."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import Role
from cases.models import Case, ScheduleYear
from tests.makers import Facts, Tree, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

CONSULTED = Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
SENTENCE = (
    "答复期限 20 个工作日，自次日起计，"
    "扣除征求意见 10 个工作日（09-19 发出第三方征求意见书，10-10 收到意见），到期日 2025-10-31。"
)


def sheet_of(client: Client, case: Case) -> str:
    return client.get(reverse("cases:term_sheet", args=[case.pk])).content.decode()


def test_the_sentence_stands_above_the_strip_of_the_case(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, facts=CONSULTED)
    page = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert page.index(SENTENCE) < page.index("data-strip")
    assert reverse("cases:term_sheet", args=[case.pk]) in page


def test_the_sheet_has_sentence_strip_calculation_and_sources(
    clerk_client: Client, tree: Tree
) -> None:
    page = sheet_of(clerk_client, make_case(tree.housing, facts=CONSULTED))
    assert SENTENCE in page
    assert "data-strip" in page and '<table class="why">' in page
    for source in (
        "条例第三十一条",
        "条例第三十二条",
        "国务院办公厅关于2025年部分节假日安排的通知",
    ):
        assert f"<li>{source}" in page


def test_the_sheet_holds_no_personal_data(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, name="申请人甲")
    assert "申请人甲" not in sheet_of(clerk_client, case)


def test_a_provisional_day_is_said_to_be_so(clerk_client: Client, tree: Tree) -> None:
    ScheduleYear.objects.filter(year=2025).delete()
    page = sheet_of(clerk_client, make_case(tree.housing))
    assert "到期日 2025-10-17（暂定）" in page
    assert "所涉年份的放假安排尚未公布，日期暂定。" in page


def test_a_case_not_received_has_no_term_yet(clerk_client: Client, tree: Tree) -> None:
    page = sheet_of(clerk_client, make_case(tree.housing, received_on=None))
    assert "收到日尚未与申请人确认，期限没有起算。" in page and "data-strip" not in page


def test_what_is_to_be_checked_is_printed_too(clerk_client: Client, tree: Tree) -> None:
    late = Facts(correction=(date(2025, 9, 25), None))
    assert "晚于收到后第 7 个工作日" in sheet_of(clerk_client, make_case(tree.housing, facts=late))


def test_who_may_look(client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    url = reverse("cases:term_sheet", args=[case.pk])
    assert client.get(url).status_code == 302
    for role, organ, status in (
        (Role.AUDITOR, tree.housing, 200),
        (Role.CLERK, tree.land, 404),
        (Role.ADMINISTRATOR, tree.housing, 403),
    ):
        client.force_login(make_user(role, organ))
        assert client.get(url).status_code == status
    assert client.post(url).status_code == 405


def test_it_takes_the_same_statements_for_any_course(clerk_client: Client, tree: Tree) -> None:
    plain, long = make_case(tree.housing), make_case(tree.housing, facts=CONSULTED)
    sheet_of(clerk_client, plain)
    few = queries_of(lambda: sheet_of(clerk_client, plain))
    assert queries_of(lambda: sheet_of(clerk_client, long)) == few
