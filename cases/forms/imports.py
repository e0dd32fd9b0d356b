"""Forms of the ledger import: handing a file in, matching its columns, confirming."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from cases.forms.base import ActForm, late_reason_field, say_errors, text_area
from cases.imports.planned import LATE
from cases.imports.showing import size_of
from cases.ledger.columns import KINDS, Column, SheetKind, fold_header
from cases.ledger.organs import importable
from cases.models import Applicant, Department, LedgerUpload, User
from cases.personal import holds_personal
from cases.workflow.base import refuse_personal_data
from cases.workflow.sealing import NO_NUMBERS, REASON

AUTOMATIC, PASS_OVER = "", "-"  # in the place of a column's key
ACCEPTED = ".xlsx,.xls,.et"
NO_REASON = "请写明以台账为准的理由。"


class UploadForm(ActForm):
    """`refusal` is why the file was not taken while it came, else empty."""

    department = forms.ModelChoiceField(
        label="为哪个单位导入",
        queryset=Department.objects.none(),
        empty_label=None,
        help_text="没有写受理部门的行属于这个单位；写了受理部门的，须是它或它的下级。",
    )
    file = forms.FileField(label="台账文件", widget=forms.FileInput(attrs={"accept": ACCEPTED}))

    def __init__(
        self, *args: Any, user: User, max_bytes: int, refusal: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.refusal = refusal
        department, file = self.fields["department"], self.fields["file"]
        assert isinstance(department, forms.ModelChoiceField)
        department.queryset = importable(user, None).order_by("path")
        file.error_messages |= {"required": "请选择台账文件。", "empty": "文件是空的。"}
        file.widget.attrs["data-max-bytes"] = max_bytes

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.refusal:
            self.errors.pop("file", None)
            self.add_error("file", self.refusal)


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A heading of the file beside its choice; None where an earlier sheet has the same heading."""

    header: str
    read_as: str
    field: BoundField | None


@dataclass(frozen=True, slots=True)
class SheetRows:
    sheet: str
    kind: str
    missing: str  # needed columns that no heading stands for
    rows: list[HeadingRow]


class MatchForm(ActForm):
    """One choice for every heading of the file; `matched` once it is valid."""

    def __init__(self, *args: Any, upload: LedgerUpload, **options: Any) -> None:
        super().__init__(*args, **options)
        self.upload = upload
        self.unknown: str = upload.found.get("unknown", "")  # why nobody knows what the sheets are
        self.headings: list[dict[str, Any]] = upload.found.get("headings", [])
        self.names: dict[str, str] = {}  # folded header → name of its field
        for header, key, kinds in self._headers():
            folded = fold_header(header)
            by_hand = upload.matched.get(folded)
            self.names[folded] = name = f"h{len(self.names)}"
            self.fields[name] = forms.ChoiceField(
                label=header,
                required=False,
                choices=_choices(kinds, key if by_hand is None else None),
                initial=AUTOMATIC if by_hand is None else by_hand or PASS_OVER,
            )
        say_errors(self)

    def _headers(self) -> Iterator[tuple[str, str, list[SheetKind]]]:
        """Each heading once: its words, its column as it is read now, the sheets that have it."""
        kinds: dict[str, list[str]] = {}
        for heading in self.headings:
            for header, _ in heading["columns"]:
                kinds.setdefault(fold_header(header), []).append(heading["kind"])
        for heading in self.headings:
            for header, key in heading["columns"]:
                found = kinds.pop(fold_header(header), None)
                if found:
                    yield header, key, [k for k in KINDS if self.unknown or k.name in found]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for heading in self.headings:
            taken: dict[str, str] = {}
            for folded in dict.fromkeys(fold_header(header) for header, _ in heading["columns"]):
                key = said.get(self.names[folded], AUTOMATIC)
                if key in taken:
                    message = f"与“{taken[key]}”选了同一列，请只留一个。"
                    self.add_error(self.names[folded], ValidationError(message))
                elif key not in (AUTOMATIC, PASS_OVER):
                    taken[key] = str(self.fields[self.names[folded]].label)
        return said

    @property
    def matched(self) -> dict[str, str | None]:
        """Folded header → key of a column, "" to pass it over, None to leave it as it is called."""
        meant: dict[str, str | None] = {AUTOMATIC: None, PASS_OVER: ""}
        chosen = {folded: self.cleaned_data[name] for folded, name in self.names.items()}
        return {folded: meant.get(key, key) for folded, key in chosen.items()}

    def sheets(self) -> list[SheetRows]:
        """What the page shows, sheet by sheet."""
        shown: set[str] = set()
        found = []
        for heading in self.headings:
            kind = next(kind for kind in KINDS if kind.name == heading["kind"])
            rows = []
            for header, key in heading["columns"]:
                folded = fold_header(header)
                field = None if folded in shown else self[self.names[folded]]
                shown.add(folded)
                rows.append(HeadingRow(header, self._read_as(kind, folded, key), field))
            title = "" if self.unknown else kind.name
            found.append(SheetRows(heading["sheet"], title, self._missing(kind, heading), rows))
        return found

    def _read_as(self, kind: SheetKind, folded: str, key: str) -> str:
        if key:
            return kind.header(key)
        return "不导入" if self.upload.matched.get(folded) == "" else "收入备注"

    def _missing(self, kind: SheetKind, heading: dict[str, Any]) -> str:
        have = {key for _, key in heading["columns"]}
        missing = [
            column.header
            for column in kind.columns
            if column.needed and column.key not in have and not self._is_given(column)
        ]
        return "、".join(missing)

    def _is_given(self, column: Column) -> bool:
        return column.key == "department" and self.upload.department.holds_cases


