"""Sections three and four of one department and period, as JSON or as the workbook."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.departments import DepartmentError, find_department
from cases.jobs import JobFailed
from reports.checks import findings
from reports.counting import Period, default_scope
from reports.formats import format_for_year
from reports.workflow import Question, answer, check_period, workbook

JSON, XLSX = "json", "xlsx"


class Command(BaseCommand):
    help = "统计一个单位（及其下级）一年或一段日期的第三、第四部分"

    def add_arguments(self, parser: ArgumentParser) -> None:
        # Nothing is checked here: argparse would complain in English.
        parser.add_argument("--department", default="", help="单位名称或代码")
        parser.add_argument("--year", default="", help="报告年度")
        within = "须在 --year 的年度以内"
        parser.add_argument(
            "--from", dest="first", default="", help=f"起日，与 --to 一起用，{within}"
        )
        parser.add_argument("--to", dest="last", default="", help=f"止日，{within}")
        parser.add_argument(
            "--scope",
            default="",
            help="own 本单位，all 本单位及下级；不写时，政府为 all，其他单位为 own",
        )
        parser.add_argument("--format", default="", help="格式的版本，不写则按年度")
        parser.add_argument("--as", dest="kind", default=JSON, help="json 或 xlsx")
        parser.add_argument("--out", default="", help="写入这个文件")

    def handle(self, **options: Any) -> None:
        try:
            question, year = question_of(options)
            content = content_of(question, year, options["kind"], options["out"])
        except (DepartmentError, JobFailed, ValueError) as error:
            raise CommandError(str(error)) from error
        if not options["out"]:
            self.stdout.write(content.decode())
            return
        try:
            Path(options["out"]).write_bytes(content)
        except OSError as error:
            where = options["out"]
            raise CommandError(f"写不了文件 {where}，请核对文件夹是否存在、能否写入。") from error


def question_of(options: dict[str, Any]) -> tuple[Question, int]:
    """What is asked, and the report year; raises `ValueError` with a sentence."""
    missing = [name for name in ("department", "year") if not options[name]]
    if missing:
        raise ValueError(f"请写明 {'、'.join(f'--{name}' for name in missing)}。")
    department = find_department(options["department"])
    year = year_of(options["year"])
    version = options["format"] or format_for_year(year).version
    period = period_of(year, options["first"], options["last"])
    check_period(period, today=timezone.localdate())
    scope = options["scope"] or default_scope(department)
    return Question.of_period(department, period, scope, version), year


def content_of(question: Question, year: int, kind: str, out: str) -> bytes:
    if kind == XLSX:
        if not out:
            raise ValueError("--as xlsx 须用 --out 写明文件名。")
        return workbook(question)[0]
    if kind != JSON:
        raise ValueError(f"没有“{kind}”这种输出，可用的有：{JSON}、{XLSX}。")
    return (json.dumps(table_of(question, year), ensure_ascii=False) + "\n").encode()


def table_of(question: Question, year: int) -> dict[str, object]:
    """The keys of formats.json; the days only where they are not the whole year."""
    found, period = answer(question), question.period
    days = {} if period == Period.year(year) else {"from": period.first, "to": period.last}
    return {
        "department": question.department.name,
        "year": year,
        **{name: day.isoformat() for name, day in days.items()},
        "scope": question.scope,
        "format": question.format.version,
        **found.tables.to_json(),
        "findings": [check.as_dict() for check in findings(found.checks)],
    }


def year_of(text: str) -> int:
    if not (text.isdecimal() and len(text) == 4):
        raise ValueError(f"“{text}”不是年度，请写成 2026 这样。")
    return int(text)


def period_of(year: int, first: str, last: str) -> Period:
    if not (first or last):
        return Period.year(year)
    if not (first and last):
        raise ValueError("--from 和 --to 要一起写。")
    period = Period(day_of(first), day_of(last))
    if {period.first.year, period.last.year} != {year}:
        raise ValueError(f"{period} 不在 {year} 年度以内。")
    return period


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{text}”不是日期，请写成 2026-01-04 这样。") from error
