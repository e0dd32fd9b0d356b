"""The named cast of the tests: a district with its organs, the people who work there, and cases.

The tree is 秀洲区's in small. Cases are made through the workflow, as clerks make them, so that
numbers, events and stored clocks are what they would be.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import workflow
from cases.choices import (
    Addressee,
    ApplicantKind,
    Channel,
    DepartmentKind,
    FeeScheme,
    Outcome,
    ProceedingKind,
    Role,
    ServiceMethod,
)
from cases.departments import DepartmentRow, add_department
from cases.models import Applicant, Case, Department, Proceeding, RoleAssignment, User
from cases.workflow.grounds import RESTS_ON

TODAY = date(2025, 10, 27)  # a Monday, the day of the mock pictures
RECEIVED = date(2025, 9, 15)  # the receipt of the worked examples; due on 2025-10-17
PASSWORD = "机关内网-演示-2025"

_serial = count(1)


@dataclass(frozen=True, slots=True)
class Tree:
    """秀洲区人民政府 with its office, two departments and a town; 平湖市 beside it."""

    government: Department
    office: Department
    housing: Department
    land: Department
    town: Department
    neighbour: Department


def make_department(
    name: str,
    kind: DepartmentKind = DepartmentKind.DEPARTMENT,
    parent: Department | None = None,
    *,
    code: str = "",
    short_name: str = "",
    number_prefix: str = "",
) -> Department:
    row = DepartmentRow(
        name=name,
        code=code or f"T{next(_serial)}",
        parent_code=parent.code if parent else "",
        kind=kind,
        short_name=short_name,
        number_prefix=number_prefix,
    )
    return add_department(row)


def make_tree() -> Tree:
    kinds = DepartmentKind
    government = make_department("秀洲区人民政府", kinds.GOVERNMENT, code="XZ", short_name="秀洲区")

    def organ(name: str, kind: DepartmentKind, code: str, short: str, prefix: str) -> Department:
        return make_department(
            name, kind, government, code=code, short_name=short, number_prefix=prefix
        )

    return Tree(
        government=government,
        office=organ("秀洲区人民政府办公室", kinds.OFFICE, "XZ-BGS", "区政府办", "秀政公开申"),
        housing=organ(
            "秀洲区住房和城乡建设局", kinds.DEPARTMENT, "XZ-ZJJ", "区住建局", "秀建公开申"
        ),
        land=organ(
            "嘉兴市自然资源和规划局秀洲分局",
            kinds.DEPARTMENT,
            "XZ-ZGJ",
            "区资规分局",
            "秀资规公开申",
        ),
        town=organ("王江泾镇人民政府", kinds.TOWN, "XZ-WJJ", "王江泾镇", "秀王公开申"),
        neighbour=make_department(
            "平湖市人民政府办公室", kinds.OFFICE, code="PH-BGS", short_name="市政府办"
        ),
    )


def make_user(
    role: Role | None, department: Department | None = None, *, name: str = "", username: str = ""
) -> User:
    """A user with `role` at `department`; without a role, one who may do nothing yet."""
    n = next(_serial)
    user = User.objects.create_user(
        username or f"user{n}", PASSWORD, display_name=name or f"经办员{n}"
    )
    if role and department:
        RoleAssignment.objects.create(user=user, department=department, role=role)
    return user


def make_applicant(kind: str = ApplicantKind.NATURAL_PERSON, **fields: Any) -> Applicant:
    """Not stored: `register` stores it."""
    return Applicant(kind=kind, **{"name": f"申请人{next(_serial)}"} | fields)


def hand_of(department: Department) -> User:
    """One who may do everything at `department`: reviewer is both worker and head."""
    username = f"hand-{department.code}"
    return User.objects.filter(username=username).first() or make_user(
        Role.REVIEWER, department, username=username
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened between receipt and reply; each empty unless given."""

    correction: tuple[date, date | None] | None = None  # asked, received
    consultation: tuple[date, date | None] | None = None  # sent, returned
    consulted: Addressee = Addressee.THIRD_PARTY
    fee: tuple[date, date | None] | None = None  # asked, paid
    extended_on: date | None = None
    extended_by: int = 20


def make_case(
    department: Department,
    *,
    received_on: date | None = RECEIVED,
    arrived_on: date | None = None,
    channel: str = Channel.REGISTERED_MAIL,
    kind: str = ApplicantKind.NATURAL_PERSON,
    name: str = "",
    applicant: Applicant | None = None,
    content: str = "甲路以东地块房屋征收补偿方案",
    facts: Facts = Facts(),
    outcome: str = "",
    closed_on: date | None = None,
    service_method: str = "",
    served_on: date | None = None,
    reply_number: str = "",
    by: User | None = None,
    today: date = TODAY,
    **fields: Any,
) -> Case:
    """A registered case, with what happened to it since; replied when `closed_on` is given.

    The reply may be as a ledger brings one in: without a way of service, or the steps behind it.
    待确认 without `received_on` (through a channel that allows it, arrived on RECEIVED).
    """
    by = by or hand_of(department)
    if received_on is None and not Channel(channel).needs_confirmation:
        channel = Channel.PORTAL
    person = applicant or make_applicant(kind, **({"name": name} if name else {}))
    draft = Case(
        department=department,
        channel=channel,
        arrived_on=arrived_on or received_on or RECEIVED,
        received_on=received_on,
        content=content,
        **fields,
    )
    case = workflow.register(draft, person, by=by, today=today)
    _add_facts(case, facts, by=by, today=today)
    if closed_on:
        recorded = outcome not in RESTS_ON  # else the steps behind it were not recorded here
        workflow.reply(
            case,
            by=by,
            today=max(today, served_on or closed_on),
            outcome=outcome if outcome and recorded else Outcome.GRANTED,
            closed_on=closed_on,
            reply_number=reply_number,
            service_method=service_method or ServiceMethod.POST,
            served_on=served_on,
        )
        stored = Case.objects.filter(pk=case.pk)
        stored.update(service_method=service_method, outcome=outcome or Outcome.GRANTED)
    return Case.objects.select_related("department", "applicant").get(pk=case.pk)


def _add_facts(case: Case, facts: Facts, *, by: User, today: date) -> None:
    said: dict[str, Any] = {"by": by, "today": today}
    if facts.correction:
        asked, received = facts.correction
        workflow.ask_correction(case, on=asked, days=15, what="写明文件名称", **said)
        if received:
            workflow.receive_correction(case, on=received, **said)
    if facts.consultation:
        sent, returned = facts.consultation
        workflow.consult(
            case, on=sent, key="1", addressee=facts.consulted, whom="某评估机构甲", **said
        )
        if returned:
            workflow.receive_opinion(case, on=returned, key="1", opinion="不同意公开", **said)
    if facts.fee:
        asked, paid = facts.fee
        workflow.ask_fee(case, on=asked, scheme=FeeScheme.PAGES, pages=68, **said)  # 380 元
        if paid:
            workflow.receive_fee(case, on=paid, **said)
    if facts.extended_on:
        workflow.extend(
            case, on=facts.extended_on, days=facts.extended_by, reason="案情复杂", **said
        )


def make_proceeding(
    department: Department,
    *,
    kind: str = ProceedingKind.REVIEW,
    filed_on: date = RECEIVED,
    by: User | None = None,
    today: date = TODAY,
    **fields: Any,
) -> Proceeding:
    draft = Proceeding(department=department, kind=kind, filed_on=filed_on, **fields)
    return workflow.record_proceeding(draft, by=by or hand_of(department), today=today)


def queries_of(call: Callable[[], object]) -> int:
    """How many statements `call` sends to the database."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)
