"""The fee: its notice, delivery, payment, giving up (条例第四十二条; 国办函〔2020〕109号).

The notice of 2025-09-22 is to be paid by 10-24, the 20th working day; received on 09-24, by 10-28.
"""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import ApplicantKind, EventKind, FeeScheme, Outcome, Role, Stage, Waiting
from cases.models import Case
from tests.makers import (
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_applicant,
    make_case,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ASKED = date(2025, 9, 22)
IDENTITY = "33041119700101000X"
ACTS = ("fee_deliver", "fee_receive", "fee_give_up")


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)  # received 2025-09-15, due 2025-10-17


@pytest.fixture
def waiting(tree: Tree) -> Case:
    """Asked for 380 元 on 09-22."""
    return make_case(tree.housing, facts=Facts(fee=(ASKED, None)))


@pytest.fixture
def hand(tree: Tree) -> dict[str, Any]:
    return {"by": hand_of(tree.housing), "today": TODAY}


def url_of(case: Case, name: str) -> str:
    return reverse(f"cases:{name}", args=[case.pk])


def asking(case: Case, **fields: object) -> dict[str, Any]:
    return {
        "version": again(case).version,
        "on": "2025-09-22",
        "scheme": "pages",
        "pages": "68",
        "nth": "",
    } | fields


def typed(case: Case, **fields: object) -> dict[str, Any]:
    return {"version": again(case).version, "on": "2025-10-24", "amount": "380"} | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def again(case: Case) -> Case:
    return Case.objects.select_related("department", "applicant").get(pk=case.pk)


def last_text(case: Case) -> str:
    event = case.events.order_by("-pk").first()
    assert event is not None
    return event.text


# the notice


@pytest.mark.parametrize(
    ("fields", "amount", "basis"),
    [
        ({"pages": "31"}, 10, "按页计收，共 31 页"),
        ({"pages": "68"}, 380, "按页计收，共 68 页"),
        ({"pages": "100"}, 700, "按页计收，共 100 页"),
        ({"pages": "200"}, 2_700, "按页计收，共 200 页"),
        ({"pages": "201"}, 2_740, "按页计收，共 201 页"),
        ({"pages": "230"}, 3_900, "按页计收，共 230 页"),
        ({"scheme": "pieces", "nth": "11"}, 100, "按件计收，同一申请人本自然月第 11 件"),
        ({"scheme": "pieces", "nth": "31"}, 200, "按件计收，同一申请人本自然月第 31 件"),
        # both are filled in, one is chosen
        ({"scheme": "pieces", "nth": "41"}, 300, "按件计收，同一申请人本自然月第 41 件"),
    ],
)
def test_the_amount_follows_from_the_scheme(
    clerk_client: Client, case: Case, fields: dict[str, str], amount: int, basis: str
) -> None:
    for _ in range(int(fields.get("nth", 1)) - 1):
        make_case(case.department, name=case.applicant.name)
    page = clerk_client.post(url_of(case, "fee_ask"), asking(case, **fields), follow=True)
    event = case.events.get(kind=EventKind.FEE_ASKED)
    assert (event.on, event.data["amount"]) == (ASKED, amount)
    assert event.data["scheme"] == fields.get("scheme", "pages")
    assert ("pages" in event.data) != ("nth" in event.data)
    sentence = (
        f"通知缴纳信息处理费 {amount} 元：{basis}（国办函〔2020〕109号）。"
        "收到通知次日起 20 个工作日内缴纳，逾期未缴纳的视为放弃申请"
    )
    assert sentence in page.content.decode()
    waiting = again(case)
    assert (waiting.waiting_for, waiting.waiting_until) == (Waiting.FEE, date(2025, 10, 24))
    assert waiting.ends_on is None


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"pages": "30"}, "pages", "30 页在免费的 30 页之内，不收费，不必通知。"),
        (
            {"scheme": "pieces", "nth": "10"},
            "nth",
            "第 10 件在免费的 10 件之内，不收费，不必通知。",
        ),
        (
            {"scheme": "pieces", "nth": "12"},
            "nth",
            "该申请人本自然月在案的只有 1 件，不会是第 12 件，请核对。",
        ),
        ({"pages": ""}, "pages", "请填写页数。"),
        ({"scheme": "pieces", "nth": ""}, "nth", "请填写本月第几件。"),
        ({"pages": "0"}, "pages", "页数为 1 至 99,999 的整数。"),
        ({"pages": "-3"}, "pages", "页数为 1 至 99,999 的整数。"),
        ({"pages": "六十"}, "pages", "页数为 1 至 99,999 的整数。"),
        ({"pages": "100000"}, "pages", "页数为 1 至 99,999 的整数。"),
        ({"scheme": "pieces", "nth": "1000"}, "nth", "本月第几件为 1 至 999 的整数。"),
        ({"scheme": ""}, "scheme", "请选择计收方式。"),
        ({"scheme": "both"}, "scheme", "所选的计收方式不在可选项之内"),
        ({"on": ""}, "on", "请填写通知日期。"),
        ({"on": "2025-09-14"}, "on", "不能早于收到日期 2025-09-15。"),
        ({"on": "2025-10-28"}, "on", "2025-10-28 还没有到，不能填将来的日期。"),
        # the due day is 10-17
        ({"on": "2025-10-18"}, "on", "收费通知（2025-10-18）在到期日 2025-10-17 之后"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_stored(
    clerk_client: Client, case: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(case, "fee_ask"), asking(case, **fields))
    assert sentence in errors(page)[field][0]
    assert page.context["form"]["pages"].value() == fields.get("pages", "68")
    assert case.events.count() == 1


def test_the_notice_goes_out_on_the_due_day_at_the_latest(clerk_client: Client, case: Case) -> None:
    clerk_client.post(url_of(case, "fee_ask"), asking(case, on="2025-10-17"))
    assert again(case).waiting_for == Waiting.FEE


def test_there_is_one_notice(clerk_client: Client, waiting: Case) -> None:
    sentence = f"{waiting.number} 已经通知过缴费，只通知一次。"
    page = clerk_client.get(url_of(waiting, "fee_ask"), follow=True)
    assert sentence in page.content.decode()
    page = clerk_client.post(url_of(waiting, "fee_ask"), asking(waiting))
    assert errors(page)["__all__"] == [sentence]
    assert page.context["form"]["pages"].value() == "68"


def test_no_notice_while_a_correction_is_waited_for(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(ASKED, None)))
    page = clerk_client.post(url_of(case, "fee_ask"), asking(case))
    assert errors(page)["__all__"] == [f"{case.number} 正在等待申请人补正。"]


