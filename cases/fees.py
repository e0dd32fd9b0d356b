"""信息处理费: what an application may be charged (条例第四十二条; 国办函〔2020〕109号, from 2021).

Pure. Amounts are whole 元. An application is charged by piece or by page, never both; which of
the two is the organ's choice, not this module's. Telling an applicant where public information
is to be found is never charged.
"""

# By piece, for one applicant in one calendar month.
FREE_PIECES = 10  # 国办函〔2020〕109号: pieces 1–10 are free
FIRST_PRICED_PIECES = 30  # 国办函〔2020〕109号: pieces 11–30 share the first price
PRICE_PER_PIECE = 100  # 国办函〔2020〕109号: 元, the first price
PIECES_PER_STEP = 10  # 国办函〔2020〕109号: from piece 31 on, every ten …
PRICE_STEP = 100  # 国办函〔2020〕109号: … cost this much more apiece, in 元

# By page, for one application: up to this page, 元 for each page of the tier.
PAGE_TIERS = ((30, 0), (100, 10), (200, 20))  # 国办函〔2020〕109号
PRICE_PER_PAGE_ABOVE = 40  # 国办函〔2020〕109号: 元, page 201 and up


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
    return sum(fee_of_piece(nth) for nth in range(1, count_in_month + 1))


def fee_by_pages(pages: int) -> int:
    """What the pages of one application cost together, in 元."""
    if pages < 0:
        raise ValueError(f"页数不能为负数：{pages}。")
    fee, counted = 0, 0
    for last, price in PAGE_TIERS:
        in_tier = max(0, min(pages, last) - counted)
        fee, counted = fee + in_tier * price, last
    return fee + max(0, pages - counted) * PRICE_PER_PAGE_ABOVE
