"""The bytes of a document."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from cases import sealed
from cases.models import Document


class Missing(Exception):
    """The file is not where it was put, or not as it was; the message is for the user."""


GONE = "这份材料的文件不在了，请与系统管理员联系。"
DAMAGED = "这份材料的文件与存入时不一致，请与系统管理员联系。"


def blocks_of(document: Document) -> Iterator[bytes]:
    """Piece by piece, so that a large file takes no memory. Raises `Missing` before the first."""
    path = Path(document.file.path)
    if not path.exists():
        raise Missing(GONE)
    return _blocks(path)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from sealed.blocks(file)


def content_of(document: Document) -> bytes:
    """All of it, as it was when it was kept; raises `Missing` if that is not there any more."""
    try:
        content = b"".join(blocks_of(document))
    except ImproperlyConfigured as error:  # a block that no key opens
        raise Missing(DAMAGED) from error
    if sha256(content).hexdigest() != document.sha256:
        raise Missing(DAMAGED)
    return content
