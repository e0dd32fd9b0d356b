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
from cases.models import Case, Department, Deputy, Notice, Proceeding, RoleAssignment, User
from cases.permissions import heir_of, organ_of, works_at
from cases.reminders import OF_AGAIN, OF_DUE_DAY

# What is waited for of the notices about a term of waiting.
OF_WAITING = {
    Waiting.CORRECTION: NoticeKind.CORRECTION_PASSED,
    Waiting.FEE: NoticeKind.FEE_PASSED,
}
ABOUT_DUE_DAY = (*OF_DUE_DAY, NoticeKind.EXTENSION)
ENDED = (Stage.CLOSED, Stage.VOID)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who may have to be told on a day: clerks, by the path where their role stands, and deputies,
    by the key of whom they stand in for."""

    clerks: list[tuple[str, User]]
    deputies: dict[int, list[User]]


def recipients_of(case: Case, hands: Hands) -> list[User]:
    """The handler, and their deputy while they are on leave; else the clerks of the organ, or of
    the nearest organ above it that has any. Whom a succession has left behind handles no more."""
    if case.handler and case.handler.is_active and _works_on(case.handler, case):
        return [case.handler, *hands.deputies.get(case.handler.pk, ())]
    return _clerks_of(organ_of(case), hands)


def recipients_in(proceeding: Proceeding, hands: Hands) -> list[User]:
    """The same of a review or suit, the case of which may not be known."""
    if proceeding.case:
        return recipients_of(proceeding.case, hands)
    return _clerks_of(organ_of(proceeding), hands)


def _works_on(handler: User, case: Case) -> bool:
    organ, unit = organ_of(case), heir_of(case.drafting_department)
    if (organ, unit) == (case.department, case.drafting_department):
        return True
    return any(works_at(handler, place) for place in (organ, unit) if place)


def _clerks_of(organ: Department, hands: Hands) -> list[User]:
    above = [(path, user) for path, user in hands.clerks if organ.path.startswith(path)]
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
    of_case = Q(case__in={n.case_id for n in notices if n.case_id})
    mine = Notice.objects.filter(of_case | Q(proceeding__in=[n.proceeding for n in notices]))
    there = {notice.key: notice for notice in mine}
    again = [there[n.key] for n in notices if n.key in there and there[n.key].withdrawn_at]
    fresh = [notice for notice in notices if notice.key not in there]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    said = {notice.key: notice for notice in notices}
    for notice in again:
        notice.on = said[notice.key].on
        notice.withdrawn_at = notice.seen_at = notice.mailed_at = None
    other = [there[key] for key in there if key in said and there[key].text != said[key].text]
    for notice in other:
        notice.text = said[notice.key].text
    fields = ["text", "on", "withdrawn_at", "seen_at", "mailed_at"]
    Notice.objects.bulk_update(dict.fromkeys([*again, *other]), fields, batch_size=500)
    return len(fresh) + len(again)


def withdraw_outdated(case: Case, opinions: Iterable[tuple[str, date]]) -> None:
    """Take back what no longer holds of `case` as it is stored now: after every act on it.

    `opinions` are those that have not come: the key of the letter, the last day of its term.
    """
    standing = Notice.objects.filter(case=case, proceeding=None, withdrawn_at=None)
    holds = Q(pk__in=())
    if case.again_until and case.stage != Stage.VOID:
        holds = Q(kind=NoticeKind.CLOCK_MOVED) | Q(kind__in=OF_AGAIN, due_on=case.again_until)
    for letter, until in opinions:
        holds |= Q(kind=NoticeKind.OPINION_PASSED, letter=letter, due_on=until)
    if case.stage not in ENDED:
        holds |= Q(kind=NoticeKind.CLOCK_MOVED)
        if case.ends_on:
            holds |= Q(kind__in=ABOUT_DUE_DAY, due_on=case.ends_on)
        if case.stage == Stage.OPEN and case.waiting_for in OF_WAITING:
            kind = OF_WAITING[Waiting(case.waiting_for)]
            holds |= Q(kind=kind, due_on=case.waiting_until)
        if case.stage != Stage.OPEN:
            holds &= ~Q(kind=NoticeKind.EXTENSION)
    standing.exclude(holds).update(withdrawn_at=timezone.now())


def withdraw_of_answer(proceeding: Proceeding, due_on: date | None) -> None:
    """Take back what no longer holds of the organ's answer, which is owed by `due_on`, if at all:
    after every change of the review or suit."""
    told = Notice.objects.standing().filter(proceeding=proceeding)
    if due_on:
        told = told.exclude(due_on=due_on)
    told.update(withdrawn_at=timezone.now())


def withdraw_of_deputy(deputy: User, absent: User) -> None:
    """Take back what `deputy` was told of the cases of `absent`, who is there again."""
    told = Notice.objects.standing().filter(user=deputy, case__handler=absent)
    told.update(withdrawn_at=timezone.now())


def hand_on(case: Case, on: date) -> None:
    """Tell who handles `case` now what others were told of it, who are told no more.

    The deputies of the new hand are told by the next run of `cases.reminding`.
    """
    if case.handler is None:
        return
    others = Notice.objects.standing().filter(case=case).exclude(user=case.handler)
    said = {(it.proceeding_id, it.kind, it.due_on, it.letter): it.text for it in others}
    tell(
        Notice(
            user=case.handler,
            case=case,
            proceeding_id=proceeding,
            kind=kind,
            due_on=due_on,
            letter=letter,
            text=text,
            on=on,
        )
        for (proceeding, kind, due_on, letter), text in said.items()
    )
    others.update(withdrawn_at=timezone.now())


def withdraw_moved(cases: Iterable[Case]) -> None:
    """The same for many cases whose days have moved."""
    standing = Notice.objects.standing().filter(case__in=cases)
    for kinds, day in (
        (ABOUT_DUE_DAY, "ends_on"),
        (OF_WAITING.values(), "waiting_until"),
        (OF_AGAIN, "again_until"),
    ):
        outdated = standing.filter(kind__in=kinds).exclude(due_on=F(f"case__{day}"))
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
