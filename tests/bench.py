"""How long a table takes beside the one statement it rests on, on a million cases: `make bench`.

Each database is a scratch one, filled and measured by a second process whose `DATABASE_URL` names
it; the installation's own is never touched.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disclosure.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, models

from cases.choices import ApplicantKind, DepartmentKind, Outcome
from cases.departments import DepartmentRow, add_department
from cases.models import Applicant, Case, Department
from reports import workflow
from reports.counting import ALL, OWN, grouped_cases, scope_of
from reports.workflow import Question
from tests.infra.postgres import postgres_server

CASES = 1_000_000
DEPARTMENTS = 40
YEARS = range(2016, 2026)
MEASURED_YEAR = 2024  # with cases of the years before and after around it
RUNS = {OWN: 25, ALL: 9}
AT_MOST = 3  # times the statement


def main() -> None:
    parser = ArgumentParser(description="统计表与其唯一一条分组语句的用时之比")
    parser.add_argument("--cases", type=int, default=CASES, help="申请件数")
    parser.add_argument("--on", choices=tuple(DATABASES), help="只测一种数据库")
    parser.add_argument("--inside", action="store_true", help="在临时库里（由本程序自己调用）")
    asked = parser.parse_args()
    if asked.inside:
        measure(asked.cases)
        return
    for name, database in DATABASES.items():
        if asked.on in (None, name):
            with (
                tempfile.TemporaryDirectory(prefix="disclosure-bench-") as folder,
                database(Path(folder)) as url,
            ):
                run_inside(asked.cases, url, Path(folder))


def measure(cases: int) -> None:
    call_command("migrate", verbosity=0)
    if Case.objects.exists() or Department.objects.exists():
        raise SystemExit("这个数据库里已有数据，性能基准只在空的临时库里运行。")
    government = add_departments()
    took = seconds(lambda: fill(cases))
    name = f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"
    print(f"\n{name}：{cases:,} 件，{DEPARTMENTS} 个单位，生成用时 {took:.0f} 秒")
    own = Department.objects.get(code="D1")
    compare("一个单位的一年", Question.of_year(own, MEASURED_YEAR, OWN))
    compare(f"{DEPARTMENTS} 个单位的一年", Question.of_year(government, MEASURED_YEAR, ALL))


def compare(title: str, question: Question) -> None:
    """The table and its statement by turns, so that both meet the same machine."""
    scope = scope_of(question.department, question.scope, question.period)
    statement = grouped_cases(scope, question.period)
    tables, statements = [], []
    for _ in range(RUNS[question.scope]):
        statements.append(seconds(lambda: list(statement.all())))
        tables.append(seconds(lambda: workflow.answer(question)))
    table, alone = median(tables), median(statements)
    ratio = table / alone
    verdict = "合格" if ratio <= AT_MOST else f"超过 {AT_MOST} 倍"
    counted = workflow.answer(question).cases
    print(
        f"  {title}（{counted:,} 件）：统计表 {1000 * table:.1f} 毫秒，"
        f"语句 {1000 * alone:.1f} 毫秒，{ratio:.2f} 倍，{verdict}"
    )
    plan = statement.explain()
    covering = "COVERING INDEX case_counted" in plan or "Index Only Scan" in plan
    print(f"    {'只读覆盖索引' if covering else plan}")


def run_inside(cases: int, url: str, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.bench", "--inside", "--cases", str(cases)]
    environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(folder), "DEBUG": "0"}
    if subprocess.run(command, env=environment).returncode:
        raise SystemExit("这次测量没有完成。")


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'bench.sqlite3'}"


def postgresql(_: Path) -> Any:
    """The server of `BENCH_DATABASE_URL`, with an empty database, else one of our own."""
    named = os.environ.get("BENCH_DATABASE_URL", "")
    return nullcontext(named) if named else postgres_server()


DATABASES: Mapping[str, Callable[[Path], Any]] = {"sqlite": sqlite, "postgresql": postgresql}


def add_departments() -> Department:
    """A government with its organs; the applicants are one of each kind."""
    government = add_department(DepartmentRow("某区人民政府", "G", "", DepartmentKind.GOVERNMENT))
    for at in range(DEPARTMENTS):
        add_department(DepartmentRow(f"单位{at}", f"D{at}", "G", DepartmentKind.DEPARTMENT))
    for kind in ApplicantKind:
        Applicant.objects.create(kind=kind, name="申请人")
    return government


def fill(cases: int) -> None:
    """`cases` applications in the order of their years, made by the database itself."""
    columns = case_columns(cases)
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:  # its snapshot would keep ours from marking the pages as seen by all
            cursor.execute(f"ALTER TABLE {Case._meta.db_table} SET (autovacuum_enabled = false)")
        cursor.execute(
            "WITH RECURSIVE numbers(i) AS "
            f"(SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < {cases - 1}) "
            f"INSERT INTO {Case._meta.db_table} ({', '.join(columns)}) "
            f"SELECT {', '.join(columns.values())} FROM numbers"
        )
        cursor.execute("VACUUM ANALYZE" if postgresql else "ANALYZE")


def case_columns(cases: int) -> dict[str, str]:
    """Column → the SQL that gives it from the row number `i`.

    Nine of ten applicants are natural persons, 2 % of the last year is still open, the rest was
    answered within 33 days: the turn of each year has cases carried over it.
    """
    departments = list(Department.objects.answering().values_list("pk", flat=True))
    applicants = dict(Applicant.objects.values_list("kind", "pk"))
    each = f"i / {DEPARTMENTS}"  # the how manieth of its department
    kinds = [ApplicantKind.NATURAL_PERSON] * 54 + list(ApplicantKind)
    kind = pick([f"'{kind}'" for kind in kinds], f"{each} * 13")
    outcome = pick([f"'{outcome}'" for outcome in Outcome], f"{each} * 17 + i")
    year = f"({YEARS[0]} + i / {-(-cases // len(YEARS))})"
    day = f"({each} * 97) % 365"
    is_open = f"(i % 50 = 0 AND {year} = {YEARS[-1]})"
    received, closed = day_of(year, day), day_of(year, f"{day} + 3 + ({each} * 31) % 30")
    given = {
        "department_id": pick([str(pk) for pk in departments], "i"),
        "number": "'N' || i",
        "number_year": year,
        "applicant_id": pick([str(applicants[kind]) for kind in kinds], f"{each} * 13"),
        "applicant_kind": kind,
        "arrived_on": received,
        "received_on": received,
        "content": "'某项信息'",
        "outcome": f"CASE WHEN {is_open} THEN '' ELSE {outcome} END",
        "closed_on": f"CASE WHEN NOT {is_open} THEN {closed} END",
        "version": "1",
    }
    fields = [f for f in Case._meta.concrete_fields if not f.generated and not f.primary_key]
    return {str(field.column): given.get(str(field.column), empty(field)) for field in fields}


def pick(values: list[str], number: str) -> str:
    """One of `values` by a number."""
    cases = " ".join(f"WHEN {at} THEN {value}" for at, value in enumerate(values))
    return f"CASE ({number}) % {len(values)} {cases} END"


def day_of(year: str, days: str) -> str:
    """The day `days` after New Year."""
    if connection.vendor == "postgresql":
        return f"(make_date({year}, 1, 1) + ({days}))"
    return f"date({year} || '-01-01', '+' || ({days}) || ' days')"


def empty(field: models.Field[Any, Any]) -> str:
    if field.null:
        return "NULL"
    if isinstance(field, models.DateTimeField):
        return "CURRENT_TIMESTAMP"
    if isinstance(field, models.BooleanField):
        return "FALSE"
    return "''"


def seconds(act: Callable[[], object]) -> float:
    start = perf_counter()
    act()
    return perf_counter() - start


if __name__ == "__main__":
    main()
