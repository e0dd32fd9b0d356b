"""The cases that a letter answers too are held, from its submission on, as the first one is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Outcome, Role, RoundState, Stage
from cases.models import Case
from cases.workflow import NotAllowed
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_user
from tests.signoff import draft, make_chain, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

NAME = "申请人甲"
HELD = r"一并答复本件，第 1 次送审.*，请先撤回送审。"


@pytest.fixture
def case(tree: Tree) -> Case:
    make_chain(tree.housing)
    return make_case(tree.housing, name=NAME, received_on=date(2025, 10, 9), content="甲方案")


@pytest.fixture
def other(tree: Tree, case: Case) -> Case:
    return make_case(tree.housing, name=NAME, received_on=date(2025, 10, 10), content="乙批复")


def said(case: Case) -> dict[str, Any]:
    return {"by": hand_of(case.department), "today": TODAY}


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def submit(case: Case, other: Case) -> Case:
    draft(case)
    return workflow.submit(case, also=[other.pk], **said(case))


def sign(case: Case) -> Case:
    while again(case).waiting_step:
        workflow.sign(case, **said(case))
    return again(case)


def reply(case: Case, **fields: Any) -> Case:
    usual: dict[str, Any] = {"closed_on": TODAY, "service_method": "post"}
    return workflow.reply_together(again(case), **said(case) | usual | fields)


@pytest.fixture(params=[False, True], ids=["submitted", "signed"])
def named(request: pytest.FixtureRequest, case: Case, other: Case) -> Case:
    """Named by a draft that is under review, or signed."""
    submit(case, other)
    if request.param:
        sign(case)
    return again(other)


ACTS: dict[str, Callable[[Case], object]] = {
    "split": lambda case: workflow.split(case, items=["甲", "乙"], **said(case)),
    "ask_correction": lambda case: workflow.ask_correction(
        case, on=TODAY, days=15, what="文号", **said(case)
    ),
    "consult": lambda case: workflow.consult(
        case, on=TODAY, addressee="third_party", whom="第三方甲", **said(case)
    ),
    "ask_fee": lambda case: workflow.ask_fee(
        case, on=TODAY, scheme="pages", pages=68, **said(case)
    ),
    "submit": lambda case: submitted(case),
}


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_asked_anew_split_or_signed_apart(case: Case, named: Case, act: str) -> None:
    with pytest.raises(NotAllowed, match=f"{case.number} {HELD}"):
        ACTS[act](named)
    workflow.recall(case, **said(case))
    ACTS[act](again(named))


def test_only_who_drafts_extends_it(tree: Tree, named: Case) -> None:
    told: dict[str, Any] = {"today": TODAY, "on": TODAY, "days": 5, "reason": "案情复杂"}
    with pytest.raises(NotAllowed, match=r"请先撤回送审。由送审人.*撤回。"):
        workflow.extend(named, by=make_user(Role.SUPERVISOR, tree.housing), **told)
    assert workflow.extend(named, by=hand_of(tree.housing), **told).pk


@pytest.mark.parametrize(
    ("values", "applicant"), [({"content": "别的"}, {}), ({}, {"name": "申请人乙"})]
)
def test_neither_what_was_asked_nor_who_asked_is_changed(
    case: Case, named: Case, values: dict[str, str], applicant: dict[str, str]
) -> None:
    def amend() -> Case:
        changes: dict[str, Any] = {"reason": "录错", "values": values, "applicant": applicant}
        return workflow.amend(again(named), **changes, **said(named))

    with pytest.raises(ValidationError, match=HELD):
        amend()
    workflow.recall(case, **said(case))
    assert amend().pk


def test_the_page_offers_none_of_it(clerk_client: Client, named: Case) -> None:
    shown = clerk_client.get(reverse("cases:detail", args=[named.pk])).content.decode()
    for verb in ("consult", "split", "submit", "reply"):
        assert f'href="{reverse(f"cases:{verb}", args=[named.pk])}"' not in shown
    page = clerk_client.get(reverse("cases:consult", args=[named.pk]), follow=True)
    assert "一并答复本件，第 1 次送审" in page.content.decode()


def test_it_is_not_answered_apart_though_the_chain_is_gone(
    tree: Tree, case: Case, named: Case
) -> None:
    workflow.set_chain(tree.housing, by=make_user(Role.SUPERVISOR, tree.housing), steps=())
    with pytest.raises(NotAllowed, match=HELD):
        reply(named, outcome="granted")
    sign(case)
    reply(case)
    assert again(named).outcome == Outcome.NOT_EXIST


# Before it is named ------------------------------------------------------------------------------


def refused(case: Case, other: Case) -> str:
    with pytest.raises(ValidationError) as error:
        submit(case, other)
    assert not case.rounds.exists()
    [sentence] = error.value.message_dict["also"]
    return sentence


def test_one_with_a_draft_of_its_own_under_way_is_not_named(case: Case, other: Case) -> None:
    submitted(other)
    assert refused(case, other) == f"{other.number}：第 1 次送审审核中，请先撤回送审。"


def test_nor_one_that_another_draft_names(tree: Tree, case: Case, other: Case) -> None:
    third = make_case(tree.housing, name=NAME, received_on=date(2025, 10, 13))
    submit(third, other)
    assert f"{other.number}：{third.number} 一并答复本件" in refused(case, other)


def test_nor_one_that_waits_for_something(case: Case, other: Case) -> None:
    ACTS["consult"](other)
    assert f"{other.number}：正在征求意见（至 2025-11-17），还不能答复" in refused(case, other)


def test_nor_one_that_lacks_what_the_outcome_rests_on(tree: Tree, case: Case) -> None:
    facts = Facts(correction=(date(2025, 9, 18), date(2025, 9, 22)))
    first = make_case(tree.housing, name=NAME, facts=facts)
    draft(first, outcome=Outcome.STILL_UNCLEAR)
    with pytest.raises(ValidationError, match=f"{case.number}：没有收到补正"):
        workflow.submit(first, also=[case.pk], **said(first))


# Changed all the same ----------------------------------------------------------------------------

CHANGES: dict[str, Callable[[Case], object]] = {
    "content": lambda other: Case.objects.filter(pk=other.pk).update(content="换了内容"),
    "withdrawn": lambda other: workflow.withdraw(other, on=TODAY, how="letter", **said(other)),
    "voided": lambda other: workflow.void(other, reason="重复登记", **said(other)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_neither_signed_nor_answered(
    clerk_client: Client, case: Case, named: Case, change: str
) -> None:
    CHANGES[change](named)
    sentence = f"一并答复的 {named.number} 送审后有变动或已办结，请撤回送审"
    if again(case).waiting_step:
        with pytest.raises(NotAllowed, match=sentence):
            workflow.sign(case, **said(case))
        with pytest.raises(NotAllowed, match=sentence):
            workflow.record_signature(case, signed_name="丁", signed_on=TODAY, **said(case))
        workflow.send_back(case, comment="一并答复的已变", **said(case))
        assert case.rounds.get().state == RoundState.SENT_BACK
        return
    with pytest.raises(ValidationError, match=sentence):
        reply(case)
    typed = {"version": case.version, "closed_on": str(TODAY), "service_method": "post"}
    page = clerk_client.post(reverse("cases:reply", args=[case.pk]), typed)
    assert sentence in page.content.decode()
    assert again(case).stage == Stage.OPEN


def test_it_becomes_another_applicant_s(case: Case, other: Case) -> None:
    submit(case, other)
    sign(case)
    other.applicant.name = "申请人乙"
    other.applicant.save()
    with pytest.raises(ValidationError, match="送审后有变动"):
        reply(case)


def test_a_letter_answers_no_more_than_was_signed(tree: Tree, case: Case, other: Case) -> None:
    """Though the other has a draft of its own, signed with the same words: for itself alone."""
    for each in (case, other):
        submitted(each)
        sign(each)
    with pytest.raises(ValidationError, match=f"{other.number} 不在签发的送审稿里"):
        reply(case, also={other.pk: None})
    reply(case)
    reply(other)
