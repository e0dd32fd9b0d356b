"""The chain as a department has it: any steps, in the system or on paper; and what needs none."""

from datetime import date
from itertools import combinations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import DocumentKind, Outcome, Role, RoundState, SignOffKind, Stage, Verdict
from cases.models import Case, RoundStep
from cases.workflow import NotAllowed
from tests.documents import PDF, forget_document_files, make_file
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_user
from tests.signoff import make_chain, signed, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ANY_OF_FOUR = [kinds for n in range(1, 5) for kinds in combinations(SignOffKind, n)]


def on_paper(case: Case, name: str, *, day: date = TODAY, scan: bytes = b"") -> Case:
    return workflow.record_signature(
        case,
        by=hand_of(case.department),
        today=TODAY,
        signed_name=name,
        signed_on=day,
        scan=make_file(f"{name}审批单.pdf", scan) if scan else None,
    )


def steps_of(case: Case) -> list[RoundStep]:
    return list(case.rounds.get().steps.all())


# any steps, one after the other ------------------------------------------------------------------


@pytest.mark.parametrize("kinds", ANY_OF_FOUR, ids=["+".join(kinds) for kinds in ANY_OF_FOUR])
def test_any_of_the_four_steps(tree: Tree, kinds: tuple[SignOffKind, ...]) -> None:
    make_chain(tree.housing, *kinds)
    case = submitted(make_case(tree.housing))
    for kind in kinds:
        step = Case.objects.get(pk=case.pk).waiting_step
        assert step is not None and step.kind == kind
        with pytest.raises(NotAllowed, match="审核完毕才能答复"):
            workflow.reply(case, by=hand_of(tree.housing), today=TODAY, closed_on=TODAY)
        workflow.sign(case, by=hand_of(tree.housing), today=TODAY)
    assert case.rounds.get().state == RoundState.SIGNED


def test_in_whatever_order_and_of_this_department_alone(tree: Tree) -> None:
    make_chain(tree.housing, SignOffKind.LEADER, SignOffKind.SECTION)
    assert [step.kind for step in steps_of(submitted(make_case(tree.housing)))] == [
        SignOffKind.LEADER,
        SignOffKind.SECTION,
    ]
    assert make_case(tree.land, closed_on=TODAY).stage == Stage.CLOSED


def test_some_in_the_system_and_some_on_paper_by_one_person_or_several(tree: Tree) -> None:
    make_chain(tree.housing, *SignOffKind)
    case, hand = submitted(make_case(tree.housing)), hand_of(tree.housing)
    workflow.sign(case, by=hand, today=date(2025, 10, 21))
    on_paper(case, "法规科科长甲", day=date(2025, 10, 22))
    on_paper(case, "局长丁", day=date(2025, 10, 24))
    workflow.sign(case, by=hand, today=TODAY)
    assert [(step.verdict, step.signer, step.signed_on) for step in steps_of(case)] == [
        (Verdict.SIGNED, str(hand), date(2025, 10, 21)),
        (Verdict.ON_PAPER, "法规科科长甲", date(2025, 10, 22)),
        (Verdict.ON_PAPER, "局长丁", date(2025, 10, 24)),
        (Verdict.SIGNED, str(hand), TODAY),
    ]


# on paper ----------------------------------------------------------------------------------------


def test_one_sheet_that_several_signed_is_kept_once(tree: Tree) -> None:
    make_chain(tree.housing)
    case = submitted(make_case(tree.housing))
    on_paper(case, "法规科科长甲", scan=PDF)
    on_paper(case, "局长丁", scan=PDF)
    kept = case.documents.get()
    assert kept.kind == DocumentKind.SCAN
    assert [step.scan for step in steps_of(case)] == [kept, kept]
    event = case.events.latest("pk")
    assert event.text == "领导签发：局长丁 2025-10-27 线下已批，附扫描件，审核完毕"
    assert event.data["scan"] == {"id": kept.pk, "sha256": kept.sha256}
    forget_document_files()


def test_the_days_on_paper_follow_the_order_of_the_steps(client: Client, tree: Tree) -> None:
    make_chain(tree.housing)
    case = submitted(make_case(tree.housing))
    on_paper(case, "法规科科长甲", day=date(2025, 10, 22))
    client.force_login(make_user(Role.CLERK, tree.housing))
    here = reverse("cases:record_signature", args=[case.pk])
    typed = {"version": Case.objects.get(pk=case.pk).version, "signed_name": "局长丁"}
    page = client.post(here, typed | {"signed_on": "2025-10-21"})
    form = page.context["form"]
    assert form.errors["signed_on"] == ["不能早于法制审核的日期 2025-10-22。"]
    assert form["signed_name"].value() == "局长丁"
    assert client.post(here, typed | {"signed_on": "2025-10-22"}).status_code == 302
    assert case.rounds.get().state == RoundState.SIGNED


def test_another_sheet_is_another_document_and_a_withdrawn_one_is_none(tree: Tree) -> None:
    make_chain(tree.housing, *SignOffKind)
    case, hand = submitted(make_case(tree.housing)), hand_of(tree.housing)
    on_paper(case, "甲", scan=PDF)
    on_paper(case, "乙", scan=PDF + b"%%")
    first, second = (step.scan for step in steps_of(case)[:2])
    assert first and first != second
    workflow.recall(case, by=hand, today=TODAY)  # else the signature stands on the paper
    workflow.withdraw_document(first, by=hand, today=TODAY, reason="传错")
    workflow.submit(case, by=hand, today=TODAY)
    on_paper(case, "丙", scan=PDF)
    assert RoundStep.objects.exclude(scan=None).latest("pk").scan not in (first, second)
    forget_document_files()


