"""关联: a repeat of an earlier case, or a related one; shown both ways, undone with a reason."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, LinkKind, Role
from cases.models import Case, CaseLink
from tests.makers import TODAY, Tree, hand_of, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def earlier(tree: Tree) -> Case:
    return make_case(tree.housing, received_on=date(2025, 9, 1))


@pytest.fixture
def case(tree: Tree, earlier: Case) -> Case:
    return make_case(tree.housing, received_on=date(2025, 10, 9))


def url_of(case: Case, name: str = "link") -> str:
    return reverse(f"cases:{name}", args=[case.pk])


def typed(case: Case, to: Case | str, **fields: object) -> dict[str, Any]:
    number = to if isinstance(to, str) else to.number
    return {"version": case.version, "number": number, "kind": "repeat", "note": ""} | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def seen(client: Client, case: Case) -> str:
    return client.get(reverse("cases:detail", args=[case.pk])).content.decode()


def linked(case: Case, other: Case, kind: str = LinkKind.REPEAT) -> CaseLink:
    workflow.link(case, by=hand_of(case.department), today=TODAY, number=other.number, kind=kind)
    case.refresh_from_db()
    return CaseLink.objects.latest("pk")


def test_a_repeat_is_shown_on_both_pages(clerk_client: Client, case: Case, earlier: Case) -> None:
    page = clerk_client.post(url_of(case), typed(case, earlier, note="内容一字不差"), follow=True)
    link = CaseLink.objects.get()
    assert (link.earlier, link.later, link.kind) == (earlier, case, LinkKind.REPEAT)
    content = page.content.decode()
    assert f"关联：与 {earlier.number} 的内容重复：内容一字不差" in content
    assert "重复了" in content and url_of(case, "unlink") in content
    assert page.context["records"].links[0].state == "未分派"
    other = seen(clerk_client, earlier)
    assert "被重复于" in other and case.number in other
    event = case.events.get(kind=EventKind.LINKED)
    assert event.data == {"link": link.pk, "other": earlier.pk, "kind": "repeat"}


def test_a_link_moves_nothing(clerk_client: Client, case: Case, earlier: Case) -> None:
    before = (case.ends_on, earlier.version, Case.objects.counted().count())
    clerk_client.post(url_of(case), typed(case, earlier))
    case.refresh_from_db()
    earlier.refresh_from_db()
    assert (case.ends_on, earlier.version, Case.objects.counted().count()) == before


def test_related_cases_may_be_tied_from_either(
    clerk_client: Client, case: Case, earlier: Case
) -> None:
    clerk_client.post(url_of(earlier), typed(earlier, case, kind="related"))
    link = CaseLink.objects.get()
    assert (link.earlier, link.later, link.kind) == (earlier, case, LinkKind.RELATED)
    assert "相关 <a" in seen(clerk_client, case) and "相关 <a" in seen(clerk_client, earlier)


def test_the_address_may_name_the_other(clerk_client: Client, case: Case, earlier: Case) -> None:
    page = clerk_client.get(url_of(case), {"number": earlier.number})
    assert page.context["form"]["number"].value() == earlier.number


@pytest.mark.parametrize(
    ("number", "fields", "field", "sentence"),
    [
        ("", {}, "number", "请填写另一件的编号。"),
        ("秀建公开申〔2025〕99号", {}, "number", "没有编号为“秀建公开申〔2025〕99号”的申请件。"),
        ("itself", {}, "number", "这是本件的编号，请填另一件的。"),
        ("void", {}, "number", "已作废。"),
        ("elsewhere", {}, "number", "没有编号为"),
        ("later", {}, "number", "在本件之后到件，请在那一件的页面登记重复。"),
        ("linked", {}, "number", "已经关联。"),
        ("linked", {"kind": "related"}, "number", "已经关联。"),
        ("earlier", {"kind": ""}, "kind", "请选择关联方式。"),
        ("earlier", {"kind": "split"}, "kind", "所选的关联方式不在可选项之内"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client,
    tree: Tree,
    case: Case,
    earlier: Case,
    number: str,
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    void, other = make_case(tree.housing), make_case(tree.housing)
    workflow.void(void, by=hand_of(tree.housing), today=TODAY, reason="误登")
    linked(other, case, LinkKind.RELATED)
    case.refresh_from_db()
    named = {
        "itself": case.number,
        "void": void.number,
        "elsewhere": make_case(tree.land).number,
        "later": make_case(tree.housing, received_on=TODAY).number,
        "linked": other.number,
        "earlier": earlier.number,
    }
    before = CaseLink.objects.count()
    page = clerk_client.post(url_of(case), typed(case, named.get(number, number), **fields))
    assert sentence in errors(page)[field][0]
    assert sentence in page.content.decode()
    assert CaseLink.objects.count() == before


def test_what_arrived_on_one_day_is_told_apart_by_its_order(
    clerk_client: Client, tree: Tree
) -> None:
    first, second = make_case(tree.housing), make_case(tree.housing)
    page = clerk_client.post(url_of(first), typed(first, second))
    assert "在本件之后到件" in errors(page)["number"][0]
    assert clerk_client.post(url_of(second), typed(second, first)).status_code == 302


def test_a_link_is_undone_with_a_reason(clerk_client: Client, case: Case, earlier: Case) -> None:
    link = linked(case, earlier)
    page = clerk_client.get(url_of(case, "unlink"))
    assert page.context["form"]["link"].value() == link.pk  # the only one is proposed
    said = {"version": case.version, "link": link.pk, "reason": ""}
    page = clerk_client.post(url_of(case, "unlink"), said)
    assert errors(page)["reason"] == ["请填写解除原因。"]
    page = clerk_client.post(url_of(case, "unlink"), said | {"reason": "看错编号"}, follow=True)
    assert not CaseLink.objects.exists()
    content = page.content.decode()
    assert f"解除与 {earlier.number} 的关联（重复申请）：看错编号" in content
    assert "关联的申请件" not in content and "关联的申请件" not in seen(clerk_client, earlier)


def test_it_may_be_undone_from_the_earlier_case(
    clerk_client: Client, case: Case, earlier: Case
) -> None:
    link = linked(case, earlier)
    said = {"version": earlier.version, "link": link.pk, "reason": "看错编号"}
    clerk_client.post(url_of(earlier, "unlink"), said)
    assert not CaseLink.objects.exists()
    assert earlier.events.filter(kind=EventKind.UNLINKED).count() == 1


@pytest.mark.parametrize("kind", [LinkKind.REPEAT, LinkKind.RELATED])
def test_both_courses_tell_of_it(
    clerk_client: Client, case: Case, earlier: Case, kind: LinkKind
) -> None:
    link = linked(case, earlier, kind)
    said = {"version": case.version, "link": link.pk, "reason": "看错编号"}
    clerk_client.post(url_of(case, "unlink"), said)
    for one, other in ((case, earlier), (earlier, case)):
        event = one.events.get(kind=EventKind.UNLINKED)
        assert event.text == f"解除与 {other.number} 的关联（{kind.label}）：看错编号"
        assert event.data == {"link": link.pk, "other": other.pk, "kind": kind}
        assert event.text in seen(clerk_client, one)


@pytest.mark.parametrize("from_part", [False, True])
def test_a_split_is_untied_and_each_part_stays_a_case(
    clerk_client: Client, case: Case, from_part: bool
) -> None:
    workflow.split(case, by=hand_of(case.department), today=TODAY, items=["甲", "乙"])
    link, counted = CaseLink.objects.get(), Case.objects.counted().count()
    one, other = (link.later, link.earlier) if from_part else (link.earlier, link.later)
    page = clerk_client.get(url_of(one, "unlink"))
    assert "各件仍然各自办理、各自计入统计" in page.content.decode()
    said = {"version": one.version, "link": link.pk, "reason": "误拆"}
    clerk_client.post(url_of(one, "unlink"), said)
    assert not CaseLink.objects.exists()
    assert Case.objects.counted().count() == counted
    for case_, that in ((one, other), (other, one)):
        told = case_.events.get(kind=EventKind.UNLINKED).text
        assert told == f"解除与 {that.number} 的关联（拆分）：误拆"


def test_a_link_of_other_cases_is_not_undone_here(
    clerk_client: Client, tree: Tree, case: Case, earlier: Case
) -> None:
    link = linked(case, earlier)
    third = make_case(tree.housing)
    said = {"version": third.version, "link": link.pk, "reason": "x"}
    page = clerk_client.post(url_of(third, "unlink"), said)
    assert errors(page)["link"]
    assert CaseLink.objects.exists()


def test_a_voided_case_is_tied_to_nothing(clerk_client: Client, case: Case, earlier: Case) -> None:
    workflow.void(case, by=hand_of(case.department), today=TODAY, reason="误登")
    case.refresh_from_db()
    page = clerk_client.get(url_of(case), follow=True)
    assert f"{case.number} 已作废，不能关联。" in page.content.decode()
    page = clerk_client.post(url_of(case), typed(case, earlier))
    assert errors(page)["__all__"] == [f"{case.number} 已作废，不能关联。"]


def test_two_clerks(clerk_client: Client, case: Case, earlier: Case) -> None:
    said = typed(case, earlier)
    clerk_client.post(url_of(case), said)
    page = clerk_client.post(url_of(case), said)
    assert "您打开之后" in errors(page)["__all__"][0]
    assert CaseLink.objects.count() == 1


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
@pytest.mark.parametrize("name", ["link", "unlink"])
def test_other_roles_link_nothing(
    client: Client, tree: Tree, case: Case, earlier: Case, role: Role, name: str
) -> None:
    link = linked(case, earlier)
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case, name)).status_code == 403
    said = typed(case, earlier) | {"link": link.pk, "reason": "x"}
    assert client.post(url_of(case, name), said).status_code == 403
    assert "解除</a>" not in seen(client, case)


@pytest.mark.parametrize("name", ["link", "unlink"])
def test_a_stranger_finds_no_case(
    client: Client, tree: Tree, case: Case, earlier: Case, name: str
) -> None:
    client.force_login(make_user(Role.CLERK, tree.neighbour))
    assert client.get(url_of(case, name)).status_code == 404
    assert client.post(url_of(case, name), typed(case, earlier)).status_code == 404


def test_many_links_cost_the_page_no_more_queries(
    clerk_client: Client, tree: Tree, case: Case, earlier: Case
) -> None:
    linked(case, earlier)

    def visit() -> int:
        return queries_of(lambda: seen(clerk_client, case))

    visit()
    with_one = visit()
    for _ in range(7):
        linked(case, make_case(tree.housing), LinkKind.RELATED)
    assert visit() == with_one


@pytest.mark.parametrize("wrong", ["itself", "twice", "kind"])
def test_the_database_refuses_what_cannot_be(case: Case, earlier: Case, wrong: str) -> None:
    linked(case, earlier)
    rows = {
        "itself": {"earlier": case, "later": case, "kind": "related"},
        "twice": {"earlier": earlier, "later": case, "kind": "related"},
        "kind": {"earlier": case, "later": earlier, "kind": "ghost"},
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseLink.objects.create(**rows[wrong])
