"""What stands on the page of a case beside its clock: records, hints, and what may be added."""

from __future__ import annotations

from typing import Any

from cases.models import User
from cases.permissions import Act
from cases.records import records_of
from cases.views.earlier import hints_for
from cases.workdays import Calendar
from cases.workflow import Situation, allowed_acts


def beside_clock(situation: Situation, user: User, calendar: Calendar) -> dict[str, Any]:
    """The context of cases/_hints.html and cases/_records.html; a fixed number of queries."""
    case = situation.case
    allowed = allowed_acts(situation, user)
    return {
        "hints": hints_for(situation, user, calendar, allowed),
        "is_to_answer": Act.REPLY in allowed,
        "records": records_of(case, situation.events, situation.on),
        "may_note_call": Act.NOTE_CALL in allowed,
        "may_answer_section": Act.ANSWER_SECTION in allowed,
        "may_unlink": Act.UNLINK in allowed,
        "may_put_right": Act.PUT_RIGHT in allowed,
    }
