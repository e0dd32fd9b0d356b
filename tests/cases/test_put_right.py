"""更正记录: a day of the course that was wrongly recorded; what stood before stays to be seen."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.charges import fees_paid
from cases.choices import CORRIGIBLE, EventKind, FeeScheme, Role, Stage
from cases.models import AuditEntry, Case, Event
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.workflow.consultations import consultations_of
from cases.workflow.standing import standing
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def url_of(case: Case) -> str:
    return reverse("cases:put_right", args=[case.pk])


def the(case: Case, kind: EventKind) -> Event:
    """The event of the kind that holds."""
    return next(e for e in reversed(standing(case.events.all())) if e.kind == kind)


def typed(case: Case, kind: EventKind, on: str, **fields: object) -> dict[str, Any]:
    case.refresh_from_db()
    event = the(case, kind).pk
    return {"version": case.version, "event": event, "on": on, "reason": "看错日期"} | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def put_right(case: Case, kind: EventKind, on: date, **fields: Any) -> Case:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "reason": "看错日期"}
    return workflow.put_right(case, event=the(case, kind).pk, on=on, **said | fields)


@pytest.fixture
def consulted(tree: Tree) -> Case:
    """The worked example: 4 days used before the letter, back on 10-10, due on 10-31."""
    return make_case(
        tree.housing, facts=Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    )


def test_an_opinion_came_another_day(clerk_client: Client, consulted: Case) -> None:
    assert consulted.ends_on == date(2025, 10, 31)
    old = the(consulted, EventKind.CONSULTATION_RETURNED)
    said = typed(consulted, EventKind.CONSULTATION_RETURNED, "2025-10-11")
    content = clerk_client.post(url_of(consulted), said, follow=True).content.decode()
    consulted.refresh_from_db()
    assert consulted.ends_on == date(2025, 11, 3)  # the 11th was a worked Saturday
    assert "更正“收到意见”：日期 2025-10-10 改为 2025-10-11。原因：看错日期" in content
    assert "日期：2025-10-10 → 2025-10-11" in content
    assert f"<s>{old.text}</s> <b>已更正</b>" in content
    new = the(consulted, EventKind.CONSULTATION_RETURNED)
    assert (new.on, new.data["supersedes"]) == (date(2025, 10, 11), [old.pk])
    assert new.data["opinion"] == old.data["opinion"]
    old.refresh_from_db()
    assert old.on == date(2025, 10, 10)  # nothing is changed, all is kept
    assert AuditEntry.objects.latest("pk").after["supersedes"] == [old.pk]


def test_put_right_twice_the_last_holds(consulted: Case) -> None:
    put_right(consulted, EventKind.CONSULTATION_RETURNED, date(2025, 10, 13))
    put_right(consulted, EventKind.CONSULTATION_RETURNED, date(2025, 10, 10))
    consulted.refresh_from_db()
    assert consulted.ends_on == date(2025, 10, 31)
    assert consulted.events.filter(kind=EventKind.CONSULTATION_RETURNED).count() == 3
    first = consulted.events.filter(kind=EventKind.CONSULTATION_RETURNED).earliest("pk")
    assert the(consulted, EventKind.CONSULTATION_RETURNED).data["first"] == first.pk


def test_a_letter_was_delivered_another_day(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(consultation=(date(2025, 9, 19), None)))
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.deliver_consultation(case, on=date(2025, 9, 22), key="1", **said)
    put_right(case, EventKind.CONSULTATION_DELIVERED, date(2025, 9, 23))
    asked = consultations_of(case, list(case.events.all()), load_calendar())
    assert [(it.delivered_on, it.silent_on) for it in asked] == [
        (date(2025, 9, 23), date(2025, 10, 20))
    ]


@pytest.mark.parametrize(
    ("facts", "kind", "on", "ends_on"),
    [
        (
            Facts(correction=(date(2025, 9, 22), date(2025, 9, 28))),
            EventKind.CORRECTION_RECEIVED,
            date(2025, 9, 29),
            date(2025, 11, 3),
        ),
        (
            Facts(fee=(date(2025, 9, 22), date(2025, 9, 28))),
            EventKind.FEE_PAID,
            date(2025, 9, 29),
            date(2025, 11, 3),
        ),
    ],
)
def test_what_begins_the_term_afresh(
    tree: Tree, facts: Facts, kind: EventKind, on: date, ends_on: date
) -> None:
    case = make_case(tree.housing, facts=facts)
    assert case.ends_on == date(2025, 10, 31)
    put_right(case, kind, on)
    case.refresh_from_db()
    assert case.ends_on == ends_on


@pytest.mark.parametrize(
    ("on", "days", "ends_on"),
    [
        (date(2025, 10, 17), None, date(2025, 11, 14)),  # the last day on which it may be told
        (date(2025, 10, 15), 1, date(2025, 10, 20)),
        (date(2025, 10, 15), 20, None),
    ],
)
def test_an_extension(tree: Tree, on: date, days: int | None, ends_on: date | None) -> None:
    case = make_case(tree.housing, facts=Facts(extended_on=date(2025, 10, 15)))
    if ends_on is None:  # as it was
        with pytest.raises(ValidationError, match="没有改动任何内容"):
            put_right(case, EventKind.EXTENDED, on, days=days)
        return
    put_right(case, EventKind.EXTENDED, on, days=days)
    case.refresh_from_db()
    assert case.ends_on == ends_on


def test_of_a_closed_case_too(tree: Tree) -> None:
    """It was told in time, and recorded on a day too late to count in another year's course."""
    case = make_case(
        tree.housing,
        facts=Facts(extended_on=date(2025, 10, 15), extended_by=1),
        closed_on=date(2025, 10, 21),
        service_method="post",
        served_on=date(2025, 10, 21),
    )
    assert workflow.clock_of(case, on=TODAY).in_time is False
    put_right(case, EventKind.EXTENDED, date(2025, 10, 15), days=2)
    assert workflow.clock_of(case, on=TODAY).in_time is True
    case.refresh_from_db()
    assert (case.stage, case.closed_on) == (Stage.CLOSED, date(2025, 10, 21))


