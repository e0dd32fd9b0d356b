"""What comes of a consultation: delivery, opinion, silence, the end of waiting (条例32–34).

The letter goes out on 2025-09-19, with 4 days used. Its 15th working day is 10-16; delivered on
09-22 it is 10-17.
"""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Addressee, EventKind, Role, Stance, Waiting
from cases.models import Case
from cases.models.calendar import load_calendar
from cases.workflow import Consultation, consultations_of
from tests.makers import TODAY, Tree, hand_of, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

SENT = date(2025, 9, 19)
ACTS = ("consultation_deliver", "consultation_opinion", "consultation_lapse", "consultation_end")


def consulted(
    tree: Tree, addressee: str = Addressee.THIRD_PARTY, sent: date = SENT, whom: str = "第三方甲"
) -> Case:
    case = make_case(tree.housing)  # received 2025-09-15, due 2025-10-17
    by = hand_of(tree.housing)
    return workflow.consult(case, by=by, today=TODAY, on=sent, addressee=addressee, whom=whom)


@pytest.fixture
def case(tree: Tree) -> Case:
    return consulted(tree)


@pytest.fixture
def hand(tree: Tree) -> dict[str, Any]:
    return {"by": hand_of(tree.housing), "today": TODAY}


def url_of(case: Case, name: str) -> str:
    return reverse(f"cases:{name}", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {
        "version": again(case).version,
        "key": "1",
        "on": "2025-10-10",
        "stance": "refuses",
        "opinion": "涉及商业秘密",
        "reason": "多次催促未复",
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def again(case: Case) -> Case:
    return Case.objects.select_related("department", "applicant").get(pk=case.pk)


def letter(case: Case, key: str = "1") -> Consultation:
    found = consultations_of(case, list(case.events.all()), load_calendar())
    return next(asked for asked in found if asked.key == key)


def last_text(case: Case) -> str:
    event = case.events.order_by("-pk").first()
    assert event is not None
    return event.text


def row(client: Client, case: Case, place: int = 0) -> Any:
    return client.get(url_of(case, "detail")).context["consultations"][place]


# delivery


def test_the_term_of_the_opinion_runs_from_delivery(clerk_client: Client, case: Case) -> None:
    assert (letter(case).silent_on, letter(case).assumed) == (date(2025, 10, 16), True)
    clerk_client.post(url_of(case, "consultation_deliver"), typed(case, on="2025-09-22"))
    assert (letter(case).silent_on, letter(case).assumed) == (date(2025, 10, 17), False)
    assert again(case).ends_on == date(2025, 11, 10)
    assert case.events.get(kind=EventKind.CONSULTATION_DELIVERED).data == {"key": "1"}
    assert last_text(case) == "征求意见函送达第三方甲，意见期限为次日起 15 个工作日"
    shown = row(clerk_client, case)
    assert (shown.delivered, shown.term, shown.assumed) == ("2025-09-22", "2025-10-17", False)


def test_delivery_to_another_organ_sets_no_term(clerk_client: Client, tree: Tree) -> None:
    case = consulted(tree, Addressee.OTHER_ORGAN, whom="某局")
    clerk_client.post(url_of(case, "consultation_deliver"), typed(case, on="2025-09-22"))
    assert last_text(case) == "征求意见函送达某局，没有法定期限"
    assert row(clerk_client, case).term == "没有法定期限"


def test_delivery_is_recorded_once(clerk_client: Client, case: Case) -> None:
    clerk_client.post(url_of(case, "consultation_deliver"), typed(case, on="2025-09-22"))
    sentence = f"{case.number} 没有还未登记送达的征求意见函。"
    page = clerk_client.get(url_of(case, "consultation_deliver"), follow=True)
    assert sentence in page.content.decode()
    page = clerk_client.post(url_of(case, "consultation_deliver"), typed(case, on="2025-09-23"))
    assert errors(page)["__all__"] == [sentence]
    assert letter(case).delivered_on == date(2025, 9, 22)


def test_a_delivery_known_late_puts_an_opinion_back_in_its_term(
    clerk_client: Client, case: Case
) -> None:
    """Back on 10-17: late when reckoned from the sending, in time from the delivery on 09-22."""
    clerk_client.post(url_of(case, "consultation_opinion"), typed(case, on="2025-10-17"))
    assert again(case).ends_on == date(2025, 11, 7)
    clerk_client.post(url_of(case, "consultation_deliver"), typed(case, on="2025-09-22"))
    assert again(case).ends_on == date(2025, 11, 10)
    assert workflow.clock_of(again(case), on=TODAY).irregularities == ()


def test_delivery_is_not_later_than_the_opinion(clerk_client: Client, case: Case) -> None:
    clerk_client.post(url_of(case, "consultation_opinion"), typed(case, on="2025-10-17"))
    page = clerk_client.post(url_of(case, "consultation_deliver"), typed(case, on="2025-10-18"))
    assert errors(page)["on"] == ["不能晚于收到意见的 2025-10-17。"]


# the opinion


@pytest.mark.parametrize("stance", Stance)
def test_the_opinion_lets_the_clock_go_on(clerk_client: Client, case: Case, stance: Stance) -> None:
    """The worked example: back on 10-10, due on 10-31."""
    assert again(case).waiting_for == Waiting.CONSULTATION
    given = typed(case, stance=stance.value, opinion="涉及商业秘密。")
    page = clerk_client.post(url_of(case, "consultation_opinion"), given, follow=True)
    assert (again(case).waiting_for, again(case).ends_on) == ("", date(2025, 10, 31))
    sentence = f"收到第三方甲意见：{stance.label}；涉及商业秘密。期限自次日恢复计算"
    assert sentence in page.content.decode()
    shown = row(clerk_client, case)
    assert (shown.opinion, shown.gist) == (f"2025-10-10 {stance.label}", "涉及商业秘密。")
    assert (shown.warning, shown.acts) == ("", [])


@pytest.mark.parametrize(
    ("delivered", "on", "ends_on", "late"),
    [
        (None, "2025-10-16", date(2025, 11, 7), False),  # the 15th working day from the sending
        (None, "2025-10-17", date(2025, 11, 7), True),
        ("2025-09-22", "2025-10-17", date(2025, 11, 10), False),  # … and from the delivery
        ("2025-09-22", "2025-10-18", date(2025, 11, 10), True),
    ],
)
def test_the_last_day_of_the_term_and_the_day_after(
    clerk_client: Client, case: Case, delivered: str | None, on: str, ends_on: date, late: bool
) -> None:
    if delivered:
        clerk_client.post(url_of(case, "consultation_deliver"), typed(case, on=delivered))
    clerk_client.post(url_of(case, "consultation_opinion"), typed(case, on=on))
    assert again(case).ends_on == ends_on
    assert ("已过意见期限，不改变到期日" in last_text(case)) == late
    faults = [fault.code for fault in workflow.clock_of(again(case), on=TODAY).irregularities]
    assert faults == ["consultation_overdue"] * late


def test_a_worked_saturday_can_be_the_last_day(tree: Tree, hand: dict[str, Any]) -> None:
    """Delivered on 09-15 itself: the 15th working day is Saturday 2025-10-11."""
    case = consulted(tree, sent=date(2025, 9, 15))
    workflow.deliver_consultation(case, on=date(2025, 9, 15), key="1", **hand)
    assert letter(case).silent_on == date(2025, 10, 11)


def test_the_page_says_what_a_late_opinion_does(clerk_client: Client, case: Case) -> None:
    url = url_of(case, "consultation_opinion")
    page = clerk_client.get(url, {"key": "1", "on": "2025-10-16"})
    assert page.context["preview"].words == "到期日仍为 2025-11-07，不改变。"
    assert "收到意见的次日起恢复计算" in page.content.decode()
    page = clerk_client.get(url, {"key": "1", "on": "2025-10-17"})
    assert "意见期限 2025-10-16 已过：这份意见仍然登记" in page.content.decode()
    page = clerk_client.get(url, {"key": "1", "on": "2025-10-10"})
    assert page.context["preview"].words == "到期日将从 2025-11-07 改为 2025-10-31。"


def test_of_several_letters_each_has_its_own_answer(
    clerk_client: Client, case: Case, hand: dict[str, Any]
) -> None:
    workflow.consult(case, on=SENT, addressee="co_producer", whom="某局", **hand)
    page = clerk_client.get(url_of(case, "consultation_opinion"), {"key": "2"})
    assert page.context["form"]["key"].value() == "2"
    assert [key for key, _ in page.context["form"].fields["key"].choices] == ["1", "2"]
    clerk_client.post(url_of(case, "consultation_opinion"), typed(case, key="2"))
    assert letter(case, "2").ended_on == date(2025, 10, 10)
    assert letter(case, "1").is_open
    assert row(clerk_client, case, 0).opinion == "逾期未提出，由本机关决定"


# silence


@pytest.mark.parametrize(
    ("addressee", "words"),
    [
        (Addressee.THIRD_PARTY, "由本机关决定是否公开"),
        (Addressee.CO_PRODUCER, "视为同意公开"),
    ],
)
def test_silence_is_noted_and_moves_nothing(
    clerk_client: Client, tree: Tree, addressee: Addressee, words: str
) -> None:
    case = consulted(tree, addressee, whom="甲方")
    before = again(case)
    assert row(clerk_client, case).warning == "意见期限已过"
    clerk_client.post(url_of(case, "consultation_lapse"), typed(case, on="2025-10-17"))
    assert last_text(case) == (
        f"甲方逾期未提出意见，{words}（送达日未记录，意见期限自发出次日推定）"
    )
    after = again(case)
    assert (after.ends_on, after.waiting_until) == (before.ends_on, before.waiting_until)
    assert after.version == before.version + 1
    assert row(clerk_client, case).warning == ""
    page = clerk_client.post(url_of(case, "consultation_lapse"), typed(case, on="2025-10-17"))
    assert errors(page)["__all__"] == [f"{case.number} 没有期限已过、还未记录的意见。"]


def test_silence_is_noted_only_after_the_term(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case, "consultation_lapse"), typed(case, on="2025-10-16"))
    assert errors(page)["on"] == ["意见期限到 2025-10-16，期满之后才能记录。"]
    assert not case.events.filter(kind=EventKind.CONSULTATION_LAPSED).exists()


@pytest.mark.parametrize(
    ("sent", "passed"), [(date(2025, 9, 29), False), (date(2025, 9, 28), True)]
)
def test_the_warning_stands_from_the_day_after_the_term(
    clerk_client: Client, tree: Tree, sent: date, passed: bool
) -> None:
    """Today is 10-27: sent on 09-29 the term ends today, sent on 09-28 it ended on 10-24."""
    case = consulted(tree, sent=sent)
    shown = row(clerk_client, case)
    assert shown.term == ("2025-10-24" if passed else "2025-10-27")
    assert shown.warning == ("意见期限已过" if passed else "")
    assert ("记录逾期" in [label for label, _ in shown.acts]) == passed
    page = clerk_client.get(url_of(case, "consultation_lapse"), follow=True)
    assert ("没有期限已过、还未记录的意见" in page.content.decode()) != passed


def test_a_note_of_silence_does_not_stand_against_a_delivery_known_later(
    clerk_client: Client, case: Case
) -> None:
    clerk_client.post(url_of(case, "consultation_lapse"), typed(case, on="2025-10-17"))
    clerk_client.post(url_of(case, "consultation_deliver"), typed(case, on="2025-10-09"))
    assert not letter(case).lapse_noted
    assert (letter(case).term_passed(TODAY), again(case).waiting_for) == (
        False,
        Waiting.CONSULTATION,
    )


# another organ


def test_another_organ_is_waited_for_until_somebody_ends_it(
    clerk_client: Client, tree: Tree
) -> None:
    case = consulted(tree, Addressee.OTHER_ORGAN, whom="某局")
    assert (again(case).waiting_for, again(case).ends_on) == (Waiting.CONSULTATION, None)
    page = clerk_client.get(url_of(case, "consultation_end"), {"on": "2025-10-10"})
    assert page.context["preview"].words == "到期日将为 2025-10-31。"
    page = clerk_client.post(url_of(case, "consultation_end"), typed(case), follow=True)
    assert (again(case).waiting_for, again(case).ends_on) == ("", date(2025, 10, 31))
    content = page.content.decode()
    assert "不再等待某局意见：多次催促未复。期限自次日恢复计算" in content
    assert "09-19 发出其他机关征求意见函，10-10 不再等待，其间不计" in content
    assert "收到意见" not in content
    assert row(clerk_client, case).opinion == "2025-10-10 不再等待"


def test_a_term_in_law_is_not_ended_by_hand(
    clerk_client: Client, case: Case, hand: dict[str, Any]
) -> None:
    page = clerk_client.get(url_of(case, "consultation_end"), follow=True)
    assert "没有还在等待的其他机关意见" in page.content.decode()
    workflow.consult(case, on=SENT, addressee="other_organ", whom="某局", **hand)
    page = clerk_client.post(url_of(case, "consultation_end"), typed(case, key="1"))
    assert errors(page)["key"] == ["第三方甲的意见有法定期限，期满自行结束。"]


# what holds for all of them


@pytest.mark.parametrize(
    ("name", "fields", "field", "sentence"),
    [
        ("consultation_deliver", {"on": ""}, "on", "请填写送达日期。"),
        ("consultation_deliver", {"on": "2025-09-18"}, "on", "不能早于发出日期 2025-09-19。"),
        ("consultation_deliver", {"on": "2025-10-28"}, "on", "2025-10-28 还没有到"),
        ("consultation_deliver", {"key": "9"}, "key", "没有这一次征求意见，请重新选择。"),
        ("consultation_deliver", {"key": ""}, "key", "请选择征求意见函。"),
        ("consultation_opinion", {"on": "2025-09-18"}, "on", "不能早于发出日期 2025-09-19。"),
        ("consultation_opinion", {"stance": ""}, "stance", "请选择意见。"),
        ("consultation_opinion", {"stance": "x"}, "stance", "所选的意见不在可选项之内"),
        ("consultation_opinion", {"opinion": ""}, "opinion", "请填写意见摘要。"),
        ("consultation_opinion", {"opinion": "甲" * 501}, "opinion", "最多 500 个字"),
        ("consultation_opinion", {"opinion": "电 13800000000"}, "__all__", "不能存个人信息"),
        ("consultation_opinion", {"key": "9"}, "key", "没有这一次征求意见，请重新选择。"),
        ("consultation_lapse", {"on": "昨天"}, "on", "“昨天”不是一个日期"),
        ("consultation_lapse", {"on": "2025-10-28"}, "on", "2025-10-28 还没有到"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_stored(
    clerk_client: Client,
    case: Case,
    name: str,
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    before = case.events.count()
    page = clerk_client.post(url_of(case, name), typed(case, **fields))
    assert sentence in errors(page)[field][0]
    assert case.events.count() == before


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"on": "2025-09-18"}, "on", "不能早于发出日期 2025-09-19。"),
        ({"on": ""}, "on", "请填写结束日期。"),
        ({"reason": ""}, "reason", "请填写原因。"),
    ],
)
def test_bad_input_on_ending_is_said_too(
    clerk_client: Client, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    case = consulted(tree, Addressee.OTHER_ORGAN)
    page = clerk_client.post(url_of(case, "consultation_end"), typed(case, **fields))
    assert sentence in errors(page)[field][0]
    assert again(case).waiting_for == Waiting.CONSULTATION


@pytest.mark.parametrize("name", ACTS)
def test_a_case_without_a_letter_has_no_place_for_them(
    clerk_client: Client, tree: Tree, name: str
) -> None:
    case = make_case(tree.housing)
    page = clerk_client.get(url_of(case, name), follow=True)
    assert page.redirect_chain
    assert f"{case.number} 没有" in page.content.decode()
    page = clerk_client.post(url_of(case, name), typed(case))
    assert errors(page)["__all__"][0].startswith(f"{case.number} 没有")
    assert page.context["form"]["on"].value() == "2025-10-10"


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_other_roles_do_none_of_it(
    client: Client, tree: Tree, case: Case, name: str, role: Role
) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case, name)).status_code == 403
    assert client.post(url_of(case, name), typed(case)).status_code == 403
    assert row(client, case).acts == []


