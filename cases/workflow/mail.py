"""What became of a reply that was posted: signed for, or come back (国办公开办函〔2016〕235号).

A reply that comes back was not served: the case is 待送达 again, the attempt stays in its course,
and the day of the service that succeeds is the one that counts (docs/statute.md, convention 13).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.choices import EventKind, ServiceMethod
from cases.models import Case, User
from cases.permissions import Act
from cases.personal import holds_personal
from cases.workflow.base import begin, check_day, finish, require
from cases.workflow.service import service_of

MAIL_NUMBER = re.compile(r"[A-Z0-9-]{8,20}")


@transaction.atomic
def sign_mail(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    mail_number: str = "",
    version: int | None = None,
) -> Case:
    """The posted reply was signed for `on`; the day of posting stays the one that counts."""
    case = begin(case, Act.SIGN_MAIL, by=by, today=today, version=version)
    require({"on": (on, "签收日期")})
    assert on is not None  # required above
    service = service_of(case, case.events.all())
    check_day("on", on, today=today, not_before=service.served_on, which="交邮日期")
    number = clean_mail_number(mail_number)
    text = f"妥投：签收日期 {on}{_numbered(number)}"
    data = {"mail_number": number, **service.data}
    finish(case, EventKind.MAIL_SIGNED, by=by, on=on, text=text, data=data)
    return case


@transaction.atomic
def return_mail(
    case: Case,
    *,
    by: User,
    today: date,
    on: date | None,
    reason: str,
    mail_number: str = "",
    version: int | None = None,
) -> Case:
    """The posted reply came back `on`: it is to be served again."""
    case = begin(case, Act.RETURN_MAIL, by=by, today=today, version=version)
    require({"on": (on, "退件日期"), "reason": (reason.strip(), "退件原因")})
    assert on is not None  # required above
    service = service_of(case, case.events.all())
    check_day("on", on, today=today, not_before=service.served_on, which="交邮日期")
    number, posted = clean_mail_number(mail_number), service.served_on
    text = f"退件：{reason.strip()}（{posted} 交邮{_numbered(number)}），须重新送达"
    if service.again is None:
        case.served_on = None
    data = {"posted_on": str(posted), "mail_number": number, **service.data}
    finish(case, EventKind.MAIL_RETURNED, by=by, on=on, text=text, data=data)
    return case


def check_service(
    served_on: date | None,
    replied_on: date | None,
    *,
    today: date,
    service_method: str,
    mail_number: str,
) -> None:
    """Raises `ValidationError` by field for a sending that cannot be; None: not sent yet."""
    if served_on:
        require({"service_method": (service_method, "送达方式")})
    check_day("served_on", served_on, today=today, not_before=replied_on, which="答复日期")
    number = clean_mail_number(mail_number)
    if number and service_method != ServiceMethod.POST:
        raise ValidationError({"mail_number": "只有邮寄才有邮单号，请留空。"})
    if number and served_on is None:
        raise ValidationError({"served_on": "填了邮单号的，请填交邮日期。"})


def sending(
    method: str, served_on: date, mail_number: str, *, again: int | None = None
) -> dict[str, Any]:
    """The words and the data of a sending; `again` is the key of the new reply that is served."""
    number, way = clean_mail_number(mail_number), ServiceMethod(method)
    which = "送达" if again is None else "重新答复送达"
    text = f"{which}：{way.label}，{way.day_label} {served_on}{_numbered(number)}"
    data = {"method": method, "mail_number": number} | ({} if again is None else {"again": again})
    return {"text": text, "data": data}


def clean_mail_number(typed: str) -> str:
    """The number as the post writes it; raises `ValidationError` for what can be none."""
    number = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if not number:
        return ""
    if not MAIL_NUMBER.fullmatch(number):
        raise ValidationError({"mail_number": "邮单号为 8 至 20 位字母和数字，请核对。"})
    if holds_personal(number):
        raise ValidationError({"mail_number": "这像是电话或证件号码，请填邮单上的单号。"})
    return number


def _numbered(number: str) -> str:
    return f"，邮单号 {number}" if number else ""
