"""Very many rows stored at once: the same rows as one by one, under the same constraints."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.choices import EventKind, Outcome
from cases.crypto import decrypt, encrypt_all, lookup_hash
from cases.models import Applicant, Case, Event
from cases.vendor import BulkRows
from tests.makers import make_department, make_user

NOW = timezone.now()
APPLICANT = {"kind": "natural_person", "name": "申请人甲"}


def stored(model: type[models.Model], pk: int) -> dict[str, Any]:
    """Every field of a row but its id; when it was noted is told by its type alone."""
    row = model._default_manager.get(pk=pk)
    found = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    del found["id"]
    noted = {"created_at", "updated_at", "recorded_at"} & found.keys()
    return found | {name: type(found[name]) for name in noted}


def both(model: type[models.Model], **values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same row stored in bulk and by itself."""
    rows = BulkRows(model, [values], now=NOW)
    (pk,) = rows.reserve_ids()
    rows.insert()
    in_bulk = stored(model, pk)
    alone = model(**values)
    if model is Case:
        model._default_manager.filter(pk=pk).update(number="另一编号")
    alone.save()
    assert alone.pk > pk
    return in_bulk, stored(model, alone.pk)


def new_case(**values: Any) -> dict[str, Any]:
    department = make_department("区住建局")
    applicant = Applicant.objects.create(**APPLICANT)
    return {
        "department_id": department.pk,
        "applicant_id": applicant.pk,
        "applicant_kind": "natural_person",
        "number": "1",
        "number_year": 2025,
        "arrived_on": date(2025, 9, 12),
        "received_on": date(2025, 9, 15),
        "content": '一行\n又一行\t"引号"\\反斜线',
    } | values


def applicant() -> tuple[type[models.Model], dict[str, Any]]:
    personal = {"id_number": "330411199001011234", "phone": "0573-82720001", "address": "洪兴路1号"}
    hashes = {f"{name}_hash": lookup_hash(personal[name]) for name in ("id_number", "phone")}
    return Applicant, APPLICANT | personal | hashes


def open_case() -> tuple[type[models.Model], dict[str, Any]]:
    return Case, new_case()


def answered_case() -> tuple[type[models.Model], dict[str, Any]]:
    return Case, new_case(
        outcome=Outcome.PARTIAL.value,
        closed_on=date(2025, 10, 9),
        served_on=date(2025, 10, 10),
        ends_on=date(2025, 10, 17),
        provisional=True,
        remarks="急件",
        handler_id=make_user(None).pk,
    )


def event() -> tuple[type[models.Model], dict[str, Any]]:
    case = Case.objects.create(**new_case())
    data = {"key": "ledger", "supersedes": [1], "说明": '"引号"\\'}
    return Event, {
        "case_id": case.pk,
        "kind": EventKind.EXTENDED.value,
        "on": NOW.date(),
        "data": data,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("row", [applicant, open_case, answered_case, event])
def test_a_row_stored_in_bulk_is_the_row_stored_by_itself(
    row: Callable[[], tuple[type[models.Model], dict[str, Any]]],
) -> None:
    model, values = row()
    in_bulk, alone = both(model, **values)
    assert in_bulk | {"number": ""} == alone | {"number": ""}


@pytest.mark.django_db
def test_what_is_left_out_has_its_default() -> None:
    rows = BulkRows(Case, [new_case()], now=NOW)
    rows.insert()
    case = Case.objects.get()
    assert (case.version, case.outcome, case.stage, case.form_token) == (1, "", "open", None)
    assert case.created_at == case.updated_at == NOW


@pytest.mark.django_db
def test_more_rows_than_one_statement_takes_are_stored_in_their_order() -> None:
    names = [f"申请人{number}" for number in range(10_007)]
    rows = BulkRows(Applicant, [APPLICANT | {"name": name} for name in names], now=NOW)
    ids = rows.reserve_ids()
    rows.insert()
    assert list(Applicant.objects.order_by("id").values_list("id", "name")) == list(
        zip(ids, names, strict=True)
    )
    assert Applicant.objects.create(**APPLICANT).pk > ids[-1]


@pytest.mark.django_db
def test_no_rows_are_no_statement() -> None:
    rows = BulkRows(Applicant, [], now=NOW)
    assert list(rows.reserve_ids()) == []
    rows.insert()
    assert not Applicant.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": Outcome.GRANTED.value},  # without a day of reply
        {"closed_on": date(2025, 9, 1), "outcome": Outcome.GRANTED.value},  # before receipt
        {"applicant_kind": "nobody"},
        {"number": ""},
        {"number": "1"},  # once more
    ],
)
def test_a_row_that_breaks_a_constraint_keeps_all_from_being_stored(wrong: dict[str, Any]) -> None:
    right = new_case()
    rows = BulkRows(Case, [right, right | {"number": "2"} | wrong], now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert()
    assert not Case.objects.exists()


def test_many_texts_are_encrypted_as_one_is(settings: Any) -> None:
    texts = ["0573-82720001", "", "秀洲区洪兴路1号" * 9, "x" * 16, "0573-82720001"]
    tokens = list(encrypt_all(texts))
    fernet = Fernet(settings.FIELD_KEYS[0])
    assert [fernet.decrypt(token, ttl=60).decode() if token else "" for token in tokens] == texts
    assert [decrypt(token) if token else "" for token in tokens] == texts
    assert len({token[12:34] for token in tokens if token}) == 4  # no initialisation vector twice


def indexes() -> dict[str, Any]:
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, Applicant._meta.db_table)


@pytest.mark.django_db
@pytest.mark.parametrize("there", [0, 3])
def test_many_rows_leave_the_indexes_as_they_were(there: int) -> None:
    """SQLite takes them down for more rows than there are, and puts them up again."""
    before = indexes()
    for _ in range(there):
        Applicant.objects.create(**APPLICANT)
    rows = BulkRows(Applicant, [APPLICANT] * 2, now=NOW)
    rows.reserve_ids()
    with CaptureQueriesContext(connection) as asked:
        rows.insert()
    taken_down = any("DROP INDEX" in query["sql"] for query in asked)
    assert taken_down == (connection.vendor == "sqlite" and there < 2)
    assert indexes() == before
    assert Applicant.objects.filter(name=APPLICANT["name"]).count() == there + 2


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_refused_leave_the_indexes_too() -> None:
    before = indexes()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows = BulkRows(Applicant, [APPLICANT | {"kind": None}], now=NOW)
        rows.reserve_ids()
        rows.insert()
    assert indexes() == before
