"""信息处理费 (条例第四十二条; 国办函〔2020〕109号): by piece or by page, progressive."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.fees import fee_by_pages, fee_by_pieces, fee_of_piece


@pytest.mark.parametrize(
    ("pieces", "fee"),
    [
        (0, 0),
        (10, 0),
        (11, 100),
        (12, 200),
        (30, 2_000),
        (31, 2_200),
        (40, 4_000),
        (41, 4_300),
        (45, 5_500),
        (50, 7_000),
        (52, 7_800),
    ],
)
def test_pieces_of_a_month(pieces: int, fee: int) -> None:
    assert fee_by_pieces(pieces) == fee


@pytest.mark.parametrize(
    ("nth", "fee"),
    [(1, 0), (10, 0), (11, 100), (30, 100), (31, 200), (40, 200), (41, 300), (50, 300), (51, 400)],
)
def test_the_piece_by_itself(nth: int, fee: int) -> None:
    assert fee_of_piece(nth) == fee


@pytest.mark.parametrize(
    ("pages", "fee"),
    [
        (0, 0),
        (30, 0),
        (31, 10),
        (68, 380),
        (100, 700),
        (101, 720),
        (200, 2_700),
        (201, 2_740),
        (230, 3_900),
    ],
)
def test_pages_of_an_application(pages: int, fee: int) -> None:
    assert fee_by_pages(pages) == fee


@given(st.integers(1, 500))
def test_each_piece_adds_its_own_fee(count: int) -> None:
    assert fee_by_pieces(count) - fee_by_pieces(count - 1) == fee_of_piece(count)


@given(st.integers(1, 5_000))
def test_a_page_more_never_costs_less(pages: int) -> None:
    assert fee_by_pages(pages) - fee_by_pages(pages - 1) in (0, 10, 20, 40)


@pytest.mark.parametrize(
    ("reckon", "count", "sentence"),
    [
        (fee_by_pieces, -1, "件数不能为负数：-1。"),
        (fee_by_pages, -1, "页数不能为负数：-1。"),
        (fee_of_piece, 0, "件数须从第 1 件起，不能是第 0 件。"),
    ],
)
def test_impossible_counts_are_refused_in_a_sentence(
    reckon: Callable[[int], int], count: int, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        reckon(count)
