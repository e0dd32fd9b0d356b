"""The fee: the calculator, the notice, the payment, and giving up for want of it."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.choices import FeeScheme
from cases.forms.base import ActForm, CaseForm, DayField
from cases.models import Department, User

MOST_PIECES = 999  # of one applicant in a month
MOST_PAGES = 99_999


def count_field(label: str, most: int, **options: Any) -> forms.IntegerField:
    """A whole number from 1 to `most`, typed as text so that what is no number is kept."""
    not_so = f"{label}为 1 至 {most:,} 的整数。"
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": not_so, "min_value": not_so, "max_value": not_so},
        **options,
    )


class AskFeeForm(CaseForm):
    on = DayField(label="通知日期", help_text="收费通知书发给申请人之日，须在答复期限之内")
    scheme = forms.ChoiceField(
        label="计收方式",
        choices=FeeScheme.choices,
        widget=forms.RadioSelect,
        help_text="一件申请只用一种方式，不能同时按件又按页",
    )
    nth = count_field("本月第几件", MOST_PIECES)
    pages = count_field("页数", MOST_PAGES, help_text="按页计收的填写；只告知获取方式的不收费")


class FeeNoticeDeliveryForm(CaseForm):
    on = DayField(label="送达日期", help_text="申请人收到收费通知之日；缴费期限从次日起算")


class ReceiveFeeForm(CaseForm):
    on = DayField(label="缴费日期", help_text="款项缴入之日；期限从次日起重新计算")
    amount = forms.IntegerField(
        label="缴费金额（元）",
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "缴费金额为整数，单位元。",
            "min_value": "缴费金额为整数，单位元。",
        },
    )


class GiveUpFeeForm(CaseForm):
    on = DayField(label="办结日期", help_text="作出不再处理决定之日，计入当年的办理结果")
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=300,
        help_text="如收费通知的送达情况；不要写电话号码等个人信息",
    )


class MonthField(forms.CharField):
    """A calendar month as 2025-10; its first day."""

    def clean(self, value: Any) -> Any:
        typed = unicodedata.normalize("NFKC", super().clean(value))
        if not typed:
            return None
        try:
            return date.fromisoformat(f"{typed}-01")
        except ValueError:
            raise ValidationError(f"“{typed}”不是一个月份，请写成 2026-01 这样。") from None


class CalculatorForm(ActForm):
    """Pieces or pages to calculate, and the month of a department to list; all may be left out."""

    pieces = count_field("本月累计件数", MOST_PIECES, help_text="同一申请人、同一自然月")
    pages = count_field("页数", MOST_PAGES, help_text="一件申请")
    department = forms.ModelChoiceField(
        label="受理单位", queryset=Department.objects.none(), required=False, empty_label="请选择"
    )
    month = MonthField(label="月份", required=False, max_length=7, help_text="如 2026-01")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        there = Department.objects.visible_to(user).answering()
        self.fields["department"].queryset = there  # type: ignore[attr-defined]
