"""The workbook: made by a job, its sheets fit each other, and only who may see the table has it."""

import re
from collections import Counter
from datetime import date
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from cases.choices import ApplicantKind, Channel, JobState, Outcome, Role
from cases.jobs import JobFailed
from cases.models import Applicant, Job, User
from reports import listing, tasks, workflow
from reports.checks import run_checks
from reports.choices import ALL, OWN
from reports.counting import scope_of
from reports.listing import HEADER, ListedCase, list_cases
from reports.workflow import WORKBOOK_TASK, Question, request_table, request_workbook
from tests.makers import Tree, make_applicant, make_case, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2024, 5, 6)
PERSON = {
    "name": "申请人甲",
    "id_number": "33040119900101001X",
    "phone": "13900000000",
    "address": "某路1号",
    "email": "jia@example.cn",
}


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def supervisor(tree: Tree) -> User:
    return make_user(Role.SUPERVISOR, tree.government)


@pytest.fixture
def question(tree: Tree) -> Question:
    """The district's 2024: three cases at two organs, one of them answered in the next year."""
    applicant = make_applicant(**PERSON)
    make_case(
        tree.housing,
        applicant=applicant,
        received_on=date(2023, 12, 4),
        closed_on=DAY,
        outcome=Outcome.PARTIAL,
        content="申请人甲户的房屋征收补偿协议",
    )
    make_case(
        tree.housing,
        received_on=DAY,
        kind=ApplicantKind.ORG_COMMERCIAL,
        channel=Channel.EMAIL,
        closed_on=date(2025, 1, 6),
    )
    make_case(tree.town, received_on=date(2024, 8, 5), closed_on=date(2024, 8, 6))
    return Question.of_year(tree.government, 2024, ALL)


def made(question: Question, by: User) -> Job:
    """As the page asks and the worker does."""
    job = request_workbook(question, by=by)
    tasks.make_workbook(job.pk)
    return Job.objects.get(pk=job.pk)


def opened(job: Job) -> Workbook:
    with job.file.open("rb") as file:
        return load_workbook(BytesIO(file.read()))


def rows(book: Workbook, sheet: str) -> list[tuple[Any, ...]]:
    return list(book[sheet].iter_rows(values_only=True))


def test_the_job_ends_with_a_file_of_three_sheets(question: Question, supervisor: User) -> None:
    job = made(question, supervisor)
    assert (job.state, job.percent, job.result) == (JobState.DONE, 100, {"cases": 3})
    assert job.file_name == "秀洲区2024年度统计表（全区，2021年格式）.xlsx"
    assert opened(job).sheetnames == ["三、四", "申请件", "勾稽校验"]


def test_sheet_one_is_the_table(question: Question, supervisor: User) -> None:
    """Each row of section three is found by its label, each figure in its order."""
    sheet = rows(opened(made(question, supervisor)), "三、四")
    assert sheet[0][0] == "秀洲区人民政府 2024 年度"
    tables, three = workflow.answer(question).tables, question.format.section_three
    for row in three.figure_rows:
        found = next(line for line in sheet if row.label in line)
        assert list(found[-7:]) == tables.section_three[row.key]
    printed = [figure for group in tables.section_four.values() for figure in group]
    assert list(sheet[-1]) == printed


def test_sheet_two_lists_the_cases_with_the_rows_that_count_them(
    question: Question, supervisor: User
) -> None:
    header, *cases = rows(opened(made(question, supervisor)), "申请件")
    assert header == HEADER
    first, second, third = [dict(zip(header, case, strict=True)) for case in cases]
    assert (first["编号"], first["受理单位"]) == ("秀建公开申〔2023〕1号", "区住建局")
    assert (first["申请人类别"], first["申请方式"]) == ("自然人", "邮寄")
    assert (first["收到日期"].date(), first["答复日期"].date()) == (date(2023, 12, 4), DAY)
    assert (first["答复类型"], first["收到计入"], first["办理计入"]) == (
        "部分公开",
        "二",
        "三（二）",
    )
    # Answered after the year's end: in this table it is carried forward.
    assert (second["答复日期"], second["答复类型"], second["办理计入"]) == (None, None, "四")
    assert (third["受理单位"], third["办理计入"]) == ("王江泾镇", "三（一）")