def test_what_is_no_scan_leaves_the_step_and_the_documents(tree: Tree) -> None:
    make_chain(tree.housing)
    case = submitted(make_case(tree.housing))
    with pytest.raises(ValidationError) as refused:
        on_paper(case, "甲", scan=b"MZ" + b"\0" * 60)
    assert set(refused.value.message_dict) == {"uploads"}
    assert case.rounds.get().reached == 1 and not case.documents.exists()


def test_the_page_goes_on_to_the_next_step_if_asked(client: Client, tree: Tree) -> None:
    make_chain(tree.housing)
    case = submitted(make_case(tree.housing))
    client.force_login(make_user(Role.CLERK, tree.housing))
    here, back = (reverse(f"cases:{n}", args=[case.pk]) for n in ("record_signature", "detail"))

    def post() -> str:
        version = Case.objects.get(pk=case.pk).version
        said = {"version": version, "signed_name": "丁", "signed_on": "2025-10-27", "next": "1"}
        return client.post(here, said).headers["Location"]

    assert "接着登记下一环节" in client.get(here).content.decode()
    assert post() == here
    page = client.get(here).content.decode()
    assert "现在是领导签发" in page and "接着登记下一环节" not in page
    assert post() == back


# what ends without a reply -----------------------------------------------------------------------


def withdrawn(case: Case) -> Case:
    by = hand_of(case.department)
    return workflow.withdraw(case, by=by, today=TODAY, on=TODAY, how="letter")


def test_what_ends_without_a_reply_passes_no_chain_on_purpose(tree: Tree) -> None:
    """Reviewed is what is made public (条例17): nothing is, where the application is given up."""
    make_chain(tree.housing)
    by = hand_of(tree.housing)
    uncorrected = make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 16), None)))
    unpaid = make_case(tree.housing, facts=Facts(fee=(date(2025, 9, 16), None)))
    workflow.give_up_correction(uncorrected, by=by, today=TODAY, on=TODAY)
    workflow.give_up_fee(unpaid, by=by, today=TODAY, on=TODAY)
    back = withdrawn(make_case(tree.housing))
    for case, outcome in (
        (uncorrected, Outcome.NO_CORRECTION),
        (unpaid, Outcome.FEE_UNPAID),
        (back, Outcome.WITHDRAWN),
    ):
        ended = Case.objects.get(pk=case.pk)
        assert (ended.stage, ended.outcome) == (Stage.CLOSED, outcome)
        assert not ended.rounds.exists()


@pytest.mark.parametrize(
    ("outcome", "facts"),
    [
        (Outcome.NO_CORRECTION, Facts(correction=(date(2025, 9, 16), None))),
        (Outcome.FEE_UNPAID, Facts(fee=(date(2025, 9, 16), None))),
        (Outcome.WITHDRAWN, Facts()),
    ],
)
def test_an_organ_that_wants_them_reviewed_drafts_them(
    tree: Tree, outcome: Outcome, facts: Facts
) -> None:
    make_chain(tree.housing)
    case = signed(make_case(tree.housing, facts=facts), outcome=outcome, reply_reasons="")
    workflow.reply(case, by=hand_of(tree.housing), today=TODAY, closed_on=TODAY)
    ended = Case.objects.get(pk=case.pk)
    assert (ended.stage, ended.outcome) == (Stage.CLOSED, outcome)
    assert ended.rounds.get().state == RoundState.SIGNED


def test_the_page_of_the_chain_says_so(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.housing))
    page = client.get(reverse("cases:chain", args=[tree.housing.pk])).content.decode()
    assert "不发答复书，不经审核" in page and "拟稿时选相应的答复类型" in page


def test_a_draft_under_way_waits_for_nobody_once_the_case_has_ended(tree: Tree) -> None:
    make_chain(tree.housing)
    case, void = submitted(make_case(tree.housing)), submitted(make_case(tree.housing))
    withdrawn(case)
    hand = hand_of(tree.housing)
    workflow.void(void, by=hand, today=TODAY, reason="重复登记")
    for ended in (case, void):
        assert (ended.rounds.get().state, ended.rounds.get().ended_on) == (
            RoundState.RECALLED,
            TODAY,
        )


def test_what_was_signed_stays_signed_when_the_applicant_withdraws(tree: Tree) -> None:
    make_chain(tree.housing)
    case = withdrawn(signed(make_case(tree.housing)))
    assert case.rounds.get().state == RoundState.SIGNED
    assert case.events.latest("pk").text == "申请人撤回申请（书面）；第 1 次送审已签发，没有使用"


def test_a_withdrawal_rests_on_no_signature_beside_it(tree: Tree) -> None:
    make_chain(tree.housing)
    case = withdrawn(signed(make_case(tree.housing)))
    values, hand = {"closed_on": date(2025, 10, 24)}, hand_of(tree.housing)
    workflow.amend(case, by=hand, today=TODAY, reason="看错日期", values=values)
    case = Case.objects.get(pk=case.pk)
    assert (case.closed_on, case.own_round) == (date(2025, 10, 24), None)
    drafted = signed(make_case(tree.housing), outcome=Outcome.WITHDRAWN, reply_reasons="")
    workflow.reply(drafted, by=hand, today=TODAY, closed_on=TODAY)
    with pytest.raises(ValidationError, match="不能早于领导签发的日期"):
        workflow.amend(drafted, by=hand, today=TODAY, reason="看错日期", values=values)
