"""拟稿、送审、审核: the pages, whom they are for, and what waits for whom."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import (
    DocumentKind,
    LetterKind,
    Outcome,
    RemedyScope,
    Role,
    RoundState,
    Signers,
    SignOffKind,
    Stage,
)
from cases.clock import run_clock
from cases.models import AuditEntry, Case, Department, RemedyText, ReviewOrgan, User
from cases.models.calendar import load_calendar
from cases.signoff import POINTS, checklist
from tests.documents import PDF, document_files, forget_document_files, make_file
from tests.makers import RECEIVED, TODAY, Facts, Tree, hand_of, make_case, make_user, queries_of
from tests.signoff import REASONS, draft, make_chain, signed, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


@pytest.fixture
def clerk_client(client: Client, clerk: User) -> Client:
    client.force_login(clerk)
    return client


@pytest.fixture
def reviewer_client(tree: Tree) -> Client:
    client = Client()
    client.force_login(make_user(Role.REVIEWER, tree.housing, name="审核人庚"))
    return client


@pytest.fixture
def case(tree: Tree) -> Case:
    make_chain(tree.housing)
    return make_case(tree.housing)


def url_of(name: str, case: Case) -> str:
    return reverse(f"cases:{name}", args=[case.pk])


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def drafted(case: Case, **fields: object) -> dict[str, Any]:
    """The form of a draft as it is handed in."""
    return {
        "version": fresh(case).version,
        "draft_version": 0,
        "outcome": "not_exist",
        "closed_on": "2025-10-28",
        "reply_number": "",
        "service_method": "post",
        "reply_reasons": REASONS,
        **fields,
    }


def seen(case: Case, **fields: object) -> dict[str, Any]:
    return {"version": fresh(case).version, **fields}


# the draft ---------------------------------------------------------------------------------------


def test_a_reply_may_be_kept_as_a_draft_and_goes_on_from_it(
    clerk_client: Client, tree: Tree
) -> None:
    case = make_case(tree.housing)  # no chain
    page = clerk_client.get(url_of("reply", case)).content.decode()
    assert f'formaction="{url_of("draft", case)}"' in page
    page = clerk_client.post(url_of("draft", case), drafted(case), follow=True).content.decode()
    assert "的答复草稿已保存。" in page
    assert "经检索没有，信息不存在" in page and "尚未答复" in page
    assert fresh(case).stage == Stage.OPEN
    form = clerk_client.get(url_of("reply", case)).context["form"]
    begun = {name: form[name].value() for name in ("outcome", "closed_on", "reply_reasons")}
    assert begun == {
        "outcome": "not_exist",
        "closed_on": date(2025, 10, 28),
        "reply_reasons": REASONS,
    }


def test_what_the_address_says_comes_before_the_draft(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    draft(case)
    page = clerk_client.get(url_of("reply", case) + "?outcome=granted")
    assert page.context["form"]["outcome"].value() == "granted"


def test_an_empty_draft_is_kept_too(clerk_client: Client, case: Case) -> None:
    said = drafted(case, outcome="", closed_on="", reply_reasons="", service_method="")
    page = clerk_client.post(url_of("draft", case), said, follow=True)
    assert "尚未送审" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"outcome": "x"}, "outcome", "所选的答复类型不在可选项之内"),
        ({"closed_on": "十月"}, "closed_on", "“十月”不是一个日期"),
        ({"closed_on": "2025-09-14"}, "closed_on", "不能早于收到日期 2025-09-15。"),
        ({"reply_number": "字" * 81}, "reply_number", "最多 80 个字"),
        ({"draft_version": ""}, "draft_version", "表单已过期，没有保存。"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of("draft", case), drafted(case, **fields))
    assert sentence in errors(page)[field][0]
    assert REASONS in page.content.decode()
    assert not hasattr(fresh(case), "draft")


def test_two_clerks_drafting_at_once(clerk_client: Client, case: Case) -> None:
    draft(case, reply_reasons="乙写的")
    page = clerk_client.post(url_of("draft", case), drafted(case, reply_reasons="甲写的"))
    assert "刚才改过草稿" in errors(page)["__all__"][0]
    assert page.context["form"]["reply_reasons"].value() == "甲写的"
    assert page.context["form"]["draft_version"].value() == "1"  # goes on once it has been said
    clerk_client.post(url_of("draft", case), drafted(case, draft_version=1, reply_reasons="甲写的"))
    assert fresh(case).draft.reply_reasons == "甲写的"


def test_saved_and_on_to_submit(clerk_client: Client, case: Case) -> None:
    answer = clerk_client.post(url_of("draft", case), drafted(case, submit="1"))
    assert answer.headers["Location"] == url_of("submit", case)
    page = clerk_client.get(url_of("submit", case))
    assert page.context["steps"] == [
        ("法制审核", "审核人或主管"),
        ("领导签发", "审核人或主管"),
    ]
    said = seen(case, draft_version=page.context["form"]["draft_version"].value())
    page = clerk_client.post(url_of("submit", case), said, follow=True)
    assert "已送审，待法制审核。" in page.content.decode()
    assert case.rounds.get().state == RoundState.PENDING


# wrong state, role, stranger ---------------------------------------------------------------------

PAGES = ["draft", "submit", "review", "send_back", "record_signature", "recall"]


@pytest.mark.parametrize("name", PAGES)
def test_a_closed_case_leads_back_and_refuses(clerk_client: Client, tree: Tree, name: str) -> None:
    case = make_case(tree.housing, closed_on=TODAY)
    page = clerk_client.get(url_of(name, case), follow=True)
    assert "已办结，不能" in page.content.decode()
    said = drafted(case, comment="意见", signed_name="丁", signed_on="2025-10-27")
    page = clerk_client.post(url_of(name, case), said)
    assert page.status_code == 403
    assert "已办结，不能" in errors(page)["__all__"][0]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("submit", "还没有选定答复类型的草稿，请先拟稿。"),
        ("review", "没有待审核的送审稿。"),
        ("send_back", "没有待审核的送审稿。"),
        ("record_signature", "没有待审核的送审稿。"),
        ("recall", "没有可以撤回的送审。"),
        ("reply", "的答复须先审核签发：请先拟稿，再送审。"),
    ],
)
def test_before_anything_is_submitted(
    reviewer_client: Client, case: Case, name: str, sentence: str
) -> None:
    page = reviewer_client.get(url_of(name, case), follow=True)
    assert sentence in page.content.decode()


def test_a_step_that_is_another_s_leads_back(clerk_client: Client, case: Case) -> None:
    submitted(case)
    page = clerk_client.get(url_of("review", case), follow=True)
    assert "现在是法制审核，不由您审核。" in page.content.decode()
    page = clerk_client.post(url_of("review", case), seen(case, comment="看过"))
    assert page.status_code == 403
    assert page.context["form"]["comment"].value() == "看过"
    assert case.rounds.get().reached == 1


@pytest.mark.parametrize("name", PAGES)
def test_an_auditor_only_reads(client: Client, tree: Tree, case: Case, name: str) -> None:
    submitted(case)
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert client.get(url_of(name, case)).status_code == 403
    said = drafted(case, comment="意见", signed_name="丁", signed_on="2025-10-27")
    assert client.post(url_of(name, case), said).status_code == 403
    assert case.rounds.get().state == RoundState.PENDING


@pytest.mark.parametrize("name", [*PAGES, "approval"])
def test_a_stranger_finds_nothing(client: Client, tree: Tree, case: Case, name: str) -> None:
    submitted(case)
    client.force_login(make_user(Role.REVIEWER, tree.land))
    assert client.get(url_of(name, case)).status_code == 404
    if name != "approval":
        assert client.post(url_of(name, case), seen(case)).status_code == 404


# the reviewer's page -----------------------------------------------------------------------------


def test_the_review_shows_application_course_draft_and_points(
    reviewer_client: Client, case: Case
) -> None:
    submitted(case)
    page = reviewer_client.get(url_of("review", case))
    content = page.content.decode()
    for words in (
        case.content,
        "第 1 次送审",
        "（四）经检索没有，信息不存在",
        REASONS,
        "条例第三十六条第四项：写明检索的范围和方法，保留检索记录。",
        "以秀洲区住房和城乡建设局名义答复。",
        "向秀洲区人民政府申请行政复议，或者",
    ):
        assert words in content, words
    assert [point.key for point in page.context["points"]] == list(POINTS)


def test_the_review_shows_the_search_and_the_opinion_on_record(
    reviewer_client: Client, tree: Tree
) -> None:
    """What the draft rests on is read beside it: where was searched, what the third party said."""
    make_chain(tree.housing)
    case = make_case(
        tree.housing, facts=Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    )
    workflow.record_search(
        case,
        by=hand_of(tree.housing),
        today=TODAY,
        on=date(2025, 10, 13),
        place="本局档案室",
        words="征收补偿",
        who="经办员戊",
        found="没有找到",
    )
    submitted(case)
    page = reviewer_client.get(url_of("review", case))
    course = page.content.decode().partition('id="h-course"')[2].partition("</section>")[0]
    for words in (
        "征求第三方意见（某评估机构甲），期限自次日起停止计算",
        "收到某评估机构甲意见：不同意公开。期限自次日恢复计算",
        "检索本局档案室，检索词“征收补偿”，检索人经办员戊：没有找到",
    ):
        assert words in course, words


def test_the_reviewer_opens_what_the_case_holds(
    reviewer_client: Client, clerk: User, case: Case
) -> None:
    submitted(case)
    keep = partial(workflow.keep_document, by=clerk, today=TODAY)
    scan = keep(case, kind=DocumentKind.APPLICATION, upload=make_file("申请书.pdf"))
    make = partial(workflow.make_letter, by=clerk, today=TODAY, dated_on=TODAY)
    letter = make(case, kind=LetterKind.REPLY, outcome="not_exist", own_series=True)
    content = reviewer_client.get(url_of("review", case)).content.decode()
    for document in (scan, letter.document):
        where = reverse("cases:document", args=[case.pk, document.pk])
        assert f'action="{where}"' in content
        assert reviewer_client.post(where).status_code == 200
    assert "申请书.pdf" in content and letter.number in content
    # The page is for reading.
    for words in ("上传材料", "撤下", "制作文书", "换成定稿", "登记答复"):
        assert words not in content
    assert AuditEntry.objects.filter(act="打开材料").count() == 2
    forget_document_files()


def test_the_review_costs_no_more_for_more_documents(
    reviewer_client: Client, clerk: User, case: Case
) -> None:
    def visit() -> int:
        return queries_of(lambda: reviewer_client.get(url_of("review", case)))

    submitted(case)
    keep = partial(workflow.keep_document, by=clerk, today=TODAY, kind=DocumentKind.EVIDENCE)
    visit()
    with_none = visit()
    for n in range(3):
        keep(case, upload=make_file(f"证明{n}.pdf", PDF + b"%%" * n))
    assert visit() == with_none
    forget_document_files()


def test_the_ticks_are_kept_with_the_signature(reviewer_client: Client, case: Case) -> None:
    submitted(case)
    said = seen(case, checked=["organ", "basis"], comment="依据充分")
    page = reviewer_client.post(url_of("review", case), said, follow=True).content.decode()
    assert "已同意，转领导签发。" in page
    assert "法制审核：审核人庚同意（依据充分），转领导签发" in page
    assert "已核对：主体、依据" in page
    reviewer_client.post(url_of("review", case), seen(case))
    assert case.rounds.get().state == RoundState.SIGNED


def test_two_reviewers_do_not_sign_two_steps_by_accident(
    reviewer_client: Client, case: Case
) -> None:
    submitted(case)
    said = seen(case)
    reviewer_client.post(url_of("review", case), said)
    page = reviewer_client.post(url_of("review", case), said)  # the same page once more
    assert "您打开之后" in errors(page)["__all__"][0]
    assert case.rounds.get().reached == 2


def test_a_form_that_comes_too_late_says_so(reviewer_client: Client, case: Case) -> None:
    submitted(case)
    said = seen(case)
    workflow.recall(case, by=hand_of(case.department), today=TODAY)
    page = reviewer_client.post(url_of("review", case), said)
    assert page.status_code == 200
    assert "没有待审核的送审稿" in page.content.decode()


def test_unknown_ticks_are_refused(reviewer_client: Client, case: Case) -> None:
    submitted(case)
    page = reviewer_client.post(url_of("review", case), seen(case, checked=["x"]))
    assert "所选的核对不在可选项之内" in errors(page)["checked"][0]


def test_the_other_button_sends_back_and_demands_a_word(
    reviewer_client: Client, case: Case
) -> None:
    submitted(case)
    page = reviewer_client.post(url_of("send_back", case), seen(case, comment=""))
    assert errors(page)["comment"] == ["请填写审核意见。"]
    said = seen(case, comment="写明检索范围", checked=["organ"])
    content = reviewer_client.post(url_of("send_back", case), said, follow=True).content.decode()
    assert "已退回修改。" in content and "写明检索范围" in content
    assert case.rounds.get().state == RoundState.SENT_BACK


def test_the_drafter_sees_beside_the_form_why_it_came_back(
    clerk_client: Client, case: Case
) -> None:
    submitted(case)
    reviewer = hand_of(case.department)
    workflow.send_back(case, by=reviewer, today=TODAY, comment="写明检索范围")
    for name in ("draft", "submit"):
        content = clerk_client.get(url_of(name, case)).content.decode()
        assert "法制审核退回修改" in content and "：写明检索范围" in content
    assert "尚未送审" not in clerk_client.get(url_of("detail", case)).content.decode()
    submitted(case)
    workflow.recall(case, by=reviewer, today=TODAY)
    assert "写明检索范围" not in clerk_client.get(url_of("draft", case)).content.decode()


def test_on_paper(clerk_client: Client, case: Case) -> None:
    submitted(case)
    said = seen(case, signed_name="", signed_on="2025-10-28")
    page = clerk_client.post(url_of("record_signature", case), said)
    assert errors(page)["signed_name"] == ["请填写审批人。"]
    said = seen(case, signed_name="局长丁", signed_on="2025-10-24", comment="")
    page = clerk_client.post(url_of("record_signature", case), said, follow=True)
    assert "法制审核：局长丁 2025-10-24 线下已批，转领导签发" in page.content.decode()


def test_the_scan_is_kept_with_the_documents_of_the_case(clerk_client: Client, case: Case) -> None:
    submitted(case)
    said = seen(case, signed_name="局长丁", signed_on="2025-10-24", comment="")
    scan = make_file("审批单扫描件.pdf", PDF)
    page = clerk_client.post(
        url_of("record_signature", case), said | {"uploads": scan}, follow=True
    )
    assert "扫描件：审批单扫描件.pdf" in page.content.decode()
    kept = case.documents.get()
    assert kept.kind == DocumentKind.SCAN
    assert case.rounds.get().steps.get(order=1).scan == kept
    assert case.rounds.get().reached == 2
    forget_document_files()


def test_a_scan_stays_while_the_signature_stands_on_it(clerk_client: Client, case: Case) -> None:
    submitted(case)
    said = seen(case, signed_name="局长丁", signed_on="2025-10-24", comment="")
    scan = make_file("审批单扫描件.pdf", PDF)
    clerk_client.post(url_of("record_signature", case), said | {"uploads": scan})
    kept, hand = case.documents.get(), hand_of(case.department)
    refused = "“审批单扫描件.pdf”是法制审核线下已批的依据，审批有效期间不能撤下。"
    with pytest.raises(workflow.NotAllowed, match=refused):
        workflow.withdraw_document(kept, by=hand, today=TODAY, reason="传错")
    workflow.recall(case, by=hand, today=TODAY)
    workflow.withdraw_document(kept, by=hand, today=TODAY, reason="传错")
    assert case.documents.get().withdrawn_on == TODAY
    forget_document_files()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("审批单.pdf", b"", "空"), ("审批单.exe", b"MZ" + b"\0" * 60, "审批单.exe")],
)
def test_a_scan_that_is_not_taken_leaves_the_step_as_it_was(
    clerk_client: Client, case: Case, name: str, content: bytes, sentence: str
) -> None:
    submitted(case)
    said = seen(case, signed_name="局长丁", signed_on="2025-10-24", comment="已批")
    scan = make_file(name, content)
    page = clerk_client.post(url_of("record_signature", case), said | {"uploads": scan})
    assert sentence in errors(page)["uploads"][0]
    assert page.context["form"]["comment"].value() == "已批"
    assert case.rounds.get().reached == 1
    assert not case.documents.exists()
    assert not document_files()


def test_the_form_with_a_file_asks_for_its_token(case: Case, clerk: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(clerk)
    submitted(case)
    said = seen(case, signed_name="局长丁", signed_on="2025-10-24")
    assert client.post(url_of("record_signature", case), said).status_code == 403
    assert case.rounds.get().reached == 1


def test_recalled_the_draft_is_open_again(clerk_client: Client, clerk: User, case: Case) -> None:
    submitted(case, by=clerk)
    page = clerk_client.get(url_of("draft", case), follow=True)
    assert "第 1 次送审审核中，要改草稿请先撤回。" in page.content.decode()
    clerk_client.post(url_of("recall", case), seen(case, reason="补充附件"))
    assert clerk_client.get(url_of("draft", case)).status_code == 200


# what the system knows ---------------------------------------------------------------------------


def points_of(case: Case, on: date = TODAY, **content: str) -> dict[str, Any]:
    said = {"outcome": "not_exist", "reply_reasons": REASONS, "closed_on": ""} | content
    situation = workflow.situation_of(case, on=on)
    found = checklist(case, situation.clock, situation.events, said, on)
    return {point.key: point for point in found}


def test_the_term_is_kept_on_its_last_day_and_not_on_the_day_after(tree: Tree) -> None:
    case = make_case(tree.housing)
    last = points_of(case, date(2025, 10, 17))["procedure"]
    assert (last.mark, last.facts[0]) == ("ok", "到期日 2025-10-17，已用 20 / 20 个工作日。")
    late = points_of(case, date(2025, 10, 20))["procedure"]
    assert late.mark == "bad" and "已过" in late.facts[0]


@pytest.mark.parametrize(
    ("outcome", "facts", "mark"),
    [
        (Outcome.THIRD_PARTY, Facts(), "bad"),
        (
            Outcome.THIRD_PARTY,
            Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10))),
            "ok",
        ),
        (Outcome.STILL_UNCLEAR, Facts(), "bad"),
        (Outcome.STILL_UNCLEAR, Facts(correction=(date(2025, 9, 22), date(2025, 9, 28))), "ok"),
    ],
)
def test_what_an_outcome_rests_on_is_looked_for(
    tree: Tree, outcome: Outcome, facts: Facts, mark: str
) -> None:
    case = make_case(tree.housing, facts=facts)
    assert points_of(case, date(2025, 10, 17), outcome=outcome)["procedure"].mark == mark


def test_reasons_are_missed_where_they_are_needed(tree: Tree) -> None:
    case = make_case(tree.housing)
    assert points_of(case, reply_reasons="")["reasons"].mark == "bad"
    assert points_of(case, outcome="granted", reply_reasons="")["reasons"].mark == "ok"


@pytest.mark.parametrize(
    ("outcome", "dated", "first"),
    [
        (Outcome.PROCESS, "2023-12-31", False),
        (Outcome.PROCESS, "2024-01-01", True),
        (Outcome.ADMIN_QUERY, "2024-01-01", False),
    ],
)
def test_the_reviewer_reads_the_remedies_that_the_letter_will_have(
    tree: Tree, outcome: Outcome, dated: str, first: bool
) -> None:
    case, day = make_case(tree.housing), date(2023, 1, 1)
    ReviewOrgan.objects.create(
        department=tree.housing, name="秀洲区人民政府", court="某法院", from_on=day
    )
    point = points_of(case, outcome=outcome, closed_on=dated)["remedies"]
    assert ("应当先申请行政复议" in point.facts[0]) == first
    assert "向秀洲区人民政府申请行政复议" in point.facts[0] and "向某法院" in point.facts[0]
    assert point.mark == "ok"


def test_remedies_are_the_one_table_s(tree: Tree) -> None:
    case = make_case(tree.housing)
    RemedyText.objects.create(
        applies_to=RemedyScope.OTHER, from_on=TODAY, text="改后的文字，向{{法院}}起诉。"
    )
    point = points_of(case, closed_on="2025-10-27")["remedies"]
    assert point.facts[0] == "改后的文字，向〔　　〕起诉。"
    assert point.mark == "ask" and "文书设置" in point.facts[1]
    assert "六十日内" in points_of(case, closed_on="2025-10-26")["remedies"].facts[0]
    RemedyText.objects.all().delete()
    assert points_of(case)["remedies"].mark == "bad"


def test_a_clock_that_stands_is_said(tree: Tree) -> None:
    clock = run_clock(RECEIVED, [], load_calendar(), TODAY)
    assert clock.ends_on == date(2025, 10, 17)
    case = make_case(tree.housing, facts=Facts(correction=(date(2025, 9, 22), None)))
    assert points_of(case)["procedure"].facts[0] == "期限现在没有在计算。"


# the reply ---------------------------------------------------------------------------------------


def test_the_reply_takes_what_was_signed(clerk_client: Client, case: Case) -> None:
    signed(case)
    page = clerk_client.get(url_of("reply", case))
    assert "outcome" not in page.context["form"].fields
    assert REASONS in page.content.decode()
    said = seen(
        case,
        closed_on="2025-10-27",
        reply_number="秀建公开〔2025〕37号",
        service_method="post",
        served_on="",
        outcome="granted",  # not a field of this form
    )
    page = clerk_client.post(url_of("reply", case), said, follow=True)
    assert "已登记答复：经检索没有，信息不存在。" in page.content.decode()
    replied = fresh(case)
    assert (replied.outcome, replied.reply_reasons) == (Outcome.NOT_EXIST, REASONS)
    assert replied.stage == Stage.UNSERVED


def test_a_signed_number_is_not_asked_again(clerk_client: Client, case: Case) -> None:
    signed(case, reply_number="秀建公开〔2025〕38号")
    page = clerk_client.get(url_of("reply", case))
    assert "reply_number" not in page.context["form"].fields
    assert "秀建公开〔2025〕38号" in page.content.decode()


def test_a_day_to_come_is_refused_for_the_reply_itself(clerk_client: Client, case: Case) -> None:
    signed(case, closed_on=date(2025, 10, 28))
    said = seen(case, closed_on="2025-10-28", reply_number="", service_method="", served_on="")
    page = clerk_client.post(url_of("reply", case), said)
    assert "还没有到" in errors(page)["closed_on"][0]


# what waits for whom -----------------------------------------------------------------------------


def listed(client: Client, condition: str) -> list[Case]:
    page = client.get(reverse("cases:list") + f"?signoff={condition}")
    return list(page.context["table"].page.object_list.data)


def test_the_list_the_view_and_the_tile_show_the_same(
    clerk_client: Client, reviewer_client: Client, tree: Tree, case: Case
) -> None:
    assert "待我审核" not in tiles(reviewer_client)
    submitted(case)
    other = submitted(make_case(tree.housing))
    for client, found in ((reviewer_client, [case, other]), (clerk_client, [])):
        assert {row.pk for row in listed(client, "mine")} == {row.pk for row in found}
        views = client.get(reverse("cases:list")).context["views"]
        count = next(view.count for view in views if view.label == "待我审核")
        assert count == len(found)
        assert tiles(client).get("待我审核", 0) == len(found)
    assert len(listed(clerk_client, "pending")) == 2
    signed_case = signed(make_case(tree.housing))
    assert [row.pk for row in listed(clerk_client, "signed")] == [signed_case.pk]


def tiles(client: Client) -> dict[str, int]:
    page = client.get(reverse("cases:home"))
    return {tile.label: tile.value for tile in page.context["tiles"]}


def test_a_case_leads_to_the_list_of_those_that_stand_alike(
    clerk_client: Client, case: Case
) -> None:
    submitted(case)
    pending = reverse("cases:list") + "?signoff=pending"
    assert f'href="{pending}"' in clerk_client.get(url_of("detail", case)).content.decode()
    workflow.recall(case, by=hand_of(case.department), today=TODAY)
    assert "?signoff=" not in clerk_client.get(url_of("detail", case)).content.decode()


def test_home_names_the_step_that_comes_next(client: Client, tree: Tree, clerk: User) -> None:
    client.force_login(clerk)
    before = make_case(tree.housing, handler=clerk, received_on=date(2025, 9, 10))
    make_chain(tree.housing)
    cases = {
        "拟稿": before,
        "审核": submitted(make_case(tree.housing, handler=clerk)),
        "答复": signed(make_case(tree.housing, handler=clerk)),
    }
    rows = client.get(reverse("cases:home")).context["urgent"]
    assert {row.next_step: row.case.pk for row in rows} == {
        step: case.pk for step, case in cases.items()
    }


def test_an_unknown_condition_is_said(clerk_client: Client) -> None:
    page = clerk_client.get(reverse("cases:list") + "?signoff=x").content.decode()
    assert "没有“x”这样的审核，未按它筛选。" in page


def test_the_page_of_a_case_costs_no_more_for_more_rounds(
    reviewer_client: Client, case: Case
) -> None:
    def visit() -> int:
        return queries_of(lambda: reviewer_client.get(url_of("detail", case)))

    submitted(case)
    visit()
    with_one = visit()
    for _ in range(3):
        workflow.recall(case, by=hand_of(case.department), today=TODAY)
        submitted(case)
    assert visit() == with_one


# the sheet ---------------------------------------------------------------------------------------


def test_the_sheet_holds_application_draft_and_steps(reviewer_client: Client, case: Case) -> None:
    submitted(case)
    workflow.record_signature(
        case,
        by=hand_of(case.department),
        today=TODAY,
        signed_name="局长丁",
        signed_on=date(2025, 10, 24),
        comment="同意",
    )
    page = reviewer_client.get(url_of("approval", case)).content.decode()
    for words in (
        "政府信息公开申请答复审批单",
        case.number,
        REASONS,
        "线下已批：同意",
        "局长丁　2025 年 10 月 24 日",
        "签名：",
        case.rounds.get().checksum[:16],
    ):
        assert words in page, words


def test_without_a_round_there_is_no_sheet(clerk_client: Client, case: Case) -> None:
    page = clerk_client.get(url_of("approval", case), follow=True)
    assert "还没有送审，没有审批单。" in page.content.decode()


# the chain ---------------------------------------------------------------------------------------


@pytest.fixture
def supervisor_client(tree: Tree) -> Client:
    client = Client()
    client.force_login(make_user(Role.SUPERVISOR, tree.government, name="政务公开主管乙"))
    return client


def chain_url(department: Department) -> str:
    return reverse("cases:chain", args=[department.pk])


def chain_form(**fields: object) -> dict[str, Any]:
    said: dict[str, Any] = {"seen": ""}
    for kind in SignOffKind:
        said |= {f"{kind}_place": "", f"{kind}_who": Signers.HEADS}
    return said | fields


def test_a_supervisor_sets_the_steps_in_their_order(
    supervisor_client: Client, tree: Tree, clerk: User
) -> None:
    said = chain_form(leader_place="2", section_place="1", section_signers=[clerk.pk])
    page = supervisor_client.post(chain_url(tree.housing), said, follow=True).content.decode()
    assert "区住建局的审核环节已保存：答复先审核后发出。" in page
    assert workflow.signoff.told_chain(tree.housing) == (
        "科室拟办（经办员戊） → 领导签发（审核人或主管）"
    )
    form = supervisor_client.get(chain_url(tree.housing)).context["form"]
    assert form["section_place"].value() == "1"
    assert form["section_signers"].value() == [clerk.pk]
    said = chain_form(seen=form["seen"].value())
    page = supervisor_client.post(chain_url(tree.housing), said, follow=True).content.decode()
    assert "答复不经审核，直接发出" in page
    assert not tree.housing.sign_off_steps.exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"legal_place": "1", "leader_place": "1"},
            "leader_place",
            "与法制审核排在同一步，请改一个次序。",
        ),
        ({"legal_place": "9"}, "legal_place", "不在可选项之内"),
        ({"legal_who": ""}, "legal_who", "请选择法制审核由谁审核。"),
        ({"legal_signers": ["987654"]}, "legal_signers", "所选的法制审核的指定人员不在可选项之内"),
    ],
)
def test_bad_chains(
    supervisor_client: Client, tree: Tree, fields: dict[str, Any], field: str, sentence: str
) -> None:
    page = supervisor_client.post(chain_url(tree.housing), chain_form(**fields))
    assert sentence in errors(page)[field][0]
    assert not tree.housing.sign_off_steps.exists()


def test_a_chain_that_changed_meanwhile(supervisor_client: Client, tree: Tree) -> None:
    make_chain(tree.housing)
    said = chain_form(leader_place="1")
    page = supervisor_client.post(chain_url(tree.housing), said)
    assert "审核环节已被别人改过" in errors(page)["__all__"][0]
    said["seen"] = page.context["form"]["seen"].value()
    supervisor_client.post(chain_url(tree.housing), said)
    assert workflow.signoff.told_chain(tree.housing) == "领导签发（审核人或主管）"


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_set_no_chain(client: Client, tree: Tree, role: Role) -> None:
    client.force_login(make_user(role, tree.government))
    assert client.get(reverse("cases:chains")).status_code == 403
    assert client.get(chain_url(tree.housing)).status_code == 403
    assert client.post(chain_url(tree.housing), chain_form()).status_code == 403


def test_another_organ_s_chain_is_out_of_sight(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.land))
    assert client.get(chain_url(tree.housing)).status_code == 404
    rows = client.get(reverse("cases:chains")).context["rows"]
    assert [department for department, _ in rows] == [tree.land]


def test_the_list_of_chains_costs_the_same_for_many(supervisor_client: Client, tree: Tree) -> None:
    def visit() -> int:
        return queries_of(lambda: supervisor_client.get(reverse("cases:chains")))

    make_chain(tree.housing)
    visit()
    with_one = visit()
    for department in (tree.land, tree.town, tree.office):
        make_chain(department)
    assert visit() == with_one
