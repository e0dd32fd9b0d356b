"""The registration of an application (条例29, 31)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms

from cases.choices import ApplicantKind, Channel, DeliveryWanted, FormWanted
from cases.forms.base import ActForm, DayField, MailField, NamesField, not_after, text_area
from cases.lookups import drafting_departments, handlers_for, registering_departments
from cases.models import Applicant, Case, Department, User
from cases.permissions import Act, absent_at
from cases.workflow.base import NOT_IN_PERSON, snapshot

PERSON = ApplicantKind.NATURAL_PERSON
# Particulars that only one sort of applicant has; what was typed for the other is left out.
OF_PERSONS = ("id_number",)
OF_ORGANISATIONS = ("credit_code", "legal_representative", "contact_name")
APPLICANT = ("kind", "name", *OF_PERSONS, *OF_ORGANISATIONS, "phone", "address", "email")
APPLICATION = (
    "department",
    "drafting_department",
    "handler",
    "agent_name",
    "co_applicants",
    "channel",
    "oral",
    "arrived_on",
    "received_on",
    "content",
    "purpose",
    "form_wanted",
    "delivery_wanted",
    "remarks",
)
KEPT_FOR_THE_NEXT = (
    "department",
    "drafting_department",
    "handler",
    "channel",
    "arrived_on",
    "received_on",
    "form_wanted",
    "delivery_wanted",
)


class RegisterForm(ActForm):
    kind = forms.ChoiceField(
        label="申请人类别", choices=ApplicantKind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label="姓名或名称", max_length=200)
    id_number = forms.CharField(label="证件号码", max_length=60, required=False)
    credit_code = forms.CharField(label="统一社会信用代码", max_length=40, required=False)
    legal_representative = forms.CharField(label="法定代表人", max_length=60, required=False)
    contact_name = forms.CharField(label="联系人", max_length=60, required=False)
    agent_name = forms.CharField(label="代理人", max_length=60, required=False)
    co_applicants = NamesField(
        label="共同申请人",
        max_length=300,
        required=False,
        help_text="用顿号隔开；只计一件，类别按上面的申请人",
    )
    phone = forms.CharField(label="联系电话", max_length=60, required=False)
    address = forms.CharField(label="通信地址", max_length=300, required=False)
    email = MailField(label="电子邮箱", max_length=200, required=False)

    channel = forms.ChoiceField(label="申请方式", choices=Channel.choices, widget=forms.RadioSelect)
    oral = forms.BooleanField(label="口头提出，由本机关代填申请表", required=False)
    arrived_on = DayField(label="到件日期", help_text="实际到达本机关的日子")
    received_on = DayField(
        label="收到日期", required=False, help_text="法定的收到日，期限从次日起算"
    )
    unconfirmed = forms.BooleanField(label="尚未与申请人联系上，先登记为待确认", required=False)

    content = forms.CharField(label="申请内容", widget=text_area(4), max_length=20_000)
    purpose = forms.CharField(label="用途", max_length=200, required=False)
    form_wanted = forms.ChoiceField(
        label="所需形式", choices=[("", "未指明"), *FormWanted.choices], required=False
    )
    delivery_wanted = forms.ChoiceField(
        label="获取方式", choices=[("", "未指明"), *DeliveryWanted.choices], required=False
    )

    department = forms.ModelChoiceField(
        label="受理单位",
        queryset=Department.objects.none(),
        empty_label=None,
        help_text="以它的名义答复、编号、计数，登记后不再改变",
    )
    drafting_department = forms.ModelChoiceField(
        label="承办单位",
        queryset=Department.objects.none(),
        required=False,
        empty_label="受理单位自办",
        help_text="只负责起草，件数仍计入受理单位",
    )
    handler = forms.ModelChoiceField(
        label="经办人", queryset=User.objects.none(), required=False, empty_label="暂不分派"
    )
    remarks = forms.CharField(label="备注", widget=text_area(2), required=False, max_length=2_000)
    token = forms.UUIDField(widget=forms.HiddenInput)
    like = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: User, today: date, kept: Case | None = None, **options: Any
    ) -> None:
        """`kept` is the case whose applicant applies once more."""
        super().__init__(*args, **options)
        self.kept, self.user = kept, user
        if kept:
            for name in APPLICANT:
                del self.fields[name]
        self.fields["department"].queryset = registering_departments(user, on=today)  # type: ignore[attr-defined]
        self.fields["drafting_department"].queryset = drafting_departments()  # type: ignore[attr-defined]
        self.fields["handler"].queryset = handlers_for(user)  # type: ignore[attr-defined]
        not_after(self, today)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        other_sort = OF_ORGANISATIONS if cleaned.get("kind") == PERSON else OF_PERSONS
        cleaned.update(dict.fromkeys(other_sort, ""))
        if organ := cleaned.get("department"):
            absent = absent_at(self.user, Act.REGISTER, organ)
            if absent:  # as the workflow has it
                cleaned["handler"] = User.objects.get(pk=absent)
        self._check_receipt(cleaned)
        if cleaned.get("oral") and cleaned.get("channel") not in {None, Channel.IN_PERSON}:
            self.add_error("oral", NOT_IN_PERSON)
        return cleaned

    def _check_receipt(self, cleaned: Mapping[str, Any]) -> None:
        """Left open by intention, never by oversight: 待确认 is ticked."""
        channel, day = cleaned.get("channel"), cleaned.get("received_on")
        if not channel or "received_on" in self.errors:
            return
        if cleaned["unconfirmed"]:
            if not Channel(channel).needs_confirmation:
                label = Channel(channel).label
                self.add_error("unconfirmed", f"{label}申请不能登记为待确认，请填写收到日期。")
            elif day:
                self.add_error("unconfirmed", "已填收到日期，就不是待确认；请去掉其中一项。")
        elif day is None and Channel(channel).needs_confirmation:
            self.add_error(
                "received_on", "请填写与申请人确认之日；还没有联系上的，请勾选下面的“待确认”。"
            )

    def case(self) -> Case:
        """The application as typed, not stored."""
        return Case(**{name: self.cleaned_data[name] for name in APPLICATION})

    def applicant(self) -> Applicant:
        """The applicant as typed, or a copy of the one kept: each case has its own."""
        if self.kept is None:
            return Applicant(**{name: self.cleaned_data[name] for name in APPLICANT})
        return Applicant(**{name: getattr(self.kept.applicant, name) for name in APPLICANT})

    def says(self, case: Case) -> bool:
        """Whether `case` and its applicant are, field by field, what this form says."""
        return snapshot(case, APPLICATION) == snapshot(self.case(), APPLICATION) and snapshot(
            case.applicant, APPLICANT
        ) == snapshot(self.applicant(), APPLICANT)


def first_values(
    *, today: date, department: Department | None, kept: Case | None, handlers: list[User]
) -> dict[str, Any]:
    """What a new form proposes; the next application of an applicant came in the same way."""
    token: UUID = uuid4()
    values: dict[str, Any] = {"token": token, "arrived_on": today}
    if department:
        values["department"] = department.pk
    if len(handlers) == 1:
        values["handler"] = handlers[0].pk
    if kept:
        values |= {"like": kept.pk} | snapshot(kept, ("agent_name", "co_applicants"))
        values |= snapshot(kept, KEPT_FOR_THE_NEXT)
        values["unconfirmed"] = kept.received_on is None
    return values
