"""The terms that run in a review or a suit, and after one that orders a new reply.

Pure: dates and a calendar in, dates out. The day on which a notice or a decision is received does
not count. In a review a term is of working days (行政复议法第八十八条, in force 2024-01-01); in
court it is of natural days, and one that ends on a day off ends on the next working day
(民事诉讼法第八十五条, by 行政诉讼法第一百零一条).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from cases.workdays import Calendar

REVIEW_DEFENCE_WORKDAYS = 10  # 行政复议法第四十八条: the written answer, from receipt of the notice
SUMMARY_DEFENCE_WORKDAYS = 5  # 行政复议法第五十四条: the same in 简易程序
SUIT_DEFENCE_DAYS = 15  # 行政诉讼法第六十七条: the 答辩状, natural days
ORDERED_MAX_WORKDAYS = 120  # of an order to reply again; a longer one is a slip of the pen


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of a term; `provisional` while a year in it has no published schedule."""

    ends_on: date
    provisional: bool
    rule: str  # how it is counted, a sentence for people


def defence_term(
    received_on: date, calendar: Calendar, *, in_court: bool, summary: bool = False
) -> Term:
    """Until when the organ answers in a review, or defends itself in court."""
    if in_court:
        ends_on = received_on + timedelta(days=SUIT_DEFENCE_DAYS)
        if not calendar.is_workday(ends_on):
            ends_on = calendar.next_workday(ends_on)
        rule = f"收到之日的次日起 {SUIT_DEFENCE_DAYS} 日，期满日遇休假顺延（行政诉讼法第六十七条）"
        return _term(received_on, ends_on, calendar, rule)
    days, article = REVIEW_DEFENCE_WORKDAYS, "第四十八条"
    if summary:
        days, article = SUMMARY_DEFENCE_WORKDAYS, "第五十四条"
    ends_on = calendar.nth_workday_after(received_on, days)
    rule = f"收到之日的次日起 {days} 个工作日（行政复议法{article}、第八十八条）"
    return _term(received_on, ends_on, calendar, rule)


def ordered_term(
    received_on: date, calendar: Calendar, *, workdays: int | None = None, until: date | None = None
) -> Term | None:
    """Until when a decision orders the organ to reply again: a day it names, or working days from
    its receipt; None where it names no term."""
    if until:
        return Term(until, False, "决定、判决写明的日期")
    if not workdays:
        return None
    ends_on = calendar.nth_workday_after(received_on, workdays)
    return _term(received_on, ends_on, calendar, f"收到之日的次日起 {workdays} 个工作日")


def _term(first: date, last: date, calendar: Calendar, rule: str) -> Term:
    years = range(first.year, last.year + 1)
    return Term(last, not all(map(calendar.has_schedule, years)), rule)
