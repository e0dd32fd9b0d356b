"""Letters read whole: every word of the file, beside the text as an office would type it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases import workflow
from cases.choices import Addressee, FeeScheme, LetterKind, Outcome
from cases.models import Case, OfficeContact, ReviewOrgan
from tests.cases.test_letters import text_of
from tests.documents import forget_document_files
from tests.makers import TODAY, Tree, hand_of, make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2025, 10, 20)
LAW = "《中华人民共和国政府信息公开条例》"
NUMBER = "秀建公开〔2025〕1号"
SIGNED = ("秀洲区住房和城乡建设局", "2025年10月20日")
APPLIED = (
    "你以邮寄方式向本机关提出政府信息公开申请（编号：秀建公开申〔2025〕1号），申请获取：甲路补偿方案。"
    "本机关于2025年9月15日收到。"
)
CONTACT = "联系方式：政务公开科，地址：甲路1号"
CHOICE = (
    "如对本答复不服，可以自收到本答复书之日起六十日内向秀洲区人民政府申请行政复议，或者自收到本答复书之日起"
    "六个月内向秀洲区人民法院提起行政诉讼。"
)
REVIEW_FIRST = (
    "如对本答复不服，根据《中华人民共和国行政复议法》第二十三条第一款第四项的规定，应当先申请行政复议："
    "可以自收到本答复书之日起六十日内向秀洲区人民政府申请行政复议。对行政复议决定不服的，可以自收到行政复议"
    "决定书之日起十五日内向秀洲区人民法院提起行政诉讼。"
)
PARTLY_REVIEW_FIRST = (
    "如对本答复中不予公开的部分不服，根据《中华人民共和国行政复议法》第二十三条第一款第四项的规定，应当先"
    "申请行政复议：可以自收到本答复书之日起六十日内向秀洲区人民政府申请行政复议；对行政复议决定不服的，可以"
    "自收到行政复议决定书之日起十五日内向秀洲区人民法院提起行政诉讼。",
    "如对本答复的其他内容不服，可以自收到本答复书之日起六十日内向秀洲区人民政府申请行政复议，或者自收到"
    "本答复书之日起六个月内向秀洲区人民法院提起行政诉讼。",
)


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def case(tree: Tree) -> Case:
    OfficeContact.objects.create(
        department=tree.housing, office="政务公开科", address="甲路1号", pay_how="非税收入专户"
    )
    ReviewOrgan.objects.create(
        department=tree.housing,
        name="秀洲区人民政府",
        court="秀洲区人民法院",
        from_on=date(2024, 1, 1),
    )
    return make_case(tree.housing, name="申请人甲", content="甲路补偿方案")


def lines_of(case: Case, kind: LetterKind, **options: Any) -> list[str]:
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "dated_on": DAY}
    said["own_series"] = True
    return text_of(workflow.make_letter(case, kind=kind, **said | options)).split("\n")


def done(case: Case, on: date) -> dict[str, Any]:
    return {"case": case, "by": hand_of(case.department), "today": TODAY, "on": on}


# --- Replies, one of each group of section three -------------------------------------------------

REPLIES: dict[Outcome, tuple[dict[str, str], tuple[str, ...]]] = {
    Outcome.GRANTED: (
        {"提供的信息": "甲路补偿方案1份", "提供方式": "提供方式：以纸质形式邮寄提供。"},
        (
            f"经审查，你申请获取的政府信息属于公开范围。根据{LAW}第三十六条第二项的规定，本机关决定予以公开，"
            "现提供以下信息：甲路补偿方案1份。",
            "提供方式：以纸质形式邮寄提供。",
            CHOICE,
        ),
    ),
    Outcome.PARTIAL: (
        {
            "提供的信息": "方案正文",
            "不予公开的内容": "附表二",
            "不予公开的依据": "条例第十五条",
            "理由": "附表二涉及个人隐私。",
        },
        (
            "经审查，你申请获取的政府信息中含有不应当公开的内容，但是能够作区分处理。"
            f"根据{LAW}第三十七条的规定，本机关提供可以公开的以下内容：方案正文。"
            "其中以下内容不予公开：附表二，依据为条例第十五条。",
            "附表二涉及个人隐私。",
            "〔　　〕",
            *PARTLY_REVIEW_FIRST,
        ),
    ),
    Outcome.PROCESS: (
        {"理由": "方案尚在讨论。"},
        (
            "经审查，你申请获取的政府信息属于本机关在履行行政管理职能过程中形成的过程性信息（讨论记录、"
            f"过程稿、磋商信函、请示报告等）。根据{LAW}第十六条第二款的规定，本机关决定不予公开。",
            "方案尚在讨论。",
            REVIEW_FIRST,
        ),
    ),
    Outcome.NOT_EXIST: (
        {"检索情况": "在档案系统以“甲路”检索，未找到"},
        (
            f"经检索，本机关没有你申请获取的政府信息。根据{LAW}第三十六条第四项的规定，现告知"
            "你该政府信息不存在。检索情况：在档案系统以“甲路”检索，未找到。",
            CHOICE,
        ),
    ),
    Outcome.PETITION: (
        {"相应渠道": "区信访局来访接待室", "理由": "申请内容是要求处理邻里纠纷。"},
        (
            f"经审查，你以政府信息公开申请的形式进行信访、投诉、举报等活动。根据{LAW}第三十九条"
            "第一款的规定，本机关不作为政府信息公开申请处理，请通过以下渠道提出：区信访局来访接待室。",
            "申请内容是要求处理邻里纠纷。",
            CHOICE,
        ),
    ),
    Outcome.NO_CORRECTION: (
        {},
        (
            "本机关已要求你对申请内容作出补正，你无正当理由逾期未补正。"
            f"根据{LAW}第三十条的规定，视为放弃申请，本机关不再处理该政府信息公开申请。",
            CHOICE,
        ),
    ),
}


@pytest.mark.parametrize("outcome", REPLIES)
def test_a_reply(case: Case, outcome: Outcome) -> None:
    said, finding = REPLIES[outcome]
    assert lines_of(case, LetterKind.REPLY, outcome=outcome, said=said) == [
        "政府信息公开申请答复书",
        NUMBER,
        "申请人甲：",
        APPLIED,
        *finding,
        *SIGNED,
    ]


# --- What is told on the way ---------------------------------------------------------------------


def test_a_receipt(case: Case) -> None:
    assert lines_of(case, LetterKind.RECEIPT) == [
        "政府信息公开申请登记回执",
        NUMBER,
        "申请人甲：",
        APPLIED,
        f"根据{LAW}第三十一条、第三十三条的规定，本机关自收到申请之日的次日起计算答复期限，将于"
        "2025年10月17日前作出答复；需要补正、征求意见、收取信息处理费或者延长答复期限的，将另行告知。",
        "特此回执。",
        CONTACT,
        *SIGNED,
    ]


def test_a_correction(case: Case) -> None:
    workflow.ask_correction(days=15, what="写明文件名称\n写明年度", **done(case, date(2025, 9, 22)))
    assert lines_of(case, LetterKind.CORRECTION) == [
        "政府信息公开申请补正告知书",
        NUMBER,
        "申请人甲：",
        APPLIED,
        f"经审查，上述申请内容不明确，根据{LAW}第三十条的规定，现一次性告知你补正以下事项：",
        "写明文件名称",
        "写明年度",
        "请于收到本告知书之日起15个工作日内，将补正后的申请提交本机关。答复期限自本机关收到补正的申请之日起"
        "计算。无正当理由逾期不补正的，视为放弃申请，本机关不再处理该申请。",
        CONTACT,
        *SIGNED,
    ]


def test_an_extension(case: Case) -> None:
    workflow.extend(days=20, reason="涉及三个年度的档案。", **done(case, date(2025, 10, 15)))
    assert lines_of(case, LetterKind.EXTENSION) == [
        "政府信息公开申请延期答复告知书",
        NUMBER,
        "申请人甲：",
        APPLIED,
        f"因涉及三个年度的档案，本机关不能在2025年10月17日前作出答复。根据{LAW}第三十三条第二款的规定，"
        "经本机关政府信息公开工作机构负责人同意，延长答复期限20个工作日，将于2025年11月14日前作出答复。",
        "特此告知。",
        *SIGNED,
    ]


def test_a_consultation_of_a_third_party_and_the_notice_of_it(case: Case) -> None:
    asked: dict[str, Any] = {
        "addressee": Addressee.THIRD_PARTY,
        "whom": "某评估机构甲",
        "about": "评估报告第三章",
    }
    workflow.consult(key="1", **asked, **done(case, date(2025, 9, 19)))
    assert lines_of(case, LetterKind.THIRD_PARTY_OPINION) == [
        "政府信息公开征求第三方意见书",
        NUMBER,
        "某评估机构甲：",
        "本机关于2025年9月15日收到政府信息公开申请（编号：秀建公开申〔2025〕1号），其中申请公开的"
        f"评估报告第三章，公开可能损害你单位的合法权益。根据{LAW}第三十二条的规定，现书面征求你单位的意见。",
        "请自收到本征求意见书之日起15个工作日内，书面答复是否同意公开；不同意公开的，请说明理由。逾期"
        "未提出意见的，由本机关依照该条例的规定决定是否公开。你单位不同意公开且有合理理由的，本机关不予公开；"
        "本机关认为不公开可能对公共利益造成重大影响的，可以决定予以公开，并将决定公开的政府信息内容和理由"
        "书面告知你单位。",
        CONTACT,
        *SIGNED,
    ]
    assert lines_of(case, LetterKind.THIRD_PARTY_NOTICE) == [
        "政府信息公开申请征求第三方意见告知书",
        "秀建公开〔2025〕2号",
        "申请人甲：",
        APPLIED,
        f"你申请公开的政府信息中，评估报告第三章公开可能损害第三方合法权益。根据{LAW}第三十二条的规定，"
        "本机关已于2025年9月19日书面征求第三方的意见。根据该条例第三十三条第三款的规定，征求第三方意见所需"
        "时间不计算在答复期限内。",
        "特此告知。",
        *SIGNED,
    ]


def test_a_consultation_of_a_co_producer(case: Case) -> None:
    asked: dict[str, Any] = {
        "addressee": Addressee.CO_PRODUCER,
        "whom": "区资规分局",
        "about": "联合批复",
    }
    workflow.consult(key="1", **asked, **done(case, date(2025, 9, 19)))
    assert lines_of(case, LetterKind.CO_PRODUCER) == [
        "政府信息公开征求意见函",
        NUMBER,
        "区资规分局：",
        "本机关于2025年9月15日收到政府信息公开申请（编号：秀建公开申〔2025〕1号），申请公开的联合批复由"
        f"本机关与贵单位共同制作，由本机关牵头制作。根据{LAW}第三十四条的规定，现征求贵单位的意见。",
        "请自收到本函之日起15个工作日内，书面提出是否同意公开的意见并说明理由。逾期未提出意见的，"
        "视为同意公开。",
        CONTACT,
        *SIGNED,
    ]


def test_a_fee_notice(case: Case) -> None:
    """68 pages: 31 to 68 at 10 元 each."""
    workflow.ask_fee(scheme=FeeScheme.PAGES, pages=68, **done(case, date(2025, 9, 22)))
    assert lines_of(case, LetterKind.FEE) == [
        "政府信息公开信息处理费收费通知书",
        NUMBER,
        "申请人甲：",
        APPLIED,
        f"根据{LAW}第四十二条和《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）的规定，按页计收，"
        "申请获取的信息共68页，第31页起每页10元，应收取信息处理费380元。",
        "请自收到本通知次日起20个工作日内，按以下方式缴纳：非税收入专户。逾期未缴纳的，视为放弃申请，"
        "本机关不再处理该申请。答复期限自缴清信息处理费次日起重新计算。",
        "对收取信息处理费的决定有异议的，不能单独就该决定申请行政复议或者提起行政诉讼，可以在缴费期满后，"
        "就本机关不再处理该申请的行为，依法申请行政复议或者提起行政诉讼。",
        CONTACT,
        *SIGNED,
    ]


def test_an_excessive_application_and_its_delay(case: Case) -> None:
    asked = done(case, date(2025, 9, 22))
    workflow.ask_reasons(days=10, why="2025年1月至9月共提出申请46件", **asked)
    assert lines_of(case, LetterKind.REASONS) == [
        "政府信息公开申请说明理由告知书",
        NUMBER,
        "申请人甲：",
        APPLIED,
        "经统计，2025年1月至9月共提出申请46件。你申请公开政府信息的数量、频次明显超过合理范围，根据"
        f"{LAW}第三十五条的规定，请于收到本告知书之日起10个工作日内，书面向本机关说明理由。",
        "本机关认为申请理由不合理的，将告知不予处理；认为申请理由合理，但是无法在规定的期限内答复的，将确定"
        "延迟答复的合理期限并告知你。",
        CONTACT,
        *SIGNED,
    ]
    said = {"延迟理由": "须逐件核对", "延迟至": "2025年12月1日"}
    assert lines_of(case, LetterKind.DELAY, said=said) == [
        "政府信息公开申请延迟答复告知书",
        "秀建公开〔2025〕2号",
        "申请人甲：",
        APPLIED,
        "你申请公开政府信息的数量、频次明显超过合理范围，已按本机关的要求说明理由。经审查，本机关认为申请理由"
        f"合理，但是因须逐件核对，无法在规定的期限内答复。根据{LAW}第三十五条的规定，确定延迟至2025年12月1日"
        "前作出答复。",
        "特此告知。",
        *SIGNED,
    ]


def test_a_disclosure_told_to_the_third_party(case: Case) -> None:
    about = {"第三方": "某评估机构甲", "第三方称谓": "你单位", "第三方意见": "你单位不同意公开"}
    about |= {"征求意见的信息": "评估报告第三章", "公开的内容和理由": "第三章全文，涉及公共安全。"}
    assert lines_of(case, LetterKind.THIRD_PARTY_DISCLOSURE, said=about) == [
        "政府信息公开告知书",
        NUMBER,
        "某评估机构甲：",
        "本机关就政府信息公开申请（编号：秀建公开申〔2025〕1号）书面征求你单位意见，涉及的信息为："
        "评估报告第三章。你单位不同意公开。",
        "经审查，本机关认为不公开上述信息可能对公共利益造成重大影响。根据"
        f"{LAW}第三十二条的规定，本机关决定予以公开。决定公开的内容和理由如下：",
        "第三章全文，涉及公共安全。",
        CHOICE.replace("本答复", "本告知"),
        *SIGNED,
    ]


def test_a_request_for_help(case: Case) -> None:
    asked: dict[str, Any] = {
        "addressee": Addressee.OTHER_ORGAN,
        "whom": "区档案馆",
        "about": "查找2003年备案表",
    }
    until = date(2025, 10, 24)
    workflow.consult(key="1", until=until, **asked, **done(case, date(2025, 9, 19)))
    assert lines_of(case, LetterKind.ASSISTANCE, said={"答复期限": ""}) == [
        "政府信息公开申请协办函",
        NUMBER,
        "区档案馆：",
        "本机关于2025年9月15日收到政府信息公开申请（编号：秀建公开申〔2025〕1号），申请获取："
        "甲路补偿方案。",
        "因办理该申请的需要，请贵单位就以下事项予以协助：",
        "查找2003年备案表",
        "该申请的答复期限为〔　　〕，请于2025年10月24日前书面函复本机关，并附相关材料。",
        CONTACT,
        *SIGNED,
    ]


def test_a_slip_of_service(case: Case) -> None:
    lines_of(case, LetterKind.REPLY, outcome=Outcome.GRANTED)
    said = {"送达方式": "邮寄"}
    blank = "　　　　　　　　　　年　　月　　日"
    title, *rest = lines_of(case, LetterKind.SERVICE, said=said, own_series=False)
    assert title == "政府信息公开文书送达回证"
    assert [line for line in rest if line] == [
        "秀洲区住房和城乡建设局",
        "受送达人",
        "申请人甲",
        "送达文书",
        f"《政府信息公开申请答复书》{NUMBER}",
        "申请编号",
        "秀建公开申〔2025〕1号",
        "送达方式",
        "邮寄",
        "送达地点",
        "收件人签名或者盖章",
        blank,
        "代收人及代收理由",
        blank,
        "送达人签名",
        blank,
        "备注",
    ]
