"""导出 xlsx: the filtered list as a file, made by a job, within the rights of who asked for it."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from cases import export_jobs, tasks, workflow
from cases.choices import (
    Addressee,
    ApplicantKind,
    EventKind,
    JobState,
    Outcome,
    Role,
    ServiceMethod,
)
from cases.crypto import lookup_hash
from cases.exports import STANDING, ledger_columns
from cases.ledger import Limits, plan_import, read_ledger, save_import
from cases.ledger.columns import CASES
from cases.models import Applicant, AuditEntry, Case, Event, Job, User
from tests.ledgers import case_row, make_ledger
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
EXPORT = reverse("cases:export")
PERSON = {
    "id_number": "33040119900101001X",
    "phone": "13900000000",
    "address": "某路1号",
    "email": "jia@example.cn",
}
PERSONAL_HEADERS = ["证件号码", "联系电话", "通信地址", "电子邮箱"]
Row = dict[str, Any]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.government, name="经办员甲")


@pytest.fixture
def clerk_client(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def made(client: Client, query: str = "", *, personal: bool = False) -> Job:
    """As the page asks and the worker does."""
    answer = client.post(f"{EXPORT}?{query}", {"personal": "on"} if personal else {})
    assert answer.status_code == 302
    job = Job.objects.filter(task=export_jobs.TASK).latest("pk")
    tasks.export_cases(job.pk)
    return Job.objects.get(pk=job.pk)


def book_of(job: Job) -> Workbook:
    assert job.state == JobState.DONE, job.error
    with job.file.open("rb") as file:
        return load_workbook(BytesIO(file.read()))


def rows_of(job: Job, sheet: str = CASES.name) -> list[Row]:
    header, *lines = book_of(job)[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]


def file_url(job: Job) -> str:
    return reverse("cases:job_file", args=[job.pk])


# --- What is in it -------------------------------------------------------------------------------


def test_the_file_holds_the_filtered_list_under_the_headings_of_a_ledger(
    clerk_client: Client, tree: Tree
) -> None:
    case = make_case(
        tree.housing,
        name="申请人甲",
        kind=ApplicantKind.NATURAL_PERSON,
        arrived_on=date(2025, 9, 12),
        facts=Facts(
            correction=(date(2025, 9, 17), date(2025, 9, 19)), extended_on=date(2025, 9, 28)
        ),
        closed_on=date(2025, 10, 9),
        outcome=Outcome.NOT_EXIST,
        reply_number="秀建公开〔2025〕3号",
        service_method=ServiceMethod.POST,
        served_on=date(2025, 10, 10),
        drafting_department=tree.land,
        remarks="两份",
    )
    make_case(tree.housing)
    make_case(tree.neighbour, closed_on=date(2025, 10, 9))
    job = made(clerk_client, "state=closed&sort=-due&page=4")
    assert (job.percent, job.result["cases"]) == (100, 1)
    assert job.file_name == "申请台账 20251027 1件.xlsx"
    assert book_of(job).sheetnames == ["申请台账", "办理情况"]
    (row,) = rows_of(job)
    assert list(row) == [column.header for column in CASES.columns if not column.personal]
    assert {key: value.date() if hasattr(value, "date") else value for key, value in row.items()
            if value is not None} == {
        "编号": case.number,
        "受理部门": "秀洲区住房和城乡建设局",
        "申请人类别": "自然人",
        "申请人": "申请人甲",
        "申请方式": "邮寄",
        "到件日期": date(2025, 9, 12),
        "收到日期": date(2025, 9, 15),
        "申请内容": case.content,
        "答复类型": "经检索没有，信息不存在",
        "答复日期": date(2025, 10, 9),
        "补正通知日期": date(2025, 9, 17),
        "补正收到日期": date(2025, 9, 19),
        "延期告知日期": date(2025, 9, 28),
        "延期工作日": 20,
        "承办单位": tree.land.name,
        "答复文号": "秀建公开〔2025〕3号",
        "送达日期": date(2025, 10, 10),
        "备注": "两份",
    }  # fmt: skip


def test_sheet_two_says_where_each_case_stands(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    make_case(tree.housing, handler=clerk, purpose="诉讼")  # due 10-17
    firm = make_applicant(ApplicantKind.ORG_COMMERCIAL, legal_representative="法定代表人丁")
    make_case(tree.housing, received_on=date(2025, 10, 20), applicant=firm)
    make_case(tree.housing, facts=Facts(consultation=(date(2025, 10, 14), None)))
    rows = rows_of(made(clerk_client), STANDING)
    assert [row["状态"] for row in rows] == ["办理中", "未分派", "征求意见中"]
    assert [row["剩余工作日"] for row in rows] == [-6, 15, None]
    assert [row["期限"] for row in rows] == ["逾期 6 日", "剩 15 日", "停计 已用 17 日"]
    assert [row["法定代表人"] for row in rows] == [None, "法定代表人丁", None]
    assert rows[0]["到期日"].date() == date(2025, 10, 17) and rows[2]["到期日"] is None
    assert (rows[0]["经办"], rows[0]["用途"]) == ("经办员甲", "诉讼")


def test_every_column_of_a_ledger_is_written() -> None:
    assert ledger_columns(personal=True) == list(CASES.columns)
    personal = [column.header for column in CASES.columns if column.personal]
    assert personal == PERSONAL_HEADERS


@pytest.mark.parametrize(
    "typed", ["=1+1", "+8613900000000", "-1", "@SUM(A1)", "#N/A", "#REF!", '=HYPERLINK("http://x")']
)
def test_what_was_typed_is_text_never_a_formula(
    clerk_client: Client, tree: Tree, typed: str
) -> None:
    make_case(tree.housing, name=typed, content=f"{typed}", remarks=typed)
    sheet = book_of(made(clerk_client, personal=True))[CASES.name]
    cells = [cell for cell in sheet[2] if cell.value == typed]
    assert len(cells) == 3 and {cell.data_type for cell in cells} == {"s"}
    if typed[0] != "#":
        assert all(cell.quotePrefix for cell in cells)


def test_what_xml_cannot_hold_is_left_out(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing, content="甲\x0b路\x1f")
    assert rows_of(made(clerk_client))[0]["申请内容"] == "甲路"


def imported(content: bytes) -> dict[str, Any]:
    """What an import of the file would do; nothing is written."""
    ledger = read_ledger(
        content, file_name="台账.xlsx", today=TODAY, department_needed=True, limits=Limits()
    )
    plan = plan_import(ledger, by=None, department=None)
    assert plan.problems == []
    counts = plan.cases
    return {
        "new": counts.new,
        "completed": counts.completed,
        "conflicting": counts.conflicting,
        "unchanged": counts.unchanged,
        "passed_over": plan.ledger.passed_over,
    }


def test_the_file_imported_again_changes_nothing(clerk_client: Client, tree: Tree) -> None:
    """Whatever happened to the cases, and of ledger rows with blanks too."""
    make_case(tree.housing, applicant=make_applicant(**PERSON), arrived_on=date(2025, 9, 12))
    for facts in (
        Facts(correction=(date(2025, 9, 17), date(2025, 9, 19))),
        Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10))),
        Facts(consultation=(date(2025, 9, 19), None)),
        Facts(fee=(date(2025, 9, 17), date(2025, 9, 19)), extended_on=date(2025, 10, 9)),
    ):
        make_case(tree.town, facts=facts)
    for outcome in Outcome:
        make_case(tree.land, closed_on=date(2025, 10, 9), outcome=outcome)
    ledger = make_ledger([case_row("旧7", 承办单位="法规科", 承办人="丁", 备注="纸质档案")])
    read = read_ledger(
        ledger, file_name="旧.xlsx", today=TODAY, department_needed=True, limits=Limits()
    )
    save_import(plan_import(read, by=None, department=None), by=None, today=TODAY)
    total = Case.objects.count()
    for personal in (False, True):
        job = made(clerk_client, personal=personal)
        with job.file.open("rb") as file:
            assert imported(file.read()) == {
                "new": 0,
                "completed": 0,
                "conflicting": 0,
                "unchanged": total,
                "passed_over": [STANDING],
            }


def test_the_letter_that_is_told_has_its_own_answer(clerk_client: Client, tree: Tree) -> None:
    """Two letters: the later is told, with no answer while only the first has one."""
    case = make_case(tree.town, facts=Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10))))
    said: dict[str, Any] = {"by": hand_of(tree.town), "today": TODAY}
    workflow.consult(
        case, on=date(2025, 10, 11), key="2", addressee=Addressee.THIRD_PARTY, whom="乙", **said
    )
    (row,) = rows_of(made(clerk_client))
    assert row["征求意见发出日期"].date() == date(2025, 10, 11)
    assert row["征求意见返回日期"] is None


def test_a_wait_that_was_ended_is_told_as_the_day_it_ended(
    clerk_client: Client, tree: Tree
) -> None:
    """The ledger knows one column for it, and imported again it must leave the same due day."""
    facts = Facts(consultation=(date(2025, 9, 19), None), consulted=Addressee.OTHER_ORGAN)
    case = make_case(tree.town, facts=facts)
    workflow.end_consultation(
        case,
        by=hand_of(tree.town),
        today=TODAY,
        on=date(2025, 10, 10),
        key="1",
        reason="多次催促未复",
    )
    (row,) = rows_of(made(clerk_client))
    assert row["征求意见返回日期"].date() == date(2025, 10, 10)


def test_a_fact_put_right_is_told_as_it_now_stands(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.town, facts=Facts(correction=(date(2025, 9, 17), None)))
    wrong = case.events.get(kind=EventKind.CORRECTION_ASKED)
    Event.objects.create(
        case=case,
        kind=EventKind.CORRECTION_ASKED,
        on=date(2025, 9, 16),
        data={"supersedes": [wrong.pk]},
    )
    (row,) = rows_of(made(clerk_client))
    assert row["补正通知日期"].date() == date(2025, 9, 16)


def test_cases_are_fetched_in_chunks_and_progress_is_told(
    clerk_client: Client, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [make_case(tree.housing).number for _ in range(11)]
    monkeypatch.setattr(export_jobs, "CHUNK", 4)
    told: list[tuple[int, str]] = []
    job = export_jobs.request_export("", count=11, personal=False, by=hand_of(tree.housing))
    export_jobs.export(job, lambda *said: told.append(said), on=TODAY)  # type: ignore[arg-type]
    assert [percent for percent, _ in told] == [5, 37, 70, 95]
    assert told[-1][1] == "已写入 11 / 11 件"
    assert [row["编号"] for row in rows_of(made(clerk_client))] == numbers  # 9号 before 10号


def test_many_cases_cost_no_more_queries_than_one(tree: Tree) -> None:
    hand = hand_of(tree.housing)
    job = export_jobs.request_export("", count=1, personal=True, by=hand)

    def work() -> int:
        user = User.objects.get(pk=hand.pk)
        fresh = Job.objects.get(pk=job.pk)
        fresh.requested_by = user
        return queries_of(lambda: export_jobs.export(fresh, lambda *said: None, on=TODAY))  # type: ignore[arg-type]

    make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 17), None)))
    work()
    with_one = work()
    for _ in range(10):
        make_case(tree.housing, applicant=make_applicant(**PERSON), drafting_department=tree.land)
    assert work() == with_one


# --- Personal data -------------------------------------------------------------------------------


def test_personal_data_are_left_out_unless_asked_for(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing, applicant=make_applicant(**PERSON))
    job = made(clerk_client)
    every = str([row for sheet in (CASES.name, STANDING) for row in rows_of(job, sheet)])
    assert not any(value in every for value in (*PERSON.values(), *PERSONAL_HEADERS))


def test_numbers_in_the_texts_go_with_the_personal_data(clerk_client: Client, tree: Tree) -> None:
    """And a file without them, handed in again, is no word against the record."""
    case = make_case(
        tree.housing, content="甲路方案，电话 13912345678", purpose="yi@example.cn", remarks="见卷"
    )
    without, whole = made(clerk_client), made(clerk_client, personal=True)
    (row,), (standing,) = rows_of(without), rows_of(without, STANDING)
    assert (row["申请内容"], standing["用途"]) == ("甲路方案，电话 （号码略）", "（邮箱略）")
    (row,), (standing,) = rows_of(whole), rows_of(whole, STANDING)
    assert (row["申请内容"], standing["用途"]) == (case.content, case.purpose)
    with without.file.open("rb") as file:
        assert imported(file.read())["unchanged"] == 1


def test_personal_data_are_written_where_the_right_is_held(client: Client, tree: Tree) -> None:
    user = make_user(Role.AUDITOR, tree.government)
    user.assignments.create(department=tree.housing, role=Role.CLERK)
    client.force_login(User.objects.get(pk=user.pk))
    make_case(tree.housing, applicant=make_applicant(**PERSON))
    make_case(tree.land, applicant=make_applicant(**PERSON))
    job = made(client, personal=True)
    first, second = rows_of(job)
    assert [first[header] for header in PERSONAL_HEADERS] == [
        PERSON[name] for name in ("id_number", "phone", "address", "email")
    ]
    assert [second[header] for header in PERSONAL_HEADERS] == [None] * 4
    assert job.result["personal_departments"] == [tree.housing.pk]


def test_who_may_not_see_personal_data_is_not_offered_them(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.government))
    make_case(tree.housing)
    assert "含个人信息" not in client.get(EXPORT).content.decode()
    answer = client.post(EXPORT, {"personal": "on"})
    assert answer.status_code == 403
    assert "您的角色不查看个人信息" in answer.content.decode()
    assert not Job.objects.exists()
    assert rows_of(made(client))  # without them one may


def test_every_export_is_in_the_audit_log_without_personal_data(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    make_case(tree.housing, applicant=make_applicant(name="申请人甲", **PERSON))
    hashed = lookup_hash(PERSON["phone"])
    job = made(clerk_client, f"q=申请人甲&phone={hashed}", personal=True)
    asked, exported = AuditEntry.objects.filter(target="job", target_id=job.pk)
    assert (asked.act, exported.act) == (export_jobs.ASKED, export_jobs.MADE)
    assert asked.actor == exported.actor == clerk
    assert asked.address == "127.0.0.1"
    assert exported.after == {
        "conditions": {"q": "（略）", "phone": hashed, "everywhere": "1"},
        "personal": True,
        "cases": 1,
    }
    assert exported.target_name == "申请台账 20251027 1件（含个人信息）.xlsx"
    written = str(list(AuditEntry.objects.values())) + str(list(Job.objects.values()))
    assert not any(value in written for value in PERSON.values())


def test_personal_columns_are_those_of_the_applicant() -> None:
    personal = {column.key for column in CASES.columns if column.personal}
    assert personal == set(Applicant.PERSONAL)


# --- Rights, asked again when it is made and when it is fetched -----------------------------------


def test_only_who_asked_may_fetch_it(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing)
    job = made(clerk_client)
    answer = clerk_client.get(file_url(job))
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    for role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        clerk_client.force_login(make_user(role, tree.government))
        assert clerk_client.get(file_url(job)).status_code == 404
        assert clerk_client.get(reverse("cases:job", args=[job.pk])).status_code == 404
        listed = clerk_client.get(EXPORT)
        assert listed.status_code == 403 or listed.context["runs"] == []


def test_who_may_no_longer_read_all_of_it_cannot_fetch_it(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    make_case(tree.housing, applicant=make_applicant(**PERSON))
    plain, full = made(clerk_client), made(clerk_client, personal=True)
    clerk.assignments.update(role=Role.AUDITOR)
    assert clerk_client.get(file_url(plain)).status_code == 200
    refused = clerk_client.get(file_url(full))
    assert refused.status_code == 403 and "请重新导出" in refused.content.decode()
    clerk.assignments.update(department=tree.land)
    assert clerk_client.get(file_url(plain)).status_code == 403


def asked_then(client: Client, change: Any, query: str = "", personal: bool = False) -> Job:
    """The job of an export between whose asking and making `change` happens."""
    client.post(f"{EXPORT}?{query}", {"personal": "on"} if personal else {})
    change()
    job = Job.objects.latest("pk")
    tasks.export_cases(job.pk)
    return Job.objects.get(pk=job.pk)


def test_scope_and_rights_are_those_held_when_it_is_made(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    make_case(tree.housing)
    case = make_case(tree.land)
    moved = asked_then(clerk_client, lambda: clerk.assignments.update(department=tree.land))
    assert [row["编号"] for row in rows_of(moved)] == [case.number]
    lost = asked_then(
        clerk_client, lambda: clerk.assignments.update(role=Role.AUDITOR), personal=True
    )
    assert (lost.state, lost.error) == (
        JobState.FAILED,
        "您的角色不查看个人信息，不能导出含个人信息的文件。",
    )
    none = asked_then(clerk_client, lambda: clerk.assignments.all().delete())
    assert (none.state, none.error) == (JobState.FAILED, "您的角色不查看申请件，不能导出。")


def test_an_account_that_was_closed_gets_nothing(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    make_case(tree.housing)
    job = asked_then(clerk_client, lambda: User.objects.filter(pk=clerk.pk).update(is_active=False))
    assert (job.state, job.error) == (JobState.FAILED, "要求导出的账号已停用，没有导出。")


def test_a_condition_that_fell_away_never_makes_it_more(
    clerk_client: Client, clerk: User, tree: Tree
) -> None:
    make_case(tree.housing)
    make_case(tree.land)
    job = asked_then(
        clerk_client,
        lambda: clerk.assignments.update(department=tree.land),
        query=f"department={tree.housing.pk}",
    )
    assert job.state == JobState.FAILED
    assert job.error == f"没有“{tree.housing.pk}”这样的受理单位，所以没有导出。"


def test_a_file_is_not_kept_for_long(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing)
    old, young = made(clerk_client), made(clerk_client)
    old_file = Path(old.file.path)
    now = timezone.now()
    Job.objects.filter(pk=old.pk).update(finished_at=now - export_jobs.KEPT - timedelta(seconds=1))
    Job.objects.filter(pk=young.pk).update(finished_at=now - export_jobs.KEPT + timedelta(hours=1))
    tasks.sweep_jobs()
    assert not old_file.exists()
    assert clerk_client.get(file_url(old)).status_code == 404
    assert clerk_client.get(file_url(young)).status_code == 200
    assert "已过 7 天，文件已删除" in clerk_client.get(EXPORT).content.decode()


# --- The page ------------------------------------------------------------------------------------


def test_the_page_says_what_will_be_exported_and_how_it_goes(
    clerk_client: Client, tree: Tree
) -> None:
    make_case(tree.housing)
    make_case(tree.housing, closed_on=date(2025, 10, 9))
    listed = clerk_client.get(reverse("cases:list"), {"state": "closed"}).content.decode()
    assert "导出 xlsx（1 件）" in listed and f"{EXPORT}?state=closed" in listed
    page = clerk_client.get(f"{EXPORT}?state=closed").content.decode()
    assert "状态：已办结" in page and "导出 1 件" in page
    clerk_client.post(f"{EXPORT}?state=closed")
    page = clerk_client.get(f"{EXPORT}?state=closed").content.decode()
    job = Job.objects.get()
    assert "排队中" in page and f'hx-get="/jobs/{job.pk}/"' in page
    tasks.export_cases(job.pk)
    page = clerk_client.get(f"{EXPORT}?state=closed").content.decode()
    assert "已完成" in page and file_url(job) in page


def test_asked_twice_at_once_it_is_one_job(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing)
    for _ in range(2):
        clerk_client.post(EXPORT)
    assert Job.objects.count() == 1
    clerk_client.post(EXPORT, {"personal": "on"})
    clerk_client.force_login(make_user(Role.CLERK, tree.government))
    clerk_client.post(EXPORT)
    assert Job.objects.count() == 3


def test_what_is_not_understood_is_told_and_not_exported_by(
    clerk_client: Client, tree: Tree
) -> None:
    make_case(tree.housing)
    page = clerk_client.get(f"{EXPORT}?state=nonsense").content.decode()
    assert "没有“nonsense”这样的状态，未按它筛选。" in page
    assert made(clerk_client, "state=nonsense&year=2025").params["query"] == "year=2025"


def test_an_empty_list_is_not_exported(clerk_client: Client, tree: Tree) -> None:
    assert "无可导出" in clerk_client.get(EXPORT).content.decode()
    assert clerk_client.post(EXPORT).status_code == 200
    assert not Job.objects.exists()
    assert "导出 xlsx" not in clerk_client.get(reverse("cases:list")).content.decode()


def test_only_who_reads_cases_exports(client: Client, tree: Tree) -> None:
    assert client.get(EXPORT).status_code == 302
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(EXPORT).status_code == client.post(EXPORT).status_code == 403
    assert client.put(EXPORT).status_code == 405
