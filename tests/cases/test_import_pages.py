"""台账导入 as pages: hand in, look, confirm; who may, what stays, what is said when it is wrong."""

import re
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cases import workflow
from cases.choices import JobState, Outcome, Role, UploadState
from cases.imports import acts, work
from cases.ledger import Limits, Plan, plan_import, read_ledger, save_import
from cases.models import Applicant, AuditEntry, Case, Event, ImportedLedger, Job, LedgerUpload, User
from tests.ledgers import case_row, make_ledger, proceeding_row, sheets_file
from tests.makers import TODAY, Tree, hand_of, make_case, make_user, queries_of
from tests.uploads import confirm, do_jobs, files, forget_files, hand_in, imported, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PHONE, OTHER_PHONE = "13800001234", "13900005678"
ROW = case_row("7", 申请人="申请人甲", 联系电话=PHONE)
REPLY = {"答复类型": "部分公开", "答复日期": "2025-10-10"}


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_files()


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


@pytest.fixture
def office(client: Client, clerk: User) -> Client:
    """The clerk's browser."""
    client.force_login(clerk)
    return client


def page_of(client: Client, upload: LedgerUpload, query: str = "") -> str:
    return client.get(reverse("cases:import", args=[upload.pk]) + query).content.decode()


def post(client: Client, name: str, upload: LedgerUpload, **data: Any) -> Any:
    return client.post(reverse(f"cases:import_{name}", args=[upload.pk]), data)


def messages_of(client: Client, answer: Any) -> str:
    """The page that the answer leads to, with what it has to say."""
    return client.get(answer["Location"]).content.decode()


def tiles(page: str) -> dict[str, int]:
    found = re.findall(r'<span class="t">(.+?)</span><span class="v">(\d+)</span>', page)
    return {label: int(value) for label, value in found}


# --- The way through -----------------------------------------------------------------------------


def test_handed_in_looked_at_confirmed_and_kept(office: Client, tree: Tree, clerk: User) -> None:
    content = make_ledger([ROW, case_row("8", **REPLY)], [proceeding_row(申请编号="7")])
    answer = hand_in(office, content, tree.housing, "十月台账.xlsx")
    upload = LedgerUpload.objects.get()
    assert answer["Location"] == reverse("cases:import", args=[upload.pk])
    assert "排队等待读取" in page_of(office, upload)
    do_jobs()
    page = page_of(office, upload)
    assert tiles(page) == {"新增": 3, "补登": 0, "不一致": 0, "有误": 0, "未变": 0}
    assert "其中复议诉讼 1 件" in page and "确认导入" in page
    assert not Case.objects.exists()

    confirm(office, upload)
    assert "排队等待导入" in page_of(office, upload)
    do_jobs()
    upload.refresh_from_db()
    assert upload.state == UploadState.IMPORTED
    assert upload.imported and upload.imported.imported_by == clerk
    assert set(Case.objects.values_list("number", flat=True)) == {"7", "8"}
    page = page_of(office, upload)
    assert "导入结果" in page and "确认导入" not in page and "申请人甲" in page
    listed = office.get(reverse("cases:imports")).content.decode()
    for words in ("十月台账.xlsx", "区住建局", "经办员戊", "已导入", "新增 3"):
        assert words in listed


def test_the_next_month_fills_in_what_was_answered_since(office: Client, tree: Tree) -> None:
    rows = [case_row(f"{n}", 联系电话=PHONE) for n in range(1, 4)]
    imported(office, make_ledger(rows), tree.housing)
    rows[1] |= REPLY
    upload = planned(office, make_ledger([*rows, case_row("4")]), tree.housing, "十一月.xlsx")
    page = page_of(office, upload)
    assert tiles(page) == {"新增": 1, "补登": 1, "不一致": 0, "有误": 0, "未变": 2}
    filled = page_of(office, upload, "?show=filled")
    assert "答复类型" in filled and "部分公开" in filled and "2025-10-10" in filled
    confirm(office, upload)
    do_jobs()
    case = Case.objects.get(number="2")
    assert (case.outcome, case.closed_on) == (Outcome.PARTIAL, date(2025, 10, 10))


