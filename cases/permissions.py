"""Role × act: the whole policy. Pages, buttons, files and commands all ask here."""

from __future__ import annotations

from enum import StrEnum

from cases.choices import Role
from cases.models import Department, User
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
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    ASK_FEE = "ask_fee"
    REPLY = "reply"
    SERVE = "serve"
    AMEND = "amend"
    VOID = "void"
    SEE_PERSONAL_DATA = "see_personal_data"
    RECORD_PROCEEDING = "record_proceeding"
    IMPORT_LEDGER = "import_ledger"
    SEE_TABLE = "see_table"
    COMPUTE_TABLE = "compute_table"
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
    Act.EXTEND: _HEADS,  # approved by the head of the disclosure office (条例33)
    Act.WITHDRAW: _WORKERS,
    Act.ASK_FEE: _WORKERS,
    Act.REPLY: _WORKERS,
    Act.SERVE: _WORKERS,
    Act.AMEND: _HANDS,
    Act.VOID: _HANDS,  # a clerk names the reviewer who agreed: workflow.amend.void
    Act.SEE_PERSONAL_DATA: _HANDS,
    Act.RECORD_PROCEEDING: _HANDS,
    Act.IMPORT_LEDGER: _HANDS,
    Act.SEE_TABLE: _READERS,
    Act.COMPUTE_TABLE: _READERS,
    Act.OVERSEE: _HEADS | {Role.AUDITOR},  # the whole at a glance, unit by unit
    Act.MANAGE_CALENDAR: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),  # see can_at_top
    Act.MANAGE_DEPARTMENT: frozenset({Role.SUPERVISOR}),
    Act.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}


def can(user: User, act: Act, department: Department) -> bool:
    """Whether a role that `user` holds at or above `department` allows `act`."""
    return any(
        held.role in ROLES[act] and department.path.startswith(held.path)
        for held in user.held_roles
    )


def can_anywhere(user: User, act: Act) -> bool:
    return any(held.role in ROLES[act] for held in user.held_roles)


def can_at_top(user: User, act: Act) -> bool:
    """Whether a role held at the root of a tree allows `act`, which is about all there is."""
    return any(held.role in ROLES[act] and len(held.path) == PATH_STEP for held in user.held_roles)


def only_oversees(user: User) -> bool:
    """Whether the user looks after cases that others work: the year is their front page."""
    return can_anywhere(user, Act.OVERSEE) and not can_anywhere(user, Act.REGISTER)
