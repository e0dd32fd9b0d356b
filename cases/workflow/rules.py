"""The one table of acts: from where each starts, and what else must be so for it.

The buttons of a case, the pages behind them and the acts themselves all ask here, so that what is
not offered is refused too, with the same sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cases.choices import Stage
from cases.models import User
from cases.permissions import Act
from cases.workflow.refusals import (
    Situation,
    always,
    anybody,
    correction_asked,
    counted_while_challenged,
    extended,
    first_of,
    no_correction_awaited,
    no_correction_to_give_up,
    no_fee_awaited,
    no_fee_to_ask,
    no_fee_to_give_up,
    no_good_reasons,
    no_letter_to_deliver,
    no_notice_to_deliver,
    no_opinion_awaited,
    no_reasons_awaited,
    no_silence_to_note,
    no_wait_to_end,
    not_before_signing,
    not_in_the_post,
    not_ordered,
    not_settled,
    not_their_draft,
    not_their_step,
    not_while_submitted,
    nothing_to_accept,
    nothing_to_put_right,
    nothing_to_recall,
    nothing_to_refuse,
    nothing_to_reply_again,
    nothing_to_revoke,
    nothing_to_serve,
    nothing_to_sign,
    nothing_to_submit,
    only_what_was_asked_is_answered,
    reasons_asked,
    something_awaited,
    under_review,
    under_review_by_others,
    whole_while_nothing_is_waited_for,
)


@dataclass(frozen=True, slots=True)
class ActRule:
    """From which stages an act starts, what its button says, and the article behind it.

    One that has a place `again` starts as well where a decision orders a new reply, until that is
    given: correction, extension, fee and the like belong to the first alone.

    `refusal` says why the act is out of place all the same, "" if it is not; `refusal_to` why it is
    not this user's though their role allows it. Acts that are `aside` stand under 其他办理. What is
    done `within_term` goes there once the due day has passed: it can only be recorded later then,
    by the day on which it was done.
    """

    label: str
    stages: frozenset[Stage]
    article: str = ""
    refusal: Callable[[Situation], str] = always
    refusal_to: Callable[[Situation, User], str] = anybody
    aside: bool = False
    within_term: bool = False
    again: bool = False

    def stands_aside(self, situation: Situation) -> bool:
        ends_on = situation.clock.ends_on
        past_due = ends_on is not None and situation.on > ends_on
        return self.aside or (self.within_term and past_due)

    def out_of_place(self, situation: Situation) -> str:
        """Why the act has no place here, as a sentence; "" if it has."""
        case = situation.case
        if case.stage not in self.stages and not (self.again and case.is_reopened):
            return f"{case.number} {Stage(case.stage).label}，不能{self.label}。"
        return self.refusal(situation)


_OPEN = frozenset({Stage.OPEN})
_WORKED = frozenset({Stage.UNCONFIRMED, Stage.OPEN, Stage.UNSERVED})
_CLOSED = frozenset({Stage.CLOSED})
_ANSWERED = frozenset({Stage.UNSERVED, Stage.CLOSED})
_LIVE = frozenset({Stage.UNCONFIRMED, Stage.OPEN, Stage.UNSERVED, Stage.CLOSED})
_RECEIVED = _LIVE - {Stage.UNCONFIRMED}

# In the order of the buttons: the first that is offered is the main one.
ACTS: dict[Act, ActRule] = {
    Act.CONFIRM: ActRule("确认收到", frozenset({Stage.UNCONFIRMED}), "第三十一条"),
    Act.RECEIVE_FEE: ActRule("登记缴费", _OPEN, "第四十二条", refusal=no_fee_awaited),
    Act.GIVE_UP_FEE: ActRule("按逾期未缴费办结", _OPEN, "第四十二条", refusal=no_fee_to_give_up),
    Act.RECEIVE_CORRECTION: ActRule("登记补正", _OPEN, "第三十条", refusal=no_correction_awaited),
    Act.GIVE_UP_CORRECTION: ActRule(
        "按逾期不补正办结", _OPEN, "第三十条", refusal=no_correction_to_give_up
    ),
    Act.RECEIVE_REASONS: ActRule("登记理由说明", _OPEN, "第三十五条", refusal=no_reasons_awaited),
    Act.ACCEPT: ActRule("受理", _WORKED, refusal=nothing_to_accept, again=True),
    Act.SIGN: ActRule(
        "审核", _OPEN, "第十七条", refusal=nothing_to_sign, refusal_to=not_their_step, again=True
    ),
    Act.REPLY: ActRule(
        "答复", _OPEN, "第三十三条", refusal=first_of(not_before_signing, something_awaited)
    ),
    Act.REPLY_AGAIN: ActRule(
        "重新答复",
        _ANSWERED,
        "行政复议法第七十七条、行政诉讼法第九十四条",
        refusal=first_of(nothing_to_reply_again, not_before_signing),
    ),
    Act.SUBMIT: ActRule(
        "送审",
        _OPEN,
        "第十七条",
        refusal=first_of(nothing_to_submit, something_awaited),
        again=True,
    ),
    Act.DRAFT: ActRule("拟稿", _OPEN, "", refusal=not_while_submitted, again=True),
    Act.RECORD_SIGNATURE: ActRule(
        "登记线下审批", _OPEN, "第十七条", refusal=nothing_to_sign, again=True
    ),
    Act.RECALL: ActRule(
        "撤回送审", _OPEN, "", refusal=nothing_to_recall, refusal_to=not_their_draft, again=True
    ),
    Act.ASK_CORRECTION: ActRule(
        "要求补正",
        _OPEN,
        "第三十条",
        refusal=first_of(correction_asked, under_review),
        within_term=True,
    ),
    Act.CONSULT: ActRule("征求意见", _OPEN, "第三十二条", refusal=under_review, again=True),
    Act.RECEIVE_OPINION: ActRule(
        "登记意见", _OPEN, "第三十二条", refusal=no_opinion_awaited, again=True
    ),
    Act.LAPSE_CONSULTATION: ActRule(
        "记录逾期未答", _OPEN, "第三十二条", refusal=no_silence_to_note, again=True
    ),
    Act.EXTEND: ActRule(
        "延期",
        _OPEN,
        "第三十三条",
        refusal=extended,
        refusal_to=under_review_by_others,
        within_term=True,
    ),
    Act.DELAY: ActRule(
        "确定延迟答复日期", _OPEN, "第三十五条", refusal=no_good_reasons, within_term=True
    ),
    Act.ASK_FEE: ActRule(
        "通知缴费",
        _OPEN,
        "第四十二条",
        refusal=first_of(no_fee_to_ask, under_review),
        within_term=True,
    ),
    Act.SERVE: ActRule(
        "登记送达", _ANSWERED, "国办公开办函〔2016〕235号", refusal=nothing_to_serve
    ),
    Act.DELIVER_CONSULTATION: ActRule(
        "登记意见函送达",
        _OPEN,
        "第三十二条",
        refusal=no_letter_to_deliver,
        aside=True,
        again=True,
    ),
    Act.DELIVER_FEE_NOTICE: ActRule(
        "登记收费通知送达", _OPEN, "第四十二条", refusal=no_notice_to_deliver, aside=True
    ),
    Act.END_CONSULTATION: ActRule(
        "不再等待意见", _OPEN, "第三十三条", refusal=no_wait_to_end, aside=True, again=True
    ),
    Act.ASK_REASONS: ActRule(
        "要求说明理由", _OPEN, "第三十五条", refusal=reasons_asked, aside=True
    ),
    Act.WITHDRAW: ActRule("登记撤回", _OPEN, aside=True),
    Act.ASSIGN: ActRule("分派", _WORKED, aside=True, again=True),
    Act.REFUSE_ASSIGNMENT: ActRule(
        "退回分派", _WORKED, refusal=nothing_to_refuse, aside=True, again=True
    ),
    Act.KEEP_DOCUMENT: ActRule("存入材料", _LIVE, aside=True),
    Act.MAKE_LETTER: ActRule("制作文书", _LIVE, aside=True),
    Act.WITHDRAW_DOCUMENT: ActRule("撤下材料", _LIVE, aside=True),
    Act.SIGN_MAIL: ActRule(
        "登记妥投", _ANSWERED, "国办公开办函〔2016〕235号", refusal=not_in_the_post, aside=True
    ),
    Act.RETURN_MAIL: ActRule(
        "登记退件", _ANSWERED, "国办公开办函〔2016〕235号", refusal=not_in_the_post, aside=True
    ),
    Act.REOPEN: ActRule(
        "登记重新办理",
        _ANSWERED,
        "行政复议法第六十四条、行政诉讼法第七十条",
        refusal=not_ordered,
        aside=True,
    ),
    Act.ARCHIVE: ActRule("归档", _CLOSED, refusal=not_settled, aside=True),
    Act.SEND_BACK: ActRule(
        "退回修改",
        _OPEN,
        "第十七条",
        refusal=nothing_to_sign,
        aside=True,
        refusal_to=not_their_step,
        again=True,
    ),
    Act.AMEND: ActRule("更正", _LIVE, aside=True),
    Act.PUT_RIGHT: ActRule("更正记录", _RECEIVED, refusal=nothing_to_put_right, aside=True),
    Act.REVOKE: ActRule("撤销记录", _RECEIVED, refusal=nothing_to_revoke, aside=True),
    Act.VOID: ActRule("作废", _LIVE, refusal=counted_while_challenged, aside=True),
    Act.NOTE_CALL: ActRule("记录沟通", _LIVE, aside=True),
    Act.ASK_SECTION: ActRule("征询科室", _OPEN, aside=True, again=True),
    Act.ANSWER_SECTION: ActRule(
        "登记科室答复", _OPEN, refusal=only_what_was_asked_is_answered, aside=True, again=True
    ),
    Act.RECORD_SEARCH: ActRule("记录检索", _RECEIVED, "第三十六条第四项", aside=True),
    Act.SPLIT: ActRule(
        "拆分",
        _OPEN,
        refusal=first_of(whole_while_nothing_is_waited_for, under_review),
        aside=True,
    ),
    Act.LINK: ActRule("关联", _LIVE, "第三十六条第六项", aside=True),
    Act.UNLINK: ActRule("解除关联", _LIVE, aside=True),
}
