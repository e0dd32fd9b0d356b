"""Every telephone number of a case finds it: several in one cell, and those that were called."""

from datetime import date
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Role
from cases.crypto import lookup_hash
from cases.ledger import Limits, plan_import, read_ledger, save_import
from cases.models import Applicant, ApplicantNumber, Case, ContactNumber
from tests.ledgers import case_row, make_ledger
from tests.makers import (
    TODAY,
    Tree,
    hand_of,
    make_applicant,
    make_case,
    make_user,
    queries_of,
)

LIST, FIND = reverse("cases:list"), reverse("cases:find")
ONE, TWO, LOCAL = "13800000001", "13900000002", "057382711234"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def found_by(client: Client, number: str) -> list[str]:
    page = client.post(FIND, {"q": number}, follow=True)
    return [row.record.number for row in page.context["table"].paginated_rows]


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    client.force_login(make_user(Role.CLERK, tree.government))
    return client


@pytest.mark.parametrize("number", [ONE, TWO, LOCAL, f"{ONE}、{TWO}、{LOCAL}"])
def test_each_number_of_a_cell_finds_the_case(
    clerk_client: Client, tree: Tree, number: str
) -> None:
    cell = f"{ONE}、{TWO}、{LOCAL}"
    case = make_case(tree.housing, applicant=make_applicant(phone=cell))
    make_case(tree.housing, applicant=make_applicant(phone="13700000003"))
    hashes = [lookup_hash(number)]
    assert [found.pk for found in Case.objects.with_number(hashes)] == [case.pk]
    if "、" not in number:
        assert found_by(clerk_client, number) == [case.number]
        assert list(Applicant.objects.with_phone(number)) == [case.applicant]


def test_a_case_that_is_found_in_every_way_is_listed_once(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, applicant=make_applicant(phone=f"{ONE}、{TWO}"))
    for _ in range(2):
        workflow.note_call(
            case,
            by=hand_of(tree.housing),
            today=TODAY,
            on=TODAY,
            reached=False,
            caller="经办员戊",
            number=TWO,
        )
    assert found_by(clerk_client, TWO) == [case.number]


def test_a_telephone_put_right_is_found_by_what_it_is_now(clerk_client: Client, tree: Tree) -> None:
    case = make_case(tree.housing, applicant=make_applicant(phone=f"{ONE}、{TWO}"))
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY, "reason": "申请人更正"}
    workflow.amend(case, values={}, applicant={"phone": f"{ONE}、13700000003"}, **said)
    assert found_by(clerk_client, TWO) == []
    assert found_by(clerk_client, "13700000003") == found_by(clerk_client, ONE) == [case.number]


def test_a_ledger_with_two_numbers_in_a_cell(clerk_client: Client, tree: Tree) -> None:
    def bring_in(cell: str, take_over: str = "") -> None:
        ledger = read_ledger(
            make_ledger([case_row(1, 联系电话=cell), case_row(2)]),
            file_name="台账.xlsx",
            today=TODAY,
            department_needed=True,
            limits=Limits(),
        )
        plan = plan_import(ledger, by=None, department=None)
        save_import(plan, by=None, today=TODAY, take_over=take_over)

    bring_in(f"{ONE}/{TWO}")
    assert found_by(clerk_client, ONE) == found_by(clerk_client, TWO) == ["1"]
    bring_in(f"{ONE}/{LOCAL}", take_over="以纸质档案为准")
    assert found_by(clerk_client, TWO) == []
    assert found_by(clerk_client, LOCAL) == ["1"]


def test_rotating_the_keys_rewrites_every_hash_and_number(
    clerk_client: Client, tree: Tree, settings: Any
) -> None:
    case = make_case(tree.housing, applicant=make_applicant(phone=f"{ONE}、{TWO}"))
    workflow.note_call(
        case,
        by=hand_of(tree.housing),
        today=TODAY,
        on=TODAY,
        reached=True,
        caller="经办员戊",
        said="约定当面领取",
        number=LOCAL,
    )
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]
    for number in (ONE, TWO, LOCAL):
        assert found_by(clerk_client, number) == [case.number]
    call_command("rotate_keys", stdout=StringIO())
    settings.FIELD_KEYS = [new]
    assert ContactNumber.objects.get().number == LOCAL
    for number in (ONE, TWO, LOCAL):
        assert found_by(clerk_client, number) == [case.number]


def test_the_migration_hashes_the_cells_that_are_there(tree: Tree) -> None:
    case = make_case(tree.housing, applicant=make_applicant(phone=f"{ONE}、{TWO}"))
    make_case(tree.housing, applicant=make_applicant(phone=LOCAL))
    make_case(tree.housing)
    ApplicantNumber.objects.all().delete()
    migration = import_module("cases.migrations.0011_recorded_beside_the_clock")
    migration.hash_each_number(apps, None)
    rows = ApplicantNumber.objects.values_list("applicant", "number_hash").order_by("pk")
    assert list(rows) == [(case.applicant_id, lookup_hash(n)) for n in (ONE, TWO)]


def test_looking_for_a_number_costs_no_more_queries_for_many_cases(
    clerk_client: Client, tree: Tree
) -> None:
    def look() -> int:
        return queries_of(lambda: found_by(clerk_client, TWO))

    for n in range(2):
        make_case(tree.housing, applicant=make_applicant(phone=f"1370000000{n}、{TWO}"))
    look()
    with_two = look()
    for n in range(2, 9):
        make_case(
            tree.housing,
            applicant=make_applicant(phone=f"1370000000{n}、{TWO}"),
            received_on=date(2025, 10, 9),
        )
    assert look() == with_two


@pytest.mark.parametrize("model", [ApplicantNumber, ContactNumber])
def test_the_database_keeps_no_number_without_its_hash(tree: Tree, model: Any) -> None:
    case = make_case(tree.housing, applicant=make_applicant(phone=f"{ONE}、{TWO}"))
    by = hand_of(tree.housing)
    workflow.note_call(
        case, by=by, today=TODAY, on=TODAY, reached=False, caller="经办员戊", number=LOCAL
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(number_hash="")
