"""Worked again: what may be done on a case while a decision orders a new reply."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from docx import Document as open_docx

from cases import workflow
from cases.choices import (
    UNANSWERED,
    Addressee,
    Assignment,
    EventKind,
    LetterKind,
    Outcome,
    ProceedingResult,
    Role,
    RoundState,
    ServiceMethod,
    Stage,
)
from cases.documents.content import content_of
from cases.models import Case, Letter, ReplyDraft, User
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.workflow import NotAllowed, clock_of, consultations_of, situation_of
from cases.workflow.base import allowed_acts
from cases.workflow.service import new_replies
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import get_format
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding, make_user
from tests.signoff import REASONS, draft, make_chain, signed, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

RECEIVED, FIRST = date(2024, 12, 2), date(2024, 12, 20)
CAME_IN, UNTIL = date(2025, 10, 13), date(2025, 10, 31)
WORK_ANEW = {
    Act.DRAFT,
    Act.CONSULT,
    Act.ASSIGN,
    Act.ASK_SECTION,
    Act.NOTE_CALL,
    Act.RECORD_SEARCH,
    Act.KEEP_DOCUMENT,
    Act.MAKE_LETTER,
    Act.REPLY_AGAIN,
}
# Of the first reply alone, and of its term.
NOT_ANEW = {
    Act.REPLY,
    Act.ASK_CORRECTION,
    Act.EXTEND,
    Act.ASK_REASONS,
    Act.DELAY,
    Act.ASK_FEE,
    Act.SPLIT,
    Act.WITHDRAW,
}


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


def reopened(tree: Tree, *, chain: bool = False) -> Case:
    """Answered in 2024, with `chain` as it was signed; ordered to be answered again by 10-31."""
    case = make_case(tree.housing, received_on=RECEIVED, today=RECEIVED)
    if chain:
        make_chain(tree.housing)
        signed(case, today=FIRST, outcome=Outcome.PROCESS)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": FIRST}
    service: dict[str, Any] = {"service_method": ServiceMethod.POST, "served_on": FIRST}
    workflow.reply(case, outcome=Outcome.PROCESS, closed_on=FIRST, **service, **said)
    review = make_proceeding(
        tree.housing,
        case=case,
        ruling="revoked",
        result=ProceedingResult.CORRECTED,
        concluded_on=date(2025, 10, 9),
    )
    said["today"] = TODAY
    workflow.reopen(case, proceeding=review, on=CAME_IN, until=UNTIL, **said)
    return fresh(case)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def answered_again(case: Case, *, by: User, **fields: Any) -> Case:
    said: dict[str, Any] = {"closed_on": TODAY, "service_method": ServiceMethod.POST} | fields
    return workflow.reply_again(fresh(case), by=by, today=TODAY, **said)


def consulted(case: Case, by: User, **fields: Any) -> Case:
    said: dict[str, Any] = {
        "on": TODAY,
        "addressee": Addressee.THIRD_PARTY,
        "whom": "第三方甲",
    } | fields
    return workflow.consult(case, by=by, today=TODAY, **said)


def url_of(case: Case, verb: str) -> str:
    return reverse(f"cases:{verb}", args=[case.pk])


# what has a place ---------------------------------------------------------------------------------


def test_it_is_worked_like_an_open_one_until_the_new_reply(tree: Tree, clerk: User) -> None:
    def acts() -> set[Act]:
        return set(allowed_acts(situation_of(fresh(case), on=TODAY), reviewer))

    reviewer = make_user(Role.REVIEWER, tree.housing)
    case = reopened(tree)
    assert acts() >= WORK_ANEW and not acts() & NOT_ANEW
    answered_again(case, by=clerk, outcome=Outcome.GRANTED)
    assert not acts() & (NOT_ANEW | {Act.DRAFT, Act.CONSULT, Act.ASSIGN, Act.ASK_SECTION})
    assert Act.SERVE in acts()


def test_a_closed_case_without_an_order_is_not_worked(tree: Tree, clerk: User) -> None:
    case = make_case(tree.housing, closed_on=TODAY)
    for act in (workflow.save_draft, workflow.submit):
        with pytest.raises(NotAllowed, match="不能"):
            act(case, by=clerk, today=TODAY)
    with pytest.raises(NotAllowed, match="不能征求意见"):
        consulted(case, clerk)


def test_it_cannot_be_voided(tree: Tree, clerk: User) -> None:
    """Nor once it is answered again."""
    case, reviewer = reopened(tree), hand_of(tree.housing)
    for done in (None, answered_again):
        if done:
            done(case, by=clerk, outcome=Outcome.GRANTED, served_on=TODAY)
        with pytest.raises(NotAllowed, match="有责令重新答复的决定、判决，不能作废；确系误登的"):
            workflow.void(fresh(case), by=reviewer, today=TODAY, reason="重复登记")
        assert Act.VOID not in allowed_acts(situation_of(fresh(case), on=TODAY), reviewer)
    assert fresh(case).voided_on is None


@pytest.mark.parametrize("outcome", sorted(UNANSWERED))
def test_an_end_without_an_answer_is_no_new_reply(
    tree: Tree, clerk: User, outcome: Outcome
) -> None:
    with pytest.raises(ValidationError, match="责令的是重新答复") as refused:
        answered_again(reopened(tree), by=clerk, outcome=outcome)
    assert list(refused.value.message_dict) == ["outcome"]


def test_nor_is_it_submitted_as_one(tree: Tree, clerk: User) -> None:
    with pytest.raises(ValidationError, match="“申请人撤回”不是答复"):
        submitted(reopened(tree, chain=True), by=clerk, outcome=Outcome.WITHDRAWN)


def test_it_is_assigned_to_who_answers_again(tree: Tree) -> None:
    case, drafter = reopened(tree), make_user(Role.CLERK, tree.land, name="经办员己")
    said: dict[str, Any] = {"by": make_user(Role.REVIEWER, tree.housing), "today": TODAY}
    workflow.assign(case, handler=drafter, drafting_department=tree.land, **said)
    assert fresh(case) in Case.objects.visible_to(User.objects.get(pk=drafter.pk))
    assert fresh(case) in Case.objects.assigned(Assignment.WAITING)
    workflow.accept(fresh(case), by=drafter, today=TODAY)
    assert fresh(case) not in Case.objects.assigned(Assignment.WAITING)
    draft(fresh(case), by=drafter)
    answered_again(case, by=said["by"], outcome=Outcome.GRANTED, served_on=TODAY)
    assert fresh(case) not in Case.objects.visible_to(User.objects.get(pk=drafter.pk))


def test_it_is_among_what_a_handler_hands_over(client: Client, tree: Tree, clerk: User) -> None:
    case, reviewer = reopened(tree), make_user(Role.REVIEWER, tree.housing)
    workflow.assign(case, by=reviewer, today=TODAY, handler=clerk)
    client.force_login(reviewer)
    page = client.get(reverse("cases:hand_over"), {"handler": clerk.pk})
    assert case.number in page.content.decode()


def test_other_roles_and_strangers_do_not_draft_it(client: Client, tree: Tree) -> None:
    case = reopened(tree)
    client.force_login(make_user(Role.SUPERVISOR, tree.housing))
    assert client.get(url_of(case, "draft")).status_code == 403
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(url_of(case, "draft")).status_code == 404


# the draft and the chain --------------------------------------------------------------------------


def test_the_new_draft_begins_empty_and_the_term_put_right_leaves_it(
    tree: Tree, clerk: User
) -> None:
    case = reopened(tree, chain=True)
    assert not ReplyDraft.objects.filter(case=case).exists()
    draft(case, by=clerk)
    review = case.proceedings.get()
    said: dict[str, Any] = {"by": clerk, "today": TODAY}
    workflow.reopen(fresh(case), proceeding=review, on=CAME_IN, workdays=20, **said)
    assert ReplyDraft.objects.get(case=case).reply_reasons == REASONS


def test_the_chain_holds_for_the_new_reply(tree: Tree, clerk: User) -> None:
    case = reopened(tree, chain=True)
    with pytest.raises(NotAllowed, match="须先审核签发"):
        answered_again(case, by=clerk, outcome=Outcome.GRANTED)
    submitted(case, by=clerk, outcome=Outcome.PARTIAL)
    assert case.events.latest("pk").text.startswith("第 2 次送审（重新答复）：")
    with pytest.raises(NotAllowed, match="还在审核中"):
        answered_again(case, by=clerk, outcome=Outcome.PARTIAL)
    reviewer = hand_of(tree.housing)
    workflow.send_back(fresh(case), by=reviewer, today=TODAY, comment="补充理由")
    signed(fresh(case), by=reviewer, outcome=Outcome.PARTIAL, reply_number="重1号")
    with pytest.raises(ValidationError, match="与签发的不一致"):
        answered_again(case, by=clerk, outcome=Outcome.GRANTED)
    answered_again(case, by=clerk)
    [reply] = new_replies(case.events.all())
    assert (reply.event.data["outcome"], reply.event.data["reply_number"]) == ("partial", "重1号")
    assert reply.event.data["reply_reasons"] == REASONS
    states = list(case.rounds.values_list("again", "state"))
    assert states == [(False, "spent"), (True, "sent_back"), (True, "signed")]


def test_its_draft_is_submitted_while_an_opinion_is_waited_for(tree: Tree, clerk: User) -> None:
    """The ordered term runs on."""
    case = reopened(tree, chain=True)
    consulted(case, clerk)
    assert submitted(fresh(case), by=clerk).waiting_step


def test_it_is_recalled_and_not_older_than_its_last_signature(tree: Tree, clerk: User) -> None:
    case = reopened(tree, chain=True)
    reviewer = hand_of(tree.housing)
    submitted(case, by=clerk)
    workflow.recall(fresh(case), by=clerk, today=TODAY)
    signed(fresh(case), by=reviewer)
    with pytest.raises(ValidationError, match="不能早于领导签发的日期"):
        answered_again(case, by=clerk, closed_on=date(2025, 10, 24))


def test_the_first_reply_keeps_its_signatures(tree: Tree) -> None:
    """Its date is judged by them, not by those of the new reply."""
    case, reviewer = reopened(tree, chain=True), hand_of(tree.housing)
    signed(case, by=reviewer)
    said: dict[str, Any] = {"by": reviewer, "today": TODAY, "reason": "看错日期"}
    own = fresh(case).own_round
    assert own is not None and own.number == 1
    workflow.amend(fresh(case), values={"reply_number": "9号"}, **said)
    with pytest.raises(ValidationError, match="不能早于领导签发的日期 2024-12-20"):
        workflow.amend(fresh(case), values={"closed_on": date(2024, 12, 19)}, **said)


# what is asked for it -----------------------------------------------------------------------------


def test_an_opinion_asked_anew_is_none_of_the_first_term(tree: Tree, clerk: User) -> None:
    case, calendar = reopened(tree), load_calendar()
    before = clock_of(case, on=TODAY, calendar=calendar)
    consulted(case, clerk)
    case = fresh(case)
    assert clock_of(case, on=TODAY, calendar=calendar) == before
    assert (case.ends_on, case.waiting_for, case.again_until) == (before.ends_on, "", UNTIL)
    assert "责令的期限照常计算" in case.events.latest("pk").text
    [asked] = consultations_of(case, list(case.events.all()), calendar)
    assert (asked.is_open, asked.silent_on) == (True, date(2025, 11, 17))
    workflow.receive_opinion(case, by=clerk, today=TODAY, on=TODAY, key="1", opinion="不同意公开")
    assert clock_of(fresh(case), on=TODAY, calendar=calendar) == before


def test_what_was_asked_first_and_anew_stand_beside_each_other(
    clerk_client: Client, tree: Tree, clerk: User
) -> None:
    case = reopened(tree)
    page = clerk_client.get(url_of(case, "consult")).content.decode()
    assert "责令的期限照常计算，至 2025-10-31" in page
    consulted(case, clerk, on=date(2025, 10, 14))
    page = clerk_client.get(url_of(case, "detail")).content.decode()
    assert "是否扣除以决定、判决写明的为准" in page and "2025-11-04" in page
    assert "登记意见" in clerk_client.get(url_of(case, "consultation_opinion")).content.decode()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2025, 10, 12), "不能早于收到决定、判决的日期 2025-10-13。"),
        (date(2025, 10, 28), "不能填将来的日期。"),
    ],
)
def test_nothing_is_asked_before_the_decision_came_in(
    tree: Tree, clerk: User, on: date, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        consulted(reopened(tree), clerk, on=on)


def test_it_is_not_dated_before_the_last_of_its_own_facts(tree: Tree, clerk: User) -> None:
    case = reopened(tree)
    consulted(case, clerk, on=date(2025, 10, 22))
    said: dict[str, Any] = {"by": clerk, "outcome": Outcome.THIRD_PARTY}
    with pytest.raises(
        ValidationError, match="不能早于“发出征求意见函”的日期 2025-10-22"
    ) as refused:
        answered_again(case, closed_on=date(2025, 10, 21), **said)
    assert "2025-10-22" in refused.value.message_dict["closed_on"][0]
    answered_again(case, closed_on=date(2025, 10, 22), **said)


def test_its_outcome_rests_on_what_is_on_record(tree: Tree, clerk: User) -> None:
    with pytest.raises(ValidationError, match="没有收到补正"):
        answered_again(reopened(tree), by=clerk, outcome=Outcome.STILL_UNCLEAR)


# its letter ---------------------------------------------------------------------------------------


def letter_of(case: Case, by: User, outcome: Outcome, on: date, number: str = "") -> Letter:
    said: dict[str, Any] = {"kind": LetterKind.REPLY, "outcome": outcome, "dated_on": on}
    said["number"] = number  # without one, the same letter made twice is the same file
    return workflow.make_letter(fresh(case), by=by, today=TODAY, **said)


def words_of(letter: Letter) -> str:
    document = open_docx(BytesIO(content_of(letter.document)))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_letter_of_the_new_reply_says_what_that_says(tree: Tree, clerk: User) -> None:
    case = reopened(tree)
    first = letter_of(case, clerk, Outcome.PROCESS, FIRST)
    draft(case, by=clerk, outcome=Outcome.INTERNAL, reply_reasons="属于后勤管理事项。")
    new = letter_of(case, clerk, Outcome.INTERNAL, TODAY)
    assert "属于后勤管理事项。" in words_of(new) and "应当先申请行政复议" in words_of(new)
    assert "2025年10月13日收到责令重新答复的行政复议决定（" in words_of(new)
    assert "责令重新答复" not in words_of(first) and "过程性信息" in words_of(first)
    with pytest.raises(ValidationError, match="不能早于收到决定、判决的日期 2025-10-13"):
        letter_of(case, clerk, Outcome.INTERNAL, date(2025, 10, 12))
    answered_again(case, by=clerk, outcome=Outcome.INTERNAL, reply_reasons="属于后勤管理事项。")
    recorded = letter_of(case, clerk, Outcome.INTERNAL, TODAY, number="重1号")
    assert "属于后勤管理事项。" in words_of(recorded)
    with pytest.raises(ValidationError, match="与已登记的答复类型“"):
        letter_of(case, clerk, Outcome.PROCESS, TODAY)
    with pytest.raises(ValidationError, match="与已登记的答复日期 2025-10-27 不同"):
        letter_of(case, clerk, Outcome.INTERNAL, date(2025, 10, 24))
    first = letter_of(case, clerk, Outcome.PROCESS, FIRST, number="9号")
    assert "属于后勤管理事项。" not in words_of(first) and "责令重新答复" not in words_of(first)


# where it is seen ---------------------------------------------------------------------------------


def test_who_signs_finds_it_and_sees_the_ordered_term(client: Client, tree: Tree) -> None:
    case = reopened(tree, chain=True)
    client.force_login(reviewer := make_user(Role.REVIEWER, tree.housing))
    submitted(case, by=reviewer)
    listed = client.get(reverse("cases:list"), {"signoff": "mine"}).content.decode()
    assert case.number in listed
    assert case in Case.objects.in_round(RoundState.PENDING)
    home = client.get(reverse("cases:home"))
    tiles = {tile.label: tile.value for tile in home.context["tiles"]}
    assert (tiles["待我审核"], tiles["待审核"], tiles["待重新答复"]) == (1, 1, 1)
    page = client.get(url_of(case, "review")).content.decode()
    assert "重新答复期限 2025-10-31。" in page


def test_the_page_says_what_comes_next(clerk_client: Client, tree: Tree) -> None:
    case = reopened(tree, chain=True)
    page = clerk_client.get(url_of(case, "detail"))
    content = page.content.decode()
    assert "重新办理中" in content and "须在 2025-10-31 前重新答复并送达" in content
    assert page.context["next_step"]["url"] == url_of(case, "draft")
    assert [step.last_on for step in page.context["steps_ahead"]] == [UNTIL]
    content = clerk_client.get(url_of(case, "draft")).content.decode()
    assert "重新答复期限 2025-10-31" in content and "不计入" in content


def test_signed_it_is_recorded_by_the_page(clerk_client: Client, tree: Tree) -> None:
    case = reopened(tree, chain=True)
    signed(case, outcome=Outcome.GRANTED)
    page = clerk_client.get(url_of(case, "reply_again"))
    assert "答复的内容就是签发的内容" in page.content.decode()
    said = {"version": fresh(case).version, "service_method": "post", "mail_number": ""}
    wrong = said | {"closed_on": "2025-10-12", "served_on": ""}
    page = clerk_client.post(url_of(case, "reply_again"), wrong)
    assert "不能早于收到决定、判决的日期" in page.context["form"].errors["closed_on"][0]
    right = said | {"closed_on": str(TODAY), "served_on": str(TODAY)}
    assert clerk_client.post(url_of(case, "reply_again"), right).status_code == 302
    assert (fresh(case).again_until, fresh(case).stage) == (None, Stage.CLOSED)


# what stays ---------------------------------------------------------------------------------------


def test_no_figure_changes_from_the_order_to_the_service(tree: Tree, clerk: User) -> None:
    def figures() -> list[Any]:
        fmt = get_format("2021")
        years = (Period.year(2024), Period.year(2025))
        tables = [count(scope_of(tree.housing, OWN, year), year, fmt) for year in years]
        kept = fresh(case)
        return [tables, kept.outcome, kept.closed_on, kept.served_on, kept.ends_on, kept.list_place]

    case = reopened(tree, chain=True)
    before = figures()
    consulted(case, clerk)
    signed(case, outcome=Outcome.GRANTED)
    assert figures() == before
    answered_again(case, by=clerk, served_on=TODAY)
    assert figures() == before
    assert case.events.filter(kind=EventKind.REPLIED_AGAIN).count() == 1
