"""A draft and its sign-off in words: for the page of the case, the reviewer's and the sheet.

Also the five points a reviewer looks at, each beside what the system knows of it. Nothing here
decides: a point that asks for a look is marked, and the reviewer's tick is their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.choices import (
    EventKind,
    Outcome,
    RoundState,
    ServiceMethod,
    Verdict,
)
from cases.clock import Clock
from cases.letters.fields import BLANK
from cases.letters.remedies import remedies_words
from cases.letters.replies import asks_reasons
from cases.models import Case, Event, ReplyDraft, RoundStep, SignOffRound
from cases.permissions import organ_of
from cases.presenting import Line, group_title
from cases.workflow.grounds import RESTS_ON
from cases.workflow.signoff import signers_words

# What a reviewer ticks, in the order of a review; the keys are stored with the signature.
POINTS = {
    "organ": "主体",
    "procedure": "程序",
    "basis": "依据",
    "reasons": "理由",
    "remedies": "救济",
}


@dataclass(frozen=True, slots=True)
class Point:
    """A point to check: `facts` are sentences, `mark` ok, ask (have a look) or bad."""

    key: str
    label: str
    facts: list[str]
    mark: str


def checklist(
    case: Case, clock: Clock, events: Iterable[Event], content: Mapping[str, str], on: date
) -> list[Point]:
    """The five points of a review of `content`, as at `on`."""
    outcome, dated_on = Outcome(content["outcome"]), _letter_day(content, on)
    remedies = remedies_words(case.organ_on(dated_on), outcome, dated_on)
    found = {
        "organ": _organ(case, outcome),
        "procedure": _procedure(case, clock, events, outcome, on),
        "basis": ("ok", [basis_words(outcome)]),
        "reasons": _reasons(content["reply_reasons"], outcome),
        "remedies": _remedies(remedies),
    }
    return [Point(key, label, found[key][1], found[key][0]) for key, label in POINTS.items()]


def basis_words(outcome: Outcome) -> str:
    """The article behind an outcome and its gist."""
    return f"{_article(outcome) or '条例没有专条'}：{outcome.rule.gist}。"


def _article(outcome: Outcome) -> str:
    """As it is cited; "" for an outcome that has none."""
    article = outcome.rule.article
    return f"条例{article}" if article.startswith("第") else ""


def _letter_day(content: Mapping[str, str], on: date) -> date:
    return date.fromisoformat(content["closed_on"]) if content["closed_on"] else on


def _organ(case: Case, outcome: Outcome) -> tuple[str, list[str]]:
    facts = [f"以{organ_of(case).name}名义答复。"]
    if case.drafting_department:
        facts.append(f"{case.drafting_department}承办。")
    if outcome == Outcome.NOT_THIS_ORGAN:
        return "ask", [*facts, "能确定负责机关的，答复书写明名称和联系方式。"]
    return "ok", facts


def _procedure(
    case: Case, clock: Clock, events: Iterable[Event], outcome: Outcome, on: date
) -> tuple[str, list[str]]:
    facts, mark = [], "ok"
    if case.is_reopened and case.again_until:
        late = on > case.again_until
        facts.append(f"重新答复期限 {case.again_until}{'，已过' if late else ''}。")
        mark = "bad" if late else "ok"
    elif clock.ends_on and not clock.waiting_for:
        late = on > clock.ends_on
        used = f"已用 {clock.used} / {clock.term} 个工作日"
        facts.append(f"到期日 {clock.ends_on}{'，已过' if late else ''}，{used}。")
        mark = "bad" if late else "ok"
    else:
        facts.append("期限现在没有在计算。")
    if outcome in RESTS_ON:
        ground = RESTS_ON[outcome]
        done = ground.is_among(events)
        facts.append(f"{'已' if done else '没有'}{ground.words}{'' if done else '的记录'}。")
        mark = mark if done else "bad"
    if clock.irregularities:
        facts.append(f"有 {len(clock.irregularities)} 项需要核对，见这件申请的页面。")
        mark = "ask" if mark == "ok" else mark
    return mark, facts


def _reasons(written: str, outcome: Outcome) -> tuple[str, list[str]]:
    if written:
        return "ok", [f"检索情况与理由写了 {len(written)} 字。"]
    if asks_reasons(outcome) or outcome == Outcome.NOT_EXIST:  # its finding tells the search
        return "bad", ["没有写检索情况与理由。"]
    return "ok", ["没有写；这一类型可以不写理由。"]


def _remedies(words: str) -> tuple[str, list[str]]:
    """What the letter tells of review and suit; a gap in it is for the settings of the letters."""
    if not words:
        return "bad", ["这一日期的答复没有救济途径的文字，请在“文书设置”中补上。"]
    facts = words.splitlines()
    if BLANK in words:
        return "ask", [*facts, "复议机关或者法院还没有写明，可在“文书设置”中一次填好。"]
    return "ok", facts


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a round: done, waiting, or to come."""

    label: str
    who: str  # whose opinion it is, or whose turn it will be
    said: str  # 同意, 线下已批, 退回修改; 待审核; empty for what is to come
    on: date | None
    comment: str
    checked: str  # the points that were ticked, in words
    scan: str  # the name of the paper's scan, among the documents of the case
    waiting: bool


