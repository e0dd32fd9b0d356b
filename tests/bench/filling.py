"""Cases by the million, made by the database itself.

Ten years up to today: the same number every day, organ by organ in turn. A case is answered after
three to 32 days, so that what came in lately is still open, some of it waiting or to be served;
every turn of a year has cases carried over it. Every third case brings a new applicant.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, models

from cases.choices import (
    ApplicantKind,
    Channel,
    DepartmentKind,
    EventKind,
    Outcome,
    ProceedingKind,
    ProceedingResult,
    Role,
    ServiceMethod,
    Waiting,
)
from cases.departments import DepartmentRow, add_department
from cases.models import Applicant, Case, Department, Event, Proceeding, RoleAssignment, User

DEPARTMENTS = 40
YEARS = 10
DAYS = 3652  # of ten years
TERM = 28  # days of twenty working days
CASES_OF_AN_APPLICANT = 3
CASES_OF_A_PROCEEDING = 50

STREETS = tuple(
    [
        "新城街道",
        "高照街道",
        "嘉北街道",
        "塘汇街道",
        "王店镇",
        "洪合镇",
        "新塍镇",
        "油车港镇",
        "王江泾镇",
    ]
)
PLACES = tuple(
    ["甲路以东", "乙路以西", "丙港以北", "丁村集体", "戊社区南", "己湾老街", "庚桥西侧", "辛园二期"]
)
MATTERS = tuple(
    [
        "房屋征收",
        "土地出让",
        "规划许可",
        "环境影响",
        "施工许可",
        "低保审批",
        "学区划分",
        "采购合同",
        "财政预算",
        "违建查处",
        "拆迁安置",
        "河道整治",
        "公墓建设",
        "物业备案",
        "食品抽检",
        "信号基站",
    ]
)
PAPERS = tuple(
    ["补偿方案", "批复文件", "会议纪要", "验收报告", "评估报告", "红线图", "听证记录", "资金明细"]
)
# Plainly invented: 申请人甲子丑.
SURNAMES = tuple(f"申请人{stem}" for stem in "甲乙丙丁戊己庚辛壬癸")
GIVEN = tuple("子丑寅卯辰巳午未申酉戌亥")

SUPERVISOR = "supervisor"


def fill(cases: int, today: date) -> None:
    """Departments, people and `cases` applications with their events, in an empty database."""
    government = add_departments()
    add_users(government)
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:  # its snapshot would keep ours from marking the pages as seen by all
            cursor.execute(f"ALTER TABLE {_table(Case)} SET (autovacuum_enabled = false)")
            # The foreign keys are right by construction; asking for each takes minutes.
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-2000000")
        people = -(-cases // CASES_OF_AN_APPLICANT)
        _insert(cursor, Applicant, people, applicant_columns())
        _insert(cursor, Case, cases, case_columns(cases, today))
        for kind, day, condition in (
            (EventKind.REGISTERED, "c.received_on", "TRUE"),
            (EventKind.REPLIED, "c.closed_on", "c.closed_on IS NOT NULL"),
            (EventKind.CONSULTATION_SENT, "c.received_on", f"c.waiting_for = '{_CONSULTED}'"),
        ):
            given = event_columns(kind, day)
            cursor.execute(
                f"INSERT INTO {_table(Event)} ({', '.join(given)}) "
                f"SELECT {', '.join(given.values())} FROM {_table(Case)} c "
                f"WHERE {condition} ORDER BY c.id"
            )
        _insert(cursor, Proceeding, cases // CASES_OF_A_PROCEEDING, proceeding_columns(today))
        if postgresql:
            cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE" if postgresql else "ANALYZE")


def add_departments() -> Department:
    """A government with its organs."""
    government = add_department(DepartmentRow("某区人民政府", "G", "", DepartmentKind.GOVERNMENT))
    for at in range(DEPARTMENTS):
        kind = DepartmentKind.DEPARTMENT if at else DepartmentKind.OFFICE
        row = DepartmentRow(f"某区第{at}局", f"D{at}", "G", kind, number_prefix=f"某{at}公开申")
        add_department(row)
    return government


def add_users(government: Department) -> None:
    """A supervisor of the whole, and two clerks in every organ: clerk-D0-0, clerk-D0-1, …"""
    supervisor = User.objects.create(username=SUPERVISOR, display_name="主管")
    RoleAssignment.objects.create(user=supervisor, department=government, role=Role.SUPERVISOR)
    for organ in Department.objects.answering().order_by("pk"):
        for at in range(2):
            clerk = User.objects.create(username=f"clerk-{organ.code}-{at}", display_name="经办")
            RoleAssignment.objects.create(user=clerk, department=organ, role=Role.CLERK)


def applicant_columns() -> dict[str, str]:
    """Nine of ten are natural persons."""
    return {
        "kind": _kind_of("i"),
        "name": f"{_pick(SURNAMES, 'i')} || {_pick(GIVEN, 'i / 10')} || "
        f"{_pick(GIVEN, 'i / 120')} || {_pick(['', '', '公司'], 'i / 1440')}",
    }


def case_columns(cases: int, today: date) -> dict[str, str]:
    """Column → the SQL that gives it from the row number `i`."""
    organs = list(Department.objects.answering().order_by("pk").values_list("pk", flat=True))
    clerks = dict(
        User.objects.filter(username__endswith="-0").values_list("assignments__department", "pk")
    )
    first = today - timedelta(days=DAYS)
    applicant = f"(i * 7 + i / 11) % {-(-cases // CASES_OF_AN_APPLICANT)}"
    each = f"i / {DEPARTMENTS}"  # the how manieth of its department
    received = _day(first, f"i * {DAYS} / {cases}")
    closed = _day(first, f"i * {DAYS} / {cases} + 3 + ({each} * 31) % 30")
    now = _day(today, "0")
    is_open = f"({closed} > {now} OR {each} % 997 = 996 AND i > {cases - cases // YEARS})"
    unserved = f"{closed} > {_day(today, '-4')}"
    waits = f"{is_open} AND {each} % 8 = 0"
    year = _year(received)
    return {
        "department_id": _pick(organs, "i"),
        "number": f"'某' || (i % {DEPARTMENTS}) || '公开申〔' || {year} || '〕' || "
        f"({each} + 1) || '号'",
        "number_year": year,
        "applicant_id": f"{applicant} + 1",
        "applicant_kind": _kind_of(applicant),
        "channel": _pick(_weighted(Channel.values, 3), f"{each} * 7 + i"),
        "arrived_on": received,
        "received_on": received,
        "content": f"{_pick(STREETS, 'i * 5 + i / 9')} || {_pick(PLACES, 'i * 3 + i / 8')} || "
        f"(i % 311) || '号地块' || {_pick(MATTERS, 'i * 7 + i / 16')} || '的' || "
        f"{_pick(PAPERS, 'i * 5 + i / 64')} || '及相关依据、附图和附表'",
        "handler_id": f"CASE WHEN i % 9 > 0 THEN {_pick([clerks[pk] for pk in organs], 'i')} END",
        "outcome": f"CASE WHEN {is_open} THEN '' ELSE "
        f"{_pick(Outcome.values, f'{each} * 17 + i')} END",
        "closed_on": f"CASE WHEN NOT {is_open} THEN {closed} END",
        "service_method": f"CASE WHEN {is_open} THEN '' ELSE '{ServiceMethod.POST}' END",
        "served_on": f"CASE WHEN NOT ({is_open} OR {unserved}) THEN {closed} END",
        "ends_on": f"CASE WHEN NOT ({waits}) "
        f"THEN {_day(first, f'i * {DAYS} / {cases} + {TERM}')} END",
        "waiting_for": f"CASE WHEN {waits} THEN {_pick(_WAITING, each)} ELSE '' END",
        "waiting_until": f"CASE WHEN {waits} THEN {_day(today, '12')} END",
        "version": "1",
    }


_CONSULTED = Waiting.CONSULTATION.value
_WAITING = (Waiting.CORRECTION.value, Waiting.FEE.value, _CONSULTED)


def event_columns(kind: EventKind, day: str) -> dict[str, str]:
    """Recorded the day before: today's might lie ahead, and outdate every stored table."""
    moment = (
        f"({day} - 1)::timestamptz"
        if connection.vendor == "postgresql"
        else f"date({day}, '-1 day') || ' 09:00:00'"
    )
    return _filled_in(
        Event,
        {
            "case_id": "c.id",
            "kind": f"'{kind}'",
            "on": day,
            "text": "''",
            "data": '\'{"key": "1"}\'',
            "by_id": "c.handler_id",
            "recorded_at": moment,
        },
    )


