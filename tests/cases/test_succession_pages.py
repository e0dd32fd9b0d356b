"""继受: what the pages of a case say once another organ has taken it over, and its parts."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.charges import fees_paid
from cases.choices import FeeScheme, LinkKind, Outcome, Role
from cases.decreed import decreed_calendar
from cases.departments import succeed_department
from cases.lamps import lamp_of
from cases.listing import with_parties
from cases.models import Case, CaseLink, DepartmentSettings, ReviewOrgan, User
from cases.permissions import Act, can_on
from cases.signoff import checklist
from cases.workflow import situation_of
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import get_format
from tests.makers import TODAY, Tree, hand_of, make_case, make_user, queries_of
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
    said: dict[str, Any] = {"case": taken.pk, "outcome": "granted", "closed_on": str(closed_on)}
    rows = client.get(reverse("reports:outcome_row"), said).context["goes"]["rows"]
    assert {"now": now, "after": now + 1}.items() <= next(r for r in rows if "now" in r).items()
    client.force_login(make_user(Role.CLERK, tree.land))
    refused = client.get(reverse("reports:outcome_row"), said)
    assert refused.status_code == 403 and "区住建局" in refused.content.decode()


def test_the_lamp_is_by_the_days_the_successor_has_set(tree: Tree, taken: Case) -> None:
    DepartmentSettings.objects.create(department=tree.land, green_from=2, amber_from=1)
    DepartmentSettings.objects.create(department=tree.housing, green_from=10, amber_from=5)
    on, calendar = date(2025, 10, 14), decreed_calendar()  # 3 days are left
    case = with_parties(Case.objects.all()).get(pk=taken.pk)
    assert queries_of(lambda: lamp_of(case, on=on, calendar=calendar)) == 0
    assert lamp_of(case, on=on, calendar=calendar).css == "red"
    assert lamp_of(case, on=BEFORE, calendar=calendar).css == "green"


def test_it_is_tied_to_a_case_of_the_successor_and_to_what_the_old_organ_ended(
    tree: Tree, taken: Case
) -> None:
    head = make_user(Role.REVIEWER, tree.government)
    ended = make_case(tree.land, by=head, received_on=date(2025, 9, 1), closed_on=BEFORE)
    own, stranger = make_case(tree.housing), make_case(tree.town)
    by = hand_of(tree.housing)
    for case, other in ((taken, own), (own, ended), (taken, ended)):
        workflow.link(case, by=by, today=TODAY, number=other.number, kind=LinkKind.RELATED)
    assert CaseLink.objects.count() == 3
    with pytest.raises(ValidationError, match="区住建局没有编号为"):
        workflow.link(taken, by=by, today=TODAY, number=stranger.number, kind=LinkKind.RELATED)


def test_a_fee_is_of_who_answers_on_the_day_it_is_paid(tree: Tree) -> None:
    for asked, paid in ((date(2025, 9, 16), date(2025, 9, 18)), (date(2025, 9, 17), TODAY)):
        case = make_case(tree.land)
        said: dict[str, Any] = {"by": hand_of(tree.land), "today": TODAY}
        workflow.ask_fee(case, on=asked, scheme=FeeScheme.PAGES, pages=68, **said)
        workflow.receive_fee(case, on=paid, **said)
    succeed_department(tree.land, successor=tree.housing, on=DAY)
    both = {tree.land.pk, tree.housing.pk}
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    assert fees_paid(both, first, last) == dict.fromkeys(both, 380)
    assert fees_paid({tree.housing.pk}, first, last) == {tree.housing.pk: 380}
    assert queries_of(lambda: fees_paid(both, first, last)) == 2
