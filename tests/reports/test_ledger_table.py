"""The table that a ledger gives, beside the live one; golden tables go the whole way by page."""

import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Outcome, ProceedingKind, Role
from cases.imports.figures import kept_figures
from cases.models import Case, LedgerUpload
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import format_for_year, get_format
from reports.formats.base import APPLICANT_COLUMNS, Figure, Format, Tables, convert
from reports.ledger_table import departments_of, pair_of, usual_year, years_of
from tests.ledgers import case_row, ledger_from_table, make_ledger, proceeding_row
from tests.makers import (
    TODAY,
    Tree,
    hand_of,
    make_case,
    make_proceeding,
    make_tree,
    make_user,
    queries_of,
)
from tests.uploads import confirm, do_jobs, forget_files, imported, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

GOLDEN = Path(__file__).parent.parent / "golden"
ONLY_SECTION_THREE = {"hongze-2023"}  # its section four prints 总计 as 0
BALANCED = (
    "hongze-2023",
    "pingtan-zrz-2022",
    "shanghai-kewei-2024",
    "suqian-2023",
    "suqian-2024",
    "xiuzhou-2020",
)
REPLY = {"答复类型": "部分公开", "答复日期": "2025-10-10"}


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_files()


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def office(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.housing))
    return client


def read(name: str) -> tuple[int, Format, Tables]:
    data = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    fmt = get_format(data["format"])
    return data["year"], fmt, Tables.from_json(fmt, data)


def address(upload: LedgerUpload, query: str = "") -> str:
    return reverse("reports:ledger_table", args=[upload.pk]) + query


