"""What every act has in common: the lock, the check, the event."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from cases import audit, notices
from cases.choices import EventKind
from cases.clock import Clock
from cases.crypto import normalised
from cases.models import Applicant, Case, Event, SignOffRound, User
from cases.models.calendar import load_calendar
from cases.permissions import OF_THE_ASSIGNED, Act, can_on, organ_of
from cases.personal import holds_personal, kept
from cases.workdays import Calendar
from cases.workflow import clockwork, sealing
from cases.workflow.consultations import unheard
from cases.workflow.refusals import Situation
from cases.workflow.rules import ACTS
from cases.workflow.standing import standing

_PARTIES = ("department", "applicant", "drafting_department", "handler")
NOT_IN_PERSON = "只有当面提出的申请才能是口头申请，请改选“当面”或者去掉这一项。"
SHORTEST_PERSONAL = 6  # characters; shorter values would be found in any sentence
NO_FIELDS: Mapping[str, str] = {}


class NotAllowed(Exception):
    """An act out of place; the message is a sentence for the user."""


class Stale(NotAllowed):
    """Somebody else saved the case after this user opened it."""


def situation_of(
    case: Case,
    *,
    on: date,
    events: Sequence[Event] | None = None,
    calendar: Calendar | None = None,
) -> Situation:
    """What the rules of the acts ask of `case` on a day; its events are read unless given."""
    events = standing(case.events.all() if events is None else events)
    clock = clockwork.clock_of(case, on=on, calendar=calendar, events=events)
    return Situation(case, clock, events, on)


def allowed_acts(situation: Situation, user: User) -> list[Act]:
    """The acts `user` may do on the case as it stands: the buttons show what is enforced."""
    return [
        act
        for act, rule in ACTS.items()
        if can_on(user, act, situation.case)
        and not rule.out_of_place(situation)
        and not rule.refusal_to(situation, user)
    ]


def not_theirs(user: User, act: Act, case: Case) -> str:
    """Why `act` on `case` is not for `user` to do, as a sentence; "" if it is."""
    if can_on(user, act, case):
        return ""
    label = ACTS[act].label
    if act in OF_THE_ASSIGNED:
        return f"{case.number} 没有分派给您，不能{label}。"
    return f"您在{organ_of(case)}没有“{label}”的权限。"


def begin(
    case: Case,
    act: Act,
    *,
    by: User,
    today: date,
    version: int | None,
    signed: SignOffRound | None = None,
) -> Case:
    """Lock `case`, and make sure `by` may do `act` on it as it stands `today`.

    `version` is what the user saw (None: nothing was shown, as in commands); `signed` as in
    `Situation`. Must run inside a transaction; raises `NotAllowed` or `Stale`.
    """
    locked = Case.objects.select_for_update(of=("self",)).select_related(*_PARTIES)
    case = locked.get(pk=case.pk)
    if refusal := not_theirs(by, act, case):
        raise NotAllowed(refusal)
    if version is not None and version != case.version:
        raise Stale(_who_changed(case))
    situation, rule = situation_of(case, on=today)._replace(signed=signed), ACTS[act]
    if refusal := rule.out_of_place(situation) or rule.refusal_to(situation, by):
        raise NotAllowed(refusal)
    return case


def finish(
    case: Case,
    kind: EventKind,
    *,
    by: User | None,
    on: date,
    text: str = "",
    data: dict[str, Any] | None = None,
    calendar: Calendar | None = None,
    reason: str = "",
) -> Event:
    """Append the event, bring the stored clock in line, save, and write the audit entry.

    `reason` is what the act asks for anyhow, were it to change a sealed year.
    """
    late = sealing.late(sealing.stored_case(case.pk), sealing.of_case(case), own_reason=reason)
    text = late.told(text)
    refuse_personal_data(text, case.applicant)
    data = kept({**(data or {}), **late.data}, _own(case.applicant))
    event = Event.objects.create(case=case, kind=kind, on=on, text=text, data=data, by=by)
    known, calendar = list(case.events.all()), calendar or load_calendar()
    clockwork.refresh(case, calendar=calendar, events=known)
    clockwork.refresh_again(case, calendar=calendar, events=known)
    case.version += 1
    # The acts have asked what the constraints ask; the database still has the last word.
    case.full_clean(exclude=["applicant", "handler"], validate_constraints=False)
    case.save()
    case.refresh_from_db(fields=["stage", "settled_on"])  # the database computes them
    late.note(by=by, case=case.pk)
    notices.withdraw_outdated(
        case, [(asked.key, until) for asked, until in unheard(case, calendar=calendar)]
    )
    audit.record(by=by, act=str(kind), target=case, after={"on": on, **data})
    return event


def check_fact(
    case: Case,
    kind: EventKind,
    *,
    today: date,
    on: date,
    data: dict[str, Any] | None = None,
    fields: Mapping[str, str] = NO_FIELDS,
    tolerated: Collection[str] = (),
) -> Clock:
    """The clock of `case` with a new fact, which it takes in.

    Raises `ValidationError` for a fact that the clock would only report as out of order, unless the
    fault is `tolerated`: beside the field that `fields` has for the fault's code, else beside "on".
    """
    check_day("on", on, today=today, not_before=case.received_on)
    fact = clockwork.fact_of(Event(kind=kind, on=on, data=data or {}))
    events, calendar = list(case.events.all()), load_calendar()
    before = clockwork.clock_of(case, on=today, calendar=calendar, events=events)
    after = clockwork.clock_with(case, fact, on=today, calendar=calendar, events=events)
    for fault in clockwork.new_faults(before, after):
        if fault.code not in tolerated:
            raise ValidationError({fields.get(fault.code, "on"): fault.text})
    return after


def check_day(
    field: str,
    day: date | None,
    *,
    today: date,
    not_before: date | None = None,
    which: str = "收到日期",
) -> None:
    """Raises `ValidationError` on `field` for a day in the future or before `not_before`.

    `which` says what day `not_before` is.
    """
    if day is None:
        return
    if day > today:
        raise ValidationError({field: f"{day} 还没有到，不能填将来的日期。"})
    if not_before is not None and day < not_before:
        raise ValidationError({field: f"不能早于{which} {not_before}。"})


def refuse_personal_data(text: str, applicant: Applicant) -> None:
    """Raises `ValidationError` for words that would put personal data into an event for ever.

    Looked for: the applicant's own data however written, and what `cases.personal` knows.
    """
    words = normalised(text)
    if holds_personal(text) or any(normalised(value) in words for value in _own(applicant)):
        raise ValidationError("文字中有号码、地址等内容，办理经过不能存个人信息，请删去后重试。")


def latest(case: Case, kind: EventKind) -> Event:
    """The last event of a kind that holds; there is one where the rules of an act ask for it."""
    return next(event for event in reversed(standing(case.events.all())) if event.kind == kind)


def _own(applicant: Applicant) -> list[str]:
    values = (getattr(applicant, name) for name in Applicant.PERSONAL)
    return [value for value in values if len(normalised(value)) >= SHORTEST_PERSONAL]


def require(fields: dict[str, tuple[object, str]]) -> None:
    """Raises `ValidationError` naming every field that is empty."""
    missing = {name: f"请填写{label}。" for name, (value, label) in fields.items() if not value}
    if missing:
        raise ValidationError(missing)


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Field → [before, after], for what differs."""
    return {key: [before[key], after[key]] for key in after if before[key] != after[key]}


def snapshot(instance: Any, fields: Collection[str]) -> dict[str, Any]:
    return {name: instance._meta.get_field(name).value_from_object(instance) for name in fields}


def _who_changed(case: Case) -> str:
    last = case.events.order_by("-id").select_related("by").first()
    who = f"{last.by or '系统'}刚才“{last.get_kind_display()}”" if last else "另有人刚才改过"
    return f"您打开之后，{who}，这件申请已经变了。您填的内容还在，请对照最新情况再提交。"
