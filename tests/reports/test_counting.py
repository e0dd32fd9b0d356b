"""Who counts where: dates decide, a case is one 件 in one row, and what counts not at all."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import workflow
from cases.choices import (
    ApplicantKind,
    DepartmentKind,
    Outcome,
    ProceedingKind,
    ProceedingResult,
    Role,
)
from cases.departments import move_department, succeed_department
from cases.models import Case, Department
from reports import workflow as reports_workflow
from reports.checks import findings, run_checks
from reports.choices import ALL, OWN
from reports.counting import (
    Period,
    case_groups,
    cell_cases,
    cell_outcomes,
    cell_proceedings,
    count,
    replies,
    scope_of,
    size,
    volumes,
    years,
)
from reports.formats import get_format
from reports.formats.base import Tables
from reports.rates import Replies
from reports.workflow import Question, answer
from tests.makers import (
    RECEIVED,
    Facts,
    Tree,
    hand_of,
    make_applicant,
    make_case,
    make_department,
    make_proceeding,
    make_tree,
    make_user,
)

pytestmark = pytest.mark.django_db

F2019, F2021 = get_format("2019"), get_format("2021")
YEAR = Period.year(2024)
NEW, CARRIED, CLOSED, FORWARD = (
    "new_received",
    "carried_over",
    "results_total",
    "carried_forward",
)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


def counted(department: Department, period: Period = YEAR, kind: str = OWN) -> Tables:
    return count(scope_of(department, kind, period), period, F2021)


def totals(tables: Tables, *rows: str) -> list[int | None]:
    return [tables.section_three[row][-1] for row in rows]


@pytest.mark.parametrize(
    ("received", "closed", "rows"),
    [
        ("2024-01-01", None, {NEW, FORWARD}),
        ("2024-12-31", None, {NEW, FORWARD}),
        ("2024-03-01", "2024-12-31", {NEW, CLOSED, "granted"}),
        ("2024-03-01", "2025-01-01", {NEW, FORWARD}),
        ("2023-12-31", None, {CARRIED, FORWARD}),
        ("2023-12-31", "2024-01-01", {CARRIED, CLOSED, "granted"}),
        ("2023-12-31", "2023-12-31", set()),
        ("2022-06-01", "2025-02-01", {CARRIED, FORWARD}),
        ("2025-01-01", "2025-01-01", set()),
    ],
)
def test_dates_alone_decide(tree: Tree, received: str, closed: str | None, rows: set[str]) -> None:
    make_case(
        tree.housing,
        received_on=date.fromisoformat(received),
        closed_on=date.fromisoformat(closed) if closed else None,
    )
    table = counted(tree.housing).section_three
    assert {row for row, figures in table.items() if figures[-1]} == rows


def test_the_column_is_the_principals(tree: Tree) -> None:
    """A company, with a person beside it and through a lawyer: one case, among the companies."""
    make_case(
        tree.housing,
        received_on=date(2024, 3, 1),
        closed_on=date(2024, 3, 20),
        kind=ApplicantKind.ORG_COMMERCIAL,
        co_applicants="申请人乙、某律师事务所",
        agent_name="代理律师",
    )
    table = counted(tree.housing).section_three
    assert table[NEW] == table["granted"] == [0, 1, 0, 0, 0, 0, 1]


def test_a_quarter_is_counted_as_a_year_is(tree: Tree) -> None:
    """What was open at its start and its end (convention 11)."""
    second = Period(date(2024, 4, 1), date(2024, 6, 30))
    make_case(tree.housing, received_on=date(2024, 3, 31), closed_on=date(2024, 4, 1))
    make_case(tree.housing, received_on=date(2024, 6, 30), closed_on=date(2024, 7, 1))
    table = counted(tree.housing, second)
    assert totals(table, NEW, CARRIED, CLOSED, FORWARD) == [1, 1, 1, 1]


def test_a_case_stands_in_the_column_of_its_applicant_and_in_the_total(tree: Tree) -> None:
    for kind in ApplicantKind:
        make_case(tree.housing, received_on=date(2024, 5, 6), kind=kind)
    make_case(tree.housing, received_on=date(2024, 5, 6), kind=ApplicantKind.ORG_RESEARCH)
    assert counted(tree.housing).section_three[NEW] == [1, 1, 2, 1, 1, 1, 7]


def test_a_voided_case_counts_nowhere(tree: Tree) -> None:
    case = make_case(tree.housing, received_on=date(2024, 5, 6))
    by = hand_of(tree.housing)
    workflow.void(case, by=by, today=date(2024, 6, 1), reason="重复登记")
    assert totals(counted(tree.housing), NEW, FORWARD) == [0, 0]


def test_a_case_not_yet_confirmed_counts_nowhere(tree: Tree) -> None:
    """It has no statutory day of receipt (条例31)."""
    make_case(tree.housing, received_on=None, arrived_on=date(2024, 5, 6))
    assert totals(counted(tree.housing), NEW, FORWARD) == [0, 0]


def test_others_keep_to_their_department(tree: Tree) -> None:
    make_case(tree.land, received_on=date(2024, 5, 6))
    assert totals(counted(tree.housing), NEW) == [0]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_outcome_fills_one_row_in_both_formats(tree: Tree, outcome: Outcome) -> None:
    day = date(2024, 5, 6)
    make_case(tree.housing, received_on=day, closed_on=day, outcome=outcome)
    scope = scope_of(tree.housing, OWN, YEAR)
    for fmt in (F2019, F2021):
        table = count(scope, YEAR, fmt).section_three
        filled = [row for row in fmt.section_three.leaf_rows if table[row][-1]]
        assert filled == [fmt.section_three.row_for_outcome(outcome).key]


def test_the_three_rows_of_other_are_one_in_2019(tree: Tree) -> None:
    day = date(2024, 5, 6)
    for outcome in (Outcome.NO_CORRECTION, Outcome.FEE_UNPAID, Outcome.WITHDRAWN):
        make_case(tree.housing, received_on=day, closed_on=day, outcome=outcome)
    scope = scope_of(tree.housing, OWN, YEAR)
    assert totals(count(scope, YEAR, F2019), "other") == [3]
    rows = ("other_no_correction", "other_fee_unpaid", "other_misc")
    assert totals(count(scope, YEAR, F2021), *rows) == [1, 1, 1]


# Scopes: whose cases -----------------------------------------------------------------------------


def test_a_governments_own_cases_are_its_offices(tree: Tree) -> None:
    make_case(tree.office, received_on=date(2024, 5, 6))
    make_case(tree.housing, received_on=date(2024, 5, 6))
    assert totals(counted(tree.government), NEW) == [1]
    assert scope_of(tree.government, OWN, YEAR).units == 1


def test_all_takes_the_whole_subtree_and_nothing_beside_it(tree: Tree) -> None:
    for department in (tree.office, tree.housing, tree.town, tree.neighbour):
        make_case(department, received_on=date(2024, 5, 6))
    assert totals(counted(tree.government, kind=ALL), NEW) == [3]
    assert scope_of(tree.government, ALL, YEAR).units == 4


def test_an_unknown_scope_is_a_sentence(tree: Tree) -> None:
    with pytest.raises(ValueError, match="没有“部分”这种统计范围"):
        scope_of(tree.government, "部分", YEAR)


def test_the_tree_is_that_of_the_periods_last_day(tree: Tree) -> None:
    """A town that goes to another government on 1 July counts there for the year."""
    other = make_department("平湖市人民政府", DepartmentKind.GOVERNMENT)
    make_case(tree.town, received_on=date(2024, 2, 1))
    move_department(tree.town, parent=other, from_on=date(2024, 7, 1))
    first_half = Period(date(2024, 1, 1), date(2024, 6, 30))
    assert totals(counted(tree.government, first_half, ALL), NEW) == [1]
    assert totals(counted(tree.government, kind=ALL), NEW) == [0]
    assert totals(counted(other, kind=ALL), NEW) == [1]


def test_a_successor_counts_what_was_open_on_its_day_and_the_old_organ_what_was_not(
    tree: Tree,
) -> None:
    """〔2019〕14号: cases open on the day go over whole; the identity holds on both sides."""
    old, new = tree.housing, tree.land
    make_case(old, received_on=date(2024, 1, 8), closed_on=date(2024, 6, 30))
    make_case(old, received_on=date(2024, 1, 8), closed_on=date(2024, 7, 1))
    make_case(old, received_on=date(2023, 12, 1))
    succeed_department(old, successor=new, on=date(2024, 7, 1))
    ours, theirs = counted(old), counted(new)
    assert totals(ours, NEW, CARRIED, CLOSED, FORWARD) == [1, 0, 1, 0]
    assert totals(theirs, NEW, CARRIED, CLOSED, FORWARD) == [1, 1, 1, 1]
    assert not findings(run_checks(F2021, ours)) and not findings(run_checks(F2021, theirs))


def test_for_a_period_before_the_succession_nothing_changes(tree: Tree) -> None:
    make_case(tree.housing, received_on=date(2023, 12, 1))
    succeed_department(tree.housing, successor=tree.land, on=date(2024, 7, 1))
    before = Period.year(2023)
    assert totals(counted(tree.housing, before), NEW, FORWARD) == [1, 1]
    assert totals(counted(tree.land, before), NEW, FORWARD) == [0, 0]


def test_a_chain_of_successions_ends_with_the_last(tree: Tree) -> None:
    make_case(tree.housing, received_on=date(2024, 1, 8))
    succeed_department(tree.housing, successor=tree.land, on=date(2024, 3, 1))
    succeed_department(tree.land, successor=tree.town, on=date(2024, 9, 1))
    assert [totals(counted(organ), NEW)[0] for organ in (tree.housing, tree.land, tree.town)] == [
        0,
        0,
        1,
    ]


# Section four ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed", "concluded", "column"),
    [
        ("2023-05-06", "2024-01-01", "upheld"),
        ("2024-05-06", "2024-12-31", "upheld"),
        ("2024-05-06", "2025-01-01", "pending"),
        ("2024-12-31", None, "pending"),
        ("2023-05-06", None, "pending"),
        ("2023-05-06", "2023-12-31", None),
        ("2025-01-01", None, None),
    ],
)
def test_a_proceeding_counts_by_its_result_or_as_pending(
    tree: Tree, filed: str, concluded: str | None, column: str | None
) -> None:
    """Concluded in the year by result, else filed by its end (convention 6)."""
    fields: dict[str, Any] = {}
    if concluded:
        day = date.fromisoformat(concluded)
        fields = {"concluded_on": day, "result": ProceedingResult.UPHELD}
    make_proceeding(tree.housing, filed_on=date.fromisoformat(filed), **fields)
    row = counted(tree.housing).section_four["review"]
    names = [c.key for c in F2021.section_four.columns]
    assert {name for name, figure in zip(names, row, strict=True) if figure} == (
        {column, "total"} if column else set()
    )


def test_each_kind_of_proceeding_has_its_group(tree: Tree) -> None:
    for kind in ProceedingKind:
        make_proceeding(tree.housing, kind=kind, filed_on=date(2024, 5, 6))
    assert counted(tree.housing).section_four == {
        kind.value: [0, 0, 0, 1, 1] for kind in ProceedingKind
    }


# Behind a cell -----------------------------------------------------------------------------------


def test_a_cell_gives_its_cases(tree: Tree) -> None:
    day = date(2024, 5, 6)
    wanted = make_case(tree.housing, received_on=day, closed_on=day, outcome=Outcome.NOT_EXIST)
    make_case(tree.housing, received_on=day, closed_on=day, outcome=Outcome.GRANTED)
    scope = scope_of(tree.housing, OWN, YEAR)
    for row in ("unable_not_held", "unable"):  # a row, and the heading above it
        found = cell_cases(scope, YEAR, F2021, row, "natural_person")
        assert list(found) == [wanted]
    assert not cell_cases(scope, YEAR, F2021, "unable_not_held", "org_other").exists()


def test_a_cell_tells_its_outcomes_apart(tree: Tree) -> None:
    day = date(2024, 5, 6)
    for outcome in (Outcome.NOT_EXIST, Outcome.NOT_EXIST, Outcome.NOT_THIS_ORGAN):
        make_case(tree.housing, received_on=day, closed_on=day, outcome=outcome)
    scope = scope_of(tree.housing, OWN, YEAR)
    behind = cell_cases(scope, YEAR, F2021, "unable_not_held", "total")
    assert cell_outcomes(behind) == {"not_exist": 2, "not_this_organ": 1}
    assert size(behind) == 3


@pytest.mark.parametrize(
    ("row", "column"), [("nowhere", "total"), ("granted", "nobody"), ("granted", "")]
)
def test_a_cell_that_is_not_there_is_a_key_error(tree: Tree, row: str, column: str) -> None:
    with pytest.raises(KeyError):
        cell_cases(scope_of(tree.housing, OWN, YEAR), YEAR, F2021, row, column)


def test_a_cell_of_section_four_that_is_not_there_is_a_key_error(tree: Tree) -> None:
    with pytest.raises(KeyError):
        cell_proceedings(scope_of(tree.housing, OWN, YEAR), YEAR, "review", "lost")


def test_volumes_name_each_department_that_has_cases(tree: Tree) -> None:
    make_case(tree.housing, received_on=date(2024, 5, 6))
    make_case(tree.housing, received_on=date(2023, 5, 6))
    make_case(tree.town, received_on=date(2024, 5, 6))
    found = volumes(scope_of(tree.government, ALL, YEAR), YEAR)
    assert found == {tree.housing.pk: (1, 1), tree.town.pk: (1, 0)}


# Figures -----------------------------------------------------------------------------------------


def test_section_three_is_one_statement_for_any_number_of_departments(tree: Tree) -> None:
    for department in (tree.office, tree.housing, tree.town):
        make_case(department, received_on=date(2024, 5, 6))
    scope = scope_of(tree.government, ALL, YEAR)
    with CaptureQueriesContext(connection) as asked:
        case_groups(scope, YEAR)
    assert len(asked) == 1


@pytest.mark.parametrize("more", [0, 6])
def test_the_whole_answer_takes_a_constant_number_of_statements(tree: Tree, more: int) -> None:
    for _ in range(more):
        department = make_department(f"新设局{_}", parent=tree.government)
        make_case(department, received_on=date(2024, 5, 6))
    question = Question.of_year(tree.government, 2024, ALL)
    with CaptureQueriesContext(connection) as asked:
        answer(question)
    # its place, the tree, the year's call, the successions, the cases, the proceedings
    assert len(asked) == 6


def test_years_go_from_the_first_case_below_to_this_year(tree: Tree) -> None:
    today = date(2025, 10, 27)
    assert list(years(tree.government, today)) == [2025]
    make_case(tree.town, received_on=date(2022, 5, 6))
    make_case(tree.neighbour, received_on=date(2010, 5, 6))
    assert list(years(tree.government, today)) == [2022, 2023, 2024, 2025]
    assert list(years(tree.housing, today)) == [2025]


def test_a_period_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="早于起日"):
        Period(date(2024, 2, 1), date(2024, 1, 31))
    assert str(Period(date(2024, 2, 1), date(2024, 2, 1))) == "2024-02-01 至 2024-02-01"
    assert str(YEAR) == "2024 年度"


# Is the stored table still what the cases say? ---------------------------------------------------


@pytest.fixture
def stored(tree: Tree) -> Question:
    """The own table of 区住建局 for 2024, computed from one open case."""
    make_case(tree.housing, received_on=date(2024, 5, 6))
    question = Question.of_year(tree.housing, 2024, OWN)
    by = make_user(Role.SUPERVISOR, tree.government)
    job = reports_workflow.request_table(question, by=by)
    reports_workflow.compute(job, lambda percent, message: None)  # type: ignore[arg-type]
    return question


def outdated(question: Question) -> bool:
    table = question.stored()
    assert table is not None
    return reports_workflow.is_outdated(question, table)


def test_a_table_just_computed_is_up_to_date(stored: Question) -> None:
    assert not outdated(stored)


def test_a_new_case_outdates_the_table(stored: Question) -> None:
    make_case(stored.department, received_on=date(2024, 5, 6))
    assert outdated(stored)


def test_a_reply_outdates_the_table_and_a_note_does_not(stored: Question) -> None:
    case, by = Case.objects.get(), hand_of(stored.department)
    today = timezone.localdate()
    amended = workflow.amend(
        case, by=by, today=today, reason="补充备注", values={"remarks": "原件在档"}
    )
    assert not outdated(stored)
    letter = {"outcome": Outcome.GRANTED, "closed_on": date(2024, 6, 3), "service_method": "post"}
    workflow.reply(amended, by=by, today=today, **letter)  # type: ignore[arg-type]
    assert outdated(stored)


def test_a_case_of_another_year_does_not_outdate_the_table(stored: Question) -> None:
    make_case(stored.department, received_on=date(2025, 5, 6))
    assert not outdated(stored)


def test_a_case_moved_out_of_the_year_outdates_the_table(stored: Question) -> None:
    case, by = Case.objects.get(), hand_of(stored.department)
    workflow.amend(
        case,
        by=by,
        today=timezone.localdate(),
        reason="收到日期登记有误",
        values={"received_on": date(2025, 1, 2)},
    )
    assert outdated(stored)


def test_a_proceeding_outdates_the_table(stored: Question) -> None:
    make_proceeding(stored.department, filed_on=date(2024, 5, 6))
    assert outdated(stored)


def test_an_applicant_put_into_another_class_outdates_the_table(stored: Question) -> None:
    case, by = Case.objects.get(), hand_of(stored.department)
    workflow.amend(
        case,
        by=by,
        today=timezone.localdate(),
        reason="申请人为企业",
        values={},
        applicant={"kind": make_applicant(ApplicantKind.ORG_COMMERCIAL).kind},
    )
    assert outdated(stored)


# Replies in time: received on 2025-09-15, due on 2025-10-17 -------------------------------------

DUE, DAY_AFTER = date(2025, 10, 17), date(2025, 10, 20)  # a Friday, and the next working day


def replied(
    department: Department, kind: str = OWN, year: int = 2025, on: date = date(2026, 1, 5)
) -> Replies:
    period = Period.year(year)
    return replies(scope_of(department, kind, period), period, on=on)


@pytest.mark.parametrize(
    ("closed", "served", "late", "assumed"),
    [
        (DUE, DUE, 0, 0),
        (DUE, date(2025, 10, 18), 1, 0),  # the letter's date does not save it
        (DUE, DAY_AFTER, 1, 0),
        (DUE, None, 0, 1),
        (DAY_AFTER, None, 1, 1),
        (RECEIVED, RECEIVED, 0, 0),
    ],
)
def test_in_time_is_tested_on_the_day_of_service(
    tree: Tree, closed: date, served: date | None, late: int, assumed: int
) -> None:
    """Where none is recorded the day of the reply stands for it (convention 1, 〔2016〕235号)."""
    method = "post" if served else ""
    make_case(tree.housing, closed_on=closed, service_method=method, served_on=served)
    assert replied(tree.housing) == (1, late, assumed)


@pytest.mark.parametrize(
    ("on", "late", "assumed"), [(DUE, 0, 1), (date(2025, 10, 18), 1, 0), (DAY_AFTER, 1, 0)]
)
def test_a_reply_still_to_be_served_is_late_once_its_day_has_passed(
    tree: Tree, on: date, late: int, assumed: int
) -> None:
    """Until then it is taken to be in time by the day of the reply."""
    make_case(tree.housing, closed_on=RECEIVED, service_method="post")
    assert replied(tree.housing, on=on) == (1, late, assumed)


def test_an_extended_term_is_the_one_that_counts(tree: Tree) -> None:
    extended = Facts(extended_on=date(2025, 10, 15))
    make_case(tree.housing, facts=extended, closed_on=DAY_AFTER)
    assert replied(tree.housing) == (1, 0, 1)


def test_only_what_was_closed_in_the_period_was_replied_to_in_it(tree: Tree) -> None:
    make_case(tree.housing, received_on=date(2024, 12, 2), closed_on=date(2024, 12, 31))
    make_case(tree.housing, received_on=date(2024, 12, 2), closed_on=date(2025, 1, 1))
    make_case(tree.housing)
    assert replied(tree.housing).closed == replied(tree.housing, year=2024).closed == 1


def test_replies_are_those_of_the_scope_and_of_what_counts(tree: Tree) -> None:
    make_case(tree.housing, closed_on=DUE)
    make_case(tree.town, closed_on=DUE)
    make_case(tree.neighbour, closed_on=DUE)
    voided = make_case(tree.housing)
    by = hand_of(tree.housing)
    workflow.void(voided, by=by, today=DAY_AFTER, reason="重复登记")
    assert replied(tree.housing).closed == 1
    assert replied(tree.government, ALL).closed == 2


def test_a_successor_answers_for_what_it_took_over(tree: Tree) -> None:
    """As in the table: the cases open on its day go over whole (〔2019〕14号)."""
    make_case(tree.housing, closed_on=date(2025, 9, 30))
    make_case(tree.housing, closed_on=DAY_AFTER)
    succeed_department(tree.housing, successor=tree.land, on=date(2025, 10, 1))
    assert replied(tree.housing) == (1, 0, 1)
    assert replied(tree.land) == (1, 1, 1)


def test_replies_and_the_table_close_the_same_cases_in_one_statement(tree: Tree) -> None:
    for department in (tree.office, tree.housing, tree.town):
        make_case(department, closed_on=DUE)
    period = Period.year(2025)
    scope = scope_of(tree.government, ALL, period)
    with CaptureQueriesContext(connection) as asked:
        found = replies(scope, period, on=DAY_AFTER)
    assert len(asked) == 1
    assert totals(count(scope, period, F2021), CLOSED) == [found.closed] == [3]
