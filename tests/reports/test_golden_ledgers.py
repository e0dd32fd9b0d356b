"""A ledger made from a published table, imported and counted, gives the table back.

Every table in tests/golden whose columns balance, in the format it was published in and, where
figures alone allow it, in the other one.
"""

import json
from datetime import date
from pathlib import Path

import pytest

from cases.ledger import Limits, plan_import, read_ledger, save_import
from cases.models import Department
from reports.checks import findings, run_checks
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import get_format
from reports.formats.base import Format, Tables, convert
from tests.ledgers import ledger_from_table
from tests.makers import make_tree

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent.parent / "golden"
TODAY = date(2026, 1, 5)
# Sections three of these balance, but 总计 of section four is printed as 0.
ONLY_SECTION_THREE = {"hongze-2023"}
BALANCED = (
    "hongze-2023",
    "pingtan-zrz-2022",
    "shanghai-kewei-2024",
    "suqian-2023",
    "suqian-2024",
    "xiuzhou-2020",
)


def read(name: str) -> tuple[int, Format, Tables]:
    data = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    fmt = get_format(data["format"])
    return data["year"], fmt, Tables.from_json(fmt, data)


def import_table(tables: Tables, fmt: Format, year: int) -> Department:
    department = make_tree().housing
    ledger = read_ledger(
        ledger_from_table(tables, fmt, year, department.name),
        file_name="台账.xlsx",
        today=TODAY,
        department_needed=True,
        limits=Limits(),
    )
    plan = plan_import(ledger, by=None, department=None)
    assert plan.problems == []
    save_import(plan, by=None, today=TODAY)
    return department


def counted(department: Department, year: int, fmt: Format) -> Tables:
    period = Period.year(year)
    return count(scope_of(department, OWN, period), period, fmt)


def test_the_tables_are_those_whose_columns_balance() -> None:
    of_three = {"s3_balance", "s3_result_sum", "s3_row_sum", "integers"}
    balanced = set()
    for path in GOLDEN.glob("*.json"):
        _, fmt, tables = read(path.stem)
        codes = {check.code for check in findings(run_checks(fmt, tables))}
        balanced |= set() if codes & of_three else {path.stem}
        assert ("s4_sum" in codes) == (path.stem in ONLY_SECTION_THREE)
    assert balanced == set(BALANCED)


@pytest.mark.parametrize("name", BALANCED)
def test_the_ledger_of_a_table_gives_the_table_back(name: str) -> None:
    year, fmt, tables = read(name)
    found = counted(import_table(tables, fmt, year), year, fmt)
    assert found.section_three == tables.section_three
    if name in ONLY_SECTION_THREE:
        parts = {group: figures[:-1] for group, figures in tables.section_four.items()}
        assert {group: found.section_four[group][:-1] for group in parts} == parts
    else:
        assert found.section_four == tables.section_four


@pytest.mark.parametrize("name", [name for name in BALANCED if name not in ONLY_SECTION_THREE])
def test_the_same_ledger_fills_the_other_format(name: str) -> None:
    """From 2021 to 2019 the rows of （六） add up; 其他处理 of 2019 is 其他 in 2021."""
    year, fmt, tables = read(name)
    department = import_table(tables, fmt, year)
    of_2019, of_2021 = (counted(department, year, get_format(v)) for v in ("2019", "2021"))
    if fmt.version == "2021":
        assert of_2019 == convert(tables, fmt, get_format("2019"))
    else:
        rows = dict(tables.section_three)
        misc = rows.pop("other")
        nothing = [0] * len(misc)
        split = {
            "other_no_correction": nothing,
            "other_fee_unpaid": nothing,
            "other_misc": misc,
        }
        assert of_2021.section_three == rows | split
        assert of_2021.section_four == tables.section_four
