"""继受: a review or suit against what an organ did is answered by whoever has succeeded it
(行政复议法19, 行政诉讼法26)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import workflow
from cases.choices import NoticeKind, ProceedingResult, Role
from cases.departments import succeed_department
from cases.models import Case, Department, Notice, Proceeding, User
from cases.permissions import Act, can_on, can_record
from cases.reminding import remind
from cases.workflow import NotAllowed
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import get_format
from tests.makers import Tree, hand_of, make_case, make_proceeding, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = date(2025, 10, 13)  # 区资规分局 is succeeded by 区住建局
ANSWERED = date(2025, 9, 22)
BEFORE, AFTER = date(2025, 10, 9), date(2025, 10, 20)
NOTICE_IN = date(2025, 10, 15)  # the answer is owed by 10-29
TODAY = date(2025, 10, 27)


@pytest.fixture
def settled(tree: Tree) -> Case:
    """Answered and served long before: nothing of it is left to do."""
    clerk = make_user(Role.CLERK, tree.land)
    said: dict[str, Any] = {"closed_on": ANSWERED, "service_method": "post", "served_on": ANSWERED}
    case = make_case(tree.land, **said)
    Case.objects.filter(pk=case.pk).update(handler=clerk)
    return again(case)


@pytest.fixture
def running(tree: Tree, settled: Case) -> Proceeding:
    found = make_proceeding(tree.land, case=settled, filed_on=BEFORE)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    return Proceeding.objects.get(pk=found.pk)


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def case_of(proceeding: Proceeding) -> Case:
    return Case.objects.get(proceedings=proceeding)


def fresh(user: User) -> User:
    """As the next request sees the user."""
    return User.objects.get(pk=user.pk)


def fields_of(client: Client, url: str) -> dict[str, Any]:
    form = client.get(url).context["form"]
    return {field.html_name: field.value() or "" for field in form}


def reviews(department: Department) -> int:
    """总计 of the reviews of this year's section four."""
    year = Period.year(2025)
    four = count(scope_of(department, OWN, year), year, get_format("2021")).section_four
    return four["review"][-1] or 0


def test_the_successor_sees_and_works_what_was_running(
    client: Client, tree: Tree, running: Proceeding
) -> None:
    case, heir = case_of(running), make_user(Role.REVIEWER, tree.housing)
    old = make_user(Role.CLERK, tree.land)
    assert case in Case.objects.visible_to(heir) and case in Case.objects.visible_to(old)
    assert set(Proceeding.objects.visible_to(heir)) == {running}
    assert can_on(heir, Act.ARCHIVE, case) and not can_on(old, Act.ARCHIVE, case)
    client.force_login(heir)
    detail = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    amend = reverse("cases:proceeding_amend", args=[running.pk])
    assert "<dt>继受单位</dt><dd>区住建局</dd>" in detail and amend in detail
    assert amend in client.get(reverse("cases:proceedings")).content.decode()
    assert client.get(reverse("cases:proceeding_bundle", args=[running.pk])).status_code == 200
    said = fields_of(client, amend) | {"received_on": str(NOTICE_IN), "ruling": "revoked"}
    page = client.post(amend, said | {"concluded_on": str(AFTER)}, follow=True)
    assert "已更正" in page.content.decode()
    ended = Proceeding.objects.get()
    assert (ended.department, ended.concluded_on) == (tree.land, AFTER)
    assert (reviews(tree.land), reviews(tree.housing)) == (0, 1)
    said = {"by": fresh(heir), "today": TODAY, "proceeding": ended}
    assert workflow.reopen(case, on=AFTER, workdays=20, **said).is_reopened


