"""登记申请 (条例29, 31): one page, its rules, and everything that may be typed wrongly."""

from datetime import date
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.urls import reverse

from cases.choices import ApplicantKind, Channel, EventKind, Role, Stage
from cases.models import Applicant, Case, Event
from tests.makers import (
    TODAY,
    Tree,
    make_applicant,
    make_case,
    make_department,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
URL = reverse("cases:register")


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.housing, name="经办员戊"))
    return client


def typed(tree: Tree, **fields: object) -> dict[str, Any]:
    """A form as a clerk fills it in."""
    return {
        "kind": ApplicantKind.NATURAL_PERSON,
        "name": "申请人甲",
        "id_number": "33041119700101000X",
        "phone": "13800000000",
        "address": "嘉兴市秀洲区甲路1号",
        "email": "jia@example.cn",
        "channel": Channel.REGISTERED_MAIL,
        "arrived_on": "2025-10-24",
        "received_on": "2025-10-24",
        "content": "甲路以东地块房屋征收补偿方案",
        "department": tree.housing.pk,
        "token": uuid4(),
        **fields,
    }


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_an_application_is_registered_with_its_number_and_due_day(
    clerk_client: Client, tree: Tree
) -> None:
    answer = clerk_client.post(URL, typed(tree), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("cases:detail", args=[case.pk])
    assert "已登记 秀建公开申〔2025〕1号。" in answer.content.decode()
    assert case.number == "秀建公开申〔2025〕1号"
    assert case.ends_on == date(2025, 11, 21)
    assert case.applicant.phone == "13800000000"
    event = Event.objects.get(case=case)
    assert (event.kind, event.on) == (EventKind.REGISTERED, date(2025, 10, 24))
    assert event.by is not None and event.by.display_name == "经办员戊"


def test_the_rule_of_every_channel_stands_beside_the_day_of_receipt(clerk_client: Client) -> None:
    content = clerk_client.get(URL).content.decode()
    for channel in Channel:
        assert channel.receipt_rule in content
    assert "207号" in content


def test_the_clerks_own_department_is_proposed_and_no_other_offered(
    clerk_client: Client, tree: Tree
) -> None:
    form = clerk_client.get(URL).context["form"]
    assert form["department"].initial == tree.housing.pk
    assert list(form.fields["department"].queryset) == [tree.housing]


def test_a_government_is_offered_as_its_office(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.government))
    form = client.get(URL).context["form"]
    assert form["department"].initial == tree.office.pk
    assert tree.government not in form.fields["department"].queryset
    assert tree.neighbour not in form.fields["department"].queryset


def test_any_organ_may_draft_while_the_case_stays_with_the_one_that_answers(
    clerk_client: Client, tree: Tree
) -> None:
    clerk_client.post(URL, typed(tree, drafting_department=tree.land.pk))
    case = Case.objects.get()
    assert (case.department, case.drafting_department) == (tree.housing, tree.land)


@pytest.mark.parametrize("channel", [c for c in Channel if c.needs_confirmation])
def test_what_only_the_applicants_word_receives_may_wait_for_it(
    clerk_client: Client, tree: Tree, channel: Channel
) -> None:
    clerk_client.post(URL, typed(tree, channel=channel, received_on="", unconfirmed="on"))
    case = Case.objects.get()
    assert case.stage == Stage.UNCONFIRMED
    assert case.received_on is None and case.ends_on is None


@pytest.mark.parametrize("channel", [c for c in Channel if c.needs_confirmation])
def test_an_empty_day_of_receipt_is_no_accident(
    clerk_client: Client, tree: Tree, channel: Channel
) -> None:
    page = clerk_client.post(URL, typed(tree, channel=channel, received_on=""))
    assert errors(page) == {
        "received_on": ["请填写与申请人确认之日；还没有联系上的，请勾选下面的“待确认”。"]
    }
    assert not Case.objects.exists()


