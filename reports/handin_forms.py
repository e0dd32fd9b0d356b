"""Forms of handing in: the file, the figures typed, and what was looked at just before."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import BoundField

from cases.forms.base import EXPIRED, ActForm, say_errors
from cases.models import Department, User
from reports.formats.base import Format, Tables, TablesError
from reports.formats.content import Amount, SectionTwoFigures, place_label, places
from reports.handin import (
    BLANK,
    HandedIn,
    HandInError,
    read_handed_in,
    tables_from,
    two_from,
    typed_figure,
)

SALT = "reports.handin"
KEPT_SECONDS = 24 * 60 * 60  # what was looked at may be taken in so long
MOST_SAID = 12  # faults of a file that are told one by one
LONGEST_NAME = 200  # of a file, as HandedInTable keeps it


class FileForm(ActForm):
    """The filled-in template; `handed_in` once it is valid."""

    file = forms.FileField(label="填好的模板", widget=forms.FileInput(attrs={"accept": ".xlsx"}))

    def __init__(
        self, *args: Any, fmt: Format, year: int, department: Department, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fmt, self.year, self.department = fmt, year, department
        self.handed_in: HandedIn | None = None
        said = {"required": "请选择填好的模板。", "empty": "文件是空的。"}
        self.fields["file"].error_messages |= said

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.handed_in = read_handed_in(
                file.read(),
                fmt=self.fmt,
                year=self.year,
                code=self.department.code,
                file_name=file.name[-LONGEST_NAME:],
            )
        except HandInError as error:
            told = list(error.problems[:MOST_SAID])
            if more := len(error.problems) - len(told):
                told.append(f"还有 {more} 处有误，改正以上各处后会再逐一列出。")
            raise ValidationError(told) from error
        return file


class TypedForm(ActForm):
    """Every figure of the year's format; `handed_in` once it is valid.

    Section two may be left out, but only as a whole.
    """

    def __init__(self, *args: Any, fmt: Format, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fmt = fmt
        self.handed_in: HandedIn | None = None
        leaves = {f"section_three.{key}" for key in fmt.section_three.leaf_rows}
        for path in (*places(fmt), *fmt.cells):
            row, _, column = path.rpartition(".")
            marks = {"data-row": row, "data-column": column} | (
                {"data-leaf": True} if row in leaves else {}
            )
            look = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "12"}
            label = place_label(fmt, path)
            widget = forms.TextInput(attrs=look | marks | {"aria-label": label})
            self.fields[path] = forms.CharField(
                label=label, required=False, max_length=12, widget=widget
            )
        say_errors(self)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        two = places(self.fmt)
        left_out = not any(said.get(path) for path in two)
        figures: dict[str, Decimal] = {}
        for path in (*(() if left_out else two), *self.fmt.cells):
            typed = said.get(path, "")
            try:
                if not typed:
                    raise ValueError(BLANK)
                figures[path] = typed_figure(self.fmt, path, typed)
            except ValueError as error:
                self.add_error(path, f"{error}。")
        if not self.errors:
            self.handed_in = HandedIn(tables_from(self.fmt, figures), two_from(self.fmt, figures))
        return said

    def row(self, path: str, columns: Any) -> list[BoundField]:
        """The fields of one row of a table."""
        return [self[f"{path}.{column.key}"] for column in columns]


class TakeInForm(ActForm):
    """What the user looked at, signed: what is taken in is just that, and is just that file's."""

    kept = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, whose: Mapping[str, int], fmt: Format, **options: Any) -> None:
        """`whose` is as `whose_of` gives it."""
        super().__init__(*args, **options)
        self.whose, self.fmt = whose, fmt
        self.handed_in: HandedIn | None = None

    def clean_kept(self) -> str:
        kept: str = self.cleaned_data["kept"]
        try:
            said = signing.loads(kept, salt=SALT, max_age=KEPT_SECONDS)
            if said["whose"] != self.whose:
                raise ValidationError(EXPIRED)
            two = said["section_two"]
            self.handed_in = HandedIn(
                Tables.from_json(self.fmt, said["figures"]),
                SectionTwoFigures.from_json(self.fmt, two) if two else None,
                said["file_name"],
                said["sha256"],
            )
        except (signing.BadSignature, TablesError) as error:
            raise ValidationError(EXPIRED) from error
        return kept


def whose_of(department: Department, year: int, user: User) -> dict[str, int]:
    return {"department": department.pk, "year": year, "user": user.pk}


def kept(handed_in: HandedIn, whose: Mapping[str, int]) -> str:
    """For the hidden field of a `TakeInForm`."""
    said = {
        "whose": whose,
        "figures": handed_in.tables.to_json(),
        "section_two": handed_in.section_two.to_json() if handed_in.section_two else None,
        "file_name": handed_in.file_name,
        "sha256": handed_in.sha256,
    }
    return signing.dumps(said, salt=SALT, compress=True)


def figures_of(
    fmt: Format, tables: Tables, two: SectionTwoFigures | None
) -> dict[str, Amount | int]:
    """What a `TypedForm` starts with."""
    known = dict(two.amounts) if two else {}
    return {**known, **{path: tables.value(path) for path in fmt.cells}}
