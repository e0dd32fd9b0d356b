"""A case in words: its outcome, its course, its applicant. Nothing here decides or counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import ForeignKey
from django.utils.timezone import localdate

from cases.choices import (
    CLOCK_FACTS,
    CORRIGIBLE,
    ApplicantKind,
    EventKind,
    Outcome,
    OutcomeGroup,
    ServiceMethod,
)
from cases.models import Applicant, Case, Department, Event, User
from cases.permissions import organ_of
from cases.personal import shown, without_personal
from cases.states import State
from cases.workdays import weekday_name
from cases.workflow.service import NewReply, new_replies
from cases.workflow.standing import superseded

ORDINALS = "一二三四五六"

# A list has room for a few characters; the whole label stands beside as a title.
SHORT_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ALREADY_PUBLIC: "已主动公开",
    Outcome.GRANTED: "予以公开",
    Outcome.PARTIAL: "部分公开",
    Outcome.STATE_SECRET: "国家秘密",
    Outcome.LAW_FORBIDDEN: "法律禁止",
    Outcome.SAFETY: "三安全一稳定",
    Outcome.THIRD_PARTY: "第三方权益",
    Outcome.INTERNAL: "内部事务",
    Outcome.PROCESS: "过程性信息",
    Outcome.ENFORCEMENT_FILE: "执法案卷",
    Outcome.ADMIN_QUERY: "行政查询",
    Outcome.NOT_EXIST: "不存在",
    Outcome.NOT_THIS_ORGAN: "非本机关",
    Outcome.NEEDS_CREATION: "另行制作",
    Outcome.STILL_UNCLEAR: "仍不明确",
    Outcome.PETITION: "信访举报",
    Outcome.REPEAT: "重复申请",
    Outcome.PUBLICATION: "公开出版物",
    Outcome.EXCESSIVE: "大量反复",
    Outcome.RECONFIRM: "重新出具",
    Outcome.NO_CORRECTION: "逾期不补正",
    Outcome.FEE_UNPAID: "逾期未缴费",
    Outcome.WITHDRAWN: "撤回",
    Outcome.NOT_GOV_INFO_OR_OTHER: "其他",
}
GROUP_NOTES = {
    OutcomeGroup.PARTIAL: "区分处理的只计这一情形",
    OutcomeGroup.DENIED: "第 1 至 7 项须先复议再起诉",
}
GROUP_TERMS = {OutcomeGroup.PARTIAL: "only-counted", OutcomeGroup.DENIED: "review-first"}
# Words by which a clerk may look for an outcome that do not stand in its line.
MORE_WORDS = {
    Outcome.NOT_EXIST: "不掌握 没有 查无",
    Outcome.NOT_THIS_ORGAN: "不掌握 其他机关 移送",
    Outcome.ENFORCEMENT_FILE: "档案 处罚决定",
    Outcome.ADMIN_QUERY: "档案 登记 查档",
    Outcome.THIRD_PARTY: "商业秘密 个人隐私",
    Outcome.WITHDRAWN: "撤销申请 放弃",
}


def group_title(group: OutcomeGroup) -> str:
    """（一）予以公开: the group with its ordinal, as the table of the report has it."""
    return f"（{ORDINALS[list(OutcomeGroup).index(group)]}）{group.label}"


def outcome_words(outcome: str) -> str:
    """（四）1 不存在: where an outcome stands and what it is, short enough for a list."""
    found = Outcome(outcome)
    ordinal, place = group_title(found.rule.group)[:3], found.rule.place
    return f"{ordinal}{place} {SHORT_OUTCOMES[found]}" if place else ordinal + SHORT_OUTCOMES[found]


def state_words(case: Case, on: date) -> str:
    """Where the case stands, or how it ended."""
    state = State.of(case, on)
    return outcome_words(case.outcome) if state == State.CLOSED else str(state.label)


def handler_words(case: Case) -> str:
    """Who handles the case, else whom its ledger names; empty while nobody does."""
    return str(case.handler or without_personal(case.drafting_note))


def day_words(day: date | None, on: date) -> str:
    """09-18, with its year where that is not this one; a dash for none."""
    if day is None:
        return "—"
    return f"{day:%m-%d}" if day.year == on.year else f"{day:%Y-%m-%d}"


def long_day(day: date) -> str:
    """2025 年 10 月 27 日 星期一"""
    return f"{day.year} 年 {day.month} 月 {day.day} 日 {weekday_name(day)}"


def short_weekday(day: date) -> str:
    """周一 to 周日."""
    return f"周{weekday_name(day)[-1]}"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    id: str
    number: str
    label: str
    hint: str
    article: str
    words: str
    checked: bool


@dataclass(frozen=True, slots=True)
class OptionGroup:
    title: str
    note: str
    term: str  # the key of what explains the note (cases.terms), may be empty
    options: list[Option]


def outcome_groups(chosen: str) -> list[OptionGroup]:
    """The outcomes as the picker lists them: in the groups and the order of section three."""
    return [
        OptionGroup(
            title=group_title(group),
            note=GROUP_NOTES.get(group, ""),
            term=GROUP_TERMS.get(group, ""),
            options=[
                Option(
                    value=outcome.value,
                    id=f"id_outcome_{outcome.value}",
                    number=outcome.rule.place,
                    label=str(outcome.label),
                    hint=outcome.rule.gist,
                    article=outcome.rule.article,
                    words=MORE_WORDS.get(outcome, ""),
                    checked=outcome.value == chosen,
                )
                for outcome in Outcome
                if outcome.rule.group == group
            ],
        )
        for group in OutcomeGroup
    ]


@dataclass(frozen=True, slots=True)
class CourseEntry:
    when: str
    at: str
    text: str
    detail: str
    clock: bool
    gone: str  # 已更正 or 已撤销, of what holds no more
    corrects: int | None  # its key, where it may be put right


ONLY_CHANGED = "已更正"  # personal data, of which no event keeps more


def course_of(events: Iterable[Event], on: date) -> list[CourseEntry]:
    """The course of a case; corrections say what stood before and what stands now."""
    events = list(events)
    names, gone = _names_in(events), superseded(events)
    return [
        CourseEntry(
            when=f"{day_words(event.on, on)} {short_weekday(event.on)}",
            at=event.on.isoformat(),
            text=without_personal(event.text) or str(event.get_kind_display()),
            detail="；".join([*_changes(event, names), _recorded(event, on)]),
            clock=_moves_the_clock(event),
            gone=gone_words(gone.get(event.pk)),
            corrects=event.pk if event.kind in CORRIGIBLE and event.pk not in gone else None,
        )
        for event in events
    ]


def gone_words(by: Event | None) -> str:
    """What an event that `by` took the place of has become; "" while it holds."""
    if by is None:
        return ""
    return "已撤销" if by.kind == EventKind.REVOKED else "已更正"


def _recorded(event: Event, on: date) -> str:
    """Who entered it, and on which day where that is not the day of the event itself."""
    recorded_on = localdate(event.recorded_at)
    day = "" if recorded_on == event.on else f"{day_words(recorded_on, on)} "
    return f"{day}{event.by or '系统'}记录"


def _moves_the_clock(event: Event) -> bool:
    if event.kind == EventKind.REGISTERED:
        return bool(event.data.get("received_on"))
    moving = (EventKind.CONFIRMED, EventKind.CLOCK_MOVED, *CLOCK_FACTS)
    return event.kind in moving


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what stands beside it."""

    label: str
    text: str


