"""Review and suit, as a reply of an outcome and a date tells them; and before whom.

From 2024-01-01 a refusal is reviewed first and only then taken to court (行政复议法 23(1)(4)); a
direct suit stays open against the rest (法释〔2025〕8号). The words lie in one dated table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cases.choices import DepartmentKind, Outcome, RemedyScope
from cases.letters.fields import BLANK
from cases.letters.filling import fill_text
from cases.models import Department, DepartmentName, DepartmentPlacement, RemedyText, ReviewOrgan


def remedy_text(outcome: Outcome, on: date) -> str:
    """The text for a reply of that outcome and date, field names in it; "" where there is none."""
    rows = RemedyText.objects.filter(applies_to=RemedyScope.of(outcome), from_on__lte=on)
    return rows.order_by("-from_on").values_list("text", flat=True).first() or ""


def remedies_words(department: Department, outcome: Outcome, on: date) -> str:
    """The same filled in, as the letter will have it: a visible blank where nobody is known."""
    known = instances_of(department, on).fields
    return fill_text(remedy_text(outcome, on), lambda name: known[name] or BLANK)


@dataclass(frozen=True, slots=True)
class Instances:
    """Before whom: both "" where nobody has said and the tree proposes nothing."""

    review_organ: str
    court: str
    proposed: bool  # by the tree; nobody has said so

    @property
    def fields(self) -> dict[str, str]:
        """As a letter names them."""
        return {"复议机关": self.review_organ, "法院": self.court}


def instances_of(department: Department, on: date) -> Instances:
    """What was said for the day; else the government above (行政复议法24), and no court."""
    said = ReviewOrgan.objects.filter(department=department, from_on__lte=on)
    if found := said.order_by("-from_on").first():
        return Instances(found.name, found.court, proposed=False)
    return Instances(proposed_organ(department, on), "", proposed=True)


def proposed_organ(department: Department, on: date) -> str:
    """The government that `department` stood under on `on`; "" at the top of the tree."""
    above = government_above(department, parents_at(on))
    return name_at(above, on) if above else ""


def parents_at(on: date) -> dict[int, Department | None]:
    """Department id → what it stood under on that day."""
    placements = DepartmentPlacement.objects.at(on).select_related("parent")
    return {row.department_id: row.parent for row in placements}


def government_above(
    department: Department, parents: Mapping[int, Department | None]
) -> Department | None:
    """The nearest 人民政府 over it."""
    above = parents.get(department.pk)
    while above is not None and above.kind != DepartmentKind.GOVERNMENT:
        above = parents.get(above.pk)
    return above


def name_at(department: Department, on: date) -> str:
    """Its full name on that day."""
    names = DepartmentName.objects.filter(department=department, from_on__lte=on)
    return names.order_by("-from_on").values_list("name", flat=True).first() or department.name
