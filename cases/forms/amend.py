"""Putting a record right: everything that may be wrong, beside what stands now."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from cases.choices import (
    ApplicantKind,
    Channel,
    DeliveryWanted,
    FormWanted,
    Outcome,
    OutcomeGroup,
    ServiceMethod,
)
from cases.forms.base import DayField, MailField, NamesField, RecordForm, text_area
from cases.lookups import drafting_departments, handlers_for
from cases.models import Applicant, Case, Department, User
from cases.presenting import group_title
from cases.workflow.amend import AMENDABLE, APPLICANT_FIELDS
from cases.workflow.base import snapshot

CLEARED = "无"  # typed into a field of personal data to empty it


def day(label: str) -> DayField:
    return DayField(label=label, required=False, show_hidden_initial=True)


def words(label: str, length: int, rows: int = 0, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        show_hidden_initial=True,
        widget=text_area(rows) if rows else forms.TextInput,
    )


def choice(label: str, choices: list[Any], empty: str = "") -> forms.ChoiceField:
    """`empty` is the word for no choice; without it one has to be made."""
    return forms.ChoiceField(
        label=label,
        choices=[("", empty), *choices] if empty else choices,
        required=not empty,
        show_hidden_initial=True,
    )


def secret(label: str, length: int) -> forms.CharField:
    """Never filled in beforehand: seeing it in full is an act of its own."""
    return forms.CharField(
        label=label, max_length=length, required=False, help_text=f"不改则留空；填“{CLEARED}”则清空"
    )


class AmendForm(RecordForm):
    """What differs from the page that was opened is amended, and nothing else.

    So two clerks who put different fields right never undo each other's work. Nor is anything else
    judged: a ledger may have brought in a longer text than one may type.
    """

    kind = choice("申请人类别", ApplicantKind.choices)
    name = words("姓名或名称", 200, required=True)
    credit_code = words("统一社会信用代码", 40)
    legal_representative = words("法定代表人", 60)
    contact_name = words("联系人", 60)
    agent_name = words("代理人", 60)
    co_applicants = NamesField(
        label="共同申请人", max_length=300, required=False, show_hidden_initial=True
    )
    id_number = secret("证件号码", 60)
    phone = secret("联系电话", 60)
    address = secret("通信地址", 300)
    email = secret("电子邮箱", 200)

    channel = choice("申请方式", Channel.choices, "未填")
    oral = forms.BooleanField(label="口头提出", required=False, show_hidden_initial=True)
    arrived_on = day("到件日期")
    received_on = day("收到日期")
    content = words("申请内容", 20_000, 4, required=True)
    purpose = words("用途", 200)
    form_wanted = choice("所需形式", FormWanted.choices, "未指明")
    delivery_wanted = choice("获取方式", DeliveryWanted.choices, "未指明")
    drafting_department = forms.ModelChoiceField(
        label="承办单位",
        queryset=Department.objects.none(),
        required=False,
        empty_label="受理单位自办",
        show_hidden_initial=True,
    )
    handler = forms.ModelChoiceField(
        label="经办人",
        queryset=User.objects.none(),
        required=False,
        empty_label="暂不分派",
        show_hidden_initial=True,
    )
    remarks = words("备注", 2_000, 2)

    outcome = choice(
        "答复类型",
        [
            (group_title(group), [(o.value, o.label) for o in Outcome if o.rule.group == group])
            for group in OutcomeGroup
        ],
        "尚未答复",
    )
    closed_on = day("答复日期")
    reply_number = words("答复文号", 80)
    reply_reasons = words("检索情况与理由", 20_000, 4)
    service_method = choice("送达方式", ServiceMethod.choices, "未填")
    served_on = day("送达日期")

    reason = forms.CharField(
        label="更正原因",
        widget=text_area(2),
        max_length=500,
        help_text="与更正前后的内容一并记入办理经过；不要写电话号码等个人信息",
    )

    # Shown once another day of receipt is typed, beside what it moves.
    moves_seen = forms.BooleanField(label="已看清上述变动，仍要更正", required=False)
    moves_of = forms.CharField(widget=forms.HiddenInput, required=False)  # the day it was shown for

    def __init__(self, *args: Any, user: User, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        handlers = handlers_for(user) | User.objects.filter(handled_cases=case).distinct()
        self.fields["handler"].queryset = handlers  # type: ignore[attr-defined]
        self.fields["drafting_department"].queryset = drafting_departments()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in list(self.errors):
            field = self.fields.get(name)
            if field and field.show_hidden_initial and name not in self.changed_data:
                del self.errors[name]
        return cleaned

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if typed and typed != CLEARED:
            MailField().clean(typed)
        return typed

    def has_seen_moves(self) -> bool:
        shown_for: str = self.cleaned_data["moves_of"]
        seen: bool = self.cleaned_data["moves_seen"]
        return seen and shown_for == str(self.cleaned_data.get("received_on"))

    def show_moves_of(self) -> date | None:
        """The day of receipt of which it is to be shown what it moves: once the tick was asked for.

        A tick that was set for another day is taken out.
        """
        asked = "moves_seen" in self.errors
        typed: date | None = self.cleaned_data.get("received_on") if self.is_bound else None
        if typed is None or not (asked or self.cleaned_data["moves_seen"]):
            return None
        if asked:
            self.put("moves_seen", "")
            self.put("moves_of", typed)
        return typed

    def case_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in AMENDABLE if name in self.changed_data}

    def applicant_values(self) -> dict[str, Any]:
        changed = {
            name: self.cleaned_data[name]
            for name in APPLICANT_FIELDS
            if name in self.changed_data
            and (name not in Applicant.PERSONAL or self.cleaned_data[name])
        }
        return {
            name: "" if name in Applicant.PERSONAL and value == CLEARED else value
            for name, value in changed.items()
        }


def values_of(case: Case) -> dict[str, Any]:
    """The record as the form shows it; personal data stay out."""
    shown = [name for name in APPLICANT_FIELDS if name not in Applicant.PERSONAL]
    return {
        "version": case.version,
        **snapshot(case, AMENDABLE),
        **snapshot(case.applicant, shown),
    }
