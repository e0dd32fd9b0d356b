"""A table beside the one grouped statement it rests on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from statistics import median

from django.utils import timezone

from cases.models import Department
from reports import workflow
from reports.choices import ALL, OWN
from reports.counting import grouped_cases, scope_of
from reports.models import ComputedTable
from reports.workflow import Question
from tests.bench.filling import DEPARTMENTS, YEARS
from tests.bench.running import Inside, Target, say, seconds

RUNS = {OWN: 25, ALL: 9}
AT_MOST = Target(2)


def measure(place: Inside) -> None:
    for own in (True, False):
        say(place.ask("compare", own=own))


def compare(own: bool) -> str:
    """The table and its statement by turns, so that both meet the same machine."""
    question = questions(own=own)[-2]  # with cases of the years before and after around it
    scope = scope_of(question.department, question.scope, question.period)
    statement = grouped_cases(scope, question.period)
    tables, statements = [], []
    for _ in range(RUNS[question.scope]):
        statements.append(seconds(lambda: list(statement.all())))
        tables.append(seconds(lambda: workflow.answer(replace(question))))
    table, alone = median(tables), median(statements)
    plan = statement.explain()
    covering = "COVERING INDEX case_counted" in plan or "Index Only Scan" in plan
    return (
        f"  {'一个单位' if own else f'{DEPARTMENTS} 个单位'}的一年"
        f"（{workflow.answer(question).cases:,} 件）：统计表 {1000 * table:.1f} 毫秒，"
        f"语句 {1000 * alone:.1f} 毫秒，{table / alone:.2f} 倍，{AT_MOST.verdict(table / alone)}"
        f"{'，只读覆盖索引' if covering else plan}"
    )


def compute_all() -> None:
    """Every table that a page then shows, as a job would store it."""
    for question in (*questions(own=True), *questions(own=False)):
        found = workflow.answer(question)
        ComputedTable.objects.create(
            department=question.department,
            scope=question.scope,
            from_on=question.period.first,
            to_on=question.period.last,
            format=question.format.version,
            figures=found.tables.to_json(),
            volumes=[[pk, *numbers] for pk, numbers in found.volumes.items()],
            computed_at=timezone.now(),
        )


@cache
def questions(own: bool) -> list[Question]:
    """The years that have a format, of one organ or of all."""
    organ = Department.objects.get(code="D1" if own else "G")
    this = timezone.localdate().year
    years = range(max(2019, this - YEARS + 1), this)
    return [Question.of_year(organ, year, OWN if own else ALL) for year in years]
