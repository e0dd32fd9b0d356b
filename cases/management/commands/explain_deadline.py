import json
import re
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from cases.choices import Addressee, Waiting
from cases.clock import EXTENSION_MAX_WORKDAYS, Clock, Fact, FactKind, run_clock
from cases.models.calendar import load_calendar
from cases.workdays import weekday_name

CALCULABLE_YEARS = range(2004, 2100)  # wide of every real case; keeps slips out of the sums
OPINIONS = {
    FactKind.CONSULTATION_SENT,
    FactKind.CONSULTATION_DELIVERED,
    FactKind.CONSULTATION_RETURNED,
    FactKind.CONSULTATION_ENDED,
}
# KIND:DATE[:THIRD][@KEY][=ADDRESSEE]
_PART = "([^:@=]+)"
EVENT = re.compile(f"{_PART}:{_PART}(?::([^:@=]*))?(?:@{_PART})?(?:={_PART})?")

SYNTAX = """
事项写作 KIND:DATE，有的带第三段，征求意见的可带代号：
  correction_asked:2025-09-22[:10]           告知补正；第三段为给申请人的补正期限（工作日）
  correction_received:2025-09-28             收到补正申请
  consultation_sent:2025-09-19[@b][=other_organ]
                                             发出征求意见函；@b 为代号，同时征求几家时用以区分；
                                             = 后为对象：third_party 第三方（默认）、
                                             co_producer 共同制作机关、other_organ 其他机关
  consultation_delivered:2025-09-22[@b]      征求意见函送达
  consultation_returned:2025-10-10[@b]       收到意见
  consultation_ended:2025-10-10[@b]          没有收到意见，不再等待
  extended:2025-10-15:20                     告知延期；第三段为工作日数，至多 20
  delayed:2025-10-15:2025-11-20              告知延迟答复（条例第三十五条）；第三段为所定的答复日
  fee_asked:2025-09-22                       通知缴费
  fee_notice_delivered:2025-09-24            收费通知送达申请人
  fee_paid:2025-09-28                        申请人缴费
  replied:2025-10-16                         答复
  served:2025-10-17                          答复送达
"""