def test_the_old_organ_and_strangers_record_nothing_more(
    client: Client, tree: Tree, running: Proceeding
) -> None:
    old = make_user(Role.CLERK, tree.land)
    strangers = [make_user(Role.CLERK, tree.town), make_user(Role.ADMINISTRATOR, tree.government)]
    assert running in Proceeding.objects.visible_to(old)
    for user in (old, *strangers):
        assert not can_record(user, running)
    for user in strangers:
        assert running not in Proceeding.objects.visible_to(user)
        assert running.case not in Case.objects.visible_to(user)
    client.force_login(old)
    assert client.get(reverse("cases:proceeding_amend", args=[running.pk])).status_code == 403
    with pytest.raises(NotAllowed, match="没有在区住建局登记复议诉讼的权限"):
        workflow.record_proceeding(running, by=old, today=TODAY)


@pytest.mark.parametrize("concluded_on", [date(2025, 10, 12), DAY])
def test_what_ended_before_stays_with_the_old_organ(
    tree: Tree, settled: Case, concluded_on: date
) -> None:
    """The last day on which it stays, and the day itself."""
    result: dict[str, Any] = {"result": ProceedingResult.UPHELD, "concluded_on": concluded_on}
    ended = make_proceeding(tree.land, case=settled, filed_on=BEFORE, **result)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    heir, moved = make_user(Role.CLERK, tree.housing), concluded_on == DAY
    assert (ended in Proceeding.objects.visible_to(heir)) is moved
    assert (settled in Case.objects.visible_to(heir)) is moved
    assert reviews(tree.housing) == int(moved)


def test_the_successors_people_are_reminded(tree: Tree, running: Proceeding) -> None:
    heir = make_user(Role.CLERK, tree.housing)
    Proceeding.objects.update(received_on=NOTICE_IN)
    alone = make_proceeding(
        tree.land, by=heir, filed_on=BEFORE, received_on=NOTICE_IN, docket="甲复〔2025〕8号"
    )
    assert alone.case is None and running.case
    remind(TODAY)
    told = Notice.objects.filter(kind=NoticeKind.DEFENCE_IN_2)
    assert {(it.user, it.proceeding) for it in told} == {(heir, running), (heir, alone)}
    assert set(Notice.objects.visible_to(fresh(heir))) == set(told)


def test_whom_a_succession_left_behind_is_not_reminded_of_a_case(tree: Tree) -> None:
    case = make_case(tree.land)
    Case.objects.filter(pk=case.pk).update(handler=make_user(Role.CLERK, tree.land))
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    heir = make_user(Role.CLERK, tree.housing)
    remind(case.ends_on or TODAY)
    assert {it.user for it in Notice.objects.filter(case=case)} == {heir}


def test_one_filed_afterwards_is_the_successors(client: Client, tree: Tree, settled: Case) -> None:
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    heir = make_user(Role.CLERK, tree.housing)
    assert settled not in Case.objects.visible_to(heir)
    client.force_login(heir)
    new = reverse("cases:proceeding_new")
    said = fields_of(client, new) | {"kind": "review", "filed_on": str(AFTER)}
    said |= {"case_number": settled.number}
    page = client.post(new, said | {"department": tree.land.pk})
    assert f"{AFTER} 立案的，被申请（被告）单位是区住建局。" in page.content.decode()
    page = client.post(new, said | {"department": tree.housing.pk}, follow=True)
    assert settled.number in page.content.decode() and page.status_code == 200
    filed = Proceeding.objects.get()
    assert (filed.department, filed.case) == (tree.housing, settled)
    assert settled in Case.objects.visible_to(fresh(heir))
    assert (reviews(tree.land), reviews(tree.housing)) == (0, 1)


def test_one_filed_before_and_entered_afterwards_is_of_the_old_organ(
    client: Client, tree: Tree, settled: Case
) -> None:
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    client.force_login(make_user(Role.CLERK, tree.housing))
    new = reverse("cases:proceeding_new")
    said = fields_of(client, new) | {"kind": "review", "filed_on": str(BEFORE)}
    said |= {"case_number": settled.number, "department": tree.housing.pk}
    page = client.post(new, said)
    assert f"{BEFORE} 立案的，被申请（被告）单位是区资规分局。" in page.content.decode()
    ended = {"ruling": "withdrawn", "concluded_on": "2025-10-11", "department": tree.land.pk}
    page = client.post(new, said | ended, follow=True)  # it ended before: not theirs to read
    assert "已登记" in page.content.decode()
    assert (reviews(tree.land), reviews(tree.housing)) == (1, 0)
    assert settled not in Case.objects.visible_to(hand_of(tree.housing))


