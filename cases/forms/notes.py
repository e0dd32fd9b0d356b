"""Calls, questions to sections, searches; splitting and linking: what moves no term."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cases.choices import LinkKind
from cases.forms.base import CaseForm, DayField, say_errors, text_area
from cases.models import Case, CaseLink, Inquiry
from cases.workflow.link import MOST_ITEMS

NO_NUMBERS = "不要写电话、证件号码等个人信息"
FIRST_ROWS = 3  # of items, when a case is to be split
MORE_ROWS = 2


class TimeField(forms.TimeField):
    """A time of day in hours and minutes, as people write it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%H:%M", "%H：%M", "%H.%M", "%H点%M分"],
            widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "时:分", "maxlength": 8}),
            error_messages={"invalid": "请写成 14:30 这样。"},
            **options,
        )


class CallForm(CaseForm):
    on = DayField(label="日期")
    at = TimeField(label="时间", required=False)
    reached = forms.TypedChoiceField(
        label="结果",
        choices=[("yes", "已接通"), ("no", "未接通")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    caller = forms.CharField(label="联系人员", max_length=60, help_text="本机关打电话的人")
    party = forms.CharField(
        label="对方", required=False, max_length=60, help_text="如申请人本人、代理人；可不填"
    )
    number = forms.CharField(
        label="拨打的号码",
        required=False,
        max_length=40,
        help_text="与登记的号码相同的不填；另一个号码填在这里，加密保存，只显示一部分",
    )
    said = forms.CharField(
        label="沟通内容",
        widget=text_area(3),
        required=False,
        max_length=1_000,
        help_text=NO_NUMBERS,
    )


class AskSectionForm(CaseForm):
    section = forms.CharField(label="科室", max_length=60)
    on = DayField(label="征询日期")
    until = DayField(
        label="答复期限", to_come=True, help_text="征询科室不停止计算，请留出答复的时间"
    )
    question = forms.CharField(
        label="征询内容", widget=text_area(3), max_length=1_000, help_text=NO_NUMBERS
    )


class AnswerSectionForm(CaseForm):
    inquiry = forms.TypedChoiceField(label="征询", coerce=int, widget=forms.RadioSelect)
    on = DayField(label="答复日期")
    answer = forms.CharField(
        label="答复内容", widget=text_area(3), max_length=1_000, help_text=NO_NUMBERS
    )

    def __init__(self, *args: Any, case: Case, today: date, **options: Any) -> None:
        super().__init__(*args, case=case, today=today, **options)
        waiting = list(Inquiry.objects.filter(case=case, answered_on=None))
        field = cast(forms.TypedChoiceField, self.fields["inquiry"])
        field.choices = [(asked.pk, str(asked)) for asked in waiting]
        if waiting:
            self.initial.setdefault("inquiry", waiting[0].pk)


class SearchForm(CaseForm):
    on = DayField(label="检索日期")
    who = forms.CharField(label="检索人", max_length=60)
    place = forms.CharField(
        label="检索范围", max_length=300, help_text="查了哪些地方，如档案室、办公系统、业务台账"
    )
    words = forms.CharField(label="检索词", max_length=200, help_text="用什么字词、文号、年份查的")
    found = forms.CharField(
        label="检索结果",
        widget=text_area(3),
        max_length=1_000,
        help_text="如未找到、找到何种文件；" + NO_NUMBERS,
    )


class LinkForm(CaseForm):
    number = forms.CharField(label="另一件的编号", max_length=80, help_text="同一受理单位的申请件")
    kind = forms.ChoiceField(
        label="关联方式",
        choices=[
            (LinkKind.REPEAT.value, "本件重复了那一件的内容"),
            (LinkKind.RELATED.value, "两件相关，分别答复"),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="说明", required=False, max_length=300, help_text=NO_NUMBERS)


class UnlinkForm(CaseForm):
    link = forms.TypedChoiceField(label="关联", coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="解除原因", widget=text_area(2), max_length=300, help_text=NO_NUMBERS
    )

    def __init__(self, *args: Any, case: Case, today: date, **options: Any) -> None:
        super().__init__(*args, case=case, today=today, **options)
        links = list(CaseLink.objects.of(case))
        field = cast(forms.TypedChoiceField, self.fields["link"])
        field.choices = [(link.pk, link.words_for(case)) for link in links]
        if len(links) == 1:
            self.initial.setdefault("link", links[0].pk)


class SplitForm(CaseForm):
    """One field an item, as many as `rows` says; `item_0` is what this case keeps."""

    rows = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, case: Case, today: date, rows: int = FIRST_ROWS, **options: Any
    ) -> None:
        super().__init__(*args, case=case, today=today, **options)
        self.count = rows
        self.initial = {"item_0": case.content, **self.initial, "rows": rows}
        for n in range(rows):
            label = f"第 {n + 1} 项" + "（本件保留的内容）" * (n == 0)
            item = forms.CharField(
                label=label, widget=text_area(3), max_length=20_000, required=n < 2
            )
            self.fields[f"item_{n}"] = item
        say_errors(self)

    def clean(self) -> dict[str, Any]:
        """Only the items, in their order, and the version go to the workflow."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        items = [cleaned.get(f"item_{n}", "") for n in range(self.count)]
        return {"items": items, "version": cleaned.get("version")}

    def take(self, error: ValidationError) -> None:
        """What is wrong with the items together is said beside the first of them."""
        if hasattr(error, "error_dict") and "items" in error.error_dict:
            self.add_error("item_0", error.error_dict["items"])
        else:
            super().take(error)


def split_form(
    data: QueryDict | None, *, initial: dict[str, Any], case: Case, today: date
) -> SplitForm:
    """The form as handed in; or, asked for `more`, with what was typed and more rows."""
    rows = _rows(data.get("rows")) if data else FIRST_ROWS
    if data and "more" in data:
        typed = {name: value for name, value in data.items() if name.startswith("item_")}
        rows = min(rows + MORE_ROWS, MOST_ITEMS)
        kept = initial | typed | {"version": data.get("version")}
        return SplitForm(None, initial=kept, case=case, today=today, rows=rows)
    return SplitForm(data, initial=initial, case=case, today=today, rows=rows)


def _rows(said: str | None) -> int:
    """How many rows the page had; a tampered number is none."""
    text = said or ""
    known = text.isdecimal() and len(text) < 3
    return min(max(int(text), 2), MOST_ITEMS) if known else FIRST_ROWS