@pytest.mark.parametrize("name", ACTS)
def test_a_stranger_does_not_see_the_case(
    client: Client, tree: Tree, case: Case, name: str
) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(url_of(case, name)).status_code == 404
    assert client.post(url_of(case, name), typed(case)).status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_two_clerks(clerk_client: Client, tree: Tree, name: str) -> None:
    """The second has seen the case before the first was done."""
    endless = name == "consultation_end"  # what has no term is ended, and silence needs one
    case = consulted(tree, Addressee.OTHER_ORGAN if endless else Addressee.THIRD_PARTY)
    seen = typed(case, on="2025-10-17")
    assert clerk_client.post(url_of(case, name), seen).status_code == 302
    page = clerk_client.post(url_of(case, name), seen)
    assert "您打开之后" in errors(page)["__all__"][0]


def test_an_answered_case_waits_for_no_opinion(clerk_client: Client, case: Case) -> None:
    by = hand_of(case.department)
    workflow.reply(
        case,
        by=by,
        today=TODAY,
        outcome="partial",
        closed_on=date(2025, 10, 24),
        service_method="post",
        served_on=date(2025, 10, 24),
    )
    sentence = f"{case.number} 已办结，不能登记意见。"
    page = clerk_client.get(url_of(case, "consultation_opinion"), follow=True)
    assert sentence in page.content.decode()
    assert row(clerk_client, case).acts == []