@pytest.mark.parametrize("channel", [c for c in Channel if not c.needs_confirmation])
def test_what_is_handed_over_or_signed_for_is_received(
    clerk_client: Client, tree: Tree, channel: Channel
) -> None:
    page = clerk_client.post(URL, typed(tree, channel=channel, received_on="", unconfirmed="on"))
    assert errors(page)["unconfirmed"] == [f"{channel.label}申请不能登记为待确认，请填写收到日期。"]
    page = clerk_client.post(URL, typed(tree, channel=channel, received_on=""))
    assert errors(page) == {"received_on": [f"请填写收到日期：{channel.receipt_rule}"]}
    assert not Case.objects.exists()


def test_waiting_and_received_at_once_is_a_contradiction(clerk_client: Client, tree: Tree) -> None:
    page = clerk_client.post(URL, typed(tree, channel=Channel.PORTAL, unconfirmed="on"))
    assert "unconfirmed" in errors(page)


def test_only_the_particulars_of_the_chosen_kind_are_kept(clerk_client: Client, tree: Tree) -> None:
    """Typed for a person, then changed to a company: the identity number is not a company's."""
    both = {"credit_code": "91330411MA00000000", "contact_name": "联系人甲"}
    clerk_client.post(URL, typed(tree, kind=ApplicantKind.ORG_COMMERCIAL, **both))
    applicant = Applicant.objects.get()
    assert (applicant.id_number, applicant.credit_code) == ("", "91330411MA00000000")
    clerk_client.post(URL, typed(tree, **both))
    applicant = Applicant.objects.latest("pk")
    assert (applicant.credit_code, applicant.contact_name) == ("", "")
    assert applicant.id_number == "33041119700101000X"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"received_on": "2025-10-28"}, "received_on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"arrived_on": "2025-10-28"}, "arrived_on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"received_on": "2025-10-23"}, "received_on", "不能早于到件日期 2025-10-24。"),
        ({"received_on": "2025-02-30"}, "received_on", "“2025-02-30”不是一个日期"),
        ({"arrived_on": "昨天"}, "arrived_on", "“昨天”不是一个日期，请写成 2026-01-04 这样。"),
        ({"arrived_on": "0202-10-24"}, "arrived_on", "0202-10-24 太早了，请核对年份。"),
        ({"arrived_on": ""}, "arrived_on", "请填写到件日期。"),
        ({"kind": ""}, "kind", "请选择申请人类别。"),
        ({"kind": "ghost"}, "kind", "所选的申请人类别不在可选项之内，请重新选择。"),
        ({"channel": "pigeon"}, "channel", "所选的申请方式不在可选项之内，请重新选择。"),
        ({"name": "  "}, "name", "请填写姓名或名称。"),
        ({"name": "名" * 201}, "name", "最多 200 个字，现有 201 个。"),
        ({"content": ""}, "content", "请填写申请内容。"),
        ({"agent_name": "代\0理"}, "agent_name", "含有无法保存的字符，请删去后重试。"),
        ({"remarks": "备\0注"}, "remarks", "含有无法保存的字符，请删去后重试。"),
        ({"email": "jia"}, "email", "“jia”不是一个电子邮箱地址。"),
        ({"department": "99999"}, "department", "所选的受理单位不在可选项之内，请重新选择。"),
        ({"department": "x"}, "department", "所选的受理单位不在可选项之内，请重新选择。"),
        ({"department": ""}, "department", "请选择受理单位。"),
        ({"handler": "99999"}, "handler", "所选的经办人不在可选项之内，请重新选择。"),
        ({"drafting_department": "-1"}, "drafting_department", "所选的承办单位不在可选项之内"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    clerk_client: Client, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(URL, typed(tree, **fields))
    assert page.status_code == 200
    assert sentence in errors(page)[field][0]
    content = page.content.decode()
    assert "没有登记，请改正后再提交" in content
    assert "甲路以东地块房屋征收补偿方案" in content or "content" in fields
    assert "13800000000" in content
    assert not Case.objects.exists() and not Applicant.objects.exists()


@pytest.mark.parametrize(
    "written", ["2025/10/24", "2025年10月24日", "20251024", "2025.10.24", "２０２５－１０－２４"]
)
def test_days_may_be_written_in_the_usual_ways(
    clerk_client: Client, tree: Tree, written: str
) -> None:
    clerk_client.post(URL, typed(tree, arrived_on=written, received_on=f" {written} "))
    assert Case.objects.get().received_on == date(2025, 10, 24)


def test_another_departments_name_cannot_be_smuggled_in(clerk_client: Client, tree: Tree) -> None:
    page = clerk_client.post(URL, typed(tree, department=tree.land.pk))
    assert "department" in errors(page)
    assert not Case.objects.exists()


def test_an_organ_that_has_a_successor_is_offered_no_more(client: Client, tree: Tree) -> None:
    gone = make_department("原区房管局", parent=tree.government)
    type(gone).objects.filter(pk=gone.pk).update(
        successor=tree.housing, succeeded_on=date(2025, 1, 1)
    )
    client.force_login(make_user(Role.CLERK, tree.government))
    assert gone not in client.get(URL).context["form"].fields["department"].queryset


def test_a_double_submit_is_one_case(clerk_client: Client, tree: Tree) -> None:
    once = typed(tree)
    first = clerk_client.post(URL, once)
    second = clerk_client.post(URL, once)
    case = Case.objects.get()
    assert first.url == second.url == reverse("cases:detail", args=[case.pk])  # type: ignore[attr-defined]
    assert Applicant.objects.count() == 1


def test_another_application_on_a_used_form_is_kept_and_asked_about(
    clerk_client: Client, tree: Tree
) -> None:
    """The browser's back button, new words, 登记: no double submit, and nothing may be lost."""
    once = typed(tree)
    clerk_client.post(URL, once)
    page = clerk_client.post(URL, once | {"content": "另一件事"})
    assert "已经登记为 秀建公开申〔2025〕1号" in errors(page)["__all__"][0]
    assert "另一件事" in page.content.decode()
    assert Case.objects.count() == 1
    renewed = page.context["form"]["token"].value()
    clerk_client.post(URL, once | {"content": "另一件事", "token": renewed})
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"phone": "13900000000"},
        {"id_number": ""},
        {"address": "嘉兴市秀洲区乙路2号"},
        {"name": "申请人乙"},
        {"channel": Channel.COURIER},
        {"arrived_on": "2025-10-23"},
        {"received_on": "2025-10-27"},
        {"purpose": "自用"},
        {"delivery_wanted": "email"},
        {"agent_name": "代理人乙"},
        {"remarks": "另附材料"},
    ],
)
def test_no_change_on_a_used_form_is_dropped_in_silence(
    clerk_client: Client, tree: Tree, changed: dict[str, str]
) -> None:
    once = typed(tree)
    clerk_client.post(URL, once)
    page = clerk_client.post(URL, once | changed)
    assert "已经登记为 秀建公开申〔2025〕1号" in errors(page)["__all__"][0]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "", None])
