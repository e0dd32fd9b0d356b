"""Enter and correct a review or suit (section four)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from cases import audit
from cases.models import Proceeding, User
from cases.permissions import Act, can
from cases.workflow.base import NotAllowed, Stale, changes, check_day, snapshot

FIELDS = ("department", "case", "kind", "docket", "filed_on", "result", "concluded_on", "remarks")


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
    if not can(by, Act.RECORD_PROCEEDING, proceeding.department):
        raise NotAllowed(f"您没有在{proceeding.department}登记复议诉讼的权限。")
    check_day("filed_on", proceeding.filed_on, today=today)
    check_day(
        "concluded_on",
        proceeding.concluded_on,
        today=today,
        not_before=proceeding.filed_on,
        which="立案日期",
    )
    if bool(proceeding.result) != bool(proceeding.concluded_on):
        field = "concluded_on" if proceeding.result else "result"
        raise ValidationError({field: "结果和审结日期要么都填，要么都不填。"})
    _check_case(proceeding)
    before = {}
    if proceeding.pk:
        stored = Proceeding.objects.select_for_update().get(pk=proceeding.pk)
        if version is not None and stored.version != version:
            raise Stale("您打开之后，这件复议诉讼已被别人改过。您填的内容还在，请对照后再提交。")
        before = snapshot(stored, FIELDS)
        proceeding.version = stored.version + 1
    else:
        proceeding.form_token = token
    proceeding.full_clean()
    proceeding.save()
    after = snapshot(proceeding, FIELDS)
    audit.record(
        by=by,
        act="更正复议诉讼" if before else "登记复议诉讼",
        target=proceeding,
        before={k: v[0] for k, v in changes(before, after).items()} if before else {},
        after={k: v[1] for k, v in changes(before, after).items()} if before else after,
    )
    return proceeding


def _check_case(proceeding: Proceeding) -> None:
    case = proceeding.case
    if case is None:
        return
    if case.department_id != proceeding.department_id:
        raise ValidationError({"case": "这件申请不是该单位办理的。"})
    if case.voided_on:
        raise ValidationError({"case": f"{case.number} 已作废。"})
    came_on = case.received_on or case.arrived_on
    if proceeding.filed_on and proceeding.filed_on < came_on:
        raise ValidationError({"filed_on": f"不能早于这件申请的收到日期 {came_on}。"})
