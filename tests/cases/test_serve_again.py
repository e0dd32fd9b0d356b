"""A new reply after a review or judgment is served by itself: 待送达 until then, and put right."""

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome, ProceedingResult, Role, ServiceMethod, Stage
from cases.models import Case, Event, Proceeding
from cases.permissions import Act
from cases.workflow.service import new_replies
from cases.workflow.standing import standing
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
FIRST, AGAIN = date(2024, 12, 20), date(2025, 10, 23)
NUMBER = "XA12345678933"


@pytest.fixture
def case(tree: Tree) -> Case:
    """Answered and posted in 2024; ordered to be answered again by 2025-10-27."""
    case = make_case(
        tree.housing,
        received_on=date(2024, 12, 2),
        closed_on=FIRST,
        outcome=Outcome.PROCESS,
        service_method=ServiceMethod.POST,
        served_on=FIRST,
    )
    review = make_proceeding(
        tree.housing,
        case=case,
        ruling="revoked",
        result=ProceedingResult.CORRECTED,
        concluded_on=date(2025, 10, 9),
    )
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    return workflow.reopen(case, proceeding=review, on=date(2025, 10, 13), workdays=10, **said)


def replied(case: Case, served_on: date | None = None) -> None:
    workflow.reply_again(
        case,
        by=hand_of(case.department),
        today=TODAY,
        outcome=Outcome.PARTIAL,
        closed_on=AGAIN,
        service_method=ServiceMethod.POST,
        served_on=served_on,
    )
    case.refresh_from_db()


