"""存入材料: which files are taken and told from what, who may open them, what stays of them."""

import os
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cases import sealed, tasks, workflow
from cases.choices import DocumentKind, EventKind, Role
from cases.documents import types
from cases.documents.content import Missing, content_of
from cases.documents.handler import incoming
from cases.models import AuditEntry, Case, Document
from cases.receiving import ABANDONED, CHUNK
from tests.documents import (
    JPEG,
    MAIL,
    PDF,
    PNG,
    TIFF,
    archive,
    container,
    document_files,
    forget_document_files,
    hand_in_documents,
    make_file,
)
from tests.makers import TODAY, Tree, hand_of, make_applicant, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)


@pytest.fixture
def kept(case: Case) -> Document:
    return keep(case, "评估报告.pdf")


def keep(case: Case, name: str, content: bytes = PDF, **more: Any) -> Document:
    options: dict[str, Any] = {
        "kind": DocumentKind.EVIDENCE,
        "by": hand_of(case.department),
        "today": TODAY,
    }
    return workflow.keep_document(case, upload=make_file(name, content), **options | more)


def address(document: Document, name: str = "document") -> str:
    return reverse(f"cases:{name}", args=[document.case_id, document.pk])


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


# --- Keeping -------------------------------------------------------------------------------------


def test_several_files_at_once_are_kept_encrypted_and_told_once(
    clerk_client: Client, case: Case
) -> None:
    ends_on = case.ends_on
    files = make_file("申请表.pdf", PDF), make_file("身份证.png", PNG)
    page = clerk_client.post(
        reverse("cases:keep_document", args=[case.pk]),
        {"version": case.version, "kind": "application", "uploads": files},
        follow=True,
    ).content.decode()
    assert "已存入 2 份材料。" in page and "存入申请书：“申请表.pdf”、“身份证.png”" in page
    first, second = case.documents.all()
    assert (first.name, first.content_type, first.size) == (
        "申请表.pdf",
        "application/pdf",
        len(PDF),
    )
    assert second.content_type == "image/png" and content_of(second) == PNG
    event = case.events.get(kind=EventKind.DOCUMENT_KEPT)
    assert [each["id"] for each in event.data["documents"]] == [first.pk, second.pk]
    assert AuditEntry.objects.latest("id").act == EventKind.DOCUMENT_KEPT
    assert len(document_files()) == 2
    assert not any(PDF in path.read_bytes() for path in document_files())
    case.refresh_from_db()
    assert case.ends_on == ends_on


@pytest.mark.parametrize(
    ("name", "content", "kept_as", "content_type"),
    [
        ("甲.pdf", PDF, "甲.pdf", "application/pdf"),
        ("甲.jpeg", JPEG, "甲.jpeg", "image/jpeg"),
        ("甲.tif", TIFF, "甲.tif", "image/tiff"),
        ("甲.docx", archive("word/document.xml"), "甲.docx", types.DOCX.content_type),
        ("甲.xlsx", archive("xl/workbook.xml"), "甲.xlsx", types.XLSX.content_type),
        (
            "乙.docx",
            archive("[Content_Types].xml", "word/document2.xml"),
            "乙.docx",
            types.DOCX.content_type,
        ),
        ("甲.ofd", archive("OFD.xml"), "甲.ofd", "application/ofd"),
        ("甲.zip", archive("一.txt"), "甲.zip", "application/zip"),
        ("甲.doc", container("WordDocument"), "甲.doc", "application/msword"),
        ("甲.wps", container("WordDocument"), "甲.wps", "application/msword"),
        ("甲.xls", container("Workbook"), "甲.xls", "application/vnd.ms-excel"),
        ("甲.eml", MAIL, "甲.eml", "message/rfc822"),
        # a name that lies, leads elsewhere, hides its ending or has none
        ("甲.exe", PDF, "甲.exe.pdf", "application/pdf"),
        ("甲.docx", PNG, "甲.docx.png", "image/png"),
        ("甲\u202efdp.exe", PNG, "甲fdp.exe.png", "image/png"),
        ("../../甲?.pdf", PDF, "甲.pdf", "application/pdf"),
        ("甲\r\n乙", PDF, "甲乙.pdf", "application/pdf"),
        ("???", PDF, "PDF 文件.pdf", "application/pdf"),
        (f"{'甲' * 116}.pdf", PDF, f"{'甲' * 116}.pdf", "application/pdf"),
    ],
)
def test_a_file_is_what_its_content_says(
    case: Case, name: str, content: bytes, kept_as: str, content_type: str
) -> None:
    document = keep(case, name, content)
    assert (document.name, document.content_type) == (kept_as, content_type)
    assert content_of(document) == content


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.pdf", b"", "“空.pdf”文件是空的。"),
        ("甲.pdf", b"MZ\x90\0 a program", "“甲.pdf”不是可以存入的文件："),
        ("甲.pdf", b"<html><script>1</script></html>", "“甲.pdf”不是可以存入的文件："),
        ("甲.svg", b"<svg xmlns='x'/>", "“甲.svg”不是可以存入的文件："),
        ("甲.eml", b"From: a@example.cn\n\nonly one field", "“甲.eml”不是可以存入的文件："),
        ("甲.msi", container("Property"), "“甲.msi”不是可以存入的文件："),
        ("甲.pptx", archive("[Content_Types].xml", "ppt/a.xml"), "“甲.pptx”不是可以存入的文件："),
        ("甲.docx", archive("word/document.xml")[:-30], "“甲.docx”文件已损坏"),
        ("甲.docm", archive("word/document.xml", "word/vbaProject.bin"), "文件里带有宏"),
        ("甲.docx", container("EncryptedPackage"), "文件加了密码"),
        (f"{'甲' * 117}.pdf", PDF, "文件名太长：有 121 个字，最多 120 个。"),
        ("证明13800001234.pdf", PDF, "文件名里有号码或地址"),
    ],
)
def test_what_is_not_taken_is_said_beside_the_field(
    clerk_client: Client, case: Case, name: str, content: bytes, sentence: str
) -> None:
    good = make_file("好.pdf", PDF + b"good")
    page = hand_in_documents(clerk_client, case, good, make_file(name, content), kind="scan")
    assert sentence in errors(page)["uploads"][0]
    assert page.context["form"]["kind"].value() == "scan"
    assert not case.documents.exists() and not document_files()


