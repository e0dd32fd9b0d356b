"""拆分: an application with several items becomes as many cases, each counted (convention 5)."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Channel, EventKind, LinkKind, Role, Stage
from cases.models import Applicant, Case, CaseLink, Event
from cases.permissions import Act
from cases.workflow.link import MOST_ITEMS
from tests.makers import TODAY, Facts, Tree, hand_of, make_applicant, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ITEMS = ("甲路征收补偿方案", "乙路规划许可", "丙路环评批复")


@pytest.fixture
def case(tree: Tree) -> Case:
    applicant = make_applicant(name="申请人甲", phone="13800000001")
    content = "1. 甲路征收补偿方案 2. 乙路规划许可 3. 丙路环评批复"
    return make_case(tree.housing, applicant=applicant, content=content, purpose="自用")


def url_of(case: Case) -> str:
    return reverse("cases:split", args=[case.pk])


def typed(case: Case, *items: str, **fields: object) -> dict[str, Any]:
    rows = items or ITEMS
    return {
        "version": case.version,
        "rows": len(rows),
        **{f"item_{n}": item for n, item in enumerate(rows)},
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def parts_of(case: Case) -> list[Case]:
    return list(Case.objects.exclude(pk=case.pk).order_by("pk"))


def test_one_application_becomes_as_many_cases_as_it_has_items(
    clerk_client: Client, case: Case
) -> None:
    page = clerk_client.post(url_of(case), typed(case), follow=True)
    before = case.number
    case.refresh_from_db()
    second, third = parts_of(case)
    assert (case.number, case.content) == (before, ITEMS[0])
    assert (second.content, third.content) == ITEMS[1:]
    assert [each.number for each in (second, third)] == [
        "秀建公开申〔2025〕2号",
        "秀建公开申〔2025〕3号",
    ]
    for part in (second, third):
        assert part.applicant_id != case.applicant_id
        assert (part.applicant.name, part.applicant.phone) == ("申请人甲", "13800000001")
        same = ("department_id", "channel", "arrived_on", "received_on", "purpose", "ends_on")
        assert all(getattr(part, name) == getattr(case, name) for name in same)
        assert part.stage == Stage.OPEN
        assert f"由 {before} 拆分而来" in part.events.values_list("text", flat=True)
    links = CaseLink.objects.values_list("earlier", "later", "kind").order_by("pk")
    assert list(links) == [(case.pk, part.pk, LinkKind.SPLIT) for part in (second, third)]
    event = case.events.get(kind=EventKind.SPLIT)
    assert event.text == f"拆分为 3 件：本件及 {second.number}、{third.number}"
    content = page.content.decode()
    assert f"已拆分，另编号为 {second.number}、{third.number}。" in content
    assert "申请内容：1. 甲路征收补偿方案" in content  # what it said before stands in the course


def test_each_is_counted(clerk_client: Client, case: Case) -> None:
    before = Case.objects.counted().count()
    clerk_client.post(url_of(case), typed(case))
    assert Case.objects.counted().count() == before + 2
    assert Applicant.objects.count() == 3


def test_the_pages_show_it_both_ways(clerk_client: Client, case: Case) -> None:
    clerk_client.post(url_of(case), typed(case))
    second, _ = parts_of(case)
    whole = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    part = clerk_client.get(reverse("cases:detail", args=[second.pk])).content.decode()
    assert "关联的申请件" in whole and "拆分出" in whole and second.number in whole
    assert "拆分自" in part and case.number in part


def test_what_happened_to_the_whole_before_holds_for_every_part(
    clerk_client: Client, tree: Tree
) -> None:
    """A correction that came in on 2025-09-28 began the term anew: due on 2025-10-31."""
    facts = Facts(correction=(date(2025, 9, 22), date(2025, 9, 28)))
    case = make_case(tree.housing, facts=facts)
    assert case.ends_on == date(2025, 10, 31)
    clerk_client.post(url_of(case), typed(case, "甲", "乙"))
    (part,) = parts_of(case)
    assert part.ends_on == date(2025, 10, 31)
    assert workflow.clock_of(part, on=TODAY).used == workflow.clock_of(case, on=TODAY).used


def test_an_extension_put_right_is_copied_as_it_counts(clerk_client: Client, tree: Tree) -> None:
    """Told of twenty days, put right to ten: due on 2025-10-31, not on 11-14."""
    case = make_case(tree.housing, facts=Facts(extended_on=date(2025, 10, 15)))
    wrong = case.events.get(kind=EventKind.EXTENDED)
    right = {"days": 10, "supersedes": [wrong.pk]}
    Event.objects.create(case=case, kind=EventKind.EXTENDED, on=wrong.on, data=right)
    call_command("rebuild_clocks")
    clerk_client.post(url_of(case), typed(case, "甲", "乙"))
    case.refresh_from_db()
    (part,) = parts_of(case)
    assert case.ends_on == part.ends_on == date(2025, 10, 31)
    assert part.events.get(kind=EventKind.EXTENDED).data == {"days": 10}


def test_whoever_applies_together_and_by_word_of_mouth_does_so_for_every_part(
    clerk_client: Client, tree: Tree
) -> None:
    case = make_case(tree.housing, channel=Channel.IN_PERSON, oral=True, co_applicants="申请人丙")
    clerk_client.post(url_of(case), typed(case, "甲", "乙"))
    (part,) = parts_of(case)
    assert (part.oral, part.co_applicants) == (True, "申请人丙")


def test_reasons_asked_of_the_whole_are_not_asked_of_a_part_again(
    clerk_client: Client, tree: Tree
) -> None:
    """条例35: and what was found of them still allows a delayed answer."""
    case = make_case(tree.housing)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.ask_reasons(case, on=date(2025, 9, 22), why="一次申请多项", **said)
    workflow.receive_reasons(
        case, on=date(2025, 9, 28), reasons="课题研究", reasonable=True, **said
    )
    case.refresh_from_db()
    clerk_client.post(url_of(case), typed(case, "甲", "乙"))
    (part,) = parts_of(case)
    situation = workflow.situation_of(part, on=TODAY)
    assert situation.reasons_are(reasonable=True)
    assert workflow.ACTS[Act.ASK_REASONS].out_of_place(situation)


def test_numbers_are_of_the_year_of_receipt(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    case = make_case(tree.housing, received_on=date(2024, 12, 31))
    client.post(url_of(case), typed(case, "甲", "乙"))
    (part,) = parts_of(case)
    assert part.number == "秀建公开申〔2024〕2号" and part.number_year == 2024


def test_empty_rows_are_left_out(clerk_client: Client, case: Case) -> None:
    clerk_client.post(url_of(case), typed(case, "甲", "乙", "", "  "))
    assert len(parts_of(case)) == 1


def test_more_rows_keep_what_was_typed_and_write_nothing(clerk_client: Client, case: Case) -> None:
    page = clerk_client.get(url_of(case))
    assert page.context["form"].count == 3
    assert page.context["form"]["item_0"].value() == case.content
    page = clerk_client.post(url_of(case), typed(case, "甲", "乙", "", more="1"))
    form = page.context["form"]
    assert form.count == 5 and not form.errors
    assert [form[f"item_{n}"].value() for n in range(3)] == ["甲", "乙", ""]
    assert parts_of(case) == []
    page = clerk_client.post(url_of(case), typed(case, "甲", rows=MOST_ITEMS, more="1"))
    assert page.context["form"].count == MOST_ITEMS


@pytest.mark.parametrize(
    ("items", "field", "sentence"),
    [
        (("甲", ""), "item_1", "请填写第 2 项。"),
        (("", "乙"), "item_0", "请填写第 1 项（本件保留的内容）。"),
        (("甲", "甲"), "item_0", "有两项的内容相同，请核对。"),
        (("甲", "乙\0"), "item_1", "含有无法保存的字符"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, items: tuple[str, ...], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, *items))
    assert sentence in errors(page)[field][0]
    assert sentence in page.content.decode()
    assert parts_of(case) == [] and case.events.count() == 1


@pytest.mark.parametrize("rows", ["", "x", "-1", "999", "0", "1"])
def test_a_tampered_number_of_rows_breaks_nothing(
    clerk_client: Client, case: Case, rows: str
) -> None:
    page = clerk_client.post(url_of(case), typed(case, rows=rows))
    assert page.status_code in (200, 302)
    assert len(parts_of(case)) <= 2


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (Facts(correction=(date(2025, 9, 22), None)), "等待补正，有了结果再拆分。"),
        (Facts(consultation=(date(2025, 10, 20), None)), "征求意见中，有了结果再拆分。"),
        (Facts(fee=(date(2025, 9, 22), None)), "等待缴费，有了结果再拆分。"),
        (Facts(fee=(date(2025, 9, 22), date(2025, 9, 24))), "已通知缴费，不能再拆分。"),
    ],
)
def test_while_the_whole_waits_it_is_not_split(
    clerk_client: Client, tree: Tree, facts: Facts, sentence: str
) -> None:
    case = make_case(tree.housing, received_on=date(2025, 9, 17), facts=facts)
    page = clerk_client.get(url_of(case), follow=True)
    assert sentence in page.content.decode()
    page = clerk_client.post(url_of(case), typed(case))
    assert sentence in errors(page)["__all__"][0]
    assert ITEMS[1] in page.content.decode()
    assert parts_of(case) == []


@pytest.mark.parametrize("stage", ["unconfirmed", "closed"])
def test_only_an_open_case_is_split(clerk_client: Client, tree: Tree, stage: str) -> None:
    case = make_case(
        tree.housing,
        received_on=None if stage == "unconfirmed" else date(2025, 9, 15),
        closed_on=date(2025, 10, 9) if stage == "closed" else None,
    )
    page = clerk_client.get(url_of(case), follow=True)
    assert "不能拆分。" in page.content.decode()
    page = clerk_client.post(url_of(case), typed(case))
    assert "不能拆分。" in errors(page)["__all__"][0]
    assert parts_of(case) == []


def test_two_clerks_split_it_once(clerk_client: Client, case: Case) -> None:
    said = typed(case)
    clerk_client.post(url_of(case), said)
    page = clerk_client.post(url_of(case), said)
    assert "您打开之后" in errors(page)["__all__"][0]
    assert len(parts_of(case)) == 2


def test_nothing_is_left_half_done(clerk_client: Client, case: Case) -> None:
    """Personal data in the sentence of the last event: the new cases go as well."""
    workflow.amend(
        case,
        by=hand_of(case.department),
        today=TODAY,
        reason="x",
        values={},
        applicant={"address": "秀建公开申〔2025〕2号"},
    )
    case.refresh_from_db()
    page = clerk_client.post(url_of(case), typed(case, "甲", "乙"))
    assert "不能存个人信息" in errors(page)["__all__"][0]
    assert parts_of(case) == [] and not CaseLink.objects.exists()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_other_roles_do_not_split(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), typed(case)).status_code == 403
    assert parts_of(case) == []


def test_a_stranger_finds_no_case(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.CLERK, tree.neighbour))
    assert client.get(url_of(case)).status_code == 404
    assert client.post(url_of(case), typed(case)).status_code == 404


def test_reasons_that_were_not_asked_after_all_are_asked_of_no_part(
    clerk_client: Client, tree: Tree
) -> None:
    case = make_case(tree.housing)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.ask_reasons(case, on=date(2025, 9, 22), why="一次申请多项", **said)
    asked = case.events.get(kind=EventKind.REASONS_ASKED)
    workflow.revoke(case, event=asked.pk, reason="没有发出", **said)
    case.refresh_from_db()
    clerk_client.post(url_of(case), typed(case, "甲", "乙"))
    (part,) = parts_of(case)
    assert not part.events.filter(kind=EventKind.REASONS_ASKED).exists()
