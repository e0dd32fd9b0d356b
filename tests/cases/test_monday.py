"""周一单: what presses and waits, each case once, never more than fits on a page."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Addressee, Channel, ProceedingResult, Role, ServiceMethod
from cases.models import Case, ScheduleYear, User
from cases.monday import LINES, MOST_OWED, sections_of
from tests.makers import (
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_case,
    make_proceeding,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def clerk(tree: Tree, client: Client) -> User:
    user = make_user(Role.CLERK, tree.government, name="经办员甲")
    client.force_login(user)
    return user


def make_week(tree: Tree, handler: User) -> None:
    """One case for each section, and two for none."""
    due = {  # received so that it is due on …
        "逾期": date(2025, 9, 22),  # 10-24
        "今日到期": date(2025, 9, 23),  # 10-27
        "本周到期": date(2025, 9, 28),  # 10-31
        "下周到期": date(2025, 10, 10),  # 11-07
    }
    for content, received_on in due.items():
        make_case(tree.housing, received_on=received_on, content=content, handler=handler)
    facts = Facts(correction=(date(2025, 10, 17), None))
    make_case(tree.town, received_on=date(2025, 10, 15), facts=facts, content="补正")
    facts = Facts(consultation=(date(2025, 10, 17), None))
    make_case(tree.town, received_on=date(2025, 10, 10), facts=facts, content="征求")
    make_case(tree.office, received_on=None, channel=Channel.PORTAL, content="待确认")
    make_case(
        tree.office,
        received_on=date(2025, 10, 20),
        closed_on=date(2025, 10, 24),
        service_method=ServiceMethod.POST,
        content="待送达",
    )
    make_case(tree.office, received_on=date(2025, 10, 22), content="未分派")
    make_case(tree.office, received_on=date(2025, 10, 22), content="办理中", handler=handler)
    make_case(tree.office, closed_on=date(2025, 10, 9), content="办结")


def titles(on: date = TODAY) -> list[tuple[str, list[str]]]:
    sections = sections_of(Case.objects.all(), on=on)
    return [(section.title, [case.content for case in section.cases]) for section in sections]


def test_sections_stand_by_urgency_and_name_what_presses_or_waits(tree: Tree, clerk: User) -> None:
    make_week(tree, clerk)
    assert titles() == [
        ("逾期", ["逾期"]),
        ("今日到期", ["今日到期"]),
        ("本周到期", ["本周到期"]),
        ("下周到期", ["下周到期"]),
        ("等待补正、缴费", ["补正"]),
        ("征求意见中", ["征求"]),
        ("待确认", ["待确认"]),
        ("待送达", ["待送达"]),
        ("未分派", ["未分派"]),
    ]


def test_a_case_stands_once_where_it_presses_most(tree: Tree, clerk: User) -> None:
    make_case(tree.office, received_on=date(2025, 9, 22), content="未分派又逾期")
    make_case(
        tree.office,
        received_on=date(2025, 9, 23),
        closed_on=date(2025, 10, 24),
        service_method=ServiceMethod.POST,
        content="今日要送达",
    )
    assert titles() == [("逾期", ["未分派又逾期"]), ("今日到期", ["今日要送达"])]


@pytest.mark.parametrize(
    ("on", "title"),
    [
        (date(2025, 10, 24), "下周到期"),  # the Friday before: due on Friday of next week
        (date(2025, 10, 26), "下周到期"),  # Sunday, a new week begins tomorrow
        (date(2025, 10, 27), "本周到期"),
        (date(2025, 10, 31), "今日到期"),
        (date(2025, 11, 1), "逾期"),
    ],
)
def test_weeks_are_those_of_the_calendar(tree: Tree, clerk: User, on: date, title: str) -> None:
    make_case(tree.housing, received_on=date(2025, 9, 28), handler=clerk)  # due 10-31
    assert [found for found, _ in titles(on)] == [title]


def test_within_a_section_the_nearest_day_comes_first(tree: Tree, clerk: User) -> None:
    make_case(tree.town, received_on=date(2025, 9, 19), content="后")
    make_case(tree.town, received_on=date(2025, 9, 17), content="先")
    facts = Facts(consultation=(date(2025, 10, 17), None), consulted=Addressee.OTHER_ORGAN)
    make_case(tree.town, received_on=date(2025, 10, 10), facts=facts, content="无期限")
    facts = Facts(consultation=(date(2025, 10, 20), None))
    make_case(tree.town, received_on=date(2025, 10, 10), facts=facts, content="有期限")
    assert titles() == [("逾期", ["先", "后"]), ("征求意见中", ["有期限", "无期限"])]


def test_what_does_not_fit_is_counted(client: Client, tree: Tree, clerk: User) -> None:
    for _ in range(LINES + 2):
        make_case(tree.town, received_on=date(2025, 9, 19))
    make_case(tree.office, received_on=None, channel=Channel.PORTAL)
    first, second = sections_of(Case.objects.all(), on=TODAY)
    assert (first.count, len(first.cases), first.left_out) == (LINES + 2, LINES - 1, 3)
    assert (second.title, second.count, len(second.cases)) == ("待确认", 1, 1)
    text = re.sub(r"\s+|<[^>]+>", "", client.get(reverse("cases:monday")).content.decode())
    assert f"逾期{LINES + 2}件另有3件未列出，见系统清单" in text
    assert f"共{LINES + 3}件要办，最紧要的{LINES}件在这一页上" in text


def test_a_backlog_leaves_lines_to_the_work_of_the_day(tree: Tree, clerk: User) -> None:
    for _ in range(8):
        make_case(tree.housing, received_on=date(2025, 9, 1))
    today = make_case(tree.housing, received_on=date(2025, 9, 23))  # due on TODAY
    waiting = [make_case(tree.housing, received_on=None) for _ in range(3)]
    sections = sections_of(Case.objects.visible_to(clerk), on=TODAY, lines=6)
    shown = {section.title: [case.pk for case in section.cases] for section in sections}
    assert shown["今日到期"] == [today.pk]
    assert shown["待确认"] == [case.pk for case in waiting[:2]]
    assert len(shown["逾期"]) == 3
    assert [section.left_out for section in sections] == [5, 0, 1]


def test_a_line_says_what_a_clerk_asks(client: Client, tree: Tree, clerk: User) -> None:
    applicant = {"phone": "13800000000", "id_number": "330411199001010011"}
    case = make_case(tree.housing, received_on=date(2025, 9, 22), name="申请人甲", handler=clerk)
    for name, value in applicant.items():
        setattr(case.applicant, name, value)
    case.applicant.save()
    page = client.get(reverse("cases:monday")).content.decode()
    for words in (
        case.number,
        "申请人甲",
        case.content,
        "区住建局",
        "经办员甲",
        "10-24",
        "逾期 1 日",
    ):
        assert words in page
    assert not any(value in page for value in applicant.values())


def test_terms_of_waiting_and_provisional_days_are_named(
    client: Client, tree: Tree, clerk: User
) -> None:
    make_week(tree, clerk)
    sections = client.get(reverse("cases:monday")).context["sections"]
    due = {line.case.content: line.due for _, lines in sections for line in lines}
    assert due["补正"] == "11-07 期满"
    assert due["征求"] == "11-07 期满"
    assert due["待确认"] == "09-15 到件"
    assert due["今日到期"] == "10-27"


def test_a_day_in_a_year_without_a_schedule_is_provisional(
    client: Client, tree: Tree, clerk: User
) -> None:
    ScheduleYear.objects.filter(year=2025).delete()
    make_case(tree.housing, received_on=date(2025, 10, 22))
    (_, (line,)), *_ = client.get(reverse("cases:monday")).context["sections"]
    assert line.due.endswith("暂定")


def test_one_may_print_what_one_handles(client: Client, tree: Tree, clerk: User) -> None:
    make_case(tree.housing, received_on=date(2025, 9, 22))
    mine = make_case(tree.housing, received_on=date(2025, 9, 22), handler=clerk)
    sections = client.get(reverse("cases:monday"), {"mine": "1"}).context["sections"]
    assert [line.case for _, lines in sections for line in lines] == [mine]


def test_what_reviews_and_suits_ask_stands_first(client: Client, tree: Tree, clerk: User) -> None:
    case = make_case(tree.housing, received_on=date(2025, 6, 2), closed_on=date(2025, 6, 20))
    concluded: dict[str, Any] = {
        "result": ProceedingResult.CORRECTED,
        "concluded_on": date(2025, 10, 13),
    }
    review = make_proceeding(tree.housing, case=case, docket="甲", ruling="revoked", **concluded)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY, "proceeding": review}
    workflow.reopen(case, on=date(2025, 10, 14), workdays=10, **said)  # until 10-28
    make_proceeding(tree.housing, docket="乙", received_on=date(2025, 10, 11))  # until 10-24
    make_case(tree.housing, received_on=date(2025, 9, 22))
    page = client.get(reverse("cases:monday"))
    rows = page.context["owed"]
    assert [(str(it.proceeding), it.latest.label, due) for it, due in rows] == [
        ("乙", "书面答复", "10-24"),
        ("甲", "重新答复", "10-28"),
    ]
    assert (page.context["total"], page.context["left_out"]) == (3, 0)
    content = page.content.decode()
    assert content.index("复议诉讼 2 件") < content.index("逾期 1 件")
    assert reverse("cases:detail", args=[case.pk]) in content


def test_many_reviews_leave_the_page_to_the_cases(client: Client, tree: Tree, clerk: User) -> None:
    for n in range(MOST_OWED + 2):
        make_proceeding(tree.housing, docket=f"{n}", received_on=date(2025, 10, 14))
    for _ in range(LINES):
        make_case(tree.town, received_on=date(2025, 9, 19))
    page = client.get(reverse("cases:monday"))
    ((_, lines),) = page.context["sections"]
    assert len(page.context["owed"]) == MOST_OWED
    assert len(lines) == LINES - MOST_OWED - 1  # its heading takes a line, too
    assert page.context["left_out"] == 2 + MOST_OWED + 1
    text = re.sub(r"\s+|<[^>]+>", "", page.content.decode())
    assert f"复议诉讼{MOST_OWED + 2}件另有2件未列出" in text


def test_of_reviews_and_suits_too_one_may_print_ones_own(
    client: Client, tree: Tree, clerk: User
) -> None:
    mine = make_case(tree.housing, handler=clerk, closed_on=date(2025, 9, 30))
    other = make_case(tree.housing, closed_on=date(2025, 9, 30))
    own, _ = (
        make_proceeding(tree.housing, case=case, docket=case.number, received_on=date(2025, 10, 14))
        for case in (mine, other)
    )
    make_proceeding(tree.neighbour, docket="外", received_on=date(2025, 10, 14))
    assert len(client.get(reverse("cases:monday")).context["owed"]) == 2
    rows = client.get(reverse("cases:monday"), {"mine": "1"}).context["owed"]
    assert [it.proceeding for it, _ in rows] == [own]


def test_a_quiet_week_says_so(client: Client, clerk: User) -> None:
    assert "没有要办的申请件" in client.get(reverse("cases:monday")).content.decode()


def test_nothing_of_another_district_stands_on_it(client: Client, tree: Tree, clerk: User) -> None:
    make_case(tree.neighbour, received_on=date(2025, 9, 22))
    assert client.get(reverse("cases:monday")).context["sections"] == []


def test_who_reads_no_cases_gets_no_sheet(client: Client, tree: Tree) -> None:
    assert client.get(reverse("cases:monday")).status_code == 302
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(reverse("cases:monday")).status_code == 403


def test_it_is_only_looked_at(client: Client, clerk: User) -> None:
    assert client.post(reverse("cases:monday")).status_code == 405


def test_a_full_page_costs_no_more_queries_than_one_line(
    client: Client, tree: Tree, clerk: User
) -> None:
    def visit() -> int:
        return queries_of(lambda: client.get(reverse("cases:monday")))

    facts = Facts(consultation=(date(2025, 10, 17), None))
    make_case(tree.town, received_on=date(2025, 10, 10), facts=facts)
    visit()  # caches of the process
    with_one = visit()
    for _ in range(LINES + 2):
        make_case(tree.town, received_on=date(2025, 10, 10), facts=facts)
    assert visit() == with_one <= 13


def test_a_new_reply_waits_for_service_by_its_own_day(
    tree: Tree, clerk: User, client: Client
) -> None:
    """Nothing of it stood on the sheet once it was made: it is neither owed nor among the open."""
    ended, hand = date(2025, 10, 20), hand_of(tree.housing)
    answered: dict[str, Any] = {"closed_on": date(2025, 9, 26), "served_on": date(2025, 9, 26)}
    case = make_case(tree.housing, outcome="not_exist", service_method="post", **answered)
    ruled: dict[str, Any] = {"ruling": "revoked", "result": "corrected", "concluded_on": ended}
    review = make_proceeding(tree.housing, case=case, **ruled)
    said: dict[str, Any] = {"by": hand, "today": TODAY}
    workflow.reopen(case, proceeding=review, on=ended, until=date(2025, 11, 3), **said)
    assert sections_of(Case.objects.all(), on=TODAY) == []  # it is owed, in the section above
    new: dict[str, Any] = {"outcome": "granted", "closed_on": TODAY, "service_method": "post"}
    case = workflow.reply_again(case, **said, **new)
    (section,) = sections_of(Case.objects.visible_to(clerk), on=TODAY)
    assert (section.title, section.cases) == ("待送达", [case])
    page = client.get(reverse("cases:monday")).content.decode()
    assert "重办待送达 剩 5 日" in page and "<td>11-03</td>" in page
    workflow.serve(case, **said, service_method="post", served_on=TODAY)
    assert sections_of(Case.objects.all(), on=TODAY) == []
