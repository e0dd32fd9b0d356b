"""What the yearly figures say under the five headings of section one. Pure.

Only what was told is said; a figure that nobody told is no 0. Of a figure that is 0 nothing is said
but where the regulation asks whether there was any (责任追究). Each clause holds the words by which
`fact_checks` finds the figure again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reports.usual_facts import USUAL_FACTS

NONE_OF = {"accountability": "没有发生责任追究情形"}


class Told(NamedTuple):
    """A figure of an organ or area and year, as it was told by all who are asked for it."""

    key: str  # one of USUAL_FACTS; "" for a figure that an organ has added
    label: str
    unit: str
    figure: int


def fact_paragraphs(told: Iterable[Told], year: int) -> dict[str, str]:
    """Key of the passage → its paragraph; nothing for a passage of which nothing is known."""
    figures = {fact.key: fact for fact in told if fact.key}
    clauses: dict[str, list[str]] = {}
    for key, usual in USUAL_FACTS.items():
        if key in figures and (clause := _clause(figures[key])):
            clauses.setdefault(usual.passage, []).append(clause)
    return {passage: f"{year}年度，{'，'.join(said)}。" for passage, said in clauses.items()}


def _clause(fact: Told) -> str:
    if not fact.figure:
        return NONE_OF.get(fact.key, "")
    return f"{USUAL_FACTS[fact.key].said}{fact.figure}{fact.unit}"