def proceeding_columns(today: date) -> dict[str, str]:
    first = today - timedelta(days=DAYS)
    organs = list(Department.objects.answering().order_by("pk").values_list("pk", flat=True))
    case = f"(i * {CASES_OF_A_PROCEEDING} + 1)"
    count = f"(SELECT COUNT(*) FROM {_table(Case)})"
    filed = f"{case} * {DAYS} / {count}"
    pending = "i % 20 = 0"
    return {
        "department_id": _pick(organs, f"({case} - 1)"),
        "case_id": case,
        "kind": _pick(ProceedingKind.values, "i"),
        "docket": "'' || i",
        "filed_on": _day(first, filed),
        "result": f"CASE WHEN {pending} THEN '' ELSE {_pick(ProceedingResult.values, 'i / 3')} END",
        "concluded_on": f"CASE WHEN NOT ({pending}) THEN {_day(first, f'{filed} + 90')} END",
        "version": "1",
    }


def _insert(cursor: Any, model: type[models.Model], rows: int, given: dict[str, str]) -> None:
    columns = _filled_in(model, given)
    cursor.execute(
        "WITH RECURSIVE numbers(i) AS "
        f"(SELECT CAST(0 AS bigint) UNION ALL SELECT i + 1 FROM numbers WHERE i < {rows - 1}) "
        f"INSERT INTO {_table(model)} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} FROM numbers"
    )


