"""The form of the year's call: deadline, instructions, and what each unit counts towards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict

from cases.departments import DepartmentError, find_department
from cases.forms.base import DayField, RecordForm, say_errors, text_area
from cases.models import Department
from reports.annual.calling import Counts, Unit, may_be_added
from reports.choices import ALL, HOME, Way
from reports.counting import scope_labels

ADDED = "已加入名单，请选定怎样计入，再保存。"
JOINED = "本次加入"
_BETWEEN = re.compile(r"[、,，;；\s]+")


class UnitRow(NamedTuple):
    unit: Unit
    fields: tuple[BoundField, BoundField]


class CallForm(RecordForm):
    """`units` are those of the list; organs that are named besides join it before it is saved."""

    until_on = DayField(label="报送截止日", to_come=True)
    instructions = forms.CharField(
        label="填报要求", required=False, widget=text_area(4), max_length=2000
    )
    added = forms.CharField(widget=forms.HiddenInput, required=False)  # ids of those named so far
    add = forms.CharField(
        label="增加名单以外的单位",
        required=False,
        help_text="垂直管理的单位、分局等，写名称或者代码，几个单位用顿号隔开。",
    )

    def __init__(
        self,
        *args: Any,
        government: Department,
        year: int,
        units: Sequence[Unit],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.government, self.year = government, year
        self.units = [*units, *self._added_before(units)]
        labels = scope_labels(government)
        choices = [
            (Counts.HOME, f"{labels[HOME]}和{labels[ALL]}"),
            (Counts.ALL, f"只计{labels[ALL]}"),
            (Counts.NOWHERE, "不计入"),
        ]
        for unit in self.units:
            name, pk = unit.department.name, unit.department.pk
            self.fields[f"counts-{pk}"] = _choice(f"{name}计入", choices, unit.counts)
            self.fields[f"way-{pk}"] = _choice(f"{name}的统计方式", Way.choices, unit.way)
        say_errors(self)

    def _added_before(self, units: Sequence[Unit]) -> list[Unit]:
        typed = str(self.data.get(self.add_prefix("added"), "")) if self.is_bound else ""
        known = {unit.department.pk for unit in units}
        ids = [int(pk) for pk in typed.split(",") if pk.isdecimal() and len(pk) < 19]
        organs = Department.objects.filter(pk__in=set(ids) - known).order_by("path")
        return [
            Unit(organ, Counts.ALL, note=JOINED)
            for organ in organs
            if not may_be_added(self.government, organ, self.year)
        ]

    def clean_add(self) -> str:
        """Organs that are named become rows of the list, to be looked at before it is saved."""
        typed: str = self.cleaned_data["add"]
        known = {unit.department.pk for unit in self.units}
        joined: list[str] = []
        for name in filter(None, _BETWEEN.split(typed)):
            try:
                organ = find_department(name)
            except DepartmentError as error:
                raise ValidationError(str(error)) from error
            if organ.pk in known:
                raise ValidationError(f"{organ}已在名单中。")
            if refusal := may_be_added(self.government, organ, self.year):
                raise ValidationError(refusal)
            joined.append(str(organ.pk))
        if joined:
            raise ValidationError(ADDED, "added", {"ids": joined})
        return typed

    def with_added(self) -> CallForm | None:
        """The form with the rows of those that were named just now; None where there are none."""
        ids = [
            pk
            for error in self.errors.as_data().get("add", ())
            if error.code == "added"
            for pk in (error.params or {})["ids"]
        ]
        if not ids:
            return None
        data = cast(QueryDict, self.data).copy()
        data["added"] = ",".join(filter(None, [data.get("added", ""), *ids]))
        data["add"] = ""
        for pk in ids:
            data[f"counts-{pk}"], data[f"way-{pk}"] = Counts.ALL, Way.CASES
        again = CallForm(
            data,
            initial=self.initial,
            government=self.government,
            year=self.year,
            units=[unit for unit in self.units if unit.note != JOINED],
        )
        again.add_error("add", ADDED)
        return again

    def rows(self) -> Iterator[UnitRow]:
        for unit in self.units:
            pk = unit.department.pk
            yield UnitRow(unit, (self[f"counts-{pk}"], self[f"way-{pk}"]))

    @property
    def said(self) -> dict[str, Any]:
        """What goes to `call_for_reports`."""
        data = self.cleaned_data
        units = [
            Unit(
                unit.department,
                Counts(data[f"counts-{unit.department.pk}"]),
                Way(data[f"way-{unit.department.pk}"]),
            )
            for unit in self.units
        ]
        said = {name: data[name] for name in ("until_on", "instructions", "version")}
        return said | {"units": units}


def _choice(label: str, choices: Sequence[Any], initial: str) -> forms.ChoiceField:
    """A choice in a row of the table, which has no label beside it."""
    select = forms.Select(attrs={"aria-label": label})
    return forms.ChoiceField(label=label, choices=choices, initial=initial, widget=select)
