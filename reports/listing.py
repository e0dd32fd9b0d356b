"""The cases behind a table, one row each: sheet two of the workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import TextChoices

from cases.choices import ApplicantKind, Channel, Outcome
from cases.departments import names_at
from cases.sheets import Value
from reports.counting import Group, Period, Scope, cases_in, grouping
from reports.formats.base import Format

HEADER = (
    "编号",
    "受理单位",
    "申请人类别",
    "申请方式",
    "收到日期",
    "答复日期",
    "答复类型",
    "收到计入",
    "办理计入",
)


class ListedCase(NamedTuple):
    """No applicant, and no free text, in which people may be named."""

    number: str
    department_id: int
    applicant_kind: str
    channel: str
    received_on: date
    closed_on: date | None
    outcome: str
    is_new: bool
    is_closed: bool


def list_cases(scope: Scope, period: Period) -> list[ListedCase]:
    """Every case that the table counts, department by department."""
    cases = grouping(cases_in(scope, period), period).values_list(*ListedCase._fields)
    # At once: for a cursor PostgreSQL takes the plan that is soonest at the first row, and slowest.
    return list(map(ListedCase._make, cases.order_by("department__path", "received_on", "pk")))


def agree(listed: Iterable[ListedCase], groups: Iterable[Group]) -> bool:
    """Whether the list holds just the cases that were counted in each group."""
    alike = Counter(
        (case.department_id, case.applicant_kind, case.outcome, case.is_new, case.is_closed)
        for case in listed
    )
    return alike == Counter({group[:-1]: group.cases for group in groups})


def rows(listed: Iterable[ListedCase], fmt: Format, period: Period) -> Iterator[tuple[Value, ...]]:
    """As `HEADER`: as at the period's end, with the two rows of section three that count the case.

    A reply made later is left out: in this table the case is carried forward.
    """
    three, names = fmt.section_three, names_at(period.last)
    received = {True: three.place("new_received"), False: three.place("carried_over")}
    ended = {code: three.place(three.row_for_outcome(code).key) for code in Outcome.values}
    # A label is put into words anew at each use.
    kinds, channels, outcomes = map(_labels, (ApplicantKind, Channel, Outcome))
    for case in listed:
        yield (
            case.number,
            names.get(case.department_id, ""),
            kinds[case.applicant_kind],
            channels[case.channel],
            case.received_on,
            case.closed_on if case.is_closed else None,
            outcomes[case.outcome] if case.is_closed else "",
            received[case.is_new],
            ended[case.outcome] if case.is_closed else three.place("carried_forward"),
        )


def _labels(codes: Iterable[TextChoices]) -> dict[str, str]:
    return {"": "", **{code.value: str(code.label) for code in codes}}
