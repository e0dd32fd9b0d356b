"""Correction, extension, reasons, delay, withdrawal: one short form for each act."""

from __future__ import annotations

from django import forms

from cases.choices import WithdrawalManner
from cases.forms.base import CaseForm, DayField, text_area

NOT_PERSONAL = "不要写电话号码等个人信息"
LONGEST_WORDS = 1000  # characters of what is told the applicant


class WorkdaysField(forms.IntegerField):
    """A number of working days, typed as text, so that a slip of the pen stays on the page."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "请写成整数，如 15。"}  # noqa: RUF012 - Django's own name

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": "numeric", "autocomplete": "off"}


class AskCorrectionForm(CaseForm):
    on = DayField(label="告知日期", help_text="补正告知书发出的日子")
    days = WorkdaysField(label="补正期限（工作日）", help_text="从告知的次日起算，期限要合理")
    what = forms.CharField(
        label="需要补正的内容",
        widget=text_area(4),
        max_length=LONGEST_WORDS,
        help_text=f"一次写全还缺什么，如文件名称、文号或者其他特征；{NOT_PERSONAL}",
    )
    consequence = forms.CharField(
        label="逾期的后果", widget=text_area(2), max_length=300, help_text="须一并告知申请人"
    )


class ReceiveCorrectionForm(CaseForm):
    on = DayField(label="收到补正日期", help_text="期限从次日起重新计算")
    excuse = forms.CharField(
        label="逾期的正当理由",
        required=False,
        max_length=300,
        help_text=f"在补正期限之内收到的留空；逾期的写明理由，期限才重新计算；{NOT_PERSONAL}",
    )


class GiveUpCorrectionForm(CaseForm):
    on = DayField(label="办结日期", help_text="补正期满之后决定不再处理的日子，按这一天计入统计")
    reason = forms.CharField(
        label="说明",
        required=False,
        max_length=300,
        help_text=f"如催告的经过；{NOT_PERSONAL}",
    )


class ExtendForm(CaseForm):
    on = DayField(label="告知日期", help_text="延期答复告知书发出的日子，不能晚于原到期日")
    days = WorkdaysField(label="延长的工作日", help_text="1 至 20 个工作日")
    reason = forms.CharField(
        label="延期理由", widget=text_area(3), max_length=LONGEST_WORDS, help_text=NOT_PERSONAL
    )


class AskReasonsForm(CaseForm):
    on = DayField(label="告知日期", help_text="说明理由告知书发出的日子")
    why = forms.CharField(
        label="数量、频次的情况",
        widget=text_area(4),
        max_length=LONGEST_WORDS,
        help_text=f"申请的件数、次数和期间，为什么明显超过合理范围；{NOT_PERSONAL}",
    )
    days = WorkdaysField(
        label="说明理由的期限（工作日）",
        required=False,
        help_text="条例没有规定，由本机关合理确定，写进告知书；可以不填",
    )


class ReceiveReasonsForm(CaseForm):
    on = DayField(label="收到日期")
    reasons = forms.CharField(
        label="申请人说明的理由",
        widget=text_area(4),
        max_length=LONGEST_WORDS,
        help_text=NOT_PERSONAL,
    )
    reasonable = forms.TypedChoiceField(
        label="理由是否合理",
        choices=[("yes", "合理"), ("no", "不合理")],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
        help_text="合理的照常答复，来不及的可以确定延迟答复的日期；不合理的可以不予处理",
    )


class DelayForm(CaseForm):
    on = DayField(label="告知日期", help_text="延迟答复告知书发出的日子，不能晚于原到期日")
    day = DayField(
        label="延迟至", to_come=True, help_text="告知申请人的答复日期，须晚于原到期日，并且合理"
    )
    reason = forms.CharField(
        label="延迟的原因", widget=text_area(3), max_length=LONGEST_WORDS, help_text=NOT_PERSONAL
    )


class WithdrawForm(CaseForm):
    on = DayField(label="撤回日期", help_text="收到申请人撤回的日子，按这一天办结")
    how = forms.ChoiceField(
        label="撤回方式", choices=WithdrawalManner.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=300,
        help_text=f"如凭据存放何处；{NOT_PERSONAL}",
    )
