"""After the reply: what became of the post, a reply again where a decision orders one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from cases.choices import OutcomeGroup, ServiceMethod, outcomes_in
from cases.folders.aims import LONGEST, field_of
from cases.forms.acts import ReplyForm, mail_number_field
from cases.forms.base import ActForm, CaseForm, DayField, say_errors
from cases.models import Proceeding
from cases.presenting import group_title
from cases.proceeding_terms import ORDERED_MAX_WORKDAYS


def outcomes_by_group() -> list[tuple[str, list[tuple[str, str]]]]:
    """In the groups and the order of section three, with the numbers it prints."""
    return [
        (group_title(group), [(o.value, f"{o.rule.place} {o.label}".strip()) for o in outcomes])
        for group, outcomes in ((group, outcomes_in(group)) for group in OutcomeGroup)
    ]


class SignMailForm(CaseForm):
    on = DayField(label="签收日期", help_text="是否按时仍以交邮日认定，签收日期留作凭据")
    mail_number = mail_number_field()


class ReturnMailForm(CaseForm):
    on = DayField(label="退件日期", help_text="邮件退回本机关的日期")
    reason = forms.CharField(
        label="退件原因",
        max_length=200,
        help_text="如拒收、逾期未领、地址不详；不要写电话、地址等个人信息",
    )
    mail_number = mail_number_field()


class ReopenForm(CaseForm):
    proceeding = forms.ModelChoiceField(
        label="依据的复议、诉讼", queryset=Proceeding.objects.none(), empty_label=None
    )
    on = DayField(label="收到日期", help_text="收到复议决定书、判决书的日期，期限从次日起算")
    workdays = forms.IntegerField(
        label="责令的期限（工作日）",
        required=False,
        min_value=1,
        max_value=ORDERED_MAX_WORKDAYS,
        help_text="决定、判决没有写明期限的，填 20（条例第三十三条）",
    )
    until = DayField(
        label="或者写明的日期",
        required=False,
        to_come=True,
        help_text="期限按自然日计、或者写明日期的，填最后一日",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.fields["proceeding"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = self.case.proceedings.may_order_again().order_by("-concluded_on", "-pk")


class ReplyAgainForm(CaseForm):
    outcome = forms.ChoiceField(label="答复类型", choices=[("", "请选择"), *outcomes_by_group()])
    closed_on = DayField(label="答复日期", help_text="重新作出的答复书的落款日期")
    reply_number = forms.CharField(label="文号", max_length=80, required=False)
    service_method = forms.ChoiceField(label="送达方式", choices=ServiceMethod.choices)
    served_on = DayField(
        label="送达日期",
        required=False,
        help_text="邮寄为交邮日，当面为签收日；尚未送出的留空，以后登记送达",
    )
    mail_number = mail_number_field()
    reply_reasons = ReplyForm.declared_fields["reply_reasons"]


class FolderForm(CaseForm):
    """Asks for nothing but that the case is still the one that was seen."""


class EvidenceForm(ActForm):
    """What each document is to prove; `documents` are its key and name."""

    def __init__(self, *args: Any, documents: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for key, name in documents.items():
            self.fields[field_of(key)] = forms.CharField(
                label=f"“{name}”的证明对象", max_length=LONGEST, required=False
            )
        say_errors(self)

    def aims(self) -> dict[str, str]:
        """By the key of the document, as it was typed."""
        return {name.removeprefix(field_of("")): said for name, said in self.cleaned_data.items()}
