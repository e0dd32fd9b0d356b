"""The page of reminders: one's own, read one by one or all, and the address for mail."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.choices import Role
from cases.models import AuditEntry, Notice, User
from cases.reminding import remind
from tests.makers import Tree, make_case, make_proceeding, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2025, 10, 15)
PAGE = reverse("cases:notices")


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing)


@pytest.fixture
def clerk_client(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def text_of(client: Client, url: str = PAGE) -> str:
    return client.get(url).content.decode()


def test_the_page_names_case_day_and_kind(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    remind(DAY)
    page = text_of(clerk_client)
    assert "还有 2 个工作日到期，须在 2025-10-17 前答复并送达。" in page
    assert reverse("cases:detail", args=[case.pk]) in page
    assert "<b>两个工作日内到期</b>" in page


def test_every_page_has_the_bell_with_the_number_unread(clerk_client: Client, tree: Tree) -> None:
    bell = f'href="{PAGE}">提醒'
    assert f"{bell}</a>" in text_of(clerk_client, reverse("cases:list"))
    make_case(tree.housing)
    make_case(tree.housing)
    remind(DAY)
    assert f"{bell}<b>2</b>" in text_of(clerk_client, reverse("cases:list"))
    assert f"{bell}<b>2</b>" in text_of(clerk_client, reverse("cases:help"))


def test_a_review_leads_to_its_case_or_to_itself(clerk_client: Client, tree: Tree) -> None:
    said: dict[str, Any] = {"received_on": date(2025, 9, 25)}  # answered by 2025-10-15
    alone = make_proceeding(tree.housing, docket="〔2025〕7号", **said)
    case = make_case(tree.housing, received_on=date(2025, 9, 24))
    make_proceeding(tree.housing, case=case, filed_on=date(2025, 9, 24), **said)
    remind(DAY)
    page = text_of(clerk_client)
    assert "今日到期，须在今日提交书面答复（〔2025〕7号）。" in page
    to_itself = reverse("cases:proceeding_amend", args=[alone.pk])
    assert f'href="{to_itself}">〔2025〕7号</a>' in page
    assert clerk_client.get(to_itself).status_code == 200
    to_case = reverse("cases:detail", args=[case.pk])
    assert f'href="{to_case}">{case.number}</a>' in page


def test_a_reader_marks_one_or_all(clerk_client: Client, clerk: User, tree: Tree) -> None:
    for _ in range(3):
        make_case(tree.housing)
    remind(DAY)
    first = Notice.objects.first()
    assert first is not None
    clerk_client.post(reverse("cases:notice_seen", args=[first.pk]))
    assert clerk.notices.unseen().count() == 2
    page = clerk_client.post(reverse("cases:notices_seen"), follow=True).content.decode()
    assert "2 条提醒已标为已读。" in page
    assert clerk.notices.unseen().count() == 0
    assert page.count('class="seen"') == 3


def test_looking_marks_nothing(clerk_client: Client, clerk: User, tree: Tree) -> None:
    make_case(tree.housing)
    remind(DAY)
    text_of(clerk_client)
    assert clerk.notices.unseen().count() == 1
    assert clerk_client.get(reverse("cases:notices_seen")).status_code == 405


def test_what_is_withdrawn_is_gone(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing)
    remind(DAY)
    Notice.objects.update(withdrawn_at="2025-10-16T08:00:00+08:00")
    page = text_of(clerk_client)
    assert "没有提醒" in page and f'href="{PAGE}">提醒</a>' in page


def test_of_others_nothing_is_seen_or_marked(client: Client, clerk: User, tree: Tree) -> None:
    make_case(tree.housing)
    remind(DAY)
    client.force_login(make_user(Role.CLERK, tree.land))
    assert "没有提醒" in text_of(client)
    url = reverse("cases:notice_seen", args=[Notice.objects.get().pk])
    assert client.post(url).status_code == 404
    assert clerk.notices.unseen().count() == 1


def test_who_lost_the_right_to_read_the_case_reads_no_notice(
    client: Client, clerk: User, tree: Tree
) -> None:
    make_case(tree.housing)
    remind(DAY)
    clerk.assignments.all().delete()
    client.force_login(User.objects.get(pk=clerk.pk))
    assert "没有提醒" in text_of(client)


def test_without_signing_in_there_is_no_page(client: Client) -> None:
    assert client.get(PAGE).status_code == 302


def test_many_notices_take_the_same_statements(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing)
    remind(DAY)
    few = queries_of(lambda: clerk_client.get(PAGE))
    for _ in range(4):
        make_case(tree.housing)
    remind(DAY)
    assert queries_of(lambda: clerk_client.get(PAGE)) == few


# the address


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_the_address_is_stored_and_the_log_does_not_hold_it(
    clerk_client: Client, clerk: User
) -> None:
    url = reverse("cases:notice_address")
    clerk_client.post(url, {"email": "wu@example.cn"})
    clerk.refresh_from_db()
    assert clerk.email == "wu@example.cn"
    entry = AuditEntry.objects.latest("id")
    assert (entry.act, entry.actor) == ("更改提醒邮箱", clerk)
    assert "wu@" not in f"{entry.before}{entry.after}{entry.target_name}"
    page = clerk_client.post(url, {"email": ""}, follow=True)
    clerk.refresh_from_db()
    assert clerk.email == "" and "已取消邮件提醒。" in page.content.decode()


def test_a_wrong_address_is_said_beside_it_and_kept(clerk_client: Client, clerk: User) -> None:
    page = clerk_client.post(reverse("cases:notice_address"), {"email": "wu@"})
    assert errors(page) == {"email": ["“wu@”不是一个电子邮箱地址。"]}
    assert 'value="wu@"' in page.content.decode()
    clerk.refresh_from_db()
    assert clerk.email == ""


def test_mail_is_offered_where_there_is_a_server(clerk_client: Client, settings: Settings) -> None:
    assert "用邮件提醒" not in text_of(clerk_client)
    settings.EMAIL_HOST = "mail.example.cn"
    assert "用邮件提醒" in text_of(clerk_client)
