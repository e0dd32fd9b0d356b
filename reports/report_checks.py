"""The checks of a whole annual report (条例 50): its tables, its texts, and what stands beside it.

The rules are data, in `report_rules`; what they find is told as `checks` tells it: rule, place, the
figures on both sides, and the cells or the words they stand in. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from reports.checks import CROSS_YEAR, Check, Number, Rule, run_checks
from reports.formats import NoFormat, format_for_year
from reports.formats.base import Tables
from reports.formats.content import Content, SectionTwoFigures, place_label, places, value_at
from reports.report_rules import (
    CROSS_YEAR_EXPLAINED,
    DIRECT_SUITS,
    DIRECT_SUITS_ROOM,
    FORMAT_OF_YEAR,
    IN_FORCE,
    PARTS_SUM,
    PARTS_WITHIN,
    REVIEW_FIRST_ROWS,
    REVIEW_FIRST_SINCE,
    SWINGS,
    TWO_FILLED,
    TWO_PARTS_SUM,
    TWO_PARTS_WITHIN,
)
from reports.text_checks import check_texts


class Part(NamedTuple):
    """What an organ that stands under the report's handed in, in the format of the report."""

    name: str
    tables: Tables
    section_two: SectionTwoFigures

    def value(self, path: str) -> Number | None:
        return value_at(path, self.section_two, self.tables)


def run_report_checks(
    content: Content,
    *,
    previous: Content | None = None,
    explanation: str = "",
    parts: Sequence[Part] = (),
    is_sum: bool = False,
    fees_collected: Decimal | None = None,
    refusals_sued: int | None = None,
) -> list[Check]:
    """Every rule at every place, passed or not, those of one rule together.

    `previous` is last year's report as published, of whatever format; a written `explanation` lets
    the tie to it pass with a warning. `parts` are those of a roll-up, which `is_sum` says to be
    nothing but their sum. `fees_collected` is 信息处理费 in 元. `refusals_sued` is how many of the
    direct suits are about refusals, where the cases are known.
    """
    return [
        *_tables(content, previous, explanation),
        _format_of_year(content),
        _two_filled(content),
        *_parts(content, parts, is_sum),
        *(_in_force(content, previous) if previous else ()),
        *(_swings(content, previous) if previous else ()),
        *_direct_suits(content, refusals_sued),
        *check_texts(content, fees_collected),
    ]


def _tables(content: Content, previous: Content | None, explanation: str) -> Iterator[Check]:
    published = previous.tables if previous else None
    for check in run_checks(content.format, content.tables, published):
        if check.rule is CROSS_YEAR and explanation.strip():
            yield replace(check, rule=CROSS_YEAR_EXPLAINED, note=explanation.strip())
        else:
            yield check


def _format_of_year(content: Content) -> Check:
    try:
        first_year: int | None = format_for_year(content.year).first_year
    except NoFormat:
        first_year = None
    return Check(FORMAT_OF_YEAR, "", "全表", (first_year,), (content.format.first_year,), ())


def _two_filled(content: Content) -> Check:
    """No blank; nothing below 0 but a change from last year; fractions only of money."""
    cells = places(content.format)
    faulty = []
    for path, (_, column) in cells.items():
        figure = content.section_two.value(path)
        wrong = figure is None or (figure < 0 and not column.signed)
        if wrong or (figure != int(figure or 0) and not column.decimal):
            faulty.append(path)
    filled = len(cells) - len(faulty)
    return Check(TWO_FILLED, "", "主动公开", (filled,), (len(cells),), tuple(faulty))


def _parts(content: Content, parts: Sequence[Part], is_sum: bool) -> Iterator[Check]:
    """A roll-up against its parts, cell by cell; where it is more than its parts, as a limit.

    The limit does not hold for a figure that may be negative.
    """
    if not parts:
        return
    fmt, two = content.format, places(content.format)
    rule, rule_of_two = (PARTS_SUM, TWO_PARTS_SUM) if is_sum else (PARTS_WITHIN, TWO_PARTS_WITHIN)
    for path in fmt.cells:
        yield _of_parts(rule, content, parts, path)
    for path, (_, column) in two.items():
        if is_sum or not column.signed:
            yield _of_parts(rule_of_two, content, parts, path)


def _of_parts(rule: Rule, content: Content, parts: Sequence[Part], path: str) -> Check:
    figures = [(part.name, part.value(path)) for part in parts]
    told = sum(figure or 0 for _, figure in figures)
    note = "、".join(f"{name} {figure}" for name, figure in figures if figure)
    where = place_label(content.format, path)
    return Check(rule, path, where, (content.value(path),), (told,), (path,), note=note)


def _in_force(content: Content, previous: Content) -> Iterator[Check]:
    """Regulations and 规范性文件, where both years' formats tell how many are in force."""
    two, before = places(content.format), places(previous.format)
    for path, (row, _) in two.items():
        of_row, _, column = path.rpartition(".")
        if column == "in_force" and path in before:
            cells = (path, f"{of_row}.repealed_this_year", f"{of_row}.made_this_year")
            in_force, repealed, made = map(content.section_two.value, cells)
            rights = (previous.section_two.value(path), made)
            yield Check(IN_FORCE, row.key, row.label, (in_force, repealed), rights, cells)


def _swings(content: Content, previous: Content) -> Iterator[Check]:
    """Totals of sections three and four and the figures of section two, where both years tell them.

    The left is last year's figure, the right this year's.
    """
    two = [path for path, (_, column) in places(content.format).items() if not column.signed]
    totals = [path for path in content.format.cells if path.endswith(".total")]
    before = {*previous.format.cells, *places(previous.format)}
    for path in (*two, *totals):
        if path in before:
            where = place_label(content.format, path)
            then, now = (previous.value(path),), (content.value(path),)
            yield Check(SWINGS, path, where, then, now, (path,))


def _direct_suits(content: Content, refusals_sued: int | None) -> Iterator[Check]:
    """Direct suits about refusals, where the cases are known; else whether there is room for so
    many about other results of the year."""
    if content.year < REVIEW_FIRST_SINCE:
        return
    group = "suit_direct"
    [where] = [g.label for g in content.format.section_four.groups if g.key == group]
    suits = f"section_four.{group}.total"
    if refusals_sued is not None:
        yield Check(DIRECT_SUITS, group, where, (refusals_sued,), (0,), (suits,))
        return
    rows = [row for row in content.format.section_three.leaf_rows if row not in REVIEW_FIRST_ROWS]
    results = tuple(f"section_three.{row}.total" for row in rows)
    room = tuple(map(content.value, results))
    yield Check(DIRECT_SUITS_ROOM, group, where, room, (content.value(suits),), (*results, suits))
