"""What a case says for the fields of a letter. Nothing is invented: what is unknown stays empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.choices import (
    Addressee,
    ApplicantKind,
    EventKind,
    LetterKind,
    Outcome,
)
from cases.letters import replies, wording
from cases.letters.fields import BLANK, MAY_BE_EMPTY
from cases.letters.filling import fill_text
from cases.letters.remedies import instances_of, name_at, remedy_text
from cases.models import Case, Event, OfficeContact
from cases.workflow.clockwork import standing_facts


@dataclass(frozen=True, slots=True)
class Subject:
    """The letter that is to be made: of which kind, dated, and as it stands with its case."""

    case: Case
    kind: LetterKind
    outcome: Outcome | None  # of a reply
    on: date
    events: Sequence[Event]  # of the case, in their order

    def last(self, kind: EventKind, **data: str) -> Event | None:
        """The latest standing event of that kind whose data say so."""
        standing = standing_facts(self.events)
        found = [
            event for event in standing if event.kind == kind and data.items() <= event.data.items()
        ]
        return found[-1] if found else None


def chinese_day(day: date | None) -> str:
    """2025年10月27日; "" for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def known(subject: Subject) -> dict[str, str]:
    """Field → value, for all that the case, its organ and its events say."""
    found: dict[str, str] = {}
    for part in (_of_case, _of_organ, _of_steps, _of_consultation, _of_reply):
        found |= part(subject)
    return {name: value for name, value in found.items() if value}


def composed(subject: Subject) -> dict[str, str]:
    """Field → the text that stands for it, with fields of its own in it."""
    texts = {}
    if subject.kind == LetterKind.REPLY and subject.outcome:
        texts["处理结论"] = replies.FINDINGS[subject.outcome]
        texts["救济途径"] = remedy_text(subject.outcome, subject.on)
    elif subject.kind == LetterKind.THIRD_PARTY_DISCLOSURE:  # it is told of a disclosure
        text = remedy_text(Outcome.GRANTED, subject.on)
        texts["救济途径"] = text.replace("本答复", "本告知")
    return texts


def resolver(subject: Subject, said: Mapping[str, str]) -> Callable[[str], str]:
    """Field → what stands for it in the letter: as said, else as known; or a visible blank."""
    values = {**known(subject), **said}
    texts = composed(subject)

    def value_of(name: str) -> str:
        if text := texts.get(name):
            return fill_text(text, value_of)
        if value := values.get(name):
            return value
        return "" if may_be_empty(name, subject.outcome) else BLANK

    return value_of


def may_be_empty(name: str, outcome: Outcome | None) -> bool:
    """Whether a letter without it is whole."""
    if name == "理由":
        return outcome is None or not replies.asks_reasons(outcome)
    if name == "提供方式":
        return outcome is None or not replies.supplies(outcome)
    return name in MAY_BE_EMPTY


def _of_case(subject: Subject) -> dict[str, str]:
    case = subject.case
    person = case.applicant_kind == ApplicantKind.NATURAL_PERSON
    return {
        "日期": chinese_day(subject.on),
        "申请人": case.applicant.name,
        "称谓": "你" if person else "你单位",
        "申请编号": case.number,
        "申请方式": str(case.get_channel_display()),
        "收到日期": chinese_day(case.received_on),
        "申请内容": case.content.strip().rstrip("。；;"),
        "答复期限": chinese_day(case.ends_on),
        "办理经过": _course(subject),
    }


def _of_organ(subject: Subject) -> dict[str, str]:
    department, on = subject.case.department, subject.on
    contact = OfficeContact.objects.filter(department=department).first()
    return {
        "机关": name_at(department, on),
        **instances_of(department, on).fields,
        "机关联系方式": str(contact or ""),
        "缴费方式": contact.pay_how if contact else "",
    }


def _of_steps(subject: Subject) -> dict[str, str]:
    """Correction, extension, fee."""
    asked = _data(subject.last(EventKind.CORRECTION_ASKED))
    extended = subject.last(EventKind.EXTENDED)
    longer = _data(extended)
    ends_on = chinese_day(subject.case.ends_on)
    return {
        "补正事项": str(asked.get("what") or ""),
        "补正期限": _workdays(asked.get("days")),
        "延期理由": str(longer.get("reason") or ""),
        "延长天数": _workdays(longer.get("days")),
        "原到期日": "" if extended else ends_on,
        "延长后到期日": ends_on if extended else "",
        "收费金额": str(_data(subject.last(EventKind.FEE_ASKED)).get("amount") or ""),
    }


def _of_consultation(subject: Subject) -> dict[str, str]:
    def sent(addressee: Addressee) -> Event | None:
        return subject.last(EventKind.CONSULTATION_SENT, addressee=str(addressee))

    third = sent(Addressee.THIRD_PARTY)
    return {
        "第三方": str(_data(third).get("whom") or ""),
        "征求意见日期": chinese_day(third.on) if third else "",
        "共同制作机关": str(_data(sent(Addressee.CO_PRODUCER)).get("whom") or ""),
        "协办单位": str(_data(sent(Addressee.OTHER_ORGAN)).get("whom") or ""),
    }


def _of_reply(subject: Subject) -> dict[str, str]:
    case = subject.case
    form, way = case.get_form_wanted_display(), case.get_delivery_wanted_display()
    ways = {"邮寄": "邮寄提供", "电子邮件": "通过电子邮件提供", "当面领取": "由申请人当面领取"}
    replies_made = case.letters.filter(kind=LetterKind.REPLY, document__withdrawn_on=None)
    reply = replies_made.order_by("-id").first()
    title = wording.TITLES[LetterKind.REPLY]
    number = reply.number if reply else case.reply_number
    return {
        "理由": case.reply_reasons.strip(),
        "检索情况": case.reply_reasons.strip().rstrip("。"),
        "提供方式": f"提供方式：以{form}形式{ways[way]}。" if form and way else "",
        "送达文书": f"《{title}》{number}" if reply or case.outcome else "",
        "送达方式": str(case.get_service_method_display() or way),
    }


_COURSE = {
    EventKind.CORRECTION_ASKED: "于{on}要求补正",
    EventKind.CORRECTION_RECEIVED: "于{on}收到补正材料",
    EventKind.CONSULTATION_SENT: "于{on}书面征求{addressee}的意见",
    EventKind.CONSULTATION_RETURNED: "于{on}收到意见",
    EventKind.EXTENDED: "于{on}告知延长答复期限",
    EventKind.FEE_ASKED: "于{on}通知缴纳信息处理费",
    EventKind.FEE_PAID: "于{on}收到缴费",
}


def _course(subject: Subject) -> str:
    """What happened between receipt and reply, told to the applicant with the reply."""
    steps = []
    for event in standing_facts(subject.events):
        if words := _COURSE.get(EventKind(event.kind)):
            asked = event.data.get("addressee") or Addressee.THIRD_PARTY
            addressee = Addressee(asked).label
            steps.append(words.format(on=chinese_day(event.on), addressee=addressee))
    return f"办理期间，本机关{'，'.join(steps)}。" if steps else ""


def _data(event: Event | None) -> dict[str, Any]:
    return event.data if event else {}


def _workdays(days: object) -> str:
    return f"{days}个工作日" if days else ""
