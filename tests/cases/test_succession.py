"""继受: whoever succeeds an organ works what was open on it (国办公开办函〔2019〕14号)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import export_jobs, tasks, workflow
from cases.choices import LetterKind, Outcome, ProceedingResult, Role, ServiceMethod
from cases.departments import succeed_department
from cases.models import Case, Department, RoundStep, User
from cases.permissions import DRAFTING, OF_THE_ASSIGNED, Act, can_on
from cases.workflow.clockwork import AGAIN_STORED
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import get_format
from tests.documents import forget_document_files
from tests.makers import (
    RECEIVED,
    TODAY,
    Tree,
    hand_of,
    make_case,
    make_proceeding,
    make_user,
    queries_of,
)
from tests.signoff import draft, make_chain, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = date(2025, 10, 13)  # 区资规分局 is succeeded by 区住建局
BEFORE = date(2025, 10, 12)


@pytest.fixture
def open_case(tree: Tree) -> Case:
    return make_case(tree.land)


@pytest.fixture
def succeeded(tree: Tree, open_case: Case) -> None:
    succeed_department(tree.land, successor=tree.housing, on=DAY)


def fresh(user: User) -> User:
    """As the next request sees the user."""
    return User.objects.get(pk=user.pk)


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_what_was_open_on_the_day_is_the_successors(tree: Tree, open_case: Case) -> None:
    make_case(tree.land, closed_on=BEFORE)  # ended before: it stays
    ended_after = make_case(tree.land, closed_on=DAY)
    unconfirmed = make_case(tree.land, received_on=None)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    heir, old = make_user(Role.CLERK, tree.housing), make_user(Role.CLERK, tree.land)
    mine = {open_case, ended_after, unconfirmed}
    assert set(Case.objects.visible_to(heir)) == mine
    assert all(can_on(heir, Act.NOTE_CALL, again(case)) for case in mine)
    assert Case.objects.visible_to(old).count() == 4  # its own people read them
    assert not any(can_on(old, Act.NOTE_CALL, again(case)) for case in mine)


@pytest.mark.parametrize(("on", "moved"), [(BEFORE, False), (DAY, True)])
@pytest.mark.usefixtures("succeeded")
def test_from_the_day_itself(
    monkeypatch: pytest.MonkeyPatch, tree: Tree, open_case: Case, on: date, moved: bool
) -> None:
    heir, old = make_user(Role.CLERK, tree.housing), make_user(Role.CLERK, tree.land)
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: on)
    assert (open_case in Case.objects.visible_to(heir)) is moved
    assert can_on(heir, Act.REPLY, again(open_case)) is moved
    assert can_on(old, Act.REPLY, again(open_case)) is not moved


@pytest.mark.usefixtures("succeeded")
def test_what_came_in_afterwards_is_not_carried_along(tree: Tree) -> None:
    late = make_case(tree.land, received_on=DAY)
    assert late not in Case.objects.visible_to(make_user(Role.CLERK, tree.housing))


def test_a_chain_of_successions_leads_to_its_end(tree: Tree, open_case: Case) -> None:
    between = make_case(tree.land, closed_on=date(2025, 10, 14))
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    succeed_department(tree.housing, successor=tree.town, on=date(2025, 10, 20))
    town, housing = make_user(Role.CLERK, tree.town), make_user(Role.CLERK, tree.housing)
    assert can_on(town, Act.REPLY, again(open_case))
    assert open_case in Case.objects.visible_to(town)
    assert not can_on(housing, Act.REPLY, again(open_case))
    assert between in Case.objects.visible_to(fresh(housing))
    assert between not in Case.objects.visible_to(fresh(town))


@pytest.mark.usefixtures("succeeded")
def test_the_successor_answers_through_its_own_chain(tree: Tree, open_case: Case) -> None:
    make_chain(tree.housing)
    heir = hand_of(tree.housing)
    with pytest.raises(workflow.NotAllowed, match="区住建局的答复须先审核签发"):
        workflow.reply(open_case, by=heir, today=TODAY, outcome=Outcome.GRANTED, closed_on=TODAY)
    with pytest.raises(workflow.NotAllowed, match="您在区住建局没有“拟稿”的权限"):
        draft(open_case, by=hand_of(tree.land))
    submitted(open_case, by=heir)
    assert RoundStep.objects.waiting_for(fresh(heir)).count() == 1
    workflow.sign(open_case, by=heir, today=TODAY)


@pytest.mark.usefixtures("succeeded")
def test_letters_are_in_its_name_and_of_its_series(tree: Tree, open_case: Case) -> None:
    letter = workflow.make_letter(
        open_case,
        by=hand_of(tree.housing),
        today=TODAY,
        kind=LetterKind.RECEIPT,
        dated_on=TODAY,
        own_series=True,
    )
    assert letter.department == tree.housing
    assert letter.number.startswith("秀建公开〔2025〕")
    forget_document_files()


@pytest.mark.usefixtures("succeeded")
def test_the_page_says_who_has_taken_over(client: Client, tree: Tree, open_case: Case) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    page = client.get(reverse("cases:detail", args=[open_case.pk])).content.decode()
    assert "<dt>继受单位</dt><dd>区住建局</dd>" in page
    assert open_case.number in client.get(reverse("cases:list")).content.decode()


@pytest.mark.usefixtures("succeeded")
def test_it_is_handled_by_its_own_people(tree: Tree, open_case: Case) -> None:
    heir, by = make_user(Role.CLERK, tree.housing), hand_of(tree.housing)
    with pytest.raises(ValidationError, match="不能经办这件申请"):
        workflow.assign(open_case, by=by, today=TODAY, handler=make_user(Role.CLERK, tree.land))
    workflow.assign(open_case, by=by, today=TODAY, handler=heir)
    assert again(open_case).handler == heir


@pytest.mark.usefixtures("succeeded")
def test_it_answers_for_the_case_in_a_review(client: Client, tree: Tree, open_case: Case) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    new = reverse("cases:proceeding_new")
    form = client.get(f"{new}?case={open_case.pk}").context["form"]
    said = {field.html_name: field.value() or "" for field in form}
    client.post(f"{new}?case={open_case.pk}", said | {"kind": "review", "filed_on": "2025-10-20"})
    proceeding = open_case.proceedings.get()
    assert proceeding.department == tree.housing


@pytest.mark.usefixtures("succeeded", "open_case")
def test_its_people_export_it_whole(settings: Any, tmp_path: Path, tree: Tree) -> None:
    settings.FILES_DIR = tmp_path
    heir, old = make_user(Role.CLERK, tree.housing), make_user(Role.CLERK, tree.land)
    for by, personal in ((heir, [tree.housing.pk]), (old, [])):
        job = export_jobs.request_export("", count=1, personal=True, by=by)
        tasks.export_cases(job.pk)
        job.refresh_from_db()
        assert job.result["cases"] == 1
        assert job.result["personal_departments"] == personal
        assert export_jobs.may_fetch(fresh(by), job)


@pytest.mark.usefixtures("succeeded")
def test_a_stranger_sees_none_of_it(tree: Tree, open_case: Case) -> None:
    for user in (
        make_user(Role.CLERK, tree.town),
        make_user(Role.ADMINISTRATOR, tree.government),
    ):
        assert open_case not in Case.objects.visible_to(user)


def test_many_that_were_taken_over_cost_no_more_queries(tree: Tree) -> None:
    def seen_by(user: User) -> int:
        return queries_of(lambda: list(Case.objects.visible_to(fresh(user))))

    heir = make_user(Role.CLERK, tree.housing)
    make_case(tree.land)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    one = seen_by(heir)
    for _ in range(3):
        make_case(tree.land, received_on=RECEIVED)
    assert seen_by(heir) == one


# answered, and not done with ----------------------------------------------------------------------

ANSWERED = date(2025, 9, 22)


def answered(tree: Tree, served_on: date | None = ANSWERED) -> Case:
    method = ServiceMethod.POST
    return make_case(tree.land, closed_on=ANSWERED, service_method=method, served_on=served_on)


def reopened(case: Case) -> Case:
    review = make_proceeding(
        case.department,
        case=case,
        filed_on=ANSWERED,
        ruling="revoked",
        result=ProceedingResult.CORRECTED,
        concluded_on=date(2025, 10, 9),
    )
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    workflow.reopen(case, proceeding=review, on=date(2025, 10, 10), workdays=20, **said)
    return again(case)


def figure(department: Department, row: str) -> int:
    """总计 of a row of this year's section three."""
    year = Period.year(2025)
    rows = count(scope_of(department, OWN, year), year, get_format("2021")).section_three
    return rows[row][-1] or 0


