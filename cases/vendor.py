"""What must be said differently to SQLite and PostgreSQL: triggers, the audit chain's lock, and
how very many rows are stored at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, groupby, islice, repeat
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db import connection as default_connection

from cases.crypto import EncryptedTextField, encrypt_all

REFUSED = "只能追加，不能修改或删除"
STATEMENTS = 100  # that SQLite is given at once
SQLITE_CACHE = 65_536  # KB: with 2 MB, which is the default, large indexes are read again and again
AUDIT_CHAIN_LOCK = 7112019  # any fixed number: the key of the advisory lock


def protected_tables() -> list[str]:
    """Of the models that call themselves `append_only`: their rows are evidence."""
    models = (m for m in apps.get_models() if getattr(m, "append_only", False))
    return [model._meta.db_table for model in models]


def install_triggers(connection: Any = default_connection) -> None:
    """Make the database refuse UPDATE, DELETE (and TRUNCATE); may be run any number of times."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '% {REFUSED}', TG_TABLE_NAME; END $$"
            )
        for table in protected_tables():
            for name, sql in _triggers(table, connection.vendor).items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{_on(table, connection.vendor)}")
                cursor.execute(sql)


def remove_triggers(connection: Any = default_connection) -> None:
    """For test teardown and restores only."""
    with connection.cursor() as cursor:
        for table in protected_tables():
            for name in _triggers(table, connection.vendor):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{_on(table, connection.vendor)}")


@contextmanager
def triggers_removed(connection: Any = default_connection) -> Iterator[None]:
    remove_triggers(connection)
    try:
        yield
    finally:
        install_triggers(connection)


def missing_triggers(connection: Any = default_connection) -> list[str]:
    """Triggers that should be there and are not (SQLite drops them with a rebuilt table)."""
    sql = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        present = {row[0] for row in cursor.fetchall()}
    wanted = [name for t in protected_tables() for name in _triggers(t, connection.vendor)]
    return [name for name in wanted if name not in present]


