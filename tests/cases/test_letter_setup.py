"""文书设置: own templates and what is refused of them, numbers, review organs, remedies."""

from __future__ import annotations

from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from docx import Document as open_docx

from cases import workflow
from cases.choices import LetterKind, Outcome, Role
from cases.documents.content import content_of
from cases.letters.building import default_template
from cases.letters.remedies import instances_of, remedy_text
from cases.letters.templates import template_content
from cases.models import (
    AuditEntry,
    Case,
    Department,
    Letter,
    LetterTemplate,
    OfficeContact,
    RemedyText,
    ReviewOrgan,
)
from tests.documents import PDF, forget_document_files, make_file
from tests.makers import TODAY, Tree, hand_of, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def head(client: Client, tree: Tree) -> Client:
    """Signed in as a reviewer of 区住建局."""
    client.force_login(make_user(Role.REVIEWER, tree.housing, name="审核人庚"))
    return client


@pytest.fixture
def administrator(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    return client


def own(*lines: str) -> bytes:
    """A template of these paragraphs."""
    document = open_docx()
    for line in lines:
        document.add_paragraph(line)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same package with one part more, or another in its place."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(target, "w") as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, part)
    return target.getvalue()


RECEIPT = own("本局收到{{申请人}}的申请，编号{{ 申请编号 }}。", "{{机关}}")


def address(department: Department, name: str = "letter_setup_of", *more: str) -> str:
    return reverse(f"cases:{name}", args=[department.pk, *more])


def upload(
    client: Client,
    department: Department,
    content: bytes,
    name: str = "回执.docx",
    kind: str = "receipt",
) -> Any:
    file = make_file(name, content)
    return client.post(address(department, "set_template", kind), {"uploads": file}, follow=True)


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def make(case: Case, kind: str = "receipt", **options: Any) -> Letter:
    usual: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "dated_on": TODAY}
    return workflow.make_letter(case, kind=kind, **usual | options)


def lines_of(letter: Letter) -> list[str]:
    document = open_docx(BytesIO(content_of(letter.document)))
    return [paragraph.text for paragraph in document.paragraphs]


# --- Templates -----------------------------------------------------------------------------------


def test_own_template_is_used_until_it_is_given_up(head: Client, tree: Tree) -> None:
    case = make_case(tree.housing, name="申请人甲")
    before = make(case)
    page = upload(head, tree.housing, RECEIPT).content.decode()
    assert "区住建局已保存：更换模板。" in page
    assert "自己的模板" in page and "审核人庚上传" in page
    mine = make(case)
    words = ["本局收到申请人甲的申请，编号秀建公开申〔2025〕1号。", "秀洲区住房和城乡建设局"]
    assert lines_of(mine) == words
    assert mine.template_sha256 == LetterTemplate.objects.get().sha256
    assert lines_of(make(make_case(tree.land)))[0] == "政府信息公开申请登记回执"

    page = head.post(address(tree.housing, "give_up_template", "receipt"), follow=True)
    assert "登记回执已停用自己的模板。" in page.content.decode()
    after = make(case, said={"机关联系方式": "政务公开科"})
    assert lines_of(after)[0] == "政府信息公开申请登记回执"
    # what was made stays as it was made
    assert lines_of(mine) == words
    assert lines_of(before)[0] == "政府信息公开申请登记回执"
    acts = AuditEntry.objects.filter(target="department").values_list("act", flat=True)
    assert list(acts) == ["换用自己的文书模板", "停用自己的文书模板"]


def test_a_newer_template_takes_the_place_of_the_older(head: Client, tree: Tree) -> None:
    upload(head, tree.housing, RECEIPT)
    upload(head, tree.housing, own("{{申请人}}：收到。"))
    case = make_case(tree.housing, name="申请人甲")
    assert lines_of(make(case)) == ["申请人甲：收到。"]
    assert LetterTemplate.objects.filter(given_up_at=None).count() == 1


def test_fields_are_found_however_word_cuts_them(head: Client, tree: Tree) -> None:
    document = open_docx()
    paragraph = document.add_paragraph("编号")
    for piece in ("{", "{申请", "编号}", "}。", "完"):
        paragraph.add_run(piece).bold = True
    document.sections[0].header.paragraphs[0].text = "{{机关}}"
    target = BytesIO()
    document.save(target)
    upload(head, tree.housing, target.getvalue())
    letter = make(make_case(tree.housing))
    made = open_docx(BytesIO(content_of(letter.document)))
    assert made.paragraphs[0].text == "编号秀建公开申〔2025〕1号。完"
    assert made.sections[0].header.paragraphs[0].text == "秀洲区住房和城乡建设局"


