"""What the demonstration tells of a case: how it came in, and what was done when.

Days of acts are given as working days after receipt, so that a story is lawful on whatever day it
begins.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cases import workflow
from cases.choices import (
    Addressee,
    Channel,
    DeliveryWanted,
    DocumentKind,
    FeeScheme,
    FormWanted,
    LetterKind,
    Outcome,
    ServiceMethod,
    Stance,
)
from cases.demo import papers


@dataclass(frozen=True, slots=True)
class Step:
    """An act of `cases.workflow`, `after` so many working days from receipt."""

    after: int
    act: Callable[..., Any]
    values: Mapping[str, object] = field(default_factory=dict)
    day_field: str = "on"  # the parameter that takes the day of the act; "" when it has none
    by_head: bool = False  # done by the supervisor, not by who handles the case
    by_reviewer: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One application. Organs stand by their short names, applicants by their invented ones."""

    organ: str
    applicant: str
    channel: Channel
    content: str
    arrived_on: date
    received_on: date | None  # None: not confirmed with the applicant yet
    steps: tuple[Step, ...] = ()
    assigned: bool = True  # to the one who handles the organ's cases
    drafted_by: str = ""  # the organ that drafts, where it is another one (承办单位)

    @property
    def habit(self) -> "Habit":
        return HABITS[self.channel]

    @property
    def confirmed_later(self) -> bool:
        """It waited as 待确认 from arrival until the applicant was reached."""
        return (
            self.channel.needs_confirmation
            and self.received_on is not None
            and self.arrived_on < self.received_on
        )


@dataclass(frozen=True, slots=True)
class Habit:
    """What those who use a channel want, and how the reply is therefore served."""

    form: FormWanted
    delivery: DeliveryWanted
    service: ServiceMethod


_BY_POST = Habit(FormWanted.PAPER, DeliveryWanted.POST, ServiceMethod.POST)
_IN_PERSON = Habit(FormWanted.PAPER, DeliveryWanted.IN_PERSON, ServiceMethod.IN_PERSON)
_BY_EMAIL = Habit(FormWanted.ELECTRONIC, DeliveryWanted.EMAIL, ServiceMethod.EMAIL)
_ON_PORTAL = Habit(FormWanted.ELECTRONIC, DeliveryWanted.EMAIL, ServiceMethod.PORTAL)
HABITS = {
    Channel.IN_PERSON: _IN_PERSON,
    Channel.REGISTERED_MAIL: _BY_POST,
    Channel.COURIER: _BY_POST,
    Channel.ORDINARY_MAIL: _BY_POST,
    Channel.PORTAL: _ON_PORTAL,
    Channel.EMAIL: _BY_EMAIL,
    Channel.FAX: _BY_POST,
    Channel.OTHER: _BY_POST,
}

REASONS = {
    Outcome.PARTIAL: "可以公开的部分予以提供，其余涉及第三方商业秘密，第三方不同意公开。",
    Outcome.LAW_FORBIDDEN: "所申请的信息属于法律、行政法规禁止公开的内容。",
    Outcome.THIRD_PARTY: "经书面征求意见，第三方不同意公开且理由合理。",
    Outcome.INTERNAL: "所申请的信息属于本机关内部工作流程方面的信息。",
    Outcome.PROCESS: "所申请的信息是尚在讨论中的过程稿。",
    Outcome.ENFORCEMENT_FILE: "所申请的信息属于行政执法案卷信息。",
    Outcome.ADMIN_QUERY: "登记资料依照专门规定查询，已告知查询的地点和所需材料。",
    Outcome.NOT_EXIST: "经检索本机关相应年度的档案和电子台账，未找到所申请的信息。",
    Outcome.NOT_THIS_ORGAN: "所申请的信息不属于本机关负责公开，已告知负责机关的联系方式。",
    Outcome.NEEDS_CREATION: "本机关没有现成的信息，需要汇总、加工才能形成。",
    Outcome.PETITION: "所提事项属于投诉，已告知相应渠道。",
    Outcome.REPEAT: "本机关已就同一内容答复过申请人。",
    Outcome.WITHDRAWN: "申请人书面撤回申请。",
    Outcome.NO_CORRECTION: "申请人无正当理由逾期不补正。",
}