def test_sheets_one_and_two_count_alike(question: Question, supervisor: User) -> None:
    book = opened(made(question, supervisor))
    places = Counter(place for case in rows(book, "申请件")[1:] for place in case[-2:])
    three = question.format.section_three
    totals = {
        three.place(row.key): line[-1]
        for line in rows(book, "三、四")
        for row in three.figure_rows
        if row.label in line
    }
    assert {place: totals[place] for place in places} == places
    assert sum(places.values()) == 2 * totals["三（七）"] + 2 * totals["四"]


def test_sheet_three_has_every_check(question: Question, supervisor: User) -> None:
    _, *lines = rows(opened(made(question, supervisor)), "勾稽校验")
    checks = run_checks(question.format, workflow.answer(question).tables)
    assert [(line[1], line[2], line[3], line[4]) for line in lines] == [
        (check.formula, check.left, check.right, "相符") for check in checks
    ]


def test_nothing_personal_and_no_free_text_is_in_it(question: Question, supervisor: User) -> None:
    book = opened(made(question, supervisor))
    every = "\n".join(
        str(value) for sheet in book.sheetnames for row in rows(book, sheet) for value in row
    )
    for personal in (*PERSON.values(), "补偿协议"):
        assert personal not in every
    assert not set(ListedCase._fields) & {"content", "remarks", "applicant", *Applicant.PERSONAL}


def test_an_organ_without_cases_has_its_workbook_too(tree: Tree, supervisor: User) -> None:
    """零报告: every zero is printed."""
    job = made(Question.of_year(tree.land, 2024, OWN), supervisor)
    book = opened(job)
    assert job.state == JobState.DONE and rows(book, "申请件") == [HEADER]
    assert list(rows(book, "三、四")[-1]) == [0] * 15


def test_a_department_renamed_since_is_called_as_then(
    question: Question, supervisor: User, tree: Tree
) -> None:
    from_on = date(2025, 3, 1)
    workflow_names = tree.town.names
    workflow_names.create(name="王江泾街道办事处", short_name="王江泾街道", from_on=from_on)
    listed = rows(opened(made(question, supervisor)), "申请件")
    assert listed[-1][1] == "王江泾镇"