def shown(client: Client, upload: LedgerUpload, query: str = "") -> str:
    answer = client.get(address(upload, query), HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(page: str, table: str) -> list[list[int]]:
    """The figures of a table as the page prints them, row by row."""
    body = page.split(f'id="{table}"')[1].split("</table>")[0].split("<tbody>")[1]
    cells = re.compile(r"<td[^>]*>(?:<a[^>]*>|<span[^>]*>)(\d+)")
    return [[int(figure) for figure in cells.findall(row)] for row in body.split("</tr>")[:-1]]


def halves(rows: Iterable[list[int]]) -> tuple[list[list[int]], list[list[int]]]:
    width = len(APPLICANT_COLUMNS)
    listed = list(rows)
    return [row[:width] for row in listed], [row[width:] for row in listed]


def as_published(
    rows: list[list[int]], year: int, fmt: Format, tables: Tables
) -> dict[str, list[Figure]]:
    """The page's figures in the format of the published table: one organ kept to that of 2019."""
    shown_in = format_for_year(year)
    three: dict[str, list[Figure]] = {
        key: [*row] for key, row in zip(shown_in.section_three.data_rows, rows, strict=True)
    }
    found = Tables(three, tables.section_four)
    return (found if shown_in == fmt else convert(found, shown_in, fmt)).section_three


# --- Golden tables -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BALANCED)
def test_a_golden_table_imported_by_page_is_the_table_on_both_sides(
    office: Client, tree: Tree, name: str
) -> None:
    year, fmt, tables = read(name)
    content = ledger_from_table(tables, fmt, year, tree.housing.name)
    upload = imported(office, content, tree.housing, f"{name}.xlsx")
    page = shown(office, upload, f"?year={year}")
    ledger, live = halves(rows_of(page, "beside-3"))
    assert ledger == live
    assert as_published(ledger, year, fmt, tables) == tables.section_three
    four = [row for row in rows_of(page, "beside-4") if row]
    printed = [figure for group in tables.section_four.values() for figure in group]
    if name in ONLY_SECTION_THREE:
        assert four[0] == four[1]
    else:
        assert four == [printed, printed]
    assert "每一格都相同" in page
    counted = count(scope_of(tree.housing, OWN, Period.year(year)), Period.year(year), fmt)
    assert counted.section_three == tables.section_three


def test_the_usual_year_is_the_latest_in_which_something_was_received(
    office: Client, tree: Tree
) -> None:
    year, fmt, tables = read("xiuzhou-2020")
    upload = imported(office, ledger_from_table(tables, fmt, year, tree.housing.name), tree.housing)
    figures = kept_figures(upload)
    assert usual_year(figures) == 2020
    assert years_of(figures) == [2020, 2019]
    assert '<option value="2020" selected>' in shown(office, upload)


# --- Where the two differ ------------------------------------------------------------------------


def test_a_case_the_file_lacks_is_a_cell_that_differs_and_opens_its_cases(
    office: Client, tree: Tree
) -> None:
    make_case(tree.housing)
    upload = imported(office, make_ledger([case_row("1", **REPLY)]), tree.housing)
    page = shown(office, upload)
    assert "一 × 自然人：本文件 1，系统" in page and "4 格不同" in page
    assert "2025 年的申请件有 1 件不在这份文件里" in page and "没有一格是文件比系统多" in page
    assert 'class="ask"' not in page and "（文件比系统多）" not in page  # usual for a month
    link = reverse("reports:cell") + f"?department={tree.housing.pk}&amp;year=2025&amp;scope=own"
    assert link in page
    (opened,) = set(re.findall(r'href="([^"]+row=new_received&amp;column=natural_person)"', page))
    cell = office.get(opened.replace("&amp;", "&"))
    assert cell.status_code == 200 and "2 件" in cell.content.decode()


def test_a_reply_that_only_the_system_has_moves_a_case_from_one_row_to_another(
    office: Client, tree: Tree
) -> None:
    upload = imported(office, make_ledger([case_row("1")]), tree.housing)
    workflow.reply(
        Case.objects.get(),
        by=hand_of(tree.housing),
        today=TODAY,
        outcome=Outcome.GRANTED,
        closed_on=date(2025, 10, 10),
        service_method="post",
    )
    pair = pair_of(kept_figures(upload), [tree.housing], 2025)
    assert {path.split(".")[1] for path in pair.apart()} == {
        "granted",
        "results_total",
        "carried_forward",
    }
    assert {path.split(".")[1] for path in pair.in_excess()} == {"carried_forward"}
    page = shown(office, upload)
    assert "有 2 格文件比系统多" in page and "不在这份文件里" not in page
    assert page.count("（文件比系统多）") == 2


def test_cases_and_proceedings_over_the_turn_of_a_year(office: Client, tree: Tree) -> None:
    rows = [
        case_row("1", 收到日期="2024-12-20", 答复类型="予以公开", 答复日期="2025-01-06"),
        case_row("2", 收到日期="2024-12-20"),
    ]
    suits = [
        proceeding_row(立案日期="2024-11-04", 结果="结果维持", 审结日期="2025-02-05"),
        proceeding_row(立案日期="2024-11-05", 类型="复议后起诉"),
    ]
    upload = imported(office, make_ledger(rows, suits), tree.housing)
    assert years_of(kept_figures(upload)) == [2025, 2024]
    for year in (2024, 2025):
        pair = pair_of(kept_figures(upload), [tree.housing], year)
        assert pair.apart() == []
        totals = {key: row[-1] for key, row in pair.ledger.section_three.items() if row[-1]}
        assert totals == (
            {"new_received": 2, "carried_forward": 2}
            if year == 2024
            else {"carried_over": 2, "granted": 1, "results_total": 1, "carried_forward": 1}
        )
        review = pair.ledger.section_four[ProceedingKind.REVIEW]
        assert review == ([0, 0, 0, 1, 1] if year == 2024 else [1, 0, 0, 0, 1])
        assert pair.ledger.section_four[ProceedingKind.SUIT_AFTER_REVIEW] == [0, 0, 0, 1, 1]


def test_of_several_departments_the_same_ones_are_compared(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    make_case(tree.office)  # not in the file
    make_proceeding(tree.land)
    rows = [case_row("1"), case_row("2", 受理部门="王江泾镇")]
    upload = imported(client, make_ledger(rows), tree.government)
    assert departments_of(kept_figures(upload)) == {tree.housing.pk, tree.town.pk}
    page = shown(client, upload)
    assert "每一格都相同" in page and "文件里的 2 个单位" in page
    assert reverse("reports:cell") not in page and "选一个单位" in page
    one = shown(client, upload, f"?unit={tree.town.pk}&year=2025")
    assert halves(rows_of(one, "beside-3"))[0][0][-1] == 1
    assert f"{reverse('reports:cell')}?department={tree.town.pk}" in one
    assert client.get(address(upload, f"?unit={tree.office.pk}")).status_code == 404


def test_a_department_that_was_succeeded_gives_its_open_cases_away(
    client: Client, tree: Tree
) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    upload = imported(client, make_ledger([case_row("1", 收到日期="2024-12-20")]), tree.government)
    tree.housing.successor, tree.housing.succeeded_on = tree.land, date(2025, 1, 1)
    tree.housing.save()
    pair = pair_of(kept_figures(upload), [tree.housing], 2025)
    assert "section_three.carried_over.total" in pair.apart()
    assert pair_of(kept_figures(upload), [tree.housing, tree.land], 2025).apart() == []


def test_years_before_the_first_format_are_not_offered(office: Client, tree: Tree) -> None:
    row = case_row("1", 收到日期="2017-03-01", 答复类型="予以公开", 答复日期="2017-03-10")
    upload = imported(office, make_ledger([row]), tree.housing)
    assert years_of(kept_figures(upload)) == []
    assert "没有可以统计的年度" in shown(office, upload)


@pytest.mark.parametrize("query", ["?year=1999", "?year=x", "?year=2031"])
def test_a_year_the_file_does_not_tell_of(office: Client, tree: Tree, query: str) -> None:
    upload = imported(office, make_ledger([case_row("1")]), tree.housing)
    assert "beside-3" not in shown(office, upload, query)


# --- The page ------------------------------------------------------------------------------------


def test_the_page_of_the_import_asks_for_it_and_links_to_it(office: Client, tree: Tree) -> None:
    upload = imported(office, make_ledger([case_row("1")]), tree.housing)
    page = office.get(reverse("cases:import", args=[upload.pk])).content.decode()
    assert f'hx-get="{address(upload)}"' in page and f'<a href="{address(upload)}">' in page
    alone = office.get(address(upload)).content.decode()
    assert "<html" in alone and "beside-3" in alone


def test_a_file_with_nothing_new_is_compared_too_one_with_errors_is_not(
    office: Client, tree: Tree
) -> None:
    content = make_ledger([case_row("1")])
    imported(office, content, tree.housing)
    again = planned(office, content, tree.housing)
    assert "每一格都相同" in shown(office, again)
    waiting = planned(office, make_ledger([case_row("2")]), tree.housing)
    wrong = planned(office, make_ledger([case_row("3", 收到日期="3.4")]), tree.housing)
    for upload in (waiting, wrong):
        assert office.get(address(upload)).status_code == 404
    confirm(office, waiting)
    do_jobs()
    assert "beside-3" in shown(office, waiting)


def test_strangers_readers_and_other_methods(office: Client, tree: Tree) -> None:
    upload = imported(office, make_ledger([case_row("1")]), tree.housing)
    other = Client()
    assert other.get(address(upload)).status_code == 302
    for role, department, status in (
        (Role.CLERK, tree.land, 404),
        (Role.AUDITOR, tree.government, 403),
        (Role.ADMINISTRATOR, tree.government, 403),
    ):
        other.force_login(make_user(role, department))
        assert other.get(address(upload)).status_code == status
    assert office.post(address(upload)).status_code == 405


def test_it_makes_the_same_number_of_queries_however_many_rows(office: Client, tree: Tree) -> None:
    few = imported(office, make_ledger([case_row("1")]), tree.housing)
    rows: list[Any] = [case_row(f"{n}", **REPLY) for n in range(2, 60)]
    many = imported(office, make_ledger(rows), tree.housing)
    assert queries_of(lambda: shown(office, few)) == queries_of(lambda: shown(office, many))
