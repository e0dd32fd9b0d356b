"""One 答复书 that answers several cases: reviewed as one, naming them all, found from each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import LetterKind, Outcome, RoundState, Stage
from cases.folders.contents import contents_of
from cases.models import Case, Letter
from tests.cases.test_letters import text_of
from tests.documents import forget_document_files
from tests.makers import TODAY, Tree, hand_of, make_case
from tests.signoff import REASONS, draft, make_chain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

NAME = "申请人甲"
NUMBER = "秀建公开〔2025〕37号"
DAY = date(2025, 10, 24)


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, name=NAME, received_on=date(2025, 10, 9), content="甲方案")


@pytest.fixture
def other(tree: Tree, case: Case) -> Case:
    return make_case(tree.housing, name=NAME, received_on=date(2025, 10, 10), content="乙批复。")


def said(case: Case) -> dict[str, Any]:
    return {"by": hand_of(case.department), "today": TODAY}


def make(case: Case, **fields: Any) -> Letter:
    usual: dict[str, Any] = {"outcome": Outcome.NOT_EXIST, "dated_on": DAY, "number": NUMBER}
    return workflow.make_letter(case, kind=LetterKind.REPLY, **said(case) | usual | fields)


def reply(case: Case, **fields: Any) -> Case:
    usual: dict[str, Any] = {"outcome": Outcome.NOT_EXIST, "closed_on": DAY, "reply_number": NUMBER}
    usual["service_method"] = "post"
    return workflow.reply_together(case, **said(case) | usual | fields)


def amend(case: Case, **values: Any) -> Case:
    return workflow.amend(case, values=values, reason="录错", **said(case))


def refused(act: Any, *args: Any, **options: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        act(*args, **options)
    return error.value.message_dict


# --- The letter ----------------------------------------------------------------------------------


def test_the_letter_names_all_that_it_answers(case: Case, other: Case) -> None:
    reply(case, also={other.pk: None})
    text = text_of(make(case))
    assert f"（编号：{case.number}、{other.number}）" in text
    assert f"申请获取：甲方案（{case.number}）；乙批复（{other.number}）。" in text
    assert "本机关于2025年10月9日、2025年10月10日收到。" in text


def test_it_lies_in_one_case_and_is_found_from_the_others(
    clerk_client: Client, case: Case, other: Case
) -> None:
    reply(case, also={other.pk: None})
    letter = make(case)
    page = clerk_client.get(reverse("cases:detail", args=[other.pk])).content.decode()
    assert f"一并答复的 {case.number}" in page and f"10-24 {NUMBER}" in page
    assert f'href="{reverse("cases:detail", args=[case.pk])}#letters"' in page
    assert letter.document in [entry.document for entry in contents_of(other)]
    found = refused(make, other)["number"]
    assert found == [f"文号 {NUMBER} 的答复书在一并答复的 {case} 里，要重新制作，请到那一件。"]


def test_it_may_be_made_in_any_of_them(case: Case, other: Case) -> None:
    reply(case, also={other.pk: None})
    assert case.number in text_of(make(other))


def test_alone_a_case_shows_no_letter_of_another(
    clerk_client: Client, case: Case, other: Case
) -> None:
    reply(case)
    make(case)
    assert [entry for entry in contents_of(other) if entry.document] == []
    page = clerk_client.get(reverse("cases:detail", args=[other.pk])).content.decode()
    assert "一并答复的" not in page


def test_made_before_the_reply_it_says_whom_it_answers(
    clerk_client: Client, case: Case, other: Case
) -> None:
    letter = make(case, also=[other.pk])
    assert f"{case.number}、{other.number}" in text_of(letter)
    assert refused(reply, case) == {
        "also": [f"已制作的答复书一并答复 {other.number}，请照此勾选，或者重新制作、撤下它。"]
    }
    page = clerk_client.get(reverse("cases:reply", args=[case.pk]))
    assert page.context["form"]["also"].value() == [other.pk]
    reply(case, also={other.pk: None})
    other.refresh_from_db()
    assert other.reply_number == NUMBER


def test_a_letter_that_names_one_answers_one(case: Case, other: Case) -> None:
    make(case)
    found = refused(reply, case, also={other.pk: None})
    assert found == {"also": ["已制作的答复书只答复本件，请照此勾选，或者重新制作、撤下它。"]}


def test_the_page_of_the_letter_asks_whom_it_answers(
    clerk_client: Client, tree: Tree, case: Case, other: Case
) -> None:
    address = reverse("cases:make_letter", args=[case.pk]) + "?kind=reply"
    typed = {"version": case.version, "outcome": "not_exist", "dated_on": "2025-10-24"}
    typed |= {"numbering": "typed", "number": NUMBER, "also": [other.pk]}
    page = clerk_client.post(address, typed | {"preview": "1"}).content.decode()
    assert f"{case.number}、{other.number}" in page and "同一答复书一并答复" in page
    assert clerk_client.post(address, typed | {"make": "1"}).status_code == 302
    assert other.number in text_of(case.letters.get())
    stranger = make_case(tree.housing, name="申请人乙")
    wrong = typed | {"also": [stranger.pk], "make": "1", "version": case.version + 1}
    errors = clerk_client.post(address, wrong).context["form"].errors
    assert errors["also"] == ["勾选的申请件中有的已不能一并答复，请重新勾选。"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("outcome", Outcome.PARTIAL, f"“{Outcome.NOT_EXIST.label}”"),
        ("closed_on", date(2025, 10, 23), "2025-10-24"),
        ("reply_number", "秀建公开〔2025〕38号", NUMBER),
    ],
)
def test_it_binds_each_case_that_it_names(
    case: Case, other: Case, field: str, value: Any, words: str
) -> None:
    reply(case, also={other.pk: None})
    letter = make(case)
    for each in (case, other):
        found = refused(amend, each, **{field: value})
        assert list(found) == [field] and words in found[field][0]
    assert f"已制作的答复书（在 {case} 里）写的是" in found[field][0]
    workflow.withdraw_document(letter.document, reason="写错", **said(case))
    assert getattr(amend(other, **{field: value}), field) == value


def test_the_reply_of_each_says_what_it_says(case: Case, other: Case) -> None:
    make(case, also=[other.pk])
    found = refused(reply, other, also={case.pk: None}, outcome=Outcome.PARTIAL)
    assert "写的是" in found["outcome"][0]
    reply(other, also={case.pk: None})
    other.refresh_from_db()
    assert other.reply_number == NUMBER


def test_it_says_what_the_reply_of_each_says(case: Case, other: Case) -> None:
    reply(case, also={other.pk: None})
    amend(other, outcome=Outcome.PARTIAL)
    said = f"一并答复的 {other}：与已登记的答复类型“{Outcome.PARTIAL.label}”不同，请核对。"
    assert refused(make, case) == {"outcome": [said]}
    amend(case, outcome=Outcome.PARTIAL)
    assert other.number in text_of(make(case, outcome=Outcome.PARTIAL))


def test_made_anew_it_names_none_that_was_voided(case: Case, other: Case) -> None:
    reply(case, also={other.pk: None})
    make(case)
    workflow.void(other, reason="重复登记", **said(other))
    assert other.number not in text_of(make(case))
    assert amend(case, reply_reasons="补充的理由").reply_reasons == "补充的理由"
    assert amend(case, outcome=Outcome.NOT_EXIST, remarks="核对过").remarks == "核对过"
    assert "写的是" in refused(amend, case, outcome=Outcome.PARTIAL)["outcome"][0]


def test_in_a_case_that_was_voided_it_binds_nobody(case: Case, other: Case) -> None:
    reply(case, also={other.pk: None})
    make(case)
    workflow.void(case, reason="重复登记", **said(case))
    text = text_of(make(other))  # in its own place, under the same number
    assert other.number in text and case.number not in text
    assert "写的是" in refused(amend, other, outcome=Outcome.PARTIAL)["outcome"][0]
    workflow.withdraw_document(other.letters.get().document, reason="写错", **said(other))
    assert amend(other, outcome=Outcome.PARTIAL).outcome == Outcome.PARTIAL


# --- The chain -----------------------------------------------------------------------------------


def sign_off(case: Case, other: Case) -> Case:
    """A draft that answers both, and every step of it signed."""
    make_chain(case.department)
    draft(case)
    signing = said(case) | {"today": DAY}
    case = workflow.submit(case, also=[other.pk], **signing)
    while Case.objects.get(pk=case.pk).waiting_step:
        case = workflow.sign(case, **signing)
    return Case.objects.get(pk=case.pk)


def test_a_draft_names_whom_it_answers_and_the_reviewer_reads_it(
    clerk_client: Client, case: Case, other: Case
) -> None:
    make_chain(case.department)
    draft(case)
    address = reverse("cases:submit", args=[case.pk])
    form = clerk_client.get(address).context["form"]
    assert [pk for pk, _ in form.fields["also"].choices] == [other.pk]
    typed = {"version": form["version"].value(), "draft_version": form["draft_version"].value()}
    assert clerk_client.post(address, typed | {"also": [other.pk]}).status_code == 302
    clerk_client.force_login(hand_of(case.department))
    page = clerk_client.get(reverse("cases:review", args=[case.pk])).content.decode()
    assert "一并答复" in page and f"{other.number} 乙批复。" in page
    page = clerk_client.get(reverse("cases:approval", args=[case.pk])).content.decode()
    assert f"{other.number} 乙批复。" in page


def test_the_signed_reply_closes_them_all(clerk_client: Client, case: Case, other: Case) -> None:
    case = sign_off(case, other)
    address = reverse("cases:reply", args=[case.pk])
    assert f"{other.number} 乙批复。" in clerk_client.get(address).content.decode()
    typed = {"version": case.version, "closed_on": "2025-10-24", "reply_number": NUMBER}
    typed["service_method"] = "post"
    assert clerk_client.post(address, typed).status_code == 302
    for each in (case, other):
        each.refresh_from_db()
        assert (each.outcome, each.closed_on) == (Outcome.NOT_EXIST, DAY)
        assert (each.reply_number, each.reply_reasons) == (NUMBER, REASONS)


def test_the_letter_of_a_signed_draft_names_them_all(case: Case, other: Case) -> None:
    case = sign_off(case, other)
    assert f"{case.number}、{other.number}" in text_of(make(case))
    assert reply(case).reply_number == NUMBER


def test_the_letter_of_a_signed_draft_names_none_that_was_withdrawn(
    case: Case, other: Case
) -> None:
    case = sign_off(case, other)
    workflow.withdraw(other, on=TODAY, how="email", **said(other))
    assert other.number not in text_of(make(case))


def test_only_what_was_signed_is_answered(tree: Tree, case: Case, other: Case) -> None:
    case = sign_off(case, other)
    third = make_case(tree.housing, name=NAME, received_on=date(2025, 10, 13))
    found = refused(reply, case, also={third.pk: None})
    assert "须先审核签发" in found["also"][0]
    other.refresh_from_db()
    assert other.stage == Stage.OPEN
    with pytest.raises(workflow.NotAllowed, match=f"{case.number} 一并答复本件，第 1 次送审已签发"):
        reply(other)  # not by itself


def test_one_that_was_answered_meanwhile_stops_the_signed_reply(
    clerk_client: Client, case: Case, other: Case
) -> None:
    case = sign_off(case, other)
    workflow.withdraw(other, on=TODAY, how="email", **said(other))
    typed = {"version": case.version, "closed_on": "2025-10-24", "reply_number": NUMBER}
    typed["service_method"] = "post"
    page = clerk_client.post(reverse("cases:reply", args=[case.pk]), typed)
    assert other.number in page.context["form"].errors["__all__"][0]
    case.refresh_from_db()
    assert case.stage == Stage.OPEN


def test_a_stranger_s_case_is_not_named_in_a_draft(tree: Tree, case: Case, other: Case) -> None:
    make_chain(case.department)
    draft(case)
    stranger = make_case(tree.housing, name="申请人乙")
    sentence = "勾选的申请件中有的已不能一并答复，请重新勾选。"
    found = refused(workflow.submit, case, also=[stranger.pk], **said(case))
    assert found == {"also": [sentence]}
    assert not case.rounds.filter(state=RoundState.PENDING).exists()


def test_submitted_again_it_answers_the_same(clerk_client: Client, case: Case, other: Case) -> None:
    case = sign_off(case, other)
    workflow.recall(case, **said(case))
    form = clerk_client.get(reverse("cases:submit", args=[case.pk])).context["form"]
    assert form["also"].value() == [other.pk]
