"""The one table of acts: from where each starts, and what else must be so for it.

The buttons of a case, the pages behind them and the acts themselves all ask here, so that what is
not offered is refused too, with the same sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cases.choices import EventKind, ServiceMethod, Stage, Waiting
from cases.clock import Clock
from cases.models import Case, Event
from cases.permissions import Act
from cases.workflow.consultations import Consultation, consultations_of
from cases.workflow.fee_notice import fee_of


class Situation(NamedTuple):
    """A case on a day, as far as the rules ask."""

    case: Case
    clock: Clock
    events: Sequence[Event]  # all of them, in their order
    on: date

    def has(self, *kinds: EventKind) -> bool:
        return any(event.kind in kinds for event in self.events)

    def reasons_are(self, *, reasonable: bool) -> bool:
        """Whether reasons were given, and found so (条例第三十五条)."""
        given = (event for event in self.events if event.kind == EventKind.REASONS_RECEIVED)
        return any(event.data["reasonable"] is reasonable for event in given)


def always(situation: Situation) -> str:
    return ""


ASSIGNMENTS = frozenset({EventKind.ASSIGNED, EventKind.HANDED_OVER})
_TAKEN_UP = ASSIGNMENTS | {EventKind.ACCEPTED, EventKind.ASSIGNMENT_REFUSED}


def not_accepted(situation: Situation) -> Event | None:
    """The assignment to the handler that they have not accepted yet; who takes a case has."""
    handler = situation.case.handler_id
    last = next((event for event in reversed(situation.events) if event.kind in _TAKEN_UP), None)
    if handler is None or last is None or last.kind not in ASSIGNMENTS or last.by_id == handler:
        return None
    return last if last.data.get("handler") == handler else None


def _nothing_to_accept(situation: Situation) -> str:
    return "" if not_accepted(situation) else f"{situation.case.number} 没有等待受理的分派。"


def _nothing_to_refuse(situation: Situation) -> str:
    case = situation.case
    assigned = case.handler_id or case.drafting_department_id
    return "" if assigned else f"{case.number} 没有分派给任何单位或者经办人，不用退回。"


@dataclass(frozen=True, slots=True)
class ActRule:
    """From which stages an act starts, what its button says, and the article behind it.

    `refusal` says why the act is out of place all the same, "" if it is not. Acts that are `aside`
    stand under 其他办理. What is done `within_term` goes there once the due day has passed: it can
    only be recorded later then, by the day on which it was done.
    """

    label: str
    stages: frozenset[Stage]
    article: str = ""
    refusal: Callable[[Situation], str] = always
    aside: bool = False
    within_term: bool = False

    def stands_aside(self, situation: Situation) -> bool:
        ends_on = situation.clock.ends_on
        past_due = ends_on is not None and situation.on > ends_on
        return self.aside or (self.within_term and past_due)

    def out_of_place(self, situation: Situation) -> str:
        """Why the act has no place here, as a sentence; "" if it has."""
        case = situation.case
        if case.stage not in self.stages:
            return f"{case.number} {Stage(case.stage).label}，不能{self.label}。"
        return self.refusal(situation)


def _asked_of_applicant(situation: Situation) -> str:
    """A correction or a fee is waited for: no term runs that an act could touch."""
    number, waiting = situation.case.number, situation.clock.waiting_for
    awaited = {Waiting.CORRECTION: "补正", Waiting.FEE: "缴费"}
    return f"{number} 正在等待申请人{awaited[Waiting(waiting)]}。" if waiting in awaited else ""


def _correction_asked(situation: Situation) -> str:
    if situation.has(EventKind.CORRECTION_ASKED):
        return f"{situation.case.number} 已经要求过补正，补正只能要求一次（条例第三十条）。"
    return _asked_of_applicant(situation)


def _no_correction_awaited(situation: Situation) -> str:
    awaited = situation.clock.waiting_for == Waiting.CORRECTION
    return "" if awaited else f"{situation.case.number} 现在没有在等待补正。"


def _extended(situation: Situation) -> str:
    number, clock = situation.case.number, situation.clock
    if clock.extended_by:
        return f"{number} 这一次期限已经延长过，延期只能一次（条例第三十三条）。"
    return _delayed(situation)


def _delayed(situation: Situation) -> str:
    number, delayed_to = situation.case.number, situation.clock.delayed_to
    if delayed_to:
        return f"{number} 已告知延迟至 {delayed_to} 答复（条例第三十五条）。"
    return _asked_of_applicant(situation)


def _reasons_asked(situation: Situation) -> str:
    asked = situation.has(EventKind.REASONS_ASKED)
    return f"{situation.case.number} 已经要求申请人说明过理由。" if asked else ""


def _no_reasons_awaited(situation: Situation) -> str:
    asked = situation.has(EventKind.REASONS_ASKED)
    if asked and not situation.has(EventKind.REASONS_RECEIVED):
        return ""
    return f"{situation.case.number} 现在没有在等待申请人说明理由。"


def _no_good_reasons(situation: Situation) -> str:
    if not situation.reasons_are(reasonable=True):
        number = situation.case.number
        return f"{number} 还没有收到合理的理由说明，不能延迟答复（条例第三十五条）。"
    return _delayed(situation)


def whole_while_nothing_is_waited_for(situation: Situation) -> str:
    """A case is not split while a letter about the whole is out, nor once a fee was asked for it:
    neither could be told apart afterwards."""
    case = situation.case
    if situation.clock.waiting_for:
        waiting = Waiting(situation.clock.waiting_for).label
        return f"{case.number} {waiting}，有了结果再拆分。"
    if situation.has(EventKind.FEE_ASKED):
        return f"{case.number} 已通知缴费，不能再拆分。"
    return ""


def only_what_was_asked_is_answered(situation: Situation) -> str:
    asked, answered = (
        sum(event.kind == kind for event in situation.events)
        for kind in (EventKind.SECTION_ASKED, EventKind.SECTION_ANSWERED)
    )
    return "" if asked > answered else f"{situation.case.number} 没有等待答复的科室征询。"


def _consultations(situation: Situation) -> list[Consultation]:
    calendar = situation.clock.calendar
    return consultations_of(situation.case, situation.events, calendar) if calendar else []


def _no_letter_to_deliver(situation: Situation) -> str:
    undelivered = (asked.awaits_delivery for asked in _consultations(situation))
    return "" if any(undelivered) else f"{situation.case.number} 没有还未登记送达的征求意见函。"


def _no_opinion_awaited(situation: Situation) -> str:
    awaited = (asked.is_open for asked in _consultations(situation))
    return "" if any(awaited) else f"{situation.case.number} 没有还在征求的意见。"


def _no_silence_to_note(situation: Situation) -> str:
    passed = (asked.awaits_note_of_lapse(situation.on) for asked in _consultations(situation))
    return "" if any(passed) else f"{situation.case.number} 没有期限已过、还未记录的意见。"


def _no_wait_to_end(situation: Situation) -> str:
    endless = (asked.can_be_ended() for asked in _consultations(situation))
    number = situation.case.number
    why = f"{number} 没有还在等待的其他机关意见；第三方和共同制作机关的，期满自行结束。"
    return "" if any(endless) else why


def _no_fee_to_ask(situation: Situation) -> str:
    if situation.has(EventKind.FEE_ASKED):
        return f"{situation.case.number} 已经通知过缴费，只通知一次。"
    return _asked_of_applicant(situation)


def _no_fee_awaited(situation: Situation) -> str:
    if situation.clock.waiting_for != Waiting.FEE:
        return f"{situation.case.number} 现在没有在等待缴费。"
    fee = fee_of(situation.events)
    return f"{situation.case.number} 的缴费已经登记。" if fee is None or fee.paid_on else ""


def _no_notice_to_deliver(situation: Situation) -> str:
    if situation.clock.waiting_for != Waiting.FEE:
        return f"{situation.case.number} 现在没有在等待缴费。"
    fee = fee_of(situation.events)
    delivered = fee is None or fee.delivered_on
    return f"{situation.case.number} 的收费通知已经登记送达。" if delivered else ""


def _no_fee_to_give_up(situation: Situation) -> str:
    until = situation.clock.waiting_until
    if situation.clock.waiting_for != Waiting.FEE or until is None:
        return f"{situation.case.number} 现在没有在等待缴费。"
    if situation.on <= until:
        return f"缴费期限到 {until}，期满之后才能按逾期未缴费办结。"
    return ""


def _not_ordered(situation: Situation) -> str:
    """Only a decision that did not uphold the first reply can order another."""
    if situation.case.proceedings.may_order_again().exists():
        return ""
    number = situation.case.number
    return f"{number} 没有已审结、可以责令重新答复的复议或诉讼，请先登记它的结果。"


def _nothing_to_reply_again(situation: Situation) -> str:
    if situation.case.again_until:
        return ""
    return f"{situation.case.number} 没有待执行的责令重新答复，不能重新答复。"


def _not_settled(situation: Situation) -> str:
    """Answered and served: while it is to be replied again, its folder is not whole."""
    if situation.case.again_until:
        return f"{situation.case.number} 正在重新办理，重新答复后再归档。"
    return ""


def _not_in_the_post(situation: Situation) -> str:
    """A reply that was posted, and of which nothing came back yet."""
    case = situation.case
    if case.service_method != ServiceMethod.POST or case.served_on is None:
        return f"{case.number} 不是邮寄送达的，没有邮件可以登记。"
    about_mail = (EventKind.SERVED, EventKind.MAIL_RETURNED, EventKind.MAIL_SIGNED)
    latest = max(
        (event for event in situation.events if event.kind in about_mail),
        key=lambda event: event.pk,
        default=None,
    )
    if latest and latest.kind == EventKind.MAIL_SIGNED:
        return f"{case.number} 的邮件已登记妥投（{latest.on}）。"
    return ""


_OPEN = frozenset({Stage.OPEN})
_WORKED = frozenset({Stage.UNCONFIRMED, Stage.OPEN, Stage.UNSERVED})
_CLOSED = frozenset({Stage.CLOSED})
_ANSWERED = frozenset({Stage.UNSERVED, Stage.CLOSED})
_LIVE = frozenset({Stage.UNCONFIRMED, Stage.OPEN, Stage.UNSERVED, Stage.CLOSED})
_RECEIVED = _LIVE - {Stage.UNCONFIRMED}

# In the order of the buttons: the first that is offered is the main one.
ACTS: dict[Act, ActRule] = {
    Act.CONFIRM: ActRule("确认收到", frozenset({Stage.UNCONFIRMED}), "第三十一条"),
    Act.RECEIVE_FEE: ActRule("登记缴费", _OPEN, "第四十二条", refusal=_no_fee_awaited),
    Act.GIVE_UP_FEE: ActRule("按逾期未缴费办结", _OPEN, "第四十二条", refusal=_no_fee_to_give_up),
    Act.RECEIVE_CORRECTION: ActRule("登记补正", _OPEN, "第三十条", refusal=_no_correction_awaited),
    Act.GIVE_UP_CORRECTION: ActRule(
        "按逾期不补正办结", _OPEN, "第三十条", refusal=_no_correction_awaited
    ),
    Act.RECEIVE_REASONS: ActRule("登记理由说明", _OPEN, "第三十五条", refusal=_no_reasons_awaited),
    Act.ACCEPT: ActRule("受理", _WORKED, refusal=_nothing_to_accept),
    Act.REPLY: ActRule("答复", _OPEN, "第三十三条"),
    Act.ASK_CORRECTION: ActRule(
        "要求补正", _OPEN, "第三十条", refusal=_correction_asked, within_term=True
    ),
    Act.CONSULT: ActRule("征求意见", _OPEN, "第三十二条"),
    Act.RECEIVE_OPINION: ActRule("登记意见", _OPEN, "第三十二条", refusal=_no_opinion_awaited),
    Act.LAPSE_CONSULTATION: ActRule(
        "记录逾期未答", _OPEN, "第三十二条", refusal=_no_silence_to_note
    ),
    Act.EXTEND: ActRule("延期", _OPEN, "第三十三条", refusal=_extended, within_term=True),
    Act.DELAY: ActRule(
        "确定延迟答复日期", _OPEN, "第三十五条", refusal=_no_good_reasons, within_term=True
    ),
    Act.ASK_FEE: ActRule("通知缴费", _OPEN, "第四十二条", refusal=_no_fee_to_ask),
    Act.SERVE: ActRule("登记送达", frozenset({Stage.UNSERVED}), "国办公开办函〔2016〕235号"),
    Act.DELIVER_CONSULTATION: ActRule(
        "登记意见函送达", _OPEN, "第三十二条", refusal=_no_letter_to_deliver, aside=True
    ),
    Act.DELIVER_FEE_NOTICE: ActRule(
        "登记收费通知送达", _OPEN, "第四十二条", refusal=_no_notice_to_deliver, aside=True
    ),
    Act.END_CONSULTATION: ActRule(
        "不再等待意见", _OPEN, "第三十三条", refusal=_no_wait_to_end, aside=True
    ),
    Act.ASK_REASONS: ActRule(
        "要求说明理由", _OPEN, "第三十五条", refusal=_reasons_asked, aside=True
    ),
    Act.WITHDRAW: ActRule("登记撤回", _OPEN, aside=True),
    Act.ASSIGN: ActRule("分派", _WORKED, aside=True),
    Act.REFUSE_ASSIGNMENT: ActRule("退回分派", _WORKED, refusal=_nothing_to_refuse, aside=True),
    Act.KEEP_DOCUMENT: ActRule("存入材料", _LIVE, aside=True),
    Act.WITHDRAW_DOCUMENT: ActRule("撤下材料", _LIVE, aside=True),
    Act.REPLY_AGAIN: ActRule(
        "重新答复",
        _ANSWERED,
        "行政复议法第七十七条、行政诉讼法第九十四条",
        refusal=_nothing_to_reply_again,
    ),
    Act.SIGN_MAIL: ActRule(
        "登记妥投", _CLOSED, "国办公开办函〔2016〕235号", refusal=_not_in_the_post, aside=True
    ),
    Act.RETURN_MAIL: ActRule(
        "登记退件", _CLOSED, "国办公开办函〔2016〕235号", refusal=_not_in_the_post, aside=True
    ),
    Act.REOPEN: ActRule(
        "登记重新办理",
        _ANSWERED,
        "行政复议法第六十四条、行政诉讼法第七十条",
        refusal=_not_ordered,
        aside=True,
    ),
    Act.ARCHIVE: ActRule("归档", _CLOSED, refusal=_not_settled, aside=True),
    Act.AMEND: ActRule("更正", _LIVE, aside=True),
    Act.VOID: ActRule("作废", _LIVE, aside=True),
    Act.NOTE_CALL: ActRule("记录沟通", _LIVE, aside=True),
    Act.ASK_SECTION: ActRule("征询科室", _OPEN, aside=True),
    Act.ANSWER_SECTION: ActRule(
        "登记科室答复", _OPEN, refusal=only_what_was_asked_is_answered, aside=True
    ),
    Act.RECORD_SEARCH: ActRule("记录检索", _RECEIVED, "第三十六条第四项", aside=True),
    Act.SPLIT: ActRule("拆分", _OPEN, refusal=whole_while_nothing_is_waited_for, aside=True),
    Act.LINK: ActRule("关联", _LIVE, "第三十六条第六项", aside=True),
    Act.UNLINK: ActRule("解除关联", _LIVE, aside=True),
}