def test_one_template_of_replies_serves_every_outcome(head: Client, tree: Tree) -> None:
    upload(head, tree.housing, default_template(LetterKind.REPLY), "答复书.docx", "reply")
    case = make_case(tree.housing)
    for outcome in Outcome:
        text = "\n".join(lines_of(make(case, "reply", outcome=outcome)))
        assert "{{" not in text and "复议" in text
        assert (outcome.rule.article.split("、")[0] in text) or outcome.rule.article == "—"


def test_a_reply_has_the_template_of_its_outcome_first(head: Client, tree: Tree) -> None:
    upload(head, tree.housing, own(*REPLY_WORDS, "通用{{救济途径}}"), kind="reply")
    case = make_case(tree.housing, name="申请人甲")
    # its own words for the finding: the field is not asked for again
    words = "{{申请人}}{{申请内容}}{{收到日期}}{{机关}}{{日期}}{{救济途径}}"
    page = upload(
        head, tree.housing, own(words, "部分公开{{提供的信息}}"), "部分.docx", "reply-partial"
    )
    where = address(tree.housing, "letter_replies")
    assert page.redirect_chain == [(where, 302)]
    text = page.content.decode()
    assert "部分.docx" in text and text.count("自己的模板</span>") == 1
    assert text.count("用各类通用的模板</span>") == len(Outcome) - 1
    assert "按答复类型设置（已有 1 种）" in head.get(address(tree.housing)).content.decode()

    mine = make(case, "reply", outcome="partial", said={"提供的信息": "第一章"})
    assert lines_of(mine)[1] == "部分公开第一章"
    assert lines_of(make(case, "reply", outcome="granted"))[1].startswith("通用")

    where = address(tree.housing, "give_up_template", "reply-partial")
    text = head.post(where, follow=True).content.decode()
    assert "答复书：部分公开已停用自己的模板。" in text
    assert lines_of(make(case, "reply", outcome="partial"))[1].startswith("通用")
    head.post(address(tree.housing, "give_up_template", "reply"))
    assert lines_of(make(case, "reply", outcome="partial"))[0] == "政府信息公开申请答复书"
    assert lines_of(mine)[1] == "部分公开第一章"


@pytest.mark.parametrize("outcome", Outcome)
def test_the_default_one_of_each_outcome_can_be_put_back(
    head: Client, tree: Tree, outcome: Outcome
) -> None:
    key = f"reply-{outcome}"
    answer = head.get(address(tree.housing, "default_letter", key))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    case = make_case(tree.housing)
    before = lines_of(make(case, "reply", outcome=outcome))
    assert upload(head, tree.housing, content, kind=key).status_code == 200
    template = LetterTemplate.objects.get()
    assert (template.kind, template.outcome) == (LetterKind.REPLY, outcome)
    after = make(case, "reply", outcome=outcome, number="甲〔2025〕1号")
    assert after.template_sha256 == template.sha256
    assert [line for line in lines_of(after) if line != "甲〔2025〕1号"] == before