def step_rows(round_: SignOffRound) -> list[StepRow]:
    """The steps in their order; two statements."""
    steps = round_.steps.select_related("signed_by", "scan").prefetch_related("signers")
    return [_step_row(step, round_) for step in steps]


def _step_row(step: RoundStep, round_: SignOffRound) -> StepRow:
    waiting = round_.state == RoundState.PENDING and step.order == round_.reached
    said = str(Verdict(step.verdict).label) if step.verdict else "待审核" * waiting
    return StepRow(
        label=str(step),
        who=step.signer or signers_words(step),
        said=said,
        on=step.signed_on,
        comment=step.comment,
        checked="、".join(label for key, label in POINTS.items() if key in step.checked),
        scan=step.scan.name if step.scan else "",
        waiting=waiting,
    )


def state_words(case: Case, round_: SignOffRound) -> str:
    """How far the round has come; one that ended with its case says so."""
    if case.closed_on and round_.state == RoundState.RECALLED:
        ended = case.events.filter(kind=EventKind.REPLIED, data__round=round_.number)
        if ended.exists():
            return f"已终止（{case.get_outcome_display()}）"
    return str(RoundState(round_.state).label)


def content_lines(content: Mapping[str, Any]) -> list[Line]:
    """What a draft says, but for its reasons; nothing for what is still empty."""
    outcome = Outcome(content["outcome"]) if content["outcome"] else None
    method = content["service_method"]
    lines = [
        Line(
            "答复类型", f"{group_title(outcome.rule.group)[:3]}{outcome.label}" if outcome else ""
        ),
        Line("依据", _article(outcome) if outcome else ""),
        Line("文号", content["reply_number"]),
        Line("拟答复日期", content["closed_on"]),
        Line("送达方式", str(ServiceMethod(method).label) if method else ""),
        *(Line("一并答复", words) for words in content.get("also", {}).values()),
    ]
    return [line for line in lines if line.text]


def draft_of(case: Case) -> ReplyDraft | None:
    return ReplyDraft.objects.filter(case=case).select_related("saved_by").first()


def returned_with(case: Case) -> RoundStep | None:
    """The step that sent the draft back last, while it has not been submitted again."""
    round_ = case.last_round
    if round_ is None or (round_.state, round_.again) != (RoundState.SENT_BACK, case.is_reopened):
        return None
    return round_.steps.select_related("signed_by").get(verdict=Verdict.SENT_BACK)


def version_of(draft: ReplyDraft | None) -> int:
    """What a form says that its user saw; 0 for no draft."""
    return draft.version if draft else 0


def draft_values(draft: ReplyDraft) -> dict[str, object]:
    """What a form of the reply starts with."""
    return {**draft.content, "closed_on": draft.closed_on}