_LABELS = {field.name: str(field.verbose_name) for field in Applicant._meta.fields}


def applicant_lines(
    applicant: Applicant, agent_name: str, co_applicants: str, *, in_full: bool
) -> list[Line]:
    """The particulars that are known; personal data masked unless `in_full`."""
    lines = [
        Line("姓名" if _is_person(applicant) else "名称", shown(applicant.name, in_full)),
        Line("类别", applicant.get_kind_display()),
        Line("信用代码", applicant.credit_code),
        Line("法定代表人", shown(applicant.legal_representative, in_full)),
        Line("联系人", shown(applicant.contact_name, in_full)),
        Line("代理人", shown(agent_name, in_full)),
        Line("共同申请人", shown(co_applicants, in_full)),
    ]
    values = applicant.masked()
    if in_full:
        values = {name: getattr(applicant, name) for name in values}
    personal = [Line(_LABELS[name], value) for name, value in values.items()]
    return [line for line in lines if line.text] + personal


_OF_ORGANISATIONS = ("credit_code", "legal_representative", "contact_name")


def form_lines(applicant: Applicant, *, in_full: bool) -> list[Line]:
    """The particulars that an application form asks for, those without a value too (条例29)."""
    of_its_sort = ("id_number",) if _is_person(applicant) else _OF_ORGANISATIONS
    asked = ("name", *of_its_sort, "phone", "email", "address")
    values = {name: getattr(applicant, name) for name in asked}
    if not in_full:
        values |= applicant.masked()
    labels = _LABELS | {"name": "姓名" if _is_person(applicant) else "名称"}
    as_it_is = (*Applicant.PERSONAL, "credit_code")
    return [Line(labels[it], shown(values[it], in_full or it in as_it_is)) for it in asked]


