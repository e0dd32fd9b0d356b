"""A ledger that changes a year whose report is public: told in the preview, one reason for all."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cases.choices import JobState, Role
from cases.ledger import LedgerError, Limits, Plan, plan_import, read_ledger, save_import
from cases.models import AuditEntry, Case, LateChange, LedgerUpload, Proceeding, SealedYear
from cases.workflow import seal_year
from tests.ledgers import case_row, make_ledger, proceeding_row
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding, make_user
from tests.uploads import confirm, do_jobs, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

WHY = "纸质登记簿漏登，整理档案时发现"
LAST, FIRST = date(2024, 12, 31), date(2025, 1, 1)
TOLD = "区住建局 2024 年度报告已于 2025-01-20 公布，这一行会改变它的数据"
CLOSED = {"答复类型": "予以公开"}


@pytest.fixture
def sealed(tree: Tree) -> SealedYear:
    by = hand_of(tree.housing)
    return seal_year(tree.housing, 2024, since=date(2025, 1, 20), rows={}, by=by)


def plan_of(*cases: dict[str, Any], proceedings: list[dict[str, Any]] | None = None) -> Plan:
    content = make_ledger(cases or None, proceedings)
    ledger = read_ledger(
        content, file_name="台账.xlsx", today=TODAY, department_needed=True, limits=Limits()
    )
    return plan_import(ledger, by=None, department=None)


def places() -> list[tuple[list[str], list[str]]]:
    return list(LateChange.objects.values_list("before", "after"))


def save(plan: Plan, late_reason: str = WHY, **said: Any) -> None:
    save_import(plan, by=None, today=TODAY, late_reason=late_reason, **said)


def test_a_row_of_the_year_is_told_and_asks_for_a_reason(sealed: SealedYear) -> None:
    plan = plan_of(case_row(1, 收到日期=LAST), case_row(2, 收到日期=FIRST))
    assert [(late.row.row, late.sentence) for late in plan.late] == [(2, TOLD)]
    with pytest.raises(LedgerError, match="有 1 行会改变已公布的年度报告的数据"):
        save(plan, " ")
    assert not Case.objects.exists()
    save(plan)
    change = LateChange.objects.get()
    case = Case.objects.get(number="1")
    assert (change.case, change.reason, change.sealed_year) == (case, WHY, sealed)
    assert places() == [([], ["new_received", "natural_person", "carried_forward"])]
    event = case.events.get()
    assert event.text.endswith(f"{sealed}公布后补录，原因：{WHY}")
    assert event.data["late_reason"] == WHY
    assert "公布后补录" not in Case.objects.get(number="2").events.get().text
    assert AuditEntry.objects.get(act="导入台账").after["late_reason"] == WHY


@pytest.mark.parametrize(("closed_on", "late"), [(LAST, 1), (FIRST, 0)])
def test_a_reply_filled_in_is_late_in_the_year_alone(
    tree: Tree, closed_on: date, late: int
) -> None:
    case = make_case(tree.housing, received_on=date(2024, 12, 20))
    seal_year(tree.housing, 2024, since=date(2025, 1, 20), rows={}, by=hand_of(tree.housing))
    row = case_row(case.number, 收到日期=case.received_on, 答复日期=closed_on, **CLOSED)
    plan = plan_of(row)
    assert len(plan.late) == late
    save(plan, WHY if late else "")
    assert Case.objects.get().closed_on == closed_on
    new = ["new_received", "natural_person"]
    assert places() == [([*new, "carried_forward"], [*new, "granted"])] * late
    assert bool(case.events.filter(kind="completed", text__contains=WHY)) == bool(late)


def test_what_a_ledger_takes_over_is_late_as_well(tree: Tree) -> None:
    case = make_case(tree.housing, received_on=LAST)
    seal_year(tree.housing, 2024, since=date(2025, 1, 20), rows={}, by=hand_of(tree.housing))
    plan = plan_of(case_row(case.number, 收到日期=LAST, 申请人类别="商业企业"))
    save(plan, take_over="以纸质档案为准")
    [(before, after)] = places()
    assert (before[1], after[1]) == ("natural_person", "org_commercial")


def test_reviews_and_suits_are_late_too(tree: Tree, sealed: SealedYear) -> None:
    after = proceeding_row(立案日期=FIRST, 案号="嘉政复〔2025〕1号")
    new = proceeding_row(立案日期=LAST, 案号="嘉政复〔2024〕9号")
    plan = plan_of(proceedings=[new, after])
    assert [late.sentence for late in plan.late] == [TOLD]
    save(plan)
    assert LateChange.objects.get().proceeding == Proceeding.objects.get(filed_on=LAST)
    ended = new | {"结果": "结果维持", "审结日期": LAST}
    save(plan_of(proceedings=[ended, after]))
    pending, upheld = ["", "review", "pending"], ["", "review", "upheld"]
    assert places() == [([], pending), (pending, upheld)]


def test_concluded_after_the_year_it_is_not(tree: Tree) -> None:
    docket = "嘉政复〔2024〕9号"
    make_proceeding(tree.housing, filed_on=date(2024, 11, 1), docket=docket)
    seal_year(tree.housing, 2024, since=date(2025, 1, 20), rows={}, by=hand_of(tree.housing))
    row = proceeding_row(立案日期=date(2024, 11, 1), 案号=docket, 结果="结果维持", 审结日期=FIRST)
    assert not plan_of(proceedings=[row]).late


# The page and the command -----------------------------------------------------------------------


@pytest.fixture
def reviewer(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.REVIEWER, tree.housing, name="审核人庚"))
    return client


def shown(client: Client, upload: LedgerUpload) -> str:
    return client.get(reverse("cases:import", args=[upload.pk])).content.decode()


def test_the_preview_shows_the_rows_and_asks(
    reviewer: Client, tree: Tree, sealed: SealedYear
) -> None:
    upload = planned(reviewer, make_ledger([case_row(1, 收到日期=LAST)]), tree.housing)
    page = shown(reviewer, upload)
    assert TOLD in page
    assert 'name="late_reason"' in page
    answer = confirm(reviewer, upload, late_reason=" ")
    assert answer.context["form"].errors == {
        "late_reason": ["有些行会改变已公布的年度报告的数据，请写明原因。"]
    }
    answer = confirm(reviewer, upload, late_reason="见 13800000000")
    assert "个人信息" in str(answer.context["form"].errors)
    confirm(reviewer, upload, late_reason=WHY)
    (job,) = do_jobs()
    assert job.state == JobState.DONE, job.error
    assert LateChange.objects.get().reason == WHY
    assert f"改变已公布年度的数据（{WHY}）" in shown(reviewer, upload)


def test_a_ledger_that_changes_no_sealed_year_is_asked_nothing(
    reviewer: Client, tree: Tree, sealed: SealedYear
) -> None:
    upload = planned(reviewer, make_ledger([case_row(1, 收到日期=FIRST)]), tree.housing)
    page = shown(reviewer, upload)
    assert "已公布" not in page
    assert 'name="late_reason"' not in page


def test_sealed_after_the_preview_the_import_says_so(reviewer: Client, tree: Tree) -> None:
    upload = planned(reviewer, make_ledger([case_row(1, 收到日期=LAST)]), tree.housing)
    seal_year(tree.housing, 2024, since=date(2025, 1, 20), rows={}, by=hand_of(tree.housing))
    confirm(reviewer, upload)
    (job,) = do_jobs()
    assert job.state == JobState.FAILED
    assert "有了变动" in job.error
    assert TOLD in shown(reviewer, upload)
    assert not Case.objects.exists()


def test_sealed_while_it_is_imported_nothing_is_written(tree: Tree) -> None:
    plan = plan_of(case_row(1, 收到日期=LAST))
    seal_year(tree.housing, 2024, since=date(2025, 1, 20), rows={}, by=hand_of(tree.housing))
    with pytest.raises(LedgerError, match="请重新导入"):
        save(plan, "")
    assert not Case.objects.exists()


def test_the_command_takes_the_reason(tree: Tree, sealed: SealedYear, tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(make_ledger([case_row(1, 收到日期=LAST)]))
    told = StringIO()
    with pytest.raises(CommandError, match="没有写明原因"):
        call_command("import_ledger", file, stdout=told)
    assert TOLD in told.getvalue()
    told = StringIO()
    call_command("import_ledger", file, "--json", late_reason=WHY, stdout=told)
    said = json.loads(told.getvalue())
    assert (said["late"], said["written"]) == (
        [{"sheet": "申请台账", "row": 2, "message": TOLD}],
        True,
    )
    assert LateChange.objects.get().reason == WHY