def test_the_page_works_both_schemes_out_line_by_line(clerk_client: Client, case: Case) -> None:
    asked = {"scheme": "pages", "pages": "230", "nth": "45", "on": "2025-09-22"}
    page = clerk_client.get(url_of(case, "fee_ask"), asked)
    by_pages, by_pieces = page.context["by_pages"], page.context["by_pieces"]
    assert [(row.span, row.count, row.price, row.amount) for row in by_pages.rows] == [
        ("第 1–30 页", "30 页", "免费", "0 元"),
        ("第 31–100 页", "70 页", "10 元/页", "700 元"),
        ("第 101–200 页", "100 页", "20 元/页", "2,000 元"),
        ("第 201–230 页", "30 页", "40 元/页", "1,200 元"),
    ]
    assert by_pages.total == "3,900 元"
    assert [(row.span, row.amount) for row in by_pieces.rows] == [
        ("第 1–10 件", "0 元"),
        ("第 11–30 件", "2,000 元"),
        ("第 31–40 件", "2,000 元"),
        ("第 41–45 件", "1,500 元"),
    ]
    assert (by_pieces.total, page.context["this_piece"]) == ("5,500 元", "300 元")
    assert page.context["amount"] == "3,900 元"
    assert "等待缴费至 2025-10-24" in page.context["preview"].words
    page = clerk_client.get(url_of(case, "fee_ask"), asked | {"scheme": "pieces"})
    assert page.context["amount"] == "300 元"


def test_the_piece_is_counted_from_the_records(clerk_client: Client, tree: Tree) -> None:
    for day in range(1, 12):
        person = make_applicant(id_number=IDENTITY)
        case = make_case(tree.housing, received_on=date(2025, 9, day), applicant=person)
    page = clerk_client.get(url_of(case, "fee_ask"))
    assert page.context["form"]["nth"].value() == 11
    assert page.context["place_words"] == [
        "按记录为本自然月第 11 件（本月共 11 件），同一申请人的认定：证件号码相同。"
    ]
    assert page.context["this_piece"] == "100 元"


