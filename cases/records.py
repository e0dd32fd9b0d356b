"""What is recorded beside the clock, as the pages of a case show it. Nothing here decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cases.choices import EventKind, Stage
from cases.crypto import masked
from cases.models import Case, CaseLink, ContactNumber, Event, Inquiry
from cases.presenting import day_words
from cases.states import State


@dataclass(frozen=True, slots=True)
class Call:
    when: str  # 10-24 09:30
    text: str
    reached: bool
    number: str  # masked; "" where the registered one was called


@dataclass(frozen=True, slots=True)
class OpenInquiry:
    inquiry: Inquiry
    late: bool


@dataclass(frozen=True, slots=True)
class Linked:
    link: CaseLink
    other: Case
    words: str  # 重复了, 被重复于, 拆分自 …
    state: str  # where the other stands


@dataclass(frozen=True, slots=True)
class Records:
    calls: list[Call]
    calls_words: str  # while the applicant is not reached yet
    inquiries: list[OpenInquiry]
    searches: list[str]
    links: list[Linked]


def records_of(case: Case, events: Sequence[Event], on: date) -> Records:
    """Three statements beside the events; what is closed has no open questions to sections."""
    asked = Inquiry.objects.filter(case=case).open()
    return Records(
        calls=_calls(case, events, on),
        calls_words=calls_words(case, events),
        inquiries=[OpenInquiry(it, it.is_late(on)) for it in asked],
        searches=[f"{day_words(it.on, on)} {it.text}" for it in searches_in(events)],
        links=[
            Linked(
                it,
                it.other_than(case),
                it.words_for(case).split()[0],
                str(State.of(it.other_than(case), on).label),
            )
            for it in CaseLink.objects.of(case)
        ],
    )


def _calls(case: Case, events: Iterable[Event], on: date) -> list[Call]:
    numbers = dict(ContactNumber.objects.filter(case=case).values_list("event_id", "number"))
    return [
        Call(
            when=day_words(event.on, on),
            text=event.text,
            reached=bool(event.data.get("reached")),
            number=masked(numbers[event.pk]) if event.pk in numbers else "",
        )
        for event in events
        if event.kind == EventKind.CALLED
    ]


def calls_words(case: Case, events: Iterable[Event]) -> str:
    """How often the applicant of a case that is 待确认 was called; "" once it is confirmed."""
    if case.stage != Stage.UNCONFIRMED:
        return ""
    calls = [event for event in events if event.kind == EventKind.CALLED]
    if not calls:
        return "还没有联系记录。"
    reached = any(event.data.get("reached") for event in calls)
    return f"已联系 {len(calls)} 次，" + ("已联系上，待确认收到。" if reached else "尚未联系上。")


def searches_in(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.kind == EventKind.SEARCHED]


def reasons_from(searches: Iterable[Event]) -> str:
    """检索情况与理由 of a reply that the information does not exist, from what was recorded."""
    return "\n".join(_searched(event) for event in searches)


def _searched(event: Event) -> str:
    on, said = event.on, event.data
    how = f"{said['who']}在{said['place']}以“{said['words']}”检索"
    return f"{on.year} 年 {on.month} 月 {on.day} 日，{how}：{said['found'].rstrip('。')}。"