def lock_audit_chain(connection: Any = default_connection) -> None:
    """Until the transaction ends. SQLite's IMMEDIATE transactions are alone already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [AUDIT_CHAIN_LOCK])


class BulkRows:
    """New rows of one table, to be stored once, in one stream.

    Each row maps attribute names (`department_id`) to values; a field it leaves out has its
    default, `now` for one that notes the time. As with `bulk_create` no `save` is called; every
    constraint is the database's. SQLite has one writer: its values are made ready before the
    transaction. PostgreSQL takes in some while others are made.
    """

    def __init__(
        self, model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, now: datetime
    ) -> None:
        # Not Django's proxy, which looks the connection up again at each use.
        self.connection: Any = connections[DEFAULT_DB_ALIAS]
        self.model, self.count = model, len(rows)
        self.columns: dict[str, Iterable[Any]] = {}  # attribute name → values for the database
        at_once = self.connection.vendor != "postgresql"
        given = {name for row in rows for name in row}
        for field in model._meta.concrete_fields:
            if field.primary_key or field.generated:
                continue
            noted = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
            default = now if noted else field.get_default()
            if field.attname not in given:
                [value] = _for_database(field, [default], self.connection)
                self.columns[field.attname] = repeat(value, self.count)
                continue
            values = _column(rows, field.attname, default)
            made = _for_database(field, values, self.connection)
            self.columns[field.attname] = list(made) if at_once else made

    def reserve_ids(self) -> Sequence[int]:
        """Give each row its id; in SQLite only a transaction that may write holds them."""
        table, key = self.model._meta.db_table, self.model._meta.pk.attname
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                    [table, key, self.count],
                )
                ids: Sequence[int] = [found for (found,) in cursor.fetchall()]
            else:
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
                last = (cursor.fetchone() or (0,))[0]
                ids = range(last + 1, last + 1 + self.count)
        self.columns[key] = ids
        return ids

    def insert(self) -> None:
        """Store the rows, in the transaction that is open."""
        table = self.model._meta.db_table
        named = [str(self.model._meta.get_field(name).column) for name in self.columns]  # type: ignore[union-attr]
        columns = ", ".join(map(self.connection.ops.quote_name, named))
        rows = zip(*self.columns.values(), strict=True)
        with self.connection.cursor() as cursor, self.connection.wrap_database_errors:
            if self.connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                with _indexed_afterwards(cursor, table, self.count):
                    self._insert_statements(cursor, f'INSERT INTO "{table}" ({columns})', rows)

    def _insert_statements(self, cursor: Any, insert: str, rows: Iterator[tuple[Any, ...]]) -> None:
        """Many rows to a statement: its triggers cost SQLite a journal for each statement."""
        cursor.execute(f"PRAGMA cache_size = -{SQLITE_CACHE}")
        width = len(self.columns)
        most = self.connection.features.max_query_params // width
        row = f"({', '.join(['%s'] * width)})"
        statements = iter(lambda: list(chain.from_iterable(islice(rows, most))), [])
        for size, run in groupby(statements, key=len):  # all of the same size, but the last
            statement = f"{insert} VALUES {', '.join([row] * (size // width))}"
            while values := list(islice(run, STATEMENTS)):
                cursor.executemany(statement, values)


@contextmanager
def _indexed_afterwards(cursor: Any, table: str, coming: int) -> Iterator[None]:
    """Where more rows come than SQLite's table has, sort its indexes once instead of row by row.

    They are gone inside the transaction that is open only: who reads meanwhile has them still, and
    if it fails they were never gone. Unique ones, which check the rows, have no statement here.
    """
    cursor.execute(f'SELECT COUNT(*) FROM (SELECT 1 FROM "{table}" LIMIT %s)', [coming])
    indexes: list[tuple[str, str]] = []
    if cursor.fetchone()[0] < coming:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'index' AND tbl_name = %s AND sql NOT LIKE 'CREATE UNIQUE%%'",
            [table],
        )
        indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, statement in indexes:
        cursor.execute(statement)


_AS_THEY_ARE = (
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.TextField,
)


def _column(rows: Sequence[Mapping[str, Any]], name: str, default: Any) -> list[Any]:
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:  # one that leaves it out: slower
        return [row.get(name, default) for row in rows]


def _for_database(field: Any, values: Sequence[Any], connection: Any) -> Iterable[Any]:
    if type(field) in _AS_THEY_ARE:
        return values
    if isinstance(field, EncryptedTextField):
        return encrypt_all(values)
    if isinstance(field, models.JSONField):
        return (json.dumps(value, cls=field.encoder) for value in values)
    if isinstance(field, models.DateField):  # few different ones
        known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
        return (known[value] for value in values)
    return (field.get_db_prep_save(value, connection) for value in values)


def _on(table: str, vendor: str) -> str:
    return f' ON "{table}"' if vendor == "postgresql" else ""


def _triggers(table: str, vendor: str) -> dict[str, str]:
    """Trigger name → the statement that makes it."""
    if vendor == "postgresql":
        return {
            f"{table}_no_change": (
                f'CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            ),
            f"{table}_no_truncate": (
                f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            ),
        }
    # INSERT OR REPLACE takes the old row away without firing the trigger of DELETE.
    same = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")"
        for columns in _unique_columns(table)
    )
    replaces = f'INSERT ON "{table}" WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})'
    return {
        name: f"CREATE TRIGGER {name} BEFORE {act} "
        f"BEGIN SELECT RAISE(ABORT, '{table} {REFUSED}'); END"
        for name, act in {
            f"{table}_no_update": f'UPDATE ON "{table}"',
            f"{table}_no_delete": f'DELETE ON "{table}"',
            f"{table}_no_replace": replaces,
        }.items()
    }


def _unique_columns(table: str) -> Iterator[list[str]]:
    """The columns that together may stand once, for each such rule of the table."""
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    columns = {f.name: f.column for f in model._meta.concrete_fields if f.column}
    yield from ([f.column] for f in model._meta.concrete_fields if f.unique and f.column)
    for constraint in model._meta.total_unique_constraints:
        yield [columns[name] for name in constraint.fields]