def registration_lines(case: Case, *, in_full: bool) -> list[Line]:
    """How it came in and what is wanted; without personal data in the texts unless `in_full`."""
    organ = organ_of(case)
    lines = [
        Line("继受单位", str(organ) if organ != case.department else ""),
        Line("申请方式", f"{case.get_channel_display()}{'，口头提出' * case.oral}"),
        Line("到件日期", f"{case.arrived_on}"),
        Line("收到日期", f"{case.received_on or '待确认'}"),
        Line("所需形式", case.get_form_wanted_display()),
        Line("获取方式", case.get_delivery_wanted_display()),
        Line("用途", shown(case.purpose, in_full)),
        Line("承办单位", str(case.drafting_department or "")),
        Line("承办", shown(case.drafting_note, in_full)),
        Line("备注", shown(case.remarks, in_full)),
    ]
    return [line for line in lines if line.text]


def reply_lines(case: Case) -> list[Line]:
    """The reply as recorded; empty while there is none."""
    if not case.outcome:
        return []
    method = case.service_method
    day_label = ServiceMethod(method).day_label if method else "送达日期"
    lines = [
        Line(
            "答复类型",
            f"{group_title(Outcome(case.outcome).rule.group)[:3]}{case.get_outcome_display()}",
        ),
        Line("答复日期", f"{case.closed_on}"),
        Line("答复文号", case.reply_number),
        Line("送达方式", case.get_service_method_display()),
        Line(day_label, _served(case.served_on, case.is_overtaken) if method else ""),
        Line("依据", _article(Outcome(case.outcome))),
    ]
    return [line for line in lines if line.text]


def replies_again(events: Iterable[Event]) -> list[list[Line]]:
    """The replies made again after a review or judgment, in words; the first stays the case's."""
    return [_reply_again(reply) for reply in new_replies(events)]


def _reply_again(reply: NewReply) -> list[Line]:
    said, service = reply.event.data, reply.service
    outcome, method = Outcome(said["outcome"]), ServiceMethod(service.method)
    late = service.served_on and str(service.served_on) > said["until"]
    lines = [
        Line("答复类型", f"{group_title(outcome.rule.group)[:3]}{outcome.label}"),
        Line("答复日期", f"{reply.event.on}"),
        Line("答复文号", said["reply_number"]),
        Line("送达方式", str(method.label)),
        Line(method.day_label, _served(service.served_on, reply.overtaken)),
        Line("邮单号", service.mail_number),
        Line("责令的期限", f"{said['until']}{'，已过期限' if late else ''}"),
        Line("依据", _article(outcome)),
        Line("检索情况与理由", said.get("reply_reasons", "")),
    ]
    return [line for line in lines if line.text]


def _served(on: date | None, overtaken: bool) -> str:
    return str(on or ("未送达，其后责令重新答复，不再送达" if overtaken else "尚未登记"))


def _article(outcome: Outcome) -> str:
    article = outcome.rule.article
    return f"条例{article}" if article.startswith("第") else ""


def _is_person(applicant: Applicant) -> bool:
    return applicant.kind == ApplicantKind.NATURAL_PERSON


_NAMED_BY_KEY: Mapping[str, type[Department] | type[User]] = {
    str(field.verbose_name): field.related_model
    for field in Case._meta.get_fields()
    if isinstance(field, ForeignKey) and field.related_model in (Department, User)
}
_CHOICES: Mapping[str, Mapping[Any, Any]] = {
    str(field.verbose_name): dict(field.flatchoices)
    for model in (Case, Applicant)
    for field in model._meta.fields
    if field.choices
}


def _names_in(events: Iterable[Event]) -> dict[tuple[str, str], str]:
    """(label, key) → name, for the departments and users that corrections name by key."""
    wanted: dict[type[Department] | type[User], set[str]] = {}
    for event in events:
        for label, pair in event.data.get("changes", {}).items():
            if model := _NAMED_BY_KEY.get(label):
                wanted.setdefault(model, set()).update(key for key in pair if key)
    found = {
        model: {str(row.pk): str(row) for row in model._default_manager.filter(pk__in=keys)}
        for model, keys in wanted.items()
    }
    return {
        (label, key): name
        for label, model in _NAMED_BY_KEY.items()
        for key, name in found.get(model, {}).items()
    }


def _changes(event: Event, names: Mapping[tuple[str, str], str]) -> list[str]:
    def said(label: str, value: str) -> str:
        known = names.get((label, value)) or _CHOICES.get(label, {}).get(value)
        return str(known or without_personal(value) or "空")

    both = {**event.data.get("changes", {}), **event.data.get("applicant", {})}
    return [
        f"{label}：{change}"
        if isinstance(change, str)
        else f"{label}：{said(label, change[0])} → {said(label, change[1])}"
        if change[0] != change[1]
        else f"{label}：{ONLY_CHANGED}"
        for label, change in both.items()
    ]
