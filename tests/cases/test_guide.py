"""逐步引导: the decision table of the seven questions, and its page."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import LetterKind, Outcome, Role
from cases.guide import FIRST, QUESTIONS, SEVEN, Ending, endings, walk
from cases.models import Case
from cases.permissions import Act
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_user, queries_of
from tests.signoff import make_chain, submitted


def paths(key: str = FIRST, seen: tuple[str, ...] = ()) -> Iterator[tuple[list[str], Ending]]:
    """Every branch, as the answers that lead to its end; a question met twice would not end."""
    assert key not in seen, f"{key} leads back to itself"
    for answer in QUESTIONS[key].answers:
        if isinstance(answer.leads, Ending):
            yield [answer.key], answer.leads
        else:
            for more, ending in paths(answer.leads, (*seen, key)):
                yield [answer.key, *more], ending


def test_every_branch_ends_in_an_outcome_or_in_an_act_with_advice() -> None:
    found = list(paths())
    assert len(found) > len(Outcome)
    for keys, ending in found:
        assert ending.outcome or (ending.act and ending.advice)
        assert walk(keys).ending == ending


def test_every_outcome_is_reached() -> None:
    assert {ending.outcome for ending in endings() if ending.outcome} == set(Outcome)


def test_the_acts_that_come_first() -> None:
    acts = {ending.act for ending in endings() if not ending.outcome}
    assert acts == {Act.ASK_CORRECTION, Act.ASK_REASONS, Act.DELAY, Act.CONSULT, Act.ASK_FEE}


def test_outcomes_with_an_act_of_their_own() -> None:
    assert {
        ending.outcome: ending.act for ending in endings() if ending.outcome and ending.act
    } == {
        Outcome.NO_CORRECTION: Act.GIVE_UP_CORRECTION,
        Outcome.FEE_UNPAID: Act.GIVE_UP_FEE,
        Outcome.WITHDRAWN: Act.WITHDRAW,
    }


def test_every_question_is_reached_and_the_seven_are_asked_in_their_order() -> None:
    reached = {given.question.key for keys, _ in paths() for given in walk(keys).given}
    assert reached == set(QUESTIONS)
    for keys, _ in paths():
        steps = [given.question.step for given in walk(keys).given]
        assert steps == sorted(steps), keys
    assert {question.step for question in QUESTIONS.values()} == set(range(len(SEVEN) - 1))


def test_answers_of_a_question_are_told_apart() -> None:
    for question in QUESTIONS.values():
        keys = [answer.key for answer in question.answers]
        assert len(set(keys)) == len(keys) > 1
        assert not any("." in key for key in keys)
        assert question.ask and question.gist and question.article.startswith("第")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("clear.yes.no.own.found.secret.whole", Outcome.STATE_SECRET),
        ("clear.yes.no.own.found.secret.split", Outcome.PARTIAL),
        ("clear.yes.no.own.found.third.refuses.whole", Outcome.THIRD_PARTY),
        ("clear.yes.no.own.found.third.weighed.free", Outcome.GRANTED),
        ("clear.yes.reasonable.asked.found.none.unpaid", Outcome.FEE_UNPAID),
        ("silent", Outcome.NO_CORRECTION),
    ],
)
def test_where_answers_lead(said: str, outcome: Outcome) -> None:
    ending = walk(said.split(".")).ending
    assert ending is not None and ending.outcome == outcome


def test_what_is_no_answer_stands_at_the_last_one_understood() -> None:
    place = walk(["clear", "nonsense", "no"])
    assert place.lost and place.question == QUESTIONS["nature"]
    past_the_end = walk(["silent", "more"])
    assert past_the_end.lost and past_the_end.ending


# the page ----------------------------------------------------------------------------------------


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)


def url_of(case: Case, said: str = "") -> str:
    return reverse("cases:guide", args=[case.pk]) + (f"?said={said}" if said else "")


pages = pytest.mark.usefixtures("db", "today")


@pages
def test_one_question_a_page_and_the_answers_in_the_address(
    clerk_client: Client, case: Case
) -> None:
    page = clerk_client.get(url_of(case)).content.decode()
    assert "申请内容写清楚了吗？" in page
    assert url_of(case, "clear") in page
    page = clerk_client.get(url_of(case, "clear.yes")).content.decode()
    assert "是不是重复申请" in page
    assert url_of(case, "clear.yes.no") in page
    assert f'href="{url_of(case, "clear")}"' in page  # back to the second question


@pages
def test_an_outcome_leads_to_the_reply_with_it_chosen(clerk_client: Client, case: Case) -> None:
    page = clerk_client.get(url_of(case, "clear.yes.no.own.none")).content.decode()
    assert "（四）无法提供" in page and "第三十六条第四项" in page
    reply = f"{reverse('cases:reply', args=[case.pk])}?outcome=not_exist"
    assert f'href="{reply}"' in page
    form = clerk_client.get(reply).context["form"]
    assert form["outcome"].value() == "not_exist"


WAYS = {ending: ".".join(keys) for keys, ending in paths()}  # one to each ending


@pages
@pytest.mark.parametrize(("ending", "said"), WAYS.items(), ids=WAYS.values())
def test_every_ending_leads_to_its_act_and_its_letter(
    clerk_client: Client, case: Case, ending: Ending, said: str
) -> None:
    """On a case on which nothing was asked yet."""
    page = clerk_client.get(url_of(case, said))
    act_url, letter_url = page.context.get("act_url"), page.context.get("letter_url")
    assert act_url
    if ending.act == Act.DELAY:
        assert "还没有收到合理的理由说明" in page.context["refusal"]
        assert act_url == reverse("cases:ask_reasons", args=[case.pk]) and letter_url is None
        return
    assert letter_url
    form = clerk_client.get(act_url).context["form"]
    letter = clerk_client.get(letter_url).context
    if ending.outcome and ending.act != Act.WITHDRAW:
        assert form["outcome"].value() == ending.outcome
    if ending.outcome:
        assert letter["kind"] == LetterKind.REPLY
        assert letter["form"]["outcome"].value() == ending.outcome
    else:
        assert letter["kind"] == ending.letter
        assert page.context["basis"].startswith("条例第")
    if ending.act == Act.CONSULT:
        assert form["addressee"].value() == ending.addressee


@pages
@pytest.mark.parametrize(
    ("facts", "said", "name"),
    [
        (Facts(correction=(date(2025, 9, 16), None)), "silent", "give_up_correction"),
        (
            Facts(fee=(date(2025, 9, 16), None)),
            "clear.yes.no.own.found.none.unpaid",
            "fee_give_up",
        ),
        (Facts(), "withdrawn", "withdraw"),
        (Facts(), "clear.yes.reasons", "ask_reasons"),
    ],
)
def test_an_outcome_with_an_act_of_its_own_leads_to_it(
    clerk_client: Client, tree: Tree, facts: Facts, said: str, name: str
) -> None:
    case = make_case(tree.housing, facts=facts)
    page = clerk_client.get(url_of(case, said))
    act_url = page.context["act_url"]
    assert act_url.startswith(reverse(f"cases:{name}", args=[case.pk]))
    assert "带上这个类型" not in page.content.decode()
    assert clerk_client.get(act_url).status_code == 200


@pages
def test_reasons_that_are_good_lead_to_the_delayed_day(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, received_on=date(2025, 10, 9))
    by = hand_of(tree.housing)
    workflow.ask_reasons(case, by=by, today=TODAY, on=TODAY, why="三个月内申请 120 件")
    asked = clerk_client.get(url_of(case, "clear.yes.reasons")).content.decode()
    assert "已经要求申请人说明过理由。" in asked
    page = clerk_client.get(url_of(case, "clear.yes.delay"))
    assert page.context["act_url"] == reverse("cases:receive_reasons", args=[case.pk])
    workflow.receive_reasons(
        case, by=by, today=TODAY, on=TODAY, reasons="用于课题研究", reasonable=True
    )
    page = clerk_client.get(url_of(case, "clear.yes.delay"))
    assert page.context["act_url"] == reverse("cases:delay", args=[case.pk])


@pages
def test_while_a_draft_is_reviewed_it_says_why_not(clerk_client: Client, tree: Tree) -> None:
    make_chain(tree.housing)
    case = submitted(make_case(tree.housing))
    page = clerk_client.get(url_of(case, "clear.yes.no.own.none"))
    assert "act_url" not in page.context
    assert "第 1 次送审审核中，要改草稿请先撤回。" in page.content.decode()


@pages
def test_with_a_chain_it_leads_to_the_draft(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    make_chain(tree.housing)
    page = clerk_client.get(url_of(case, "clear.yes.no.own.found.secret.whole")).content.decode()
    assert f"{reverse('cases:draft', args=[case.pk])}?outcome=state_secret" in page
    assert "应当先申请行政复议" in page


@pages
def test_nonsense_in_the_address_is_said_and_does_not_break(
    clerk_client: Client, case: Case
) -> None:
    page = clerk_client.get(url_of(case, "clear.%00.<b>"))
    assert page.status_code == 200
    assert "地址中的回答无法识别" in page.content.decode()


@pages
def test_a_case_that_is_closed_needs_no_guide(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, closed_on=TODAY)
    page = clerk_client.get(url_of(case), follow=True)
    assert "已办结，不能拟稿。" in page.content.decode()


@pages
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_it_is_for_those_who_reply(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(url_of(case)).status_code == 403


@pages
def test_a_stranger_finds_nothing(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(url_of(case)).status_code == 404


@pages
def test_nothing_is_written_and_the_queries_do_not_grow(clerk_client: Client, case: Case) -> None:
    clerk_client.get(url_of(case))
    first = queries_of(lambda: clerk_client.get(url_of(case)))
    last = queries_of(lambda: clerk_client.get(url_of(case, "clear.yes.no.own.found")))
    assert last == first
    assert case.events.count() == 1
    assert clerk_client.post(url_of(case)).status_code == 405
