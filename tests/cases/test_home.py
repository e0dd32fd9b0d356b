"""我的工作: each count opens the list it counts; nothing on the page costs a query a case."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Addressee, Channel, ProceedingResult, Role, ServiceMethod
from cases.models import Case, Department, Deputy, LedgerUpload, RoleAssignment, User
from cases.views.home import NEWS, OWED_ROWS
from tests.ledgers import case_row, make_ledger
from tests.makers import (
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_case,
    make_proceeding,
    make_user,
    queries_of,
)
from tests.signoff import make_chain, submitted
from tests.uploads import imported

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.government, name="经办员甲"))
    return client


def tiles(client: Client) -> dict[str, int]:
    page = client.get(reverse("cases:home"))
    return {tile.label: tile.value for tile in page.context["tiles"]}


def news_of(client: Client) -> list[dict[str, str]]:
    feed: list[dict[str, str]] = client.get(reverse("cases:home")).context["feed"]
    return feed


def make_busy_monday(tree: Tree) -> None:
    """One case in each state, on 2025-10-27."""
    handler = make_user(Role.CLERK, tree.housing)
    make_case(tree.office, received_on=date(2025, 10, 22))  # unassigned
    make_case(tree.office, received_on=None, channel=Channel.PORTAL)
    make_case(tree.land, received_on=date(2025, 9, 18), handler=handler)  # due 10-22
    make_case(tree.housing, received_on=date(2025, 9, 23), handler=handler)  # due today
    make_case(tree.housing, received_on=date(2025, 9, 28), handler=handler)  # due 10-31
    make_case(
        tree.town,
        received_on=date(2025, 10, 15),
        handler=handler,
        facts=Facts(correction=(date(2025, 10, 17), None)),
    )
    make_case(
        tree.town,
        received_on=date(2025, 10, 10),
        handler=handler,
        facts=Facts(consultation=(date(2025, 10, 17), None)),
    )
    make_case(
        tree.town,
        received_on=date(2025, 10, 10),
        handler=handler,
        facts=Facts(fee=(date(2025, 10, 17), None)),
    )
    make_case(
        tree.office,
        received_on=date(2025, 9, 23),
        handler=handler,
        closed_on=date(2025, 10, 24),
        service_method=ServiceMethod.POST,
    )


def test_the_tiles_count_what_waits(clerk_client: Client, tree: Tree) -> None:
    make_busy_monday(tree)
    assert tiles(clerk_client) == {
        "未分派": 1,
        "待确认": 1,
        "五日内到期": 3,  # one of them is replied and has to be posted today
        "逾期未办": 1,
        "等待补正": 1,
        "征求意见中": 1,
        "等待缴费": 1,
        "待审核": 0,
        "待送达": 1,
    }


def test_each_tile_opens_a_list_of_just_as_many(clerk_client: Client, tree: Tree) -> None:
    make_busy_monday(tree)
    for tile in clerk_client.get(reverse("cases:home")).context["tiles"]:
        listed = clerk_client.get(tile.url).context["table"].paginator.count
        assert listed == tile.value, tile.label


def make_rare_work(tree: Tree, client: Client) -> tuple[User, User]:
    """What only some organs have: two reviewers of 区住建局, with work handed to and fro."""
    asks, works = make_user(Role.REVIEWER, tree.housing), make_user(Role.REVIEWER, tree.housing)
    client.force_login(works)
    make_chain(tree.housing)
    said: Any = {"by": asks, "today": TODAY}
    waiting, accepted, refused = (
        workflow.assign(make_case(tree.housing), handler=works, **said) for _ in range(3)
    )
    assert waiting.handler == works
    workflow.accept(accepted, by=works, today=TODAY)
    workflow.refuse_assignment(refused, by=works, today=TODAY, reason="不属本科室")
    workflow.assign(make_case(tree.housing), handler=asks, **said)  # taken, not waited for
    submitted(make_case(tree.housing, handler=works))
    workflow.send_back(submitted(make_case(tree.housing)), comment="依据不准", **said)
    return asks, works


def test_what_only_some_have_is_counted_while_there_is_any(client: Client, tree: Tree) -> None:
    reopened_case(tree.housing)
    make_rare_work(tree, client)
    make_proceeding(tree.housing, docket="甲", received_on=date(2025, 10, 14))
    make_proceeding(tree.housing, docket="乙", received_on=date(2025, 10, 11))
    make_proceeding(tree.land, docket="丙", received_on=date(2025, 10, 14))
    found = tiles(client)
    assert {label: found[label] for label in [*found][8:]} == {
        "待送达": 0,
        "待我审核": 1,
        "退回修改": 1,
        "已分派未接收": 1,
        "退回待重新分派": 1,
        "待提交答复、答辩": 2,
        "待重新答复": 1,
    }
    assert found["待审核"] == 1
    page = client.get(reverse("cases:home"))
    for tile in page.context["tiles"]:
        listed = client.get(tile.url).context["table"].page.object_list
        assert len(list(listed)) == tile.value, tile.label
    notes = {tile.label: tile.note for tile in page.context["tiles"]}
    assert notes["待提交答复、答辩"] == "有的 10-24 已期满"
    assert notes["待重新答复"] == "最近 10-28 期满"
    views = {view.label: view for view in client.get(reverse("cases:list")).context["views"]}
    assert (views["待审核"].count, views["待我审核"].count) == (1, 1)


def test_what_only_some_have_is_left_out_where_there_is_none(
    clerk_client: Client, tree: Tree
) -> None:
    make_busy_monday(tree)
    assert len(tiles(clerk_client)) == 9
    labels = [view.label for view in clerk_client.get(reverse("cases:list")).context["views"]]
    assert "待审核" in labels and "已分派未接收" not in labels
    asked = clerk_client.get(reverse("cases:list"), {"assigned": "waiting"})
    (current,) = (view for view in asked.context["views"] if view.current)
    assert (current.label, current.count) == ("已分派未接收", None)


def test_what_reviews_and_suits_ask_stands_by_its_day_with_lamp_and_links(
    client: Client, tree: Tree
) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    again = reopened_case(tree.housing)
    late = make_proceeding(tree.housing, docket="秀政复〔2025〕9号", received_on=date(2025, 10, 11))
    unknown = make_proceeding(tree.housing, docket="秀政复〔2025〕10号")
    page = client.get(reverse("cases:home"))
    rows = page.context["owed"]
    said = [(r["standing"].latest.label, r["standing"].latest.lamp.text, r["due"]) for r in rows]
    assert said == [("书面答复", "逾期 1 日", "10-24"), ("重新答复", "剩 1 日", "10-28")]
    content = page.content.decode()
    assert reverse("cases:proceeding_amend", args=[late.pk]) in content
    assert reverse("cases:detail", args=[again.pk]) in content
    assert reverse("cases:proceeding_amend", args=[unknown.pk]) not in content


def test_more_than_fit_of_reviews_and_suits_lead_to_their_list(
    clerk_client: Client, tree: Tree
) -> None:
    def cost() -> int:
        return queries_of(lambda: clerk_client.get(reverse("cases:home")))

    make_proceeding(tree.housing, docket="1", received_on=date(2025, 10, 14))
    cost()
    with_one = cost()
    for n in range(2, OWED_ROWS + 2):
        make_proceeding(tree.housing, docket=f"{n}", received_on=date(2025, 10, 14))
    assert cost() == with_one
    page = clerk_client.get(reverse("cases:home"))
    assert len(page.context["owed"]) == OWED_ROWS and page.context["owed_more"]
    assert tiles(clerk_client)["待提交答复、答辩"] == OWED_ROWS + 1


def reopened_case(department: Department) -> Case:
    """Ordered on 2025-10-14 to be answered again within ten working days."""
    case = make_case(department, received_on=date(2025, 6, 2), closed_on=date(2025, 6, 20))
    review = make_proceeding(
        department,
        case=case,
        docket="秀政复〔2025〕8号",
        ruling="revoked",
        result=ProceedingResult.CORRECTED,
        concluded_on=date(2025, 10, 13),
    )
    by = hand_of(department)
    on = date(2025, 10, 14)
    workflow.reopen(case, by=by, today=TODAY, proceeding=review, on=on, workdays=10)
    return case


def test_each_count_opens_a_list_of_just_as_many_for_a_deputy_and_a_drafter_too(
    client: Client, tree: Tree
) -> None:
    """What colleagues on leave and other organs have handed to one is counted, and listed."""
    clerk, absent = make_user(Role.CLERK, tree.town), make_user(Role.CLERK, tree.housing)
    Deputy.objects.create(user=absent, deputy=clerk, from_on=TODAY, to_on=TODAY)
    make_busy_monday(tree)
    make_case(tree.town, handler=clerk, received_on=date(2025, 9, 18))
    make_case(tree.housing, handler=absent, received_on=date(2025, 9, 18))
    make_case(tree.office, drafting_department=tree.town, received_on=date(2025, 10, 22))
    client.force_login(clerk)
    page = client.get(reverse("cases:home"))
    views = client.get(reverse("cases:list")).context["views"]
    counts = {tile.url: tile.value for tile in page.context["tiles"]}
    counts |= {view.url: view.count for view in views}
    assert counts[f"{reverse('cases:list')}?mine=1"] == page.context["counts"].mine == 2
    assert counts[f"{reverse('cases:list')}?due=overdue"] == 2
    for url, count in counts.items():
        assert client.get(url).context["table"].paginator.count == count, url


def test_the_notes_of_the_tiles_name_the_nearest_day(clerk_client: Client, tree: Tree) -> None:
    make_busy_monday(tree)
    page = clerk_client.get(reverse("cases:home"))
    notes = {tile.label: tile.note for tile in page.context["tiles"]}
    assert notes["未分派"] == "最早 10-22 收到"
    assert notes["五日内到期"] == "今日 2 件"
    assert notes["逾期未办"] == "最长逾期 3 个工作日"
    assert notes["等待补正"] == "最近 11-07 期满"
    assert notes["征求意见中"] == "最近 11-07 期满"
    assert notes["待送达"] == "1 件须在今日送达"


def test_an_opinion_without_a_term_has_no_day_to_name(clerk_client: Client, tree: Tree) -> None:
    facts = Facts(consultation=(date(2025, 10, 17), None), consulted=Addressee.OTHER_ORGAN)
    make_case(tree.town, received_on=date(2025, 10, 10), facts=facts)
    page = clerk_client.get(reverse("cases:home"))
    notes = {tile.label: tile.note for tile in page.context["tiles"]}
    assert tiles(clerk_client)["征求意见中"] == 1
    assert notes["征求意见中"] == ""


def test_the_most_urgent_stands_first_with_its_next_step(clerk_client: Client, tree: Tree) -> None:
    make_busy_monday(tree)
    rows = clerk_client.get(reverse("cases:home")).context["urgent"]
    assert [row.lamp.text for row in rows[:4]] == ["逾期 3 日", "今日到期", "今日到期", "剩 4 日"]
    assert {row.next_step for row in rows} == {"答复", "登记送达", "分派经办人"}
    assert rows[0].note == "第 20 个工作日"


def test_a_step_is_a_link_only_for_who_may_take_it(client: Client, tree: Tree) -> None:
    """Where it is somebody else's, the page says whose."""
    make_busy_monday(tree)
    clerk = make_user(Role.CLERK, tree.office)
    RoleAssignment.objects.create(user=clerk, department=tree.government, role=Role.AUDITOR)
    client.force_login(clerk)
    rows = client.get(reverse("cases:home")).context["urgent"]
    assert {row.case.department for row in rows if row.next_url} == {tree.office}
    for row in rows:
        assert not row.next_url or client.get(row.next_url).status_code == 200
        assert bool(row.handler) == (not row.next_url)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_who_only_looks_after_cases_begins_with_the_year(
    client: Client, tree: Tree, role: Role
) -> None:
    client.force_login(make_user(role, tree.government))
    answer = client.get(reverse("cases:home"))
    assert answer.status_code == 302
    page = client.get(answer.url, follow=True)  # type: ignore[attr-defined]
    assert page.status_code == 200
    assert [entry.label for entry in page.context["nav"]][:2] == ["全局", "申请件"]


