"""What pytest-django's transactional tests need here.

Such a test ends with a flush. The triggers of append-only tables would refuse it, and it takes away
the rows that migrations made, the decreed calendar above all.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test import TransactionTestCase
from pytest import MonkeyPatch

from cases import vendor

MADE_BY_FLUSH = {"contenttypes", "auth"}  # the flush itself makes these rows again


def rows_of_migrations() -> list[list[Model]]:
    """What stands in a freshly migrated database, by model."""
    models = [m for m in apps.get_models() if m._meta.app_label not in MADE_BY_FLUSH]
    return [rows for model in models if (rows := list(model._default_manager.all()))]


@contextmanager
def teardown_puts_back(rows_by_model: Sequence[list[Model]]) -> Iterator[None]:
    """While this holds, a transactional test ends as it began: triggers on, `rows_by_model` in."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_and_put_back(case: TransactionTestCase) -> None:
        with vendor.triggers_removed(connection):
            flush(case)
        for rows in rows_by_model:
            type(rows[0])._default_manager.bulk_create(rows)

    with MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_and_put_back)
        yield
