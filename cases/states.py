"""Where a case stands on a day, in the words of the lists: a function of facts, never stored."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, TextChoices

from cases.choices import Stage, Waiting
from cases.models import Case
from cases.querysets import stopped


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
        if case.stage != Stage.OPEN:
            return cls(case.stage)
        if is_stopped(case, on):
            return cls(case.waiting_for)
        return cls.IN_PROGRESS if case.handler_id or case.drafting_note else cls.UNASSIGNED

    def condition(self, on: date) -> Q:
        """The same question put to the database."""
        if self in {State.CORRECTION, State.CONSULTATION, State.FEE}:
            return Q(stage=Stage.OPEN, waiting_for=self.value) & stopped(on)
        if self in {State.UNASSIGNED, State.IN_PROGRESS}:
            unassigned = Q(handler=None, drafting_note="")
            taken = unassigned if self == State.UNASSIGNED else ~unassigned
            return Q(stage=Stage.OPEN) & ~stopped(on) & taken
        return Q(stage=self.value)


def is_stopped(case: Case, on: date) -> bool:
    """As `querysets.stopped`, for a case at hand."""
    if case.waiting_for == Waiting.CONSULTATION and case.waiting_until:
        return case.waiting_until >= on
    return bool(case.waiting_for)
