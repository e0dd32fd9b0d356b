"""What an official report format is made of, and the figures that fill one.

A format says which rows and columns the tables of the annual report (条例 50) have, what they
are called, and which outcomes each row of section three counts. Every page, file and check takes
its labels from here. Pure data: no Django, no files.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from itertools import groupby
from typing import Literal, Self

Figure = int | None  # None: printed blank, which is not 0

# "（四）" of "（四）无法提供", "1" of "1.属于国家秘密", "一" of "一、本年新收…"; then the rest
_NUMBERED = re.compile(r"(?P<number>（.）|.(?=[、.]))[、.]?(?P<name>.+)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; neighbours with the same `group` stand under one head cell of that name."""

    key: str
    label: str
    group: str | None = None


# The columns are those of every format so far, and figures are kept in their order.
_ORGANISATIONS = "法人或其他组织"
APPLICANT_COLUMNS = (
    Column("natural_person", "自然人"),
    Column("org_commercial", "商业企业", _ORGANISATIONS),
    Column("org_research", "科研机构", _ORGANISATIONS),
    Column("org_public_welfare", "社会公益组织", _ORGANISATIONS),
    Column("org_legal_service", "法律服务机构", _ORGANISATIONS),
    Column("org_other", "其他", _ORGANISATIONS),
    Column("total", "总计"),
)
PROCEEDING_GROUPS = (
    Column("review", "行政复议"),
    Column("suit_direct", "未经复议直接起诉", "行政诉讼"),
    Column("suit_after_review", "复议后起诉", "行政诉讼"),
)
RESULT_COLUMNS = (
    Column("upheld", "结果维持"),
    Column("corrected", "结果纠正"),
    Column("other", "其他结果"),
    Column("pending", "尚未审结"),
    Column("total", "总计"),
)
_PLACES = {
    "section_three": {column.key: at for at, column in enumerate(APPLICANT_COLUMNS)},
    "section_four": {column.key: at for at, column in enumerate(RESULT_COLUMNS)},
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. A heading has no figures; the others have one in every column."""

    key: str
    label: str
    level: int = 0
    kind: Literal["data", "heading", "total"] = "data"
    parent: str | None = None
    outcomes: tuple[str, ...] = ()  # codes of cases.choices.Outcome
    legal_basis: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """How the row is cited: "一", "（四）", "1"; empty for a label without a number."""
        match = _NUMBERED.fullmatch(self.label)
        return match["number"] if match else ""

    @property
    def name(self) -> str:
        """The label without its number."""
        match = _NUMBERED.fullmatch(self.label)
        return match["name"] if match else self.label


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of section two. Where `signed`, the figure may be negative (本年增/减)."""

    key: str
    label: str
    unit: str = ""
    decimal: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One item of 条例 20 in section two, with columns of its own."""

    key: str
    caption: str
    columns: tuple[Measure, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SectionTwo:
    """主动公开政府信息情况."""

    title: str
    row_header: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)  # without slots, for what is looked up by key
class SectionThree:
    """收到和处理政府信息公开申请情况. `data_rows` and `leaf_rows` are keys, the rest are Rows."""

    title: str
    corner: str
    top_header: str
    unit: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...] = APPLICANT_COLUMNS

    @property
    def figure_rows(self) -> tuple[Row, ...]:
        """The rows that have figures, totals included, as printed."""
        return tuple(row for row in self.rows if row.kind != "heading")

    @property
    def data_rows(self) -> tuple[str, ...]:
        """The keys of the figure rows."""
        return tuple(row.key for row in self.figure_rows)

    @property
    def leaf_rows(self) -> tuple[str, ...]:
        """The keys of the rows that count outcomes; together they make up （七）总计."""
        return tuple(row.key for row in self.rows if row.outcomes)

    @property
    def outcome_groups(self) -> tuple[tuple[Row, tuple[Row, ...]], ...]:
        """（一） to （六）, each with its outcome rows; a row without any under it is its own."""
        groups = (row for row in self.rows if row.level == 1 and row.kind != "total")
        return tuple((row, self.under(row) or (row,)) for row in groups)

    def row(self, key: str) -> Row:
        """KeyError when the format has no such row."""
        return self._by_key[key]

    def row_for_outcome(self, code: str) -> Row:
        """The one row in which a case with this outcome counts; KeyError for an unknown code."""
        return self._by_outcome[code]

    @cached_property
    def _by_key(self) -> dict[str, Row]:
        return {row.key: row for row in self.rows}

    @cached_property
    def _by_outcome(self) -> dict[str, Row]:
        return {outcome: row for row in self.rows for outcome in row.outcomes}

    def ancestors(self, row: Row) -> tuple[Row, ...]:
        """The headings above a row, outermost first."""
        if row.parent is None:
            return ()
        parent = self.row(row.parent)
        return (*self.ancestors(parent), parent)

    def under(self, heading: Row) -> tuple[Row, ...]:
        """The figure rows under a heading, at any depth."""
        return tuple(row for row in self.figure_rows if heading in self.ancestors(row))

    def place(self, key: str) -> str:
        """Where a row stands, as officials cite it: "一", "三（四）1", "三（七）"."""
        row = self.row(key)
        return "".join(step.number for step in (*self.ancestors(row), row))


@dataclass(frozen=True, slots=True)
class SectionFour:
    """政府信息公开行政复议、行政诉讼情况: one row, the same five columns for each group."""

    title: str
    unit: str
    groups: tuple[Column, ...] = PROCEEDING_GROUPS
    columns: tuple[Column, ...] = RESULT_COLUMNS


@dataclass(frozen=True, eq=False)  # one of each, told apart by itself; without slots, as above
class Format:
    """One official format of the report, for the report years it was issued for."""

    version: str
    doc_no: str
    title: str
    first_year: int
    last_year: int | None  # None: still in use
    section_two: SectionTwo
    section_three: SectionThree
    section_four: SectionFour

    def covers(self, year: int) -> bool:
        return self.first_year <= year <= (self.last_year or year)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The paths of all figures of sections three and four, in reading order."""
        three, four = self.section_three, self.section_four
        return (
            *(f"section_three.{key}.{c.key}" for key in three.data_rows for c in three.columns),
            *(f"section_four.{g.key}.{c.key}" for g in four.groups for c in four.columns),
        )

    def cell_label(self, path: str) -> str:
        """A cell for people: "三（四）1 × 自然人"; KeyError or ValueError when there is none."""
        return " × ".join(self._place_and_column(path))

    def cells_label(self, paths: Sequence[str]) -> str:
        """Several cells for people: "自然人：一、二" in one column, else "一：自然人；二：…"."""
        labels = [self._place_and_column(path) for path in paths]
        if len({column for _, column in labels}) == 1:
            return f"{labels[0][1]}：{'、'.join(place for place, _ in labels)}"
        by_place = groupby(labels, key=lambda label: label[0])
        return "；".join(f"{place}：{'、'.join(c for _, c in cells)}" for place, cells in by_place)

    def _place_and_column(self, path: str) -> tuple[str, str]:
        section, row, column = path.split(".")
        columns: tuple[Column, ...]
        if section == "section_three":
            place, columns = self.section_three.place(row), self.section_three.columns
        else:
            place = _labels(self.section_four.groups)[row]
            columns = self.section_four.columns
        return place, _labels(columns)[column]


def _labels(columns: Iterable[Column]) -> dict[str, str]:
    return {column.key: column.label for column in columns}


@lru_cache(maxsize=1024)  # more than all formats have
def _place_of(path: str) -> tuple[str, str, int]:
    """Section, row, and where in the row; KeyError when there is no such column."""
    section, row, column = path.split(".")
    return section, row, _PLACES[section][column]


class TablesError(ValueError):
    """Figures that do not fit a format, with a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The figures of sections three and four: each row's, in the order of its columns."""

    section_three: dict[str, list[Figure]]
    section_four: dict[str, list[Figure]]

    @classmethod
    def filled(cls, fmt: Format, figure: Figure) -> Self:
        three, four = fmt.section_three, fmt.section_four
        return cls(
            {key: [figure] * len(three.columns) for key in three.data_rows},
            {group.key: [figure] * len(four.columns) for group in four.groups},
        )

    @classmethod
    def zero(cls, fmt: Format) -> Self:
        return cls.filled(fmt, 0)

    @classmethod
    def blank(cls, fmt: Format) -> Self:
        return cls.filled(fmt, None)

    def value(self, path: str) -> Figure:
        """The figure of a cell such as "section_three.granted.natural_person"."""
        section, row, place = _place_of(path)
        rows = self.section_three if section == "section_three" else self.section_four
        return rows[row][place]

    def __add__(self, other: "Tables") -> "Tables":
        """Cell by cell, as a roll-up adds; start `sum()` with a zero table.

        A blank adds nothing; only where both are blank does the sum stay blank. That an organ
        left cells blank is found by the checks of its own table.
        """
        if self.section_three.keys() != other.section_three.keys():
            raise TablesError("两张表的格式不同，不能相加；请先换算为同一格式。")
        return Tables(
            {k: _add(row, other.section_three[k]) for k, row in self.section_three.items()},
            {k: _add(row, other.section_four[k]) for k, row in self.section_four.items()},
        )

    def to_json(self) -> dict[str, dict[str, list[Figure]]]:
        return {
            "section_three": {key: list(row) for key, row in self.section_three.items()},
            "section_four": {key: list(row) for key, row in self.section_four.items()},
        }

    @classmethod
    def from_json(cls, fmt: Format, data: Mapping[str, object]) -> Self:
        """What `to_json` gave, in the order of the format; TablesError where it does not fit.

        Negative figures pass: they are for the checks to find.
        """
        shape = cls.blank(fmt)
        three, four = data.get("section_three"), data.get("section_four")
        return cls(
            dict(_read(fmt.section_three.title, shape.section_three, three)),
            dict(_read(fmt.section_four.title, shape.section_four, four)),
        )


def _add(ours: list[Figure], theirs: list[Figure]) -> list[Figure]:
    pairs = zip(ours, theirs, strict=True)
    return [b if a is None else a if b is None else a + b for a, b in pairs]


def _read(
    title: str, shape: dict[str, list[Figure]], rows: object
) -> Iterator[tuple[str, list[Figure]]]:
    if not isinstance(rows, Mapping) or rows.keys() != shape.keys():
        raise TablesError(f"“{title}”的行与格式不符。")
    for key, blanks in shape.items():
        figures = rows[key]
        if not isinstance(figures, list) or len(figures) != len(blanks):
            raise TablesError(f"“{title}”的 {key} 行应有 {len(blanks)} 个数。")
        if any(type(figure) is not int and figure is not None for figure in figures):
            raise TablesError(f"“{title}”的 {key} 行只能填整数或留空。")
        yield key, list(figures)


def convert(tables: Tables, source: Format, target: Format) -> Tables:
    """The same figures in another format: a row sums the rows whose outcomes it takes in.

    From 2021 to 2019 this sums the three rows of （六）. The other way round figures alone do not
    say how to split that row, and TablesError is raised: count the cases again instead.
    """
    three: dict[str, list[Figure]] = {}
    for row in target.section_three.figure_rows:
        parts = (tables.section_three[key] for key in _parts(row, source.section_three))
        three[row.key] = reduce(_add, parts, [None] * len(APPLICANT_COLUMNS))
    return Tables(three, tables.to_json()["section_four"])


def _parts(row: Row, source: SectionThree) -> list[str]:
    """The rows of `source` that count, together, exactly the outcomes of `row`."""
    if not row.outcomes:
        return [row.key]
    parts = [key for key in source.leaf_rows if {*source.row(key).outcomes} <= {*row.outcomes}]
    if {code for key in parts for code in source.row(key).outcomes} != {*row.outcomes}:
        raise TablesError(f"仅凭数字不能得出“{row.label}”一行，请按申请件重新计算。")
    return parts
