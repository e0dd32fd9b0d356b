"""Entering and correcting a review or suit."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from cases.choices import (
    ProceedingKind,
    ProceedingResult,
    ReviewProcedure,
    Ruling,
    rulings_counted_as,
)
from cases.forms.base import ActForm, DayField, RecordForm, text_area
from cases.lookups import proceeding_departments
from cases.models import Case, Department, Proceeding, User
from cases.workflow.base import snapshot
from cases.workflow.proceedings import FIELDS

RULING_GROUPS = [
    (result.label, [(ruling.value, ruling.label) for ruling in rulings_counted_as(result)])
    for result in ProceedingResult
]


class ProceedingForm(ActForm):
    kind = forms.ChoiceField(label="类型", choices=ProceedingKind.choices, widget=forms.RadioSelect)
    department = forms.ModelChoiceField(
        label="被申请（被告）单位",
        queryset=Department.objects.none(),
        empty_label="请选择",
        help_text="复议机关为共同被告的，只计入原行为机关",
    )
    case_number = forms.CharField(
        label="申请件编号",
        max_length=80,
        required=False,
        help_text="该单位所办申请件的编号；与依申请公开无关的不填",
    )
    docket = forms.CharField(label="案号", max_length=80, required=False)
    filed_on = DayField(label="立案日期")
    received_on = DayField(
        label="收到通知日期",
        required=False,
        help_text="收到答复通知书、应诉通知书的日期，提交的期限从次日起算",
    )
    procedure = forms.ChoiceField(
        label="复议程序",
        choices=[("", "未写明（按普通程序）"), *ReviewProcedure.choices],
        required=False,
        help_text="普通程序十个工作日，简易程序五个；诉讼不选",
    )
    defence_sent_on = DayField(
        label="提交答复、答辩日期",
        required=False,
        help_text="复议为书面答复，诉讼为答辩状，连同证据、依据",
    )
    ruling = forms.ChoiceField(
        label="实际结果",
        choices=[("", "—"), *RULING_GROUPS],
        required=False,
        help_text="一审、二审为一件，以最后的结果为准",
    )
    result = forms.ChoiceField(
        label="结果",
        choices=[("", "尚未审结"), *ProceedingResult.choices],
        required=False,
        help_text="计入年度表的三种之一；选了实际结果的自动对应，不用再选",
    )
    concluded_on = DayField(label="审结日期", required=False)
    remarks = forms.CharField(label="备注", widget=text_area(2), required=False, max_length=2_000)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    case_pk = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        departments = proceeding_departments(user, on=timezone.localdate())
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["case"] = None
        if cleaned.get("ruling") and "result" in cleaned:
            cleaned["result"] = cleaned["result"] or Ruling(cleaned["ruling"]).result
        if cleaned.get("case_number") and cleaned.get("department"):
            try:
                cleaned["case"] = self._named_case(cleaned)
            except ValidationError as error:
                self.add_error("case_number", error)
        return cleaned

    def _named_case(self, cleaned: dict[str, Any]) -> Case:
        """The case of this number; the one the page was opened for, where several have it.

        Of an organ that was succeeded any: with the review it becomes the successor's to read.
        """
        department, number = cleaned["department"], cleaned["case_number"]
        today = timezone.localdate()
        old = Department.objects.gone_to({department.pk}, by=today)
        its_own = Q(department=department) | Q(department__in=old)
        readable = Q(pk__in=Case.objects.visible_to(self.user).values("pk"))
        readable |= Q(department__succeeded_on__lte=today)
        found = Case.objects.filter(its_own, readable, number=number)
        cases = list(found[:2])
        if len(cases) > 1:
            cases = list(found.filter(pk=cleaned.get("case_pk") or 0))
            if not cases:
                raise ValidationError(
                    f"{department}有不止一件编号为“{number}”的申请件，请从那件申请的页面登记。"
                )
        if not cases:
            raise ValidationError(f"{department}没有编号为“{number}”的申请件。")
        return cases[0]

    def apply_to(self, proceeding: Proceeding) -> Proceeding:
        for name in FIELDS:
            setattr(proceeding, name, self.cleaned_data[name])
        return proceeding


class AmendProceedingForm(RecordForm, ProceedingForm):
    """The same, of a proceeding that is there."""


def new_values(case: Case | None) -> dict[str, Any]:
    values: dict[str, Any] = {"token": uuid4()}
    if case:
        organ = case.department.heir_on(timezone.localdate())  # as of what is filed now
        values |= {"department": organ.pk, "case_number": case.number, "case_pk": case.pk}
    return values


def values_of(proceeding: Proceeding) -> dict[str, Any]:
    case = proceeding.case
    return snapshot(proceeding, FIELDS) | {
        "version": proceeding.version,
        "case_number": case.number if case else "",
        "case_pk": case.pk if case else None,
    }