def test_a_tampered_or_missing_token_is_replaced(
    clerk_client: Client, tree: Tree, token: str | None
) -> None:
    said = typed(tree) | {"token": token}
    page = clerk_client.post(URL, {name: v for name, v in said.items() if v is not None})
    assert errors(page)["token"] == ["表单已过期，没有保存。您填的内容还在，请核对后再提交一次。"]
    assert "甲路以东地块房屋征收补偿方案" in page.content.decode()
    again = typed(tree, token=page.context["form"]["token"].value())
    clerk_client.post(URL, again)
    assert Case.objects.count() == 1


def test_register_again_keeps_the_applicant_without_showing_or_sending_personal_data(
    clerk_client: Client, tree: Tree
) -> None:
    answer = clerk_client.post(URL, typed(tree, again="1", agent_name="代理人乙"), follow=True)
    first = Case.objects.get()
    assert answer.redirect_chain[-1][0] == f"{URL}?like={first.pk}"
    content = answer.content.decode()
    assert f"沿用 {first.number} 的申请人" in content
    assert "138****0000" in content
    assert "13800000000" not in content and "33041119700101000X" not in content
    assert not any("13800000000" in str(v) for v in clerk_client.session.items())
    form = answer.context["form"]
    assert form["received_on"].initial == date(2025, 10, 24)
    assert not form["content"].value()

    second = {
        "like": first.pk,
        "channel": Channel.REGISTERED_MAIL,
        "arrived_on": "2025-10-24",
        "received_on": "2025-10-24",
        "content": "另一件事",
        "department": tree.housing.pk,
        "token": uuid4(),
    }
    clerk_client.post(URL, second)
    latest = Case.objects.latest("pk")
    assert latest.content == "另一件事"
    assert latest.applicant.phone == "13800000000"
    assert latest.applicant_id != first.applicant_id  # each case has its own, put right alone


