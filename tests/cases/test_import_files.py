"""What is handed in: files that are no ledger, files too large, uploads that are cut off."""

import os
import re
import time
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from openpyxl import Workbook

from cases import sealed, tasks
from cases.choices import JobState, Role, UploadState
from cases.imports import handler, work
from cases.imports.handler import incoming
from cases.ledger.limits import MEGABYTE
from cases.models import Case, LedgerUpload, User
from tests.ledgers import case_row, edited, make_ledger, sheets_file, with_sheet_xml
from tests.makers import Tree, make_user
from tests.uploads import confirm, do_jobs, files, forget_files, hand_in, imported, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
HEADER = ["编号", "受理部门", "申请人类别", "收到日期"]


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_files()


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing)


@pytest.fixture
def office(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


def page_of(client: Client, upload: LedgerUpload) -> str:
    return client.get(reverse("cases:import", args=[upload.pk])).content.decode()


# --- Files that are no ledger --------------------------------------------------------------------


def forty_sheets() -> bytes:
    return sheets_file({f"表{n}": [HEADER] for n in range(40)})


def bomb() -> bytes:
    return edited(
        make_ledger([case_row()]),
        lambda parts: parts.update({"xl/media/image1.png": b"\0" * 60_000_000}),
    )


def cut_short() -> bytes:
    return make_ledger([case_row()])[:2000]


NO_LEDGERS = {
    "no spreadsheet": (lambda: b"%PDF-1.7 ...", "不是"),
    "text": (lambda: "编号,受理部门\n1,区住建局\n".encode(), "不是"),
    "locked by a password": (
        lambda: OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"),
        "加密",
    ),
    "a bomb": (bomb, "解开却有"),
    "forty sheets": (forty_sheets, "40 张工作表，超过上限"),
    "damaged": (cut_short, "已损坏"),
    "no word of a ledger": (lambda: sheets_file({"Sheet1": [["无"]]}), "没有找到台账"),
}


@pytest.mark.parametrize("name", NO_LEDGERS)
def test_a_file_that_cannot_be_imported_gets_one_sentence_and_is_not_kept(
    office: Client, tree: Tree, name: str, django_capture_on_commit_callbacks: Any
) -> None:
    make, words = NO_LEDGERS[name]
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        upload = planned(office, make(), tree.housing)
    for callback in callbacks[1:]:  # the first would send the job
        callback()
    assert upload.state == UploadState.REFUSED
    assert words in upload.refusal
    assert upload.refusal.count("。") == 1 and upload.refusal.endswith("。")
    page = page_of(office, upload)
    assert upload.refusal in page and "确认导入" not in page and "再导入一份" in page
    assert upload.refusal in office.get(reverse("cases:imports")).content.decode()
    assert not files() and not Case.objects.exists()


def test_an_empty_file_and_no_file(office: Client, tree: Tree) -> None:
    assert "文件是空的。" in hand_in(office, b"", tree.housing).content.decode()
    answer = office.post(reverse("cases:import_new"), {"department": tree.housing.pk})
    assert "请选择台账文件。" in answer.content.decode()
    assert not files() and not LedgerUpload.objects.exists()


# --- Files that are ledgers all the same ---------------------------------------------------------


def test_a_million_blank_rows(office: Client, tree: Tree) -> None:
    def line(row: int, texts: list[str]) -> str:
        cells = zip("ABCD", texts, strict=True)
        return f'<row r="{row}">' + "".join(
            f'<c r="{letter}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
            for letter, text in cells
        )

    first = line(1, HEADER)
    last = line(1_048_576, ["1", "区住建局", "自然人", "2025-09-15"])
    upload = planned(office, with_sheet_xml(f"{first}</row>{last}</row>"), tree.housing)
    assert upload.found["cases"]["new"] == 1


def test_merged_heads_and_a_title(office: Client, tree: Tree) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["区住建局 2025 年台账", None, None, None, None, None])
    sheet.append([*HEADER, "答复", None])
    sheet.append([None, None, None, None, "类型", "日期"])
    sheet.append(["1", "区住建局", "自然人", "2025-09-15", "部分公开", "2025-10-10"])
    for cells in ("A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2"):
        sheet.merge_cells(cells)
    target = BytesIO()
    book.save(target)
    imported(office, target.getvalue(), tree.housing)
    assert Case.objects.get().closed_on == date(2025, 10, 10)


