"""What a whole annual report says: its texts, section two, and the tables. Pure.

The texts are the opening paragraph, the five headings of section one, and sections five and six
(条例50, 国办公开办函〔2021〕30号). Section two is entered by hand; its figures are decimals where
the format says so, and None where nothing was entered, which is not 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Self

from reports.formats.base import Format, Measure, Row, Tables, TablesError

Amount = Decimal | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the report. `heading` is what is printed above it."""

    key: str
    heading: str
    section: int  # 0: before section one


PASSAGES = (
    Passage("opening", "引言", 0),
    Passage("disclosure", "（一）主动公开", 1),
    Passage("requests", "（二）依申请公开", 1),
    Passage("management", "（三）政府信息管理", 1),
    Passage("platform", "（四）政府信息公开平台建设", 1),
    Passage("supervision", "（五）监督保障", 1),
    Passage("problems", "五、存在的主要问题及改进情况", 5),
    Passage("other_matters", "六、其他需要报告的事项", 6),
)
SECTION_ONE = "一、总体情况"


@dataclass(frozen=True, slots=True)
class SectionTwoFigures:
    """Figures of section two by path, "section_two.normative_documents.in_force"."""

    amounts: Mapping[str, Amount]

    @classmethod
    def blank(cls, fmt: Format) -> Self:
        return cls(dict.fromkeys(places(fmt)))

    def value(self, path: str) -> Amount:
        return self.amounts[path]

    def __add__(self, other: SectionTwoFigures) -> SectionTwoFigures:
        """Figure by figure; a blank adds nothing."""
        if self.amounts.keys() != other.amounts.keys():
            raise TablesError("两张表的格式不同，不能相加；请先换算为同一格式。")
        return SectionTwoFigures(
            {path: _sum(amount, other.amounts[path]) for path, amount in self.amounts.items()}
        )

    def to_json(self) -> dict[str, str | None]:
        return {path: None if a is None else str(a) for path, a in self.amounts.items()}

    @classmethod
    def from_json(cls, fmt: Format, data: Mapping[str, object]) -> Self:
        """What `to_json` gave; TablesError where it does not fit the format."""
        wanted = places(fmt)
        if data.keys() != wanted.keys():
            raise TablesError(f"“{fmt.section_two.title}”的项目与格式不符。")
        return cls({path: _amount(path, data[path]) for path in wanted})


def places(fmt: Format) -> dict[str, tuple[Row, Measure]]:
    """Path → row and column of every figure of section two, in reading order."""
    return {
        f"section_two.{row.key}.{column.key}": (row, column)
        for block in fmt.section_two.blocks
        for row in block.rows
        for column in block.columns
    }


def place_label(fmt: Format, path: str) -> str:
    """A figure of any table for people: "行政规范性文件 × 现行有效件数", "三（四）1 × 自然人"."""
    if path not in places(fmt):
        return fmt.cell_label(path)
    row, column = places(fmt)[path]
    return f"{row.label} × {column.label}"


def value_at(path: str, section_two: SectionTwoFigures, tables: Tables) -> Amount | int:
    """The figure of any of the three tables."""
    if path.startswith("section_two."):
        return section_two.value(path)
    return tables.value(path)


def _sum(one: Amount, other: Amount) -> Amount:
    return other if one is None else one if other is None else one + other


def _amount(path: str, stored: object) -> Amount:
    if stored is None:
        return None
    try:
        return Decimal(str(stored))
    except InvalidOperation as error:
        raise TablesError(f"{path} 须为数字。") from error


@dataclass(frozen=True, slots=True)
class Content:
    """A report as it stands, or as it was published."""

    format: Format
    year: int
    organ: str
    section_two: SectionTwoFigures
    tables: Tables
    texts: Mapping[str, str] = field(default_factory=dict)  # by the key of the passage

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    def value(self, path: str) -> Amount | int:
        return value_at(path, self.section_two, self.tables)
