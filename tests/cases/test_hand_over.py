"""批量移交: many cases to another handler, all or none, each with its event."""

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Role
from cases.models import Case, User
from tests.makers import TODAY, Tree, hand_of, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

URL = "/cases/hand-over/"


@pytest.fixture
def clerk(tree: Tree, client: Client) -> User:
    user = make_user(Role.CLERK, tree.housing, name="经办员甲")
    client.force_login(user)
    return user


@pytest.fixture
def leaving(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员丙")


@pytest.fixture
def to(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


@pytest.fixture
def cases(tree: Tree, leaving: User) -> list[Case]:
    days = (date(2025, 10, 9), date(2025, 9, 15), date(2025, 9, 28))
    return [make_case(tree.housing, handler=leaving, received_on=day) for day in days]


def seen(*cases: Case) -> list[str]:
    return [f"{case.pk}:{case.version}" for case in cases]


def typed(cases: list[Case], to: User | None, **fields: object) -> dict[str, Any]:
    said = {"cases": seen(*cases), "to": to.pk if to else "", "reason": "岗位调整"}
    return said | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def handlers() -> set[User | None]:
    return {case.handler for case in Case.objects.select_related("handler")}


def test_the_preview_lists_what_is_still_to_do_with_its_due_day(
    client: Client, clerk: User, leaving: User, cases: list[Case], tree: Tree
) -> None:
    make_case(tree.housing, handler=leaving, closed_on=date(2025, 10, 9))
    make_case(tree.housing, handler=clerk)
    page = client.get(URL, {"handler": leaving.pk})
    rows = page.context["rows"]
    assert [row.due for row in rows] == ["10-17", "10-31", "11-05"]
    assert all(row.ticked for row in rows)
    assert {row.case for row in rows} == set(cases)
    assert "10-31" in page.content.decode()


def test_all_are_handed_over_each_with_its_event(
    client: Client, clerk: User, leaving: User, to: User, cases: list[Case]
) -> None:
    page = client.post(f"{URL}?handler={leaving.pk}", typed(cases, to), follow=True)
    assert "已将 3 件移交给经办员戊" in page.content.decode()
    assert page.redirect_chain == [(f"/cases/?handler={to.pk}", 302)]
    assert handlers() == {to}
    for case in cases:
        event = case.events.latest("pk")
        assert (event.kind, event.on, event.by) == (EventKind.HANDED_OVER, TODAY, clerk)
        assert event.text == "由经办员丙移交给经办员戊：岗位调整"
        ends_on = case.ends_on
        case.refresh_from_db()
        assert case.ends_on == ends_on


def test_only_the_ticked_are(
    client: Client, clerk: User, leaving: User, to: User, cases: list[Case]
) -> None:
    client.post(URL, typed(cases[:2], to))
    assert [Case.objects.get(pk=case.pk).handler for case in cases] == [to, to, leaving]


def test_the_cases_of_a_list_are_handed_over(
    client: Client, clerk: User, to: User, tree: Tree
) -> None:
    """The list's own conditions choose them; nobody had them, so no reason is lost."""
    free = make_case(tree.housing, content="甲路")
    make_case(tree.housing, content="乙路")
    link = f"{URL}?q=%E7%94%B2%E8%B7%AF"
    assert link in client.get("/cases/", {"q": "甲路"}).content.decode()
    assert [row.case for row in client.get(link).context["rows"]] == [free]
    client.post(link, typed([free], to))
    event = free.events.latest("pk")
    assert (event.kind, event.text) == (EventKind.ASSIGNED, "分派给经办员戊：岗位调整")


def test_none_if_one_has_changed_meanwhile(
    client: Client, clerk: User, leaving: User, to: User, cases: list[Case]
) -> None:
    said = typed(cases, to)
    workflow.assign(cases[1], by=clerk, today=TODAY, handler=clerk, reason="加急")
    page = client.post(f"{URL}?handler={leaving.pk}", said)
    assert errors(page)["__all__"][0].startswith(f"{cases[1].number}：您打开之后")
    assert handlers() == {leaving, clerk}
    assert page.context["form"]["reason"].value() == "岗位调整"
    assert Case.objects.filter(handler=to).count() == 0
    rows = page.context["rows"]  # as they stand now; the ticks stay
    assert [row.ticked for row in rows] == [True, True]


def test_none_if_one_is_no_longer_to_do(
    client: Client, clerk: User, leaving: User, to: User, cases: list[Case]
) -> None:
    workflow.reply(
        cases[2],
        by=clerk,
        today=TODAY,
        outcome="granted",
        closed_on=TODAY,
        service_method="post",
        served_on=TODAY,
    )
    cases[2].refresh_from_db()
    page = client.post(f"{URL}?handler={leaving.pk}", typed(cases, to))
    assert f"{cases[2].number} 不能移交。" in errors(page)["__all__"][0]
    assert handlers() == {leaving}


def test_none_if_the_new_handler_does_not_work_at_one_organ(
    client: Client, tree: Tree, leaving: User, to: User, cases: list[Case]
) -> None:
    supervisor = make_user(Role.SUPERVISOR, tree.government)
    client.force_login(supervisor)
    other = make_case(tree.land)
    page = client.post(URL, typed([*cases, other], to))
    assert errors(page)["to"] == [
        f"{other.number}：经办员戊在区资规分局没有经办人或者审核人的角色，不能经办这件申请。"
    ]
    assert handlers() == {leaving, None}


def test_what_they_have_already_is_named(
    client: Client, clerk: User, to: User, cases: list[Case], tree: Tree
) -> None:
    own = make_case(tree.housing, handler=to)
    page = client.post(URL, typed([*cases, own], to))
    assert errors(page)["__all__"] == [f"{own.number} 已由经办员戊经办，请去掉勾选。"]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"cases": []}, "cases", "请勾选要移交的申请件。"),
        ({"cases": ["x"]}, "cases", "表单已过期"),
        ({"cases": ["1:" + "9" * 30]}, "cases", "表单已过期"),
        ({"to": ""}, "to", "请选择移交给谁。"),
        ({"to": "stranger"}, "to", "所选的移交给不在可选项之内"),
        ({"reason": " "}, "reason", "请填写移交原因。"),
        ({"reason": "字" * 301}, "reason", "最多 300 个字"),
        ({"reason": "找 13800000000"}, "__all__", "不能存个人信息"),
    ],
)
def test_bad_input_is_said_and_nothing_is_handed_over(
    client: Client,
    clerk: User,
    leaving: User,
    to: User,
    cases: list[Case],
    tree: Tree,
    fields: dict[str, Any],
    field: str,
    sentence: str,
) -> None:
    stranger = make_user(Role.CLERK, tree.land)
    said = {name: stranger.pk if value == "stranger" else value for name, value in fields.items()}
    page = client.post(f"{URL}?handler={leaving.pk}", typed(cases, to) | said)
    assert sentence in errors(page)[field][0]
    assert sentence in page.content.decode()
    assert handlers() == {leaving}


