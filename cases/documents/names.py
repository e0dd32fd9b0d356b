"""What a file may be called: nothing that leads elsewhere, reads otherwise or hides its ending."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from cases.documents.limits import LONGEST_NAME
from cases.documents.types import FileType, Refused

MOST_BYTES = 255  # of a name, on nearly every system
LEFT_OUT = "…"
_FORBIDDEN = '<>:"/\\|?*'  # in names of files on one system or another


def safe_name(name: str, found: FileType) -> str:
    """`name` without what is no part of a name, its ending that of the content.

    Raises `Refused` for one that is too long.
    """
    plain = plain_name(name.replace("\\", "/").rpartition("/")[2]) or found.label
    if PurePosixPath(plain).suffix.lower().lstrip(".") not in found.endings:
        plain = f"{plain}.{found.endings[0]}"
    if len(plain) > LONGEST_NAME:
        raise Refused(f"文件名太长：有 {len(plain)} 个字，最多 {LONGEST_NAME} 个。请改短后再上传。")
    return plain


def fitting(name: str) -> str:
    """`name`, its middle left out where a system would not store it: most count bytes."""
    path = PurePosixPath(name)
    room = MOST_BYTES - len(path.suffix.encode())
    if len(path.stem.encode()) <= room:
        return name
    cut = path.stem.encode()[: room - len(LEFT_OUT.encode())].decode(errors="ignore")
    return f"{cut}{LEFT_OUT}{path.suffix}"


def plain_name(words: str) -> str:
    """`words` as part of a file's name: nothing that any system forbids in one.

    Control characters go, and with them those that turn the direction of writing round, by which
    an ending can be made to look like another.
    """
    plain = "".join(
        character
        for character in unicodedata.normalize("NFC", words)
        if unicodedata.category(character)[0] != "C" and character not in _FORBIDDEN
    )
    return " ".join(plain.split()).strip(" .")
