"""What is typed into an annual report: passages, figures, and the words of its steps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from cases.forms.base import ActForm, DayField, RecordForm, not_after, say_errors, text_area
from reports.formats.base import Figure, Format, Tables
from reports.formats.content import (
    PASSAGES,
    Amount,
    Content,
    SectionTwoFigures,
    place_label,
    places,
)
from reports.report_presenting import amount

_FIGURE = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?")


class FigureField(forms.CharField):
    """A figure of a table as people write it: 1,234, ３．５; blank is not 0 and comes as None."""

    def __init__(
        self, label: str, *, decimal: bool = False, signed: bool = False, help_text: str = ""
    ) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "aria-label": label, "size": 6}
        widget = forms.TextInput(attrs)
        super().__init__(
            label=label, required=False, max_length=40, widget=widget, help_text=help_text
        )
        self.decimal, self.signed = decimal, signed

    def clean(self, value: Any) -> Amount:
        typed = super().clean(value)
        plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", typed)).removeprefix("+")
        if not plain:
            return None
        if not _FIGURE.fullmatch(plain):
            raise ValidationError("须为数字。")
        figure = Decimal(plain)
        if not self.decimal and figure != figure.to_integral_value():
            raise ValidationError("须为整数。")
        if figure < 0 and not self.signed:
            raise ValidationError("不能为负数。")
        return figure

    def prepare_value(self, value: Any) -> Any:
        return amount(value) if isinstance(value, Decimal | int) else value


def two_fields(fmt: Format) -> dict[str, FigureField]:
    """Path → the field of each figure of section two."""
    return {
        path: FigureField(place_label(fmt, path), decimal=column.decimal, signed=column.signed)
        for path, (_, column) in places(fmt).items()
    }


class TextsForm(RecordForm):
    """The passages, by their keys."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for passage in PASSAGES:
            self.fields[passage.key] = forms.CharField(
                label=passage.heading, required=False, max_length=20_000, widget=text_area(7)
            )
        say_errors(self)


class SectionTwoForm(RecordForm):
    """Section two of an organ's own report, by path."""

    def __init__(self, *args: Any, fmt: Format, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fmt = fmt
        self.fields.update(two_fields(fmt))
        say_errors(self)

    @property
    def figures(self) -> SectionTwoFigures:
        return SectionTwoFigures({path: self.cleaned_data[path] for path in places(self.fmt)})


class CentralForm(RecordForm):
    """A figure of a roll-up that is no plain sum."""

    value = FigureField("统一填报的数", help_text="留空即恢复为各单位相加")
    source = forms.CharField(label="数据来源", required=False, max_length=100)
    reason = forms.CharField(
        label="与相加不同的原因", required=False, max_length=300, widget=text_area()
    )

    def __init__(self, *args: Any, fmt: Format, path: str, **options: Any) -> None:
        super().__init__(*args, **options)
        column = places(fmt)[path][1]
        value = cast(FigureField, self.fields["value"])
        value.decimal, value.signed = column.decimal, column.signed


class TieForm(RecordForm):
    text = forms.CharField(
        label="说明",
        required=False,
        max_length=1000,
        widget=text_area(5),
        help_text="留空即撤去说明",
    )


class CommentForm(RecordForm):
    """A step that may be commented on; whether it must be is for the workflow to say."""

    comment = forms.CharField(label="意见", required=False, max_length=1000, widget=text_area(4))


class PublishForm(RecordForm):
    published_on = DayField(label="公布日期")
    published_at = forms.CharField(label="公布的网址或者位置", max_length=300)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        not_after(self, today)


class CorrectForm(ActForm):
    reason = forms.CharField(label="更正的原因", max_length=500, widget=text_area(4))


class JudgeForm(ActForm):
    comment = forms.CharField(label="理由", max_length=500, widget=text_area(2))


class PublishedForm(ActForm):
    """A report that was published elsewhere: its figures, by path, as they were printed."""

    note = forms.CharField(
        label="说明",
        required=False,
        max_length=300,
        help_text="如数据从哪里抄录；再次补录须写明原因",
    )

    def __init__(self, *args: Any, fmt: Format, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fmt = fmt
        self.fields.update(two_fields(fmt))
        self.fields.update({path: FigureField(place_label(fmt, path)) for path in fmt.cells})
        say_errors(self)

    def content(self, year: int, organ: str) -> Content:
        return Content(
            self.fmt,
            year,
            organ,
            SectionTwoFigures({path: self.cleaned_data[path] for path in places(self.fmt)}),
            tables_from(self.fmt, self.cleaned_data),
        )


def tables_from(fmt: Format, typed: Mapping[str, Any]) -> Tables:
    """Sections three and four from figures by path; what is not there, or wrong, stays blank."""

    def row(path: str, columns: Any) -> list[Figure]:
        figures = (typed.get(f"{path}.{column.key}") for column in columns)
        return [None if figure is None else int(figure) for figure in figures]

    three, four = fmt.section_three, fmt.section_four
    return Tables(
        {key: row(f"section_three.{key}", three.columns) for key in three.data_rows},
        {group.key: row(f"section_four.{group.key}", four.columns) for group in four.groups},
    )
