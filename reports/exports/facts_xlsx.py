"""The board of yearly figures as a workbook: the sums, and each unit's figures with their notes.

Data in, bytes out. Figures are numbers; what was not told is an empty cell, which is not 0.
"""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook

from cases.sheets import append, begin
from reports.annual.facts import RolledFacts

SUMS = ("指标", "单位", "本年", "上年", "应填", "已填", "未填报的单位")
WIDTHS = {"指标": 28, "未填报的单位": 60, "填报单位": 24, "说明": 40}  # characters
TOLD = ("指标", "填报单位", "数量", "单位", "说明")


def facts_workbook(rolled: RolledFacts, year: int) -> bytes:
    book = Workbook(write_only=True)
    sums = begin(book, f"{year} 年度汇总", SUMS, WIDTHS)
    for fact in rolled.facts:
        missing = "、".join(map(str, fact.missing))
        told = len(fact.asked) - len(fact.missing)
        figures = (fact.figure, fact.before, len(fact.asked), told)
        append(sums, (fact.kind.label, fact.kind.unit, *figures, missing))
    if len(rolled.units) > 1:
        heads = [f"{fact.kind.label}（{fact.kind.unit}）" for fact in rolled.facts]
        units = begin(book, "各单位", ("填报单位", *heads), WIDTHS)
        for unit in rolled.units:
            found = (fact.told.get(unit.pk) for fact in rolled.facts)
            append(units, (str(unit), *(told.figure if told else None for told in found)))
    notes = begin(book, "说明", TOLD, WIDTHS)
    for fact in rolled.facts:
        for unit in rolled.units:
            told_fact = fact.told.get(unit.pk)
            if told_fact and told_fact.note:
                said = (told_fact.figure, fact.kind.unit, told_fact.note)
                append(notes, (fact.kind.label, str(unit), *said))
    target = BytesIO()
    book.save(target)
    return target.getvalue()
