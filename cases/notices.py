"""Notices as they are kept: told, read, and withdrawn once they no longer hold.

What there is to be reminded of is decided by `cases.reminders`, and when by `cases.reminding`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.utils import timezone

from cases.choices import NoticeKind, Role, Stage, Waiting
from cases.models import Case, Deputy, Notice, RoleAssignment, User
from cases.permissions import organ_of

# The notices about a due day, and what is waited for of those about a term of waiting.
OF_DUE_DAY = (
    NoticeKind.DUE_IN_5,
    NoticeKind.DUE_IN_2,
    NoticeKind.DUE_TODAY,
    NoticeKind.OVERDUE,
    NoticeKind.EXTENSION,
)
OF_WAITING = {
    Waiting.CORRECTION: NoticeKind.CORRECTION_PASSED,
    Waiting.FEE: NoticeKind.FEE_PASSED,
}
ENDED = (Stage.CLOSED, Stage.VOID)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who may have to be told on a day: clerks, by the path where their role stands, and deputies,
    by the key of whom they stand in for."""

    clerks: list[tuple[str, User]]
    deputies: dict[int, list[User]]


def recipients_of(case: Case, hands: Hands) -> list[User]:
    """The handler, and their deputy while they are on leave; else the clerks of the organ, or of
    the nearest organ above it that has any."""
    if case.handler and case.handler.is_active:
        return [case.handler, *hands.deputies.get(case.handler.pk, ())]
    organ, clerks = organ_of(case), hands.clerks
    above = [(path, user) for path, user in clerks if organ.path.startswith(path)]
    nearest = max((len(path) for path, _ in above), default=0)
    return list(dict.fromkeys(user for path, user in above if len(path) == nearest))


def hands_on(day: date) -> Hands:
    rows = RoleAssignment.objects.filter(role=Role.CLERK, user__is_active=True)
    rows = rows.select_related("user", "department")
    deputies: dict[int, list[User]] = {}
    standing_in = Deputy.objects.on(day).filter(deputy__is_active=True)
    for period in standing_in.select_related("deputy"):
        deputies.setdefault(period.user_id, []).append(period.deputy)
    return Hands([(row.department.path, row.user) for row in rows], deputies)


def tell(notices: Iterable[Notice]) -> int:
    """Store those that are not there; one that was withdrawn and holds again is new again.

    Words that have changed are brought up to date, which tells nobody anew. Two hands at once store
    one of each. Returns how many are told now.
    """
    notices = list(notices)
    mine = Notice.objects.filter(case__in={n.case_id for n in notices})
    there = {_key(notice): notice for notice in mine}
    again = [there[_key(n)] for n in notices if _key(n) in there and there[_key(n)].withdrawn_at]
    fresh = [notice for notice in notices if _key(notice) not in there]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    said = {_key(notice): notice for notice in notices}
    for notice in again:
        notice.on = said[_key(notice)].on
        notice.withdrawn_at = notice.seen_at = notice.mailed_at = None
    other = [there[key] for key in there if key in said and there[key].text != said[key].text]
    for notice in other:
        notice.text = said[_key(notice)].text
    fields = ["text", "on", "withdrawn_at", "seen_at", "mailed_at"]
    Notice.objects.bulk_update(dict.fromkeys([*again, *other]), fields, batch_size=500)
    return len(fresh) + len(again)


def withdraw_outdated(case: Case, opinions: Iterable[date]) -> None:
    """Take back what no longer holds of `case` as it is stored now: after every act on it.

    `opinions` are the last days of those that have not come.
    """
    standing = Notice.objects.filter(case=case, withdrawn_at=None)
    if case.stage in ENDED:
        holds = Q(pk__in=())
    else:
        holds = Q(kind=NoticeKind.CLOCK_MOVED)
        holds |= Q(kind=NoticeKind.OPINION_PASSED, due_on__in=list(opinions))
        if case.ends_on:
            holds |= Q(kind__in=OF_DUE_DAY, due_on=case.ends_on)
        if case.stage == Stage.OPEN and case.waiting_for in OF_WAITING:
            kind = OF_WAITING[Waiting(case.waiting_for)]
            holds |= Q(kind=kind, due_on=case.waiting_until)
        if case.stage != Stage.OPEN:
            holds &= ~Q(kind=NoticeKind.EXTENSION)
    standing.exclude(holds).update(withdrawn_at=timezone.now())


def hand_on(case: Case, on: date) -> None:
    """Tell who handles `case` now what others were told of it, who are told no more.

    The deputies of the new hand are told by the next run of `cases.reminding`.
    """
    if case.handler is None:
        return
    others = Notice.objects.standing().filter(case=case).exclude(user=case.handler)
    said = {(told.kind, told.due_on): told.text for told in others}
    tell(
        Notice(user=case.handler, case=case, kind=kind, due_on=due_on, text=text, on=on)
        for (kind, due_on), text in said.items()
    )
    others.update(withdrawn_at=timezone.now())


def withdraw_moved(cases: Iterable[Case]) -> None:
    """The same for many cases whose days have moved."""
    standing = Notice.objects.standing().filter(case__in=cases)
    of_due_day = standing.filter(kind__in=OF_DUE_DAY).exclude(due_on=F("case__ends_on"))
    of_waiting = standing.filter(kind__in=OF_WAITING.values())
    for outdated in (of_due_day, of_waiting.exclude(due_on=F("case__waiting_until"))):
        outdated.update(withdrawn_at=timezone.now())


def mark_seen(user: User, notices: Iterable[int] | None = None) -> int:
    """Mark these of `user`'s notices as read, or all; how many were not before."""
    unseen = Notice.objects.filter(user=user).unseen()
    if notices is not None:
        unseen = unseen.filter(pk__in=notices)
    return unseen.update(seen_at=timezone.now())


def unseen_count(user: User) -> int:
    """For the bell: one statement that reads an index of the unseen alone."""
    return Notice.objects.filter(user=user).unseen().count()


def _key(notice: Notice) -> tuple[int, str, date, int]:
    return notice.case_id, notice.kind, notice.due_on, notice.user_id
