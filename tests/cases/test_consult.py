"""征求意见: whom, and what it does to the clock (条例第三十二条至第三十四条)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Addressee, EventKind, Role, Waiting
from cases.models import Case
from cases.models.calendar import load_calendar
from cases.workflow import Consultation, consultations_of
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

SENT = date(2025, 9, 19)  # the worked example: 4 days used; silence would end on 10-16


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)  # received 2025-09-15, due 2025-10-17


@pytest.fixture
def hand(tree: Tree) -> dict[str, Any]:
    return {"by": hand_of(tree.housing), "today": TODAY}


def url_of(case: Case, name: str = "consult") -> str:
    return reverse(f"cases:{name}", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {
        "version": case.version,
        "addressee": "third_party",
        "whom": "第三方甲",
        "on": "2025-09-19",
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def again(case: Case) -> Case:
    return Case.objects.select_related("department", "applicant").get(pk=case.pk)


def letters_of(case: Case) -> list[Consultation]:
    return consultations_of(case, list(case.events.all()), load_calendar())


def text_of(case: Case) -> str:
    event = case.events.order_by("-pk").first()
    assert event is not None
    return event.text


def test_a_consultation_stops_the_clock_from_the_next_day(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case), follow=True)
    event = case.events.get(kind=EventKind.CONSULTATION_SENT)
    assert event.on == SENT
    assert event.data == {"key": "1", "addressee": "third_party", "whom": "第三方甲"}
    assert "征求第三方意见（第三方甲），期限自次日起停止计算" in page.content.decode()
    assert (again(case).waiting_for, again(case).waiting_until) == (
        Waiting.CONSULTATION,
        date(2025, 10, 16),
    )


@pytest.mark.parametrize(
    ("addressee", "term"),
    [
        (Addressee.THIRD_PARTY, "2025-10-16"),
        (Addressee.CO_PRODUCER, "2025-10-16"),
        (Addressee.OTHER_ORGAN, "没有法定期限"),
    ],
)
def test_the_page_of_the_case_shows_whom_when_and_until_when(
    clerk_client: Client, case: Case, addressee: Addressee, term: str
) -> None:
    clerk_client.post(url_of(case), typed(case, addressee=addressee.value, whom="某局"))
    page = clerk_client.get(url_of(case, "detail"))
    (row,) = page.context["consultations"]
    assert (row.whom, row.addressee, row.sent_on) == ("某局", addressee.label, SENT)
    assert (row.delivered, row.term) == ("未记录", term)
    assert row.assumed == (addressee != Addressee.OTHER_ORGAN)
    assert ("推定" in page.content.decode()) == row.assumed


def test_what_it_is_about_and_by_when_is_kept(clerk_client: Client, case: Case) -> None:
    fields = typed(
        case, addressee="other_organ", whom="区档案馆", about="查找备案表", until="2025-09-30"
    )
    page = clerk_client.post(url_of(case), fields, follow=True)
    event = case.events.get(kind=EventKind.CONSULTATION_SENT)
    assert event.data == {
        "key": "1",
        "addressee": "other_organ",
        "whom": "区档案馆",
        "about": "查找备案表",
        "until": "2025-09-30",
    }
    said = "征求其他机关意见（区档案馆），请于 2025-09-30 前函复，期限自次日起停止计算：查找备案表"
    assert event.text == said
    assert page.context["consultations"][0].term == "请于 2025-09-30 前函复"
    assert again(case).waiting_until is None  # agreed between organs, no term of the clock


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "第三方的期限由条例规定，为 15 个工作日，这里不填。"),
        (
            {"addressee": "co_producer"},
            "共同制作机关的期限由条例规定，为 15 个工作日，这里不填。",
        ),
        ({"addressee": "other_organ", "until": "2025-09-18"}, "不能早于发出日期 2025-09-19。"),
        ({"addressee": "other_organ", "until": "月底"}, "“月底”不是一个日期"),
    ],
)
def test_a_day_to_answer_by_that_cannot_be(
    clerk_client: Client, case: Case, fields: dict[str, str], sentence: str
) -> None:
    asked = typed(case, until="2025-09-30", about="评估报告") | fields
    page = clerk_client.post(url_of(case), asked)
    assert sentence in errors(page)["until"][0]
    assert page.context["form"]["about"].value() == "评估报告"
    assert not case.events.filter(kind=EventKind.CONSULTATION_SENT).exists()


def test_what_it_is_about_holds_no_personal_data(clerk_client: Client, case: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case, about="电话 13800000000"))
    assert "办理经过不能存个人信息" in errors(page)["__all__"][0]
    assert not case.events.filter(kind=EventKind.CONSULTATION_SENT).exists()


def test_the_term_reckoned_from_sending_is_marked_as_assumed(
    clerk_client: Client, case: Case
) -> None:
    clerk_client.post(url_of(case), typed(case))
    assert '<span class="cap">推定</span>' in (
        clerk_client.get(url_of(case, "detail")).content.decode()
    )


def test_a_case_without_consultations_shows_no_table(clerk_client: Client, case: Case) -> None:
    page = clerk_client.get(url_of(case, "detail"))
    assert page.context["consultations"] == []
    assert 'id="consultations"' not in page.content.decode()


def test_several_letters_run_at_once_each_with_its_key(clerk_client: Client, case: Case) -> None:
    clerk_client.post(url_of(case), typed(case))
    second = typed(again(case), addressee="co_producer", whom="某局", on="2025-09-22")
    clerk_client.post(url_of(case), second)
    assert [(asked.key, asked.whom) for asked in letters_of(again(case))] == [
        ("1", "第三方甲"),
        ("2", "某局"),
    ]
    assert again(case).waiting_until == date(2025, 10, 17)


def test_the_pause_of_overlapping_letters_is_their_union(case: Case, hand: dict[str, Any]) -> None:
    """As two letters from 09-19 to 10-14: due on 2025-11-05."""
    workflow.consult(case, on=SENT, addressee="third_party", whom="第三方甲", **hand)
    workflow.consult(case, on=date(2025, 9, 25), addressee="other_organ", whom="某局", **hand)
    workflow.receive_opinion(case, on=date(2025, 10, 10), key="1", opinion="不同意", **hand)
    assert text_of(case).endswith("其他意见还在征求，期限仍停止计算")
    assert again(case).waiting_for == Waiting.CONSULTATION
    workflow.receive_opinion(case, on=date(2025, 10, 14), key="2", opinion="无意见", **hand)
    assert text_of(case).endswith("期限自次日恢复计算")
    assert (again(case).waiting_for, again(case).ends_on) == ("", date(2025, 11, 5))


@pytest.mark.parametrize(
    ("on", "words", "ends_on", "waiting"),
    [
        # the day before the due day: one day is left for after the pause
        (date(2025, 10, 16), "期限自次日起停止计算", date(2025, 11, 7), Waiting.CONSULTATION),
        # on the due day and after it nothing is left that could be paused
        (date(2025, 10, 17), "答复期限不停止计算", date(2025, 10, 17), ""),
        (date(2025, 10, 18), "答复期限不停止计算", date(2025, 10, 17), ""),
    ],
)
def test_a_letter_sent_about_the_due_day(
    case: Case, hand: dict[str, Any], on: date, words: str, ends_on: date, waiting: str
) -> None:
    workflow.consult(case, on=on, addressee="third_party", whom="第三方甲", **hand)
    assert text_of(case) == f"征求第三方意见（第三方甲），{words}"
    assert (again(case).ends_on, again(case).waiting_for) == (ends_on, waiting)


def test_the_page_says_beforehand_that_a_late_letter_stops_nothing(
    clerk_client: Client, case: Case
) -> None:
    asked = {"addressee": "third_party", "on": "2025-10-17"}
    preview = clerk_client.get(url_of(case), asked).context["preview"]
    assert preview.words == "到期日仍为 2025-10-17，不改变。"
    preview = clerk_client.get(url_of(case), asked | {"on": "2025-10-20"}).context["preview"]
    assert preview.faults == [
        "第三方征求意见书（2025-10-20）在到期日 2025-10-17 之后发出，不改变到期日。"
    ]


def test_the_page_says_beforehand_what_becomes_of_the_due_day(
    clerk_client: Client, case: Case
) -> None:
    page = clerk_client.get(url_of(case), {"addressee": "third_party", "on": "2025-09-19"})
    assert page.context["preview"].words == "到期日将从 2025-10-17 改为 2025-11-07。"
    page = clerk_client.get(url_of(case), {"addressee": "third_party", "on": "2025-10-16"})
    words = page.context["preview"].words
    assert words.startswith("期限停止计算，已用的 19 个工作日保留，最迟至 2025-11-06")
    page = clerk_client.get(url_of(case), {"addressee": "other_organ", "on": "2025-09-19"})
    assert "没有法定期限" in page.context["preview"].words
    assert not case.events.filter(kind=EventKind.CONSULTATION_SENT).exists()


def test_over_the_turn_of_the_year_and_a_worked_saturday(tree: Tree) -> None:
    """Received on a free Saturday; silence ends on 2026-01-12 as the 15th of domain tables."""
    today = date(2025, 12, 22)
    case = make_case(tree.housing, received_on=date(2025, 12, 20), today=today)
    hand = {"by": hand_of(tree.housing), "today": today}
    workflow.consult(
        case,
        on=date(2025, 12, 20),
        addressee="third_party",
        whom="第三方甲",
        **hand,  # type: ignore[arg-type]
    )
    (asked,) = letters_of(again(case))
    assert (asked.silent_on, asked.assumed) == (date(2026, 1, 12), True)


def test_a_term_in_a_year_without_a_schedule_is_provisional(tree: Tree) -> None:
    today = date(2026, 12, 21)
    case = make_case(tree.housing, received_on=date(2026, 12, 18), today=today)
    by = hand_of(tree.housing)
    workflow.consult(case, by=by, today=today, on=today, addressee="third_party", whom="第三方甲")
    assert again(case).provisional


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"on": "2025-09-14"}, "on", "不能早于收到日期 2025-09-15。"),
        ({"on": "2025-10-28"}, "on", "2025-10-28 还没有到，不能填将来的日期。"),
        ({"on": ""}, "on", "请填写发出日期。"),
        ({"on": "十月"}, "on", "“十月”不是一个日期"),
        ({"whom": " "}, "whom", "请填写对象名称。"),
        ({"whom": "甲" * 61}, "whom", "最多 60 个字，现有 61 个。"),
        ({"addressee": ""}, "addressee", "请选择征求意见的对象。"),
        ({"addressee": "x"}, "addressee", "所选的征求意见的对象不在可选项之内"),
        ({"whom": "甲 13800000000"}, "__all__", "办理经过不能存个人信息"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_stored(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, **fields))
    assert sentence in errors(page)[field][0]
    assert page.context["form"]["whom"].value() == fields.get("whom", "第三方甲")
    assert case.events.count() == 1
    assert again(case).version == case.version


def test_a_closed_case_is_consulted_on_no_more(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=date(2025, 10, 9))
    sentence = f"{case.number} 已办结，不能征求意见。"
    assert sentence in clerk_client.get(url_of(case), follow=True).content.decode()
    page = clerk_client.post(url_of(case), typed(case))
    assert errors(page)["__all__"] == [sentence]
    assert page.context["form"]["whom"].value() == "第三方甲"


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    seen = typed(case)
    clerk_client.post(url_of(case), seen)
    page = clerk_client.post(url_of(case), seen)
    assert "您打开之后" in errors(page)["__all__"][0]
    assert len(letters_of(again(case))) == 1


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_other_roles_do_not_consult(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), typed(case)).status_code == 403


def test_a_stranger_does_not_see_the_case(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.land)
    assert clerk_client.get(url_of(case)).status_code == 404
    assert clerk_client.post(url_of(case), typed(case)).status_code == 404


def test_other_methods_are_refused(clerk_client: Client, case: Case) -> None:
    assert clerk_client.put(url_of(case)).status_code == 405


def test_a_letter_from_a_ledger_says_whose_sort_it_is(clerk_client: Client, tree: Tree) -> None:
    """Imports know no name: the sort of addressee stands in its place."""
    case = make_case(tree.housing, facts=Facts(consultation=(SENT, None)))
    event = case.events.get(kind=EventKind.CONSULTATION_SENT)
    case.events.create(
        kind=EventKind.CONSULTATION_SENT,
        on=SENT,
        data={"key": "1", "addressee": "third_party", "supersedes": [event.pk]},
    )
    (row,) = clerk_client.get(url_of(case, "detail")).context["consultations"]
    assert (row.whom, row.addressee) == ("第三方", "第三方")
