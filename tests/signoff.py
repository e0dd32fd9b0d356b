"""A department's chain, and drafts on their way through it, as clerks and reviewers make them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from cases import workflow
from cases.choices import Outcome, Role, Signers, SignOffKind
from cases.models import Case, Department, User
from cases.workflow import WantedStep
from tests.makers import TODAY, hand_of, make_user

REASONS = "经检索本局档案及电子台账，未找到所申请的信息。"


def make_chain(
    department: Department,
    *kinds: SignOffKind,
    who: Signers = Signers.HEADS,
    signers: Sequence[User] = (),
    by: User | None = None,
) -> None:
    """`department`'s replies pass these steps, 法制审核 and 领导签发 unless others are named."""
    wanted = [
        WantedStep(kind, who, signers) for kind in kinds or (SignOffKind.LEGAL, SignOffKind.LEADER)
    ]
    by = by or make_user(Role.SUPERVISOR, department)
    workflow.set_chain(department, by=by, steps=wanted)


def draft(case: Case, *, by: User | None = None, today: date = TODAY, **fields: Any) -> Case:
    said = {"outcome": Outcome.NOT_EXIST, "reply_reasons": REASONS} | fields
    return workflow.save_draft(case, by=by or hand_of(case.department), today=today, **said)


def submitted(case: Case, *, by: User | None = None, today: date = TODAY, **fields: Any) -> Case:
    """`case` with its draft handed to the first step."""
    draft(case, by=by, today=today, **fields)
    return workflow.submit(case, by=by or hand_of(case.department), today=today)


def signed(case: Case, *, by: User | None = None, today: date = TODAY, **fields: Any) -> Case:
    """As above, and every step of the chain signed."""
    case = submitted(case, by=by, today=today, **fields)
    while Case.objects.get(pk=case.pk).waiting_step:
        case = workflow.sign(case, by=by or hand_of(case.department), today=today)
    return Case.objects.get(pk=case.pk)
