"""文书设置 as its pages list it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from cases.choices import LetterKind
from cases.letters.remedies import government_above, parents_at
from cases.letters.templates import SORTS, Sort
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
    parents = parents_at(on)
    rows = []
    for department in departments:
        organ_said, above = said.get(department.pk), government_above(department, parents)
        rows.append(
            OrganRow(
                department,
                organ_said.name if organ_said else (above.name if above else ""),
                organ_said.court if organ_said else "",
                organ_said is None,
                own.get(department.pk, 0),
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class TemplateRow:
    sort: Sort
    own: LetterTemplate | None
    usual: str  # what is used where there is none of its own


def template_rows(department: Department) -> list[TemplateRow]:
    """A row for every sort; one statement."""
    in_use = department.letter_templates.filter(given_up_at=None).select_related("by")
    own = {(template.kind, template.outcome): template for template in in_use}
    of_all_replies = (LetterKind.REPLY, "") in own
    return [
        TemplateRow(
            sort,
            own.get((sort.kind, sort.outcome or "")),
            "用各类通用的模板" if sort.outcome and of_all_replies else "默认",
        )
        for sort in SORTS.values()
    ]


def default_file_name(sort: Sort) -> str:
    outcome = f" {sort.outcome.label}" if sort.outcome else ""
    return f"{TITLES[sort.kind]}{outcome}（默认模板）.docx"
