"""Columns matched by hand where headings differ, and remembered for the department."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.choices import Role, UploadState
from cases.imports import acts
from cases.models import AuditEntry, Case, HeadingMatch, LedgerUpload, User
from tests.ledgers import case_row, make_ledger, sheets_file
from tests.makers import Tree, make_user
from tests.uploads import confirm, do_jobs, forget_files, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

OWN = ["序号", "类别", "来件日期", "怎么答的", "答复日期", "经费"]
LINE = ["1", "自然人", "2025-09-15", "部分公开", "2025-10-10", "无"]
BY_HAND = {
    "序号": "number",
    "类别": "applicant_kind",
    "来件日期": "received_on",
    "怎么答的": "reply",
    "经费": "-",
}


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_files()


@pytest.fixture
def office(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.housing))
    return client


def address(upload: LedgerUpload) -> str:
    return reverse("cases:import_columns", args=[upload.pk])


def choices(client: Client, upload: LedgerUpload) -> dict[str, str]:
    """Heading → name of its choice."""
    page = client.get(address(upload)).content.decode()
    return {
        heading: name
        for name, heading in re.findall(
            r'<label class="visually-hidden" for="id_(\w+)">“(.+?)”', page
        )
    }


def match(client: Client, upload: LedgerUpload, by_hand: dict[str, str]) -> Any:
    names = choices(client, upload)
    return client.post(address(upload), {names[heading]: key for heading, key in by_hand.items()})


def own_ledger(*lines: list[str], name: str = "Sheet1") -> bytes:
    return sheets_file({name: [OWN, *(lines or (LINE,))]})


def test_headings_nobody_knows_are_matched_and_the_file_is_read(office: Client, tree: Tree) -> None:
    upload = planned(office, own_ledger(), tree.housing)
    page = office.get(reverse("cases:import", args=[upload.pk])).content.decode()
    assert "没有找到台账" in page and "请逐列对应" in page and "确认导入" not in page
    page = office.get(address(upload)).content.decode()
    assert "还缺必有的列：编号、申请人类别、收到日期" in page
    assert match(office, upload, BY_HAND).status_code == 302
    do_jobs()
    upload.refresh_from_db()
    assert (upload.state, upload.found["cases"]["new"]) == (UploadState.PLANNED, 1)
    confirm(office, upload)
    do_jobs()
    case = Case.objects.get()
    assert (case.number, case.received_on) == ("1", date(2025, 9, 15))
    assert (case.closed_on, case.remarks) == (date(2025, 10, 10), "")  # 经费 was passed over


def test_the_next_file_of_the_department_needs_no_hand(office: Client, tree: Tree) -> None:
    match(office, planned(office, own_ledger(), tree.housing), BY_HAND)
    do_jobs()
    again = planned(office, own_ledger(LINE, ["2", *LINE[1:]]), tree.housing, "下月.xlsx")
    assert again.found["cases"]["new"] == 2
    page = office.get(reverse("cases:import", args=[again.pk])).content.decode()
    assert "5 个列名按对应过的读取" in page
    shown = office.get(address(again)).content.decode()
    assert shown.count("selected") == len(OWN)
    assert '<option value="received_on" selected>' in shown
    assert '<option value="-" selected>' in shown


def test_another_department_has_its_own(office: Client, tree: Tree, client: Client) -> None:
    match(office, planned(office, own_ledger(), tree.housing), BY_HAND)
    do_jobs()
    elsewhere = Client()
    elsewhere.force_login(make_user(Role.CLERK, tree.land))
    upload = planned(elsewhere, own_ledger(), tree.land)
    assert upload.found.get("unknown")
    assert not HeadingMatch.objects.filter(department=tree.land).exists()


def test_what_is_left_to_itself_again_is_forgotten(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([case_row("1") | {"登记日": "2025-09-16"}]), tree.housing)
    assert Case.objects.count() == 0
    match(office, upload, {"登记日": "received_on"})
    do_jobs()
    assert list(HeadingMatch.objects.values_list("header", "key")) == [("登记日", "received_on")]
    match(office, upload, {"登记日": ""})
    do_jobs()
    upload.refresh_from_db()
    assert upload.matched == {} and not HeadingMatch.objects.exists()
    assert AuditEntry.objects.filter(act="对应台账的列").count() == 2


def test_two_headings_for_one_column_are_refused_and_what_was_chosen_stays(
    office: Client, tree: Tree
) -> None:
    upload = planned(office, own_ledger(), tree.housing)
    answer = match(office, upload, {"序号": "number", "类别": "number"}).content.decode()
    assert "与“序号”选了同一列" in answer
    assert answer.count('<option value="number" selected>') == 2
    assert not HeadingMatch.objects.exists() and not do_jobs()


def test_a_column_that_there_is_not_is_refused(office: Client, tree: Tree) -> None:
    upload = planned(office, own_ledger(), tree.housing)
    assert "不在可选项之内" in match(office, upload, {"序号": "nonsense"}).content.decode()


def test_a_heading_of_both_sheets_is_asked_once(office: Client, tree: Tree) -> None:
    sheets = {
        "申请台账": [["编号", "申请人类别", "日期"], ["1", "自然人", "2025-09-15"]],
        "复议诉讼台账": [["类型", "立案日期", "日期"], ["行政复议", "2025-10-09", "x"]],
    }
    upload = planned(office, sheets_file(sheets), tree.housing)
    page = office.get(address(upload)).content.decode()
    assert "同上一张工作表" in page
    match(office, upload, {"日期": "received_on"})
    do_jobs()
    upload.refresh_from_db()
    assert (upload.found["cases"]["new"], upload.found["proceedings"]["new"]) == (1, 1)


def test_of_a_sheet_that_is_known_only_its_own_columns_are_offered(
    office: Client, tree: Tree
) -> None:
    upload = planned(office, make_ledger([case_row("1")]), tree.housing)
    page = office.get(address(upload)).content.decode()
    assert '<option value="received_on">' in page and '<option value="filed_on">' not in page


def test_matches_that_changed_are_not_confirmed_unseen(office: Client, tree: Tree) -> None:
    """The same rows of the same file, and yet not what the first preview showed."""
    row = case_row("1") | {"来文": "甲", "事由": "乙"}
    upload = planned(office, make_ledger([row]), tree.housing)
    before = upload.found["digest"]
    match(office, upload, {"来文": "name", "事由": "content"})
    do_jobs()
    seen = {"digest": before}
    answer = office.post(reverse("cases:import_confirm", args=[upload.pk]), seen)
    assert acts.CHANGED in office.get(answer["Location"]).content.decode()
    assert not do_jobs()


def test_while_the_file_is_read_nothing_is_matched(office: Client, tree: Tree) -> None:
    upload = planned(office, own_ledger(), tree.housing)
    names = choices(office, upload)
    office.post(reverse("cases:import_plan", args=[upload.pk]))
    answer = office.post(address(upload), {names["序号"]: "number"})
    assert acts.READING in answer.content.decode()
    assert not HeadingMatch.objects.exists()


def test_personal_data_are_not_matched_into_remarks(office: Client, tree: Tree) -> None:
    row = case_row("1") | {"家庭电话2": "0573-82720001"}
    upload = planned(office, make_ledger([row]), tree.housing)
    match(office, upload, {"家庭电话2": "remarks"})
    do_jobs()
    page = office.get(reverse("cases:import", args=[upload.pk])).content.decode()
    assert "不能收存" in page and "0573-82720001" not in page


def test_of_a_file_that_was_imported_nothing_is_matched(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([case_row("1")]), tree.housing)
    confirm(office, upload)
    do_jobs()
    assert office.get(address(upload)).status_code == 302
    assert office.post(address(upload)).status_code == 302
    assert not do_jobs()


def test_the_matches_of_a_reader_are_not_taken(office: Client, tree: Tree) -> None:
    upload = planned(office, own_ledger(), tree.housing)
    reader = Client()
    reader.force_login(make_user(Role.AUDITOR, tree.housing))
    assert reader.post(address(upload), {"h0": "number"}).status_code == 403


def test_the_user_is_named_in_the_log(office: Client, tree: Tree) -> None:
    match(office, planned(office, own_ledger(), tree.housing), BY_HAND)
    entry = AuditEntry.objects.get(act="对应台账的列")
    assert entry.after["来件日期"] == "received_on"
    assert isinstance(entry.actor, User)
