"""统计简报: the figures of any period and scope on one page, asked for by tomorrow.

The page is counted while it is asked for: that is one grouped statement, which answers for a
million cases in a fraction of a second, so nobody waits for a job. Its files are made by jobs like
every other file, and count anew: each says as at when.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from cases.choices import DepartmentKind
from cases.jobs import JobFailed, Product, Progress
from cases.models import Job, User
from cases.permissions import Act
from cases.typesetting.fonts import NO_FONT, chinese_font
from cases.typesetting.pages import NotSet
from reports.choices import ALL
from reports.counting import Period, has_cases_by, replies
from reports.exports.briefing_content import Briefing
from reports.exports.briefing_xlsx import briefing_workbook
from reports.exports.pdf import briefing_pdf
from reports.formats.base import Tables
from reports.rates import rates
from reports.sentences import Figures, Share, days, paragraphs
from reports.workflow import Question, answer, request


@dataclass(frozen=True, slots=True)
class File:
    """One of the files of a page: what it is called, and the task that makes it."""

    kind: str
    name: str
    task: str


FILES = {
    file.kind: file
    for file in (
        File("xlsx", "工作簿", "reports.tasks.make_briefing_xlsx"),
        File("pdf", "PDF", "reports.tasks.make_briefing_pdf"),
    )
}


def brief(question: Question, *, at: datetime) -> Briefing:
    """Everything on the page, as at `at`; the same few statements for any number of organs."""
    found, period = answer(question), question.period
    on = timezone.localdate(at)
    replied = replies(question.counted, period, on=on)
    figures = Figures(
        format=question.format,
        tables=found.tables,
        replies=replied,
        first=period.first,
        last=period.last,
        on=on,
        shares=shares(question, found.volumes),
        before=_a_year_before(question, on),
    )
    return Briefing(
        format=question.format,
        tables=found.tables,
        checks=found.checks,
        paragraphs=paragraphs(figures),
        rates=rates(question.format, found.tables, replied),
        organ=question.department.name,
        period=days(period.first, period.last),
        scope=question.scope_label + (f"，{found.units}个单位" if question.scope == ALL else ""),
        at=timezone.localtime(at),
    )


def shares(question: Question, volumes: dict[int, tuple[int, int]]) -> tuple[Share, ...]:
    """区政府办 22 件，其余单位 185 件: where a government's whole is asked for, else nothing."""
    department = question.department
    if question.scope != ALL or department.holds_cases:
        return ()
    left = dict(volumes)
    offices = department.children.filter(kind=DepartmentKind.OFFICE)
    named = [Share(str(office), sum(left.pop(office.pk, ()))) for office in offices]
    others = sum(map(sum, left.values()))
    return (*named, *([Share("其余单位", others)] if others else []))


def same_days_last_year(period: Period, on: date) -> Period | None:
    """Up to the day that is a year before `on` where the period still runs.

    A period that ends with a month does so in every year, February's included. None for more than
    twelve months: the days of the year before would be some of its own.
    """
    if _year_before(period.last) >= period.first:
        return None
    last = min(period.last, on)
    after = last + timedelta(days=1)
    ends_month = after.day == 1
    then = _year_before(after) - timedelta(days=1) if ends_month else _year_before(last)
    return Period(_year_before(period.first), then)


def request_file(question: Question, file: File, *, by: User) -> Job:
    """Have a file of the page made; raises `NotAllowed`."""
    return request(question, file.task, Act.SEE_TABLE, f"生成简报{file.name} {question}", by)


def make_xlsx(job: Job, progress: Progress) -> Product:
    return _make(job, progress, "xlsx", briefing_workbook)


def make_pdf(job: Job, progress: Progress) -> Product:
    return _make(job, progress, "pdf", set_pdf)


def set_pdf(briefing: Briefing) -> bytes:
    """Raises `JobFailed` where the fonts of the machine cannot set it."""
    if (font := chinese_font(settings.PDF_FONT_DIR)) is None:
        raise JobFailed(NO_FONT)
    try:
        return briefing_pdf(briefing, font)
    except NotSet as error:
        raise JobFailed(str(error)) from error


def _make(job: Job, progress: Progress, suffix: str, write: Callable[[Briefing], bytes]) -> Product:
    question = Question.from_params(job.params)
    progress(20, "统计并校验")
    briefing = brief(question, at=timezone.now())
    progress(60, "写入文件")
    period = str(question.period).replace(" ", "")
    name = f"{question.department}{period}统计简报（{question.scope_label}）.{suffix}"
    return Product({"figures": briefing.fingerprint}, name, write(briefing))


def _a_year_before(question: Question, on: date) -> Tables | None:
    """Of the same organ, in the same rows: the figures of another year's format would not do.

    None where nothing is known of those days: they lie before the first case that was entered.
    """
    period = same_days_last_year(question.period, on)
    if period is None or not has_cases_by(question.department, period.last):
        return None
    return answer(Question(question.department, question.scope, period, question.format)).tables


def _year_before(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)
