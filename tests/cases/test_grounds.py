"""What the end of a case rests on: steps behind an outcome, nothing waited for, days in order.

Received on 2025-09-15, due on 10-17; a correction asked on 09-22 is waited for until 10-17, a fee
until 10-27, a third party's opinion until 10-17. Today is 2025-10-27.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import UNANSWERED, Addressee, EventKind, Outcome, RoundState, Stage
from cases.models import Case
from cases.workflow import NotAllowed, clockwork
from tests.makers import TODAY, Facts, Tree, hand_of, make_case
from tests.signoff import draft, make_chain, signed, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ASKED = date(2025, 9, 22)
NOT_YET = Facts(correction=(date(2025, 10, 9), None))  # until 10-29
GIVEN_UP = Facts(correction=(ASKED, None))


def reply(case: Case, outcome: str = "granted", on: date = TODAY, **fields: Any) -> Case:
    said = {"service_method": "post"} | fields
    by = hand_of(case.department)
    return workflow.reply(case, by=by, today=TODAY, outcome=outcome, closed_on=on, **said)


def refused(call: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as found:
        call()
    return found.value.message_dict


def hand(case: Case) -> dict[str, Any]:
    return {"by": hand_of(case.department), "today": TODAY}


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


# A reply rests on its steps ----------------------------------------------------------------------

WITHOUT_STEP = [
    (
        "no_correction",
        "没有要求补正（条例第三十条）的记录，不能按“逾期不补正，不再处理”办结，请先要求补正。",
    ),
    (
        "fee_unpaid",
        "没有通知缴费（条例第四十二条）的记录，不能按“逾期未缴费，不再处理”办结，请先通知缴费。",
    ),
    (
        "still_unclear",
        "没有收到补正（条例第三十条）的记录，不能按“补正后申请内容仍不明确”办结，请先登记补正。",
    ),
    (
        "excessive",
        "没有要求说明理由（条例第三十五条）的记录，"
        "不能按“无正当理由大量反复申请”办结，请先要求说明理由。",
    ),
]


@pytest.mark.parametrize(("outcome", "sentence"), WITHOUT_STEP)
def test_without_the_step_behind_it_an_outcome_is_refused(
    tree: Tree, outcome: str, sentence: str
) -> None:
    case = make_case(tree.housing)
    assert refused(lambda: reply(case, outcome)) == {"outcome": [sentence]}
    assert again(case).stage == Stage.OPEN


@pytest.mark.parametrize(("outcome", "sentence"), WITHOUT_STEP)
def test_nor_is_a_draft_of_it_submitted(tree: Tree, outcome: str, sentence: str) -> None:
    make_chain(tree.housing)
    case = make_case(tree.housing)
    draft(case, outcome=outcome)
    assert refused(lambda: workflow.submit(case, **hand(case))) == {"outcome": [sentence]}
    assert not case.rounds.exists()


@pytest.mark.parametrize(("outcome", "sentence"), WITHOUT_STEP)
def test_nor_is_a_record_put_right_to_it(tree: Tree, outcome: str, sentence: str) -> None:
    case = make_case(tree.housing, closed_on=TODAY)
    values = {"outcome": outcome}
    act = workflow.amend
    said = refused(lambda: act(case, reason="选错", values=values, **hand(case)))
    assert said == {"outcome": [sentence]}


def test_one_letter_for_several_rests_on_the_steps_of_each(tree: Tree) -> None:
    first = make_case(tree.housing, facts=GIVEN_UP, name="申请人甲")
    other = make_case(tree.housing, name="申请人甲")
    said = refused(
        lambda: workflow.reply_together(
            first,
            also={other.pk: other.version},
            outcome=Outcome.NO_CORRECTION,
            closed_on=TODAY,
            **hand(first),
        )
    )
    assert "没有要求补正" in said["also"][0]
    assert again(first).stage == again(other).stage == Stage.OPEN


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (GIVEN_UP, "no_correction"),
        (Facts(fee=(date(2025, 9, 19), None)), "fee_unpaid"),
        (Facts(correction=(ASKED, date(2025, 9, 28))), "still_unclear"),
    ],
)
def test_with_its_step_it_is_taken(tree: Tree, facts: Facts, outcome: str) -> None:
    case = make_case(tree.housing, facts=facts)
    assert reply(case, outcome).outcome == outcome


def test_a_term_that_still_runs_nobody_has_let_pass(tree: Tree) -> None:
    case = make_case(tree.housing, facts=GIVEN_UP)
    said = refused(lambda: reply(case, "no_correction", date(2025, 10, 17)))
    assert said["closed_on"][0].startswith("补正期限到 2025-10-17，期满之后才能")
    assert reply(case, "no_correction", date(2025, 10, 18)).closed_on == date(2025, 10, 18)


def test_a_correction_that_came_was_not_let_pass(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(ASKED, date(2025, 9, 28))))
    said = refused(lambda: reply(case, "no_correction"))
    assert said["outcome"] == ["现在没有在等待补正，不能按“逾期不补正，不再处理”办结。"]


def test_a_third_party_that_was_not_asked_is_only_pointed_out(
    clerk_client: Client, tree: Tree
) -> None:
    """An organ may have asked on paper (条例32)."""
    hint = "没有书面征求第三方意见（条例第三十二条）的记录"
    case = make_case(tree.housing)
    url = reverse("cases:reply", args=[case.pk])
    assert hint in clerk_client.get(url).content.decode()
    assert reply(case, "third_party").stage == Stage.UNSERVED
    asked = make_case(tree.housing, facts=Facts(consultation=(ASKED, date(2025, 10, 10))))
    page = clerk_client.get(reverse("cases:reply", args=[asked.pk]))
    assert hint not in page.content.decode()


# Not while something is waited for ---------------------------------------------------------------


AWAITED = [
    (NOT_YET, "正在等待申请人补正（至 2025-10-29），还不能答复：收到的请登记补正"),
    (Facts(fee=(date(2025, 10, 9), None)), "正在等待申请人缴费（至 2025-11-05）"),
    (Facts(consultation=(date(2025, 10, 9), None)), "正在征求意见（至 2025-10-29）"),
    (
        Facts(consultation=(ASKED, None), consulted=Addressee.OTHER_ORGAN),
        "正在征求意见（没有法定期限），还不能答复：收到的请登记意见",
    ),
]


@pytest.mark.parametrize(("facts", "words"), AWAITED)
def test_what_is_waited_for_comes_first(
    clerk_client: Client, tree: Tree, facts: Facts, words: str
) -> None:
    case = make_case(tree.housing, facts=facts)
    with pytest.raises(NotAllowed, match=words):
        reply(case)
    url = reverse("cases:reply", args=[case.pk])
    page = clerk_client.get(url, follow=True)
    assert words in page.content.decode()
    assert f'href="{url}"' not in page.content.decode()


def test_a_signed_reply_waits_too(tree: Tree) -> None:
    """Where the opinion that had come turns out to have been recorded by mistake."""
    make_chain(tree.housing)
    facts = Facts(consultation=(date(2025, 10, 9), date(2025, 10, 20)))
    case = signed(make_case(tree.housing, facts=facts))
    opinion = case.events.get(kind=EventKind.CONSULTATION_RETURNED)
    workflow.revoke(case, event=opinion.pk, reason="误登", **hand(case))
    with pytest.raises(NotAllowed, match="正在征求意见"):
        reply(case, "")


@pytest.mark.parametrize(("facts", "words"), AWAITED)
def test_nor_is_a_draft_submitted_before(
    clerk_client: Client, tree: Tree, facts: Facts, words: str
) -> None:
    make_chain(tree.housing)
    case = draft(make_case(tree.housing, facts=facts), reply_reasons="先写着")
    with pytest.raises(NotAllowed, match=words):
        workflow.submit(case, **hand(case))
    url = reverse("cases:submit", args=[case.pk])
    page = clerk_client.get(url, follow=True).content.decode()
    assert words in page and f'href="{url}"' not in page
    assert not case.rounds.exists()


def test_nor_one_of_another_outcome_than_the_one_that_is_left(tree: Tree) -> None:
    make_chain(tree.housing)
    case = draft(make_case(tree.housing, facts=GIVEN_UP))
    said = refused(lambda: workflow.submit(case, **hand(case)))
    assert said["outcome"][0].startswith("正在等待申请人补正（至 2025-10-17）")
    draft(case, outcome=Outcome.NO_CORRECTION)
    assert workflow.submit(case, **hand(case)).waiting_step


def test_nor_one_dated_while_an_opinion_was_still_waited_for(tree: Tree) -> None:
    make_chain(tree.housing)
    case = make_case(tree.housing, facts=Facts(consultation=(ASKED, None)))
    draft(case, closed_on=date(2025, 10, 17))
    said = refused(lambda: workflow.submit(case, **hand(case)))
    assert said["closed_on"][0].startswith("正在征求意见（至 2025-10-17）")
    draft(case, closed_on=date(2025, 10, 18))
    assert workflow.submit(case, **hand(case)).waiting_step


def test_an_opinion_whose_term_has_passed_is_not_waited_for(tree: Tree) -> None:
    """Sent on 09-22: until 10-17, and the day after a reply may be given (domain of 32)."""
    case = make_case(tree.housing, facts=Facts(consultation=(ASKED, None)))
    said = refused(lambda: reply(case, on=date(2025, 10, 17)))
    assert said["closed_on"][0].startswith("正在征求意见（至 2025-10-17）")
    assert reply(case, on=date(2025, 10, 18)).closed_on == date(2025, 10, 18)


def test_a_correction_let_pass_leaves_one_outcome(tree: Tree) -> None:
    case = make_case(tree.housing, facts=GIVEN_UP)
    said = refused(lambda: reply(case))
    assert said["outcome"][0].startswith("正在等待申请人补正（至 2025-10-17）")


def test_a_record_put_right_is_no_way_round(tree: Tree) -> None:
    case = make_case(tree.housing, facts=NOT_YET)
    values = {"outcome": "granted", "closed_on": TODAY, "service_method": "post"}
    said = refused(lambda: workflow.amend(case, reason="补登", values=values, **hand(case)))
    assert said["closed_on"][0].startswith("正在等待申请人补正")


@pytest.mark.parametrize("outcome", ["granted", "withdrawn"])
@pytest.mark.parametrize("replied", [date(2025, 10, 17), date(2025, 10, 20)])
@pytest.mark.parametrize(
    "facts",
    [
        GIVEN_UP,
        Facts(fee=(ASKED, None)),
        Facts(consultation=(ASKED, None), consulted=Addressee.OTHER_ORGAN),
    ],
)
def test_closed_while_waiting_the_clock_and_the_lists_agree(
    tree: Tree, facts: Facts, replied: date, outcome: str
) -> None:
    """As a ledger brings it in. The term before the correction or fee ended on 10-17."""
    case = make_case(tree.housing, facts=facts)
    Case.objects.filter(pk=case.pk).update(outcome=outcome, closed_on=replied)
    case = again(case)
    clockwork.rebuild([case])
    is_late = outcome == "granted" and not facts.consultation and replied > date(2025, 10, 17)
    assert workflow.clock_of(case, on=TODAY).in_time is not is_late
    assert Case.objects.answered_late(TODAY).filter(pk=case.pk).exists() == is_late


# Days in order -----------------------------------------------------------------------------------

IN_COURSE = [
    (Facts(correction=(ASKED, date(2025, 9, 28))), "收到补正", date(2025, 9, 28)),
    (Facts(consultation=(ASKED, date(2025, 10, 10))), "收到意见", date(2025, 10, 10)),
    (Facts(extended_on=date(2025, 10, 16)), "延期", date(2025, 10, 16)),
    (Facts(fee=(ASKED, date(2025, 10, 9))), "缴费", date(2025, 10, 9)),
]


@pytest.mark.parametrize(("facts", "what", "last"), IN_COURSE)
def test_a_case_does_not_end_before_what_happened_on_it(
    tree: Tree, facts: Facts, what: str, last: date
) -> None:
    case = make_case(tree.housing, facts=facts)
    before, sentence = last.replace(day=last.day - 1), f"不能早于“{what}”的日期 {last}。"
    assert refused(lambda: reply(case, on=before)) == {"closed_on": [sentence]}
    said = refused(lambda: workflow.withdraw(case, on=before, how="letter", **hand(case)))
    assert said == {"on": [sentence]}
    assert reply(case, on=last).closed_on == last
    values = {"closed_on": before}
    said = refused(lambda: workflow.amend(case, reason="录错", values=values, **hand(case)))
    assert said == {"closed_on": [sentence]}


def test_an_opinion_that_came_too_late_holds_nothing_up(tree: Tree) -> None:
    """Its term ended on 10-17; the reply of 10-20 was there before it."""
    case = make_case(tree.housing, facts=Facts(consultation=(ASKED, date(2025, 10, 22))))
    assert reply(case, on=date(2025, 10, 20)).closed_on == date(2025, 10, 20)


def test_a_signed_reply_is_not_older_than_its_last_signature(tree: Tree) -> None:
    make_chain(tree.housing)
    case = submitted(make_case(tree.housing))
    for day in (date(2025, 10, 22), date(2025, 10, 24)):
        workflow.record_signature(case, signed_name="局长丁", signed_on=day, **hand(case))
    said = refused(lambda: reply(case, "", date(2025, 10, 23)))
    assert said == {"closed_on": ["不能早于领导签发的日期 2025-10-24。"]}
    assert reply(case, "", date(2025, 10, 24)).closed_on == date(2025, 10, 24)


# Served or not -----------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - UNANSWERED))
def test_an_answer_has_to_be_served(tree: Tree, outcome: Outcome) -> None:
    facts = Facts(correction=(ASKED, date(2025, 9, 28)))
    case = workflow.ask_reasons(
        make_case(tree.housing, facts=facts),
        on=date(2025, 9, 29),
        why="一月二十件",
        by=hand_of(tree.housing),
        today=TODAY,
    )
    said = refused(lambda: reply(case, outcome, service_method=""))
    assert said["service_method"][0].startswith("答复要送达申请人，请选择送达方式")
    assert reply(case, outcome).stage == Stage.UNSERVED


def test_to_put_the_way_of_service_right_serves_nothing(tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=TODAY, service_method="post")
    values = {"service_method": ""}
    said = refused(lambda: workflow.amend(case, reason="录错", values=values, **hand(case)))
    assert said["service_method"][0].startswith("答复要送达申请人")
    assert again(case).stage == Stage.UNSERVED


def test_what_a_ledger_brought_in_without_one_may_be_put_right(tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=TODAY)
    values = {"outcome": Outcome.PARTIAL}
    assert workflow.amend(case, reason="选错", values=values, **hand(case)).stage == Stage.CLOSED


def test_served_again_only_after_it_came_back(tree: Tree) -> None:
    posted = date(2025, 10, 16)
    case = make_case(tree.housing, closed_on=posted, service_method="post", served_on=posted)
    workflow.return_mail(case, on=date(2025, 10, 22), reason="逾期未领", **hand(case))

    def serve(on: date) -> Case:
        return workflow.serve(case, service_method="in_person", served_on=on, **hand(case))

    sentence = ["不能早于退件日期 2025-10-22。"]
    assert refused(lambda: serve(date(2025, 10, 21))) == {"served_on": sentence}
    values = {"served_on": posted}
    said = refused(lambda: workflow.amend(case, reason="录错", values=values, **hand(case)))
    assert said == {"served_on": sentence}
    assert serve(date(2025, 10, 22)).stage == Stage.CLOSED


# While a draft is being signed, or has been ------------------------------------------------------


@pytest.fixture(params=[submitted, signed], ids=["submitted", "signed"])
def under_review(request: pytest.FixtureRequest, tree: Tree) -> Case:
    make_chain(tree.housing)
    case: Case = request.param(make_case(tree.housing, received_on=date(2025, 10, 9)))
    return again(case)


ABOUT_THE_CASE: dict[str, Callable[[Case], object]] = {
    "split": lambda case: workflow.split(case, items=["甲", "乙"], **hand(case)),
    "ask_correction": lambda case: workflow.ask_correction(
        case, on=TODAY, days=15, what="文号", **hand(case)
    ),
    "consult": lambda case: workflow.consult(
        case, on=TODAY, addressee="third_party", whom="第三方甲", **hand(case)
    ),
    "ask_fee": lambda case: workflow.ask_fee(
        case, on=TODAY, scheme="pages", pages=68, **hand(case)
    ),
}


@pytest.mark.parametrize("act", ABOUT_THE_CASE)
def test_what_is_signed_is_not_pulled_away(under_review: Case, act: str) -> None:
    with pytest.raises(NotAllowed, match=r"第 1 次送审.*，请先撤回送审。"):
        ABOUT_THE_CASE[act](under_review)
    workflow.recall(under_review, **hand(under_review))
    ABOUT_THE_CASE[act](under_review)
    assert again(under_review).events.count() > 3


def test_it_is_extended_by_who_drafts_and_by_nobody_else(under_review: Case, tree: Tree) -> None:
    told = {"today": TODAY, "on": TODAY, "days": 5, "reason": "案情复杂"}
    other = hand_of(tree.government)
    with pytest.raises(NotAllowed, match=r"请先撤回送审。由送审人.*撤回。"):
        workflow.extend(under_review, by=other, **told)  # type: ignore[arg-type]
    by = hand_of(tree.housing)
    assert workflow.extend(under_review, by=by, **told).pk  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "applicant"), [({"content": "别的"}, {}), ({}, {"name": "申请人乙"})]
)
def test_neither_what_was_asked_nor_who_asked_is_changed(
    under_review: Case, values: dict[str, str], applicant: dict[str, str]
) -> None:
    def amend() -> Case:
        said = {"reason": "录错", "values": values, "applicant": applicant}
        return workflow.amend(under_review, **said, **hand(under_review))  # type: ignore[arg-type]

    with pytest.raises(ValidationError, match="请先撤回送审"):
        amend()
    workflow.recall(under_review, **hand(under_review))
    assert amend().pk


def test_the_rest_may_be_put_right(under_review: Case) -> None:
    values = {"remarks": "备注"}
    amended = workflow.amend(under_review, reason="补", values=values, **hand(under_review))
    assert amended.remarks == "备注"


def test_once_it_is_answered_all_may_be_put_right_again(under_review: Case) -> None:
    while again(under_review).waiting_step:
        workflow.sign(under_review, **hand(under_review))
    reply(under_review, "")
    values = {"content": "别的"}
    amended = workflow.amend(under_review, reason="录错", values=values, **hand(under_review))
    assert amended.content == "别的"
    earlier = {"closed_on": date(2025, 10, 24)}
    act = workflow.amend
    said = refused(lambda: act(amended, reason="录错", values=earlier, **hand(amended)))
    assert said == {"closed_on": [f"不能早于领导签发的日期 {TODAY}。"]}


def test_a_withdrawal_ends_the_round_under_way(clerk_client: Client, tree: Tree) -> None:
    make_chain(tree.housing)
    case = submitted(make_case(tree.housing, received_on=date(2025, 10, 9)))
    workflow.withdraw(case, on=TODAY, how="letter", **hand(case))
    round_ = case.rounds.get()
    assert (round_.state, round_.ended_on) == (RoundState.RECALLED, TODAY)
    case = again(case)
    assert (case.live_round, case.waiting_step) == (None, None)
    event = case.events.get(kind=EventKind.REPLIED)
    assert event.text == "申请人撤回申请（书面）；第 1 次送审随之终止"
    for name in ("detail", "approval"):
        page = clerk_client.get(reverse(f"cases:{name}", args=[case.pk]))
        assert "已终止（申请人撤回）" in page.content.decode()
        assert "待审核" not in page.content.decode()


# Withdrawn before it was received -----------------------------------------------------------------


def test_withdrawn_before_it_is_confirmed_it_is_voided(client: Client, tree: Tree) -> None:
    """Without a day of receipt it counts nowhere: 作废, with its reason."""
    case = make_case(tree.housing, received_on=None)
    client.force_login(hand_of(tree.housing))  # a reviewer, too
    page = client.get(reverse("cases:confirm", args=[case.pk]))
    void = f"{reverse('cases:void', args=[case.pk])}?reason=申请人在确认前撤回"
    assert f'href="{void}"' in page.content.decode()
    form = client.get(void).context["form"]
    assert form["reason"].value() == "申请人在确认前撤回"
    said = {"version": case.version, "reason": form["reason"].value()}
    client.post(void, said)
    case = again(case)
    assert (case.stage, case.outcome, case.closed_on) == (Stage.VOID, "", None)
    assert case not in Case.objects.counted()