def test_a_conflict_wants_the_tick_and_a_reason(office: Client, tree: Tree) -> None:
    imported(office, make_ledger([ROW]), tree.housing)
    upload = planned(office, make_ledger([ROW | {"联系电话": OTHER_PHONE}]), tree.housing)
    page = page_of(office, upload)
    assert tiles(page)["不一致"] == 1
    assert "138****1234" in page and "139****5678" in page
    assert PHONE not in page and OTHER_PHONE not in page

    for said, sentence in (
        ({}, "请勾选“以台账为准”"),
        ({"reason": "以纸质档案为准"}, "请勾选“以台账为准”"),
        ({"take_over": "on", "reason": " "}, "请写明以台账为准的理由"),
        ({"take_over": "on", "reason": f"电话{OTHER_PHONE}"}, "不能存个人信息"),
    ):
        answer = confirm(office, upload, **said).content.decode()
        assert "有与系统不一致之处：" not in answer
        assert sentence in answer
        assert str(said.get("reason", "")).strip() in answer  # what was typed is kept
        assert not Job.objects.filter(state=JobState.QUEUED).exists()
    confirm(office, upload, take_over="on", reason="以纸质档案为准")
    do_jobs()
    assert Applicant.objects.get().phone == OTHER_PHONE
    page = page_of(office, upload)
    assert "以台账为准（以纸质档案为准）" in page
    assert ">原值<" in page and ">改为<" in page and "台账里的值" not in page


def test_errors_are_all_told_and_nothing_is_written(office: Client, tree: Tree) -> None:
    rows = [
        case_row("1"),
        case_row("2", 收到日期="3.4"),
        case_row("3", 申请人类别="火星人"),
        case_row("4", 联系电话=13800001234567890),
    ]
    upload = planned(office, make_ledger(rows), tree.housing)
    page = page_of(office, upload)
    assert tiles(page)["有误"] == 3
    assert page.count("下载错误清单") == 1
    for words in ("第 3 行", "没有写年份", "火星人", "不是已知的申请人类别"):
        assert words in page
    assert "确认导入" not in page and "13800001234567890" not in page
    answer = confirm(office, upload)
    assert "不能写入" in messages_of(office, answer)
    assert not Case.objects.exists() and not do_jobs()

    workbook = load_workbook(
        BytesIO(
            b"".join(office.get(reverse("cases:import_errors", args=[upload.pk])).streaming_content)  # type: ignore[attr-defined]
        )
    )
    lines = [[cell.value for cell in row] for row in workbook.worksheets[0].iter_rows()]
    assert lines[0] == ["工作表", "行", "列", "填写的值", "错在哪里"]
    assert [line[1] for line in lines[1:]] == ["3", "4", "5"]


def test_what_is_to_be_looked_at_hinders_nothing(office: Client, tree: Tree) -> None:
    rows = [case_row(f"{n}", 答复文号="秀建公开〔2025〕7号", **REPLY) for n in (1, 2)]
    rows[1]["申请人"] = "申请人乙"
    upload = planned(office, make_ledger(rows), tree.housing)
    page = page_of(office, upload)
    assert tiles(page)["请核对"] == 1 and "有 1 处请核对，不影响导入。" in page
    shown = page_of(office, upload, "?show=doubts")
    assert "与申请台账第 2 行的答复文号相同，请核对；确是一并答复的，不用改" in shown
    confirm(office, upload)
    do_jobs()
    assert Case.objects.filter(reply_number="秀建公开〔2025〕7号").count() == 2


