"""What an act has said already stands in its letter: nobody types it a second time."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as open_docx

from cases import workflow
from cases.choices import Addressee, EventKind, FeeScheme, LetterKind, LinkKind, Outcome, Stance
from cases.documents.content import content_of
from cases.letters.fields import BLANK
from cases.models import Case
from tests.documents import forget_document_files
from tests.makers import TODAY, Facts, Tree, hand_of, make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ASKED = date(2025, 9, 19)


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, name="申请人甲")  # received 2025-09-15, due 2025-10-17


@pytest.fixture
def hand(tree: Tree) -> dict[str, Any]:
    return {"by": hand_of(tree.housing), "today": TODAY}


def text_of(case: Case, kind: LetterKind, **options: Any) -> str:
    """A letter of which its maker says nothing."""
    usual: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY, "dated_on": TODAY}
    letter = workflow.make_letter(case, kind=kind, **usual | options)
    document = open_docx(BytesIO(content_of(letter.document)))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_correction(case: Case, hand: dict[str, Any]) -> None:
    what = "一、写明文件名称。\n二、写明年度。"
    workflow.ask_correction(case, on=ASKED, days=10, what=what, **hand)
    text = text_of(case, LetterKind.CORRECTION)
    assert f"补正以下事项：\n{what}\n" in text
    assert "收到本告知书之日起10个工作日内" in text


def test_reasons(case: Case, hand: dict[str, Any]) -> None:
    workflow.ask_reasons(case, on=ASKED, why="三个月内申请120件。", days=10, **hand)
    text = text_of(case, LetterKind.REASONS)
    assert "经统计，三个月内申请120件。你申请公开" in text
    assert "收到本告知书之日起10个工作日内" in text


def test_a_term_for_reasons_that_was_not_set_is_left_open(case: Case, hand: dict[str, Any]) -> None:
    workflow.ask_reasons(case, on=ASKED, why="三个月内申请120件", **hand)
    assert f"收到本告知书之日起{BLANK}内" in text_of(case, LetterKind.REASONS)


def test_extension_with_the_days_of_its_telling(case: Case, hand: dict[str, Any]) -> None:
    workflow.extend(case, on=date(2025, 10, 15), days=20, reason="需要调取档案。", **hand)
    told = "因需要调取档案，本机关不能在2025年10月17日前作出答复。"
    longer = "延长答复期限20个工作日，将于2025年11月14日前作出答复。"
    text = text_of(case, LetterKind.EXTENSION)
    assert told in text and longer in text
    # what happens later was not told with it
    workflow.consult(case, on=TODAY, addressee=Addressee.OTHER_ORGAN, whom="区档案馆", **hand)
    text = text_of(case, LetterKind.EXTENSION, dated_on=date(2025, 10, 24))
    assert told in text and longer in text


def test_a_delay_that_was_told(case: Case, hand: dict[str, Any]) -> None:
    workflow.ask_reasons(case, on=ASKED, why="三个月内申请120件", **hand)
    on = date(2025, 9, 28)
    workflow.receive_reasons(case, on=on, reasons="课题需要", reasonable=True, **hand)
    workflow.delay(case, on=on, day=date(2025, 12, 1), reason="数量很大。", **hand)
    text = text_of(case, LetterKind.DELAY)
    assert "但是因数量很大，无法在规定的期限内答复" in text
    assert "确定延迟至2025年12月1日前作出答复" in text


def test_third_party_and_what_it_said(case: Case, hand: dict[str, Any]) -> None:
    said: dict[str, Any] = {
        "addressee": Addressee.THIRD_PARTY,
        "whom": "某评估机构甲",
        "about": "评估报告第三章",
    }
    workflow.consult(case, on=ASKED, key="1", **said, **hand)
    text = text_of(case, LetterKind.THIRD_PARTY_OPINION)
    assert "\n某评估机构甲：\n" in text
    assert "其中申请公开的评估报告第三章，公开可能损害你单位的合法权益" in text
    text = text_of(case, LetterKind.THIRD_PARTY_NOTICE)
    assert "评估报告第三章公开可能损害第三方合法权益" in text
    assert "已于2025年9月19日书面征求第三方的意见" in text
    reply: dict[str, Any] = {"outcome": Outcome.THIRD_PARTY}
    assert f"{BLANK}。根据" in text_of(case, LetterKind.REPLY, **reply)

    stance: dict[str, Any] = {"stance": Stance.REFUSES, "opinion": "含有报价"}
    workflow.receive_opinion(case, on=date(2025, 10, 10), key="1", **stance, **hand)
    text = text_of(case, LetterKind.REPLY, **reply)
    assert "损害。第三方不同意公开。根据" in text
    assert "含有报价" not in text  # what the third party told the organ is not the applicant's
    text = text_of(case, LetterKind.THIRD_PARTY_DISCLOSURE)
    assert "涉及的信息为：评估报告第三章。你单位不同意公开。" in text


def test_a_person_is_not_named_by_what_stands_for_them(case: Case, hand: dict[str, Any]) -> None:
    said: dict[str, Any] = {"addressee": Addressee.THIRD_PARTY, "whom": "第三方甲"}
    workflow.consult(case, on=ASKED, **said, **hand)
    text = text_of(case, LetterKind.THIRD_PARTY_OPINION)
    assert f"\n{BLANK}：\n" in text and "现书面征求你的意见" in text


def test_silence_is_told_once_it_is_on_record(case: Case, hand: dict[str, Any]) -> None:
    said: dict[str, Any] = {"addressee": Addressee.THIRD_PARTY, "whom": "某评估机构甲"}
    workflow.consult(case, on=ASKED, key="1", **said, **hand)
    workflow.lapse_consultation(case, on=date(2025, 10, 17), key="1", **hand)
    text = text_of(case, LetterKind.REPLY, outcome=Outcome.THIRD_PARTY)
    assert "第三方逾期未提出意见。根据" in text


def test_each_organ_has_its_own(case: Case, hand: dict[str, Any]) -> None:
    for addressee, whom, about, until in (
        (Addressee.CO_PRODUCER, "区资规分局", "联合通知", None),
        (Addressee.OTHER_ORGAN, "区档案馆", "查找2003年备案表", date(2025, 9, 30)),
    ):
        said: dict[str, Any] = {
            "addressee": addressee,
            "whom": whom,
            "about": about,
            "until": until,
        }
        workflow.consult(case, on=ASKED, **said, **hand)
    text = text_of(case, LetterKind.CO_PRODUCER)
    assert "\n区资规分局：\n" in text and "申请公开的联合通知由本机关与贵单位共同制作" in text
    text = text_of(case, LetterKind.ASSISTANCE)
    assert "\n区档案馆：\n" in text and "\n查找2003年备案表\n" in text
    assert "请于2025年9月30日前书面函复" in text


@pytest.mark.parametrize(
    ("charged", "words"),
    [
        (
            {"scheme": FeeScheme.PAGES, "pages": 31},
            "共31页，第31页起每页10元，应收取信息处理费10元",
        ),
        (
            {"scheme": FeeScheme.PAGES, "pages": 201},
            "共201页，第31页起每页10元，第101页起每页20元，第201页起每页40元，"
            "应收取信息处理费2740元",
        ),
        (
            {"scheme": FeeScheme.PIECES, "nth": 11},
            "为同一申请人本自然月第11件，每件100元，应收取信息处理费100元",
        ),
    ],
)
def test_fee_with_scheme_rate_and_amount(
    case: Case, hand: dict[str, Any], charged: dict[str, Any], words: str
) -> None:
    for _ in range(1, charged.get("nth", 1)):  # the others of the month
        make_case(case.department, applicant=case.applicant, received_on=case.received_on)
    workflow.ask_fee(case, on=ASKED, **charged, **hand)
    assert words in text_of(case, LetterKind.FEE)


SEARCHED: dict[str, Any] = {
    "place": "档案室1998至2008年卷",
    "words": "补偿方案",
    "who": "经办员乙",
    "found": "没有找到",
}
FOUND = "2025 年 9 月 19 日，经办员乙在档案室1998至2008年卷以“补偿方案”检索：没有找到"


def test_the_search_on_record_is_told_once(case: Case, hand: dict[str, Any]) -> None:
    workflow.record_search(case, on=ASKED, **SEARCHED, **hand)
    text = text_of(case, LetterKind.REPLY, outcome=Outcome.NOT_EXIST)
    assert text.count(FOUND) == 1
    assert f"检索情况：{FOUND}。\n" in text
    drafted: dict[str, Any] = {
        "outcome": Outcome.NOT_EXIST,
        "reply_reasons": "检索了全部案卷，没有找到。",
    }
    workflow.save_draft(case, **drafted, **hand)
    text = text_of(case, LetterKind.REPLY, outcome=Outcome.NOT_EXIST)
    assert text.count("检索了全部案卷，没有找到。") == 1 and FOUND not in text


def test_a_reply_begins_with_what_was_drafted(
    clerk_client: Client, case: Case, hand: dict[str, Any]
) -> None:
    drafted: dict[str, Any] = {
        "outcome": Outcome.PROCESS,
        "reply_number": "秀建公开〔2025〕9号",
        "reply_reasons": "属于请示报告。",
        "closed_on": date(2025, 10, 24),
    }
    workflow.save_draft(case, **drafted, **hand)
    page = clerk_client.get(reverse("cases:make_letter", args=[case.pk]) + "?kind=reply")
    form = page.context["form"]
    assert form["outcome"].value() == "process"
    assert form["number"].value() == "秀建公开〔2025〕9号"
    assert form["dated_on"].value() == date(2025, 10, 24)
    assert form["say_reasons"].value() == "属于请示报告。"


@pytest.mark.parametrize("on", [TODAY, date(2025, 10, 28)])
def test_a_day_that_is_still_to_come_dates_no_letter(
    clerk_client: Client, case: Case, hand: dict[str, Any], on: date
) -> None:
    workflow.save_draft(case, outcome=Outcome.GRANTED, closed_on=on, **hand)
    page = clerk_client.get(reverse("cases:make_letter", args=[case.pk]) + "?kind=reply")
    assert page.context["form"]["dated_on"].value() == TODAY


def test_a_repeat_names_the_reply_before(tree: Tree, hand: dict[str, Any]) -> None:
    on = date(2025, 9, 10)
    earlier = make_case(
        tree.housing, received_on=on, closed_on=on, reply_number="秀建公开〔2025〕5号"
    )
    case = make_case(tree.housing)
    workflow.link(case, number=earlier.number, kind=LinkKind.REPEAT, **hand)
    text = text_of(case, LetterKind.REPLY, outcome=Outcome.REPEAT)
    assert "本机关已经答复（秀建公开〔2025〕5号，2025年9月10日）" in text


def test_withdrawn_on_its_day(case: Case, hand: dict[str, Any]) -> None:
    on = date(2025, 10, 20)
    case = workflow.withdraw(case, on=on, how="letter", **hand)
    text = text_of(case, LetterKind.REPLY, outcome=Outcome.WITHDRAWN, dated_on=on)
    assert "你于2025年10月20日撤回该政府信息公开申请" in text


def test_facts_of_a_ledger_tell_no_more_than_they_know(tree: Tree) -> None:
    """A case whose events have no words: the letter is left with blanks."""
    case = make_case(tree.housing, facts=Facts(consultation=(ASKED, None)))
    case.events.create(kind="correction_asked", on=ASKED)
    case.events.create(kind="fee_asked", on=ASKED)
    assert f"\n{BLANK}\n" in text_of(case, LetterKind.CORRECTION)
    assert f"{BLANK}，应收取信息处理费{BLANK}元" in text_of(case, LetterKind.FEE)


def test_what_was_revoked_stands_in_no_letter(case: Case, hand: dict[str, Any]) -> None:
    told = date(2025, 10, 15)
    workflow.extend(case, on=told, days=20, reason="需要查找档案", **hand)
    assert "延长答复期限20个工作日" in text_of(case, LetterKind.EXTENSION)
    event = case.events.get(kind=EventKind.EXTENDED)
    workflow.revoke(case, event=event.pk, reason="没有告知申请人", **hand)
    assert "20个工作日" not in text_of(case, LetterKind.EXTENSION)