def test_the_table_asks_no_more_of_the_database_for_more_letters(
    clerk_client: Client, case: Case, hand: dict[str, Any]
) -> None:
    url = url_of(case, "detail")
    clerk_client.get(url)
    one = queries_of(lambda: clerk_client.get(url))
    for whom in ("某局", "某中心"):
        workflow.consult(case, on=SENT, addressee="co_producer", whom=whom, **hand)
    assert queries_of(lambda: clerk_client.get(url)) == one


# what the events say of the clock


@pytest.mark.parametrize("act", [workflow.receive_opinion, workflow.end_consultation])
def test_what_stopped_nothing_resumes_nothing(tree: Tree, hand: dict[str, Any], act: Any) -> None:
    """Sent on the due day, when nothing was left to be paused."""
    case = consulted(tree, Addressee.OTHER_ORGAN, sent=date(2025, 10, 17))
    said = {"opinion": "同意"} if act is workflow.receive_opinion else {"reason": "催促未复"}
    act(case, on=date(2025, 10, 20), key="1", **said, **hand)
    assert last_text(case).endswith("答复期限没有停止计算")


def test_entered_while_a_correction_is_waited_for(tree: Tree, hand: dict[str, Any]) -> None:
    """A letter of 09-23 and its answer of 09-25, after a correction was asked on 09-22."""
    case = make_case(tree.housing)
    workflow.ask_correction(case, on=date(2025, 9, 22), days=15, what="文号", **hand)
    workflow.consult(case, on=date(2025, 9, 23), addressee="third_party", whom="甲", **hand)
    assert last_text(case) == "征求第三方意见（甲），期限没有在计算"
    workflow.receive_opinion(case, on=date(2025, 9, 25), key="1", opinion="同意", **hand)
    assert last_text(case).endswith("期限没有在计算")
    workflow.receive_correction(case, on=date(2025, 9, 28), **hand)
    assert last_text(case) == "收到补正，期限自次日重新计算"


def test_entered_after_a_later_wait_began(tree: Tree, hand: dict[str, Any]) -> None:
    """On 10-10 the clock did resume, though by now a correction asked on 10-14 is waited for."""
    case = consulted(tree)
    workflow.ask_correction(case, on=date(2025, 10, 14), days=15, what="文号", **hand)
    workflow.receive_opinion(case, on=date(2025, 10, 10), key="1", opinion="同意", **hand)
    assert last_text(case).endswith("期限自次日恢复计算")
