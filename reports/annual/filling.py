"""Fill in: begin a report, its texts, section two, tables from elsewhere, last year's figures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cases import audit
from cases.models import Department, User
from cases.permissions import can
from cases.workflow import NotAllowed
from reports.annual.base import locked, note_step, save
from reports.annual.content import checksum, snapshot
from reports.annual.rules import check_write, writer_act
from reports.choices import OWN, SCOPES, Origin, ReportStepKind
from reports.formats import format_for_year
from reports.formats.base import Format, Tables
from reports.formats.content import PASSAGES, Content, SectionTwoFigures, places
from reports.models import AnnualReport, HandedInTable, PublishedTable

KEYS = frozenset(passage.key for passage in PASSAGES)


@transaction.atomic
def begin(department: Department, scope: str, year: int, *, by: User) -> AnnualReport:
    """The report in the making; a new one where none was begun.

    Raises `NotAllowed`, `NoFormat`; `ValidationError` where one is published already (`correct`),
    or where there is no such report.
    """
    if scope not in SCOPES or (scope == OWN) != department.holds_cases:
        raise ValidationError(f"{department}没有这一范围的年度报告。")
    fmt = format_for_year(year)
    if not can(by, writer_act(scope), department):
        raise NotAllowed(f"您没有填报{department} {year} 年度报告的权限。")
    list(Department.objects.select_for_update().filter(pk=department.pk))  # one at a time
    latest = (
        AnnualReport.objects.filter(department=department, scope=scope, year=year)
        .order_by("revision")
        .last()
    )
    if latest is not None:
        return latest
    report = AnnualReport(
        department=department,
        year=year,
        scope=scope,
        section_two=SectionTwoFigures.blank(fmt).to_json(),
    )
    save(report, by=by, act="annual_report_began", after={"year": year, "scope": scope})
    note_step(report, ReportStepKind.BEGAN, by=by)
    return report


@transaction.atomic
def save_texts(
    report: AnnualReport, texts: Mapping[str, str], *, by: User, version: int | None
) -> AnnualReport:
    """Write some of its passages, by key; the others stay."""
    report = locked(report, version)
    check_write(report, by)
    if unknown := texts.keys() - KEYS:
        raise ValidationError(f"没有“{'、'.join(sorted(unknown))}”这一段。")
    report.texts = report.texts | {key: text.strip() for key, text in texts.items()}
    lengths = {key: len(report.texts[key]) for key in texts}
    return save(report, by=by, act="annual_report_texts", after=lengths)


@transaction.atomic
def save_section_two(
    report: AnnualReport, figures: SectionTwoFigures, *, by: User, version: int | None
) -> AnnualReport:
    """Write section two of an organ's own report; a roll-up is summed (`set_centrally`)."""
    report = locked(report, version)
    check_write(report, by)
    if report.is_roll_up:
        raise NotAllowed("汇总报告的第二部分由各单位的相加得出；与相加不同的，逐项统一填报。")
    check_amounts(report.format, figures)
    report.section_two = figures.to_json()
    return save(report, by=by, act="annual_report_section_two", after=report.section_two)


def check_amounts(fmt: Format, figures: SectionTwoFigures) -> None:
    """Raises `ValidationError` by path: whole numbers where the format asks, no negative ones but
    where it is signed."""
    wrong: dict[str, Any] = {}
    for path, (_, column) in places(fmt).items():
        amount = figures.value(path)
        if amount is None:
            continue
        if not column.decimal and amount != amount.to_integral_value():
            wrong[path] = f"“{column.label}”须为整数。"
        elif amount < 0 and not column.signed:
            wrong[path] = f"“{column.label}”不能为负数。"
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def set_centrally(
    report: AnnualReport,
    path: str,
    value: Decimal | None,
    *,
    source: str,
    reason: str,
    by: User,
    version: int | None,
) -> AnnualReport:
    """Give a figure of a roll-up that is no plain sum (joint documents, figures agreed with 司法局
    or 财政局), from where and why; None goes back to the sum."""
    report = locked(report, version)
    check_write(report, by)
    if not report.is_roll_up or path not in places(report.format):
        raise ValidationError("只有汇总报告第二部分的数据可以统一填报。")
    said = dict(report.set_centrally)
    before = said.pop(path, {})
    if value is not None:
        if not source.strip():
            raise ValidationError({"source": "请写明数据来源。"})
        if not reason.strip():
            raise ValidationError({"reason": "请写明与相加不同的原因。"})
        one = {path: value}
        check_amounts(
            report.format,
            SectionTwoFigures(dict.fromkeys(places(report.format)) | one),
        )
        said[path] = {"value": str(value), "source": source.strip(), "reason": reason.strip()}
    report.set_centrally = said
    after = {"path": path, "before": before, "after": said.get(path, {})}
    return save(report, by=by, act="annual_report_set_centrally", after=after)


@transaction.atomic
def explain_tie(report: AnnualReport, text: str, *, by: User, version: int | None) -> AnnualReport:
    """Why 上年结转 differs from what was published last year (merger, 更正发布 …); "" for none."""
    report = locked(report, version)
    check_write(report, by)
    report.tie_explanation = text.strip()
    return save(report, by=by, act="annual_report_tie", after={"text": report.tie_explanation})


@transaction.atomic
def hand_in(
    department: Department,
    year: int,
    tables: Tables,
    *,
    by: User,
    file_name: str = "",
    sha256: str = "",
) -> HandedInTable:
    """Sections three and four of an organ that works elsewhere, from a file or typed.

    Its report goes back to be confirmed anew. Raises `NotAllowed`; `TablesError` for another
    format's tables.
    """
    fmt = format_for_year(year)
    report = locked(begin(department, OWN, year, by=by), None)
    check_write(report, by)
    handed_in = HandedInTable.objects.create(
        department=department,
        year=year,
        format=fmt.version,
        figures=Tables.from_json(fmt, tables.to_json()).to_json(),
        file_name=file_name,
        sha256=sha256,
        by=by,
    )
    note_step(report, ReportStepKind.HANDED_IN, by=by, comment=file_name)
    save(report, by=by, act="annual_report_handed_in", after={"file": file_name, "sha256": sha256})
    return handed_in


@transaction.atomic
def enter_published(
    department: Department, scope: str, content: Content, *, by: User, note: str
) -> PublishedTable:
    """Last year's published report, where the system has none: the figure the tie asks for.

    Entered again it is a revision of its own, with the reason in `note`. Raises `NotAllowed`, and
    `ValidationError` where the system itself published that report.
    """
    if not can(by, writer_act(scope), department):
        raise NotAllowed(f"您没有补录{department}年度报告的权限。")
    list(Department.objects.select_for_update().filter(pk=department.pk))
    rows = PublishedTable.objects.filter(department=department, scope=scope, year=content.year)
    latest = rows.order_by("revision").last()
    if latest is not None and latest.origin == Origin.REPORT:
        raise ValidationError("这一年度的报告由本系统公布，不能补录；有误的，更正发布。")
    if latest is not None and not note.strip():
        raise ValidationError("这一年度已经补录过，再次补录须写明原因。")
    revision = latest.revision + 1 if latest else 1
    said = snapshot(content)
    row = PublishedTable.objects.create(
        department=department,
        year=content.year,
        scope=scope,
        revision=revision,
        origin=Origin.ENTERED,
        note=note.strip(),
        by=by,
        sha256=checksum(department, content.year, scope, revision, said),
        **said,
    )
    audit.record(by=by, act="published_entered", target=row, after={"sha256": row.sha256})
    return row
