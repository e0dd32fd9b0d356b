"""What the pages of a folder that typst sets are drawn from: templates/typst, contents and term.

The shapes of the data are those that the templates name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from cases.clock import Clock, DayMark
from cases.daystrip import Strip, parts_of, sources_of, strip_of, why_rows, why_sum
from cases.documents.showing import latest_of
from cases.explaining import explain
from cases.folders.contents import Entry
from cases.models import Case, Document, Letter
from cases.presenting import Line
from cases.typesetting.pages import TEMPLATES
from cases.workdays import weekday_name

CONTENTS, TERM = TEMPLATES / "contents.typ", TEMPLATES / "term.typ"
FOLDER_HEAD = ("序号", "日期", "类别", "题名", "责任者", "页码", "大小")
EVIDENCE_HEAD = ("序号", "证据名称", "类别", "日期", "证明对象", "页码", "大小")
NOT_RECEIVED = "收到日尚未与申请人确认，期限没有起算。"
MEANINGS = {  # of the days of a strip, in the order in which they are explained
    DayMark.COUNT: "计入",
    DayMark.WEEKEND: "周末",
    DayMark.HOLIDAY: "法定节假日",
    DayMark.PAUSE: "停止计算",
    DayMark.WAITING: "等待申请人",
    DayMark.RECEIVED: "收到",
    DayMark.RESTART: "重新起算",
    DayMark.LATE: "逾期",
    DayMark.CLOSED: "已答复",
}
Json = dict[str, Any]


def list_of(entries: Sequence[Entry], notes: Sequence[str], *, as_evidence: bool) -> Json:
    """The list with what stands below it; pages are left blank, to be written by hand."""
    return {
        "as_evidence": as_evidence,
        "head": EVIDENCE_HEAD if as_evidence else FOLDER_HEAD,
        "title_at": 1 if as_evidence else 3,
        "rows": [
            {
                "cells": _cells(entry, as_evidence=as_evidence),
                "fault": entry.fault,
                "sha256": entry.document.sha256 if entry.document else "",
            }
            for entry in entries
        ],
        "notes": notes,
    }


def _cells(entry: Entry, *, as_evidence: bool) -> list[str]:
    number, on, size = str(entry.number), str(entry.on), entry.size
    if as_evidence:
        return [number, entry.title, entry.kind, on, entry.aim, "", size]
    return [number, on, entry.kind, entry.title, entry.responsible, "", size]


def term_of(case: Case, clock: Clock, letters: Iterable[Sequence[str]]) -> Json:
    """Sentence, strip, calculation and its documents; the days one by one, each with its source."""
    strip, total = strip_of(clock), why_sum(clock)
    numbers = {source: str(n) for n, source in enumerate(sources_of(clock), start=1)}
    return {
        "sentence": explain(clock) or NOT_RECEIVED,
        "facts": [[line.label, line.text] for line in term_lines(case, clock)],
        "weeks": [asdict(week) for week in strip.weeks] if strip else [],
        "key": list(_key(strip)) if strip else [],
        "rows": [
            [row.span, f"{row.text}{row.note and f'（{row.note}）'}", row.article, str(row.counted)]
            for row in why_rows(clock)
        ],
        "total": [total.text, str(total.counted)] if total else None,
        "odd": [[odd.text, odd.article] for odd in clock.irregularities],
        "letters": list(letters),
        "sources": list(numbers),
        "days": [
            [
                f"{day.day} {weekday_name(day.day)}",
                str(day.number) if day.counted else "",
                day.text,
                "、".join(numbers[part] for part in parts_of(day.source)),
                day.is_due,
            ]
            for day in clock.days
        ],
    }


def _key(strip: Strip) -> Iterator[list[str]]:
    """What the characters of this strip mean."""
    days = [day for week in strip.weeks for day in week.days]
    first = {day.kind: day.character for day in reversed(days)}
    for mark, words in MEANINGS.items():
        if mark in first:
            yield [str(mark), first[mark], words]
    if any(day.worked for day in days):
        yield [str(DayMark.COUNT), "班", "调休上班"]


def letters_of(
    letters: Iterable[Letter], documents: Sequence[Document], entries: Iterable[Entry]
) -> Iterator[list[str]]:
    """Each letter in the folder: its day, what it is, its number, and its place in the list."""
    place = {entry.document.pk: entry.number for entry in entries if entry.document}
    for letter in letters:
        if number := place.get(latest_of(letter, documents).pk):
            kind = str(letter.get_kind_display())
            yield [str(letter.dated_on), kind, letter.number, f"第 {number} 号"]


def term_lines(case: Case, clock: Clock) -> list[Line]:
    """The days of the term, and whether it was kept."""
    provisional = "（暂定，放假安排尚未公布）" * clock.provisional
    return [
        Line("收到日期", _day(case.received_on, "待确认")),
        Line("到期日", f"{clock.ends_on}{provisional}" if clock.ends_on else "—"),
        Line("答复日期", _day(case.closed_on)),
        Line("送达日期", _day(case.served_on)),
        Line("是否按时", _in_time(clock)),
    ]


def _in_time(clock: Clock) -> str:
    if clock.in_time is None:
        return "尚未答复"
    words = "按时" if clock.in_time else f"逾期 {clock.overdue} 个工作日"
    return words + "（未登记送达日，以答复日认定）" * clock.in_time_assumed


def _day(day: date | None, otherwise: str = "—") -> str:
    return f"{day}" if day else otherwise
