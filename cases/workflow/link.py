"""Cases that belong together: split one, tie two, answer several with one letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from cases.choices import EventKind, LinkKind
from cases.models import Applicant, Case, CaseLink, Department, Event, User
from cases.permissions import Act, organ_of
from cases.personal import kept
from cases.workflow import clockwork
from cases.workflow.base import NotAllowed, begin, changes, finish, require
from cases.workflow.decide import reply
from cases.workflow.named import changed_words
from cases.workflow.register import enter
from cases.workflow.sealing import LateReasonNeeded
from cases.workflow.standing import standing

MOST_ITEMS = 20  # of one application; more than that is a matter of 条例35
COPIED = (
    "department",
    "channel",
    "oral",
    "arrived_on",
    "received_on",
    "purpose",
    "form_wanted",
    "delivery_wanted",
    "agent_name",
    "co_applicants",
    "drafting_department",
    "handler",
    "drafting_note",
)
ABOUT_REASONS = (EventKind.REASONS_ASKED, EventKind.REASONS_RECEIVED)  # 条例35


@transaction.atomic
def split(
    case: Case, *, by: User, today: date, items: Sequence[str], version: int | None = None
) -> Case:
    """Make each of `items` a case of its own: the first keeps this number, the rest get theirs.

    All have the applicant, the day of receipt and the course of the term so far in common, and each
    is counted (docs/statute.md, convention 5). Raises `ValidationError` on `items`.
    """
    case = begin(case, Act.SPLIT, by=by, today=today, version=version)
    parts = [item.strip() for item in items if item.strip()]
    if not 2 <= len(parts) <= MOST_ITEMS:
        raise ValidationError({"items": f"请写明 2 至 {MOST_ITEMS} 项，每项一件。"})
    if len(set(parts)) < len(parts):
        raise ValidationError({"items": "有两项的内容相同，请核对。"})
    facts = _of_the_whole(case.events.all())
    made = [_part(case, content, facts, by=by, today=today) for content in parts[1:]]
    before, case.content = case.content, parts[0]
    numbers = "、".join(new.number for new in made)
    changed = changes({"申请内容": before}, {"申请内容": case.content})
    text = f"拆分为 {len(parts)} 件：本件及 {numbers}"
    data = {"into": [new.pk for new in made]} | ({"changes": changed} if changed else {})
    finish(case, EventKind.SPLIT, by=by, on=today, text=text, data=data)
    return case


def _of_the_whole(events: Iterable[Event]) -> list[Event]:
    """What every part has behind it: the facts of the term, and the reasons that were asked for."""
    events = list(events)
    read = clockwork.standing_facts(events) + clockwork.moves_by_schedule(events)
    facts = {event.pk for event in read}
    return [e for e in standing(events) if e.pk in facts or e.kind in ABOUT_REASONS]


def _part(case: Case, content: str, facts: Sequence[Event], *, by: User, today: date) -> Case:
    """A new case out of `case`, with what happened to the whole before; of the same organ, so that
    each goes where the whole would have gone after a succession."""
    draft = Case(content=content, **{name: getattr(case, name) for name in COPIED})
    new = enter(draft, _copy_of(case.applicant), by=by, today=today)
    for fact in facts:
        new.events.create(
            kind=fact.kind, on=fact.on, text=kept(fact.text), data=_data_of(fact), by=fact.by
        )
    CaseLink.objects.create(earlier=case, later=new, kind=LinkKind.SPLIT)
    text = f"由 {case.number} 拆分而来"
    finish(new, EventKind.SPLIT, by=by, on=today, text=text, data={"from": case.pk})
    return new


def _data_of(fact: Event) -> dict[str, Any]:
    """Keys of events name those of the other case, and what was put right was so there."""
    own = ("supersedes", "first", "changes")
    return {name: kept(value) for name, value in fact.data.items() if name not in own}


def _copy_of(applicant: Applicant) -> Applicant:
    """Each case has its own, to be put right by itself."""
    names = ("kind", "name", "credit_code", "legal_representative", "contact_name")
    return Applicant(**{name: getattr(applicant, name) for name in (*names, *Applicant.PERSONAL)})


@transaction.atomic
def link(
    case: Case,
    *,
    by: User,
    today: date,
    number: str,
    kind: str,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Tie `case` to another of its organ, or of one that this has succeeded, found by `number`: as
    its repeat, or as related.

    A repeat is one of an earlier case (条例36(6)). Raises `ValidationError` by field.
    """
    case = begin(case, Act.LINK, by=by, today=today, version=version)
    require({"number": (number.strip(), "另一件的编号"), "kind": (kind, "关联方式")})
    organ = organ_of(case)
    organs = {case.department_id, organ.pk}
    old = Department.objects.gone_to(organs, by=today)
    there = Q(department__in=organs) | Q(department__in=old)
    found = Case.objects.filter(there, number=number.strip())
    other = found.order_by("-number_year").first()
    if other is None:
        raise ValidationError({"number": f"{organ}没有编号为“{number.strip()}”的申请件。"})
    _check_pair(case, other, kind)
    first, second = sorted((case, other), key=lambda each: (each.arrived_on, each.pk))
    made = CaseLink.objects.create(earlier=first, later=second, kind=kind)
    said = f"：{note.strip()}" if note.strip() else ""
    what = f"与 {other.number} 的内容重复" if kind == LinkKind.REPEAT else f"与 {other.number} 相关"
    data = {"link": made.pk, "other": other.pk, "kind": str(kind)}
    finish(case, EventKind.LINKED, by=by, on=today, text=f"关联：{what}{said}", data=data)
    return case


