"""A published report beside the facts of now: what differs, by which cases, and why."""

from datetime import date

import pytest

from cases import workflow
from cases.choices import Outcome, ProceedingResult, Role
from cases.models import Case, SealedYear, User
from cases.workflow import seal_year
from cases.workflow.sealing import LateReasonNeeded, giving
from reports import annual
from reports.annual.causes import causes
from reports.annual.differences import differences
from reports.choices import ALL, ReportStepKind
from reports.formats.base import Tables
from reports.formats.content import Content
from reports.models import PublishedTable
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding, make_tree, make_user
from tests.reports.report_cast import filled, zeros
from tests.reports.test_annual import F2021, made_public, publish, step

pytestmark = pytest.mark.django_db

WHY = "纸质登记簿漏登"
NEW = "section_three.new_received"


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def office(tree: Tree) -> User:
    return make_user(Role.SUPERVISOR, tree.government, name="主管辛")


def late_case(tree: Tree, received_on: date = date(2024, 12, 20)) -> Case:
    with giving(WHY):
        return make_case(tree.housing, received_on=received_on)


def live(row: PublishedTable) -> Content:
    assert row.report
    return annual.content_of(row.report)


def rolled_up(tree: Tree, office: User) -> PublishedTable:
    """That of the whole district, public."""
    report = filled(tree.government, office, ALL)
    report = step(report, ReportStepKind.CONFIRMED, office)
    return publish(step(report, ReportStepKind.ACCEPTED, office), office)


def test_to_publish_its_own_report_seals_the_year_of_an_organ(tree: Tree, office: User) -> None:
    row = made_public(tree, office)
    sealed = SealedYear.objects.get()
    assert (sealed.department, sealed.year, sealed.by) == (tree.housing, 2024, row.by)
    assert sealed.since == row.published_on
    assert set(sealed.rows) == set(Outcome.values)
    with pytest.raises(LateReasonNeeded):
        make_case(tree.housing, received_on=date(2024, 12, 20))
    make_case(tree.land, received_on=date(2024, 12, 20))


def test_a_roll_up_seals_nothing(tree: Tree, office: User) -> None:
    made_public(tree, office)
    rolled_up(tree, office)
    assert SealedYear.objects.get().department == tree.housing


def test_a_correction_seals_nothing_anew_and_begins_the_differences_anew(
    tree: Tree, office: User
) -> None:
    first = made_public(tree, office)
    case = late_case(tree)
    assert [cause.record for cause in causes(first)] == [case]
    assert first.report
    hand = hand_of(tree.housing)
    report = annual.correct(first.report, by=hand, reason="漏登一件")
    report = step(report, ReportStepKind.CONFIRMED, hand)
    second = publish(step(report, ReportStepKind.ACCEPTED, office), hand)
    assert SealedYear.objects.get().since == first.published_on
    assert not causes(second)
    assert not differences(second.content, live(second))


def test_nothing_differs_where_nothing_was_changed(tree: Tree, office: User) -> None:
    make_case(tree.housing, received_on=date(2024, 3, 1))
    row = made_public(tree, office)
    make_case(tree.housing, received_on=date(2025, 1, 2))
    assert not differences(row.content, live(row))
    assert not causes(row)


def test_each_cell_that_says_something_else_is_named(tree: Tree, office: User) -> None:
    row = made_public(tree, office)
    late_case(tree)
    found = differences(row.content, live(row))
    assert [(each.path, each.before, each.now) for each in found] == [
        (f"{NEW}.natural_person", 0, 1),
        (f"{NEW}.total", 0, 1),
        ("section_three.carried_forward.natural_person", 0, 1),
        ("section_three.carried_forward.total", 0, 1),
    ]


def test_section_two_is_compared_too() -> None:
    one = Content(F2021, 2024, "区住建局", zeros(), Tables.zero(F2021))
    blank = Content(F2021, 2024, "区住建局", zeros().blank(F2021), Tables.zero(F2021))
    found = differences(one, blank)
    assert len(found) == len(zeros().amounts)
    path = "section_two.regulations.made_this_year"
    assert found[0] == (path, 0, None)


def test_the_cases_behind_it_say_how_and_why(tree: Tree, office: User) -> None:
    kept = make_case(tree.housing, received_on=date(2024, 12, 20))
    row = made_public(tree, office)
    case = late_case(tree)
    hand = hand_of(tree.housing)
    with giving("答复书落款为上年"):
        workflow.reply(
            kept,
            by=hand,
            today=TODAY,
            outcome=Outcome.GRANTED,
            closed_on=date(2024, 12, 30),
            service_method="post",
        )
    with giving("复议决定书漏登"):
        review = make_proceeding(
            tree.housing,
            filed_on=date(2024, 9, 2),
            result=ProceedingResult.CORRECTED,
            concluded_on=date(2024, 11, 1),
        )
    found = causes(row)
    assert [cause.record for cause in found] == [case, kept, review]
    assert {cause.organ for cause in found} == {tree.housing}
    sentences = [cause.sentence for cause in found]
    assert sentences[0].startswith("公布时不计入，现在计入新收、结转下年度（自然人）。")
    assert sentences[0].endswith(f"{hand}：{WHY}")
    assert (found[1].before, found[1].after) == (
        "计入新收、结转下年度（自然人）",
        "计入新收、三（一）予以公开（自然人）",
    )
    assert found[2].after == "计入行政复议的“结果纠正”"


def test_what_was_put_back_is_none(tree: Tree, office: User) -> None:
    row = made_public(tree, office)
    case = late_case(tree)
    workflow.void(case, by=hand_of(tree.housing), today=TODAY, reason="原来已登记")
    assert not causes(row)
    assert not differences(row.content, live(row))


def test_before_it_was_published_nothing_was_late(tree: Tree, office: User) -> None:
    seal_year(tree.housing, 2024, since=date(2025, 1, 2), rows={}, by=hand_of(tree.housing))
    late_case(tree)
    assert not causes(made_public(tree, office))


def test_of_a_roll_up_the_cases_of_its_organs(tree: Tree, office: User) -> None:
    made_public(tree, office)
    row = rolled_up(tree, office)
    assert not causes(row)
    case = late_case(tree)
    [cause] = causes(row)
    assert (cause.record, cause.organ) == (case, tree.housing)
    seal_year(tree.neighbour, 2024, since=date(2025, 1, 2), rows={}, by=hand_of(tree.neighbour))
    with giving(WHY):
        make_case(tree.neighbour, received_on=date(2024, 12, 20))
    assert len(causes(row)) == 1
