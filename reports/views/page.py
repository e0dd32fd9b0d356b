"""What stands on the page of a table: the choices above it, the bars of its jobs, the result."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from cases.choices import JobState
from cases.models import Department, Job, User
from cases.models.job import ACTIVE
from cases.permissions import Act, can
from cases.querysets import PATH_STEP
from cases.views.jobs import run_of
from reports.briefing import shares
from reports.checks import run_checks
from reports.counting import default_scope, scope_labels, years
from reports.formats import FORMATS, format_for_year
from reports.formats.base import Format, Tables
from reports.forms import DATES, DAYS, PERIODS, QuestionForm, kind_of
from reports.models import ComputedTable
from reports.presenting import check_lines, check_summary, moment, table3, table4
from reports.views.base import briefing_url, cell_urls, table_url
from reports.views.cell import panel_of
from reports.views.fact_base import board_url, report_years
from reports.views.report_base import Place, scopes_of
from reports.workflow import WORKBOOK_TASK, Question, is_outdated

Context = dict[str, Any]

COMPUTE_BAR, WORKBOOK_BAR = "run", "run-book"
COMPUTE_WORDS = {
    JobState.QUEUED: "排队等待计算",
    JobState.RUNNING: "正在计算",
    JobState.DONE: "计算完成",
    JobState.FAILED: "计算失败",
}
WORKBOOK_WORDS = {
    JobState.QUEUED: "排队等待生成",
    JobState.RUNNING: "正在生成工作簿",
    JobState.DONE: "工作簿已生成",
    JobState.FAILED: "工作簿没有生成",
}
FIRST_YEAR = min(fmt.first_year for fmt in FORMATS.values())
INDENT = "　"


class Choice(NamedTuple):
    value: object
    label: str
    chosen: bool


NO_YEAR = Choice("", "请选择", True)


def tools_of(user: User, form: QuestionForm) -> Context:
    """Department, year, period, scope and format to choose from, as chosen now."""
    question, today = form.question, form.today
    usual = default_scope(form.department)
    asked = question or Question.of_year(form.department, today.year, usual)
    named = form.data.get("period", "")
    by_days = any(form.data.get(day) for day in DAYS)
    if question and named != DATES:
        kind = kind_of(asked.period, today)
    else:
        kind = named or (DATES if by_days else "")
    own = format_for_year(asked.period.last.year)
    year = "" if question else form.data.get("year", "")
    labels = scope_labels(form.department)
    visible = Department.objects.visible_to(user)  # whose tables the user may see
    return {
        "departments": tree_choices(visible.order_by("path"), form.department),
        "years": year_choices(
            form.department, today, str(year or asked.period.first.year), question
        ),
        "periods": [Choice(key, label, key == kind) for key, label in PERIODS.items()],
        "by_dates": kind == DATES,
        "scopes": [Choice(key, label, key == asked.scope) for key, label in labels.items()],
        # The format of the year goes without saying, and so follows when another year is chosen.
        "formats": [
            Choice("" if fmt == own else version, _format_label(fmt), fmt == asked.format)
            for version, fmt in FORMATS.items()
        ],
        "asked": asked,
        "sentences": form.sentences_without(DAYS if kind == DATES else ()),
        "first": asked.period.first.isoformat() if question else form.data.get("from", ""),
        "last": asked.period.last.isoformat() if question else form.data.get("to", ""),
    }


def result_of(question: Question, job: Job | None, *, user: User, chosen: str) -> Context:
    """The stored table, and how the last job for it stands."""
    stored = question.stored()
    running = job is not None and job.is_active
    failed = job is not None and job.state == JobState.FAILED and _after(job, stored)
    shown = job if running or failed else stored.job if stored else None
    book, year = workbook_bar(question, stored), question.period.last.year
    context: Context = {
        "question": question,
        "briefing_url": briefing_url(question),
        "report_url": report_url(question),
        "facts_url": board_url(question.department, year) if year in report_years() else "",
        "may_compute": can(user, Act.COMPUTE_TABLE, question.department),
        "running": running,
        "waiting": running or (book is not None and book["state"] in ACTIVE),
        "computed": stored is not None,
        "run": compute_bar(question, shown, stored) if shown else None,
        "book": book,
    }
    if stored:
        said = f"上次结果（{moment(stored.computed_at)}）" if running or failed else ""
        said += "，算完自动换新" if running else ""
        context |= _tables(question, stored, chosen=chosen, stale=said)
        context["outdated"] = not running and is_outdated(question, stored)
        context["panel"] = panel_of(question, chosen, user, stored) if chosen else None
    return context


def report_url(question: Question) -> str:
    """The annual report of the same year and scope; "" where there is none."""
    if not question.period.is_year or question.scope not in scopes_of(question.department):
        return ""
    return Place(question.department, question.period.first.year, question.scope).url()


def compute_bar(question: Question, job: Job, stored: ComputedTable | None = None) -> Context:
    """How far the computing is; once done, what it took and until when it knows the cases."""
    bar = run_of(job)
    detail, by = bar["detail"], f"{bar['by']} 发起"
    if job.state == JobState.DONE and stored:
        took = (job.finished_at - job.started_at) if job.finished_at and job.started_at else None
        seconds = f"，用时 {took.total_seconds():.1f} 秒" if took else ""
        detail = f"{job.result.get('units', 0)} 个单位，{job.result.get('cases', 0)} 件{seconds}"
        by = f"{by}，数据截至 {moment(stored.computed_at)}"
    return bar | {
        "id": COMPUTE_BAR,
        "url": table_url(question),
        "text": COMPUTE_WORDS[JobState(job.state)],
        "detail": detail,
        "by": by,
    }


def workbook_bar(question: Question, stored: ComputedTable | None) -> Context | None:
    """The last workbook, unless the table beside it is newer."""
    job = question.latest_job(WORKBOOK_TASK)
    if job is None or not (job.is_active or _after(job, stored)):
        return None
    bar = run_of(job)
    return bar | {
        "id": WORKBOOK_BAR,
        "url": table_url(question),
        "text": WORKBOOK_WORDS[JobState(job.state)],
        "detail": f"{job.result.get('cases', 0)} 件申请" if job.result else bar["detail"],
        "by": f"{bar['by']} 发起",
    }


def _tables(question: Question, stored: ComputedTable, *, chosen: str, stale: str) -> Context:
    fmt, url_of = question.format, cell_urls(question)
    tables = Tables.from_json(fmt, stored.figures)
    checks = run_checks(fmt, tables)
    lines = check_lines(checks, url_of=url_of)
    return {
        "stale": stale,
        "table3": table3(fmt, tables, checks, url_of=url_of, chosen=chosen, stale=stale),
        "table4": table4(fmt, tables, checks, url_of=url_of, chosen=chosen, stale=stale),
        "checks": lines,
        "checks_summary": check_summary(lines),
        "cases": sum(new + carried for _, new, carried in stored.volumes),
        "volumes": _volumes(question, stored),
    }


def _volumes(question: Question, stored: ComputedTable) -> str:
    """区政府办 22 件，其余单位 185 件; without an office apart, new and carried over."""
    volumes = {pk: (new, carried) for pk, new, carried in stored.volumes}
    if named := shares(question, volumes):
        return "，".join(f"{name} {cases} 件" for name, cases in named)
    new, carried = (sum(numbers[at] for numbers in volumes.values()) for at in (0, 1))
    return f"新收 {new} 件，结转 {carried} 件"


def tree_choices(departments: Iterable[Department], chosen: Department) -> list[Choice]:
    """In the order and the steps of the tree."""
    found = list(departments)
    top = min((len(department.path) for department in found), default=0)
    return [
        Choice(
            department.pk,
            INDENT * ((len(department.path) - top) // PATH_STEP) + str(department),
            department == chosen,
        )
        for department in found
    ]


def year_choices(
    department: Department, today: date, chosen: str, question: Question | None
) -> list[Choice]:
    """The latest first. A year that cannot be counted is none of them: then none is chosen."""
    offered = {year for year in years(department, today) if year >= FIRST_YEAR} | {today.year}
    if question:
        offered.add(question.period.first.year)
    found = [Choice(year, f"{year} 年", str(year) == chosen) for year in sorted(offered)[::-1]]
    return found if any(choice.chosen for choice in found) else [NO_YEAR, *found]


def _format_label(fmt: Format) -> str:
    """2021 年（30号）."""
    return f"{fmt.version} 年（{fmt.doc_no.rpartition('〕')[2]}）"


def _after(job: Job, stored: ComputedTable | None) -> bool:
    return stored is None or job.finished_at is None or job.finished_at > stored.computed_at
