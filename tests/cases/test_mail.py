"""邮寄: the number kept, signed for, or come back and served again (国办公开办函〔2016〕235号)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Role, ServiceMethod, Stage
from cases.models import Case
from tests.makers import TODAY, Tree, hand_of, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NUMBER = "XA12345678933"


@pytest.fixture
def case(tree: Tree) -> Case:
    """Due on 2025-10-17, posted the day before."""
    return make_case(
        tree.housing,
        closed_on=date(2025, 10, 16),
        service_method=ServiceMethod.POST,
        served_on=date(2025, 10, 16),
    )


@pytest.fixture
def unserved(tree: Tree) -> Case:
    return make_case(tree.housing, closed_on=date(2025, 10, 16), service_method="post")


def url_of(case: Case, verb: str) -> str:
    return reverse(f"cases:{verb}", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    case.refresh_from_db()
    return {
        "version": case.version,
        "on": "2025-10-22",
        "reason": "逾期未领",
        "mail_number": NUMBER,
    } | fields


def posted(case: Case, **fields: object) -> dict[str, Any]:
    case.refresh_from_db()
    return {
        "version": case.version,
        "service_method": "post",
        "served_on": "2025-10-17",
        "mail_number": NUMBER,
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_the_number_is_kept_and_shown(clerk_client: Client, unserved: Case) -> None:
    said = posted(unserved, mail_number="xa1234 5678 933")
    page = clerk_client.post(url_of(unserved, "serve"), said, follow=True)
    assert f"交邮日期 2025-10-17，邮单号 {NUMBER}" in page.content.decode()
    event = unserved.events.get(kind=EventKind.SERVED)
    assert event.data == {"method": "post", "mail_number": NUMBER}
    form = clerk_client.get(url_of(unserved, "sign_mail")).context["form"]
    assert form["mail_number"].value() == NUMBER


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"mail_number": "X1"}, "邮单号为 8 至 20 位字母和数字，请核对。"),
        ({"mail_number": "甲乙丙丁戊己庚辛"}, "邮单号为 8 至 20 位字母和数字，请核对。"),
        ({"mail_number": "13800000000"}, "这像是电话或证件号码"),
        ({"service_method": "in_person"}, "只有邮寄才有邮单号，请留空。"),
    ],
)
def test_what_is_no_number_is_said(
    clerk_client: Client, unserved: Case, fields: dict[str, str], sentence: str
) -> None:
    page = clerk_client.post(url_of(unserved, "serve"), posted(unserved, **fields))
    assert sentence in errors(page)["mail_number"][0]
    unserved.refresh_from_db()
    assert unserved.stage == Stage.UNSERVED


def reply(case: Case, **fields: object) -> dict[str, Any]:
    return posted(case, outcome="granted", closed_on="2025-10-16", **fields)


def test_a_reply_posted_at_once_has_its_number_too(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    page = clerk_client.post(url_of(case, "reply"), reply(case), follow=True)
    assert f"交邮日期 2025-10-17，邮单号 {NUMBER}" in page.content.decode()
    event = case.events.get(kind=EventKind.SERVED)
    assert event.data == {"method": "post", "mail_number": NUMBER}


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"served_on": ""}, "served_on", "填了邮单号的，请填交邮日期。"),
        ({"mail_number": "X1"}, "mail_number", "邮单号为 8 至 20 位字母和数字，请核对。"),
        ({"service_method": "email"}, "mail_number", "只有邮寄才有邮单号，请留空。"),
    ],
)
def test_a_number_has_its_place_in_a_reply(
    clerk_client: Client, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    case = make_case(tree.housing)
    page = clerk_client.post(url_of(case, "reply"), reply(case, **fields))
    assert errors(page)[field] == [sentence]
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_signed_for_the_day_of_posting_counts(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case, "sign_mail"), typed(case), follow=True)
    content = page.content.decode()
    assert f"妥投：签收日期 2025-10-22，邮单号 {NUMBER}" in content
    assert "按时办结" in content
    case.refresh_from_db()
    assert (case.served_on, case.stage) == (date(2025, 10, 16), Stage.CLOSED)


def test_come_back_it_is_to_be_served_again(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case, "return_mail"), typed(case), follow=True)
    content = page.content.decode()
    case.refresh_from_db()
    assert (case.stage, case.served_on) == (Stage.UNSERVED, None)
    assert f"退件：逾期未领（2025-10-16 交邮，邮单号 {NUMBER}），须重新送达" in content
    assert "待送达" in content
    again = posted(case, service_method="in_person", served_on="2025-10-24", mail_number="")
    content = clerk_client.post(url_of(case, "serve"), again, follow=True).content.decode()
    case.refresh_from_db()
    assert (case.stage, case.served_on) == (Stage.CLOSED, date(2025, 10, 24))
    assert "逾期 5 日办结" in content  # the service that succeeded counts
    kinds = [event.kind for event in case.events.order_by("pk")]
    assert kinds[-3:] == ["served", "mail_returned", "served"]


@pytest.mark.parametrize(("on", "words"), [("2025-10-17", "按时"), ("2025-10-18", "逾期")])
def test_served_again_by_the_due_day_it_is_in_time(
    clerk_client: Client, case: Case, on: str, words: str
) -> None:
    clerk_client.post(url_of(case, "return_mail"), typed(case, on="2025-10-17"))
    again = posted(case, served_on=on)
    page = clerk_client.post(url_of(case, "serve"), again, follow=True)
    assert f"{words}办结" in page.content.decode()


@pytest.mark.parametrize("verb", ["sign_mail", "return_mail"])
@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"on": ""}, "on", "日期。"),
        ({"on": "2025-10-15"}, "on", "不能早于交邮日期 2025-10-16。"),
        ({"on": "2025-10-28"}, "on", "不能填将来的日期。"),
        ({"mail_number": "?"}, "mail_number", "邮单号为 8 至 20 位"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, verb: str, fields: dict[str, str], field: str, sentence: str
) -> None:
    before = case.events.count()
    page = clerk_client.post(url_of(case, verb), typed(case, **fields))
    assert sentence in errors(page)[field][0]
    case.refresh_from_db()
    assert (case.stage, case.events.count()) == (Stage.CLOSED, before)


def test_a_return_has_its_reason_without_numbers(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case, "return_mail"), typed(case, reason=""))
    assert errors(page)["reason"] == ["请填写退件原因。"]
    page = clerk_client.post(url_of(case, "return_mail"), typed(case, reason="13800000000 停机"))
    assert "不能存个人信息" in errors(page)["__all__"][0]
    case.refresh_from_db()
    assert case.stage == Stage.CLOSED


def test_only_what_is_in_the_post(clerk_client: Client, tree: Tree, case: Case) -> None:
    by_hand = make_case(tree.housing, closed_on=TODAY, service_method="in_person", served_on=TODAY)
    page = clerk_client.get(url_of(by_hand, "return_mail"), follow=True)
    assert "不是邮寄送达的，没有邮件可以登记。" in page.content.decode()
    page = clerk_client.get(url_of(make_case(tree.housing), "sign_mail"), follow=True)
    assert "办理中，不能登记妥投。" in page.content.decode()
    clerk_client.post(url_of(case, "sign_mail"), typed(case))
    for verb in ("sign_mail", "return_mail"):
        page = clerk_client.post(url_of(case, verb), typed(case))
        assert "的邮件已登记妥投（2025-10-22）。" in errors(page)["__all__"][0]


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    seen = typed(case)
    clerk_client.post(url_of(case, "sign_mail"), seen)
    page = clerk_client.post(url_of(case, "return_mail"), seen)
    assert "您打开之后" in errors(page)["__all__"][0]


@pytest.mark.parametrize("verb", ["sign_mail", "return_mail"])
def test_other_roles_and_strangers(client: Client, tree: Tree, case: Case, verb: str) -> None:
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        client.force_login(make_user(role, tree.housing))
        assert client.get(url_of(case, verb)).status_code == 403
        assert client.post(url_of(case, verb), typed(case)).status_code == 403
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(url_of(case, verb)).status_code == 404
    assert client.post(url_of(case, verb), typed(case)).status_code == 404


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"served_on": date(2025, 10, 23)}, "served_on", "不能晚于“妥投”的日期 2025-10-22。"),
        ({"served_on": None}, "served_on", "已登记妥投（2025-10-22），请先撤销那一条记录。"),
        (
            {"service_method": "in_person"},
            "service_method",
            "已登记妥投（2025-10-22），请先撤销那一条记录。",
        ),
    ],
)
def test_while_it_stands_the_sending_is_not_amended_away(
    clerk_client: Client, case: Case, values: dict[str, Any], field: str, sentence: str
) -> None:
    clerk_client.post(url_of(case, "sign_mail"), typed(case))
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "reason": "录错"}
    with pytest.raises(ValidationError) as refused:
        workflow.amend(case, values=values, **said)
    assert refused.value.message_dict == {field: [sentence]}
    right = workflow.amend(case, values={"served_on": date(2025, 10, 22)}, **said)
    assert right.served_on == date(2025, 10, 22)
    event = case.events.get(kind=EventKind.MAIL_SIGNED)
    workflow.revoke(right, event=event.pk, **said)
    assert getattr(workflow.amend(case, values=values, **said), field) == values[field]


def test_the_sentence_stands_beside_its_field(clerk_client: Client, case: Case) -> None:
    clerk_client.post(url_of(case, "sign_mail"), typed(case))
    page = clerk_client.get(url_of(case, "amend"))
    form = page.context["form"]
    said = {field.html_name: field.value() or "" for field in form}
    page = clerk_client.post(
        url_of(case, "amend"), said | {"service_method": "in_person", "reason": "录错了"}
    )
    assert errors(page) == {
        "service_method": ["已登记妥投（2025-10-22），请先撤销那一条记录。"],
    }
    assert "录错了" in page.content.decode()
