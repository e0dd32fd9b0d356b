"""Finding an applicant's cases by a telephone number that stands in no address."""

from datetime import date
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Role
from cases.crypto import lookup_hash
from tests.makers import (
    TODAY,
    Tree,
    hand_of,
    make_applicant,
    make_case,
    make_proceeding,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LIST, FIND = reverse("cases:list"), reverse("cases:find")
NUMBER = "13800000001"


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.government))
    return client


def case_with(tree: Tree, phone: str, **fields: Any) -> str:
    return make_case(tree.housing, applicant=make_applicant(phone=phone), **fields).number


def found(client: Client, address: str) -> list[str]:
    table = client.get(address).context["table"]
    return [row.record.number for row in table.paginated_rows]


def sent_to(client: Client, **asked: str) -> str:
    """Where the search leads; asked by the form and by an address it is the same."""
    by_form, by_address = client.post(FIND, asked), client.get(LIST, asked)
    assert by_form.status_code == by_address.status_code == 302
    assert by_form["Location"] == by_address["Location"]
    return str(by_form["Location"])


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "138 0000 0001",
        "１３８-0000-0001",
        f" {NUMBER} ",
        f"+86 {NUMBER}",
        f"0086{NUMBER}",
        f"电话：{NUMBER}",
        f"手机号 {NUMBER}",
    ],
)
def test_a_mobile_number_is_found_and_leaves_the_address(
    clerk_client: Client, tree: Tree, typed: str
) -> None:
    case = case_with(tree, NUMBER)
    case_with(tree, "13800000002")
    address = sent_to(clerk_client, q=typed)
    assert address == f"{LIST}?phone={lookup_hash(NUMBER)}"
    assert found(clerk_client, address) == [case]
    page = clerk_client.get(address)
    assert [chip.text for chip in page.context["chips"]] == ["号码：（按号码精确查找）"]
    assert NUMBER not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "is_number"),
    [
        (NUMBER, True),
        ("057382711234", True),  # with its area code
        ("0573-82711234", True),
        ("33041119900101123X", True),  # an identity number
        ("330411199001011234", True),
        ("82711234", False),  # may be anything while nobody has it
        ("20250012", False),
        ("12800000001", False),
        ("1380000000", False),
        ("138000000011", False),
        ("138", False),
    ],
)
def test_what_can_only_be_a_telephone_number(
    clerk_client: Client, typed: str, is_number: bool
) -> None:
    address = clerk_client.post(FIND, {"q": typed})["Location"]
    assert ("phone=" in address, "q=" in address) == (is_number, not is_number)


def test_an_identity_number_is_found_and_leaves_the_address(
    clerk_client: Client, tree: Tree
) -> None:
    number = "33041119900101123X"
    case = make_case(tree.housing, applicant=make_applicant(id_number=number))
    address = sent_to(clerk_client, q=f"身份证号 {number.lower()}")
    assert number not in address and number.lower() not in address
    assert found(clerk_client, address) == [case.number]


def test_a_number_with_the_country_before_it_is_the_same(clerk_client: Client, tree: Tree) -> None:
    case = case_with(tree, f"+86 {NUMBER}")
    assert found(clerk_client, sent_to(clerk_client, q=NUMBER)) == [case]


def test_a_local_number_is_one_when_an_applicant_has_it(clerk_client: Client, tree: Tree) -> None:
    case = case_with(tree, "8271-1234")
    address = sent_to(clerk_client, q="82711234")
    assert found(clerk_client, address) == [case]


def test_a_number_that_only_others_know_stays_a_word(clerk_client: Client, tree: Tree) -> None:
    """The neighbours' cases answer nothing, not even whether a number is known."""
    make_case(tree.neighbour, applicant=make_applicant(phone="82711234"))
    assert clerk_client.get(LIST, {"q": "82711234"}).status_code == 200
    make_case(tree.neighbour, applicant=make_applicant(phone=NUMBER))
    assert found(clerk_client, sent_to(clerk_client, q=NUMBER)) == []


def test_other_conditions_and_the_order_are_kept(clerk_client: Client, tree: Tree) -> None:
    case_with(tree, NUMBER)
    asked = {"q": NUMBER, "state": "closed", "sort": "-due", "page": "3", "department": ""}
    address = sent_to(clerk_client, **asked)
    assert address == f"{LIST}?state=closed&phone={lookup_hash(NUMBER)}&sort=-due"


def test_another_number_takes_the_place_of_the_first(clerk_client: Client) -> None:
    address = clerk_client.post(FIND, {"q": NUMBER, "phone": "0" * 64})["Location"]
    assert address == f"{LIST}?phone={lookup_hash(NUMBER)}"


def test_a_voided_case_is_found_too(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, applicant=make_applicant(phone=NUMBER))
    workflow.void(case, by=hand_of(tree.housing), today=TODAY, reason="误登")
    assert found(clerk_client, sent_to(clerk_client, q=NUMBER)) == [case.number]


def test_while_keys_are_changed_a_number_is_found_under_each(
    clerk_client: Client, tree: Tree, settings: Any
) -> None:
    before = case_with(tree, NUMBER)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    after = case_with(tree, NUMBER)
    address = sent_to(clerk_client, q=NUMBER)
    assert address.count(",") == 1
    assert set(found(clerk_client, address)) == {before, after}


@pytest.mark.parametrize("hashes", ["abc", "G" * 64, "0" * 63, f"{'0' * 64},", NUMBER])
def test_a_tampered_hash_is_a_sentence(clerk_client: Client, tree: Tree, hashes: str) -> None:
    case = case_with(tree, NUMBER)
    page = clerk_client.get(LIST, {"phone": hashes})
    sentence = "号码条件无法识别，请重新输入号码查找，未按它筛选。"
    assert page.context["complaints"] == [sentence]
    assert found(clerk_client, f"{LIST}?phone={hashes}") == [case]


