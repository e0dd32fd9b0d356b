"""A reply passes its steps before it goes out: draft, submit, sign, send back, recall (条例17).

Which steps a department asks for is set by its supervisor; without any a reply goes out at once.
What is submitted is frozen as a round, with a checksum; what is signed is what was submitted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cases import audit
from cases.choices import (
    DocumentKind,
    EventKind,
    Outcome,
    RoundState,
    Signers,
    SignOffKind,
    Verdict,
)
from cases.documents.handler import received
from cases.models import (
    Case,
    Department,
    Document,
    ReplyDraft,
    RoundStep,
    SignOffRound,
    SignOffStep,
    User,
)
from cases.models.signoff import checksum_of
from cases.permissions import Act, can, may_sign, organ_of
from cases.workflow.base import NotAllowed, Stale, begin, check_day, finish, require
from cases.workflow.grounds import check_answers, check_drafted, since, since_step
from cases.workflow.named import changed_words, named, words_of
from cases.workflow.papers import store

DRAFT_CHANGED = "您打开之后，{who}刚才改过草稿。您填的内容还在，请对照最新的草稿再提交。"
NOT_WHOLE = "送审稿与送审时的校验码不一致，不能继续。请撤回后重新送审，并告知系统管理员。"


@transaction.atomic
def save_draft(
    case: Case,
    *,
    by: User,
    today: date,
    outcome: str = "",
    reply_number: str = "",
    reply_reasons: str = "",
    service_method: str = "",
    closed_on: date | None = None,
    version: int | None = None,
    draft_version: int | None = None,
) -> Case:
    """Keep the reply as far as it is written; nothing is closed and no event is made.

    `draft_version` is that of the draft the user saw, 0 for none (None: nothing was shown). Raises
    `Stale` if someone else saved it since.
    """
    case = begin(case, Act.DRAFT, by=by, today=today, version=version)
    draft = ReplyDraft.objects.filter(case=case).select_related("saved_by").first()
    _check_draft(draft, draft_version)
    check_day("closed_on", closed_on, today=closed_on or today, **since(case))
    if draft is None:
        draft = ReplyDraft(case=case)
    else:
        draft.version += 1
    draft.outcome, draft.closed_on, draft.service_method = outcome, closed_on, service_method
    draft.reply_number, draft.reply_reasons = reply_number.strip(), reply_reasons.strip()
    draft.saved_by = by
    draft.full_clean()
    draft.save()
    audit.record(by=by, act="存答复草稿", target=case, after={"outcome": outcome})
    return case


@transaction.atomic
def submit(
    case: Case,
    *,
    by: User,
    today: date,
    also: Collection[int] = (),
    version: int | None = None,
    draft_version: int | None = None,
) -> Case:
    """Freeze the draft as a round and send it to the first step of the department's chain.

    `also`: the other cases of the applicant that the reply is to answer too.
    """
    case = begin(case, Act.SUBMIT, by=by, today=today, version=version)
    draft = ReplyDraft.objects.select_related("saved_by").get(case=case)
    _check_draft(draft, draft_version)
    require({"outcome": (draft.outcome, "草稿的答复类型")})
    outcome, on = Outcome(draft.outcome), draft.closed_on or today
    if case.is_reopened:
        check_answers(outcome)
    check_drafted(case, outcome, on)
    content: dict[str, Any] = draft.content
    if also:
        content["also"] = words_of(named(case, also, outcome, on, today))
    chain = list(organ_of(case).sign_off_steps.prefetch_related("signers"))
    round_ = SignOffRound.objects.create(
        case=case,
        number=case.rounds.count() + 1,
        again=case.is_reopened,
        content=content,
        checksum=checksum_of(content),
        submitted_by=by,
        submitted_on=today,
    )
    for place, step in enumerate(chain, start=1):
        frozen = RoundStep.objects.create(round=round_, order=place, kind=step.kind, who=step.who)
        frozen.signers.set(step.signers.all())
    which = "（重新答复）" if round_.again else ""
    text = f"第 {round_.number} 次送审{which}：{round_.outcome.label}，待{chain[0]}"
    data = {"round": round_.number, "checksum": round_.checksum}
    return _told(case, EventKind.SUBMITTED, by=by, today=today, text=text, data=data)


@transaction.atomic
def sign(
    case: Case,
    *,
    by: User,
    today: date,
    comment: str = "",
    checked: Collection[str] = (),
    version: int | None = None,
) -> Case:
    """`by` agrees to the step that the round has reached; `checked` is what was ticked."""
    case = begin(case, Act.SIGN, by=by, today=today, version=version)
    step = _agreed(case)
    step.checked = sorted(checked)
    said = _decide(step, Verdict.SIGNED, f"{by}同意", by=by, on=today, comment=comment)
    return _pass(case, step, said, by=by, today=today)


@transaction.atomic
def record_signature(
    case: Case,
    *,
    by: User,
    today: date,
    signed_name: str,
    signed_on: date | None,
    comment: str = "",
    scan: UploadedFile[Any] | None = None,
    version: int | None = None,
) -> Case:
    """The step was approved outside the system: by whom, on which day; `by` records it.

    `scan` is the paper; it is kept with the documents of the case, once for all the steps that are
    signed on it. What is wrong with it is said of the field `uploads`.
    """
    case = begin(case, Act.RECORD_SIGNATURE, by=by, today=today, version=version)
    name = signed_name.strip()
    require({"signed_name": (name, "审批人"), "signed_on": (signed_on, "审批日期")})
    step = _agreed(case)
    check_day("signed_on", signed_on, today=today, **since_step(case, step))
    step.signed_name, step.scan = name, _paper(case, scan, by=by) if scan else None
    words = f"{name} {signed_on} 线下已批" + ("，附扫描件" if scan else "")
    said = _decide(step, Verdict.ON_PAPER, words, by=by, on=signed_on, comment=comment)
    return _pass(case, step, said, by=by, today=today)


@transaction.atomic
def send_back(
    case: Case, *, by: User, today: date, comment: str, version: int | None = None
) -> Case:
    """Whose turn it is returns the draft, saying what is to be changed; the round ends."""
    case = begin(case, Act.SEND_BACK, by=by, today=today, version=version)
    step = _reached(case)
    require({"comment": (comment.strip(), "审核意见")})
    said = _decide(step, Verdict.SENT_BACK, f"{by}退回修改", by=by, on=today, comment=comment)
    _end(step.round, RoundState.SENT_BACK, today)
    data = _data(step)
    return _told(case, EventKind.SENT_BACK, by=by, today=today, text=said, data=data)


@transaction.atomic
def recall(
    case: Case, *, by: User, today: date, reason: str = "", version: int | None = None
) -> Case:
    """Whoever submitted the draft takes it back, under way or signed, to change it."""
    case = begin(case, Act.RECALL, by=by, today=today, version=version)
    round_ = case.live_round
    assert round_ is not None  # the rule of the act asks for one
    _end(round_, RoundState.RECALLED, today)
    reason = reason.strip()
    text = f"撤回第 {round_.number} 次送审" + (f"：{reason}" if reason else "")
    data = {"round": round_.number}
    return _told(case, EventKind.RECALLED, by=by, today=today, text=text, data=data)


def drop_round(case: Case, *, today: date) -> SignOffRound | None:
    """The case ends otherwise than by the draft under way: nobody is to sign that any more. What
    was signed stays so."""
    round_ = case.live_round
    if round_ is None or round_.state != RoundState.PENDING:
        return None
    _end(round_, RoundState.RECALLED, today)
    case.forget_round()
    return round_


def as_signed(round_: SignOffRound, given: dict[str, str]) -> tuple[str, str, str]:
    """Outcome, number and reasons of the signed draft."""
    if not round_.is_whole:
        raise NotAllowed(NOT_WHOLE)
    signed = {name: round_.content[name] for name in given}
    signed["reply_number"] = signed["reply_number"] or given["reply_number"].strip()
    differ = {
        name: "与签发的不一致。要改的，请先撤回送审。"
        for name, value in given.items()
        if value.strip() not in ("", signed[name])
    }
    if differ:
        raise ValidationError(differ)
    return signed["outcome"], signed["reply_number"], signed["reply_reasons"]


def begin_anew(case: Case, *, today: date) -> None:
    """A decision orders a new reply: the chain and the draft begin anew. What was signed stays as
    the round of the reply that is out; what that said stands in its own record."""
    if case.live_round:
        _end(case.live_round, RoundState.SPENT, case.live_round.ended_on or today)
        case.forget_round()
    ReplyDraft.objects.filter(case=case).delete()


@dataclass(frozen=True, slots=True)
class WantedStep:
    """A step as a supervisor sets it; `signers` empty means all of `who`."""

    kind: SignOffKind
    who: Signers
    signers: Sequence[User] = ()


@transaction.atomic
def set_chain(
    department: Department,
    *,
    by: User,
    steps: Sequence[WantedStep],
    seen: str | None = None,
) -> Department:
    """The steps that `department`'s replies pass from now on, in this order; rounds under way keep
    theirs. `seen` is `told_chain` as the user saw it."""
    department = Department.objects.select_for_update().get(pk=department.pk)
    if not can(by, Act.SET_CHAIN, department):
        raise NotAllowed(f"您没有设置{department}审核环节的权限。")
    before = told_chain(department)
    if seen is not None and seen != before:
        raise Stale("您打开之后，审核环节已被别人改过。您填的内容还在，请对照后再保存。")
    for wanted in steps:
        _check_signers(wanted, department)
    department.sign_off_steps.all().delete()
    for place, wanted in enumerate(steps, start=1):
        step = SignOffStep(department=department, order=place, kind=wanted.kind, who=wanted.who)
        step.full_clean()
        step.save()
        step.signers.set(wanted.signers)
    after = told_chain(department)
    if after != before:
        audit.record(
            by=by,
            act="设置审核环节",
            target=department,
            before={"steps": before},
            after={"steps": after},
        )
    return department


def chain_words(department: Department) -> list[tuple[str, str]]:
    """The steps of `department` in their order, and whose each is."""
    return [(str(step), signers_words(step)) for step in department.sign_off_steps.all()]


def told_chain(department: Department) -> str:
    """The chain in words, as the log has it; empty for none."""
    return " → ".join(f"{step}（{who}）" for step, who in chain_words(department))


def signers_words(step: SignOffStep | RoundStep) -> str:
    """Whose step it is."""
    return "、".join(map(str, step.signers.all())) or str(Signers(step.who).label)


def last_step(case: Case, round_: SignOffRound | None) -> SignOffStep | RoundStep | None:
    """The last step of the chain that a reply of `case` passes, or has passed as `round_`."""
    return organ_of(case).sign_off_steps.last() or (round_.steps.last() if round_ else None)


def not_last_signer(
    by: User, case: Case, round_: SignOffRound | None, *, said: str = "答复经审核签发"
) -> str:
    """Why what was signed is not `by`'s to put right, as a sentence; "" if it is."""
    last = last_step(case, round_)
    if last is None or may_sign(by, last, organ_of(case)):
        return ""
    return f"{said}，只能由有权{last}的人更正（{signers_words(last)}）。"