def test_a_reviewer_has_both_pages(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.REVIEWER, tree.housing))
    page = client.get(reverse("cases:home"))
    assert [entry.label for entry in page.context["nav"]][:2] == ["全局", "我的工作"]


def test_a_term_of_waiting_that_has_passed_asks_for_a_decision(
    clerk_client: Client, tree: Tree
) -> None:
    facts = Facts(correction=(date(2025, 9, 17), None))  # fifteen working days: 10-14
    make_case(tree.town, facts=facts)
    page = clerk_client.get(reverse("cases:home"))
    notes = {tile.label: tile.note for tile in page.context["tiles"]}
    assert notes["等待补正"] == "有的 10-14 已期满"


def test_ten_working_days_ahead_skip_the_weekend(clerk_client: Client, tree: Tree) -> None:
    make_busy_monday(tree)
    ahead = clerk_client.get(reverse("cases:home")).context["ahead"]
    assert [day["date"] for day in ahead] == [
        "27", "28", "29", "30", "31", "11/3", "4", "5", "6", "7"
    ]  # fmt: skip
    assert [day["count"] for day in ahead] == [2, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    for day in ahead:
        assert clerk_client.get(day["url"]).context["table"].paginator.count == day["count"]


def test_what_happened_last_is_told_with_its_case(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    feed = clerk_client.get(reverse("cases:home")).context["feed"]
    assert feed[0]["number"] == case.number
    assert feed[0]["url"] == reverse("cases:detail", args=[case.pk])


def test_an_import_is_one_piece_of_news_among_the_others(clerk_client: Client, tree: Tree) -> None:
    before = make_case(tree.housing)
    rows = [case_row(f"{n}", 答复类型="予以公开", 答复日期="2025-10-10") for n in range(1, 10)]
    upload = imported(clerk_client, make_ledger(rows), tree.government, "十月.xlsx")
    after = make_case(tree.housing)
    feed = news_of(clerk_client)
    assert [item["number"] for item in feed] == [after.number, "台账导入", before.number]
    assert feed[1]["text"] == "经办员甲 导入 十月.xlsx，新增 9 件"
    assert feed[1]["url"] == reverse("cases:import", args=[upload.pk])
    LedgerUpload.objects.update(imported=None)  # as one that came in by command
    assert news_of(clerk_client)[1]["url"] == ""
    aside = Client()
    aside.force_login(make_user(Role.CLERK, tree.housing))  # the import was the government's
    assert [item["number"] for item in news_of(aside)] == [after.number, before.number]


def test_news_of_many_imports_is_cut_short_and_costs_the_same(
    clerk_client: Client, tree: Tree
) -> None:
    def costs() -> int:
        return queries_of(lambda: clerk_client.get(reverse("cases:home")))

    for n in range(1, 9):
        imported(clerk_client, make_ledger([case_row(f"{n}")]), tree.housing, f"{n}.xlsx")
    once = costs()
    imported(clerk_client, make_ledger([case_row(f"{n}") for n in range(9, 40)]), tree.housing)
    assert costs() == once
    assert [item["number"] for item in news_of(clerk_client)] == ["台账导入"] * NEWS


def test_nothing_of_another_district_is_counted(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.neighbour, received_on=date(2025, 9, 18))
    page = clerk_client.get(reverse("cases:home"))
    assert not any(tile.value for tile in page.context["tiles"])
    assert not page.context["feed"]


def test_a_new_office_is_told_what_to_do_first(clerk_client: Client) -> None:
    page = clerk_client.get(reverse("cases:home")).content.decode()
    assert "从登记第一件开始" in page
    assert f'href="{reverse("cases:register")}">登记申请' in page


def test_an_office_with_nothing_running_says_so(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing, closed_on=date(2025, 10, 9))
    assert "没有正在计算期限的申请件" in clerk_client.get(reverse("cases:home")).content.decode()


def test_an_administrator_is_told_what_a_new_system_needs(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert "先载入单位" in client.get(reverse("cases:home")).content.decode()
    client.force_login(make_user(None))
    assert "您还没有角色" in client.get(reverse("cases:home")).content.decode()


def test_thirty_cases_cost_no_more_queries_than_one(clerk_client: Client, tree: Tree) -> None:
    def visit() -> int:
        return queries_of(lambda: clerk_client.get(reverse("cases:home")))

    facts = Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    make_case(tree.housing, facts=facts)
    visit()  # caches of the process
    with_one = visit()
    for _ in range(29):
        make_case(tree.housing, facts=facts)
    assert visit() == with_one <= 21


def test_other_methods_are_refused(clerk_client: Client) -> None:
    assert clerk_client.post(reverse("cases:home")).status_code == 405
