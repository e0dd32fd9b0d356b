"""全局: the year at a glance. Each figure opens just the cases it counts; units cost no queries."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from cases.choices import (
    Channel,
    Outcome,
    ProceedingKind,
    ProceedingResult,
    Role,
    ServiceMethod,
)
from cases.departments import succeed_department
from cases.models import User
from reports.choices import OWN
from reports.overview import FIGURES
from tests.makers import (
    Facts,
    Tree,
    make_case,
    make_department,
    make_proceeding,
    make_tree,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = "/overview/"
CASES = "/overview/cases/"
MAY, JUNE = date(2025, 5, 6), date(2025, 6, 3)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def supervisor(tree: Tree, client: Client) -> User:
    user = make_user(Role.SUPERVISOR, tree.government)
    client.force_login(user)
    return user


def make_year(tree: Tree) -> None:
    """2025 as at 10-27: 5 new, 1 carried, 3 answered, of which 1 late; 1 overdue."""
    make_case(tree.office, received_on=date(2024, 12, 23), closed_on=date(2025, 1, 6))
    make_case(tree.housing, received_on=MAY, closed_on=date(2025, 5, 20), outcome=Outcome.PARTIAL)
    make_case(  # due 06-04; posted the day after
        tree.housing,
        received_on=MAY,
        closed_on=date(2025, 6, 4),
        outcome=Outcome.NOT_EXIST,
        service_method=ServiceMethod.POST,
        served_on=date(2025, 6, 5),
    )
    make_case(tree.land, received_on=date(2025, 9, 18))  # due 10-22
    make_case(
        tree.land,
        received_on=date(2025, 10, 10),
        facts=Facts(consultation=(date(2025, 10, 17), None)),
    )
    make_case(
        tree.office,
        received_on=date(2025, 10, 15),
        facts=Facts(correction=(date(2025, 10, 17), None)),
    )
    make_case(tree.office, received_on=None, channel=Channel.PORTAL)  # 待确认 counts nowhere


def tiles(page: Any) -> dict[str, tuple[object, str]]:
    return {tile.label: (tile.value, tile.note) for tile in page.context["tiles"]}


def listed(client: Client, url: str) -> int:
    return int(client.get(url).context["table"].paginator.count)


def text_of(response: Any) -> str:
    return re.sub(r"\s+|<[^>]+>", "", response.content.decode())


def test_the_tiles_tell_the_year_so_far(client: Client, tree: Tree, supervisor: User) -> None:
    make_year(tree)
    assert tiles(client.get(PAGE)) == {
        "新收": (5, "上年同期无数据，结转 1"),
        "办结": (3, "上年同期无数据"),
        "在办": (3, "征求意见 1，等待补正 1"),
        "逾期未办": (1, "区资规分局"),
        "按时答复率": ("66.7", "3 件中 2 件按时"),
        "实质公开率": ("66.7", "予以 1 + 部分 1"),
    }


def test_every_figure_opens_the_cases_it_counts(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_year(tree)
    page = client.get(PAGE)
    for tile in page.context["tiles"][:4]:
        assert listed(client, tile.url) == tile.value, tile.label
    for rate, cases in zip(page.context["tiles"][4:], (1, 2), strict=True):
        assert listed(client, rate.url) == cases, rate.label  # the late ones; those disclosed
    for row in page.context["month_rows"]:
        for cell in row["cells"]:
            assert listed(client, cell["url"]) == cell["value"], row["month"]
    for row in page.context["unit_rows"]:
        assert listed(client, row["url"]) == row["work"].received, row["name"]
        assert listed(client, row["late_url"]) == row["late"], row["name"]


def test_a_list_says_which_figure_it_is_of(client: Client, tree: Tree, supervisor: User) -> None:
    make_year(tree)
    asked: dict[str, Any] = {"department": tree.government.pk, "year": 2025, "scope": "all"}
    page = client.get(CASES, asked | {"figure": "new", "unit": tree.housing.pk, "month": 5})
    assert "2025年5月新收：2件" in text_of(page) and "全局/区住建局" in text_of(page)
    page = client.get(CASES, asked | {"figure": "late"})
    assert "2025年度逾期答复：1件" in text_of(page)
    assert 'href="/overview/?' in page.content.decode()  # and the way back


def test_the_months_carry_over_what_is_open(client: Client, tree: Tree, supervisor: User) -> None:
    make_year(tree)
    chart = client.get(PAGE).context["months"]
    assert chart["months"] == [f"{month}月" for month in range(1, 11)]
    assert chart["received"] == [0, 0, 0, 0, 2, 0, 0, 0, 1, 2]
    assert chart["closed"] == [1, 0, 0, 0, 1, 1, 0, 0, 0, 0]
    assert chart["open"] == [0, 0, 0, 0, 1, 0, 0, 0, 1, 3]


def test_units_stand_by_volume_with_their_bars(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_year(tree)
    make_case(tree.housing, received_on=JUNE, closed_on=JUNE)
    rows = client.get(PAGE).context["unit_rows"]
    assert [row["name"] for row in rows] == ["区住建局", "区政府办", "区资规分局"]
    assert [row["rate"] for row in rows] == ["66.7%", "100%", "—"]
    assert rows[2]["bar"] == {
        "label": "办结 0，在办 2，逾期 1",
        "parts": [
            {"css": "o", "x": "0.00", "width": "33.33"},
            {"css": "x", "x": "33.33", "width": "33.33"},
        ],
    }


def test_each_figure_of_a_unit_opens_its_cases(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_year(tree)
    make_case(  # the fee is still to be paid
        tree.housing,
        received_on=date(2025, 10, 10),
        facts=Facts(fee=(date(2025, 10, 17), None)),
    )
    page = client.get(PAGE)
    assert tiles(page)["在办"] == (4, "征求意见 1，等待补正 1，等待缴费 1")
    for row in page.context["unit_rows"]:
        work = row["work"]
        assert listed(client, row["url"]) == work.received
        assert listed(client, row["closed_url"]) == work.closed
        assert listed(client, row["open_url"]) == work.open
        assert bool(row["rate_url"]) is bool(work.late)
        if work.late:
            assert listed(client, row["rate_url"]) == work.late
            assert f"{row['rate']}</a>" in page.content.decode()


def test_the_units_after_the_eleventh_are_one_line_to_unfold(
    client: Client, tree: Tree, supervisor: User
) -> None:
    for n in range(13):
        town = make_department(f"第{n}镇", parent=tree.government)
        make_case(town, received_on=MAY, closed_on=MAY if n else None)
    context = client.get(PAGE).context
    assert len(context["unit_rows"]) == 12
    rest = context["unit_rows"][-1]
    assert (rest["name"], rest["work"].received) == ("其余 2 个单位", 2)
    assert listed(client, rest["url"]) == 2
    assert [row["name"] for row in context["rest_rows"]] == ["第11镇", "第12镇"]


def test_a_reply_to_be_served_can_be_overdue_although_it_is_closed(
    client: Client, tree: Tree, supervisor: User
) -> None:
    """As on the clerks' page; the bar shows it among the closed."""
    make_case(
        tree.land,
        received_on=date(2025, 9, 18),
        closed_on=date(2025, 10, 22),
        service_method=ServiceMethod.POST,
    )
    page = client.get(PAGE)
    assert tiles(page)["逾期未办"] == (1, "区资规分局")
    assert tiles(page)["按时答复率"][1] == "1 件中 0 件按时"  # never both
    assert listed(client, f"{CASES}?figure=late") == 1
    assert [part["css"] for part in page.context["unit_rows"][0]["bar"]["parts"]] == [""]


