"""Who works a case: assign, accept, send back, hand over; who stands in for whom."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cases.deputies import absent_for
from cases.forms.base import EXPIRED, ActForm, CaseForm, DayField, text_area
from cases.lookups import drafting_departments, handlers_for, workers_at
from cases.models import Case, Department, User
from cases.permissions import heir_of, organ_of

NO_PERSONAL = "记入办理经过；不要写电话号码等个人信息"


class AssignForm(CaseForm):
    drafting_department = forms.ModelChoiceField(
        label="承办单位",
        queryset=Department.objects.none(),
        required=False,
        empty_label="受理单位自办",
        help_text="只负责起草，件数仍计入受理单位",
    )
    handler = forms.ModelChoiceField(
        label="经办人",
        queryset=User.objects.none(),
        required=False,
        empty_label="暂不指定",
        help_text="受理单位、承办单位的经办人和审核人",
    )
    reason = forms.CharField(
        label="原因",
        widget=text_area(2),
        max_length=300,
        required=False,
        help_text=f"换人、换单位的要写明；{NO_PERSONAL}",
    )

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, case=case, **options)
        self.fields["drafting_department"].queryset = drafting_departments()  # type: ignore[attr-defined]
        self._offer_handlers()

    def start_with(self, asked: QueryDict) -> None:
        super().start_with(asked)
        self._offer_handlers()

    def _offer_handlers(self) -> None:
        """Of the organ that answers, and of the unit as chosen so far."""
        places = [organ_of(self.case)]
        chosen = str((self.data if self.is_bound else self.initial).get("drafting_department", ""))
        if chosen.isdecimal():
            places += filter(None, map(heir_of, drafting_departments().filter(pk=chosen)))
        self.fields["handler"].queryset = workers_at(*places)  # type: ignore[attr-defined]


class RowAssignForm(AssignForm):
    """In the row of a list: the handler alone; the drafting unit stays what it is."""

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, case=case, auto_id=f"row-{case.pk}-%s", **options)
        self.fields["drafting_department"].widget = forms.HiddenInput()


class AcceptForm(CaseForm):
    """Nothing to fill in: the page says what is accepted."""


class RefuseAssignmentForm(CaseForm):
    reason = forms.CharField(
        label="退回原因", widget=text_area(3), max_length=300, help_text=NO_PERSONAL
    )


class DeputyForm(ActForm):
    user = forms.ModelChoiceField(
        label="休假的人", queryset=User.objects.none(), empty_label="请选择"
    )
    deputy = forms.ModelChoiceField(
        label="代理人",
        queryset=User.objects.none(),
        empty_label="请选择",
        help_text="代理期间，可以办理休假的人经办的申请件",
    )
    from_on = DayField(label="起日", to_come=True)
    to_on = DayField(label="止日", to_come=True, help_text="起止两日都算在内，过后自动结束")

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].queryset = absent_for(by)  # type: ignore[attr-defined]
        self.fields["deputy"].queryset = handlers_for(by)  # type: ignore[attr-defined]


class SeenCasesField(forms.Field):
    """Cases that were ticked, each as its key and the version that was shown (12:3)."""

    widget = forms.CheckboxSelectMultiple
    _SEEN = re.compile(r"\A(\d{1,18}):(\d{1,9})\Z")

    def to_python(self, value: list[str] | None) -> list[tuple[int, int]]:
        found = [self._SEEN.match(item) for item in value or ()]
        pairs = [(int(match[1]), int(match[2])) for match in found if match]
        if len(pairs) < len(found):
            raise ValidationError(EXPIRED)
        return pairs


class HandOverForm(ActForm):
    cases = SeenCasesField(label="申请件")
    to = forms.ModelChoiceField(label="移交给", queryset=User.objects.none(), empty_label="请选择")
    reason = forms.CharField(
        label="移交原因", widget=text_area(2), max_length=300, help_text=NO_PERSONAL
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = handlers_for(user)  # type: ignore[attr-defined]
        self.fields["to"].error_messages["required"] = "请选择移交给谁。"
        self.fields["cases"].error_messages["required"] = "请勾选要移交的申请件。"

    def ticked(self) -> set[int]:
        """Keys of the cases as handed in, whatever else was wrong."""
        seen = self.data.getlist("cases") if self.is_bound else []  # type: ignore[attr-defined]
        keys = (item.partition(":")[0] for item in seen)
        return {int(key) for key in keys if key.isdecimal()}
