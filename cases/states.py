"""Where a case stands on a day, in the words of the lists: a function of facts, never stored."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from django.db.models import Q, TextChoices

from cases.choices import Stage, Waiting
from cases.list_place import CLOSED_FROM, VOIDED_FROM
from cases.models import Case
from cases.querysets import TO_DO, TO_SERVE, stopped


class Standing(Protocol):
    """A case, or as much of one as says where it stands."""

    @property
    def stage(self) -> str: ...
    @property
    def waiting_for(self) -> str: ...
    @property
    def waiting_until(self) -> date | None: ...


class State(TextChoices):
    UNCONFIRMED = "unconfirmed", "待确认"
    UNASSIGNED = "unassigned", "未分派"
    IN_PROGRESS = "in_progress", "办理中"
    CORRECTION = "correction", "等待补正"
    CONSULTATION = "consultation", "征求意见中"
    FEE = "fee", "等待缴费"
    UNSERVED = "unserved", "待送达"
    CLOSED = "closed", "已办结"
    VOID = "void", "已作废"

    @classmethod
    def of(cls, case: Case, on: date) -> State:
        if case.stage == Stage.CLOSED and case.again_replied_on:
            return cls.UNSERVED
        return cls.said_by(case, on, taken=bool(case.handler_id or case.drafting_note))

    @classmethod
    def said_by(cls, columns: Standing, on: date, *, taken: bool) -> State:
        """As above, by the columns alone; `taken` is whether anybody works on it."""
        if columns.stage != Stage.OPEN:
            return cls(columns.stage)
        if is_stopped(columns, on):
            return cls(columns.waiting_for)
        return cls.IN_PROGRESS if taken else cls.UNASSIGNED

    def condition(self, on: date) -> Q:
        """The same question put to the database."""
        if self in {State.CORRECTION, State.CONSULTATION, State.FEE}:
            return TO_DO & Q(stage=Stage.OPEN, waiting_for=self.value) & stopped(on)
        if self in {State.UNASSIGNED, State.IN_PROGRESS}:
            unassigned = Q(handler=None, drafting_note="")
            taken = unassigned if self == State.UNASSIGNED else ~unassigned
            return TO_DO & Q(stage=Stage.OPEN) & ~stopped(on) & taken
        if self == State.UNSERVED:
            # From their own index, whatever else is asked: the order of a list would be gone
            # through until a page of them is full.
            return Q(pk__in=Case.objects.order_by().filter(TO_SERVE).values("pk"))
        if self == State.CLOSED:
            return Q(list_place__gte=CLOSED_FROM, list_place__lt=VOIDED_FROM)
        if self == State.VOID:
            return Q(list_place__gte=VOIDED_FROM)
        return TO_DO & Q(stage=self.value)


def is_stopped(case: Standing, on: date) -> bool:
    """As `querysets.stopped`, for a case at hand."""
    if case.waiting_for == Waiting.CONSULTATION and case.waiting_until:
        return case.waiting_until >= on
    return bool(case.waiting_for)


def is_ticking(case: Standing, on: date) -> bool:
    """As `querysets.ticking`."""
    return case.stage in {Stage.OPEN, Stage.UNSERVED} and not is_stopped(case, on)
