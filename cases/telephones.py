"""Telephone numbers as people write them into one cell: one, or several beside each other."""

from __future__ import annotations

import re

from cases.crypto import lookup_hash, normalised

SHORTEST_TELEPHONE = 7  # digits: a local number without its area code
LONGEST_TELEPHONE = 15  # digits: E.164
_BETWEEN = re.compile(r"[、,，;；/／|\n\r]+")
_DIGITS = re.compile(rf"\d{{{SHORTEST_TELEPHONE},}}")
_MOBILES = re.compile(r"(?:1[3-9]\d{9}){2,}")
_MOBILE_LENGTH = 11


def numbers_in(cell: str) -> list[str]:
    """The telephone numbers in `cell`, normalised, each once, in their order.

    Signs of enumeration always part two numbers. A space does so only where what stands on both
    sides is long enough to be one: `138 0000 0000` is a single number.
    """
    found: list[str] = []
    for part in _BETWEEN.split(cell):
        words = part.split()
        apart = len(words) > 1 and all(_DIGITS.search(normalised(word)) for word in words)
        for piece in words if apart else [part]:
            found += _in_piece(normalised(piece))
    return list(dict.fromkeys(found))


def further_hashes(cell: str) -> list[str]:
    """The look-up hashes of the numbers in `cell`, where they differ from that of the whole cell.

    The whole cell has its own hash in `Applicant.phone_hash`; a single number needs no other.
    """
    whole = normalised(cell)
    return [lookup_hash(number) for number in numbers_in(cell) if number != whole]


def _in_piece(plain: str) -> list[str]:
    runs: list[str] = _DIGITS.findall(plain)
    return [
        number
        for run in runs
        for number in (
            [run[at : at + _MOBILE_LENGTH] for at in range(0, len(run), _MOBILE_LENGTH)]
            if _MOBILES.fullmatch(run)
            else [run]
        )
    ]
