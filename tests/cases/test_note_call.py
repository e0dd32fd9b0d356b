"""沟通记录: who was called, when, whether reached; the number encrypted and apart."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Role, Stage
from cases.models import AuditEntry, Case, ContactNumber
from tests.makers import TODAY, Tree, hand_of, make_applicant, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NUMBER = "057382711234"


@pytest.fixture
def case(tree: Tree) -> Case:
    """待确认: arrived on 2025-09-15 by the portal."""
    applicant = make_applicant(name="申请人甲", phone="13800000001", address="嘉兴市秀洲区甲路1号")
    return make_case(tree.housing, received_on=None, applicant=applicant)


def url_of(case: Case) -> str:
    return reverse("cases:note_call", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {
        "version": case.version,
        "on": "2025-10-24",
        "at": "9:30",
        "reached": "yes",
        "caller": "经办员戊",
        "party": "申请人本人",
        "number": "",
        "said": "告知已收到申请，约定当面核对",
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def seen(client: Client, case: Case) -> Any:
    return client.get(reverse("cases:detail", args=[case.pk]))


def test_a_call_stands_in_the_course_and_moves_no_term(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    page = clerk_client.post(url_of(case), typed(case), follow=True)
    event = case.events.get(kind=EventKind.CALLED)
    assert (event.on, event.data) == (date(2025, 10, 24), {"reached": True, "at": "09:30"})
    sentence = "09:30 经办员戊与申请人本人通话：告知已收到申请，约定当面核对"
    assert event.text == sentence
    assert sentence in page.content.decode()
    before = case.ends_on
    case.refresh_from_db()
    assert case.ends_on == before == date(2025, 10, 17)
    assert AuditEntry.objects.filter(act=EventKind.CALLED, target_id=str(case.pk)).exists()


def test_calls_in_vain_are_counted_while_the_applicant_is_not_reached(
    clerk_client: Client, case: Case
) -> None:
    assert "还没有联系记录。" in seen(clerk_client, case).content.decode()
    for day in ("2025-10-23", "2025-10-24"):
        case.refresh_from_db()
        fields = {"reached": "no", "said": "", "party": "", "at": "", "on": day}
        clerk_client.post(url_of(case), typed(case, **fields))
    content = seen(clerk_client, case).content.decode()
    assert "已联系 2 次，尚未联系上。" in content
    assert "经办员戊致电申请人，未接通" in content
    case.refresh_from_db()
    assert case.stage == Stage.UNCONFIRMED
    clerk_client.post(url_of(case), typed(case))
    assert "已联系 3 次，已联系上，待确认收到。" in seen(clerk_client, case).content.decode()
    workflow.confirm(case, by=hand_of(case.department), today=TODAY, received_on=TODAY, note="")
    content = seen(clerk_client, case).content.decode()
    assert "已联系 3 次" not in content and "未接通" in content


def test_another_number_is_encrypted_masked_and_in_no_event(
    clerk_client: Client, case: Case
) -> None:
    page = clerk_client.post(url_of(case), typed(case, number="0573-8271 1234"), follow=True)
    stored = ContactNumber.objects.get()
    assert stored.case == case and stored.event == case.events.get(kind=EventKind.CALLED)
    assert stored.number == "0573-8271 1234"
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM cases_contactnumber")
        assert "8271" not in cursor.fetchone()[0]
    content = page.content.decode()
    assert "拨打 057*******1234" in content
    assert "8271 1234" not in content
    told = [*case.events.values_list("text", flat=True)]
    told += [f"{row}" for row in AuditEntry.objects.values_list("after", flat=True)]
    assert not any("8271" in words for words in told)
    found = clerk_client.post(reverse("cases:find"), {"q": NUMBER}, follow=True)
    assert [row.record.number for row in found.context["table"].paginated_rows] == [case.number]


def test_without_another_number_none_is_kept(clerk_client: Client, case: Case) -> None:
    clerk_client.post(url_of(case), typed(case))
    assert not ContactNumber.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"on": ""}, "on", "请填写日期。"),
        ({"on": "2025-10-28"}, "on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"on": "2025-09-14"}, "on", "不能早于到件日期 2025-09-15。"),
        ({"at": "25:00"}, "at", "请写成 14:30 这样。"),
        ({"reached": ""}, "reached", "请选择结果。"),
        ({"reached": "x"}, "reached", "所选的结果不在可选项之内"),
        ({"caller": " "}, "caller", "请填写联系人员。"),
        ({"said": ""}, "said", "请填写沟通内容。"),
        ({"number": "不知道"}, "number", "请填写一个完整的电话号码"),
        ({"number": "123456"}, "number", "请填写一个完整的电话号码"),
        ({"number": "13800000001、13900000002"}, "number", "请填写一个完整的电话号码"),
        ({"said": "另打 13912345678"}, "said", "办理经过不能存个人信息"),
        ({"party": "甲路1号 嘉兴市秀洲区甲路1号"}, "party", "办理经过不能存个人信息"),
        ({"number": NUMBER, "said": "打 0573-82711234"}, "said", "请填在“拨打的号码”里"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, **fields))
    assert sentence in errors(page)[field][0]
    assert sentence in page.content.decode()
    assert case.events.count() == 1 and not ContactNumber.objects.exists()


@pytest.mark.parametrize("day", ["2025-09-15", "2025-10-27"])
def test_the_first_and_the_last_day_that_may_be(clerk_client: Client, case: Case, day: str) -> None:
    assert clerk_client.post(url_of(case), typed(case, on=day)).status_code == 302


@pytest.mark.parametrize("written", ["9:30", "09:30", "9：30", "9.30", "9点30分", ""])
def test_the_time_of_day_however_it_is_written(
    clerk_client: Client, case: Case, written: str
) -> None:
    clerk_client.post(url_of(case), typed(case, at=written))
    event = case.events.get(kind=EventKind.CALLED)
    assert event.data["at"] == ("09:30" if written else "")


def test_a_closed_case_may_still_be_called_about(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=date(2025, 10, 9))
    assert clerk_client.post(url_of(case), typed(case)).status_code == 302


def test_a_voided_case_is_not_called_about(clerk_client: Client, tree: Tree, case: Case) -> None:
    workflow.void(case, by=hand_of(tree.housing), today=TODAY, reason="误登")
    page = clerk_client.get(url_of(case), follow=True)
    sentence = f"{case.number} 已作废，不能记录沟通。"
    assert sentence in page.content.decode()
    case.refresh_from_db()
    page = clerk_client.post(url_of(case), typed(case))
    assert errors(page)["__all__"] == [sentence]
    assert "约定当面核对" in page.content.decode()


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    seen_by_both = typed(case)
    clerk_client.post(url_of(case), seen_by_both)
    page = clerk_client.post(url_of(case), seen_by_both)
    assert "您打开之后" in errors(page)["__all__"][0]
    assert case.events.filter(kind=EventKind.CALLED).count() == 1


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_other_roles_note_no_call(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), typed(case)).status_code == 403
    assert url_of(case) not in seen(client, case).content.decode()


def test_a_stranger_finds_no_case(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.CLERK, tree.neighbour))
    assert client.get(url_of(case)).status_code == 404
    assert client.post(url_of(case), typed(case)).status_code == 404


def test_the_handler_is_proposed_as_who_calls(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, handler=make_user(Role.CLERK, tree.housing, name="经办员己"))
    assert clerk_client.get(url_of(case)).context["form"]["caller"].value() == "经办员己"


def test_the_page_says_which_number_is_registered(
    clerk_client: Client, tree: Tree, case: Case
) -> None:
    content = clerk_client.get(url_of(case)).content.decode()
    assert "登记的号码为 138****0001。" in content and "13800000001" not in content
    without = make_case(tree.housing)
    assert "没有登记号码。" in clerk_client.get(url_of(without)).content.decode()
