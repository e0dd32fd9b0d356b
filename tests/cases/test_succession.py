"""继受: whoever succeeds an organ works what was open on it (国办公开办函〔2019〕14号)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import export_jobs, tasks, workflow
from cases.choices import LetterKind, Outcome, Role
from cases.departments import succeed_department
from cases.models import Case, RoundStep, User
from cases.permissions import Act, can_on
from tests.documents import forget_document_files
from tests.makers import RECEIVED, TODAY, Tree, hand_of, make_case, make_user, queries_of
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
