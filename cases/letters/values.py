"""What a case says for the fields of a letter. Nothing is invented: what is unknown stays empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.choices import (
    Addressee,
    ApplicantKind,
    EventKind,
    LetterKind,
    LinkKind,
    Outcome,
    ProceedingKind,
    Stance,
)
from cases.fees import fee_of_piece, lines_by_pages
from cases.letters import replies, wording
from cases.letters.fields import MAY_BE_EMPTY
from cases.letters.remedies import instances_of, name_at, remedy_text
from cases.models import Case, Event, OfficeContact, ReplyDraft
from cases.models.calendar import load_calendar
from cases.records import reasons_from, searches_in
from cases.workflow.clockwork import clock_of, facts_anew, standing_facts
from cases.workflow.matching import reply_on
from cases.workflow.standing import standing


@dataclass(frozen=True, slots=True)
class Subject:
    """The letter that is to be made: of which kind, dated, and as it stands with its case."""

    case: Case
    kind: LetterKind
    outcome: Outcome | None  # of a reply
    on: date
    events: Sequence[Event]  # of the case, in their order
    also: Sequence[Case] = ()  # the other cases that it answers

    def last(self, kind: EventKind, **data: str) -> Event | None:
        """The latest standing event of that kind whose data say so."""
        of_kind = (event for event in standing(self.events) if event.kind == kind)
        found = [event for event in of_kind if data.items() <= event.data.items()]
        return found[-1] if found else None

    def said_of(self, kind: EventKind) -> Mapping[str, Any]:
        """What the act kept on its latest event of that kind."""
        return _data(self.last(kind))


def chinese_day(day: date | None) -> str:
    """2025年10月27日; "" for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def day_to_come(day: date | None, on: date) -> str:
    """As above; one after `on` is marked 暂定 while its year has no schedule."""
    if day is None or day <= on:
        return chinese_day(day)
    return load_calendar().said(day).replace(str(day), chinese_day(day))


def known(subject: Subject) -> dict[str, str]:
    """Field → value, for all that the case, its organ and its events say."""
    found: dict[str, str] = {}
    for part in (_of_case, _of_organ, _of_steps, _of_extension, _of_consultation, _of_reply):
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


def may_be_empty(name: str, outcome: Outcome | None) -> bool:
    """Whether a letter without it is whole."""
    if name == "理由":
        return outcome is None or not replies.asks_reasons(outcome)
    if name == "提供方式":
        return outcome is None or not replies.supplies(outcome)
    return name in MAY_BE_EMPTY


def _of_case(subject: Subject) -> dict[str, str]:
    case, cases = subject.case, [subject.case, *subject.also]
    person = case.applicant_kind == ApplicantKind.NATURAL_PERSON
    return {
        "日期": chinese_day(subject.on),
        "申请人": case.applicant.name,
        "称谓": "你" if person else "你单位",
        "申请编号": "、".join(each.number for each in cases),
        "申请方式": str(case.get_channel_display()),
        "收到日期": "、".join(dict.fromkeys(chinese_day(each.received_on) for each in cases)),
        "申请内容": _asked(cases),
        "答复期限": day_to_come(case.ends_on, subject.on),
        "办理经过": _course(subject),
    }


def _asked(cases: Sequence[Case]) -> str:
    """What was applied for; of several cases each with its number."""
    if len(cases) == 1:
        return _clause(cases[0].content)
    return "；".join(f"{_clause(each.content)}（{each.number}）" for each in cases)


def _of_organ(subject: Subject) -> dict[str, str]:
    department, on = subject.case.organ_on(subject.on), subject.on
    contact = OfficeContact.objects.filter(department=department).first()
    return {
        "机关": name_at(department, on),
        **instances_of(department, on).fields,
        "机关联系方式": str(contact or ""),
        "缴费方式": contact.pay_how if contact else "",
    }


