"""Which table is asked for, as the address of a page or a handed-in form says it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.forms.base import DayField
from cases.models import Department
from reports.choices import SCOPES
from reports.counting import Period, default_scope
from reports.formats import FORMATS
from reports.workflow import Question, check_period

YEAR, TO_DATE, DATES = "year", "to_date", "dates"
DAYS = ("from", "to")
QUARTERS: Mapping[str, tuple[str, int]] = {
    "q1": ("第一季度", 1),
    "q2": ("第二季度", 4),
    "q3": ("第三季度", 7),
    "q4": ("第四季度", 10),
}
PERIODS: Mapping[str, str] = {
    YEAR: "全年",
    **{key: label for key, (label, _) in QUARTERS.items()},
    TO_DATE: "年初至今",
    DATES: "起止日期",
}
LAST_YEAR = 9998  # the calendar of Python ends one later


def period_of(kind: str, year: int, today: date) -> Period:
    """A named period of `year`; 年初至今 of an earlier year ends on the same day of that year.

    Until the days are given, 起止日期 begin as the whole year.
    """
    if kind in QUARTERS:
        month = QUARTERS[kind][1]
        after = date(year + month // 10, (month + 3) % 12, 1)
        return Period(date(year, month, 1), after - timedelta(days=1))
    if kind == TO_DATE:
        leap_day = (today.month, today.day) == (2, 29)
        return Period(date(year, 1, 1), today.replace(year=year, day=28 if leap_day else today.day))
    return Period.year(year)


def kind_of(period: Period, today: date) -> str:
    """The name under which the page offers `period`."""
    year = period.first.year
    named = (kind for kind in PERIODS if kind != DATES)
    return next((kind for kind in named if period_of(kind, year, today) == period), DATES)


class QuestionForm(forms.Form):
    """Year or dates, scope and format of `department`'s table; `question` once it is valid.

    Everything may be left out: then it is the whole current year, of a government with all below
    it, in the format of the year.
    """

    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=1,
        max_value=LAST_YEAR,
        error_messages={
            "invalid": "年度应是一个数字，如 2026。",
            "min_value": "没有这个年度。",
            "max_value": "没有这个年度。",
        },
    )
    period = forms.ChoiceField(
        label="期间",
        required=False,
        choices=list(PERIODS.items()),
        error_messages={"invalid_choice": "没有“%(value)s”这种期间。"},
    )
    scope = forms.ChoiceField(
        label="范围",
        required=False,
        choices=list(SCOPES.items()),
        error_messages={"invalid_choice": "没有“%(value)s”这种统计范围。"},
    )
    format = forms.ChoiceField(
        label="格式",
        required=False,
        choices=[(version, version) for version in FORMATS],
        error_messages={"invalid_choice": "没有“%(value)s”这一格式。"},
    )

    def __init__(self, data: Mapping[str, Any], *, department: Department, today: date) -> None:
        super().__init__(data)
        self.department, self.today = department, today
        self.question: Question | None = None
        self.fields["from"] = DayField(label="起", required=False)  # no name for a class body
        self.fields["to"] = DayField(label="止", required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        try:
            period = self._period(said)
            check_period(period, today=self.today)
            scope = said["scope"] or default_scope(self.department)
            self.question = Question.of_period(self.department, period, scope, said["format"])
        except ValueError as error:  # NoFormat, an end before the beginning, or days to come
            raise ValidationError(str(error)) from error
        return said

    def _period(self, said: Mapping[str, Any]) -> Period:
        first, last = said["from"], said["to"]
        if (first or last) and said["period"] in ("", DATES):
            if not (first and last):
                raise ValidationError("起日和止日都要填。")
            return Period(first, last)
        return period_of(said["period"], said["year"] or self.today.year, self.today)

    @property
    def sentences(self) -> Iterable[str]:
        """What is wrong, each in a sentence."""
        return self.sentences_without(())

    def sentences_without(self, fields: Collection[str]) -> list[str]:
        """The same but for what is said beside these fields."""
        wrong = (errors for name, errors in self.errors.items() if name not in fields)
        return [str(error) for errors in wrong for error in errors]
