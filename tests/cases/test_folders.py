"""归档: the 卷内目录, the packed folder and the evidence for a review, and who may fetch them."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from cases import tasks, workflow
from cases.choices import EventKind, JobState, LetterKind, Role, ServiceMethod
from cases.daystrip import sources_of, why_rows
from cases.explaining import explain
from cases.export_jobs import KEPT
from cases.folders import requests as folders
from cases.folders.aims import field_of
from cases.folders.pages import TERM
from cases.jobs import Progress
from cases.models import Applicant, AuditEntry, Case, Document, Job, Proceeding, User
from cases.typesetting.fonts import chinese_font
from cases.typesetting.pages import set_page
from cases.views import folders as views
from cases.workflow import clock_of
from tests.documents import PDF, PNG, forget_document_files, hand_in_documents, make_file
from tests.makers import (
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_applicant,
    make_case,
    make_proceeding,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HEAD = {"title": "期限计算", "number": "1号", "organ": "某局", "as_at": "", "footer": ""}
PHONE, IDENTITY = "13900000000", "33040119900101001X"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.FILES_DIR = tmp_path
    yield
    forget_document_files()


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


@pytest.fixture
def clerk_client(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


@pytest.fixture
def case(tree: Tree) -> Case:
    """Asked a third party, due on 2025-10-31, served in time."""
    person: Applicant = make_applicant(name="申请人甲", phone=PHONE, id_number=IDENTITY)
    return make_case(
        tree.housing,
        applicant=person,
        facts=Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10))),
        closed_on=date(2025, 10, 21),
        service_method=ServiceMethod.POST,
        served_on=date(2025, 10, 22),
        reply_number="秀建公开〔2025〕37号",
    )


@pytest.fixture
def review(tree: Tree, case: Case) -> Proceeding:
    return make_proceeding(
        tree.housing,
        case=case,
        docket="秀政复〔2025〕8号",
        filed_on=date(2025, 10, 22),
        received_on=date(2025, 10, 23),
    )


def page_of(case: Case) -> str:
    return reverse("cases:folder", args=[case.pk])


def bundle_of(proceeding: Proceeding) -> str:
    return reverse("cases:proceeding_bundle", args=[proceeding.pk])


def file_of(job: Job) -> str:
    return reverse("cases:folder_file", args=[job.pk])


def keep(client: Client, case: Case, *names: str) -> None:
    for name in names:
        case.refresh_from_db()
        content = PDF + b"%" + name.encode()  # no two alike
        answer = hand_in_documents(client, case, make_file(name, content))
        assert answer.status_code == 302
    case.refresh_from_db()


def archived(client: Client, case: Case) -> Job:
    """As the page asks and the worker does."""
    case.refresh_from_db()
    answer = client.post(page_of(case), {"version": case.version})
    assert answer.status_code == 302
    return packed()


def packed() -> Job:
    job = Job.objects.filter(task=folders.TASK).latest("pk")
    tasks.pack_folder(job.pk)
    return Job.objects.get(pk=job.pk)


def opened(job: Job) -> ZipFile:
    assert job.state == JobState.DONE, job.error
    with job.file.open("rb") as file:
        return ZipFile(BytesIO(file.read()))


def text_of(page: bytes) -> str:
    return plain("".join(page.extract_text() for page in PdfReader(BytesIO(page)).pages))


def plain(text: str) -> str:
    """Without white space, which a PDF has none of between its characters."""
    return re.sub(r"[\s\u200b]", "", text)


def rows_of(book: bytes) -> list[tuple[Any, ...]]:
    [sheet] = load_workbook(BytesIO(book)).worksheets
    return list(sheet.iter_rows(values_only=True))


# --- The list ------------------------------------------------------------------------------------


def test_the_list_numbers_what_happened_and_what_was_kept(clerk_client: Client, case: Case) -> None:
    keep(clerk_client, case, "申请书.pdf", "送达回证.pdf")
    page = clerk_client.get(page_of(case))
    entries = page.context["entries"]
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.on for entry in entries] == sorted(entry.on for entry in entries)
    titles = [entry.title for entry in entries]
    assert titles[0].startswith("邮寄申请")
    assert titles[-2:] == ["申请书.pdf", "送达回证.pdf"]
    assert not any("存入" in title for title in titles)  # the documents stand for themselves
    assert "申请书.pdf" in page.content.decode()


def test_a_document_that_was_withdrawn_is_left_out(clerk_client: Client, case: Case) -> None:
    keep(clerk_client, case, "申请书.pdf", "误传.pdf")
    wrong = Document.objects.get(name="误传.pdf")
    workflow.withdraw_document(wrong, by=hand_of(case.department), today=TODAY, reason="误传")
    titles = [entry.title for entry in clerk_client.get(page_of(case)).context["entries"]]
    assert "申请书.pdf" in titles and "误传.pdf" not in titles


def test_the_list_costs_no_query_a_line(clerk_client: Client, case: Case) -> None:
    def visit() -> int:
        return queries_of(lambda: clerk_client.get(page_of(case)))

    keep(clerk_client, case, "1.pdf")
    visit()
    with_one = visit()
    keep(clerk_client, case, *(f"{n}.pdf" for n in range(2, 9)))
    assert visit() == with_one <= 14


# --- The folder ----------------------------------------------------------------------------------


def test_the_folder_holds_list_case_term_and_documents(clerk_client: Client, case: Case) -> None:
    keep(clerk_client, case, "申请书.pdf")
    hand_in_documents(clerk_client, case, make_file("截图.png", PNG))
    job = archived(clerk_client, case)
    assert job.file_name == f"案卷 {case.number} 20251027.zip"
    entries = clerk_client.get(page_of(case)).context["entries"]
    kept = [entry for entry in entries if entry.document]
    with opened(job) as folder:
        assert sorted(folder.namelist()) == [
            "00 卷内目录.pdf",
            "00 卷内目录.xlsx",
            "01 案卷.html",
            "02 期限计算.pdf",
            *(f"材料/{entry.file_name}" for entry in kept),
        ]
        first, second = (folder.read(f"材料/{entry.file_name}") for entry in kept)
        assert first.startswith(PDF) and second == PNG
        sheet = folder.read("01 案卷.html").decode()
    for words in (case.number, "申请人甲", "秀建公开〔2025〕37号", "征求第三方意见", "邮寄申请"):
        assert words in sheet
    assert PHONE not in sheet and IDENTITY not in sheet
    assert "<script" not in sheet


def test_the_list_says_of_each_document_its_size_and_checksum(
    clerk_client: Client, case: Case
) -> None:
    keep(clerk_client, case, "申请书.pdf")
    kept = Document.objects.get()
    with opened(archived(clerk_client, case)) as folder:
        header, *rows = rows_of(folder.read("00 卷内目录.xlsx"))
        text = text_of(folder.read("00 卷内目录.pdf"))
    assert header[:6] == ("序号", "日期", "类别", "题名", "责任者", "页码")
    assert header[6:] == ("文件", "字节", "SHA-256", "备注")
    entries = [row for row in rows if row[0]]
    assert [row[0] for row in entries] == list(range(1, len(entries) + 1))
    file = f"{len(entries):03d} 申请书.pdf"
    assert entries[-1][3:] == (
        "申请书.pdf",
        "经办员戊",
        None,
        file,
        kept.size,
        kept.sha256,
        None,
    )
    notes = [row[1] for row in rows[len(entries) :] if row[1]]
    assert "卷内目录（PDF、xlsx）、案卷（HTML）、期限计算（PDF）" in notes[0]
    assert kept.sha256 in text
    for row in entries:
        assert plain(row[3]) in text
    assert PHONE not in text and IDENTITY not in text


def test_the_term_is_drawn_with_its_sentence_and_its_calculation(
    clerk_client: Client, case: Case
) -> None:
    with opened(archived(clerk_client, case)) as folder:
        text = text_of(folder.read("02 期限计算.pdf"))
    strip = text[text.index("9月") : text.index("计算过程")]
    for character in "收休假停班":
        assert character in strip
    assert "到期" in strip and "停止计算" in strip
    key = text[text.index("逐日") : text.index("9月")]
    assert key == "逐日1计入休周末假法定节假日停停止计算收收到结已答复班调休上班"
    clock = clock_of(case, on=TODAY)
    for words in (
        explain(clock),
        "到期日2025-10-31",
        "是否按时按时",
        "2025-10-11星期六",
        *(row.text for row in why_rows(clock)),
        *sources_of(clock),
    ):
        assert plain(words) in text, words


def test_the_term_names_the_letters_and_their_places(clerk_client: Client, case: Case) -> None:
    workflow.make_letter(
        case,
        by=hand_of(case.department),
        today=TODAY,
        kind=LetterKind.SERVICE,
        dated_on=TODAY,
        number="秀建回〔2025〕1号",
    )
    with opened(archived(clerk_client, case)) as folder:
        text = text_of(folder.read("02 期限计算.pdf"))
        [letter] = [name for name in folder.namelist() if name.startswith("材料/")]
    place = int(letter.removeprefix("材料/")[:3])
    assert f"2025-10-27送达回证秀建回〔2025〕1号第{place}号" in text


def test_a_case_that_still_waits_for_its_applicant_has_no_strip(tree: Tree) -> None:
    waiting = make_case(tree.housing, received_on=None)
    term = folders.folder_of(waiting, None, on=TODAY).term
    assert (term["weeks"], term["days"], term["total"]) == ([], [], None)
    font = chinese_font()
    assert font
    text = text_of(set_page(TERM, term | HEAD, font, at=timezone.now()))
    assert "收到日尚未与申请人确认，期限没有起算。" in text and "计算过程" not in text


def test_without_a_chinese_font_the_term_is_a_table_and_the_list_says_so(
    clerk_client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "chinese_font", lambda folder: None)
    monkeypatch.setattr(views, "chinese_font", lambda folder: None)
    assert "没有中文字体" in clerk_client.get(page_of(case)).content.decode()
    with opened(archived(clerk_client, case)) as folder:
        assert sorted(folder.namelist()) == [
            "00 卷内目录.xlsx",
            "01 案卷.html",
            "02 期限计算.html",
        ]
        notes = str(rows_of(folder.read("00 卷内目录.xlsx"))[-2:])
        term = folder.read("02 期限计算.html").decode()
    assert "没有中文字体，目录只有 xlsx" in notes
    for words in ("2025-10-31", "09-19 发出", "第三十二条", "按时", "2025-10-11 星期六"):
        assert words in term
    assert "<script" not in term


def test_a_character_that_no_font_has_leaves_the_page_whole(
    clerk_client: Client, case: Case
) -> None:
    keep(clerk_client, case, "附图\u0378.pdf")
    with opened(archived(clerk_client, case)) as folder:
        assert "附图" in text_of(folder.read("00 卷内目录.pdf"))
        assert any(name.endswith("附图.pdf") for name in folder.namelist())


def test_names_alike_and_odd_names_each_have_their_file(clerk_client: Client, case: Case) -> None:
    """What is no part of a name is gone since it was handed in; the place keeps two apart."""
    for n, name in enumerate(
        ("附件.pdf", "附件.pdf", "..\\a:b*?.pdf", "甲\u202efdp.exe", "#let x.pdf")
    ):
        hand_in_documents(clerk_client, case, make_file(name, PDF + b"%%%d" % n))
        case.refresh_from_db()
    with opened(archived(clerk_client, case)) as folder:
        names = [name for name in folder.namelist() if name.startswith("材料/")]
        assert [name[7:] for name in names] == [
            "附件.pdf",
            "附件.pdf",
            "ab.pdf",
            "甲fdp.exe.pdf",
            "#let x.pdf",
        ]
        assert len({name[3:6] for name in names}) == len(names)
        assert [folder.read(name) for name in names] == [PDF + b"%%%d" % n for n in range(5)]
        assert "#letx.pdf" in text_of(folder.read("00 卷内目录.pdf"))


def test_a_long_name_is_one_that_every_system_stores(clerk_client: Client, case: Case) -> None:
    """Of 120 Chinese characters, the most that is taken, most file systems store two thirds."""
    for name in ("长" * 116 + ".pdf", "a" * 116 + ".pdf"):
        hand_in_documents(clerk_client, case, make_file(name, PDF + name.encode()))
        case.refresh_from_db()
    with opened(archived(clerk_client, case)) as folder:
        long, short = (name[3:] for name in folder.namelist() if name.startswith("材料/"))
        assert len(long.encode()) <= 255 < len(("长" * 116).encode())
        assert long[4:] == "长" * 81 + "….pdf"
        assert short[4:] == "a" * 116 + ".pdf"
        [rows] = load_workbook(BytesIO(folder.read("00 卷内目录.xlsx")))
        assert long in [cell.value for row in rows for cell in row]


def test_the_case_names_all_who_applied_and_no_number(clerk_client: Client, tree: Tree) -> None:
    written = "申请人乙 13800000000"
    case = make_case(
        tree.housing, closed_on=date(2025, 10, 9), co_applicants="申请人乙", agent_name="代理人甲"
    )
    Case.objects.filter(pk=case.pk).update(
        co_applicants=written, reply_reasons=written, drafting_note=written
    )
    with opened(archived(clerk_client, case)) as folder:
        sheet = folder.read("01 案卷.html").decode()
    assert "<dt>共同申请人</dt><dd>申请人乙 （号码略）</dd>" in sheet
    assert "代理人甲" in sheet and "13800000000" not in sheet


def test_what_an_applicant_wrote_is_text(clerk_client: Client, tree: Tree) -> None:
    case = make_case(
        tree.housing,
        content="<script>alert(1)</script>",
        closed_on=date(2025, 10, 9),
        name="=HYPERLINK(1)",
    )
    with opened(archived(clerk_client, case)) as folder:
        sheet = folder.read("01 案卷.html").decode()
    assert "<script" not in sheet and "&lt;script&gt;" in sheet


def test_archiving_is_in_the_course_and_in_the_log(clerk_client: Client, case: Case) -> None:
    keep(clerk_client, case, "申请书.pdf")
    job = archived(clerk_client, case)
    event = case.events.get(kind=EventKind.ARCHIVED)
    assert (event.on, event.text) == (TODAY, "归档：整理案卷，材料 1 份")
    page = clerk_client.get(page_of(case))
    assert f"下载 {job.file_name}" in page.content.decode()
    assert event.text not in [entry.title for entry in page.context["entries"]]
    answer = clerk_client.post(file_of(job))
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-3:] == [folders.ASKED, folders.MADE, folders.FETCHED]


def test_fetching_is_an_act(clerk_client: Client, case: Case) -> None:
    job = archived(clerk_client, case)
    assert clerk_client.get(file_of(job)).status_code == 405
    assert clerk_client.get(reverse("cases:job_file", args=[job.pk])).status_code == 404
    assert not AuditEntry.objects.filter(act=folders.FETCHED).exists()


@pytest.mark.parametrize("state", ["open", "unserved", "reopened"])
def test_only_what_is_answered_and_served(
    clerk_client: Client, tree: Tree, case: Case, state: str
) -> None:
    if state == "open":
        case = make_case(tree.housing)
    elif state == "unserved":
        case = make_case(tree.housing, closed_on=TODAY, service_method="post")
    else:
        found = make_proceeding(
            tree.housing,
            case=case,
            filed_on=date(2025, 10, 22),
            result="corrected",
            concluded_on=date(2025, 10, 23),
        )
        workflow.reopen(
            case,
            by=hand_of(tree.housing),
            today=TODAY,
            proceeding=found,
            on=date(2025, 10, 24),
            workdays=10,
        )
        case.refresh_from_db()
    said = {
        "open": "办理中，不能归档。",
        "unserved": "待送达，不能归档。",
        "reopened": "正在重新办理，重新答复后再归档。",
    }[state]
    page = clerk_client.get(page_of(case))
    assert said in page.content.decode() and not page.context["may_pack"]
    page = clerk_client.post(page_of(case), {"version": case.version})
    assert said in str(page.context["form"].errors)
    assert not Job.objects.exists()


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    seen = {"version": case.version}
    clerk_client.post(page_of(case), seen)
    page = clerk_client.post(page_of(case), seen)
    assert "您打开之后" in str(page.context["form"].errors)
    assert case.events.filter(kind=EventKind.ARCHIVED).count() == 1


def test_an_auditor_reads_the_list_and_packs_nothing(
    client: Client, tree: Tree, case: Case, review: Proceeding
) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    for url in (page_of(case), bundle_of(review)):
        page = client.get(url)
        assert page.status_code == 200 and not page.context["may_pack"]
        assert client.post(url, {"version": case.version}).status_code == 403
    assert not Job.objects.exists()


def test_a_stranger_finds_nothing(
    client: Client, clerk_client: Client, tree: Tree, case: Case, review: Proceeding
) -> None:
    job = archived(clerk_client, case)
    stranger = Client()
    stranger.force_login(make_user(Role.CLERK, tree.land))
    for url in (page_of(case), bundle_of(review)):
        assert stranger.get(url).status_code == 404
        assert stranger.post(url, {"version": case.version}).status_code == 404
    assert stranger.post(file_of(job)).status_code == 404
    colleague = Client()
    colleague.force_login(make_user(Role.REVIEWER, tree.housing))
    assert colleague.post(file_of(job)).status_code == 404  # only who asked


def test_who_has_lost_the_right_neither_makes_nor_fetches(
    clerk_client: Client, clerk: User, case: Case
) -> None:
    job = archived(clerk_client, case)
    answer = clerk_client.post(page_of(case), {"version": Case.objects.get(pk=case.pk).version})
    assert answer.status_code == 302
    clerk.assignments.update(role=Role.AUDITOR)
    assert clerk_client.post(file_of(job)).status_code == 403
    refused = packed()
    assert (refused.state, refused.file.name) == (JobState.FAILED, "")
    assert "没有权限" in refused.error


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.unlink(), "这份材料的文件不在了"),
        (lambda path: path.write_bytes(b""), "这份材料的文件与存入时不一致"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "这份材料的文件与存入时不一致"),
    ],
)
def test_what_is_not_as_it_was_is_named_and_the_rest_is_packed(
    clerk_client: Client, case: Case, harm: Callable[[Path], object], said: str
) -> None:
    keep(clerk_client, case, "申请书.pdf", "送达回证.pdf")
    harm(Path(Document.objects.get(name="申请书.pdf").file.path))
    job = archived(clerk_client, case)
    with opened(job) as folder:
        assert [name[7:] for name in folder.namelist() if "材料/" in name] == ["送达回证.pdf"]
        rows = rows_of(folder.read("00 卷内目录.xlsx"))
        [row] = [row for row in rows if row[3] == "申请书.pdf"]
        text = text_of(folder.read("00 卷内目录.pdf"))
    assert (row[6], row[9][: len(said)]) == (None, said)
    assert said in text and "有1份材料没有装入" in text
    assert job.result["missing"] == ["申请书.pdf"]
    page = clerk_client.get(page_of(case)).content.decode()
    assert "有 1 份材料没有装入，原因见目录" in page
    made = AuditEntry.objects.filter(act=folders.MADE).latest("pk")
    assert made.after["missing"] == ["申请书.pdf"]


def test_the_progress_tells_of_each_document(
    clerk_client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(clerk_client, case, *(f"{n}.pdf" for n in range(1, 4)))
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(Progress, "__call__", lambda self, *said: told.append(said))
    archived(clerk_client, case)
    assert told[-3:] == [
        (38, "已装入 1 / 3 份材料"),
        (66, "已装入 2 / 3 份材料"),
        (95, "已装入 3 / 3 份材料"),
    ]


def test_too_much_for_one_file_is_said(
    clerk_client: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(clerk_client, case, "申请书.pdf")
    monkeypatch.setattr(folders, "MAX_BYTES", 10)
    assert "请逐份下载" in archived(clerk_client, case).error


def test_the_file_goes_after_some_days(clerk_client: Client, case: Case) -> None:
    job = archived(clerk_client, case)
    path = Path(job.file.path)
    almost = timezone.now() - KEPT + timedelta(minutes=1)
    Job.objects.filter(pk=job.pk).update(finished_at=almost)
    tasks.sweep_jobs()
    assert path.exists()
    Job.objects.filter(pk=job.pk).update(finished_at=almost - timedelta(minutes=2))
    tasks.sweep_jobs()
    assert not path.exists()
    assert clerk_client.post(file_of(job)).status_code == 404


# --- The evidence --------------------------------------------------------------------------------


def test_the_evidence_holds_its_list_case_term_and_documents(
    clerk_client: Client, case: Case, review: Proceeding
) -> None:
    keep(clerk_client, case, "检索记录.pdf", "答复书.pdf")
    page = clerk_client.get(bundle_of(review))
    assert [entry.title for entry in page.context["entries"]] == ["检索记录.pdf", "答复书.pdf"]
    assert clerk_client.post(bundle_of(review)).status_code == 302
    job = packed()
    assert job.file_name == f"证据材料 秀政复〔2025〕8号 {case.number} 20251027.zip"
    with opened(job) as folder:
        assert sorted(folder.namelist()) == [
            "00 证据目录.pdf",
            "00 证据目录.xlsx",
            "01 案卷.html",
            "02 期限计算.pdf",
            "材料/001 检索记录.pdf",
            "材料/002 答复书.pdf",
        ]
        header, first, *_ = rows_of(folder.read("00 证据目录.xlsx"))
        assert header[:6] == ("序号", "证据名称", "类别", "日期", "证明对象", "页码")
        assert (first[0], first[1], first[4:6]) == (1, "检索记录.pdf", (None, None))
        sheet = folder.read("01 案卷.html").decode()
    assert "秀政复〔2025〕8号" in sheet and "书面答复 2025-11-06" in sheet
    assert not case.events.filter(kind=EventKind.ARCHIVED).exists()


def test_what_each_is_to_prove_is_written_before_it_is_packed(
    clerk_client: Client, case: Case, review: Proceeding
) -> None:
    keep(clerk_client, case, "检索记录.pdf", "答复书.pdf")
    search, reply = (field_of(str(kept.pk)) for kept in case.documents.order_by("pk"))
    said = {search: "=本机关已尽检索义务", reply: "答复的内容和日期"}
    assert clerk_client.post(bundle_of(review), said).status_code == 302
    with opened(packed()) as folder:
        rows = rows_of(folder.read("00 证据目录.xlsx"))
        text = text_of(folder.read("00 证据目录.pdf"))
    assert [row[4] for row in rows[1:3]] == ["=本机关已尽检索义务", "答复的内容和日期"]
    assert "本机关已尽检索义务" in text and "答复的内容和日期" in text
    form = clerk_client.get(bundle_of(review)).context["form"]  # for the next time
    assert [form[name].value() for name in said] == list(said.values())


def test_what_a_letter_proves_is_proposed(
    clerk_client: Client, case: Case, review: Proceeding
) -> None:
    workflow.make_letter(
        case, by=hand_of(case.department), today=TODAY, kind=LetterKind.SERVICE, dated_on=TODAY
    )
    page = clerk_client.get(bundle_of(review))
    assert [entry.aim for entry in page.context["entries"]] == ["文书已经送达及送达的日期"]
    assert "文书已经送达及送达的日期" in page.content.decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [(f"申请人的电话 {PHONE}", "不写个人信息"), ("证" * 201, "最多 200 个字，现有 201 个")],
)
def test_what_it_proves_is_short_and_holds_no_personal_data(
    clerk_client: Client, case: Case, review: Proceeding, words: str, said: str
) -> None:
    keep(clerk_client, case, "检索记录.pdf")
    field = field_of(str(case.documents.get().pk))
    page = clerk_client.post(bundle_of(review), {field: words})
    assert said in str(page.context["form"].errors[field])
    assert words in page.content.decode()
    assert not Job.objects.exists()


def test_other_words_are_another_file(clerk_client: Client, case: Case, review: Proceeding) -> None:
    """One that is under way still says what was typed before."""
    keep(clerk_client, case, "检索记录.pdf")
    field = field_of(str(case.documents.get().pk))
    for words in ("检索的范围", "检索的结果"):
        clerk_client.post(bundle_of(review), {field: words})
    aims = [job.params["aims"] for job in Job.objects.order_by("pk")]
    assert [list(said.values()) for said in aims] == [["检索的范围"], ["检索的结果"]]


def test_asked_twice_it_is_one_job(clerk_client: Client, review: Proceeding) -> None:
    clerk_client.post(bundle_of(review))
    clerk_client.post(bundle_of(review))
    assert Job.objects.filter(task=folders.TASK).count() == 1


def test_one_without_a_case_has_no_evidence(clerk_client: Client, tree: Tree) -> None:
    proceeding = make_proceeding(tree.housing)
    assert clerk_client.get(bundle_of(proceeding)).status_code == 404
