"""A new reply and its 答复书 say the same, as the first does; its number is of one letter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, LetterKind, Outcome
from cases.models import Case, Letter
from cases.workflow.standing import standing
from tests.cases.test_letters import text_of
from tests.documents import forget_document_files
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding
from tests.signoff import make_chain, signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FIRST, RULED, AGAIN = date(2025, 9, 24), date(2025, 10, 13), date(2025, 10, 22)
NUMBER, NEW = "秀建公开〔2025〕1号", "秀建公开〔2025〕2号"


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def case(tree: Tree) -> Case:
    """Answered with its letter; ordered to be answered again."""
    case = make_case(tree.housing)
    make(case, outcome=Outcome.PROCESS, dated_on=FIRST, own_series=True)
    said: dict[str, Any] = {"outcome": Outcome.PROCESS, "closed_on": FIRST, "served_on": FIRST}
    said |= {"reply_number": NUMBER, "service_method": "post"}
    workflow.reply(case, **by(case), **said)
    return reopened(case)


def by(case: Case) -> dict[str, Any]:
    return {"by": hand_of(case.department), "today": TODAY}


def reopened(case: Case, on: date = RULED) -> Case:
    review = make_proceeding(
        case.department, case=case, ruling="revoked", result="corrected", concluded_on=on
    )
    workflow.reopen(case, proceeding=review, on=on, workdays=20, **by(case))
    return Case.objects.get(pk=case.pk)


def make(case: Case, **fields: Any) -> Letter:
    said: dict[str, Any] = {"outcome": Outcome.PARTIAL, "dated_on": AGAIN} | fields
    return workflow.make_letter(case, kind=LetterKind.REPLY, **by(case), **said)


def again(case: Case, **fields: Any) -> Case:
    said: dict[str, Any] = {"outcome": Outcome.PARTIAL, "closed_on": AGAIN, "reply_number": NEW}
    said |= {"service_method": "post", **fields}
    return workflow.reply_again(Case.objects.get(pk=case.pk), **by(case), **said)


def amended(case: Case, **values: Any) -> Case:
    return workflow.amend(case, values=values, reason="录错", **by(case))


def refused(act: Any, *args: Any, **options: Any) -> dict[str, list[str]]:
    """What `act` is refused with, by field."""
    with pytest.raises(ValidationError) as error:
        act(*args, **options)
    return error.value.message_dict


def used(number: str) -> list[str]:
    return [f"文号 {number} 已经用过，请核对。"]


# --- Its number ----------------------------------------------------------------------------------


def test_the_number_of_a_new_reply_is_taken(tree: Tree, case: Case) -> None:
    again(case)
    other = make_case(tree.housing)
    said: dict[str, Any] = {
        "outcome": Outcome.GRANTED,
        "closed_on": AGAIN,
        "service_method": "post",
    }
    found = refused(workflow.reply, other, reply_number=NEW, **by(other), **said)
    assert found == {"reply_number": used(NEW)}
    assert refused(make, other, number=NEW) == {"number": used(NEW)}
    assert make(other, own_series=True).number == "秀建公开〔2025〕3号"  # passed over


def test_a_new_reply_does_not_repeat_a_number(tree: Tree, case: Case) -> None:
    make_case(tree.housing, closed_on=AGAIN, reply_number=NEW)
    assert refused(again, case) == {"reply_number": used(NEW)}
    assert refused(again, case, reply_number=NUMBER) == {"reply_number": used(NUMBER)}  # its own
    assert refused(make, case, number=NUMBER) == {"number": used(NUMBER)}


def test_of_two_new_replies_each_has_its_number(tree: Tree, case: Case) -> None:
    other = reopened(make_case(tree.housing, closed_on=FIRST))
    again(case)
    assert refused(again, other) == {"reply_number": used(NEW)}


def test_a_new_reply_that_is_revoked_leaves_its_number(tree: Tree, case: Case) -> None:
    again(case)
    event = case.events.get(kind=EventKind.REPLIED_AGAIN)
    workflow.revoke(Case.objects.get(pk=case.pk), event=event.pk, reason="误登", **by(case))
    other = make_case(tree.housing, closed_on=AGAIN, reply_number=NEW)
    assert other.reply_number == NEW


# --- The letter first, then the new reply ---------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"outcome": Outcome.GRANTED}, "outcome", f"写的是“{Outcome.PARTIAL.label}”"),
        ({"reply_number": ""}, "reply_number", f"已制作的答复书写的是 {NEW} "),
        ({"reply_number": "秀建公开〔2025〕9号"}, "reply_number", f"写的是 {NEW} "),
        ({"closed_on": date(2025, 10, 23)}, "closed_on", "写的是 2025-10-22"),
    ],
)
def test_a_new_reply_says_what_its_letter_says(
    case: Case, fields: dict[str, Any], field: str, sentence: str
) -> None:
    make(case, own_series=True)
    found = refused(again, case, **fields)
    assert list(found) == [field] and sentence in found[field][0]
    again(case)
    assert case.events.filter(kind=EventKind.REPLIED_AGAIN).count() == 1


def test_the_page_proposes_what_the_letter_says(clerk_client: Client, case: Case) -> None:
    address = reverse("cases:reply_again", args=[case.pk])
    assert clerk_client.get(address).context["form"]["reply_number"].value() is None
    make(case, own_series=True)
    form = clerk_client.get(address).context["form"]
    said = [form[name].value() for name in ("outcome", "closed_on", "reply_number")]
    assert said == [Outcome.PARTIAL, AGAIN, NEW]
    typed = {"version": form["version"].value(), "outcome": "partial", "closed_on": "2025-10-23"}
    typed |= {"reply_number": NEW, "reply_reasons": "写了半天", "service_method": "post"}
    page = clerk_client.post(address, typed)
    assert list(page.context["form"].errors) == ["closed_on"]
    assert "写了半天" in page.content.decode()


def test_the_day_of_a_new_reply_is_put_right_with_its_letter(case: Case) -> None:
    letter = make(case, own_series=True)
    again(case)
    day = date(2025, 10, 21)
    event = case.events.get(kind=EventKind.REPLIED_AGAIN)
    said: dict[str, Any] = {"event": event.pk, "on": day, "reason": "看错", **by(case)}
    found = refused(workflow.put_right, case, **said)
    assert "写的是 2025-10-22" in found["on"][0]
    workflow.withdraw_document(letter.document, reason="日期写错", **by(case))
    workflow.put_right(case, **said)
    [reply] = [e for e in standing(case.events.all()) if e.kind == EventKind.REPLIED_AGAIN]
    assert reply.on == day


# --- The new reply first, then the letter ---------------------------------------------------------


def test_a_letter_has_the_number_of_the_new_reply(case: Case) -> None:
    again(case)
    sentence = f"答复的文号是 {NEW}，请填写这个文号，或者不编号。"
    assert refused(make, case, own_series=True) == {"number": [sentence]}
    assert refused(make, case, number="秀建公开〔2025〕9号") == {"number": [sentence]}
    assert make(case, number=NEW).number == NEW


def test_a_letter_says_what_is_signed_for_the_new_reply(tree: Tree, case: Case) -> None:
    make_chain(tree.housing)
    case = signed(case, outcome=Outcome.PARTIAL, reply_number=NEW)
    found = refused(make, case, outcome=Outcome.GRANTED, number=NEW)
    assert found == {
        "outcome": ["与第 1 次送审的“部分公开”不同；要改的，请先撤回送审。"],
    }
    assert NEW in refused(make, case, number="秀建公开〔2025〕9号")["number"][0]
    assert make(case, number=NEW).number == NEW


# --- The first reply keeps its letter -------------------------------------------------------------


def test_reopened_the_first_reply_still_says_what_its_letter_says(case: Case) -> None:
    make(case, own_series=True)
    found = refused(amended, case, closed_on=date(2025, 9, 23))
    assert "写的是 2025-09-24" in found["closed_on"][0]
    again(case)
    found = refused(amended, case, outcome=Outcome.PARTIAL, reply_number=NEW)
    assert list(found) == ["outcome", "reply_number"]
    assert refused(make, case, outcome=Outcome.PARTIAL, dated_on=FIRST)["outcome"]


def test_its_letter_is_made_anew_in_its_own_place(case: Case) -> None:
    new = make(case, own_series=True)
    first = make(case, outcome=Outcome.PROCESS, dated_on=FIRST, number=NUMBER, said={"理由": "甲"})
    assert first.document.supersedes == case.letters.get(number="").document
    again(case)
    assert "写的是" in refused(amended, case, closed_on=date(2025, 9, 23))["closed_on"][0]
    assert Letter.objects.get(number=NEW) == new


def test_each_of_several_new_replies_has_its_letter(case: Case) -> None:
    make(case, own_series=True)
    again(case, served_on=AGAIN)
    case = reopened(case, date(2025, 10, 24))
    third = "秀建公开〔2025〕3号"
    make(case, outcome=Outcome.GRANTED, dated_on=TODAY, own_series=True)
    found = refused(again, case, closed_on=TODAY)
    assert list(found) == ["outcome", "reply_number"] and third in found["reply_number"][0]
    again(case, outcome=Outcome.GRANTED, closed_on=TODAY, reply_number=third)
    anew = make(case, number=NEW, said={"理由": "第二次答复的理由"})  # that of the one before
    assert anew.document.supersedes and "第二次答复的理由" in text_of(anew)
    assert refused(make, case, outcome=Outcome.GRANTED, number=NEW)["outcome"]