def confirms(note: str) -> Step:
    return Step(0, workflow.confirm, {"note": note}, day_field="received_on")


def asks_correction(after: int, what: str, days: int = 15) -> Step:
    return Step(after, workflow.ask_correction, {"what": what, "days": days})


def gets_correction(after: int) -> Step:
    return Step(after, workflow.receive_correction)


def consults(after: int, whom: str, addressee: Addressee = Addressee.THIRD_PARTY) -> Step:
    values = {"key": "1", "addressee": addressee, "whom": whom}
    return Step(after, workflow.consult, values)


def gets_opinion(after: int, opinion: str, stance: Stance = Stance.REFUSES) -> Step:
    values = {"key": "1", "stance": stance, "opinion": opinion}
    return Step(after, workflow.receive_opinion, values)


def extends(after: int, days: int, reason: str) -> Step:
    """Approved by the head of the disclosure office (条例第三十三条)."""
    return Step(after, workflow.extend, {"days": days, "reason": reason}, by_head=True)


def asks_fee(after: int, pages: int) -> Step:
    return Step(after, workflow.ask_fee, {"scheme": FeeScheme.PAGES, "pages": pages})


def gets_fee(after: int) -> Step:
    return Step(after, workflow.receive_fee)


def replies(after: int, outcome: Outcome, served: int = 0) -> tuple[Step, Step]:
    """The letter, and its service `served` working days later."""
    return (writes(after, outcome), serves(after + served))


def writes(after: int, outcome: Outcome) -> Step:
    """The reply letter alone, not served yet."""
    values = {"outcome": outcome, "reply_reasons": REASONS.get(outcome, "")}
    return Step(after, workflow.reply, values, day_field="closed_on")


def serves(after: int) -> Step:
    return Step(after, workflow.serve, day_field="served_on")


def amends(after: int, reason: str, **values: object) -> Step:
    return Step(after, workflow.amend, {"reason": reason, "values": values}, day_field="")


def voids(after: int, reason: str) -> Step:
    return Step(after, workflow.void, {"reason": reason}, day_field="", by_reviewer=True)


def calls_in_vain(after: int, caller: str) -> Step:
    return Step(after, workflow.note_call, {"reached": False, "caller": caller})


def asks_reasons(after: int, why: str) -> Step:
    return Step(after, workflow.ask_reasons, {"why": why})


def splits(after: int, *items: str) -> Step:
    return Step(after, workflow.split, {"items": items}, day_field="")


def searches(after: int, place: str, words: str, who: str, found: str) -> Step:
    values = {"place": place, "words": words, "who": who, "found": found}
    return Step(after, workflow.record_search, values)


def delivers_fee_notice(after: int) -> Step:
    return Step(after, workflow.deliver_fee_notice)


def introduces_sign_off(after: int) -> Step:
    """The organ's replies pass the four steps from that day on."""
    return Step(after, papers.ask_for_sign_off, day_field="", by_head=True)


def submits(after: int, outcome: Outcome, reasons: str) -> tuple[Step, Step]:
    """The draft, sent to its first step."""
    values = {"outcome": outcome, "reply_reasons": reasons}
    drafted = Step(after, workflow.save_draft, values, day_field="")
    return drafted, Step(after, workflow.submit, day_field="")


def signs(after: int, comment: str) -> Step:
    return Step(after, workflow.sign, {"comment": comment}, day_field="")


def makes_letter(after: int, kind: LetterKind) -> Step:
    return Step(after, papers.write_letter, {"kind": kind}, day_field="")


def makes_reply(after: int) -> Step:
    return Step(after, papers.make_reply, day_field="")


def keeps_scan(after: int, name: str, kind: DocumentKind = DocumentKind.SCAN) -> Step:
    return Step(after, papers.keep_scan, {"name": name, "kind": kind}, day_field="")


def seals_reply(after: int) -> Step:
    return Step(after, papers.seal_reply, day_field="")
