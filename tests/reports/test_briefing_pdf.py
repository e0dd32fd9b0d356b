"""The page as a PDF, read back: every figure is there, on one page, in fonts that it carries."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from cases.typesetting import fonts
from cases.typesetting.fonts import ChineseFont, best_of, chinese_font, sets_chinese
from cases.typesetting.pages import NotSet
from reports.checks import run_checks
from reports.exports import pdf
from reports.exports.briefing_content import Briefing
from reports.exports.pdf import briefing_pdf
from reports.formats import FORMATS, get_format
from reports.formats.base import Format, Tables
from reports.rates import Replies, rates
from reports.sentences import Figures, Share, paragraphs

F2021 = get_format("2021")
BOTH = pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS)
AT = datetime(2025, 10, 27, 9, 12, tzinfo=timezone(timedelta(hours=8)))
A4 = (595, 842)  # points


def tables_of(fmt: Format, start: int = 1000) -> Tables:
    """Another figure in every cell, so that none can stand in the place of another."""
    tables, figures = Tables.zero(fmt), count(start)
    for row in (*tables.section_three.values(), *tables.section_four.values()):
        row[:] = [next(figures) for _ in row]
    return tables


def briefing_of(fmt: Format = F2021, tables: Tables | None = None, **fields: Any) -> Briefing:
    """As much to say as there can be: every kind, every group, late ones, a year before."""
    tables = tables or tables_of(fmt)
    replies = Replies(tables.section_three["results_total"][-1] or 0, 17, 23)
    figures = Figures(
        format=fmt,
        tables=tables,
        replies=replies,
        first=date(2024, 2, 29),
        last=date(2025, 9, 30),
        on=date(2025, 10, 27),
        shares=(Share("区政府办", 22), Share("其余单位", 185)),
        before=tables_of(fmt, 3000),
    )
    said: dict[str, Any] = {
        "format": fmt,
        "tables": tables,
        "checks": run_checks(fmt, tables),
        "paragraphs": paragraphs(figures),
        "rates": rates(fmt, tables, replies),
        "organ": "秀洲区人民政府",
        "period": "2024年2月29日至2025年9月30日",
        "scope": "本单位及下级，40个单位",
        "at": AT,
    }
    return Briefing(**said | fields)


def the_font() -> ChineseFont:
    found = chinese_font()
    assert found, fonts.NO_FONT
    return found


def set_with(briefing: Briefing) -> PdfReader:
    return PdfReader(BytesIO(briefing_pdf(briefing, the_font())))


def text_of(reader: PdfReader) -> str:
    """Without white space, which a PDF has none of between its characters."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in reader.pages))


def fonts_of(reader: PdfReader) -> Iterable[Any]:
    for font in reader.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        [descendant] = font["/DescendantFonts"]
        yield descendant.get_object()["/FontDescriptor"]


@BOTH
def test_every_figure_of_both_tables_is_printed_once_or_more(fmt: Format) -> None:
    tables = tables_of(fmt)
    printed = re.findall(
        r"\d+", " ".join(p.extract_text() for p in set_with(briefing_of(fmt)).pages)
    )
    rows = (*tables.section_three.values(), *tables.section_four.values())
    assert {str(figure) for row in rows for figure in row} <= set(printed)


@BOTH
def test_the_labels_are_those_of_the_format(fmt: Format) -> None:
    text = text_of(set_with(briefing_of(fmt)))
    three, four = fmt.section_three, fmt.section_four
    for label in (three.title, three.corner, four.title, *(row.label for row in three.rows)):
        assert label in text, label
    for column in (*three.columns, *four.groups, *four.columns):
        assert column.label in text


@BOTH
def test_it_is_one_page_of_a4_however_much_there_is_to_say(fmt: Format) -> None:
    long = "某某市某某区人民政府信访局与政务服务管理办公室（大数据发展管理局）" * 2
    for briefing in (briefing_of(fmt), briefing_of(fmt, organ=long)):
        [page] = set_with(briefing).pages
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4


def test_more_than_anybody_has_to_say_is_still_one_page() -> None:
    briefing = briefing_of()
    assert len(set_with(replace(briefing, paragraphs=briefing.paragraphs * 4)).pages) == 1


