"""更正: anything may be put right, with a reason, and what stood before is kept."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import ApplicantKind, EventKind, Outcome, Role, ServiceMethod, Stage
from cases.models import Case, User
from tests.makers import TODAY, Facts, Tree, hand_of, make_applicant, make_case, make_user
from tests.signoff import make_chain, signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.housing, name="经办员戊"))
    return client


@pytest.fixture
def case(tree: Tree) -> Case:
    person = make_applicant(name="申请人甲", phone="13800000000", id_number="33041119700101000X")
    return make_case(tree.housing, applicant=person, content="原来的内容", purpose="原来的用途")


def url_of(case: Case) -> str:
    return reverse("cases:amend", args=[case.pk])


def opened(client: Client, case: Case) -> dict[str, Any]:
    """The form as the browser would send it back unchanged, with what it saw beside each field."""
    form = client.get(url_of(case)).context["form"]
    said: dict[str, Any] = {}
    for field in form:
        value = field.value()
        said[field.html_name] = "" if value is None else str(value)
        if field.field.show_hidden_initial:
            said[field.html_initial_name] = said[field.html_name]
    return said


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_a_correction_keeps_before_and_after(clerk_client: Client, case: Case) -> None:
    said = opened(clerk_client, case) | {
        "content": "新内容",
        "received_on": "2025-09-18",
        "arrived_on": "2025-09-18",
        "reason": "收发登记有误",
        "moves_seen": "on",
        "moves_of": "2025-09-18",
    }
    answer = clerk_client.post(url_of(case), said, follow=True)
    case.refresh_from_db()
    assert case.content == "新内容"
    assert case.ends_on == date(2025, 10, 22)  # the clock follows the day of receipt
    event = case.events.latest("pk")
    assert event.kind == EventKind.AMENDED
    assert event.data["reason"] == "收发登记有误"
    assert event.data["changes"]["申请内容"] == ["原来的内容", "新内容"]
    assert event.data["changes"]["收到日期"] == ["2025-09-15", "2025-09-18"]
    assert "用途" not in event.data["changes"]
    assert "申请内容：原来的内容 → 新内容" in answer.content.decode()


def test_every_field_stands_beside_what_is_on_record(clerk_client: Client, case: Case) -> None:
    content = clerk_client.get(url_of(case)).content.decode()
    for words in ("现为：原来的内容", "现为：138****0000", "现为：邮寄", "现为空"):
        assert words in content
    assert "13800000000" not in content and "33041119700101000X" not in content


def test_personal_data_are_changed_emptied_or_left(clerk_client: Client, case: Case) -> None:
    said = opened(clerk_client, case) | {
        "phone": "13900000000",
        "id_number": "无",
        "reason": "申请人更正",
    }
    clerk_client.post(url_of(case), said)
    applicant = Case.objects.get(pk=case.pk).applicant
    assert (applicant.phone, applicant.id_number) == ("13900000000", "")
    event = case.events.latest("pk")
    assert event.data["applicant"] == {"证件号码": "已更正", "联系电话": "已更正"}
    assert "13900000000" not in str(event.data) + event.text


def test_the_kind_of_applicant_moves_the_column_the_case_counts_in(
    clerk_client: Client, case: Case
) -> None:
    said = opened(clerk_client, case) | {"kind": ApplicantKind.ORG_OTHER, "reason": "误选"}
    clerk_client.post(url_of(case), said)
    case.refresh_from_db()
    assert case.applicant_kind == case.applicant.kind == ApplicantKind.ORG_OTHER


def test_a_reply_is_put_right_or_taken_back(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, outcome=Outcome.GRANTED, closed_on=date(2025, 10, 9))
    said = opened(clerk_client, case) | {"outcome": Outcome.PARTIAL, "reason": "选错"}
    clerk_client.post(url_of(case), said)
    case.refresh_from_db()
    assert case.outcome == Outcome.PARTIAL
    said = opened(clerk_client, case) | {"outcome": "", "closed_on": "", "reason": "尚未答复"}
    clerk_client.post(url_of(case), said)
    case.refresh_from_db()
    assert (case.stage, case.outcome, case.closed_on) == (Stage.OPEN, "", None)


def test_what_another_day_of_receipt_moves_is_shown_before_it_is_saved(
    clerk_client: Client, tree: Tree
) -> None:
    """Told on its last day, an extension would be late by the earlier day of receipt."""
    case = make_case(
        tree.housing,
        arrived_on=date(2025, 9, 12),
        facts=Facts(extended_on=date(2025, 10, 17)),
    )
    assert case.ends_on == date(2025, 11, 14)
    said = opened(clerk_client, case) | {"received_on": "2025-09-12", "reason": "收发登记有误"}
    page = clerk_client.post(url_of(case), said)
    assert errors(page) == {
        "moves_seen": ["改动收到日期会移动期限：请看清写明的变动，勾选后再提交。"]
    }
    content = page.content.decode()
    assert "到期日将从 2025-11-14 改为 2025-10-16。" in content
    assert "不再起作用：延期" in content
    case.refresh_from_db()
    assert case.received_on == date(2025, 9, 15)

    shown = said | {"moves_of": page.context["form"]["moves_of"].value(), "moves_seen": "on"}
    other = clerk_client.post(url_of(case), shown | {"received_on": "2025-09-13"})
    assert "moves_seen" in errors(other)  # the tick was for another day
    assert clerk_client.post(url_of(case), shown).status_code == 302
    case.refresh_from_db()
    assert case.ends_on == date(2025, 10, 16)


SIGNED_ONLY = "答复经审核签发，只能由有权领导签发的人更正（审核人或主管）。"


def put_right(case: Case, by: User, **values: object) -> Case:
    return workflow.amend(case, by=by, today=TODAY, reason="录错", values=values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outcome", Outcome.GRANTED),
        ("closed_on", date(2025, 10, 8)),
        ("reply_number", "秀建公开〔2025〕9号"),
        ("reply_reasons", "另一种理由"),
    ],
)
def test_what_a_chain_signed_a_clerk_does_not_put_right_alone(
    tree: Tree, name: str, value: object
) -> None:
    make_chain(tree.housing)
    case, head = signed(make_case(tree.housing), today=date(2025, 10, 8)), hand_of(tree.housing)
    workflow.reply(case, by=head, today=TODAY, closed_on=TODAY, service_method=ServiceMethod.POST)
    with pytest.raises(ValidationError) as refused:
        put_right(case, make_user(Role.CLERK, tree.housing), **{name: value})
    assert refused.value.message_dict == {name: [SIGNED_ONLY]}
    put_right(case, head, **{name: value})
    case.refresh_from_db()
    assert getattr(case, name) == value
    assert case.events.latest("pk").by == head


def test_a_signed_reply_stays_so_when_the_chain_is_gone(tree: Tree) -> None:
    make_chain(tree.housing)
    case = signed(make_case(tree.housing))
    head = hand_of(tree.housing)
    workflow.reply(case, by=head, today=TODAY, closed_on=TODAY, service_method=ServiceMethod.POST)
    tree.housing.sign_off_steps.all().delete()
    with pytest.raises(ValidationError, match="答复经审核签发"):
        put_right(case, make_user(Role.CLERK, tree.housing), outcome=Outcome.GRANTED)


def test_a_withdrawal_does_not_become_an_answer_past_the_chain(tree: Tree) -> None:
    make_chain(tree.housing)
    clerk, case = make_user(Role.CLERK, tree.housing), make_case(tree.housing)
    workflow.withdraw(case, by=clerk, today=TODAY, on=TODAY, how="in_person")
    with pytest.raises(ValidationError, match="答复经审核签发"):
        put_right(case, clerk, outcome=Outcome.GRANTED)
    put_right(case, clerk, purpose="自用")  # what no chain is there for
    case.refresh_from_db()
    assert (case.outcome, case.purpose) == (Outcome.WITHDRAWN, "自用")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"reason": ""}, "reason", "请填写更正原因。"),
        ({"content": ""}, "content", "请填写申请内容。"),
        ({"name": ""}, "name", "请填写姓名或名称。"),
        ({"arrived_on": ""}, "arrived_on", "请填写到件日期。"),
        ({"received_on": ""}, "received_on", "请填写收到日期。"),
        ({"received_on": "2025-09-14"}, "received_on", "不能早于到件日期 2025-09-15。"),
        ({"received_on": "2025-10-28"}, "received_on", "不能填将来的日期。"),
        ({"closed_on": "2025-10-09"}, "outcome", "答复类型和答复日期要么都填，要么都不填。"),
        ({"outcome": "granted"}, "closed_on", "答复类型和答复日期要么都填，要么都不填。"),
        (
            {"outcome": "granted", "closed_on": "2025-09-14"},
            "closed_on",
            "不能早于收到日期 2025-09-15。",
        ),
        ({"served_on": "2025-10-09"}, "served_on", "还没有答复，不能登记送达。"),
        ({"outcome": "x"}, "outcome", "所选的答复类型不在可选项之内"),
        ({"email": "jia"}, "email", "“jia”不是一个电子邮箱地址。"),
        ({"handler": "99999"}, "handler", "所选的经办人不在可选项之内"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_written(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    said = opened(clerk_client, case) | {"purpose": "新用途", "reason": "录错"} | fields
    page = clerk_client.post(url_of(case), said)
    assert sentence in errors(page)[field][0]
    assert "新用途" in page.content.decode()
    case.refresh_from_db()
    assert case.purpose == "原来的用途"
    assert case.events.count() == 1


def test_nothing_changed_is_nothing_to_amend(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), opened(clerk_client, case) | {"reason": "看看"})
    assert errors(page)["__all__"] == ["没有改动任何内容，无需更正。"]
    assert case.events.count() == 1


def test_two_clerks_never_undo_each_others_work(
    clerk_client: Client, tree: Tree, case: Case
) -> None:
    said = opened(clerk_client, case) | {"purpose": "新用途", "reason": "录错"}
    workflow.amend(
        case, by=hand_of(tree.housing), today=TODAY, reason="x", values={"content": "别人的改动"}
    )
    page = clerk_client.post(url_of(case), said)
    assert "您打开之后" in errors(page)["__all__"][0]
    content = page.content.decode()
    assert "新用途" in content and "现为：别人的改动" in content
    case.refresh_from_db()
    assert case.purpose == "原来的用途"

    again = said | {"version": page.context["form"]["version"].value()}
    assert clerk_client.post(url_of(case), again).status_code == 302
    case.refresh_from_db()
    assert (case.purpose, case.content) == ("新用途", "别人的改动")


def test_the_department_is_no_field_of_it(clerk_client: Client, tree: Tree, case: Case) -> None:
    said = opened(clerk_client, case) | {"department": tree.land.pk, "number": "1", "reason": "x"}
    clerk_client.post(url_of(case), said | {"purpose": "新用途"})
    case.refresh_from_db()
    assert (case.department, case.number) == (tree.housing, "秀建公开申〔2025〕1号")


def test_a_voided_case_is_amended_no_more(clerk_client: Client, tree: Tree, case: Case) -> None:
    workflow.void(case, by=hand_of(tree.housing), today=TODAY, reason="误登")
    assert "已作废，不能更正。" in clerk_client.get(url_of(case), follow=True).content.decode()


def test_a_handler_who_left_the_scope_stays_the_handler(clerk_client: Client, tree: Tree) -> None:
    other = make_user(Role.CLERK, tree.land, name="经办员己")
    case = make_case(tree.housing, handler=other)
    said = opened(clerk_client, case) | {"purpose": "新用途", "reason": "录错"}
    clerk_client.post(url_of(case), said)
    case.refresh_from_db()
    assert (case.handler, case.purpose) == (other, "新用途")


def test_nobody_becomes_the_handler_who_does_not_work_there(
    clerk_client: Client, tree: Tree, case: Case
) -> None:
    clerk = User.objects.get(display_name="经办员戊")
    clerk.assignments.create(department=tree.land, role=Role.CLERK)
    other = make_user(Role.CLERK, tree.land, name="经办员己")
    said = opened(clerk_client, case) | {"handler": str(other.pk), "reason": "录错"}
    sentence = "经办员己在区住建局没有经办人或者审核人的角色，不能经办这件申请。"
    assert errors(clerk_client.post(url_of(case), said)) == {"handler": [sentence]}


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SUPERVISOR])
def test_heads_amend_too(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.government))
    said = opened(client, case) | {"purpose": "新用途", "reason": "录错"}
    assert client.post(url_of(case), said).status_code == 302


def test_an_auditor_does_not(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.government))
    assert client.get(url_of(case)).status_code == 403
    said = {"content": "x", "name": "x", "kind": "org_other", "reason": "x"}
    said |= {"version": str(case.version)}
    said |= {"arrived_on": "2025-09-15", "received_on": "2025-09-15"}
    assert client.post(url_of(case), said).status_code == 403


def test_other_methods_are_refused(clerk_client: Client, case: Case) -> None:
    assert clerk_client.put(url_of(case)).status_code == 405


@pytest.mark.parametrize("version", ["", "x"])
def test_a_form_that_has_lost_what_it_saw_overwrites_nothing(
    clerk_client: Client, case: Case, version: str
) -> None:
    said = opened(clerk_client, case) | {"purpose": "新用途", "reason": "录错"}
    page = clerk_client.post(url_of(case), said | {"version": version})
    sentence = "表单已过期，没有保存。您填的内容还在，请核对后再提交一次。"
    assert errors(page) == {"version": [sentence]}
    assert sentence in page.content.decode() and "新用途" in page.content.decode()
    case.refresh_from_db()
    assert case.purpose == "原来的用途"
    again = said | {"version": page.context["form"]["version"].value()}
    assert clerk_client.post(url_of(case), again).status_code == 302


def test_what_a_ledger_brought_in_may_stay_as_long_as_it_is(
    clerk_client: Client, case: Case
) -> None:
    Case.objects.filter(pk=case.pk).update(content="长\n" * 12_000, remarks="备" * 3_000)
    said = opened(clerk_client, case) | {"purpose": "新用途", "reason": "录错"}
    # As browsers send it: every line ends in two characters.
    said = {name: value.replace("\n", "\r\n") for name, value in said.items()}
    assert clerk_client.post(url_of(case), said).status_code == 302
    case.refresh_from_db()
    assert (case.purpose, len(case.content)) == ("新用途", 24_000)
    said = opened(clerk_client, case) | {"content": "改" * 20_001, "reason": "录错"}
    page = clerk_client.post(url_of(case), said)
    assert errors(page) == {"content": ["最多 20000 个字，现有 20001 个。"]}


def test_a_receipt_in_another_year_than_the_number_says_where_it_counts(
    clerk_client: Client, case: Case
) -> None:
    told = "编号年度与收到年度不同，统计按收到日期计入 2024 年。"
    days = {"arrived_on": "2024-12-30", "received_on": "2024-12-31", "reason": "录错年份"}
    days |= {"moves_seen": "on", "moves_of": "2024-12-31"}
    answer = clerk_client.post(url_of(case), opened(clerk_client, case) | days, follow=True)
    assert told in answer.content.decode()
    said = opened(clerk_client, case) | {"purpose": "新用途", "reason": "录错"}
    assert told not in clerk_client.post(url_of(case), said, follow=True).content.decode()
