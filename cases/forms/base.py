"""What every form of an act has in common: dates as people write them, errors as sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.db import DataError, IntegrityError, OperationalError
from django.http import QueryDict

from cases.departments import ALWAYS
from cases.models import Case
from cases.personal import holds_personal
from cases.workflow import NotAllowed, Stale
from cases.workflow.sealing import REASON, giving

T = TypeVar("T")

DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
BUSY = "系统正忙，这次没有保存。您填的内容还在，请稍等片刻再按一次。"
CLASH = "与系统中已有的记录冲突，没有保存。请核对编号、案号等内容后再提交。"
TOO_LARGE = "有内容超出了可以保存的范围，没有保存。请核对数字和文字的长度。"
EXPIRED = "表单已过期，没有保存。您填的内容还在，请核对后再提交一次。"
UNSTORABLE = "含有无法保存的字符，请删去后重试。"


class DayInput(forms.DateInput):
    """A line of text, so that every browser shows the same day and keeps what was typed.

    static/js/day.js adds the browser's calendar, up to `data-max` if that is given.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {"data-day": True, "placeholder": "年-月-日", "autocomplete": "off"}
        super().__init__(usual | (attrs or {}), format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, in any of the usual ways of writing it, full-width digits included."""

    widget = DayInput
    default_error_messages = {  # noqa: RUF012 - Django's own name, read only
        "invalid": "“%(value)s”不是一个日期，请写成 2026-01-04 这样。",
        "too_early": "%(value)s 太早了，请核对年份。",
    }

    def __init__(self, *, to_come: bool = False, **options: Any) -> None:
        """`to_come`: the day may lie ahead."""
        super().__init__(input_formats=DAY_FORMATS, **options)
        self.to_come = to_come

    def to_python(self, value: Any) -> date | None:
        typed = value
        if isinstance(value, str):
            typed = unicodedata.normalize("NFKC", value).replace(" ", "")
        try:
            day: date | None = super().to_python(typed)
        except ValidationError as error:
            message = self.error_messages["invalid"]
            raise ValidationError(message, "invalid", {"value": value}) from error
        if day and day < ALWAYS:
            raise ValidationError(self.error_messages["too_early"], "too_early", {"value": value})
        return day


class NamesField(forms.CharField):
    """Several names in one line, however they are set apart; stored with 、 between them."""

    _BETWEEN = re.compile(r"[、,，;；\r\n]+")

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        names = (name.strip() for name in self._BETWEEN.split(typed))
        return "、".join(dict.fromkeys(name for name in names if name))

    def validate(self, value: str) -> None:
        super().validate(value)
        if holds_personal(value):
            raise ValidationError("只写姓名或者名称，不要写证件号码和电话。")


class MailField(forms.EmailField):
    default_validators = [EmailValidator(message="“%(value)s”不是一个电子邮箱地址。")]  # noqa: RUF012


def not_after(form: forms.Form, today: date) -> None:
    """Let the calendars offer no day to come; the workflow refuses one that is typed."""
    for field in form.fields.values():
        if isinstance(field, DayField) and not field.to_come:
            field.widget.attrs["data-max"] = today.isoformat()


class ActForm(forms.Form):
    """A form whose errors are sentences that name the field."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.refused, self.late_reason = False, ""
        if self.add_prefix(REASON) in self.data:
            self.fields[REASON] = late_reason_field()
        say_errors(self)

    def full_clean(self) -> None:
        """Why a sealed year is changed is no matter of the act: `attempt` hands it on."""
        super().full_clean()
        self.late_reason = getattr(self, "cleaned_data", {}).pop(REASON, "")

    def put(self, name: str, value: object) -> None:
        """Replace what was handed in for a hidden field, for the page that is shown again."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix(name)] = str(value)
        self.data = data

    def so_far(self, name: str) -> Any:
        """What is typed for a field so far, as its own kind; None for what the field refuses."""
        try:
            return self.fields[name].clean(self[name].value())
        except ValidationError:
            return None

    def put_cursor(self) -> None:
        """Into the first field that is wrong, for the page that is shown again."""
        wrong = (field for name, field in self.fields.items() if name in self.errors)
        for field in wrong:
            if not field.widget.is_hidden:
                field.widget.attrs["autofocus"] = True
                return

    def renew_token(self) -> None:
        """Another filling-in of the form, for the page that is shown again."""
        self.put("token", uuid4())

    def take(self, error: ValidationError) -> None:
        """Put the workflow's errors beside the fields they are about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        if REASON in error.error_dict:
            self.fields.setdefault(REASON, late_reason_field())
        for name, errors in error.error_dict.items():
            if name in self.fields and not self.fields[name].widget.is_hidden:
                self.add_error(name, errors)
            else:
                self.add_error(None, errors)


class RecordForm(ActForm):
    """A form about a record that is there, and that knows what it saw of it.

    `version` is that of the record when the page was drawn; saved by someone else meanwhile, the
    act is refused, and the form goes on with the new one once its user has seen why. So it does
    when the version is lost: without it nobody could say what the user saw.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def full_clean(self) -> None:
        super().full_clean()
        if "version" in self.errors:
            self.put("version", self.initial["version"])


class CaseForm(RecordForm):
    """The form of an act on `case`, filled in on `today`."""

    def __init__(self, *args: Any, case: Case, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.case, self.today = case, today
        not_after(self, today)

    def start_with(self, asked: QueryDict) -> None:
        """What an address gives for fields that are shown: the form starts with it."""
        shown = {field.name for field in self.visible_fields()}
        self.initial = {**self.initial, **{k: v for k, v in asked.items() if k in shown}}


def attempt(
    form: ActForm, act: Callable[[], T], latest: Callable[[], int] | None = None
) -> T | None:
    """What `act` gives; or None, with the reason on the form and nothing written.

    `latest` tells the version to go on with when someone else was faster.
    """
    try:
        with giving(form.late_reason):
            return act()
    except ValidationError as error:
        form.take(error)
    except Stale as error:
        form.add_error(None, str(error))
        if latest:
            form.put("version", latest())
    except NotAllowed as error:
        form.refused = True
        form.add_error(None, str(error))
    except IntegrityError:
        form.add_error(None, CLASH)
    except DataError:
        form.add_error(None, TOO_LARGE)
    except OperationalError:
        form.add_error(None, BUSY)
    return None


def late_reason_field() -> forms.CharField:
    """Asked for where an act would change a year whose figures are public."""
    return forms.CharField(
        label="补录原因",
        max_length=300,
        required=False,
        widget=text_area(2),
        help_text="写入办理经过，年度报告的页面据此说明公布后的变动。",
    )


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def say_errors(form: forms.BaseForm) -> None:
    """Word the errors of every field of `form` as sentences that name it."""
    for field in form.fields.values():
        _say_errors_of(field)


def _say_errors_of(field: forms.Field) -> None:
    said, verb = field.error_messages, "选择" if isinstance(field, forms.ChoiceField) else "填写"
    said["required"] = f"请{verb}{field.label}。"
    said["null_characters_not_allowed"] = UNSTORABLE
    if isinstance(field, forms.ChoiceField):
        said["invalid_choice"] = f"所选的{field.label}不在可选项之内，请重新选择。"
    if isinstance(field, forms.CharField):
        for validator in field.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = "最多 %(limit_value)d 个字，现有 %(show_value)d 个。"
    if field.widget.is_hidden:
        said["required"] = said["invalid"] = EXPIRED


__all__ = [
    "ActForm",
    "CaseForm",
    "DayField",
    "MailField",
    "NamesField",
    "RecordForm",
    "attempt",
    "not_after",
    "say_errors",
    "text_area",
]
