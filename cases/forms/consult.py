"""Ask for an opinion, and record delivery, opinion, silence or the end of waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms

from cases.choices import Addressee, Stance
from cases.forms.base import CaseForm, DayField, text_area
from cases.models.calendar import load_calendar
from cases.workflow import Consultation, consultations_of

NO_PERSONAL_DATA = "不要写姓名、电话号码等个人信息"


class ConsultForm(CaseForm):
    addressee = forms.ChoiceField(
        label="征求意见的对象", choices=Addressee.choices, widget=forms.RadioSelect
    )
    whom = forms.CharField(
        label="对象名称",
        max_length=60,
        help_text=f"机关、单位写名称，个人写“第三方甲”；{NO_PERSONAL_DATA}",
    )
    about = forms.CharField(
        label="征求意见的信息或者协办的事项",
        widget=text_area(2),
        max_length=500,
        required=False,
        help_text=f"写进征求意见书、协办函；{NO_PERSONAL_DATA}",
    )
    on = DayField(label="发出日期", help_text="征求意见书发出之日；期限从次日起停止计算")
    until = DayField(
        label="请对方函复的日期",
        required=False,
        to_come=True,
        help_text="只有其他机关要商定；第三方、共同制作机关由条例规定为 15 个工作日",
    )


class LetterField(forms.ChoiceField):
    """One of the case's letters. Any key is taken: whether it is in place the workflow says."""

    def valid_value(self, value: Any) -> bool:
        return True


class LetterForm(CaseForm):
    """About one of the letters of the case; those that the act has a place for are offered."""

    key = LetterField(label="征求意见函")
    offered: ClassVar[Callable[[LetterForm, Consultation], bool]]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = consultations_of(self.case, list(self.case.events.all()), load_calendar())
        self.letters = {asked.key: asked for asked in found}
        choices = [(key, str(asked)) for key, asked in self.letters.items() if self.offered(asked)]
        self.fields["key"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial.setdefault("key", choices[0][0])

    def letter(self) -> Consultation | None:
        """The one chosen so far."""
        return self.letters.get(self["key"].value() or "")


class DeliveryForm(LetterForm):
    on = DayField(label="送达日期", help_text="对方签收之日；意见期限从次日起算")

    def offered(self, asked: Consultation) -> bool:
        return asked.awaits_delivery


class OpinionForm(LetterForm):
    on = DayField(label="收到日期", help_text="收到书面意见之日；期限从次日起恢复计算")
    stance = forms.ChoiceField(label="意见", choices=Stance.choices, widget=forms.RadioSelect)
    opinion = forms.CharField(
        label="意见摘要",
        widget=text_area(3),
        max_length=500,
        help_text=f"同意或不同意哪些内容、理由是什么；{NO_PERSONAL_DATA}",
    )

    def offered(self, asked: Consultation) -> bool:
        return asked.is_open


class LapseForm(LetterForm):
    on = DayField(label="记录日期", help_text="意见期限届满之后")

    def offered(self, asked: Consultation) -> bool:
        return asked.awaits_note_of_lapse(self.today)


class EndForm(LetterForm):
    on = DayField(label="结束日期", help_text="不再等待之日；期限从次日起恢复计算")
    reason = forms.CharField(
        label="原因",
        widget=text_area(2),
        max_length=300,
        help_text=f"如“多次催促未复，按现有材料办理”；{NO_PERSONAL_DATA}",
    )

    def offered(self, asked: Consultation) -> bool:
        return asked.can_be_ended()
