"""The workbook of a large scope beside openpyxl writing the same rows and nothing more."""

from __future__ import annotations

import resource
from functools import cache
from io import BytesIO
from statistics import median

from django.utils import timezone
from openpyxl import Workbook

from cases.models import Department
from cases.sheets import Value
from reports import listing, workflow
from reports.choices import ALL
from reports.counting import Period, scope_of
from reports.workflow import Question
from tests.bench.running import Inside, Target, say, seconds

RUNS = 3
AT_MOST = Target(1.5)
PEAK = Target(300, "MB")
KILOBYTES = 1024  # in a megabyte


def measure(place: Inside) -> None:
    """By turns, each in a process of its own; a third makes it once, for its peak of memory."""
    with place.beside() as floor, place.beside() as whole, place.beside() as alone:
        floors, wholes = [], []
        for _ in range(RUNS):
            floors.append(floor.ask("floor"))
            wholes.append(whole.ask("workbook"))
        rows, bare, made = floors[0][0], median(f[1] for f in floors), median(w[1] for w in wholes)
        alone.ask("workbook")
        most = alone.ask("peak")
    say(
        f"  工作簿（{rows:,} 件）：{made:.1f} 秒，openpyxl 只写同样的行 {bare:.1f} 秒，"
        f"{made / bare:.2f} 倍，{AT_MOST.verdict(made / bare)}；"
        f"内存最多 {most:.0f} MB，{PEAK.verdict(most)}"
    )


def make() -> tuple[int, float]:
    """Cases in the workbook, and the seconds that all of it takes."""
    cases = 0

    def work() -> None:
        nonlocal cases
        _, cases = workflow.workbook(_question())

    took = seconds(work)
    return cases, took


def write_only() -> tuple[int, float]:
    """The same for the rows of its list, which are at hand already."""
    rows = _rows()

    def work() -> None:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
        book.save(BytesIO())

    took = seconds(work)
    return len(rows), took


def peak() -> float:
    """The most memory that this process took so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES


@cache
def _rows() -> list[tuple[Value, ...]]:
    question = _question()
    scope = scope_of(question.department, question.scope, question.period)
    listed = listing.list_cases(scope, question.period)
    return [listing.HEADER, *listing.rows(listed, question.format, question.period)]


def _question() -> Question:
    """The year before this one, of all organs: a tenth of the cases."""
    year = Period.year(timezone.localdate().year - 1)
    return Question.of_period(Department.objects.get(code="G"), year, ALL)
