"""Pages of a list that may be longer than anybody turns over."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django_tables2 import Table

MOST_COUNTED = 10_000  # rows; a million would have to be read to be counted


def counted(rows: QuerySet, most: int | None = None) -> int | None:
    """How many rows there are; None for more than `most` (MOST_COUNTED unless given)."""
    most = MOST_COUNTED if most is None else most
    found = rows.order_by()[: most + 1].count()
    return found if found <= most else None


class BoundedPaginator(Paginator):
    """The pages of a table; of one that has more rows than are counted, the first pages."""

    def __init__(self, table: Table, per_page: int) -> None:
        super().__init__(table.rows, per_page)
        self._rows: QuerySet = table.data.data

    @cached_property
    def found(self) -> int | None:
        return counted(self._rows)

    @cached_property
    def count(self) -> int:
        return MOST_COUNTED if self.found is None else self.found

    @property
    def more(self) -> bool:
        """Whether there are more rows than `count`."""
        return self.found is None

    @property
    def count_text(self) -> str:
        return f"{self.count} 件{'以上' if self.more else ''}"