def test_the_page_of_the_notice_makes_a_fixed_number_of_queries(
    clerk_client: Client, tree: Tree
) -> None:
    def one_more() -> Case:
        return make_case(tree.housing, applicant=make_applicant(id_number=IDENTITY))

    url = url_of(one_more(), "fee_ask")
    clerk_client.get(url)
    before = queries_of(lambda: clerk_client.get(url))
    for _ in range(3):
        one_more()
    assert queries_of(lambda: clerk_client.get(url)) == before


# delivery of the notice


def test_the_term_of_payment_runs_from_receipt_of_the_notice(
    clerk_client: Client, waiting: Case
) -> None:
    url = url_of(waiting, "fee_deliver")
    page = clerk_client.get(url, {"on": "2025-09-24"})
    assert "等待缴费至 2025-10-28" in page.context["preview"].words
    clerk_client.post(url, typed(waiting, on="2025-09-24"))
    assert again(waiting).waiting_until == date(2025, 10, 28)
    assert last_text(waiting) == "收费通知送达申请人，自次日起 20 个工作日内缴纳"
    page = clerk_client.post(url, typed(waiting, on="2025-09-25"))
    assert errors(page)["__all__"] == [f"{waiting.number} 的收费通知已经登记送达。"]


def test_a_notice_is_received_before_it_is_paid(clerk_client: Client, waiting: Case) -> None:
    """Paid on 10-27 it was late by its own day, and is not once its receipt is known."""
    clerk_client.post(url_of(waiting, "fee_receive"), typed(waiting, on="2025-10-25"))
    assert again(waiting).waiting_for == Waiting.FEE
    url = url_of(waiting, "fee_deliver")
    page = clerk_client.post(url, typed(waiting, on="2025-10-26"))
    assert errors(page)["on"] == ["不能晚于缴费的 2025-10-25。"]
    clerk_client.post(url, typed(waiting, on="2025-09-24"))
    assert (again(waiting).waiting_for, again(waiting).ends_on) == ("", date(2025, 11, 21))


# the payment


@pytest.mark.parametrize(
    ("on", "ends_on", "words"),
    [
        (
            "2025-09-28",
            date(2025, 10, 31),
            "申请人缴费 380 元，期限自次日重新计算",
        ),  # worked Sunday
        ("2025-10-24", date(2025, 11, 21), "申请人缴费 380 元，期限自次日重新计算"),
        # the day after the 20th working day: taken to have given up
        ("2025-10-25", None, "已过缴费期限，视为放弃申请，期限不重新计算"),
    ],
)
def test_the_last_day_of_payment_and_the_day_after(
    clerk_client: Client, waiting: Case, on: str, ends_on: date | None, words: str
) -> None:
    page = clerk_client.post(url_of(waiting, "fee_receive"), typed(waiting, on=on), follow=True)
    assert words in page.content.decode()
    assert again(waiting).ends_on == ends_on
    assert waiting.events.get(kind=EventKind.FEE_PAID).data == {"amount": 380}


def test_the_page_says_that_a_late_payment_does_not_count(
    clerk_client: Client, waiting: Case
) -> None:
    url = url_of(waiting, "fee_receive")
    in_time = clerk_client.get(url, {"on": "2025-10-24"})
    assert in_time.context["preview"].words == "到期日将为 2025-11-21。"
    assert in_time.context["form"]["amount"].value() == 380
    late = clerk_client.get(url, {"on": "2025-10-25"})
    assert "缴费期限 2025-10-24 已过，视为放弃申请" in late.content.decode()
    assert late.context["preview"].faults == [
        "缴费（2025-10-25）晚于缴费期限 2025-10-24，视为放弃申请，不改变到期日。"
    ]


