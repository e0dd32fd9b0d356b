"""上次怎么答的, and hints that never block: likeness of texts, earlier cases, pieces of a month."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import hints, workflow
from cases.charges import place_in_month
from cases.choices import Addressee, ApplicantKind, Role, Signers
from cases.hints import grams, likeness, nearest, year_before
from cases.models import Case, User
from cases.workflow.grounds import unasked_words
from tests.makers import (
    PASSWORD,
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_applicant,
    make_case,
    make_user,
    queries_of,
)
from tests.signoff import make_chain, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TEXT = "甲路以东地块房屋征收补偿方案及评估报告"
NEAR = "申请公开甲路以东地块房屋征收补偿方案、评估报告"
FAR = "某某中学二〇二四年度部门决算"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("申请公开甲建设有限公司的环评批复", ["甲建设有限公司"]),
        ("某某（中国）投资集团与乙路商行签订的合同", ["某某(中国)投资集团", "乙路商行"]),
        ("关于丙小区业主委员会备案的材料，丙小区业主委员会选举结果", ["丙小区业主委员会"]),
        ("公司注册的流程", []),
        ("甲路以东地块房屋征收补偿方案", []),
        ("", []),
    ],
)
def test_firms_that_a_text_names(text: str, named: list[str]) -> None:
    assert hints.third_parties_in(text) == named


def test_the_applicant_is_no_third_party() -> None:
    text = "本单位丁科技有限公司的处罚决定书"
    assert hints.third_parties_in(text, "丁科技有限公司") == []


def test_a_third_party_that_is_named_is_hinted_at(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, content="甲建设有限公司的竣工验收材料")
    page = clerk_client.get(reverse("cases:detail", args=[case.pk]))
    (hint,) = page.context["hints"]
    assert "甲建设有限公司" in hint["text"] and "征求意见" in hint["text"]
    consult = reverse("cases:consult", args=[case.pk])
    assert hint["links"] == [("征求意见", consult)]
    assert f'<a href="{consult}">征求意见</a>' in page.content.decode()
    waiting = make_case(
        tree.housing,
        content="甲建设有限公司的竣工验收材料",
        facts=Facts(consultation=(date(2025, 10, 9), None)),
    )
    page = clerk_client.get(reverse("cases:detail", args=[waiting.pk]))
    assert not any("征求意见" in hint["text"] for hint in page.context["hints"])


@pytest.mark.parametrize(
    ("consulted", "answered", "hinted"),
    [
        (Addressee.THIRD_PARTY, None, False),
        (Addressee.THIRD_PARTY, date(2025, 10, 20), False),
        (Addressee.OTHER_ORGAN, None, True),
        (Addressee.CO_PRODUCER, date(2025, 10, 20), True),
    ],
)
def test_only_a_third_party_that_was_asked_ends_the_hint(
    clerk_client: Client,
    tree: Tree,
    consulted: Addressee,
    answered: date | None,
    hinted: bool,
) -> None:
    facts = Facts(consultation=(date(2025, 10, 9), answered), consulted=consulted)
    content = "甲建设有限公司的竣工验收材料"
    case = make_case(tree.housing, content=content, received_on=date(2025, 9, 25), facts=facts)
    said = [hint for hint in hints_on(clerk_client, case) if "甲建设有限公司" in hint]
    assert bool(said) is hinted
    assert bool(unasked_words(case.events.all())) is hinted


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("请求更正本人房屋登记信息中的面积", True),
        ("我的学籍档案有误，要求改正", True),
        ("本公司登记的地址不准确，请修改", True),
        ("申请公开本人房屋征收的更正公告", False),
        ("申请公开甲路规划修改的批复", False),
        ("我国更正贸易统计数据的文件", False),
        ("公开本单位的处罚决定书。某公报有误，是否更正", False),
        ("", False),
    ],
)
def test_a_text_that_asks_to_amend_what_is_recorded_of_oneself(text: str, asks: bool) -> None:
    assert hints.asks_to_amend(text) is asks


def test_another_procedure_is_hinted_at_and_blocks_nothing(
    clerk_client: Client, tree: Tree
) -> None:
    text = "请求更正本人房屋登记信息中的面积"
    (said,) = said_while_registering(clerk_client, tree, content=text)
    assert "另一种程序（条例第四十一条）" in said
    case = make_case(tree.housing, content=text, received_on=date(2025, 10, 20))
    assert hints_on(clerk_client, case) == [said]


WHOLE = {"phone": "0573-80000000", "content": FAR, "form_wanted": "paper"}


@pytest.mark.parametrize(
    ("without", "lacking"),
    [
        ({}, ""),
        ({"name": ""}, "姓名或名称"),
        ({"phone": ""}, "联系方式"),
        ({"phone": "", "email": "a@example.cn"}, ""),
        ({"phone": "", "address": "甲路 1 号"}, ""),
        ({"content": " "}, "申请内容"),
        ({"form_wanted": ""}, "所需形式"),
        ({"phone": "", "form_wanted": ""}, "联系方式、所需形式"),
    ],
)
def test_what_an_application_lacks_is_marked_while_it_is_registered(
    clerk_client: Client, tree: Tree, without: dict[str, str], lacking: str
) -> None:
    typed = asked(tree, **WHOLE | without)
    page = clerk_client.post(reverse("cases:earlier"), typed, HTTP_HX_REQUEST="true")
    said = page.context["lacking"]
    assert said.partition("（条例第二十九条）")[0] == (f"还没有填{lacking}" if lacking else "")
    assert said in page.content.decode() and bool(lacking) is ("要求补正" in said)


def test_nothing_is_lacking_before_anything_is_typed(clerk_client: Client, tree: Tree) -> None:
    page = clerk_client.post(reverse("cases:earlier"), asked(tree, name=""))
    assert page.context["lacking"] == ""


# Texts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", set()),
        ("，。 ", set()),
        ("甲路", {"甲路"}),
        ("甲路以东", {"甲路以东"}),
        ("甲路 以东。地块", {"甲路以东", "路以东地", "以东地块"}),
        ("ＡＢＣＤ", {"abcd"}),
    ],
)
def test_grams(text: str, found: set[str]) -> None:
    assert grams(text) == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TEXT, TEXT, True),
        (TEXT, f"{TEXT}。", True),
        (TEXT, NEAR, True),
        (TEXT, FAR, False),
        (TEXT, "甲路以东地块规划许可", False),  # only its place
        (TEXT, "", False),
        ("", "", False),
        ("甲路", "甲路", True),
    ],
)
def test_what_is_nearly_the_same(one: str, other: str, same: bool) -> None:
    assert (likeness(grams(one), grams(other)) >= hints.ALIKE) is same
    assert likeness(grams(one), grams(other)) == likeness(grams(other), grams(one))


def test_likeness_is_the_share_of_what_both_have() -> None:
    """Five grams in each, three in common: 6 of 10."""
    one, other = frozenset("abcde"), frozenset("cdefg")
    assert likeness(one, other) == pytest.approx(0.6)


def test_the_nearest_come_first_and_no_more_than_asked() -> None:
    others = {1: NEAR, 2: FAR, 3: TEXT, 4: TEXT}
    assert list(nearest(TEXT, others, 8)) == [3, 4, 1]
    assert list(nearest(TEXT, others, 2)) == [3, 4]
    assert nearest("", others, 8) == {}


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2025, 10, 27), date(2024, 10, 27)),
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2025, 1, 1), date(2024, 1, 1)),
    ],
)
def test_a_year_before(day: date, before: date) -> None:
    assert year_before(day) == before


# Earlier cases -----------------------------------------------------------------------------------


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing)


def found_of(case: Case, user: User, on: date = TODAY) -> list[tuple[int, str]]:
    found = hints.earlier_cases(
        case.department,
        user=user,
        on=on,
        applicant=case.applicant,
        text=case.content,
        leave_out=case,
    )
    return [(it.case.pk, it.why) for it in found]


def test_the_same_applicant_and_near_texts_are_found_in_their_order(
    tree: Tree, clerk: User
) -> None:
    one: dict[str, Any] = {"name": "申请人甲"}
    theirs = make_case(tree.housing, content=FAR, **one)
    near = make_case(tree.housing, content=TEXT, name="申请人乙")
    both = make_case(tree.housing, content=NEAR, **one)
    make_case(tree.housing, content=FAR, name="申请人丙")
    case = make_case(tree.housing, content=TEXT, received_on=date(2025, 10, 9), **one)
    assert found_of(case, clerk) == [
        (both.pk, "同一申请人，内容相近"),
        (near.pk, "内容相近"),
        (theirs.pk, "同一申请人"),
    ]


def test_an_identity_number_tells_two_of_one_name_apart(tree: Tree, clerk: User) -> None:
    def of(number: str, content: str) -> Case:
        person = make_applicant(name="申请人甲", id_number=number)
        return make_case(tree.housing, applicant=person, content=content)

    same, _ = of("33041119700101000X", FAR), of("330411198002020011", FAR)
    case = of("33041119700101000x", TEXT)
    assert found_of(case, clerk) == [(same.pk, "同一申请人")]


@pytest.mark.parametrize(
    ("received_on", "is_found"),
    [(date(2024, 10, 27), True), (date(2024, 10, 26), False), (TODAY, True)],
)
def test_twelve_months_and_not_a_day_more(
    tree: Tree, clerk: User, received_on: date, is_found: bool
) -> None:
    make_case(tree.housing, content=TEXT, received_on=received_on)
    case = make_case(tree.housing, content=TEXT, received_on=date(2025, 10, 9))
    assert bool(found_of(case, clerk)) is is_found


def test_neither_other_departments_nor_voided_cases_are_found(tree: Tree, clerk: User) -> None:
    make_case(tree.land, content=TEXT, name="申请人甲")
    void = make_case(tree.housing, content=TEXT, name="申请人甲")
    workflow.void(void, by=hand_of(tree.housing), today=TODAY, reason="误登")
    case = make_case(tree.housing, content=TEXT, name="申请人甲")
    assert found_of(case, clerk) == []


def test_who_may_not_see_them_finds_none(tree: Tree) -> None:
    make_case(tree.housing, content=TEXT)
    case = make_case(tree.housing, content=TEXT)
    assert found_of(case, make_user(Role.CLERK, tree.neighbour)) == []


def test_only_the_latest_are_compared(
    tree: Tree, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "MOST_COMPARED", 2)
    make_case(tree.housing, content=TEXT, received_on=date(2025, 9, 1))
    latest = [make_case(tree.housing, content=TEXT, received_on=TODAY) for _ in range(2)]
    case = make_case(tree.housing, content=TEXT, received_on=date(2025, 10, 9))
    assert [pk for pk, _ in found_of(case, clerk)] == [each.pk for each in reversed(latest)]


def test_no_more_are_shown_than_fit(tree: Tree, clerk: User) -> None:
    for _ in range(hints.MOST_SHOWN + 3):
        make_case(tree.housing, content=TEXT, name="申请人甲")
    case = make_case(tree.housing, content=TEXT, name="申请人甲")
    assert len(found_of(case, clerk)) == hints.MOST_SHOWN


def test_many_earlier_cases_cost_no_more_queries(tree: Tree, clerk: User) -> None:
    case = make_case(tree.housing, content=TEXT, name="申请人甲")
    make_case(tree.housing, content=TEXT, name="申请人甲")
    found_of(case, clerk)
    with_one = queries_of(lambda: found_of(case, clerk))
    for _ in range(7):
        make_case(tree.housing, content=TEXT, name="申请人甲")
    assert queries_of(lambda: found_of(case, clerk)) == with_one == 3


# Hints -------------------------------------------------------------------------------------------


def hints_on(client: Client, case: Case) -> list[str]:
    page = client.get(reverse("cases:detail", args=[case.pk]))
    content = page.content.decode()
    for hint in page.context["hints"]:
        assert hint["text"] in content
        assert all(f'<a href="{url}">{label}</a>' in content for label, url in hint["links"])
    return [hint["text"] for hint in page.context["hints"]]


def links_on(client: Client, case: Case) -> list[list[tuple[str, str]]]:
    page = client.get(reverse("cases:detail", args=[case.pk]))
    return [hint["links"] for hint in page.context["hints"]]


def test_a_repeat_is_hinted_at_and_blocks_nothing(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.housing, content=NEAR, name="申请人甲", closed_on=date(2025, 9, 20))
    case = make_case(tree.housing, content=TEXT, name="申请人甲", received_on=date(2025, 10, 20))
    (hint,) = hints_on(clerk_client, case)
    assert "请核对是否属于重复申请（条例第三十六条第六项）。" in hint
    workflow.reply(
        case,
        by=hand_of(tree.housing),
        today=TODAY,
        outcome="granted",
        closed_on=TODAY,
        service_method="post",
        served_on=TODAY,
    )
    case.refresh_from_db()
    assert hints_on(clerk_client, case) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"content": TEXT, "name": "申请人乙"}, "有内容相近的申请，答复口径请对照。"),
        ({"content": FAR, "name": "申请人甲"}, "同一申请人近 12 个月内在本单位另有申请。"),
    ],
)
def test_near_texts_and_other_applications(
    clerk_client: Client, tree: Tree, fields: dict[str, str], words: str
) -> None:
    make_case(tree.housing, **fields)  # type: ignore[arg-type]
    case = make_case(tree.housing, content=TEXT, name="申请人甲", received_on=date(2025, 10, 20))
    (hint,) = hints_on(clerk_client, case)
    assert words in hint


def test_a_hint_leads_to_what_it_speaks_of(client: Client, tree: Tree) -> None:
    """The earlier cases, the fee, and the extension for who may approve one."""
    client.force_login(make_user(Role.REVIEWER, tree.housing))
    earlier = make_case(tree.housing, name="申请人甲", content=NEAR, received_on=date(2025, 9, 25))
    case = make_case(tree.housing, name="申请人甲", content=TEXT, received_on=date(2025, 9, 25))
    leads = (earlier.number, reverse("cases:detail", args=[earlier.pk]))
    extend = ("延期", reverse("cases:extend", args=[case.pk]))
    assert links_on(client, case) == [[leads], [extend]]
    for _ in range(9):
        make_case(tree.housing, name="申请人甲", content=FAR, received_on=date(2025, 9, 25))
    assert links_on(client, case)[1] == [("通知缴费", reverse("cases:fee_ask", args=[case.pk]))]
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert links_on(client, case) == [[leads], [], []]


@pytest.mark.parametrize(("others", "hinted"), [(9, False), (10, True), (11, True)])
def test_from_the_eleventh_of_a_month_a_fee_by_piece(
    clerk_client: Client, tree: Tree, others: int, hinted: bool
) -> None:
    """国办函〔2020〕109号: ten are free; the eleventh costs 100 元."""
    for n in range(others):
        day = date(2025, 10, 1) if n % 2 else TODAY  # the first of the month, and today
        make_case(tree.housing, name="申请人甲", content=FAR, received_on=day)
    make_case(tree.housing, name="申请人甲", content=FAR, received_on=date(2025, 9, 30))
    case = make_case(tree.housing, name="申请人甲", content=TEXT, received_on=date(2025, 10, 20))
    said = [hint for hint in hints_on(clerk_client, case) if "本月" in hint]
    assert bool(said) is hinted
    if hinted:
        assert f"已有 {others + 1} 件" in said[0] and "条例第四十二条" in said[0]


def test_the_fee_that_is_hinted_at_is_that_of_the_case_itself(
    clerk_client: Client, tree: Tree
) -> None:
    """The first of the month is free, whatever number of them came after it."""
    made = [
        make_case(tree.housing, name="申请人甲", content=FAR, received_on=date(2025, 10, 20))
        for _ in range(12)
    ]
    first, last = (
        next(hint for hint in hints_on(clerk_client, case) if "本月" in hint)
        for case in (made[0], made[-1])
    )
    assert "本件为第 1 件，在免费的 10 件之内" in first
    assert "本件为第 12 件，100 元" in last


def pieces_in_month(case: Case) -> int:
    place = place_in_month(case)
    assert place is not None
    return place.total


def test_a_month_is_the_calendars(tree: Tree) -> None:
    """From its first to its last day, at the turn of the year and in February."""
    days = (date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1))
    made = [make_case(tree.housing, name="申请人甲", received_on=day) for day in days]
    assert [pieces_in_month(case) for case in made] == [1, 2, 2, 1]
    december = [
        make_case(tree.housing, name="申请人乙", received_on=day)
        for day in (date(2023, 12, 31), date(2024, 1, 1))
    ]
    assert [pieces_in_month(case) for case in december] == [1, 1]
    assert place_in_month(make_case(tree.housing, name="申请人甲", received_on=None)) is None


@pytest.mark.parametrize(
    ("received_on", "words"),
    [
        (date(2025, 9, 24), "2025-10-28 到期，还剩 1 个工作日；"),
        (date(2025, 9, 23), "今日到期；"),
        (date(2025, 9, 25), "2025-10-29 到期，还剩 2 个工作日；"),
        (date(2025, 9, 26), ""),  # three left
        (date(2025, 9, 22), ""),  # past: the lamp says so
    ],
)
def test_a_term_about_to_pass(
    clerk_client: Client, tree: Tree, received_on: date, words: str
) -> None:
    found = hints_on(clerk_client, make_case(tree.housing, received_on=received_on))
    assert bool(found) is bool(words)
    if words:
        assert found[0].startswith(words) and "须在到期前批准" in found[0]
        assert "由审核人或者政务公开主管办理" in found[0]


@pytest.mark.parametrize(
    ("asked", "is_said"), [(date(2025, 9, 25), True), (date(2025, 10, 9), False)]
)
def test_a_term_of_waiting_that_has_passed(
    clerk_client: Client, tree: Tree, asked: date, is_said: bool
) -> None:
    """Fifteen working days to correct: asked 09-25 until 10-23, asked 10-09 until 10-30."""
    case = make_case(
        tree.housing, received_on=date(2025, 9, 24), facts=Facts(correction=(asked, None))
    )
    found = hints_on(clerk_client, case)
    assert any("已过，请决定下一步。" in hint for hint in found) is is_said


@pytest.mark.parametrize(
    ("sent_on", "said"),
    [
        (date(2025, 9, 29), []),  # 15 working days until today, as long as others have by law
        (date(2025, 9, 28), ["期限已停止计算 16 个工作日"]),  # a worked Sunday
    ],
)
def test_a_wait_that_nothing_would_end(
    clerk_client: Client, tree: Tree, sent_on: date, said: list[str]
) -> None:
    facts = Facts(consultation=(sent_on, None), consulted=Addressee.OTHER_ORGAN)
    case = make_case(tree.housing, received_on=date(2025, 9, 15), facts=facts)
    assert [hint.partition("：")[0] for hint in hints_on(clerk_client, case)] == said


def test_an_ordinary_case_has_no_hint(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, received_on=date(2025, 10, 20))
    assert hints_on(clerk_client, case) == []


def test_many_earlier_cases_cost_the_page_no_more_queries(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, content=TEXT, name="申请人甲")
    make_case(tree.housing, content=TEXT, name="申请人甲")

    def visit() -> int:
        return queries_of(lambda: hints_on(clerk_client, case))

    visit()
    with_one = visit()
    for _ in range(7):
        make_case(tree.housing, content=TEXT, name="申请人甲")
    assert visit() == with_one


# The pages ---------------------------------------------------------------------------------------


def test_the_earlier_reply_is_one_click_from_the_case_the_draft_the_reply_and_the_review(
    clerk_client: Client, tree: Tree
) -> None:
    earlier = make_case(
        tree.housing,
        content=NEAR,
        name="申请人甲",
        outcome="not_exist",
        closed_on=date(2025, 9, 22),
        reply_number="秀建公开〔2025〕30号",
    )
    workflow.amend(
        earlier,
        by=hand_of(tree.housing),
        today=TODAY,
        reason="补登",
        values={"reply_reasons": "经检索档案室，未找到。"},
    )
    case = make_case(tree.housing, content=TEXT, name="申请人甲")
    address = reverse("cases:earlier_of", args=[case.pk])

    def offers_it(name: str) -> bool:
        page = clerk_client.get(reverse(f"cases:{name}", args=[case.pk])).content.decode()
        return f'hx-get="{address}" hx-target="#earlier"' in page and '<div id="earlier"' in page

    assert all(offers_it(name) for name in ("detail", "draft", "reply"))
    make_chain(tree.housing, who=Signers.HANDS)
    submitted(case)
    assert offers_it("review")
    whole = clerk_client.get(address).content.decode()
    fragment = clerk_client.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" in whole and "<html" not in fragment
    for content in (whole, fragment):
        for words in (
            earlier.number,
            "同一申请人，内容相近",
            "（四）1 不存在",
            "秀建公开〔2025〕30号",
            "经检索档案室，未找到。",
        ):
            assert words in content
        assert f"{reverse('cases:link', args=[case.pk])}?number=" in content


def test_nothing_earlier_is_said(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    page = clerk_client.get(reverse("cases:earlier_of", args=[case.pk]))
    assert "近 12 个月内没有同一申请人或者内容相近的申请。" in page.content.decode()


def test_readers_see_the_earlier_replies_and_link_nothing(client: Client, tree: Tree) -> None:
    make_case(tree.housing, content=TEXT)
    case = make_case(tree.housing, content=TEXT)
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    content = client.get(reverse("cases:earlier_of", args=[case.pk])).content.decode()
    assert "内容相近" in content and "关联</a>" not in content
    client.force_login(make_user(Role.CLERK, tree.neighbour))
    assert client.get(reverse("cases:earlier_of", args=[case.pk])).status_code == 404
    assert client.post(reverse("cases:earlier_of", args=[case.pk])).status_code in (404, 405)


def asked(tree: Tree, **fields: object) -> dict[str, Any]:
    return {
        "department": tree.housing.pk,
        "kind": ApplicantKind.NATURAL_PERSON,
        "name": "申请人甲",
        "content": "",
    } | fields


def test_while_registering_it_is_asked_with_what_is_typed(clerk_client: Client, tree: Tree) -> None:
    address = reverse("cases:earlier")
    register = clerk_client.get(reverse("cases:register")).content.decode()
    assert f'formaction="{address}"' in register and f'hx-post="{address}"' in register
    case = make_case(tree.housing, content=TEXT, name="申请人甲")
    before = Case.objects.count()
    by_name = clerk_client.post(address, asked(tree)).content.decode()
    by_text = clerk_client.post(address, asked(tree, name="", content=NEAR)).content.decode()
    kept = asked(tree, name="", like=case.pk)
    by_kept = clerk_client.post(address, kept, HTTP_HX_REQUEST="true").content.decode()
    assert case.number in by_name and case.number in by_text and case.number in by_kept
    assert "<html" in by_name and "<html" not in by_kept
    nothing = clerk_client.post(address, asked(tree, name="申请人乙")).content.decode()
    assert case.number not in nothing
    assert Case.objects.count() == before


def said_while_registering(client: Client, tree: Tree, **fields: object) -> list[str]:
    page = client.post(reverse("cases:earlier"), asked(tree, **fields), HTTP_HX_REQUEST="true")
    said: list[str] = page.context.get("hints", [])
    assert all(sentence in page.content.decode() for sentence in said)
    return said


def test_while_registering_the_same_hints_are_given(clerk_client: Client, tree: Tree) -> None:
    for _ in range(9):
        make_case(tree.housing, content=FAR, name="申请人甲", received_on=date(2025, 10, 20))
    make_case(tree.housing, content=NEAR, name="申请人甲", received_on=date(2025, 10, 20))
    text = f"{TEXT}，及甲建设有限公司提交的报价"
    typed = {"content": text, "received_on": str(TODAY)}
    repeat, pieces, third_party = said_while_registering(clerk_client, tree, **typed)
    assert "请核对是否属于重复申请" in repeat
    assert "已有 11 件" in pieces and "本件为第 11 件，100 元" in pieces
    assert "甲建设有限公司" in third_party and "征求意见" in third_party
    typed["name"] = "申请人乙"
    near, _ = said_while_registering(clerk_client, tree, **typed)
    assert "有内容相近的申请" in near


@pytest.mark.parametrize(
    ("received_on", "said"),
    [
        ("2025-09-25", "2025-10-29 到期，还剩 2 个工作日；"),
        ("2025-09-26", ""),  # three left
        ("2025-09-22", ""),  # past
        ("2025-10-28", ""),  # to come
        ("", ""),
        ("2025-13-01", ""),
        ("昨天", ""),
    ],
)
def test_while_registering_a_term_about_to_pass_is_said(
    clerk_client: Client, tree: Tree, received_on: str, said: str
) -> None:
    found = said_while_registering(clerk_client, tree, received_on=received_on)
    assert [hint[: len(said)] for hint in found] == [said] * bool(said)


@pytest.mark.parametrize("department", ["", "x", "987654", "land"])
def test_of_a_department_that_is_not_the_clerks_nothing_is_told(
    clerk_client: Client, tree: Tree, department: str
) -> None:
    make_case(tree.land, content=TEXT, name="申请人甲")
    wanted = str(tree.land.pk) if department == "land" else department
    page = clerk_client.post(reverse("cases:earlier"), asked(tree, department=wanted))
    assert page.status_code == 200
    assert "没有同一申请人" in page.content.decode()


def test_the_applicant_of_a_case_out_of_reach_is_not_kept(clerk_client: Client, tree: Tree) -> None:
    theirs = make_case(tree.neighbour)
    page = clerk_client.post(reverse("cases:earlier"), asked(tree, like=theirs.pk))
    assert page.status_code == 404


def test_who_does_not_register_does_not_ask(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert client.post(reverse("cases:earlier"), asked(tree)).status_code == 403


def test_who_signs_in_for_it_comes_to_the_registration(client: Client, tree: Tree) -> None:
    address = reverse("cases:earlier")
    assert client.post(address, asked(tree))["Location"] == f"{reverse('login')}?next={address}"
    make_user(Role.CLERK, tree.housing, username="jia")
    said = {"username": "jia", "password": PASSWORD}
    page = client.post(f"{reverse('login')}?next={address}", said)
    assert page["Location"] == reverse("cases:register")


def test_what_is_typed_stands_in_no_address(clerk_client: Client, tree: Tree) -> None:
    assert clerk_client.get(reverse("cases:earlier"), asked(tree)).status_code == 405
