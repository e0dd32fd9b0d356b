"""The page as a workbook, opened again and compared cell by cell with what went in."""

from datetime import datetime, timedelta, timezone
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet._writer import ALL_TEMP_FILES
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports import briefing_xlsx
from reports.exports.briefing_content import Briefing
from reports.exports.briefing_xlsx import RATE_HEADER, briefing_workbook
from reports.formats import FORMATS, get_format
from reports.formats.base import Format, Tables
from reports.rates import Replies, rates
from tests.reports.test_briefing_pdf import briefing_of, tables_of
from tests.reports.test_rates import golden

F2021 = get_format("2021")
BOTH = pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS)


def sheet_of(briefing: Briefing) -> Worksheet:
    book = load_workbook(BytesIO(briefing_workbook(briefing)))
    assert book.sheetnames == ["统计简报"]
    return book["统计简报"]


def lines(sheet: Worksheet) -> list[list[object]]:
    """The values of each row, without the spots that a merged cell covers."""
    return [
        [value for value in row if value is not None] for row in sheet.iter_rows(values_only=True)
    ]


def test_the_head_says_who_what_and_as_at_when() -> None:
    organ, title, days = lines(sheet_of(briefing_of()))[:3]
    assert organ == ["秀洲区人民政府"] and title == ["政府信息公开申请办理情况"]
    assert days == [
        "2024年2月29日至2025年9月30日　本单位及下级，40个单位　数据截至2025年10月27日 09:12"
    ]


def test_the_sentences_are_those_of_the_page() -> None:
    briefing = briefing_of()
    found = lines(sheet_of(briefing))[3:]
    assert found[: len(briefing.paragraphs)] == [
        [paragraph.title, paragraph.text] for paragraph in briefing.paragraphs
    ]


@BOTH
def test_every_figure_stands_in_its_row(fmt: Format) -> None:
    tables = tables_of(fmt)
    found = lines(sheet_of(briefing_of(fmt, tables)))
    for row in fmt.section_three.figure_rows:
        line = next(line for line in found if row.label in line)
        assert line[-7:] == tables.section_three[row.key]
    four = [
        figure for group in fmt.section_four.groups for figure in tables.section_four[group.key]
    ]
    assert four in found


def test_rates_are_numbers_shown_as_per_cent() -> None:
    briefing = briefing_of()
    sheet = sheet_of(briefing)
    found = lines(sheet)
    top = found.index(list(RATE_HEADER))
    for at, rate in enumerate(briefing.rates, start=1):
        said = [rate.name, rate.formula, rate.part, rate.whole, pytest.approx(rate.value)]
        assert found[top + at] == [*said, *filter(None, [rate.note])]
    percents = [
        cell for row in sheet for cell in row if cell.number_format == "0.00%" and cell.value
    ]
    assert len(percents) == len(briefing.rates)
    assert {cell.data_type for cell in percents} == {"n"}


def test_where_there_is_nothing_there_is_no_rate() -> None:
    zero = Tables.zero(F2021)
    found = lines(sheet_of(briefing_of(tables=zero, rates=rates(F2021, zero, Replies(0, 0, 0)))))
    assert ["实质公开率", "（予以公开 + 部分公开）÷ 办结", 0, 0, "—"] in found


@pytest.mark.parametrize("name", ["=1+1", "+86", "@SUM(A1)", "#REF!", "-1"])
def test_nothing_is_a_formula(name: str) -> None:
    data = briefing_workbook(briefing_of(organ=name))
    assert load_workbook(BytesIO(data))["统计简报"]["A1"].value == name
    with ZipFile(BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(file) for file in archive.namelist())


@pytest.mark.parametrize("name", ["xiuzhou-2020", "suqian-2023"])
def test_it_prints_on_one_page_of_a4_and_is_not_shrunk_much(name: str) -> None:
    """A4 is 595 × 842 points; a column of w characters is about 7w + 5 pixels of 0.75 points."""
    sheet = sheet_of(briefing_of(*golden(name)))
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert sheet.sheet_properties.pageSetUpPr == PageSetupProperties(fitToPage=True)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    height = sum(sheet.row_dimensions[row].height or 15 for row in range(1, sheet.max_row + 1))
    width = sum((sheet.column_dimensions[c].width * 7 + 5) * 0.75 for c in "ABCDEFGHIJKLMNO")
    assert height <= (842 - 72) / 0.75 and width <= (595 - 58) / 0.75


def test_the_footer_names_the_format_and_the_moment() -> None:
    sheet = sheet_of(briefing_of())
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.left.text == (
        "表式：国办公开办函〔2021〕30号 数据截至2025年10月27日 09:12"
    )


def test_the_checks_are_one_line() -> None:
    zero = briefing_of(tables=Tables.zero(F2021))
    assert ["勾稽关系5项全部相符。"] in lines(sheet_of(zero))
    broken = Tables.zero(F2021)
    broken.section_three["new_received"][0] = broken.section_three["new_received"][-1] = 1
    [words] = next(
        line for line in lines(sheet_of(briefing_of(tables=broken))) if "不符" in str(line)
    )
    assert words == "勾稽关系5项，1项不符：收办平衡2列。"


def test_when_writing_fails_no_temporary_file_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(briefing_xlsx, "RATE_WIDTHS", ())
    with pytest.raises(ValueError, match="zip"):
        briefing_workbook(briefing_of())
    assert ALL_TEMP_FILES == []


def test_the_same_page_has_the_same_fingerprint_at_another_moment() -> None:
    later = datetime(2025, 11, 3, tzinfo=timezone(timedelta(hours=8)))
    assert briefing_of().fingerprint == briefing_of(at=later).fingerprint
    assert briefing_of().fingerprint != briefing_of(tables=Tables.zero(F2021)).fingerprint
