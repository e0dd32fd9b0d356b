"""分派、移交: which unit drafts the reply, and who handles the case."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Role
from cases.models import Case, User
from cases.permissions import Act
from cases.states import State
from tests.makers import (
    TODAY,
    Tree,
    hand_of,
    make_applicant,
    make_case,
    make_department,
    make_user,
    queries_of,
)
from tests.signoff import make_chain, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)


@pytest.fixture
def clerk(tree: Tree, client: Client) -> User:
    user = make_user(Role.CLERK, tree.housing, name="经办员甲")
    client.force_login(user)
    return user


@pytest.fixture
def colleague(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


def url_of(case: Case) -> str:
    return reverse("cases:assign", args=[case.pk])


def typed(case: Case, handler: User | None = None, **fields: object) -> dict[str, Any]:
    case.refresh_from_db()
    return {
        "version": case.version,
        "drafting_department": "",
        "handler": handler.pk if handler else "",
        "reason": "",
    } | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def last_event(case: Case) -> Any:
    return case.events.latest("pk")


def test_a_case_gets_its_handler_and_keeps_its_clock(
    client: Client, clerk: User, case: Case, colleague: User
) -> None:
    page = client.post(url_of(case), typed(case, colleague), follow=True).content.decode()
    case.refresh_from_db()
    assert case.handler == colleague
    assert State.of(case, TODAY) == State.IN_PROGRESS
    assert case.ends_on == date(2025, 10, 17)
    event = last_event(case)
    assert (event.kind, event.on, event.text) == (EventKind.ASSIGNED, TODAY, "分派给经办员戊")
    assert event.data["handler"] == colleague.pk
    assert "分派给经办员戊" in page and "还没有受理" in page


def test_a_unit_drafts_and_the_case_stays_the_organs(
    client: Client, clerk: User, case: Case, tree: Tree
) -> None:
    client.post(url_of(case), typed(case, drafting_department=tree.land.pk))
    case.refresh_from_db()
    assert (case.department, case.drafting_department) == (tree.housing, tree.land)
    assert last_event(case).text == "分派给区资规分局"
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "已交区资规分局承办，还没有指定经办人" in page


def test_the_organ_itself_as_drafting_unit_is_none(
    client: Client, clerk: User, case: Case, colleague: User, tree: Tree
) -> None:
    client.post(url_of(case), typed(case, colleague, drafting_department=tree.housing.pk))
    case.refresh_from_db()
    assert (case.drafting_department, case.handler) == (None, colleague)


def test_handing_on_takes_a_reason(
    client: Client, clerk: User, case: Case, colleague: User
) -> None:
    workflow.assign(case, by=clerk, today=TODAY, handler=clerk)
    page = client.post(url_of(case), typed(case, colleague))
    assert errors(page) == {"reason": ["请填写移交原因。"]}
    client.post(url_of(case), typed(case, colleague, reason="岗位调整"))
    event = last_event(case)
    assert event.kind == EventKind.HANDED_OVER
    assert event.text == "由经办员甲移交给经办员戊：岗位调整"
    assert event.data["before"]["handler"] == clerk.pk


def test_a_clerk_within_the_unit_that_has_it_needs_no_reason(
    client: Client, clerk: User, case: Case, tree: Tree
) -> None:
    """The unit that drafts reads the case, and says who of them drafts it."""
    workflow.assign(case, by=clerk, today=TODAY, handler=None, drafting_department=tree.land)
    surveyor = make_user(Role.CLERK, tree.land, name="经办员己")
    client.force_login(surveyor)
    said = typed(case, surveyor, drafting_department=tree.land.pk)
    assert client.post(url_of(case), said).status_code == 302
    case.refresh_from_db()
    assert case.handler == surveyor
    assert last_event(case).kind == EventKind.ASSIGNED


def test_the_unit_that_drafts_does_not_pass_the_case_on(
    client: Client, clerk: User, case: Case, tree: Tree
) -> None:
    workflow.assign(case, by=clerk, today=TODAY, handler=None, drafting_department=tree.land)
    client.force_login(make_user(Role.CLERK, tree.land))
    page = client.post(url_of(case), typed(case, drafting_department=tree.town.pk, reason="不熟悉"))
    assert errors(page)["drafting_department"][0].startswith("承办单位由受理单位确定")
    case.refresh_from_db()
    assert case.drafting_department == tree.land


def test_the_unit_reads_the_case_only_while_it_is_worked(
    client: Client, clerk: User, case: Case, tree: Tree
) -> None:
    surveyor = make_user(Role.CLERK, tree.land)
    page = reverse("cases:detail", args=[case.pk])
    client.force_login(surveyor)
    assert client.get(page).status_code == 404
    workflow.assign(case, by=clerk, today=TODAY, handler=None, drafting_department=tree.land)
    assert client.get(page).status_code == 200
    assert case in Case.objects.visible_to(User.objects.get(pk=surveyor.pk))
    workflow.reply(
        case,
        by=clerk,
        today=TODAY,
        outcome="granted",
        closed_on=TODAY,
        service_method="post",
        served_on=TODAY,
    )
    assert client.get(page).status_code == 404


def test_the_unit_that_drafts_neither_replies_nor_sees_personal_data(
    client: Client, clerk: User, case: Case, tree: Tree
) -> None:
    workflow.assign(case, by=clerk, today=TODAY, handler=None, drafting_department=tree.land)
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(reverse("cases:reply", args=[case.pk])).status_code == 403
    assert client.post(reverse("cases:applicant", args=[case.pk])).status_code == 403


def test_the_unit_that_drafts_does_the_drafting(client: Client, clerk: User, tree: Tree) -> None:
    """It drafts, calls, asks its sections, searches and keeps papers; it never sees the number."""
    case = make_case(
        tree.housing,
        applicant=make_applicant(phone="13800000000"),
        content="甲路方案，电话 13800000000",
    )
    workflow.assign(case, by=clerk, today=TODAY, handler=None, drafting_department=tree.land)
    surveyor = make_user(Role.CLERK, tree.land)
    situation = workflow.situation_of(Case.objects.get(pk=case.pk), on=TODAY)
    assert set(workflow.allowed_acts(situation, surveyor)) == {
        Act.ASSIGN,
        Act.REFUSE_ASSIGNMENT,
        Act.DRAFT,
        Act.NOTE_CALL,
        Act.ASK_SECTION,
        Act.RECORD_SEARCH,
        Act.KEEP_DOCUMENT,
    }
    client.force_login(surveyor)
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "甲路方案，电话 （号码略）" in page and "138****0000" in page
    assert "13800000000" not in page
    assert "存入材料" in page
    draft = reverse("cases:draft", args=[case.pk])
    said = {"version": Case.objects.get(pk=case.pk).version, "draft_version": "0"}
    said |= {"outcome": "granted", "service_method": "post"}
    assert client.post(draft, said).status_code == 302
    assert Case.objects.get(pk=case.pk).draft.saved_by == surveyor


def test_the_unit_that_drafts_sends_on_what_the_organ_signs(
    client: Client, clerk: User, case: Case, tree: Tree
) -> None:
    make_chain(tree.housing)
    workflow.assign(case, by=clerk, today=TODAY, handler=None, drafting_department=tree.land)
    head = make_user(Role.REVIEWER, tree.land)
    submitted(case, by=head)
    with pytest.raises(workflow.NotAllowed):
        workflow.sign(case, by=head, today=TODAY)
    workflow.sign(case, by=hand_of(tree.housing), today=TODAY)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({}, "handler", "请选择承办单位或者经办人。"),
        ({"handler": "x"}, "handler", "所选的经办人不在可选项之内，请重新选择。"),
        ({"drafting_department": "x"}, "drafting_department", "所选的承办单位不在可选项之内"),
        ({"handler": "colleague", "reason": "字" * 301}, "reason", "最多 300 个字，现有 301 个。"),
        ({"handler": "stranger"}, "handler", "所选的经办人不在可选项之内，请重新选择。"),
        ({"handler": "auditor"}, "handler", "所选的经办人不在可选项之内，请重新选择。"),
        ({"handler": "gone"}, "handler", "所选的经办人不在可选项之内，请重新选择。"),
        ({"drafting_department": "government"}, "drafting_department", "所选的承办单位不在可选项"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    client: Client,
    clerk: User,
    colleague: User,
    case: Case,
    tree: Tree,
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    gone = make_user(Role.CLERK, tree.housing)
    gone.is_active = False
    gone.save()
    keys = {
        "colleague": colleague.pk,
        "stranger": make_user(Role.CLERK, tree.land).pk,
        "auditor": make_user(Role.AUDITOR, tree.housing).pk,
        "gone": gone.pk,
        "government": tree.government.pk,
    }
    said = {name: keys.get(value, value) for name, value in fields.items()}
    page = client.post(url_of(case), typed(case) | said)
    assert sentence in errors(page)[field][0]
    case.refresh_from_db()
    assert case.handler is None and case.drafting_department is None
    assert last_event(case).kind == EventKind.REGISTERED


def test_personal_data_stay_out_of_the_reason(
    client: Client, clerk: User, colleague: User, case: Case
) -> None:
    page = client.post(url_of(case), typed(case, colleague, reason="电话 13800000000"))
    assert "不能存个人信息" in errors(page)["__all__"][0]


def test_the_act_itself_refuses_who_does_not_work_there(
    clerk: User, case: Case, tree: Tree
) -> None:
    stranger = make_user(Role.CLERK, tree.land, name="经办员己")
    with pytest.raises(ValidationError) as refused:
        workflow.assign(case, by=clerk, today=TODAY, handler=stranger)
    assert refused.value.message_dict == {
        "handler": ["经办员己在区住建局没有经办人或者审核人的角色，不能经办这件申请。"]
    }


def test_who_works_above_the_organ_may_handle_its_cases(
    clerk: User, case: Case, tree: Tree
) -> None:
    above = make_user(Role.REVIEWER, tree.government)
    assert workflow.assign(case, by=clerk, today=TODAY, handler=above).handler == above


def test_a_section_of_the_organ_drafts_with_its_own_clerk(
    client: Client, clerk: User, case: Case, tree: Tree
) -> None:
    section = make_department("建设科", parent=tree.housing)
    own = make_user(Role.CLERK, section, name="经办员庚")
    client.post(url_of(case), typed(case, own, drafting_department=section.pk))
    assert last_event(case).text == "分派给建设科（经办员庚）"


def test_the_clerks_of_the_chosen_unit_are_offered(
    client: Client, clerk: User, colleague: User, case: Case, tree: Tree
) -> None:
    surveyor = make_user(Role.CLERK, tree.land)

    def offered(query: str = "") -> set[User]:
        form = client.get(url_of(case) + query).context["form"]
        return set(form.fields["handler"].queryset)

    assert offered() == {clerk, colleague, hand_of(tree.housing)}
    assert offered(f"?drafting_department={tree.land.pk}") == offered() | {surveyor}
    assert offered("?drafting_department=nonsense") == offered()


def test_nothing_changed_is_no_assignment(
    client: Client, clerk: User, colleague: User, case: Case
) -> None:
    workflow.assign(case, by=clerk, today=TODAY, handler=colleague)
    page = client.post(url_of(case), typed(case, colleague, reason="再次"))
    assert errors(page)["__all__"] == ["承办单位和经办人都没有改变，没有分派。"]
    assert case.events.filter(kind=EventKind.HANDED_OVER).count() == 0


def test_a_closed_case_is_not_assigned(client: Client, clerk: User, tree: Tree) -> None:
    closed = make_case(tree.housing, closed_on=date(2025, 10, 9))
    page = client.get(url_of(closed), follow=True)
    assert "已办结，不能分派。" in page.content.decode()
    page = client.post(url_of(closed), typed(closed, clerk))
    assert errors(page)["__all__"] == [f"{closed.number} 已办结，不能分派。"]
    assert page.context["form"]["handler"].value() == str(clerk.pk)  # what was typed stays


def test_what_is_still_to_be_served_is_assigned(client: Client, clerk: User, tree: Tree) -> None:
    unserved = make_case(tree.housing, closed_on=date(2025, 10, 9), service_method="post")
    client.post(url_of(unserved), typed(unserved, clerk))
    unserved.refresh_from_db()
    assert unserved.handler == clerk


def test_two_clerks(client: Client, clerk: User, colleague: User, case: Case) -> None:
    seen = typed(case, clerk)
    workflow.assign(case, by=colleague, today=TODAY, handler=colleague)
    page = client.post(url_of(case), seen)
    assert "您打开之后" in errors(page)["__all__"][0]
    case.refresh_from_db()
    assert case.handler == colleague


def test_an_auditor_does_not_assign(client: Client, tree: Tree, case: Case, clerk: User) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert client.get(url_of(case)).status_code == 403
    assert client.post(url_of(case), typed(case, clerk)).status_code == 403


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.REVIEWER])
def test_supervisors_and_reviewers_assign(
    client: Client, tree: Tree, case: Case, clerk: User, role: Role
) -> None:
    client.force_login(make_user(role, tree.government))
    assert client.post(url_of(case), typed(case, clerk)).status_code == 302


def test_a_stranger_finds_no_such_case(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(url_of(case)).status_code == 404
    assert client.post(url_of(case), {}).status_code == 404


def test_other_methods_are_refused(client: Client, clerk: User, case: Case) -> None:
    assert client.put(url_of(case)).status_code == 405


# In the row of a list ----------------------------------------------------------------------------

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/cases/?state=unassigned&page=2"}


def row_of(case: Case) -> str:
    return reverse("cases:assign_row", args=[case.pk])


def test_the_row_of_a_case_that_nobody_handles_offers_its_form(
    client: Client, clerk: User, colleague: User, case: Case, tree: Tree
) -> None:
    handled = make_case(tree.housing, handler=colleague)
    page = client.get(reverse("cases:list")).content.decode()
    assert f'hx-get="{row_of(case)}"' in page
    assert row_of(handled) not in page
    form = client.get(row_of(case), headers=HTMX).content.decode()
    assert f'id="hand-{case.pk}"' in form and "经办员戊" in form
    left = client.get(row_of(case) + "?leave=1", headers=HTMX).content.decode()
    assert f'hx-get="{row_of(case)}"' in left and "<form" not in left


def test_assigned_in_the_row_the_list_is_drawn_anew(
    client: Client, clerk: User, colleague: User, case: Case
) -> None:
    page = client.post(row_of(case), typed(case, colleague), headers=HTMX).content.decode()
    case.refresh_from_db()
    assert case.handler == colleague
    assert "经办员戊" in page
    assert 'hx-get="/cases/?state=unassigned&amp;page=2"' in page


def test_what_is_wrong_is_said_in_the_row(client: Client, clerk: User, case: Case) -> None:
    page = client.post(row_of(case), typed(case), headers=HTMX).content.decode()
    assert "请选择承办单位或者经办人。" in page and "<form" in page


def test_the_unit_of_the_case_stays_when_its_row_is_assigned(
    client: Client, clerk: User, colleague: User, case: Case, tree: Tree
) -> None:
    workflow.assign(case, by=clerk, today=TODAY, handler=None, drafting_department=tree.land)
    form = client.get(row_of(case), headers=HTMX).context["form"]
    said = typed(case, colleague, drafting_department=form["drafting_department"].value())
    client.post(row_of(case), said, headers=HTMX)
    case.refresh_from_db()
    assert (case.drafting_department, case.handler) == (tree.land, colleague)


def test_without_htmx_the_row_leads_to_the_page(client: Client, clerk: User, case: Case) -> None:
    answer = client.get(row_of(case))
    assert answer.status_code == 302
    assert answer.headers["Location"] == url_of(case)


def test_who_may_not_assign_is_offered_nothing(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert row_of(case) not in client.get(reverse("cases:list")).content.decode()
    assert client.get(row_of(case), headers=HTMX).status_code == 403


def test_rows_to_assign_cost_no_queries(client: Client, clerk: User, tree: Tree) -> None:
    def visit() -> int:
        return queries_of(lambda: client.get(reverse("cases:list")))

    make_case(tree.housing)
    visit()  # caches of the process
    with_one = visit()
    for _ in range(9):
        make_case(tree.housing)
    assert visit() == with_one
