"""Role × act: the whole policy. Pages, buttons, files and commands all ask here."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.utils import timezone

from cases.choices import Role, Signers
from cases.models import Case, Department, Proceeding, RoundStep, SignOffStep, User
from cases.models.user import HeldRole
from cases.querysets import PATH_STEP


class Act(StrEnum):
    REGISTER = "register"
    CONFIRM = "confirm"
    ASK_CORRECTION = "ask_correction"
    RECEIVE_CORRECTION = "receive_correction"
    GIVE_UP_CORRECTION = "give_up_correction"
    ASK_REASONS = "ask_reasons"
    RECEIVE_REASONS = "receive_reasons"
    DELAY = "delay"
    CONSULT = "consult"
    DELIVER_CONSULTATION = "deliver_consultation"
    RECEIVE_OPINION = "receive_opinion"
    LAPSE_CONSULTATION = "lapse_consultation"
    END_CONSULTATION = "end_consultation"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    ASK_FEE = "ask_fee"
    DELIVER_FEE_NOTICE = "deliver_fee_notice"
    RECEIVE_FEE = "receive_fee"
    GIVE_UP_FEE = "give_up_fee"
    DRAFT = "draft"
    SUBMIT = "submit"
    SIGN = "sign"
    RECORD_SIGNATURE = "record_signature"
    SEND_BACK = "send_back"
    RECALL = "recall"
    SET_CHAIN = "set_chain"
    REPLY = "reply"
    SERVE = "serve"
    SIGN_MAIL = "sign_mail"
    RETURN_MAIL = "return_mail"
    REOPEN = "reopen"
    REPLY_AGAIN = "reply_again"
    ARCHIVE = "archive"
    AMEND = "amend"
    PUT_RIGHT = "put_right"
    REVOKE = "revoke"
    ASSIGN = "assign"
    ACCEPT = "accept"
    REFUSE_ASSIGNMENT = "refuse_assignment"
    NAME_DEPUTY = "name_deputy"
    VOID = "void"
    NOTE_CALL = "note_call"
    ASK_SECTION = "ask_section"
    ANSWER_SECTION = "answer_section"
    RECORD_SEARCH = "record_search"
    SPLIT = "split"
    LINK = "link"
    UNLINK = "unlink"
    KEEP_DOCUMENT = "keep_document"
    WITHDRAW_DOCUMENT = "withdraw_document"
    OPEN_DOCUMENT = "open_document"
    MAKE_LETTER = "make_letter"
    SET_UP_LETTERS = "set_up_letters"
    SEE_PERSONAL_DATA = "see_personal_data"
    RECORD_PROCEEDING = "record_proceeding"
    IMPORT_LEDGER = "import_ledger"
    SEE_TABLE = "see_table"
    COMPUTE_TABLE = "compute_table"
    FILL_REPORT = "fill_report"
    CONFIRM_REPORT = "confirm_report"
    RUN_CALL = "run_call"
    OVERSEE = "oversee"
    MANAGE_CALENDAR = "manage_calendar"
    MANAGE_DEPARTMENT = "manage_department"
    ADMINISTER = "administer"


_WORKERS = frozenset({Role.CLERK, Role.REVIEWER})
_HEADS = frozenset({Role.REVIEWER, Role.SUPERVISOR})
_HANDS = _WORKERS | _HEADS
_READERS = _HANDS | {Role.AUDITOR}

ROLES: dict[Act, frozenset[Role]] = {
    Act.REGISTER: _WORKERS,
    Act.CONFIRM: _WORKERS,
    Act.ASK_CORRECTION: _WORKERS,
    Act.RECEIVE_CORRECTION: _WORKERS,
    Act.GIVE_UP_CORRECTION: _WORKERS,
    Act.ASK_REASONS: _WORKERS,
    Act.RECEIVE_REASONS: _WORKERS,
    Act.DELAY: _WORKERS,
    Act.CONSULT: _WORKERS,
    Act.DELIVER_CONSULTATION: _WORKERS,
    Act.RECEIVE_OPINION: _WORKERS,
    Act.LAPSE_CONSULTATION: _WORKERS,
    Act.END_CONSULTATION: _WORKERS,
    Act.EXTEND: _HEADS,  # approved by the head of the disclosure office (条例33)
    Act.WITHDRAW: _WORKERS,
    Act.ASK_FEE: _WORKERS,
    Act.DELIVER_FEE_NOTICE: _WORKERS,
    Act.RECEIVE_FEE: _WORKERS,
    Act.GIVE_UP_FEE: _WORKERS,
    Act.DRAFT: _WORKERS,
    Act.SUBMIT: _WORKERS,
    Act.SIGN: _HANDS,  # and by step: may_sign
    Act.RECORD_SIGNATURE: _WORKERS,
    Act.SEND_BACK: _HANDS,  # as SIGN
    Act.RECALL: _WORKERS,
    Act.SET_CHAIN: frozenset({Role.SUPERVISOR}),
    Act.REPLY: _WORKERS,
    Act.SERVE: _WORKERS,
    Act.SIGN_MAIL: _WORKERS,
    Act.RETURN_MAIL: _WORKERS,
    Act.REOPEN: _WORKERS,
    Act.REPLY_AGAIN: _WORKERS,
    Act.ARCHIVE: _HANDS,  # the documents in it hold personal data
    Act.AMEND: _HANDS,
    Act.PUT_RIGHT: _HANDS,  # of an extension: who may extend
    Act.REVOKE: _HANDS,
    Act.ASSIGN: _HANDS,
    Act.ACCEPT: _WORKERS,
    Act.REFUSE_ASSIGNMENT: _WORKERS,
    Act.NAME_DEPUTY: frozenset({Role.SUPERVISOR}),  # for others; for oneself everybody may
    Act.VOID: frozenset({Role.REVIEWER}),  # a number given up is agreed to by whoever reviews
    Act.NOTE_CALL: _WORKERS,
    Act.ASK_SECTION: _WORKERS,
    Act.ANSWER_SECTION: _WORKERS,
    Act.RECORD_SEARCH: _WORKERS,
    Act.SPLIT: _WORKERS,
    Act.LINK: _WORKERS,
    Act.UNLINK: _WORKERS,
    Act.KEEP_DOCUMENT: _HANDS,
    Act.WITHDRAW_DOCUMENT: _HANDS,
    Act.OPEN_DOCUMENT: _HANDS,  # as SEE_PERSONAL_DATA: an application shows who the applicant is
    Act.MAKE_LETTER: _HANDS,
    Act.SET_UP_LETTERS: _HEADS | {Role.ADMINISTRATOR},  # templates, review organ, own series
    Act.SEE_PERSONAL_DATA: _HANDS,
    Act.RECORD_PROCEEDING: _HANDS,
    Act.IMPORT_LEDGER: _HANDS,
    Act.SEE_TABLE: _READERS,
    Act.COMPUTE_TABLE: _READERS,
    Act.FILL_REPORT: _HANDS,
    Act.CONFIRM_REPORT: _HEADS,  # and to publish what was accepted
    Act.RUN_CALL: frozenset({Role.SUPERVISOR}),  # at the government whose office calls
    Act.OVERSEE: _HEADS | {Role.AUDITOR},  # the whole at a glance, unit by unit
    Act.MANAGE_CALENDAR: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),  # see can_at_top
    Act.MANAGE_DEPARTMENT: frozenset({Role.SUPERVISOR}),
    Act.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}

# Acts of whom the case is assigned to, and those that a unit does which drafts for another organ.
OF_THE_ASSIGNED = frozenset({Act.ACCEPT, Act.REFUSE_ASSIGNMENT})
# The organ that answers decides, signs and serves; personal data stay with it, too.
DRAFTING = OF_THE_ASSIGNED | {
    Act.ASSIGN,
    Act.DRAFT,
    Act.SUBMIT,
    Act.RECALL,  # by who submitted it: refusals.not_their_draft
    Act.NOTE_CALL,
    Act.ASK_SECTION,
    Act.ANSWER_SECTION,
    Act.RECORD_SEARCH,
    Act.KEEP_DOCUMENT,
}


def can(user: User, act: Act, department: Department) -> bool:
    """Whether a role that `user` holds at or above `department` allows `act`."""
    return _allows(user.held_roles, act, department)


def can_on(user: User, act: Act, case: Case) -> bool:
    """Whether `user` may do `act` on `case`: by a role at its organ, as the deputy of who handles
    it, or, in what drafting it takes, by a role at the unit that drafts it."""
    unit = heir_of(case.drafting_department)
    if act in OF_THE_ASSIGNED and not _is_assigned(user, act, case):
        return False
    if can_for_organ(user, act, case):
        return True
    return act in DRAFTING and unit is not None and _allows(_held_on(user, case), act, unit)


def can_for_organ(user: User, act: Act, case: Case) -> bool:
    """As `can_on`, by roles at the organ that answers alone."""
    return _allows(_held_on(user, case), act, organ_of(case))


def organ_of(it: Case | Proceeding) -> Department:
    """The organ that answers a case, or in a review or suit, today, a successor included: an act is
    always one of today's, as a deputy's rights are (`User.stands_in_for`)."""
    return it.organ_on(timezone.localdate())


def heir_of(unit: Department | None) -> Department | None:
    """Who drafts today what was given to `unit` to draft: it, or what has succeeded it."""
    return unit and unit.heir_on(timezone.localdate())


def absent_at(user: User, act: Act, department: Department) -> int | None:
    """The colleague by whose role at or above `department` their deputy `user` may do `act` there;
    None where nobody's does, or `user`'s own."""
    if can(user, act, department):
        return None
    absent = user.stands_in_for.items()
    return next((pk for pk, held in absent if _allows(held, act, department)), None)


def can_begin(user: User, act: Act, department: Department) -> bool:
    """As `can`, or as a deputy: what begins a case of the absent, and is none of theirs yet."""
    return can(user, act, department) or absent_at(user, act, department) is not None


def can_record(user: User, proceeding: Proceeding) -> bool:
    """Whether `user` may enter this review or suit: by a role at the organ that answers in it, or
    as the deputy of who handles its case. What ended before a succession the successor may enter
    too, which may hear of it only then."""
    held = _held_on(user, proceeding.case) if proceeding.case else user.held_roles
    organs = (organ_of(proceeding), proceeding.department.heir_on(timezone.localdate()))
    return any(_allows(held, Act.RECORD_PROCEEDING, organ) for organ in organs)


def works_at(user: User, department: Department) -> bool:
    """Whether `user` is a clerk or reviewer at or above `department`."""
    return user.is_active and can(user, Act.ACCEPT, department)


def _is_assigned(user: User, act: Act, case: Case) -> bool:
    """Whether the case is theirs, or, to send it back, their unit's."""
    if case.handler_id and case.handler_id in (user.pk, *user.stands_in_for):
        return True
    unit = heir_of(case.drafting_department)
    return act == Act.REFUSE_ASSIGNMENT and unit is not None and can(user, act, unit)


