"""文书: what each letter says when it is opened again, how it is numbered, what stays of it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as open_docx

from cases import workflow
from cases.choices import (
    Addressee,
    ApplicantKind,
    EventKind,
    LetterKind,
    Outcome,
    Role,
)
from cases.documents.content import content_of
from cases.letters.fields import BLANK
from cases.letters.wording import TITLES
from cases.models import Case, DecreedDay, Letter, ReviewOrgan, ScheduleYear
from tests.documents import PDF, forget_document_files, make_file
from tests.makers import (
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_case,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2025, 10, 20)
OTHER_KINDS = [kind for kind in LetterKind if kind != LetterKind.REPLY]


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, name="申请人甲")


def make(case: Case, kind: str, **options: Any) -> Letter:
    usual: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "dated_on": DAY}
    return workflow.make_letter(case, kind=kind, **usual | options)


def text_of(letter: Letter) -> str:
    """All that the file says, its tables included, a line to a paragraph."""
    document = open_docx(BytesIO(content_of(letter.document)))
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def address(case: Case, query: str = "") -> str:
    return reverse("cases:make_letter", args=[case.pk]) + query


def typed(case: Case, **fields: object) -> dict[str, Any]:
    usual = {
        "version": case.version,
        "dated_on": "2025-10-20",
        "numbering": "series",
        "number": "",
        "make": "1",
    }
    return usual | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


# --- What the letters say ------------------------------------------------------------------------

# The finding of each outcome, with the article that it rests on.
FINDINGS = {
    Outcome.ALREADY_PUBLIC: ("第三十六条第一项", "已经主动公开"),
    Outcome.GRANTED: ("第三十六条第二项", "决定予以公开"),
    Outcome.PARTIAL: ("第三十七条", "能够作区分处理"),
    Outcome.STATE_SECRET: ("第十四条", "国家秘密"),
    Outcome.LAW_FORBIDDEN: ("第十四条", "禁止公开"),
    Outcome.SAFETY: ("第十四条", "国家安全、公共安全、经济安全、社会稳定"),
    Outcome.THIRD_PARTY: ("第十五条、第三十二条", "商业秘密、个人隐私"),
    Outcome.INTERNAL: ("第十六条第一款", "内部事务信息"),
    Outcome.PROCESS: ("第十六条第二款", "过程性信息"),
    Outcome.ENFORCEMENT_FILE: ("第十六条第二款", "行政执法案卷"),
    Outcome.ADMIN_QUERY: ("第三十六条第七项", "行政查询事项"),
    Outcome.NOT_EXIST: ("第三十六条第四项", "经检索"),
    Outcome.NOT_THIS_ORGAN: ("第三十六条第五项", "不属于本机关负责公开"),
    Outcome.NEEDS_CREATION: ("第三十八条", "加工、分析"),
    Outcome.STILL_UNCLEAR: ("第三十条", "仍不能指向具体的政府信息"),
    Outcome.PETITION: ("第三十九条第一款", "信访、投诉、举报"),
    Outcome.REPEAT: ("第三十六条第六项", "不予重复处理"),
    Outcome.PUBLICATION: ("第三十九条第二款", "公开出版物"),
    Outcome.EXCESSIVE: ("第三十五条", "明显超过合理范围"),
    Outcome.RECONFIRM: ("", "确认或者重新出具"),
    Outcome.NO_CORRECTION: ("第三十条", "逾期未补正"),
    Outcome.FEE_UNPAID: ("第四十二条", "未在规定期限内缴纳"),
    Outcome.WITHDRAWN: ("", "撤回该政府信息公开申请"),
    Outcome.NOT_GOV_INFO_OR_OTHER: ("", "不属于政府信息公开申请的处理范围"),
}
REVIEWED_FIRST = {
    Outcome.PARTIAL,
    Outcome.STATE_SECRET,
    Outcome.LAW_FORBIDDEN,
    Outcome.SAFETY,
    Outcome.THIRD_PARTY,
    Outcome.INTERNAL,
    Outcome.PROCESS,
    Outcome.ENFORCEMENT_FILE,
}
CHOICE = (
    "可以自收到本答复书之日起六十日内向秀洲区人民政府申请行政复议，"
    "或者自收到本答复书之日起六个月内向秀洲区人民法院提起行政诉讼。"
)
FIRST = "应当先申请行政复议"


# Both sides of the day from which a refusal is reviewed first, and of the day of 法释〔2025〕8号.
@pytest.mark.parametrize(
    "on", [date(2023, 12, 31), date(2024, 1, 1), date(2025, 5, 31), date(2025, 6, 1)]
)
def test_a_reply_says_all_that_the_law_asks_for(tree: Tree, on: date) -> None:
    case = make_case(tree.housing, name="申请人甲", received_on=date(2023, 12, 20))
    for count, outcome in enumerate(Outcome, start=1):
        _check_reply(case, outcome, on, f"秀建公开〔{on.year}〕{count}号")


def _check_reply(case: Case, outcome: Outcome, on: date, number: str) -> None:
    said = {"法院": "秀洲区人民法院", "理由": "公开后将损害第三方的合法权益。"}
    letter = make(case, "reply", outcome=outcome, dated_on=on, own_series=True, said=said)
    text = text_of(letter)
    lines = text.split("\n")
    assert lines[0] == "政府信息公开申请答复书"
    assert lines[1] == number == letter.number
    assert lines[2] == "申请人甲："
    for words in (
        "2023年12月20日收到",
        f"编号：{case.number}",
        "申请获取：甲路以东地块房屋征收补偿方案。",
        "公开后将损害第三方的合法权益。",
        *FINDINGS[outcome],
    ):
        assert words in text
    assert lines[-2:] == ["秀洲区住房和城乡建设局", f"{on.year}年{on.month}月{on.day}日"]
    assert "{{" not in text
    if outcome in REVIEWED_FIRST and on.year >= 2024:
        assert FIRST in text and "十五日内向秀洲区人民法院提起行政诉讼" in text
        assert ("其他内容不服" in text) == (outcome == Outcome.PARTIAL)
        assert (CHOICE in text) == (outcome == Outcome.PARTIAL)
    else:
        assert CHOICE in text and FIRST not in text


@pytest.mark.parametrize(
    "on", [date(2023, 12, 31), date(2024, 1, 1), date(2025, 5, 31), date(2025, 6, 1)]
)
def test_a_third_party_told_of_a_disclosure_has_the_choice(tree: Tree, on: date) -> None:
    case = make_case(tree.housing, received_on=date(2023, 12, 20))
    said = {"法院": "秀洲区人民法院"}
    text = text_of(make(case, "third_party_disclosure", dated_on=on, said=said))
    assert CHOICE.replace("本答复书", "本告知书") in text and FIRST not in text


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_every_other_letter(tree: Tree, kind: LetterKind) -> None:
    asked = date(2025, 9, 19)
    case = make_case(
        tree.housing,
        name="某商业企业甲",
        kind=ApplicantKind.ORG_COMMERCIAL,
        facts=Facts(consultation=(asked, None)),
    )
    text = text_of(make(case, kind, said=SAID))
    assert text.startswith(TITLES[kind])
    assert case.number in text and "秀洲区住房和城乡建设局" in text
    for words in SAYS[kind]:
        assert words in text, words
    assert "{{" not in text
    addressee = ADDRESSED.get(kind, "某商业企业甲")
    assert f"\n{addressee}" in text


SAID = {
    "机关联系方式": "政务公开科，甲路1号",
    "补正事项": "一、写明文件名称。\n二、写明年度。",
    "补正期限": "15个工作日",
    "数量频次": "2025年共提出申请46件",
    "说明期限": "10个工作日",
    "延期理由": "涉及三个年度",
    "延长天数": "20个工作日",
    "延迟理由": "数量很大",
    "延迟至": "2025年12月1日",
    "第三方": "某评估机构甲",
    "第三方称谓": "你单位",
    "征求意见的信息": "评估报告第三章",
    "第三方意见": "你单位不同意公开",
    "公开的内容和理由": "涉及公共安全",
    "共同制作机关": "区资规分局",
    "协办单位": "区档案馆",
    "协办事项": "查找2003年备案表",
    "协办期限": "2025年10月24日",
    "计费依据": "按页计收，共68页",
    "收费金额": "380",
    "缴费方式": "非税收入专户",
}
ADDRESSED = {
    LetterKind.THIRD_PARTY_OPINION: "某评估机构甲：",
    LetterKind.THIRD_PARTY_DISCLOSURE: "某评估机构甲：",
    LetterKind.CO_PRODUCER: "区资规分局：",
    LetterKind.ASSISTANCE: "区档案馆：",
}
SAYS = {
    LetterKind.RECEIPT: ("第三十三条", "将于2025年11月7日前作出答复"),
    LetterKind.CORRECTION: (
        "第三十条",
        "一次性告知你单位",
        "\n一、写明文件名称。\n二、写明年度。\n",
        "15个工作日内",
        "视为放弃申请",
    ),
    LetterKind.REASONS: ("第三十五条", "2025年共提出申请46件", "10个工作日内"),
    LetterKind.EXTENSION: ("第三十三条第二款", "延长答复期限20个工作日", "因涉及三个年度"),
    LetterKind.DELAY: ("第三十五条", "因数量很大，", "确定延迟至2025年12月1日前作出答复"),
    LetterKind.THIRD_PARTY_OPINION: ("第三十二条", "15个工作日内", "评估报告第三章"),
    LetterKind.THIRD_PARTY_NOTICE: ("于2025年9月19日书面征求第三方", "不计算在答复期限内"),
    LetterKind.THIRD_PARTY_DISCLOSURE: (
        "第三十二条",
        "涉及公共安全",
        "自收到本告知书之日起六十日内向秀洲区人民政府申请行政复议",
    ),
    LetterKind.CO_PRODUCER: ("第三十四条", "15个工作日内", "视为同意公开"),
    LetterKind.ASSISTANCE: ("查找2003年备案表", "2025年10月24日前书面函复"),
    LetterKind.FEE: ("第四十二条", "国办函〔2020〕109号", "信息处理费380元", "20个工作日内"),
    LetterKind.SERVICE: ("受送达人", "收件人签名或者盖章"),
}


def test_what_is_not_known_is_a_visible_blank(case: Case) -> None:
    text = text_of(make(case, "extension"))
    assert f"因{BLANK}，本机关不能在2025年10月17日前作出答复" in text
    assert f"延长答复期限{BLANK}" in text


def test_a_day_in_a_year_without_a_schedule_is_provisional(tree: Tree) -> None:
    """Received on 2025-12-03, due on the last day of the year; a day later in the next."""
    ScheduleYear.objects.filter(year=2026).delete()
    DecreedDay.objects.filter(day__year=2026).delete()
    today = date(2025, 12, 8)
    for received, due in (
        (date(2025, 12, 3), "将于2025年12月31日前"),
        (date(2025, 12, 4), "将于2026年1月1日（暂定）前"),
    ):
        case = make_case(tree.housing, received_on=received, today=today)
        assert due in text_of(make(case, "receipt", today=today, dated_on=today))
    case = make_case(tree.housing, received_on=received, today=today)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": today, "on": today}
    workflow.extend(case, days=20, reason="涉及三个年度", **said)
    text = text_of(make(case, "extension", today=today, dated_on=today))
    assert "不能在2026年1月1日（暂定）前" in text and "将于2026年1月29日（暂定）前" in text
    helped: dict[str, Any] = {"addressee": Addressee.OTHER_ORGAN, "whom": "区档案馆", "key": "1"}
    workflow.consult(case, about="查找备案表", until=date(2026, 1, 9), **helped, **said)
    text = text_of(make(case, "assistance", today=today, dated_on=today))
    assert "请于2026年1月9日（暂定）前" in text


def test_a_day_that_has_come_is_not_provisional(tree: Tree) -> None:
    ScheduleYear.objects.filter(year=2025).delete()
    text = text_of(make(make_case(tree.housing), "receipt"))
    assert "于2025年9月15日收到" in text and "2025年10月20日" in text
    assert "暂定" not in text  # the due day has passed too


def test_what_was_pasted_with_an_application_does_no_harm(tree: Tree) -> None:
    pasted = "甲方案\x0b第一页\r\n乙\x07方案{{机关}}{% x %}<w:t>&。"
    text = text_of(make(make_case(tree.housing, content=pasted), "reply", outcome="granted"))
    assert "申请获取：甲方案 第一页 乙方案{{机关}}{% x %}<w:t>&。" in text


def test_the_course_is_told_with_the_reply(tree: Tree) -> None:
    facts = Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    case = make_case(tree.housing, facts=facts)
    text = text_of(make(case, "reply", outcome="granted"))
    assert "办理期间，本机关于2025年9月19日书面征求第三方的意见，于2025年10月10日收到意见。" in text
    assert "办理期间" not in text_of(make(make_case(tree.housing), "reply", outcome="granted"))


def test_the_words_follow_who_applies_and_how_it_is_wanted(tree: Tree) -> None:
    case = make_case(
        tree.housing,
        kind=ApplicantKind.ORG_LEGAL_SERVICE,
        form_wanted="paper",
        delivery_wanted="post",
    )
    text = text_of(make(case, "reply", outcome="granted"))
    assert "你单位以邮寄方式向本机关提出" in text
    assert "提供方式：以纸质形式邮寄提供。" in text
    person = make_case(tree.housing)
    assert "你以邮寄方式向本机关提出" in text_of(make(person, "reply", outcome="granted"))


def test_an_opinion_of_a_co_producer_is_no_third_party(tree: Tree) -> None:
    facts = Facts(consultation=(date(2025, 9, 19), None), consulted=Addressee.CO_PRODUCER)
    case = make_case(tree.housing, facts=facts)
    assert f"已于{BLANK}书面征求第三方" in text_of(make(case, "third_party_notice"))


# --- Before whom ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "organ"),
    [
        (date(2025, 10, 9), "秀洲区人民政府"),
        (date(2025, 10, 10), "嘉兴市自然资源和规划局"),
        (date(2025, 10, 13), "嘉兴市自然资源和规划局"),
    ],
)
def test_the_review_organ_is_that_of_the_day(tree: Tree, on: date, organ: str) -> None:
    ReviewOrgan.objects.create(
        department=tree.land,
        name="嘉兴市自然资源和规划局",
        court="南湖区人民法院",
        from_on=date(2025, 10, 10),
    )
    text = text_of(make(make_case(tree.land), "reply", outcome="granted", dated_on=on))
    assert f"向{organ}申请行政复议" in text
    court = BLANK if on == date(2025, 10, 9) else "南湖区人民法院"
    assert f"向{court}提起行政诉讼" in text


def test_at_the_top_of_the_tree_nothing_is_proposed(tree: Tree) -> None:
    text = text_of(make(make_case(tree.neighbour), "reply", outcome="granted"))
    assert f"向{BLANK}申请行政复议" in text


def test_a_town_is_reviewed_by_the_government_above(tree: Tree) -> None:
    text = text_of(make(make_case(tree.town), "reply", outcome="granted"))
    assert "向秀洲区人民政府申请行政复议" in text


# --- Numbers -------------------------------------------------------------------------------------


def test_numbers_run_by_department_and_year(tree: Tree) -> None:
    case = make_case(tree.housing, received_on=date(2024, 12, 30))
    numbers = [
        make(case, "receipt", own_series=True, dated_on=date(2024, 12, 31)).number,
        make(case, "receipt", own_series=True, dated_on=date(2025, 1, 2)).number,
        make(case, "receipt", own_series=True).number,
        make(make_case(tree.land), "receipt", own_series=True).number,
    ]
    assert numbers == [
        "秀建公开〔2024〕1号",
        "秀建公开〔2025〕1号",
        "秀建公开〔2025〕2号",
        "秀资规公开〔2025〕1号",
    ]
    # cases are numbered in a series of their own
    assert make_case(tree.housing).number == "秀建公开申〔2025〕1号"


def test_a_typed_number_is_passed_over_and_never_given_twice(
    clerk_client: Client, case: Case, tree: Tree
) -> None:
    make(case, "receipt", number="秀建公开〔2025〕1号")
    assert make(case, "receipt", own_series=True).number == "秀建公开〔2025〕2号"
    other = make_case(tree.housing)
    again = typed(other, numbering="typed", number="秀建公开〔2025〕2号")
    page = clerk_client.post(address(other, "?kind=receipt"), again)
    assert errors(page)["number"] == ["文号 秀建公开〔2025〕2号 已经用过，请核对。"]
    make_case(tree.housing, closed_on=DAY, reply_number="秀建公开〔2025〕3号")
    assert make(case, "receipt", own_series=True).number == "秀建公开〔2025〕4号"


def test_a_letter_that_could_not_be_made_takes_no_number(
    clerk_client: Client, case: Case, settings: Any
) -> None:
    """Wrong from the start, or too large to be kept once its number was taken."""
    wrong = typed(case, dated_on="2025-10-28")
    page = clerk_client.post(address(case, "?kind=receipt"), wrong)
    assert errors(page)["dated_on"] == ["2025-10-28 还没有到，不能填将来的日期。"]
    usual, settings.DOCUMENT_MAX_BYTES = settings.DOCUMENT_MAX_BYTES, 1024
    page = clerk_client.post(address(case, "?kind=receipt"), typed(case))
    assert "超过单个文件的上限" in errors(page)["__all__"][0]
    assert not case.letters.exists() and not case.documents.exists()
    settings.DOCUMENT_MAX_BYTES = usual
    assert make(case, "receipt", own_series=True).number == "秀建公开〔2025〕1号"


# --- The page ------------------------------------------------------------------------------------


def test_chosen_seen_made_and_kept(clerk_client: Client, case: Case) -> None:
    kinds = clerk_client.get(address(case)).content.decode()
    assert "?kind=correction" in kinds and "一次性告知申请人补正事项" in kinds
    page = clerk_client.get(address(case, "?kind=correction"))
    assert page.context["missing"] == ["补正事项", "补正期限", "机关联系方式"]
    assert "<mark>〔　　〕</mark>" in page.content.decode()

    said = {"say_to_correct": "写明年度", "say_correct_within": "15个工作日"}
    data = typed(case, **said)
    del data["make"]
    preview = clerk_client.post(address(case, "?kind=correction"), data | {"preview": "1"})
    assert preview.context["missing"] == ["机关联系方式"]
    assert "写明年度" in preview.content.decode()
    assert not case.letters.exists()

    page = clerk_client.post(address(case, "?kind=correction"), typed(case, **said), follow=True)
    text = page.content.decode()
    assert "已制作《政府信息公开申请补正告知书》秀建公开〔2025〕1号，可以下载。" in text
    assert "制作政府信息公开申请补正告知书，秀建公开〔2025〕1号" in text
    letter = case.letters.get()
    assert letter.document.name == "政府信息公开申请补正告知书（秀建公开〔2025〕1号）.docx"
    assert "写明年度" in text_of(letter)
    event = case.events.get(kind=EventKind.LETTER_MADE)
    assert event.data["sha256"] == letter.document.sha256
    ends_on = case.ends_on
    case.refresh_from_db()
    assert case.ends_on == ends_on


def test_a_reply_asks_first_what_it_replies(clerk_client: Client, case: Case) -> None:
    page = clerk_client.get(address(case, "?kind=reply")).content.decode()
    assert "先选择答复类型" in page and "下一步" in page
    data = typed(case, outcome="not_exist", preview="1")
    del data["make"]
    answer = clerk_client.post(address(case, "?kind=reply"), data)
    page = answer.content.decode()
    assert "检索情况" in page and "第三十六条第四项" in page
    form = answer.context["form"]
    assert form["say_review_organ"].value() == "秀洲区人民政府"
    assert answer.context["missing"] == ["检索情况", "法院"]
    missing = clerk_client.post(address(case, "?kind=reply"), typed(case, outcome=""))
    assert errors(missing)["outcome"] == ["请选择答复类型。"]


def test_what_is_emptied_stays_blank(clerk_client: Client, case: Case) -> None:
    made = typed(case, outcome="process", say_reasons="属于请示报告。", say_review_organ="")
    clerk_client.post(address(case, "?kind=reply"), made)
    assert f"向{BLANK}申请行政复议" in text_of(case.letters.get())


def test_the_reply_that_was_made_leads_to_the_reply_that_is_recorded(
    clerk_client: Client, case: Case
) -> None:
    made = typed(case, outcome="process", say_reasons="属于请示报告。")
    page = clerk_client.post(address(case, "?kind=reply"), made, follow=True).content.decode()
    assert "?outcome=process&amp;closed_on=2025-10-20&amp;reply_number=" in page


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"outcome": "granted"}, "outcome", "与已登记的答复类型“信息不存在”不同"),
        ({"dated_on": "2025-10-17"}, "dated_on", "与已登记的答复日期 2025-10-16 不同"),
    ],
)
def test_a_reply_is_in_line_with_what_is_recorded(
    clerk_client: Client, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    case = make_case(tree.housing, closed_on=date(2025, 10, 16), outcome=Outcome.NOT_EXIST)
    recorded = {"outcome": "not_exist", "dated_on": "2025-10-16"}
    page = clerk_client.post(address(case, "?kind=reply"), typed(case, **recorded | fields))
    assert sentence.replace("信息不存在", "经检索没有，信息不存在") in errors(page)[field][0]
    assert not case.letters.exists()
    page = clerk_client.post(address(case, "?kind=reply"), typed(case, **recorded))
    assert page.status_code == 302


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"dated_on": ""}, "dated_on", "请填写日期。"),
        ({"dated_on": "2025-09-14"}, "dated_on", "不能早于到件日期 2025-09-15。"),
        ({"numbering": "typed"}, "number", "请填写文号，或者选择不编号。"),
        ({"numbering": ""}, "numbering", "请选择文号。"),
        ({"number": "甲" * 81, "numbering": "typed"}, "number", "最多 80 个字"),
        ({"say_to_correct": "甲" * 4001}, "say_to_correct", "最多 4000 个字，现有 4001 个。"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    data = typed(case, **{"say_correct_within": "七个工作日"} | fields)
    page = clerk_client.post(address(case, "?kind=correction"), data)
    assert sentence in errors(page)[field][0]
    assert page.context["form"]["say_correct_within"].value() == "七个工作日"
    assert not case.letters.exists()


def test_a_number_that_is_a_telephone_leaves_nothing_behind(
    clerk_client: Client, case: Case
) -> None:
    data = typed(case, numbering="typed", number="13800001234")
    page = clerk_client.post(address(case, "?kind=receipt"), data)
    assert "文字中有号码" in errors(page)["__all__"][0]
    assert not case.letters.exists() and not case.documents.exists()


def test_a_voided_case_has_no_letters(clerk_client: Client, case: Case) -> None:
    workflow.void(case, by=hand_of(case.department), today=TODAY, reason="误登")
    case.refresh_from_db()
    page = clerk_client.get(address(case), follow=True)
    assert "已作废，不能制作文书。" in page.content.decode()
    page = clerk_client.post(address(case, "?kind=receipt"), typed(case))
    assert errors(page)["__all__"] == [f"{case.number} 已作废，不能制作文书。"]


def test_two_clerks(clerk_client: Client, case: Case) -> None:
    seen = typed(case)
    make(case, "receipt")
    page = clerk_client.post(address(case, "?kind=receipt"), seen)
    assert "您打开之后" in errors(page)["__all__"][0]
    assert case.letters.count() == 1


def test_readers_and_strangers(client: Client, tree: Tree, case: Case) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert client.get(address(case)).status_code == 403
    assert client.post(address(case, "?kind=receipt"), typed(case)).status_code == 403
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(address(case)).status_code == 404
    assert not case.letters.exists()


def test_letters_add_no_queries_to_the_page(clerk_client: Client, case: Case) -> None:
    page = reverse("cases:detail", args=[case.pk])
    make(case, "receipt")
    clerk_client.get(page)
    one = queries_of(lambda: clerk_client.get(page))
    for days in range(4):
        make(case, "correction", said={"补正期限": f"{days}个工作日"})
    assert queries_of(lambda: clerk_client.get(page)) == one


# --- The letter of record ------------------------------------------------------------------------


def replace(client: Client, letter: Letter, *files: Any) -> Any:
    case = Case.objects.get(pk=letter.case_id)
    where = reverse("cases:replace_letter", args=[case.pk, letter.pk])
    return client.post(where, {"version": case.version, "uploads": list(files)}, follow=True)


def test_the_sealed_scan_takes_the_place_of_what_was_made(clerk_client: Client, case: Case) -> None:
    letter = make(case, "receipt")
    page = replace(clerk_client, letter, make_file("盖章回执.pdf")).content.decode()
    assert "《政府信息公开申请登记回执》已换成定稿。" in page
    assert "换成“盖章回执.pdf”" in page
    scan = case.documents.latest("pk")
    assert scan.supersedes == letter.document
    page = replace(clerk_client, letter, make_file("再次盖章.pdf", PDF + b"2")).content.decode()
    assert "“再次盖章.pdf”替换“盖章回执.pdf”" in page
    assert f"，SHA-256 {case.documents.latest('pk').sha256[:16]}…" in page
    # what was made and the first scan are kept, and at hand
    for kept in (letter.document, scan):
        assert f'aria-label="下载 {kept.name}"' in page
        where = reverse("cases:document", args=[case.pk, kept.pk])
        assert clerk_client.post(where, {"save": "1"}).status_code == 200
    # withdrawn, the one before stands again
    last = case.documents.latest("pk")
    workflow.withdraw_document(last, by=hand_of(case.department), today=TODAY, reason="传错")
    page = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "换成“盖章回执.pdf”" in page


def test_one_file_and_of_a_kind_that_is_taken(clerk_client: Client, case: Case) -> None:
    letter = make(case, "receipt")
    page = replace(clerk_client, letter, make_file("一.pdf"), make_file("二.pdf", PDF + b"2"))
    assert errors(page)["uploads"] == ["一份文书只能换成一个文件，请只选一个。"]
    page = replace(clerk_client, letter, make_file("程序.exe", b"MZ"))
    assert "不是可以存入的文件" in errors(page)["uploads"][0]
    page = replace(clerk_client, letter)
    assert errors(page)["uploads"] == ["请选择要存入的文件。"]
    assert case.documents.count() == 1


def test_a_letter_is_replaced_in_its_own_case_only(
    clerk_client: Client, case: Case, tree: Tree
) -> None:
    letter, other = make(case, "receipt"), make_case(tree.housing)
    where = reverse("cases:replace_letter", args=[other.pk, letter.pk])
    assert clerk_client.get(where).status_code == 404