def test_an_unserved_reply_is_the_successors_to_serve(client: Client, tree: Tree) -> None:
    case, served = answered(tree, served_on=None), answered(tree)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    heir = make_user(Role.CLERK, tree.housing)
    assert set(Case.objects.visible_to(heir)) == {case}
    assert not can_on(heir, Act.SERVE, again(served))
    client.force_login(heir)
    said = {"version": again(case).version, "service_method": "post", "served_on": str(TODAY)}
    page = client.post(reverse("cases:serve", args=[case.pk]), said, follow=True)
    assert "已登记送达。" in page.content.decode()
    assert again(case).served_on == TODAY
    assert case in Case.objects.visible_to(fresh(heir))


def test_a_reopened_case_is_the_successors_until_its_end(client: Client, tree: Tree) -> None:
    case = reopened(answered(tree))
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    heir, old = make_user(Role.CLERK, tree.housing), make_user(Role.CLERK, tree.land)
    assert not can_on(old, Act.REPLY_AGAIN, again(case))
    client.force_login(heir)
    assert case.number in client.get(reverse("cases:list"), {"due": "again"}).content.decode()
    said: dict[str, Any] = {"by": fresh(heir), "today": TODAY}
    workflow.reply_again(
        case, outcome=Outcome.GRANTED, closed_on=TODAY, service_method="post", **said
    )
    assert client.get(reverse("cases:detail", args=[case.pk])).status_code == 200
    workflow.serve(case, service_method="post", served_on=TODAY, **said)
    assert again(case).again_served_on == TODAY
    assert client.get(reverse("cases:detail", args=[case.pk])).status_code == 200
    assert can_on(fresh(heir), Act.RETURN_MAIL, again(case))


