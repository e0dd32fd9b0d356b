"""Agents, co-applicants and applications that were spoken (条例29)."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import ApplicantKind, Channel, Role
from cases.models import AuditEntry, Case
from tests.makers import TODAY, Tree, hand_of, make_applicant, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PERSON = {
    "name": "申请人甲",
    "id_number": "33041119700101000X",
    "phone": "13800000000",
    "address": "嘉兴市秀洲区甲路1号",
    "email": "jia@example.cn",
}


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.housing, name="经办员戊"))
    return client


def typed(tree: Tree, **fields: object) -> dict[str, Any]:
    return {
        "kind": ApplicantKind.NATURAL_PERSON,
        **PERSON,
        "channel": Channel.IN_PERSON,
        "arrived_on": "2025-10-24",
        "received_on": "2025-10-24",
        "content": "甲路以东地块房屋征收补偿方案",
        "department": tree.housing.pk,
        "token": uuid4(),
        **fields,
    }


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def spoken(tree: Tree, **fields: Any) -> Case:
    person = make_applicant(**PERSON)
    return make_case(tree.housing, applicant=person, channel=Channel.IN_PERSON, oral=True, **fields)


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("申请人乙、申请人丙", "申请人乙、申请人丙"),
        ("申请人乙,申请人丙；申请人丁", "申请人乙、申请人丙、申请人丁"),
        (" 申请人乙 、、申请人乙", "申请人乙"),
        ("某公司（有限合伙）", "某公司（有限合伙）"),
    ],
)
def test_co_applicants_are_names_in_one_line(
    clerk_client: Client, tree: Tree, said: str, stored: str
) -> None:
    page = clerk_client.post(
        reverse("cases:register"), typed(tree, co_applicants=said), follow=True
    )
    case = Case.objects.get()
    assert case.co_applicants == stored
    assert stored in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"co_applicants": "乙 13800000000"}, "co_applicants", "只写姓名或者名称"),
        ({"co_applicants": "申请人乙、申请人甲"}, "co_applicants", "“申请人甲”已是申请人"),
        ({"co_applicants": "名" * 301}, "co_applicants", "最多 300 个字，现有 301 个。"),
        ({"oral": "on", "channel": Channel.PORTAL}, "oral", "只有当面提出的申请才能是口头申请"),
        ({"oral": "on", "channel": Channel.ORDINARY_MAIL}, "oral", "只有当面提出的申请"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(reverse("cases:register"), typed(tree, **fields))
    assert sentence in errors(page)[field][0]
    assert not Case.objects.exists()


def test_the_next_application_of_the_same_people_keeps_them(
    clerk_client: Client, tree: Tree
) -> None:
    kept = make_case(tree.housing, name="申请人甲", co_applicants="申请人乙", agent_name="代理人")
    page = clerk_client.get(reverse("cases:register"), {"like": kept.pk})
    assert page.context["form"]["co_applicants"].value() == "申请人乙"


def test_amended_they_are_told_before_and_after(clerk_client: Client, tree: Tree) -> None:
    case = spoken(tree, co_applicants="申请人乙")
    by = hand_of(tree.housing)
    workflow.amend(
        case, by=by, today=TODAY, reason="漏登", values={"co_applicants": "申请人乙、申请人丙"}
    )
    changes = case.events.latest("pk").data["changes"]
    assert changes == {"共同申请人": ["申请人乙", "申请人乙、申请人丙"]}
    workflow.amend(case, by=by, today=TODAY, reason="提交了书面申请", values={"oral": False})
    page = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "口头提出：是 → 否" in page
    with pytest.raises(ValidationError, match="只有当面提出"):
        workflow.amend(
            case, by=by, today=TODAY, reason="误选",
            values={"oral": True, "channel": Channel.REGISTERED_MAIL},
        )  # fmt: skip


def test_the_form_of_amending_has_both(clerk_client: Client, tree: Tree) -> None:
    case = spoken(tree, co_applicants="申请人乙")
    page = clerk_client.get(reverse("cases:amend", args=[case.pk])).content.decode()
    assert "现为：申请人乙" in page and "现为：是" in page


def test_a_co_applicant_is_found_by_name(clerk_client: Client, tree: Tree) -> None:
    case = spoken(tree, co_applicants="申请人癸")
    make_case(tree.housing)
    page = clerk_client.get(reverse("cases:list"), {"q": "申请人癸"})
    assert [row.record for row in page.context["table"].page] == [case]


def test_the_database_keeps_what_is_spoken_in_person(tree: Tree) -> None:
    case = spoken(tree)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(channel=Channel.FAX)


# The form to sign --------------------------------------------------------------------------------


def form_of(case: Case) -> str:
    return reverse("cases:application_form", args=[case.pk])


def test_a_spoken_application_says_so_and_leads_to_its_form(
    clerk_client: Client, tree: Tree
) -> None:
    clerk_client.post(reverse("cases:register"), typed(tree, oral="on"))
    case = Case.objects.get()
    assert case.oral
    assert case.events.get().text == "当面口头提出，由本机关代填申请表，2025-10-24 为收到日。"
    page = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert form_of(case) in page and "当面，口头提出" in page


def test_the_form_has_all_that_an_application_must_hold(clerk_client: Client, tree: Tree) -> None:
    case = spoken(tree, co_applicants="申请人乙", purpose="自用", form_wanted="paper")
    page = clerk_client.get(form_of(case)).content.decode()
    said = (case.number, "申请人甲", "申请人乙", case.content, "自用", "纸质", "第二十九条")
    assert all(words in page for words in (*said, "秀洲区住房和城乡建设局", "2025 年 9 月 15 日"))
    assert "申请人签名" in page


def test_personal_data_are_masked_and_in_full_only_by_an_act_that_is_logged(
    clerk_client: Client, tree: Tree
) -> None:
    case = spoken(tree)
    page = clerk_client.get(form_of(case)).content.decode()
    assert "138****0000" in page
    assert not any(PERSON[name] in page for name in ("id_number", "phone", "address", "email"))
    assert not AuditEntry.objects.filter(act__startswith="打印申请表").exists()
    page = clerk_client.post(form_of(case)).content.decode()
    assert all(PERSON[name] in page for name in PERSON)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.act, entry.target_name) == ("打印申请表（含完整信息）", case.number)
    assert not any(PERSON["phone"] in str(value) for value in (entry.before, entry.after))


def test_an_auditor_gets_the_masked_form_alone(client: Client, tree: Tree) -> None:
    case = spoken(tree)
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    page = client.get(form_of(case))
    assert page.status_code == 200 and "填入完整信息" not in page.content.decode()
    assert client.post(form_of(case)).status_code == 403
    assert not AuditEntry.objects.filter(act__startswith="打印申请表").exists()


def test_a_stranger_finds_no_form(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(form_of(spoken(tree))).status_code == 404


def test_what_was_handed_in_has_no_form_to_print(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, channel=Channel.IN_PERSON)
    page = clerk_client.get(form_of(case), follow=True)
    assert "不是口头提出的" in page.content.decode()
    assert form_of(case) not in page.content.decode()


def test_an_organisations_form_asks_for_its_own_particulars(
    clerk_client: Client, tree: Tree
) -> None:
    company = make_applicant(ApplicantKind.ORG_COMMERCIAL, name="某公司", credit_code="91330400X")
    case = make_case(tree.housing, applicant=company, channel=Channel.IN_PERSON, oral=True)
    page = clerk_client.get(form_of(case)).content.decode()
    assert "91330400X" in page and "法定代表人" in page and "证件号码" not in page


def test_the_form_costs_a_fixed_number_of_queries(clerk_client: Client, tree: Tree) -> None:
    case = spoken(tree)
    clerk_client.get(form_of(case))
    assert queries_of(lambda: clerk_client.get(form_of(case))) <= 9
