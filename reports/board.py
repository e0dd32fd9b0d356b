"""The board of a year's reports: every unit, how far its report is, and what stands in its way.

However many units there are, the number of statements is the same: figures come from the parts of
the roll-up, and all checks are worked in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from cases.charges import fees_paid
from cases.models import Department
from reports.annual.calling import Counts, call_of, counted_units, publish_by
from reports.annual.content import content_of, latest_reports, previous_by_organ
from reports.annual.findings import Finding, findings_among
from reports.checks import CROSS_YEAR, Check, run_checks
from reports.choices import ALL, OWN, REPORTED, ReportState, Way
from reports.counting import Period
from reports.formats.base import Figure, Format, Tables
from reports.formats.content import Content
from reports.models import AnnualReport, Judgement, PublishedTable, ReportStep, YearCall
from reports.report_checks import run_report_checks
from reports.rollup import Part, RollUp, roll_up

FIGURES: Mapping[str, str] = {
    "section_three.new_received.total": "新收",
    "section_three.results_total.total": "办结",
    "section_three.carried_forward.total": "结转",
}


class Said(NamedTuple):
    """A verdict with its mark (components/_mark.html)."""

    mark: str
    words: str


class Change(NamedTuple):
    """A figure that is another one than when the organ confirmed it."""

    where: str
    before: Figure
    now: Figure


@dataclass(frozen=True, slots=True)
class Row:
    """One unit. `findings` are those that stand open, None where there is nothing to check yet."""

    department: Department
    way: Way
    counts: Counts
    tables: Tables | None  # None while one that hands in has not
    report: AnnualReport | None
    step: ReportStep | None  # the last
    findings: Sequence[Finding] | None
    tie: Said
    changes: Sequence[Change]
    first: PublishedTable | None  # what was made public at first, and what holds
    latest: PublishedTable | None
    is_late: bool

    @property
    def is_reported(self) -> bool:
        return self.report is not None and self.report.state in REPORTED

    @property
    def checked(self) -> Said:
        if self.findings is None:
            return Said("", "等待报送统计表" if self.tables is None else "尚未填报")
        errors = sum(finding.check.severity == "error" for finding in self.findings)
        words = {"错误": errors, "提示": len(self.findings) - errors}
        said = "，".join(f"{number} 项{word}" for word, number in words.items() if number)
        return Said("bad" if errors else "ask" if said else "ok", said or "相符")

    @property
    def figures(self) -> list[Figure]:
        return [self.tables.value(path) if self.tables else None for path in FIGURES]


@dataclass(frozen=True, slots=True)
class Board:
    government: Department
    year: int
    call: YearCall | None
    rows: Sequence[Row]
    is_whole: bool  # whether these are all that 全区 counts: no lower government reports apart

    @property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if not row.is_reported]

    @property
    def sums(self) -> list[int]:
        return [sum(row.figures[at] or 0 for row in self.rows) for at in range(len(FIGURES))]


# What the counts above the board open: the rows of which this is true.
SHOWN: Mapping[str, tuple[str, Callable[[Row], bool]]] = {
    "reported": ("已确认", lambda row: row.is_reported),
    "missing": ("未确认", lambda row: not row.is_reported),
    "open": ("检查待处理", lambda row: bool(row.findings)),
    "apart": ("上年不衔接", lambda row: row.tie.mark == "bad"),
    "changed": ("确认后有变动", lambda row: bool(row.changes)),
    "late": ("公布逾期", lambda row: row.is_late),
}


def board_of(government: Department, year: int, *, on: date) -> Board:
    """Raises `NoFormat` for a year without a format."""
    counts = counted_units(government, year)
    rolled = roll_up(government, ALL, year)
    parts = [part for part in rolled.parts if part.department.pk in counts]
    known = _Known.of([part.department.pk for part in parts], year)
    rows = [
        _row(part, counts[part.department.pk], rolled.format, known, year, on) for part in parts
    ]
    is_whole = len(parts) == len(rolled.parts)
    return Board(government, year, call_of(government, year), rows, is_whole)


@dataclass(frozen=True, slots=True)
class _Known:
    """All that the rows ask for, by the id of the organ or of its report."""

    reports: Mapping[int, AnnualReport]
    steps: Mapping[int, ReportStep]
    judgements: Mapping[int, Sequence[Judgement]]
    published: Mapping[int, Sequence[PublishedTable]]
    previous: Mapping[int, Content]
    fees: Mapping[int, int]

    @classmethod
    def of(cls, organs: Sequence[int], year: int) -> _Known:
        reports, period = latest_reports(organs, year), Period.year(year)
        steps = ReportStep.objects.filter(report__in=reports.values())
        judgements = Judgement.objects.filter(report__in=reports.values())
        published = PublishedTable.objects.filter(department__in=organs, year=year, scope=OWN)
        return cls(
            reports,
            {step.report_id: step for step in steps.select_related("by").order_by("id")},
            _grouped(judgements.select_related("by"), "report_id"),
            _grouped(published.order_by("revision"), "department_id"),
            previous_by_organ(organs, year),
            fees_paid(organs, period.first, period.last),
        )


def _grouped(rows: Iterable[Any], by: str) -> dict[int, list[Any]]:
    found = defaultdict[int, list[Any]](list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return found


def _row(part: Part, counts: Counts, fmt: Format, known: _Known, year: int, on: date) -> Row:
    pk = part.department.pk
    report, published = known.reports.get(pk), known.published.get(pk, ())
    checks = _checks(part, fmt, report, known)
    day = published[0].published_on if published else on
    return Row(
        department=part.department,
        way=part.way,
        counts=counts,
        tables=part.tables,
        report=report,
        step=known.steps.get(report.pk) if report else None,
        findings=_open(checks, known.judgements.get(report.pk, ()))
        if report and part.tables
        else None,
        tie=_tie(checks, report.tie_explanation if report else ""),
        changes=_changes(fmt, report, part.tables),
        first=published[0] if published else None,
        latest=published[-1] if published else None,
        is_late=day is not None and day > publish_by(year),
    )


def _checks(part: Part, fmt: Format, report: AnnualReport | None, known: _Known) -> list[Check]:
    """Of the tables alone where there is no report yet, or a zero report: that says nothing yet of
    texts and section two."""
    previous = known.previous.get(part.department.pk)
    if part.tables is None:
        return []
    if report is None or (report.is_zero and report.state != ReportState.PUBLISHED):
        return run_checks(fmt, part.tables, previous.tables if previous else None)
    return run_report_checks(
        content_of(report, RollUp(fmt, (part,))),
        previous=previous,
        explanation=report.tie_explanation,
        fees_collected=Decimal(known.fees.get(part.department.pk, 0)),
    )


def _open(checks: Iterable[Check], judgements: Iterable[Judgement]) -> list[Finding]:
    return [finding for finding in findings_among(checks, judgements) if finding.is_open]


def _tie(checks: Iterable[Check], explanation: str) -> Said:
    """Whether 上年结转 is what was published last year, or why not."""
    tied = [check for check in checks if check.code == CROSS_YEAR.code]
    if not tied:
        return Said("", "没有上年数")
    broken = [check for check in tied if not check.passed]
    if not broken:
        return Said("ok", "相符")
    gap = next(((c.left or 0) - (c.right or 0) for c in broken if c.at == "total"), 0)
    words = f"差 {gap:+} 件" if gap else f"{len(broken)} 列不符"
    return Said("ask", f"{words}，已说明") if explanation.strip() else Said("bad", words)


def _changes(fmt: Format, report: AnnualReport | None, now: Tables | None) -> list[Change]:
    if report is None or report.state not in REPORTED or not report.confirmed or now is None:
        return []
    before = Tables.from_json(fmt, report.confirmed["tables"])
    return [
        Change(fmt.cell_label(path), before.value(path), now.value(path))
        for path in fmt.cells
        if before.value(path) != now.value(path)
    ]


def reminder(board: Board, *, on: date) -> str:
    """Words to send to who has not reported, without the name of any person; "" for nobody."""
    if not board.missing:
        return ""
    names = "、".join(str(row.department) for row in board.missing)
    lines = [
        f"{board.government.name} {board.year} 年度政府信息公开工作年度报告，"
        f"以下 {len(board.missing)} 个单位尚未报送：",
        f"{names}。",
    ]
    if board.call and on <= board.call.until_on:
        lines.append(f"请于 {board.call.until_on} 前报送并确认。")
    elif board.call:
        lines.append(f"报送截止日 {board.call.until_on} 已过，请尽快报送并确认。")
    if board.call and board.call.instructions:
        lines.append(f"填报要求：{board.call.instructions}")
    lines.append(f"各单位的年度报告应于 {publish_by(board.year)} 前公布（条例第四十九条）。")
    return "\n".join(lines)