def test_the_applicants_own_data_stay_out_of_names(clerk_client: Client, tree: Tree) -> None:
    person = make_applicant(address="嘉兴市秀洲区甲路1号乙室")
    case = make_case(tree.housing, applicant=person)
    page = hand_in_documents(clerk_client, case, make_file("嘉兴市秀洲区甲路1号乙室.pdf"))
    assert "文件名里有号码或地址" in errors(page)["uploads"][0]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"uploads": []}, "uploads", "请选择要存入的文件。"),
        ({"kind": ""}, "kind", "请选择材料类别。"),
        ({"kind": "letter"}, "kind", "所选的材料类别不在可选项之内"),
    ],
)
def test_bad_input(
    clerk_client: Client, case: Case, fields: dict[str, Any], field: str, sentence: str
) -> None:
    typed = {"version": case.version, "kind": "other", "uploads": [make_file("甲.pdf")]} | fields
    page = clerk_client.post(reverse("cases:keep_document", args=[case.pk]), typed)
    assert sentence in errors(page)[field][0]
    assert not case.documents.exists()


def test_the_same_file_twice(clerk_client: Client, case: Case, kept: Document) -> None:
    case.refresh_from_db()
    page = hand_in_documents(clerk_client, case, make_file("副本.pdf", PDF))
    assert errors(page)["uploads"] == ["“副本.pdf”与已有的“评估报告.pdf”是同一份文件，不用再传。"]
    page = hand_in_documents(clerk_client, case, make_file("一.png", PNG), make_file("二.png", PNG))
    assert errors(page)["uploads"] == ["“二.png”与已有的“一.png”是同一份文件，不用再传。"]
    assert case.documents.count() == len(document_files()) == 1


