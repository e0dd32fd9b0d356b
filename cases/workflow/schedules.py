"""Enter a year's 放假安排, or put it right: what moves is shown first, then moved and logged.

Due days are functions of facts and calendar (cases.clock), so nothing is added or taken away here:
the calendar is stored and the copies on the cases are made anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Prefetch, Q

from cases import audit, notices
from cases.choices import CLOCK_FACTS, EventKind, NoticeKind, Stage
from cases.clock_facts import FACT_LABELS, FactKind
from cases.decreed import notice_of_year
from cases.models import Case, DecreedDay, Event, Notice, ScheduleYear, User
from cases.models.calendar import decreed_between, load_calendar
from cases.permissions import Act, can_at_top
from cases.querysets import CaseQuerySet
from cases.schedules import Schedule, span_of
from cases.workdays import Calendar
from cases.workdays import DecreedDay as Decreed
from cases.workflow import clockwork, in_time
from cases.workflow.base import NotAllowed, Stale, require

BATCH = 500
UNLIKE = "您打开之后，{year} 年的放假安排已被别人改过。您填的内容还在，请对照最新情况再核对。"
MOVED_SINCE = "您核对之后，期限会变动的申请件或所填的内容有了变化，还没有保存。请看过下面再保存。"


@dataclass(frozen=True, slots=True)
class Edition:
    """A schedule to be stored, with what it rests on."""

    schedule: Schedule
    number: str  # 文号 of the year's notice
    later: str = ""  # a later notice, behind those days alone that it changes
    reason: str = ""  # of a correction

    @property
    def year(self) -> int:
        return self.schedule.year

    @property
    def notice(self) -> str:
        return f"{notice_of_year(self.year).partition('（')[0]}（{self.number}）"

    @property
    def cited(self) -> str:
        """What a moved case says it was moved by."""
        return self.later or self.number


@dataclass(frozen=True, slots=True)
class Move:
    """A case whose day moves: the due day, or what is waited for where there is none."""

    case: Case
    what: str
    before: date | None
    after: date | None
    in_time: Sequence[dict[str, Any]] = ()  # kept by its event: see `in_time.judge`

    @property
    def text(self) -> str:
        if self.before == self.after:
            return f"{self.what}仍为 {self.after or '—'}，{self.kept_words}"
        kept = f"；{self.kept_words}" if self.in_time else ""
        return f"{self.what}由 {self.before or '—'} 改为 {self.after or '—'}{kept}"

    @property
    def kept_words(self) -> str:
        """Of what stays in time by the schedule of its day."""
        kinds = dict.fromkeys(said["kind"] for said in self.in_time)
        return "、".join(FACT_LABELS[FactKind(kind)] for kind in kinds) + "按当时的安排认定"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What storing an edition would do."""

    moves: tuple[Move, ...]  # of all cases that are not voided
    kept: tuple[Move, ...]  # whose day stays, since what was in time stays in time
    firm: int  # cases that are to do and no longer provisional, their day unmoved
    digest: str  # of all this and of what is to be stored
    days: tuple[Decreed, ...]  # as they would be stored
    calendar: Calendar  # with them

    @property
    def open_moves(self) -> list[Move]:
        return [move for move in self.moves if _is_to_do(move.case)]

    @property
    def closed(self) -> int:
        return len(self.moves) - len(self.open_moves)


def _is_to_do(case: Case) -> bool:
    return case.stage != Stage.CLOSED or case.again_until is not None


def version_of(year: int) -> int:
    """Of the stored schedule; 0 while there is none."""
    versions = ScheduleYear.objects.filter(year=year).values_list("version", flat=True)
    return versions.first() or 0


def outlook_of(edition: Edition) -> Outlook:
    """What would move, without storing anything."""
    days = _days(edition)
    return _outlook(edition, days, list(_affected(edition.year, days)), _calendar(edition, days))


