"""撤销记录: recorded by mistake, it did not happen; it stays to be seen and counts no more."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.charges import fees_paid
from cases.choices import EventKind, Role, Stage
from cases.folders.contents import contents_of
from cases.models import Case, Event
from cases.workflow.standing import standing
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def url_of(case: Case) -> str:
    return reverse("cases:revoke", args=[case.pk])


def the(case: Case, kind: EventKind) -> Event:
    """The event of the kind that holds."""
    return next(e for e in reversed(standing(case.events.all())) if e.kind == kind)


def typed(case: Case, kind: EventKind, **fields: object) -> dict[str, Any]:
    case.refresh_from_db()
    return {"version": case.version, "event": the(case, kind).pk, "reason": "误登"} | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def revoke(case: Case, kind: EventKind) -> Case:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "reason": "误登"}
    return workflow.revoke(case, event=the(case, kind).pk, **said)


@pytest.fixture
def consulted(tree: Tree) -> Case:
    """Received on 09-15; with the pause due on 10-31, without on 10-17."""
    return make_case(
        tree.housing, facts=Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    )


def test_the_clock_runs_as_if_it_had_not_been(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 22), None)))
    old = the(case, EventKind.CORRECTION_ASKED)
    assert case.waiting_for == "correction"
    page = clerk_client.get(url_of(case), {"event": old.pk})
    assert page.context["preview"].words == "到期日将为 2025-10-17。"
    said = typed(case, EventKind.CORRECTION_ASKED)
    content = clerk_client.post(url_of(case), said, follow=True).content.decode()
    case.refresh_from_db()
    assert (case.ends_on, case.waiting_for) == (date(2025, 10, 17), "")
    assert "撤销“2025-09-22 要求补正”的记录：误登" in content
    assert f"<s>{old.text}</s> <b>已撤销</b>" in content
    event = case.events.get(kind=EventKind.REVOKED)
    assert (event.on, event.data) == (TODAY, {"supersedes": [old.pk]})


def test_what_may_be_done_once_may_be_done_after_all(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 22), None)))
    revoke(case, EventKind.CORRECTION_ASKED)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.ask_correction(case, on=date(2025, 9, 23), days=10, what="写明文号", **said)
    case.refresh_from_db()
    assert case.waiting_for == "correction"


def test_what_follows_is_revoked_first(consulted: Case) -> None:
    with pytest.raises(ValidationError, match="没有对应的征求意见函，收到意见") as refused:
        revoke(consulted, EventKind.CONSULTATION_SENT)
    assert list(refused.value.message_dict) == ["event"]
    revoke(consulted, EventKind.CONSULTATION_RETURNED)
    revoke(consulted, EventKind.CONSULTATION_SENT)
    consulted.refresh_from_db()
    assert (consulted.ends_on, consulted.waiting_for) == (date(2025, 10, 17), "")
    call_command("rebuild_clocks")
    consulted.refresh_from_db()
    assert consulted.ends_on == date(2025, 10, 17)


def test_what_was_put_right_does_not_stand_up_again(consulted: Case) -> None:
    said: dict[str, Any] = {"by": hand_of(consulted.department), "today": TODAY, "reason": "误"}
    old = the(consulted, EventKind.CONSULTATION_RETURNED)
    workflow.put_right(consulted, event=old.pk, on=date(2025, 10, 13), **said)
    revoke(consulted, EventKind.CONSULTATION_RETURNED)
    kinds = [event.kind for event in standing(consulted.events.all())]
    assert EventKind.CONSULTATION_RETURNED not in kinds


def test_a_payment_that_was_not_made(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(fee=(date(2025, 9, 22), date(2025, 9, 30))))
    with pytest.raises(ValidationError, match="没有在先的有效收费通知"):
        revoke(case, EventKind.FEE_ASKED)
    revoke(case, EventKind.FEE_PAID)
    assert fees_paid([tree.housing.pk], date(2025, 1, 1), date(2025, 12, 31)) == {}
    workflow.receive_fee(case, by=hand_of(tree.housing), today=TODAY, on=date(2025, 10, 9))
    assert fees_paid([tree.housing.pk], date(2025, 1, 1), date(2025, 12, 31)) == {
        tree.housing.pk: 380
    }


def test_an_outcome_that_rests_on_it_is_put_right_first(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 18), None)))
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.give_up_correction(case, on=date(2025, 10, 20), **said)
    with pytest.raises(ValidationError, match="请先更正答复类型"):
        revoke(case, EventKind.CORRECTION_ASKED)


def test_a_service_that_was_not(clerk_client: Client, tree: Tree) -> None:
    case = make_case(
        tree.housing,
        closed_on=date(2025, 10, 16),
        service_method="post",
        served_on=date(2025, 10, 16),
    )
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.sign_mail(case, on=date(2025, 10, 20), **said)
    page = clerk_client.post(url_of(case), typed(case, EventKind.SERVED))
    assert errors(page)["event"] == ["其后还有“2025-10-20 妥投”，请先撤销那一条。"]
    revoke(case, EventKind.MAIL_SIGNED)
    case.refresh_from_db()
    assert (case.stage, case.served_on) == (Stage.CLOSED, date(2025, 10, 16))
    revoke(case, EventKind.SERVED)
    case.refresh_from_db()
    assert (case.stage, case.served_on) == (Stage.UNSERVED, None)


def test_a_letter_that_did_not_come_back(tree: Tree) -> None:
    case = make_case(
        tree.housing,
        closed_on=date(2025, 10, 16),
        service_method="post",
        served_on=date(2025, 10, 16),
    )
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.return_mail(case, on=date(2025, 10, 20), reason="逾期未领", **said)
    revoke(case, EventKind.MAIL_RETURNED)
    case.refresh_from_db()
    assert (case.stage, case.served_on) == (Stage.CLOSED, date(2025, 10, 16))


def test_reasons_asked_by_mistake(tree: Tree) -> None:
    case = make_case(tree.housing)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.ask_reasons(case, on=date(2025, 9, 22), why="一月三十件", **said)
    revoke(case, EventKind.REASONS_ASKED)
    with pytest.raises(workflow.NotAllowed, match="没有在等待申请人说明理由"):
        workflow.receive_reasons(
            case, on=date(2025, 9, 24), reasons="研究所需", reasonable=True, **said
        )


def test_the_folder_says_so_too(consulted: Case) -> None:
    revoke(consulted, EventKind.CONSULTATION_RETURNED)
    titles = [entry.title for entry in contents_of(consulted)]
    assert [title for title in titles if title.endswith("（已撤销）")] == [
        f"{consulted.events.get(kind=EventKind.CONSULTATION_RETURNED).text}（已撤销）"
    ]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"reason": ""}, "reason", "请填写撤销原因。"),
        ({"reason": "电话 13800000000"}, "__all__", "不能存个人信息"),
        ({"event": ""}, "event", "请选择记录。"),
        ({"event": "999999"}, "event", "所选的记录不在可选项之内"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, consulted: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    said = typed(consulted, EventKind.CONSULTATION_RETURNED, **fields)
    page = clerk_client.post(url_of(consulted), said)
    assert sentence in errors(page)[field][0]
    assert not Event.objects.filter(kind=EventKind.REVOKED).exists()


def test_registration_and_reply_are_not_revoked(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=date(2025, 10, 16))
    page = clerk_client.get(url_of(case), follow=True)
    assert "没有可以更正、撤销的记录；登记和答复的内容在“更正”里改。" in page.content.decode()
    said = {"event": the(case, EventKind.REPLIED).pk, "version": case.version, "reason": "误登"}
    page = clerk_client.post(url_of(case), said)
    assert errors(page)["event"]


def test_an_extension_is_revoked_by_who_may_extend(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(extended_on=date(2025, 10, 15)))
    page = clerk_client.post(url_of(case), typed(case, EventKind.EXTENDED))
    assert "没有“延期”的权限" in errors(page)["event"][0]
    revoke(case, EventKind.EXTENDED)
    case.refresh_from_db()
    assert case.ends_on == date(2025, 10, 17)


def test_a_voided_case_stays_as_it_is(clerk_client: Client, consulted: Case) -> None:
    workflow.void(consulted, by=hand_of(consulted.department), today=TODAY, reason="误登")
    page = clerk_client.get(url_of(consulted), follow=True)
    assert "已作废，不能撤销记录。" in page.content.decode()


def test_other_roles_and_strangers(client: Client, tree: Tree, consulted: Case) -> None:
    said = typed(consulted, EventKind.CONSULTATION_RETURNED)
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert client.get(url_of(consulted)).status_code == 403
    assert client.post(url_of(consulted), said).status_code == 403
    client.force_login(make_user(Role.CLERK, tree.neighbour))
    assert client.get(url_of(consulted)).status_code == 404
    assert client.post(url_of(consulted), said).status_code == 404
    assert not Event.objects.filter(kind=EventKind.REVOKED).exists()
