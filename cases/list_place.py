"""Where a case stands in a list, as one number: the usual order read off an index.

What is still to do comes first, by its due day, those without one after the others; then the
closed, then the voided, by the day of reply, the latest first. Cases alike in that follow by their
receipt, the latest first, the unconfirmed after the others. `Case.list_place` is this number, which
the database computes, and so no writer can forget it; cases of one number follow by `-pk`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Func, PositiveSmallIntegerField, Q, Value, When
from django.db.models import Case as Switch
from django.db.models.functions import Coalesce, Greatest, Least

# Five digits a day, three days a number, and the rank before them.
DAY = 10**5
LAST_DAY = DAY - 1  # days after DAY_ZERO, in 2223; later days are taken for it, earlier ones for 0
DAY_ZERO = date(1950, 1, 1)
RANK = DAY**3
CLOSED_FROM, VOIDED_FROM = RANK, 2 * RANK

# The case's own reply is still to be served; not once a decision has ordered another, whose own
# service is waited for instead. A ledger row without a day of service has no method either.
OWN_UNSERVED = ~Q(service_method="") & Q(served_on=None, again_until=None, again_served_on=None)


class DayNumber(Func):
    """The days from DAY_ZERO to a date."""

    arity = 1
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        template = f"CAST(julianday(%(expressions)s) - julianday('{DAY_ZERO}') AS INTEGER)"
        return super().as_sql(compiler, connection, template=template, **options)

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> Any:
        template = f"(%(expressions)s - DATE '{DAY_ZERO}')::bigint"
        return super().as_sql(compiler, connection, template=template, **options)


class YearOf(Func):
    """The year of a date, in words that a stored column may use on either database."""

    arity = 1
    output_field = PositiveSmallIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        template = "CAST(substr(%(expressions)s, 1, 4) AS INTEGER)"
        return super().as_sql(compiler, connection, template=template, **options)

    def as_postgresql(self, compiler: Any, connection: Any, **options: Any) -> Any:
        template = "EXTRACT(YEAR FROM %(expressions)s)::smallint"
        return super().as_sql(compiler, connection, template=template, **options)


def place_from(day: date) -> int:
    """Where those that are to do by `day` begin."""
    return max(0, min(LAST_DAY, (day - DAY_ZERO).days)) * DAY**2


def list_place() -> Switch:
    to_do = Q(received_on=None) | Q(closed_on=None) | OWN_UNSERVED
    replied = _latest_first("closed_on") * DAY + _latest_first("received_on")
    return Switch(
        When(voided_on__isnull=False, then=Value(VOIDED_FROM) + replied),
        When(to_do, then=_day("ends_on", none=LAST_DAY) * DAY**2 + replied),
        default=Value(CLOSED_FROM) + replied,
        output_field=BigIntegerField(),
    )


def _latest_first(field: str) -> Any:
    return Value(LAST_DAY) - _day(field, none=0)


def _day(field: str, none: int) -> Any:
    return Greatest(Value(0), Least(Value(LAST_DAY), Coalesce(DayNumber(F(field)), Value(none))))