def _check_signers(wanted: WantedStep, department: Department) -> None:
    for user in wanted.signers:
        if not can(user, Act.SIGN, department):
            raise ValidationError(
                {f"{wanted.kind}_signers": f"{user}在{department}没有审核的角色，不能指定。"}
            )


def _check_draft(draft: ReplyDraft | None, seen: int | None) -> None:
    if draft and seen not in (None, draft.version):
        raise Stale(DRAFT_CHANGED.format(who=draft.saved_by))


def _agreed(case: Case) -> RoundStep:
    """The step that waits, and is agreed to; a case that is named must be as it was submitted."""
    step = _reached(case)
    if changed := changed_words(step.round):
        raise NotAllowed(changed)
    return step


def _reached(case: Case) -> RoundStep:
    """The step that waits; the rules of the acts have asked that there is one."""
    step = case.waiting_step
    assert step is not None
    if not step.round.is_whole:
        raise NotAllowed(NOT_WHOLE)
    return step


def _paper(case: Case, scan: UploadedFile[Any], *, by: User) -> Document:
    """The scan as a document of the case, which may hold it already: one sheet, several steps."""
    arrived = received(scan)
    there = case.documents.filter(withdrawn_on=None, sha256=arrived.sha256).first()
    return there or store(case, [arrived], DocumentKind.SCAN, by=by)[0]


