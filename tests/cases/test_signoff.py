"""A draft on its way to the reply: submit, sign, send back, recall (条例17)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases import workflow
from cases.choices import EventKind, Outcome, Role, RoundState, Signers, SignOffKind, Stage, Verdict
from cases.models import AuditEntry, Case, SignOffRound, User
from cases.permissions import may_sign
from cases.workflow import NotAllowed, Stale, WantedStep
from tests.makers import RECEIVED, TODAY, Tree, hand_of, make_case, make_user
from tests.signoff import REASONS, draft, make_chain, signed, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


@pytest.fixture
def reviewer(tree: Tree) -> User:
    return make_user(Role.REVIEWER, tree.housing, name="审核人庚")


@pytest.fixture
def case(tree: Tree) -> Case:
    """Of a department with 法制审核 and 领导签发."""
    make_chain(tree.housing)
    return make_case(tree.housing)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def texts(case: Case) -> list[str]:
    return list(case.events.order_by("pk").values_list("text", flat=True))


# submitting --------------------------------------------------------------------------------------


def test_what_is_submitted_is_frozen_and_goes_to_the_first_step(case: Case, clerk: User) -> None:
    submitted(case, by=clerk, closed_on=TODAY)
    round_ = case.rounds.get()
    assert (round_.number, round_.state, round_.reached) == (1, RoundState.PENDING, 1)
    assert round_.content == {
        "outcome": "not_exist",
        "reply_number": "",
        "reply_reasons": REASONS,
        "service_method": "",
        "closed_on": "2025-10-27",
    }
    assert round_.is_whole
    assert [step.kind for step in round_.steps.all()] == [SignOffKind.LEGAL, SignOffKind.LEADER]
    assert texts(case)[-1] == "第 1 次送审：经检索没有，信息不存在，待法制审核"
    event = case.events.latest("pk")
    assert (event.kind, event.data["checksum"]) == (EventKind.SUBMITTED, round_.checksum)
    assert fresh(case).stage == Stage.OPEN


def test_the_clock_does_not_move(case: Case) -> None:
    before = case.ends_on
    signed(case)
    assert fresh(case).ends_on == before == date(2025, 10, 17)


def test_without_an_outcome_there_is_nothing_to_submit(case: Case, clerk: User) -> None:
    with pytest.raises(NotAllowed, match="还没有选定答复类型的草稿"):
        workflow.submit(case, by=clerk, today=TODAY)
    draft(case, by=clerk, outcome="")
    with pytest.raises(NotAllowed, match="还没有选定答复类型的草稿"):
        workflow.submit(case, by=clerk, today=TODAY)


def test_without_a_chain_there_is_nothing_to_submit_to(tree: Tree) -> None:
    case = make_case(tree.land)
    draft(case)
    with pytest.raises(NotAllowed, match="没有设置审核环节，可以直接答复"):
        workflow.submit(case, by=hand_of(tree.land), today=TODAY)


def test_a_submitted_draft_is_not_changed(case: Case, clerk: User) -> None:
    submitted(case, by=clerk)
    with pytest.raises(NotAllowed, match="第 1 次送审审核中，要改草稿请先撤回。"):
        draft(case, by=clerk, reply_reasons="另一种说法")
    with pytest.raises(NotAllowed, match="要改草稿请先撤回"):
        workflow.submit(case, by=clerk, today=TODAY)
    assert case.rounds.get().content["reply_reasons"] == REASONS


def test_a_draft_that_someone_changed_meanwhile_is_not_submitted(case: Case, clerk: User) -> None:
    draft(case, by=clerk)
    draft(case, by=hand_of(case.department), reply_reasons="改过的")
    with pytest.raises(Stale, match="刚才改过草稿"):
        workflow.submit(case, by=clerk, today=TODAY, draft_version=1)


def test_only_whoever_works_the_case_submits(case: Case, tree: Tree) -> None:
    draft(case)
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        with pytest.raises(NotAllowed, match="没有“送审”的权限"):
            workflow.submit(case, by=make_user(role, tree.housing), today=TODAY)


# signing -----------------------------------------------------------------------------------------


def test_step_after_step_until_the_last(case: Case, clerk: User, reviewer: User) -> None:
    submitted(case, by=clerk)
    workflow.sign(case, by=reviewer, today=TODAY, comment="依据充分", checked=["reasons", "organ"])
    round_ = case.rounds.get()
    first = round_.steps.get(order=1)
    assert (first.verdict, first.signed_by, first.signed_on) == (Verdict.SIGNED, reviewer, TODAY)
    assert first.checked == ["organ", "reasons"]
    assert (round_.reached, round_.state) == (2, RoundState.PENDING)
    assert texts(case)[-1] == "法制审核：审核人庚同意（依据充分），转领导签发"

    workflow.sign(case, by=reviewer, today=TODAY)  # one person may hold several steps
    round_.refresh_from_db()
    assert (round_.state, round_.ended_on) == (RoundState.SIGNED, TODAY)
    assert texts(case)[-1] == "领导签发：审核人庚同意，审核完毕"
    with pytest.raises(NotAllowed, match="没有待审核的送审稿"):
        workflow.sign(case, by=reviewer, today=TODAY)


def test_a_step_is_signed_by_those_it_is_for(tree: Tree, clerk: User, reviewer: User) -> None:
    make_chain(tree.housing, SignOffKind.LEADER, who=Signers.SUPERVISORS)
    case = submitted(make_case(tree.housing), by=clerk)
    with pytest.raises(NotAllowed, match="现在是领导签发，不由您审核。"):
        workflow.sign(case, by=reviewer, today=TODAY)
    workflow.sign(case, by=make_user(Role.SUPERVISOR, tree.government), today=TODAY)
    assert case.rounds.get().state == RoundState.SIGNED


def test_named_users_sign_and_nobody_else(tree: Tree, clerk: User, reviewer: User) -> None:
    make_chain(tree.housing, SignOffKind.SECTION, signers=[clerk])
    case = submitted(make_case(tree.housing), by=clerk)
    with pytest.raises(NotAllowed, match="不由您审核"):
        workflow.sign(case, by=reviewer, today=TODAY)
    workflow.sign(case, by=clerk, today=TODAY)
    assert case.rounds.get().steps.get().signed_by == clerk


def test_a_round_keeps_the_chain_of_its_day(case: Case, tree: Tree, reviewer: User) -> None:
    submitted(case)
    supervisor = make_user(Role.SUPERVISOR, tree.housing)
    workflow.set_chain(tree.housing, by=supervisor, steps=())
    with pytest.raises(NotAllowed, match="还在审核中（法制审核）"):
        workflow.reply(
            case,
            by=reviewer,
            today=TODAY,
            outcome="granted",
            closed_on=TODAY,
            service_method="post",
        )
    workflow.sign(case, by=reviewer, today=TODAY)
    workflow.sign(case, by=reviewer, today=TODAY)
    workflow.reply(case, by=reviewer, today=TODAY, closed_on=TODAY, service_method="post")
    assert fresh(case).outcome == Outcome.NOT_EXIST


def test_a_content_that_was_tampered_with_is_not_signed(case: Case, reviewer: User) -> None:
    submitted(case)
    round_ = case.rounds.get()
    content = round_.content | {"outcome": "granted"}
    SignOffRound.objects.filter(pk=round_.pk).update(content=content)
    with pytest.raises(NotAllowed, match="校验码不一致"):
        workflow.sign(case, by=reviewer, today=TODAY)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("who", Signers)
def test_who_may_sign_is_the_same_in_python_and_in_the_database(
    tree: Tree, role: Role, who: Signers
) -> None:
    make_chain(tree.housing, SignOffKind.LEGAL, who=who)
    case = submitted(make_case(tree.housing))
    for department in (tree.housing, tree.government, tree.land):
        user = make_user(role, department)
        found = Case.objects.awaiting_signature_of(user).filter(pk=case.pk).exists()
        step = fresh(case).waiting_step
        assert step is not None
        assert found == may_sign(user, step, case.department), (department, user)


def test_of_named_users_too(tree: Tree) -> None:
    named = [make_user(Role.CLERK, tree.housing), make_user(Role.REVIEWER, tree.government)]
    make_chain(tree.housing, SignOffKind.LEGAL, signers=named)
    case = submitted(make_case(tree.housing))
    for user in named:
        assert list(Case.objects.awaiting_signature_of(user)) == [case]
    other = make_user(Role.REVIEWER, tree.housing)
    assert not Case.objects.awaiting_signature_of(other).exists()
    named[0].assignments.all().delete()  # a name without its role signs no more
    gone = User.objects.get(pk=named[0].pk)
    assert not Case.objects.awaiting_signature_of(gone).exists()
    step = fresh(case).waiting_step
    assert step is not None and not may_sign(gone, step, case.department)


# on paper ----------------------------------------------------------------------------------------


def test_what_was_approved_on_paper_is_recorded_with_name_and_day(case: Case, clerk: User) -> None:
    submitted(case, by=clerk)
    workflow.record_signature(
        case, by=clerk, today=TODAY, signed_name="局长丁", signed_on=date(2025, 10, 24)
    )
    step = case.rounds.get().steps.get(order=1)
    assert (step.verdict, step.signer, step.signed_by) == (Verdict.ON_PAPER, "局长丁", clerk)
    assert step.signed_on == date(2025, 10, 24)
    assert texts(case)[-1] == "法制审核：局长丁 2025-10-24 线下已批，转领导签发"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2025, 10, 28), "还没有到"),
        (date(2025, 9, 14), "不能早于收到日期 2025-09-15"),
        (None, "请填写审批日期"),
    ],
)
def test_the_day_on_paper_lies_between_receipt_and_today(
    case: Case, clerk: User, day: date | None, sentence: str
) -> None:
    submitted(case, by=clerk)
    with pytest.raises(ValidationError) as refused:
        workflow.record_signature(case, by=clerk, today=TODAY, signed_name="丁", signed_on=day)
    assert sentence in refused.value.message_dict["signed_on"][0]
    for last in (RECEIVED, TODAY):
        workflow.record_signature(case, by=clerk, today=TODAY, signed_name="丁", signed_on=last)
    assert case.rounds.get().state == RoundState.SIGNED


# back --------------------------------------------------------------------------------------------


def test_sent_back_the_draft_may_be_changed_and_submitted_again(
    case: Case, clerk: User, reviewer: User
) -> None:
    submitted(case, by=clerk)
    workflow.send_back(case, by=reviewer, today=TODAY, comment="写明检索范围")
    first = case.rounds.get()
    assert (first.state, first.ended_on) == (RoundState.SENT_BACK, TODAY)
    assert texts(case)[-1] == "法制审核：审核人庚退回修改（写明检索范围）"
    submitted(case, by=clerk, reply_reasons="改过的")
    assert [r.number for r in case.rounds.all()] == [1, 2]
    first.refresh_from_db()
    assert first.content["reply_reasons"] == REASONS  # what was sent back stays on record


def test_sent_back_says_why(case: Case, reviewer: User) -> None:
    submitted(case)
    with pytest.raises(ValidationError) as refused:
        workflow.send_back(case, by=reviewer, today=TODAY, comment=" ")
    assert refused.value.message_dict == {"comment": ["请填写审核意见。"]}
    assert case.rounds.get().state == RoundState.PENDING


def test_whose_turn_it_is_not_does_not_send_back(case: Case, clerk: User) -> None:
    submitted(case, by=clerk)
    with pytest.raises(NotAllowed, match="现在是法制审核，不由您审核。"):
        workflow.send_back(case, by=clerk, today=TODAY, comment="不行")


def test_whoever_submitted_takes_it_back(case: Case, clerk: User, reviewer: User) -> None:
    submitted(case, by=clerk)
    with pytest.raises(NotAllowed, match="由送审人经办员戊撤回。"):
        workflow.recall(case, by=reviewer, today=TODAY)
    workflow.recall(case, by=clerk, today=TODAY, reason="补充附件")
    assert case.rounds.get().state == RoundState.RECALLED
    assert texts(case)[-1] == "撤回第 1 次送审：补充附件"
    draft(case, by=clerk, reply_reasons="改过的")
    with pytest.raises(NotAllowed, match="没有可以撤回的送审"):
        workflow.recall(case, by=clerk, today=TODAY)


def test_what_is_signed_is_taken_back_too_until_it_is_replied(case: Case, clerk: User) -> None:
    signed(case)
    workflow.recall(case, by=hand_of(case.department), today=TODAY)
    with pytest.raises(NotAllowed, match="须先审核签发"):
        workflow.reply(
            case, by=clerk, today=TODAY, outcome="not_exist", closed_on=TODAY, service_method="post"
        )


def test_the_handler_takes_it_back_where_the_drafter_is_gone(
    case: Case, clerk: User, reviewer: User
) -> None:
    submitted(case, by=reviewer)
    Case.objects.filter(pk=case.pk).update(handler=clerk)
    workflow.recall(case, by=clerk, today=TODAY)
    assert case.rounds.get().state == RoundState.RECALLED


# the reply ---------------------------------------------------------------------------------------


def test_no_reply_before_the_last_step_and_then_with_what_was_signed(
    case: Case, clerk: User, reviewer: User
) -> None:
    def reply(**fields: Any) -> Case:
        return workflow.reply(
            case, by=clerk, today=TODAY, closed_on=TODAY, **fields, service_method="post"
        )

    with pytest.raises(NotAllowed, match="区住建局的答复须先审核签发：请先拟稿，再送审。"):
        reply(outcome="not_exist")
    submitted(case, by=clerk)
    workflow.sign(case, by=reviewer, today=TODAY)
    with pytest.raises(NotAllowed, match="第 1 次送审还在审核中（领导签发）"):
        reply(outcome="not_exist")
    workflow.sign(case, by=reviewer, today=TODAY)
    with pytest.raises(ValidationError) as refused:
        reply(outcome="granted", reply_reasons="另一种说法")
    assert set(refused.value.message_dict) == {"outcome", "reply_reasons"}
    reply(reply_number="秀建公开〔2025〕37号")
    replied = fresh(case)
    assert (replied.outcome, replied.reply_reasons) == (Outcome.NOT_EXIST, REASONS)
    assert replied.reply_number == "秀建公开〔2025〕37号"


def test_a_number_that_was_signed_is_the_reply_s(case: Case, clerk: User) -> None:
    signed(case, reply_number="秀建公开〔2025〕38号")
    with pytest.raises(ValidationError, match="与签发的不一致"):
        workflow.reply(
            case, by=clerk, today=TODAY, closed_on=TODAY, reply_number="39号", service_method="post"
        )
    workflow.reply(case, by=clerk, today=TODAY, closed_on=TODAY, service_method="post")
    assert fresh(case).reply_number == "秀建公开〔2025〕38号"


def test_no_reasons_are_slipped_in_after_signing(case: Case, clerk: User) -> None:
    signed(case, reply_reasons="")
    with pytest.raises(ValidationError, match="与签发的不一致"):
        workflow.reply(
            case,
            by=clerk,
            today=TODAY,
            closed_on=TODAY,
            reply_reasons="后加的",
            service_method="post",
        )


def test_a_correction_of_the_record_is_no_way_round(case: Case, clerk: User) -> None:
    values = {"outcome": "granted", "closed_on": TODAY}
    with pytest.raises(ValidationError, match="不能在更正中登记"):
        workflow.amend(case, by=clerk, today=TODAY, reason="补登", values=values)
    assert fresh(case).stage == Stage.OPEN


def test_without_a_chain_a_reply_goes_out_at_once(tree: Tree) -> None:
    case = make_case(tree.land, closed_on=TODAY)
    assert case.stage == Stage.CLOSED


# drafts ------------------------------------------------------------------------------------------


def test_a_draft_closes_nothing_and_stands_in_no_event(case: Case, clerk: User) -> None:
    draft(case, by=clerk, closed_on=date(2025, 10, 29))  # a day to come is only wanted
    assert fresh(case).stage == Stage.OPEN
    assert case.events.count() == 1
    assert case.draft.saved_by == clerk
    entry = AuditEntry.objects.latest("pk")
    assert (entry.act, entry.after) == ("存答复草稿", {"outcome": "not_exist"})


def test_two_clerks_do_not_write_over_each_other_s_draft(case: Case, clerk: User) -> None:
    draft(case, by=clerk, draft_version=0)
    with pytest.raises(Stale, match="经办员戊刚才改过草稿"):
        draft(case, by=hand_of(case.department), reply_reasons="乙写的", draft_version=0)
    draft(case, by=hand_of(case.department), reply_reasons="乙写的", draft_version=1)
    case.draft.refresh_from_db()
    assert (case.draft.reply_reasons, case.draft.version) == ("乙写的", 2)


def test_a_draft_is_dated_no_earlier_than_receipt(case: Case, clerk: User) -> None:
    with pytest.raises(ValidationError) as refused:
        draft(case, by=clerk, closed_on=date(2025, 9, 14))
    assert refused.value.message_dict == {"closed_on": ["不能早于收到日期 2025-09-15。"]}


def test_personal_numbers_do_not_get_into_the_course(case: Case, reviewer: User) -> None:
    submitted(case)
    with pytest.raises(ValidationError, match="办理经过不能存个人信息"):
        workflow.sign(case, by=reviewer, today=TODAY, comment="请电 13800000000")
    assert not case.rounds.get().steps.get(order=1).verdict


# the chain ---------------------------------------------------------------------------------------


def test_only_a_supervisor_sets_the_chain(tree: Tree, reviewer: User) -> None:
    with pytest.raises(NotAllowed, match="没有设置区住建局审核环节的权限"):
        make_chain(tree.housing, by=reviewer)
    with pytest.raises(NotAllowed):
        make_chain(tree.housing, by=make_user(Role.SUPERVISOR, tree.land))
    make_chain(tree.housing, by=make_user(Role.SUPERVISOR, tree.government))
    entry = AuditEntry.objects.latest("pk")
    assert entry.after == {"steps": "法制审核（审核人或主管） → 领导签发（审核人或主管）"}


def test_a_named_signer_holds_a_role_there(tree: Tree) -> None:
    stranger = make_user(Role.REVIEWER, tree.land, name="审核人外")
    with pytest.raises(ValidationError, match="审核人外在区住建局没有审核的角色"):
        make_chain(tree.housing, SignOffKind.LEGAL, signers=[stranger])
    assert not tree.housing.sign_off_steps.exists()


def test_two_supervisors_do_not_write_over_each_other(tree: Tree) -> None:
    supervisor = make_user(Role.SUPERVISOR, tree.housing)
    make_chain(tree.housing, by=supervisor)
    steps = [WantedStep(SignOffKind.LEADER, Signers.HEADS)]
    with pytest.raises(Stale, match="审核环节已被别人改过"):
        workflow.set_chain(tree.housing, by=supervisor, steps=steps, seen="")
