"""重新办理: a decision orders a new reply; the first reply, its year and the table stay."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome, ProceedingResult, Role, ServiceMethod, Stage
from cases.models import Case, Event, Proceeding
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import get_format
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding, make_user, queries_of
from tests.signoff import make_chain, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
RULED, CAME_IN = date(2025, 10, 9), date(2025, 10, 13)


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(
        tree.housing,
        received_on=date(2024, 12, 2),
        closed_on=date(2024, 12, 20),
        outcome=Outcome.PROCESS,
        service_method=ServiceMethod.POST,
        served_on=date(2024, 12, 20),
        reply_number="秀建公开〔2024〕9号",
    )


@pytest.fixture
def review(tree: Tree, case: Case) -> Proceeding:
    return make_proceeding(
        tree.housing,
        case=case,
        docket="秀政复〔2025〕8号",
        ruling="revoked",
        result=ProceedingResult.CORRECTED,
        concluded_on=RULED,
    )


def url_of(case: Case, verb: str) -> str:
    return reverse(f"cases:{verb}", args=[case.pk])


def order(case: Case, review: Proceeding, **fields: object) -> dict[str, Any]:
    case.refresh_from_db()
    return {
        "version": case.version,
        "proceeding": review.pk,
        "on": str(CAME_IN),
        "workdays": "10",
        "until": "",
    } | fields


def answer(case: Case, **fields: object) -> dict[str, Any]:
    case.refresh_from_db()
    return {
        "version": case.version,
        "outcome": "partial",
        "closed_on": "2025-10-23",
        "reply_number": "秀建公开〔2025〕重1号",
        "service_method": "post",
        "served_on": "2025-10-24",
        "mail_number": "XA12345678933",
    } | fields


def served(case: Case) -> dict[str, Any]:
    case.refresh_from_db()
    return {
        "version": case.version,
        "served_on": "2025-10-24",
        "service_method": "post",
        "mail_number": "XA12345678933",
    }


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def reopened(case: Case, review: Proceeding, on: date = CAME_IN, **term: Any) -> None:
    workflow.reopen(
        case,
        by=hand_of(case.department),
        today=TODAY,
        proceeding=review,
        on=on,
        **(term or {"workdays": 10}),
    )
    case.refresh_from_db()


def test_an_order_runs_its_own_term(clerk_client: Client, case: Case, review: Proceeding) -> None:
    page = clerk_client.post(url_of(case, "reopen"), order(case, review), follow=True)
    content = page.content.decode()
    case.refresh_from_db()
    assert case.again_until == date(2025, 10, 27)  # the tenth working day after 10-13
    assert (case.stage, case.closed_on) == (Stage.CLOSED, date(2024, 12, 20))
    assert "重新办理中" in content and "重办 今日到期" in content
    assert "限收到之日起 10 个工作日内，至 2025-10-27" in content
    assert page.context["due"].label == "重新答复期限"
    assert page.context["due"].day == case.again_until
    event = case.events.get(kind=EventKind.REOPENED)
    assert (event.on, event.data) == (CAME_IN, {"proceeding": review.pk, "workdays": 10})


@pytest.mark.parametrize(
    ("term", "until", "lamp"),
    [
        ({"workdays": 9}, date(2025, 10, 24), "重办 逾期 1 日"),
        ({"workdays": 10}, date(2025, 10, 27), "重办 今日到期"),
        ({"workdays": 11}, date(2025, 10, 28), "重办 剩 1 日"),
        ({"until": date(2025, 10, 26)}, date(2025, 10, 26), "重办 逾期 1 日"),  # a Sunday
        ({"until": date(2025, 11, 4)}, date(2025, 11, 4), "重办 剩 6 日"),
    ],
)
def test_the_list_shows_it_until_it_is_replied_again(
    clerk_client: Client,
    case: Case,
    review: Proceeding,
    term: dict[str, Any],
    until: date,
    lamp: str,
) -> None:
    reopened(case, review, **term)
    assert case.again_until == until
    asked = reverse("cases:list") + "?due=again"
    assert f">{lamp}</span>" in clerk_client.get(asked).content.decode()
    listed = clerk_client.get(reverse("cases:proceedings"), {"due": "again"})
    assert review.docket in listed.content.decode()
    clerk_client.post(url_of(case, "reply_again"), answer(case), follow=True)  # told of it there
    assert case.number not in clerk_client.get(asked).content.decode()
    assert "按时办结" in clerk_client.get(reverse("cases:list")).content.decode()


def test_the_case_shows_both_replies(clerk_client: Client, case: Case, review: Proceeding) -> None:
    reopened(case, review)
    page = clerk_client.post(url_of(case, "reply_again"), answer(case), follow=True)
    content = page.content.decode()
    assert "秀建公开〔2024〕9号" in content and "秀建公开〔2025〕重1号" in content
    assert "部分公开" in content and "属于四类过程性信息" in content
    assert "2025-10-23 已重新答复" in content
    assert "交邮日期 2025-10-24，邮单号 XA12345678933" in content
    case.refresh_from_db()
    review.refresh_from_db()
    assert (case.again_until, review.replied_again_on) == (None, date(2025, 10, 23))
    assert (case.outcome, case.closed_on) == (Outcome.PROCESS, date(2024, 12, 20))
    event = case.events.get(kind=EventKind.REPLIED_AGAIN)
    assert (event.data["outcome"], event.data["until"]) == ("partial", "2025-10-27")
    assert "已过期限" not in content


def test_a_new_reply_after_its_term_is_said_to_be_late(
    clerk_client: Client, case: Case, review: Proceeding
) -> None:
    reopened(case, review, workdays=8)  # until 2025-10-23
    said = answer(case, served_on="2025-10-24")
    content = clerk_client.post(url_of(case, "reply_again"), said, follow=True).content.decode()
    assert "2025-10-23，已过期限" in content


def test_the_tables_of_both_years_stay(case: Case, review: Proceeding) -> None:
    def tables() -> list[Any]:
        fmt = get_format("2021")
        years = (Period.year(2024), Period.year(2025))
        return [count(scope_of(case.department, OWN, year), year, fmt) for year in years]

    before = tables()
    reopened(case, review)
    assert tables() == before
    workflow.reply_again(
        case,
        by=hand_of(case.department),
        today=TODAY,
        outcome=Outcome.GRANTED,
        closed_on=date(2025, 10, 23),
        service_method=ServiceMethod.POST,
        served_on=date(2025, 10, 23),
    )
    assert tables() == before


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"on": ""}, "on", "请填写收到日期。"),
        ({"on": "2025-10-08"}, "on", "不能早于审结日期 2025-10-09。"),
        ({"on": "2025-10-28"}, "on", "不能填将来的日期。"),
        ({"workdays": ""}, "workdays", "请填写责令的期限：工作日数或日期。"),
        ({"until": "2025-11-01"}, "workdays", "期限只填一种：工作日数，或者写明的日期。"),
        ({"workdays": "0"}, "workdays", "1"),
        ({"workdays": "121"}, "workdays", "120"),
        ({"workdays": "十"}, "workdays", "整数"),
        ({"workdays": "", "until": "2025-10-12"}, "until", "不能早于收到日期 2025-10-13。"),
        ({"proceeding": "999999"}, "proceeding", "所选的依据的复议、诉讼不在可选项之内"),
        ({"proceeding": ""}, "proceeding", "请选择依据的复议、诉讼。"),
    ],
)
def test_a_wrong_order_is_said_beside_its_field(
    clerk_client: Client,
    case: Case,
    review: Proceeding,
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    page = clerk_client.post(url_of(case, "reopen"), order(case, review, **fields))
    assert sentence in errors(page)[field][0]
    case.refresh_from_db()
    assert case.again_until is None
    assert not Event.objects.filter(kind=EventKind.REOPENED).exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"outcome": ""}, "outcome", "请选择答复类型。"),
        ({"closed_on": "2025-10-12"}, "closed_on", "不能早于收到决定、判决的日期 2025-10-13。"),
        ({"served_on": "2025-10-22"}, "served_on", "不能早于答复日期 2025-10-23。"),
        ({"served_on": "2025-10-28"}, "served_on", "不能填将来的日期。"),
        ({"served_on": ""}, "served_on", "填了邮单号的，请填交邮日期。"),
        ({"service_method": ""}, "service_method", "请选择送达方式。"),
        ({"service_method": "portal"}, "mail_number", "只有邮寄才有邮单号，请留空。"),
        ({"mail_number": "x"}, "mail_number", "邮单号为 8 至 20 位字母和数字"),
    ],
)
def test_a_wrong_reply_is_said_beside_its_field(
    clerk_client: Client,
    case: Case,
    review: Proceeding,
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    reopened(case, review)
    page = clerk_client.post(url_of(case, "reply_again"), answer(case, **fields))
    assert sentence in errors(page)[field][0]
    assert "秀建公开〔2025〕重1号" in page.content.decode()
    case.refresh_from_db()
    assert case.again_until == date(2025, 10, 27)


def test_without_a_decision_there_is_nothing_to_reopen(
    clerk_client: Client, tree: Tree, case: Case
) -> None:
    def refusal(verb: str) -> str:
        return clerk_client.get(url_of(case, verb), follow=True).content.decode()

    assert "没有已审结、可以责令重新答复的复议或诉讼" in refusal("reopen")
    make_proceeding(tree.housing, case=case, result="upheld", concluded_on=RULED)
    make_proceeding(tree.housing, case=case)
    assert "没有已审结、可以责令重新答复的复议或诉讼" in refusal("reopen")
    assert "没有待执行的责令重新答复，不能重新答复。" in refusal("reply_again")
    page = clerk_client.post(url_of(case, "reply_again"), answer(case))
    assert "没有待执行的责令重新答复" in errors(page)["__all__"][0]
    open_case = make_case(tree.housing)
    page = clerk_client.get(url_of(open_case, "reopen"), follow=True)
    assert "办理中，不能登记重新办理。" in page.content.decode()


def test_the_term_is_put_right_by_saying_it_again(case: Case, review: Proceeding) -> None:
    reopened(case, review)
    reopened(case, review, until=date(2025, 11, 14))
    assert case.again_until == date(2025, 11, 14)
    assert case.events.filter(kind=EventKind.REOPENED).count() == 2


def test_it_is_rebuilt_from_the_events(case: Case, review: Proceeding) -> None:
    reopened(case, review)
    Case.objects.filter(pk=case.pk).update(again_until=None)
    call_command("rebuild_clocks")
    case.refresh_from_db()
    assert case.again_until == date(2025, 10, 27)


def test_a_decision_that_ordered_it_stays(
    clerk_client: Client, tree: Tree, case: Case, review: Proceeding
) -> None:
    reopened(case, review)
    review.refresh_from_db()
    said: dict[str, Any] = {
        "kind": "review",
        "department": tree.housing.pk,
        "docket": review.docket,
        "filed_on": str(review.filed_on),
        "case_number": case.number,
        "case_pk": case.pk,
        "ruling": "revoked",
        "result": "corrected",
        "concluded_on": str(RULED),
        "version": review.version,
    }
    url = reverse("cases:proceeding_amend", args=[review.pk])
    page = clerk_client.post(url, said | {"ruling": "", "result": "", "concluded_on": ""})
    assert "已登记责令重新答复，不能改为尚未审结。" in errors(page)["concluded_on"]
    page = clerk_client.post(url, said | {"concluded_on": "2025-10-14"})
    assert "不能晚于收到决定、判决的日期 2025-10-13。" in errors(page)["concluded_on"]
    page = clerk_client.post(url, said | {"case_number": "", "case_pk": ""})
    assert "已登记责令重新答复，不能改为另一件申请。" in str(errors(page))
    for step in (0, 1, 2):  # ordered, answered again, and served
        if step == 1:
            clerk_client.post(url_of(case, "reply_again"), answer(case, served_on=""))
        if step == 2:
            clerk_client.post(url_of(case, "serve"), served(case))
        said["version"] = Proceeding.objects.get().version
        page = clerk_client.post(url, said | {"ruling": "upheld", "result": "upheld"})
        (sentence,) = errors(page)["result"]
        assert sentence.startswith("已登记责令重新答复，不能改为“结果维持”；确系误登的，请先撤销")
        assert Proceeding.objects.get().result == ProceedingResult.CORRECTED
    assert clerk_client.post(url, said | {"ruling": "unlawful"}).status_code == 302


def test_an_order_recorded_by_mistake_is_revoked(
    clerk_client: Client, case: Case, review: Proceeding
) -> None:
    """Said anew it is revoked step by step; then the decision may be put right, the case voided."""
    reopened(case, review, workdays=10)
    first = case.events.get(kind=EventKind.REOPENED)
    reopened(case, review, on=date(2025, 10, 14), workdays=10)
    second = case.events.filter(kind=EventKind.REOPENED).latest("pk")
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "reason": "误登"}
    with pytest.raises(ValidationError, match="其后还有“2025-10-14 责令重新答复”"):
        workflow.revoke(case, event=first.pk, **said)
    page = clerk_client.get(url_of(case, "revoke"), {"event": second.pk})
    assert page.context["form"].chosen() == second
    workflow.revoke(case, event=second.pk, **said)
    for it in (case, review):
        it.refresh_from_db()
    assert (case.again_until, review.ordered_on) == (date(2025, 10, 27), CAME_IN)
    workflow.revoke(case, event=first.pk, **said)
    for it in (case, review):
        it.refresh_from_db()
    assert (case.again_until, case.is_reopened, review.ordered_on) == (None, False, None)
    assert (case.stage, case.closed_on) == (Stage.CLOSED, date(2024, 12, 20))
    review.ruling, review.result = "upheld", ProceedingResult.UPHELD
    workflow.record_proceeding(review, by=said["by"], today=TODAY, version=review.version)
    workflow.void(case, **said)


def test_an_order_that_was_answered_is_not_revoked_first(case: Case, review: Proceeding) -> None:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    reopened(case, review)
    event = case.events.get(kind=EventKind.REOPENED)
    again: dict[str, Any] = {"closed_on": TODAY, "service_method": ServiceMethod.POST}
    workflow.reply_again(case, outcome=Outcome.GRANTED, **again, **said)
    with pytest.raises(ValidationError, match="其后还有“2025-10-27 重新答复”，请先撤销那一条"):
        workflow.revoke(case, event=event.pk, reason="误登", **said)
    with pytest.raises(ValidationError, match="这一条记录已经更正或者撤销"):  # said anew instead
        workflow.put_right(case, event=event.pk, on=TODAY, reason="误登", **said)


def test_an_order_is_not_revoked_under_a_draft_that_is_signed(
    case: Case, review: Proceeding
) -> None:
    reopened(case, review)
    make_chain(case.department)
    submitted(case)
    event = case.events.get(kind=EventKind.REOPENED)
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "reason": "误登"}
    with pytest.raises(ValidationError, match="第 1 次送审审核中，请先撤回送审。"):
        workflow.revoke(case, event=event.pk, **said)
    workflow.recall(case, by=said["by"], today=TODAY)
    workflow.revoke(case, event=event.pk, **said)
    case.refresh_from_db()
    assert not case.is_worked


def test_two_clerks(clerk_client: Client, case: Case, review: Proceeding) -> None:
    seen = order(case, review)
    clerk_client.post(url_of(case, "reopen"), seen)
    page = clerk_client.post(url_of(case, "reopen"), seen | {"workdays": "15"})
    assert "您打开之后" in errors(page)["__all__"][0]
    case.refresh_from_db()
    assert case.again_until == date(2025, 10, 27)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
@pytest.mark.parametrize("verb", ["reopen", "reply_again"])
def test_other_roles_and_strangers(
    client: Client, tree: Tree, case: Case, review: Proceeding, role: Role, verb: str
) -> None:
    reopened(case, review)
    client.force_login(make_user(role, tree.housing))
    said = order(case, review) | answer(case)
    assert client.get(url_of(case, verb)).status_code == 403
    assert client.post(url_of(case, verb), said).status_code == 403
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(url_of(case, verb)).status_code == 404
    assert client.post(url_of(case, verb), said).status_code == 404


def test_the_list_costs_no_query_a_row(clerk_client: Client, tree: Tree) -> None:
    def add() -> None:
        case = make_case(tree.housing, closed_on=date(2025, 9, 16))
        found = make_proceeding(
            tree.housing,
            case=case,
            filed_on=date(2025, 9, 17),
            result="corrected",
            concluded_on=RULED,
        )
        reopened(case, found)

    def visit(address: str) -> int:
        return queries_of(lambda: clerk_client.get(address))

    addresses = (reverse("cases:list") + "?due=again", reverse("cases:proceedings"))
    add()
    for address in addresses:
        visit(address)
    with_one = [visit(address) for address in addresses]
    for _ in range(5):
        add()
    assert [visit(address) for address in addresses] == with_one
