"""勾稽: 第一项加第二项之和，等于第三项加第四项之和, and what else must hold."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.checks import Check, by_rule, findings, run_checks
from reports.formats import FORMATS, get_format
from reports.formats.base import Format, Tables, convert

F2019, F2021 = get_format("2019"), get_format("2021")
BOTH = pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS)


def make_tables(
    fmt: Format,
    leaves: Mapping[str, Sequence[int]],
    carried_over: Sequence[int] = (0,) * 6,
    carried_forward: Sequence[int] = (0,) * 6,
    section_four: Mapping[str, Sequence[int]] | None = None,
) -> Tables:
    """A table that satisfies every identity: figures of six applicants, totals derived."""
    tables = Tables.zero(fmt)
    three = tables.section_three
    for key, figures in leaves.items():
        three[key][:6] = figures
    results = [sum(three[key][at] or 0 for key in fmt.section_three.leaf_rows) for at in range(6)]
    three["results_total"][:6] = results
    three["carried_over"][:6] = carried_over
    three["carried_forward"][:6] = carried_forward
    sides = zip(results, carried_forward, carried_over, strict=True)
    three["new_received"][:6] = [done + left - before for done, left, before in sides]
    for key, row in three.items():
        three[key][6] = sum(figure or 0 for figure in row[:6])
    for key, figures in (section_four or {}).items():
        tables.section_four[key][:] = [*figures, sum(figures)]
    return tables


def make_xiuzhou() -> Tables:
    """205 + 2 = 207 + 0, natural persons only."""
    return make_tables(
        F2019,
        {"granted": [162, 0, 0, 0, 0, 0], "partial": [45, 0, 0, 0, 0, 0]},
        carried_over=[2, 0, 0, 0, 0, 0],
        section_four={"review": [2, 2, 0, 1]},
    )


def only(checks: list[Check], code: str, at: str) -> Check:
    (check,) = (check for check in checks if check.code == code and check.at == at)
    return check


# What is checked


@BOTH
def test_every_column_row_and_group_is_checked(fmt: Format) -> None:
    counts = Counter(check.code for check in run_checks(fmt, Tables.zero(fmt)))
    assert counts == {
        "s3_balance": 7,
        "s3_result_sum": 7,
        "s3_row_sum": 23 if fmt is F2019 else 25,
        "s4_sum": 3,
        "integers": 1,
    }


@BOTH
def test_a_table_of_zeros_passes(fmt: Format) -> None:
    assert findings(run_checks(fmt, Tables.zero(fmt), Tables.zero(fmt))) == []


def test_the_identity_printed_in_the_corner() -> None:
    check = only(run_checks(F2019, make_xiuzhou()), "s3_balance", "natural_person")
    assert check.passed
    assert check.formula == "一 + 二 = 三（七） + 四"
    assert check.worked == "205 + 2 = 207 + 0"
    assert (check.left, check.right, check.where) == (207, 207, "自然人")
    assert check.cells == (
        "section_three.new_received.natural_person",
        "section_three.carried_over.natural_person",
        "section_three.results_total.natural_person",
        "section_three.carried_forward.natural_person",
    )


def test_results_sum_to_seven() -> None:
    check = only(run_checks(F2019, make_xiuzhou()), "s3_result_sum", "total")
    assert (check.formula, check.left, check.right) == ("各项结果之和 = 三（七）", 207, 207)
    assert check.cells[0] == "section_three.granted.total"
    assert check.cells[-2:] == ("section_three.other.total", "section_three.results_total.total")
    assert len(check.cells) == 19 + 1


def test_applicants_sum_to_the_total_of_their_row() -> None:
    tables = make_tables(F2021, {"unable_not_held": [968, 74, 0, 1, 3, 1]})
    check = only(run_checks(F2021, tables), "s3_row_sum", "unable_not_held")
    assert (check.formula, check.where) == ("六类申请人之和 = 总计", "三（四）1")
    assert check.worked == "968 + 74 + 0 + 1 + 3 + 1 = 1047"


def test_review_and_litigation_sum_to_their_totals() -> None:
    check = only(run_checks(F2019, make_xiuzhou()), "s4_sum", "review")
    assert (check.formula, check.where) == ("维持 + 纠正 + 其他 + 尚未审结 = 总计", "行政复议")
    assert check.worked == "2 + 2 + 0 + 1 = 5"
    assert check.cells == (
        "section_four.review.upheld",
        "section_four.review.corrected",
        "section_four.review.other",
        "section_four.review.pending",
        "section_four.review.total",
    )


# What breaks


def test_a_broken_identity_names_its_column_though_the_total_is_right() -> None:
    """A usual fault: a case received stands under another kind of applicant than its reply."""
    tables = make_xiuzhou()
    tables.section_three["new_received"][:2] = [204, 1]

    natural, commercial = findings(run_checks(F2019, tables))

    assert (natural.code, natural.where, natural.verdict) == ("s3_balance", "自然人", "不符")
    assert natural.worked == "204 + 2 ≠ 207 + 0"
    assert (commercial.code, commercial.where) == ("s3_balance", "商业企业")
    assert commercial.as_dict() == {
        "code": "s3_balance",
        "severity": "error",
        "formula": "一 + 二 = 三（七） + 四",
        "left": 1,
        "right": 0,
        "cells": [
            "section_three.new_received.org_commercial",
            "section_three.carried_over.org_commercial",
            "section_three.results_total.org_commercial",
            "section_three.carried_forward.org_commercial",
        ],
    }


def test_carried_over_is_last_years_published_carried_forward() -> None:
    previous = make_tables(F2019, {}, carried_forward=[2, 0, 0, 0, 0, 0])
    checks = run_checks(F2019, make_xiuzhou(), previous)
    assert findings(checks) == []
    assert Counter(check.code for check in checks)["s3_cross_year"] == 7


def test_the_tie_holds_across_the_change_of_format() -> None:
    before = make_tables(F2019, {}, carried_forward=[3, 1, 0, 0, 0, 0])
    after = make_tables(F2021, {"granted": [3, 2, 0, 0, 0, 0]}, carried_over=[3, 2, 0, 0, 0, 0])

    commercial, total = findings(run_checks(F2021, after, before))

    assert (commercial.code, commercial.severity) == ("s3_cross_year", "error")
    assert (commercial.formula, commercial.worked) == ("二 = 上年公布的四", "2 ≠ 1")
    assert commercial.cells == ("section_three.carried_over.org_commercial",)
    assert (total.where, total.worked) == ("总计", "5 ≠ 4")
    assert total.cells == ("section_three.carried_over.total",)


def test_a_negative_figure_is_named() -> None:
    tables = make_tables(F2021, {"granted": [2, 0, 0, 0, 0, 0], "partial": [-1, 0, 0, 0, 0, 0]})
    (finding,) = findings(run_checks(F2021, tables))
    assert finding.code == "integers"
    assert finding.cells == (
        "section_three.partial.natural_person",
        "section_three.partial.total",
    )


# Blanks


@BOTH
def test_a_blank_table_has_every_cell_named_and_nothing_else_wrong(fmt: Format) -> None:
    (finding,) = findings(run_checks(fmt, Tables.blank(fmt)))
    assert (finding.code, finding.left, finding.right) == ("integers", 0, len(fmt.cells))
    assert finding.cells == fmt.cells


def test_a_blank_that_stands_for_0_is_named_once() -> None:
    tables = make_xiuzhou()
    tables.section_three["carried_forward"][0] = None
    checks = run_checks(F2019, tables)
    assert [(check.code, check.cells) for check in findings(checks)] == [
        ("integers", ("section_three.carried_forward.natural_person",))
    ]
    assert only(checks, "s3_balance", "natural_person").worked == "205 + 2 = 207 + 空白"


def test_a_blank_where_a_figure_is_missing_breaks_its_identities_too() -> None:
    tables = make_xiuzhou()
    tables.section_three["granted"][6] = None

    results, row, integers = findings(run_checks(F2019, tables))

    assert (results.code, results.at) == ("s3_result_sum", "total")
    assert (results.left, results.right) == (45, 207)
    assert (row.code, row.left, row.right) == ("s3_row_sum", 162, None)
    assert row.worked == "162 + 0 + 0 + 0 + 0 + 0 ≠ 空白"
    assert integers.cells == ("section_three.granted.total",)


def test_a_blank_column_does_not_hide_a_break_in_another() -> None:
    tables = make_xiuzhou()
    for row in tables.section_three.values():
        row[2] = None
    tables.section_three["carried_over"][0] = 3
    assert [(check.code, check.at) for check in findings(run_checks(F2019, tables))] == [
        ("s3_balance", "natural_person"),
        ("s3_row_sum", "carried_over"),
        ("integers", ""),
    ]


def test_the_checks_of_a_rule_come_together() -> None:
    groups = by_rule(run_checks(F2019, make_xiuzhou()))
    assert [(rule.formula, len(checks), rule.unit) for rule, checks in groups] == [
        ("一 + 二 = 三（七） + 四", 7, "列"),
        ("各项结果之和 = 三（七）", 7, "列"),
        ("六类申请人之和 = 总计", 23, "行"),
        ("维持 + 纠正 + 其他 + 尚未审结 = 总计", 3, "组"),
        ("填有非负整数的格数 = 全表格数", 1, "表"),
    ]


# Any figures at all

FIGURES = st.lists(st.integers(0, 10**6), min_size=6, max_size=6)
RESULTS = st.lists(st.integers(0, 10**6), min_size=4, max_size=4)


@st.composite
def balanced_tables(draw: st.DrawFn, fmt: Format) -> Tables:
    """Cases open at either end of the year, results of any kind, and proceedings."""
    leaves = {key: draw(FIGURES) for key in fmt.section_three.leaf_rows}
    closed = [sum(figures) for figures in zip(*leaves.values(), strict=True)]
    carried_forward = draw(FIGURES)
    open_before = [
        draw(st.integers(0, done + left))
        for done, left in zip(closed, carried_forward, strict=True)
    ]
    four = {group.key: draw(RESULTS) for group in fmt.section_four.groups}
    return make_tables(fmt, leaves, open_before, carried_forward, four)


FORMAT = st.sampled_from(list(FORMATS.values()))


@given(st.data(), FORMAT)
def test_whatever_the_figures_derived_totals_pass(data: st.DataObject, fmt: Format) -> None:
    assert findings(run_checks(fmt, data.draw(balanced_tables(fmt)))) == []


@given(balanced_tables(F2021), balanced_tables(F2021))
def test_sums_and_conversions_of_balanced_tables_balance(one: Tables, two: Tables) -> None:
    assert findings(run_checks(F2021, one + two)) == []
    in_2019 = convert(one + two, F2021, F2019)
    assert findings(run_checks(F2019, in_2019)) == []
    assert in_2019 == convert(one, F2021, F2019) + convert(two, F2021, F2019)


def rules_that_read(cell: str) -> set[str]:
    section, row, _ = cell.split(".")
    if section == "section_four":
        return {"s4_sum"}
    if row == "results_total":
        return {"s3_row_sum", "s3_balance", "s3_result_sum"}
    if row in {"new_received", "carried_over", "carried_forward"}:
        return {"s3_row_sum", "s3_balance"}
    return {"s3_row_sum", "s3_result_sum"}


def put(fmt: Format, tables: Tables, cell: str, figure: int | None) -> None:
    section, row, key = cell.split(".")
    keys = [column.key for column in getattr(fmt, section).columns]
    getattr(tables, section)[row][keys.index(key)] = figure


@given(st.data(), FORMAT, st.integers(1, 10**6))
def test_one_wrong_figure_breaks_the_rules_that_read_it_and_they_name_it(
    data: st.DataObject, fmt: Format, excess: int
) -> None:
    tables = data.draw(balanced_tables(fmt))
    cell = data.draw(st.sampled_from(fmt.cells))
    put(fmt, tables, cell, (tables.value(cell) or 0) + excess)

    found = findings(run_checks(fmt, tables))

    assert sorted(check.code for check in found) == sorted(rules_that_read(cell))
    assert all(cell in check.cells for check in found)
    assert {abs((check.left or 0) - (check.right or 0)) for check in found} == {excess}


@given(st.data(), FORMAT)
def test_one_blank_is_named_and_breaks_the_rules_only_if_a_figure_is_missing(
    data: st.DataObject, fmt: Format
) -> None:
    tables = data.draw(balanced_tables(fmt))
    cell = data.draw(st.sampled_from(fmt.cells))
    missing = tables.value(cell)
    put(fmt, tables, cell, None)

    found = {check.code: check for check in findings(run_checks(fmt, tables))}

    assert found.pop("integers").cells == (cell,)
    assert set(found) == (rules_that_read(cell) if missing else set())
    assert all(cell in check.cells for check in found.values())
