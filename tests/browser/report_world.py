"""Annual reports in the states that their pages can show."""

from __future__ import annotations

from datetime import date

from cases.models import User
from reports import annual
from reports.choices import HOME, OWN, ReportStepKind
from reports.models import AnnualReport
from reports.views.report_base import Place
from tests.makers import Tree, hand_of
from tests.reports.report_cast import entered, filled, made_public, step


def make_reports(tree: Tree, office: User) -> dict[str, Place]:
    """Before any case is entered: what was published of 2025 then differs from what is so now."""
    entered(tree.housing, hand_of(tree.housing), forward=2)
    entered(tree.land, hand_of(tree.land), forward=2, year=2025)
    written = filled(tree.housing, hand_of(tree.housing))
    said = {"problems": "无", "requests": "全年新收申请5件，均已办结。"}
    annual.save_texts(written, said, by=hand_of(tree.housing), version=None)
    _confirmed(tree)
    accepted = step(
        filled(tree.town, hand_of(tree.town), year=2022),
        ReportStepKind.CONFIRMED,
        hand_of(tree.town),
    )
    step(accepted, ReportStepKind.ACCEPTED, office)
    hand = hand_of(tree.office)
    made_public(filled(tree.office, hand), hand, office, on=date(2025, 1, 20))
    annual.begin(tree.government, HOME, 2024, by=office)
    return {
        "written": Place(tree.housing, 2024, OWN),
        "before": Place(tree.housing, 2023, OWN),
        "confirmed": Place(tree.land, 2025, OWN),
        "accepted": Place(tree.town, 2022, OWN),
        "published": Place(tree.office, 2024, OWN),
        "roll-up": Place(tree.government, 2024, HOME),
        "none": Place(tree.neighbour, 2024, OWN),
    }


def _confirmed(tree: Tree) -> AnnualReport:
    """Confirmed before its cases came in."""
    hand = hand_of(tree.land)
    report = filled(tree.land, hand, year=2025)
    return step(report, ReportStepKind.CONFIRMED, hand)