def _filled_in(model: type[models.Model], given: dict[str, str]) -> dict[str, str]:
    """`given`, and something empty for every other column."""
    fields = [f for f in model._meta.concrete_fields if not f.generated and not f.primary_key]
    return {f'"{f.column}"': given.get(str(f.column), _empty(f)) for f in fields}


def _kind_of(number: str) -> str:
    return _pick([ApplicantKind.NATURAL_PERSON] * 54 + list(ApplicantKind), f"({number}) * 13")


def _weighted(values: list[str], first: int) -> list[str]:
    """The first ones often, the last ones seldom."""
    return [value for value in values[:first] for _ in range(10)] + values[first:]


def _pick(values: Any, number: str) -> str:
    """One of `values` by a number."""
    quoted = [f"'{value}'" if isinstance(value, str) else str(value) for value in values]
    cases = " ".join(f"WHEN {at} THEN {value}" for at, value in enumerate(quoted))
    return f"(CASE ({number}) % {len(quoted)} {cases} END)"


def _day(first: date, days: str) -> str:
    """The day so many `days` after `first`."""
    if connection.vendor == "postgresql":
        return f"(DATE '{first}' + ({days})::int)"
    return f"date('{first}', ({days}) || ' days')"


def _year(day: str) -> str:
    if connection.vendor == "postgresql":
        return f"EXTRACT(YEAR FROM {day})::int"
    return f"CAST(substr({day}, 1, 4) AS INTEGER)"


def _empty(field: models.Field[Any, Any]) -> str:
    if field.null:
        return "NULL"
    if isinstance(field, models.DateTimeField):
        return "CURRENT_TIMESTAMP"
    if isinstance(field, models.BooleanField):
        return "FALSE"
    return "''"


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table
