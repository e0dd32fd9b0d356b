"""What must be said differently to SQLite and PostgreSQL: triggers and the audit chain's lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection as default_connection

# Append-only: their rows are evidence. Reports add theirs when publishing comes.
PROTECTED_MODELS = ("cases.Event", "cases.AuditEntry")
REFUSED = "只能追加，不能修改或删除"
AUDIT_CHAIN_LOCK = 7112019  # any fixed number: the key of the advisory lock


def protected_tables() -> list[str]:
    return [apps.get_model(label)._meta.db_table for label in PROTECTED_MODELS]


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
    same = " OR ".join(f'"{column}" = NEW."{column}"' for column in _unique_columns(table))
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


def _unique_columns(table: str) -> list[str]:
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    return [f.column for f in model._meta.concrete_fields if f.unique and f.column]