def test_a_payment_over_the_turn_of_the_year(tree: Tree) -> None:
    """Notice of 2025-12-20, a free Saturday: the 20th working day is 2026-01-19."""
    today = date(2026, 1, 20)
    case = make_case(tree.housing, received_on=date(2025, 12, 19), today=today)
    hand: dict[str, Any] = {"by": hand_of(tree.housing), "today": today}
    workflow.ask_fee(case, on=date(2025, 12, 20), scheme=FeeScheme.PAGES, pages=68, **hand)
    assert again(case).waiting_until == date(2026, 1, 19)
    workflow.receive_fee(case, on=date(2026, 1, 19), **hand)
    # From 01-20 on, with Saturday 02-14 worked before the Spring Festival.
    assert again(case).ends_on == date(2026, 2, 14)


def test_a_payment_into_a_year_without_a_schedule_is_provisional(tree: Tree) -> None:
    today = date(2026, 12, 21)
    case = make_case(tree.housing, received_on=date(2026, 12, 18), today=today)
    by = hand_of(tree.housing)
    workflow.ask_fee(case, by=by, today=today, on=today, scheme=FeeScheme.PAGES, pages=68)
    assert again(case).provisional


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"on": "2025-09-21"}, "on", "不能早于通知日期 2025-09-22。"),
        ({"on": "2025-10-28"}, "on", "2025-10-28 还没有到"),
        ({"on": ""}, "on", "请填写缴费日期。"),
        ({"amount": ""}, "amount", "请填写缴费金额（元）。"),
        ({"amount": "380.5"}, "amount", "缴费金额为整数，单位元。"),
        ({"amount": "0"}, "amount", "缴费金额为整数，单位元。"),
        ({"amount": "300"}, "amount", "通知缴纳 380 元，请核对"),
    ],
)
def test_a_payment_that_cannot_be(
    clerk_client: Client, waiting: Case, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(url_of(waiting, "fee_receive"), typed(waiting, **fields))
    assert sentence in errors(page)[field][0]
    assert not waiting.events.filter(kind=EventKind.FEE_PAID).exists()


def test_it_is_paid_once(clerk_client: Client, waiting: Case) -> None:
    url = url_of(waiting, "fee_receive")
    clerk_client.post(url, typed(waiting))
    sentence = f"{waiting.number} 现在没有在等待缴费。"
    assert sentence in clerk_client.get(url, follow=True).content.decode()
    assert errors(clerk_client.post(url, typed(waiting)))["__all__"] == [sentence]


def test_paid_late_it_is_not_paid_again(clerk_client: Client, waiting: Case) -> None:
    url = url_of(waiting, "fee_receive")
    clerk_client.post(url, typed(waiting, on="2025-10-25"))
    page = clerk_client.post(url, typed(waiting, on="2025-10-26"))
    assert errors(page)["__all__"] == [f"{waiting.number} 的缴费已经登记。"]


def test_a_notice_from_a_ledger_does_not_tell_the_amount(clerk_client: Client, case: Case) -> None:
    case.events.create(kind=EventKind.FEE_ASKED, on=ASKED)
    workflow.clockwork.rebuild([case])
    url = url_of(case, "fee_receive")
    assert clerk_client.get(url).context["form"]["amount"].value() is None
    clerk_client.post(url, typed(case, amount="120"))
    assert case.events.get(kind=EventKind.FEE_PAID).data == {"amount": 120}


# giving up


def test_unpaid_after_the_term_the_case_is_closed_as_given_up(
    clerk_client: Client, waiting: Case
) -> None:
    detail = clerk_client.get(url_of(waiting, "detail"))
    assert "缴费期限 2025-10-24 已满" in detail.content.decode()
    page = clerk_client.get(url_of(waiting, "fee_give_up"))
    assert "期限自通知次日推定" in page.content.decode()
    given = typed(waiting, on="2025-10-27", note="已电话提醒一次")
    page = clerk_client.post(url_of(waiting, "fee_give_up"), given, follow=True)
    closed = again(waiting)
    assert (closed.outcome, closed.closed_on) == (Outcome.FEE_UNPAID, date(2025, 10, 27))
    assert (closed.stage, closed.served_on) == (Stage.CLOSED, None)
    assert last_text(closed) == (
        "逾期未缴纳信息处理费，视为放弃申请，不再处理"
        "（通知的送达日未记录，缴费期限自通知次日推定）：已电话提醒一次"
    )
    assert "已按逾期未缴费办结" in page.content.decode()


def test_with_the_delivery_on_record_nothing_is_assumed(
    clerk_client: Client, waiting: Case, hand: dict[str, Any]
) -> None:
    workflow.deliver_fee_notice(waiting, on=ASKED, **hand)
    assert "推定" not in clerk_client.get(url_of(waiting, "fee_give_up")).content.decode()
    workflow.give_up_fee(waiting, on=TODAY, **hand)
    assert last_text(waiting) == "逾期未缴纳信息处理费，视为放弃申请，不再处理"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"on": "2025-10-24"}, "缴费期限到 2025-10-24，期满之后才能按逾期未缴费办结。"),
        ({"on": "2025-10-28"}, "2025-10-28 还没有到，不能填将来的日期。"),
        ({"on": ""}, "请填写办结日期。"),
    ],
)
def test_nobody_has_given_up_before_the_term_has_passed(
    clerk_client: Client, waiting: Case, fields: dict[str, str], sentence: str
) -> None:
    page = clerk_client.post(url_of(waiting, "fee_give_up"), typed(waiting, **fields))
    assert errors(page)["on"] == [sentence]
    assert again(waiting).stage == Stage.OPEN


