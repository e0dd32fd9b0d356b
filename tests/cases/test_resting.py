"""What is put right or revoked takes its ground neither from an end nor from a signature.

Received on 2025-09-15, due on 10-17; today is 2025-10-27.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome, ProceedingResult, Role, Stage
from cases.models import Case, Event, User
from cases.workflow.standing import standing
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_proceeding, make_user
from tests.signoff import make_chain, signed, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ASKED, CLOSED = date(2025, 9, 22), date(2025, 10, 20)
CAME_IN = date(2025, 10, 13)


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def said(case: Case, by: User | None = None) -> dict[str, Any]:
    return {"by": by or hand_of(case.department), "today": TODAY}


def the(case: Case, kind: EventKind) -> Event:
    return next(e for e in reversed(standing(case.events.all())) if e.kind == kind)


def revoke(case: Case, kind: EventKind, by: User | None = None) -> Case:
    return workflow.revoke(case, event=the(case, kind).pk, reason="误登", **said(case, by))


def put_right(case: Case, kind: EventKind, on: date, by: User | None = None, **fields: Any) -> Case:
    fields |= said(case, by)
    return workflow.put_right(case, event=the(case, kind).pk, on=on, reason="看错", **fields)


def answered(case: Case, outcome: Outcome, on: date = CLOSED) -> Case:
    fields: dict[str, Any] = {"outcome": outcome, "closed_on": on, "service_method": "post"}
    return workflow.reply(case, **fields, **said(case))


def reasons(case: Case, *, given: bool = True) -> Case:
    """Asked for within five working days, till 09-29; given and found unreasonable on 09-28."""
    workflow.ask_reasons(case, on=ASKED, why="一月三十件", days=5, **said(case))
    if given:
        on, found = date(2025, 9, 28), {"reasons": "没有说明", "reasonable": False}
        workflow.receive_reasons(case, on=on, **found, **said(case))  # type: ignore[arg-type]
    return case


def refused(error: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    return list(error.value.message_dict)


# The end ------------------------------------------------------------------------------------------

GROUNDS = [
    (Facts(correction=(ASKED, None)), "no_correction", "correction_asked", "要求补正"),
    (Facts(fee=(date(2025, 9, 18), None)), "fee_unpaid", "fee_asked", "通知缴费"),
    (
        Facts(correction=(ASKED, date(2025, 9, 28))),
        "still_unclear",
        "correction_received",
        "收到补正",
    ),
    (
        Facts(consultation=(date(2025, 9, 19), None)),
        "third_party",
        "consultation_sent",
        "书面征求第三方意见",
    ),
]


@pytest.mark.parametrize(("facts", "outcome", "kind", "words"), GROUNDS)
def test_what_an_end_rests_on_is_revoked_after_it_is_put_right(
    tree: Tree, facts: Facts, outcome: str, kind: str, words: str
) -> None:
    on = TODAY if outcome == "fee_unpaid" else CLOSED
    case = answered(make_case(tree.housing, facts=facts), Outcome(outcome), on)
    with pytest.raises(ValidationError, match=f"撤销以后，没有{words}.*的记录。请先更正") as error:
        revoke(case, EventKind(kind))
    assert refused(error) == ["event"]
    assert f"本件 {on} 以“{Outcome(outcome).label}”办结" in str(error.value)
    workflow.amend(again(case), reason="选错", values={"outcome": "withdrawn"}, **said(case))
    assert revoke(case, EventKind(kind)).pk


def test_with_another_of_its_kind_one_is_revoked(tree: Tree) -> None:
    facts = Facts(consultation=(date(2025, 9, 19), None))
    case = make_case(tree.housing, facts=facts)
    workflow.consult(
        case, on=date(2025, 9, 19), addressee="third_party", whom="第三方乙", **said(case)
    )
    answered(case, Outcome.THIRD_PARTY)
    assert revoke(case, EventKind.CONSULTATION_SENT).pk
    with pytest.raises(ValidationError, match="没有书面征求第三方意见"):
        revoke(case, EventKind.CONSULTATION_SENT)


def test_the_reasons_behind_an_excessive_application(tree: Tree) -> None:
    case = answered(reasons(make_case(tree.housing), given=False), Outcome.EXCESSIVE)
    with pytest.raises(ValidationError, match=r"没有要求说明理由.*请先更正答复类型"):
        revoke(case, EventKind.REASONS_ASKED)
    put_right(case, EventKind.REASONS_ASKED, date(2025, 9, 23))


def test_a_term_that_was_let_pass_is_not_made_longer(client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(ASKED, None)))
    workflow.give_up_correction(case, on=CLOSED, **said(case))
    with pytest.raises(ValidationError, match="补正期限到 2025-10-20，期满之后才能") as error:
        put_right(case, EventKind.CORRECTION_ASKED, ASKED, days=16)
    assert refused(error) == ["on"]
    client.force_login(make_user(Role.REVIEWER, tree.housing))
    typed = {"event": the(case, EventKind.CORRECTION_ASKED).pk, "on": "2025-09-25"}
    typed |= {"version": again(case).version, "reason": "看错"}
    page = client.post(reverse("cases:put_right", args=[case.pk]), typed)
    [sentence] = page.context["form"].errors["on"]
    assert sentence.startswith("本件 2025-10-20 以“逾期不补正，不再处理”办结，更正以后，")
    put_right(case, EventKind.CORRECTION_ASKED, ASKED, days=14)


def test_a_fee_was_let_pass_by_the_day_of_its_notice(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(fee=(date(2025, 9, 16), None)))
    workflow.deliver_fee_notice(case, on=date(2025, 9, 17), **said(case))
    workflow.give_up_fee(case, on=date(2025, 10, 24), **said(case))
    with pytest.raises(ValidationError, match="缴费期限到 2025-10-24，期满之后才能"):
        put_right(case, EventKind.FEE_NOTICE_DELIVERED, date(2025, 9, 22))
    assert put_right(case, EventKind.FEE_NOTICE_DELIVERED, date(2025, 9, 19)).pk


def test_nothing_happens_after_the_end(tree: Tree) -> None:
    facts = Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    case = answered(make_case(tree.housing, facts=facts), Outcome.GRANTED, date(2025, 10, 11))
    sentence = (
        "更正以后，不能早于“收到意见”的日期 2025-10-13。请先更正答复类型和答复日期，或者去掉它们。"
    )
    with pytest.raises(ValidationError, match=sentence):
        put_right(case, EventKind.CONSULTATION_RETURNED, date(2025, 10, 13))
    with pytest.raises(ValidationError, match="撤销以后，正在征求意见（至 2025-10-16）"):
        revoke(case, EventKind.CONSULTATION_RETURNED)
    assert put_right(case, EventKind.CONSULTATION_RETURNED, date(2025, 10, 11)).pk


def test_what_a_ledger_has_wrong_already_is_left(tree: Tree) -> None:
    facts = Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    case = make_case(tree.housing, facts=facts)
    Case.objects.filter(pk=case.pk).update(outcome="granted", closed_on=date(2025, 10, 9))
    assert put_right(case, EventKind.CONSULTATION_RETURNED, date(2025, 10, 11)).pk


# A signature --------------------------------------------------------------------------------------


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


SIGNED_ONLY = r"第 1 次送审{}，以这一条记录为依据，只能由有权领导签发的人更正（审核人或主管）。"


@pytest.mark.parametrize(("make", "state"), [(submitted, "审核中"), (signed, "已签发")])
@pytest.mark.parametrize("kind", [EventKind.REASONS_ASKED, EventKind.REASONS_RECEIVED])
def test_what_a_draft_rests_on_is_revoked_by_who_signs_last(
    tree: Tree, clerk: User, make: Any, state: str, kind: EventKind
) -> None:
    make_chain(tree.housing)
    case = make(reasons(make_case(tree.housing)), outcome=Outcome.EXCESSIVE)
    with pytest.raises(ValidationError, match=SIGNED_ONLY.format(state)) as error:
        revoke(case, kind, by=clerk)
    assert refused(error) == ["event"]
    with pytest.raises(ValidationError, match=SIGNED_ONLY.format(state)):
        put_right(case, kind, the(case, kind).on.replace(day=26), by=clerk)
    revoke(case, EventKind.REASONS_RECEIVED)
    revoke(case, EventKind.REASONS_ASKED)
    if state == "已签发":
        with pytest.raises(ValidationError, match="没有要求说明理由"):
            workflow.reply(case, closed_on=TODAY, service_method="post", **said(case, clerk))


def test_what_it_does_not_rest_on_is_put_right_by_any_hand(tree: Tree, clerk: User) -> None:
    make_chain(tree.housing)
    case = signed(reasons(make_case(tree.housing)), outcome=Outcome.GRANTED)
    revoke(case, EventKind.REASONS_RECEIVED, by=clerk)


def test_answered_by_it_still(tree: Tree, clerk: User) -> None:
    make_chain(tree.housing)
    case = make_case(tree.housing, facts=Facts(correction=(ASKED, None)))
    signed(case, outcome=Outcome.NO_CORRECTION)
    workflow.reply(case, closed_on=TODAY, **said(case))
    with pytest.raises(ValidationError, match="第 1 次送审已签发，以这一条记录为依据"):
        put_right(case, EventKind.CORRECTION_ASKED, date(2025, 9, 19), by=clerk)
    assert put_right(case, EventKind.CORRECTION_ASKED, date(2025, 9, 19)).pk


def test_of_a_case_that_the_letter_names_too(tree: Tree, clerk: User) -> None:
    make_chain(tree.housing)
    facts, name = Facts(consultation=(date(2025, 9, 19), None)), "申请人甲"
    first, other = (make_case(tree.housing, facts=facts, name=name) for _ in range(2))
    workflow.save_draft(first, outcome=Outcome.THIRD_PARTY, **said(first))
    workflow.submit(first, also=[other.pk], **said(first))
    with pytest.raises(ValidationError, match="以这一条记录为依据"):
        revoke(other, EventKind.CONSULTATION_SENT, by=clerk)


# Answered again -----------------------------------------------------------------------------------


def reopened(tree: Tree) -> Case:
    """Answered in 2024; ordered on 10-13 to be answered again by 10-31."""
    first = date(2024, 12, 20)
    case = make_case(
        tree.housing,
        received_on=date(2024, 12, 2),
        today=date(2024, 12, 2),
        closed_on=first,
        service_method="post",
        served_on=first,
    )
    review = make_proceeding(
        tree.housing,
        case=case,
        ruling="revoked",
        result=ProceedingResult.CORRECTED,
        concluded_on=date(2025, 10, 9),
    )
    until = date(2025, 10, 31)
    workflow.reopen(again(case), proceeding=review, on=CAME_IN, until=until, **said(case))
    return again(case)


def consulted(case: Case) -> Case:
    """Anew: sent on 10-14, received on 10-16, answered on 10-20."""
    whom: dict[str, Any] = {"addressee": "third_party", "whom": "第三方甲"}
    workflow.consult(again(case), on=date(2025, 10, 14), **whom, **said(case))
    workflow.deliver_consultation(again(case), on=date(2025, 10, 16), key="1", **said(case))
    opinion: dict[str, Any] = {"key": "1", "opinion": "不同意公开"}
    workflow.receive_opinion(again(case), on=date(2025, 10, 20), **opinion, **said(case))
    return again(case)


def answered_again(case: Case, **fields: Any) -> Case:
    usual: dict[str, Any] = {"closed_on": date(2025, 10, 22), "service_method": "post"}
    workflow.reply_again(again(case), **said(case) | usual | fields)
    return again(case)


SENT, DELIVERED, RETURNED = (
    EventKind.CONSULTATION_SENT,
    EventKind.CONSULTATION_DELIVERED,
    EventKind.CONSULTATION_RETURNED,
)


@pytest.mark.parametrize(
    ("kind", "day", "sentence"),
    [
        (SENT, 12, "不能早于收到决定、判决的日期 2025-10-13。"),
        (SENT, 17, "不能晚于“征求意见函送达”的日期 2025-10-16。"),
        (DELIVERED, 13, "不能早于“发出征求意见函”的日期 2025-10-14。"),
        (DELIVERED, 21, "不能晚于“收到意见”的日期 2025-10-20。"),
        (RETURNED, 15, "不能早于“征求意见函送达”的日期 2025-10-16。"),
        (RETURNED, 23, "不能晚于“重新答复”的日期 2025-10-22。"),
    ],
)
def test_what_was_asked_anew_stays_in_its_order(
    tree: Tree, kind: EventKind, day: int, sentence: str
) -> None:
    case = answered_again(consulted(reopened(tree)), outcome=Outcome.GRANTED)
    with pytest.raises(ValidationError, match=sentence) as error:
        put_right(case, kind, date(2025, 10, day))
    assert refused(error) == ["on"]
    bound = date(2025, 10, day + 1 if "早于" in sentence else day - 1)
    assert put_right(case, kind, bound).pk


def test_a_letter_sent_anew_is_revoked_after_what_came_of_it(tree: Tree) -> None:
    case = consulted(reopened(tree))
    with pytest.raises(ValidationError, match=r"其后还有“.*意见函送达.*”，请先撤销那一条"):
        revoke(case, SENT)
    for kind in (DELIVERED, RETURNED, SENT):
        revoke(case, kind)
    answered_again(case, outcome=Outcome.GRANTED, closed_on=CAME_IN)


def test_what_a_new_reply_rests_on_is_revoked_after_it(tree: Tree) -> None:
    case = answered_again(consulted(reopened(tree)), outcome=Outcome.THIRD_PARTY)
    for kind in (DELIVERED, RETURNED):
        revoke(case, kind)
    with pytest.raises(ValidationError, match=r"撤销以后，没有书面征求.*请先撤销重新答复的记录。"):
        revoke(case, SENT)
    revoke(case, EventKind.REPLIED_AGAIN)
    assert revoke(case, SENT).is_reopened


def test_a_new_reply_is_not_put_before_what_it_rests_on(tree: Tree) -> None:
    case = answered_again(consulted(reopened(tree)), outcome=Outcome.GRANTED)
    with pytest.raises(ValidationError, match="不能早于“收到意见”的日期 2025-10-20。") as error:
        put_right(case, EventKind.REPLIED_AGAIN, date(2025, 10, 19))
    assert refused(error) == ["on"]
    assert put_right(case, EventKind.REPLIED_AGAIN, date(2025, 10, 20)).stage == Stage.CLOSED


def test_a_signed_new_reply_is_put_right_by_who_signs_last(
    client: Client, tree: Tree, clerk: User
) -> None:
    case = reopened(tree)
    make_chain(tree.housing)
    signed(case, today=date(2025, 10, 21), outcome=Outcome.GRANTED)
    case = answered_again(case)
    sentence = "答复经审核签发，只能由有权领导签发的人更正（审核人或主管）。"
    client.force_login(clerk)
    event = the(case, EventKind.REPLIED_AGAIN).pk
    typed = {"event": event, "version": case.version, "reason": "误登", "on": "2025-10-23"}
    for verb in ("revoke", "put_right"):
        page = client.post(reverse(f"cases:{verb}", args=[case.pk]), typed)
        assert page.context["form"].errors["event"] == [sentence]
    with pytest.raises(ValidationError, match="不能早于领导签发的日期 2025-10-21。"):
        put_right(case, EventKind.REPLIED_AGAIN, date(2025, 10, 20))
    put_right(case, EventKind.REPLIED_AGAIN, date(2025, 10, 21))
    revoke(case, EventKind.REPLIED_AGAIN)
    case = answered_again(again(case))  # what was signed stays signed
    supervisor = make_user(Role.SUPERVISOR, tree.housing)
    workflow.set_chain(tree.housing, by=supervisor, steps=())
    with pytest.raises(ValidationError, match=sentence):
        revoke(case, EventKind.REPLIED_AGAIN, by=clerk)