def test_the_sentences_the_rates_and_the_head_are_on_it() -> None:
    briefing = briefing_of()
    text = text_of(set_with(briefing))
    for words in (
        "秀洲区人民政府",
        "政府信息公开申请办理情况",
        "2024年2月29日至2025年9月30日",
        "本单位及下级，40个单位",
        "数据截至2025年10月27日09:12",
        "国办公开办函〔2021〕30号",
        *(paragraph.text for paragraph in briefing.paragraphs),
        *(f"{rate.name}{rate.percent}{rate.caption}" for rate in briefing.rates),
        briefing.verdict,
    ):
        assert words.replace(" ", "") in text, words


def test_nothing_at_all_is_a_page_of_zeros() -> None:
    zero = Tables.zero(F2021)
    text = text_of(set_with(briefing_of(tables=zero, rates=rates(F2021, zero, Replies(0, 0, 0)))))
    assert "四、结转下年度继续办理0000000" in text
    assert "实质公开率—0/0" in text


def test_a_blank_is_not_printed_as_0() -> None:
    tables = Tables.zero(F2021)
    tables.section_three["carried_forward"][:] = [None, 1, 2, 3, 4, 5, 6]
    assert "四、结转下年度继续办理123456" in text_of(set_with(briefing_of(tables=tables)))


def test_the_fonts_are_in_it() -> None:
    found = list(fonts_of(set_with(briefing_of())))
    assert found and all("/FontFile3" in font or "/FontFile2" in font for font in found)


def test_it_is_tagged_archivable_and_titled() -> None:
    reader = set_with(briefing_of())
    assert reader.metadata and reader.metadata.title == "秀洲区人民政府政府信息公开申请办理情况"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert b"pdfaid:part>2<" in reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]


def test_the_same_data_give_the_same_bytes() -> None:
    assert briefing_pdf(briefing_of(), the_font()) == briefing_pdf(briefing_of(), the_font())


@pytest.mark.parametrize(
    "name",
    [
        "某局*粗*_斜_#let x = 1",
        '#read("/etc/passwd")',
        "$x^2$ @ref <label> `raw` \\ // 注",
        '"引号"、换\n行、{花括号}[方括号]',
        "= 标题",
    ],
)
def test_what_an_organ_is_called_is_text(name: str) -> None:
    assert re.sub(r"\s", "", name) in text_of(set_with(briefing_of(organ=name)))


def test_a_character_that_no_font_has_is_a_sentence() -> None:
    with pytest.raises(NotSet, match=r"字体“.+”中没有 .+ 这个字，PDF 没有生成"):
        briefing_pdf(briefing_of(organ="某\u0378局"), the_font())


def test_another_fault_is_not_taken_for_one_of_fonts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text("#panic()")
    monkeypatch.setattr(pdf, "TEMPLATE", broken)
    with pytest.raises(typst.TypstError):
        briefing_pdf(briefing_of(), the_font())


# Fonts -------------------------------------------------------------------------------------------


def the_file() -> Path:
    """A Chinese font of the machine, as an administrator copies it."""
    font = the_font()
    path = next(info.path for info in font.fonts.fonts() if info.family == font.family)
    assert path
    return Path(path)


def test_a_folder_without_fonts_has_none(tmp_path: Path) -> None:
    empty = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[tmp_path]
    )
    assert best_of(empty) is None


def test_a_font_is_found_in_the_folder_that_is_named(tmp_path: Path) -> None:
    file = Path(shutil.copy(the_file(), tmp_path))
    found = chinese_font(tmp_path)
    assert found and {info.path for info in found.fonts.fonts()} == {str(file)}
    reader = PdfReader(BytesIO(briefing_pdf(briefing_of(), found)))
    assert "秀洲区人民政府" in text_of(reader)


def test_a_folder_with_nothing_suitable_leaves_it_to_the_system(tmp_path: Path) -> None:
    (tmp_path / "notes.ttf").write_text("不是字体")
    found = chinese_font(tmp_path)
    assert found and found.family == the_font().family


def test_a_font_is_asked_what_it_can_set_and_not_what_it_is_called() -> None:
    """The fonts that typst brings along have no Chinese; one is given a name that promises it."""
    latin = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    assert latin.families() and best_of(latin) is None
    assert not sets_chinese(latin.families()[0], latin)


def test_a_name_that_is_known_goes_before_others() -> None:
    font = the_font()
    families = font.fonts.families()
    known = [family for family in fonts.PREFERRED if family in families]
    assert not known or font.family in known


def test_a_font_is_asked_for_every_character_of_the_official_tables() -> None:
    for fmt in FORMATS.values():
        three, four = fmt.section_three, fmt.section_four
        said = "".join(row.label for row in three.rows)
        said += "".join(column.label for column in (*three.columns, *four.columns))
        assert set(said) <= set(fonts.PROBE)
