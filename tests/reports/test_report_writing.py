"""Writing a report: passages, section two, figures set centrally, the tie to last year."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cases.choices import Role
from cases.models import OfficeContact, User
from reports import annual
from reports.annual import Entry
from reports.choices import HOME, OWN, ReportStepKind
from reports.formats.content import SectionTwoFigures
from reports.models import AnnualReport, FactKind
from reports.usual_facts import USUAL_FACTS
from tests.makers import Facts, Tree, hand_of, make_case, make_tree, make_user
from tests.reports.report_cast import entered, filled, step, zeros
from tests.reports.test_report_pages import address, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TEXTS, TWO, TIE = "texts/", "section-two/", "tie/"
MADE = "section_two.normative_documents.made_this_year"
CENTRAL = "section-two/normative_documents/made_this_year/"


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def hand(tree: Tree, client: Client) -> User:
    user = hand_of(tree.housing)
    client.force_login(user)
    return user


@pytest.fixture
def office(tree: Tree) -> User:
    return make_user(Role.SUPERVISOR, tree.government, name="政务公开主管乙")


def offered(response: Any) -> dict[str, str]:
    """Key of the passage → all that is offered for it."""
    return {
        each["field"].name: "".join(proposal.text for proposal in each["proposals"])
        for each in response.context["passages"]
    }


def typed_two(**changed: str) -> dict[str, str]:
    """Section two as a form hands it in: zeros, but for what is given as made_this_year=…."""
    said = dict.fromkeys(zeros().amounts, "0")
    return said | {
        f"section_two.normative_documents.{key}": typed for key, typed in changed.items()
    }


# Who may, and when ------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [TEXTS, TWO, TIE])
def test_a_stranger_finds_nothing_to_write(client: Client, tree: Tree, page: str) -> None:
    filled(tree.housing, hand_of(tree.housing))
    client.force_login(make_user(Role.REVIEWER, tree.neighbour))
    assert client.get(address(tree.housing, page)).status_code == 404
    assert client.post(address(tree.housing, page), {}).status_code == 404


@pytest.mark.parametrize("page", [TEXTS, TWO, TIE])
def test_who_only_reads_does_not_write(client: Client, tree: Tree, page: str) -> None:
    report = filled(tree.housing, hand_of(tree.housing))
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    assert client.get(address(tree.housing, page)).status_code == 403
    said = {"version": report.version, "problems": "改过", "text": "改过", **typed_two()}
    assert client.post(address(tree.housing, page), said).status_code == 403
    report.refresh_from_db()
    assert "改过" not in (report.texts["problems"], report.tie_explanation)


@pytest.mark.parametrize("page", [TEXTS, TWO, TIE])
def test_confirmed_it_is_not_written_any_more(
    client: Client, tree: Tree, hand: User, page: str
) -> None:
    report = step(filled(tree.housing, hand), ReportStepKind.CONFIRMED, hand)
    assert "不能再改" in text_of(client.get(address(tree.housing, page), follow=True))
    said = {"version": report.version, "problems": "后来想到的", "text": "后来想到的"}
    response = client.post(address(tree.housing, page), {**said, **typed_two()})
    assert response.status_code == 403 and "不能再改" in text_of(response)


@pytest.mark.parametrize("page", [TEXTS, TWO, TIE])
def test_there_is_nothing_to_write_before_it_is_begun(
    client: Client, tree: Tree, hand: User, page: str
) -> None:
    assert client.get(address(tree.housing, page)).status_code == 404


# Passages ---------------------------------------------------------------------------------------


def test_passages_are_written_and_counted(client: Client, tree: Tree, hand: User) -> None:
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    said = {"version": report.version, "problems": "台账 不全。\n下年改进。"}
    response = client.post(address(tree.housing, TEXTS), said, follow=True)
    assert "文字已保存" in text_of(response) and "10字" in text_of(response)
    report.refresh_from_db()
    assert report.texts["problems"] == "台账 不全。\n下年改进。"
    shown = client.get(address(tree.housing, TEXTS)).context["passages"]
    assert {each["field"].name: each["length"] for each in shown}["problems"] == 10


def test_a_passage_too_long_is_told_beside_it(client: Client, tree: Tree, hand: User) -> None:
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    said = {"version": report.version, "problems": "长" * 20_001, "platform": "网站改版。"}
    response = client.post(address(tree.housing, TEXTS), said)
    assert "最多20000个字" in text_of(response) and "网站改版。" in response.content.decode()
    report.refresh_from_db()
    assert report.texts == {}


def test_what_another_saved_is_not_overwritten_and_the_words_stay(
    client: Client, tree: Tree, hand: User
) -> None:
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    seen = report.version
    annual.save_texts(report, {"problems": "先保存的"}, by=hand, version=None)
    said = {"version": seen, "problems": "后写的"}
    response = client.post(address(tree.housing, TEXTS), said)
    assert "已被别人改过" in text_of(response) and "后写的" in response.content.decode()
    report.refresh_from_db()
    assert report.texts["problems"] == "先保存的"
    assert response.context["form"]["version"].value() == str(report.version)


def test_sentences_are_offered_from_the_figures_and_written_by_nobody(
    client: Client, tree: Tree, hand: User
) -> None:
    OfficeContact.objects.create(
        department=tree.housing, office="办公室", address="甲路1号", telephone="0573-82710000"
    )
    make_case(tree.housing, received_on=date(2023, 12, 20), closed_on=date(2024, 1, 10))
    make_case(tree.housing, received_on=date(2024, 3, 1), closed_on=date(2024, 3, 20))
    make_case(tree.housing, received_on=date(2024, 12, 20))
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    said = offered(client.get(address(tree.housing, TEXTS)))
    assert "〔2021〕30号" in said["opening"] and "2024年1月1日至12月31日" in said["opening"]
    assert "办公室，地址：甲路1号" in said["opening"]
    assert "新收政府信息公开申请2件，上年结转1件，共3件" in said["requests"]
    assert "办结2件，均为予以公开；结转下年度继续办理1件" in said["requests"]
    assert said["other_matters"] == "2024年度没有收取信息处理费。"
    assert said["problems"] == said["management"] == ""
    report.refresh_from_db()
    assert report.texts == {}


def test_fees_are_told_as_collected(client: Client, tree: Tree, hand: User) -> None:
    fee = Facts(fee=(date(2024, 3, 8), date(2024, 3, 15)))
    make_case(tree.housing, received_on=date(2024, 3, 1), facts=fee)
    annual.begin(tree.housing, OWN, 2024, by=hand)
    said = offered(client.get(address(tree.housing, TEXTS)))
    assert said["other_matters"] == "2024年度收取信息处理费380元。"


def test_figures_of_section_two_make_a_sentence_of_their_own(
    client: Client, tree: Tree, hand: User
) -> None:
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    figures = dict(zeros().amounts) | {
        MADE: Decimal(3),
        "section_two.admin_fees.fee_amount": Decimal("5.20"),
    }
    annual.save_section_two(report, SectionTwoFigures(figures), by=hand, version=None)
    said = offered(client.get(address(tree.housing, TEXTS)))
    assert said["disclosure"] == "2024年度，行政规范性文件制发3件；行政事业性收费金额5.2万元。"


def test_yearly_figures_are_offered_in_their_passage(
    client: Client, tree: Tree, hand: User, office: User
) -> None:
    annual.take_usual(tree.government, by=office, year=2024)
    told = {FactKind.objects.get(key="trainings").pk: Entry(3)}
    annual.tell_facts(tree.housing, 2024, told, by=hand, version=None)
    annual.begin(tree.housing, OWN, 2024, by=hand)
    said = offered(client.get(address(tree.housing, TEXTS)))
    assert "组织业务培训3" in said[USUAL_FACTS["trainings"].passage]


def test_a_roll_up_tells_office_and_departments_apart(
    client: Client, tree: Tree, office: User
) -> None:
    for organ in (tree.office, tree.housing, tree.land):
        make_case(organ, received_on=date(2024, 3, 1))
    annual.begin(tree.government, HOME, 2024, by=office)
    client.force_login(office)
    said = offered(client.get(address(tree.government, TEXTS, scope=HOME)))
    assert "其中区政府办1件、其余单位2件" in said["requests"]


# Section two ------------------------------------------------------------------------------------


def test_figures_are_taken_as_people_write_them(client: Client, tree: Tree, hand: User) -> None:
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    said = typed_two(made_this_year="１,２３４", in_force="") | {
        "section_two.admin_fees.fee_amount": "5.25",
        "version": str(report.version),
    }
    response = client.post(address(tree.housing, TWO), said)
    assert response.headers["Location"] == address(tree.housing) + "#table-2"
    report.refresh_from_db()
    amounts = SectionTwoFigures.from_json(report.format, report.section_two).amounts
    assert amounts[MADE] == 1234 and amounts["section_two.normative_documents.in_force"] is None
    assert amounts["section_two.admin_fees.fee_amount"] == Decimal("5.25")
    shown = client.get(address(tree.housing, TWO)).content.decode()
    assert "万元" in shown and 'value="5.25"' in shown and 'value="1234"' in shown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("三件", "须为数字"),
        ("1.5", "须为整数"),
        ("-1", "不能为负数"),
        ("NaN", "须为数字"),
    ],
)
def test_a_wrong_figure_is_told_in_its_cell_and_nothing_is_lost(
    client: Client, tree: Tree, hand: User, typed: str, words: str
) -> None:
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    said = typed_two(made_this_year=typed, in_force="77") | {"version": str(report.version)}
    response = client.post(address(tree.housing, TWO), said)
    body = response.content.decode()
    assert f'id="id_{MADE}_error"' in body and words in text_of(response)
    assert f'value="{typed}"' in body and 'value="77"' in body
    report.refresh_from_db()
    assert report.section_two[MADE] is None


def test_in_the_format_of_2019_a_change_may_be_negative(
    client: Client, tree: Tree, hand: User
) -> None:
    report = annual.begin(tree.housing, OWN, 2020, by=hand)
    path = "section_two.admin_licensing.items_change"
    said = {"version": str(report.version), path: "-3"}
    client.post(address(tree.housing, TWO, year=2020), said)
    report.refresh_from_db()
    assert report.section_two[path] == "-3"


def test_last_years_figures_stand_beside_and_a_jump_is_pointed_out(
    client: Client, tree: Tree, hand: User
) -> None:
    entered(tree.housing, hand)
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    said = typed_two(made_this_year="3", in_force="40") | {"version": str(report.version)}
    assert client.post(address(tree.housing, TWO), said).status_code == 302
    response = client.get(address(tree.housing, TWO))
    assert "上年0" in text_of(response)
    codes = {check.code for check in response.context["pointed_out"]}
    assert codes == {"s2_in_force", "swing"}


def test_section_two_is_not_overwritten(client: Client, tree: Tree, hand: User) -> None:
    report = annual.begin(tree.housing, OWN, 2024, by=hand)
    annual.save_section_two(report, zeros(), by=hand, version=None)
    said = typed_two(made_this_year="9") | {"version": str(report.version)}
    response = client.post(address(tree.housing, TWO), said)
    assert "已被别人改过" in text_of(response) and 'value="9"' in response.content.decode()


# Figures set centrally --------------------------------------------------------------------------


@pytest.fixture
def summed(tree: Tree, office: User, client: Client) -> AnnualReport:
    """A roll-up of two organs that made 3 and 4 documents."""
    for organ, made in ((tree.housing, 3), (tree.land, 4)):
        own = filled(organ, hand_of(organ))
        figures = SectionTwoFigures(dict(zeros().amounts) | {MADE: Decimal(made)})
        annual.save_section_two(own, figures, by=hand_of(organ), version=None)
    client.force_login(office)
    return annual.begin(tree.government, HOME, 2024, by=office)


def test_a_figure_is_set_centrally_beside_its_sum(
    client: Client, tree: Tree, summed: AnnualReport
) -> None:
    page = address(tree.government, CENTRAL, scope=HOME)
    assert page in client.get(address(tree.government, TWO, scope=HOME)).content.decode()
    text = text_of(client.get(page))
    assert "各单位相加：7" in text and "区资规分局4" in text
    said = {"version": summed.version, "value": "6", "source": "区司法局", "reason": "联合制发"}
    response = client.post(page, said, follow=True)
    assert "相加7" in text_of(response) and "联合制发" in text_of(response)
    summed.refresh_from_db()
    assert annual.content_of(summed).section_two.value(MADE) == 6
    client.post(page, {"version": summed.version, "value": "", "source": "", "reason": ""})
    summed.refresh_from_db()
    assert annual.content_of(summed).section_two.value(MADE) == 7


def test_what_differs_from_the_sum_is_pointed_out(
    client: Client, tree: Tree, summed: AnnualReport, office: User
) -> None:
    said: dict[str, Any] = {"source": "区司法局", "reason": "联合制发", "by": office}
    annual.set_centrally(summed, MADE, Decimal(6), version=None, **said)
    response = client.get(address(tree.government, TWO, scope=HOME))
    assert "6≠7，请核对" in text_of(response)


def test_a_figure_set_centrally_says_whence_and_why(
    client: Client, tree: Tree, summed: AnnualReport
) -> None:
    page = address(tree.government, CENTRAL, scope=HOME)
    response = client.post(page, {"version": summed.version, "value": "6", "source": "区司法局"})
    assert response.context["form"].errors.keys() == {"reason"}
    assert (
        "请写明与相加不同的原因" in text_of(response)
        and 'value="区司法局"' in response.content.decode()
    )
    response = client.post(page, {"version": summed.version, "value": "6.5"})
    assert "须为整数" in text_of(response)


def test_only_a_roll_up_has_figures_set_centrally(client: Client, tree: Tree, hand: User) -> None:
    annual.begin(tree.housing, OWN, 2024, by=hand)
    assert client.get(address(tree.housing, CENTRAL)).status_code == 404


def test_a_departments_hand_sets_nothing_in_the_roll_up(
    client: Client, tree: Tree, summed: AnnualReport
) -> None:
    client.force_login(hand_of(tree.housing))
    assert client.get(address(tree.government, CENTRAL, scope=HOME)).status_code == 404
    client.force_login(make_user(Role.REVIEWER, tree.government))
    assert client.get(address(tree.government, CENTRAL, scope=HOME)).status_code == 403


# The tie ----------------------------------------------------------------------------------------


def test_the_tie_is_explained(client: Client, tree: Tree, hand: User) -> None:
    entered(tree.housing, hand, forward=2)
    report = filled(tree.housing, hand)
    page = address(tree.housing, TIE)
    assert page in client.get(address(tree.housing)).content.decode()
    assert "自然人02不符" in text_of(client.get(page))
    said = {"version": report.version, "text": "上年两件重复登记，已更正发布。"}
    assert "上年两件重复登记" in text_of(client.post(page, said, follow=True))
    report.refresh_from_db()
    found = annual.open_findings(report)
    assert found and all(finding.check.severity == "warning" for finding in found)


def test_an_explanation_is_not_lost_to_another(client: Client, tree: Tree, hand: User) -> None:
    report = filled(tree.housing, hand)
    annual.explain_tie(report, "先写的", by=hand, version=None)
    said = {"version": report.version, "text": "后写的"}
    response = client.post(address(tree.housing, TIE), said)
    assert "已被别人改过" in text_of(response) and "后写的" in response.content.decode()
