"""Why an act has no place on a case as it stands, though its stage would do: a sentence, or "".

Each is the `refusal` of an act in `rules.ACTS`; the page of the case, that of the act and the act
itself ask the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from cases.choices import (
    ASSIGNMENTS,
    CORRIGIBLE,
    REVOCABLE,
    TAKEN_UP,
    EventKind,
    RoundState,
    ServiceMethod,
    Stage,
    Waiting,
)
from cases.clock import Clock
from cases.models import Case, Event, ReplyDraft, SignOffRound, User
from cases.permissions import may_sign, organ_of
from cases.workflow.consultations import Consultation, consultations_of
from cases.workflow.fee_notice import fee_of
from cases.workflow.service import service_of

FIRST_REVOKE = "确系误登的，请先撤销“责令重新答复”的记录，已经重新答复的，先撤销“重新答复”的记录"


class Situation(NamedTuple):
    """A case on a day, as far as the rules ask."""

    case: Case
    clock: Clock
    events: Sequence[Event]  # all that hold, in their order
    on: date
    signed: SignOffRound | None = None  # of another case, whose reply answers this one too

    def has(self, *kinds: EventKind) -> bool:
        return any(event.kind in kinds for event in self.events)

    def reasons_are(self, *, reasonable: bool) -> bool:
        """Whether reasons were given, and found so (条例第三十五条)."""
        given = (event for event in self.events if event.kind == EventKind.REASONS_RECEIVED)
        return any(event.data["reasonable"] is reasonable for event in given)


def always(situation: Situation) -> str:
    return ""


def not_accepted(situation: Situation) -> Event | None:
    """The assignment to the handler that they have not accepted yet; who takes a case has.

    The same put to the database: `CaseQuerySet.with_assignment`.
    """
    handler = situation.case.handler_id
    last = next((event for event in reversed(situation.events) if event.kind in TAKEN_UP), None)
    if handler is None or last is None or last.kind not in ASSIGNMENTS or last.by_id == handler:
        return None
    return last if last.data.get("handler") == handler else None


def nothing_to_accept(situation: Situation) -> str:
    return "" if not_accepted(situation) else f"{situation.case.number} 没有等待受理的分派。"


def nothing_to_refuse(situation: Situation) -> str:
    case = situation.case
    assigned = case.handler_id or case.drafting_department_id
    return "" if assigned else f"{case.number} 没有分派给任何单位或者经办人，不用退回。"


def anybody(situation: Situation, user: User) -> str:
    return ""


def not_before_signing(situation: Situation) -> str:
    """A reply waits for the last step of its chain; what is under way is finished even where the
    chain has been taken away since."""
    case, round_ = situation.case, situation.case.binding_round
    if round_ is None:
        organ = organ_of(case)
        needs = organ.has_chain and not situation.signed
        return f"{organ}的答复须先审核签发：请先拟稿，再送审。" if needs else ""
    if situation.signed or round_.case_id != case.pk:
        return "" if round_ == situation.signed else under_review_words(case)
    if round_.state == RoundState.PENDING:
        return f"第 {round_.number} 次送审还在审核中（{case.waiting_step}），审核完毕才能答复。"
    return ""


def not_while_submitted(situation: Situation) -> str:
    round_ = situation.case.live_round
    if round_ is None:
        return ""
    return f"第 {round_.number} 次送审{RoundState(round_.state).label}，要改草稿请先撤回。"


def nothing_to_submit(situation: Situation) -> str:
    case = situation.case
    if not organ_of(case).has_chain:
        return f"{organ_of(case)}没有设置审核环节，可以直接答复。"
    if refusal := not_while_submitted(situation) or under_review(situation):
        return refusal
    draft = ReplyDraft.objects.filter(case=case).exclude(outcome="")
    return "" if draft.exists() else "还没有选定答复类型的草稿，请先拟稿。"


def nothing_to_sign(situation: Situation) -> str:
    return "" if situation.case.waiting_step else "没有待审核的送审稿。"


def nothing_to_recall(situation: Situation) -> str:
    return "" if situation.case.live_round else "没有可以撤回的送审。"


def not_their_step(situation: Situation, user: User) -> str:
    step = situation.case.waiting_step
    if step is None or may_sign(user, step, organ_of(situation.case)):
        return ""
    return f"现在是{step}，不由您审核。"


def not_their_draft(situation: Situation, user: User) -> str:
    """The drafter takes it back; where that is not the handler, the handler may too."""
    case = situation.case
    if case.live_round is None or user.pk in (case.live_round.submitted_by_id, case.handler_id):
        return ""
    return f"由送审人{case.live_round.submitted_by}撤回。"


def first_of(*refusals: Callable[[Situation], str]) -> Callable[[Situation], str]:
    """The first of several reasons that holds."""
    return lambda situation: next(filter(None, (said(situation) for said in refusals)), "")


def under_review(situation: Situation) -> str:
    return under_review_words(situation.case)


def under_review_words(case: Case) -> str:
    """What is being signed, or has been, rests on the case as it was submitted."""
    round_ = case.binding_round
    if round_ is None:
        return ""
    named = "" if round_.case_id == case.pk else f"{round_.case} 一并答复本件，"
    said = f"第 {round_.number} 次送审{RoundState(round_.state).label}，请先撤回送审。"
    return named + said


def under_review_by_others(situation: Situation, user: User) -> str:
    """Who has submitted the draft, or handles the case, knows what else is done meanwhile."""
    round_ = situation.case.binding_round
    if round_ is None or user.pk in (round_.submitted_by_id, situation.case.handler_id):
        return ""
    return f"{under_review(situation)}由送审人{round_.submitted_by}撤回。"


def awaited_words(clock: Clock) -> str:
    """What is waited for, and what to do about it; "" where nothing is."""
    if not clock.waiting_for:
        return ""
    until = f"至 {clock.waiting_until}" if clock.waiting_until else "没有法定期限"
    return {
        Waiting.CONFIRMATION: "尚未与申请人确认，还不能答复。",
        Waiting.CORRECTION: f"正在等待申请人补正（{until}），还不能答复：收到的请登记补正，"
        "期满没有补正的按逾期不补正办结，申请人撤回的登记撤回。",
        Waiting.FEE: f"正在等待申请人缴费（{until}），还不能答复：已缴的请登记缴费，"
        "期满没有缴纳的按逾期未缴费办结，申请人撤回的登记撤回。",
        Waiting.CONSULTATION: f"正在征求意见（{until}），还不能答复：收到的请登记意见，"
        "第三方、共同制作机关的期满自行结束，其他机关的可以登记不再等待意见。",
    }[Waiting(clock.waiting_for)]


def too_early_words(clock: Clock) -> str:
    """Why nobody has let the term of a correction or a fee pass yet; "" once it has."""
    until = clock.waiting_until
    if until is None or clock.on > until:
        return ""
    if clock.waiting_for == Waiting.FEE:
        return f"缴费期限到 {until}，期满之后才能按逾期未缴费办结。"
    return f"补正期限到 {until}，期满之后才能按逾期不补正办结；申请人表示不再补正的，请登记撤回。"


def something_awaited(situation: Situation) -> str:
    """A reply, and its draft on its way, wait until what was asked has come, or was let pass. A new
    reply does not: the ordered term runs on."""
    clock = situation.clock
    if situation.case.is_reopened:
        return ""
    let_pass = clock.waiting_for != Waiting.CONSULTATION and not too_early_words(clock)
    return "" if let_pass else awaited_words(clock)


def no_correction_to_give_up(situation: Situation) -> str:
    return no_correction_awaited(situation) or too_early_words(situation.clock)


def _asked_of_applicant(situation: Situation) -> str:
    """A correction or a fee is waited for: no term runs that an act could touch."""
    number, waiting = situation.case.number, situation.clock.waiting_for
    awaited = {Waiting.CORRECTION: "补正", Waiting.FEE: "缴费"}
    return f"{number} 正在等待申请人{awaited[Waiting(waiting)]}。" if waiting in awaited else ""


def correction_asked(situation: Situation) -> str:
    if situation.has(EventKind.CORRECTION_ASKED):
        return f"{situation.case.number} 已经要求过补正，补正只能要求一次（条例第三十条）。"
    return _asked_of_applicant(situation)


def no_correction_awaited(situation: Situation) -> str:
    awaited = situation.clock.waiting_for == Waiting.CORRECTION
    return "" if awaited else f"{situation.case.number} 现在没有在等待补正。"


def extended(situation: Situation) -> str:
    number, clock = situation.case.number, situation.clock
    if clock.extended_by:
        return f"{number} 这一次期限已经延长过，延期只能一次（条例第三十三条）。"
    return _delayed(situation)


def _delayed(situation: Situation) -> str:
    number, delayed_to = situation.case.number, situation.clock.delayed_to
    if delayed_to:
        return f"{number} 已告知延迟至 {delayed_to} 答复（条例第三十五条）。"
    return _asked_of_applicant(situation)


def reasons_asked(situation: Situation) -> str:
    asked = situation.has(EventKind.REASONS_ASKED)
    return f"{situation.case.number} 已经要求申请人说明过理由。" if asked else ""


def no_reasons_awaited(situation: Situation) -> str:
    asked = situation.has(EventKind.REASONS_ASKED)
    if asked and not situation.has(EventKind.REASONS_RECEIVED):
        return ""
    return f"{situation.case.number} 现在没有在等待申请人说明理由。"


def no_good_reasons(situation: Situation) -> str:
    if not situation.reasons_are(reasonable=True):
        number = situation.case.number
        return f"{number} 还没有收到合理的理由说明，不能延迟答复（条例第三十五条）。"
    return _delayed(situation)


def counted_while_challenged(situation: Situation) -> str:
    """What a review or suit is about, or has ordered, cannot be as if it had never come in."""
    if situation.case.proceedings.filter(concluded_on=None).exists():
        return f"{situation.case.number} 有尚未审结的复议或诉讼，不能作废。"
    if situation.case.proceedings.filter(ordered_on__isnull=False).exists():
        return f"{situation.case.number} 有责令重新答复的决定、判决，不能作废；{FIRST_REVOKE}。"
    return ""


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


def no_letter_to_deliver(situation: Situation) -> str:
    undelivered = (asked.awaits_delivery for asked in _consultations(situation))
    return "" if any(undelivered) else f"{situation.case.number} 没有还未登记送达的征求意见函。"


def no_opinion_awaited(situation: Situation) -> str:
    awaited = (asked.is_open for asked in _consultations(situation))
    return "" if any(awaited) else f"{situation.case.number} 没有还在征求的意见。"


def no_silence_to_note(situation: Situation) -> str:
    passed = (asked.awaits_note_of_lapse(situation.on) for asked in _consultations(situation))
    return "" if any(passed) else f"{situation.case.number} 没有期限已过、还未记录的意见。"


def no_wait_to_end(situation: Situation) -> str:
    endless = (asked.can_be_ended() for asked in _consultations(situation))
    number = situation.case.number
    why = f"{number} 没有还在等待的其他机关意见；第三方和共同制作机关的，期满自行结束。"
    return "" if any(endless) else why


def no_fee_to_ask(situation: Situation) -> str:
    if situation.has(EventKind.FEE_ASKED):
        return f"{situation.case.number} 已经通知过缴费，只通知一次。"
    return _asked_of_applicant(situation)


def no_fee_awaited(situation: Situation) -> str:
    if situation.clock.waiting_for != Waiting.FEE:
        return f"{situation.case.number} 现在没有在等待缴费。"
    fee = fee_of(situation.events)
    return f"{situation.case.number} 的缴费已经登记。" if fee is None or fee.paid_on else ""


def no_notice_to_deliver(situation: Situation) -> str:
    if situation.clock.waiting_for != Waiting.FEE:
        return f"{situation.case.number} 现在没有在等待缴费。"
    fee = fee_of(situation.events)
    delivered = fee is None or fee.delivered_on
    return f"{situation.case.number} 的收费通知已经登记送达。" if delivered else ""


def no_fee_to_give_up(situation: Situation) -> str:
    if situation.clock.waiting_for != Waiting.FEE:
        return f"{situation.case.number} 现在没有在等待缴费。"
    return too_early_words(situation.clock)


def nothing_to_revoke(situation: Situation) -> str:
    if situation.has(*REVOCABLE):
        return ""
    return nothing_to_put_right(situation)


def nothing_to_put_right(situation: Situation) -> str:
    if situation.has(*CORRIGIBLE):
        return ""
    return f"{situation.case.number} 没有可以更正、撤销的记录；登记和答复的内容在“更正”里改。"


def not_ordered(situation: Situation) -> str:
    """Only a decision that did not uphold the first reply can order another."""
    if situation.case.proceedings.may_order_again().exists():
        return ""
    number = situation.case.number
    return f"{number} 没有已审结、可以责令重新答复的复议或诉讼，请先登记它的结果。"


def nothing_to_reply_again(situation: Situation) -> str:
    case = situation.case
    if case.again_replied_on:
        return f"{case.number} 已于 {case.again_replied_on} 重新答复，请登记它的送达。"
    if case.again_until:
        return ""
    return f"{case.number} 没有待执行的责令重新答复，不能重新答复。"


def nothing_to_serve(situation: Situation) -> str:
    """The case's own reply, or the new one: who made it serves that."""
    case = situation.case
    if case.stage == Stage.UNSERVED or case.again_replied_on:
        return ""
    service = service_of(case, situation.events)
    if case.is_reopened and service.method and service.served_on is None:
        return f"{case.number} 正在重新办理，以前的答复不再送达；重新答复后登记它的送达。"
    return f"{case.number} {Stage(case.stage).label}，不能登记送达。"


def not_settled(situation: Situation) -> str:
    """Answered and served: while it is to be replied again, its folder is not whole."""
    if situation.case.again_replied_on:
        return f"{situation.case.number} 的重新答复还没有送达，送达后再归档。"
    if situation.case.again_until:
        return f"{situation.case.number} 正在重新办理，重新答复后再归档。"
    return ""


def not_in_the_post(situation: Situation) -> str:
    """A reply that was posted, and of which nothing came back yet."""
    case, service = situation.case, service_of(situation.case, situation.events)
    if service.method != ServiceMethod.POST or service.served_on is None:
        return f"{case.number} 不是邮寄送达的，没有邮件可以登记。"
    if service.signed_on:
        return f"{case.number} 的邮件已登记妥投（{service.signed_on}）。"
    return ""