def _check_pair(case: Case, other: Case, kind: str) -> None:
    if other.pk == case.pk:
        raise ValidationError({"number": "这是本件的编号，请填另一件的。"})
    if other.voided_on:
        raise ValidationError({"number": f"{other.number} 已作废。"})
    if CaseLink.objects.filter(_between(case, other)).exists():
        raise ValidationError({"number": f"与 {other.number} 已经关联。"})
    later = (other.arrived_on, other.pk) > (case.arrived_on, case.pk)
    if kind == LinkKind.REPEAT and later:
        sentence = f"{other.number} 在本件之后到件，请在那一件的页面登记重复。"
        raise ValidationError({"number": sentence})


def _between(case: Case, other: Case) -> Q:
    return Q(earlier=case, later=other) | Q(earlier=other, later=case)


@transaction.atomic
def unlink(
    case: Case, *, by: User, today: date, link: int, reason: str, version: int | None = None
) -> Case:
    """Undo a link made by mistake; both cases say so in their courses.

    Of a split it is the tie that goes: each part stays a case of its own.
    """
    found = CaseLink.objects.of(case).filter(pk=link).first()
    _lock([case.pk, *([found.other_than(case).pk] if found else ())])
    case = begin(case, Act.UNLINK, by=by, today=today, version=version)
    require({"reason": (reason.strip(), "解除原因")})
    found = CaseLink.objects.of(case).filter(pk=link).first()
    if found is None:
        raise ValidationError({"link": "这一关联已经解除，请重新选择。"})
    found.delete()
    other = found.other_than(case)
    for one, that in ((case, other), (other, case)):
        data = {"link": link, "other": that.pk, "kind": found.kind}
        text = f"解除与 {that.number} 的关联（{found.get_kind_display()}）：{reason.strip()}"
        finish(one, EventKind.UNLINKED, by=by, on=today, text=text, data=data)
    return case


def _lock(cases: Iterable[int]) -> None:
    """In one order, lest two acts on the same cases wait for each other."""
    locked = Case.objects.select_for_update().filter(pk__in=cases).order_by("pk")
    list(locked.values_list("pk"))


@transaction.atomic
def reply_together(
    case: Case,
    *,
    by: User,
    today: date,
    also: Mapping[int, int | None] | None = None,
    version: int | None = None,
    **letter: Any,
) -> Case:
    """Answer `case`, and with the same letter those of `also` (key → the version that was seen).
    A draft that was signed names them itself.

    All or none; each has its own event. What is wrong with another case is said on `also`.
    """
    signed = case.live_round
    if signed and (changed := changed_words(signed)):
        raise ValidationError({"also": changed})
    in_draft = signed.also if signed else {}
    also = dict.fromkeys(in_draft) | {**(also or {})}
    wanted = [case.pk, *also]
    _lock(wanted)
    letter["together"] = wanted
    case = reply(case, by=by, today=today, version=version, **letter)
    others = Case.objects.filter(pk__in=also).select_related("applicant").order_by("pk")
    for other in others:
        if other.department_id != case.department_id:
            raise ValidationError({"also": f"{other.number} 不是{case.department}的申请件。"})
        try:
            through = signed if other.pk in in_draft else None
            reply(other, by=by, today=today, version=also[other.pk], signed=through, **letter)
        except LateReasonNeeded:
            raise
        except ValidationError as error:
            raise ValidationError(
                {"also": f"{other.number}：{'；'.join(error.messages)}"}
            ) from error
        except NotAllowed as error:
            raise ValidationError({"also": f"{other.number}：{error}"}) from error
    return case
