"""Reports in each of their states, for the tests of their pages."""

from datetime import date
from decimal import Decimal

from cases.models import Department, User
from reports import annual
from reports.choices import OWN, ReportStepKind
from reports.formats import format_for_year
from reports.formats.base import Tables
from reports.formats.content import PASSAGES, Content, SectionTwoFigures, places
from reports.models import AnnualReport, PublishedTable

NO_FEES = "本年度没有收取信息处理费。"
YEAR = 2024


def zeros(year: int = YEAR) -> SectionTwoFigures:
    return SectionTwoFigures(dict.fromkeys(places(format_for_year(year)), Decimal(0)))


def filled(department: Department, by: User, scope: str = OWN, year: int = YEAR) -> AnnualReport:
    """With every passage and section two, ready to be confirmed."""
    report = annual.begin(department, scope, year, by=by)
    texts = {passage.key: f"{passage.heading}，工作正常开展。" for passage in PASSAGES}
    report = annual.save_texts(report, texts | {"other_matters": NO_FEES}, by=by, version=None)
    if scope == OWN:
        report = annual.save_section_two(report, zeros(year), by=by, version=None)
    return report


def step(
    report: AnnualReport, kind: ReportStepKind, by: User, comment: str = "说明"
) -> AnnualReport:
    return annual.take_step(report, kind, by=by, version=None, comment=comment)


def made_public(report: AnnualReport, by: User, office: User, *, on: date) -> PublishedTable:
    report = step(step(report, ReportStepKind.CONFIRMED, by), ReportStepKind.ACCEPTED, office)
    return annual.publish(
        report, by=by, version=None, published_on=on, published_at="门户网站年报栏", today=on
    )


def entered(department: Department, by: User, forward: int = 0, year: int = 2023) -> PublishedTable:
    """A report of another year that was published elsewhere, with cases carried forward."""
    fmt = format_for_year(year)
    tables = Tables.zero(fmt)
    for row in ("new_received", "carried_forward"):
        tables.section_three[row][0] = tables.section_three[row][-1] = forward
    content = Content(fmt, year, department.name, zeros(year), tables)
    return annual.enter_published(department, OWN, content, by=by, note="")