def test_the_list_of_errors_holds_no_formula(office: Client, tree: Tree) -> None:
    upload = planned(
        office,
        sheets_file({"申请台账": [["编号", "申请人类别", "收到日期"], ["1", "'=1+1", "x"]]}),
        tree.housing,
    )
    answer: Any = office.get(reverse("cases:import_errors", args=[upload.pk]))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_without_errors_there_is_no_list_of_them(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    assert office.get(reverse("cases:import_errors", args=[upload.pk])).status_code == 404


def test_the_same_file_again_is_recognised_and_has_nothing_to_write(
    office: Client, tree: Tree
) -> None:
    content = make_ledger([ROW])
    imported(office, content, tree.housing)
    upload = planned(office, content, tree.housing)
    page = page_of(office, upload)
    assert "由经办员戊导入过" in page and "没有需要写入的" in page
    assert "确认导入" not in page
    assert tiles(page)["未变"] == 1


def test_a_file_of_headings_alone_says_so(office: Client, tree: Tree) -> None:
    upload = planned(
        office, make_ledger([], headers=("编号", "申请人类别", "收到日期")), tree.housing
    )
    page = page_of(office, upload)
    assert "表里没有任何一行申请件" in page and "系统里都有" not in page
    assert "确认导入" not in page and 'id="compare"' not in page and 'id="rows"' not in page
    assert office.get(reverse("reports:ledger_table", args=[upload.pk])).status_code == 404
    assert "没有任何一行申请件" in office.get(reverse("cases:imports")).content.decode()


def test_what_cannot_be_confirmed_does_not_wait_for_it(office: Client, tree: Tree) -> None:
    content = make_ledger([ROW])
    imported(office, content, tree.housing)
    same = planned(office, content, tree.housing)
    wrong = planned(office, make_ledger([case_row("8", 收到日期="3.4")]), tree.housing)
    listed = office.get(reverse("cases:imports")).content.decode()
    assert "待确认" not in listed
    for upload, words in ((same, "无须写入"), (wrong, "有误")):
        page = page_of(office, upload)
        assert f'<i class="sep"></i>{words}</div>' in page and "待确认" not in page
        assert words in listed and "重新读取" in page and ">确定放弃<" in page
    assert 'id="rows"' not in page_of(office, same)  # no empty list under it


# --- At once, and in between ---------------------------------------------------------------------


def test_handed_in_twice_it_is_one_upload(office: Client, tree: Tree) -> None:
    content = make_ledger([ROW])
    first, second = (hand_in(office, content, tree.housing) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert LedgerUpload.objects.count() == 1
    assert len(files()) == 1
    assert "您刚才已经上传" in messages_of(office, second)


def test_a_waiting_file_handed_in_again_is_laid_beside_the_system_anew(
    office: Client, tree: Tree
) -> None:
    content = make_ledger([ROW])
    upload = planned(office, content, tree.housing)
    sent_at = datetime(2025, 10, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    LedgerUpload.objects.update(uploaded_at=sent_at)
    imported(office, make_ledger([ROW, case_row("8")]), tree.housing, "另一份.xlsx")
    answer = hand_in(office, content, tree.housing)
    assert answer["Location"] == reverse("cases:import", args=[upload.pk])
    said = messages_of(office, answer)
    assert "已于 2025-10-20 09:30 上传" in said and "刚才" not in said
    do_jobs()
    page = page_of(office, upload)
    assert tiles(page) == {"新增": 0, "补登": 0, "不一致": 0, "有误": 0, "未变": 1}


def test_pressed_twice_it_is_imported_once(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    confirm(office, upload)
    confirm(office, upload)
    assert len(do_jobs()) == 1
    assert Case.objects.count() == ImportedLedger.objects.count() == 1
    answer = confirm(office, upload)
    assert "已经处理过，没有再次写入" in messages_of(office, answer)
    assert not do_jobs()


def test_the_same_file_of_two_people_is_written_once(
    office: Client, tree: Tree, clerk: User
) -> None:
    content = make_ledger([ROW])
    mine = planned(office, content, tree.housing)
    colleague = Client()
    colleague.force_login(make_user(Role.REVIEWER, tree.housing, name="审核员己"))
    theirs = planned(colleague, content, tree.housing)
    assert "经办员戊于" in page_of(colleague, theirs) and "也上传了这份文件" in page_of(
        colleague, theirs
    )
    confirm(office, mine)
    confirm(colleague, theirs)
    first, second = do_jobs()
    assert (first.state, second.state) == (JobState.DONE, JobState.FAILED)
    assert "未写入任何内容" in second.error
    assert Case.objects.count() == 1
    page = page_of(colleague, theirs)
    assert "没有导入" in page and "有了变动" in page and "<progress" not in page
    assert tiles(page) == {"新增": 0, "补登": 0, "不一致": 0, "有误": 0, "未变": 1}


def test_who_is_overtaken_while_writing_is_shown_what_is_left(
    office: Client, tree: Tree, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both were planned before either was written."""
    upload = planned(office, make_ledger([ROW, case_row("8")]), tree.housing)
    other = read_ledger(
        make_ledger([ROW]),
        file_name="另一份.xlsx",
        today=TODAY,
        department_needed=False,
        limits=Limits(),
    )

    def save_after_another(plan: Plan, **said: Any) -> ImportedLedger | None:
        save_import(plan_import(other, by=clerk, department=None), by=clerk, today=TODAY)
        return save_import(plan, **said)

    monkeypatch.setattr(work, "save_import", save_after_another)
    confirm(office, upload)
    (job,) = do_jobs()
    assert (job.state, job.error) == (JobState.FAILED, work.MOVED)
    assert Case.objects.count() == 1
    assert tiles(page_of(office, upload)) == {
        "新增": 1,
        "补登": 0,
        "不一致": 0,
        "有误": 0,
        "未变": 1,
    }


def test_what_changed_after_the_preview_is_shown_first(office: Client, tree: Tree) -> None:
    imported(office, make_ledger([ROW]), tree.housing)
    upload = planned(office, make_ledger([ROW | REPLY]), tree.housing)
    workflow.reply(
        Case.objects.get(),
        by=hand_of(tree.housing),
        today=TODAY,
        outcome=Outcome.GRANTED,
        closed_on=date(2025, 10, 10),
        service_method="post",
        served_on=date(2025, 10, 10),
    )
    confirm(office, upload)
    (job,) = do_jobs()
    assert (job.state, job.error) == (JobState.FAILED, work.MOVED)
    assert Case.objects.get().outcome == Outcome.GRANTED
    page = page_of(office, upload)
    assert work.MOVED in page and tiles(page)["不一致"] == 1


def test_a_preview_that_was_renewed_is_not_confirmed_unseen(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    answer = post(office, "confirm", upload, digest="0" * 64)
    assert acts.CHANGED in messages_of(office, answer)
    assert not do_jobs()


def test_a_worker_that_died_after_writing_does_not_write_again(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    confirm(office, upload)
    job = Job.objects.get(task=acts.IMPORT_TASK)
    plan = work._planned(upload, lambda *_: None, by=job.requested_by, today=TODAY)  # type: ignore[arg-type]
    saved = save_import(plan, by=job.requested_by, today=TODAY)
    (job,) = do_jobs()
    upload.refresh_from_db()
    assert (job.state, upload.state, upload.imported) == (
        JobState.DONE,
        UploadState.IMPORTED,
        saved,
    )
    assert ImportedLedger.objects.count() == Case.objects.count() == 1


def test_read_again_it_is_laid_beside_what_the_system_holds_now(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    before = set(files())
    imported(office, make_ledger([ROW, case_row("8")]), tree.housing, "另一份.xlsx")
    post(office, "plan", upload)
    do_jobs()
    assert tiles(page_of(office, upload))["未变"] == 1
    assert len(set(files()) - before) == 3  # the other's two, and the rows of the new preview


def test_given_up_it_is_deleted_and_cannot_be_taken_up_again(
    office: Client, tree: Tree, django_capture_on_commit_callbacks: Any
) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    assert len(files()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        post(office, "discard", upload)
    assert not files()
    upload.refresh_from_db()
    assert (upload.state, upload.file.name, upload.rows.name) == (UploadState.DISCARDED, "", "")
    assert "这份文件已删除" in page_of(office, upload)
    for act in ("plan", "confirm", "discard"):
        answer = post(office, act, upload, digest=upload.found["digest"])
        assert re.search("已放弃|已经处理过", messages_of(office, answer))
    assert not do_jobs()
    assert AuditEntry.objects.filter(act="放弃导入台账").count() == 1


def test_what_nobody_confirms_is_given_up_after_thirty_days(
    office: Client, tree: Tree, django_capture_on_commit_callbacks: Any
) -> None:
    kept = imported(office, make_ledger([case_row("8")]), tree.housing, "已导入.xlsx")
    upload = planned(office, make_ledger([ROW]), tree.housing)
    last = upload.uploaded_at + timedelta(days=30)
    with django_capture_on_commit_callbacks(execute=True):
        assert acts.discard_old(last) == 0
        assert acts.discard_old(last + timedelta(seconds=1)) == 1
    upload.refresh_from_db()
    kept.refresh_from_db()
    assert (upload.state, kept.state) == (UploadState.DISCARDED, UploadState.IMPORTED)
    assert len(files()) == 2  # those of the one that was imported
    assert "上传后 30 天没有确认，文件已删除" in page_of(office, upload)
    assert AuditEntry.objects.get(act="放弃导入台账").actor is None


def test_what_is_being_written_is_not_given_up_for_its_age(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    confirm(office, upload)
    assert acts.discard_old(upload.uploaded_at + timedelta(days=31)) == 0


def test_of_a_file_given_up_no_table_is_left(office: Client, tree: Tree) -> None:
    content = make_ledger([ROW])
    imported(office, content, tree.housing)
    upload = planned(office, content, tree.housing)
    address = reverse("reports:ledger_table", args=[upload.pk])
    assert address in page_of(office, upload)
    post(office, "discard", upload)
    assert address not in page_of(office, upload)
    assert office.get(address).status_code == 404


def test_while_it_is_written_it_is_not_given_up(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    confirm(office, upload)
    assert "正在导入，不能放弃" in messages_of(office, post(office, "discard", upload))


# --- Who may -------------------------------------------------------------------------------------


def test_it_is_imported_for_ones_own_department_unless_another_is_named(
    client: Client, tree: Tree
) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    page = client.get(reverse("cases:imports")).content.decode()
    assert f'<option value="{tree.government.pk}" selected>' in page
    assert f'<option value="{tree.town.pk}">' in page
    assert f'value="{tree.neighbour.pk}"' not in page


def test_a_row_that_names_no_department_belongs_to_the_one_chosen(
    office: Client, tree: Tree
) -> None:
    row = {key: value for key, value in ROW.items() if key != "受理部门"}
    imported(office, make_ledger([row]), tree.housing)
    assert Case.objects.get().department == tree.housing


def test_a_government_holds_no_cases_so_each_row_names_its_department(
    client: Client, tree: Tree
) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    row = {key: value for key, value in ROW.items() if key != "受理部门"}
    upload = planned(client, make_ledger([row]), tree.government)
    assert "缺少这一列" in page_of(client, upload)
    imported(client, make_ledger([ROW, case_row("1", 受理部门="王江泾镇")]), tree.government)
    assert set(Case.objects.values_list("department", flat=True)) == {
        tree.housing.pk,
        tree.town.pk,
    }


def test_rows_of_a_department_aside_are_errors(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([case_row("1", 受理部门="区资规分局")]), tree.housing)
    assert "不在可以导入的范围之内" in page_of(office, upload)


PAGES = ("cases:import", "cases:import_columns", "cases:import_errors")
ACTS = ("plan", "confirm", "discard", "file")


def test_a_stranger_finds_nothing(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    stranger = Client()
    stranger.force_login(make_user(Role.CLERK, tree.land))
    for name in PAGES:
        assert stranger.get(reverse(name, args=[upload.pk])).status_code == 404
    for act in ACTS:
        assert post(stranger, act, upload).status_code == 404
    assert "台账.xlsx" not in stranger.get(reverse("cases:imports")).content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_only_reads_or_administers_imports_nothing(
    office: Client, tree: Tree, role: Role
) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    reader = Client()
    reader.force_login(make_user(role, tree.government))
    assert reader.get(reverse("cases:imports")).status_code == 403
    assert hand_in(reader, make_ledger([ROW]), tree.housing).status_code == 403
    for name in PAGES:
        assert reader.get(reverse(name, args=[upload.pk])).status_code == 403
    for act in ACTS:
        assert post(reader, act, upload).status_code == 403
    assert LedgerUpload.objects.count() == 1
    assert "导入台账" not in reader.get(reverse("cases:list")).content.decode()


def test_who_imports_here_and_reads_there_is_listed_only_what_is_imported_here(
    office: Client, tree: Tree, clerk: User
) -> None:
    supervisor = Client()
    supervisor.force_login(hand_of(tree.land))
    planned(supervisor, make_ledger([case_row("1", 受理部门="区资规分局")]), tree.land, "分局.xlsx")
    clerk.assignments.create(department=tree.government, role=Role.AUDITOR)
    assert "分局.xlsx" not in office.get(reverse("cases:imports")).content.decode()


def test_a_form_for_a_department_aside_is_refused(office: Client, tree: Tree) -> None:
    answer = hand_in(office, make_ledger([ROW]), tree.land)
    assert "不在可选项之内" in answer.content.decode()
    assert not files() and not LedgerUpload.objects.exists()


def test_wrong_methods_are_refused(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    for act in ACTS:
        assert office.get(reverse(f"cases:import_{act}", args=[upload.pk])).status_code == 405
    for name in ("cases:import", "cases:import_errors"):
        assert office.post(reverse(name, args=[upload.pk])).status_code == 405
    assert office.post(reverse("cases:imports")).status_code == 405


def test_without_signing_in_nothing(client: Client, tree: Tree) -> None:
    assert client.get(reverse("cases:imports")).status_code == 302
    assert hand_in(client, make_ledger([ROW]), tree.housing).status_code == 302
    assert not files()


def test_the_button_stands_in_the_list_of_cases_and_the_menu_knows_its_pages(
    office: Client,
) -> None:
    page = office.get(reverse("cases:list")).content.decode()
    assert f'href="{reverse("cases:imports")}">导入台账</a>' in page
    imports = office.get(reverse("cases:imports")).content.decode()
    assert f'<a href="{reverse("cases:list")}" aria-current="page">申请件</a>' in imports


# --- What is kept --------------------------------------------------------------------------------


def test_the_original_comes_back_as_it_was_and_each_time_is_logged(
    office: Client, tree: Tree, clerk: User
) -> None:
    content = make_ledger([ROW])
    upload = imported(office, content, tree.housing, "十月.xlsx")
    answer = post(office, "file", upload)
    assert b"".join(answer.streaming_content) == content
    assert "attachment" in answer["Content-Disposition"]
    post(office, "file", upload)
    entries = AuditEntry.objects.filter(act="下载台账原件", actor=clerk)
    assert [entry.after["file_name"] for entry in entries] == ["十月.xlsx"] * 2


def test_nothing_of_a_row_lies_in_clear(office: Client, tree: Tree) -> None:
    imported(office, make_ledger([ROW]), tree.housing)
    upload = planned(office, make_ledger([ROW | {"联系电话": OTHER_PHONE}]), tree.housing)
    for path in files():
        content = path.read_bytes()
        assert b"PK\x03\x04" not in content and "申请人甲".encode() not in content
        assert path.stat().st_mode & 0o077 == 0
    kept = [upload.found, *Job.objects.values_list("params", "result", "title", "message")]
    kept += AuditEntry.objects.values_list("before", "after")
    for secret in (PHONE, OTHER_PHONE, "申请人甲"):
        assert secret not in str(kept)
    assert PHONE not in str(list(Event.objects.values_list("text", "data")))


def test_a_long_list_is_shown_page_by_page_at_the_same_cost(office: Client, tree: Tree) -> None:
    few = planned(office, make_ledger([case_row(f"{n}") for n in range(1, 4)]), tree.housing)
    rows = [case_row(f"{n}") for n in range(1, 254)]
    many = planned(office, make_ledger(rows), tree.housing)
    last = page_of(office, many, "?show=new&per_page=50&page=6")
    assert "第 251–253 行，共 253 行" in last and "申请台账 第 254 行" in last
    middle = page_of(office, many, "?show=new&per_page=100&page=2")
    assert middle.count(">申请台账 第") == 100 and "申请台账 第 102 行" in middle
    assert "第 251–253 行" in page_of(office, many, "?show=new&per_page=50&page=99")
    assert queries_of(lambda: page_of(office, few)) == queries_of(lambda: page_of(office, many))


def test_the_list_makes_the_same_number_of_queries(office: Client, tree: Tree) -> None:
    address = reverse("cases:imports")
    planned(office, make_ledger([case_row("1")]), tree.housing)
    one = queries_of(lambda: office.get(address))
    for n in range(2, 6):
        planned(office, make_ledger([case_row(f"{n}")]), tree.housing)
    assert queries_of(lambda: office.get(address)) == one


def test_an_unknown_list_or_upload(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([ROW]), tree.housing)
    assert tiles(page_of(office, upload, "?show=nonsense"))["新增"] == 1
    missing = office.get(reverse("cases:import", args=[999_999]))
    assert missing.status_code == 404
    assert "所找的内容不在您可以查看的范围内" in missing.content.decode()


def test_the_bar_asks_for_itself_until_the_page_is_new(office: Client, tree: Tree) -> None:
    hand_in(office, make_ledger([ROW]), tree.housing)
    upload = LedgerUpload.objects.get()
    address = reverse("cases:import", args=[upload.pk])
    headers: Any = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "run"}
    bar = office.get(address, **headers)
    assert "<html" not in bar.content.decode() and f'hx-get="{address}"' in bar.content.decode()
    do_jobs()
    done = office.get(address, **headers)
    assert done["HX-Retarget"] == "#main" and "确认导入" in done.content.decode()


def test_a_reading_that_ends_while_the_page_is_made_is_not_missed(
    office: Client, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(office, make_ledger([ROW]), tree.housing)
    asking = acts.latest_job

    def asked_just_after(pk: int) -> Job | None:
        do_jobs()
        return asking(pk)

    monkeypatch.setattr(acts, "latest_job", asked_just_after)
    assert tiles(page_of(office, LedgerUpload.objects.get()))["新增"] == 1


def test_a_case_of_the_system_is_told_by_its_number(office: Client, tree: Tree) -> None:
    """What the office registered itself is the same case as the row of its Excel."""
    case = make_case(tree.housing)
    row = case_row(case.number, 收到日期=case.received_on, **REPLY)
    upload = planned(office, make_ledger([row]), tree.housing)
    assert tiles(page_of(office, upload))["补登"] == 1
