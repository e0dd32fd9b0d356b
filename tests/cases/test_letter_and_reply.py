"""答复书 and reply say the same: outcome, 文号, date; one number is that of one letter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import DocumentKind, LetterKind, Outcome
from cases.departments import succeed_department
from cases.models import Case, Letter, NumberCounter
from tests.documents import forget_document_files, make_file
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding
from tests.signoff import make_chain, signed, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2025, 10, 20)
NUMBER = "秀建公开〔2025〕1号"
NAME = "申请人甲"


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, name=NAME)


def make(case: Case, kind: str = LetterKind.REPLY, **options: Any) -> Letter:
    usual: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "dated_on": DAY}
    if kind == LetterKind.REPLY:
        usual["outcome"] = Outcome.GRANTED
    return workflow.make_letter(case, kind=kind, **usual | options)


def who(case: Case) -> dict[str, Any]:
    return {"by": hand_of(case.department), "today": TODAY}


def reply(case: Case, **fields: Any) -> Case:
    said: dict[str, Any] = {"outcome": Outcome.GRANTED, "closed_on": DAY, "reply_number": NUMBER}
    said |= {"service_method": "post", "by": hand_of(case.department), **fields}
    return workflow.reply_together(case, today=TODAY, **said)


def refused(act: Any, *args: Any, **options: Any) -> dict[str, list[str]]:
    """What `act` is refused with, by field."""
    with pytest.raises(ValidationError) as error:
        act(*args, **options)
    return error.value.message_dict


def withdraw(letter: Letter) -> None:
    by = hand_of(letter.department)
    workflow.withdraw_document(letter.document, by=by, today=TODAY, reason="写错")


# --- Letter first, then the reply ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"outcome": "partial"},
            "outcome",
            f"写的是“{Outcome.GRANTED.label}”",
        ),
        ({"reply_number": ""}, "reply_number", f"已制作的答复书写的是 {NUMBER}"),
        ({"reply_number": "秀建公开〔2025〕9号"}, "reply_number", f"答复书写的是 {NUMBER}"),
        ({"closed_on": date(2025, 10, 21)}, "closed_on", "写的是 2025-10-20"),
    ],
)
def test_a_reply_says_what_its_letter_says(
    case: Case, fields: dict[str, Any], field: str, sentence: str
) -> None:
    make(case, own_series=True)
    found = refused(reply, case, **fields)
    assert list(found) == [field]
    assert sentence in found[field][0] and "请核对" in found[field][0]
    assert reply(case).reply_number == NUMBER


def test_the_page_proposes_what_the_letter_says(clerk_client: Client, case: Case) -> None:
    make(case, own_series=True)
    case.refresh_from_db()
    address = reverse("cases:reply", args=[case.pk])
    form = clerk_client.get(address).context["form"]
    said = [form[name].value() for name in ("outcome", "closed_on", "reply_number")]
    assert said == [Outcome.GRANTED, DAY, NUMBER]
    typed = {"version": case.version, "outcome": "granted", "closed_on": "2025-10-21"}
    typed |= {"reply_number": NUMBER, "reply_reasons": "写了半天", "service_method": "post"}
    page = clerk_client.post(address, typed)
    assert list(page.context["form"].errors) == ["closed_on"]
    assert "写了半天" in page.content.decode()


def test_put_right_a_reply_still_says_what_its_letter_says(tree: Tree, case: Case) -> None:
    letter = make(case, own_series=True)
    reply(case)
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "reason": "录错"}
    changed = {"outcome": Outcome.PARTIAL}
    assert "outcome" in refused(workflow.amend, case, values=changed, **said)
    other = make_case(tree.housing, closed_on=DAY)
    assert "reply_number" in refused(workflow.amend, other, values={"reply_number": NUMBER}, **said)
    withdraw(letter)
    assert workflow.amend(case, values=changed, **said).outcome == Outcome.PARTIAL


def test_the_newest_that_was_not_withdrawn_counts(case: Case) -> None:
    first = make(case, own_series=True)
    second = make(case, outcome=Outcome.PARTIAL, number=NUMBER)
    assert "outcome" in refused(reply, case)
    withdraw(second)
    assert reply(case).outcome == Outcome.GRANTED
    assert Letter.objects.get(number=NUMBER) == first


def test_a_letter_without_a_number_leaves_the_number_open(case: Case) -> None:
    make(case)
    assert reply(case).reply_number == NUMBER


def test_a_withdrawn_letter_binds_no_reply(case: Case) -> None:
    withdraw(make(case, own_series=True))
    assert reply(case, outcome=Outcome.PARTIAL).outcome == Outcome.PARTIAL


@pytest.mark.parametrize("through", [submitted, signed])
def test_a_letter_says_what_is_reviewed_or_signed(tree: Tree, case: Case, through: Any) -> None:
    make_chain(tree.housing)
    case = through(case, outcome=Outcome.NOT_EXIST)
    found = refused(make, case, own_series=True)
    assert found == {
        "outcome": ["与第 1 次送审的“经检索没有，信息不存在”不同；要改的，请先撤回送审。"]
    }
    assert not NumberCounter.objects.filter(series="letters").exists()  # no number was taken
    assert make(case, outcome=Outcome.NOT_EXIST, own_series=True).number == NUMBER


def test_a_letter_has_the_number_that_is_signed_or_recorded(tree: Tree, case: Case) -> None:
    reply(case)
    sentence = f"答复的文号是 {NUMBER}，请填写这个文号，或者不编号。"
    assert refused(make, case, own_series=True) == {"number": [sentence]}
    assert make(case, number=NUMBER).number == NUMBER
    other = make_case(tree.housing)
    make_chain(tree.housing)
    other = signed(other, reply_number="秀建公开〔2025〕8号", outcome=Outcome.GRANTED)
    assert "8号" in refused(make, other, number="秀建公开〔2025〕9号")["number"][0]


def test_a_new_reply_after_a_decision_has_a_letter_of_its_own(tree: Tree, case: Case) -> None:
    make(case, own_series=True)
    reply(case)
    day = date(2025, 10, 22)
    review = make_proceeding(
        tree.housing, case=case, ruling="revoked", result="corrected", concluded_on=day
    )
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    workflow.reopen(case, proceeding=review, on=day, workdays=10, **said)
    again = make(case, outcome=Outcome.PARTIAL, dated_on=day, own_series=True)
    assert again.number == "秀建公开〔2025〕2号"
    values = {"closed_on": date(2025, 10, 17)}  # of the first reply, whose letter says otherwise
    assert "closed_on" in refused(workflow.amend, case, values=values, reason="录错", **said)


# --- A letter that is withdrawn ------------------------------------------------------------------


def test_what_says_otherwise_than_the_reply_does_not_stand_again(
    clerk_client: Client, case: Case
) -> None:
    first = make(case, own_series=True)
    second = make(case, outcome=Outcome.PARTIAL, number=NUMBER)
    reply(case, outcome=Outcome.PARTIAL)
    withdraw(second)
    first.document.refresh_from_db()
    assert first.document.withdrawn_on == TODAY
    assert first.document.withdrawn_reason == "与答复不一致，随替换它的文件撤下"
    told = case.events.latest("pk")
    assert told.text == f"撤下材料“{second.document.name}”：写错。与答复不一致的 1 份一并撤下"
    page = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert page.count(f"{TODAY} 撤下：") == 2
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "reason": "录错"}
    workflow.amend(case, values={"outcome": Outcome.NOT_EXIST}, **said)
    again = make(case, outcome=Outcome.NOT_EXIST, number=NUMBER)
    assert again.document.supersedes is None


def test_what_says_the_same_stands_again(case: Case) -> None:
    first = make(case, own_series=True)
    reply(case)
    second = make(case, number=NUMBER, said={"理由": "改了一个字"})
    withdraw(second)
    assert Letter.objects.get(number=NUMBER) == first
    first.document.refresh_from_db()
    assert first.document.withdrawn_on is None


def test_its_final_file_goes_with_it(case: Case) -> None:
    first = make(case, own_series=True)
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    final = workflow.keep_document(
        case,
        kind=DocumentKind.LETTER,
        upload=make_file("定稿.pdf"),
        supersedes=first.document,
        **said,
    )
    second = make(case, outcome=Outcome.PARTIAL, number=NUMBER)
    assert second.document.supersedes == final
    reply(case, outcome=Outcome.PARTIAL)
    withdraw(second)
    assert not case.documents.filter(withdrawn_on=None).exists()


def test_a_case_that_ends_without_an_answer_is_held_to_no_letter(
    clerk_client: Client, case: Case
) -> None:
    make(case, own_series=True)
    letter, said = make(case, number=NUMBER, said={"理由": "甲"}), who(case)
    workflow.withdraw(case, on=DAY, how="email", **said)
    for document in case.documents.all():
        assert document.withdrawn_on == TODAY and document.withdrawn_reason.startswith("没有发出")
    told = case.events.latest("pk")
    assert letter.document_id in told.data["documents"] and "随之撤下" in told.text
    page = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "没有发出：本件没有答复即已办结" in page
    case = workflow.amend(case, values={"closed_on": TODAY}, reason="看错", **said)
    assert case.closed_on == TODAY


def test_a_letter_that_tells_of_that_end_stands(case: Case) -> None:
    letter = make(case, outcome=Outcome.WITHDRAWN)
    workflow.withdraw(case, on=DAY, how="email", **who(case))
    letter.document.refresh_from_db()
    assert letter.document.withdrawn_on is None


def test_what_is_signed_binds_what_stands_again_too(tree: Tree, case: Case) -> None:
    make(case, own_series=True)
    second = make(case, outcome=Outcome.NOT_EXIST, number=NUMBER)
    make_chain(tree.housing)
    signed(case, outcome=Outcome.NOT_EXIST)
    withdraw(second)
    assert not case.documents.filter(withdrawn_on=None).exists()


# --- One number, one letter ----------------------------------------------------------------------


def test_a_letter_made_anew_keeps_its_number(clerk_client: Client, case: Case) -> None:
    first = make(case, own_series=True)
    again = make(case, number=NUMBER, dated_on=date(2025, 10, 21))
    assert again.number == NUMBER and again.document.supersedes == first.document
    page = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "重新制作，替换" in page and f'aria-label="下载 {first.document.name}"' in page
    assert page.count(f"10-21 {NUMBER}") == 1 and f"10-20 {NUMBER}" not in page


def test_a_withdrawn_letter_leaves_its_number_to_the_next(case: Case) -> None:
    withdraw(make(case, own_series=True))
    again = make(case, number=NUMBER, dated_on=date(2025, 10, 21))
    assert again.number == NUMBER and again.document.supersedes is None


def test_a_number_is_not_taken_by_another_kind_or_another_case(tree: Tree, case: Case) -> None:
    make(case, own_series=True)
    used = f"文号 {NUMBER} 已经用过，请核对。"
    assert refused(make, case, LetterKind.RECEIPT, number=NUMBER) == {"number": [used]}
    other = make_case(tree.housing)
    assert refused(make, other, number=NUMBER) == {"number": [used]}
    assert refused(reply, other) == {"reply_number": [used]}


def test_an_unrelated_reply_does_not_repeat_a_number(tree: Tree, case: Case) -> None:
    reply(case)
    other = make_case(tree.housing, name=NAME)
    used = f"文号 {NUMBER} 已经用过，请核对。"
    assert refused(reply, other) == {"reply_number": [used]}
    elsewhere = make_case(tree.land)  # each organ has its own series
    assert reply(elsewhere).reply_number == NUMBER


def test_after_a_succession_a_number_is_that_of_the_organ_that_answers(tree: Tree) -> None:
    before = make_case(tree.land, closed_on=date(2025, 10, 10), reply_number="秀建公开〔2025〕2号")
    taken_over, own = make_case(tree.land), make_case(tree.housing)
    succeed_department(tree.land, successor=tree.housing, on=date(2025, 10, 13))
    late = make_case(tree.land, received_on=date(2025, 10, 14))
    reply(Case.objects.get(pk=taken_over.pk), by=hand_of(tree.housing))
    used = f"文号 {NUMBER} 已经用过，请核对。"
    assert refused(reply, own) == {"reply_number": [used]}
    assert refused(make, own, number=NUMBER) == {"number": [used]}
    assert reply(own, reply_number=before.reply_number).reply_number == before.reply_number
    assert reply(late).reply_number == NUMBER  # answered by the old organ, in its own series
