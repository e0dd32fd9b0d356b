"""文书设置 as its pages list it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from cases.choices import DepartmentKind, LetterKind
from cases.letters.wording import TITLES
from cases.models import Department, LetterTemplate, ReviewOrgan


@dataclass(frozen=True, slots=True)
class OrganRow:
    department: Department
    review_organ: str
    court: str
    proposed: bool  # by the tree
    templates: int  # of its own


def organ_rows(departments: Iterable[Department], on: date) -> list[OrganRow]:
    """What is set up for each on that day, in a fixed number of queries."""
    said: dict[int, ReviewOrgan] = {}
    for organ in ReviewOrgan.objects.filter(from_on__lte=on).order_by("from_on"):
        said[organ.department_id] = organ
    in_use = LetterTemplate.objects.filter(given_up_at=None).values_list("department")
    own: dict[int, int] = dict(in_use.annotate(count=Count("pk")).order_by())
    tree = {department.pk: department for department in Department.objects.all()}
    rows = []
    for department in departments:
        organ_said = said.get(department.pk)
        rows.append(
            OrganRow(
                department,
                organ_said.name if organ_said else _government_above(department, tree),
                organ_said.court if organ_said else "",
                organ_said is None,
                own.get(department.pk, 0),
            )
        )
    return rows


def _government_above(department: Department, tree: dict[int, Department]) -> str:
    """As `remedies.proposed_organ`, of today's tree."""
    above = tree.get(department.parent_id or 0)
    while above is not None and above.kind != DepartmentKind.GOVERNMENT:
        above = tree.get(above.parent_id or 0)
    return above.name if above else ""


@dataclass(frozen=True, slots=True)
class TemplateRow:
    kind: LetterKind
    own: LetterTemplate | None


def template_rows(department: Department) -> list[TemplateRow]:
    in_use = department.letter_templates.filter(given_up_at=None).select_related("by")
    own = {template.kind: template for template in in_use}
    return [TemplateRow(kind, own.get(kind)) for kind in LetterKind]


def default_file_name(kind: LetterKind, suffix: str = "") -> str:
    return f"{TITLES[kind]}{suffix}（默认模板）.docx"
