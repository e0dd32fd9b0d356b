"""Database checks: `manage.py check --database default` fails when evidence is unprotected."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from cases import vendor


def triggers_are_installed(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        tables = set(connection.introspection.table_names())
        if not tables >= set(vendor.protected_tables()):
            continue  # not migrated yet; migrate installs them
        errors += [
            Error(f"缺少触发器 {name}", hint="运行 manage.py install_triggers。", id="cases.E001")
            for name in vendor.missing_triggers(connection)
        ]
    return errors