def test_the_days_granted_for_a_correction_and_the_day_of_a_delay(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 22), None)))
    put_right(case, EventKind.CORRECTION_ASKED, date(2025, 9, 22), days=10)
    case.refresh_from_db()
    assert case.waiting_until == date(2025, 10, 11)  # a worked Saturday
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    other = make_case(tree.housing)
    workflow.ask_reasons(other, on=date(2025, 9, 22), why="一月三十件", **said)
    workflow.receive_reasons(
        other, on=date(2025, 9, 24), reasons="研究所需", reasonable=True, **said
    )
    workflow.delay(other, on=date(2025, 9, 25), day=date(2025, 12, 1), reason="资料在馆", **said)
    put_right(other, EventKind.DELAYED, date(2025, 9, 26), day=date(2025, 12, 31))
    other.refresh_from_db()
    assert other.ends_on == date(2025, 12, 31)
    with pytest.raises(ValidationError, match="并不晚于原到期日") as refused:
        put_right(other, EventKind.DELAYED, date(2025, 9, 26), day=date(2025, 10, 17))
    assert list(refused.value.message_dict) == ["day"]


def test_the_reply_was_served_another_day(clerk_client: Client, tree: Tree) -> None:
    case = make_case(
        tree.housing,
        closed_on=date(2025, 10, 16),
        service_method="post",
        served_on=date(2025, 10, 18),
    )
    said = typed(case, EventKind.SERVED, "2025-10-17")
    content = clerk_client.post(url_of(case), said, follow=True).content.decode()
    case.refresh_from_db()
    assert case.served_on == date(2025, 10, 17)
    assert "按时办结" in content
    page = clerk_client.post(url_of(case), typed(case, EventKind.SERVED, "2025-10-15"))
    assert errors(page)["on"] == ["不能早于答复日期 2025-10-16。"]


def test_what_came_of_the_post(tree: Tree) -> None:
    case = make_case(
        tree.housing,
        closed_on=date(2025, 10, 14),
        service_method="post",
        served_on=date(2025, 10, 14),
    )
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.return_mail(case, on=date(2025, 10, 20), reason="逾期未领", **said)
    put_right(case, EventKind.SERVED, date(2025, 10, 15))  # the attempt that failed
    case.refresh_from_db()
    assert (case.stage, case.served_on) == (Stage.UNSERVED, None)
    with pytest.raises(ValidationError, match="不能晚于“退件”的日期 2025-10-20"):
        put_right(case, EventKind.SERVED, date(2025, 10, 21))
    with pytest.raises(ValidationError, match="不能早于“送达”的日期 2025-10-15"):
        put_right(case, EventKind.MAIL_RETURNED, date(2025, 10, 14))
    put_right(case, EventKind.MAIL_RETURNED, date(2025, 10, 15))
    workflow.serve(case, service_method="post", served_on=date(2025, 10, 22), **said)
    workflow.sign_mail(case, on=date(2025, 10, 24), **said)
    put_right(case, EventKind.MAIL_SIGNED, date(2025, 10, 23))
    put_right(case, EventKind.SERVED, date(2025, 10, 23))
    case.refresh_from_db()
    assert case.served_on == date(2025, 10, 23)
    why = workflow.ACTS[Act.SIGN_MAIL].out_of_place(workflow.situation_of(case, on=TODAY))
    assert "已登记妥投（2025-10-23）" in why