def test_a_case_out_of_scope_is_not_found(
    client: Client, clerk: User, to: User, cases: list[Case], tree: Tree
) -> None:
    answer = client.post(URL, typed([*cases, make_case(tree.land)], to))
    assert answer.status_code == 404
    assert not Case.objects.filter(handler=to).exists()


def test_there_is_a_limit_and_the_page_says_so(
    client: Client,
    clerk: User,
    leaving: User,
    to: User,
    cases: list[Case],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_module("cases.workflow.assign"), "MOST_AT_ONCE", 2)
    monkeypatch.setattr("cases.views.hand_over.MOST_AT_ONCE", 2)
    page = client.get(URL, {"handler": leaving.pk})
    assert len(page.context["rows"]) == 2
    assert "一次最多 2 件，先列出最紧要的" in page.content.decode()
    with pytest.raises(ValidationError, match="一次最多移交 2 件"):
        workflow.hand_over(
            [(case.pk, None) for case in cases], by=clerk, today=TODAY, to=to, reason="调岗"
        )


def test_an_auditor_hands_nothing_over(client: Client, tree: Tree, cases: list[Case]) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {}).status_code == 403
    assert URL not in client.get("/cases/").content.decode()


def test_a_stranger_sees_nobody_to_hand_over_from(
    client: Client, tree: Tree, leaving: User, cases: list[Case]
) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    page = client.get(URL, {"handler": leaving.pk})
    assert page.context["rows"] == [] and page.context["handlers"] == []
    assert "没有可以移交的申请件" in page.content.decode()
    assert "请先选择移交谁的申请件" in client.get(URL).content.decode()
    assert (
        "经办员丙"
        not in client.get(reverse("cases:list"), {"handler": leaving.pk}).content.decode()
    )


def test_who_has_left_is_offered_as_whose(
    client: Client, clerk: User, leaving: User, cases: list[Case]
) -> None:
    leaving.is_active = False
    leaving.save()
    assert (leaving, False) in client.get(URL).context["handlers"]


def test_a_long_preview_costs_no_more_queries(
    client: Client, clerk: User, leaving: User, tree: Tree
) -> None:
    def visit() -> int:
        return queries_of(lambda: client.get(URL, {"handler": leaving.pk}))

    make_case(tree.housing, handler=leaving)
    visit()  # caches of the process
    with_one = visit()
    for _ in range(9):
        make_case(tree.housing, handler=leaving)
    assert visit() == with_one


def test_the_drafting_unit_stays(
    client: Client, clerk: User, leaving: User, to: User, cases: list[Case], tree: Tree
) -> None:
    workflow.assign(
        cases[0], by=hand_of(tree.housing), today=TODAY, handler=leaving,
        drafting_department=tree.land,
    )  # fmt: skip
    cases[0].refresh_from_db()
    client.post(URL, typed(cases[:1], to))
    cases[0].refresh_from_db()
    assert (cases[0].drafting_department, cases[0].handler) == (tree.land, to)