@transaction.atomic
def publish_schedule(
    edition: Edition, *, by: User, today: date, version: int, seen: str
) -> Outlook:
    """Store the schedule, move the cases, log each and tell their handlers; all or nothing.

    `version` is that of the schedule the user opened, `seen` the digest of the outlook that was
    looked at. Raises `NotAllowed`, `Stale`, or `ValidationError` by field.
    """
    if not can_at_top(by, Act.MANAGE_CALENDAR):
        raise NotAllowed("您没有录入放假安排的权限：由系统管理员或最上级的政务公开主管录入。")
    list(ScheduleYear.objects.select_for_update().order_by("year"))  # one at a time
    if version_of(edition.year) != version:
        raise Stale(UNLIKE.format(year=edition.year))
    check(edition, corrects=version > 0)
    days = _days(edition)
    affected = _affected(edition.year, days)
    cases = list(affected.select_for_update(of=("self",)))
    calendar = _calendar(edition, days)
    outlook = _outlook(edition, days, cases, calendar)
    if seen != outlook.digest:
        raise Stale(MOVED_SINCE)
    _store(edition, days, by=by, today=today)
    _log(edition, outlook, by=by, today=today)
    clockwork.rebuild(affected.all(), calendar)  # with the events just written
    _tell(edition, outlook, today=today)
    return outlook


def check(edition: Edition, *, corrects: bool) -> None:
    """Raises `ValidationError` by field for an edition that cannot be stored."""
    require({"number": (edition.number, "通知文号")})
    if corrects:
        require({"reason": (edition.reason, "更正原因")})
    barred: dict[str, list[str]] = {}
    for doubt in edition.schedule.doubts:
        if doubt.barred:
            barred.setdefault(doubt.field, []).append(doubt.text)
    if barred:
        raise ValidationError(barred)


def _days(edition: Edition) -> list[Decreed]:
    """The decreed days as they are to be stored: unchanged ones keep the notice behind them."""
    before = {entry.day: entry for entry in decreed_between(*span_of(edition.year))}
    usual = ScheduleYear.objects.filter(year=edition.year).values_list("notice", flat=True).first()
    days = []
    for entry in edition.schedule.decreed(edition.notice):
        old = before.get(entry.day)
        if old and (old.off, old.name) == (entry.off, entry.name):
            notice = edition.notice if old.notice == usual else old.notice
        else:
            notice = edition.later or edition.notice
        days.append(Decreed(entry.day, entry.off, entry.name, notice))
    return days


def _calendar(edition: Edition, days: Sequence[Decreed]) -> Calendar:
    """The whole calendar as it would be."""
    first, last = span_of(edition.year)
    others = DecreedDay.objects.exclude(day__range=(first, last))
    rows = others.values_list("day", "off", "name", "notice")
    years = {*ScheduleYear.objects.values_list("year", flat=True), edition.year}
    return Calendar([*days, *(Decreed(*row) for row in rows)], years)


def _affected(year: int, days: Sequence[Decreed]) -> CaseQuerySet:
    """Cases with a day not before the first one that changes: no other can move."""
    before = {(entry.day, entry.off) for entry in decreed_between(*span_of(year))}
    changed = before ^ {(entry.day, entry.off) for entry in days}
    new_year = [] if version_of(year) else [date(year, 1, 1)]
    since = min([*(day for day, _ in changed), *new_year], default=date(year + 1, 1, 1))
    late = Q(ends_on__gte=since) | Q(waiting_until__gte=since) | Q(ends_on=None)
    late |= Q(again_until__gte=since)
    found = Case.objects.filter(late, received_on__isnull=False).order_by("pk")
    facts = Prefetch(
        "events", Event.objects.filter(kind__in={*CLOCK_FACTS, *clockwork.AGAIN_FACTS})
    )
    return found.select_related("department", "handler").prefetch_related(facts)


def _outlook(
    edition: Edition, days: Sequence[Decreed], cases: Sequence[Case], calendar: Calendar
) -> Outlook:
    moves, kept, firm, now = [], [], 0, load_calendar()
    for case in cases:
        if case.stage == Stage.VOID:
            continue
        found, provisional = _moves(case, now, calendar)
        if moved := [move for move in found if move.before != move.after]:
            moves += moved
        elif found[0].in_time:
            kept.append(found[0])
        elif case.provisional and not provisional and case.stage != Stage.CLOSED:
            firm += 1
    said = [
        edition.year,
        edition.cited,
        edition.notice,
        *days,
        *((move.case.pk, move.before, move.after, *move.in_time) for move in (*moves, *kept)),
    ]
    digest = hashlib.sha256("|".join(map(str, said)).encode()).hexdigest()
    return Outlook(tuple(moves), tuple(kept), firm, digest, tuple(days), calendar)