def _of_steps(subject: Subject) -> dict[str, str]:
    """Correction, reasons, delay, fee: what was said in the act stands with its event."""
    corrected = subject.said_of(EventKind.CORRECTION_ASKED)
    asked = subject.said_of(EventKind.REASONS_ASKED)
    delayed = subject.said_of(EventKind.DELAYED)
    fee = subject.said_of(EventKind.FEE_ASKED)
    return {
        "补正事项": corrected.get("what", ""),
        "补正期限": _workdays(corrected.get("days")),
        "数量频次": _clause(asked.get("why", "")),
        "说明期限": _workdays(asked.get("days")),
        "延迟理由": _clause(delayed.get("reason", "")),
        "延迟至": _told_day(delayed.get("day"), subject.on),
        "计费依据": _fee_basis(fee),
        "收费金额": str(fee.get("amount") or ""),
    }


def _fee_basis(fee: Mapping[str, Any]) -> str:
    """Scheme, count and rate (国办函〔2020〕109号)."""
    if pages := fee.get("pages"):
        priced = [line for line in lines_by_pages(pages) if line.price]
        rates = "，".join(f"第{line.first}页起每页{line.price}元" for line in priced)
        return f"按页计收，申请获取的信息共{pages}页，{rates}"
    if nth := fee.get("nth"):
        return f"按件计收，为同一申请人本自然月第{nth}件，每件{fee_of_piece(nth)}元"
    return ""


def _of_extension(subject: Subject) -> dict[str, str]:
    """The due days as they were when the extension was told: what came later does not count."""
    extended = subject.last(EventKind.EXTENDED)
    if extended is None:
        return {"原到期日": day_to_come(subject.case.ends_on, subject.on)}
    so_far = [event for event in subject.events if event.on <= extended.on]

    def due(events: Sequence[Event]) -> str:
        clock = clock_of(subject.case, on=extended.on, events=events)
        return day_to_come(clock.ends_on, subject.on)

    return {
        "延期理由": _clause(extended.data.get("reason", "")),
        "延长天数": _workdays(extended.data.get("days")),
        "原到期日": due([event for event in so_far if event.kind != EventKind.EXTENDED]),
        "延长后到期日": due(so_far),
    }


def _of_consultation(subject: Subject) -> dict[str, str]:
    """A person who is asked is called 第三方甲 in the events: the name is not known here."""
    third, maker, helper = (
        subject.last(EventKind.CONSULTATION_SENT, addressee=str(each))
        for each in (Addressee.THIRD_PARTY, Addressee.CO_PRODUCER, Addressee.OTHER_ORGAN)
    )
    asked = _data(maker if subject.kind == LetterKind.CO_PRODUCER else third)
    whom = _data(third).get("whom", "")
    person = whom.startswith(Addressee.THIRD_PARTY.label)
    you = ("你" if person else "你单位") if third else ""
    return {
        "第三方": "" if person else whom,
        "第三方称谓": you,
        "第三方意见": _opinion(subject, third, you),
        "征求意见的信息": _clause(asked.get("about", "")),
        "征求意见日期": chinese_day(third.on) if third else "",
        "共同制作机关": _data(maker).get("whom", ""),
        "协办单位": _data(helper).get("whom", ""),
        "协办事项": _data(helper).get("about", ""),
        "协办期限": _told_day(_data(helper).get("until"), subject.on),
    }


def _opinion(subject: Subject, asked: Event | None, you: str) -> str:
    """What the third party says to the disclosure, to itself or to the applicant."""
    key = _data(asked).get("key", "")
    who = you if subject.kind == LetterKind.THIRD_PARTY_DISCLOSURE else Addressee.THIRD_PARTY.label
    answer = subject.last(EventKind.CONSULTATION_RETURNED, key=key)
    if stance := _data(answer).get("stance"):
        return f"{who}{Stance(stance).label}"
    silent = asked and subject.last(EventKind.CONSULTATION_LAPSED, key=key)
    return f"{who}逾期未提出意见" if silent else ""