def test_the_size_of_one_file_has_a_limit(clerk_client: Client, case: Case, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = len(PDF)
    assert hand_in_documents(clerk_client, case, make_file("甲.pdf")).status_code == 302
    case.refresh_from_db()
    page = hand_in_documents(clerk_client, case, make_file("乙.pdf", PDF + b"\n"))
    assert errors(page)["uploads"] == ["“乙.pdf”超过单个文件的上限 0.0 MB，没有上传。"]
    assert case.documents.count() == len(document_files()) == 1


def test_the_limit_holds_in_the_middle_of_a_file(
    clerk_client: Client, case: Case, settings: Any
) -> None:
    settings.DOCUMENT_MAX_BYTES = 2 * CHUNK
    big = PDF + os.urandom(3 * CHUNK)
    page = hand_in_documents(clerk_client, case, make_file("好.pdf"), make_file("大.pdf", big))
    assert "“大.pdf”超过单个文件的上限 0.5 MB" in errors(page)["uploads"][0]
    assert not document_files()


def test_all_files_of_a_case_have_a_limit(clerk_client: Client, case: Case, settings: Any) -> None:
    settings.DOCUMENT_CASE_MAX_BYTES = 2 * len(PDF)
    keep(case, "甲.pdf")
    case.refresh_from_db()
    page = hand_in_documents(clerk_client, case, make_file("乙.pdf", PDF + b"\n"))
    assert errors(page)["uploads"][0].startswith("这件申请的材料合计不能超过 0.0 MB")
    keep(case, "乙.pdf", PDF[:-1])
    assert case.documents.count() == len(document_files()) == 2


def test_too_many_at_once(clerk_client: Client, case: Case) -> None:
    def files(count: int) -> list[Any]:
        return [make_file(f"{n}.pdf", PDF + b"%d" % n) for n in range(count)]

    page = hand_in_documents(clerk_client, case, *files(21))
    assert errors(page)["uploads"] == ["一次最多上传 20 个文件，请分几次。"]
    assert not document_files()
    assert hand_in_documents(clerk_client, case, *files(20)).status_code == 302
    event = case.events.get(kind=EventKind.DOCUMENT_KEPT)
    assert event.text.endswith("等 20 份")


def test_a_large_file_comes_back_as_it_was(clerk_client: Client, case: Case) -> None:
    content = PDF + os.urandom(3 * CHUNK + 17)
    hand_in_documents(clerk_client, case, make_file("大.pdf", content))
    document = case.documents.get()
    assert content_of(document) == content
    with sealed.Reader(document_files()[0]) as reader:
        assert reader.seek(-17, os.SEEK_END) == len(content) - 17
        assert reader.read() == content[-17:]
        reader.seek(CHUNK - 5)
        assert reader.read(10) == content[CHUNK - 5 : CHUNK + 5]


# --- Opening -------------------------------------------------------------------------------------


def test_a_picture_is_shown_in_a_sandbox_and_the_log_knows(
    clerk_client: Client, case: Case, kept: Document
) -> None:
    answer = clerk_client.post(address(kept))
    assert body(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    entry = AuditEntry.objects.latest("id")
    assert (entry.act, entry.after["name"]) == ("打开材料", "评估报告.pdf")


@pytest.mark.parametrize("content", [archive("一.txt"), MAIL, TIFF, container("WordDocument")])
def test_all_else_is_handed_over_as_a_file(
    clerk_client: Client, case: Case, content: bytes
) -> None:
    answer = clerk_client.post(address(keep(case, "甲", content)))
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert body(answer) == content


def test_what_could_be_shown_can_be_saved(clerk_client: Client, kept: Document) -> None:
    answer = clerk_client.post(address(kept), {"save": "1"})
    assert answer["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.CLERK, 200), (Role.SUPERVISOR, 200), (Role.AUDITOR, 403), (Role.ADMINISTRATOR, 403)],
)
def test_who_opens_documents(
    client: Client, tree: Tree, kept: Document, role: Role, status: int
) -> None:
    client.force_login(make_user(role, tree.housing))
    before = AuditEntry.objects.count()
    assert client.post(address(kept)).status_code == status
    assert AuditEntry.objects.count() == before + (status == 200)


def test_a_stranger_finds_nothing(client: Client, tree: Tree, kept: Document) -> None:
    client.force_login(make_user(Role.REVIEWER, tree.land))
    assert client.post(address(kept)).status_code == 404
    assert client.get(address(kept, "withdraw_document")).status_code == 404
    answer = client.get(reverse("cases:keep_document", args=[kept.case_id]))
    assert answer.status_code == 404


def test_a_document_is_found_under_its_own_case_only(
    clerk_client: Client, tree: Tree, kept: Document
) -> None:
    other = make_case(tree.housing)
    elsewhere = reverse("cases:document", args=[other.pk, kept.pk])
    assert clerk_client.post(elsewhere).status_code == 404
    assert clerk_client.get(address(kept)).status_code == 405


def test_a_file_that_is_gone_or_changed_is_told(clerk_client: Client, kept: Document) -> None:
    [path] = document_files()
    with path.open("ab") as file:
        sealed.append(file, b"more")
    with pytest.raises(Missing, match="与存入时不一致"):
        content_of(kept)
    path.unlink()
    assert clerk_client.post(address(kept)).status_code == 404


# --- Withdrawing and replacing -------------------------------------------------------------------


def test_withdrawn_it_stays_struck_through(
    clerk_client: Client, case: Case, kept: Document
) -> None:
    case.refresh_from_db()
    typed = {"version": case.version, "reason": "属于另一件申请"}
    page = clerk_client.post(address(kept, "withdraw_document"), typed, follow=True)
    text = page.content.decode()
    assert "“评估报告.pdf”已撤下，仍可查看。" in text
    assert "撤下材料“评估报告.pdf”：属于另一件申请" in text
    assert '<li class="gone">' in text and "2025-10-27 撤下：属于另一件申请" in text
    kept.refresh_from_db()
    assert kept.withdrawn_on == date(2025, 10, 27)
    assert body(clerk_client.post(address(kept))) == PDF
    keep(case, "评估报告.pdf")  # the same file may come again


@pytest.mark.parametrize(
    ("reason", "field", "sentence"),
    [
        ("", "reason", "请填写撤下原因。"),
        ("甲" * 201, "reason", "最多 200 个字，现有 201 个。"),
        ("打 13800001234 问过", "__all__", "文字中有号码"),
    ],
)
def test_withdrawing_wants_a_reason(
    clerk_client: Client, case: Case, kept: Document, reason: str, field: str, sentence: str
) -> None:
    case.refresh_from_db()
    typed = {"version": case.version, "reason": reason}
    page = clerk_client.post(address(kept, "withdraw_document"), typed)
    assert sentence in errors(page)[field][0]
    kept.refresh_from_db()
    assert kept.withdrawn_on is None


def test_withdrawn_once(clerk_client: Client, case: Case, kept: Document) -> None:
    workflow.withdraw_document(kept, by=hand_of(case.department), today=TODAY, reason="传错")
    case.refresh_from_db()
    typed = {"version": case.version, "reason": "再撤"}
    page = clerk_client.post(address(kept, "withdraw_document"), typed)
    assert errors(page)["__all__"] == ["“评估报告.pdf”已经撤下。"]


def test_one_stands_in_the_place_of_another_once(case: Case, kept: Document) -> None:
    scan = keep(case, "盖章.pdf", PDF + b"sealed", supersedes=kept)
    assert scan.supersedes == kept
    assert case.events.latest("id").text == "“盖章.pdf”替换“评估报告.pdf”"
    with pytest.raises(workflow.NotAllowed, match="请替换最新的一份"):
        keep(case, "又.pdf", PDF + b"again", supersedes=kept)
    other = make_case(case.department)
    with pytest.raises(workflow.NotAllowed):
        keep(other, "别.pdf", supersedes=scan)


# --- Who, when -----------------------------------------------------------------------------------


def test_a_voided_case_takes_nothing(clerk_client: Client, case: Case) -> None:
    workflow.void(case, by=hand_of(case.department), today=TODAY, reason="误登")
    case.refresh_from_db()
    page = clerk_client.get(reverse("cases:keep_document", args=[case.pk]), follow=True)
    assert "已作废，不能存入材料。" in page.content.decode()
    page = hand_in_documents(clerk_client, case, make_file("甲.pdf"))
    assert errors(page)["__all__"] == [f"{case.number} 已作废，不能存入材料。"]


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    seen = Case.objects.get(pk=case.pk)
    keep(case, "先.pdf")
    page = hand_in_documents(clerk_client, seen, make_file("后.png", PNG))
    assert "您打开之后" in errors(page)["__all__"][0]
    assert case.documents.count() == len(document_files()) == 1


@pytest.mark.parametrize("role", [Role.AUDITOR])
def test_readers_keep_nothing(client: Client, tree: Tree, case: Case, role: Role) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(reverse("cases:keep_document", args=[case.pk])).status_code == 403
    assert hand_in_documents(client, case, make_file("甲.pdf")).status_code == 403
    assert not case.documents.exists() and not document_files()
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "还没有材料。" in page and "上传材料" not in page


def test_a_form_of_another_site_is_refused(tree: Tree, case: Case) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user(Role.CLERK, tree.housing))
    assert hand_in_documents(strict, case, make_file("甲.pdf")).status_code == 403
    assert not document_files()


def test_documents_add_one_query_to_the_page(clerk_client: Client, case: Case) -> None:
    page = reverse("cases:detail", args=[case.pk])
    clerk_client.get(page)
    keep(case, "一.pdf")
    one = queries_of(lambda: clerk_client.get(page))
    for n in range(5):
        keep(case, f"{n}.pdf", PDF + b"%d" % n)
    assert queries_of(lambda: clerk_client.get(page)) == one


# --- Keeping house -------------------------------------------------------------------------------


def test_the_sweep_deletes_what_was_left_half_received() -> None:
    fresh, old = incoming() / "fresh", incoming() / "old"
    for path in (fresh, old):
        with sealed.create(path) as file:
            sealed.append(file, b"half a document")
    long_ago = time.time() - ABANDONED.total_seconds() - 1
    os.utime(old, (long_ago, long_ago))
    tasks.sweep_jobs()
    assert document_files() == [fresh]


@pytest.fixture
def another_key(settings: Any) -> Iterator[str]:
    before = settings.FIELD_KEYS
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *before]
    yield settings.FIELD_KEYS[0]
    settings.FIELD_KEYS = before


def test_documents_go_over_to_a_new_key(kept: Document, another_key: str, settings: Any) -> None:
    call_command("rotate_keys", verbosity=0)
    settings.FIELD_KEYS = [another_key]
    assert content_of(kept) == PDF
