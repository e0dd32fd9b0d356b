"""The annual report (条例50) from the year's call to what is published; the only writer of it."""

from reports.annual.calling import call_for_reports, call_of, proposed_units, publish_by
from reports.annual.content import checksum_of, content_of, previous_of, published
from reports.annual.filling import (
    begin,
    enter_published,
    explain_tie,
    hand_in,
    save_section_two,
    save_texts,
    set_centrally,
)
from reports.annual.findings import Finding, checks_of, findings, judge, open_findings
from reports.annual.rules import (
    STEPS,
    allowed_steps,
    check_write,
    may_write,
    not_theirs,
    refusal,
)
from reports.annual.steps import correct, publish, take_step

__all__ = [
    "STEPS",
    "Finding",
    "allowed_steps",
    "begin",
    "call_for_reports",
    "call_of",
    "check_write",
    "checks_of",
    "checksum_of",
    "content_of",
    "correct",
    "enter_published",
    "explain_tie",
    "findings",
    "hand_in",
    "judge",
    "may_write",
    "not_theirs",
    "open_findings",
    "previous_of",
    "proposed_units",
    "publish",
    "publish_by",
    "published",
    "refusal",
    "save_section_two",
    "save_texts",
    "set_centrally",
    "take_step",
]