def test_the_money_counts_on_the_day_on_which_it_came(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(fee=(date(2025, 9, 22), date(2025, 9, 30))))
    put_right(case, EventKind.FEE_PAID, date(2025, 10, 9))
    months = [(date(2025, n, 1), date(2025, n, 30)) for n in (9, 10)]
    paid = [fees_paid([tree.housing.pk], *month) for month in months]
    assert paid == [{}, {tree.housing.pk: 380}]


def test_reasons_follow_one_another(tree: Tree) -> None:
    case = make_case(tree.housing)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.ask_reasons(case, on=date(2025, 9, 22), why="一月三十件", **said)
    workflow.receive_reasons(
        case, on=date(2025, 9, 24), reasons="研究所需", reasonable=False, **said
    )
    put_right(case, EventKind.REASONS_ASKED, date(2025, 9, 24))
    with pytest.raises(ValidationError, match="不能晚于“收到理由说明”的日期 2025-09-24"):
        put_right(case, EventKind.REASONS_ASKED, date(2025, 9, 25))
    with pytest.raises(ValidationError, match="不能早于“要求说明理由”的日期 2025-09-24"):
        put_right(case, EventKind.REASONS_RECEIVED, date(2025, 9, 23))


@pytest.mark.parametrize(
    ("on", "fields", "field", "sentence"),
    [
        ("", {}, "on", "请填写更正后的日期。"),
        ("10月", {}, "on", "不是一个日期"),
        ("2025-10-28", {}, "on", "不能填将来的日期。"),
        ("2025-09-14", {}, "on", "不能早于收到日期 2025-09-15。"),
        ("2025-10-18", {}, "on", "更正以后，延期告知（2025-10-18）在到期日 2025-10-17 之后"),
        ("2025-10-16", {"days": "0"}, "days", "1 至 20"),
        ("2025-10-16", {"days": "21"}, "days", "延期为 1 至 20 个工作日。"),
        ("2025-10-16", {"reason": ""}, "reason", "请填写更正原因。"),
        ("2025-10-16", {"reason": "电话 13800000000"}, "__all__", "不能存个人信息"),
        ("2025-10-16", {"event": ""}, "event", "请选择记录。"),
        ("2025-10-16", {"event": "999999"}, "event", "所选的记录不在可选项之内"),
        ("2025-10-15", {}, "__all__", "没有改动任何内容，无需更正。"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    client: Client,
    tree: Tree,
    on: str,
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    client.force_login(make_user(Role.REVIEWER, tree.housing))
    case = make_case(tree.housing, facts=Facts(extended_on=date(2025, 10, 15)))
    before = case.events.count()
    page = client.post(url_of(case), typed(case, EventKind.EXTENDED, on, **fields))
    assert sentence in errors(page)[field][0]
    assert page.context["form"]["on"].value() == on
    case.refresh_from_db()
    assert (case.ends_on, case.events.count()) == (date(2025, 11, 14), before)


@pytest.mark.parametrize(
    ("kind", "on", "sentence"),
    [
        # what followed would have nothing to follow
        (EventKind.CONSULTATION_SENT, date(2025, 10, 11), "没有对应的征求意见函，收到意见"),
        (EventKind.CONSULTATION_RETURNED, date(2025, 9, 18), "没有对应的征求意见函，收到意见"),
    ],
)
def test_the_order_of_the_course_is_kept(
    consulted: Case, kind: EventKind, on: date, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        put_right(consulted, kind, on)


def test_what_then_comes_late_is_taken_in_and_reported(clerk_client: Client, tree: Tree) -> None:
    """The notice had been received earlier, so that the payment was late: that is what happened."""
    case = make_case(tree.housing, facts=Facts(fee=(date(2025, 9, 17), None)), today=TODAY)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.deliver_fee_notice(case, on=date(2025, 9, 22), **said)
    workflow.receive_fee(case, on=date(2025, 10, 24), **said)
    case.refresh_from_db()
    assert case.ends_on == date(2025, 11, 21)
    asked = {"event": f"{the(case, EventKind.FEE_NOTICE_DELIVERED).pk}", "on": "2025-09-19"}
    page = clerk_client.get(url_of(case), asked)
    assert page.context["preview"].faults == [
        "缴费（2025-10-24）晚于缴费期限 2025-10-23，视为放弃申请，不改变到期日。"
    ]
    put_right(case, EventKind.FEE_NOTICE_DELIVERED, date(2025, 9, 19))
    case.refresh_from_db()
    assert (case.ends_on, case.waiting_for) == (None, "fee")


def test_the_address_chooses_the_event_and_the_page_says_what_would_move(
    clerk_client: Client, consulted: Case
) -> None:
    old = the(consulted, EventKind.CONSULTATION_RETURNED)
    page = clerk_client.get(url_of(consulted), {"event": old.pk})
    assert page.context["form"]["on"].value() == date(2025, 10, 10)
    assert page.context["preview"].words == "到期日仍为 2025-10-31，不改变。"
    assert "days" not in page.context["form"].fields
    page = clerk_client.get(url_of(consulted), {"event": f"{old.pk}", "on": "2025-10-11"})
    assert page.context["preview"].words == "到期日将从 2025-10-31 改为 2025-11-03。"
    assert consulted.events.count() == 3
    shown = clerk_client.get(reverse("cases:detail", args=[consulted.pk])).content.decode()
    assert f"{url_of(consulted)}?event={old.pk}" in shown


def test_another_kind_has_no_working_days(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.REVIEWER, tree.housing))
    facts = Facts(consultation=(date(2025, 9, 19), None), extended_on=date(2025, 9, 22))
    case = make_case(tree.housing, facts=facts)
    said = typed(case, EventKind.CONSULTATION_SENT, "2025-09-18", days="5")
    page = client.post(url_of(case), said)
    assert errors(page)["days"] == ["只有要求补正、延期有工作日数，请留空。"]


def test_an_extension_is_put_right_by_who_may_extend(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(extended_on=date(2025, 10, 15)))
    page = clerk_client.post(url_of(case), typed(case, EventKind.EXTENDED, "2025-10-16"))
    assert "没有“延期”的权限" in errors(page)["event"][0]


def test_there_is_nothing_to_put_right(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    page = clerk_client.get(url_of(case), follow=True)
    assert "没有可以更正、撤销的记录" in page.content.decode()
    unconfirmed = make_case(tree.housing, received_on=None)
    page = clerk_client.get(url_of(unconfirmed), follow=True)
    assert "待确认，不能更正记录。" in page.content.decode()


def test_two_clerks(clerk_client: Client, consulted: Case) -> None:
    said = typed(consulted, EventKind.CONSULTATION_RETURNED, "2025-10-11")
    clerk_client.post(url_of(consulted), said)
    page = clerk_client.post(url_of(consulted), said)
    assert "event" in errors(page)  # it has been put right: no longer among those that hold
    assert consulted.events.filter(kind=EventKind.CONSULTATION_RETURNED).count() == 2


def test_other_roles_and_strangers(client: Client, tree: Tree, consulted: Case) -> None:
    said = typed(consulted, EventKind.CONSULTATION_RETURNED, "2025-10-11")
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert client.get(url_of(consulted)).status_code == 403
    assert client.post(url_of(consulted), said).status_code == 403
    client.force_login(make_user(Role.CLERK, tree.neighbour))
    assert client.get(url_of(consulted)).status_code == 404
    assert client.post(url_of(consulted), said).status_code == 404


def test_a_part_of_a_split_case_takes_what_holds(tree: Tree, consulted: Case) -> None:
    put_right(consulted, EventKind.CONSULTATION_RETURNED, date(2025, 10, 11))
    workflow.split(consulted, by=hand_of(tree.housing), today=TODAY, items=["甲", "乙"])
    part = Case.objects.latest("pk")
    consulted.refresh_from_db()
    assert part.ends_on == consulted.ends_on == date(2025, 11, 3)
    copied = the(part, EventKind.CONSULTATION_RETURNED)
    assert not {"supersedes", "first", "changes"} & copied.data.keys()


def test_everything_that_may_be_put_right_is_read_from_what_holds(tree: Tree) -> None:
    """Whatever its kind, an event that was put right to the day it had is one fact and not two."""
    case = make_case(tree.housing)
    for kind in CORRIGIBLE:
        old = Event.objects.create(case=case, kind=kind, on=date(2025, 9, 22), data={"n": 1})
        Event.objects.create(
            case=case, kind=kind, on=date(2025, 9, 22), data={"supersedes": [old.pk]}
        )
    held = [event.kind for event in standing(case.events.all())]
    assert sorted(held) == sorted([*CORRIGIBLE, EventKind.REGISTERED])


def test_many_events_cost_no_more_queries(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    case = make_case(tree.housing, facts=Facts(consultation=(date(2025, 9, 19), None)))

    def visit() -> int:
        return queries_of(lambda: client.get(url_of(case)))

    visit()
    with_one = visit()
    for n in range(5):
        put_right(case, EventKind.CONSULTATION_SENT, date(2025, 9, 18 - n % 2))
    assert visit() == with_one


def test_a_fee_that_was_asked_for_stays_asked_for_once(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(fee=(date(2025, 9, 22), None)))
    put_right(case, EventKind.FEE_ASKED, date(2025, 9, 23))
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    with pytest.raises(workflow.NotAllowed, match="已经通知过缴费"):
        workflow.ask_fee(case, on=date(2025, 9, 24), scheme=FeeScheme.PAGES, pages=68, **said)
