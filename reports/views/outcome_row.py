"""Where a reply will count: the row of section three that an outcome fills, before it is given."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.choices import Outcome
from cases.forms.base import DayField
from cases.models import Case
from cases.permissions import Act, can_on, organ_of
from cases.views.base import id_of, reader_of
from cases.workflow.base import check_day
from reports.choices import OWN
from reports.counting import Period, cell_cases, scope_of, size
from reports.formats import FORMATS, NoFormat, format_for_year
from reports.formats.base import Format


@login_required
@require_safe
def outcome_row(request: HttpRequest) -> HttpResponse:
    """`case`, the `outcome` chosen so far, and the day of the reply (`closed_on`, else today)."""
    user = reader_of(request)
    visible = Case.objects.visible_to(user).select_related("department__successor")
    case = get_object_or_404(visible, pk=id_of(request.GET.get("case", "")))
    if not can_on(user, Act.SEE_TABLE, case):
        raise PermissionDenied(f"您没有查看{organ_of(case)}统计表的权限。")
    outcome = request.GET.get("outcome", "")
    if outcome and outcome not in Outcome:
        raise Http404
    today = timezone.localdate()
    on = _day(request.GET.get("closed_on", "")) or today
    goes = _refusal(case, on, today) or goes_of(case, outcome, on)
    return render(request, "components/_goes.html", {"goes": goes})


def _refusal(case: Case, on: date, today: date) -> dict[str, Any]:
    """For `_goes.html`: why no reply can be dated `on`, and so counts nowhere; empty if it can."""
    try:
        check_day("closed_on", on, today=today, not_before=case.received_on)
    except ValidationError as refused:
        return {"form_text": "年度表第三部分", "refusal": refused.messages[0]}
    return {}


def goes_of(case: Case, outcome: str, on: date) -> dict[str, Any]:
    """For `_goes.html`: the row in the own table of the organ that answers on the day of the reply,
    of its year.

    The figure is that of the applicant's column, counted live without the case itself.
    """
    fmt = _format_of(on.year)
    goes: dict[str, Any] = {"form_text": f"年度表第三部分（{fmt.version} 年格式）"}
    if not outcome:
        return goes
    three = fmt.section_three
    leaf = three.row_for_outcome(outcome)
    column = next(column for column in three.columns if column.key == case.applicant_kind)
    period = Period.year(on.year)
    scope = scope_of(case.organ_on(on), OWN, period)
    counted = cell_cases(scope, period, fmt, leaf.key, column.key)
    now = size(counted.exclude(pk=case.pk))
    rows: list[dict[str, Any]] = []
    for group, leaves in three.outcome_groups:
        rows.append({"text": _brief(group.label), "level": 1, "on": group == leaf})
        if leaf in leaves and leaf != group:
            rows.append({"text": leaf.label, "level": 2, "on": True})
    chosen = next(row for row in rows if row["on"])
    chosen |= {"now": now, "after": now + 1}
    return goes | {
        "row": three.place(leaf.key),
        "label": _brief(leaf.name),
        "note": f"{column.label}列，按答复日期计入 {on.year} 年",
        "rows": rows,
    }


def _brief(label: str) -> str:
    """Without the note in brackets that the official label of （二） ends with."""
    return re.sub(r"(?<=.)（[^（）]+）$", "", label)


def _format_of(year: int) -> Format:
    """The format of the year; for a year that none covers the latest."""
    try:
        return format_for_year(year)
    except NoFormat:
        return list(FORMATS.values())[-1]


def _day(text: str) -> date | None:
    """What is half typed is no day yet."""
    try:
        return DayField(required=False).clean(text)
    except ValidationError:
        return None
