"""统计简报: the figures of any period and scope on one page, at once; its files by jobs."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from cases.choices import ApplicantKind, JobState, Outcome, ProceedingResult, Role
from cases.models import Department, Job, User
from cases.typesetting.fonts import NO_FONT
from reports import tasks
from reports.briefing import FILES, request_file, same_days_last_year
from reports.choices import ALL, OWN
from reports.counting import Period
from reports.workflow import Question
from tests.makers import (
    Tree,
    make_case,
    make_department,
    make_proceeding,
    make_tree,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = "/briefing/"
HTMX = {"HX-Request": "true"}
DAY = date(2024, 5, 6)
KINDS = pytest.mark.parametrize("kind", FILES)


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def supervisor(tree: Tree, client: Client) -> User:
    user = make_user(Role.SUPERVISOR, tree.government, name="政务公开主管乙")
    client.force_login(user)
    return user


@pytest.fixture
def cases(tree: Tree) -> None:
    """2024 of the district: one carried over and two new, two closed; and one new in 2023."""
    make_case(tree.office, received_on=date(2023, 12, 25), closed_on=date(2024, 1, 8))
    make_case(tree.housing, received_on=DAY, closed_on=DAY, outcome=Outcome.NOT_EXIST)
    make_case(tree.town, received_on=DAY, kind=ApplicantKind.ORG_LEGAL_SERVICE)
    make_proceeding(
        tree.housing, filed_on=DAY, concluded_on=date(2024, 6, 3), result=ProceedingResult.UPHELD
    )


def asked(department: Department, **more: Any) -> dict[str, Any]:
    return {"department": department.pk, "year": 2024, **more}


def text_of(response: Any) -> str:
    return re.sub(r"\s+|<[^>]+>", "", response.content.decode())


# Who may -----------------------------------------------------------------------------------------


def test_signed_out_one_is_asked_to_sign_in(client: Client, tree: Tree) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/login/")
    assert client.post("/briefing/pdf/").headers["Location"].startswith("/login/")


def test_the_page_opens_at_the_highest_department_one_may_see(
    client: Client, tree: Tree, supervisor: User
) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    assert page.context["question"] == Question.of_year(tree.government, 2025, ALL)


def test_a_clerk_sees_the_figures_of_their_own_department(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.housing))
    assert client.get(PAGE).context["question"] == Question.of_year(tree.housing, 2025, OWN)


def test_a_stranger_finds_nothing(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.neighbour))
    assert client.get(PAGE, asked(tree.housing)).status_code == 404
    assert client.post("/briefing/xlsx/", asked(tree.housing)).status_code == 404
    assert not Job.objects.exists()


def test_an_administrator_does_not_read_figures(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(PAGE).status_code == 403
    assert client.post("/briefing/pdf/", asked(tree.government)).status_code == 403


def test_reading_is_by_get_and_making_by_post(client: Client, tree: Tree, supervisor: User) -> None:
    assert client.post(PAGE, asked(tree.government)).status_code == 405
    for kind in FILES:
        assert client.get(f"/briefing/{kind}/", asked(tree.government)).status_code == 405
    assert client.post("/briefing/docx/", asked(tree.government)).status_code == 404
    assert not Job.objects.exists()


# What is on it -----------------------------------------------------------------------------------


def test_it_is_there_at_once(client: Client, tree: Tree, supervisor: User, cases: None) -> None:
    text = text_of(client.get(PAGE, asked(tree.government)))
    assert (
        "2024年度，新收政府信息公开申请2件，上年结转1件，共3件，其中区政府办1件、其余单位2件。"
        "新收申请中，自然人1件，法人或其他组织1件（法律服务机构）。" in text
    )
    assert "办结2件，其中予以公开1件、无法提供1件；结转下年度继续办理1件。" in text
    assert "行政复议1件，结果维持；没有行政诉讼。" in text
    assert "上年同期新收1件、办结0件；本期新收增加1件，办结增加2件。" in text
    assert "实质公开率50.00%1/2，仅供参考" in text and "诉讼纠正率—0/0" in text
    assert "秀洲区人民政府政府信息公开申请办理情况2024年1月1日至12月31日全区，4个单位" in text
    assert "勾稽关系5项全部相符。" in text and "国办公开办函〔2021〕30号" in text
    assert not Job.objects.exists()


@pytest.mark.parametrize("version", ["2019", "2021"])
def test_the_tables_are_those_of_the_format(
    client: Client, tree: Tree, supervisor: User, cases: None, version: str
) -> None:
    page = client.get(PAGE, asked(tree.government, format=version))
    fmt = page.context["question"].format
    text = text_of(page)
    for row in fmt.section_three.rows:
        assert row.label in text
    drawn = [cell["value"] for row in page.context["table3"]["body"] for cell in row["cells"]]
    tables = page.context["briefing"].tables
    assert drawn == [figure for row in tables.section_three.values() for figure in row]


def test_figures_lead_to_the_cases_behind_them(
    client: Client, tree: Tree, supervisor: User, cases: None
) -> None:
    page = client.get(PAGE, asked(tree.government))
    linked = {
        part["text"]: part["url"]
        for paragraph in page.context["paragraphs"]
        for part in paragraph["parts"]
        if part["url"]
    }
    behind = client.get(linked["2件"])  # the last of them: closed
    assert behind.context["panel"]["title"] == "三（七） × 总计：2 件"
    assert {part for part in linked} >= {"2件", "1件"}
    html = page.content.decode()
    assert html.count("/tables/cell/?") > 175  # and every cell of the tables
    assert '<div class="tables" hx-disable>' in html  # there is no panel beside them here


def test_one_organ_alone_has_no_shares(
    client: Client, tree: Tree, supervisor: User, cases: None
) -> None:
    text = text_of(client.get(PAGE, asked(tree.housing, scope=OWN)))
    assert "新收政府信息公开申请1件。新收申请均由自然人提出。" in text and "其余单位" not in text


def test_without_any_case_it_is_a_page_of_zeros_that_says_so(
    client: Client, tree: Tree, supervisor: User
) -> None:
    page = client.get(PAGE, asked(tree.government))
    assert "2024年度，未收到政府信息公开申请，也没有上年结转的申请。" in text_of(page)
    assert {c["value"] for row in page.context["table3"]["body"] for c in row["cells"]} == {0}


def test_a_late_reply_lowers_the_rate_and_is_told(
    client: Client, tree: Tree, supervisor: User
) -> None:
    make_case(tree.housing, received_on=date(2024, 5, 6), closed_on=date(2024, 6, 28))
    text = text_of(client.get(PAGE, asked(tree.government)))
    assert "按时答复0件，超过答复期限1件（均未记录送达日期，按答复日期认定）。" in text
    assert "按时答复率0%0/1，仅供参考" in text


def test_this_year_is_told_as_it_stands_and_compared_with_the_same_days(
    client: Client, tree: Tree, supervisor: User
) -> None:
    """Today is 27 October 2025: what came in November 2024 is no measure yet."""
    for received in (date(2024, 10, 25), date(2024, 11, 4), date(2025, 9, 15)):
        make_case(tree.housing, received_on=received)
    text = text_of(client.get(PAGE, asked(tree.housing, year=2025)))
    assert "2025年度截至10月27日，新收政府信息公开申请1件，上年结转2件，共3件。" in text
    assert "没有办结的申请；截至10月27日，尚在办理3件。" in text
    assert "上年同期新收1件、办结0件；本期新收持平，办结持平。" in text


def test_a_quarter_or_any_days_can_be_asked_for(
    client: Client, tree: Tree, supervisor: User, cases: None
) -> None:
    quarter = text_of(client.get(PAGE, asked(tree.government, period="q2")))
    assert "2024年4月1日至6月30日，新收政府信息公开申请2件，其中区政府办0件" in quarter
    week: dict[str, Any] = {
        "department": tree.government.pk,
        "from": "2024-05-06",
        "to": "2024-05-12",
    }
    assert "2024年5月6日至5月12日，新收政府信息公开申请2件" in text_of(client.get(PAGE, week))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"year": "2018"}, "2018 年度没有法定报告格式"),
        ({"year": "2026"}, "2026 年度还没有开始"),
        ({"from": "2024-05-01", "to": "2024-04-30"}, "止日 2024-04-30 早于起日 2024-05-01"),
        ({"from": "2024-13-01", "to": "2024-12-31"}, "“2024-13-01”不是一个日期"),
        ({"year": "去年"}, "年度应是一个数字"),
        ({"scope": "部分"}, "没有“部分”这种统计范围"),
    ],
)
def test_what_cannot_be_counted_is_said_in_a_sentence(
    client: Client, tree: Tree, supervisor: User, said: dict[str, str], sentence: str
) -> None:
    page = client.get(PAGE, said)
    assert page.status_code == 200 and sentence.replace(" ", "") in text_of(page)
    sent_back = client.post("/briefing/pdf/", said, follow=True)
    assert sent_back.redirect_chain[0][0].startswith(PAGE)
    assert sentence.replace(" ", "") in text_of(sent_back)
    assert not Job.objects.exists()


@pytest.mark.parametrize("department", ["abc", "999999", "9" * 40])
def test_a_department_that_is_none_is_not_found(
    client: Client, tree: Tree, supervisor: User, department: str
) -> None:
    assert client.get(PAGE, {"department": department}).status_code == 404


def test_the_number_of_statements_does_not_grow(
    client: Client, tree: Tree, supervisor: User, cases: None
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE, asked(tree.government))
        return len(captured)

    before = statements()
    for n in range(5):
        organ = make_department(f"新设局{n}", parent=tree.government)
        make_case(organ, received_on=DAY, closed_on=DAY)
    assert statements() == before


def test_the_yearly_table_leads_here_with_its_period_and_scope(
    client: Client, tree: Tree, supervisor: User
) -> None:
    said = asked(tree.housing, period="q3", scope=OWN, format="2019")
    page = client.get("/tables/", said)
    [link] = re.findall(r'href="(/briefing/\?[^"]+)"', page.content.decode())
    here = client.get(link.replace("&amp;", "&"))
    assert here.context["question"] == page.context["question"]


def test_the_menu_has_it_for_readers_alone(client: Client, tree: Tree, supervisor: User) -> None:
    page = client.get(PAGE).content.decode()
    assert '<a href="/briefing/" aria-current="page">统计简报</a>' in page
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert "统计简报" not in client.get("/").content.decode()


# The same days of last year ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "on", "then"),
    [
        ("2024-01-01", "2024-12-31", "2025-10-27", "2023-01-01 2023-12-31"),
        ("2025-01-01", "2025-12-31", "2025-10-27", "2024-01-01 2024-10-27"),
        ("2025-01-01", "2025-10-27", "2025-10-27", "2024-01-01 2024-10-27"),
        ("2025-07-01", "2025-09-30", "2025-10-27", "2024-07-01 2024-09-30"),
        ("2024-12-16", "2025-01-15", "2025-10-27", "2023-12-16 2024-01-15"),
        # February ends as it ends.
        ("2025-02-01", "2025-02-28", "2025-10-27", "2024-02-01 2024-02-29"),
        ("2024-02-01", "2024-02-29", "2025-10-27", "2023-02-01 2023-02-28"),
        ("2024-01-01", "2024-02-28", "2025-10-27", "2023-01-01 2023-02-28"),
        ("2024-02-29", "2024-02-29", "2025-10-27", "2023-02-28 2023-02-28"),
        ("2024-02-29", "2024-03-31", "2025-10-27", "2023-02-28 2023-03-31"),
    ],
)
def test_the_same_days_a_year_before(first: str, last: str, on: str, then: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    found = same_days_last_year(period, date.fromisoformat(on))
    assert found and f"{found.first} {found.last}" == then


@pytest.mark.parametrize(
    ("first", "last", "compared"),
    [
        ("2024-01-01", "2024-12-31", True),
        ("2024-01-01", "2025-01-01", False),
        ("2024-02-29", "2025-02-28", True),
        ("2024-02-29", "2025-03-01", False),
        ("2020-01-01", "2025-10-27", False),
    ],
)
def test_more_than_twelve_months_have_no_year_before(
    client: Client, tree: Tree, supervisor: User, first: str, last: str, compared: bool
) -> None:
    make_case(tree.housing, received_on=date(2022, 5, 6))
    page = client.get(f"{PAGE}?department={tree.government.pk}&from={first}&to={last}")
    titles = [paragraph["title"] for paragraph in page.context["paragraphs"]]
    assert ("同期比较" in titles) is compared


@pytest.mark.parametrize(("received", "compared"), [((2023, 6, 30), True), ((2023, 7, 1), False)])
def test_days_before_the_first_case_are_not_compared_as_zero(
    client: Client, tree: Tree, supervisor: User, received: tuple[int, int, int], compared: bool
) -> None:
    """Nothing is known of them: the ledgers of those days were never entered."""
    make_case(tree.housing, received_on=date(*received))
    page = client.get(PAGE, asked(tree.government, period="q2"))
    assert ("上年同期" in text_of(page)) is compared


# Its files ---------------------------------------------------------------------------------------


@pytest.fixture
def question(tree: Tree, cases: None) -> Question:
    return Question.of_year(tree.government, 2024, ALL)


def made(question: Question, kind: str, by: User) -> Job:
    """As the page asks and the worker does."""
    job = request_file(question, FILES[kind], by=by)
    {"xlsx": tasks.make_briefing_xlsx, "pdf": tasks.make_briefing_pdf}[kind](job.pk)
    return Job.objects.get(pk=job.pk)


def content_of(client: Client, job: Job) -> bytes:
    file: Any = client.get(f"/jobs/{job.pk}/file/")
    return b"".join(file.streaming_content)


@KINDS
def test_a_file_is_asked_for_by_post_and_shown_where_it_was_asked(
    client: Client, supervisor: User, question: Question, kind: str
) -> None:
    said = asked(question.department)
    for _ in range(2):  # asked twice, it is made once
        response = client.post(f"/briefing/{kind}/", said)
        assert response.headers["Location"].startswith(f"{PAGE}?department=")
    job = Job.objects.get()
    assert (job.task, job.state) == (FILES[kind].task, JobState.QUEUED)
    page = client.get(PAGE, said)
    assert f"{FILES[kind].name}排队等待生成" in text_of(page)
    assert 'hx-trigger="load delay:1s"' in page.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()


@KINDS
@pytest.mark.parametrize("address", [PAGE, "/tables/"])
def test_a_button_hands_in_the_choices_as_they_stand(
    client: Client, supervisor: User, question: Question, address: str, kind: str
) -> None:
    """They belong to the form of the choices: dates just typed are those of the file."""
    page = client.get(address, asked(question.department)).content.decode()
    tools = page.split('<form class="tools" id="ask"')[1].split("</form>")[0]
    action = f"/briefing/{kind}/" if address == PAGE else "/tables/compute/"
    assert f'type="submit" formmethod="post" formaction="{action}"' in tools
    assert 'type="hidden" name="csrfmiddlewaretoken"' not in tools  # it would show in the address


@KINDS
def test_dates_that_cannot_be_are_refused_and_kept(
    client: Client, supervisor: User, question: Question, kind: str
) -> None:
    typed = asked(question.department, period="dates") | {"from": "2024-13-01", "to": "2024-12-31"}
    refused = client.post(f"/briefing/{kind}/", typed, follow=True)
    assert "“2024-13-01”不是一个日期" in text_of(refused) and not Job.objects.exists()
    assert 'value="2024-13-01"' in refused.content.decode()
    assert 'value="2024-12-31"' in refused.content.decode()
    assert 'aria-invalid="true" aria-describedby="id_from_error" autofocus' in (
        refused.content.decode()
    )
    assert text_of(refused).count("不是一个日期") == 1  # beside the field


@KINDS
def test_the_bar_asks_for_itself_until_the_file_is_there(
    client: Client, supervisor: User, question: Question, kind: str
) -> None:
    job = request_file(question, FILES[kind], by=supervisor)
    bar_only = HTMX | {"HX-Target": f"run-{kind}"}
    Job.objects.update(state=JobState.RUNNING, message="写入文件", percent=60)
    bar = client.get(PAGE, asked(question.department), headers=bar_only)
    assert f"正在生成{FILES[kind].name}" in text_of(bar) and "<html" not in bar.content.decode()
    Job.objects.update(state=JobState.QUEUED)
    made(question, kind, supervisor)
    bar = client.get(PAGE, asked(question.department), headers=bar_only)
    assert f"{FILES[kind].name}已生成" in text_of(bar)
    assert f'href="/jobs/{job.pk}/file/"' in bar.content.decode()


def test_the_pdf_is_the_page(client: Client, supervisor: User, question: Question) -> None:
    job = made(question, "pdf", supervisor)
    assert (job.state, job.file_name) == (
        JobState.DONE,
        "秀洲区2024年度统计简报（全区）.pdf",
    )
    [page] = PdfReader(BytesIO(content_of(client, job))).pages
    text = re.sub(r"\s", "", page.extract_text())
    briefing = client.get(PAGE, asked(question.department)).context["briefing"]
    for paragraph in briefing.paragraphs:
        assert paragraph.text in text
    assert "一、本年新收政府信息公开申请数量1000102" in text


def test_the_workbook_is_the_page(client: Client, supervisor: User, question: Question) -> None:
    job = made(question, "xlsx", supervisor)
    assert job.file_name == "秀洲区2024年度统计简报（全区）.xlsx"
    sheet = load_workbook(BytesIO(content_of(client, job)))["统计简报"]
    values = [value for row in sheet.iter_rows(values_only=True) for value in row]
    briefing = client.get(PAGE, asked(question.department)).context["briefing"]
    for paragraph in briefing.paragraphs:
        assert paragraph.text in values


@KINDS
def test_a_file_that_says_less_than_the_page_is_told_apart(
    client: Client, tree: Tree, supervisor: User, question: Question, kind: str
) -> None:
    made(question, kind, supervisor)
    said = asked(question.department)
    assert "生成后数据有变动" not in text_of(client.get(PAGE, said))
    make_case(tree.land, received_on=DAY)
    assert "生成后数据有变动，请重新生成" in text_of(client.get(PAGE, said))


@KINDS
def test_only_who_may_see_the_figures_may_have_the_file(
    client: Client, tree: Tree, supervisor: User, question: Question, kind: str
) -> None:
    wanted = f"/jobs/{made(question, kind, supervisor).pk}/file/"
    for role, department, status in (
        (Role.CLERK, tree.housing, 404),
        (Role.SUPERVISOR, tree.neighbour, 404),
        (Role.AUDITOR, tree.government, 200),
    ):
        client.force_login(make_user(role, department))
        assert client.get(wanted).status_code == status


def test_without_a_chinese_font_the_page_says_so_and_offers_the_others(
    client: Client, supervisor: User, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("reports.briefing", "reports.views.briefing"):
        monkeypatch.setattr(f"{module}.chinese_font", lambda folder: None)
    page = client.get(PAGE, asked(question.department))
    assert f"{NO_FONT}现在可以下载 xlsx，或用浏览器打印本页。" in page.content.decode()
    assert 'formaction="/briefing/pdf/"' not in page.content.decode()
    assert 'formaction="/briefing/xlsx/"' in page.content.decode()
    job = made(question, "pdf", supervisor)
    assert (job.state, job.error) == (JobState.FAILED, NO_FONT)
    text = text_of(client.get(PAGE, asked(question.department)))
    assert "PDF没有生成" in text and made(question, "xlsx", supervisor).state == JobState.DONE


def test_a_name_that_no_font_can_set_fails_the_job_with_a_sentence(
    supervisor: User, question: Question
) -> None:
    question.department.name = "某\u0378局"
    question.department.save()
    job = made(question, "pdf", supervisor)
    assert job.state == JobState.FAILED and "这个字，PDF 没有生成" in job.error


def test_a_file_that_cannot_be_written_says_why(
    client: Client, supervisor: User, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise OSError("磁盘已满")

    monkeypatch.setattr("reports.briefing.briefing_workbook", broken)
    made(question, "xlsx", supervisor)
    text = text_of(client.get(PAGE, asked(question.department)))
    assert "工作簿没有生成" in text and "磁盘已满" in text


def test_nothing_personal_is_in_the_job(supervisor: User, question: Question) -> None:
    job = made(question, "xlsx", supervisor)
    assert job.params == question.params and set(job.result) == {"figures"}
