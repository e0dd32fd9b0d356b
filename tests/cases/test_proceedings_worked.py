"""复议诉讼 worked: the notice, the written answer in its term, the real result."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases.choices import ProceedingKind, ProceedingResult, Ruling
from cases.models import Case, Proceeding
from reports.choices import OWN
from reports.counting import Period, count, scope_of
from reports.formats import get_format
from tests.makers import TODAY, Tree, make_case, make_proceeding, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LIST, NEW = reverse("cases:proceedings"), reverse("cases:proceeding_new")


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, closed_on=date(2025, 9, 16))


def typed(tree: Tree, **fields: object) -> dict[str, Any]:
    return {
        "kind": ProceedingKind.REVIEW,
        "department": tree.housing.pk,
        "docket": "秀政复〔2025〕8号",
        "filed_on": "2025-10-10",
        "remarks": "备注仍在",
        "token": uuid4(),
        **fields,
    }


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def amend_url(proceeding: Proceeding) -> str:
    return reverse("cases:proceeding_amend", args=[proceeding.pk])


def test_the_notice_starts_the_term_of_the_answer(
    clerk_client: Client, tree: Tree, case: Case
) -> None:
    said = typed(tree, case_number=case.number, received_on="2025-10-14")
    page = clerk_client.post(NEW, said, follow=True).content.decode()
    assert "书面答复期限" in page and "2025-10-28" in page  # the tenth working day
    assert "剩 1 日" in page and "行政复议法第四十八条" in page
    proceeding = Proceeding.objects.get()
    form = clerk_client.get(amend_url(proceeding)).content.decode()
    assert "2025-10-28 星期二" in form and "剩 1 日" in form


@pytest.mark.parametrize(
    ("fields", "day", "lamp"),
    [
        ({"received_on": date(2025, 10, 13)}, "10-27", "今日到期"),
        ({"received_on": date(2025, 10, 11)}, "10-24", "逾期 1 日"),
        ({"received_on": date(2025, 10, 20), "procedure": "summary"}, "10-27", "今日到期"),
        ({"received_on": date(2025, 10, 17), "procedure": "summary"}, "10-24", "逾期 1 日"),
        (
            {"received_on": date(2025, 10, 11), "defence_sent_on": date(2025, 10, 24)},
            "10-24",
            "按期提交",
        ),
        (
            {"received_on": date(2025, 10, 11), "defence_sent_on": date(2025, 10, 27)},
            "10-24",
            "逾期 1 日提交",
        ),
        ({"kind": "suit_direct", "received_on": date(2025, 10, 10)}, "10-27", "今日到期"),
        ({"kind": "suit_direct", "received_on": date(2025, 10, 9)}, "10-24", "逾期 1 日"),
        ({}, "—", "未登记收到通知"),
    ],
)
def test_the_list_shows_the_term_with_its_lamp(
    clerk_client: Client, tree: Tree, fields: dict[str, Any], day: str, lamp: str
) -> None:
    make_proceeding(tree.housing, docket="甲", **fields)
    content = clerk_client.get(LIST).content.decode()
    assert f">{lamp}</span>" in content
    assert f">{day}<" in content


def test_one_of_a_ledger_has_no_term(clerk_client: Client, tree: Tree, case: Case) -> None:
    make_proceeding(
        tree.housing,
        case=case,
        filed_on=date(2025, 9, 17),
        result=ProceedingResult.UPHELD,
        concluded_on=date(2025, 10, 9),
    )
    page = clerk_client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "结果维持，2025-10-09 审结" in page
    assert "书面答复期限" not in page and "未登记收到通知" not in page


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"received_on": "2025-10-09"}, "received_on", "不能早于立案日期 2025-10-10。"),
        ({"received_on": "2025-10-28"}, "received_on", "不能填将来的日期。"),
        ({"defence_sent_on": "2025-10-20"}, "received_on", "请填写收到通知日期"),
        (
            {"received_on": "2025-10-20", "defence_sent_on": "2025-10-19"},
            "defence_sent_on",
            "不能早于收到通知日期 2025-10-20。",
        ),
        (
            {"received_on": "2025-10-20", "defence_sent_on": "2025-10-28"},
            "defence_sent_on",
            "不能填将来的日期。",
        ),
        ({"procedure": "x"}, "procedure", "所选的复议程序不在可选项之内"),
        (
            {"kind": "suit_direct", "procedure": "summary"},
            "procedure",
            "普通程序、简易程序只用于行政复议，诉讼请留空。",
        ),
        ({"ruling": "x", "concluded_on": "2025-10-24"}, "ruling", "所选的实际结果不在可选项之内"),
        ({"ruling": "revoked"}, "concluded_on", "结果和审结日期要么都填，要么都不填。"),
        (
            {"ruling": "revoked", "result": "upheld", "concluded_on": "2025-10-24"},
            "result",
            "“撤销”计入结果纠正，与所选的不一致。",
        ),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(NEW, typed(tree, **fields))
    assert sentence in errors(page)[field][0]
    assert "备注仍在" in page.content.decode()
    assert not Proceeding.objects.exists()


@pytest.mark.parametrize("ruling", Ruling)
def test_the_real_result_says_what_the_table_counts(
    clerk_client: Client, tree: Tree, case: Case, ruling: Ruling
) -> None:
    said = typed(tree, case_number=case.number, ruling=ruling, concluded_on="2025-10-24")
    page = clerk_client.post(NEW, said, follow=True).content.decode()
    proceeding = Proceeding.objects.get()
    assert (proceeding.ruling, proceeding.result) == (ruling, ruling.result)
    assert f"{ruling.label}（{ruling.result.label}），2025-10-24 审结" in page


def test_section_four_counts_the_result_whatever_was_ruled(tree: Tree) -> None:
    ended: dict[str, Any] = {"result": ProceedingResult.CORRECTED, "concluded_on": TODAY}
    make_proceeding(tree.housing, **ended)
    make_proceeding(tree.housing, **ended, ruling=Ruling.UNLAWFUL, received_on=TODAY)
    make_proceeding(tree.housing, received_on=TODAY, defence_sent_on=TODAY)
    year = Period.year(2025)
    table = count(scope_of(tree.housing, OWN, year), year, get_format("2021"))
    assert table.section_four["review"] == [0, 2, 0, 1, 3]


def test_a_long_ruling_keeps_to_its_column(clerk_client: Client, tree: Tree) -> None:
    """Cut off on the screen, whole on paper and for whoever points at it."""
    ruling = Ruling.CLAIM_DISMISSED
    make_proceeding(tree.housing, ruling=ruling, result=ruling.result, concluded_on=TODAY)
    page = clerk_client.get("/proceedings/").content.decode()
    assert f'<span class="ellip" title="{ruling.label}">{ruling.label}</span>' in page


def test_the_database_holds_ruling_and_result_together(tree: Tree) -> None:
    proceeding = make_proceeding(
        tree.housing, ruling=Ruling.REVOKED, result="corrected", concluded_on=TODAY
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Proceeding.objects.filter(pk=proceeding.pk).update(result=ProceedingResult.UPHELD)
    with pytest.raises(ValidationError):
        make_proceeding(tree.housing, ruling=Ruling.VOID, result="other", concluded_on=TODAY)


def test_what_a_ledger_changes_drops_what_no_longer_fits() -> None:
    proceeding = Proceeding(kind="suit_direct", procedure="summary", ruling="revoked")
    proceeding.result = ProceedingResult.UPHELD
    proceeding.drop_what_does_not_fit()
    assert (proceeding.procedure, proceeding.ruling) == ("", "")
    kept = Proceeding(kind="review", procedure="summary", ruling="revoked", result="corrected")
    kept.drop_what_does_not_fit()
    assert (kept.procedure, kept.ruling) == ("summary", "revoked")


def test_the_list_is_narrowed_by_what_is_owed(clerk_client: Client, tree: Tree) -> None:
    late = make_proceeding(tree.housing, docket="甲", received_on=date(2025, 10, 11))
    today = make_proceeding(tree.housing, docket="乙", received_on=date(2025, 10, 13))
    make_proceeding(
        tree.housing, docket="丙", received_on=date(2025, 9, 16), defence_sent_on=date(2025, 9, 17)
    )
    make_proceeding(tree.housing, docket="丁")
    make_proceeding(tree.land, docket="戊", received_on=date(2025, 10, 11))

    def found(due: str) -> set[Proceeding]:
        table = clerk_client.get(LIST, {"due": due}).context["table"]
        return {row.record for row in table.paginated_rows}

    assert found("to_answer") == {late, today}
    assert found("overdue") == {late}
    assert found("again") == set()
    page = clerk_client.get(LIST, {"due": "x"})
    assert page.context["complaints"] == ["没有“x”这样的期限，未按它筛选。"]


def test_a_long_kind_stays_in_its_column(clerk_client: Client, tree: Tree) -> None:
    make_proceeding(tree.housing, kind=ProceedingKind.SUIT_DIRECT)
    label = ProceedingKind.SUIT_DIRECT.label
    assert f'<span class="ellip" title="{label}">{label}</span>' in clerk_client.get(LIST).text


def test_terms_cost_no_query_a_row(clerk_client: Client, tree: Tree, case: Case) -> None:
    def visit() -> int:
        return queries_of(lambda: clerk_client.get(LIST, {"due": "overdue"}))

    def add() -> None:
        make_proceeding(
            tree.housing, case=case, filed_on=date(2025, 9, 17), received_on=date(2025, 9, 18)
        )

    add()
    visit()
    with_one = visit()
    for _ in range(20):
        add()
    assert visit() == with_one <= 11