def _moves(case: Case, now: Calendar, after: Calendar) -> tuple[list[Move], bool]:
    """What moves of a case, its term and that of a new reply, or else the term that stays; whether
    it is provisional then."""
    events = list(case.events.all())
    judged = in_time.judge(case.received_on, clockwork.facts_of(case, events), now, after)
    events.append(Event(kind=EventKind.CLOCK_MOVED, data={"in_time": judged}))
    clock = clockwork.clock_of(case, on=clockwork.ANY_DAY, calendar=after, events=events)
    again, *_ = clockwork.standing_again(events, after)
    term = ("到期日", case.ends_on, clock.ends_on)
    if term[1] == term[2] and clock.waiting_until != case.waiting_until:
        term = ("等待期满日", case.waiting_until, clock.waiting_until)
    days = [("重新答复期限", case.again_until, again)] if again != case.again_until else []
    if term[1] != term[2] or not days:
        days.insert(0, term)
    first, *others = days
    moves = [Move(case, *first, in_time=judged), *(Move(case, *day) for day in others)]
    return moves, clock.provisional


def _store(edition: Edition, days: Sequence[Decreed], *, by: User, today: date) -> None:
    stored, year = decreed_between(*span_of(edition.year)), edition.year
    DecreedDay.objects.filter(day__range=span_of(year)).delete()
    DecreedDay.objects.bulk_create(
        DecreedDay(day=entry.day, off=entry.off, name=entry.name, notice=entry.notice)
        for entry in days
    )
    schedule = ScheduleYear.objects.filter(year=year).first()
    if schedule is None:
        schedule = ScheduleYear(year=year, notice=edition.notice)
    else:
        schedule.notice, schedule.reason = edition.notice, edition.reason
        schedule.corrected_on, schedule.version = today, schedule.version + 1
    schedule.full_clean()
    schedule.save()
    audit.record(
        by=by,
        act="更正放假安排" if schedule.corrected_on else "录入放假安排",
        target=schedule,
        before={"days": list(map(_plain, stored))},
        after={"days": list(map(_plain, days)), "reason": edition.reason},
    )


def _plain(entry: Decreed) -> list[str]:
    return [f"{entry.day}", "放假" if entry.off else "上班", entry.name, entry.notice]


def _log(edition: Edition, outlook: Outlook, *, by: User, today: date) -> None:
    """An event for each; their versions rise, so that a page opened before is seen to be old."""
    moved = (*outlook.moves, *outlook.kept)
    Event.objects.bulk_create(
        (
            Event(
                case=move.case,
                kind=EventKind.CLOCK_MOVED,
                on=today,
                text=f"期限调整：按{edition.cited}，{move.text}",
                data=_said_of(move),
                by=by,
            )
            for move in moved
        ),
        batch_size=BATCH,
    )
    for some in _batches([move.case.pk for move in moved]):
        Case.objects.filter(pk__in=some).update(version=F("version") + 1)


def _tell(edition: Edition, outlook: Outlook, *, today: date) -> None:
    hands = notices.hands_on(today)
    notices.withdraw_moved([move.case for move in outlook.moves])
    notices.tell(
        Notice(
            user=user,
            case=move.case,
            kind=NoticeKind.CLOCK_MOVED,
            due_on=move.after or today,
            text=f"按{edition.cited}，{move.text}。",
            on=today,
        )
        for move in outlook.open_moves
        for user in notices.recipients_of(move.case, hands)
    )


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(keys), BATCH):
        yield keys[first : first + BATCH]


def _said_of(move: Move) -> dict[str, Any]:
    said = {"before": _text(move.before), "after": _text(move.after)}
    return said | ({"in_time": list(move.in_time)} if move.in_time else {})


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