def test_a_reply_to_be_served_is_in_time_up_to_its_last_day(
    client: Client, tree: Tree, supervisor: User
) -> None:
    """Due on 10-27, which is today."""
    make_case(
        tree.land,
        received_on=date(2025, 9, 23),
        closed_on=date(2025, 10, 22),
        service_method=ServiceMethod.POST,
    )
    found = tiles(client.get(PAGE))
    assert (found["逾期未办"][0], found["按时答复率"][1]) == (0, "1 件中 1 件按时")


@pytest.mark.parametrize(
    ("closed_on", "served_on", "late"),
    [
        (date(2025, 6, 4), None, 0),  # the last day; service not recorded
        (date(2025, 6, 5), None, 1),
        (date(2025, 6, 3), date(2025, 6, 4), 0),
        (date(2025, 6, 4), date(2025, 6, 5), 1),  # tested on the day of service (235号)
    ],
)
def test_in_time_is_tested_on_the_served_day(
    client: Client, tree: Tree, supervisor: User, closed_on: date, served_on: date | None, late: int
) -> None:
    method = ServiceMethod.POST if served_on else ""
    make_case(
        tree.land, received_on=MAY, closed_on=closed_on, service_method=method, served_on=served_on
    )
    assert tiles(client.get(PAGE))["按时答复率"][1] == f"1 件中 {1 - late} 件按时"


