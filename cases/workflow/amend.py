"""Put a record right, or void one that should not be there. Both keep what stood before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field

from cases.choices import Channel, EventKind
from cases.models import Applicant, Case, User
from cases.permissions import Act
from cases.workflow import clockwork
from cases.workflow.assign import check_handler
from cases.workflow.base import begin, changes, check_day, finish, require, snapshot
from cases.workflow.grounds import check_amended, followed_words
from cases.workflow.matching import check_reply
from cases.workflow.register import check_applicants
from cases.workflow.service import course_of_service
from cases.workflow.signoff import drop_round, last_step, not_last_signer
from cases.workflow.standing import standing

AMENDABLE = (
    "channel",
    "oral",
    "arrived_on",
    "received_on",
    "content",
    "purpose",
    "form_wanted",
    "delivery_wanted",
    "agent_name",
    "co_applicants",
    "drafting_department",
    "handler",
    "remarks",
    "outcome",
    "closed_on",
    "reply_number",
    "reply_reasons",
    "service_method",
    "served_on",
)
SIGNED = ("outcome", "closed_on", "reply_number", "reply_reasons")  # what a chain is there for
OF_ITS_LETTER = frozenset({"outcome", "closed_on", "reply_number"})
SEE_WHAT_MOVES = "改动收到日期会移动期限：请看清写明的变动，勾选后再提交。"
APPLICANT_FIELDS = (
    "kind",
    "name",
    "credit_code",
    "legal_representative",
    "contact_name",
    *Applicant.PERSONAL,
)


@transaction.atomic
def amend(
    case: Case,
    *,
    by: User,
    today: date,
    reason: str,
    values: Mapping[str, Any],
    applicant: Mapping[str, Any] | None = None,
    moves_seen: bool | None = None,
    version: int | None = None,
) -> Case:
    """Correct registration or reply; before and after are kept in the event.

    `moves_seen` is whether the user has said to have seen what another day of receipt moves (None:
    nothing was shown, as in commands).

    Of personal data the event names the field, never the value. The department cannot be changed:
    a case keeps it for ever. Raises `ValidationError` by field, or if nothing differs.
    """
    case = begin(case, Act.AMEND, by=by, today=today, version=version)
    require({"reason": (reason.strip(), "更正原因")})
    received_on = case.received_on
    was_confirmed, was_replied = case.received_on is not None, case.closed_on is not None
    changed = _put(case, AMENDABLE, values)
    person_changed = _put(case.applicant, APPLICANT_FIELDS, applicant or {})
    _check(case, was_confirmed=was_confirmed, today=today)
    _check_followed(case, changed)
    check_applicants(case, case.applicant)
    if changed.keys() & {"handler", "drafting_department"}:
        check_handler(case, case.handler, case.drafting_department)
    if moves_seen is False and "received_on" in changed and _moves(case, received_on, today):
        raise ValidationError({"moves_seen": SEE_WHAT_MOVES})
    _check_signed(case, changed.keys(), by=by, was_replied=was_replied)
    _check_rest(case, changed, person_changed)
    if person_changed:
        case.applicant.full_clean()
        case.applicant.save()
        case.applicant_kind = case.applicant.kind
    data = {
        "reason": reason,
        "changes": _told(case, changed),
        "applicant": _told(case.applicant, person_changed, hide=Applicant.PERSONAL),
    }
    text = f"更正{'、'.join([*data['changes'], *data['applicant']])}：{reason}"
    finish(case, EventKind.AMENDED, by=by, on=today, text=text, data=data, reason=reason)
    return case


@transaction.atomic
def void(case: Case, *, by: User, today: date, reason: str, version: int | None = None) -> Case:
    """A case entered by mistake or twice: its number stays used, it is counted nowhere.

    `by` is the reviewer (docs/statute.md, convention 9); the event names who entered it, too.
    """
    case = begin(case, Act.VOID, by=by, today=today, version=version)
    require({"reason": (reason.strip(), "作废原因")})
    drop_round(case, today=today)
    case.voided_on = today
    text = f"作废：{reason}（审核人 {by}，登记人 {entered_by(case)}）"
    finish(case, EventKind.VOIDED, by=by, on=today, text=text, reason=reason)
    return case


def entered_by(case: Case) -> str:
    """Who registered `case`, or brought it in with a ledger."""
    first = case.events.select_related("by").order_by("pk").first()
    return str(first.by or "系统") if first else "系统"


def _check_rest(
    case: Case, changed: Mapping[str, Sequence[Any]], person_changed: Mapping[str, Sequence[Any]]
) -> None:
    """What the reply rests on still bears it, its letter still says it, and something differs."""
    check_amended(case, {**changed, **person_changed})
    _check_delivered(case, changed.keys())
    if case.outcome and OF_ITS_LETTER & changed.keys():
        check_reply(case)
    if not changed and not person_changed:
        raise ValidationError("没有改动任何内容，无需更正。")


def _check_delivered(case: Case, changed: Collection[str]) -> None:
    """What was signed for was sent, by post and before."""
    course = course_of_service(standing(case.events.all()), None)
    if not course or course[-1].kind != EventKind.MAIL_SIGNED:
        return
    signed_on = course[-1].on
    served_on = case.served_on if "served_on" in changed else signed_on
    if "service_method" in changed or served_on is None:
        field = "service_method" if "service_method" in changed else "served_on"
        raise ValidationError({field: f"已登记妥投（{signed_on}），请先撤销那一条记录。"})
    if served_on > signed_on:
        raise ValidationError({"served_on": f"不能晚于“妥投”的日期 {signed_on}。"})


def _put(
    record: Case | Applicant, fields: tuple[str, ...], values: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Set those of `fields` that `values` has; field → [before, after] for what then differs."""
    before = snapshot(record, fields)
    for name in fields:
        if name in values:
            setattr(record, name, values[name])
    return changes(before, snapshot(record, fields))


