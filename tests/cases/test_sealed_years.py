"""A year whose report is public: what would change its figures says why, the rest need not."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import (
    ApplicantKind,
    Channel,
    Outcome,
    ProceedingKind,
    ProceedingResult,
    Role,
    ServiceMethod,
)
from cases.departments import succeed_department
from cases.models import AuditEntry, Case, Department, LateChange, Proceeding, SealedYear
from cases.workflow import NotAllowed, seal_year
from cases.workflow.sealing import LateReasonNeeded, giving
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# In the format of 2021 both ways of granting are one row.
ROWS: dict[str, str] = {Outcome.GRANTED: "granted", Outcome.ALREADY_PUBLIC: "granted"}
WHY = "纸质登记簿漏登，整理档案时发现"
ASKS = "区住建局 2024 年度报告已于 2025-01-20 公布，这次登记会改变它的数据，请写明原因。"
LAST, FIRST = date(2024, 12, 31), date(2025, 1, 1)


def seal(organ: Department, year: int = 2024) -> SealedYear:
    since = date(year + 1, 1, 20)
    return seal_year(organ, year, since=since, rows=ROWS, by=hand_of(organ))


def asked(act: Callable[[], object]) -> None:
    """`act` asks why, and with an answer it is done."""
    with pytest.raises(LateReasonNeeded) as refused, transaction.atomic():
        act()
    assert refused.value.message_dict == {"late_reason": [ASKS]}
    with giving(WHY):
        act()


def changes() -> list[tuple[list[str], list[str]]]:
    return list(LateChange.objects.values_list("before", "after"))


@pytest.fixture
def old(tree: Tree) -> Case:
    """Received in 2024 and open at its end; the year is sealed."""
    case = make_case(tree.housing, received_on=date(2024, 12, 20))
    seal(tree.housing)
    return case


def reply(case: Case, on: date, outcome: str = Outcome.GRANTED) -> Case:
    return workflow.reply(
        case,
        by=hand_of(case.department),
        today=TODAY,
        outcome=outcome,
        closed_on=on,
        service_method=ServiceMethod.POST,
    )


# Which acts ask ------------------------------------------------------------------------------


def test_registered_into_the_year_it_says_why(tree: Tree) -> None:
    seal(tree.housing)
    asked(lambda: make_case(tree.housing, received_on=LAST))
    assert changes() == [([], ["new_received", "natural_person", "carried_forward"])]


@pytest.mark.parametrize("received_on", [FIRST, date(2025, 9, 15)])
def test_registered_after_the_year_it_does_not(tree: Tree, received_on: date) -> None:
    seal(tree.housing)
    make_case(tree.housing, received_on=received_on)
    assert not changes()


def test_a_year_before_the_sealed_one_is_changed_with_it(tree: Tree) -> None:
    """Open from 2023 on, it is carried into 2024; answered in 2023 it is none of its."""
    seal(tree.housing)
    asked(lambda: make_case(tree.housing, received_on=date(2023, 12, 29)))
    assert changes() == [([], ["carried_over", "natural_person", "carried_forward"])]


def test_another_organs_year_asks_nothing(tree: Tree) -> None:
    seal(tree.land)
    make_case(tree.housing, received_on=LAST)
    assert not changes()


def test_unconfirmed_it_counts_nowhere_and_is_asked_about_when_it_is_confirmed(tree: Tree) -> None:
    seal(tree.housing)
    case = make_case(tree.housing, received_on=None, arrived_on=date(2024, 12, 30))
    assert not changes()

    def confirm() -> None:
        by = hand_of(tree.housing)
        workflow.confirm(case, by=by, today=TODAY, received_on=LAST, note="")

    asked(confirm)
    assert changes() == [([], ["new_received", "natural_person", "carried_forward"])]


def test_confirmed_after_the_year_it_is_none_of_it(tree: Tree) -> None:
    seal(tree.housing)
    case = make_case(tree.housing, received_on=None, arrived_on=date(2024, 12, 30))
    workflow.confirm(case, by=hand_of(tree.housing), today=TODAY, received_on=FIRST, note="")
    assert not changes()


def test_answered_on_the_last_day_it_says_why(old: Case) -> None:
    asked(lambda: reply(old, LAST))
    new = "new_received", "natural_person"
    assert changes() == [([*new, "carried_forward"], [*new, "granted"])]


def test_answered_the_day_after_it_changes_nothing_of_the_year(old: Case) -> None:
    reply(old, FIRST)
    assert not changes()


def test_withdrawn_in_the_year_it_says_why(old: Case) -> None:
    asked(
        lambda: workflow.withdraw(
            old, by=hand_of(old.department), today=TODAY, on=LAST, how="letter"
        )
    )
    assert changes()[0][1][2] == Outcome.WITHDRAWN


def test_withdrawn_after_it_does_not(old: Case) -> None:
    workflow.withdraw(old, by=hand_of(old.department), today=TODAY, on=FIRST, how="letter")
    assert not changes()


def test_split_into_two_there_is_one_more(old: Case) -> None:
    items = ["一期补偿方案", "二期补偿方案"]
    asked(lambda: workflow.split(old, by=hand_of(old.department), today=TODAY, items=items))
    assert changes() == [([], ["new_received", "natural_person", "carried_forward"])]


def test_answered_with_one_letter_all_say_the_same_why(old: Case) -> None:
    with giving(WHY):
        other = make_case(old.department, received_on=date(2024, 12, 20))
    answer: dict[str, Any] = {"outcome": Outcome.GRANTED, "closed_on": LAST}
    answer |= {"by": hand_of(old.department), "today": TODAY, "service_method": "post"}
    asked(lambda: workflow.reply_together(old, also={other.pk: None}, **answer))
    assert LateChange.objects.filter(reason=WHY).count() == 3


def test_what_the_tables_do_not_ask_for_asks_nothing(old: Case) -> None:
    by = hand_of(old.department)
    workflow.extend(old, by=by, today=TODAY, on=date(2025, 1, 10), days=20, reason="案情复杂")
    workflow.note_call(
        old, by=by, today=TODAY, on=LAST, caller="经办员乙", reached=True, said="已告知"
    )
    assert not changes()


# With a reason of their own -------------------------------------------------------------------


def test_put_right_and_voided_they_pass_with_theirs(old: Case) -> None:
    by = hand_of(old.department)
    workflow.amend(
        old,
        by=by,
        today=TODAY,
        reason="收发章看错",
        values={"received_on": FIRST, "arrived_on": FIRST},
    )
    assert changes() == [(["new_received", "natural_person", "carried_forward"], [])]
    with giving(WHY):
        other = make_case(old.department, received_on=LAST)
    workflow.void(other, by=by, today=TODAY, reason="重复登记")
    assert list(LateChange.objects.values_list("reason", flat=True)) == [
        "收发章看错",
        WHY,
        "重复登记",
    ]
    assert "公布后补录" not in other.events.get(kind="voided").text


def test_a_number_in_a_reason_of_their_own_is_refused_as_ever(old: Case) -> None:
    by, reason = hand_of(old.department), "重复登记，电话 13800000000"
    with pytest.raises(ValidationError, match="个人信息") as refused:
        workflow.void(old, by=by, today=TODAY, reason=reason)
    assert not isinstance(refused.value, LateReasonNeeded)


def test_another_kind_of_applicant_moves_a_column(old: Case) -> None:
    workflow.amend(
        old,
        by=hand_of(old.department),
        today=TODAY,
        reason="实为公司",
        values={},
        applicant={"kind": ApplicantKind.ORG_COMMERCIAL},
    )
    [(before, after)] = changes()
    assert (before[1], after[1]) == ("natural_person", "org_commercial")


def test_an_outcome_of_the_same_row_changes_nothing(tree: Tree) -> None:
    case = make_case(tree.housing, received_on=date(2024, 12, 2), closed_on=LAST)
    seal(tree.housing)
    outcome = Outcome.ALREADY_PUBLIC
    by = hand_of(tree.housing)
    workflow.amend(case, by=by, today=TODAY, reason="选错", values={"outcome": outcome})
    assert not changes()


# Where the reason stands ----------------------------------------------------------------------


def test_the_reason_stands_in_the_course_and_in_the_log(tree: Tree) -> None:
    sealed = seal(tree.housing)
    with giving(WHY):
        case = make_case(tree.housing, received_on=LAST)
    event = case.events.get()
    assert f"{sealed}公布后补录，原因：{WHY}" in event.text
    assert event.data["late_reason"] == WHY
    assert event.data["sealed"] == [["XZ-ZJJ", 2024]]
    assert AuditEntry.objects.get(act="registered").after["late_reason"] == WHY


def test_a_reason_keeps_no_number(tree: Tree) -> None:
    seal(tree.housing)
    with giving("漏登，电话 13800000000"), pytest.raises(LateReasonNeeded, match="个人信息"):
        make_case(tree.housing, received_on=LAST)


def test_a_reason_holds_for_what_it_was_given_for_alone(tree: Tree) -> None:
    seal(tree.housing)
    with giving(WHY):
        make_case(tree.housing, received_on=LAST)
    with pytest.raises(LateReasonNeeded):
        make_case(tree.housing, received_on=LAST)


def test_the_wrong_role_is_told_so_whatever_the_reason(old: Case) -> None:
    auditor = make_user(Role.AUDITOR, old.department)
    with giving(WHY), pytest.raises(NotAllowed):
        workflow.withdraw(old, by=auditor, today=TODAY, on=LAST, how="letter")
    assert not changes()


def test_several_sealed_years_are_all_named(tree: Tree) -> None:
    seal(tree.housing, 2023)
    seal(tree.housing)
    with pytest.raises(LateReasonNeeded) as refused:
        make_case(tree.housing, received_on=date(2023, 12, 1))
    assert refused.value.messages == [
        "区住建局 2023 年度报告已于 2024-01-20 公布，"
        "区住建局 2024 年度报告已于 2025-01-20 公布，这次登记会改变它的数据，请写明原因。"
    ]


def test_after_a_reorganisation_it_is_the_successors_year(tree: Tree) -> None:
    succeed_department(tree.housing, successor=tree.land, on=date(2024, 7, 1))
    seal(tree.land)
    by = hand_of(tree.housing)
    make_case(tree.housing, received_on=date(2024, 7, 1), by=by)
    assert not changes()
    with giving(WHY):
        make_case(tree.housing, received_on=date(2024, 6, 28), by=by)
    assert LateChange.objects.get().sealed_year.department == tree.land


# Reviews and suits ----------------------------------------------------------------------------


@pytest.mark.parametrize(("filed_on", "asks"), [(LAST, True), (FIRST, False)])
def test_a_review_entered_late_says_why(tree: Tree, filed_on: date, asks: bool) -> None:
    seal(tree.housing)
    if asks:
        asked(lambda: make_proceeding(tree.housing, filed_on=filed_on))
        assert changes() == [([], ["", "review", "pending"])]
        assert AuditEntry.objects.get(act="登记复议诉讼").after["late_reason"] == WHY
    else:
        make_proceeding(tree.housing, filed_on=filed_on)
        assert not changes()


def conclude(tree: Tree, found: Proceeding, on: date) -> Proceeding:
    found.result, found.concluded_on = ProceedingResult.UPHELD, on
    return workflow.record_proceeding(found, by=hand_of(tree.housing), today=TODAY)


def test_concluded_in_the_year_it_says_why(tree: Tree) -> None:
    found = make_proceeding(tree.housing, filed_on=date(2024, 11, 1))
    seal(tree.housing)
    asked(lambda: conclude(tree, Proceeding.objects.get(pk=found.pk), LAST))
    assert changes() == [(["", "review", "pending"], ["", "review", "upheld"])]


def test_concluded_after_it_does_not(tree: Tree) -> None:
    found = make_proceeding(tree.housing, filed_on=date(2024, 11, 1))
    seal(tree.housing)
    conclude(tree, found, FIRST)
    assert not changes()


def test_that_it_was_filed_a_year_before_changes_nothing_of_the_year(tree: Tree) -> None:
    found = make_proceeding(tree.housing, filed_on=date(2024, 1, 5))
    seal(tree.housing)
    found.filed_on = date(2023, 12, 29)
    workflow.record_proceeding(found, by=hand_of(tree.housing), today=TODAY)
    assert not changes()


# What is sealed stays so ----------------------------------------------------------------------


def test_a_year_is_sealed_once(tree: Tree) -> None:
    first = seal(tree.housing)
    again = seal_year(tree.housing, 2024, since=date(2025, 3, 3), rows={}, by=hand_of(tree.housing))
    assert (again, again.since) == (first, date(2025, 1, 20))
    assert AuditEntry.objects.filter(act="year_sealed").count() == 1


@pytest.mark.parametrize("table", ["cases_sealedyear", "cases_latechange"])
def test_the_database_refuses_to_change_them(tree: Tree, table: str) -> None:
    seal(tree.housing)
    with giving(WHY):
        make_case(tree.housing, received_on=LAST)
    with pytest.raises(Exception, match="只能追加"), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM {table}")


# The pages ------------------------------------------------------------------------------------


def test_the_page_asks_and_nothing_typed_is_lost(clerk_client: Client, tree: Tree) -> None:
    seal(tree.housing)
    typed = {
        "kind": ApplicantKind.NATURAL_PERSON,
        "name": "申请人甲",
        "channel": Channel.REGISTERED_MAIL,
        "arrived_on": "2024-12-30",
        "received_on": "2024-12-31",
        "content": "甲路以东地块房屋征收补偿方案",
        "department": tree.housing.pk,
        "token": uuid4(),
    }
    url = reverse("cases:register")
    assert "补录原因" not in clerk_client.get(url).content.decode()
    answer = clerk_client.post(url, typed)
    form = answer.context["form"]
    assert form.errors == {"late_reason": [ASKS]}
    assert "甲路以东地块房屋征收补偿方案" in answer.content.decode()
    assert 'name="late_reason"' in answer.content.decode()
    blank = clerk_client.post(url, typed | {"late_reason": " "})
    assert blank.context["form"].errors == {"late_reason": [ASKS]}
    number = clerk_client.post(url, typed | {"late_reason": "见 13800000000"})
    assert "个人信息" in str(number.context["form"].errors)
    assert not Case.objects.exists()
    done = clerk_client.post(url, typed | {"late_reason": WHY}, follow=True)
    assert WHY in done.content.decode()
    assert LateChange.objects.get().reason == WHY


def test_too_long_a_reason_is_told(clerk_client: Client, old: Case) -> None:
    url = reverse("cases:withdraw", args=[old.pk])
    typed = {"version": old.version, "on": "2024-12-31", "how": "letter", "late_reason": "因" * 301}
    answer = clerk_client.post(url, typed)
    assert answer.context["form"].errors == {"late_reason": ["最多 300 个字，现有 301 个。"]}


def test_a_stranger_finds_no_case(client: Client, old: Case, tree: Tree) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    url = reverse("cases:withdraw", args=[old.pk])
    assert client.post(url, {"late_reason": WHY}).status_code == 404


@pytest.mark.parametrize("name", ["cases:reply", "cases:withdraw"])
def test_the_acts_of_a_case_ask_beside_their_fields(
    clerk_client: Client, old: Case, name: str
) -> None:
    url = reverse(name, args=[old.pk])
    typed = {"version": old.version, "on": "2024-12-31", "how": "letter"}
    typed |= {"outcome": Outcome.GRANTED, "closed_on": "2024-12-31", "service_method": "post"}
    answer = clerk_client.post(url, typed)
    assert answer.context["form"].errors == {"late_reason": [ASKS]}
    assert answer.content.decode().count('name="late_reason"') == 1
    done = clerk_client.post(url, typed | {"late_reason": WHY}, follow=True)
    assert WHY in done.content.decode()


def test_the_page_of_a_review_asks_too(clerk_client: Client, tree: Tree) -> None:
    seal(tree.housing)
    url = reverse("cases:proceeding_new")
    typed = {
        "kind": ProceedingKind.REVIEW,
        "department": tree.housing.pk,
        "filed_on": "2024-12-31",
        "token": uuid4(),
    }
    answer = clerk_client.post(url, typed)
    assert answer.context["form"].errors == {"late_reason": [ASKS]}
    assert answer.content.decode().count('name="late_reason"') == 1
    clerk_client.post(url, typed | {"late_reason": WHY})
    assert LateChange.objects.get().proceeding == Proceeding.objects.get()


def test_a_reason_without_need_is_not_kept(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing)
    url = reverse("cases:withdraw", args=[case.pk])
    typed = {"version": case.version, "on": "2025-10-20", "how": "letter", "late_reason": WHY}
    clerk_client.post(url, typed)
    case.refresh_from_db()
    assert case.outcome == Outcome.WITHDRAWN
    assert not [event for event in case.events.all() if WHY in event.text]
    assert not changes()
