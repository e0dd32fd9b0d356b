"""Keeping documents with a case, and withdrawing one."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.choices import DocumentKind
from cases.documents.types import ACCEPTED
from cases.forms.base import CaseForm, text_area

# A letter is made, or put in the place of one that was: both have their own pages.
KINDS = [choice for choice in DocumentKind.choices if choice[0] != DocumentKind.LETTER]


class FilesInput(forms.FileInput):
    """The browser's own: files are chosen, or dragged onto it."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """All files that were chosen, as a list. What they are is the workflow's to say."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(file, initial) for file in data or [None]]


class UploadForm(CaseForm):
    """With a field `uploads`; `refusal` is why it was not taken while it came, else empty."""

    def __init__(self, *args: Any, refusal: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.refusal = refusal

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.refusal:
            self.errors.pop("uploads", None)
            self.add_error("uploads", self.refusal)


class DocumentsForm(UploadForm):
    uploads = FilesField(
        label="文件",
        allow_empty_file=True,  # which of them is empty, the workflow says by name
        widget=FilesInput(attrs={"accept": ACCEPTED}),
    )
    kind = forms.ChoiceField(label="材料类别", choices=KINDS, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["uploads"].error_messages["required"] = "请选择要存入的文件。"


class WithdrawForm(CaseForm):
    reason = forms.CharField(
        label="撤下原因",
        widget=text_area(2),
        max_length=200,
        help_text="如传错、属于另一件申请；不要写电话号码等个人信息",
    )
