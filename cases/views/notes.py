"""Calls, questions to sections, searches; splitting and linking: each page does one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cases import workflow
from cases.choices import LinkKind
from cases.crypto import masked
from cases.forms.base import CaseForm
from cases.forms.notes import (
    AnswerSectionForm,
    AskSectionForm,
    CallForm,
    LinkForm,
    SearchForm,
    UnlinkForm,
    split_form,
)
from cases.models import Case
from cases.permissions import Act
from cases.views.acting import act_view

NOTHING_STOPS = "征询本机关科室不停止计算，答复期限照常进行；过了所定期限的，在“我的工作”里提示。"
BEFORE_NOT_EXIST = (
    "以“信息不存在”答复的，应当写明检索的范围和方法并保留检索记录（条例第三十六条第四项）。"
    "可以多次登记，答复时自动填入检索情况。"
)
CALLS = "通话内容进入办理经过，长期保存；号码另行加密保存，不写在内容里。"
SPLITTING = (
    "每一项成为一件：第一项留在本件，编号不变；其余各项新编号，申请人、收到日期、申请方式和已有的"
    "期限经过都相同，各自答复、各自计入统计。"
)
LINKING = "关联只作提示，不影响期限和统计。按重复申请处理的，仍须另行答复（条例第三十六条第六项）。"
UNLINKING = (
    "解除登错的关联，两件的办理经过都写明。拆分而来的解除以后，各件仍然各自办理、各自计入统计；"
    "不该有的那一件另行作废。"
)


def _rule(sentence: str) -> Callable[[Case, CaseForm], dict[str, Any]]:
    """The page says `sentence` above the form."""
    return lambda case, form: {"rule": sentence}


def _call_page(case: Case, form: CaseForm) -> dict[str, Any]:
    phone = case.applicant.phone
    registered = f"登记的号码为 {masked(phone)}。" if phone else "没有登记号码。"
    return {"rule": CALLS + registered}


note_call = act_view(
    Act.NOTE_CALL,
    workflow.note_call,
    CallForm,
    said=lambda case: f"{case.number} 已记录沟通。",
    template="cases/call.html",
    first=lambda case, today: {"on": today, "caller": str(case.handler or "")},
    page=_call_page,
)

ask_section = act_view(
    Act.ASK_SECTION,
    workflow.ask_section,
    AskSectionForm,
    said=lambda case: f"{case.number} 已登记征询科室，期限照常计算。",
    first=lambda case, today: {"on": today},
    page=_rule(NOTHING_STOPS),
)

answer_section = act_view(
    Act.ANSWER_SECTION,
    workflow.answer_section,
    AnswerSectionForm,
    said=lambda case: f"{case.number} 已登记科室答复。",
    first=lambda case, today: {"on": today},
)

record_search = act_view(
    Act.RECORD_SEARCH,
    workflow.record_search,
    SearchForm,
    said=lambda case: f"{case.number} 已登记检索记录。",
    first=lambda case, today: {"on": today, "who": str(case.handler or "")},
    page=_rule(BEFORE_NOT_EXIST),
)

link = act_view(
    Act.LINK,
    workflow.link,
    LinkForm,
    said=lambda case: f"{case.number} 已登记关联。",
    page=_rule(LINKING),
)

unlink = act_view(
    Act.UNLINK,
    workflow.unlink,
    UnlinkForm,
    said=lambda case: f"{case.number} 已解除关联。",
    page=_rule(UNLINKING),
)


def _said_split(case: Case) -> str:
    made = case.later_links.filter(kind=LinkKind.SPLIT).order_by("pk").select_related("later")
    numbers = "、".join(str(it.later) for it in made)
    return f"{case.number} 已拆分，另编号为 {numbers}。"


split = act_view(
    Act.SPLIT,
    workflow.split,
    split_form,
    said=_said_split,
    template="cases/split.html",
    page=_rule(SPLITTING),
)