def test_dates_as_text_in_five_ways(office: Client, tree: Tree) -> None:
    ways = ["2025-09-15", "2025/9/15", "2025年9月15日", "20250915", "2025.9.15"]
    rows = [case_row(f"{n}", 收到日期=way) for n, way in enumerate(ways, start=1)]
    imported(office, make_ledger(rows), tree.housing)
    assert set(Case.objects.values_list("received_on", flat=True)) == {date(2025, 9, 15)}
    assert Case.objects.count() == len(ways)


def test_a_formula_with_an_error_is_told_by_its_cell(office: Client, tree: Tree) -> None:
    content = edited(
        make_ledger([case_row("1"), case_row("2")]),
        lambda parts: parts.update(
            {
                name: re.sub(rb'<c r="D3"[^>]*>.*?</c>', b'<c r="D3" t="e"><v>#REF!</v></c>', part)
                for name, part in parts.items()
                if name.endswith("sheet1.xml")
            }
        ),
    )
    upload = planned(office, content, tree.housing)
    page = page_of(office, upload)
    assert "第 3 行" in page and "#REF!" in page and "请改正公式，或者直接填上值" in page


# --- Too large, cut off, lying -------------------------------------------------------------------


def test_one_byte_more_than_the_limit_is_not_stored(
    office: Client, tree: Tree, settings: Any
) -> None:
    content = make_ledger([case_row()])
    settings.LEDGER_MAX_BYTES = len(content)
    assert hand_in(office, content, tree.housing).status_code == 302
    settings.LEDGER_MAX_BYTES = len(content) - 1
    answer = hand_in(office, content + b"\0", tree.housing).content.decode()
    assert "文件超过上限" in answer and "没有上传" in answer
    assert len(files()) == LedgerUpload.objects.count() == 1


def test_the_limit_holds_whatever_content_length_says(
    office: Client, tree: Tree, settings: Any
) -> None:
    """It says little: what comes is counted. It says much: nothing is taken."""
    settings.LEDGER_MAX_BYTES = 3 * handler.CHUNK
    assert "超过上限" in hand_in(office, b"x" * (4 * handler.CHUNK), tree.housing).content.decode()
    settings.LEDGER_MAX_BYTES = 1000
    big = hand_in(office, b"x" * (2 * MEGABYTE), tree.housing).content.decode()
    assert "超过上限" in big
    assert not files() and not LedgerUpload.objects.exists()


def body_of(tree: Tree, content: bytes) -> bytes:
    file = BytesIO(content)
    file.name = "台账.xlsx"
    return encode_multipart(BOUNDARY, {"department": tree.housing.pk, "file": file})


@pytest.mark.parametrize("kept", [0.5, 0.9, -30])
def test_a_connection_lost_in_the_middle_leaves_nothing(
    office: Client, tree: Tree, kept: float
) -> None:
    body = body_of(tree, os.urandom(2 * handler.CHUNK))
    cut = body[: int(len(body) * kept)] if kept > 0 else body[: int(kept)]
    address = reverse("cases:import_new")
    answer = office.generic("POST", address, cut, content_type=MULTIPART_CONTENT)
    assert "请选择台账文件。" in answer.content.decode()
    assert not files() and not LedgerUpload.objects.exists()


def test_two_files_at_once_are_not_taken(office: Client, tree: Tree) -> None:
    files_of = [BytesIO(make_ledger([case_row(f"{n}")])) for n in range(2)]
    answer = office.post(
        reverse("cases:import_new"), {"department": tree.housing.pk, "file": files_of}
    )
    assert handler.ONE_FILE in answer.content.decode()
    assert not files() and not LedgerUpload.objects.exists()


