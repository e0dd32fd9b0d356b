"""Enter and correct a review or suit (section four)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from cases import audit, notices
from cases.choices import ProceedingKind, ProceedingResult, Ruling
from cases.models import Proceeding, User
from cases.models.calendar import load_calendar
from cases.permissions import can_record, organ_of
from cases.workflow import sealing
from cases.workflow.base import NotAllowed, Stale, changes, check_day, snapshot
from cases.workflow.refusals import FIRST_REVOKE

OF_THIS_CASE = "已登记责令重新答复，不能改为另一件申请。"
FIELDS = (
    "department",
    "case",
    "kind",
    "docket",
    "filed_on",
    "received_on",
    "procedure",
    "defence_sent_on",
    "ruling",
    "result",
    "concluded_on",
    "remarks",
)


@transaction.atomic
def record_proceeding(
    proceeding: Proceeding,
    *,
    by: User,
    today: date,
    token: UUID | None = None,
    version: int | None = None,
) -> Proceeding:
    """Store a new proceeding or the corrected one; raises `ValidationError` by field."""
    if token and (already := Proceeding.objects.filter(form_token=token).first()):
        return already
    if not can_record(by, proceeding):
        raise NotAllowed(f"您没有在{organ_of(proceeding)}登记复议诉讼的权限。")
    _check_days(proceeding, today=today)
    _check_words(proceeding)
    _check_case(proceeding, today=today)
    _check_respondent(proceeding)
    before, counted = {}, None
    if proceeding.pk:
        stored = Proceeding.objects.select_for_update().get(pk=proceeding.pk)
        if version is not None and stored.version != version:
            raise Stale("您打开之后，这件复议诉讼已被别人改过。您填的内容还在，请对照后再提交。")
        before, counted = snapshot(stored, FIELDS), sealing.of_proceeding(stored)
        _keep_order(stored, proceeding)
        proceeding.version = stored.version + 1
    else:
        proceeding.form_token = token
    proceeding.full_clean()
    late = sealing.late(counted, sealing.of_proceeding(proceeding))
    proceeding.save()
    late.note(by=by, proceeding=proceeding.pk)
    _withdraw_notices(proceeding)
    after = snapshot(proceeding, FIELDS)
    changed = changes(before, after) if before else {}
    audit.record(
        by=by,
        act="更正复议诉讼" if before else "登记复议诉讼",
        target=proceeding,
        before={k: v[0] for k, v in changed.items()},
        after=({k: v[1] for k, v in changed.items()} if before else after) | late.data,
    )
    return proceeding


def _withdraw_notices(proceeding: Proceeding) -> None:
    owed = proceeding.defence_sent_on is None and proceeding.concluded_on is None
    term = proceeding.defence_due(load_calendar()) if owed else None
    notices.withdraw_of_answer(proceeding, term.ends_on if term else None)


def _check_days(proceeding: Proceeding, *, today: date) -> None:
    filed, received = proceeding.filed_on, proceeding.received_on
    check_day("filed_on", filed, today=today)
    check_day("received_on", received, today=today, not_before=filed, which="立案日期")
    sent = proceeding.defence_sent_on
    if sent and not received:
        raise ValidationError({"received_on": "请填写收到通知日期，提交的期限从它的次日起算。"})
    check_day("defence_sent_on", sent, today=today, not_before=received, which="收到通知日期")
    ended = proceeding.concluded_on
    check_day("concluded_on", ended, today=today, not_before=filed, which="立案日期")


def _check_words(proceeding: Proceeding) -> None:
    """What was decided, and in which procedure, agrees with the rest."""
    if bool(proceeding.result) != bool(proceeding.concluded_on):
        field = "concluded_on" if proceeding.result else "result"
        raise ValidationError({field: "结果和审结日期要么都填，要么都不填。"})
    ruling = Ruling(proceeding.ruling) if proceeding.ruling else None
    if ruling and ruling.result != proceeding.result:
        said = f"“{ruling.label}”计入{ruling.result.label}，与所选的不一致。"
        raise ValidationError({"result": said})
    if proceeding.procedure and proceeding.kind != ProceedingKind.REVIEW:
        raise ValidationError({"procedure": "普通程序、简易程序只用于行政复议，诉讼请留空。"})


def _check_case(proceeding: Proceeding, *, today: date) -> None:
    case = proceeding.case
    if case is None:
        return
    if proceeding.department.heir_on(today) != case.department.heir_on(today):
        raise ValidationError({"case": "这件申请不是该单位办理的。"})
    if case.voided_on:
        raise ValidationError({"case": f"{case.number} 已作废。"})
    came_on = case.received_on or case.arrived_on
    if proceeding.filed_on and proceeding.filed_on < came_on:
        raise ValidationError({"filed_on": f"不能早于这件申请的收到日期 {came_on}。"})


def _check_respondent(proceeding: Proceeding) -> None:
    """On the day of filing, the organ whose act is challenged, or what had succeeded it by then
    (行政复议法19, 行政诉讼法26): by that day section four counts it."""
    case, filed_on = proceeding.case, proceeding.filed_on
    respondent = (case or proceeding).department.heir_on(filed_on)
    if proceeding.department != respondent:
        sentence = f"{filed_on} 立案的，被申请（被告）单位是{respondent}。"
        raise ValidationError({"department": sentence})


def _keep_order(stored: Proceeding, proceeding: Proceeding) -> None:
    """What ordered a new reply stays an ended one, of the same case."""
    if stored.ordered_on is None:
        return
    if proceeding.concluded_on is None:
        raise ValidationError({"concluded_on": "已登记责令重新答复，不能改为尚未审结。"})
    if refusal := against_order(stored, proceeding.concluded_on, proceeding.result):
        raise ValidationError(refusal)
    if proceeding.case_id != stored.case_id:
        raise ValidationError({"case": OF_THIS_CASE})


def against_order(stored: Proceeding, concluded_on: date | None, result: str) -> dict[str, str]:
    """What of an end would not go with the new reply that it has ordered, by field."""
    found: dict[str, str] = {}
    if stored.ordered_on and concluded_on and concluded_on > stored.ordered_on:
        found["concluded_on"] = f"不能晚于收到决定、判决的日期 {stored.ordered_on}。"
    if stored.ordered_on and result == ProceedingResult.UPHELD:
        upheld = ProceedingResult.UPHELD.label
        found["result"] = f"已登记责令重新答复，不能改为“{upheld}”；{FIRST_REVOKE}。"
    return found
