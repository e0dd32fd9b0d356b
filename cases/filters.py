"""Filters of the lists: what may be asked for, and with which words.

A value that is not among those offered (a tampered address, an old bookmark) is said so in a
sentence and not filtered by; it never breaks the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.choices import flatten_choices

from cases.choices import (
    ApplicantKind,
    Assignment,
    Channel,
    Outcome,
    OutcomeGroup,
    ProceedingKind,
    ProceedingResult,
    RoundState,
)
from cases.lamps import AGAIN
from cases.lookups import handlers_of, same_applicant
from cases.models import Case, Department, Inquiry, Proceeding, User
from cases.presenting import SHORT_OUTCOMES, group_title
from cases.proceeding_querysets import ProceedingQuerySet
from cases.proceeding_standing import overdue_defences
from cases.querysets import CaseQuerySet, holding
from cases.searching import search
from cases.states import State
from cases.workdays import Calendar

LONGEST_SEARCH = 100  # characters
LONGEST_QUOTE = 40  # characters that are repeated of a value that was not understood
DUE_SOON = 5  # working days: 五日内到期
WINDOWS = {
    "today": "今日到期",
    "2": "两个工作日内",
    "5": "五个工作日内",
    "overdue": "已逾期",
    "provisional": "暂定",
    "again": AGAIN,
}
DEFENCES = {"to_answer": "待提交答复、答辩", "overdue": "提交已逾期", "again": "待重新答复"}
ROUNDS_SHOWN = {
    RoundState.PENDING: "待审核",
    RoundState.SENT_BACK: "退回修改",
    RoundState.SIGNED: "已签发待答复",
}
GROUP = "group:"  # marks a whole group among the outcomes, since a group and an outcome share names
# Of one number, one for each key in use.
HASHES = re.compile(r"\A[0-9a-f]{64}(,[0-9a-f]{64}){0,4}\Z")


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force, and the list without it."""

    text: str
    url: str


class Conditions(filters.FilterSet):
    """A filter set that can say its conditions, and what was wrong with them."""

    def __init__(self, data: QueryDict, queryset: Any, *, user: User, on: date) -> None:
        self.user, self.on = user, on
        super().__init__(data, queryset)

    def chips(self) -> list[Chip]:
        valid = self.form.is_valid() or bool(self.form.cleaned_data)
        texts = {
            name: f"{field.label}：{_said(field, self.form.cleaned_data[name])}"
            for name, field in self.form.fields.items()
            if valid and self.form.cleaned_data.get(name)
        }
        return [Chip(text, "?" + self._without(name)) for name, text in texts.items()]

    def complaints(self) -> list[str]:
        """A sentence for each value that was not understood."""
        return [
            f"{self._complaint(name, field)}，未按它筛选。"
            for name, field in self.form.fields.items()
            if name in self.form.errors
        ]

    def _complaint(self, name: str, field: forms.Field) -> str:
        if isinstance(field, forms.CharField):  # words: what was wrong with them, not the words
            return str(self.form.errors[name][0])
        asked = str(self.form.data.get(name, ""))
        more = "…" if len(asked) > LONGEST_QUOTE else ""
        return f"没有“{asked[:LONGEST_QUOTE]}{more}”这样的{field.label}"

    def _without(self, name: str) -> str:
        left = self.data.copy()
        for key in (name, "page"):
            left.pop(key, None)
        return str(left.urlencode())


def words(method: str) -> filters.CharFilter:
    """The search box."""
    return filters.CharFilter(
        label="查找",
        method=method,
        max_length=LONGEST_SEARCH,
        error_messages={
            "max_length": f"查找的字数最多 {LONGEST_SEARCH} 个",
            "null_characters_not_allowed": "查找的字里有无法识别的字符",
        },
    )


class PhoneField(forms.RegexField):
    """A telephone or identity number as its keyed hashes: the number itself is in no address."""

    def __init__(self, **options: Any) -> None:
        invalid = "号码条件无法识别，请重新输入号码查找"
        super().__init__(regex=HASHES, error_messages={"invalid": invalid}, **options)


