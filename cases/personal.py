"""Telephone and identity numbers and e-mail addresses within words: found, and left out.

Personal data belong to `Applicant`, yet people write numbers into any text. This is the one place
that knows what they look like: acts refuse words for an event that hold them, whatever keeps or
shows a text where personal data are masked leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

NUMBER_LEFT_OUT, MAIL_LEFT_OUT, OWN_LEFT_OUT = "（号码略）", "（邮箱略）", "（略）"

_GAP = r"[^\S\n]?[()–—-]?[^\S\n]?"  # as people set the parts of a number apart, within a line
_ALONE, _ENDED = r"(?<![0-9a-f])", r"(?![0-9a-f])"  # no part of a longer number or of a checksum
_LOCAL = rf"[2-8](?:{_GAP}\d){{6,7}}"
_AREA = r"(?:10|2\d|[3-9]\d\d)"
_PERSONAL = re.compile(
    rf"(?P<mail>[a-z0-9][\w.%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
    rf"|{_ALONE}(?:"
    rf"\d(?:{_GAP}\d){{16}}{_GAP}[\dx]"  # identity number
    rf"|(?:(?:\+|00)?86{_GAP})?1[3-9](?:{_GAP}\d){{9}}"  # mobile
    rf"|\(?(?:0|(?:\+|00)86{_GAP}0?){_AREA}{_GAP}{_LOCAL}"  # with its area code
    rf"){_ENDED}"
    rf"|(?<=电话|座机|手机|传真|致电|拨打)(?:号码)?[:是为改\s]{{0,3}}{_LOCAL}{_ENDED}",
    re.ASCII | re.IGNORECASE,
)
_PERHAPS = re.compile(rf"@|\d(?:{_GAP}\d){{6}}", re.ASCII)  # cheaper: most texts have neither
# Days, which together would be long enough: 2025-10-27 2025-11-28 12.
_DAY = re.compile(r"(?<![\d-])(?:19|20)\d\d-(?:0?[1-9]|1[0-2])-(?:[12]\d|3[01]|0?[1-9])(?![\d-])")
# Character for character, so that what is found stands at the same place in the text itself.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class Found(NamedTuple):
    start: int
    end: int
    is_mail: bool


def found_in(text: str) -> list[Found]:
    """Where such numbers and addresses stand in `text`, in their order."""
    plain = text.translate(_NARROW)
    if not _PERHAPS.search(plain):
        return []
    plain = _DAY.sub(lambda day: "/" * len(day[0]), plain)
    return [
        Found(*match.span(), is_mail=bool(match["mail"])) for match in _PERSONAL.finditer(plain)
    ]


def holds_personal(text: str) -> bool:
    return bool(found_in(text))


def without_personal(text: str, own: Collection[str] = ()) -> str:
    """`text` with the words for what is left out in the place of each, and of `own` particulars."""
    for found in reversed(found_in(text)):
        instead = MAIL_LEFT_OUT if found.is_mail else NUMBER_LEFT_OUT
        text = text[: found.start] + instead + text[found.end :]
    for particular in own:
        text = text.replace(particular, OWN_LEFT_OUT)
    return text


def shown(text: object, may_see: object) -> str:
    """`text` before a reader who may see personal data, or may not."""
    return str(text) if may_see else without_personal(str(text))


def kept(value: Any, own: Collection[str] = ()) -> Any:
    """What an event or the log, which keep for ever, may keep of `value`: all its texts so."""
    if isinstance(value, str):
        return without_personal(value, own)
    if isinstance(value, Mapping):
        return {key: kept(item, own) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [kept(item, own) for item in value]
    return value