def _held_on(user: User, case: Case) -> tuple[HeldRole, ...]:
    absent = user.stands_in_for.get(case.handler_id, ()) if case.handler_id else ()
    return (*user.held_roles, *absent)


def _allows(held_roles: Iterable[HeldRole], act: Act, department: Department) -> bool:
    return any(
        held.role in ROLES[act] and department.path.startswith(held.path) for held in held_roles
    )


def may_sign(user: User, step: RoundStep | SignOffStep, department: Department) -> bool:
    """Whether `step` is `user`'s to sign: by name, or by role where it names nobody.

    The same put to the database: `RoundStepQuerySet.waiting_for`.
    """
    named = {signer.pk for signer in step.signers.all()}
    if named:
        return user.pk in named and can(user, Act.SIGN, department)
    return any(
        held.role in Signers(step.who).roles and department.path.startswith(held.path)
        for held in user.held_roles
    )


def can_anywhere(user: User, act: Act) -> bool:
    return any(held.role in ROLES[act] for held in user.held_roles)


def can_at_top(user: User, act: Act) -> bool:
    """Whether a role held at the root of a tree allows `act`, which is about all there is."""
    return any(held.role in ROLES[act] and len(held.path) == PATH_STEP for held in user.held_roles)


def can_for_all(user: User, act: Act) -> bool:
    """Whether `user` may do at the top of the tree what concerns every organ below."""
    return any(can(user, act, top) for top in Department.objects.filter(parent=None))


def only_oversees(user: User) -> bool:
    """Whether the user looks after cases that others work: the year is their front page."""
    return can_anywhere(user, Act.OVERSEE) and not can_anywhere(user, Act.REGISTER)
