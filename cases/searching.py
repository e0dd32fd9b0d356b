"""Search by words, over as many cases as a page may wait for.

Words are looked for inside number, applicant's name and content, which no index can do: a million
cases take seconds. So they are looked for among the first cases of the usual order, all that are to
do and the latest that are closed; a number or a name that is written in full is found wherever it
stands. A page that shows such a result says so, and offers to search the rest.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from django.db.models import Q

from cases.querysets import CaseQuerySet

MOST_SEARCHED = 2_000  # cases: of a usual department, those of five years and more
MOST_NAMED = 10_000  # cases of one name
EVERYWHERE = {"everywhere": "1"}  # the condition under which all cases are searched


class Found(NamedTuple):
    cases: CaseQuerySet
    in_part: bool  # whether there are cases that were not searched


def search(cases: CaseQuerySet, text: str, *, everywhere: bool = False) -> Found:
    """Those of `cases` in which every word of `text` is found."""
    beyond = None if everywhere else _first_not_searched(cases)
    if beyond is None:
        return Found(cases.search(text), in_part=False)
    named = _named_in_full(cases, text.split())
    searched = cases.filter(
        Q(list_place__lt=beyond) | Q(pk__in=named) if named else Q(list_place__lt=beyond)
    )
    return Found(searched.search(text).found_and_sorted(), in_part=True)


def _first_not_searched(cases: CaseQuerySet) -> int | None:
    """The place in the order from which on cases are left out; None if they are few enough."""
    places = cases.order_by("list_place").values_list("list_place", flat=True)
    return next(iter(places[MOST_SEARCHED : MOST_SEARCHED + 1]), None)


def _named_in_full(cases: CaseQuerySet, words: list[str]) -> list[int]:
    """Cases with such a number, or of such a name: two looks in an index."""
    forms = [*words, *(unicodedata.normalize("NFKC", word) for word in words)]
    by_number, by_name = Q(number__in=forms), Q(applicant__name__in=forms)
    return [
        pk
        for condition in (by_number, by_name)
        for pk in cases.filter(condition).order_by().values_list("pk", flat=True)[:MOST_NAMED]
    ]
