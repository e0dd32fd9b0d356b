"""Pages of a list that may be longer than anybody turns over."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django_tables2 import Table
from django_tables2.rows import BoundRows

MOST_COUNTED = 10_000  # rows; a million would have to be read to be counted


def counted(rows: QuerySet, most: int | None = None) -> int | None:
    """How many rows there are; None for more than `most` (MOST_COUNTED unless given)."""
    most = MOST_COUNTED if most is None else most
    found = rows.order_by()[: most + 1].count()
    return found if found <= most else None


class BoundedPaginator(Paginator):
    """The pages of a table; of one that has more rows than are counted, the first pages.

    The table's own queryset only says which rows there are and in what order: those of one page are
    taken out of `whole`, which fetches all that they show. To sort rows of forty columns costs
    several times as much as to sort their keys.
    """

    def __init__(
        self,
        table: Table,
        per_page: int,
        whole: QuerySet,
        *,
        count: int | None = None,
        at_once: bool = False,
    ) -> None:
        """`count` is the number of rows if that is known. `at_once` is for rows that take long to
        find: they are looked for once, not again to be counted.
        """
        super().__init__(table.rows, per_page)
        self._table, self._whole, self._at_once = table, whole, at_once
        self._rows: QuerySet = table.data.data
        if count is not None:
            self.found = count if count <= MOST_COUNTED else None

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        keys = (self._keys if self._at_once else self._rows.values_list("pk", flat=True))[
            first:last
        ]
        found = self._whole.in_bulk(list(keys))
        rows = [found[key] for key in keys if key in found]
        return Page(BoundRows(rows, table=self._table), number, self)

    @cached_property
    def _keys(self) -> list[int]:
        return list(self._rows.values_list("pk", flat=True)[: MOST_COUNTED + 1])

    @cached_property
    def found(self) -> int | None:
        if self._at_once:
            return len(self._keys) if len(self._keys) <= MOST_COUNTED else None
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
