"""Request → compute: what the pages and commands ask for, and what the tasks then do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Self

from django.utils import timezone

from cases import jobs
from cases.jobs import JobFailed, Product, Progress
from cases.models import Case, Department, Job, User
from cases.permissions import Act, can
from cases.workflow import NotAllowed
from reports import listing
from reports.checks import Check, run_checks
from reports.counting import (
    Period,
    Scope,
    case_groups,
    scope_labels,
    scope_of,
    section_four,
    section_three,
    tables_of,
    volumes_of,
)
from reports.exports.xlsx import report_workbook
from reports.formats import format_for_year, get_format
from reports.formats.base import Format, Tables
from reports.models import ComputedTable

COMPUTE_TASK = "reports.tasks.compute_table"
WORKBOOK_TASK = "reports.tasks.make_workbook"
WORKBOOK_TRIES = 3  # cases may change between the list of them and their count

Told = Callable[[int, str], None]


@dataclass(frozen=True)  # without slots, for the scope that is read once
class Question:
    """Which table is asked for."""

    department: Department
    scope: str
    period: Period
    format: Format

    @classmethod
    def of_year(cls, department: Department, year: int, scope: str, version: str = "") -> Self:
        """Raises `NoFormat` for a year or version without one."""
        return cls.of_period(department, Period.year(year), scope, version)

    @classmethod
    def of_period(
        cls, department: Department, period: Period, scope: str, version: str = ""
    ) -> Self:
        """In the format of the year in which the period ends, or in the one that is named.

        Raises `NoFormat`, also when a version is named, unless every day has a format.
        """
        fmt = format_for_year(period.last.year)
        format_for_year(period.first.year)
        return cls(department, scope, period, get_format(version) if version else fmt)

    @cached_property
    def counted(self) -> Scope:
        """Whose cases, by the tree of the period's last day."""
        return scope_of(self.department, self.scope, self.period)

    @property
    def scope_label(self) -> str:
        return scope_labels(self.department)[self.scope]

    @property
    def key(self) -> str:
        first, last = self.period.first, self.period.last
        return f"{self.department.pk}:{self.scope}:{first}:{last}:{self.format.version}"

    @property
    def params(self) -> dict[str, Any]:
        return {
            "department": self.department.pk,
            "scope": self.scope,
            "from_on": str(self.period.first),
            "to_on": str(self.period.last),
            "format": self.format.version,
        }

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> Self:
        return cls(
            Department.objects.get(pk=params["department"]),
            params["scope"],
            Period(date.fromisoformat(params["from_on"]), date.fromisoformat(params["to_on"])),
            get_format(params["format"]),
        )

    def stored(self) -> ComputedTable | None:
        """What was computed last, if anything was."""
        found = ComputedTable.objects.filter(**self._lookup())
        return found.select_related("job__requested_by").first()

    def latest_job(self, task: str) -> Job | None:
        return Job.objects.filter(key=f"{task}:{self.key}").select_related("requested_by").first()

    def _lookup(self) -> dict[str, Any]:
        return {
            "department": self.department,
            "scope": self.scope,
            "from_on": self.period.first,
            "to_on": self.period.last,
            "format": self.format.version,
        }

    def __str__(self) -> str:
        version = self.format.version
        return f"{self.department} {self.period}（{self.scope_label}，{version} 年格式）"


def check_period(period: Period, *, today: date) -> None:
    """Raises `ValueError` for a period that has not begun, or that outlasts the year of `today`.

    A whole year, or a quarter, may be asked for while it runs: it shows how things stand.
    """
    if period.first > today:
        gap = "" if period.is_year else " "  # between a figure and the words after it
        raise ValueError(f"{period}{gap}还没有开始，没有可以统计的申请。")
    latest = Period.year(today.year).last
    if period.last > latest:
        raise ValueError(f"止日最晚到 {latest}，{period.last} 太晚了。")


@dataclass(frozen=True, slots=True)
class Answer:
    """The table, its checks, and how many cases each department brought."""

    tables: Tables
    checks: list[Check]
    volumes: dict[int, tuple[int, int]]
    units: int  # organs counted, those without a single case included

    @property
    def cases(self) -> int:
        return sum(new + carried for new, carried in self.volumes.values())