def url_of(case: Case, verb: str) -> str:
    return reverse(f"cases:{verb}", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    case.refresh_from_db()
    return {
        "version": case.version,
        "service_method": "post",
        "served_on": "2025-10-24",
        "mail_number": NUMBER,
        "on": "2025-10-27",
        "reason": "逾期未领",
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def the(case: Case, kind: EventKind) -> Event:
    return next(e for e in reversed(standing(case.events.all())) if e.kind == kind)


def unserved(client: Client, case: Case) -> int:
    """As many as the tile counts; the list behind it shows the case, or does not."""
    page = client.get(reverse("cases:list"), {"state": "unserved"})
    count: int = next(view.count for view in page.context["views"] if view.label == "待送达")
    assert (case.number in page.content.decode()) is bool(count)
    return count


def test_it_stands_among_those_to_serve_until_it_is_served(
    clerk_client: Client, case: Case
) -> None:
    assert unserved(clerk_client, case) == 0
    said = {"outcome": "partial", "closed_on": str(AGAIN), "reply_number": "秀建公开〔2025〕重1号"}
    said |= typed(case, served_on="", mail_number="")
    content = clerk_client.post(url_of(case, "reply_again"), said, follow=True).content.decode()
    case.refresh_from_db()
    assert (case.again_until, case.again_replied_on) == (date(2025, 10, 27), AGAIN)
    assert (case.stage, case.served_on) == (Stage.CLOSED, FIRST)
    assert "已登记重新答复，待送达。" in content and "<b>待送达</b>" in content
    assert "重办待送达 今日到期" in content and "尚未登记" in content
    assert unserved(clerk_client, case) == 1
    assert "重新答复：部分公开" in clerk_client.get(url_of(case, "serve")).content.decode()
    content = clerk_client.post(url_of(case, "serve"), typed(case), follow=True).content.decode()
    case.refresh_from_db()
    assert (case.again_until, case.again_replied_on, case.served_on) == (None, None, FIRST)
    assert f"重新答复送达：邮寄（邮政企业），交邮日期 2025-10-24，邮单号 {NUMBER}" in content
    assert unserved(clerk_client, case) == 0


@pytest.mark.parametrize(("served_on", "late"), [("2025-10-27", False), ("2025-10-28", True)])
def test_in_time_is_tested_on_the_day_of_service(
    clerk_client: Client, case: Case, served_on: str, late: bool
) -> None:
    replied(case)
    workflow.serve(
        case,
        by=hand_of(case.department),
        today=date(2025, 10, 28),
        service_method="in_person",
        served_on=date.fromisoformat(served_on),
    )
    content = clerk_client.get(url_of(case, "detail")).content.decode()
    assert ("2025-10-27，已过期限" in content) is late
    assert f"<dt>签收日期</dt><dd>{served_on}</dd>" in content


def test_come_back_in_the_post_it_is_served_again(clerk_client: Client, case: Case) -> None:
    replied(case, served_on=date(2025, 10, 24))
    assert (case.again_until, case.again_replied_on) == (None, None)
    page = clerk_client.get(url_of(case, "return_mail"))
    assert "重新作出的答复书 2025-10-24 交邮。" in page.content.decode()
    page = clerk_client.post(url_of(case, "return_mail"), typed(case, on="2025-10-23"))
    assert errors(page)["on"] == ["不能早于交邮日期 2025-10-24。"]
    clerk_client.post(url_of(case, "return_mail"), typed(case))
    case.refresh_from_db()
    assert (case.again_replied_on, case.served_on, case.stage) == (AGAIN, FIRST, Stage.CLOSED)
    assert unserved(clerk_client, case) == 1
    said = typed(case, service_method="in_person", served_on="2025-10-27", mail_number="")
    clerk_client.post(url_of(case, "serve"), said)
    case.refresh_from_db()
    service = new_replies(case.events.all())[0].service
    assert (service.method, service.served_on) == ("in_person", date(2025, 10, 27))
    assert (case.again_until, case.served_on) == (None, FIRST)


def test_signed_for_nothing_more_comes_of_the_post(clerk_client: Client, case: Case) -> None:
    replied(case, served_on=date(2025, 10, 24))
    clerk_client.post(url_of(case, "sign_mail"), typed(case))
    page = clerk_client.get(url_of(case, "return_mail"), follow=True)
    assert "的邮件已登记妥投（2025-10-27）。" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"served_on": "2025-10-22"}, "served_on", "不能早于答复日期 2025-10-23。"),
        ({"served_on": "2025-10-28"}, "served_on", "不能填将来的日期。"),
        ({"service_method": "email"}, "mail_number", "只有邮寄才有邮单号，请留空。"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    replied(case)
    page = clerk_client.post(url_of(case, "serve"), typed(case, **fields))
    assert sentence in errors(page)[field][0]
    case.refresh_from_db()
    assert case.again_replied_on == AGAIN


def test_it_is_served_once_and_replied_once(clerk_client: Client, case: Case) -> None:
    page = clerk_client.get(url_of(case, "serve"), follow=True)
    assert "已办结，不能登记送达。" in page.content.decode()
    replied(case)
    page = clerk_client.get(url_of(case, "reply_again"), follow=True)
    assert "已于 2025-10-23 重新答复，请登记它的送达。" in page.content.decode()
    refusal = workflow.ACTS[Act.ARCHIVE].out_of_place(workflow.situation_of(case, on=TODAY))
    assert refusal.endswith("的重新答复还没有送达，送达后再归档。")


def test_days_are_put_right(case: Case) -> None:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "reason": "看错"}
    replied(case, served_on=date(2025, 10, 24))
    event = the(case, EventKind.REPLIED_AGAIN)
    with pytest.raises(ValidationError, match="不能晚于“送达”的日期 2025-10-24"):
        workflow.put_right(case, event=event.pk, on=date(2025, 10, 25), **said)
    with pytest.raises(ValidationError, match="不能早于收到决定、判决的日期 2025-10-13"):
        workflow.put_right(case, event=event.pk, on=date(2025, 10, 12), **said)
    workflow.put_right(case, event=event.pk, on=date(2025, 10, 22), **said)
    served = the(case, EventKind.SERVED)
    with pytest.raises(ValidationError, match="不能早于“重新答复”的日期 2025-10-22"):
        workflow.put_right(case, event=served.pk, on=date(2025, 10, 21), **said)
    workflow.put_right(case, event=served.pk, on=date(2025, 10, 22), **said)
    case.refresh_from_db()
    [reply] = new_replies(case.events.all())
    assert (reply.event.on, reply.service.served_on) == (date(2025, 10, 22), date(2025, 10, 22))
    assert Proceeding.objects.get().replied_again_on == date(2025, 10, 22)
    assert (case.closed_on, case.served_on, case.again_until) == (FIRST, FIRST, None)


