"""勾稽校验: the identities that the figures of sections three and four must satisfy.

The first is printed in the corner of the official table; the others follow from its 总计 row and
columns, from the year before, and from the rule that no cell stays empty. What else a whole report
must satisfy is checked in the same shape by `report_checks`. Pure: figures in, checks out.

A blank counts as 0 in the identities. That hides nothing, since `integers` names every blank; and
it tells a blank that stands for 0 from one that lacks a figure, for only the latter breaks an
identity as well.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import groupby
from operator import eq
from typing import Literal, NamedTuple

from reports.formats.base import Column, Figure, Format, Tables

Severity = Literal["error", "warning"]
Number = int | Decimal  # section two has decimals


@dataclass(frozen=True, slots=True)
class Relation:
    """How the two sides of a rule must stand to each other, and how that is written."""

    holds: Callable[[Number, Number], bool]
    sign: str
    broken: str


EQUAL = Relation(eq, "=", "≠")


@dataclass(frozen=True, slots=True)
class Rule:
    """What is checked, once for each `unit` (列, 行, 组, 表, 格, 项, 处) of the report."""

    code: str
    severity: Severity
    title: str
    formula: str
    unit: str
    relation: Relation = EQUAL


class Quote(NamedTuple):
    """Words of the report: in which passage, from which character of it, and their sentence."""

    passage: str
    start: int
    words: str
    around: str


BALANCE = Rule("s3_balance", "error", "收办平衡", "一 + 二 = 三（七） + 四", "列")
RESULT_SUM = Rule("s3_result_sum", "error", "办理结果合计", "各项结果之和 = 三（七）", "列")
ROW_SUM = Rule("s3_row_sum", "error", "申请人合计", "六类申请人之和 = 总计", "行")
FOUR_SUM = Rule("s4_sum", "error", "复议诉讼合计", "维持 + 纠正 + 其他 + 尚未审结 = 总计", "组")
CROSS_YEAR = Rule("s3_cross_year", "error", "上年结转衔接", "二 = 上年公布的四", "列")
INTEGERS = Rule("integers", "error", "填写完整", "填有非负整数的格数 = 全表格数", "表")


@dataclass(frozen=True, slots=True)
class Check:
    """One rule at one place: the figures on its two sides, and the cells or words they stand in."""

    rule: Rule
    at: str  # key of the column, row, group or passage, or a path; empty for the whole table
    where: str  # … and its label
    lefts: tuple[Number | None, ...]
    rights: tuple[Number | None, ...]
    cells: tuple[str, ...]  # paths; where blanks are looked for only the cells at fault
    quote: Quote | None = None
    note: str = ""  # what else there is to say: an explanation, the parts of a sum

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def title(self) -> str:
        return self.rule.title

    @property
    def formula(self) -> str:
        return self.rule.formula

    @property
    def left(self) -> Number | None:
        """None when nothing is printed on this side."""
        return total(self.lefts)

    @property
    def right(self) -> Number | None:
        return total(self.rights)

    @property
    def passed(self) -> bool:
        return self.rule.relation.holds(self.left or 0, self.right or 0)

    @property
    def verdict(self) -> str:
        if self.passed:
            return "相符"
        return "不符" if self.severity == "error" else "待核"

    @property
    def worked(self) -> str:
        """The identity in figures: "205 + 2 = 207 + 0"; with ≠ where it breaks."""
        sides = (
            " + ".join("空白" if figure is None else str(_stored(figure)) for figure in side)
            for side in (self.lefts, self.rights)
        )
        relation = self.rule.relation
        return f" {relation.sign if self.passed else relation.broken} ".join(sides)

    def as_dict(self) -> dict[str, object]:
        """For a file: decimals as text; the passage and its words where words are meant."""
        said = {"passage": self.quote.passage, "words": self.quote.words} if self.quote else {}
        return {
            "code": self.code,
            "severity": self.severity,
            "formula": self.formula,
            "left": _stored(self.left),
            "right": _stored(self.right),
            "cells": list(self.cells),
            **said,
        }


def total(figures: Iterable[Number | None]) -> Number | None:
    """None where all is blank."""
    printed = [figure for figure in figures if figure is not None]
    return sum(printed) if printed else None


def _stored(figure: Number | None) -> int | str | None:
    return f"{figure.normalize():f}" if isinstance(figure, Decimal) else figure


def fingerprint(check: Check) -> str:
    """Of rule, place and figures: what a person said of a finding holds while this is the same.

    The words around a figure are no part of it, nor where they stand: a passage may be polished.
    """
    sides = [[_stored(figure) for figure in side] for side in (check.lefts, check.rights)]
    passage = check.quote.passage if check.quote else ""
    said = json.dumps([check.code, check.at, passage, check.cells, *sides])
    return sha256(said.encode()).hexdigest()


def run_checks(fmt: Format, tables: Tables, previous: Tables | None = None) -> list[Check]:
    """Every identity at every place, passed or not; `previous` is last year's published table.

    That table may be of another format: the row that ties the years is the same in all.
    """
    figures = {cell: tables.value(cell) for cell in fmt.cells}  # each is asked for several times
    return [
        *(identity.check(figures) for identity in _identities(fmt)),
        *(_cross_year(fmt, figures, previous) if previous else ()),
        _integers(figures),
    ]


def findings(checks: Iterable[Check]) -> list[Check]:
    return [check for check in checks if not check.passed]


def by_rule(checks: Iterable[Check]) -> list[tuple[Rule, list[Check]]]:
    """The checks of each rule together, for a list with one line a rule."""
    return [(rule, list(group)) for rule, group in groupby(checks, key=lambda check: check.rule)]


@dataclass(frozen=True, slots=True)
class _Identity:
    """A rule at one place of a format: the cells on its two sides."""

    rule: Rule
    at: str
    where: str
    lefts: tuple[str, ...]
    rights: tuple[str, ...]

    def check(self, figures: Mapping[str, Figure]) -> Check:
        left = tuple(figures[cell] for cell in self.lefts)
        right = tuple(figures[cell] for cell in self.rights)
        return Check(self.rule, self.at, self.where, left, right, self.lefts + self.rights)


@cache
def _identities(fmt: Format) -> tuple[_Identity, ...]:
    """Those of one table, in the order in which they are listed."""
    three, four = fmt.section_three, fmt.section_four
    received, closed = ("new_received", "carried_over"), ("results_total", "carried_forward")
    return (
        *_by_column(BALANCE, fmt, received, closed),
        *_by_column(RESULT_SUM, fmt, three.leaf_rows, ("results_total",)),
        *(
            _to_total(ROW_SUM, f"section_three.{key}", three.place(key), three.columns)
            for key in three.data_rows
        ),
        *(
            _to_total(FOUR_SUM, f"section_four.{group.key}", group.label, four.columns)
            for group in four.groups
        ),
    )


def _by_column(
    rule: Rule, fmt: Format, lefts: Iterable[str], rights: Iterable[str]
) -> Iterator[_Identity]:
    for column in fmt.section_three.columns:
        left = tuple(f"section_three.{key}.{column.key}" for key in lefts)
        right = tuple(f"section_three.{key}.{column.key}" for key in rights)
        yield _Identity(rule, column.key, column.label, left, right)


def _to_total(rule: Rule, path: str, where: str, columns: Iterable[Column]) -> _Identity:
    """A row whose last column is the sum of the others."""
    *parts, total = (f"{path}.{column.key}" for column in columns)
    return _Identity(rule, path.split(".")[1], where, tuple(parts), (total,))


def _cross_year(fmt: Format, figures: Mapping[str, Figure], previous: Tables) -> Iterator[Check]:
    for column in fmt.section_three.columns:
        cell = f"section_three.carried_over.{column.key}"
        before = previous.value(f"section_three.carried_forward.{column.key}")
        left, right = (figures[cell],), (before,)
        yield Check(CROSS_YEAR, column.key, column.label, left, right, (cell,))


def _integers(figures: Mapping[str, Figure]) -> Check:
    faulty = tuple(cell for cell, figure in figures.items() if figure is None or figure < 0)
    filled, cells = len(figures) - len(faulty), len(figures)
    return Check(INTEGERS, "", "全表", (filled,), (cells,), faulty)
