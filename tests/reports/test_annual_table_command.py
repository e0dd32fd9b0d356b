"""manage.py annual_table: the table of a department as JSON or as the workbook."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from cases.choices import Outcome
from cases.departments import rename_department
from reports.management.commands.annual_table import Command
from tests.makers import Tree, make_case, make_proceeding, make_tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2024, 5, 6)


@pytest.fixture
def tree() -> Tree:
    """2024: one at the office, carried over; one at 区住建局, withdrawn in summer."""
    tree = make_tree()
    make_case(tree.office, received_on=date(2023, 12, 4), closed_on=DAY)
    make_case(
        tree.housing,
        received_on=DAY,
        closed_on=date(2024, 7, 1),
        outcome=Outcome.WITHDRAWN,
    )
    make_proceeding(tree.housing, filed_on=DAY)
    return tree


def run(*words: str) -> str:
    out = StringIO()
    call_command("annual_table", *words, stdout=out)
    return out.getvalue()


def table(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*words))
    return found


def test_the_json_has_the_keys_of_the_format(tree: Tree) -> None:
    found = table("--department", "秀洲区人民政府", "--year", "2024", "--scope", "all")
    assert list(found) == [
        "department",
        "year",
        "scope",
        "format",
        "section_three",
        "section_four",
        "findings",
    ]
    assert (found["department"], found["year"]) == ("秀洲区人民政府", 2024)
    assert (found["scope"], found["format"], found["findings"]) == ("all", "2021", [])
    three = found["section_three"]
    assert three["new_received"] == three["other_misc"] == [1, 0, 0, 0, 0, 0, 1]
    assert three["results_total"] == [2, 0, 0, 0, 0, 0, 2]
    assert found["section_four"] == {
        "review": [0, 0, 0, 1, 1],
        "suit_direct": [0] * 5,
        "suit_after_review": [0] * 5,
    }


def test_without_a_scope_a_department_reports_its_own_and_a_government_all(tree: Tree) -> None:
    """As the page does: a government holds no cases itself (条例4)."""
    own = table("--department", "区住建局", "--year", "2024")
    assert own["scope"] == "own" and own["section_three"]["new_received"][-1] == 1
    whole = table("--department", "XZ", "--year", "2024")
    assert whole["scope"] == "all" and whole["section_three"]["new_received"][-1] == 1
    assert whole["section_three"]["carried_over"][-1] == 1  # the office's


def test_the_help_says_what_goes_without_saying() -> None:
    said = Command().create_parser("manage.py", "annual_table").format_help()
    words = "".join(said.split())
    assert "不写时，政府为all，其他单位为own" in words
    assert "须在--year的年度以内" in words


def test_the_own_table_of_a_government_is_that_of_its_office(tree: Tree) -> None:
    found = table("--department", "XZ", "--year", "2024", "--scope", "own")
    assert found["scope"] == "own" and found["section_three"]["new_received"][-1] == 0
    assert found["section_three"]["carried_over"][-1] == 1


@pytest.mark.parametrize("name", ["区住建局", "秀洲区住房和城乡建设局", "XZ-ZJJ"])
def test_a_department_goes_by_name_short_name_or_code(tree: Tree, name: str) -> None:
    found = table("--department", name, "--year", "2024")
    assert found["section_three"]["new_received"][-1] == 1


def test_a_department_goes_by_its_former_name(tree: Tree) -> None:
    rename_department(tree.housing, name="秀洲区建设局", from_on=date(2025, 1, 1))
    found = table("--department", "秀洲区住房和城乡建设局", "--year", "2024")
    assert found["section_three"]["new_received"][-1] == 1


def test_a_part_of_the_year_says_its_days(tree: Tree) -> None:
    days = ("--from", "2024-04-01", "--to", "2024-06-30")
    found = table("--department", "区住建局", "--year", "2024", *days)
    assert (found["from"], found["to"]) == ("2024-04-01", "2024-06-30")
    assert found["section_three"]["carried_forward"][-1] == 1


def test_the_other_format_can_be_asked_for(tree: Tree) -> None:
    found = table("--department", "区住建局", "--year", "2024", "--format", "2019")
    assert found["format"] == "2019" and found["section_three"]["other"][-1] == 1


def test_it_writes_a_file(tree: Tree, tmp_path: Path) -> None:
    to = tmp_path / "2024 年.json"
    said = run("--department", "区住建局", "--year", "2024", "--out", str(to))
    assert said == "" and json.loads(to.read_text("utf-8"))["year"] == 2024


def test_it_writes_the_workbook(tree: Tree, tmp_path: Path) -> None:
    to = tmp_path / "table.xlsx"
    words = ("--department", "区住建局", "--year", "2024", "--as", "xlsx", "--out", str(to))
    run(*words)
    book = load_workbook(to)
    assert book.sheetnames == ["三、四", "申请件", "勾稽校验"]
    assert [row[0].value for row in book["申请件"].iter_rows(min_row=2)] == [
        "秀建公开申〔2024〕1号"
    ]


NAMED = ("--department", "区住建局", "--year", "2024")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "请写明 --department、--year。"),
        (("--department", "区住建局"), "请写明 --year。"),
        (("--department", "无此局", "--year", "2024"), "没有名称或代码为“无此局”的单位"),
        (("--department", "区住建局", "--year", "2018"), "2018 年度没有法定报告格式"),
        (
            ("--department", "区住建局", "--year", "2018", "--format", "2021"),
            "2018 年度没有法定报告格式",
        ),
        (("--department", "区住建局", "--year", "今年"), "“今年”不是年度"),
        (("--department", "区住建局", "--year", "20240"), "“20240”不是年度"),
        (("--department", "区住建局", "--year", "2026"), "2026 年度还没有开始"),
        ((*NAMED, "--scope", "half"), "没有“half”这种统计范围"),
        ((*NAMED, "--format", "1999"), "没有“1999”这一格式"),
        ((*NAMED, "--from", "2024-01-01"), "--from 和 --to 要一起写"),
        ((*NAMED, "--from", "2024-02-30", "--to", "2024-03-01"), "“2024-02-30”不是日期"),
        ((*NAMED, "--from", "2024-05-01", "--to", "2024-04-30"), "早于起日"),
        (
            (*NAMED, "--from", "2025-01-01", "--to", "2025-03-31"),
            "2025-01-01 至 2025-03-31 不在 2024 年度以内。",
        ),
        (
            (*NAMED, "--from", "2023-12-31", "--to", "2024-12-31"),
            "2023-12-31 至 2024-12-31 不在 2024 年度以内。",
        ),
        (
            (*NAMED, "--from", "2024-02-01", "--to", "2025-01-01"),
            "2024-02-01 至 2025-01-01 不在 2024 年度以内。",
        ),
        ((*NAMED, "--as", "pdf"), "没有“pdf”这种输出"),
        ((*NAMED, "--as", "xlsx"), "--as xlsx 须用 --out 写明文件名"),
        ((*NAMED, "--out", "no/such/folder/x.json"), "写不了文件 no/such/folder/x.json"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    tree: Tree, words: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        run(*words)
    assert sentence in str(refused.value) and "\n" not in str(refused.value)
