"""Confirm, reply, serve, void: one short form for each act."""

from __future__ import annotations

from django import forms

from cases.choices import DeliveryWanted, Outcome, ServiceMethod
from cases.forms.base import CaseForm, DayField, text_area
from cases.models import Case

# How an applicant who wants it this way is usually served.
USUAL_METHOD = {
    DeliveryWanted.POST: ServiceMethod.POST,
    DeliveryWanted.EMAIL: ServiceMethod.EMAIL,
    DeliveryWanted.IN_PERSON: ServiceMethod.IN_PERSON,
}
NOT_SERVED = ("", "不需送达（如申请人撤回）")


class ConfirmForm(CaseForm):
    received_on = DayField(label="确认日期", help_text="与申请人确认之日为收到日，期限从次日起算")
    note = forms.CharField(
        label="联系经过",
        required=False,
        max_length=300,
        help_text="如何联系、与谁确认；不要写电话号码等个人信息",
    )


class ReplyForm(CaseForm):
    outcome = forms.ChoiceField(label="答复类型", choices=Outcome.choices, widget=forms.RadioSelect)
    closed_on = DayField(label="答复日期")
    reply_number = forms.CharField(label="文号", max_length=80, required=False)
    service_method = forms.ChoiceField(
        label="送达方式", choices=[NOT_SERVED, *ServiceMethod.choices], required=False
    )
    served_on = DayField(label="送达日期", required=False, help_text="尚未送出的留空，以后登记送达")
    reply_reasons = forms.CharField(
        label="检索情况与理由", widget=text_area(4), required=False, max_length=20_000
    )


class ServeForm(CaseForm):
    service_method = forms.ChoiceField(label="送达方式", choices=ServiceMethod.choices)
    served_on = DayField(
        label="送达日期", help_text="邮寄为交邮日，当面为签收日，电子邮件、网站为发出日"
    )


class VoidForm(CaseForm):
    reason = forms.CharField(
        label="作废原因",
        widget=text_area(3),
        max_length=500,
        help_text="如误登、重复登记；不要写电话号码等个人信息",
    )
    agreed_by = forms.CharField(label="审核人", max_length=60, help_text="同意作废的人的姓名")


def usual_method(case: Case) -> str:
    """The way of service to propose."""
    wanted = case.delivery_wanted
    return USUAL_METHOD[DeliveryWanted(wanted)] if wanted else ServiceMethod.POST