def test_recorded_by_mistake_it_is_ordered_still(clerk_client: Client, case: Case) -> None:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "reason": "误登"}
    replied(case, served_on=date(2025, 10, 24))
    event = the(case, EventKind.REPLIED_AGAIN)
    with pytest.raises(ValidationError, match="其后还有“2025-10-24 送达”"):
        workflow.revoke(case, event=event.pk, **said)
    workflow.revoke(case, event=the(case, EventKind.SERVED).pk, **said)
    case.refresh_from_db()
    assert (case.again_replied_on, case.served_on) == (AGAIN, FIRST)
    workflow.revoke(case, event=event.pk, **said)
    case.refresh_from_db()
    assert (case.again_until, case.again_replied_on) == (date(2025, 10, 27), None)
    assert Proceeding.objects.get().replied_again_on is None
    assert new_replies(case.events.all()) == []
    assert clerk_client.get(url_of(case, "reply_again")).status_code == 200
    replied(case)
    assert case.again_replied_on == AGAIN


def test_one_recorded_with_its_service_in_one_event_is_read_as_before(
    clerk_client: Client, case: Case
) -> None:
    data = {
        "outcome": "partial",
        "reply_number": "",
        "service_method": "post",
        "served_on": "2025-10-24",
        "mail_number": NUMBER,
        "until": "2025-10-27",
        "proceedings": [],
    }
    case.events.create(kind=EventKind.REPLIED_AGAIN, on=AGAIN, data=data, text="重新答复")
    content = clerk_client.get(url_of(case, "detail")).content.decode()
    assert f"<dt>邮单号</dt><dd>{NUMBER}</dd>" in content
    clerk_client.post(url_of(case, "return_mail"), typed(case))
    case.refresh_from_db()
    assert case.again_replied_on == AGAIN


def test_other_roles_and_strangers(client: Client, tree: Tree, case: Case) -> None:
    replied(case)
    client.force_login(make_user(Role.SUPERVISOR, tree.housing))
    assert client.post(url_of(case, "serve"), typed(case)).status_code == 403
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.post(url_of(case, "serve"), typed(case)).status_code == 404


# the reply that stands ----------------------------------------------------------------------------


def ordered(case: Case, on: date) -> None:
    """Another decision, in a suit, orders a new reply within ten working days."""
    suit = make_proceeding(
        case.department,
        case=case,
        kind="suit_after_review",
        ruling="revoked",
        result=ProceedingResult.CORRECTED,
        concluded_on=on,
    )
    by = hand_of(case.department)
    workflow.reopen(case, by=by, today=TODAY, proceeding=suit, on=on, workdays=10)
    case.refresh_from_db()


def acts_of(case: Case) -> set[Act]:
    found = workflow.situation_of(Case.objects.get(pk=case.pk), on=TODAY)
    return set(workflow.allowed_acts(found, hand_of(case.department)))


def served(case: Case, on: date = TODAY) -> None:
    by = hand_of(case.department)
    workflow.serve(case, by=by, today=TODAY, service_method="in_person", served_on=on)
    case.refresh_from_db()