def test_an_applicant_outside_the_scope_cannot_be_kept(clerk_client: Client, tree: Tree) -> None:
    theirs = make_case(tree.land, applicant=make_applicant(phone="13900000000"))
    assert clerk_client.get(URL, {"like": theirs.pk}).status_code == 404
    assert clerk_client.post(URL, typed(tree, like=theirs.pk)).status_code == 404
    for made_up in (10**30, "9" * 5000):
        assert clerk_client.get(URL, {"like": made_up}).status_code == 404
        assert clerk_client.post(URL, typed(tree, like=made_up)).status_code == 404
    assert clerk_client.get(URL, {"like": "x"}).status_code == 200


def test_an_applicant_is_not_kept_from_where_one_only_reads(client: Client, tree: Tree) -> None:
    user = make_user(Role.CLERK, tree.housing)
    user.assignments.create(department=tree.land, role=Role.AUDITOR)
    theirs = make_case(tree.land)
    client.force_login(user)
    assert client.get(URL, {"like": theirs.pk}).status_code == 403


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_do_not_register(client: Client, tree: Tree, role: Role) -> None:
    client.force_login(make_user(role, tree.government))
    assert client.get(URL).status_code == 403
    assert client.post(URL, typed(tree)).status_code == 403
    assert not Case.objects.exists()


def test_a_right_that_ends_meanwhile_is_said_and_nothing_is_lost(
    clerk_client: Client, tree: Tree
) -> None:
    with patch("cases.workflow.register.can", return_value=False):
        page = clerk_client.post(URL, typed(tree))
    assert page.status_code == 403
    assert errors(page)["__all__"] == ["您没有在区住建局登记申请的权限。"]
    assert "甲路以东地块房屋征收补偿方案" in page.content.decode()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (OperationalError("database is locked"), "系统正忙，这次没有保存。"),
        (IntegrityError("UNIQUE constraint failed"), "与系统中已有的记录冲突，没有保存。"),
    ],
)
def test_a_database_that_refuses_gives_a_sentence_and_keeps_the_form(
    clerk_client: Client, tree: Tree, failure: Exception, sentence: str
) -> None:
    with patch("cases.workflow.register.take_number", side_effect=failure):
        page = clerk_client.post(URL, typed(tree))
    assert errors(page)["__all__"][0].startswith(sentence)
    assert "甲路以东地块房屋征收补偿方案" in page.content.decode()
    assert not Case.objects.exists() and not Applicant.objects.exists()
    assert not Event.objects.exists()


def test_other_methods_are_refused(clerk_client: Client) -> None:
    assert clerk_client.put(URL).status_code == 405
    assert clerk_client.delete(URL).status_code == 405


def test_looking_at_the_page_writes_nothing(clerk_client: Client, tree: Tree) -> None:
    clerk_client.get(URL)
    assert not Case.objects.exists()


def test_received_today_is_the_last_day_allowed(clerk_client: Client, tree: Tree) -> None:
    today = TODAY.isoformat()
    clerk_client.post(URL, typed(tree, arrived_on=today, received_on=today))
    assert Case.objects.get().received_on == TODAY