class ConfirmForm(ActForm):
    """`digest` is of the preview that the user saw. Conflicts want a tick and a reason."""

    digest = forms.CharField(widget=forms.HiddenInput)
    take_over = forms.BooleanField(label="以台账为准，改掉系统里的值", required=False)
    reason = forms.CharField(
        label="理由",
        max_length=200,
        required=False,
        widget=text_area(2),
        help_text="写入每一件的办理经过，如“以纸质档案为准”。",
    )

    def __init__(self, *args: Any, upload: LedgerUpload, **options: Any) -> None:
        super().__init__(*args, **options)
        self.has_conflicts = bool(upload.found["rows"]["conflicts"]["count"])
        if not self.has_conflicts:
            del self.fields["take_over"], self.fields["reason"]
        self.fields.pop(REASON, None)
        if size_of(upload, LATE):
            self.fields[REASON] = late_reason_field()

    def clean_late_reason(self) -> str:
        reason: str = self.cleaned_data[REASON]
        if not reason:
            raise ValidationError("有些行会改变已公布的年度报告的数据，请写明原因。")
        if holds_personal(reason):
            raise ValidationError(NO_NUMBERS)
        return reason

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self.cleaned_data.get("take_over") and not reason:
            raise ValidationError(NO_REASON)
        refuse_personal_data(reason, Applicant())
        return reason

    def clean_take_over(self) -> bool:
        if not self.cleaned_data["take_over"]:
            raise ValidationError("还有不一致之处，请勾选“以台账为准”并写明理由。")
        return True


def _choices(kinds: list[SheetKind], key: str | None) -> list[Any]:
    """`key` is what the heading is read as by itself, None where that is not known."""
    columns = [column for kind in kinds for column in kind.columns]
    named = next((column.header for column in columns if key and column.key == key), "")
    automatic = "自动" if key is None else f"自动：{named or '收入备注'}"
    return [
        (AUTOMATIC, automatic),
        (PASS_OVER, "不导入这一列"),
        *((kind.name, [(c.key, _named(c)) for c in kind.columns]) for kind in kinds),
    ]


def _named(column: Column) -> str:
    return f"{column.header}（必有）" if column.needed else column.header
