"""Who works a case: assign it, hand it over, accept it, send it back.

The organ that answers never changes (docs/statute.md, convention 10); who drafts and handles may.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from cases import notices
from cases.choices import EventKind
from cases.models import Case, Department, User
from cases.permissions import Act, can_for_organ, heir_of, organ_of, works_at
from cases.workflow.base import NotAllowed, Stale, begin, finish, require

MOST_AT_ONCE = 200  # cases handed over in one act


@transaction.atomic
def assign(
    case: Case,
    *,
    by: User,
    today: date,
    handler: User | None,
    drafting_department: Department | None = None,
    reason: str = "",
    version: int | None = None,
) -> Case:
    """Say which unit drafts the reply and who handles the case; the reason, if others did before.

    Raises `ValidationError` by field, or when nothing would change.
    """
    case = begin(case, Act.ASSIGN, by=by, today=today, version=version)
    unit = None if drafting_department == organ_of(case) else drafting_department
    if handler is None and unit is None:
        raise ValidationError({"handler": "请选择承办单位或者经办人。"})
    if (case.handler, case.drafting_department) == (handler, unit):
        raise ValidationError("承办单位和经办人都没有改变，没有分派。")
    _check_unit(case, unit, by)
    check_handler(case, handler, unit)
    return _put(case, handler, unit, by=by, today=today, reason=reason)


@transaction.atomic
def hand_over(
    cases: Iterable[tuple[int, int | None]], *, by: User, today: date, to: User, reason: str
) -> list[Case]:
    """Make `to` the handler of these cases, all or none; each is a key and the version seen.

    Their drafting units stay. Raises `ValidationError`, `NotAllowed` or `Stale`, naming the case.
    """
    seen = dict(sorted(cases))  # locked in one order, so that two of these never wait for another
    require({"reason": (reason.strip(), "移交原因")})
    if not seen:
        raise ValidationError("请勾选要移交的申请件。")
    if len(seen) > MOST_AT_ONCE:
        raise ValidationError(f"一次最多移交 {MOST_AT_ONCE} 件，请分几次移交。")
    return [
        _hand_over(case, seen[case.pk], by=by, today=today, to=to, reason=reason)
        for case in Case.objects.filter(pk__in=seen).order_by("pk")
    ]


@transaction.atomic
def accept(case: Case, *, by: User, today: date, version: int | None = None) -> Case:
    """The handler says that the case is theirs."""
    case = begin(case, Act.ACCEPT, by=by, today=today, version=version)
    finish(case, EventKind.ACCEPTED, by=by, on=today, text=f"{by}受理")
    return case


@transaction.atomic
def refuse_assignment(
    case: Case, *, by: User, today: date, reason: str, version: int | None = None
) -> Case:
    """The unit or clerk it was assigned to sends it back: it is nobody's again."""
    case = begin(case, Act.REFUSE_ASSIGNMENT, by=by, today=today, version=version)
    require({"reason": (reason.strip(), "退回原因")})
    data = {"before": _keys(case), "note": case.drafting_note, "reason": reason}
    case.handler = case.drafting_department = None
    case.drafting_note = ""  # what a ledger says of it stands in the event
    text = f"{by}退回分派：{reason}"
    finish(case, EventKind.ASSIGNMENT_REFUSED, by=by, on=today, text=text, data=data)
    return case


def _hand_over(
    case: Case, version: int | None, *, by: User, today: date, to: User, reason: str
) -> Case:
    try:
        case = begin(case, Act.ASSIGN, by=by, today=today, version=version)
    except Stale as error:
        raise Stale(f"{case.number}：{error}") from error
    except NotAllowed as error:
        raise NotAllowed(f"{case.number} 不能移交。{error}") from error
    if case.handler == to:
        raise ValidationError(f"{case.number} 已由{to}经办，请去掉勾选。")
    check_handler(case, to, case.drafting_department, field="to", number=f"{case.number}：")
    return _put(case, to, case.drafting_department, by=by, today=today, reason=reason)


def _put(
    case: Case,
    handler: User | None,
    unit: Department | None,
    *,
    by: User,
    today: date,
    reason: str,
) -> Case:
    before, who_before = _keys(case), _named(case.drafting_department, case.handler)
    replaced = _replaced(case.handler or case.drafting_note, handler) or _replaced(
        case.drafting_department, unit
    )
    if replaced:
        require({"reason": (reason.strip(), "移交原因")})
    case.handler, case.drafting_department = handler, unit
    who = _named(unit, handler)
    text = f"由{who_before or case.drafting_note}移交给{who}" if replaced else f"分派给{who}"
    text += f"：{reason}" if reason else ""
    kind = EventKind.HANDED_OVER if replaced else EventKind.ASSIGNED
    data = {**_keys(case), "before": before, "reason": reason}
    finish(case, kind, by=by, on=today, text=text, data=data)
    if case.handler_id != before["handler"]:
        notices.hand_on(case, today)
    return case


def _replaced(before: object, after: object) -> bool:
    """Somebody had it, and it is not the same any more."""
    return bool(before) and before != after


def _check_unit(case: Case, unit: Department | None, by: User) -> None:
    if unit == case.drafting_department:
        return
    if not can_for_organ(by, Act.ASSIGN, case):
        raise ValidationError(
            {"drafting_department": "承办单位由受理单位确定；不该由本单位承办的，请退回分派。"}
        )
    if unit and not unit.holds_cases:
        raise ValidationError({"drafting_department": "人民政府本身不承办，请选政府办公室。"})


def check_handler(
    case: Case,
    handler: User | None,
    unit: Department | None,
    *,
    field: str = "handler",
    number: str = "",
) -> None:
    """A handler holds a working role at the organ that answers or at the unit that drafts."""
    places = [place for place in (organ_of(case), heir_of(unit)) if place]
    if handler and not any(works_at(handler, place) for place in places):
        where = "、".join(map(str, places))
        raise ValidationError(
            {field: f"{number}{handler}在{where}没有经办人或者审核人的角色，不能经办这件申请。"}
        )


def _named(unit: Department | None, handler: User | None) -> str:
    """区住建局（经办员戊）, or either alone; "" for nobody."""
    if unit and handler:
        return f"{unit}（{handler}）"
    return str(handler or unit or "")


def _keys(case: Case) -> dict[str, int | None]:
    return {"handler": case.handler_id, "drafting_department": case.drafting_department_id}