def test_a_case_that_comes_between_list_and_count_has_both_made_again(
    question: Question, supervisor: User, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = count(1)

    def list_then_register(*asked: Any) -> list[ListedCase]:
        found = list_cases(*asked)
        if next(calls) == 1:
            make_case(tree.land, received_on=DAY)
        return found

    monkeypatch.setattr(listing, "list_cases", list_then_register)
    job = made(question, supervisor)
    assert job.state == JobState.DONE and next(calls) == 3
    assert len(rows(opened(job), "申请件")) == 1 + 4


def test_cases_that_never_keep_still_fail_the_job_with_a_sentence(
    question: Question, supervisor: User, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    def list_then_register(*asked: Any) -> list[ListedCase]:
        found = list_cases(*asked)
        make_case(tree.land, received_on=DAY)
        return found

    monkeypatch.setattr(listing, "list_cases", list_then_register)
    job = made(question, supervisor)
    assert job.state == JobState.FAILED and not job.file
    assert "一直在变动" in job.error
    with pytest.raises(JobFailed):
        workflow.workbook(question)


def test_a_reply_changed_between_list_and_count_is_noticed(question: Question) -> None:
    """The numbers agree, the rows do not."""
    scope = scope_of(question.department, question.scope, question.period)
    listed = list_cases(scope, question.period)
    groups = workflow.case_groups(scope, question.period)
    assert listing.agree(listed, groups)
    changed = [listed[0]._replace(outcome=Outcome.GRANTED), *listed[1:]]
    assert not listing.agree(changed, groups)


# On the page -------------------------------------------------------------------------------------


def address(question: Question) -> dict[str, Any]:
    return {"department": question.department.pk, "year": 2024, "scope": question.scope}


def text_of(response: Any) -> str:
    return re.sub(r"\s+|<[^>]+>", "", response.content.decode())


def test_the_page_shows_how_far_the_workbook_is_and_then_the_file(
    client: Client, question: Question, supervisor: User
) -> None:
    client.force_login(supervisor)
    assert "xlsx" not in text_of(client.get("/tables/", address(question)))  # nothing to download
    tasks.compute_table(request_table(question, by=supervisor).pk)
    assert "xlsx" in text_of(client.get("/tables/", address(question)))
    response = client.post("/tables/workbook/", address(question), follow=True)
    assert "排队等待生成" in text_of(response)
    job = Job.objects.get(task=WORKBOOK_TASK)
    bar_only = {"HX-Request": "true", "HX-Target": "run-book"}
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, message="写入工作簿", percent=70)
    bar = client.get("/tables/", address(question), headers=bar_only)
    assert "正在生成工作簿" in text_of(bar) and "写入工作簿" in text_of(bar)
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    tasks.make_workbook(job.pk)
    bar = client.get("/tables/", address(question), headers=bar_only)
    assert f'href="/jobs/{job.pk}/file/"' in bar.content.decode()
    file = client.get(f"/jobs/{job.pk}/file/")
    content = b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert load_workbook(BytesIO(content)).sheetnames[0] == "三、四"


def test_a_workbook_older_than_the_table_is_not_offered(
    client: Client, question: Question, supervisor: User
) -> None:
    client.force_login(supervisor)
    tasks.compute_table(request_table(question, by=supervisor).pk)
    made(question, supervisor)
    assert "工作簿已生成" in text_of(client.get("/tables/", address(question)))
    tasks.compute_table(request_table(question, by=supervisor).pk)
    assert "工作簿已生成" not in text_of(client.get("/tables/", address(question)))


def test_a_failed_workbook_says_why(
    client: Client, question: Question, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise OSError("磁盘已满")

    client.force_login(supervisor)
    tasks.compute_table(request_table(question, by=supervisor).pk)
    monkeypatch.setattr("reports.workflow.report_workbook", broken)
    made(question, supervisor)
    page = text_of(client.get("/tables/", address(question)))
    assert "工作簿没有生成" in page and "磁盘已满" in page


def test_only_who_may_see_the_table_may_have_it(
    client: Client, question: Question, supervisor: User, tree: Tree
) -> None:
    job = made(question, supervisor)
    wanted = f"/jobs/{job.pk}/file/"
    assert client.get(wanted).status_code == 302
    for role, department, status in (
        (Role.CLERK, tree.housing, 404),
        (Role.SUPERVISOR, tree.neighbour, 404),
        (Role.AUDITOR, tree.government, 200),
    ):
        client.force_login(make_user(role, department))
        assert client.get(wanted).status_code == status
    client.force_login(make_user(Role.CLERK, tree.housing))
    assert client.post("/tables/workbook/", address(question)).status_code == 404
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(wanted).status_code in (403, 404)
    assert client.post("/tables/workbook/", address(question)).status_code == 403
    assert client.get("/tables/workbook/").status_code == 405


def test_the_file_is_kept_under_a_short_name_whatever_the_department_is_called(
    supervisor: User, tree: Tree
) -> None:
    tree.land.name = tree.land.short_name = "很长的名称" * 8
    tree.land.save()
    job = made(Question.of_year(tree.land, 2024, OWN), supervisor)
    assert job.state == JobState.DONE and job.file_name.startswith("很长的名称" * 8)
    assert re.search(rf"/{job.pk}(_\w+)?\.xlsx$", str(job.file))
