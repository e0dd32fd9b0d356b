"""The forms of 指标填报: the figures of an organ's year, and one figure of the list."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from cases.forms.base import ActForm, RecordForm, say_errors
from reports.annual import Entry
from reports.models import FactKind, YearFact

NO_FIGURE = "请填 0 或者更大的整数，如 12；还没有数的留空。"
NO_YEAR = "请填四位数的年度，如 2026。"
MOST_KINDS = 999


class WholeField(forms.IntegerField):
    """A whole number in any of the usual ways of writing one: １２, 1,200, 1 200."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").replace(" ", "")
        number: int | None = super().to_python(value)
        return number


def whole(label: str, wrong: str, **options: Any) -> WholeField:
    """Typed as text, so that what is no number is kept."""
    messages = dict.fromkeys(("invalid", "min_value", "max_value"), wrong)
    attrs = {"inputmode": "numeric", "autocomplete": "off"}
    return WholeField(
        label=label,
        required=False,
        error_messages=messages,
        widget=forms.TextInput(attrs),
        **options,
    )


class FactsForm(RecordForm):
    """Two fields for each kind: figure_<id> and note_<id>."""

    def __init__(
        self, *args: Any, kinds: Iterable[FactKind], stored: Mapping[int, YearFact], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.kinds = list(kinds)
        for kind in self.kinds:
            fact = stored.get(kind.pk)
            self.fields[f"figure_{kind.pk}"] = whole(
                kind.label, NO_FIGURE, min_value=0, initial=fact.figure if fact else None
            )
            attrs = {"aria-label": f"{kind.label}的说明"}
            self.fields[f"note_{kind.pk}"] = forms.CharField(
                label=f"{kind.label}的说明",
                max_length=200,
                required=False,
                initial=fact.note if fact else "",
                widget=forms.TextInput(attrs),
            )
        say_errors(self)

    @property
    def entries(self) -> dict[int, Entry]:
        said = self.cleaned_data
        return {
            kind.pk: Entry(said[f"figure_{kind.pk}"], said[f"note_{kind.pk}"])
            for kind in self.kinds
        }


class NewKindForm(ActForm):
    label = forms.CharField(
        label="指标", max_length=60, help_text="写清口径，如“组织业务培训”；各单位照此填数"
    )
    unit = forms.CharField(label="单位", max_length=10, help_text="如：件、次、个、人次")
    is_summed = forms.BooleanField(label="汇总时相加", required=False, initial=True)
    place = whole("次序", "请填 1 或者更大的整数。", min_value=1, max_value=MOST_KINDS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[
            "is_summed"
        ].help_text = (
            "如培训次数各单位相加；政府公报期数这样全区只有一个数的不相加，由政府办公室填报"
        )
        self.fields["place"].help_text = "排在第几项；留空排在最后"


class KindForm(RecordForm, NewKindForm):
    """Of a figure that is on the list; one that sentences are made of keeps its name and unit."""

    retired_year = whole("停用年度", NO_YEAR, min_value=2000, max_value=9998)

    def __init__(self, *args: Any, kind: FactKind, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["retired_year"].help_text = "自这一年度起不再填报；以前填的仍在。留空为一直使用"
        if kind.key:
            for name in ("label", "unit"):
                self.fields[name].disabled = True
                self.fields[name].help_text = "年度报告的语句由它生成，不能改"