def _decide(
    step: RoundStep, verdict: Verdict, words: str, *, by: User, on: date | None, comment: str
) -> str:
    """Store what was decided at the step; gives it as a sentence."""
    step.verdict, step.signed_by, step.signed_on = verdict, by, on
    step.comment = comment.strip()
    step.full_clean()
    step.save()
    return f"{step}：{words}" + (f"（{step.comment}）" if step.comment else "")


def _pass(case: Case, step: RoundStep, said: str, *, by: User, today: date) -> Case:
    """The step is done: on to the next, or the round is signed."""
    round_ = step.round
    if following := step.following:
        round_.reached = following.order
        round_.save(update_fields=["reached"])
        said += f"，转{following}"
    else:
        _end(round_, RoundState.SIGNED, today)
        said += "，审核完毕"
    data = _data(step)
    return _told(case, EventKind.STEP_SIGNED, by=by, today=today, text=said, data=data)


def _told(
    case: Case, kind: EventKind, *, by: User, today: date, text: str, data: dict[str, Any]
) -> Case:
    finish(case, kind, by=by, on=today, text=text, data=data)
    case.forget_round()
    return case


def _end(round_: SignOffRound, state: RoundState, today: date) -> None:
    round_.state, round_.ended_on = state, today
    round_.save(update_fields=["state", "ended_on"])


def _data(step: RoundStep) -> dict[str, Any]:
    data: dict[str, Any] = {"round": step.round.number, "step": step.kind}
    if step.signed_on:
        data["day"] = step.signed_on.isoformat()
    if step.scan:
        data["scan"] = {"id": step.scan.pk, "sha256": step.scan.sha256}
    return data
