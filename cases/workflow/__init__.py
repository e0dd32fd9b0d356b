"""The only writer of cases: one function an act, from `ACTS`, the one table of what may be done."""

from cases.workflow.again import reopen, reply_again
from cases.workflow.amend import amend, void
from cases.workflow.archive import archive
from cases.workflow.assign import accept, assign, hand_over, refuse_assignment
from cases.workflow.base import NotAllowed, Stale, allowed_acts, not_theirs, situation_of
from cases.workflow.clockwork import clock_if_received, clock_of, clock_with, new_faults
from cases.workflow.consult import (
    consult,
    deliver_consultation,
    end_consultation,
    lapse_consultation,
    receive_opinion,
)
from cases.workflow.consultations import Consultation, consultations_of
from cases.workflow.correct import ask_correction, give_up_correction, receive_correction
from cases.workflow.decide import reply, serve
from cases.workflow.extend import ask_reasons, delay, extend, receive_reasons
from cases.workflow.fee import ask_fee, deliver_fee_notice, give_up_fee, receive_fee
from cases.workflow.fee_notice import FeeNotice, fee_of
from cases.workflow.letters import make_letter
from cases.workflow.link import link, reply_together, split, unlink
from cases.workflow.mail import return_mail, sign_mail
from cases.workflow.note import answer_section, ask_section, note_call, record_search
from cases.workflow.papers import keep_document, keep_documents, open_document, withdraw_document
from cases.workflow.proceedings import record_proceeding
from cases.workflow.put_right import put_right, revoke
from cases.workflow.refusals import Situation, not_accepted
from cases.workflow.register import confirm, register
from cases.workflow.rules import ACTS
from cases.workflow.schedules import publish_schedule
from cases.workflow.sealing import seal_year
from cases.workflow.signoff import (
    WantedStep,
    recall,
    record_signature,
    save_draft,
    send_back,
    set_chain,
    sign,
    submit,
)
from cases.workflow.withdraw import withdraw

__all__ = [
    "ACTS",
    "Consultation",
    "FeeNotice",
    "NotAllowed",
    "Situation",
    "Stale",
    "WantedStep",
    "accept",
    "allowed_acts",
    "amend",
    "answer_section",
    "archive",
    "ask_correction",
    "ask_fee",
    "ask_reasons",
    "ask_section",
    "assign",
    "clock_if_received",
    "clock_of",
    "clock_with",
    "confirm",
    "consult",
    "consultations_of",
    "delay",
    "deliver_consultation",
    "deliver_fee_notice",
    "end_consultation",
    "extend",
    "fee_of",
    "give_up_correction",
    "give_up_fee",
    "hand_over",
    "keep_document",
    "keep_documents",
    "lapse_consultation",
    "link",
    "make_letter",
    "new_faults",
    "not_accepted",
    "not_theirs",
    "note_call",
    "open_document",
    "publish_schedule",
    "put_right",
    "recall",
    "receive_correction",
    "receive_fee",
    "receive_opinion",
    "receive_reasons",
    "record_proceeding",
    "record_search",
    "record_signature",
    "refuse_assignment",
    "register",
    "reopen",
    "reply",
    "reply_again",
    "reply_together",
    "return_mail",
    "revoke",
    "save_draft",
    "seal_year",
    "send_back",
    "serve",
    "set_chain",
    "sign",
    "sign_mail",
    "situation_of",
    "split",
    "submit",
    "unlink",
    "void",
    "withdraw",
    "withdraw_document",
]
