"""Several telephone numbers in one cell: which they are."""

import pytest

from cases.crypto import lookup_hash
from cases.telephones import further_hashes, numbers_in

ONE, TWO, LOCAL = "13800000001", "13900000002", "057382711234"


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("", []),
        (ONE, [ONE]),
        (f"{ONE}、{TWO}", [ONE, TWO]),
        (f"{ONE},{TWO}", [ONE, TWO]),
        (f"{ONE}，{TWO}", [ONE, TWO]),
        (f"{ONE};{TWO}", [ONE, TWO]),
        (f"{ONE}； {TWO}", [ONE, TWO]),
        (f"{ONE}/{TWO}", [ONE, TWO]),
        (f"{ONE} {TWO}", [ONE, TWO]),
        (f"{ONE}\n{TWO}", [ONE, TWO]),
        (f"{ONE}{TWO}", [ONE, TWO]),  # run together by a spreadsheet
        (f"{ONE}、{ONE}", [ONE]),
        ("138 0000 0001", [ONE]),  # the spaces of one number
        ("138 0000 0001 、 0573-8271 1234", [ONE, LOCAL]),
        (f"１３８０００００００１／{TWO}", [ONE, TWO]),
        (f"+86 {ONE}、0086{TWO}", [ONE, TWO]),
        (f"本人{ONE}，妻{TWO}", [ONE, TWO]),
        ("0573-82711234", [LOCAL]),
        ("转 801", []),
        ("无", []),
    ],
)
def test_what_is_a_number_of_its_own(cell: str, numbers: list[str]) -> None:
    assert numbers_in(cell) == numbers


def test_a_single_number_needs_no_further_hash() -> None:
    assert further_hashes("138 0000 0001") == further_hashes("") == []
    assert further_hashes(f"{ONE}、{TWO}") == [lookup_hash(ONE), lookup_hash(TWO)]
