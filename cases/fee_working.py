"""The working of a fee in words, line by line. Nothing here is calculated: see cases.fees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.fees import FeeLine, fee_by_pages, fee_by_pieces, lines_by_pages, lines_by_pieces


@dataclass(frozen=True, slots=True)
class Row:
    span: str  # 第 11–30 件
    count: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class Working:
    rows: list[Row]
    total: str


def working_by_pieces(count_in_month: int) -> Working:
    rows = _rows(lines_by_pieces(count_in_month), "件")
    return Working(rows, yuan(fee_by_pieces(count_in_month)))


def working_by_pages(pages: int) -> Working:
    return Working(_rows(lines_by_pages(pages), "页"), yuan(fee_by_pages(pages)))


def yuan(amount: int) -> str:
    return f"{amount:,} 元"


def _rows(lines: Iterable[FeeLine], unit: str) -> list[Row]:
    return [
        Row(
            span=f"第 {line.first} {unit}"
            if line.count == 1
            else f"第 {line.first}–{line.last} {unit}",
            count=f"{line.count} {unit}",
            price=f"{yuan(line.price)}/{unit}" if line.price else "免费",
            amount=yuan(line.amount),
        )
        for line in lines
    ]
