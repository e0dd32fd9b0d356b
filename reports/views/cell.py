"""The cases or proceedings behind a cell: beside the table, or on a page of their own."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.lamps import lamp_key_for
from cases.listing import arrange, case_table
from cases.models import Proceeding, User
from cases.models.calendar import load_calendar
from cases.proceeding_querysets import ProceedingQuerySet
from cases.querysets import CaseQuerySet
from cases.tables import ProceedingTable
from cases.views.base import user_of
from reports.counting import (
    cell_cases,
    cell_outcomes,
    cell_proceedings,
    size,
)
from reports.formats.base import Row, Tables
from reports.forms import QuestionForm
from reports.models import ComputedTable
from reports.presenting import outcome_split, panel_case, panel_proceeding
from reports.views.base import asked_cell, asked_department, cell_urls, table_url
from reports.workflow import Question

Found = TypeVar("Found", CaseQuerySet, ProceedingQuerySet)

NEW = "new_received"
LISTED = 200  # rows in the side panel; the page has them all


@login_required
@require_safe
@vary_on_headers("HX-Request")
def cell(request: HttpRequest) -> HttpResponse:
    """Live: what the cell counts now. htmx gets the panel, and the address of table and cell."""
    department, today = asked_department(request, request.GET), timezone.localdate()
    form = QuestionForm(request.GET, department=department, today=today)
    question = form.question if form.is_valid() else None
    path = asked_cell(request.GET, question.format) if question else ""
    if question is None or not path:
        raise Http404
    user = user_of(request)
    htmx = request.htmx  # type: ignore[attr-defined]
    beside = htmx and not htmx.history_restore_request
    panel = panel_of(question, path, user, question.stored(), listed=LISTED if beside else 0)
    if beside:
        response = render(request, "components/_casepanel.html", {"panel": panel})
        response["HX-Replace-Url"] = table_url(question, path)
        return response
    number = panel["number"]
    context, count = _list(request, question, path, user, number)
    context |= {"panel": panel, "question": question, "missing": _elsewhere(number - count)}
    return render(request, "reports/cell.html", context)


def panel_of(
    question: Question,
    path: str,
    user: User,
    stored: ComputedTable | None,
    *,
    listed: int = LISTED,
) -> dict[str, Any]:
    """The first of the cell's cases, how many there are, and whether the table says so too.

    The number is the table's; listed are those that the user may see, which a reorganisation can
    have made fewer.
    """
    fmt, last = question.format, question.period.last
    if _in_section_four(path):
        proceedings = _proceedings(question, path)
        number, notes = size(proceedings), []
        seen = _seen(proceedings, question, user).select_related("case", "department")
        lines = [panel_proceeding(one, last) for one in seen.order_by("filed_on", "pk")[:listed]]
    else:
        cases = _cases(question, path)
        leaf = _row(question, path)
        number, split = _number(cases, leaf)
        notes = [leaf.name, split]
        by_reply = leaf.parent is not None
        ordered = _seen(cases, question, user).order_by(
            "closed_on" if by_reply else "received_on", "pk"
        )
        lines = [panel_case(one, last, by_reply=by_reply) for one in ordered[:listed]]
    if stored and Tables.from_json(fmt, stored.figures).value(path) != number:
        notes.append("计算后有变动，请重新计算")
    return {
        "number": number,
        "title": f"{fmt.cell_label(path)}：{number} 件",
        "note": "。".join(filter(None, notes)),
        "cases": lines,
        "more": _more(number, len(lines)),
        "list_url": cell_urls(question)(path),
        "close_url": table_url(question),
        "empty_text": "这一格没有件数" if number == 0 else "这些件不在您可以查看的范围内",
    }


def _list(
    request: HttpRequest, question: Question, path: str, user: User, number: int
) -> tuple[dict[str, Any], int]:
    """Of the cell's `number` those that the user may see, as the usual list; and how many."""
    sees_all = _sees_all(user, question)
    if _in_section_four(path):
        proceedings = _seen(_proceedings(question, path), question, user)
        count = number if sees_all else size(proceedings)
        on, calendar = timezone.localdate(), load_calendar()
        table = ProceedingTable(proceedings, user=user, on=on, calendar=calendar)
        arrange(
            table, request, Proceeding.objects.select_related("department", "case"), count=count
        )
        return {"table": table}, count
    cases = _seen(_cases(question, path), question, user)
    count = number if sees_all else size(cases)
    if _row(question, path).parent is not None:  # found by their reply, they need no sorting by it
        cases = cases.order_by("-closed_on", "-pk")
    elif path.split(".")[1] == NEW:  # says no more than the period does: it names the index
        first, last = question.period.first.year, question.period.last.year
        cases = cases.filter(received_year__in=range(first, last + 1))
    else:
        cases = cases.found_and_sorted()
    on = timezone.localdate()
    table = case_table(cases, request, on=on, calendar=load_calendar(), count=count)
    return {"table": table, "lamp_key": lamp_key_for(user)}, count


def _number(cases: CaseQuerySet, leaf: Row) -> tuple[int, str]:
    """Of the cases behind a cell; and how they fall to the outcomes of a row that counts several.

    To group a hundred thousand cases takes five times as long as to count them.
    """
    if len(leaf.outcomes) < 2:
        return size(cases), ""
    outcomes = cell_outcomes(cases)
    return sum(outcomes.values()), outcome_split(outcomes)


def _row(question: Question, path: str) -> Row:
    return question.format.section_three.row(path.split(".")[1])


def _in_section_four(path: str) -> bool:
    return path.startswith("section_four.")


def _cases(question: Question, path: str) -> CaseQuerySet:
    _, row, column = path.split(".")
    return cell_cases(question.counted, question.period, question.format, row, column)


def _proceedings(question: Question, path: str) -> ProceedingQuerySet:
    _, group, column = path.split(".")
    return cell_proceedings(question.counted, question.period, group, column)


def _seen(found: Found, question: Question, user: User) -> Found:
    """Of those behind a figure the ones that the user may see."""
    return found if _sees_all(user, question) else found.visible_to(user)


def _sees_all(user: User, question: Question) -> bool:
    """Whether all that the cell counts is surely for the user to see."""
    reached, organs = user.reached_departments, question.counted.organs
    return reached is None or (organs.ids <= reached and not organs.moves)


def _more(number: int, listed: int) -> str:
    return f"这里只列前 {LISTED} 件" if listed == LISTED < number else _elsewhere(number - listed)


def _elsewhere(missing: int) -> str:
    return f"另有 {missing} 件由您查看范围以外的单位办理，不在此列出" if missing else ""
