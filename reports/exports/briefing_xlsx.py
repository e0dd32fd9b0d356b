"""The page of a period as a workbook: one sheet, the same page that the PDF shows.

Data in, bytes out. Figures and rates are numbers; nothing is a formula.
"""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from openpyxl import Workbook

from cases.sheets import Value
from reports.exports.briefing_content import RATES_NOTE, TITLE, Briefing
from reports.exports.xlsx import CAPTION, FIGURE, HEADING, LABEL, PAGE_WIDTH, Page, Style
from reports.rates import NO_RATE, Rate

ORGAN = Style(12)
WORDS = Style(align="left")
SMALL_PRINT = Style(8, align="left")
COLUMN_WIDTH = 8.3  # characters; wider than those of the tables alone, as there is more above them
TITLE_WIDTH = 2  # columns for 收到申请 and the like
RATE_HEADER = ("指标", "口径", "分子", "分母", "比率", "说明")
RATE_WIDTHS = (3, 5, 1, 1, 2, 3)  # columns; together as wide as the tables
RATE = replace(FIGURE, number_format="0.00%")
RATE_STYLES = (LABEL, LABEL, FIGURE, FIGURE, RATE, FIGURE)


def briefing_workbook(briefing: Briefing) -> bytes:
    """The .xlsx file; it prints on one A4 page."""
    file, book = BytesIO(), Workbook(write_only=True)
    try:
        _write(Page(book.create_sheet("统计简报"), COLUMN_WIDTH), briefing)
    finally:
        book.save(file)  # after a failure too: this is what removes openpyxl's temporary files
    return file.getvalue()


def _write(page: Page, briefing: Briefing) -> None:
    page.line(briefing.organ, ORGAN)
    page.line(TITLE, HEADING)
    page.line(f"{briefing.period}　{briefing.scope}　{briefing.as_at}", Style())
    for paragraph in briefing.paragraphs:
        page.draw(1, paragraph.title, CAPTION, columns=TITLE_WIDTH)
        page.draw(TITLE_WIDTH + 1, paragraph.text, WORDS, columns=PAGE_WIDTH - TITLE_WIDTH)
        page.row += 1
    page.gap()
    _row(page, RATE_HEADER, [FIGURE] * len(RATE_HEADER))
    for rate in briefing.rates:
        _row(page, _values(rate), RATE_STYLES)
    page.line(RATES_NOTE, SMALL_PRINT)
    page.gap()
    page.official(briefing.format, briefing.tables)
    page.line(briefing.verdict, SMALL_PRINT)
    page.finish(f"{briefing.source} {briefing.as_at}")


def _values(rate: Rate) -> tuple[Value, ...]:
    value = NO_RATE if rate.value is None else rate.value
    return rate.name, rate.formula, rate.part, rate.whole, value, rate.note


def _row(page: Page, values: Sequence[Value], styles: Sequence[Style]) -> None:
    at = 1
    for value, style, width in zip(values, styles, RATE_WIDTHS, strict=True):
        page.draw(at, value, style, columns=width)
        at += width
    page.row += 1
