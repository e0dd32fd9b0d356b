"""A page as PDF, set by typst from a file in templates/typst: data in, bytes out.

All that is printed reaches the template as JSON, never as part of its source: what an organ or a
document is called cannot become markup. The file is an archivable, tagged PDF/A with its fonts in
it; the same data give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst

from cases.typesetting.fonts import ChineseFont

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "typst"
ARCHIVABLE: Final = ["a-2a"]
NOT_SET = re.compile(r"the text `(?P<text>.+?)` could not be displayed")


class NotSet(ValueError):
    """A character that no font at hand has, with a sentence for the user."""


def set_page(template: Path, data: Mapping[str, Any], font: ChineseFont, *, at: datetime) -> bytes:
    """Raises `NotSet`."""
    try:
        return _compiled(template, data, font, at, ARCHIVABLE)
    except typst.TypstError as error:
        if found := NOT_SET.search(error.message):
            raise NotSet(
                f"字体“{font.family}”中没有 {found['text']} 这个字，PDF 没有生成："
                "请管理员用设置 PDF_FONT_DIR 换一种字体。"
            ) from error
        raise


def set_anyhow(
    template: Path, data: Mapping[str, Any], font: ChineseFont, *, at: datetime
) -> bytes:
    """The same where there must be a page: an empty box, and no PDF/A, for what no font has."""
    try:
        return set_page(template, data, font, at=at)
    except NotSet:
        return _compiled(template, data, font, at, [])


def _compiled(
    template: Path,
    data: Mapping[str, Any],
    font: ChineseFont,
    at: datetime,
    standards: Any,
) -> bytes:
    said = json.dumps({**data, "font": font.family}, ensure_ascii=False)
    return typst.compile(
        template,
        font_paths=font.fonts,
        sys_inputs={"data": said},
        pdf_standards=standards,
        timestamp=int(at.timestamp()),
    )
