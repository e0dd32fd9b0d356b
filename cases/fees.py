"""信息处理费: what an application may be charged (条例第四十二条; 国办函〔2020〕109号, from 2021).

Pure. Amounts are whole 元. An application is charged by piece or by page, never both; which of
the two is the organ's choice, not this module's. Telling an applicant where public information
is to be found is never charged.
"""

from collections.abc import Iterable
from dataclasses import dataclass

# By piece, for one applicant in one calendar month.
FREE_PIECES = 10  # 国办函〔2020〕109号: pieces 1–10 are free
FIRST_PRICED_PIECES = 30  # 国办函〔2020〕109号: pieces 11–30 share the first price
PRICE_PER_PIECE = 100  # 国办函〔2020〕109号: 元, the first price
PIECES_PER_STEP = 10  # 国办函〔2020〕109号: from piece 31 on, every ten …
PRICE_STEP = 100  # 国办函〔2020〕109号: … cost this much more apiece, in 元

# By page, for one application: up to this page, 元 for each page of the tier.
FREE_PAGES = 30  # 国办函〔2020〕109号
PAGE_TIERS = ((FREE_PAGES, 0), (100, 10), (200, 20))  # 国办函〔2020〕109号
PRICE_PER_PAGE_ABOVE = 40  # 国办函〔2020〕109号: 元, page 201 and up


@dataclass(frozen=True, slots=True)
class FeeLine:
    """Pieces or pages of one price: a line of the working."""

    first: int
    last: int
    price: int  # 元 apiece
    amount: int  # 元

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def fee_of_piece(nth: int) -> int:
    """What the applicant's nth piece of the calendar month costs by itself, in 元."""
    if nth < 1:
        raise ValueError(f"件数须从第 1 件起，不能是第 {nth} 件。")
    if nth <= FREE_PIECES:
        return 0
    steps = max(0, -(-(nth - FIRST_PRICED_PIECES) // PIECES_PER_STEP))
    return PRICE_PER_PIECE + steps * PRICE_STEP


def fee_by_pieces(count_in_month: int) -> int:
    """What an applicant's pieces of one calendar month cost together, in 元."""
    if count_in_month < 0:
        raise ValueError(f"件数不能为负数：{count_in_month}。")
    return sum(line.amount for line in lines_by_pieces(count_in_month))


def lines_by_pieces(count_in_month: int) -> list[FeeLine]:
    """The working of `fee_by_pieces`: a line for each price that is reached."""
    last = FREE_PIECES
    tiers = [(last, fee_of_piece(last))]
    while last < count_in_month:
        last = FIRST_PRICED_PIECES if last < FIRST_PRICED_PIECES else last + PIECES_PER_STEP
        tiers.append((last, fee_of_piece(last)))
    return _lines(count_in_month, tiers)


def fee_by_pages(pages: int) -> int:
    """What the pages of one application cost together, in 元."""
    if pages < 0:
        raise ValueError(f"页数不能为负数：{pages}。")
    return sum(line.amount for line in lines_by_pages(pages))


def lines_by_pages(pages: int) -> list[FeeLine]:
    """The working of `fee_by_pages`: a line for each price that is reached."""
    return _lines(pages, [*PAGE_TIERS, (pages, PRICE_PER_PAGE_ABOVE)])


def _lines(count: int, tiers: Iterable[tuple[int, int]]) -> list[FeeLine]:
    """`count` laid over tiers of (last, price), as far as it reaches."""
    lines, before = [], 0
    for tier_last, price in tiers:
        last = min(count, tier_last)
        if last > before:
            lines.append(FeeLine(before + 1, last, price, (last - before) * price))
            before = last
    return lines
