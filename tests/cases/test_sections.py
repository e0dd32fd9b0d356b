"""征询科室: one's own sections are asked by a day, and the answer term runs on."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Role
from cases.models import Case, Inquiry
from tests.makers import TODAY, Tree, hand_of, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, received_on=date(2025, 10, 9))  # due on 2025-11-05


def url_of(case: Case, name: str = "ask_section") -> str:
    return reverse(f"cases:{name}", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {
        "version": case.version,
        "section": "法规科",
        "on": "2025-10-13",
        "until": "2025-10-24",
        "question": "补偿方案是否已经公开",
    } | fields


def asked(case: Case, until: date = date(2025, 10, 24), section: str = "法规科") -> Inquiry:
    workflow.ask_section(
        case,
        by=hand_of(case.department),
        today=TODAY,
        on=date(2025, 10, 13),
        section=section,
        question="是否已经公开",
        until=until,
    )
    case.refresh_from_db()
    return Inquiry.objects.latest("pk")


def answer(case: Case, asked: Inquiry, /, **fields: object) -> dict[str, Any]:
    return {
        "version": case.version,
        "inquiry": asked.pk,
        "on": "2025-10-27",
        "answer": "尚未公开，建议予以公开",
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def seen(client: Client, case: Case) -> str:
    return client.get(reverse("cases:detail", args=[case.pk])).content.decode()


def test_asking_a_section_never_moves_the_due_day(clerk_client: Client, case: Case) -> None:
    before = (case.ends_on, case.waiting_for, case.waiting_until)
    assert before == (date(2025, 11, 5), "", None)
    page = clerk_client.post(url_of(case), typed(case), follow=True)
    case.refresh_from_db()
    assert (case.ends_on, case.waiting_for, case.waiting_until) == before
    inquiry = Inquiry.objects.get()
    assert (inquiry.section, inquiry.until_on) == ("法规科", date(2025, 10, 24))
    assert "征询法规科，请于 2025-10-24 前答复，期限照常计算：补偿方案是否已经公开" in (
        page.content.decode()
    )
    clerk_client.post(url_of(case, "answer_section"), answer(case, inquiry))
    case.refresh_from_db()
    assert (case.ends_on, case.waiting_for, case.waiting_until) == before
    clock = workflow.clock_of(case, on=TODAY)
    assert clock.used == 13  # every working day from 10-10 on, the worked Saturday 10-11 too
    assert not clock.irregularities


def test_the_open_ones_are_listed_and_the_late_ones_marked(
    clerk_client: Client, case: Case
) -> None:
    asked(case, date(2025, 10, 24), "法规科")
    asked(case, TODAY, "征收科")  # its last day
    content = seen(clerk_client, case)
    assert "等待科室答复" in content
    assert content.count("已过期限") == 1
    assert "2025-10-24 前" in content and "2025-10-27 前" in content


def test_the_day_after_its_last_it_is_late(case: Case) -> None:
    inquiry = asked(case, TODAY)
    assert not inquiry.is_late(TODAY)
    assert not Inquiry.objects.late(TODAY)
    assert inquiry.is_late(date(2025, 10, 28))
    assert list(Inquiry.objects.late(date(2025, 10, 28))) == [inquiry]


def test_home_counts_the_cases_and_opens_their_list(
    clerk_client: Client, tree: Tree, case: Case
) -> None:
    home = reverse("cases:home")
    assert "征询科室已过期限" not in clerk_client.get(home).content.decode()
    asked(case)
    asked(case, section="征收科")
    make_case(tree.housing)
    asked(make_case(tree.land))  # not this clerk's to see
    closed = make_case(tree.housing)
    asked(closed)
    workflow.reply(
        closed,
        by=hand_of(tree.housing),
        today=TODAY,
        outcome="granted",
        closed_on=TODAY,
        service_method="post",
        served_on=TODAY,
    )
    content = clerk_client.get(home).content.decode()
    address = f"{reverse('cases:list')}?section=late"
    assert f'征询科室已过期限 <a href="{address}">1 件</a>' in content
    listed = clerk_client.get(address)
    assert [row.record.pk for row in listed.context["table"].paginated_rows] == [case.pk]
    assert [chip.text for chip in listed.context["chips"]] == ["征询科室：已过期限"]


def test_an_answer_ends_the_asking(clerk_client: Client, case: Case) -> None:
    inquiry = asked(case)
    page = clerk_client.post(url_of(case, "answer_section"), answer(case, inquiry), follow=True)
    inquiry.refresh_from_db()
    assert inquiry.answered_on == TODAY
    content = page.content.decode()
    assert "法规科答复（已过期限）：尚未公开，建议予以公开" in content
    assert "等待科室答复" not in content
    event = case.events.get(kind=EventKind.SECTION_ANSWERED)
    assert event.data == {"inquiry": inquiry.pk}


def test_an_answer_on_the_last_day_is_not_late(clerk_client: Client, case: Case) -> None:
    inquiry = asked(case)
    clerk_client.post(url_of(case, "answer_section"), answer(case, inquiry, on="2025-10-24"))
    assert case.events.get(kind=EventKind.SECTION_ANSWERED).text.startswith("法规科答复：")


def test_one_of_several_is_answered(clerk_client: Client, case: Case) -> None:
    first, second = asked(case), asked(case, section="征收科")
    page = clerk_client.get(url_of(case, "answer_section"), {"inquiry": second.pk})
    assert page.context["form"]["inquiry"].value() == str(second.pk)
    clerk_client.post(url_of(case, "answer_section"), answer(case, second))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.answered_on is None and second.answered_on == TODAY


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"section": " "}, "section", "请填写科室。"),
        ({"question": ""}, "question", "请填写征询内容。"),
        ({"on": "2025-10-28"}, "on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"on": "2025-10-08"}, "on", "不能早于收到日期 2025-10-09。"),
        ({"until": "2025-10-12"}, "until", "不能早于征询日期 2025-10-13。"),
        ({"until": ""}, "until", "请填写答复期限。"),
        ({"until": "月底"}, "until", "“月底”不是一个日期"),
        ({"question": "问 13912345678"}, "question", "办理经过不能存个人信息"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, **fields))
    assert sentence in errors(page)[field][0]
    assert sentence in page.content.decode()
    assert case.events.count() == 1 and not Inquiry.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"inquiry": "987654"}, "inquiry", "所选的征询不在可选项之内"),
        ({"inquiry": "x"}, "inquiry", "所选的征询不在可选项之内"),
        ({"on": "2025-10-12"}, "on", "不能早于征询日期 2025-10-13。"),
        ({"on": "2025-10-28"}, "on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"answer": ""}, "answer", "请填写答复内容。"),
        ({"answer": "问 13912345678"}, "answer", "办理经过不能存个人信息"),
    ],
)
def test_a_bad_answer_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    inquiry = asked(case)
    page = clerk_client.post(url_of(case, "answer_section"), answer(case, inquiry, **fields))
    assert sentence in errors(page)[field][0]
    inquiry.refresh_from_db()
    assert inquiry.answered_on is None


@pytest.mark.parametrize("until", ["2025-10-13", "2026-01-05"])
def test_the_day_may_be_the_same_or_in_the_next_year(
    clerk_client: Client, case: Case, until: str
) -> None:
    assert clerk_client.post(url_of(case), typed(case, until=until)).status_code == 302
    assert Inquiry.objects.get().until_on == date.fromisoformat(until)


@pytest.mark.parametrize("stage", ["unconfirmed", "closed"])
def test_only_of_an_open_case_a_section_is_asked(
    clerk_client: Client, tree: Tree, stage: str
) -> None:
    case = make_case(
        tree.housing,
        received_on=None if stage == "unconfirmed" else date(2025, 9, 15),
        closed_on=date(2025, 10, 9) if stage == "closed" else None,
    )
    page = clerk_client.get(url_of(case), follow=True)
    assert "不能征询科室。" in page.content.decode()
    page = clerk_client.post(url_of(case), typed(case))
    assert "不能征询科室。" in errors(page)["__all__"][0]
    assert "补偿方案是否已经公开" in page.content.decode()
    assert not Inquiry.objects.exists()


def test_what_was_not_asked_is_not_answered(clerk_client: Client, case: Case) -> None:
    sentence = f"{case.number} 没有等待答复的科室征询。"
    page = clerk_client.get(url_of(case, "answer_section"), follow=True)
    assert sentence in page.content.decode()
    inquiry = asked(case)
    said = answer(case, inquiry)
    clerk_client.post(url_of(case, "answer_section"), said)
    case.refresh_from_db()
    page = clerk_client.post(url_of(case, "answer_section"), said | {"version": case.version})
    assert page.status_code == 200 and errors(page)
    assert case.events.filter(kind=EventKind.SECTION_ANSWERED).count() == 1


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    said = typed(case)
    clerk_client.post(url_of(case), said)
    page = clerk_client.post(url_of(case), said)
    assert "您打开之后" in errors(page)["__all__"][0]
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
@pytest.mark.parametrize("name", ["ask_section", "answer_section"])
def test_other_roles_ask_no_section(
    client: Client, tree: Tree, case: Case, role: Role, name: str
) -> None:
    inquiry = asked(case)
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case, name)).status_code == 403
    said = typed(case) if name == "ask_section" else answer(case, inquiry)
    assert client.post(url_of(case, name), said).status_code == 403


@pytest.mark.parametrize("name", ["ask_section", "answer_section"])
def test_a_stranger_finds_no_case(client: Client, tree: Tree, case: Case, name: str) -> None:
    client.force_login(make_user(Role.CLERK, tree.neighbour))
    assert client.get(url_of(case, name)).status_code == 404
    assert client.post(url_of(case, name), typed(case)).status_code == 404


def test_many_askings_cost_the_page_no_more_queries(clerk_client: Client, case: Case) -> None:
    asked(case)

    def visit() -> int:
        return queries_of(lambda: seen(clerk_client, case))

    visit()
    with_one = visit()
    for n in range(7):
        asked(case, section=f"{n} 科")
    assert visit() == with_one


@pytest.mark.parametrize(
    "columns",
    [
        {"section": ""},
        {"until_on": date(2025, 10, 12)},  # before it was asked
        {"answered_on": date(2025, 10, 12)},
    ],
    ids=str,
)
def test_the_database_refuses_what_cannot_be(case: Case, columns: dict[str, Any]) -> None:
    inquiry = asked(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.filter(pk=inquiry.pk).update(**columns)
