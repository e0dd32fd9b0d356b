"""What stands behind a cell of a report: its cases; in a roll-up, what each organ adds to it."""

from __future__ import annotations

from typing import Any

from cases.models import User
from reports.choices import OWN, Way
from reports.report_presenting import amount
from reports.rollup import RollUp
from reports.views.cell import panel_of
from reports.views.parts import parts_url
from reports.views.report_base import Place
from reports.workflow import Question

HANDED_IN = "这一单位的数据由其报送，没有逐件明细。"
NONE_ADDS = "没有单位有件数"


def cell_panel(
    place: Place, path: str, rolled: RollUp, user: User, *, close_url: str
) -> dict[str, Any]:
    """For `_casepanel.html`; its figures are those of now."""
    if place.scope == OWN and all(part.way == Way.CASES for part in rolled.parts):
        question = Question.of_year(place.department, place.year, OWN)
        return panel_of(question, path, user, None) | {"close_url": close_url}
    fmt, figure = rolled.format, amount(rolled.tables.value(path)) or "空白"
    panel = {"title": f"{fmt.cell_label(path)}：{figure} 件", "close_url": close_url}
    if place.scope == OWN:
        return panel | {"empty_text": HANDED_IN}
    return panel | {
        "cases": _parts(place, path, rolled),
        "empty_text": NONE_ADDS,
        "list_url": parts_url(place.department, place.year, place.scope, path),
    }


def _parts(place: Place, path: str, rolled: RollUp) -> list[dict[str, Any]]:
    """Each organ that adds something, in the shape of a case of the panel."""
    return [
        {
            "number": part.department,
            "url": Place(part.department, place.year, OWN).url(query=cell_of(path)),
            "when": f"{figure} 件",
            "subject": part.department.name,
            "detail": part.way.label,
        }
        for part in rolled.parts
        if part.tables and (figure := part.tables.value(path))
    ]


def cell_of(path: str) -> dict[str, str]:
    """How an address names a cell of sections three and four."""
    _, row, column = path.split(".")
    return {"row": row, "column": column}