class Command(BaseCommand):
    help = (
        "逐日说明一件申请的答复期限：到期日，或正在等待什么、等到哪天，以及每一天计入与否的理由。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = SYNTAX
        parser.add_argument("--received", metavar="DATE", help="收到日，YYYY-MM-DD（必填）")
        parser.add_argument(
            "--event",
            metavar="KIND:DATE[:DAYS]",
            action="append",
            default=[],
            help="影响期限的事项，可重复；写法见下",
        )
        parser.add_argument("--on", metavar="DATE", help="截至哪天，默认今天")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            received_on = read_day(options["received"] or "", "收到日（--received）")
            on = read_day(options["on"], "截至日（--on）") if options["on"] else None
            facts = [read_event(text) for text in options["event"]]
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            calendar = load_calendar()
        except DatabaseError as error:
            raise CommandError("读不到工作日历，请先运行 manage.py migrate 建立数据库。") from error
        clock = run_clock(received_on, facts, calendar, on or timezone.localdate())
        if options["json"]:
            self.stdout.write(json.dumps(as_json(clock), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(as_text(clock)))


def read_day(text: str, what: str) -> date:
    """A day as typed; ValueError with a sentence for the user."""
    if not text:
        raise ValueError(f"请写明{what}，例如 2025-09-15。")
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{what}“{text}”不是有效日期，应写作 YYYY-MM-DD。") from None
    if day.year not in CALCULABLE_YEARS:
        first, last = CALCULABLE_YEARS[0], CALCULABLE_YEARS[-1]
        raise ValueError(f"{what}“{text}”超出可计算的范围（{first} 年至 {last} 年）。")
    return day


def read_event(text: str) -> Fact:
    """A fact as typed after --event; ValueError with a sentence for the user."""
    match = EVENT.fullmatch(text)
    if match is None:
        raise ValueError(f"事项“{text}”写法不对，应为 KIND:DATE，例如 fee_paid:2025-09-28。")
    kind, on, third, key, addressee = match.groups()
    if kind not in list(FactKind):
        raise ValueError(f"不认识的事项“{kind}”；可用的有 {'、'.join(FactKind)}。")
    if key and kind not in OPINIONS:
        raise ValueError(f"事项“{text}”不能带代号（@{key}），只有征求意见的事项可以。")
    if addressee and kind != FactKind.CONSULTATION_SENT:
        raise ValueError(f"事项“{text}”不能带对象（={addressee}），只有 consultation_sent 可以。")
    if addressee and addressee not in Addressee.values:
        raise ValueError(f"不认识的对象“{addressee}”；可用的有 {'、'.join(Addressee.values)}。")
    return Fact(
        kind=kind,
        on=read_day(on, f"事项 {kind} 的日期"),
        key=key or "",
        days=read_days(kind, third),
        day=read_told_day(kind, third),
        addressee=addressee or Addressee.THIRD_PARTY.value,
    )


def read_days(kind: str, third: str | None) -> int | None:
    """The working days of the third part, where the kind has them."""
    if kind == FactKind.EXTENDED:
        if not third:
            raise ValueError("延期须写明工作日数，例如 extended:2025-10-15:20。")
        if not third.isdecimal() or not 1 <= int(third) <= EXTENSION_MAX_WORKDAYS:
            raise ValueError(f"延期为 1 至 {EXTENSION_MAX_WORKDAYS} 个工作日，不能是“{third}”。")
        return int(third)
    if kind == FactKind.CORRECTION_ASKED and third is not None:
        if not re.fullmatch(r"[1-9]\d{0,2}", third, re.ASCII):
            raise ValueError(f"补正期限应为工作日数（1 至 999），不能是“{third}”。")
        return int(third)
    if third is not None and kind != FactKind.DELAYED:
        raise ValueError(f"事项 {kind} 没有第三段，请去掉“:{third}”。")
    return None


def read_told_day(kind: str, third: str | None) -> date | None:
    """The due day of the third part, told under 条例第三十五条."""
    if kind != FactKind.DELAYED:
        return None
    return read_day(third or "", "延迟答复的答复日（delayed 的第三段）")


def as_json(clock: Clock) -> dict[str, Any]:
    """The clock as plain values, dates in ISO form."""
    return {
        "received_on": _iso(clock.received_on),
        "on": _iso(clock.on),
        "due_on": _iso(clock.due_on),
        "waiting_for": clock.waiting_for,
        "waiting_until": _iso(clock.waiting_until),
        "waiting_assumed": clock.waiting_assumed,
        "ends_on": _iso(clock.ends_on),
        "used": clock.used,
        "left": clock.left,
        "term": clock.term,
        "provisional": clock.provisional,
        "in_time": clock.in_time,
        "in_time_assumed": clock.in_time_assumed,
        "irregularities": [
            {"code": fault.code, "on": _iso(fault.on), "text": fault.text, "article": fault.article}
            for fault in clock.irregularities
        ],
        "days": [
            {
                "day": _iso(day.day),
                "kind": day.kind.value,
                "counted": day.counted,
                "number": day.number,
                "text": day.text,
                "source": day.source,
            }
            for day in clock.days
        ],
    }


def as_text(clock: Clock) -> Iterator[str]:
    """The clock as lines to read."""
    yield f"收到日：{_named(clock.received_on)}；截至：{_named(clock.on)}"
    if clock.waiting_for:
        until = (
            f"，期限至 {_named(clock.waiting_until)}" if clock.waiting_until else "，没有法定期限"
        )
        assumed = "（送达日未记录，自发出次日推定）" if clock.waiting_assumed else ""
        silence = f"；期满未答复的，到期日为 {_named(clock.ends_on)}" if clock.ends_on else ""
        yield f"{Waiting(clock.waiting_for).label}{until}{assumed}{silence}{_provisional(clock)}"
    elif clock.due_on:
        yield f"到期日：{_named(clock.due_on)}{_provisional(clock)}"
    overdue = f"，逾期 {clock.overdue} 个工作日" if clock.overdue else ""
    yield f"期限 {clock.term} 个工作日：已用 {clock.used} 日，剩余 {clock.left} 日{overdue}"
    if clock.in_time is not None:
        assumed = "（没有送达日，按答复日推定）" if clock.in_time_assumed else ""
        yield f"答复{'未逾期' if clock.in_time else '已逾期'}{assumed}"
    for fault in clock.irregularities:
        yield f"不合规：{fault.text}{_in_brackets(fault.article)}"
    yield "逐日计算："
    for day in clock.days:
        yield f"  {_named(day.day)}  {day.text}{_in_brackets(day.source)}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _named(day: date | None) -> str:
    return f"{day} {weekday_name(day)}" if day else ""


def _provisional(clock: Clock) -> str:
    return "（暂定：所涉年份的放假安排尚未公布）" if clock.provisional else ""


def _in_brackets(source: str) -> str:
    return f"〔{source}〕" if source else ""