def test_one_that_is_reopened_afterwards_goes_to_the_successor(tree: Tree) -> None:
    case = answered(tree)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    heir = make_user(Role.CLERK, tree.housing)
    assert case not in Case.objects.visible_to(heir)
    case = reopened(case)
    assert case in Case.objects.visible_to(fresh(heir))
    assert can_on(fresh(heir), Act.REPLY_AGAIN, case)


def test_the_figures_stay_with_the_organ_that_answered(tree: Tree) -> None:
    """Closed on the day of the reply, for the figures (conventions 1 and 7)."""
    reopened(answered(tree))
    answered(tree, served_on=None)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    assert (figure(tree.land, "results_total"), figure(tree.housing, "results_total")) == (2, 0)


NEAR = st.dates(date(2025, 10, 9), date(2025, 10, 24))  # around both successions


@st.composite
def columns(draw: st.DrawFn) -> dict[str, object]:
    """What the columns of a case may hold of its course."""
    arrived = draw(NEAR)
    received = draw(st.none() | st.dates(arrived, date(2025, 10, 24)))
    closed = draw(st.none() | st.dates(received, date(2025, 10, 24))) if received else None
    served = draw(st.none() | st.dates(closed, date(2025, 10, 26))) if closed else None
    new_reply: tuple[date | None, ...] = (None, None, None)
    if closed:
        until, day = date(2025, 11, 7), draw(NEAR)
        of_it = [new_reply, (until, None, None), (until, day, None), (None, None, day)]
        new_reply = draw(st.sampled_from(of_it))
    return {
        "arrived_on": arrived,
        "received_on": received,
        "closed_on": closed,
        "outcome": "granted" if closed else "",
        "service_method": draw(st.sampled_from(["", "post"])),
        "served_on": served,
        **dict(zip(AGAIN_STORED, new_reply, strict=True)),
    }


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(columns=columns())
def test_python_and_the_database_agree_on_whose_it_is(
    chain: tuple[Case, dict[int, User]], columns: dict[str, object]
) -> None:
    case, heirs = chain
    Case.objects.filter(pk=case.pk).update(**columns)
    organ = again(case).organ_on(TODAY)
    mine = {pk for pk, heir in heirs.items() if case.pk in fresh(heir).taken_over}
    assert mine == {organ.pk} - {case.department_id}


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(columns=columns())
def test_who_works_an_open_case_counts_it(
    chain: tuple[Case, dict[int, User]], columns: dict[str, object]
) -> None:
    """What was 待确认 at a succession and is confirmed later, too."""
    case, heirs = chain
    columns |= dict.fromkeys(("closed_on", "served_on", *AGAIN_STORED))
    Case.objects.filter(pk=case.pk).update(**columns | {"outcome": "", "service_method": ""})
    scopes = {
        pk: scope_of(Department.objects.get(pk=pk), OWN, Period.year(2025)).organs
        for pk in (case.department_id, *heirs)
    }
    counting = [pk for pk, organs in scopes.items() if case in Case.objects.of_organs(organs)]
    assert counting == [again(case).organ_on(TODAY).pk]