def _check(case: Case, *, was_confirmed: bool, today: date) -> None:
    require({"arrived_on": (case.arrived_on, "到件日期"), "content": (case.content, "申请内容")})
    check_day("arrived_on", case.arrived_on, today=today)
    check_day(
        "received_on", case.received_on, today=today, not_before=case.arrived_on, which="到件日期"
    )
    needs_day = was_confirmed or not (case.channel and Channel(case.channel).needs_confirmation)
    if needs_day and case.received_on is None:
        raise ValidationError({"received_on": "请填写收到日期。"})
    if bool(case.outcome) != bool(case.closed_on):
        field = "closed_on" if case.outcome else "outcome"
        raise ValidationError({field: "答复类型和答复日期要么都填，要么都不填。"})
    check_day("closed_on", case.closed_on, today=today, not_before=case.received_on)
    if case.served_on and not case.closed_on:
        raise ValidationError({"served_on": "还没有答复，不能登记送达。"})
    check_day("served_on", case.served_on, today=today, not_before=case.closed_on, which="答复日期")


def _check_followed(case: Case, changed: Mapping[str, Sequence[Any]]) -> None:
    """What came of the reply keeps it where it is."""
    if "closed_on" in changed and (words := followed_words(case, *changed["closed_on"])):
        raise ValidationError({"closed_on": f"{words}。"})


def _moves(case: Case, received_on: date | None, today: date) -> bool:
    """Whether the day of receipt that `case` now has moves its term, or a fact out of it."""
    before, after = (
        clockwork.clock_if_received(case, day, on=today) for day in (received_on, case.received_on)
    )
    ends = [(clock.ends_on, clock.waiting_for, clock.waiting_until) for clock in (before, after)]
    return ends[0] != ends[1] or bool(clockwork.new_faults(before, after))


def _check_signed(case: Case, changed: Collection[str], *, by: User, was_replied: bool) -> None:
    """What passes a chain is not recorded here, nor put right but by who may sign its last step."""
    own = case.own_round
    if case.outcome and not was_replied and last_step(case, own):
        raise ValidationError({"outcome": "这个单位的答复须经审核签发，不能在更正中登记。"})
    sentence = not_last_signer(by, case, own)
    if sentence and (refused := {name: sentence for name in SIGNED if name in changed}):
        raise ValidationError(refused)


def _told(
    instance: Case | Applicant, changed: Mapping[str, list[Any]], hide: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Label → [before, after] as text; for hidden fields only that they changed."""
    return {
        _label(instance, name): "已更正" if name in hide else [as_text(value) for value in pair]
        for name, pair in changed.items()
    }


def as_text(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def _label(instance: Case | Applicant, name: str) -> str:
    field = instance._meta.get_field(name)
    assert isinstance(field, Field)  # AMENDABLE and APPLICANT_FIELDS name columns
    return str(field.verbose_name)