@pytest.mark.parametrize(
    ("asked", "until", "offered"),
    [
        (date(2025, 9, 22), date(2025, 10, 24), True),
        (date(2025, 9, 23), TODAY, False),  # its last day is today
    ],
)
def test_giving_up_is_offered_from_the_day_after_the_term(
    clerk_client: Client, tree: Tree, asked: date, until: date, offered: bool
) -> None:
    case = make_case(tree.housing, facts=Facts(fee=(asked, None)))
    assert again(case).waiting_until == until
    labels = [act["label"] for act in clerk_client.get(url_of(case, "detail")).context["acts"]]
    assert ("按逾期未缴费办结" in labels) == offered
    page = clerk_client.get(url_of(case, "fee_give_up"), follow=True)
    refusal = f"缴费期限到 {until}，期满之后才能按逾期未缴费办结。"
    assert (refusal in page.content.decode()) != offered


@pytest.mark.parametrize("name", ACTS)
def test_where_no_fee_is_waited_for_they_have_no_place(
    clerk_client: Client, case: Case, name: str
) -> None:
    sentence = f"{case.number} 现在没有在等待缴费。"
    assert sentence in clerk_client.get(url_of(case, name), follow=True).content.decode()
    page = clerk_client.post(url_of(case, name), typed(case))
    assert errors(page)["__all__"] == [sentence]
    assert page.context["form"]["on"].value() == "2025-10-24"


@pytest.mark.parametrize("name", ["fee_ask", *ACTS])
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR])
def test_other_roles_do_none_of_it(
    client: Client, tree: Tree, case: Case, waiting: Case, name: str, role: Role
) -> None:
    client.force_login(make_user(role, tree.housing))
    about = case if name == "fee_ask" else waiting
    assert client.get(url_of(about, name)).status_code == 403
    assert client.post(url_of(about, name), typed(about) | asking(about)).status_code == 403


@pytest.mark.parametrize("name", ["fee_ask", *ACTS])
def test_a_stranger_does_not_see_the_case(
    client: Client, tree: Tree, case: Case, name: str
) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(url_of(case, name)).status_code == 404
    assert client.post(url_of(case, name), typed(case)).status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_two_clerks(clerk_client: Client, waiting: Case, name: str) -> None:
    seen = typed(waiting, on="2025-10-27")
    clerk_client.post(url_of(waiting, name), seen)
    page = clerk_client.post(url_of(waiting, name), seen)
    assert "您打开之后" in errors(page)["__all__"][0]


def test_two_clerks_notify(clerk_client: Client, case: Case) -> None:
    seen = asking(case)
    clerk_client.post(url_of(case, "fee_ask"), seen)
    page = clerk_client.post(url_of(case, "fee_ask"), seen)
    assert "您打开之后" in errors(page)["__all__"][0]
    assert case.events.filter(kind=EventKind.FEE_ASKED).count() == 1


def test_an_organisation_pays_as_a_person_does(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, kind=ApplicantKind.ORG_COMMERCIAL)
    clerk_client.post(url_of(case, "fee_ask"), asking(case))
    assert again(case).waiting_for == Waiting.FEE
