"""Events and audit entries can be added and nothing else; the database itself refuses the rest."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from cases import vendor
from cases.models import AuditEntry, Event
from cases.system_checks import triggers_are_installed
from tests.makers import make_case, make_tree

PROTECTED: list[type[models.Model]] = [Event, AuditEntry]


def assert_refused(model: type[models.Model]) -> None:
    """UPDATE and DELETE, through the ORM and in plain SQL."""
    row = model._default_manager.latest("pk")
    table = model._meta.db_table
    for sql in (
        f'UPDATE "{table}" SET id = id WHERE id = {row.pk}',
        f'DELETE FROM "{table}" WHERE id = {row.pk}',
    ):
        with pytest.raises(DatabaseError, match=vendor.REFUSED), transaction.atomic():
            _execute(sql)
    with pytest.raises(DatabaseError, match=vendor.REFUSED), transaction.atomic():
        model._default_manager.filter(pk=row.pk).update(**{model._meta.fields[-1].attname: None})
    with pytest.raises(DatabaseError, match=vendor.REFUSED), transaction.atomic():
        row.delete()
    assert model._default_manager.filter(pk=row.pk).exists()


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.parametrize("model", PROTECTED)
def test_what_happened_can_neither_be_changed_nor_taken_away(model: type[models.Model]) -> None:
    make_case(make_tree().housing)
    assert_refused(model)


@pytest.mark.django_db
@pytest.mark.parametrize("model", PROTECTED)
def test_all_rows_at_once_are_refused_too(model: type[models.Model]) -> None:
    make_case(make_tree().housing)
    with pytest.raises(DatabaseError, match=vendor.REFUSED), transaction.atomic():
        _execute(f'DELETE FROM "{model._meta.db_table}"')


@pytest.mark.django_db
def test_a_row_cannot_be_put_in_the_place_of_another() -> None:
    """SQLite's INSERT OR REPLACE and either database's upsert."""
    make_case(make_tree().housing)
    columns = 'id, kind, text, data, recorded_at, case_id, "on"'
    copied = f"SELECT {columns.replace('text,', quoted('篡改'))} FROM cases_event"
    if connection.vendor == "sqlite":
        with pytest.raises(DatabaseError, match=vendor.REFUSED), transaction.atomic():
            _execute(f"INSERT OR REPLACE INTO cases_event ({columns}) {copied}")
    upsert = "ON CONFLICT (id) DO UPDATE SET text = excluded.text"
    with pytest.raises(DatabaseError, match=vendor.REFUSED), transaction.atomic():
        _execute(f"INSERT INTO cases_event ({columns}) {copied} WHERE true {upsert}")
    assert not Event.objects.filter(text="篡改").exists()


def quoted(text: str) -> str:
    return f"'{text}',"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)  # a table with rows of this transaction waits for its end
@pytest.mark.parametrize("model", PROTECTED)
def test_truncate_is_refused(model: type[models.Model]) -> None:
    make_case(make_tree().housing)
    with pytest.raises(DatabaseError, match=vendor.REFUSED), transaction.atomic():
        _execute(f'TRUNCATE "{model._meta.db_table}" CASCADE')


@pytest.fixture
def rebuilt_tables(transactional_db: None) -> Iterator[None]:
    """A migration that alters both tables: SQLite makes them anew and loses their triggers."""
    spare = {model: models.CharField(max_length=5, default="") for model in PROTECTED}
    for model, field in spare.items():
        field.set_attributes_from_name("spare")
        field.model = model
        with connection.schema_editor() as editor:
            editor.add_field(model, field)
            editor.remove_field(model, field)
    yield
    vendor.install_triggers(connection)


def test_they_hold_after_a_migration_that_rebuilds_the_tables(rebuilt_tables: None) -> None:
    call_command("migrate", verbosity=0)
    assert vendor.missing_triggers(connection) == []
    make_case(make_tree().housing)
    for model in PROTECTED:
        assert_refused(model)


def test_until_then_the_system_check_says_so(rebuilt_tables: None) -> None:
    """On PostgreSQL a table keeps its triggers, so nothing is missing there."""
    missing = vendor.missing_triggers(connection)
    found = [error.msg for error in triggers_are_installed(databases=["default"])]
    assert found == [f"缺少触发器 {name}" for name in missing]
    if connection.vendor == "sqlite":
        assert len(missing) == 3 * len(PROTECTED)


@pytest.mark.django_db
def test_installing_twice_is_installing_once() -> None:
    for _ in range(2):
        call_command("install_triggers", verbosity=0, stdout=_Silent())
    assert vendor.missing_triggers(connection) == []


@pytest.mark.django_db
def test_taken_off_for_a_restore_they_come_back() -> None:
    make_case(make_tree().housing)
    with vendor.triggers_removed(connection):
        assert len(vendor.missing_triggers(connection)) >= 2 * len(PROTECTED)
    assert vendor.missing_triggers(connection) == []


class _Silent:
    def write(self, text: Any) -> None: ...