REPLY_WORDS = ("{{申请人}}{{申请内容}}{{收到日期}}{{处理结论}}{{机关}}{{日期}}",)


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        ("receipt", b"", "这不是 Word 文档（.docx），或者已经损坏。"),
        ("receipt", PDF, "这不是 Word 文档（.docx），或者已经损坏。"),
        ("receipt", RECEIPT[:-40], "这不是 Word 文档（.docx），或者已经损坏。"),
        ("receipt", own("没有字段"), "模板里没有字段。"),
        (
            "receipt",
            own("{{申请人}}{{姓名}}{{ 申请人电话 }}"),
            "模板里有系统不认识的字段：“姓名”、“申请人电话”。",
        ),
        ("receipt", own("{{申请人}}{% for x in y %}"), "不认识的字段：“{% for x in y %}”。"),
        ("receipt", own("{{ ''.__class__ }}"), "不认识的字段：“''.__class__”。"),
        ("reply", own(*REPLY_WORDS), "答复书必须写明的内容，模板里缺少：救济途径。"),
        ("reply-partial", own(*REPLY_WORDS), "答复书必须写明的内容，模板里缺少：救济途径。"),
        (
            "reply",
            own("{{申请人}}{{申请内容}}{{收到日期}}{{机关}}{{日期}}{{救济途径}}"),
            "答复书必须写明的内容，模板里缺少：处理结论。",
        ),
        ("receipt", with_part(RECEIPT, "word/vbaProject.bin", b"x"), "模板里带有宏"),
        ("receipt", with_part(RECEIPT, "word/embeddings/a.bin", b"x"), "嵌有其他文件或者控件"),
        (
            "receipt",
            with_part(
                RECEIPT,
                "word/_rels/settings.xml.rels",
                b'<Relationships xmlns="x"><Relationship Id="r" Type="t" '
                b'Target="http://example.cn/a.dotm" TargetMode="External"/></Relationships>',
            ),
            "模板里有指向外部的链接",
        ),
        (
            "receipt",
            with_part(RECEIPT, "word/more.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
            "含有文档类型声明或外部实体",
        ),
        (
            "receipt",
            with_part(RECEIPT, "word/more.bin", b"\0" * (2 * 1024 * 1024)),
            "模板超过上限 2 MB。",
        ),
    ],
)
def test_what_no_letter_can_be_made_from_is_refused(
    head: Client, tree: Tree, kind: str, content: bytes, sentence: str
) -> None:
    page = upload(head, tree.housing, content, kind=kind)
    assert sentence in errors(page)["uploads"][0]
    assert not LetterTemplate.objects.exists()


