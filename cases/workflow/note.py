"""What is recorded beside the clock: calls, questions to one's own sections, searches.

None of these moves a term. They are the evidence that the applicant was called while an
application was 待确认 (国办公开办函〔2015〕207号), and that the records were searched before a
reply says that the information does not exist (条例36(4)).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.choices import EventKind
from cases.crypto import normalised
from cases.models import Case, ContactNumber, Inquiry, User
from cases.permissions import Act
from cases.telephones import LONGEST_TELEPHONE, SHORTEST_TELEPHONE
from cases.workflow.base import begin, check_day, finish, refuse_personal_data, require
from cases.workflow.grounds import since

ONE_NUMBER = re.compile(rf"\+?\d{{{SHORTEST_TELEPHONE},{LONGEST_TELEPHONE}}}")
ARRIVAL = "到件日期"


@transaction.atomic
def note_call(
    case: Case,
    *,
    by: User,
    today: date,
    on: date,
    reached: bool,
    caller: str,
    at: time | None = None,
    party: str = "",
    said: str = "",
    number: str = "",
    version: int | None = None,
) -> Case:
    """A call to the applicant, reached or not; `caller` is ours, `party` who was spoken to.

    `number`, where another than the registered one was called, is kept encrypted and apart.
    Raises `ValidationError` by field.
    """
    case = begin(case, Act.NOTE_CALL, by=by, today=today, version=version)
    require({"on": (on, "日期"), "caller": (caller.strip(), "联系人员")})
    if reached:
        require({"said": (said.strip(), "沟通内容")})
    check_day("on", on, today=today, not_before=case.arrived_on, which=ARRIVAL)
    _check_number(number)
    _keep_clean(case, {"caller": caller, "party": party, "said": said}, number)
    when, whom, what = f"{at:%H:%M} " if at else "", party.strip() or "申请人", said.strip()
    text = (
        f"{when}{caller.strip()}与{whom}通话：{what}"
        if reached
        else f"{when}{caller.strip()}致电{whom}，未接通" + (f"：{what}" if what else "")
    )
    data = {"reached": reached, "at": f"{at:%H:%M}" if at else ""}
    event = finish(case, EventKind.CALLED, by=by, on=on, text=text, data=data)
    if number.strip():
        ContactNumber.objects.create(case=case, event=event, number=number.strip())
    return case


@transaction.atomic
def ask_section(
    case: Case,
    *,
    by: User,
    today: date,
    on: date,
    section: str,
    question: str,
    until: date,
    version: int | None = None,
) -> Case:
    """Ask one of the organ's own sections by a day. The answer term runs on."""
    case = begin(case, Act.ASK_SECTION, by=by, today=today, version=version)
    require(
        {
            "on": (on, "征询日期"),
            "section": (section.strip(), "科室"),
            "question": (question.strip(), "征询内容"),
            "until": (until, "答复期限"),
        }
    )
    check_day("on", on, today=today, **since(case))
    if until < on:
        raise ValidationError({"until": f"不能早于征询日期 {on}。"})
    _keep_clean(case, {"section": section, "question": question})
    inquiry = Inquiry.objects.create(
        case=case, section=section.strip(), asked_on=on, until_on=until
    )
    text = f"征询{inquiry.section}，请于 {until} 前答复，期限照常计算：{question.strip()}"
    data = {"inquiry": inquiry.pk, "until": until.isoformat()}
    finish(case, EventKind.SECTION_ASKED, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def answer_section(
    case: Case,
    *,
    by: User,
    today: date,
    inquiry: int,
    on: date,
    answer: str,
    version: int | None = None,
) -> Case:
    """What a section answered; `inquiry` is the key of an open question of this case."""
    case = begin(case, Act.ANSWER_SECTION, by=by, today=today, version=version)
    asked = case.inquiries.filter(pk=inquiry, answered_on=None).first()
    if asked is None:
        raise ValidationError({"inquiry": "这一次征询已经有答复，请重新选择。"})
    require({"on": (on, "答复日期"), "answer": (answer.strip(), "答复内容")})
    check_day("on", on, today=today, not_before=asked.asked_on, which="征询日期")
    _keep_clean(case, {"answer": answer})
    asked.answered_on = on
    asked.save(update_fields=["answered_on"])
    late = "（已过期限）" if on > asked.until_on else ""
    text = f"{asked.section}答复{late}：{answer.strip()}"
    data = {"inquiry": asked.pk}
    finish(case, EventKind.SECTION_ANSWERED, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def record_search(
    case: Case,
    *,
    by: User,
    today: date,
    on: date,
    place: str,
    words: str,
    who: str,
    found: str,
    version: int | None = None,
) -> Case:
    """Where the records were searched, by which words, by whom, and what was found (条例36(4))."""
    case = begin(case, Act.RECORD_SEARCH, by=by, today=today, version=version)
    typed = {"place": place, "words": words, "who": who, "found": found}
    labels = {"place": "检索范围", "words": "检索词", "who": "检索人", "found": "检索结果"}
    require({"on": (on, "检索日期")} | {k: (v.strip(), labels[k]) for k, v in typed.items()})
    check_day("on", on, today=today, not_before=case.arrived_on, which=ARRIVAL)
    _keep_clean(case, typed)
    data = {name: value.strip() for name, value in typed.items()}
    text = "检索{place}，检索词“{words}”，检索人{who}：{found}".format(**data)
    finish(case, EventKind.SEARCHED, by=by, on=on, text=text, data=data)
    return case


def _check_number(typed: str) -> None:
    if typed.strip() and not ONE_NUMBER.fullmatch(normalised(typed)):
        raise ValidationError({"number": "请填写一个完整的电话号码，如 0573-82711234。"})


def _keep_clean(case: Case, words: Mapping[str, str], number: str = "") -> None:
    """Raises `ValidationError` beside each field whose words would put numbers into the event."""
    called = normalised(number)
    wrong: dict[str, str] = {}
    for field, text in words.items():
        try:
            refuse_personal_data(text, case.applicant)
        except ValidationError as error:
            wrong[field] = str(error.message)
        if called and called in normalised(text):
            wrong[field] = "这里不能写电话号码，请填在“拨打的号码”里。"
    if wrong:
        raise ValidationError(wrong)
