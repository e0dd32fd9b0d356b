"""What can be said in a report from what is known, passage by passage: to be taken up by choice.

Nothing here is written into a report by itself. Figures come from the tables as they stand; what is
not known of an organ that works elsewhere (replies in time, fees) is not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from cases.charges import fees_paid
from cases.choices import DepartmentKind
from cases.models import Department, OfficeContact
from reports import annual
from reports.choices import Way
from reports.counting import Period, replies, scope_of
from reports.fact_sentences import fact_paragraphs
from reports.formats.content import PASSAGES, Content, places
from reports.models import AnnualReport
from reports.rates import Replies
from reports.report_presenting import amount
from reports.report_rules import FEES_SINCE
from reports.rollup import RollUp
from reports.sentences import Figures, Share, paragraphs

NOTICE_OF = "《国务院办公厅政府信息与政务公开办公室关于印发〈{title}〉的通知》（{doc_no}）"
MEASURES = {
    "made_this_year": "制发{}件",
    "repealed_this_year": "废止{}件",
    "in_force": "现行有效{}件",
    "disclosed_this_year": "新公开{}件",
    "disclosed_total": "对外公开{}件",
    "decisions": "作出处理决定{}件",
    "fee_amount": "金额{}万元",
}


class Proposal(NamedTuple):
    title: str
    text: str


def proposals(report: AnnualReport, rolled: RollUp, *, on: date) -> dict[str, list[Proposal]]:
    """Key of the passage → what can be said in it; nothing for a passage without any."""
    content = annual.content_of(report, rolled)
    said = {
        "opening": _opening(report, content),
        "disclosure": _disclosure(content),
        "requests": _requests(report, content, rolled, on),
        "other_matters": _fees(report, rolled),
    }
    found = {key: list(those) for key, those in said.items()}
    told = annual.rolled_facts(report.department, report.scope, report.year).told
    for key, text in fact_paragraphs(told, report.year).items():
        found.setdefault(key, []).append(Proposal("年度指标", text))
    return {key: those for key, those in found.items() if those}


def _opening(report: AnnualReport, content: Content) -> Iterator[Proposal]:
    """Legal basis, sections, period (条例50)."""
    fmt, year = content.format, content.year
    notice = NOTICE_OF.format(title=fmt.title, doc_no=fmt.doc_no)
    titles = [
        "总体情况",
        *(part.title for part in (fmt.section_two, fmt.section_three, fmt.section_four)),
        *(passage.heading for passage in PASSAGES if passage.section > 1),
    ]
    named = "、".join(re.sub(r"^.、", "", title) for title in titles)
    yield Proposal(
        "依据、内容和期限",
        f"根据《中华人民共和国政府信息公开条例》和{notice}的要求，编制本年度报告。"
        f"全文包括{named}等六个部分。所列数据的统计期限为{year}年1月1日至12月31日。",
    )
    if contact := contact_of(report.department):
        yield Proposal("联系方式", f"对本报告有疑问的，请与{contact}联系。")


def contact_of(department: Department) -> OfficeContact | None:
    """Of a government, which has none itself, that of its office."""
    office = {"department__parent": department, "department__kind": DepartmentKind.OFFICE}
    named = {"department": department} if department.holds_cases else office
    return OfficeContact.objects.filter(**named).order_by("department__path").first()


def _disclosure(content: Content) -> Iterator[Proposal]:
    """The figures of section two that are no 0, row by row."""
    by_row: dict[str, list[str]] = {}
    for path, (row, column) in places(content.format).items():
        figure = content.section_two.value(path)
        if figure and column.key in MEASURES:
            by_row.setdefault(row.label, []).append(MEASURES[column.key].format(amount(figure)))
    if by_row:
        rows = (f"{label}{'、'.join(said)}" for label, said in by_row.items())
        yield Proposal("主动公开", f"{content.year}年度，{'；'.join(rows)}。")


def _requests(
    report: AnnualReport, content: Content, rolled: RollUp, on: date
) -> Iterator[Proposal]:
    """New, carried over, results by group, carried forward, reviews and suits, last year."""
    if len(rolled.missing) == len(rolled.parts):
        return
    period = Period.year(report.year)
    previous = annual.previous_of(report)
    alike = previous is not None and previous.format is content.format
    figures = Figures(
        format=content.format,
        tables=content.tables,
        replies=_replies(report, rolled, period, on),
        first=period.first,
        last=period.last,
        on=on,
        shares=_shares(rolled, report.department) if report.is_roll_up else (),
        before=previous.tables if previous and alike else None,
    )
    yield from (Proposal(paragraph.title, paragraph.text) for paragraph in paragraphs(figures))


def _replies(report: AnnualReport, rolled: RollUp, period: Period, on: date) -> Replies:
    if not _all_here(rolled):
        return Replies(0, 0, 0)
    return replies(scope_of(report.department, report.scope, period), period, on=on)


def _shares(rolled: RollUp, government: Department) -> tuple[Share, ...]:
    """区政府办 22 件，其余单位 185 件."""
    office, others, names = 0, 0, []
    for part in rolled.parts:
        rows = ("new_received", "carried_over")
        cells = [f"section_three.{row}.total" for row in rows]
        cases = sum(part.tables.value(cell) or 0 for cell in cells) if part.tables else 0
        organ = part.department
        if organ.kind == DepartmentKind.OFFICE and organ.parent_id == government.pk:
            office += cases
            names.append(str(organ))
        else:
            others += cases
    if not (office and others):
        return ()
    return (Share("、".join(names), office), Share("其余单位", others))


def _fees(report: AnnualReport, rolled: RollUp) -> Iterator[Proposal]:
    """信息处理费, also that none was collected (国办函〔2020〕109号)."""
    if report.year < FEES_SINCE or not _all_here(rolled):
        return
    period, organs = Period.year(report.year), [part.department.pk for part in rolled.parts]
    paid = Decimal(sum(fees_paid(organs, period.first, period.last).values()))
    text = f"收取信息处理费{amount(paid)}元。" if paid else "没有收取信息处理费。"
    yield Proposal("信息处理费", f"{report.year}年度{text}")


def _all_here(rolled: RollUp) -> bool:
    """Whether every organ works its cases in the system."""
    return all(part.way == Way.CASES for part in rolled.parts)