def test_the_default_one_can_be_taken_and_put_back(head: Client, tree: Tree) -> None:
    answer = head.get(address(tree.housing, "default_letter", "fee"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert open_docx(BytesIO(content)).paragraphs[0].text == "政府信息公开信息处理费收费通知书"
    assert upload(head, tree.housing, content, kind="fee").status_code == 200
    assert LetterTemplate.objects.get().kind == LetterKind.FEE
    for key in ("unknown", "reply-unknown", "fee-granted"):
        assert head.get(address(tree.housing, "default_letter", key)).status_code == 404


def test_templates_go_over_to_a_new_key(head: Client, tree: Tree, settings: Any) -> None:
    upload(head, tree.housing, RECEIPT)
    before = settings.FIELD_KEYS
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *before]
    call_command("rotate_keys", verbosity=0, stdout=StringIO())
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert template_content(LetterTemplate.objects.get()) == RECEIPT


def test_the_default_templates_can_be_written_to_a_folder(tmp_path: Path) -> None:
    call_command("make_letter_templates", to=tmp_path, stdout=StringIO())
    files = sorted(tmp_path.iterdir())
    assert len(files) == len(LetterKind) + len(Outcome)
    for file in files:
        section = open_docx(str(file)).sections[0]
        assert section.page_width and round(section.page_width.mm) == 210


# --- Numbers and review organs -------------------------------------------------------------------


def test_the_head_of_the_numbers_is_the_organs_own(head: Client, tree: Tree) -> None:
    answer = head.post(address(tree.housing, "set_series"), {"head": "秀住建公开"}, follow=True)
    assert "秀住建公开〔2025〕1号" in answer.content.decode()
    case = make_case(tree.housing)
    assert make(case, own_series=True).number == "秀住建公开〔2025〕1号"
    head.post(address(tree.housing, "set_series"), {"head": ""})
    assert make(case, own_series=True).number == "秀建公开〔2025〕2号"


def test_a_review_organ_is_said_from_a_day_on(head: Client, tree: Tree) -> None:
    where = address(tree.housing, "set_review_organ")
    first = head.get(where)
    assert first.context["form"]["name"].value() == "秀洲区人民政府"
    said = {"name": "嘉兴市人民政府", "court": "南湖区人民法院", "from_on": "2025-11-03"}
    page = head.post(where, said, follow=True).content.decode()
    assert "嘉兴市人民政府" in page and "南湖区人民法院" in page
    assert instances_of(tree.housing, date(2025, 11, 2)).review_organ == "秀洲区人民政府"
    found = instances_of(tree.housing, date(2025, 11, 3))
    assert (found.review_organ, found.court) == ("嘉兴市人民政府", "南湖区人民法院")
    head.post(where, said | {"court": "秀洲区人民法院"})  # the same day: put right
    assert ReviewOrgan.objects.get().court == "秀洲区人民法院"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": ""}, "name", "请填写复议机关。"),
        ({"from_on": ""}, "from_on", "请填写启用日期。"),
        ({"from_on": "1.4"}, "from_on", "“1.4”不是一个日期"),
        ({"court": "甲" * 101}, "court", "最多 100 个字"),
    ],
)
def test_bad_review_organs(
    head: Client, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    said = {"name": "甲", "court": "乙", "from_on": "2025-11-03"} | fields
    page = head.post(address(tree.housing, "set_review_organ"), said)
    assert sentence in errors(page)[field][0]
    assert not ReviewOrgan.objects.exists()


# --- How the office is reached -------------------------------------------------------------------

CONTACT = {
    "office": "政务公开科",
    "address": "甲路1号",
    "postcode": "314000",
    "telephone": "0573-82711234、82711235",
    "email": "gk@example.cn",
    "pay_how": "凭缴款码缴入非税收入专户",
}


def test_letters_say_how_the_office_is_reached(head: Client, tree: Tree) -> None:
    where = address(tree.housing, "set_contact")
    assert "未设置，文书里空着" in head.get(address(tree.housing)).content.decode()
    page = head.post(where, CONTACT, follow=True).content.decode()
    assert "区住建局已保存：设置联系方式。" in page and "0573-82711234、82711235" in page
    case = make_case(tree.housing)
    lines = lines_of(make(case, "fee"))
    contact = (
        "地址：甲路1号，邮政编码：314000，电话：0573-82711234、82711235，电子邮箱：gk@example.cn"
    )
    assert f"联系方式：政务公开科，{contact}" in lines
    assert "按以下方式缴纳：凭缴款码缴入非税收入专户。" in "\n".join(lines)
    # another organ's letters leave it open
    assert "联系方式：〔　　〕" in lines_of(make(make_case(tree.land)))
    # what is left out is not told of
    head.post(where, CONTACT | {"postcode": "", "email": ""})
    said = "联系方式：政务公开科，地址：甲路1号，电话：0573-82711234、82711235"
    assert said in lines_of(make(case))
    assert head.get(where).context["form"]["address"].value() == "甲路1号"
    entry = AuditEntry.objects.filter(act="设置联系方式").latest("pk")
    assert (entry.before["postcode"], entry.after["postcode"]) == ("314000", "")
    assert OfficeContact.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"office": " "}, "office", "请填写联系部门。"),
        ({"address": ""}, "address", "请填写通信地址。"),
        ({"telephone": ""}, "telephone", "请填写联系电话。"),
        ({"telephone": "内线 12"}, "telephone", "请填写完整的联系电话，如 0573-82711234。"),
        ({"postcode": "31400"}, "postcode", "邮政编码是 6 位数字。"),
        ({"email": "gk"}, "email", "“gk”不是一个电子邮箱地址。"),
        ({"pay_how": "甲" * 301}, "pay_how", "最多 300 个字，现有 301 个。"),
    ],
)
def test_bad_contacts(
    head: Client, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = head.post(address(tree.housing, "set_contact"), CONTACT | fields)
    assert errors(page) == {field: [sentence]}
    assert not OfficeContact.objects.exists()


# --- Remedies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "on", "first"),
    [
        (Outcome.PROCESS, date(2023, 12, 31), False),
        (Outcome.PROCESS, date(2024, 1, 1), True),
        (Outcome.PARTIAL, date(2023, 12, 31), False),
        (Outcome.PARTIAL, date(2024, 1, 1), True),
        (Outcome.ADMIN_QUERY, date(2024, 1, 1), False),
        (Outcome.NOT_EXIST, date(2024, 1, 1), False),
        (Outcome.NOT_EXIST, date(2025, 6, 1), False),
        (Outcome.PETITION, date(2025, 6, 1), False),
        (Outcome.PROCESS, date(2025, 6, 1), True),
    ],
)
def test_review_comes_first_by_outcome_and_date(outcome: Outcome, on: date, first: bool) -> None:
    assert ("应当先申请行政复议" in remedy_text(outcome, on)) == first


