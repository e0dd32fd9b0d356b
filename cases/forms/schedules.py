"""A year's 放假安排: typed by holiday, or taken from the pasted notice."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from cases.forms.base import ActForm, text_area
from cases.schedules import read_notice

NUMBER = re.compile(r"国办发明电\s*[〔\[【(（]\s*(\d{4})\s*[〕\]】)）]\s*(\d+)\s*号")
NOTHING_READ = (
    "没有读出放假安排。请粘贴通知的正文，例如“一、元旦：1月1日（周四）至3日（周六）放假。”"
)


class ScheduleForm(ActForm):
    """Of the schedule of one year, which the address names."""

    pasted = forms.CharField(
        label="通知正文",
        widget=text_area(5),
        required=False,
        max_length=20_000,
        help_text="把国务院办公厅通知的正文粘贴在这里，按“读入”，下面各栏自动填好，再核对",
    )
    number = forms.CharField(
        label="通知文号",
        max_length=60,
        help_text="如 国办发明电〔2025〕7号；每个到期日都写明依据它",
    )
    off = forms.CharField(
        label="放假",
        widget=text_area(8),
        max_length=5_000,
        help_text="每个节日一行，如“国庆节：10-01 至 10-08”或“国庆节：10月1日至8日”",
    )
    worked = forms.CharField(
        label="调休上班",
        widget=text_area(8),
        required=False,
        max_length=5_000,
        help_text="每个节日一行，如“国庆节：09-27、10-10”；没有的留空",
    )
    later = forms.CharField(
        label="变动的依据",
        max_length=100,
        required=False,
        help_text="按后来的通知调整的，填它的名称和文号，只写在变动的那几天；录错改正的不填",
    )
    reason = forms.CharField(
        label="更正原因", max_length=200, required=False, help_text="与更正前后的安排一并记入日志"
    )
    sure = forms.BooleanField(label="以上各点已对照通知原文核对", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, year: int, corrects: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.year, self.corrects = year, corrects
        if not corrects:
            del self.fields["later"], self.fields["reason"]

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise forms.ValidationError("请填写更正原因。")
        return reason

    def read_pasted(self) -> list[str]:
        """Fill the fields from the pasted notice; what was odd in it, as sentences."""
        self._errors = ErrorDict()  # nothing is handed in yet, so that nothing is missing
        text = str(self.data.get("pasted", ""))
        schedule = read_notice(text, self.year)
        if not schedule.stretches:
            return [NOTHING_READ]
        self.put("off", schedule.lines(off=True))
        self.put("worked", schedule.lines(off=False))
        if found := NUMBER.search(text):
            self.put("number", f"国办发明电〔{found[1]}〕{found[2]}号")
        return [doubt.text for doubt in schedule.doubts]
