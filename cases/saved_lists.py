"""What a user keeps for the list of cases. Nobody else sees it, and no case is touched by it."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict

from cases.models import ChosenColumns, SavedList, User
from cases.personal import holds_personal
from cases.tables import NUMBER, USUAL_COLUMNS, CaseTable

MOST_LISTS = 20
# Columns by what they hold; over a narrow column of the list stands a shorter word.
LABELS = {name: str(column.verbose_name) for name, column in CaseTable.base_columns.items()} | {
    "channel": "申请方式",
    "received_on": "收到日期",
    "due": "到期日",
    "handler": "经办人",
}


@transaction.atomic
def save_list(*, user: User, name: str, query: str, saved: SavedList | None = None) -> SavedList:
    """Keep `query` under `name`, or give `saved` another name; raises `ValidationError` by field.

    Handed in twice it is one list: the same conditions under the same name are there already.
    """
    name = name.strip()
    same = user.saved_lists.filter(name=name).first()
    if same and saved is None and same.query == query:
        return same
    if same and same != saved:
        raise ValidationError({"name": f"您已有名为“{name}”的清单，请换一个名称。"})
    for words in (name, QueryDict(query).get("q", "")):
        if holds_personal(words):
            raise ValidationError("名称或查找的字里有个人号码，清单不能存个人信息，没有保存。")
    if saved is None:
        if user.saved_lists.count() >= MOST_LISTS:
            raise ValidationError(f"最多保存 {MOST_LISTS} 个清单，请先删去不用的。")
        saved = SavedList(user=user)
    saved.name, saved.query = name, query
    saved.full_clean()
    saved.save()
    return saved


def columns_of(user: User) -> tuple[str, ...]:
    """The columns `user` has chosen, in order, as far as there still are such columns."""
    chosen = ChosenColumns.objects.filter(user=user).first()
    names = tuple(name for name in chosen.names if name in LABELS) if chosen else ()
    return names if NUMBER in names else USUAL_COLUMNS


def choose_columns(user: User, names: Iterable[str]) -> None:
    """Show these columns from now on; the number is shown whether named or not."""
    known = [name for name in dict.fromkeys(names) if name in LABELS]
    if NUMBER not in known:
        known.insert(0, NUMBER)
    if known == list(USUAL_COLUMNS):
        ChosenColumns.objects.filter(user=user).delete()
        return
    ChosenColumns.objects.update_or_create(user=user, defaults={"names": known})