def test_confirmed_after_the_succession_it_is_the_successors_in_the_table(tree: Tree) -> None:
    case = make_case(tree.land, received_on=None)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    by, on = hand_of(tree.housing), date(2025, 10, 20)
    workflow.confirm(case, by=by, today=TODAY, received_on=on, note="电话确认")
    assert again(case).received_on == on
    assert (figure(tree.land, "new_received"), figure(tree.housing, "new_received")) == (0, 1)
    workflow.reply(
        case, by=by, today=TODAY, outcome="granted", closed_on=TODAY, service_method="post"
    )
    assert (figure(tree.land, "results_total"), figure(tree.housing, "results_total")) == (0, 1)


@pytest.fixture
def chain(tree: Tree, open_case: Case) -> tuple[Case, dict[int, User]]:
    """A case of an organ that was succeeded twice, and a clerk of each of its successors."""
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    succeed_department(tree.housing, successor=tree.town, on=date(2025, 10, 20))
    heirs = (tree.housing, tree.town)
    return open_case, {organ.pk: make_user(Role.CLERK, organ) for organ in heirs}


# the unit that drafts -----------------------------------------------------------------------------


@pytest.fixture
def drafted(tree: Tree) -> Case:
    """The office answers it; 区资规分局, which 区住建局 has succeeded, was to draft it."""
    case, by = make_case(tree.office), hand_of(tree.office)
    drafter = make_user(Role.CLERK, tree.land)
    workflow.assign(case, by=by, today=TODAY, handler=drafter, drafting_department=tree.land)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    return again(case)


def test_the_successor_of_the_unit_goes_on_with_its_draft(
    client: Client, tree: Tree, drafted: Case
) -> None:
    heir, old = make_user(Role.CLERK, tree.housing), make_user(Role.CLERK, tree.land)
    assert drafted.handler and drafted in Case.objects.visible_to(heir)
    drafting = {act for act in DRAFTING if act not in OF_THE_ASSIGNED}
    assert all(can_on(heir, act, drafted) for act in drafting)
    assert not any(
        can_on(user, act, drafted) for user in (old, drafted.handler) for act in DRAFTING
    )
    assert can_on(heir, Act.REFUSE_ASSIGNMENT, drafted)
    assert not can_on(heir, Act.REPLY, drafted) and not can_on(heir, Act.OPEN_DOCUMENT, drafted)
    client.force_login(heir)
    said = {"version": drafted.version, "draft_version": "0", "outcome": "granted"}
    url = reverse("cases:draft", args=[drafted.pk])
    assert client.post(url, said | {"service_method": "post"}).status_code == 302
    assert again(drafted).draft.saved_by == heir
    with pytest.raises(workflow.NotAllowed, match="没有“拟稿”的权限"):
        draft(drafted, by=old)


def test_its_people_may_handle_what_the_unit_drafts(
    client: Client, tree: Tree, drafted: Case
) -> None:
    heir, by = make_user(Role.CLERK, tree.housing), hand_of(tree.office)
    client.force_login(by)
    offered = client.get(reverse("cases:assign", args=[drafted.pk])).context["form"]
    assert heir in offered.fields["handler"].queryset
    said: dict[str, Any] = {"by": by, "today": TODAY, "drafting_department": tree.land}
    with pytest.raises(ValidationError, match="不能经办这件申请"):
        workflow.assign(drafted, handler=make_user(Role.CLERK, tree.land), reason="换人", **said)
    workflow.assign(drafted, handler=heir, reason="机构改革", **said)
    assert can_on(heir, Act.ACCEPT, again(drafted))


@pytest.mark.parametrize(("on", "moved"), [(BEFORE, False), (DAY, True)])
def test_the_unit_drafts_until_the_day_itself(
    monkeypatch: pytest.MonkeyPatch, tree: Tree, drafted: Case, on: date, moved: bool
) -> None:
    heir, old = make_user(Role.CLERK, tree.housing), make_user(Role.CLERK, tree.land)
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: on)
    assert (drafted in Case.objects.visible_to(heir)) is moved
    assert can_on(heir, Act.DRAFT, drafted) is moved
    assert can_on(old, Act.DRAFT, drafted) is not moved


def test_a_stranger_drafts_nothing_after_a_chain_of_successions(tree: Tree, drafted: Case) -> None:
    succeed_department(tree.housing, successor=tree.town, on=date(2025, 10, 20))
    town, housing = make_user(Role.CLERK, tree.town), make_user(Role.CLERK, tree.housing)
    assert can_on(town, Act.DRAFT, again(drafted))
    assert drafted in Case.objects.visible_to(town)
    assert not can_on(housing, Act.DRAFT, again(drafted))
    assert not can_on(make_user(Role.CLERK, tree.neighbour), Act.DRAFT, again(drafted))
