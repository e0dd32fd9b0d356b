"""One case on one page: head, strip, calculation, course, applicant, proceedings."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Addressee, EventKind, Role, ServiceMethod
from cases.models import AuditEntry, Case, Event
from cases.presenting import course_of
from tests.makers import (
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_applicant,
    make_case,
    make_proceeding,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# What may be recorded beside the clock of an open case, under 其他办理.
BESIDE_OPEN = ["记录沟通", "征询科室", "记录检索", "拆分", "关联"]
PERSON = {
    "name": "申请人甲",
    "id_number": "33041119700101000X",
    "phone": "13800000000",
    "address": "嘉兴市秀洲区甲路1号",
    "email": "jia@example.cn",
}


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.government))
    return client


def seen(client: Client, case: Case) -> Any:
    return client.get(reverse("cases:detail", args=[case.pk]))


def buttons(page: Any) -> list[str]:
    return [act["label"] for act in (*page.context["acts"], *page.context["more_acts"])]


@pytest.mark.parametrize(
    ("on", "detail"),
    [
        (date(2025, 10, 20), "审核人甲记录"),  # 23:30 in Shanghai, not yet the 21st of UTC either
        (date(2025, 10, 19), "10-20 审核人甲记录"),
        (date(2024, 12, 31), "10-20 审核人甲记录"),
    ],
)
def test_an_act_that_is_dated_back_says_when_it_was_recorded(
    tree: Tree, on: date, detail: str
) -> None:
    recorded_at = datetime(2025, 10, 20, 15, 30, tzinfo=UTC)
    by = make_user(Role.REVIEWER, tree.housing, name="审核人甲")
    event = Event(kind=EventKind.CALLED, on=on, text="已联系", by=by, recorded_at=recorded_at)
    (entry,) = course_of([event], TODAY)
    assert entry.detail == detail


def test_who_handles_it_is_told_as_in_the_list(clerk_client: Client, tree: Tree) -> None:
    """A ledger names who drafts the reply, in its own words."""
    free, handled = make_case(tree.housing), make_case(tree.housing, handler=hand_of(tree.housing))
    noted = make_case(tree.housing, drafting_note="二科")
    for case, words in ((free, "经办</span>未分派"), (noted, "承办</span>二科")):
        assert words in seen(clerk_client, case).content.decode()
    assert f"经办</span>{handled.handler}" in seen(clerk_client, handled).content.decode()


def test_the_head_says_where_the_case_stands_and_why(clerk_client: Client, tree: Tree) -> None:
    """The worked example: asked on 09-19, back on 10-10, due on 10-31; four days left."""
    facts = Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    page = seen(clerk_client, make_case(tree.housing, facts=facts))
    content = page.content.decode()
    for words in (
        "2025-10-31",
        "星期五",
        "剩 4 日",
        "已用 16 / 20 个工作日",
        "为什么是 10 月 31 日",
    ):
        assert words in content
    assert page.context["why_sum"].text == "次日起第 20 个工作日，到期日 2025-10-31"
    assert "09-19 发出第三方征求意见书，10-10 收到意见，其间不计" in content
    assert "停止计算：征求第三方意见" in content
    assert buttons(page)[0] == "答复"
    assert {"征求意见", "更正"} <= set(buttons(page))
    assert "登记意见" not in buttons(page)


def test_an_unconfirmed_case_waits_and_has_no_strip(clerk_client: Client, tree: Tree) -> None:
    page = seen(clerk_client, make_case(tree.housing, received_on=None))
    assert page.context["strip"] is None
    assert page.context["due"].words == "未起算"
    assert buttons(page) == ["确认收到", "分派", "更正", "记录沟通", "关联"]


def test_who_looks_for_handing_over_finds_it_by_that_name(clerk_client: Client, tree: Tree) -> None:
    handled = make_case(tree.housing, handler=hand_of(tree.housing))
    page = seen(clerk_client, handled)
    assert "移交" in buttons(page) and "分派" not in buttons(page)
    assert 'name="handler"' in clerk_client.get(f"/cases/{handled.pk}/assign/").content.decode()


def test_while_a_correction_is_waited_for_there_is_no_due_day(
    clerk_client: Client, tree: Tree
) -> None:
    facts = Facts(correction=(date(2025, 9, 22), None))
    page = seen(clerk_client, make_case(tree.housing, facts=facts))
    assert page.context["due"].day is None
    assert page.context["due"].label == "等待补正"
    assert "收到补正后重新计算" in page.context["due"].note
    assert page.context["why_title"] == "为什么还没有到期日"


def test_an_opinion_with_a_term_and_one_without(clerk_client: Client, tree: Tree) -> None:
    asked = (date(2025, 10, 17), None)
    third = make_case(tree.town, received_on=date(2025, 10, 10), facts=Facts(consultation=asked))
    organ = make_case(
        tree.town,
        received_on=date(2025, 10, 10),
        facts=Facts(consultation=asked, consulted=Addressee.OTHER_ORGAN),
    )
    assert seen(clerk_client, third).context["due"].note == (
        "已用 6 / 20 个工作日，期满日 2025-11-07"
    )
    assert seen(clerk_client, organ).context["due"].note == "已用 6 / 20 个工作日，没有法定期限"


def test_a_due_day_in_a_year_without_a_schedule_is_marked_provisional(
    clerk_client: Client, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = date(2026, 12, 20)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: late)
    case = make_case(tree.housing, received_on=late, today=late)
    page = seen(clerk_client, case)
    assert page.context["due"].provisional
    assert "暂定" in page.content.decode()
    listed = clerk_client.get(reverse("cases:list"), {"due": "provisional"}).content.decode()
    assert case.number in listed and "暂定" in listed


def test_a_closed_case_tells_its_reply_and_whether_it_was_in_time(
    clerk_client: Client, tree: Tree
) -> None:
    case = make_case(
        tree.housing,
        outcome="not_exist",
        closed_on=date(2025, 10, 17),
        service_method=ServiceMethod.POST,
        served_on=date(2025, 10, 20),
        reply_number="秀建公开〔2025〕37号",
    )
    page = seen(clerk_client, case)
    content = page.content.decode()
    assert page.context["lamp"].text == "逾期 1 日办结"  # tested on the day of posting
    for words in (
        "（四）经检索没有，信息不存在",
        "秀建公开〔2025〕37号",
        "交邮日期",
        "条例第三十六条",
    ):
        assert words in content
    assert buttons(page) == [
        *("登记妥投", "登记退件", "归档", "更正", "更正记录", "撤销记录"),
        *("记录沟通", "记录检索", "关联"),
    ]


def test_a_reply_that_is_not_served_keeps_its_lamp(clerk_client: Client, tree: Tree) -> None:
    case = make_case(
        tree.housing,
        received_on=date(2025, 9, 23),
        closed_on=date(2025, 10, 24),
        service_method=ServiceMethod.POST,
    )
    page = seen(clerk_client, case)
    assert page.context["lamp"].text == "今日到期"
    assert buttons(page)[0] == "登记送达"


def test_a_voided_case_can_be_read_and_nothing_else(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    workflow.void(case, by=hand_of(tree.housing), today=TODAY, reason="重复登记")
    page = seen(clerk_client, case)
    assert buttons(page) == []
    assert not page.context["may_record_proceeding"]
    assert "作废：重复登记（审核人 " in page.content.decode()


def test_irregular_facts_are_listed_not_hidden(clerk_client: Client, tree: Tree) -> None:
    """A correction asked after the seventh working day still restarts, and is reported."""
    facts = Facts(correction=(date(2025, 10, 9), None))
    content = seen(clerk_client, make_case(tree.housing, facts=facts)).content.decode()
    assert "需要核对的事项" in content
    assert "晚于收到后第 7 个工作日" in content


def test_the_course_tells_corrections_with_before_and_after(
    clerk_client: Client, tree: Tree
) -> None:
    case = make_case(tree.housing, closed_on=date(2025, 10, 9), outcome="granted")
    workflow.amend(
        case,
        by=hand_of(tree.housing),
        today=TODAY,
        reason="录错",
        values={"outcome": "partial", "drafting_department": tree.land},
        applicant={"kind": "org_other", "phone": "13900000000"},
    )
    details = " ".join(e.detail for e in seen(clerk_client, case).context["events"])
    assert "答复类型：予以公开 → 部分公开" in details
    assert "承办单位：空 → 区资规分局" in details
    assert "申请人类别：自然人 → 其他组织" in details
    assert "联系电话：已更正" in details
    assert "13900000000" not in details


def test_square_marks_are_for_what_moves_the_clock(clerk_client: Client, tree: Tree) -> None:
    facts = Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    case = make_case(tree.housing, facts=facts, closed_on=date(2025, 10, 20))
    events = seen(clerk_client, case).context["events"]
    assert [event.clock for event in events] == [True, True, True, False]


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.SUPERVISOR])
def test_personal_data_are_masked_until_they_are_asked_for(
    client: Client, tree: Tree, role: Role
) -> None:
    case = make_case(tree.housing, applicant=make_applicant(**PERSON))
    user = make_user(role, tree.housing)
    client.force_login(user)
    content = seen(client, case).content.decode()
    for name, shown in {
        "id_number": "330***********000X",
        "phone": "138****0000",
        "address": "嘉兴市秀洲区******",
        "email": "j***@example.cn",
    }.items():
        assert shown in content
        assert PERSON[name] not in content
    url = reverse("cases:applicant", args=[case.pk])
    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        full = client.post(url, **headers)  # type: ignore[arg-type]
        assert all(value in full.content.decode() for value in PERSON.values())
        assert "no-store" in full["Cache-Control"]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.act, entry.target_id) == (user, "查看申请人完整信息", str(case.pk))
    assert AuditEntry.objects.filter(act="查看申请人完整信息").count() == 2
    assert PERSON["phone"] not in str((entry.before, entry.after, entry.target_name))


def test_an_auditor_reads_the_case_but_not_the_applicants_data(client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, applicant=make_applicant(**PERSON))
    client.force_login(make_user(Role.AUDITOR, tree.government))
    page = seen(client, case)
    assert buttons(page) == []
    assert "查看完整信息" not in page.content.decode()
    refused = client.post(reverse("cases:applicant", args=[case.pk]))
    assert refused.status_code == 403
    assert PERSON["phone"] not in refused.content.decode()


def test_personal_data_are_no_page_to_open(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    theirs = make_case(tree.neighbour)
    assert clerk_client.get(reverse("cases:applicant", args=[case.pk])).status_code == 405
    assert clerk_client.post(reverse("cases:applicant", args=[theirs.pk])).status_code == 404


def test_other_applications_of_the_year_are_pointed_to(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, applicant=make_applicant(name="申请人甲", phone="13800000000"))
    make_case(tree.land, applicant=make_applicant(name="甲某", phone="138-0000-0000"))
    make_case(tree.office, name="申请人甲")
    make_case(tree.neighbour, name="申请人甲")  # out of scope
    make_case(tree.office, name="申请人甲", received_on=date(2024, 9, 13))  # another year
    make_case(tree.office, name="申请人乙")
    page = seen(clerk_client, case)
    assert page.context["others"] == 2
    assert f'href="{page.context["others_url"]}">2 件申请' in page.content.decode()


def test_proceedings_about_the_case_stand_on_it(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=date(2025, 10, 9))
    make_proceeding(tree.housing, case=case, docket="秀政复〔2025〕8号")
    content = seen(clerk_client, case).content.decode()
    assert "秀政复〔2025〕8号" in content
    assert f"{reverse('cases:proceeding_new')}?case={case.pk}" in content


def test_a_long_course_costs_no_more_queries(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=date(2025, 10, 9))

    def visit() -> int:
        return queries_of(lambda: seen(clerk_client, case))

    def amend(content: str) -> None:
        workflow.amend(
            case, by=hand_of(tree.housing), today=TODAY, reason="x", values={"content": content}
        )

    amend("甲")
    visit()
    before = visit()
    for word in "乙丙丁戊己庚辛":
        amend(word)
        make_case(tree.housing, name=case.applicant.name)
        make_proceeding(tree.housing, case=case)
    assert visit() == before <= 23


def test_other_methods_are_refused(clerk_client: Client, tree: Tree) -> None:
    url = reverse("cases:detail", args=[make_case(tree.housing).pk])
    assert clerk_client.post(url).status_code == 405