def test_a_full_disk_is_told_and_nothing_stays(
    office: Client, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(sealed, "append", full)
    answer = hand_in(office, make_ledger([case_row()]), tree.housing)
    assert handler.NOT_STORED in answer.content.decode()
    assert not files()


def test_a_form_of_another_site_is_refused_and_its_file_deleted(tree: Tree, clerk: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clerk)
    assert hand_in(strict, make_ledger([case_row()]), tree.housing).status_code == 403
    assert not files() and not LedgerUpload.objects.exists()
    strict.get(reverse("cases:imports"))
    token = strict.cookies["csrftoken"].value
    file = BytesIO(make_ledger([case_row()]))
    file.name = "台账.xlsx"
    data = {"csrfmiddlewaretoken": token, "department": tree.housing.pk, "file": file}
    assert strict.post(reverse("cases:import_new"), data).status_code == 302


def test_the_sweep_deletes_what_a_dead_process_left_half_received(tree: Tree) -> None:
    fresh, old = incoming() / "fresh", incoming() / "old"
    for path in (fresh, old):
        with sealed.create(path) as file:
            sealed.append(file, b"half a ledger")
    long_ago = time.time() - handler.ABANDONED.total_seconds() - 1
    os.utime(old, (long_ago, long_ago))
    tasks.sweep_jobs()
    assert files() == [fresh]


def test_given_up_while_it_is_read_it_stays_given_up(
    office: Client, tree: Tree, django_capture_on_commit_callbacks: Any
) -> None:
    upload = planned(office, make_ledger([case_row()]), tree.housing)
    office.post(reverse("cases:import_plan", args=[upload.pk]))
    reading = work._planned

    def read_and_give_up(*args: Any, **said: Any) -> Any:
        plan = reading(*args, **said)
        office.post(reverse("cases:import_discard", args=[upload.pk]))
        return plan

    with (
        pytest.MonkeyPatch.context() as patch,
        django_capture_on_commit_callbacks(execute=True),
    ):
        patch.setattr(work, "_planned", read_and_give_up)
        do_jobs()
    upload.refresh_from_db()
    assert upload.state == UploadState.DISCARDED
    assert not files()


def test_a_very_long_name_keeps_its_ending(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([case_row()]), tree.housing, "长" * 240 + ".xlsx")
    assert len(upload.file_name) <= 200 and upload.file_name.endswith(".xlsx")


# --- Kept under the field keys -------------------------------------------------------------------


def test_another_field_key_rewrites_what_is_kept(office: Client, tree: Tree, settings: Any) -> None:
    content = make_ledger([case_row(f"{n}") for n in range(1, 130)])
    upload = imported(office, content, tree.housing)
    old, new = settings.FIELD_KEYS, [Fernet.generate_key().decode()]
    settings.FIELD_KEYS = [*new, *old]
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "2 个台账文件" in out.getvalue()
    settings.FIELD_KEYS = new
    assert work.content_of(upload) == content
    last = reverse("cases:import", args=[upload.pk]) + "?per_page=25&page=6"
    assert "申请台账 第 130 行" in office.get(last).content.decode()


def test_a_file_that_is_gone_or_was_changed_is_not_imported(office: Client, tree: Tree) -> None:
    upload = planned(office, make_ledger([case_row()]), tree.housing)
    path = upload.file.path
    with open(path, "r+b") as file:
        first = sealed.block_at(file, 0)
    os.unlink(path)
    from_elsewhere = sealed.create(handler.incoming().parent / os.path.basename(path))
    with from_elsewhere as file:
        sealed.append(file, first + b"more")
    confirm(office, upload)
    (job,) = do_jobs()
    assert (job.state, job.error) == (JobState.FAILED, work.DAMAGED)
    os.unlink(path)
    confirm(office, upload)
    (job,) = do_jobs()
    assert (job.state, job.error) == (JobState.FAILED, work.GONE)
    assert office.post(reverse("cases:import_file", args=[upload.pk])).status_code == 404
    assert not Case.objects.exists()