def reply_of(case: Case, on: date | None = None) -> Case | ReplyDraft:
    """Where the reply stands as far as it is written: as recorded, else as drafted.

    Where a decision ordered a new reply it is that one, or for a letter the one of its day `on`.
    """
    reply = reply_on(case, on)
    if reply.new:
        said = reply.new.event.data
        reasons, method = said.get("reply_reasons", ""), reply.new.service.method
        return ReplyDraft(
            case=case,
            outcome=reply.outcome,
            closed_on=reply.closed_on,
            reply_number=reply.reply_number,
            reply_reasons=reasons,
            service_method=method,
        )
    if case.is_worked and not reply.closed_on:
        return ReplyDraft.objects.filter(case=case).first() or ReplyDraft(case=case)
    return case


def _of_reply(subject: Subject) -> dict[str, str]:
    case = subject.case
    form, way = case.get_form_wanted_display(), case.get_delivery_wanted_display()
    ways = {"邮寄": "邮寄提供", "电子邮件": "通过电子邮件提供", "当面领取": "由申请人当面领取"}
    on = subject.on if subject.kind == LetterKind.REPLY else None
    reply, made = reply_of(case, on), reply_on(case, on).letter
    drafted = case.is_worked and reply is not case
    recorded = reply if reply.outcome and not drafted else None
    title = wording.TITLES[LetterKind.REPLY]
    number = made.number if made else reply.reply_number
    reasons = reply.reply_reasons.strip()
    searched = subject.outcome == Outcome.NOT_EXIST  # the search is told in the finding
    return {
        "理由": "" if searched else reasons,
        "检索情况": _clause(reasons or reasons_from(searches_in(subject.events))) * searched,
        "提供方式": f"提供方式：以{form}形式{ways[way]}。" if form and way else "",
        "原答复": _earlier_reply(case) if subject.outcome == Outcome.REPEAT else "",
        "撤回日期": chinese_day(case.closed_on) if case.outcome == Outcome.WITHDRAWN else "",
        "送达文书": f"《{title}》{number}" if made or recorded else "",
        "送达方式": str((recorded and recorded.get_service_method_display()) or way),
    }


def _earlier_reply(case: Case) -> str:
    """Number and date of the reply to the case that this one repeats."""
    repeats = case.earlier_links.filter(kind=LinkKind.REPEAT).select_related("earlier")
    link = repeats.exclude(earlier__closed_on=None).last()
    if link is None:
        return ""
    said = (link.earlier.reply_number, chinese_day(link.earlier.closed_on))
    return "，".join(text for text in said if text)


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
    """What happened between receipt and reply, told to the applicant with the reply; of a new one
    what happened since the decision that orders it came in."""
    first_on, told, steps = subject.case.closed_on, "", []
    anew = subject.last(EventKind.REOPENED) if first_on and subject.on > first_on else None
    if anew:
        order = subject.case.proceedings.get(pk=anew.data["proceeding"])
        decision = "行政复议决定" if order.kind == ProceedingKind.REVIEW else "判决"
        ordered = f"责令重新答复的{decision}（{order}）"
        told = f"本机关于{chinese_day(anew.on)}收到{ordered}，现重新答复。"
    for event in (facts_anew if anew else standing_facts)(subject.events):
        if words := _COURSE.get(EventKind(event.kind)):
            asked = event.data.get("addressee") or Addressee.THIRD_PARTY
            addressee = Addressee(asked).label
            steps.append(words.format(on=chinese_day(event.on), addressee=addressee))
    return told + (f"办理期间，本机关{'，'.join(steps)}。" if steps else "")


def _data(event: Event | None) -> dict[str, Any]:
    return event.data if event else {}


def _clause(text: str) -> str:
    """As it stands within a sentence of a letter."""
    return text.strip().rstrip("。；;，,")


def _told_day(day: str | None, on: date) -> str:
    return day_to_come(date.fromisoformat(day), on) if day else ""


def _workdays(days: object) -> str:
    return f"{days}个工作日" if days else ""