def test_through_a_chain_of_successions(tree: Tree, running: Proceeding) -> None:
    succeed_department(tree.housing, successor=tree.town, on=AFTER)
    town, housing = make_user(Role.CLERK, tree.town), make_user(Role.CLERK, tree.housing)
    assert can_record(town, Proceeding.objects.get()) and not can_record(housing, running)
    assert running in Proceeding.objects.visible_to(town)
    assert running.case in Case.objects.visible_to(town)
    assert running.case not in Case.objects.visible_to(housing)
    between = Proceeding(department=tree.housing, case=running.case, kind="review")
    between.filed_on = date(2025, 10, 17)
    assert workflow.record_proceeding(between, by=fresh(town), today=TODAY).pk


def test_another_organs_case_is_refused(tree: Tree, settled: Case) -> None:
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    with pytest.raises(ValidationError, match="不是该单位办理的"):
        make_proceeding(tree.town, case=settled, filed_on=AFTER)


def test_many_that_were_taken_over_cost_no_more_queries(tree: Tree, running: Proceeding) -> None:
    def seen_by(user: User) -> int:
        return queries_of(
            lambda: (
                list(Case.objects.visible_to(fresh(user))),
                list(Proceeding.objects.visible_to(fresh(user))),
            )
        )

    heir = make_user(Role.CLERK, tree.housing)
    one = seen_by(heir)
    for _ in range(3):
        case = make_case(
            tree.land, by=make_user(Role.REVIEWER, tree.government), closed_on=ANSWERED
        )
        make_proceeding(tree.land, by=fresh(heir), case=case, filed_on=BEFORE)
    assert Case.objects.visible_to(fresh(heir)).count() == 4
    assert seen_by(heir) == one


NEAR = st.dates(date(2025, 10, 9), date(2025, 10, 24))  # around both successions


@st.composite
def columns(draw: st.DrawFn) -> dict[str, Any]:
    filed_on = draw(NEAR)
    concluded_on = draw(st.none() | st.dates(filed_on, date(2025, 10, 24)))
    return {
        "filed_on": filed_on,
        "concluded_on": concluded_on,
        "result": ProceedingResult.UPHELD if concluded_on else "",
    }


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(columns=columns())
def test_who_answers_counts_it_and_works_its_case(
    tree: Tree, chain: dict[int, User], columns: dict[str, Any]
) -> None:
    """In Python, to the database, and in the table."""
    Proceeding.objects.update(department=tree.land.heir_on(columns["filed_on"]), **columns)
    proceeding = Proceeding.objects.select_related("case__department", "department").get()
    organ = proceeding.organ_on(TODAY)
    counting = {pk for pk in chain if proceeding in _counted_by(Department.objects.get(pk=pk))}
    assert counting == {organ.pk}
    reading = {pk: fresh(user) for pk, user in chain.items()}
    assert all(can_record(user, proceeding) for pk, user in reading.items() if pk == organ.pk)
    assert proceeding in Proceeding.objects.visible_to(reading[organ.pk])
    case = case_of(proceeding)
    holders = {pk for pk, user in reading.items() if case.pk in user.taken_over}
    assert holders == {case.organ_on(TODAY).pk} - {tree.land.pk}
    if columns["concluded_on"] is None:
        assert case.organ_on(TODAY) == organ


def _counted_by(department: Department) -> set[Proceeding]:
    return set(Proceeding.objects.of_organs(scope_of(department, OWN, Period.year(2025)).organs))


@pytest.fixture
def chain(tree: Tree, running: Proceeding) -> dict[int, User]:
    """A clerk of each of the organs, the last of which has succeeded the one before it."""
    succeed_department(tree.housing, successor=tree.town, on=AFTER)
    return {
        organ.pk: make_user(Role.CLERK, organ) for organ in (tree.land, tree.housing, tree.town)
    }
