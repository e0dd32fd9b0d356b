"""继受: what the pages of a case say once another organ has taken it over, and its parts."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Outcome, Role
from cases.departments import succeed_department
from cases.models import Case, ReviewOrgan, User
from cases.permissions import Act, can_on
from cases.signoff import checklist
from cases.workflow import situation_of
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import get_format
from tests.makers import TODAY, Tree, hand_of, make_case, make_user
from tests.signoff import draft, make_chain, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = date(2025, 10, 13)  # 区资规分局 is succeeded by 区住建局
BEFORE = date(2025, 10, 10)


@pytest.fixture
def taken(tree: Tree) -> Case:
    """Open on the day of succession; each organ has a review organ and a court of its own."""
    for organ, review, court in (
        (tree.land, "甲市资规局", "甲法院"),
        (tree.housing, "乙区人民政府", "乙法院"),
    ):
        ReviewOrgan.objects.create(
            department=organ, name=review, court=court, from_on=date(2025, 1, 1)
        )
    case = make_case(tree.land)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    return Case.objects.get(pk=case.pk)


def fresh(user: User) -> User:
    """As the next request sees the user."""
    return User.objects.get(pk=user.pk)


def test_the_parts_of_a_split_go_where_the_whole_would_have_gone(
    client: Client, tree: Tree, taken: Case
) -> None:
    heir = make_user(Role.CLERK, tree.housing)
    client.force_login(heir)
    url = reverse("cases:split", args=[taken.pk])
    said = {"version": taken.version, "rows": 2, "item_0": "补偿方案", "item_1": "安置方案"}
    page = client.post(url, said, follow=True)
    assert page.status_code == 200
    part = Case.objects.exclude(pk=taken.pk).get()
    assert (part.content, part.department) == ("安置方案", tree.land)
    assert can_on(heir, Act.REPLY, part) and part in Case.objects.visible_to(fresh(heir))
    year = Period.year(2025)
    received = {
        organ: count(scope_of(organ, OWN, year), year, get_format("2021")).section_three[
            "new_received"
        ][-1]
        for organ in (tree.land, tree.housing)
    }
    assert received == {tree.land: 0, tree.housing: 2}


def test_the_old_organ_splits_nothing(tree: Tree, taken: Case) -> None:
    with pytest.raises(workflow.NotAllowed, match="您在区住建局没有“拆分”的权限"):
        workflow.split(taken, by=hand_of(tree.land), today=TODAY, items=["甲", "乙"])


def test_the_guide_names_the_successors_instances(client: Client, tree: Tree, taken: Case) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    url = reverse("cases:guide", args=[taken.pk])
    said = "clear.yes.no.own.found.secret.whole"
    page = client.get(f"{url}?said={said}").content.decode()
    assert "乙区人民政府" in page and "甲市资规局" not in page


@pytest.mark.parametrize(
    ("closed_on", "named"), [(TODAY, "乙区人民政府"), (date(2025, 10, 12), "甲市资规局")]
)
def test_the_checklist_names_those_of_who_answers_on_the_day(
    taken: Case, closed_on: date, named: str
) -> None:
    situation = situation_of(taken, on=TODAY)
    content = {
        "outcome": Outcome.STATE_SECRET,
        "closed_on": str(closed_on),
        "reply_reasons": "",
    }
    points = checklist(taken, situation.clock, situation.events, content, TODAY)
    remedies = next(point for point in points if point.key == "remedies")
    assert named in "".join(remedies.facts)


def test_the_approval_sheet_is_the_successors(client: Client, tree: Tree, taken: Case) -> None:
    make_chain(tree.housing)
    heir = hand_of(tree.housing)
    client.force_login(heir)
    draft(taken, by=heir)
    detail = reverse("cases:detail", args=[taken.pk])
    assert "尚未送审" in client.get(detail).content.decode()
    submitted(taken, by=heir)
    page = client.get(reverse("cases:approval", args=[taken.pk])).content.decode()
    assert tree.housing.name in page and tree.land.name not in page


@pytest.mark.parametrize(("closed_on", "now"), [(TODAY, 0), (BEFORE, 1)])
def test_the_note_counts_in_the_table_of_who_answers_on_the_day(
    client: Client, tree: Tree, taken: Case, closed_on: date, now: int
) -> None:
    make_case(tree.land, by=make_user(Role.REVIEWER, tree.government), closed_on=BEFORE)
    client.force_login(make_user(Role.CLERK, tree.housing))
    said = {"case": taken.pk, "outcome": "granted", "closed_on": str(closed_on)}
    rows = client.get(reverse("reports:outcome_row"), said).context["goes"]["rows"]
    assert {"now": now, "after": now + 1}.items() <= next(r for r in rows if "now" in r).items()
    client.force_login(make_user(Role.CLERK, tree.land))
    refused = client.get(reverse("reports:outcome_row"), said)
    assert refused.status_code == 403 and "区住建局" in refused.content.decode()