def test_the_year_before_is_compared_up_to_the_same_day(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_case(tree.land, received_on=date(2024, 10, 25), closed_on=date(2024, 10, 27))
    make_case(tree.land, received_on=date(2024, 10, 28), closed_on=date(2024, 10, 28))
    found = tiles(client.get(PAGE))
    assert found["新收"][1] == "上年同期 1，结转 0"
    assert found["办结"][1] == "上年同期 1"


@pytest.mark.parametrize(("day", "said"), [(27, "上年同期 0"), (28, "上年同期无数据")])
def test_days_before_the_first_case_are_unknown_not_zero(
    client: Client, tree: Tree, supervisor: User, day: int, said: str
) -> None:
    """The first case of the district came on the day that is a year ago, or on the next."""
    make_case(tree.town, received_on=date(2024, 10, day))
    page = client.get(f"{PAGE}?department={tree.government.pk}&scope={OWN}")
    assert tiles(page)["办结"][1] == said


def test_a_year_that_is_over_shows_what_was_left_and_late(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_case(tree.land, received_on=date(2024, 12, 23))  # overdue since, but that is this year's
    make_case(tree.land, received_on=date(2024, 5, 6), closed_on=date(2024, 9, 2))
    page = client.get(PAGE, {"year": 2024})
    found = tiles(page)
    assert found["结转下年度"] == (1, "到年底没有办结")
    assert found["逾期答复"] == (1, "区资规分局")
    assert found["新收"][1] == "上年无数据，结转 0"
    assert len(page.context["month_rows"]) == 12
    assert listed(client, page.context["tiles"][2].url) == 1


def test_units_without_a_case_are_named_once_merged_no_longer(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_case(tree.land, received_on=MAY)
    make_case(tree.town, received_on=date(2024, 5, 6))  # still open: carried over
    merged = make_department("原旅游局", parent=tree.government)
    succeed_department(merged, successor=tree.housing, on=date(2024, 3, 1))
    page = client.get(PAGE)
    assert [str(unit) for unit in page.context["silent"]] == ["区政府办", "区住建局"]
    assert page.context["units"] == 4
    assert "也要零报告" in page.content.decode()


def test_what_a_successor_took_over_is_listed_by_the_old_organ(
    client: Client, tree: Tree, supervisor: User
) -> None:
    old = make_department("原旅游局", parent=tree.government)
    make_case(old, received_on=date(2025, 9, 18))
    succeed_department(old, successor=tree.housing, on=date(2025, 10, 1))
    page = client.get(PAGE, {"department": tree.housing.pk})
    assert [row["name"] for row in page.context["unit_rows"]] == ["原旅游局"]
    assert listed(client, page.context["unit_rows"][0]["url"]) == 1


def test_the_tables_checks_are_live_and_lead_to_the_table(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_year(tree)
    page = client.get(PAGE)
    balance = page.context["checks"][0]
    assert (balance["state"], balance["detail"]) == ("ok", "5 + 1 = 3 + 3")
    assert client.get(page.context["table_url"]).status_code == 200


def test_section_four_in_short_opens_its_proceedings(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_proceeding(tree.land, filed_on=MAY, result=ProceedingResult.UPHELD, concluded_on=JUNE)
    make_proceeding(tree.land, kind=ProceedingKind.SUIT_DIRECT, filed_on=MAY)
    context = client.get(PAGE).context
    assert context["proceeding_heads"] == ["维持", "纠正", "其他", "尚未审结"]
    figures = [[cell["value"] for cell in line["cells"]] for line in context["proceedings"]]
    assert figures == [[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert context["proceeding_count"] == 2  # the sum of the cells; no one list has just these
    assert 'href="/proceedings/">2' not in client.get(PAGE).content.decode()
    assert listed(client, context["proceedings"][0]["cells"][0]["url"]) == 1


def test_the_office_alone_and_the_whole_area(client: Client, tree: Tree, supervisor: User) -> None:
    make_year(tree)
    page = client.get(PAGE)
    assert [(scope.label, scope.chosen) for scope in page.context["scopes"]] == [
        ("区政府办", False),
        ("区本级", False),
        ("全区", True),
    ]
    own = client.get(page.context["scopes"][0].value)
    assert tiles(own)["新收"] == (1, "上年同期无数据，结转 1")
    assert tiles(own)["在办"] == (1, "等待补正 1")
    assert own.context["units"] == 1


def test_one_organ_has_no_scopes_to_choose(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.REVIEWER, tree.housing))
    page = client.get(PAGE)
    assert page.context["scopes"] == []
    assert page.context["units"] == 1
    assert "h-units" not in page.content.decode()  # nor anything to compare with


def test_a_system_without_cases_says_what_comes_first(
    client: Client, tree: Tree, supervisor: User
) -> None:
    page = client.get(PAGE)
    assert "这一年还没有登记过申请" in page.content.decode()
    assert "months-chart" not in page.content.decode()
    assert tiles(page)["按时答复率"] == ("—", "还没有办结的")


def test_thirty_units_cost_no_more_queries_than_three(
    client: Client, tree: Tree, supervisor: User
) -> None:
    def visit() -> int:
        return queries_of(lambda: client.get(PAGE))

    for unit in (tree.office, tree.housing, tree.land):
        make_case(unit, received_on=date(2025, 9, 18))
    visit()  # caches of the process
    with_three = visit()
    for n in range(27):
        unit = make_department(f"第{n}镇", parent=tree.government)
        make_case(unit, received_on=date(2025, 9, 18))
        make_case(unit, received_on=MAY, closed_on=date(2025, 8, 1))
    assert visit() == with_three <= 20


# Who may see it, and what an address may ask for


@pytest.mark.parametrize("role", [Role.CLERK, Role.ADMINISTRATOR, None])
def test_who_oversees_nothing_is_told_so(client: Client, tree: Tree, role: Role | None) -> None:
    client.force_login(make_user(role, tree.government))
    for address in (PAGE, CASES + "?figure=new"):
        page = client.get(address)
        assert page.status_code == 403
        assert "您的角色不查看" in page.content.decode()


def test_a_clerk_who_also_oversees_sees_what_they_oversee(client: Client, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    clerk.assignments.create(department=tree.town, role=Role.AUDITOR)
    client.force_login(clerk)
    assert client.get(PAGE).context["department"] == tree.town
    assert client.get(PAGE, {"department": tree.housing.pk}).status_code == 403


@pytest.mark.parametrize("address", [PAGE, CASES])
def test_another_districts_year_does_not_exist(
    client: Client, tree: Tree, supervisor: User, address: str
) -> None:
    make_case(tree.neighbour, received_on=MAY)
    for department in (tree.neighbour.pk, "甲", "9" * 30):
        asked = {"department": department, "figure": "new"}
        assert client.get(address, asked).status_code == 404
    assert tiles(client.get(PAGE))["新收"][0] == 0


@pytest.mark.parametrize("address", [PAGE, CASES])
def test_it_is_only_looked_at(client: Client, supervisor: User, address: str) -> None:
    assert client.post(address).status_code == 405


def test_without_signing_in_it_does_not_open(client: Client) -> None:
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"year": "甲"}, "年度应是一个数字"),
        ({"year": "2026"}, "还没有开始"),
        ({"year": "2010"}, "没有法定报告格式"),
        ({"scope": "街道"}, "没有“街道”这种统计范围"),
    ],
)
def test_a_year_that_cannot_be_counted_is_a_sentence(
    client: Client, supervisor: User, asked: dict[str, str], sentence: str
) -> None:
    page = client.get(PAGE, asked)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert "tiles" not in page.context
    assert client.get(CASES, asked | {"figure": "new"}).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"figure": "甲"},
        {"figure": "new", "month": "13"},
        {"figure": "new", "month": "甲"},
        {"figure": "new", "month": "0"},
        {"figure": "new", "month": "11"},  # not begun
        {"figure": "open", "month": "12"},
        {"figure": "overdue", "month": "10"},  # it is so today, in no month
        {"figure": "new", "unit": "甲"},
        {"figure": "new", "unit": "99999999"},
        {"figure": "new", "unit": "9" * 30},
    ],
)
def test_a_figure_that_the_page_has_not_is_not_found(
    client: Client, supervisor: User, asked: dict[str, str]
) -> None:
    assert client.get(CASES, asked).status_code == 404


def test_the_month_that_runs_has_its_list(client: Client, tree: Tree, supervisor: User) -> None:
    make_year(tree)
    assert listed(client, f"{CASES}?figure=open&month=10") == 3


def test_every_figure_has_its_list(client: Client, tree: Tree, supervisor: User) -> None:
    make_year(tree)
    found = {figure: listed(client, f"{CASES}?figure={figure}") for figure in FIGURES}
    assert found == {
        "all": 6, "new": 5, "closed": 3, "open": 3, "overdue": 1, "late": 1, "disclosed": 2
    }  # fmt: skip
