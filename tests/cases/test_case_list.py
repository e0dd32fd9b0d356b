"""The list of cases: filters, search, saved views, pages, and the fragment that htmx takes."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import ApplicantKind, Channel, Outcome, Role
from tests.makers import (
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_applicant,
    make_case,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
URL = reverse("cases:list")


@pytest.fixture
def clerk(tree: Tree) -> Any:
    return make_user(Role.CLERK, tree.government)


@pytest.fixture
def clerk_client(client: Client, clerk: Any) -> Client:
    client.force_login(clerk)
    return client


def listed(client: Client, **asked: str | int) -> list[str]:
    """The numbers in the table, in its order."""
    table = client.get(URL, asked).context["table"]
    return [row.record.number for row in table.paginated_rows]


def test_the_list_shows_the_subtree_and_where_each_case_stands(
    clerk_client: Client, tree: Tree
) -> None:
    case = make_case(tree.housing, name="申请人甲", content="补偿方案")
    make_case(tree.neighbour)
    page = clerk_client.get(URL)
    content = page.content.decode()
    assert listed(clerk_client) == [case.number]
    for words in ("申请人甲", "补偿方案", "区住建局", "未分派", "10-17", "逾期 6 日"):
        assert words in content


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "unconfirmed"}, "待确认"),
        ({"state": "correction"}, "补正"),
        ({"state": "consultation"}, "征求"),
        ({"state": "fee"}, "收费"),
        ({"state": "unserved"}, "待送达"),
        ({"state": "closed"}, "办结"),
        ({"state": "void"}, "作废"),
        ({"state": "in_progress"}, "办理"),
        ({"state": "unassigned"}, "未分派"),
        ({"channel": "fax"}, "办理"),
        ({"kind": "org_research"}, "补正"),
        ({"outcome": "partial"}, "办结"),
        ({"outcome": "group:partial"}, "办结"),
        ({"outcome": "group:unable"}, "待送达"),
        ({"outcome": "not_exist"}, "待送达"),
        ({"year": "2024"}, "办结"),
        ({"due": "today"}, "待送达"),
        ({"due": "overdue"}, "未分派"),
        ({"due": "provisional"}, ""),
        ({"day": "2025-10-30"}, "办理"),
    ],
)
def test_each_filter_finds_its_case(
    clerk_client: Client, clerk: Any, tree: Tree, asked: dict[str, str], found: str
) -> None:
    handled = {"handler": clerk}
    cases = {
        "待确认": make_case(tree.office, received_on=None),
        "未分派": make_case(tree.office),  # due 2025-10-17
        "补正": make_case(
            tree.town,
            kind=ApplicantKind.ORG_RESEARCH,
            received_on=date(2025, 10, 15),
            facts=Facts(correction=(date(2025, 10, 17), None)),
        ),
        "征求": make_case(
            tree.town,
            received_on=date(2025, 10, 10),
            facts=Facts(consultation=(date(2025, 10, 17), None)),
        ),
        "收费": make_case(
            tree.town,
            received_on=date(2025, 10, 10),
            facts=Facts(fee=(date(2025, 10, 17), None)),
        ),
        "待送达": make_case(
            tree.office,
            received_on=date(2025, 9, 23),
            outcome=Outcome.NOT_EXIST,
            closed_on=date(2025, 10, 24),
            service_method="post",
        ),
        "办结": make_case(
            tree.office,
            received_on=date(2024, 9, 13),
            outcome=Outcome.PARTIAL,
            closed_on=date(2024, 9, 20),
        ),
        "作废": make_case(tree.land),
        "办理": make_case(tree.land, channel=Channel.FAX, received_on=date(2025, 9, 26), **handled),
    }
    workflow.void(cases["作废"], by=hand_of(tree.land), today=TODAY, reason="误登")
    assert listed(clerk_client, **asked) == ([cases[found].number] if found else [])


def test_a_department_is_filtered_by(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing)
    case = make_case(tree.land)
    assert listed(clerk_client, department=tree.land.pk) == [case.number]


def test_the_windows_count_working_days_and_include_today(clerk_client: Client, tree: Tree) -> None:
    """Monday 10-27: two working days end on the 29th, five on Monday 11-03."""
    received = {
        date(2025, 9, 23): "10-27",
        date(2025, 9, 25): "10-29",
        date(2025, 9, 26): "10-30",
        date(2025, 9, 29): "11-03",
        date(2025, 9, 30): "11-04",
    }
    numbers = {due: make_case(tree.land, received_on=day).number for day, due in received.items()}
    assert listed(clerk_client, due="today") == [numbers["10-27"]]
    assert listed(clerk_client, due="2") == [numbers["10-27"], numbers["10-29"]]
    assert listed(clerk_client, due="5") == [
        numbers[due] for due in ("10-27", "10-29", "10-30", "11-03")
    ]


@pytest.mark.parametrize("word", ["秀建公开申〔2025〕1号", "申请人甲", "宅基地", "申请人甲 宅基地"])
def test_search_looks_in_number_applicant_and_content(
    clerk_client: Client, tree: Tree, word: str
) -> None:
    case = make_case(tree.housing, name="申请人甲", content="宅基地档案")
    make_case(tree.land, name="申请人乙", content="补偿方案")
    assert listed(clerk_client, q=word) == [case.number]


def test_search_takes_percent_and_underscore_as_they_are(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing, content="甲路")
    case = make_case(tree.housing, content="完成 95% 的路_段")
    assert listed(clerk_client, q="95%") == [case.number]
    assert listed(clerk_client, q="路_") == [case.number]


def test_voided_cases_are_listed_apart_and_found_by_their_number(
    clerk_client: Client, tree: Tree
) -> None:
    case = make_case(tree.housing)
    workflow.void(case, by=hand_of(tree.housing), today=TODAY, reason="误登")
    assert listed(clerk_client) == []
    assert listed(clerk_client, state="void") == [case.number]
    assert listed(clerk_client, q=case.number) == [case.number]


def test_the_same_applicants_cases_are_found_by_identity_telephone_or_name(
    clerk_client: Client, tree: Tree
) -> None:
    first = make_case(
        tree.housing, applicant=make_applicant(name="申请人甲", id_number="330411 1970 0101 000x")
    )
    same_id = make_case(
        tree.land, applicant=make_applicant(name="甲某", id_number="33041119700101000X")
    )
    same_name = make_case(tree.office, name="申请人甲")
    make_case(tree.office, name="申请人乙")
    theirs = make_case(tree.neighbour, name="申请人甲")
    found = listed(clerk_client, like=first.pk)
    assert set(found) == {first.number, same_id.number, same_name.number}
    page = clerk_client.get(URL, {"like": theirs.pk})
    assert page.context["complaints"] == [f"没有“{theirs.pk}”这样的同一申请人，未按它筛选。"]


def test_strangers_of_one_name_are_told_apart_by_identity_or_credit_code(
    clerk_client: Client, tree: Tree
) -> None:
    def case_of(**person: str) -> str:
        return make_case(tree.housing, applicant=make_applicant(**person)).number

    one = {"name": "申请人甲", "phone": "13800000000", "id_number": "33041119700101000X"}
    first = make_case(tree.housing, applicant=make_applicant(**one))
    case_of(**one | {"id_number": "330411198001010001"})
    unknown = case_of(name="申请人甲")
    assert set(listed(clerk_client, like=first.pk)) == {first.number, unknown}

    firm = {"kind": ApplicantKind.ORG_COMMERCIAL, "name": "甲公司"}
    first = make_case(
        tree.housing, applicant=make_applicant(**firm, credit_code="91330411MA00000000")
    )
    case_of(**firm, credit_code="91330411MA11111111")
    same = case_of(**firm | {"name": "甲有限公司", "credit_code": "91330411ma00000000"})
    unknown = case_of(**firm)
    assert set(listed(clerk_client, like=first.pk)) == {first.number, same, unknown}


def test_saved_views_count_what_their_lists_hold(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing)
    make_case(tree.housing, received_on=None)
    make_case(tree.housing, closed_on=date(2025, 10, 9))
    for view in clerk_client.get(URL).context["views"]:
        page = clerk_client.get(view.url)
        assert page.context["table"].paginator.count == view.count, view.label
        assert len(page.context["table"].page.object_list) == view.count, view.label
        current = [v.label for v in page.context["views"] if v.current]
        assert current == [view.label]


def test_my_cases(clerk_client: Client, clerk: Any, tree: Tree) -> None:
    make_case(tree.housing)
    case = make_case(tree.housing, handler=clerk)
    assert listed(clerk_client, mine="1") == [case.number]


def test_conditions_stand_as_chips_that_take_themselves_away(
    clerk_client: Client, tree: Tree
) -> None:
    asked = {"state": "closed", "outcome": "group:denied", "q": "补偿", "page": "1"}
    chips = clerk_client.get(URL, asked).context["chips"]
    assert [chip.text for chip in chips] == [
        "查找：补偿",
        "状态：已办结",
        "答复类型：（三）不予公开（全部）",
    ]
    assert "state=" not in chips[1].url
    assert "outcome=group%3Adenied" in chips[1].url


def test_open_cases_come_first_by_due_day_then_the_closed(clerk_client: Client, tree: Tree) -> None:
    closed = make_case(tree.housing, closed_on=date(2025, 10, 9))
    waiting = make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 22), None)))
    later = make_case(tree.housing, received_on=date(2025, 9, 18))
    sooner = make_case(tree.housing)
    expected = [case.number for case in (sooner, later, waiting, closed)]
    assert listed(clerk_client) == expected
    backwards = [case.number for case in (later, sooner, waiting, closed)]
    assert listed(clerk_client, sort="-due") == backwards


def test_the_usual_order_is_of_no_one_column(clerk_client: Client, tree: Tree) -> None:
    """The closed follow by their reply: no column says that, so none is marked as sorted."""
    first = make_case(tree.housing, closed_on=date(2025, 10, 9))
    latest = make_case(tree.housing, received_on=date(2025, 9, 12), closed_on=date(2025, 10, 10))
    page = clerk_client.get(URL)
    assert "aria-sort" not in page.content.decode()
    assert "到期日由近到远，已办结在后" in page.content.decode()
    assert listed(clerk_client) == [latest.number, first.number]
    by_due = clerk_client.get(URL, {"sort": "-due"}).content.decode()
    assert 'aria-sort="descending"' in by_due
    assert listed(clerk_client, sort="-due") == [first.number, latest.number]
    assert listed(clerk_client, sort="due") == [latest.number, first.number]


def test_numbers_are_sorted_as_numbers(clerk_client: Client, tree: Tree) -> None:
    numbers = [make_case(tree.housing).number for _ in range(10)]
    assert listed(clerk_client, sort="number") == numbers  # 9号 before 10号
    assert listed(clerk_client, sort="-number") == numbers[::-1]


def test_received_is_sorted_with_the_unconfirmed_last(clerk_client: Client, tree: Tree) -> None:
    unconfirmed = make_case(tree.housing, received_on=None)
    later = make_case(tree.housing, received_on=date(2025, 9, 18))
    first = make_case(tree.housing)
    expected = [first.number, later.number, unconfirmed.number]
    assert listed(clerk_client, sort="received_on") == expected


def test_pages_hold_25_50_or_100(clerk_client: Client, tree: Tree) -> None:
    for _ in range(26):
        make_case(tree.housing)
    assert len(listed(clerk_client)) == 25
    assert len(listed(clerk_client, page=2)) == 1
    assert len(listed(clerk_client, per_page=50)) == 26


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"state": "nonsense"}, "没有“nonsense”这样的状态，未按它筛选。"),
        ({"year": "1066' OR 1=1"}, "这样的收到年度，未按它筛选。"),
        ({"department": "99999"}, "没有“99999”这样的受理单位，未按它筛选。"),
        ({"department": "10" * 30}, "这样的受理单位，未按它筛选。"),
        ({"channel": "pigeon"}, "没有“pigeon”这样的申请方式，未按它筛选。"),
        ({"kind": "<script>"}, "没有“&lt;script&gt;”这样的申请人类别，未按它筛选。"),
        ({"outcome": "group:nothing"}, "这样的答复类型，未按它筛选。"),
        ({"due": "-1"}, "没有“-1”这样的到期，未按它筛选。"),
        ({"day": "2025-02-30"}, "没有“2025-02-30”这样的到期日，未按它筛选。"),
        ({"like": "abc"}, "没有“abc”这样的同一申请人，未按它筛选。"),
        ({"state": "长" * 101}, f"没有“{'长' * 40}…”这样的状态，未按它筛选。"),
        ({"q": "长" * 101}, "查找的字数最多 100 个，未按它筛选。"),
        ({"q": "甲\0"}, "查找的字里有无法识别的字符，未按它筛选。"),
    ],
)
def test_a_tampered_filter_is_a_sentence(
    clerk_client: Client, tree: Tree, asked: dict[str, str], sentence: str
) -> None:
    case = make_case(tree.housing)
    page = clerk_client.get(URL, asked)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert case.number in page.content.decode()  # the rest of the list stays


@pytest.mark.parametrize(
    "asked", [{"page": "abc"}, {"page": "-5"}, {"page": "999"}, {"page": "9" * 5000},
              {"sort": "password"}, {"sort": "-"}]
)  # fmt: skip
def test_a_tampered_page_or_order_falls_back(
    clerk_client: Client, tree: Tree, asked: dict[str, str]
) -> None:
    case = make_case(tree.housing)
    assert listed(clerk_client, **asked) == [case.number]


@pytest.mark.parametrize("size", ["-5", "0", "1", "26", "x", "", "9" * 30, "9" * 5000])
def test_a_tampered_size_of_pages_is_the_usual_one(
    clerk_client: Client, tree: Tree, size: str
) -> None:
    for _ in range(2):
        make_case(tree.housing)
    for name in ("cases:list", "cases:proceedings"):
        page = clerk_client.get(reverse(name), {"per_page": size})
        assert page.status_code == 200
        assert page.context["table"].paginator.per_page == 25


def test_another_districts_department_cannot_be_asked_for(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.neighbour)
    page = clerk_client.get(URL, {"department": tree.neighbour.pk})
    assert page.context["complaints"]
    assert page.context["table"].paginator.count == 0


def test_the_same_address_gives_htmx_only_what_it_swaps(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    fragment = clerk_client.get(URL, {"state": "unassigned"}, HTTP_HX_REQUEST="true")
    content = fragment.content.decode()
    assert case.number in content
    assert 'id="results"' in content
    assert 'id="views"' in content
    assert "<html" not in content
    assert "HX-Request" in fragment["Vary"]
    restored = {"HTTP_HX_REQUEST": "true", "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}
    assert "<html" in clerk_client.get(URL, **restored).content.decode()  # type: ignore[arg-type]


def test_thirty_rows_cost_no_more_queries_than_one(clerk_client: Client, tree: Tree) -> None:
    def visit() -> int:
        return queries_of(lambda: clerk_client.get(URL, {"per_page": 100}))

    consulted = Facts(consultation=(date(2025, 10, 17), None))
    make_case(tree.town, received_on=date(2025, 10, 10), facts=consulted)
    visit()  # caches of the process
    with_one = visit()
    for _ in range(29):
        make_case(tree.town, received_on=date(2025, 10, 10), facts=consulted)
    assert visit() == with_one <= 21


def test_no_personal_data_are_fetched_or_shown(clerk_client: Client, tree: Tree) -> None:
    person = make_applicant(phone="13800000000", id_number="33041119700101000X", address="甲路1号")
    make_case(tree.housing, applicant=person)
    content = clerk_client.get(URL).content.decode()
    assert not any(value in content for value in ("13800000000", "33041119700101000X", "甲路1号"))


def test_other_methods_are_refused(clerk_client: Client) -> None:
    assert clerk_client.post(URL).status_code == 405
