"""The annual report (条例50) from the year's call to what is published; the only writer of it."""

from reports.annual.calling import call_for_reports, call_of, proposed_units, publish_by
from reports.annual.content import checksum_of, content_of, previous_of, published
from reports.annual.fact_kinds import (
    asked_of,
    kind_version,
    kinds_of,
    may_set_kinds,
    may_take_usual,
    remove_kind,
    set_kind,
    take_usual,
)
from reports.annual.facts import (
    Entry,
    facts_of,
    facts_refusal,
    facts_version,
    rolled_facts,
    tell_facts,
)
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
    "Entry",
    "Finding",
    "allowed_steps",
    "asked_of",
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
    "facts_of",
    "facts_refusal",
    "facts_version",
    "findings",
    "hand_in",
    "judge",
    "kind_version",
    "kinds_of",
    "may_set_kinds",
    "may_take_usual",
    "may_write",
    "not_theirs",
    "open_findings",
    "previous_of",
    "proposed_units",
    "publish",
    "publish_by",
    "published",
    "refusal",
    "remove_kind",
    "rolled_facts",
    "save_section_two",
    "save_texts",
    "set_centrally",
    "set_kind",
    "take_step",
    "take_usual",
    "tell_facts",
]