def answer(question: Question, progress: Told | None = None) -> Answer:
    """Count and check; the same for the page, the command and the workbook."""
    told = progress or (lambda percent, message: None)
    scope = question.counted
    told(20, f"统计 {scope.units} 个单位的申请")
    groups = case_groups(scope, question.period)
    told(70, "勾稽校验")
    tables = tables_of(groups, scope, question.period, question.format)
    checks = run_checks(question.format, tables)
    return Answer(tables, checks, volumes_of(groups), scope.units)


def is_outdated(question: Question, stored: ComputedTable) -> bool:
    """Whether the cases or proceedings now give another table than the stored one.

    Cheap while no case of these organs was touched since: only then they are counted again.
    """
    scope = question.counted
    before = Tables.from_json(question.format, stored.figures)
    if section_four(scope, question.period, question.format) != before.section_four:
        return True
    touched = Case.objects.of_organs(scope.organs).changed_since(stored.computed_at)
    if not touched.exists():
        return False
    groups = case_groups(scope, question.period)
    return section_three(groups, question.format) != before.section_three


def request_table(question: Question, *, by: User) -> Job:
    """Have the table computed; raises `NotAllowed`. Asked twice at once, it is one job."""
    return request(question, COMPUTE_TASK, Act.COMPUTE_TABLE, f"统计 {question}", by)


def request_workbook(question: Question, *, by: User) -> Job:
    """Have the workbook made; raises `NotAllowed`."""
    return request(question, WORKBOOK_TASK, Act.SEE_TABLE, f"生成工作簿 {question}", by)


def compute(job: Job, progress: Progress) -> Product:
    question = Question.from_params(job.params)
    asked_at = timezone.now()  # before the count: what is recorded during it counts as later
    found = answer(question, progress)
    ComputedTable.objects.update_or_create(
        **question._lookup(),
        defaults={
            "figures": found.tables.to_json(),
            "volumes": [[pk, *numbers] for pk, numbers in found.volumes.items()],
            "job": job,
            "computed_at": asked_at,
        },
    )
    return Product({"cases": found.cases, "units": found.units})


def make_workbook(job: Job, progress: Progress) -> Product:
    question = Question.from_params(job.params)
    content, cases = workbook(question, progress)
    return Product({"cases": cases}, workbook_name(question), content)


def workbook(question: Question, progress: Told | None = None) -> tuple[bytes, int]:
    """The .xlsx file, and how many cases it lists; raises `JobFailed` when they do not keep still.

    The cases are listed first and counted then, until both agree: sheets one and two always fit.
    """
    told = progress or (lambda percent, message: None)
    scope = question.counted
    for _ in range(WORKBOOK_TRIES):
        told(10, "列出申请件")
        listed = listing.list_cases(scope, question.period)
        told(50, f"已列出 {len(listed)} 件，统计并校验")
        groups = case_groups(scope, question.period)
        if listing.agree(listed, groups):
            break
    else:
        raise JobFailed("统计期间的申请件一直在变动，明细与统计数没有对上，请稍后再试。")
    tables = tables_of(groups, scope, question.period, question.format)
    told(70, "写入工作簿")
    content = report_workbook(
        fmt=question.format,
        tables=tables,
        organ=question.department.name,
        period=str(question.period),
        case_header=listing.HEADER,
        case_rows=listing.rows(listed, question.format, question.period),
        checks=run_checks(question.format, tables),
        note=f"{question.scope_label}，{timezone.localtime():%Y-%m-%d %H:%M} 统计",
    )
    return content, len(listed)


def workbook_name(question: Question) -> str:
    period = str(question.period).replace(" ", "")
    kind = f"{question.scope_label}，{question.format.version}年格式"
    return f"{question.department}{period}统计表（{kind}）.xlsx"


def request(question: Question, task: str, act: Act, title: str, by: User) -> Job:
    """Have `task` do its work on a question; raises `NotAllowed`."""
    if not can(by, act, question.department):
        raise NotAllowed(f"您没有查看{question.department}统计表的权限。")
    return jobs.request_job(
        task=task,
        key=f"{task}:{question.key}",
        title=title,
        params=question.params,
        by=by,
        department=question.department,
    )
