"""Deputies for a period of leave (AB角): entered by oneself or a supervisor; it ends by itself."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from cases import audit, notices
from cases.lookups import handlers_for
from cases.models import Deputy, User
from cases.models.deputy import DeputyQuerySet
from cases.permissions import ROLES, Act
from cases.querysets import reach
from cases.workdays import ONE_DAY
from cases.workflow import NotAllowed

LONGEST = timedelta(days=366)  # a longer absence is a change of post: its cases are handed over
NAMED, ENDED = "登记代理", "结束代理"


def absent_for(user: User) -> QuerySet[User]:
    """For whom `user` may name a deputy: themself, if they work cases, and whom they supervise."""
    reached = reach(user, "assignments__department__path", ROLES[Act.NAME_DEPUTY])
    workers = Q(assignments__role__in=ROLES[Act.ACCEPT])
    found = User.objects.filter(workers & (reached | Q(pk=user.pk)), is_active=True)
    return found.distinct().order_by("display_name", "pk")


def deputies_seen_by(user: User) -> DeputyQuerySet:
    """Those that `user` named or may end, and those in which they are the deputy."""
    seen = Q(user__in=absent_for(user)) | Q(deputy=user)
    return Deputy.objects.filter(seen).select_related("user", "deputy")


@transaction.atomic
def name_deputy(
    *, user: User, deputy: User, from_on: date, to_on: date, by: User, today: date
) -> Deputy:
    """`deputy` stands in for `user` from `from_on` to `to_on`, both days counted.

    Raises `ValidationError` by field, `NotAllowed` for somebody else's leave.
    """
    if not absent_for(by).filter(pk=user.pk).exists():
        raise NotAllowed(f"您不能为{user}登记代理。")
    _check_days(from_on, to_on, today=today)
    if user == deputy:
        raise ValidationError({"deputy": "代理人不能是本人，请选择一位同事。"})
    if not handlers_for(by).filter(pk=deputy.pk).exists():
        raise ValidationError({"deputy": f"{deputy}不是您单位的经办人或者审核人，不能代理。"})
    if not _work_together(user, deputy):
        sentence = f"{deputy}与{user}不在同一单位经办申请件，不能代理。"
        raise ValidationError({"deputy": sentence})
    list(User.objects.select_for_update().filter(pk=user.pk))  # one period after the other
    if other := user.absences.overlapping(from_on, to_on).select_related("deputy").first():
        raise ValidationError(
            {"from_on": f"{other.from_on} 至 {other.to_on} 已由{other.deputy}代理，日期不能重叠。"}
        )
    named = Deputy(user=user, deputy=deputy, from_on=from_on, to_on=to_on)
    named.full_clean()
    named.save()
    audit.record(by=by, act=NAMED, target=named, after=_told(named))
    return named


@transaction.atomic
def end_deputy(pk: int, *, by: User, today: date) -> Deputy:
    """Back early: from today on nobody stands in. What had not begun is taken out."""
    found = Deputy.objects.select_for_update(of=("self",)).select_related("user", "deputy")
    ended = found.filter(pk=pk).first()
    if ended is None:
        raise NotAllowed("这项代理已经取消。")
    if not absent_for(by).filter(pk=ended.user_id).exists():
        raise NotAllowed(f"您不能结束{ended.user}的代理。")
    if ended.to_on < today:
        raise NotAllowed(f"{ended} 已经结束。")
    before = _told(ended)
    audit.record(by=by, act=ENDED, target=ended, before=before, after={"on": today})
    notices.withdraw_of_deputy(ended.deputy, ended.user)
    if ended.from_on >= today:
        ended.delete()
    else:
        ended.to_on = today - ONE_DAY
        ended.save()
    return ended


def _work_together(user: User, deputy: User) -> bool:
    """Whether both work cases at one place, or one of them above the other."""
    here, there = (
        [held.path for held in each.held_roles if held.role in ROLES[Act.ACCEPT]]
        for each in (user, deputy)
    )
    return any(one.startswith(other) or other.startswith(one) for one in here for other in there)


def _check_days(from_on: date, to_on: date, *, today: date) -> None:
    if from_on < today:
        raise ValidationError({"from_on": "起日不能早于今天：已经办的事不能事后授权。"})
    if to_on < from_on:
        raise ValidationError({"to_on": f"止日不能早于起日 {from_on}。"})
    if to_on - from_on > LONGEST:
        raise ValidationError({"to_on": "一次代理最长一年；长期离岗的，请移交申请件。"})


def _told(deputy: Deputy) -> dict[str, object]:
    return {
        "user": deputy.user_id,
        "deputy": deputy.deputy_id,
        "from_on": deputy.from_on,
        "to_on": deputy.to_on,
    }