class PhoneFilter(filters.CharFilter):
    field_class = PhoneField


class CaseFilter(Conditions):
    searched_in_part = False  # whether the words were not looked for everywhere

    q = words("unchanged")
    state = filters.ChoiceFilter(
        label="状态", choices=State.choices, method="in_state", empty_label="全部状态"
    )
    department = filters.ModelChoiceFilter(
        label="受理单位", queryset=Department.objects.none(), empty_label="全部单位"
    )
    kind = filters.ChoiceFilter(
        label="申请人类别",
        choices=ApplicantKind.choices,
        field_name="applicant_kind",
        empty_label="全部类别",
    )
    channel = filters.ChoiceFilter(
        label="申请方式", choices=Channel.choices, empty_label="全部方式"
    )
    outcome = filters.ChoiceFilter(label="答复类型", method="ended", empty_label="全部类型")
    year = filters.ChoiceFilter(label="收到年度", method="received_in_year", empty_label="全部年度")
    due = filters.ChoiceFilter(
        label="到期", choices=list(WINDOWS.items()), method="due_within", empty_label="不限到期日"
    )
    day = filters.DateFilter(
        label="到期日", method="due_on_day", widget=forms.HiddenInput(), input_formats=["%Y-%m-%d"]
    )
    mine = filters.ChoiceFilter(
        label="经办",
        choices=[("1", "我经办的")],
        method="handled_by_me",
        widget=forms.HiddenInput(),
    )
    handler = filters.ModelChoiceFilter(
        label="经办人", queryset=User.objects.none(), widget=forms.HiddenInput()
    )
    signoff = filters.ChoiceFilter(
        label="审核",
        choices=[("mine", "待我审核"), *((k.value, v) for k, v in ROUNDS_SHOWN.items())],
        method="at_sign_off",
        widget=forms.HiddenInput(),
    )
    assigned = filters.ChoiceFilter(
        label="分派", choices=Assignment.choices, method="in_assignment", widget=forms.HiddenInput()
    )
    like = filters.ModelChoiceFilter(
        label="同一申请人",
        queryset=Case.objects.none(),
        method="of_same_applicant",
        widget=forms.HiddenInput(),
    )
    phone = PhoneFilter(label="号码", method="with_phone", widget=forms.HiddenInput())
    section = filters.ChoiceFilter(
        label="征询科室",
        choices=[("late", "已过期限")],
        method="section_late",
        widget=forms.HiddenInput(),
    )

    everywhere = filters.ChoiceFilter(
        label="查找范围", choices=[("1", "全部")], method="unchanged", widget=forms.HiddenInput()
    )

    class Meta:
        model = Case
        fields = ("department", "channel")

    def __init__(
        self,
        data: QueryDict,
        queryset: CaseQuerySet,
        *,
        user: User,
        on: date,
        calendar: Calendar,
        years: Iterable[int],
    ) -> None:
        super().__init__(data, queryset, user=user, on=on)
        self.calendar = calendar
        self.filters["department"].queryset = Department.objects.visible_to(user).answering()
        self.filters["handler"].queryset = handlers_of(Case.objects.visible_to(user))
        self.filters["like"].queryset = Case.objects.visible_to(user)
        self.filters["outcome"].extra["choices"] = outcome_choices()
        self.filters["year"].extra["choices"] = [(str(year), f"{year} 年") for year in years]

    def filter_queryset(self, queryset: CaseQuerySet) -> CaseQuerySet:
        """Voided cases are listed apart, and found by a search."""
        asked = self.form.cleaned_data
        searched = asked.get("q") or asked.get("phone")
        if asked.get("state") != State.VOID and not searched:
            queryset = queryset.live()
        found: CaseQuerySet = super().filter_queryset(queryset)
        if asked.get("q"):
            found, self.searched_in_part = search(
                found, asked["q"], everywhere=bool(asked.get("everywhere"))
            )
        return found

    def unchanged(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        """Words are searched for last, among the cases that meet the other conditions."""
        return cases

    def in_state(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.filter(State(value).condition(self.on))

    def ended(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        if value.startswith(GROUP):
            return cases.filter(outcome_group=value.removeprefix(GROUP))
        return cases.filter(outcome_group=Outcome(value).rule.group, outcome=value)

    def received_in_year(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.filter(received_year=int(value))

    def due_within(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        if value == "overdue":
            return cases.overdue(self.on)
        if value == "provisional":
            return cases.filter(provisional=True, closed_on=None)
        if value == "again":
            return cases.reopened()
        days = 0 if value == "today" else int(value)
        return cases.due_between(self.on, self.calendar.nth_workday_after(self.on, days), self.on)

    def due_on_day(self, cases: CaseQuerySet, name: str, value: date) -> CaseQuerySet:
        return cases.due_between(value, value, self.on)

    def handled_by_me(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.handled_by(self.user)

    def at_sign_off(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        if value == "mine":
            return cases.awaiting_signature_of(self.user)
        return cases.in_round(RoundState(value))

    def in_assignment(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.assigned(Assignment(value))

    def of_same_applicant(self, cases: CaseQuerySet, name: str, value: Case) -> CaseQuerySet:
        return cases.filter(same_applicant(value.applicant))

    def with_phone(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.with_number(value.split(","))

    def section_late(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.filter(pk__in=Inquiry.objects.late(self.on).values("case_id"))


class ProceedingFilter(Conditions):
    q = words("search")
    kind = filters.ChoiceFilter(
        label="类型", choices=ProceedingKind.choices, empty_label="全部类型"
    )
    result = filters.ChoiceFilter(
        label="结果",
        choices=[("pending", "尚未审结"), *ProceedingResult.choices],
        method="ended",
        empty_label="全部结果",
    )
    due = filters.ChoiceFilter(
        label="期限", choices=list(DEFENCES.items()), method="due_for", empty_label="全部期限"
    )
    department = filters.ModelChoiceFilter(
        label="单位", queryset=Department.objects.none(), empty_label="全部单位"
    )
    phone = PhoneFilter(label="号码", method="with_phone", widget=forms.HiddenInput())

    class Meta:
        model = Proceeding
        fields = ("kind", "department")

    def __init__(
        self,
        data: QueryDict,
        queryset: ProceedingQuerySet,
        *,
        user: User,
        on: date,
        calendar: Calendar,
    ) -> None:
        super().__init__(data, queryset, user=user, on=on)
        self.calendar = calendar
        self.filters["department"].queryset = Department.objects.visible_to(user).answering()

    def search(self, proceedings: ProceedingQuerySet, name: str, value: str) -> ProceedingQuerySet:
        for word in value.split():
            proceedings = proceedings.filter(
                holding(word, "docket", "case__number", "case__content")
            )
        return proceedings

    def with_phone(
        self, proceedings: ProceedingQuerySet, name: str, value: str
    ) -> ProceedingQuerySet:
        return proceedings.filter(case__in=Case.objects.with_number(value.split(",")))

    def ended(self, proceedings: ProceedingQuerySet, name: str, value: str) -> ProceedingQuerySet:
        return proceedings.filter(result="" if value == "pending" else value)

    def due_for(self, proceedings: ProceedingQuerySet, name: str, value: str) -> ProceedingQuerySet:
        if value == "again":
            return proceedings.ordering_again()
        if value == "to_answer":
            return proceedings.to_answer()
        late = overdue_defences(proceedings, on=self.on, calendar=self.calendar)
        return proceedings.filter(pk__in=late)


def outcome_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups as the table has them; the first of each stands for the whole group."""
    return [
        (
            group_title(group),
            [
                (f"{GROUP}{group.value}", f"{group_title(group)}（全部）"),
                *(
                    (o.value, f"{o.rule.place} {SHORT_OUTCOMES[o]}".strip())
                    for o in Outcome
                    if o.rule.group == group
                ),
            ],
        )
        for group in OutcomeGroup
    ]


def _said(field: forms.Field, value: Any) -> str:
    """A condition as the form words it."""
    if isinstance(field, PhoneField):
        return "（按号码精确查找）"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices: Any = field.choices
        return str(dict(flatten_choices(choices)).get(value, value))
    return str(value)
