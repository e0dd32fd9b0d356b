"""The address of the list of cases: its conditions and its order, always written in one form.

What is shared, saved under a name or exported is this query string; `CaseFilter` says what it
means. Nothing else that is handed in gets into it, and a telephone number or an e-mail address only
as its keyed hash.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict
from django.urls import reverse

from cases.filters import CaseFilter
from cases.lookups import numbers_apart
from cases.models import Case, User

CONDITIONS = tuple(CaseFilter.base_filters)
ARRANGEMENT = ("sort", "per_page")  # how the list is shown, not what is in it
LONGEST_VALUE = 400  # characters; what is longer is no value of any condition
LONGEST_HASHES = 6 * 65  # of so many numbers, each under one key, with the commas between


def conditions_of(data: QueryDict, names: Iterable[str] = CONDITIONS) -> dict[str, str]:
    """The conditions in `data` that say something, in the order of the filters."""
    return _said(data, names)


def arrangement_of(data: QueryDict) -> dict[str, str]:
    return _said(data, ARRANGEMENT)


def understood(found: CaseFilter) -> dict[str, str]:
    """The conditions of `found` that mean something, as the address has them."""
    return {
        name: value
        for name, value in conditions_of(found.data).items()
        if not found.form.has_error(name)
    }


def query_of(*parts: dict[str, str]) -> str:
    """The query string that says all of `parts`; "" for nothing."""
    query = QueryDict(mutable=True)
    for part in parts:
        query.update(part)
    return query.urlencode(safe="/:,")


def address(page: str, *parts: dict[str, str]) -> str:
    """A page about the list with these conditions and this order."""
    query = query_of(*parts)
    return reverse(page) + (f"?{query}" if query else "")


def list_address(*parts: dict[str, str]) -> str:
    return address("cases:list", *parts)


def with_number_hashed(conditions: dict[str, str], user: User) -> dict[str, str]:
    """The same; a telephone or identity number or an e-mail address in the search box, alone or
    among words, becomes the condition `phone`.

    Who may read cases may look for a number they know: they are told of no number, only which of
    the cases they may read anyway has it. The hashes are those of every key in use, so that a
    number is found while the keys are being changed.
    """
    if "q" not in conditions:
        return conditions
    hashes, words = numbers_apart(conditions["q"], Case.objects.visible_to(user))
    if not hashes:
        return conditions
    found = {"q": words, "phone": ",".join(hashes)[:LONGEST_HASHES].rstrip(",")}
    return {name: value for name, value in (conditions | found).items() if value}


def _said(data: QueryDict, names: Iterable[str]) -> dict[str, str]:
    found = {name: data.get(name, "").strip()[:LONGEST_VALUE] for name in names}
    return {name: value for name, value in found.items() if value}
