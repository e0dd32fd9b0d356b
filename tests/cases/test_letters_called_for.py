"""The letters that a case asks for now stand first where one chooses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Addressee, LetterKind, Outcome
from cases.models import Case, Letter
from tests.documents import forget_document_files
from tests.makers import TODAY, Facts, Tree, hand_of, make_case
from tests.signoff import make_chain, signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2025, 10, 20)
Called = Callable[[Case], list[str]]


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def called(clerk_client: Client) -> Called:
    def kinds(case: Case) -> list[str]:
        page = clerk_client.get(reverse("cases:make_letter", args=[case.pk]))
        shown = [*page.context["called"], *page.context["kinds"]]
        assert sorted(shown) == sorted(LetterKind)  # none is left out or shown twice
        return [str(kind) for kind in page.context["called"]]

    return kinds


def make(case: Case, kind: str, **fields: Any) -> Letter:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "dated_on": DAY}
    return workflow.make_letter(case, kind=kind, **said | fields)


def test_what_was_told_and_not_written_yet(called: Called, tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 22), None)))
    assert called(case) == ["correction", "receipt"]
    letter = make(case, "correction")
    assert called(case) == ["receipt"]
    by = hand_of(tree.housing)
    workflow.withdraw_document(letter.document, by=by, today=TODAY, reason="写错")
    assert called(case) == ["correction", "receipt"]


def test_every_consultation_has_its_letters(called: Called, tree: Tree) -> None:
    facts = Facts(consultation=(date(2025, 9, 19), None), consulted=Addressee.CO_PRODUCER)
    case = make_case(tree.housing, facts=facts)
    make(case, "receipt")
    assert called(case) == ["co_producer"]
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY, "on": date(2025, 9, 22)}
    workflow.consult(case, key="2", addressee="third_party", whom="某评估机构甲", **said)
    assert called(case) == ["third_party_notice", "third_party_opinion", "co_producer"]


def test_two_of_a_kind_want_two_letters(called: Called, tree: Tree) -> None:
    facts = Facts(consultation=(date(2025, 9, 19), None), consulted=Addressee.CO_PRODUCER)
    case = make_case(tree.housing, facts=facts)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY, "on": date(2025, 9, 22)}
    workflow.consult(case, key="2", addressee="co_producer", whom="区资规分局", **said)
    make(case, "co_producer", own_series=True)
    assert "co_producer" in called(case)
    make(case, "co_producer", number="秀建公开〔2025〕1号", said={"共同制作机关": "甲局"})
    assert "co_producer" in called(case)  # the same letter, made anew
    make(case, "co_producer", own_series=True, said={"共同制作机关": "乙局"})
    assert "co_producer" not in called(case)


def test_an_answered_case_asks_for_its_reply_and_the_slip(called: Called, tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=DAY, service_method="post")
    assert called(case) == ["service", "reply"]
    make(case, "reply", outcome=Outcome.GRANTED)
    assert called(case) == ["service"]


def test_what_is_signed_asks_for_its_letter(called: Called, tree: Tree) -> None:
    make_chain(tree.housing)
    case = signed(make_case(tree.housing), outcome=Outcome.GRANTED)
    assert called(case) == ["reply", "receipt"]


def test_a_case_answered_with_the_letter_of_another_asks_for_none(
    called: Called, tree: Tree
) -> None:
    case, other = (make_case(tree.housing, name="申请人甲") for _ in range(2))
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY, "closed_on": DAY}
    said |= {"outcome": Outcome.GRANTED, "service_method": "post"}
    workflow.reply_together(case, also={other.pk: None}, **said)
    assert called(other) == ["service", "reply"]
    make(case, "reply", outcome=Outcome.GRANTED)
    assert called(other) == ["service"]
