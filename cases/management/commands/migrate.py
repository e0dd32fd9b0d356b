"""Django's migrate, then the triggers: SQLite drops them whenever it rebuilds a table."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from cases import vendor


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        connection = connections[options["database"]]
        tables = set(connection.introspection.table_names())
        if MigrationRecorder(connection).has_table() and tables >= set(vendor.protected_tables()):
            vendor.install_triggers(connection)
