"""年度表: choosing what to count, computing it, and the table with its lamps and checks."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.choices import JobState, Outcome, Role
from cases.models import Department, Job, User
from reports import tasks
from reports.choices import ALL, OWN
from reports.forms import PERIODS
from reports.models import ComputedTable
from reports.workflow import COMPUTE_TASK, Question, request_table
from tests.makers import Tree, make_case, make_department, make_proceeding, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE, COMPUTE = "/tables/", "/tables/compute/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def supervisor(tree: Tree, client: Client) -> User:
    user = make_user(Role.SUPERVISOR, tree.government, name="政务公开主管乙")
    client.force_login(user)
    return user


def compute(question: Question, by: User) -> Job:
    """As the page asks and the worker does."""
    job = request_table(question, by=by)
    tasks.compute_table(job.pk)
    return Job.objects.get(pk=job.pk)


def asked(department: Department, **more: Any) -> dict[str, Any]:
    return {"department": department.pk, "year": 2024, **more}


def text_of(response: Any) -> str:
    """What is read on the page, without tags and white space."""
    return re.sub(r"\s+|<[^>]+>", "", response.content.decode())


def figures(response: Any) -> list[list[int]]:
    """Section three as drawn: the figures of each row."""
    body = response.content.decode().split('id="table-3"')[1].split("<tbody>")[1]
    rows = body.split("</tbody>")[0].split("</tr>")[:-1]
    return [[int(n) for n in re.findall(r">(\d+)</(?:a|span)></td>", row)] for row in rows]


# Who may -----------------------------------------------------------------------------------------


def test_signed_out_one_is_asked_to_sign_in(client: Client, tree: Tree) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/login/")


def test_the_page_opens_at_the_highest_department_one_may_see(
    client: Client, tree: Tree, supervisor: User
) -> None:
    response = client.get(PAGE)
    assert response.status_code == 200
    assert response.context["department"] == tree.government
    assert response.context["question"] == Question.of_year(tree.government, 2025, ALL)


def test_a_clerk_sees_the_table_of_their_own_department(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    question = client.get(PAGE).context["question"]
    assert question == Question.of_year(tree.housing, 2025, OWN)


@pytest.mark.parametrize("address", [PAGE, "/tables/cell/?row=granted&column=total"])
def test_a_stranger_finds_nothing(client: Client, tree: Tree, address: str) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.neighbour))
    assert client.get(address, {"department": tree.housing.pk, "year": 2024}).status_code == 404


def test_an_administrator_does_not_read_tables(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(PAGE).status_code == 403
    assert client.post(COMPUTE, asked(tree.government)).status_code == 403


def test_only_departments_within_reach_are_offered(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.government))
    offered = {choice.value for choice in client.get(PAGE).context["departments"]}
    assert tree.housing.pk in offered and tree.neighbour.pk not in offered


# What is asked -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ({"year": 2024}, "2024-01-01", "2024-12-31"),
        ({"year": 2024, "period": "q1"}, "2024-01-01", "2024-03-31"),
        ({"year": 2024, "period": "q4"}, "2024-10-01", "2024-12-31"),
        ({"year": 2025, "period": "to_date"}, "2025-01-01", "2025-10-27"),
        ({"year": 2024, "period": "to_date"}, "2024-01-01", "2024-10-27"),
        ({"from": "2024-02-29", "to": "2024-09-09"}, "2024-02-29", "2024-09-09"),
        ({"from": "2024年2月29日", "to": "20240909"}, "2024-02-29", "2024-09-09"),
        ({"year": 2024, "period": "dates"}, "2024-01-01", "2024-12-31"),
        ({}, "2025-01-01", "2025-12-31"),
    ],
)
def test_a_period_is_a_year_a_part_of_it_or_any_days(
    client: Client, tree: Tree, supervisor: User, said: dict[str, Any], first: str, last: str
) -> None:
    period = client.get(PAGE, said).context["question"].period
    assert (str(period.first), str(period.last)) == (first, last)


def test_on_a_leap_day_an_earlier_year_to_date_ends_with_february(
    client: Client, tree: Tree, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: date(2024, 2, 29))
    said: dict[str, Any] = {"year": 2023, "period": "to_date"}
    assert client.get(PAGE, said).context["question"].period.last == date(2023, 2, 28)


@pytest.mark.parametrize(("year", "version"), [(2019, "2019"), (2020, "2019"), (2021, "2021")])
def test_the_format_is_that_of_the_year_unless_the_other_is_asked_for(
    client: Client, tree: Tree, supervisor: User, year: int, version: str
) -> None:
    assert client.get(PAGE, {"year": year}).context["question"].format.version == version
    for other in ("2019", "2021"):
        page = client.get(PAGE, {"year": year, "format": other})
        assert page.context["question"].format.version == other


@pytest.mark.parametrize("page", ["/tables/", "/briefing/", "/overview/"])
def test_the_scopes_have_the_same_names_on_every_page(
    client: Client, tree: Tree, supervisor: User, page: str
) -> None:
    scopes = client.get(page).context["scopes"]
    assert [scope.label for scope in scopes] == ["区政府办", "区本级", "全区"]
    of_a_unit = client.get(page, {"department": tree.housing.pk}).context["scopes"]
    assert [scope.label for scope in of_a_unit] in ([], ["本单位", "本单位及下级"])


def test_the_format_of_the_year_goes_without_saying(
    client: Client, tree: Tree, supervisor: User
) -> None:
    """So that it follows when another year is chosen."""
    offered = client.get(PAGE, {"year": 2020}).context["formats"]
    assert [(choice.value, choice.chosen) for choice in offered] == [("", True), ("2021", False)]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"year": "2018"}, "2018 年度没有法定报告格式，现行统计表自 2019 年度起使用。"),
        ({"year": "2018", "format": "2021"}, "2018 年度没有法定报告格式"),
        ({"from": "2017-01-01", "to": "2018-06-30"}, "2018 年度没有法定报告格式"),
        ({"from": "2018-12-31", "to": "2019-06-30"}, "2018 年度没有法定报告格式"),
        (
            {"from": "2025-07-01", "to": "2026-01-01"},
            "止日最晚到 2025-12-31，2026-01-01 太晚了。",
        ),
        ({"from": "2025-01-01", "to": "2030-12-31"}, "止日最晚到 2025-12-31"),
        ({"year": "2026"}, "2026 年度还没有开始"),
        ({"year": "9998"}, "9998 年度还没有开始"),
        ({"year": "2025", "period": "q4", "scope": "部分"}, "没有“部分”这种统计范围"),
        ({"year": "去年"}, "年度应是一个数字"),
        ({"year": "0"}, "没有这个年度"),
        ({"year": "123456789012345678901234567890"}, "没有这个年度"),
        ({"period": "week"}, "没有“week”这种期间"),
        ({"format": "1999"}, "没有“1999”这一格式"),
        ({"from": "2024-01-01"}, "起日和止日都要填"),
        ({"from": "2024-13-01", "to": "2024-12-31"}, "“2024-13-01”不是一个日期"),
        ({"from": "2024-05-01", "to": "2024-04-30"}, "止日 2024-04-30 早于起日 2024-05-01"),
        ({"from": "0001-01-01", "to": "2024-04-30"}, "太早了"),
    ],
)
def test_what_cannot_be_counted_is_said_in_a_sentence(
    client: Client, tree: Tree, supervisor: User, said: dict[str, str], sentence: str
) -> None:
    page = client.get(PAGE, said)
    assert page.status_code == 200
    assert sentence.replace(" ", "") in text_of(page)
    sent_back = client.post(COMPUTE, said, follow=True)
    assert sentence.replace(" ", "") in text_of(sent_back)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"year": "2026"}, "2026 年度还没有开始"),
        ({"year": "2026", "period": "q1"}, "2026-01-01 至 2026-03-31 还没有开始"),
    ],
)
def test_a_figure_keeps_its_distance_from_the_words_after_it(
    client: Client, tree: Tree, supervisor: User, said: dict[str, str], sentence: str
) -> None:
    assert sentence in client.get(PAGE, said).content.decode()


@pytest.mark.parametrize(
    ("first", "last"), [("2019-01-01", "2019-06-30"), ("2024-07-01", "2025-12-31")]
)
def test_from_the_first_day_with_a_format_to_the_end_of_this_year(
    client: Client, tree: Tree, supervisor: User, first: str, last: str
) -> None:
    assert client.get(PAGE, {"from": first, "to": last}).context["question"]


def chosen_years(page: Any) -> list[object]:
    return [choice.value for choice in page.context["years"] if choice.chosen]


def test_a_year_that_cannot_be_counted_is_not_shown_as_another_one(
    client: Client, tree: Tree, supervisor: User
) -> None:
    """Choosing this year must be a change, and there is a button besides."""
    page = client.get(PAGE, {"year": "2018"})
    assert page.context["years"][0] == ("", "请选择", True) and chosen_years(page) == [""]
    assert '<noscript><button class="btn btn-line" type="submit">' not in page.content.decode()
    assert '<button class="btn btn-line" type="submit">查看</button>' in page.content.decode()


def test_the_year_stays_chosen_while_something_else_is_wrong(
    client: Client, tree: Tree, supervisor: User
) -> None:
    assert chosen_years(client.get(PAGE, {"year": "2025", "scope": "部分"})) == [2025]
    assert chosen_years(client.get(PAGE, {"from": "2025-13-01"})) == [2025]


def test_a_year_before_the_first_case_can_be_asked_for(
    client: Client, tree: Tree, supervisor: User
) -> None:
    """No case was received so early; the table is one of zeros, and the choice says its year."""
    page = client.get(PAGE, {"year": "2019"})
    assert page.context["question"] and chosen_years(page) == [2019]


@pytest.mark.parametrize(
    "department", ["abc", "0", "-1", "999999", "9" * 40, "9" * 5000, "1;drop", "²"]
)
def test_a_department_that_is_none_is_not_found(
    client: Client, tree: Tree, supervisor: User, department: str
) -> None:
    assert client.get(PAGE, {"department": department}).status_code == 404
    assert client.post(COMPUTE, {"department": department}).status_code == 404


@pytest.mark.parametrize(
    "cell", [{"row": "granted"}, {"row": "x", "column": "y"}, {"row": "a.b", "column": "c"}]
)
def test_a_cell_that_is_none_is_not_found(
    client: Client, tree: Tree, supervisor: User, cell: dict[str, str]
) -> None:
    assert client.get(PAGE, cell).status_code == 404
    assert client.get("/tables/cell/", cell).status_code == 404


# Computing ---------------------------------------------------------------------------------------


def test_before_the_first_computing_the_page_says_so(
    client: Client, tree: Tree, supervisor: User
) -> None:
    page = client.get(PAGE, asked(tree.government))
    assert "这一期还没有统计过" in text_of(page)
    assert not ComputedTable.objects.exists() and not Job.objects.exists()


def test_computing_is_asked_for_by_post_and_shown_where_it_was_asked(
    client: Client, tree: Tree, supervisor: User, django_capture_on_commit_callbacks: Any
) -> None:
    assert client.get(COMPUTE).status_code == 405
    with django_capture_on_commit_callbacks() as queued:
        response = client.post(COMPUTE, asked(tree.government, scope=ALL, format="2019"))
    assert len(queued) == 1
    job = Job.objects.get()
    assert (job.task, job.state, job.requested_by) == (COMPUTE_TASK, JobState.QUEUED, supervisor)
    back = parse_qs(urlsplit(response.headers["Location"]).query)
    assert back["year"] == ["2024"] and back["format"] == ["2019"]


def test_asked_twice_it_is_computed_once(client: Client, tree: Tree, supervisor: User) -> None:
    for _ in range(2):
        client.post(COMPUTE, asked(tree.government))
    assert Job.objects.count() == 1


def test_while_the_job_waits_the_bar_asks_for_itself(
    client: Client, tree: Tree, supervisor: User
) -> None:
    client.post(COMPUTE, asked(tree.government))
    page = client.get(PAGE, asked(tree.government))
    assert "正在计算，算完自动显示" in text_of(page)
    html = page.content.decode()
    assert 'hx-trigger="load delay:1s"' in html
    assert '<noscript><meta http-equiv="refresh"' in html  # without a script the page reloads
    Job.objects.update(state=JobState.RUNNING, percent=68, message="已汇总 27 / 40 个单位")
    bar = client.get(PAGE, asked(tree.government), headers=HTMX | {"HX-Target": "run"})
    assert "已汇总27/40个单位" in text_of(bar) and 'value="68"' in bar.content.decode()
    assert "<html" not in bar.content.decode()


def test_when_the_job_is_done_the_bar_brings_the_whole_page(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_case(tree.housing, received_on=date(2024, 5, 6))
    compute(Question.of_year(tree.government, 2024, ALL), supervisor)
    done = client.get(PAGE, asked(tree.government), headers=HTMX | {"HX-Target": "run"})
    assert done.headers["HX-Retarget"] == done.headers["HX-Reselect"] == "#main"
    assert figures(done)[0] == [1, 0, 0, 0, 0, 0, 1]


def test_the_open_cell_stays_open_when_the_job_is_done(
    client: Client, tree: Tree, supervisor: User
) -> None:
    compute(Question.of_year(tree.government, 2024, ALL), supervisor)
    here = {"HX-Current-URL": "http://testserver/tables/?row=granted&column=total"}
    page = client.get(PAGE, asked(tree.government), headers=HTMX | here | {"HX-Target": "run"})
    assert page.context["panel"]["title"] == "三（一） × 总计：0 件"


@pytest.mark.parametrize("here", ["http://[", "/tables/?row=lost&column=lost", "\x01"])
def test_a_tampered_address_of_the_page_opens_no_cell(
    client: Client, tree: Tree, supervisor: User, here: str
) -> None:
    headers = HTMX | {"HX-Current-URL": here}
    response = client.post(COMPUTE, asked(tree.government), headers=headers)
    assert response.status_code == 302 and "row" not in response.headers["Location"]


def test_while_it_is_computed_again_the_last_result_stays_readable(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_case(tree.housing, received_on=date(2024, 5, 6))
    compute(Question.of_year(tree.government, 2024, ALL), supervisor)
    client.post(COMPUTE, asked(tree.government, scope=ALL))
    page = client.get(PAGE, asked(tree.government))
    assert 'class="stack stale"' in page.content.decode()
    assert re.search(r"上次结果（.+?），算完自动换新", text_of(page))
    assert figures(page)[0] == [1, 0, 0, 0, 0, 0, 1]


def test_a_failed_job_says_why_and_can_be_asked_for_again(
    client: Client, tree: Tree, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("磁盘已满")

    monkeypatch.setattr("reports.workflow.answer", broken)
    job = compute(Question.of_year(tree.government, 2024, ALL), supervisor)
    assert job.state == JobState.FAILED
    page = text_of(client.get(PAGE, asked(tree.government)))
    assert "计算失败" in page and "磁盘已满" in page and "重新计算" in page
    client.post(COMPUTE, asked(tree.government))
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1


def test_after_a_failure_the_last_result_is_still_there(
    client: Client, tree: Tree, supervisor: User
) -> None:
    question = Question.of_year(tree.government, 2024, ALL)
    make_case(tree.housing, received_on=date(2024, 5, 6))
    compute(question, supervisor)
    failed = request_table(question, by=supervisor)
    later = timezone.now() + timedelta(seconds=1)
    Job.objects.filter(pk=failed.pk).update(
        state=JobState.FAILED, error="执行中断", finished_at=later
    )
    page = client.get(PAGE, asked(tree.government))
    assert "计算失败" in text_of(page) and figures(page)[0][-1] == 1


# The table ---------------------------------------------------------------------------------------


@pytest.fixture
def computed(client: Client, tree: Tree, supervisor: User) -> Any:
    """The page of 2024 of the whole district: three cases at three organs and a review."""
    day = date(2024, 5, 6)
    make_case(tree.office, received_on=date(2023, 12, 28), closed_on=day)
    make_case(tree.housing, received_on=day, closed_on=day, outcome=Outcome.NOT_EXIST)
    make_case(tree.town, received_on=day)
    make_proceeding(tree.housing, filed_on=day)
    compute(Question.of_year(tree.government, 2024, ALL), supervisor)
    return client.get(PAGE, asked(tree.government))


def test_every_cell_is_drawn_zeros_included(computed: Any) -> None:
    drawn = figures(computed)
    fmt = computed.context["question"].format
    assert len(drawn) == len(fmt.section_three.data_rows)
    assert {len(row) for row in drawn} == {7}
    by_row = dict(zip(fmt.section_three.data_rows, drawn, strict=True))
    assert by_row["new_received"] == [2, 0, 0, 0, 0, 0, 2]
    assert by_row["carried_over"] == [1, 0, 0, 0, 0, 0, 1]
    assert by_row["unable_not_held"] == [1, 0, 0, 0, 0, 0, 1]
    assert by_row["carried_forward"] == [1, 0, 0, 0, 0, 0, 1]
    assert sum(map(sum, drawn)) == 2 * (3 + 2 + 2 + 1)  # received, ended, （七）, open; and 总计


def test_its_words_are_those_of_the_format(computed: Any) -> None:
    page, fmt = text_of(computed), computed.context["question"].format
    for words in (
        fmt.section_three.title,
        fmt.section_three.corner,
        *(row.label for row in fmt.section_three.rows),
        *(column.label for column in fmt.section_three.columns),
        fmt.section_four.title,
        *(group.label for group in fmt.section_four.groups),
        *(column.label for column in fmt.section_four.columns),
    ):
        assert words.replace(" ", "") in page


def test_each_row_and_column_has_its_lamp(computed: Any) -> None:
    table = computed.context["table3"]
    assert {row["state"] for row in table["body"]} == {"ok"}
    assert [tick["state"] for tick in table["foot"]["ticks"]] == ["ok"] * 7
    assert [total["text"] for total in computed.context["table4"]["foot"]] == [
        "0 + 0 + 0 + 1 = 1",
        "0 + 0 + 0 + 0 = 0",
        "0 + 0 + 0 + 0 = 0",
    ]


def test_the_checks_stand_beside_it_with_their_figures(computed: Any) -> None:
    assert "5项相符" in text_of(computed)
    lines = {line["title"]: line for line in computed.context["checks"]}
    balance = lines["一 + 二 = 三（七） + 四"]
    assert (balance["right"], balance["detail"]) == ("7 列", "2 + 1 = 2 + 1")
    assert lines["各项结果之和 = 三（七）"]["detail"] == "1 + 1 = 2"


def test_where_a_check_breaks_the_lamps_say_where(
    client: Client, tree: Tree, computed: Any
) -> None:
    """Not possible from cases: a figure of the stored table is spoilt here."""
    table = ComputedTable.objects.get()
    table.figures["section_three"]["new_received"][0] += 1
    table.save()
    page = client.get(PAGE, asked(tree.government))
    assert page.context["table3"]["body"][0]["state"] == "bad"
    assert page.context["table3"]["foot"]["ticks"][0]["state"] == "bad"
    balance = page.context["checks"][0]
    assert (balance["state"], balance["right"]) == ("bad", "1 列不符")
    assert balance["detail"] == "自然人：3 + 1 ≠ 2 + 1"
    assert "row=new_received&column=natural_person" in balance["url"]
    assert "3项相符，2项不符" in text_of(page)


def test_the_line_under_the_title_says_who_brought_how_many(computed: Any) -> None:
    page = text_of(computed)
    assert "秀洲区2024年度，全区（区政府办1件，其余单位2件）" in page
    assert "由3件申请汇总" in page
    assert "4个单位，3件" in page and "政务公开主管乙" in page


def test_the_line_of_a_single_organ_says_new_and_carried_over(
    client: Client, tree: Tree, computed: Any, supervisor: User
) -> None:
    compute(Question.of_year(tree.office, 2024, OWN), supervisor)
    page = client.get(PAGE, asked(tree.office))
    assert "（新收0件，结转1件）" in text_of(page)


def test_every_figure_leads_to_its_cases(client: Client, tree: Tree, computed: Any) -> None:
    html = computed.content.decode()
    links = re.findall(r'<td class="[^"]*"><a href="(/tables/cell/[^"]+)"', html)
    fmt = computed.context["question"].format
    assert len(links) == len(fmt.cells)
    for link in links[:: len(links) // 12]:
        assert client.get(link.replace("&amp;", "&")).status_code == 200


def test_the_other_format_is_drawn_from_the_same_cases(
    client: Client, tree: Tree, computed: Any, supervisor: User
) -> None:
    compute(Question.of_year(tree.government, 2024, ALL, "2019"), supervisor)
    page = client.get(PAGE, asked(tree.government, format="2019"))
    assert len(figures(page)) == 23 and len(figures(computed)) == 25


def test_changes_after_the_computing_are_said(client: Client, tree: Tree, computed: Any) -> None:
    assert "请重新计算" not in text_of(computed)
    make_case(tree.land, received_on=date(2024, 6, 3))
    page = client.get(PAGE, asked(tree.government))
    assert "计算后有变动，请重新计算" in text_of(page)
    assert figures(page)[0][-1] == 2  # what was computed stays until it is computed again


def test_a_chosen_cell_is_filled_and_its_cases_stand_beside_the_table(
    client: Client, tree: Tree, computed: Any
) -> None:
    page = client.get(PAGE, asked(tree.government, row="carried_forward", column="total"))
    assert page.content.decode().count('aria-current="true"') == 1
    assert page.context["panel"]["title"] == "四 × 总计：1 件"
    assert len(page.context["panel"]["cases"]) == 1


def test_the_page_takes_the_same_number_of_statements_for_many_departments(
    client: Client, tree: Tree, computed: Any, supervisor: User
) -> None:
    question = Question.of_year(tree.government, 2024, ALL)

    def statements() -> int:
        compute(question, supervisor)
        with CaptureQueriesContext(connection) as asked_for:
            client.get(PAGE, asked(tree.government))
        return len(asked_for)

    before = statements()
    for n in range(5):
        department = make_department(f"新设局{n}", parent=tree.government)
        make_case(department, received_on=date(2024, 5, 6))
    assert statements() == before


def test_each_named_period_can_be_chosen(client: Client, tree: Tree, supervisor: User) -> None:
    for kind in PERIODS:
        page = client.get(PAGE, {"year": "2024", "period": kind})
        chosen = [choice.value for choice in page.context["periods"] if choice.chosen]
        assert chosen == [kind]
