"""Two tables of one year, for `reports/_ledger_table.html`: heads once, figures side by side."""

from __future__ import annotations

from typing import Any

from reports.checks import run_checks
from reports.ledger_table import Pair
from reports.presenting import UrlOf, table3, table4

Context = dict[str, Any]

SOURCE, LEDGER, LIVE = "来源", "本文件", "系统现有"


def beside(pair: Pair, *, url_of: UrlOf) -> Context:
    """`url_of` leads from a live cell to its cases; the file's own figures lead nowhere."""
    excess = pair.in_excess()
    return {
        "three": _three(pair, url_of),
        "four": _four(pair, url_of),
        "apart": [
            {
                "label": pair.format.cell_label(path),
                "ledger": pair.ledger.value(path),
                "live": pair.live.value(path),
                "url": url_of(path),
                "excess": path in excess,
            }
            for path in pair.apart()
        ],
        "lacking": pair.lacking(),
        "excess": len(excess),
    }


def _three(pair: Pair, url_of: UrlOf) -> Context:
    ours, theirs = (
        table3(pair.format, tables, run_checks(pair.format, tables), url_of=urls)
        for tables, urls in ((pair.ledger, _nowhere), (pair.live, url_of))
    )
    (corner, top), upper, *lower = ours["head"]
    columns = top["colspan"]
    whose = [_whose(LEDGER, columns), _whose(LIVE, columns) | {"css": "whose live"}]
    stub = [col for col in ours["cols"] if col not in ("o-fig", "o-tick")]
    return {
        "caption": ours["caption"],
        "unit": ours["unit"],
        "cols": [*stub, *["o-fig"] * (2 * columns)],
        "head": [
            [corner | {"rowspan": corner["rowspan"] + 1}, *whose],
            *([*row, *_started(row)] for row in ([top], upper)),
            *([*row, *row] for row in lower),
        ],
        "body": [
            {"css": mine["css"], "heads": mine["heads"], "cells": [*left, *_started(right)]}
            for mine, other in zip(ours["body"], theirs["body"], strict=True)
            for left, right in [_both(mine, other)]
        ],
    }


def _four(pair: Pair, url_of: UrlOf) -> Context:
    ours, theirs = (
        table4(pair.format, tables, run_checks(pair.format, tables), url_of=urls)
        for tables, urls in ((pair.ledger, _nowhere), (pair.live, url_of))
    )
    mine, other = _both(ours, theirs)
    first, *rest = ours["head"]
    corner = {"text": SOURCE, "scope": "col", "rowspan": len(ours["head"])}
    return {
        "caption": ours["caption"],
        "unit": ours["unit"],
        "head": [[corner, *first], *rest],
        "body": [{"head": LEDGER, "cells": mine}, {"head": LIVE, "cells": other}],
    }


def _both(ours: Context, theirs: Context) -> tuple[list[Context], list[Context]]:
    """The figures of both; marked where the ledger has more, since a file may be of one month."""
    pairs = list(zip(ours["cells"], theirs["cells"], strict=True))
    mine = [cell | {"apart": _exceeds(cell, other)} for cell, other in pairs]
    other = [
        cell
        | {
            "apart": _exceeds(our, cell),
            "label": f"{cell['label']}，{LEDGER} {our['value']} 件",
        }
        for our, cell in pairs
    ]
    return mine, other


def _exceeds(ours: Context, theirs: Context) -> bool:
    return (ours["value"] or 0) > (theirs["value"] or 0)


def _whose(words: str, columns: int) -> Context:
    return {"text": words, "css": "whose", "scope": "colgroup", "colspan": columns}


def _started(row: list[Context]) -> list[Context]:
    """Cells of the second table, the first with the line that parts it from the other."""
    first, *rest = row
    return [first | {"css": f"{first.get('css', '')} live".strip()}, *rest]


def _nowhere(path: str) -> str:
    return ""
