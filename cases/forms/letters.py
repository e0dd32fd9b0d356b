"""Making a letter: its date, its number, and what the case does not say by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.choices import LetterKind, OutcomeGroup, outcomes_in
from cases.forms.acts import WithOthers
from cases.forms.base import DayField, say_errors, text_area
from cases.forms.papers import DocumentsForm
from cases.letters.fields import FIELDS
from cases.letters.making import Draft
from cases.workflow.matching import is_open_to_others

SERIES, TYPED, NONE = "series", "typed", "none"
# Slips that go with a paper rather than being one: usually without a number.
WITHOUT_NUMBER = frozenset({LetterKind.RECEIPT, LetterKind.SERVICE})
LONGEST = 4_000  # characters of what is said for a field


class LetterForm(WithOthers):
    """`draft` is the letter with what is known; None for a reply whose outcome nobody has said."""

    outcome = forms.ChoiceField(label="答复类型", required=False)
    dated_on = DayField(label="日期", help_text="文书上的日期")
    numbering = forms.ChoiceField(label="文号", widget=forms.RadioSelect)
    number = forms.CharField(label="办公系统给的文号", max_length=80, required=False)

    def __init__(
        self, *args: Any, kind: LetterKind, draft: Draft | None, prefix_words: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        numbering, outcome = self.fields["numbering"], self.fields["outcome"]
        assert isinstance(numbering, forms.ChoiceField) and isinstance(outcome, forms.ChoiceField)
        numbering.choices = [
            (SERIES, f"自动编号：{prefix_words}"),
            (TYPED, "填写办公系统给的文号"),
            (NONE, "不编号"),
        ]
        if kind == LetterKind.REPLY:
            outcome.choices, outcome.required = _outcomes(), True
        else:
            del self.fields["outcome"]
        also = self.fields.pop("also", None)
        self.names = {f"say_{FIELDS[name].key}": name for name in (draft.asked if draft else ())}
        for key, name in self.names.items():
            self.fields[key] = _field_of(name, draft.known.get(name, "") if draft else "")
            if self.is_bound and key not in self.data:  # new since another outcome was chosen
                self.put(key, self.fields[key].initial)
        say_errors(self)
        if also and kind == LetterKind.REPLY and is_open_to_others(self.case):
            self.fields["also"] = also
            self.order_fields(["version", "outcome", "dated_on", "numbering", "number", "also"])

    @property
    def said(self) -> dict[str, str]:
        """Field → what is said for it, as it stands in the form; emptied, it is left blank."""
        return {name: str(self[key].value() or "").strip() for key, name in self.names.items()}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("numbering") == TYPED and not cleaned.get("number"):
            self.add_error("number", ValidationError("请填写文号，或者选择不编号。"))
        return cleaned

    def to_make(self) -> dict[str, Any]:
        """What `workflow.make_letter` takes."""
        given = self.cleaned_data
        return {
            "dated_on": given["dated_on"],
            "outcome": given.get("outcome", ""),
            "own_series": given["numbering"] == SERIES,
            "number": given["number"] if given["numbering"] == TYPED else "",
            "said": self.said,
            "also": given.get("also", ()),
            "version": given["version"],
        }


class FinalForm(DocumentsForm):
    """The final or sealed file of a letter that was made."""

    kind = None  # type: ignore[assignment] # Django's way to take a field away

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["uploads"].widget.attrs["multiple"] = False

    def clean_uploads(self) -> list[Any]:
        uploads: list[Any] = self.cleaned_data["uploads"]
        if len(uploads) > 1:
            raise ValidationError("一份文书只能换成一个文件，请只选一个。")
        return uploads


def _field_of(name: str, value: str) -> forms.CharField:
    field = FIELDS[name]
    return forms.CharField(
        label=name,
        required=False,
        initial=value,
        max_length=LONGEST,
        help_text=field.help,
        widget=text_area(field.rows) if field.rows > 1 else forms.TextInput(),
    )


def _outcomes() -> list[Any]:
    """The outcomes in the groups of section three."""
    groups = [
        (group.label, [(each.value, each.label) for each in outcomes_in(group)])
        for group in OutcomeGroup
    ]
    return [("", "请选择"), *groups]


def usual_numbering(kind: LetterKind, reply_number: str) -> dict[str, str]:
    """What the form starts with; a reply that is recorded or drafted may have its number."""
    if kind == LetterKind.REPLY and reply_number:
        return {"numbering": TYPED, "number": reply_number}
    return {"numbering": NONE if kind in WITHOUT_NUMBER else SERIES}