def test_before_the_first_text_there_is_none(tree: Tree) -> None:
    assert remedy_text(Outcome.GRANTED, date(2015, 4, 30)) == ""
    assert remedy_text(Outcome.GRANTED, date(2015, 5, 1))


def test_an_administrator_enters_and_puts_right(administrator: Client) -> None:
    said = {
        "applies_to": "admin_query",
        "from_on": "2025-06-01",
        "text": "可以向{{复议机关}}申请行政复议。",
    }
    page = administrator.post(reverse("cases:remedy_new"), said, follow=True)
    assert "救济途径已保存" in page.content.decode()
    assert remedy_text(Outcome.ADMIN_QUERY, date(2025, 6, 1)) == said["text"]
    assert "提起行政诉讼" in remedy_text(Outcome.ADMIN_QUERY, date(2025, 5, 31))
    remedy = RemedyText.objects.get(from_on="2025-06-01")
    where = reverse("cases:remedy_amend", args=[remedy.pk])
    version = remedy.version
    administrator.post(where, said | {"text": "改后。", "version": version})
    assert remedy_text(Outcome.ADMIN_QUERY, date(2025, 6, 1)) == "改后。"
    page = administrator.post(where, said | {"text": "再改。", "version": version})
    assert "您打开之后" in errors(page)["__all__"][0]
    entry = AuditEntry.objects.filter(act="修改救济途径").get()
    assert entry.before["text"] == said["text"] and entry.after["text"] == "改后。"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"text": ""}, "text", "请填写救济途径。"),
        ({"text": "向{{上级}}申请"}, "text", "有不认识的字段：上级；只能用复议机关和法院。"),
        ({"from_on": "2024-01-01"}, "__all__", "这一类答复在这一天已有一段文字"),
        ({"applies_to": "x"}, "applies_to", "所选的适用于不在可选项之内"),
    ],
)
def test_bad_remedies(
    administrator: Client, fields: dict[str, str], field: str, sentence: str
) -> None:
    said = {"applies_to": "denied", "from_on": "2025-06-01", "text": "文字"} | fields
    before = RemedyText.objects.count()
    page = administrator.post(reverse("cases:remedy_new"), said)
    assert sentence in errors(page)[field][0]
    assert RemedyText.objects.count() == before


# --- Who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CLERK, 403),
        (Role.AUDITOR, 403),
        (Role.REVIEWER, 200),
        (Role.SUPERVISOR, 200),
        (Role.ADMINISTRATOR, 200),
    ],
)
def test_who_sets_letters_up(client: Client, tree: Tree, role: Role, status: int) -> None:
    client.force_login(make_user(role, tree.housing))
    assert client.get(reverse("cases:letter_setup")).status_code == status
    for page in (
        address(tree.housing),
        address(tree.housing, "set_series"),
        address(tree.housing, "set_review_organ"),
        address(tree.housing, "set_contact"),
        address(tree.housing, "letter_replies"),
        address(tree.housing, "set_template", "receipt"),
    ):
        assert client.get(page).status_code == status
    answer = client.post(address(tree.housing, "set_series"), {"head": "甲"})
    assert answer.status_code == (302 if status == 200 else 403)


def test_another_organ_is_not_there(head: Client, tree: Tree) -> None:
    assert head.get(address(tree.land)).status_code == 404
    assert head.post(address(tree.land, "set_series"), {"head": "甲"}).status_code == 404
    assert head.post(address(tree.land, "set_contact"), CONTACT).status_code == 404
    assert upload(head, tree.land, RECEIPT).status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SUPERVISOR])
def test_remedies_are_the_administrators(client: Client, tree: Tree, role: Role) -> None:
    client.force_login(make_user(role, tree.government))
    assert client.get(reverse("cases:remedy_new")).status_code == 403
    client.force_login(make_user(Role.ADMINISTRATOR, tree.housing))  # not at the top
    assert client.get(reverse("cases:remedy_new")).status_code == 403


def test_a_fixed_number_of_queries(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    page = reverse("cases:letter_setup")
    client.get(page)
    before = queries_of(lambda: client.get(page))
    for department in (tree.housing, tree.land, tree.town):
        ReviewOrgan.objects.create(department=department, name="甲", from_on=TODAY)
        upload(client, department, RECEIPT)
    assert queries_of(lambda: client.get(page)) == before
