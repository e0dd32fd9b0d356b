"""Put right what the course of a case tells wrongly, or revoke what did not happen."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cases.choices import CORRIGIBLE, REVOCABLE, EventKind
from cases.forms.base import CaseForm, DayField, text_area
from cases.forms.time_limits import WorkdaysField
from cases.models import Event
from cases.workflow.put_right import DAYS, replacement, revocation
from cases.workflow.standing import first_of, standing

LONGEST_LABEL = 30  # characters of the words of an event


class OfAnEvent(CaseForm):
    """About one event of the course; `?event=` chooses it."""

    event = forms.TypedChoiceField(label="记录", coerce=int)
    kinds = CORRIGIBLE

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        events = list(self.case.events.all())
        words = {event.pk: event.text[:LONGEST_LABEL] for event in events}  # as first recorded
        self.events = {it.pk: it for it in standing(events) if it.kind in self.kinds}
        field = cast(forms.TypedChoiceField, self.fields["event"])
        field.choices = [("", "请选择")] + [
            (pk, f"{it.on} {it.get_kind_display()}：{words.get(first_of(it), '')}")
            for pk, it in self.events.items()
        ]

    def chosen(self) -> Event | None:
        return self.events.get(self.so_far("event") or 0)


class PutRightForm(OfAnEvent):
    on = DayField(label="更正后的日期", help_text="实际办理的日子")
    days = WorkdaysField(
        label="更正后的工作日数", required=False, help_text="要求补正、延期的天数；不改的留空"
    )
    day = DayField(
        label="更正后延迟至", required=False, to_come=True, help_text="延迟答复的日期；不改的留空"
    )
    reason = forms.CharField(
        label="更正原因",
        widget=text_area(2),
        max_length=500,
        help_text="与更正前后的日期一并记入办理经过；不要写电话号码等个人信息",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = {event.kind for event in self.events.values()}
        if not kinds & DAYS.keys():
            del self.fields["days"]
        if EventKind.DELAYED not in kinds:
            del self.fields["day"]

    def start_with(self, asked: QueryDict) -> None:
        """The event that the address names gives its day."""
        super().start_with(asked)
        if event := self.chosen():
            self.initial.setdefault("on", event.on)

    def event_so_far(self) -> Event | None:
        """What would take the place of the event, as far as it is typed."""
        old, on = self.chosen(), self.so_far("on")
        if old is None or on is None:
            return None
        details = {name: self.so_far(name) for name in ("days", "day") if name in self.fields}
        try:
            return replacement(old, on=on, **details)
        except ValidationError:
            return None


class RevokeForm(OfAnEvent):
    kinds = REVOCABLE
    reason = forms.CharField(
        label="撤销原因",
        widget=text_area(2),
        max_length=500,
        help_text="为什么没有这件事，如误登到这一件；不要写电话号码等个人信息",
    )

    def event_so_far(self) -> Event | None:
        old = self.chosen()
        return revocation(old, on=self.today) if old else None
