"""Setting up letters: number, review organ, template, and the words of remedies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.choices import RemedyScope
from cases.forms.base import ActForm, DayField, MailField, RecordForm, text_area
from cases.models import RemedyText
from cases.telephones import numbers_in


class SeriesForm(ActForm):
    head = forms.CharField(
        label="文号字头",
        max_length=40,
        required=False,
        help_text="如“秀建公开”，编成“秀建公开〔2026〕1号”；留空由申请编号的字头推出",
    )


class ReviewOrganForm(ActForm):
    name = forms.CharField(label="复议机关", max_length=100)
    court = forms.CharField(
        label="管辖法院", max_length=100, required=False, help_text="写全称；留空的在答复书里空着"
    )
    from_on = DayField(
        label="启用日期", to_come=True, help_text="答复日期在这天及以后的用它；以前的不变"
    )


class ContactForm(ActForm):
    office = forms.CharField(label="联系部门", max_length=60, help_text="如：政务公开科")
    address = forms.CharField(label="通信地址", max_length=200)
    postcode = forms.RegexField(
        r"^[0-9]{6}$",
        label="邮政编码",
        required=False,
        error_messages={"invalid": "邮政编码是 6 位数字。"},
    )
    telephone = forms.CharField(
        label="联系电话", max_length=60, help_text="办公电话；几个号码用顿号隔开"
    )
    email = MailField(label="电子邮箱", max_length=100, required=False)
    pay_how = forms.CharField(
        label="缴费方式",
        max_length=300,
        required=False,
        widget=text_area(2),
        help_text="写进收费通知书，如：凭缴款码到代收银行或者网上缴入非税收入专户",
    )

    def clean_telephone(self) -> str:
        typed: str = self.cleaned_data["telephone"]
        if not numbers_in(typed):
            raise ValidationError("请填写完整的联系电话，如 0573-82711234。")
        return typed


class TemplateForm(ActForm):
    """`refusal` is why the file was not taken while it came, else empty."""

    uploads = forms.FileField(
        label="模板文件", allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ".docx"})
    )

    def __init__(self, *args: Any, refusal: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.refusal = refusal
        self.fields["uploads"].error_messages["required"] = "请选择模板文件。"

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.refusal:
            self.errors.pop("uploads", None)
            self.add_error("uploads", self.refusal)


class RemedyForm(ActForm):
    applies_to = forms.ChoiceField(label="适用于", choices=RemedyScope.choices)
    from_on = DayField(
        label="启用日期", to_come=True, help_text="答复日期在这天及以后的，用这段文字"
    )
    text = forms.CharField(
        label="救济途径",
        widget=text_area(6),
        max_length=2_000,
        help_text="复议机关和法院写成双花括号加名称，制作时填入；分段换行",
    )

    def apply_to(self, remedy: RemedyText) -> RemedyText:
        for name in ("applies_to", "from_on", "text"):
            setattr(remedy, name, self.cleaned_data[name])
        return remedy


class AmendRemedyForm(RecordForm, RemedyForm):
    """The same, of a text that is there."""
