"""End a case without a reply: the applicant withdraws, or lets a term of theirs pass."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cases.choices import EventKind, Outcome, WithdrawalManner
from cases.models import Case, User
from cases.permissions import Act
from cases.workflow.base import begin, check_day, finish, require
from cases.workflow.grounds import check_grounds, check_order
from cases.workflow.matching import replies_of
from cases.workflow.papers import strike_letters
from cases.workflow.signoff import drop_round

NOT_SENT = "没有发出：本件没有答复即已办结"


@transaction.atomic
def withdraw(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    how: str,
    note: str = "",
    version: int | None = None,
) -> Case:
    """The applicant took the application back: nothing is served, it counts in （六）3."""
    case = begin(case, Act.WITHDRAW, by=by, today=today, version=version)
    require({"on": (on, "撤回日期"), "how": (how, "撤回方式")})
    assert on is not None  # required above
    text = f"申请人撤回申请（{WithdrawalManner(how).label}）"
    return end_unanswered(
        case, Outcome.WITHDRAWN, by=by, today=today, on=on, text=_with_note(text, note)
    )


def end_unanswered(
    case: Case, outcome: Outcome, *, by: User, today: date, on: date, text: str
) -> Case:
    """Close `case`, which its act has begun, on the day of the decision not to go on.

    Without a way of service: there is no reply to serve. Nor is there one to review, so that no
    chain asks for it (条例17); an organ that wants it reviewed drafts a reply of that outcome. A
    draft on its way ends with the case, and a 答复书 that says otherwise is withdrawn: it was not
    sent.
    """
    check_day("on", on, today=today, not_before=case.received_on)
    events = list(case.events.all())
    check_order(case, on, events, field="on")
    check_grounds(case, outcome, on, events, field="on")
    data: dict[str, object] = {"outcome": outcome.value}
    if round_ := case.live_round:
        dropped = drop_round(case, today=today)
        text += f"；第 {round_.number} 次送审" + ("随之终止" if dropped else "已签发，没有使用")
        data["round"] = round_.number  # `Case.own_round`: nothing rests on it
    made = [it for it in replies_of(case)[0].standing_letters if it.outcome != outcome]
    if unsent := strike_letters(made, today, NOT_SENT):
        text += "；已制作的答复书没有发出，随之撤下"
        data["documents"] = [document.pk for document in unsent]
    case.outcome, case.closed_on = outcome, on
    finish(case, EventKind.REPLIED, by=by, on=on, text=text, data=data)
    return case


def _with_note(text: str, note: str) -> str:
    return f"{text}：{note.strip()}" if note.strip() else text
