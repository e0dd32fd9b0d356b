"""Confirm, reply, serve, void: one short form for each act."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cases.choices import DeliveryWanted, Outcome, ServiceMethod
from cases.forms.base import CaseForm, DayField, text_area
from cases.lookups import NOT_WITH_IT, answerable_with
from cases.models import Case
from cases.records import reasons_from, searches_in
from cases.workflow.grounds import unasked_words

# How an applicant who wants it this way is usually served.
USUAL_METHOD = {
    DeliveryWanted.POST: ServiceMethod.POST,
    DeliveryWanted.EMAIL: ServiceMethod.EMAIL,
    DeliveryWanted.IN_PERSON: ServiceMethod.IN_PERSON,
}
NOT_SERVED = ("", "不需送达（撤回、逾期不补正、逾期未缴费）")


def mail_number_field() -> forms.CharField:
    return forms.CharField(
        label="邮单号", max_length=40, required=False, help_text="邮政企业邮单上的单号，邮寄的填写"
    )


class ConfirmForm(CaseForm):
    received_on = DayField(label="确认日期", help_text="与申请人确认之日为收到日，期限从次日起算")
    note = forms.CharField(
        label="联系经过",
        required=False,
        max_length=300,
        help_text="如何联系、与谁确认；不要写电话号码等个人信息",
    )


class FromSearches(CaseForm):
    """Words of a reply: begun as 信息不存在, its reasons are what the searches on record say.

    `unasked` points out that no third party was asked, without blocking.
    """

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, case=case, **options)
        events = case.events.all()
        self.searched, self.unasked = reasons_from(searches_in(events)), unasked_words(events)

    def start_with(self, asked: QueryDict) -> None:
        super().start_with(asked)
        if self.initial.get("outcome") == Outcome.NOT_EXIST:
            self.initial["reply_reasons"] = self.initial.get("reply_reasons") or self.searched


class ReplyForm(CaseForm):
    outcome = forms.ChoiceField(label="答复类型", choices=Outcome.choices, widget=forms.RadioSelect)
    closed_on = DayField(label="答复日期")
    reply_number = forms.CharField(label="文号", max_length=80, required=False)
    service_method = forms.ChoiceField(
        label="送达方式", choices=[NOT_SERVED, *ServiceMethod.choices], required=False
    )
    served_on = DayField(label="送达日期", required=False, help_text="尚未送出的留空，以后登记送达")
    mail_number = mail_number_field()
    reply_reasons = forms.CharField(
        label="检索情况与理由", widget=text_area(4), required=False, max_length=20_000
    )


class WithOthers(CaseForm):
    """Which other open cases of the applicant the same letter answers."""

    also = forms.TypedMultipleChoiceField(
        label="同一答复书一并答复",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾选的申请件用同样的答复类型、文号、日期和送达一起登记，要么都登记，要么都不登记",
    )

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, case=case, **options)
        self.others = list(answerable_with(case))
        field = cast(forms.TypedMultipleChoiceField, self.fields["also"])
        field.choices = [
            (other.pk, f"{other.number} {other.masked_content[:40]}") for other in self.others
        ]
        field.error_messages["invalid_choice"] = NOT_WITH_IT
        if not self.others:
            del self.fields["also"]


class TogetherForm(WithOthers, FromSearches, ReplyForm):
    """The reply, and whom it answers.

    `seen` holds the versions of the others when the page was drawn (`12:3 14:1`), as `version` does
    for the case itself.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["seen"] = self._versions()

    def clean(self) -> dict[str, Any]:
        """`also` goes to the workflow with the versions that were seen."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen = dict(part.split(":") for part in re.findall(r"\d+:\d+", cleaned.pop("seen", "")))
        ticked = cleaned.get("also") or ()
        cleaned["also"] = {pk: int(seen.get(str(pk), 0)) for pk in ticked}
        return cleaned

    def take(self, error: ValidationError) -> None:
        """Once it is said that another case was changed, the form goes on with what it is now."""
        super().take(error)
        if "also" in self.errors:
            self.put("seen", self._versions())

    def _versions(self) -> str:
        return " ".join(f"{other.pk}:{other.version}" for other in self.others)


class ServeForm(CaseForm):
    service_method = forms.ChoiceField(label="送达方式", choices=ServiceMethod.choices)
    served_on = DayField(
        label="送达日期", help_text="邮寄为交邮日，当面为签收日，电子邮件、网站为发出日"
    )
    mail_number = mail_number_field()


class VoidForm(CaseForm):
    reason = forms.CharField(
        label="作废原因",
        widget=text_area(3),
        max_length=500,
        help_text="如误登、重复登记；不要写电话号码等个人信息",
    )


def usual_method(case: Case) -> str:
    """The way of service to propose."""
    wanted = case.delivery_wanted
    return USUAL_METHOD[DeliveryWanted(wanted)] if wanted else ServiceMethod.POST
