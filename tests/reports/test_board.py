"""The board of a year's reports: who has reported, what stands open, and what the office does."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cases.choices import DepartmentKind, Role
from cases.models import Department, User
from cases.workflow import NotAllowed
from reports import annual
from reports.annual.calling import Counts, Unit
from reports.board import Board, Row, board_of, reminder
from reports.choices import OWN, ReportState, ReportStepKind, Way
from reports.formats import get_format
from reports.formats.base import Tables
from reports.formats.content import PASSAGES, Content, SectionTwoFigures, places
from reports.models import AnnualReport
from tests.makers import (
    Tree,
    hand_of,
    make_case,
    make_department,
    make_tree,
    make_user,
    queries_of,
)

pytestmark = pytest.mark.django_db

F2021 = get_format("2021")
JANUARY = date(2025, 1, 20)
URL = reverse("reports:board")


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def office(tree: Tree, client: Client) -> User:
    user = make_user(Role.SUPERVISOR, tree.government, name="主管辛")
    client.force_login(user)
    return user


def zeros() -> SectionTwoFigures:
    return SectionTwoFigures(dict.fromkeys(places(F2021), Decimal(0)))


def confirmed(department: Department) -> AnnualReport:
    by = hand_of(department)
    report = annual.begin(department, OWN, 2024, by=by)
    texts = {passage.key: "工作正常开展。" for passage in PASSAGES}
    texts["other_matters"] = "本年度没有收取信息处理费。"
    report = annual.save_texts(report, texts, by=by, version=None)
    report = annual.save_section_two(report, zeros(), by=by, version=None)
    return annual.take_step(report, ReportStepKind.CONFIRMED, by=by, version=None)


def publish(report: AnnualReport, office: User, day: date) -> None:
    report = annual.take_step(report, ReportStepKind.ACCEPTED, by=office, version=None)
    said: dict[str, Any] = {"published_on": day, "published_at": "门户网站年报专栏", "today": day}
    annual.publish(report, by=hand_of(report.department), version=None, **said)


def known_from_before(department: Department, carried_forward: int) -> None:
    tables = Tables.zero(F2021)
    for row in ("new_received", "carried_forward"):
        tables.section_three[row][0] = tables.section_three[row][-1] = carried_forward
    content = Content(F2021, 2023, department.name, zeros(), tables)
    annual.enter_published(department, OWN, content, by=hand_of(department), note="")


def call(tree: Tree, office: User) -> None:
    units = [
        replace(unit, way=Way.HANDED_IN) if unit.department == tree.town else unit
        for unit in annual.proposed_units(tree.government, 2024)
    ]
    annual.call_for_reports(
        tree.government,
        2024,
        until_on=date(2025, 1, 15),
        instructions="统计表逐项核对。",
        units=units,
        by=office,
        version=0,
    )


def board(tree: Tree, on: date = JANUARY) -> Board:
    return board_of(tree.government, 2024, on=on)


def row_of(department: Department, found: Board) -> Row:
    return next(row for row in found.rows if row.department == department)


# What it says -------------------------------------------------------------------------------------


def test_who_has_reported_and_who_is_missing(tree: Tree, office: User) -> None:
    report = confirmed(tree.housing)
    annual.begin(tree.land, OWN, 2024, by=hand_of(tree.land))
    found = board(tree)
    assert [row.department for row in found.rows if row.is_reported] == [tree.housing]
    assert [row.department for row in found.missing] == [tree.office, tree.land, tree.town]
    step = row_of(tree.housing, found).step
    assert step and (step.kind, step.by) == (ReportStepKind.CONFIRMED, hand_of(tree.housing))
    assert row_of(tree.housing, found).report == report
    assert row_of(tree.office, found).report is None


def test_the_figures_are_those_of_each_organ_and_their_sum(tree: Tree) -> None:
    make_case(tree.housing, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
    make_case(tree.town, received_on=date(2024, 12, 2))
    found = board(tree)
    assert row_of(tree.housing, found).figures == [1, 1, 0]
    assert row_of(tree.town, found).figures == [1, 0, 1]
    assert found.sums == [2, 1, 1]


def test_what_is_found_is_counted_and_a_judged_warning_is_not(tree: Tree) -> None:
    annual.begin(tree.land, OWN, 2024, by=hand_of(tree.land))
    assert row_of(tree.land, board(tree)).checked.mark == "bad"  # texts and section two are empty
    report, by = confirmed(tree.housing), hand_of(tree.housing)
    assert row_of(tree.housing, board(tree)).checked == ("ok", "相符")
    annual.take_step(report, ReportStepKind.RECALLED, by=by, version=None, comment="再改")
    texts = {"requests": "全年新收申请5件。"}
    report = annual.save_texts(report, texts, by=by, version=None)
    assert row_of(tree.housing, board(tree)).checked == ("ask", "1 项提示")
    [finding] = annual.open_findings(report)
    annual.judge(report, finding.fingerprint, "按去年口径统计", by=by)
    assert row_of(tree.housing, board(tree)).checked == ("ok", "相符")


def test_the_board_finds_what_the_report_itself_finds(tree: Tree) -> None:
    known_from_before(tree.land, 2)
    report = annual.begin(tree.land, OWN, 2024, by=hand_of(tree.land))
    on_board = row_of(tree.land, board(tree)).findings
    assert on_board is not None
    alone = annual.open_findings(report)
    assert [f.fingerprint for f in on_board] == [f.fingerprint for f in alone]


def test_the_tie_to_last_year(tree: Tree) -> None:
    assert row_of(tree.housing, board(tree)).tie == ("", "没有上年数")
    known_from_before(tree.housing, 0)
    assert row_of(tree.housing, board(tree)).tie == ("ok", "相符")
    known_from_before(tree.land, 2)
    assert row_of(tree.land, board(tree)).tie == ("bad", "差 -2 件")
    by = hand_of(tree.land)
    report = annual.begin(tree.land, OWN, 2024, by=by)
    annual.explain_tie(report, "上年重复登记，已更正发布。", by=by, version=None)
    assert row_of(tree.land, board(tree)).tie == ("ask", "差 -2 件，已说明")


def test_what_changed_since_it_was_confirmed_shows(tree: Tree) -> None:
    confirmed(tree.housing)
    assert not row_of(tree.housing, board(tree)).changes
    make_case(tree.housing, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
    changes = {change.where: change[1:] for change in row_of(tree.housing, board(tree)).changes}
    assert changes["一 × 总计"] == (0, 1)
    assert "四 × 总计" not in changes


def test_published_in_time_is_by_31_january(tree: Tree, office: User) -> None:
    publish(confirmed(tree.housing), office, date(2025, 1, 31))
    publish(confirmed(tree.land), office, date(2025, 2, 1))
    found = board(tree, date(2025, 1, 31))
    assert [row.is_late for row in (row_of(tree.housing, found), row_of(tree.town, found))] == [
        False,
        False,
    ]
    after = board(tree, date(2025, 2, 1))
    late = {row.department for row in after.rows if row.is_late}
    assert late == {tree.land, tree.office, tree.town}
    latest = row_of(tree.housing, after).latest
    assert latest and latest.published_at == "门户网站年报专栏"


def test_what_is_corrected_later_was_published_in_time(tree: Tree, office: User) -> None:
    publish(confirmed(tree.housing), office, date(2025, 1, 31))
    by = hand_of(tree.housing)
    report = annual.correct(AnnualReport.objects.get(), by=by, reason="漏报一件")
    report = annual.take_step(report, ReportStepKind.CONFIRMED, by=by, version=None)
    publish(report, office, date(2025, 3, 3))
    row = row_of(tree.housing, board(tree, date(2025, 3, 3)))
    assert not row.is_late
    assert row.first and row.latest and (row.first.revision, row.latest.revision) == (1, 2)


def test_an_organ_that_has_not_handed_in_has_no_figures(tree: Tree, office: User) -> None:
    call(tree, office)
    row = row_of(tree.town, board(tree))
    assert (row.way, row.tables, row.figures) == (Way.HANDED_IN, None, [None, None, None])
    assert row.checked == ("", "等待报送统计表")
    annual.hand_in(tree.town, 2024, Tables.zero(F2021), by=hand_of(tree.town))
    assert row_of(tree.town, board(tree)).figures == [0, 0, 0]


def test_a_zero_report_is_not_asked_for_texts(tree: Tree) -> None:
    by = hand_of(tree.housing)
    report = annual.begin(tree.housing, OWN, 2024, by=by)
    annual.take_step(report, ReportStepKind.REPORTED_ZERO, by=by, version=None)
    row = row_of(tree.housing, board(tree))
    assert row.is_reported and row.checked == ("ok", "相符")


def test_the_reminder_names_organs_and_no_person(tree: Tree, office: User) -> None:
    confirmed(tree.housing)
    words = reminder(board(tree), on=JANUARY)
    assert "区政府办、区资规分局、王江泾镇。" in words and "住建局" not in words
    call(tree, office)
    in_time = reminder(board(tree), on=date(2025, 1, 15))
    assert "请于 2025-01-15 前报送" in in_time and "填报要求：统计表逐项核对。" in in_time
    late = reminder(board(tree), on=date(2025, 1, 16))
    assert "2025-01-15 已过" in late and "经办员" not in late and "主管" not in late
    for organ in (tree.office, tree.land, tree.town):
        annual.hand_in(organ, 2024, Tables.zero(F2021), by=hand_of(organ))
        report = AnnualReport.objects.get(department=organ)
        annual.take_step(report, ReportStepKind.REPORTED_ZERO, by=hand_of(organ), version=None)
    assert reminder(board(tree), on=JANUARY) == ""


# What it costs ------------------------------------------------------------------------------------


def test_the_number_of_statements_does_not_grow_with_the_units(tree: Tree, client: Client) -> None:
    def ready(name: str) -> None:
        organ = make_department(name, parent=tree.government)
        make_case(organ, received_on=date(2024, 3, 1))
        known_from_before(organ, 1)
        annual.explain_tie(confirmed_draft(organ), "已说明", by=hand_of(organ), version=None)

    def confirmed_draft(organ: Department) -> AnnualReport:
        return annual.begin(organ, OWN, 2024, by=hand_of(organ))

    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    ready("甲局")
    client.get(f"{URL}?year=2024")
    few = queries_of(lambda: board(tree))
    page_of_few = queries_of(lambda: client.get(f"{URL}?year=2024"))
    for name in ("乙局", "丙局", "丁局", "戊局", "己局"):
        ready(name)
    assert queries_of(lambda: board(tree)) == few
    assert queries_of(lambda: client.get(f"{URL}?year=2024")) == page_of_few
    assert few < 30


# The page -----------------------------------------------------------------------------------------


def step(client: Client, report: AnnualReport, kind: str, **said: Any) -> Any:
    prefix = f"r{report.pk}-"
    usual = {"kind": kind, "version": report.version, "comment": ""} | said
    data = {f"{prefix}{name}": value for name, value in usual.items()}
    return client.post(reverse("reports:board_step", args=[report.pk]) + "?year=2024", data)


def test_the_page_counts_and_opens_its_lists(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    confirmed(tree.housing)
    answer = client.get(URL)  # of the year before, which is the one in the making
    tiles = {tile["label"]: tile["value"] for tile in answer.context["tiles"]}
    assert (tiles["已确认"], tiles["未确认"]) == (1, 3)
    assert tiles["公布逾期"] == 4  # in October nobody has published
    only = client.get(f"{URL}?show=reported")
    assert [line["row"].department for line in only.context["rows"]] == [tree.housing]
    assert "data-copy" in answer.content.decode()


def test_the_board_is_a_spreadsheet_too(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    make_case(tree.housing, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
    publish(confirmed(tree.housing), office, date(2025, 2, 5))
    call(tree, office)
    answer = client.get(reverse("reports:board_file"))
    [sheet] = load_workbook(BytesIO(answer.getvalue())).worksheets
    heads, *lines = sheet.iter_rows(values_only=True)
    rows = {str(line[0]): dict(zip(map(str, heads), line, strict=True)) for line in lines}
    assert list(rows) == [row.department.name for row in board(tree).rows]
    row = rows[tree.housing.name]
    assert (row["状态"], row["检查"], row["新收"], row["办结"], row["结转"]) == (
        *("已公布", "相符"),
        *(1, 1, 0),
    )
    assert (str(row["公布日期"])[:10], row["公布逾期"]) == ("2025-02-05", "逾期")
    town = rows[tree.town.name]
    assert (town["统计方式"], town["状态"], town["新收"]) == ("报送统计表", "尚未填报", None)
    client.force_login(make_user(Role.CLERK, tree.government))
    assert client.get(reverse("reports:board_file")).status_code == 403


def test_the_office_accepts_in_the_row(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    report = confirmed(tree.housing)
    assert step(client, report, "accepted").status_code == 302
    report.refresh_from_db()
    assert report.state == ReportState.ACCEPTED


def test_the_office_that_calls_accepts_the_report_of_a_vertical_organ(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    tax = make_department("税务分局")
    report = confirmed(tax)
    assert step(client, report, "accepted").status_code == 404
    with pytest.raises(NotAllowed):
        annual.take_step(report, ReportStepKind.ACCEPTED, by=office, version=None)
    units = [*annual.proposed_units(tree.government, 2024), Unit(tax, Counts.ALL)]
    said: dict[str, Any] = {"until_on": date(2025, 1, 15), "instructions": "", "version": 0}
    annual.call_for_reports(tree.government, 2024, units=units, by=office, **said)
    [line] = [x for x in client.get(URL).context["rows"] if x["row"].department == tax]
    assert [offered["kind"] for offered in line["steps"]] == ["accepted", "returned"]
    stranger = make_user(Role.SUPERVISOR, tree.neighbour)
    with pytest.raises(NotAllowed):
        annual.take_step(report, ReportStepKind.ACCEPTED, by=stranger, version=None)
    assert step(client, report, "accepted").status_code == 302
    report.refresh_from_db()
    assert report.state == ReportState.ACCEPTED


def test_what_a_lower_government_reports_apart_is_not_in_the_sum(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    assert client.get(URL).context["sums"][0][1]
    county = make_department("某县人民政府", DepartmentKind.GOVERNMENT, tree.government)
    make_case(make_department("某县住建局", parent=county), received_on=date(2024, 3, 1))
    answer = client.get(URL)
    assert answer.context["sums"][0] == (0, "")
    assert "以上单位合计" in answer.content.decode()


def test_to_send_back_asks_for_the_reason(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    report = confirmed(tree.housing)
    answer = step(client, report, "returned")
    assert "请写明原因" in answer.content.decode()
    assert step(client, report, "returned", comment="第三部分有误").status_code == 302
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED
    [last] = report.steps.filter(kind=ReportStepKind.RETURNED)
    assert last.comment == "第三部分有误"


def test_what_was_typed_stays_when_somebody_was_faster(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    report = confirmed(tree.housing)
    answer = step(client, report, "returned", comment="第三部分有误", version=report.version - 1)
    form = answer.context["form"]
    assert "已被别人改过" in str(form.non_field_errors())
    assert (form["comment"].value(), form["version"].value()) == (
        "第三部分有误",
        str(report.version),
    )


def test_a_step_that_is_not_offered_here_is_refused(
    client: Client, tree: Tree, office: User, today: date
) -> None:
    report = confirmed(tree.housing)
    answer = step(client, report, "published")
    assert "不在可选项之内" in answer.content.decode()
    other = annual.begin(tree.neighbour, OWN, 2024, by=hand_of(tree.neighbour))
    assert step(client, other, "accepted").status_code == 404
    draft = annual.begin(tree.land, OWN, 2024, by=hand_of(tree.land))
    answer = step(client, draft, "accepted")
    assert answer.status_code == 403 and "填报中" in answer.content.decode()


def test_who_only_looks_is_offered_no_step(client: Client, tree: Tree, today: date) -> None:
    report = confirmed(tree.housing)
    client.force_login(make_user(Role.AUDITOR, tree.government))
    answer = client.get(URL)
    assert all(line["form"] is None for line in answer.context["rows"])
    assert "布置年报" not in answer.content.decode()
    assert step(client, report, "accepted").status_code == 403
    report.refresh_from_db()
    assert report.state == ReportState.CONFIRMED


def test_who_may_see_the_board(client: Client, tree: Tree, today: date) -> None:
    for role, status in ((Role.REVIEWER, 200), (Role.CLERK, 403), (Role.ADMINISTRATOR, 403)):
        client.force_login(make_user(role, tree.government))
        assert client.get(URL).status_code == status
    client.force_login(make_user(Role.SUPERVISOR, tree.housing))
    assert client.get(URL).status_code == 404
    other = make_department("平湖市人民政府", DepartmentKind.GOVERNMENT)
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    assert client.get(f"{URL}?department={other.pk}").status_code == 404
    assert client.get(f"{URL}?department={tree.housing.pk}").status_code == 404
