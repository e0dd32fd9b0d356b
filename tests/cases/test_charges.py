"""What the records say of fees: the piece of the month, the month's applicants, the sums paid."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.charges import BY_CODE, BY_IDENTITY, BY_NAME, fees_paid, payers_of_month, place_in_month
from cases.choices import ApplicantKind, EventKind, FeeScheme, Role
from cases.models import Applicant, Case
from tests.makers import TODAY, Tree, hand_of, make_applicant, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

IDENTITY = "33041119700101000X"
CODE = "91330400MA00000001"
OCTOBER = date(2025, 10, 1)
YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def person(name: str = "申请人甲", **fields: Any) -> Applicant:
    return make_applicant(name=name, **fields)


def company(name: str = "某企业乙", **fields: Any) -> Applicant:
    return make_applicant(ApplicantKind.ORG_COMMERCIAL, name=name, **fields)


def received(tree: Tree, applicant: Applicant, day: str = "2025-10-09", **fields: Any) -> Case:
    return make_case(
        tree.housing, received_on=date.fromisoformat(day), applicant=applicant, **fields
    )


# the piece of the month


def test_pieces_are_counted_by_day_of_receipt_within_the_calendar_month(tree: Tree) -> None:
    second = received(tree, person(id_number=IDENTITY), "2025-10-20")
    first = received(tree, person(id_number=IDENTITY), "2025-10-09")
    same_day = received(tree, person(id_number=IDENTITY), "2025-10-20")
    for day in ("2025-09-30", "2025-09-01"):
        received(tree, person(id_number=IDENTITY), day)
    places = [place_in_month(case) for case in (first, second, same_day)]
    assert [(place.nth, place.total) for place in places if place] == [(1, 3), (2, 3), (3, 3)]
    assert {place.matched_by for place in places if place} == {BY_IDENTITY}


def test_the_month_turns_with_the_year(tree: Tree) -> None:
    today = date(2026, 1, 5)
    old = received(tree, person(), "2025-12-31", today=today)
    new = received(tree, person(), "2026-01-01", today=today)
    assert [place.nth for place in map(place_in_month, (old, new)) if place] == [1, 1]


@pytest.mark.parametrize(
    ("first", "second", "nth", "matched_by", "unsure"),
    [
        # the number decides, however it is written, whatever the name
        (
            person(id_number=IDENTITY),
            person("又名乙", id_number=IDENTITY.lower()),
            2,
            BY_IDENTITY,
            0,
        ),
        (person(id_number=IDENTITY), person(id_number="330411198001010001"), 1, BY_IDENTITY, 0),
        (person(), person(id_number=IDENTITY), 1, BY_IDENTITY, 1),
        (company(credit_code=CODE), company("某企业丙", credit_code=CODE.lower()), 2, BY_CODE, 0),
        (company(), company(credit_code=CODE), 1, BY_CODE, 1),
        # without a number: name and kind
        (person(), person(), 2, BY_NAME, 0),
        (person(id_number=IDENTITY), person(), 2, BY_NAME, 0),
        (company("申请人甲"), person(), 1, BY_NAME, 0),
        (person("申请人丁"), person(), 1, BY_NAME, 0),
    ],
)
def test_who_is_the_same_applicant(
    tree: Tree, first: Applicant, second: Applicant, nth: int, matched_by: str, unsure: int
) -> None:
    for applicant in (first, second):
        applicant.pk = None
    received(tree, first)
    place = place_in_month(received(tree, second))
    assert place is not None
    assert (place.nth, place.matched_by, place.unsure) == (nth, matched_by, unsure)


def test_voided_unconfirmed_and_other_departments_cases_are_no_pieces(tree: Tree) -> None:
    mistake = received(tree, person())
    workflow.void(mistake, by=hand_of(tree.housing), today=TODAY, reason="误登")
    make_case(tree.housing, received_on=None, arrived_on=date(2025, 10, 9), applicant=person())
    make_case(tree.land, received_on=date(2025, 10, 9), applicant=person())
    place = place_in_month(received(tree, person()))
    assert place is not None and (place.nth, place.total) == (1, 1)


def test_an_unconfirmed_case_has_no_place(tree: Tree) -> None:
    assert place_in_month(make_case(tree.housing, received_on=None)) is None


# the month's applicants


def test_the_applicants_of_a_month_with_the_most_pieces_first(tree: Tree) -> None:
    for _ in range(12):
        received(tree, person(id_number=IDENTITY))
    received(tree, company(credit_code=CODE))
    received(tree, company("某企业丙", credit_code=CODE.lower()))
    received(tree, person("申请人丁"))
    received(tree, person("申请人丁"), "2025-09-30")
    found = payers_of_month(tree.housing, OCTOBER)
    assert [(payer.name, payer.pieces, payer.fee, payer.matched_by) for payer in found] == [
        ("申请人甲", 12, 200, BY_IDENTITY),
        ("某企业乙", 2, 0, BY_CODE),
        ("申请人丁", 1, 0, BY_NAME),
    ]
    assert queries_of(lambda: payers_of_month(tree.housing, OCTOBER)) == 1


# the sums paid


def paid(tree: Tree, on: date, pages: int = 68, department: Any = None) -> Case:
    organ = department or tree.housing
    case = make_case(organ, received_on=date(2025, 9, 15))
    hand: dict[str, Any] = {"by": hand_of(organ), "today": TODAY}
    asked = date(2025, 9, 22)
    workflow.ask_fee(case, on=asked, scheme=FeeScheme.PAGES, pages=pages, **hand)
    return workflow.receive_fee(case, on=on, **hand)


def test_fees_are_summed_by_department_and_day_of_payment(tree: Tree) -> None:
    paid(tree, date(2025, 9, 30), 68)
    paid(tree, date(2025, 10, 9), 31)
    paid(tree, date(2025, 10, 9), 201, tree.land)
    both = {tree.housing.pk, tree.land.pk}
    assert fees_paid(both, *YEAR) == {tree.housing.pk: 390, tree.land.pk: 2_740}
    assert fees_paid({tree.housing.pk}, *YEAR) == {tree.housing.pk: 390}
    assert fees_paid(both, OCTOBER, date(2025, 10, 31)) == {
        tree.housing.pk: 10,
        tree.land.pk: 2_740,
    }
    assert fees_paid(both, date(2024, 1, 1), date(2024, 12, 31)) == {}
    assert fees_paid((), *YEAR) == {}
    assert queries_of(lambda: fees_paid(both, *YEAR)) == 2


def test_a_fee_asked_for_and_not_paid_is_no_money(tree: Tree) -> None:
    case = make_case(tree.housing)
    by = hand_of(tree.housing)
    workflow.ask_fee(
        case, by=by, today=TODAY, on=date(2025, 9, 22), scheme=FeeScheme.PAGES, pages=68
    )
    assert fees_paid({tree.housing.pk}, *YEAR) == {}


def test_late_money_counts_and_that_of_a_voided_case_does_not(tree: Tree) -> None:
    paid(tree, TODAY)  # its last day was 10-24
    mistake = paid(tree, date(2025, 10, 9))
    workflow.void(mistake, by=hand_of(tree.housing), today=TODAY, reason="误登")
    assert fees_paid({tree.housing.pk}, *YEAR) == {tree.housing.pk: 380}


def test_a_payment_put_right_counts_once_and_one_from_a_ledger_tells_no_amount(
    tree: Tree,
) -> None:
    case = paid(tree, date(2025, 10, 9))
    wrong = case.events.get(kind=EventKind.FEE_PAID)
    data = {"amount": 380, "supersedes": [wrong.pk]}
    case.events.create(kind=EventKind.FEE_PAID, on=date(2026, 1, 4), data=data)
    assert fees_paid({tree.housing.pk}, *YEAR) == {}
    assert fees_paid({tree.housing.pk}, date(2026, 1, 1), date(2026, 12, 31)) == {
        tree.housing.pk: 380
    }
    make_case(tree.housing).events.create(kind=EventKind.FEE_PAID, on=date(2025, 10, 9))
    assert fees_paid({tree.housing.pk}, *YEAR) == {}


# 收费计算

URL = "cases:fee_calculator"


def asked(client: Client, **fields: Any) -> Any:
    return client.get(reverse(URL), fields)


@pytest.mark.parametrize(
    ("fields", "which", "total"),
    [
        ({"pieces": 12}, "by_pieces", "200 元"),
        ({"pieces": 30}, "by_pieces", "2,000 元"),
        ({"pieces": 40}, "by_pieces", "4,000 元"),
        ({"pieces": 45}, "by_pieces", "5,500 元"),
        ({"pieces": 52}, "by_pieces", "7,800 元"),
        ({"pieces": 10}, "by_pieces", "0 元"),
        ({"pages": 31}, "by_pages", "10 元"),
        ({"pages": 68}, "by_pages", "380 元"),
        ({"pages": 100}, "by_pages", "700 元"),
        ({"pages": 200}, "by_pages", "2,700 元"),
        ({"pages": 201}, "by_pages", "2,740 元"),
        ({"pages": 230}, "by_pages", "3,900 元"),
        ({"pages": "２３０"}, "by_pages", "3,900 元"),
    ],
)
def test_the_calculator_needs_no_case(
    clerk_client: Client, fields: dict[str, object], which: str, total: str
) -> None:
    page = asked(clerk_client, **fields)
    assert page.context[which].total == total
    assert f"<td>{total}</td>" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"pieces": "十二"}, "pieces", "本月累计件数为 1 至 999 的整数。"),
        ({"pieces": "1000"}, "pieces", "本月累计件数为 1 至 999 的整数。"),
        ({"pages": "0"}, "pages", "页数为 1 至 99,999 的整数。"),
        ({"month": "2025-13"}, "month", "“2025-13”不是一个月份，请写成 2026-01 这样。"),
        ({"month": "去年"}, "month", "“去年”不是一个月份，请写成 2026-01 这样。"),
        ({"department": "0"}, "department", "所选的受理单位不在可选项之内"),
    ],
)
def test_what_cannot_be_calculated_is_said(
    clerk_client: Client, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = asked(clerk_client, **fields)
    (error,) = page.context["form"].errors[field]
    assert sentence in error
    assert page.context["form"][field].value() == fields[field]


def test_the_month_of_the_own_department_is_listed(clerk_client: Client, tree: Tree) -> None:
    received(tree, person("申请人甲"))
    page = asked(clerk_client)
    ((payer, fee, url),) = page.context["payers"]
    assert (payer.name, payer.pieces, fee) == ("申请人甲", 1, "0 元")
    assert "申请人甲" in clerk_client.get(url).content.decode()
    page = asked(clerk_client, month="2025-09")
    assert page.context["payers"] == []
    assert "这个月没有收到申请" in page.content.decode()


def test_a_long_month_is_cut_and_says_so(clerk_client: Client, tree: Tree) -> None:
    for n in range(31):
        received(tree, person(f"申请人第{n}"))
    page = asked(clerk_client)
    assert len(page.context["payers"]) == 30
    assert "共 31 个申请人，列出件数最多的 30 个" in page.content.decode()
    ask = lambda: asked(clerk_client)  # noqa: E731
    before = queries_of(ask)
    received(tree, person("再一个"))
    assert queries_of(ask) == before


def test_only_departments_within_reach(clerk_client: Client, tree: Tree) -> None:
    make_case(tree.land, received_on=date(2025, 10, 9), applicant=person())
    page = asked(clerk_client, department=tree.land.pk)
    assert "department" in page.context["form"].errors
    assert page.context["payers"] == []


def test_an_administrator_reads_no_cases(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(reverse(URL)).status_code == 403


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get(reverse(URL)).status_code == 302


def test_it_only_reads(clerk_client: Client) -> None:
    assert clerk_client.post(reverse(URL)).status_code == 405
