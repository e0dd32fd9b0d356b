"""Who is reminded of what today: the hand behind `cases.reminders`, called by beat.

It may run any number of times a day, and catches up what a day without it has missed: what holds is
told to who is to be told, once; what no longer holds is taken back.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from cases import notices
from cases.choices import CLOCK_FACTS, EventKind, NoticeKind, Stage, Waiting
from cases.models import Case, Event, Notice, Proceeding, User
from cases.models.calendar import load_calendar
from cases.notices import Hands
from cases.querysets import TO_DO
from cases.reminders import (
    EARLY,
    OF_AGAIN,
    OF_DEFENCE,
    Opinion,
    Reminder,
    Standing,
    reminders_of,
    reminders_of_opinions,
    reminders_of_term,
)
from cases.workdays import Calendar
from cases.workflow.clockwork import clock_of
from cases.workflow.consultations import unheard

logger = logging.getLogger(__name__)

READ = (*CLOCK_FACTS, EventKind.CONSULTATION_LAPSED)
AS_ORDERED = "责令的期限照常计算"
MAIL_SUBJECT = "政府信息公开申请：{} 件事项待办"
MAIL_END = "请登录系统办理。本邮件由系统发出，每天至多一封，请勿回复。"


def remind(on: date) -> int:
    """Bring the notices in line with the cases as at `on`; how many are told anew.

    On a day off nothing is done.
    """
    calendar = load_calendar()
    if not calendar.is_workday(on):
        return 0
    with transaction.atomic():
        hands = notices.hands_on(on)
        wanted = [
            *_of_cases(on, calendar, hands),
            *_of_new_replies(on, calendar, hands),
            *_of_answers(on, calendar, hands),
        ]
        _withdraw_all_but(wanted)
        return notices.tell(wanted)


def _of_cases(on: date, calendar: Calendar, hands: Hands) -> Iterator[Notice]:
    """What is to be told of the cases that have a term near or past, in a few statements."""
    waits = Q(waiting_until__lt=on) | Q(waiting_for=Waiting.CONSULTATION)
    near = Q(ends_on__lte=_soon(on, calendar)) | Q(waits, stage=Stage.OPEN)
    facts = Prefetch("events", Event.objects.filter(kind__in=READ))
    cases = Case.objects.filter(TO_DO & near).select_related("department", "handler")
    for case in cases.prefetch_related(facts):
        users = notices.recipients_of(case, hands)
        found = reminders_of(_standing(case, on, calendar), on=on, calendar=calendar)
        yield from _notices(found, users, on, case)


def _of_new_replies(on: date, calendar: Calendar, hands: Hands) -> Iterator[Notice]:
    """The same of new replies that a decision orders, until they are served."""
    cases = Case.objects.reopened().select_related("department", "handler")
    for case in cases.prefetch_related("events"):
        assert case.again_until  # reopened
        todo = "送达重新答复" if case.again_replied_on else "重新答复并送达"
        found = list(reminders_of_opinions(_opinions(case, calendar), AS_ORDERED, on=on))
        if case.again_until <= _soon(on, calendar):
            found += reminders_of_term(case.again_until, todo, OF_AGAIN, on=on, calendar=calendar)
        yield from _notices(found, notices.recipients_of(case, hands), on, case)


def _of_answers(on: date, calendar: Calendar, hands: Hands) -> Iterator[Notice]:
    """The same of the organ's answers in reviews and suits: few, and told by the calendar."""
    parties = ("department__successor", "case__department__successor", "case__handler")
    for proceeding in Proceeding.objects.to_answer().select_related(*parties):
        term = proceeding.defence_due(calendar)
        assert term  # the notice is in
        todo = f"提交{proceeding.answer_label}（{proceeding}）"
        users = notices.recipients_in(proceeding, hands)
        found = reminders_of_term(term.ends_on, todo, OF_DEFENCE, on=on, calendar=calendar)
        yield from _notices(found, users, on, proceeding.case, proceeding)


def _soon(on: date, calendar: Calendar) -> date:
    return calendar.nth_workday_after(on, EARLY)


def _notices(
    reminders: Iterable[Reminder],
    users: Iterable[User],
    on: date,
    case: Case | None,
    proceeding: Proceeding | None = None,
) -> Iterator[Notice]:
    for reminder, user in product(reminders, users):
        yield Notice(
            user=user,
            case=case,
            proceeding=proceeding,
            kind=NoticeKind(reminder.kind),
            due_on=reminder.due_on,
            letter=reminder.letter,
            text=reminder.text,
            on=on,
        )


def _standing(case: Case, on: date, calendar: Calendar) -> Standing:
    events = list(case.events.all())
    clock = clock_of(case, on=on, calendar=calendar, events=events)
    return Standing(
        open=case.stage == Stage.OPEN,
        unserved=case.stage == Stage.UNSERVED,
        ends_on=case.ends_on,
        waiting_for=case.waiting_for,
        waiting_until=case.waiting_until,
        provisional=case.provisional,
        opinions=_opinions(case, calendar),
        may_extend=not (clock.extended_by or clock.delayed_to),
    )


def _opinions(case: Case, calendar: Calendar) -> tuple[Opinion, ...]:
    return tuple(
        Opinion(asked.key, str(asked.addressee.label), asked.sent_on, until)
        for asked, until in unheard(case, calendar=calendar, events=list(case.events.all()))
    )


def _withdraw_all_but(wanted: Iterable[Notice]) -> None:
    keys = {notice.key for notice in wanted}
    standing = Notice.objects.standing().exclude(kind=NoticeKind.CLOCK_MOVED)
    gone = [notice.pk for notice in standing if notice.key not in keys]
    Notice.objects.filter(pk__in=gone).update(withdrawn_at=timezone.now())
    ended = Notice.objects.standing().filter(kind=NoticeKind.CLOCK_MOVED)
    ended = ended.filter(case__stage__in=notices.ENDED, case__again_until=None)
    ended.update(withdrawn_at=timezone.now())


def mail_digests(on: date) -> int:
    """One mail to each user who has an address and something unread; how many were sent.

    Claimed before it is sent, so that two runs send one; one that cannot be sent is tried again.
    """
    if not settings.EMAIL_HOST or not load_calendar().is_workday(on):
        return 0
    unread = Notice.objects.unseen().filter(mailed_at=None)
    users = User.objects.filter(is_active=True, notices__in=unread).exclude(email="")
    return sum(_mail(user, on) for user in users.exclude(reminded_on=on).distinct())


def _mail(user: User, on: date) -> bool:
    claimed = User.objects.filter(pk=user.pk).exclude(reminded_on=on).update(reminded_on=on)
    listed = list(
        Notice.objects.visible_to(user)
        .unseen()
        .filter(mailed_at=None)
        .select_related("case", "proceeding")
    )
    if not claimed or not listed:
        return False
    lines = [f"{notice.about}：{notice.text}" for notice in listed]
    subject = MAIL_SUBJECT.format(len({notice.about for notice in listed}))
    try:
        EmailMessage(subject, "\n".join([*lines, "", MAIL_END]), to=[user.email]).send()
    except (SMTPException, OSError) as error:
        logger.warning("the digest of user %s was not sent: %s", user.pk, type(error).__name__)
        User.objects.filter(pk=user.pk).update(reminded_on=user.reminded_on)
        return False
    Notice.objects.filter(pk__in=[n.pk for n in listed]).update(mailed_at=timezone.now())
    return True