@pytest.fixture
def never_served(tree: Tree) -> Case:
    """Its first reply has reached nobody when a decision orders another."""
    case = make_case(
        tree.housing,
        received_on=date(2024, 12, 2),
        closed_on=FIRST,
        outcome=Outcome.PROCESS,
        service_method=ServiceMethod.POST,
    )
    ordered(case, date(2025, 10, 13))
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def come_back(case: Case) -> Case:
    """The first reply came back in the post after another was ordered."""
    by, on = hand_of(case.department), date(2025, 10, 15)
    case.events.create(
        kind=EventKind.SERVED, on=FIRST, data={"method": "post", "mail_number": NUMBER}
    )
    workflow.return_mail(case, by=by, today=TODAY, on=on, reason="逾期未领")
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("name", ["never_served", "come_back"])
def test_the_first_reply_is_not_waited_for_once_another_is_ordered(
    clerk_client: Client, name: str, request: pytest.FixtureRequest
) -> None:
    case: Case = request.getfixturevalue(name)
    assert (case.served_on, case.stage, case.is_reopened) == (None, Stage.CLOSED, True)
    assert Act.SERVE not in acts_of(case) and unserved(clerk_client, case) == 0
    page = clerk_client.get(url_of(case, "detail")).content.decode()
    assert "重新办理中" in page and "未送达，其后责令重新答复，不再送达" in page
    replied(case)
    assert Act.SERVE in acts_of(case) and unserved(clerk_client, case) == 1
    served(case)
    assert (case.served_on, case.stage, case.again_served_on) == (None, Stage.CLOSED, TODAY)
    assert not acts_of(case) & {Act.SERVE, Act.REPLY_AGAIN}
    assert Act.ARCHIVE in acts_of(case) and unserved(clerk_client, case) == 0
    assert case not in Case.objects.in_hand()
    home = clerk_client.get(reverse("cases:home"))
    assert {tile.value for tile in home.context["tiles"] if tile.label == "待送达"} <= {0}


def test_come_back_too_the_new_reply_is_the_one_to_serve(never_served: Case) -> None:
    replied(never_served, served_on=date(2025, 10, 24))
    by = hand_of(never_served.department)
    workflow.return_mail(never_served, by=by, today=TODAY, on=TODAY, reason="逾期未领")
    never_served.refresh_from_db()
    assert (never_served.again_replied_on, never_served.again_served_on) == (AGAIN, None)
    assert Act.SERVE in acts_of(never_served) and Act.ARCHIVE not in acts_of(never_served)
    served(never_served)
    assert Act.ARCHIVE in acts_of(never_served)


def test_a_later_order_overtakes_a_new_reply_that_has_reached_nobody(
    clerk_client: Client, case: Case
) -> None:
    replied(case)
    ordered(case, date(2025, 10, 24))
    assert (case.again_until, case.again_replied_on) == (date(2025, 11, 7), None)
    assert case.is_reopened and Act.SERVE not in acts_of(case) and unserved(clerk_client, case) == 0
    page = clerk_client.get(url_of(case, "detail")).content.decode()
    assert "未送达，其后责令重新答复，不再送达" in page
    page = clerk_client.get(url_of(case, "serve"), follow=True).content.decode()
    assert "正在重新办理" in page and "重新答复后登记它的送达" in page
    workflow.reply_again(
        case,
        by=hand_of(case.department),
        today=TODAY,
        outcome=Outcome.GRANTED,
        closed_on=TODAY,
        service_method=ServiceMethod.POST,
    )
    case.refresh_from_db()
    assert unserved(clerk_client, case) == 1
    served(case)
    assert (case.again_until, case.again_replied_on, case.again_served_on) == (None, None, TODAY)
    first, last = new_replies(case.events.all())
    assert (first.overtaken, first.service.served_on) == (True, None)
    assert (last.overtaken, last.service.served_on) == (False, TODAY)


def test_the_day_of_service_is_filled_in_where_it_was_recorded_before(case: Case) -> None:
    replied(case, served_on=date(2025, 10, 24))
    Case.objects.update(again_served_on=None)
    import_module("cases.migrations.0030_reply_that_stands").fill_served(apps, None)
    assert Case.objects.get(pk=case.pk).again_served_on == date(2025, 10, 24)


def test_a_new_reply_that_was_served_stays_served(clerk_client: Client, case: Case) -> None:
    replied(case, served_on=date(2025, 10, 24))
    assert case.again_served_on == date(2025, 10, 24)
    ordered(case, date(2025, 10, 24))
    assert case.again_served_on is None
    page = clerk_client.get(url_of(case, "detail")).content.decode()
    assert "<dd>2025-10-24</dd>" in page and "不再送达" not in page
