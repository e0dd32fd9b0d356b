"""Which departments a ledger may name, and by which names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.db.models import QuerySet

from cases.ledger.cells import CellError
from cases.models import Department, DepartmentName, User
from cases.permissions import Act, can


class Organs:
    """Departments by name, short name, former name or code."""

    def __init__(self, departments: Iterable[Department]) -> None:
        self._by_code: dict[str, Department] = {}
        self._by_name: dict[str, dict[int, Department]] = {}
        known = {department.pk: department for department in departments}
        for department in known.values():
            self._by_code[_fold(department.code)] = department
            self._name(department, department.name, department.short_name)
        former = DepartmentName.objects.values_list("department_id", "name", "short_name")
        for pk, name, short_name in former:
            if pk in known:
                self._name(known[pk], name, short_name)

    def _name(self, department: Department, *names: str) -> None:
        for name in filter(None, names):
            self._by_name.setdefault(_fold(name), {})[department.pk] = department

    def find(self, name_or_code: str) -> list[Department]:
        """Those called so: none, one, or several that share a name. A code is never shared."""
        folded = _fold(name_or_code)
        if folded in self._by_code:
            return [self._by_code[folded]]
        return list(self._by_name.get(folded, {}).values())

    def answering(self, name_or_code: str) -> Department:
        """The one department meant, which holds cases; `CellError` says why there is none."""
        found = self.find(name_or_code)
        if not found:
            raise CellError("没有这个单位，或不在可以导入的范围之内")
        if len(found) > 1:
            raise CellError("不止一个单位用过这个名称，请写单位代码")
        if not found[0].holds_cases:
            raise CellError("人民政府本身不受理申请，请写政府办公室")
        return found[0]


def importable(by: User | None, department: Department | None) -> QuerySet[Department]:
    """Where an import may write: what `by` may import for (a command without a user: everything),
    and, if the import names a department, it and what stands under it."""
    departments = Department.objects.all()
    if department:
        departments = departments.below(department.path)
    if by is None:
        return departments
    allowed = [found.pk for found in departments if can(by, Act.IMPORT_LEDGER, found)]
    return Department.objects.filter(pk__in=allowed)


def _fold(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