def test_a_shared_address_shows_a_colleague_their_own_scope(
    clerk_client: Client, tree: Tree
) -> None:
    case_with(tree, NUMBER)
    theirs = make_case(tree.land, applicant=make_applicant(phone=NUMBER)).number
    address = sent_to(clerk_client, q=NUMBER)
    clerk_client.force_login(make_user(Role.AUDITOR, tree.land))
    assert found(clerk_client, address) == [theirs]


def test_nobody_found_says_what_to_do(clerk_client: Client) -> None:
    page = clerk_client.get(sent_to(clerk_client, q=NUMBER)).content.decode()
    assert "没有找到这个号码" in page and "清除条件" in page


def test_htmx_is_led_to_the_same_address(clerk_client: Client, tree: Tree) -> None:
    """It puts the address it was led to into the history, not the one it asked for."""
    case = case_with(tree, NUMBER)
    answer = clerk_client.post(FIND, {"q": NUMBER}, follow=True, HTTP_HX_REQUEST="true")
    assert answer.redirect_chain == [(f"{LIST}?phone={lookup_hash(NUMBER)}", 302)]
    content = answer.content.decode()
    assert case in content and 'id="kept"' in content and "<html" not in content


def test_only_conditions_get_into_the_address(clerk_client: Client) -> None:
    asked = {"next": "https://example.com", "q": "甲 乙", "csrfmiddlewaretoken": "x", "state": ""}
    assert clerk_client.post(FIND, asked)["Location"] == f"{LIST}?q=%E7%94%B2%20%E4%B9%99"
    assert clerk_client.post(FIND, {"state": "x" * 5000})["Location"] == f"{LIST}?state={'x' * 400}"


def test_who_signs_in_after_a_search_comes_to_the_list(client: Client, tree: Tree) -> None:
    assert client.post(FIND, {"q": NUMBER})["Location"] == f"{reverse('login')}?next={FIND}"
    client.force_login(make_user(Role.CLERK, tree.housing))
    assert client.get(FIND)["Location"] == LIST


def test_an_administrator_finds_nothing(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.post(FIND, {"q": NUMBER}).status_code == 403
    assert client.put(FIND).status_code == 405


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        (f"甲路 {NUMBER}", "甲路"),
        (f"甲路{NUMBER}", "甲路"),
        (f"{NUMBER} 甲路", "甲路"),
        (f"甲路，联系电话：{NUMBER} 方案", "甲路， 方案"),
        (f"甲路 jia@example.cn {NUMBER}", "甲路"),
        ("jia@example.cn", ""),
        ("ＪＩＡ@example.cn 方案", "方案"),
    ],
)
def test_numbers_and_addresses_among_words_leave_the_address(
    clerk_client: Client, tree: Tree, typed: str, left: str
) -> None:
    applicant = make_applicant(phone=NUMBER, email="jia@example.cn")
    case = make_case(tree.housing, applicant=applicant, content="甲路，方案")
    make_case(tree.housing, content="甲路，方案")
    address = sent_to(clerk_client, q=typed)
    assert NUMBER not in address and "example" not in address
    asked = QueryDict(address.partition("?")[2])
    assert asked.get("q", "") == left
    assert found(clerk_client, address) == [case.number]


@pytest.mark.parametrize("typed", ["１３号", "13号"])
def test_full_width_figures_find_what_is_written_either_way(
    clerk_client: Client, tree: Tree, typed: str
) -> None:
    case = make_case(tree.housing, content="甲路13号地块")
    assert found(clerk_client, f"{LIST}?q={typed}") == [case.number]


# reviews and suits --------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [NUMBER, f"甲路 {NUMBER}", f"电话：{NUMBER}"])
def test_reviews_and_suits_are_found_by_a_number_that_leaves_the_address(
    clerk_client: Client, tree: Tree, typed: str
) -> None:
    theirs, others = (
        make_case(tree.housing, applicant=make_applicant(phone=phone), closed_on=date(2025, 9, 16))
        for phone in (NUMBER, "13800000002")
    )
    found_one = make_proceeding(tree.housing, case=theirs, docket="秀政复〔2025〕1号")
    make_proceeding(tree.housing, case=others, docket="秀政复〔2025〕2号")
    asked = {"q": typed, "kind": "review", "sort": "filed_on", "unknown": NUMBER}
    by_form = clerk_client.post(reverse("cases:find_proceedings"), asked)
    by_address = clerk_client.get(reverse("cases:proceedings"), asked)
    address = by_form["Location"]
    assert address == by_address["Location"]
    assert NUMBER not in address and "sort=filed_on" in address and "kind=review" in address
    page = clerk_client.get(address)
    assert [row.record for row in page.context["table"].paginated_rows] == [found_one]
    assert "号码：（按号码精确查找）" in [chip.text for chip in page.context["chips"]]
    assert page.context["kept"]["phone"] == lookup_hash(NUMBER)
    assert NUMBER not in page.text


def test_words_for_reviews_and_suits_stay_words(clerk_client: Client) -> None:
    sent = clerk_client.post(reverse("cases:find_proceedings"), {"q": "浙0411行初12号"})
    assert "phone=" not in sent["Location"]
    assert clerk_client.get(sent["Location"]).status_code == 200


def test_who_reads_no_cases_looks_for_none(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.post(reverse("cases:find_proceedings"), {"q": NUMBER}).status_code == 403
