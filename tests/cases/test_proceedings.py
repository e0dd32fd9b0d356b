"""复议诉讼: entered, linked to a case, put right (section four)."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import ProceedingKind, ProceedingResult, Role
from cases.models import AuditEntry, Case, Proceeding
from tests.makers import (
    RECEIVED,
    TODAY,
    Tree,
    hand_of,
    make_case,
    make_proceeding,
    make_user,
    queries_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LIST, NEW = reverse("cases:proceedings"), reverse("cases:proceeding_new")


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing, closed_on=date(2025, 10, 9))


def typed(tree: Tree, **fields: object) -> dict[str, Any]:
    return {
        "kind": ProceedingKind.REVIEW,
        "department": tree.housing.pk,
        "case_number": "",
        "docket": "秀政复〔2025〕8号",
        "filed_on": "2025-10-20",
        "result": "",
        "concluded_on": "",
        "remarks": "备注仍在",
        "token": uuid4(),
        **fields,
    }


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def amend_url(proceeding: Proceeding) -> str:
    return reverse("cases:proceeding_amend", args=[proceeding.pk])


def test_a_review_is_entered_for_its_case(clerk_client: Client, tree: Tree, case: Case) -> None:
    page = clerk_client.get(NEW, {"case": case.pk})
    assert page.context["form"]["case_number"].value() == case.number
    answer = clerk_client.post(NEW, typed(tree, case_number=case.number), follow=True)
    proceeding = Proceeding.objects.get()
    assert (proceeding.case, proceeding.docket) == (case, "秀政复〔2025〕8号")
    assert answer.redirect_chain[-1][0] == reverse("cases:detail", args=[case.pk])
    assert AuditEntry.objects.latest("pk").act == "登记复议诉讼"


def test_one_without_a_case_goes_back_to_the_list(clerk_client: Client, tree: Tree) -> None:
    answer = clerk_client.post(NEW, typed(tree), follow=True)
    assert answer.redirect_chain[-1][0] == LIST
    assert "秀政复〔2025〕8号" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"filed_on": ""}, "filed_on", "请填写立案日期。"),
        ({"filed_on": "2025-10-28"}, "filed_on", "不能填将来的日期。"),
        ({"filed_on": "2025-02-30"}, "filed_on", "“2025-02-30”不是一个日期"),
        ({"result": "upheld"}, "concluded_on", "结果和审结日期要么都填，要么都不填。"),
        ({"concluded_on": "2025-10-24"}, "result", "结果和审结日期要么都填，要么都不填。"),
        (
            {"result": "upheld", "concluded_on": "2025-10-19"},
            "concluded_on",
            "不能早于立案日期 2025-10-20。",
        ),
        ({"kind": ""}, "kind", "请选择类型。"),
        ({"kind": "x"}, "kind", "所选的类型不在可选项之内"),
        ({"department": "99999"}, "department", "所选的被申请（被告）单位不在可选项之内"),
        ({"case_number": "查无此号"}, "case_number", "区住建局没有编号为“查无此号”的申请件。"),
        ({"result": "x", "concluded_on": "2025-10-24"}, "result", "所选的结果不在可选项之内"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    clerk_client: Client, tree: Tree, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = clerk_client.post(NEW, typed(tree, **fields))
    assert sentence in errors(page)[field][0]
    assert "备注仍在" in page.content.decode()
    assert not Proceeding.objects.exists()


def test_a_case_is_challenged_after_it_came_and_not_when_voided(
    clerk_client: Client, tree: Tree
) -> None:
    case = make_case(tree.housing)
    early = {"case_number": case.number, "filed_on": str(RECEIVED - timedelta(days=1))}
    page = clerk_client.post(NEW, typed(tree, **early))
    assert f"不能早于这件申请的收到日期 {RECEIVED}。" in errors(page)["filed_on"][0]
    workflow.void(case, by=hand_of(tree.housing), today=TODAY, reason="重复登记")
    page = clerk_client.post(NEW, typed(tree, case_number=case.number))
    assert f"{case.number} 已作废。" in page.content.decode()
    assert not Proceeding.objects.exists()


def test_another_departments_case_is_not_to_be_had(clerk_client: Client, tree: Tree) -> None:
    theirs = make_case(tree.land)
    page = clerk_client.post(NEW, typed(tree, case_number=theirs.number))
    assert "没有编号为" in errors(page)["case_number"][0]
    assert clerk_client.get(NEW, {"case": theirs.pk}).status_code == 404
    assert clerk_client.get(NEW, {"case": "x"}).status_code == 200
    assert clerk_client.get(NEW, {"case": "9" * 5000}).status_code == 404


def test_a_case_one_only_reads_gets_no_form(client: Client, tree: Tree) -> None:
    user = make_user(Role.CLERK, tree.housing)
    user.assignments.create(department=tree.land, role=Role.AUDITOR)
    theirs = make_case(tree.land)
    client.force_login(user)
    refused = client.get(NEW, {"case": theirs.pk})
    assert refused.status_code == 403
    assert "您没有在区资规分局登记复议诉讼的权限。" in refused.content.decode()


def test_a_number_that_two_years_used_is_told_apart(clerk_client: Client, tree: Tree) -> None:
    """Ledgers begin again at 1 each year."""
    older, newer = make_case(tree.housing), make_case(tree.housing)
    Case.objects.filter(pk=older.pk).update(number="1", number_year=2024)
    Case.objects.filter(pk=newer.pk).update(number="1")
    page = clerk_client.post(NEW, typed(tree, case_number="1"))
    assert "不止一件编号为“1”" in errors(page)["case_number"][0]
    clerk_client.post(NEW, typed(tree, case_number="1", case_pk=older.pk))
    assert Proceeding.objects.get().case == older


def test_a_docket_stands_once_for_a_department(clerk_client: Client, tree: Tree) -> None:
    clerk_client.post(NEW, typed(tree))
    page = clerk_client.post(NEW, typed(tree))
    assert "该单位已有此案号。" in str(errors(page))
    assert Proceeding.objects.count() == 1


def test_a_double_submit_is_one_proceeding(clerk_client: Client, tree: Tree) -> None:
    once = typed(tree, docket="")
    assert clerk_client.post(NEW, once).status_code == 302
    assert clerk_client.post(NEW, once).status_code == 302
    assert Proceeding.objects.count() == 1


def test_another_proceeding_on_a_used_form_is_kept_and_asked_about(
    clerk_client: Client, tree: Tree
) -> None:
    once = typed(tree)
    clerk_client.post(NEW, once)
    page = clerk_client.post(NEW, once | {"docket": "秀政复〔2025〕9号"})
    assert "这张表单已经登记为 行政复议 秀政复〔2025〕8号" in errors(page)["__all__"][0]
    assert Proceeding.objects.count() == 1
    renewed = page.context["form"]["token"].value()
    clerk_client.post(NEW, once | {"docket": "秀政复〔2025〕9号", "token": renewed})
    assert Proceeding.objects.count() == 2


def test_a_result_is_entered_later(clerk_client: Client, tree: Tree) -> None:
    proceeding = make_proceeding(tree.housing, docket="秀政复〔2025〕8号")
    said = typed(
        tree,
        version=proceeding.version,
        filed_on="2025-09-15",
        result=ProceedingResult.CORRECTED,
        concluded_on="2025-10-24",
    )
    clerk_client.post(amend_url(proceeding), said)
    proceeding.refresh_from_db()
    assert (proceeding.result, proceeding.concluded_on) == (
        ProceedingResult.CORRECTED,
        date(2025, 10, 24),
    )
    entry = AuditEntry.objects.latest("pk")
    assert entry.act == "更正复议诉讼"
    assert (entry.before["result"], entry.after["result"]) == ("", "corrected")


def test_two_clerks_at_one_proceeding(clerk_client: Client, tree: Tree) -> None:
    proceeding = make_proceeding(tree.housing, docket="秀政复〔2025〕8号")
    said = typed(tree, version=proceeding.version, filed_on="2025-09-15")
    clerk_client.post(amend_url(proceeding), said | {"remarks": "先到"})
    page = clerk_client.post(amend_url(proceeding), said | {"remarks": "后到"})
    assert "已被别人改过" in errors(page)["__all__"][0]
    assert "后到" in page.content.decode()
    proceeding.refresh_from_db()
    assert proceeding.remarks == "先到"
    again = said | {"remarks": "后到", "version": page.context["form"]["version"].value()}
    assert clerk_client.post(amend_url(proceeding), again).status_code == 302


@pytest.mark.parametrize("version", ["", "x"])
def test_a_form_that_has_lost_what_it_saw_is_asked_about(
    clerk_client: Client, tree: Tree, version: str
) -> None:
    proceeding = make_proceeding(tree.housing, docket="秀政复〔2025〕8号")
    said = typed(tree, version=version, filed_on="2025-09-15")
    page = clerk_client.post(amend_url(proceeding), said)
    assert errors(page)["version"][0].startswith("表单已过期，没有保存。")
    proceeding.refresh_from_db()
    assert proceeding.remarks == ""
    again = said | {"version": page.context["form"]["version"].value()}
    assert clerk_client.post(amend_url(proceeding), again).status_code == 302


def test_the_list_filters_and_searches(clerk_client: Client, tree: Tree, case: Case) -> None:
    pending = make_proceeding(tree.housing, case=case, docket="秀政复〔2025〕8号")
    ended = make_proceeding(
        tree.housing,
        kind=ProceedingKind.SUIT_DIRECT,
        docket="行初12号",
        result=ProceedingResult.UPHELD,
        concluded_on=date(2025, 10, 9),
    )
    theirs = make_proceeding(tree.land, docket="行初99号")

    def found(**asked: str) -> list[Proceeding]:
        table = clerk_client.get(LIST, asked).context["table"]
        return [row.record for row in table.paginated_rows]

    assert set(found()) == {pending, ended}
    assert theirs not in found()
    assert found(result="pending") == [pending]
    assert found(result="upheld") == [ended]
    assert found(kind="suit_direct") == [ended]
    assert found(q=case.number) == [pending]
    assert found(q="行初") == [ended]
    page = clerk_client.get(LIST, {"kind": "x", "department": str(tree.land.pk)})
    assert len(page.context["complaints"]) == 2


def test_the_list_costs_no_query_a_row(clerk_client: Client, tree: Tree, case: Case) -> None:
    def visit() -> int:
        return queries_of(lambda: clerk_client.get(LIST))

    make_proceeding(tree.housing, case=case)
    visit()
    with_one = visit()
    for _ in range(20):
        make_proceeding(tree.housing, case=case)
    assert visit() == with_one <= 10


def test_a_stranger_finds_nothing(client: Client, tree: Tree) -> None:
    proceeding = make_proceeding(tree.housing)
    client.force_login(make_user(Role.CLERK, tree.land))
    assert client.get(amend_url(proceeding)).status_code == 404
    assert client.post(amend_url(proceeding), typed(tree)).status_code == 404


def test_an_auditor_reads_and_enters_nothing(client: Client, tree: Tree) -> None:
    proceeding = make_proceeding(tree.housing)
    client.force_login(make_user(Role.AUDITOR, tree.government))
    listed = client.get(LIST)
    assert "（无案号）" in listed.content.decode()
    assert amend_url(proceeding) not in listed.content.decode()
    for url in (NEW, amend_url(proceeding)):
        assert client.get(url).status_code == 403
        assert client.post(url, typed(tree)).status_code == 403
    assert Proceeding.objects.count() == 1


def test_one_cannot_be_moved_out_of_a_department_one_only_reads(client: Client, tree: Tree) -> None:
    user = make_user(Role.CLERK, tree.housing)
    user.assignments.create(department=tree.land, role=Role.AUDITOR)
    proceeding = make_proceeding(tree.land)
    client.force_login(user)
    assert client.post(amend_url(proceeding), typed(tree)).status_code == 403
    proceeding.refresh_from_db()
    assert proceeding.department == tree.land


def test_other_methods_are_refused(clerk_client: Client, tree: Tree) -> None:
    assert clerk_client.post(LIST).status_code == 405
    assert clerk_client.put(NEW).status_code == 405
    assert clerk_client.put(amend_url(make_proceeding(tree.housing))).status_code == 405
