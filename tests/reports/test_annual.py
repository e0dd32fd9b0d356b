"""The annual report from its beginning to what is public: who may do what, when, and what stays."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cases.choices import ApplicantKind, Role
from cases.departments import succeed_department
from cases.models import AuditEntry, User
from cases.workflow import NotAllowed, Stale
from cases.workflow.sealing import giving
from reports import annual
from reports.choices import ALL, HOME, OWN, ReportState, ReportStepKind
from reports.formats import get_format
from reports.formats.base import Tables
from reports.formats.content import Content, SectionTwoFigures
from reports.models import AnnualReport, PublishedTable
from tests.makers import Tree, hand_of, make_case, make_tree, make_user
from tests.reports.report_cast import NO_FEES, filled, zeros

pytestmark = pytest.mark.django_db

F2021 = get_format("2021")
TODAY = date(2025, 1, 20)
CONFIRMED, ACCEPTED, PUBLISHED = (
    ReportStepKind.CONFIRMED,
    ReportStepKind.ACCEPTED,
    ReportStepKind.PUBLISHED,
)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def office(tree: Tree) -> User:
    return make_user(Role.SUPERVISOR, tree.government, name="主管辛")


def step(report: AnnualReport, kind: ReportStepKind, by: User, comment: str = "") -> AnnualReport:
    return annual.take_step(report, kind, by=by, version=None, comment=comment)


def publish(report: AnnualReport, by: User, **said: Any) -> PublishedTable:
    usual: dict[str, Any] = {"published_on": TODAY, "published_at": "门户网站年报栏"}
    return annual.publish(report, by=by, version=None, today=TODAY, **usual | said)


def made_public(tree: Tree, office: User) -> PublishedTable:
    hand = hand_of(tree.housing)
    report = step(filled(tree.housing, hand), CONFIRMED, hand)
    return publish(step(report, ACCEPTED, office), hand)


# The way of a report --------------------------------------------------------------------------


def test_a_report_goes_from_draft_to_public(tree: Tree, office: User) -> None:
    make_case(tree.housing, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
    row = made_public(tree, office)
    report = row.report
    assert report and report.state == ReportState.PUBLISHED
    steps = list(report.steps.values_list("kind", flat=True))
    assert steps == ["began", "confirmed", "accepted", "published"]
    assert row.content.tables.value("section_three.granted.total") == 1
    assert row.content.text("other_matters") == NO_FEES
    assert row.sha256 == annual.checksum_of(row)
    acts = set(AuditEntry.objects.filter(target="annualreport").values_list("act", flat=True))
    assert {"annual_report_confirmed", "annual_report_published"} <= acts


def test_nothing_is_begun_twice(tree: Tree) -> None:
    hand = hand_of(tree.housing)
    assert annual.begin(tree.housing, OWN, 2024, by=hand) == annual.begin(
        tree.housing, OWN, 2024, by=hand
    )


def test_no_step_is_left_out(tree: Tree, office: User) -> None:
    hand = hand_of(tree.housing)
    report = filled(tree.housing, hand)
    with pytest.raises(NotAllowed, match="填报中"):
        step(report, ACCEPTED, office)
    report = step(report, CONFIRMED, hand)
    with pytest.raises(NotAllowed, match="已确认"):
        publish(report, hand)
    report.refresh_from_db()
    assert report.state == ReportState.CONFIRMED
    with pytest.raises(ValueError, match="published"):
        step(report, PUBLISHED, office)


def test_who_fills_in_does_not_accept(tree: Tree, office: User) -> None:
    hand = hand_of(tree.housing)
    report = step(filled(tree.housing, hand), CONFIRMED, hand)
    with pytest.raises(NotAllowed, match="审核通过"):
        step(report, ACCEPTED, hand)


def test_a_clerk_fills_in_and_does_not_confirm(tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    report = filled(tree.housing, clerk)
    with pytest.raises(NotAllowed, match="确认"):
        step(report, CONFIRMED, clerk)


def test_a_stranger_does_not_fill_in(tree: Tree) -> None:
    stranger = hand_of(tree.land)
    with pytest.raises(NotAllowed):
        annual.begin(tree.housing, OWN, 2024, by=stranger)
    report = filled(tree.housing, hand_of(tree.housing))
    with pytest.raises(NotAllowed):
        annual.save_texts(report, {"problems": "别处写的"}, by=stranger, version=None)


def test_sent_back_it_is_mended_and_confirmed_anew(tree: Tree, office: User) -> None:
    hand = hand_of(tree.housing)
    report = step(filled(tree.housing, hand), CONFIRMED, hand)
    with pytest.raises(NotAllowed):
        annual.save_texts(report, {"problems": "确认后改动"}, by=hand, version=None)
    with pytest.raises(ValidationError, match="原因"):
        step(report, ReportStepKind.RETURNED, office)
    report = step(report, ReportStepKind.RETURNED, office, "第五部分过于简单")
    assert report.state == ReportState.RETURNED
    report = annual.save_texts(report, {"problems": "补充说明。"}, by=hand, version=None)
    assert step(report, CONFIRMED, hand).state == ReportState.CONFIRMED


def test_what_somebody_else_changed_is_not_overwritten(tree: Tree) -> None:
    hand = hand_of(tree.housing)
    report = filled(tree.housing, hand)
    seen = report.version
    annual.save_texts(report, {"problems": "先保存的"}, by=hand, version=seen)
    with pytest.raises(Stale):
        annual.save_texts(report, {"problems": "后保存的"}, by=hand, version=seen)
    report.refresh_from_db()
    assert report.texts["problems"] == "先保存的"


# Findings stand in the way ----------------------------------------------------------------------


def test_an_error_blocks_the_confirmation(tree: Tree) -> None:
    hand = hand_of(tree.housing)
    report = annual.save_texts(
        filled(tree.housing, hand), {"problems": "无"}, by=hand, version=None
    )
    with pytest.raises(ValidationError, match="问题"):
        step(report, CONFIRMED, hand)
    [finding] = annual.open_findings(report)
    with pytest.raises(ValidationError, match="不能认可"):
        annual.judge(report, finding.fingerprint, "没有问题", by=hand)


def test_a_warning_passes_with_a_reason_until_its_figures_change(tree: Tree) -> None:
    hand = hand_of(tree.housing)
    report = filled(tree.housing, hand)
    annual.save_texts(report, {"requests": "全年新收申请5件。"}, by=hand, version=None)
    report.refresh_from_db()
    [finding] = annual.open_findings(report)
    with pytest.raises(ValidationError, match="理由"):
        annual.judge(report, finding.fingerprint, " ", by=hand)
    annual.judge(report, finding.fingerprint, "按去年口径统计", by=hand)
    assert not annual.open_findings(report)
    assert step(report, CONFIRMED, hand).state == ReportState.CONFIRMED
    report = step(report, ReportStepKind.RECALLED, hand, "数字有变")
    make_case(tree.housing, received_on=date(2024, 3, 1))
    [again] = annual.open_findings(report)
    assert again.fingerprint != finding.fingerprint


def test_the_tie_to_last_year_passes_with_an_explanation(tree: Tree) -> None:
    hand = hand_of(tree.housing)
    before = Tables.zero(F2021)
    for row in ("new_received", "carried_forward"):
        before.section_three[row][0] = before.section_three[row][-1] = 2
    content = Content(F2021, 2023, tree.housing.name, zeros(), before)
    annual.enter_published(tree.housing, OWN, content, by=hand, note="")
    report = filled(tree.housing, hand)
    broken = {finding.check.at for finding in annual.open_findings(report)}
    assert {"natural_person", "total"} <= broken
    report = annual.explain_tie(report, "上年两件重复登记，已更正发布。", by=hand, version=None)
    found = annual.open_findings(report)
    assert found and all(finding.check.severity == "warning" for finding in found)


def test_a_merger_moves_the_tie_with_the_open_cases(tree: Tree) -> None:
    kind = ApplicantKind.ORG_COMMERCIAL
    make_case(tree.housing, received_on=date(2023, 12, 1), kind=kind)
    make_case(tree.housing, received_on=date(2023, 12, 1), closed_on=date(2024, 1, 22))
    succeed_department(tree.housing, successor=tree.land, on=date(2024, 7, 1))
    for organ, forward in ((tree.housing, 2), (tree.land, 0)):
        before = Tables.zero(F2021)
        before.section_three["carried_forward"][-1] = forward
        before.section_three["carried_forward"][0] = forward // 2
        before.section_three["carried_forward"][1] = forward // 2
        content = Content(F2021, 2023, organ.name, zeros(), before)
        annual.enter_published(organ, OWN, content, by=hand_of(organ), note="")
    for organ, expected in ((tree.housing, [1, 0, 1]), (tree.land, [0, 1, 1])):
        report = annual.begin(organ, OWN, 2024, by=hand_of(organ))
        previous, now = annual.previous_of(report), annual.content_of(report)
        assert previous
        row = previous.tables.section_three["carried_forward"]
        assert [row[0], row[1], row[-1]] == expected
        carried = now.tables.section_three["carried_over"]
        assert [carried[0], carried[1], carried[-1]] == expected


# Zero reports and roll-ups ------------------------------------------------------------------------


def test_who_received_nothing_reports_zero_in_one_step(tree: Tree) -> None:
    hand = hand_of(tree.housing)
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    report = step(report, ReportStepKind.REPORTED_ZERO, hand)
    assert report.is_zero and report.state == ReportState.CONFIRMED


def test_who_has_a_case_does_not_report_zero(tree: Tree) -> None:
    make_case(tree.housing, received_on=date(2024, 3, 1))
    hand = hand_of(tree.housing)
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    with pytest.raises(ValidationError, match="零报告"):
        step(report, ReportStepKind.REPORTED_ZERO, hand)


def test_a_figure_set_centrally_stands_beside_the_plain_sum(tree: Tree, office: User) -> None:
    path = "section_two.normative_documents.made_this_year"
    for organ, made in ((tree.housing, 3), (tree.land, 4)):
        own = filled(organ, hand_of(organ))
        figures = SectionTwoFigures(dict(zeros().amounts) | {path: Decimal(made)})
        annual.save_section_two(own, figures, by=hand_of(organ), version=None)
    report = annual.begin(tree.government, HOME, 2024, by=office)
    assert annual.content_of(report).section_two.value(path) == 7
    with pytest.raises(ValidationError, match="来源"):
        annual.set_centrally(
            report, path, Decimal(6), source="", reason="", by=office, version=None
        )
    said = {"source": "区司法局", "reason": "一件由两局联合制发"}
    report = annual.set_centrally(report, path, Decimal(6), by=office, version=None, **said)
    assert annual.content_of(report).section_two.value(path) == 6
    report = annual.set_centrally(report, path, None, source="", reason="", by=office, version=None)
    assert annual.content_of(report).section_two.value(path) == 7


def test_a_department_does_not_write_the_governments_report(tree: Tree) -> None:
    with pytest.raises(NotAllowed):
        annual.begin(tree.government, ALL, 2024, by=make_user(Role.REVIEWER, tree.government))
    with pytest.raises(ValidationError, match="范围"):
        annual.begin(tree.housing, ALL, 2024, by=hand_of(tree.housing))


# What is public stays ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_publishedtable SET figures = '{}'",
        "DELETE FROM reports_publishedtable",
    ],
)
def test_the_database_refuses_to_change_what_was_published(
    tree: Tree, office: User, statement: str
) -> None:
    row = made_public(tree, office)
    for change in (
        lambda: connection.cursor().execute(statement),
        lambda: PublishedTable.objects.filter(pk=row.pk).update(note="改过"),
        lambda: row.delete(),
    ):
        with pytest.raises(Exception, match="只能追加"), transaction.atomic():
            change()
    assert PublishedTable.objects.get(pk=row.pk).sha256 == row.sha256


def test_the_same_revision_is_not_put_in_its_place(tree: Tree, office: User) -> None:
    row = made_public(tree, office)
    twin = PublishedTable.objects.get(pk=row.pk)
    twin.pk, twin.report = None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    if connection.vendor == "sqlite":
        columns = [
            f.column
            for f in PublishedTable._meta.concrete_fields
            if f.column not in ("id", "report_id")
        ]
        names = ", ".join(f'"{column}"' for column in columns)
        with pytest.raises(IntegrityError, match="只能追加"), transaction.atomic():
            connection.cursor().execute(
                f"INSERT OR REPLACE INTO reports_publishedtable ({names}) "
                f"SELECT {names} FROM reports_publishedtable"
            )


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2025, 1, 21)])
def test_the_day_of_publishing_is_after_the_year_and_past(
    tree: Tree, office: User, day: date
) -> None:
    hand = hand_of(tree.housing)
    report = step(step(filled(tree.housing, hand), CONFIRMED, hand), ACCEPTED, office)
    with pytest.raises(ValidationError, match="公布日期"):
        publish(report, hand, published_on=day)
    with pytest.raises(ValidationError, match="网址"):
        publish(report, hand, published_at=" ")


def test_a_correction_is_a_revision_of_its_own(tree: Tree, office: User) -> None:
    first = made_public(tree, office)
    hand = hand_of(tree.housing)
    assert first.report
    with pytest.raises(ValidationError, match="原因"):
        annual.correct(first.report, by=hand, reason="")
    report = annual.correct(first.report, by=hand, reason="漏报一件")
    with pytest.raises(ValidationError, match="已在填报"):
        annual.correct(first.report, by=hand, reason="又一次")
    with giving("漏报一件"):
        make_case(tree.housing, received_on=date(2024, 3, 1))
    report = step(step(report, CONFIRMED, hand), ACCEPTED, office)
    second = publish(report, hand)
    assert (first.revision, second.revision) == (1, 2)
    first.report.refresh_from_db()
    assert first.report.state == ReportState.CORRECTED
    assert annual.published(tree.housing, OWN, 2024) == second
    assert first.content.tables.value("section_three.new_received.total") == 0


def test_what_is_entered_never_takes_the_place_of_what_was_published_here(
    tree: Tree, office: User
) -> None:
    row = made_public(tree, office)
    with pytest.raises(ValidationError, match="本系统公布"):
        annual.enter_published(
            tree.housing, OWN, row.content, by=hand_of(tree.housing), note="另一份"
        )


def test_what_is_entered_again_says_why(tree: Tree) -> None:
    hand = hand_of(tree.housing)
    content = Content(F2021, 2023, tree.housing.name, zeros(), Tables.zero(F2021))
    annual.enter_published(tree.housing, OWN, content, by=hand, note="")
    with pytest.raises(ValidationError, match="原因"):
        annual.enter_published(tree.housing, OWN, content, by=hand, note="")
    again = annual.enter_published(tree.housing, OWN, content, by=hand, note="上次抄错一行")
    assert again.revision == 2
